// Package slack brings the bot to a Slack workspace: over Socket Mode, which
// needs no public address, or over HTTP (see [Platform.Handler]); the same code
// answers behind both.
//
// Promised: every request is acknowledged within Slack's three seconds, however
// slow its handler is; what Slack delivers twice is done once; a payload that
// arrives while Slack replaces the connection is not lost; an answer goes to
// nobody but the person who asked; nothing that a person typed is read as
// mark-up or pings anyone. Not promised: that a post appears once when its
// answer was lost on the way (see [Platform.Send]), and that a command typed in
// a thread arrives, for Slack does not deliver it.
//
// A [Platform] serves one workspace by one token. [Workspaces] serve many, each by the
// token that its installation has handed out.
package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// defaultAPIURL is where Slack's Web API lives.
const defaultAPIURL = "https://slack.com/api/"

// The times that rule the conversation with Slack.
const (
	// ackSoon is when a delivery is acknowledged that is still being worked on.
	ackSoon = time.Second
	// ackTime is how long Slack waits for an acknowledgement, and how long a
	// trigger opens a form.
	ackTime = 3 * time.Second
	// wayTime is left of it for the way to Slack.
	wayTime = 200 * time.Millisecond
	// handleBy bounds a request: Slack's response_url lives for 30 minutes, a
	// person's patience does not.
	handleBy = 2 * time.Minute
	// lookSoon bounds what is looked up about somebody who may be in danger.
	lookSoon = 200 * time.Millisecond
	// drainFor is how long requests that are under way may take when the program
	// ends.
	drainFor = 8 * time.Second
	// seenFor is how long a delivery is remembered. Slack repeats events at once,
	// after one minute and after five.
	seenFor = 15 * time.Minute
	// profileFor, directFor and postedFor are how long somebody's profile, their
	// conversation with the bot, and what was posted are remembered, directKept how long
	// that conversation is kept over restarts.
	profileFor, directFor, postedFor = 5 * time.Minute, 24 * time.Hour, time.Hour
	directKept                       = 30 * 24 * time.Hour
	// silentAfter is how long a socket may be silent. Slack pings more often, and
	// so do we.
	silentAfter = 30 * time.Second
	// checkEvery is how often Slack is asked whether it still knows the bot where no
	// socket tells.
	checkEvery = time.Minute
	// linger is how long a replaced socket is read on: Slack says that it is about
	// to close it some ten seconds before it does.
	linger = 15 * time.Second
)

// Config is what the adapter needs to know.
type Config struct {
	// BotToken (xoxb-...) speaks; AppToken (xapp-...) opens the socket.
	BotToken, AppToken string
	// SigningSecret verifies requests over HTTP. With an AppToken it is not needed.
	SigningSecret string
	// ClientID and ClientSecret are the app's, Redirect the address of
	// [Workspaces.Callback], and Installations where they are kept: for [Workspaces] alone.
	ClientID, ClientSecret, Redirect string
	Installations                    Installations
	// APIURL stands in for https://slack.com/api/ when it is not empty.
	APIURL string
	// Home is the command line whose answer fills the Home tab, such as "/home";
	// empty leaves the tab alone.
	Home string
	// State is shared among copies that serve the same workspace. Without one,
	// this process remembers by itself.
	State adapter.State
	HTTP  *http.Client
	Log   *slog.Logger
	// AnswerWithin is how long Slack waits for an acknowledgement, and for a form
	// to be opened: three seconds when zero. What stands in for Slack may wait
	// longer.
	AnswerWithin time.Duration
	// RosterFor is how long it is remembered who is in a channel; ten minutes when zero.
	RosterFor time.Duration
}

