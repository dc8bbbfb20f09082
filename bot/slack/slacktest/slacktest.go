// Package slacktest is a Slack that lives in the test process: it opens
// sockets, delivers what people do as Slack would, answers the Web API, keeps
// every message and view as a client would show them, and can fail in the ways
// Slack fails.
//
// Promised: a payload that breaks one of Slack's published limits fails the
// test that sent it, and so does an envelope that is not acknowledged in time.
// Not promised: Slack's rate limits and permissions, except where a test asks
// for them.
package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the server knows from the start.
const (
	BotToken      = "xoxb-test"
	AppToken      = "xapp-test"
	SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5" // the example of Slack's documentation
	Team          = "T0TEAM"
	BotUser       = "U0BOT"
	botID         = "B0BOT"
	appID         = "A0APP"
)

// waitAtMost bounds every wait of a test; it is reached only by a failing one.
const waitAtMost = 2 * time.Minute

// responseURLUses is how often a response_url may be used.
const responseURLUses = 5

// User is somebody in the workspace.
type User struct {
	ID, Name     string
	Admin, Owner bool
	// Team is the user's own workspace; Team when empty.
	Team string
	// Disabled accounts cannot be written to.
	Disabled bool
	// Guest says that it is a guest's account.
	Guest bool
	// Locale is told to those who ask for it, unless it is empty.
	Locale string
	// Zone is the IANA name of their time zone, told like it.
	Zone string
}

// Channel is a place of the workspace. Unknown channels do not exist.
type Channel struct {
	ID, Name string
	Archived bool
	// Private channels are seen by those alone who are in them.
	Private bool
	// BotAbsent says that the bot has not been invited.
	BotAbsent bool
	// Without are the users who are not in it. Everybody else is.
	Without []string
}

// Server is the local Slack. It is safe for use by many goroutines.
type Server struct {
	// PingEvery is how often sockets are pinged. Set it before the first connection.
	PingEvery time.Duration
	// AckWithin is how long an envelope may wait for its acknowledgement, and a
	// trigger_id for the view that it opens. Slack waits for three seconds; here it is
	// a minute unless a test says otherwise, because what is slow is the machine that
	// tests.
	AckWithin time.Duration

	t    testing.TB
	http *httptest.Server
	// app is what the workspace is one of, nil when it is alone; team and bot are the
	// ids of the workspace and of the bot in it.
	app            *App
	team, bot, org string
	wg             sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	closed   bool
	n        int
	users    map[string]User
	groups   map[string]*userGroup // by id
	channels map[string]Channel
	sockets  []*Socket
	route    *Socket
	endpoint string
	faults   map[string][]*Fault
	calls    []Call
	messages []*Message
	views    []*View
	homes    map[string]*View
	sent     map[string]*delivery
	triggers map[string]*trigger
	urls     map[string]*responseURL
	files    map[string]*File   // by id
	live     map[string]bool    // the bot tokens that are taken
	over     map[string]refusal // why others are not
	uploads  string             // where files are said to go, if not here
	scopes   string
	clock    time.Duration // by how much Slack's clock is ahead
	unacked  []string
	allowed  bool // unacknowledged envelopes are part of the test
}

// Call is one request that the bot made.
type Call struct {
	// Method is "chat.postMessage" and the like, or "response_url".
	Method string
	Token  string
	// Body is the request as JSON, whatever its encoding was.
	Body json.RawMessage
	// Status and Error are what was answered.
	Status int
	Error  string
}

type trigger struct {
	user    string
	at      time.Time
	expired bool
	used    bool
}

type responseURL struct {
	channel, user, replaces string
	uses                    int
}

// New starts a Slack with the members maya, sam and mod (U0MAYA, U0SAM, U0MOD,
// an administrator) and the channel village (C0VILLAGE). It ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := newServer(t)
	s.live[BotToken] = true
	return s
}

