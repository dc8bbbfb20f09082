package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"village/bot"
	"village/bot/adapter"
)

// The connection is managed here and not by slack-go's socketmode.Client, whose
// wire types and apps.connections.open it uses. Its RunContext (v0.35.0) reacts to
// "disconnect" by closing the socket it has before it opens the next one, in one
// function without a hook: what Slack had already sent on the old socket is never
// read, and slash commands and buttons are not sent again. A second client beside
// the first does not help, because the payload was sent to the first. So: the
// next socket is opened and greeted before the old one is let go, and the old
// one is read until Slack closes it.

// maxFrame bounds one message from Slack, in bytes.
const maxFrame = 4 << 20

// socket is one connection.
type socket struct {
	p     *Platform
	conn  *websocket.Conn
	write sync.Mutex
}

// ending is a socket that needs a successor, and why.
type ending struct {
	*socket
	reason string
}

// runSocket keeps a socket open until ctx ends or Slack refuses for good.
func (p *Platform) runSocket(ctx context.Context, b *bot.Bot) error {
	// The sockets outlive ctx by what it takes to answer what is under way.
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	defer p.drained(ctx)

	endings := make(chan ending)
	open := func() (*socket, error) {
		s, err := p.connect(ctx)
		if err != nil || s == nil {
			return nil, err
		}
		readers.Go(func() {
			defer p.sockets.Add(-1)
			s.serve(life, b, endings)
		})
		return s, nil
	}
	current, err := open()
	if current != nil {
		readers.Go(func() { p.noteHeard(life) })
	}
	for err == nil && current != nil {
		select {
		case <-ctx.Done():
			return nil
		case err := <-p.broken:
			return err
		case e := <-endings:
			if e.socket != current {
				continue
			}
			if e.reason == "link_disabled" {
				return errors.New("slack: Socket Mode was switched off for the app. Switch it on again (api.slack.com/apps, Socket Mode), or apply what `village manifest slack` prints, and start the bot again")
			}
			p.log.InfoContext(ctx, "the socket is being replaced", "reason", e.reason)
			if e.reason == "too_many_websockets" && adapter.Sleep(ctx, max(p.pause(4), 5*p.pause(0))) != nil {
				return nil
			}
			current, err = open()
		}
	}
	return err
}

// connect opens a socket and waits for Slack's hello, for as long as it takes.
// Without an error and without a socket, ctx has ended.
func (p *Platform) connect(ctx context.Context) (*socket, error) {
	for attempt := 0; ; attempt++ {
		s, err := p.dial(ctx)
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, nil
		}
		if fatal := tokenError("SLACK_APP_TOKEN", err); fatal != nil {
			return nil, fatal
		}
		p.log.WarnContext(ctx, "no socket to Slack yet", "error", err, "attempt", attempt+1)
		if adapter.Sleep(ctx, max(p.pause(attempt), retryAfter(err))) != nil {
			return nil, nil
		}
	}
}

func (p *Platform) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	_, address, err := p.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("apps.connections.open: %w", err)
	}
	dialer := websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: 20 * time.Second,
		WriteBufferSize:  32 << 10, // one frame for any answer: Slack was seen to drop fragments
	}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("opening the socket: %s", resp.Status)
		}
		return nil, fmt.Errorf("opening the socket: %w", withoutURL(err))
	}
	s := &socket{p: p, conn: conn}
	if err := s.greeted(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	p.sockets.Add(1)
	return s, nil
}

// crowded notes how many sockets other programs have open with the same app token, by
// Slack's count of all of them. Copies of this one over one store share what arrives;
// any other takes events away, and neither would know what the other was told.
func (p *Platform) crowded(all int) {
	others := int64(all) - p.sockets.Load() - 1
	if before := p.others.Swap(max(0, others)); others <= before || p.notes.Shared() {
		return
	}
	p.log.Warn("another program uses this app token, and each event reaches one of them alone: stop it, or give it an app of its own", "sockets", all)
}

