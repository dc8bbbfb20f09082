// Package discordtest is a small Discord for tests: its gateway, the part of its
// REST interface that the adapter uses, and people who type commands, press
// buttons, fill in forms and write messages. It keeps Discord's rules where
// breaking them would be noticed (three seconds to answer, one first answer,
// limits of every field, who may see what) and can be told to misbehave in the
// ways that Discord does.
//
// Every body it receives is held against those rules, and against Discord's
// published OpenAPI document when DISCORD_OPENAPI names it; a body that breaks
// one fails the test. Nothing here sleeps: everything waits for something to
// happen.
package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the server's application is called. Token goes into the adapter's
// configuration.
const (
	Token = "MTA0.test.token"
	AppID = "1040000000000000001"
	BotID = "1040000000000000002"
)

// Server is a Discord for one test.
type Server struct {
	t      testing.TB
	http   *httptest.Server
	schema *openAPI
	key    ed25519.PrivateKey
	pub    ed25519.PublicKey

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something happens
	nextID   uint64
	guilds   []*Guild
	channels map[string]*Channel
	people   map[string]*Person
	messages map[string]*Message
	order    []string // ids of messages, oldest first
	nonces   map[string]string
	commands []map[string]any
	puts     int
	uses     map[string]*Use // by token
	requests []*Request
	faults   []*Fault
	lenient  bool
	problems []string
	patience time.Duration
	clock    time.Duration // by how much Discord's clock is ahead
	deliver  string        // where interactions are posted, if not to the gateway
	twice    bool
	gw       gateway
}

// New starts a server that stops with the test.
func New(t testing.TB) *Server {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{
		t: t, schema: loadOpenAPI(t), key: key, pub: pub,
		changed: make(chan struct{}), nextID: 1100000000000000000,
		channels: map[string]*Channel{}, people: map[string]*Person{}, messages: map[string]*Message{},
		nonces: map[string]string{}, uses: map[string]*Use{}, patience: waitAtMost,
	}
	s.gw.init()
	s.http = httptest.NewServer(s.routes())
	t.Cleanup(s.close)
	return s
}

func (s *Server) close() {
	s.mu.Lock()
	s.gw.shut()
	s.mu.Unlock()
	s.http.Close()
	s.gw.wg.Wait()
}

// URL is what DISCORD_API_URL should be.
func (s *Server) URL() string { return s.http.URL }

// PublicKey is what DISCORD_PUBLIC_KEY should be.
func (s *Server) PublicKey() string { return hex.EncodeToString(s.pub) }

// Lenient lets bodies break rules without failing the test: they are answered
// with Discord's refusal and listed by Problems.
func (s *Server) Lenient() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lenient = true
}

// Problems are the rules that bodies broke.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// AnswerWithin changes how long an interaction may stay unanswered. Discord waits
// for three seconds; here it is two minutes at first, because what is slow is the
// machine that tests.
func (s *Server) AnswerWithin(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.patience = d
}

// Ahead sets Discord's clock ahead of the machine's.
func (s *Server) Ahead(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = d
}

// Request is a REST request as it came.
type Request struct {
	Method string
	// Path is without /api/v10.
	Path   string
	Body   json.RawMessage // of a multipart body, its payload_json
	Files  map[string][]byte
	Status int // of the answer; 0 before there is one
	Auth   bool
}

// Requests are all requests whose "METHOD /path" starts with prefix, oldest first.
func (s *Server) Requests(prefix string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if strings.HasPrefix(r.Method+" "+r.Path, prefix) {
			out = append(out, *r)
		}
	}
	return out
}

// Registered are the commands that the bot has registered, and how often it has
// written them.
func (s *Server) Registered() (commands []map[string]any, writes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands), s.puts
}

// waitAtMost bounds every wait of a test; it is reached only by a failing one.
const waitAtMost = 2 * time.Minute