func newServer(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		team: Team, bot: BotUser, live: map[string]bool{}, over: map[string]refusal{},
		PingEvery: 5 * time.Second, AckWithin: time.Minute,
		t: t, changed: make(chan struct{}),
		users: map[string]User{}, channels: map[string]Channel{}, faults: map[string][]*Fault{},
		homes: map[string]*View{}, sent: map[string]*delivery{}, triggers: map[string]*trigger{}, urls: map[string]*responseURL{}, files: map[string]*File{},
		scopes: allScopes,
	}
	s.AddUser(User{ID: "U0MAYA", Name: "maya"})
	s.AddUser(User{ID: "U0SAM", Name: "sam"})
	s.AddUser(User{ID: "U0MOD", Name: "mod", Admin: true})
	s.AddChannel(Channel{ID: "C0VILLAGE", Name: "village"})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", s.serveAPI)
	mux.HandleFunc("GET /socket/{ticket}", s.serveSocket)
	mux.HandleFunc("POST /respond/{id}", s.serveResponseURL)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.close)
	return s
}

// URL is what SLACK_API_URL should be.
func (s *Server) URL() string { return s.base() + "/api/" }

// base is the address that Slack is under.
func (s *Server) base() string {
	if s.app != nil {
		return s.app.http.URL
	}
	return s.http.URL
}

// AddUser makes or changes a member.
func (s *Server) AddUser(u User) {
	if u.Team == "" {
		u.Team = s.team
	}
	s.update(func() { s.users[u.ID] = u })
}

// userGroup is a group of users, such as @moderators.
type userGroup struct {
	id, handle string
	users      []string
}

// Give has somebody in the user group with this handle, or no longer, and is the group's id.
// It is made when it is not there.
func (s *Server) Give(handle, user string, yes bool) string {
	id := "S0" + strings.ToUpper(handle)
	s.update(func() {
		if s.groups == nil {
			s.groups = map[string]*userGroup{}
		}
		if s.groups[id] == nil {
			s.groups[id] = &userGroup{id: id, handle: handle}
		}
		g := s.groups[id]
		g.users = slices.DeleteFunc(slices.Clone(g.users), func(u string) bool { return u == user })
		if yes {
			g.users = append(g.users, user)
		}
	})
	return id
}

// AddChannel makes or changes a channel.
func (s *Server) AddChannel(c Channel) {
	s.update(func() {
		if c.Without == nil {
			c.Without = s.channels[c.ID].Without
		}
		s.channels[c.ID] = c
	})
}

// RemoveChannel makes a channel as if it had never been.
func (s *Server) RemoveChannel(id string) { s.update(func() { delete(s.channels, id) }) }

// DeleteMessage takes a message away, as a moderator can.
func (s *Server) DeleteMessage(channel, ts string) {
	s.update(func() {
		s.messages = slices.DeleteFunc(s.messages, func(m *Message) bool { return m.Channel == channel && m.TS == ts })
	})
}

// AllowUnacked says that envelopes may go without an acknowledgement in this
// test.
func (s *Server) AllowUnacked() { s.update(func() { s.allowed = true }) }

// close ends everything and reports what was never acknowledged.
func (s *Server) close() {
	var sockets []*Socket
	s.update(func() { s.closed, sockets = true, slices.Clone(s.sockets) })
	for _, sock := range sockets {
		sock.Close()
	}
	s.http.Close()
	s.wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.sent {
		d.timer.Stop()
	}
	if len(s.unacked) > 0 && !s.allowed {
		s.t.Errorf("slacktest: not acknowledged within %v: %s", s.AckWithin, strings.Join(s.unacked, ", "))
	}
}

// update changes the state under the lock and wakes whoever waits.
func (s *Server) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// nextID is unique in this server. The lock is held.
func (s *Server) nextID(prefix string) string {
	s.n++
	if s.app != nil && prefix[0] > '9' { // Slack's are unique everywhere, but for people and channels
		prefix += s.team
	}
	return fmt.Sprintf("%s%06d", prefix, s.n)
}

// WaitFor waits until the condition holds, looking whenever something has
// changed here, and fails the test with what the server has seen otherwise.
func (s *Server) WaitFor(what string, condition func() bool) {
	s.t.Helper()
	deadline := time.NewTimer(waitAtMost)
	defer deadline.Stop()
	// what is waited for can come about in the bot alone, after the server's last word
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if condition() {
			return
		}
		select {
		case <-changed:
		case <-again.C:
		case <-deadline.C:
			s.t.Fatalf("slacktest: waited in vain for %s\n%s", what, s.dump())
		}
	}
}

