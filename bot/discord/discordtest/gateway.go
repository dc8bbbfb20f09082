package discordtest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// gateway is the websocket side. Its fields are guarded by Server.mu.
type gateway struct {
	interval    time.Duration
	sessions    map[int]*wsSession // by shard
	shards      int                // how many there should be
	conns       map[*wsConn]bool
	wg          sync.WaitGroup
	closing     bool
	connections int
	identifies  int
	resumes     int
	resumedAt   []string // paths that resumed sessions came to
	starts      int
	remaining   int
	resetAfter  time.Duration

	down        map[string]int  // connections that are refused, by the start of their path
	gate        <-chan struct{} // closed when connections are greeted again
	silent      int             // connections that get no Hello
	bounce      int             // connections that get op 7 instead of READY
	noACK       bool
	early       bool
	refuseWith  int // close code in answer to IDENTIFY
	lastIntents int
	lastVersion string
}

// wsSession is what survives a lost connection.
type wsSession struct {
	id     string
	seq    int64
	events []json.RawMessage // from seq 1
	conn   *wsConn
}

type wsConn struct {
	ws   *websocket.Conn
	raw  net.Conn
	mu   sync.Mutex // one writer at a time
	path string
}

func (g *gateway) init() {
	g.interval = 41250 * time.Millisecond
	g.conns = map[*wsConn]bool{}
	g.sessions, g.shards = map[int]*wsSession{}, 1
	g.starts, g.remaining = 1000, 1000
}

// shut ends every connection.
func (g *gateway) shut() {
	g.closing = true
	for c := range g.conns {
		c.raw.Close()
	}
}

func (s *Server) getGateway(*incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return reply{200, map[string]any{
		"url":    "ws" + strings.TrimPrefix(s.http.URL, "http") + "/ws/main",
		"shards": s.gw.shards,
		"session_start_limit": map[string]any{
			"total": s.gw.starts, "remaining": s.gw.remaining, "max_concurrency": 1,
			"reset_after": s.gw.resetAfter.Milliseconds(),
		},
	}}
}