// WaitFor returns when cond is true, and fails the test when that takes longer
// than two minutes. cond is looked at again whenever something happens here.
func (s *Server) WaitFor(what string, cond func() bool) {
	s.t.Helper()
	timer := time.NewTimer(waitAtMost)
	defer timer.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-changed:
		case <-timer.C:
			s.t.Fatalf("waited in vain for %s\n%s", what, s.dump())
		}
	}
}

// WaitReady returns when the bot is connected and its commands are registered.
func (s *Server) WaitReady() {
	s.t.Helper()
	s.WaitFor("the bot to connect and register its commands", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		connected := true
		for shard := range s.gw.shards {
			connected = connected && s.gw.sessions[shard] != nil && s.gw.sessions[shard].conn != nil
		}
		return s.commands != nil && (s.deliver != "" || connected)
	})
}

// dump lists what happened last, for a test that waited in vain.
func (s *Server) dump() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, r := range s.requests[max(0, len(s.requests)-12):] {
		fmt.Fprintf(&b, "%d %s %s %.300s\n", r.Status, r.Method, r.Path, r.Body)
	}
	return b.String()
}

// touch wakes everybody who waits. Hold mu.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) id() string {
	s.nextID++
	return strconv.FormatUint(s.nextID, 10)
}

// reply is what a route answers.
type reply struct {
	status int
	body   any
}

func refuse(status, code int, message string) reply {
	return reply{status, map[string]any{"code": code, "message": message}}
}

// incoming is a request on its way through the routes.
type incoming struct {
	*http.Request
	body  json.RawMessage
	files map[string][]byte
}

func (in *incoming) object() map[string]any {
	var m map[string]any
	// What is not an object was refused before.
	_ = json.Unmarshal(in.body, &m)
	return m
}

type route func(s *Server, in *incoming) reply

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]route{
		"GET /gateway":                                (*Server).getGateway,
		"GET /gateway/bot":                            (*Server).getGateway,
		"GET /applications/@me":                       (*Server).getApplication,
		"GET /users/@me":                              (*Server).getSelf,
		"GET /applications/{app}/commands":            (*Server).getCommands,
		"PUT /applications/{app}/commands":            (*Server).putCommands,
		"POST /interactions/{id}/{token}/callback":    (*Server).postCallback,
		"POST /webhooks/{app}/{token}":                (*Server).postFollowUp,
		"PATCH /webhooks/{app}/{token}/messages/{id}": (*Server).patchFollowUp,
		"POST /users/@me/channels":                    (*Server).postDirect,
		"GET /channels/{channel}":                     (*Server).getChannel,
		"POST /channels/{channel}/messages":           (*Server).postMessage,
		"PATCH /channels/{channel}/messages/{id}":     (*Server).patchMessage,
		"GET /guilds/{guild}/members/{person}":        (*Server).getMember,
		"GET /guilds/{guild}/roles":                   (*Server).getRoles,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		open := strings.HasPrefix(path, "/interactions") || strings.HasPrefix(path, "/webhooks")
		mux.HandleFunc(method+" /api/v10"+path, func(w http.ResponseWriter, r *http.Request) {
			s.serve(w, r, path, open, h)
		})
	}
	mux.HandleFunc("/ws/", s.serveGateway)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.problem("%s %s: this server has no such place", r.Method, r.URL.Path)
		writeJSON(w, refuse(http.StatusNotFound, 0, "404: Not Found"))
	})
	return mux
}