// greeted waits for hello: before it, Slack sends nothing on the socket.
func (s *socket) greeted() error {
	s.conn.SetReadLimit(maxFrame)
	s.alive()
	s.conn.SetPingHandler(func(data string) error {
		s.alive()
		// An error shows itself at the next read.
		_ = s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(5*time.Second))
		return nil
	})
	s.conn.SetPongHandler(func(string) error {
		s.alive()
		return nil
	})
	var first socketmode.Request
	if err := s.conn.ReadJSON(&first); err != nil {
		return fmt.Errorf("waiting for hello: %w", err)
	}
	if first.Type == "disconnect" {
		return fmt.Errorf("slack closed the new socket: %s", first.Reason)
	}
	if first.Type != "hello" {
		return fmt.Errorf("slack began with %q instead of hello", first.Type)
	}
	s.p.crowded(first.NumConnections)
	return nil
}

// alive gives the connection some more time to show signs of life.
func (s *socket) alive() {
	now := time.Now()
	s.p.heard.Store(now.Unix())
	_ = s.conn.SetReadDeadline(now.Add(s.p.silentAfter))
}

// noteHeard notes when Slack was last heard, again and again until ctx ends.
func (p *Platform) noteHeard(ctx context.Context) {
	if !p.notes.Shared() {
		return
	}
	for noted := int64(0); ; {
		if heard := p.heard.Load(); heard != noted {
			if err := p.notes.Heard(ctx, time.Unix(heard, 0)); err != nil && ctx.Err() == nil {
				p.log.WarnContext(ctx, "it could not be noted that Slack was heard", "error", err)
			}
			noted = heard
		}
		if adapter.Sleep(ctx, p.noteEvery) != nil {
			return
		}
	}
}

// serve reads until the connection ends, and asks for a successor once. Nothing
// in here waits for a handler.
func (s *socket) serve(ctx context.Context, b *bot.Bot, endings chan<- ending) {
	var helpers sync.WaitGroup
	defer helpers.Wait()
	done := make(chan struct{})
	defer close(done)
	helpers.Go(func() { s.keepAlive(ctx, done) })

	asked := false
	ask := func(reason string) {
		if asked {
			return
		}
		asked = true
		helpers.Go(func() {
			select {
			case endings <- ending{s, reason}:
			case <-ctx.Done():
			}
		})
	}
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			_ = s.conn.Close()
			ask("connection lost")
			return
		}
		s.alive()
		var req socketmode.Request
		if err := json.Unmarshal(data, &req); err != nil {
			s.p.log.WarnContext(ctx, "Slack sent something that is no envelope", "bytes", len(data))
			continue
		}
		if req.Type == "disconnect" {
			ask(req.Reason)
			// Slack closes the socket; should it forget, we do.
			last := time.AfterFunc(s.p.linger, func() { _ = s.conn.Close() })
			defer last.Stop()
			continue
		}
		s.take(ctx, b, req)
	}
}

// keepAlive pings, because what answers a ping is alive, and closes the
// connection when the program ends.
func (s *socket) keepAlive(ctx context.Context, done <-chan struct{}) {
	tick := time.NewTicker(s.p.silentAfter / 3)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			s.goodbye()
			return
		case <-tick.C:
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(5*time.Second))
		}
	}
}

// goodbye lets what is under way be acknowledged, and closes.
func (s *socket) goodbye() {
	deadline := time.Now().Add(time.Second)
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), deadline)
	_ = s.conn.Close()
}

// take acknowledges an envelope and has it handled.
func (s *socket) take(ctx context.Context, b *bot.Bot, req socketmode.Request) {
	if req.EnvelopeID == "" {
		return
	}
	var once sync.Once
	ack := func(payload any) {
		once.Do(func() {
			if err := s.send(socketmode.Response{EnvelopeID: req.EnvelopeID, Payload: payload}); err != nil {
				s.p.log.WarnContext(ctx, "an acknowledgement was lost", "error", err)
			}
		})
	}
	h := inbound{p: s.p, house: s.p, bot: b, ack: ack, envelope: req.EnvelopeID}
	if err := h.take(req.Type, req.Payload); err != nil {
		s.p.log.WarnContext(ctx, "Slack sent something unexpected", "type", req.Type, "error", err)
		ack(nil)
	}
}

// send writes one answer.
func (s *socket) send(res socketmode.Response) error {
	data, err := json.Marshal(res)
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	if err := s.conn.WriteMessage(websocket.TextMessage, data); err != nil {
		// Nothing can be written any more, though reading may still work: without an
		// acknowledgement Slack would give up on everything it delivers here.
		_ = s.conn.Close()
		return err
	}
	return nil
}