// Platform is the adapter. It is safe for use by many goroutines.
type Platform struct {
	cfg Config
	api *slackgo.Client
	log *slog.Logger
	web *http.Client
	// apiURL is that of the configuration, read.
	apiURL *url.URL
	ids    ids
	pages  *bot.Pages[[]page]
	// install is where the app can be installed, "" where it cannot.
	install string
	// tokens are those of an installation; nil with a token of one's own.
	tokens *tokens

	notes  *adapter.Notebook        // deliveries, by event, trigger or envelope
	people *adapter.Memory[profile] // by user id
	direct *adapter.Memory[string]  // the conversation with the bot, by user id
	posted *adapter.Memory[bot.Posted]
	// homes fill the Home tabs that may be open, by user id.
	homes *adapter.Memory[func(ctx context.Context)]
	// rosters are who is in which channel, by the channel's id.
	rosters *adapter.Memory[roster]

	tasks   *adapter.Tasks
	broken  chan error    // why the bot token stopped working
	lost    func(error)   // is told so
	ready   chan struct{} // closed when self is known
	knows   sync.Once     // closes it
	selfMu  sync.Mutex
	self    identity
	rights  string        // the bot token's scopes, apart by commas; empty when not told
	toldAt  time.Time     // when Slack last said what time it is
	ahead   time.Duration // by how much this machine's clock is ahead of Slack's
	running atomic.Bool
	sockets atomic.Int64 // that are open here
	others  atomic.Int64 // sockets that other programs had open with the same app token, when Slack last said it
	heard   atomic.Int64 // when Slack was last heard, in Unix seconds; 0 before the first time

	// ackBy is how long the answer to a sent form may take before the form is told
	// to wait; noteAfter when somebody who waits for an answer is told so. lookupBy
	// bounds a look at somebody's profile or channel: an answer without the name is
	// better than a late one. answerBy is when an acknowledgement must be on its way,
	// and how long a trigger is tried.
	ackBy, noteAfter, lookupBy, answerBy time.Duration
	ackSoon, silentAfter                 time.Duration // these and the next for tests to shorten
	linger, noteEvery, checkEvery        time.Duration
	rosterFor                            time.Duration // how long it is remembered who is where
	pause                                func(attempt int) time.Duration
}

// identity is who the bot is in its workspace.
type identity struct{ team, user, bot string }

// New makes the adapter. It does not connect. Errors, in words for an operator:
// a token is missing or of the wrong kind, or the address cannot be used.
func New(cfg Config) (*Platform, error) {
	cfg = cfg.filledIn()
	apiURL, err := checkAddress(cfg.APIURL)
	if err := errors.Join(checkTokens(cfg), err); err != nil {
		return nil, err
	}
	return build(cfg, apiURL), nil
}