// serve does what every request has in common.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, pattern string, open bool, h route) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v10")
	s.mu.Lock()
	w.Header().Set("Date", time.Now().Add(s.clock).UTC().Format(http.TimeFormat))
	s.mu.Unlock()
	auth := r.Header.Get("Authorization") == "Bot "+Token
	in := &incoming{Request: r}
	var err error
	if in.body, in.files, err = readBody(r.Header.Get("Content-Type"), r.Body); err != nil {
		s.problem("%s %s: %v", r.Method, path, err)
	}
	fault := s.faultFor(r.Method + " " + path)
	seen := &Request{r.Method, path, in.body, in.files, 0, auth}
	s.mu.Lock()
	s.requests = append(s.requests, seen)
	s.touch()
	s.mu.Unlock()
	if fault != nil && fault.Until != nil {
		select {
		case <-fault.Until:
		case <-r.Context().Done():
		}
	}
	var out reply
	switch {
	case !auth && !open:
		out = refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	case fault != nil && !fault.AfterWork && fault.Status != 0:
		out = reply{}
	case s.invalid(r.Method, pattern, in):
		out = refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	default:
		out = h(s, in)
	}
	status := out.status
	if fault != nil && fault.Status != 0 {
		status = fault.Status
	}
	s.mu.Lock()
	seen.Status = status
	s.touch()
	s.mu.Unlock()
	switch {
	case fault == nil:
		writeJSON(w, out)
	case fault.Status == 0:
		for name, v := range fault.Header {
			w.Header().Set(name, v)
		}
		writeJSON(w, out)
	default:
		fault.write(w)
	}
	if err := http.NewResponseController(w).Flush(); err == nil {
		s.study(r.Method, pattern, in)
	}
}

func writeJSON(w http.ResponseWriter, out reply) {
	if out.status == http.StatusNoContent {
		w.WriteHeader(out.status)
		return
	}
	data, err := json.Marshal(out.body)
	if err != nil {
		data = []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(out.status)
	// A client that went away is not this side's trouble.
	_, _ = w.Write(data)
}

// readBody takes a body apart: JSON, or multipart with payload_json and files.
func readBody(contentType string, body io.Reader) (json.RawMessage, map[string][]byte, error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		data, err := io.ReadAll(io.LimitReader(body, 10<<20))
		return data, nil, err
	}
	var payload json.RawMessage
	files := map[string][]byte{}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return payload, files, nil
		} else if err != nil {
			return payload, files, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return payload, files, err
		}
		if part.FormName() == "payload_json" {
			payload = data
		} else {
			files[part.FormName()] = data
		}
	}
}

// problem notes that a rule was broken.
func (s *Server) problem(format string, args ...any) {
	s.t.Helper()
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	lenient := s.lenient
	s.problems = append(s.problems, text)
	s.mu.Unlock()
	if !lenient {
		s.t.Errorf("discordtest: %s", text)
	}
}

// invalid says that a body breaks a rule.
func (s *Server) invalid(method, pattern string, in *incoming) bool {
	if len(in.body) == 0 {
		return false
	}
	return s.report(method, in, check(method+" "+pattern, in.body, in.files))
}

// study holds a body against the published document. That takes long under the
// race detector, so it is done when the request is answered: nobody's three
// seconds run out over it.
func (s *Server) study(method, pattern string, in *incoming) {
	if s.schema != nil && len(in.body) > 0 {
		s.report(method, in, s.schema.check(method, pattern, in.body))
	}
}

func (s *Server) report(method string, in *incoming, found []string) bool {
	for _, p := range found {
		s.problem("%s %s: %s\n%s", method, in.URL.Path, p, bytes.TrimSpace(in.body))
	}
	return len(found) > 0
}

func (s *Server) getApplication(*incoming) reply {
	return reply{200, map[string]any{
		"id": AppID, "name": "Village", "verify_key": s.PublicKey(), "description": "",
		"bot": map[string]any{"id": BotID, "username": "village", "bot": true},
	}}
}

func (s *Server) getSelf(*incoming) reply {
	return reply{200, map[string]any{"id": BotID, "username": "village", "bot": true}}
}

// getCommands gives what was registered, in all languages only when asked to.
func (s *Server) getCommands(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commands == nil {
		return reply{200, []any{}}
	}
	if in.URL.Query().Get("with_localizations") != "true" {
		return reply{200, inEnglish(s.commands)}
	}
	return reply{200, s.commands}
}

