package slack

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack/slacktest"
)

// shelf keeps installations for several copies.
type shelf struct {
	mu     sync.Mutex
	all    map[string]Installation
	holder map[string]string
	down   bool // the store takes nothing
}

func (s *shelf) copyNamed(name string) *copyOfShelf { return &copyOfShelf{s, name} }

type copyOfShelf struct {
	*shelf
	name string
}

func (s *shelf) Installation(_ context.Context, key string) (*Installation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.all[key]; ok {
		return &i, nil
	}
	return nil, nil
}

func (s *shelf) Installations(context.Context) ([]Installation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Installation
	for _, key := range slices.Sorted(maps.Keys(s.all)) {
		out = append(out, s.all[key])
	}
	return out, nil
}

func (s *shelf) ChangeInstallation(_ context.Context, key string, change func(*Installation) *Installation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return context.DeadlineExceeded
	}
	var before *Installation
	if i, ok := s.all[key]; ok {
		before = &i
	}
	if after := change(before); after != nil {
		s.all[key] = *after
	} else {
		delete(s.all, key)
	}
	return nil
}

func (c *copyOfShelf) Take(_ context.Context, _, name string, _ time.Duration, _ []byte) ([]byte, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by := c.holder[name]; by != "" && by != c.name {
		return nil, false, nil
	}
	c.holder[name] = c.name
	return nil, true, nil
}

func (c *copyOfShelf) Give(_ context.Context, _, name string, _ []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holder[name] == c.name {
		delete(c.holder, name)
	}
	return nil
}

// many is a copy of the bot that many workspaces install.
type many struct {
	*Workspaces
	address string
	log     *syncBuffer
	mu      sync.Mutex
	came    []string // what the bot was told about workspaces
}

func (m *many) told() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.came, " ")
}

func newShelf() *shelf { return &shelf{all: map[string]Installation{}, holder: map[string]string{}} }

func startMany(t *testing.T, app *slacktest.App, kept Installations, change ...func(*Config)) *many {
	t.Helper()
	m := &many{log: &syncBuffer{}}
	r := &rig{t: t, log: m.log, slow: make(chan struct{})}
	note := func(what string) func(context.Context, string) {
		return func(_ context.Context, id string) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.came = append(m.came, what+" "+id)
		}
	}
	b, err := bot.New(bot.Config{Table: r.table(), Removed: note("removed"), Returned: note("returned"), Log: slog.New(slog.NewTextHandler(m.log, nil)), Direct: func(_ context.Context, q bot.Request) (bot.Reply, error) {
		return bot.Say(bot.Message{Text: bot.Literal("You asked: " + q.Arg("words") + " as " + q.From.ID + " in " + q.Workspace)}), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	web := httptest.NewServer(mux)
	cfg := Config{
		ClientID: slacktest.ClientID, ClientSecret: slacktest.ClientSecret, SigningSecret: slacktest.SigningSecret, Redirect: web.URL + callbackPath,
		APIURL: app.URL(), Installations: kept, Log: slog.New(slog.NewTextHandler(m.log, nil)), AnswerWithin: 2 * time.Minute,
	}
	for _, c := range change {
		c(&cfg)
	}
	if m.Workspaces, err = NewWorkspaces(cfg); err != nil {
		t.Fatal(err)
	}
	mux.Handle("POST /slack", m.Handler(b))
	for pattern, h := range m.Routes(b) {
		mux.Handle(pattern, h)
	}
	m.address = web.URL
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx, b) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		web.Close()
		m.web.CloseIdleConnections()
	})
	return m
}

func (m *many) install(t *testing.T, app *slacktest.App, key string) {
	t.Helper()
	if status, page := app.Browser(key).Open(m.InstallURL()); status != http.StatusOK || !strings.Contains(page, "installed") {
		t.Fatalf("installing ends with %d: %s", status, page)
	}
}

