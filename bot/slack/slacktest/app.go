package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The app's own credentials.
const (
	ClientID     = "1234.5678"
	ClientSecret = "the-client-secret"
)

// App is an app that many workspaces install. They are behind one address, and their
// people and channels have the same ids.
type App struct {
	// Rotate is how many seconds a token lives; 0 has them live for ever. Set it before
	// the first installation.
	Rotate int

	t    testing.TB
	http *httptest.Server

	mu        sync.Mutex
	n         int
	spaces    map[string]*Server
	orgs      map[string]string // the organization of a workspace
	codes     map[string]string // where a code installs the app
	refresh   map[string]string // where a refresh token belongs
	tokens    map[string]string // the newest token of an installation
	refreshed int
	broken    int // refreshes that fail
}

// NewApp starts a Slack with these workspaces, each as [New] makes one.
func NewApp(t testing.TB, teams ...string) *App {
	t.Helper()
	a := &App{t: t, spaces: map[string]*Server{}, orgs: map[string]string{}, codes: map[string]string{}, refresh: map[string]string{}, tokens: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/oauth.v2.access", a.access)
	mux.HandleFunc("GET /oauth/v2/authorize", a.authorize)
	mux.HandleFunc("POST /api/{method}", a.call)
	mux.HandleFunc("POST /respond/{id}", func(w http.ResponseWriter, r *http.Request) {
		for team, s := range a.spaces {
			if strings.Contains(r.PathValue("id"), team) {
				s.serveResponseURL(w, r)
				return
			}
		}
		http.NotFound(w, r)
	})
	a.http = httptest.NewServer(mux)
	t.Cleanup(a.http.Close)
	for _, team := range teams {
		s := newServer(t)
		s.update(func() {
			s.app, s.team, s.bot = a, team, "U0BOT"+team
			for id, u := range s.users {
				u.Team = team
				s.users[id] = u
			}
		})
		a.spaces[team] = s
	}
	return a
}

// URL is what SLACK_API_URL should be.
func (a *App) URL() string { return a.http.URL + "/api/" }

// Workspace is one of them.
func (a *App) Workspace(team string) *Server { return a.spaces[team] }

// Join says that workspaces belong to an organization.
func (a *App) Join(org string, teams ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, team := range teams {
		a.orgs[team] = org
		a.spaces[team].update(func() { a.spaces[team].org = org })
	}
}

// Browser is somebody's browser, who says yes at Slack for a workspace or an
// organization (its id), or no where it is empty.
type Browser struct {
	a *App
	*http.Client
}

// Browser opens one.
func (a *App) Browser(key string) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	transport := &http.Transport{}
	a.t.Cleanup(transport.CloseIdleConnections)
	b := &Browser{a: a}
	b.Client = &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/oauth/v2/authorize" {
			r.Header.Set("X-Answer", key)
		}
		return nil
	}}
	return b
}

