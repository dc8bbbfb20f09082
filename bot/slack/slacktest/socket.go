package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket is one connection of the bot.
type Socket struct {
	s       *Server
	conn    *websocket.Conn
	mu      sync.Mutex // one writer at a time
	done    chan struct{}
	mute    chan struct{}
	once    sync.Once
	silence sync.Once
}

// delivery is an envelope on its way.
type delivery struct {
	envelope map[string]any
	view     string // the modal a submission came from
	timer    *time.Timer
	acked    bool
	payload  json.RawMessage
}

// maxSockets is how many connections an app may hold.
const maxSockets = 10

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	sock := &Socket{s: s, conn: conn, done: make(chan struct{}), mute: make(chan struct{})}
	conn.SetPingHandler(func(data string) error {
		select {
		case <-sock.mute:
		default:
			_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		}
		return nil
	})
	var count int
	s.mu.Lock()
	closed := s.closed
	count = len(s.sockets) + 1
	if !closed {
		s.wg.Add(2)
	}
	s.mu.Unlock()
	if closed {
		_ = conn.Close()
		return
	}
	go sock.ping()
	defer s.wg.Done()
	if count > maxSockets {
		sock.Disconnect("too_many_websockets")
		sock.Close()
		return
	}
	_ = sock.write(map[string]any{
		"type": "hello", "num_connections": count, "connection_info": map[string]any{"app_id": appID},
		"debug_info": map[string]any{"host": "applink-test", "approximate_connection_time": 18060},
	})
	s.update(func() { s.sockets = append(s.sockets, sock) })
	sock.read()
}

// read takes acknowledgements until the connection ends.
func (k *Socket) read() {
	defer k.Close()
	for {
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		select {
		case <-k.mute:
			continue
		default:
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(data, &ack); err != nil || ack.EnvelopeID == "" {
			k.s.t.Errorf("slacktest: the bot sent something that is no acknowledgement: %.200s", data)
			continue
		}
		if len(data) >= 20_000 {
			k.s.t.Errorf("slacktest: an acknowledgement of %d bytes is dropped by Slack", len(data))
			continue
		}
		k.s.acknowledged(ack.EnvelopeID, ack.Payload)
	}
}

func (k *Socket) ping() {
	defer k.s.wg.Done()
	tick := time.NewTicker(k.s.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-k.done:
			return
		case <-k.mute:
			<-k.done
			return
		case <-tick.C:
			_ = k.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
		}
	}
}

func (k *Socket) write(v any) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(waitAtMost))
	return k.conn.WriteJSON(v)
}

// Disconnect says that the socket will go: "warning", "refresh_requested" or
// "link_disabled". The socket stays open, and may still deliver, until one side
// closes it.
func (k *Socket) Disconnect(reason string) {
	_ = k.write(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-test"}})
}

// Silence makes the connection half-open: nothing is sent or read any more, and
// nobody says so.
func (k *Socket) Silence() {
	k.silence.Do(func() { close(k.mute) })
}

// Close cuts the connection without a word.
func (k *Socket) Close() {
	k.once.Do(func() {
		close(k.done)
		_ = k.conn.Close()
		k.s.update(func() {
			k.s.sockets = slices.DeleteFunc(k.s.sockets, func(o *Socket) bool { return o == k })
			if k.s.route == k {
				k.s.route = nil
			}
		})
	})
}

// Sockets are the open connections, oldest first.
func (s *Server) Sockets() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sockets)
}

// WaitSockets waits until at least n connections are open and returns them.
func (s *Server) WaitSockets(n int) []*Socket {
	s.t.Helper()
	var out []*Socket
	s.WaitFor("a socket of the bot", func() bool {
		out = s.Sockets()
		return len(out) >= n
	})
	return out
}

// Route sends everything from now on through this connection; nil means the
// newest.
func (s *Server) Route(k *Socket) { s.update(func() { s.route = k }) }