// filledIn is the configuration with what was left out.
func (cfg Config) filledIn() Config {
	if cfg.APIURL == "" {
		cfg.APIURL = defaultAPIURL
	}
	if !strings.HasSuffix(cfg.APIURL, "/") {
		cfg.APIURL += "/"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if cfg.AnswerWithin <= 0 {
		cfg.AnswerWithin = ackTime
	}
	return cfg
}

// build makes a Platform of a configuration that has everything.
func build(cfg Config, apiURL *url.URL) *Platform {
	p := &Platform{
		cfg: cfg, log: cfg.Log.With("platform", "slack"), web: cfg.HTTP, apiURL: apiURL, pages: new(bot.Pages[[]page]),
		notes:   adapter.NewNotebook(20_000, cfg.State, handleBy),
		people:  adapter.NewMemory[profile](5_000),
		direct:  adapter.NewMemory[string](5_000),
		posted:  adapter.NewMemory[bot.Posted](5_000),
		homes:   adapter.NewMemory[func(ctx context.Context)](1_000),
		rosters: adapter.NewMemory[roster](maxRosters), rosterFor: cmp.Or(max(cfg.RosterFor, 0), rosterFor),
		tasks: adapter.NewTasks(cfg.Log, "slack"), broken: make(chan error, 1), ready: make(chan struct{}),
		ackBy: cfg.AnswerWithin * 2 / 3, noteAfter: cfg.AnswerWithin * 2 / 3, lookupBy: cfg.AnswerWithin * 2 / 5,
		answerBy: cfg.AnswerWithin - wayTime, ackSoon: ackSoon, silentAfter: silentAfter, linger: linger, noteEvery: silentAfter, checkEvery: checkEvery, pause: pause,
	}
	p.lost = func(err error) {
		select {
		case p.broken <- err:
		default:
		}
	}
	p.api = slackgo.New(cfg.BotToken,
		slackgo.OptionAppLevelToken(cfg.AppToken),
		slackgo.OptionAPIURL(cfg.APIURL),
		slackgo.OptionHTTPClient(&cure{next: cfg.HTTP, api: apiURL.Path, refused: p.tokenRefused, told: p.authTold, p: p}),
	)
	return p
}

func checkTokens(cfg Config) error {
	var problems []error
	if strings.HasPrefix(cfg.BotToken, "xoxe.") {
		problems = append(problems, errors.New("SLACK_BOT_TOKEN ends after twelve hours, because token rotation is switched on for the app. Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET instead, and install the app at /slack/install; then I get the next token myself"))
	} else if !strings.HasPrefix(cfg.BotToken, "xoxb-") {
		problems = append(problems, errors.New("SLACK_BOT_TOKEN should be the bot token, which starts with xoxb-. You find it in the app's settings under OAuth & Permissions"))
	}
	if cfg.AppToken != "" && !strings.HasPrefix(cfg.AppToken, "xapp-") {
		problems = append(problems, errors.New("SLACK_APP_TOKEN should be the app-level token, which starts with xapp-. Make one in the app's settings under Basic Information, with the scope connections:write"))
	}
	if cfg.AppToken == "" && cfg.SigningSecret == "" {
		problems = append(problems, errors.New("SLACK_APP_TOKEN is missing. Set it for Socket Mode, or SLACK_SIGNING_SECRET to be reached over HTTP"))
	}
	return errors.Join(problems...)
}

func checkAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("SLACK_API_URL should be an address such as https://slack.com/api/")
	}
	return u, nil
}

// Name is "slack".
func (p *Platform) Name() string { return "slack" }

// Run connects and serves until ctx ends. It returns nil then, after what is under way
// has been answered. Any other error is for an operator: a token that Slack does not
// accept (now or later), or Socket Mode switched off; then Run may be called again.
// Everything that can pass by itself is waited out.
func (p *Platform) Run(ctx context.Context, b *bot.Bot) error {
	if p.running.Swap(true) {
		return errors.New("slack: Run was called twice")
	}
	defer p.running.Store(false)
	defer p.drained(ctx)
	select {
	case err := <-p.broken: // what ended it the last time
		p.cfg.Log.DebugContext(ctx, "slack starts anew", "ended", err)
	default:
	}
	if err := p.signIn(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	p.start(func(ctx context.Context) { b.Returned(ctx, "slack/"+p.me().team) })
	if p.cfg.AppToken == "" {
		return p.runHTTP(ctx)
	}
	return p.runSocket(ctx, b)
}

// drained waits for what is under way when the program ends. When Run ends by itself,
// that goes on: requests over HTTP may still be answered.
func (p *Platform) drained(ctx context.Context) {
	if ctx.Err() != nil {
		p.tasks.Drain(drainFor)
	}
}

// Heard is when Slack was last heard: on the socket, or without one by asking it. It
// is zero before the first time.
func (p *Platform) Heard() time.Time {
	if at := p.heard.Load(); at != 0 {
		return time.Unix(at, 0)
	}
	return time.Time{}
}

// runHTTP asks Slack again and again whether it still knows the bot: requests come to
// the handler, and nobody would notice that answers do not go out.
func (p *Platform) runHTTP(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var noting sync.WaitGroup
	defer noting.Wait()
	defer stop()
	noting.Go(func() { p.noteHeard(ctx) })
	every := time.NewTicker(p.checkEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-p.broken:
			return err
		case <-every.C:
			p.checkToken(ctx)
		}
	}
}

