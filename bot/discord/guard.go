package discord

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// guard stands between discordgo and the network and reads along. discordgo
// v0.29.0 deadlocks when Discord asks for a new connection before it has said
// READY, waits for ever for a greeting, notices a dead connection after five
// heartbeats, throws close codes away, answers "invalid session" wrongly, and
// may close the connection after the one that broke when a session is used twice.
// So every connection has a discordgo session of its own, which ends with it.
// The guard hands over only what discordgo can deal with; everything that ends a
// connection it turns into an ordinary end of the stream, and remembers why.
// Where a session can be taken up again, it makes discordgo's IDENTIFY a RESUME.
type guard struct {
	net.Conn
	in       *bufio.Reader
	patience time.Duration
	notes    *notes

	upgraded bool
	ready    bool
	interval time.Duration
	deadline time.Time
	out      []byte // read from Discord and not yet by discordgo
	payload  []byte // of a message in several frames
	text     bool
}

// notes is what the guard tells the one who replaces connections: about this
// connection, and about the session that can be taken up again on the next.
type notes struct {
	mu    sync.Mutex
	conn  net.Conn
	end   *ending
	done  chan struct{} // closed with end
	ready bool
	beat  func() // called when a heartbeat is confirmed or the session begins

	token   string
	session string // empty when there is none to take up again
	seq     int64
	resume  string // where to take it up

	again   bool  // the session is taken up again on this connection
	resumed int64 // the number of the event that says so
}

// late says that an event happened while nobody was connected.
func (n *notes) late(seq int64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.again && (n.resumed == 0 || seq < n.resumed)
}

// ending is why a connection is over.
type ending struct {
	code    int  // of the close frame, or 0
	resume  bool // the session can be taken up again
	invalid bool // Discord wants a pause before a new session
	why     error
}

// next are the notes for the next connection. A connection keeps its own: what
// discordgo still does to an old one must not touch the new one.
func (n *notes) next() *notes {
	n.mu.Lock()
	defer n.mu.Unlock()
	return &notes{
		done: make(chan struct{}), beat: n.beat,
		token: n.token, session: n.session, seq: n.seq, resume: n.resume,
	}
}

// over records the first reason and drops the connection without a close frame:
// a close frame would end the session on Discord's side.
func (n *notes) over(e ending) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.end == nil {
		n.end = &e
		if !e.resume {
			n.session = ""
		}
		close(n.done)
	}
	if n.conn != nil {
		n.conn.Close()
	}
	return n.end.why
}

func (n *notes) isOver() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.end != nil
}

// dial opens a connection with a guard on it. The guard sits inside TLS.
func (n *notes) dial(run context.Context, patience time.Duration, secure bool) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(run, cancel)()
		dialer := &net.Dialer{Timeout: patience}
		var conn net.Conn
		var err error
		if secure {
			conn, err = (&tls.Dialer{NetDialer: dialer}).DialContext(ctx, network, addr)
		} else {
			conn, err = dialer.DialContext(ctx, network, addr)
		}
		if err != nil {
			return nil, err
		}
		n.mu.Lock()
		n.conn = conn
		n.mu.Unlock()
		return newGuard(conn, patience, n), nil
	}
}

func newGuard(conn net.Conn, patience time.Duration, n *notes) *guard {
	return &guard{Conn: conn, in: bufio.NewReaderSize(conn, 32<<10), patience: patience, notes: n}
}

// Read hands over what was inspected.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if g.notes.isOver() {
			return 0, io.EOF
		}
		if g.upgraded {
			if err := g.Conn.SetReadDeadline(g.deadline); err != nil {
				return 0, g.notes.over(ending{resume: true, why: err})
			}
		}
		step := g.readHead
		if g.upgraded {
			step = g.readFrame
		}
		if err := step(); err != nil {
			if errors.Is(err, errPassed) {
				continue
			}
			return 0, g.notes.over(ending{resume: true, why: err})
		}
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// errPassed means that a message was swallowed and the next one is to be read.
var errPassed = errors.New("passed over")

