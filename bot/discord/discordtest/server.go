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
	t       testing.TB
	http    *httptest.Server
	foreign bool // see Foreign
	key     ed25519.PrivateKey
	pub     ed25519.PublicKey

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something happens
	nextID   uint64
	pastID   uint64        // of what happened in the past
	back     time.Duration // by how much that is before now
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
		t: t, key: key, pub: pub,
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

// Foreign says that the client is not ours: what it sends is not held against the
// strict table of bodies, for other libraries say what they leave out, as false or null.
func (s *Server) Foreign() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.foreign = true
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

// Back lets what happens from now on have happened so long ago; 0 is now.
func (s *Server) Back(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back, s.pastID = d, 0
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
	// An id says when it was made, in milliseconds since 2015.
	at := time.Now().Add(-s.back)
	if s.back > 0 {
		s.pastID = max(s.pastID+1, uint64(at.UnixMilli()-1420070400000)<<22)
		return strconv.FormatUint(s.pastID, 10)
	}
	s.nextID = max(s.nextID+1, uint64(at.UnixMilli()-1420070400000)<<22)
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

// handled is what of Discord is here.
func handled() map[string]route {
	return map[string]route{
		"GET /gateway":                                                (*Server).getGateway,
		"GET /gateway/bot":                                            (*Server).getGateway,
		"GET /applications/@me":                                       (*Server).getApplication,
		"GET /users/@me":                                              (*Server).getSelf,
		"GET /applications/{app}/commands":                            (*Server).getCommands,
		"PUT /applications/{app}/commands":                            (*Server).putCommands,
		"POST /interactions/{id}/{token}/callback":                    (*Server).postCallback,
		"POST /webhooks/{app}/{token}":                                (*Server).postFollowUp,
		"PATCH /webhooks/{app}/{token}/messages/{id}":                 (*Server).patchFollowUp,
		"POST /users/@me/channels":                                    (*Server).postDirect,
		"GET /channels/{channel}":                                     (*Server).getChannel,
		"PATCH /channels/{channel}":                                   (*Server).patchChannel,
		"GET /channels/{channel}/messages":                            (*Server).getMessages,
		"POST /channels/{channel}/messages":                           (*Server).postMessage,
		"PATCH /channels/{channel}/messages/{id}":                     (*Server).patchMessage,
		"GET /guilds/{guild}/members/{person}":                        (*Server).getMember,
		"GET /guilds/{guild}":                                         (*Server).getGuild,
		"GET /applications/{app}/guilds/{guild}/commands/permissions": (*Server).getOverrides,
		"GET /guilds/{guild}/roles":                                   (*Server).getRoles,
	}
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range handled() {
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
	out := s.outcome(pattern, auth || open, fault, in, h)
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

// outcome is the answer to a request that may be made to fail.
func (s *Server) outcome(pattern string, allowed bool, fault *Fault, in *incoming, h route) reply {
	switch {
	case !allowed:
		return refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	case fault != nil && !fault.AfterWork && fault.Status != 0:
		return reply{}
	case s.invalid(in.Method, pattern, in):
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	return h(s, in)
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

// study holds a body against Discord's published document. That takes long under the
// race detector, so it is done when the request is answered: nobody's three
// seconds run out over it.
func (s *Server) study(method, pattern string, in *incoming) {
	s.mu.Lock()
	foreign := s.foreign
	s.mu.Unlock()
	if !foreign && len(in.body) > 0 {
		s.report(method, in, checkBody(method, pattern, in.body))
	}
}

func (s *Server) report(method string, in *incoming, found []string) bool {
	for _, p := range found {
		s.problem("%s %s: %s\n%s", method, in.URL.Path, p, bytes.TrimSpace(in.body))
	}
	return len(found) > 0
}