// refuses says that no connection is made at a path now.
func (g *gateway) refuses(path string) bool {
	for start, n := range g.down {
		if n > 0 && strings.HasPrefix(path, start) {
			g.down[start]--
			return true
		}
	}
	return false
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refused := s.gw.refuses(r.URL.Path)
	s.mu.Unlock()
	if refused {
		http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &wsConn{ws: ws, raw: ws.NetConn(), path: r.URL.Path}
	s.mu.Lock()
	if s.gw.closing {
		s.mu.Unlock()
		c.raw.Close()
		return
	}
	s.gw.conns[c] = true
	s.gw.wg.Add(1)
	s.gw.connections++
	s.gw.lastVersion = r.URL.Query().Get("v")
	silent := s.gw.silent > 0
	if silent {
		s.gw.silent--
	}
	interval, gate := s.gw.interval, s.gw.gate
	s.touch()
	s.mu.Unlock()
	defer func() {
		c.raw.Close()
		s.mu.Lock()
		delete(s.gw.conns, c)
		for _, sess := range s.gw.sessions {
			if sess.conn == c {
				sess.conn = nil
			}
		}
		s.touch()
		s.mu.Unlock()
		s.gw.wg.Done()
	}()
	if r.URL.Query().Get("v") != "10" || r.URL.Query().Get("encoding") != "json" {
		s.problem("the gateway was asked for %q", r.URL.RawQuery)
	}
	if gate != nil {
		<-gate
	}
	if !silent {
		c.send(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": interval.Milliseconds()}})
	}
	for {
		var m struct {
			Op int             `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		if err := ws.ReadJSON(&m); err != nil {
			if websocket.IsCloseError(err, 1000, 1001) {
				s.forget(c)
			}
			return
		}
		if !s.heed(c, m.Op, m.D) {
			return
		}
	}
}

// forget ends the session of a connection that was closed with 1000 or 1001.
func (s *Server) forget(c *wsConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for shard, sess := range s.gw.sessions {
		if sess.conn == c {
			delete(s.gw.sessions, shard)
		}
	}
}

// heed does what the bot says, and reports whether the connection goes on.
func (s *Server) heed(c *wsConn, op int, d json.RawMessage) bool {
	switch op {
	case 1:
		s.mu.Lock()
		mute := s.gw.noACK
		s.mu.Unlock()
		if !mute {
			c.send(map[string]any{"op": 11})
		}
	case 2:
		return s.identify(c, d)
	case 6:
		return s.resume(c, d)
	}
	return true
}

func (s *Server) identify(c *wsConn, d json.RawMessage) bool {
	var in struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   []int  `json:"shard"`
	}
	if err := json.Unmarshal(d, &in); err != nil {
		c.close(4002)
		return false
	}
	s.mu.Lock()
	s.gw.identifies++
	s.gw.lastIntents = in.Intents
	code := s.gw.refuseWith
	if len(in.Shard) != 2 {
		in.Shard = []int{0, 1}
	}
	switch shard := in.Shard; {
	case shard[0] < 0 || shard[0] >= shard[1]:
		code = 4010
	case shard[1] < s.gw.shards:
		code = 4011
	}
	if !isToken(in.Token) {
		code = 4004
	} else if in.Intents&(1<<15) != 0 {
		code = 4014 // the message-content intent, which nobody granted
	}
	bounce := s.gw.bounce > 0
	if bounce {
		s.gw.bounce--
	}
	s.touch()
	s.mu.Unlock()
	if code != 0 {
		c.close(code)
		return false
	}
	if bounce {
		c.send(map[string]any{"op": 7, "d": nil})
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gw.early {
		c.send(map[string]any{"op": 11})
	}
	sess := &wsSession{id: "s" + s.id(), conn: c}
	s.gw.sessions[in.Shard[0]] = sess
	var guilds []*Guild // which only who asks for them is told of
	if in.Intents&1 != 0 {
		guilds = s.guilds
	}
	waiting := []any{}
	for _, g := range guilds {
		waiting = append(waiting, map[string]any{"id": g.ID, "unavailable": true})
	}
	s.pushLocked(sess, "READY", map[string]any{
		"v": 10, "session_id": sess.id, "guilds": waiting, "shard": in.Shard,
		"resume_gateway_url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/ws/resume",
		"user":               map[string]any{"id": BotID, "username": "village", "bot": true},
		"application":        map[string]any{"id": AppID, "flags": 0},
	})
	for _, g := range guilds {
		s.pushLocked(sess, "GUILD_CREATE", s.guildLocked(g))
	}
	s.touch()
	return true
}

// guildLocked is a guild as a bot is told of it.
func (s *Server) guildLocked(g *Guild) map[string]any {
	channels := []any{}
	for _, c := range s.channels {
		if c.Guild == g {
			channels = append(channels, c.object())
		}
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "unavailable": false, "features": []any{}, "owner_id": AppID, "joined_at": g.joined.UTC().Format(time.RFC3339),
		"channels": channels, "threads": []any{}, "emojis": []any{}, "stickers": []any{}, "presences": []any{}, "voice_states": []any{},
		"roles":        []any{map[string]any{"id": g.ID, "name": "@everyone", "permissions": "2147486720", "position": 0}},
		"members":      []any{map[string]any{"user": map[string]any{"id": BotID, "username": "village", "bot": true}, "roles": []any{}}},
		"member_count": 1, "stage_instances": []any{}, "guild_scheduled_events": []any{},
	}
}

// isToken says whether a session may be begun with it. The gateway takes the
// token with or without the word in front that REST wants.
func isToken(s string) bool { return strings.TrimPrefix(s, "Bot ") == Token }

func (s *Server) resume(c *wsConn, d json.RawMessage) bool {
	var in struct {
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
		Token   string `json:"token"`
	}
	if err := json.Unmarshal(d, &in); err != nil {
		c.close(4002)
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.resumes++
	s.gw.resumedAt = append(s.gw.resumedAt, c.path)
	s.touch()
	var sess *wsSession
	for _, known := range s.gw.sessions {
		if known.id == in.Session {
			sess = known
		}
	}
	if sess == nil || in.Seq > sess.seq || !isToken(in.Token) {
		go c.send(map[string]any{"op": 9, "d": false})
		return true
	}
	if sess.conn != nil && sess.conn != c {
		sess.conn.raw.Close()
	}
	sess.conn = c
	missed := slices.Clone(sess.events[in.Seq:])
	for _, e := range missed {
		c.write(e)
	}
	s.pushLocked(sess, "RESUMED", map[string]any{})
	return true
}

// pushLocked adds an event to the session and sends it if it is connected.
func (s *Server) pushLocked(sess *wsSession, name string, d any) {
	sess.seq++
	e, err := json.Marshal(map[string]any{"op": 0, "t": name, "s": sess.seq, "d": d})
	if err != nil {
		s.t.Errorf("discordtest: %v", err)
		return
	}
	sess.events = append(sess.events, e)
	if sess.conn != nil {
		sess.conn.write(e)
	}
}

// push sends an event to the shard that hears of it, as soon as that has a
// session.
func (s *Server) push(name string, d any) {
	s.t.Helper()
	shard := 0
	if o, ok := d.(map[string]any); ok {
		guild, _ := o["guild_id"].(string)
		n, _ := strconv.ParseUint(guild, 10, 64) // what happens in no guild is for shard 0
		s.mu.Lock()
		shard = int(n >> 22 % uint64(s.gw.shards))
		s.mu.Unlock()
	}
	s.WaitFor("the bot to have a session", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.gw.sessions[shard] != nil
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	sess := s.gw.sessions[shard]
	if sess == nil {
		s.t.Errorf("discordtest: the session ended while %s was on its way", name)
		return
	}
	s.pushLocked(sess, name, d)
	if s.twice {
		s.pushLocked(sess, name, d)
	}
}

func (c *wsConn) send(v any) {
	data, err := json.Marshal(v)
	if err == nil {
		c.write(data)
	}
}

// write gives up after a while: a bot that does not read is part of a test.
func (c *wsConn) write(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = c.ws.WriteMessage(websocket.TextMessage, data)
}

func (c *wsConn) close(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	c.raw.Close()
}

// Gateway is the websocket side, for misbehaving.
type Gateway struct{ s *Server }

// Gateway of the server.
func (s *Server) Gateway() Gateway { return Gateway{s} }

// Counts are how many connections there were, and how many sessions were begun
// and taken up again on them.
func (g Gateway) Counts() (connections, identifies, resumes int) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.gw.connections, g.s.gw.identifies, g.s.gw.resumes
}

// Await returns when there have been n connections.
func (g Gateway) Await(n int) {
	g.s.t.Helper()
	g.s.WaitFor(fmt.Sprintf("%d connections", n), func() bool {
		got, _, _ := g.Counts()
		return got >= n
	})
}

// Gone returns when Discord has noticed that nobody is connected.
func (g Gateway) Gone() {
	g.s.t.Helper()
	g.s.WaitFor("the connections to end", func() bool {
		g.s.mu.Lock()
		defer g.s.mu.Unlock()
		return len(g.s.gw.conns) == 0
	})
}

// ResumedAt are the paths at which sessions were taken up again.
func (g Gateway) ResumedAt() []string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return slices.Clone(g.s.gw.resumedAt)
}

// Intents are those of the last session.
func (g Gateway) Intents() int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.gw.lastIntents
}

// Heartbeat sets the interval that the next connections are told.
func (g Gateway) Heartbeat(d time.Duration) { g.set(func(gw *gateway) { gw.interval = d }) }

// Silence gives the next n connections no Hello.
func (g Gateway) Silence(n int) { g.set(func(gw *gateway) { gw.silent = n }) }

// Down refuses the next n connections at paths that start like this: new sessions
// begin at /ws/main, and are to be taken up again at /ws/resume.
func (g Gateway) Down(path string, n int) {
	g.set(func(gw *gateway) { gw.down = map[string]int{path: n} })
}

// Hold greets no new connection until let is called, which has to be.
func (g Gateway) Hold() (let func()) {
	gate := make(chan struct{})
	g.set(func(gw *gateway) { gw.gate = gate })
	return sync.OnceFunc(func() { close(gate) })
}

// Forgotten makes Discord forget all sessions, and what happened since they were heard.
func (g Gateway) Forgotten() {
	g.set(func(gw *gateway) {
		for shard := range gw.shards {
			gw.sessions[shard] = &wsSession{id: "forgotten"}
		}
	})
}

// Early confirms a heartbeat that nobody sent, before every READY.
func (g Gateway) Early() { g.set(func(gw *gateway) { gw.early = true }) }

// Bounce answers the next n sessions with op 7 instead of READY.
func (g Gateway) Bounce(n int) { g.set(func(gw *gateway) { gw.bounce = n }) }

// Mute stops confirming heartbeats, or goes on.
func (g Gateway) Mute(on bool) { g.set(func(gw *gateway) { gw.noACK = on }) }

// Refuse closes every connection that wants a session with this code; 0 ends it.
func (g Gateway) Refuse(code int) { g.set(func(gw *gateway) { gw.refuseWith = code }) }

// Starts sets how many sessions may be begun yet, and when that is reset.
func (g Gateway) Starts(remaining int, reset time.Duration) {
	g.set(func(gw *gateway) { gw.remaining, gw.resetAfter = remaining, reset })
}

func (g Gateway) set(f func(*gateway)) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	f(&g.s.gw)
}

// Shards sets how many shards the bot is to have.
func (g Gateway) Shards(n int) { g.set(func(gw *gateway) { gw.shards = n }) }

// conn is the connection of shard 0's session, once there is one.
func (g Gateway) conn() *wsConn {
	g.s.t.Helper()
	var c *wsConn
	g.s.WaitFor("a connection with a session", func() bool {
		g.s.mu.Lock()
		defer g.s.mu.Unlock()
		if sess := g.s.gw.sessions[0]; sess != nil {
			c = sess.conn
		}
		return c != nil
	})
	return c
}

// Reconnect asks for a new connection (op 7).
func (g Gateway) Reconnect() { g.conn().send(map[string]any{"op": 7, "d": nil}) }

// Invalidate says that the session is invalid (op 9). Unless it can be resumed
// it is forgotten.
func (g Gateway) Invalidate(resumable bool) {
	c := g.conn()
	if !resumable {
		g.s.forget(c)
	}
	c.send(map[string]any{"op": 9, "d": resumable})
}

// Close closes the connection with a code, and forgets the session where the
// code says so.
func (g Gateway) Close(code int) {
	c := g.conn()
	switch code {
	case 1000, 1001, 4003, 4004, 4007, 4009:
		g.s.forget(c)
	}
	c.close(code)
}

// Cut breaks the connection in the middle of an event.
func (g Gateway) Cut() {
	c := g.conn()
	c.mu.Lock()
	defer c.mu.Unlock()
	// A text frame of 200 bytes, of which twenty come.
	_, _ = c.raw.Write(append([]byte{0x81, 126, 0, 200}, `{"op":0,"t":"MESSAGE`...))
	c.raw.Close()
}

// Raw sends a dispatch event with any content, and the bot has to live with it.
func (g Gateway) Raw(name, d string) { g.s.push(name, json.RawMessage(d)) }

// Frame sends any text.
func (g Gateway) Frame(text string) { g.conn().write(fmt.Append(nil, text)) }

// Pieces sends a text in three frames, each with a ping behind it.
func (g Gateway) Pieces(text string) {
	c := g.conn()
	c.mu.Lock()
	defer c.mu.Unlock()
	third := len(text) / 3
	for i, part := range []string{text[:third], text[third : 2*third], text[2*third:]} {
		first := []byte{0x01, 0x00, 0x80}[i] // a text begins, goes on, and ends
		_, _ = c.raw.Write(append([]byte{first, 126, byte(len(part) >> 8), byte(len(part))}, part...))
		_, _ = c.raw.Write([]byte{0x89, 0})
	}
}