// inEnglish is a copy without what is said in other languages.
func inEnglish(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			if name != "name_localizations" && name != "description_localizations" {
				out[name] = inEnglish(x)
			}
		}
		return out
	case []map[string]any:
		out := []any{}
		for _, x := range v {
			out = append(out, inEnglish(x))
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, inEnglish(x))
		}
		return out
	}
	return v
}

// putCommands keeps what was registered, and writes it back as Discord does,
// with ids, a version, and nulls for what was left out.
func (s *Server) putCommands(in *incoming) reply {
	var list []map[string]any
	if err := json.Unmarshal(in.body, &list); err != nil {
		return refuse(400, 50109, "The request body contains invalid JSON.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = []map[string]any{}
	for _, c := range list {
		c["id"], c["application_id"], c["version"] = s.id(), AppID, s.id()
		for _, name := range []string{"name_localizations", "description_localizations", "default_member_permissions"} {
			if c[name] == nil {
				c[name] = nil
			}
		}
		if p, ok := c["default_member_permissions"].(float64); ok {
			c["default_member_permissions"] = strconv.Itoa(int(p))
		}
		if c["description"] == nil {
			c["description"] = ""
		}
		c["nsfw"], c["dm_permission"] = false, true
		s.commands = append(s.commands, c)
	}
	slices.Reverse(s.commands) // Discord keeps no order
	s.puts++
	s.touch()
	return reply{200, s.commands}
}

func (s *Server) postDirect(in *incoming) reply {
	id, _ := in.object()["recipient_id"].(string)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[id]
	if p == nil {
		return refuse(400, 50033, "Invalid Recipient(s)")
	}
	return reply{200, s.directLocked(p).object()}
}

func (s *Server) getChannel(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	return reply{200, c.object()}
}

func (s *Server) getMember(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := in.PathValue("person"); id == BotID {
		for _, g := range s.guilds {
			if g.ID == in.PathValue("guild") {
				return reply{200, map[string]any{
					"user":  map[string]any{"id": BotID, "username": "village", "bot": true},
					"roles": append([]string{}, g.botRoles...),
				}}
			}
		}
		return refuse(404, 10004, "Unknown Guild")
	}
	p := s.people[in.PathValue("person")]
	if p == nil {
		return refuse(404, 10007, "Unknown Member")
	}
	return reply{200, p.member()}
}

// postMessage is a message of the bot's in a channel.
func (s *Server) postMessage(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	if c.closed {
		return refuse(403, 50001, "Missing Access")
	}
	if c.Person != nil && c.Person.closed {
		return refuse(403, 50007, "Cannot send messages to this user")
	}
	body := in.object()
	nonce, _ := body["nonce"].(string)
	if enforce, _ := body["enforce_nonce"].(bool); enforce && nonce != "" {
		if id, ok := s.nonces[c.ID+"/"+nonce]; ok {
			return reply{200, s.messages[id].object()}
		}
	}
	m := s.addMessage(c, nil, in)
	m.Nonce = nonce
	if nonce != "" {
		s.nonces[c.ID+"/"+nonce] = m.ID
	}
	s.touch()
	return reply{200, m.object()}
}

func (s *Server) patchMessage(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	m := s.messages[in.PathValue("id")]
	if m == nil || m.deleted || m.Channel != c {
		return refuse(404, 10008, "Unknown Message")
	}
	if m.Author != nil {
		return refuse(403, 50005, "Cannot edit a message authored by another user")
	}
	m.fill(in)
	m.Edits++
	s.touch()
	return reply{200, m.object()}
}

// Forget lets go of everything that happened so far: requests, messages, uses
// and events. What people and the bot did before cannot be used any more.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.order = nil, nil
	s.messages, s.nonces, s.uses = map[string]*Message{}, map[string]string{}, map[string]*Use{}
	for _, sess := range s.gw.sessions {
		clear(sess.events)
	}
	s.touch()
}