// Open reads a page, and gives its status and its words.
func (b *Browser) Open(address string) (int, string) {
	b.a.t.Helper()
	resp, err := b.Get(address)
	if err != nil {
		b.a.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		b.a.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// authorize is the page on which somebody says yes or no.
func (a *App) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("scope") == "" || q.Get("state") == "" {
		a.t.Errorf("slacktest: sent to the authorization with %v", q)
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host == "" {
		a.t.Errorf("slacktest: back to %q", q.Get("redirect_uri"))
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if key := r.Header.Get("X-Answer"); key == "" {
		answer.Set("error", "access_denied")
	} else {
		answer.Set("code", a.Code(key))
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// Code is what Slack gives to whoever has said yes, good for once.
func (a *App) Code(key string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	code := a.next("code-")
	a.codes[code] = key
	return code
}

// next is unique in this app. The lock is held.
func (a *App) next(prefix string) string {
	a.n++
	return fmt.Sprintf("%s%06d", prefix, a.n)
}

// access changes codes and refresh tokens for tokens.
func (a *App) access(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		a.t.Errorf("slacktest: oauth.v2.access: %v", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = json.NewEncoder(w).Encode(a.handedOut(r.Form))
}

func (a *App) handedOut(form url.Values) map[string]any {
	if form.Get("client_id") != ClientID || form.Get("client_secret") != ClientSecret {
		return refusal("bad_client_secret").answer()
	}
	var key string
	if form.Get("grant_type") == "refresh_token" {
		if a.broken > 0 {
			a.broken--
			return refusal("internal_error").answer()
		}
		if key = a.refresh[form.Get("refresh_token")]; key == "" {
			return refusal("invalid_refresh_token").answer()
		}
		delete(a.refresh, form.Get("refresh_token"))
		a.refreshed++
		a.end(key, "token_expired")
	} else {
		if key = a.codes[form.Get("code")]; key == "" {
			return refusal("invalid_code").answer()
		}
		delete(a.codes, form.Get("code"))
	}
	return a.hand(key)
}

// hand hands out a token. The lock is held.
func (a *App) hand(key string) map[string]any {
	token := a.next("xoxb-" + key + "-")
	out := map[string]any{
		"ok": true, "token_type": "bot", "scope": allScopes, "app_id": appID, "is_enterprise_install": strings.HasPrefix(key, "E"),
		"authed_user": map[string]any{"id": "U0MOD"},
	}
	if strings.HasPrefix(key, "E") {
		out["enterprise"], out["bot_user_id"] = map[string]any{"id": key, "name": "Organization " + key}, "U0BOT"+key
	} else {
		out["team"], out["bot_user_id"] = map[string]any{"id": key, "name": "Workspace " + key}, a.spaces[key].bot
	}
	if a.Rotate > 0 {
		token = "xoxe." + token
		next := a.next("xoxe-1-" + key + "-")
		a.refresh[next] = key
		out["refresh_token"], out["expires_in"] = next, a.Rotate
	}
	out["access_token"] = token
	a.tokens[key] = token
	for team, s := range a.spaces {
		if team == key || a.orgs[team] == key {
			s.update(func() {
				s.live[token] = true
				if team != key {
					s.bot = "U0BOT" + key
				}
			})
		}
	}
	return out
}

// end has no token of an installation taken any more. The lock is held.
func (a *App) end(key string, why refusal) {
	for team, s := range a.spaces {
		if team != key && a.orgs[team] != key {
			continue
		}
		s.update(func() {
			for token := range s.live {
				s.over[token] = why
			}
			clear(s.live)
		})
	}
}

// Expire has the token of an installation be over.
func (a *App) Expire(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.end(key, "token_expired")
}

// Uninstall takes the app out of a workspace or an organization, and tells it.
func (a *App) Uninstall(key string) {
	a.mu.Lock()
	a.end(key, "account_inactive")
	for token, of := range a.refresh {
		if of == key {
			delete(a.refresh, token)
		}
	}
	spaces := maps.Clone(a.spaces)
	a.mu.Unlock()
	for team, s := range spaces {
		if team == key || a.orgs[team] == key {
			s.WaitAck(s.Event(map[string]any{"type": "app_uninstalled"}))
			s.WaitAck(s.Event(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{s.bot}}}))
			return
		}
	}
}

// Refreshed counts how often a next token was given.
func (a *App) Refreshed() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.refreshed
}

// FailRefresh has the next so many requests for a token fail.
func (a *App) FailRefresh(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.broken = n
}

// call hands a call to the workspace that its token is of.
func (a *App) call(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		a.t.Errorf("slacktest: reading a call: %v", err)
		return
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if form, err := url.ParseQuery(string(body)); token == "" && err == nil {
		token = form.Get("token")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s := a.spaceOf(token, body); s != nil {
		s.serveAPI(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(refusal("invalid_auth").answer())
}

// spaceOf is the workspace that a call is about: that of its token, and among those of an
// organization the one that alone has the person or the channel it names.
func (a *App) spaceOf(token string, body []byte) *Server {
	var found *Server
	for _, s := range a.spaces {
		s.mu.Lock()
		known, named := s.live[token] || s.over[token] != "", s.named(body)
		s.mu.Unlock()
		if known && (found == nil || named) {
			found = s
		}
	}
	return found
}

// named says whether a call names somebody or something that New does not make. The lock
// is held.
func (s *Server) named(body []byte) bool {
	own := slices.Concat(slices.Collect(maps.Keys(s.users)), slices.Collect(maps.Keys(s.channels)))
	return slices.ContainsFunc(own, func(id string) bool {
		return !slices.Contains([]string{"U0MAYA", "U0SAM", "U0MOD", "C0VILLAGE"}, id) && (bytes.Contains(body, []byte(id)) || bytes.Contains(body, []byte(DirectChannel(id))))
	})
}

// Own is a token that an operator has copied from the app's page for a workspace.
func (a *App) Own(team string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := a.next("xoxb-" + team + "-own-")
	a.spaces[team].update(func() { a.spaces[team].live[token] = true })
	return token
}