// A link to install is good for the browser that began, once, and for ten minutes.
func TestInstallingIsOnesOwn(t *testing.T) {
	app, kept := slacktest.NewApp(t, "T1AAA"), newShelf()
	m := startMany(t, app, kept.copyNamed("one"))
	for name, path := range map[string]string{
		"nobody began":   "/slack/oauth?code=" + app.Code("T1AAA") + "&state=AAAA",
		"another's":      "/slack/oauth?code=" + app.Code("T1AAA") + "&state=" + m.state("their nonce", time.Now().Add(time.Minute)),
		"nothing at all": "/slack/oauth",
	} {
		if status, page := app.Browser("").Open(m.address + path); status != http.StatusBadRequest || !strings.Contains(page, "begin again") {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
	late, err := http.NewRequest(http.MethodGet, m.address+"/slack/oauth?code="+app.Code("T1AAA")+"&state="+m.state("mine", time.Now().Add(-time.Second)), nil)
	if err != nil {
		t.Fatal(err)
	}
	late.AddCookie(&http.Cookie{Name: stateCookie, Value: "mine"})
	if status, _ := post(t, late); status != http.StatusBadRequest {
		t.Errorf("too late: %d", status)
	}
	if status, page := app.Browser("").Open(m.InstallURL()); status != http.StatusOK || !strings.Contains(page, "Nothing was installed") {
		t.Errorf("a no ends with %d: %s", status, page)
	}
	if len(kept.all) != 0 {
		t.Errorf("installed: %v", kept.all)
	}
	m.install(t, app, "T1AAA")
	if i := kept.all["T1AAA"]; i.BotUser == "" || i.Name != "Workspace T1AAA" || !strings.HasPrefix(i.Token, "xoxb-") || i.Refresh != "" {
		t.Errorf("kept: %+v", i)
	}
	if strings.Contains(m.log.String(), "xoxb-") {
		t.Error("a token stands in the log")
	}
}

// Of two copies one changes a token that is over, and both go on with what it got, also
// where the store would not take it at first.
func TestATokenIsChangedOnce(t *testing.T) {
	app, kept := slacktest.NewApp(t, "T1AAA"), newShelf()
	app.Rotate = 12 * 60 * 60
	one, two := startMany(t, app, kept.copyNamed("one")), startMany(t, app, kept.copyNamed("two"))
	one.install(t, app, "T1AAA")
	s := app.Workspace("T1AAA")
	ask := func(m *many, words string) {
		t.Helper()
		s.UseHTTP(m.address + "/slack")
		s.DM("U0MAYA", words)
	}
	for n, over := range []func(){
		func() { app.Expire("T1AAA") }, // Slack says so
		func() { // our own clock says so, with some minutes in hand
			kept.mu.Lock()
			defer kept.mu.Unlock()
			i := kept.all["T1AAA"]
			i.Expires = time.Now().Add(inHand / 2)
			kept.all["T1AAA"] = i
			one.forget("T1AAA")
			two.forget("T1AAA")
		},
	} {
		over()
		word := []string{"first", "second"}[n]
		ask(one, word+" one")
		ask(two, word+" two")
		for _, which := range []string{" one", " two"} {
			s.WaitText("U0MAYA", "You asked: "+word+which+" as slack/T1AAA-U0MAYA in slack/T1AAA")
		}
		if got := app.Refreshed(); got != n+1 {
			t.Errorf("changed %d times after %d", got, n+1)
		}
	}
	app.Expire("T1AAA")
	app.FailRefresh(1) // the next call tries again
	ask(one, "despite it")
	s.WaitText("U0MAYA", "You asked: despite it")
	app.Expire("T1AAA")
	kept.mu.Lock()
	kept.down = true
	kept.mu.Unlock()
	ask(one, "third")
	s.WaitText("U0MAYA", "You asked: third")
	kept.mu.Lock()
	kept.down = false
	kept.mu.Unlock()
	one.keepUnkept(t.Context())
	ask(two, "third two")
	s.WaitText("U0MAYA", "You asked: third two")
	if got := app.Refreshed(); got != 4 {
		t.Errorf("changed %d times", got)
	}
	if told := one.told() + two.told(); strings.Contains(told, "removed") {
		t.Errorf("told: %s", told)
	}
}

// An organization installs the app once; each of its workspaces is a place of its own.
func TestAnOrganization(t *testing.T) {
	app, kept := slacktest.NewApp(t, "T1WEST", "T2EAST", "T3ELSE"), newShelf()
	app.Join("E9ORG", "T1WEST", "T2EAST")
	m := startMany(t, app, kept.copyNamed("one"))
	m.install(t, app, "E9ORG")
	for _, team := range []string{"T1WEST", "T2EAST"} {
		s := app.Workspace(team)
		user := "U" + team[1:]
		s.AddUser(slacktest.User{ID: user, Name: "maya"})
		s.UseHTTP(m.address + "/slack")
		s.DM(user, "who am I")
		s.WaitText(user, "as slack/"+team+"-"+user+" in slack/"+team)
	}
	other := app.Workspace("T3ELSE")
	other.UseHTTP(m.address + "/slack")
	other.Slash("T3ELSE", "C0VILLAGE", "U0MAYA", "/echo", "hello")
	if said := other.WaitText("U0MAYA", "I'm not installed in this workspace"); !strings.Contains(fmt.Sprint(said.Blocks), m.InstallURL()) {
		t.Errorf("a stranger reads %v", said.Blocks)
	}
	other.Slash("T3ELSE", "C0VILLAGE", "U0MAYA", "/lines", "")
	other.WaitText("U0MAYA", "People who answer.")
	app.Uninstall("E9ORG")
	app.Workspace("T1WEST").WaitFor("both to end", func() bool {
		return strings.Contains(m.told(), "removed slack/T1WEST") && strings.Contains(m.told(), "removed slack/T2EAST")
	})
	if _, err := m.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/T1WEST-U1WEST"}, Message: bot.Message{Text: "late"}}); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("a message to where it was: %v", err)
	}
}

// The workspace that was served by its own token goes on under the same names when it
// installs the app.
func TestTheFirstWorkspaceKeepsItsNames(t *testing.T) {
	app, kept := slacktest.NewApp(t, "T1AAA", "T2BBB"), newShelf()
	own := app.Own("T1AAA")
	m := startMany(t, app, kept.copyNamed("one"), func(c *Config) { c.BotToken = own })
	<-m.home.ready
	s := app.Workspace("T1AAA")
	s.UseHTTP(m.address + "/slack")
	asks := func(words, as string) {
		t.Helper()
		s.DM("U0MAYA", words)
		s.WaitText("U0MAYA", "You asked: "+words+" as "+as+" in slack/T1AAA")
	}
	asks("before", "slack/U0MAYA")
	m.install(t, app, "T1AAA")
	m.install(t, app, "T2BBB")
	asks("after", "slack/U0MAYA")
	later := startMany(t, app, kept.copyNamed("one")) // without its token
	s.UseHTTP(later.address + "/slack")
	asks("later", "slack/U0MAYA")
	if _, err := later.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0MAYA"}, Message: bot.Message{Text: "a note"}}); err != nil {
		t.Error(err)
	}
	s.WaitText("U0MAYA", "a note")
}