// signIn finds out who the bot is, and so whether its token works.
func (p *Platform) signIn(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		who, err := p.api.AuthTestContext(ctx)
		if err == nil && orgWide(who) {
			return errors.New("slack: the token in SLACK_BOT_TOKEN is of a whole organization, and whoever is in one of its workspaces would read what belongs to another. " +
				"Install the app to one workspace, or set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET and install it at /slack/install")
		}
		if err == nil {
			p.selfMu.Lock()
			p.self = identity{team: who.TeamID, user: who.UserID, bot: who.BotID}
			p.selfMu.Unlock()
			p.knows.Do(func() { close(p.ready) })
			p.known()
			p.log.InfoContext(ctx, "signed in", "workspace", bot.HashID("slack/"+who.TeamID))
			return nil
		}
		if ctx.Err() != nil {
			return nil
		}
		if fatal := tokenError("SLACK_BOT_TOKEN", err); fatal != nil {
			return fatal
		}
		p.log.WarnContext(ctx, notYet(err), "error", err, "attempt", attempt+1)
		if adapter.Sleep(ctx, max(p.pause(attempt), retryAfter(err))) != nil {
			return nil
		}
	}
}

// orgWide says that a token is not of one workspace.
func orgWide(who *slackgo.AuthTestResponse) bool {
	return who.EnterpriseID != "" && (who.TeamID == "" || who.TeamID == who.EnterpriseID)
}

// notYet says why Slack does not let the bot in, which passes.
func notYet(err error) string {
	switch code(err) {
	case "team_access_not_granted", "org_login_required", "ekm_access_denied":
		return "the workspace does not let the app in at present; if that lasts, ask its administrators to approve the app"
	}
	return "Slack cannot be reached yet"
}

func (p *Platform) me() identity {
	p.selfMu.Lock()
	defer p.selfMu.Unlock()
	return p.self
}

// authTold notes what Slack says beside its answer: what the bot token may do, and
// what time it is.
func (p *Platform) authTold(h http.Header) {
	p.selfMu.Lock()
	defer p.selfMu.Unlock()
	p.rights = h.Get("X-OAuth-Scopes")
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
		p.ahead, p.toldAt = time.Since(theirs).Truncate(time.Second), time.Now()
	}
}

// tokenRefused is told when Slack does not take the bot token. Only the check of the
// token itself ends Run; any other call that says so has it checked.
func (p *Platform) tokenRefused(err error, checked bool) {
	if fatal := tokenError("SLACK_BOT_TOKEN", err); fatal != nil && !checked {
		p.start(p.checkToken)
	} else if fatal != nil {
		p.lost(fatal)
	}
}

// tokenError explains errors that mean a token will not work again, and is nil
// for any other.
func tokenError(name string, err error) error {
	switch code(err) {
	case "invalid_auth", "not_authed":
		return fmt.Errorf("slack: Slack does not know the token in %s. Copy it again from the app's settings (%s)", name, where(name))
	case "token_revoked", "token_expired":
		return fmt.Errorf("slack: the token in %s is no longer valid. Install the app again and copy the new one (%s)", name, where(name))
	case "account_inactive":
		return fmt.Errorf("slack: the app was removed from the workspace, or the workspace is gone. Install the app again and copy the new token into %s (%s)", name, where(name))
	case "not_allowed_token_type":
		return fmt.Errorf("slack: %s holds a token of the wrong kind (%s)", name, where(name))
	}
	if name == "SLACK_APP_TOKEN" && code(err) == "missing_scope" {
		return fmt.Errorf("slack: the token in %s may not open a socket. Make a new one with the scope connections:write (%s)", name, where(name))
	}
	return nil
}

func where(name string) string {
	if name == "SLACK_APP_TOKEN" {
		return "api.slack.com/apps, Basic Information, App-Level Tokens: it starts with xapp-"
	}
	return "api.slack.com/apps, OAuth & Permissions: it starts with xoxb-"
}

// start answers a request in the background; it says false when the program is ending.
func (p *Platform) start(do func(ctx context.Context)) bool {
	return p.tasks.Go(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, handleBy)
		defer cancel()
		do(ctx)
	})
}