// Write passes on what discordgo says, and swallows it when the connection is
// over: Discord must not read discordgo's farewell, which ends the session.
func (g *guard) Write(p []byte) (int, error) {
	if g.notes.isOver() {
		return len(p), nil
	}
	if g.upgraded {
		if err := g.Conn.SetWriteDeadline(time.Now().Add(g.patience)); err != nil {
			_ = g.notes.over(ending{resume: true, why: err})
			return len(p), nil
		}
	}
	if _, err := g.Conn.Write(g.said(p)); err != nil {
		_ = g.notes.over(ending{resume: true, why: err})
	}
	return len(p), nil
}

// said is what goes out for a frame of discordgo's: the frame, or a RESUME for
// an IDENTIFY. An IDENTIFY is always one write of one frame.
func (g *guard) said(frame []byte) []byte {
	g.notes.mu.Lock()
	token, session, seq := g.notes.token, g.notes.session, g.notes.seq
	g.notes.mu.Unlock()
	if !g.upgraded || g.ready || session == "" {
		return frame
	}
	var m struct {
		Op int `json:"op"`
	}
	if json.Unmarshal(unmasked(frame), &m) != nil || m.Op != opIdentify {
		return frame
	}
	resume, err := json.Marshal(map[string]any{
		"op": opResume, "d": map[string]any{"token": token, "session_id": session, "seq": seq},
	})
	if err != nil {
		return frame
	}
	g.notes.mu.Lock()
	g.notes.again = true
	g.notes.mu.Unlock()
	return masked(resume)
}

// unmasked is the payload of a client's text frame, or nil.
func unmasked(frame []byte) []byte {
	if len(frame) < 6 || frame[0] != 0x80|frameText || frame[1]&0x80 == 0 {
		return nil
	}
	at, size := 2, int(frame[1]&0x7f)
	switch {
	case size == 126 && len(frame) > 8:
		at, size = 4, int(binary.BigEndian.Uint16(frame[2:]))
	case size > 125:
		return nil
	}
	if len(frame) != at+4+size {
		return nil
	}
	key, out := frame[at:at+4], make([]byte, size)
	for i := range out {
		out[i] = frame[at+4+i] ^ key[i%4]
	}
	return out
}

// masked is a client's text frame. Its key is zero: masks guard proxies against
// pages that choose their words, and nobody chooses these.
func masked(payload []byte) []byte {
	frame := []byte{0x80 | frameText, 0x80 | 126, byte(len(payload) >> 8), byte(len(payload)), 0, 0, 0, 0}
	return append(frame, payload...)
}

// SetDeadline and its like are the websocket library's for the handshake only;
// afterwards the guard decides how long silence may last.
func (g *guard) SetDeadline(t time.Time) error {
	if g.upgraded {
		return g.Conn.SetWriteDeadline(t)
	}
	return g.Conn.SetDeadline(t)
}

// SetReadDeadline is ignored once the websocket stands.
func (g *guard) SetReadDeadline(t time.Time) error {
	if g.upgraded {
		return nil
	}
	return g.Conn.SetReadDeadline(t)
}

const (
	maxHead  = 64 << 10 // bytes of the HTTP answer that begins a websocket
	maxFrame = 16 << 20 // bytes of one event
)

// readHead reads the HTTP answer to the handshake.
func (g *guard) readHead() error {
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		line, err := g.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if head = append(head, line...); len(head) > maxHead {
			return errors.New("the answer to the websocket handshake is too long")
		}
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101")) {
		line, _, _ := bytes.Cut(head, []byte("\r\n"))
		return fmt.Errorf("no websocket there: %q", line)
	}
	g.out = head
	g.upgraded = true
	g.deadline = time.Now().Add(g.patience)
	return nil
}

// Opcodes of websocket frames.
const (
	frameMore  = 0
	frameText  = 1
	frameClose = 8
)