// deliver sends a payload in an envelope of its own, over the socket or, after
// UseHTTP, as a signed request, and returns the envelope's id.
func (s *Server) deliver(kind string, payload map[string]any, view string) string {
	s.t.Helper()
	var id string
	s.update(func() {
		id = s.nextID("env-")
		d := &delivery{view: view, envelope: map[string]any{
			"type": kind, "envelope_id": id, "payload": payload,
			"accepts_response_payload": kind != "events_api",
		}}
		if kind == "events_api" {
			d.envelope["retry_attempt"], d.envelope["retry_reason"] = 0, ""
		}
		d.timer = time.AfterFunc(s.AckWithin, func() { s.late(id) })
		s.sent[id] = d
	})
	s.transmit(id)
	return id
}

// Redeliver sends an envelope again, as Slack does with events when it has seen
// no acknowledgement. Events get a new envelope id around the same event.
func (s *Server) Redeliver(envelope string, attempt int) string {
	s.t.Helper()
	id := envelope
	s.update(func() {
		d := s.sent[envelope]
		if d == nil {
			return
		}
		if d.envelope["type"] != "events_api" {
			d.acked = false
			return
		}
		id = s.nextID("env-")
		again := map[string]any{}
		for k, v := range d.envelope {
			again[k] = v
		}
		again["envelope_id"], again["retry_attempt"], again["retry_reason"] = id, attempt, "timeout"
		s.sent[id] = &delivery{envelope: again, timer: time.AfterFunc(s.AckWithin, func() { s.late(id) })}
	})
	s.transmit(id)
	return id
}

func (s *Server) transmit(id string) {
	s.t.Helper()
	s.mu.Lock()
	endpoint, d := s.endpoint, s.sent[id]
	s.mu.Unlock()
	if endpoint != "" {
		s.wg.Go(func() { s.post(endpoint, id, d) })
		return
	}
	s.WaitSockets(1)
	s.mu.Lock()
	sock := s.route
	if sock == nil && len(s.sockets) > 0 {
		sock = s.sockets[len(s.sockets)-1]
	}
	s.mu.Unlock()
	if sock == nil {
		if !s.mayBeUnacked() {
			s.t.Errorf("slacktest: no socket to deliver %s on", id)
		}
		return
	}
	if err := sock.write(d.envelope); err != nil && !s.mayBeUnacked() {
		s.t.Errorf("slacktest: delivering %s: %v", id, err)
	}
}

func (s *Server) mayBeUnacked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allowed
}

func (s *Server) late(id string) {
	s.update(func() {
		if d := s.sent[id]; d != nil && !d.acked && !s.closed {
			s.unacked = append(s.unacked, id)
		}
	})
}

// acknowledged notes an acknowledgement and does to the modal what its payload
// says.
func (s *Server) acknowledged(id string, payload json.RawMessage) {
	s.mu.Lock()
	d := s.sent[id]
	s.mu.Unlock()
	if d == nil {
		s.t.Errorf("slacktest: an acknowledgement of %q, which was never sent", id)
		return
	}
	var response struct {
		Action string            `json:"response_action"`
		View   json.RawMessage   `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(payload) > 0 && d.view != "" {
		if err := json.Unmarshal(payload, &response); err != nil {
			s.t.Errorf("slacktest: the answer to a submission: %v", err)
		}
	}
	if response.Action == "update" || response.Action == "push" {
		s.report(checkView(response.View))
	}
	s.update(func() {
		d.timer.Stop()
		d.acked, d.payload = true, payload
		v := s.view(d.view)
		if v == nil {
			return
		}
		v.Errors = response.Errors
		switch response.Action {
		case "update":
			s.fill(v, response.View)
		case "errors":
			for block := range response.Errors {
				if _, ok := v.inputs()[block]; !ok {
					s.t.Errorf("slacktest: an error for %q, which is no input of the modal", block)
				}
			}
		case "", "clear":
			v.Closed = true
		}
	})
}