// With one token, what another workspace sends is turned away, unless it comes from a
// channel that both share.
func TestAnotherWorkspaceIsTurnedAway(t *testing.T) {
	r, _ := overHTTP(t)
	r.Slash("T9OTHER", "C9OTHER", "U0MAYA", "/echo", "let me in")
	r.WaitText("U0MAYA", "I'm not set up for this workspace")
	r.Slash("T9OTHER", "C9OTHER", "U0MAYA", "/lines", "")
	r.WaitText("U0MAYA", "People who answer.")
	r.Slash("T9OTHER", "C0VILLAGE", "U0MAYA", "/echo", "shared")
	r.WaitText("U0MAYA", "You said: shared")
}

func TestTokensThatWillNotDo(t *testing.T) {
	if _, err := New(Config{BotToken: "xoxe.xoxb-1", AppToken: "xapp-1"}); err == nil || !strings.Contains(err.Error(), "twelve hours") {
		t.Errorf("a rotating token: %v", err)
	}
	if _, err := NewWorkspaces(Config{ClientID: "1", AppToken: "xapp-1"}); err == nil || !strings.Contains(err.Error(), "SLACK_CLIENT_SECRET") || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") {
		t.Errorf("half of it: %v", err)
	}
	s := slacktest.New(t)
	s.Fail("auth.test", slacktest.Fault{Body: `{"ok":true,"team_id":"E9ORG","enterprise_id":"E9ORG","user_id":"U1","bot_id":"B1"}`})
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "whole organization") {
		t.Errorf("an organization's token: %v", err)
	}
}
