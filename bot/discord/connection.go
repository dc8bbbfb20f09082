package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Connections are managed here and not by discordgo. Its session (v0.29.0)
// deadlocks when Discord asks for a new connection before it has said READY, waits
// for ever for a greeting, notices a dead connection after five heartbeats, goes on
// after close codes that forbid it, identifies anew whatever "invalid session"
// says, ends the session when it closes, and never takes one up at the address that
// Discord named for it.

// intents are what the bot hears of: direct messages, messages in rooms, of which
// Discord blanks the words unless they are addressed to the bot, and which servers it
// is in.
const intents = discordgo.IntentsGuilds | discordgo.IntentsDirectMessages | discordgo.IntentsGuildMessages

// Opcodes of Discord's gateway.
const (
	opEvent     = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opConfirmed = 11
)

const (
	maxEvent = 16 << 20 // bytes
	// writeTime is how long a word to Discord may take to leave.
	writeTime = 10 * time.Second
	// goodbyeTime is how long Discord may take to answer a farewell.
	goodbyeTime = time.Second
	// beatPause keeps heartbeats apart, however often Discord asks for one: it
	// closes a connection on which more than 120 things are said in a minute.
	beatPause = time.Second
	// maxInterval bounds what Discord may want for the time between heartbeats.
	maxInterval = time.Hour
)

// ending is why a connection is over.
type ending struct {
	code    int  // with which Discord closed it, or 0
	lived   bool // Discord said READY or RESUMED
	resume  bool // the session can be taken up again
	invalid bool // Discord wants a pause before a new session
	why     error
}

// Error says why.
func (e *ending) Error() string { return e.why.Error() }

// over is an ending after which the session can be taken up again.
func over(why string) *ending { return &ending{resume: true, why: errors.New(why)} }

// connection is one connection. All but beat is done by the goroutine that serves
// it.
type connection struct {
	s        *session
	ws       *websocket.Conn
	again    bool          // the session is taken up again
	ready    bool          // Discord said READY or RESUMED
	interval time.Duration // between heartbeats; 0 before Hello
	asked    chan struct{} // Discord wants a heartbeat now
	done     chan struct{} // closed when it is over
	helpers  sync.WaitGroup
}

// serve makes one connection and returns when it is over.
func (s *session) serve(ctx context.Context, address string) ending {
	ws, err := s.dial(ctx, address)
	if err != nil {
		return ending{resume: true, why: err}
	}
	return s.hear(ctx, ws)
}

// hear listens until the connection is over. It is dropped without a word, because a
// farewell would end the session on Discord's side.
func (s *session) hear(ctx context.Context, ws *websocket.Conn) ending {
	ws.SetReadLimit(maxEvent)
	// An error shows itself at the first read, here and below.
	_ = ws.SetReadDeadline(time.Now().Add(s.p.cfg.Patience * 2 / 5))
	c := &connection{s: s, ws: ws, asked: make(chan struct{}, 1), done: make(chan struct{})}
	defer context.AfterFunc(ctx, c.leave)()
	defer c.helpers.Wait()
	defer close(c.done)
	defer ws.Close()
	for {
		if err := c.next(); err != nil {
			return c.ended(err)
		}
	}
}

func (s *session) dial(ctx context.Context, address string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: s.p.cfg.Patience}
	ws, resp, err := dialer.DialContext(ctx, strings.TrimRight(address, "/")+"/?v=10&encoding=json", nil)
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("no websocket there: %s", resp.Status)
		}
		return nil, err
	}
	return ws, nil
}

// leave ends the connection because the program ends. Unless another process, or
// this one started again, is to take the session up, Discord is told.
func (c *connection) leave() {
	if c.s.p.cfg.Leases == nil {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(goodbyeTime))
		select {
		case <-c.done:
		case <-time.After(goodbyeTime):
		}
	}
	c.ws.Close()
}

// ended is what an error says about a connection's end.
func (c *connection) ended(err error) ending {
	e := ending{resume: true, why: err}
	var said *ending
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &said):
		e = *said
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		e.code, e.why = closed.Code, fmt.Errorf("closed by Discord with code %d", closed.Code)
		switch closed.Code {
		case websocket.CloseNormalClosure, websocket.CloseGoingAway, // the session ends with the connection
			4003, 4007, 4009: // not identified, wrong sequence, session timed out
			e.resume = false
		}
	}
	e.lived = c.ready
	return e
}