// readFrame reads one frame and, when a message is complete, looks into it.
func (g *guard) readFrame() error {
	head := make([]byte, 2, 14)
	if _, err := io.ReadFull(g.in, head); err != nil {
		return err
	}
	size := uint64(head[1] & 0x7f)
	switch size {
	case 126:
		head = append(head, 0, 0)
		if _, err := io.ReadFull(g.in, head[2:]); err != nil {
			return err
		}
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		head = append(head, make([]byte, 8)...)
		if _, err := io.ReadFull(g.in, head[2:]); err != nil {
			return err
		}
		size = binary.BigEndian.Uint64(head[2:])
	}
	if head[1]&0x80 != 0 || size > maxFrame || uint64(len(g.payload))+size > maxFrame {
		return errors.New("a frame that Discord would not send")
	}
	frame := make([]byte, len(head)+int(size))
	copy(frame, head)
	payload := frame[len(head):]
	if _, err := io.ReadFull(g.in, payload); err != nil {
		return err
	}
	return g.frame(head[0], frame, payload)
}

func (g *guard) frame(first byte, frame, payload []byte) error {
	final, op := first&0x80 != 0, first&0x0f
	switch {
	case op == frameClose:
		code := 1005
		if len(payload) >= 2 {
			code = int(binary.BigEndian.Uint16(payload))
		}
		return g.notes.over(closed(code))
	case op > frameClose: // ping and pong
		g.out = frame
		return nil
	case op == frameText || op == frameMore && g.text:
		g.text = !final
	}
	if !final || op == frameMore {
		g.payload = append(g.payload, payload...)
		payload = g.payload
		if final {
			g.payload = nil
		}
	}
	// Parts of a message in several frames go on at once; only the last one can
	// be held back, which no message that is held back ever needs: they are short.
	if final {
		if err := g.inspect(payload); err != nil {
			return err
		}
	}
	g.out = frame
	return nil
}

// Opcodes of Discord's gateway.
const (
	opEvent     = 0
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opConfirmed = 11
)

// inspect looks at a message of Discord's and decides whether discordgo may see
// it.
func (g *guard) inspect(payload []byte) error {
	var m struct {
		Op int             `json:"op"`
		T  string          `json:"t"`
		S  int64           `json:"s"`
		D  json.RawMessage `json:"d"`
	}
	// discordgo panics on JSON that is no object.
	if err := json.Unmarshal(payload, &m); err != nil || !bytes.HasPrefix(bytes.TrimSpace(payload), []byte("{")) {
		return g.notes.over(ending{resume: true, why: errors.New("a message that cannot be read")})
	}
	switch m.Op {
	case opHello:
		var d struct {
			Interval int `json:"heartbeat_interval"`
		}
		if err := json.Unmarshal(m.D, &d); err != nil || d.Interval <= 0 {
			return g.notes.over(ending{resume: true, why: errors.New("a greeting without a heartbeat")})
		}
		g.interval = time.Duration(d.Interval) * time.Millisecond
		g.deadline = time.Now().Add(g.patience)
	case opReconnect:
		return g.notes.over(ending{resume: true, why: errors.New("a new connection was asked for")})
	case opInvalid:
		return g.notes.over(ending{resume: string(m.D) == "true", invalid: true, why: errors.New("the session is not known any more")})
	case opConfirmed:
		if !g.ready {
			return errPassed
		}
		g.alive()
	case opEvent:
		g.event(m.T, m.S, m.D)
	}
	return nil
}

func (g *guard) event(name string, seq int64, d json.RawMessage) {
	g.notes.mu.Lock()
	g.notes.seq = seq
	g.notes.mu.Unlock()
	if name != "READY" && name != "RESUMED" {
		return
	}
	var ready struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
	}
	g.ready = true
	g.notes.mu.Lock()
	g.notes.ready, g.notes.resumed = true, seq
	if name == "READY" && json.Unmarshal(d, &ready) == nil {
		g.notes.session, g.notes.resume = ready.Session, ready.Resume
	}
	g.notes.mu.Unlock()
	g.alive()
}

// alive allows silence for one and a half heartbeats more.
func (g *guard) alive() {
	g.deadline = time.Now().Add(g.interval + g.interval/2)
	g.notes.beat()
}

// closed sorts the codes with which Discord closes a connection.
func closed(code int) ending {
	e := ending{code: code, resume: true, why: fmt.Errorf("closed by Discord with code %d", code)}
	switch code {
	case 1000, 1001, // the session ends with the connection
		4003, 4007, 4009: // not identified, wrong sequence, session timed out
		e.resume = false
	}
	return e
}