// WaitMessage waits for a message that the condition accepts. The newest is
// looked at first.
func (s *Server) WaitMessage(what string, accept func(Message) bool) Message {
	s.t.Helper()
	var found Message
	s.WaitFor(what, func() bool {
		all := s.Messages()
		for _, m := range slices.Backward(all) {
			if accept(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// WaitText waits for a message to a person or channel (its ID) whose words hold
// the text. An ephemeral message is to its reader.
func (s *Server) WaitText(to, text string) Message {
	s.t.Helper()
	return s.WaitMessage(fmt.Sprintf("a message to %s with %q", to, text), func(m Message) bool {
		return m.To() == to && strings.Contains(m.Words(), text)
	})
}

// WaitView waits for an open modal whose words hold the text.
func (s *Server) WaitView(user, text string) View {
	s.t.Helper()
	var found View
	s.WaitFor(fmt.Sprintf("a modal for %s with %q", user, text), func() bool {
		for _, v := range slices.Backward(s.Views()) {
			if v.User == user && !v.Closed && strings.Contains(v.Words(), text) {
				found = v
				return true
			}
		}
		return false
	})
	return found
}

// WaitHome waits until the person's Home tab holds the text.
func (s *Server) WaitHome(user, text string) View {
	s.t.Helper()
	var found View
	s.WaitFor(fmt.Sprintf("a Home tab for %s with %q", user, text), func() bool {
		v, ok := s.Home(user)
		found = v
		return ok && strings.Contains(v.Words(), text)
	})
	return found
}

// WaitCalls waits until a method has been called that many times, and returns
// those calls.
func (s *Server) WaitCalls(method string, atLeast int) []Call {
	s.t.Helper()
	var calls []Call
	s.WaitFor(fmt.Sprintf("%d calls of %s", atLeast, method), func() bool {
		calls = s.Calls(method)
		return len(calls) >= atLeast
	})
	return calls
}

// WaitAck waits for an envelope's acknowledgement and returns its payload,
// which is null when there was none.
func (s *Server) WaitAck(envelope string) json.RawMessage {
	s.t.Helper()
	var payload json.RawMessage
	s.WaitFor("the acknowledgement of "+envelope, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		d := s.sent[envelope]
		if d != nil && d.acked {
			payload = d.payload
		}
		return d != nil && d.acked
	})
	return payload
}

// Acked says whether an envelope has been acknowledged by now.
func (s *Server) Acked(envelope string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.sent[envelope]
	return d != nil && d.acked
}

// Acks are the payloads that acknowledgements had, those without one left out.
func (s *Server) Acks() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []json.RawMessage
	for _, d := range s.sent {
		if len(d.payload) > 0 {
			out = append(out, d.payload)
		}
	}
	return out
}

// Messages are all messages as they are now, ephemeral ones included, oldest
// first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Message, len(s.messages))
	for i, m := range s.messages {
		out[i] = *m
	}
	return out
}

// Changes counts what has been shown so far: messages, their edits and modals.
func (s *Server) Changes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.messages) + len(s.views)
	for _, m := range s.messages {
		n += m.Edits
	}
	return n
}

// Views are all modals ever opened, as they are now.
func (s *Server) Views() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]View, len(s.views))
	for i, v := range s.views {
		out[i] = *v
	}
	return out
}

// Home is a person's Home tab.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.homes[user]
	if !ok {
		return View{}, false
	}
	return *v, true
}

// Calls are the calls of a method in their order; "" means all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Unacked are the envelopes that were not acknowledged in time.
func (s *Server) Unacked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unacked)
}

// dump says what has happened, for a failing test.
func (s *Server) dump() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%d sockets, %d calls:\n", len(s.sockets), len(s.calls))
	for _, c := range s.calls[max(0, len(s.calls)-20):] {
		fmt.Fprintf(&b, "  %s %d %s %.300s\n", c.Method, c.Status, c.Error, c.Body)
	}
	for _, m := range s.messages[max(0, len(s.messages)-10):] {
		fmt.Fprintf(&b, "  message to %s: %.200q\n", m.To(), m.Words())
	}
	return b.String()
}