// payload is what Discord and the bot say to each other.
type payload struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	S  sequence        `json:"s"`
	T  string          `json:"t"`
}

// sequence is the number of an event, or 0: what is none says nothing about the
// rest of the event.
type sequence int64

// UnmarshalJSON reads a number.
func (s *sequence) UnmarshalJSON(data []byte) error {
	if n, err := strconv.ParseInt(string(data), 10, 64); err == nil {
		*s = sequence(n)
	}
	return nil
}

// next hears one thing. Its error is the connection's end.
func (c *connection) next() error {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return err
	}
	var m *payload
	if err := json.Unmarshal(data, &m); err != nil || m == nil {
		return over("a message that cannot be read")
	}
	switch m.Op {
	case opEvent:
		c.event(m)
	case opHeartbeat:
		select {
		case c.asked <- struct{}{}:
		default: // one is about to leave
		}
	case opReconnect:
		return over("a new connection was asked for")
	case opInvalid:
		return &ending{resume: string(m.D) == "true", invalid: true, why: errors.New("the session is not known any more")}
	case opHello:
		return c.begin(m.D)
	case opConfirmed:
		if c.ready { // until then, patience counts
			c.alive()
		}
	}
	return nil
}

// begin answers Discord's greeting: with the session to be taken up again, or by
// asking for a new one.
func (c *connection) begin(hello json.RawMessage) error {
	if c.interval > 0 {
		return nil
	}
	var d struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	if err := json.Unmarshal(hello, &d); err != nil || d.Interval <= 0 || d.Interval > maxInterval.Milliseconds() {
		return over("a greeting without a heartbeat")
	}
	c.interval = time.Duration(d.Interval) * time.Millisecond
	_ = c.ws.SetReadDeadline(time.Now().Add(c.s.p.cfg.Patience))
	op, first := opIdentify, map[string]any{
		"token": c.s.p.cfg.Token, "intents": intents, "shard": []int{c.s.shard, c.s.shards},
		"properties": map[string]any{"os": runtime.GOOS, "browser": "village", "device": "village"},
	}
	if at := c.s.position(); at.Session != "" {
		op, c.again = opResume, true
		first = map[string]any{"token": c.s.p.cfg.Token, "session_id": at.Session, "seq": at.Seq}
	}
	if err := c.say(op, first); err != nil {
		return err
	}
	c.helpers.Go(c.beat)
	return nil
}

// say writes one thing. It is never used by two at once.
func (c *connection) say(op int, d any) error {
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeTime))
	return c.ws.WriteJSON(map[string]any{"op": op, "d": d})
}

// beat sends heartbeats, when it is time and when Discord asks for one.
func (c *connection) beat() {
	next := time.NewTimer(rand.N(c.interval))
	defer next.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-next.C:
		case <-c.asked:
		}
		var last *int64 // nothing was heard yet
		if at := c.s.position(); at.Seq > 0 {
			last = &at.Seq
		}
		if c.say(opHeartbeat, last) != nil {
			c.ws.Close() // which whoever reads notices
			return
		}
		next.Reset(c.interval)
		select {
		case <-c.done:
			return
		case <-time.After(min(beatPause, c.interval)):
		}
	}
}

// event notes how far the session is, and passes the event on.
func (c *connection) event(m *payload) {
	at, late := c.s.position(), c.again && !c.ready
	if m.S > 0 {
		at.Seq = int64(m.S)
	}
	if m.T == "READY" {
		var d struct {
			Session string `json:"session_id"`
			Resume  string `json:"resume_gateway_url"`
		}
		if json.Unmarshal(m.D, &d) == nil {
			at.Session, at.Resume = d.Session, d.Resume
		}
	}
	c.s.moveTo(at)
	if m.T == "READY" || m.T == "RESUMED" {
		c.ready = true
		c.alive()
		c.s.begun()
	}
	c.s.handle(m.T, m.D, late)
}

// alive allows silence for one and a half heartbeats more.
func (c *connection) alive() {
	_ = c.ws.SetReadDeadline(time.Now().Add(c.interval + c.interval/2))
	c.s.p.heard(c.s.shard)
}
