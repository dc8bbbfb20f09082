package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"village/bot"
	"village/bot/adapter"
)

// Workspaces are all that the app is installed in, served by one process: each with the
// token that its installation has handed out, chosen for everything that arrives by
// whom it is for.
//
// Promised: what is said in one workspace goes to no other, though Slack gives the same
// ids to people of both; an installation that ends, ends alone; of several copies, one
// changes a rotating token and the others take up what it got; a workspace that is not
// installed is told so, and somebody in danger there is answered all the same. Not
// promised: that a token survives when the program dies between Slack's giving it and its
// being kept; then the workspace has to install the app again, and finds everything as it
// was.
//
// They are reached over HTTP alone.
type Workspaces struct {
	cfg    Config
	apiURL *url.URL
	log    *slog.Logger
	web    *http.Client
	// front answers whoever is in none of them, and has what all of them share.
	front *Platform
	// home is the workspace of SLACK_BOT_TOKEN; nil without one.
	home *Platform

	bot     atomic.Pointer[bot.Bot]
	running atomic.Bool
	mu      sync.Mutex
	members map[string]*Platform // by workspace
	tokens  map[string]*tokens   // by installation
}

// NewWorkspaces makes them. With a BotToken its workspace is served beside those that are
// installed. Errors, in words for an operator: a setting is missing or of no use.
func NewWorkspaces(cfg Config) (*Workspaces, error) {
	cfg = cfg.filledIn()
	apiURL, err := checkAddress(cfg.APIURL)
	if err := errors.Join(checkClient(cfg), err); err != nil {
		return nil, err
	}
	w := &Workspaces{cfg: cfg, apiURL: apiURL, log: cfg.Log.With("platform", "slack"), web: cfg.HTTP, members: map[string]*Platform{}, tokens: map[string]*tokens{}}
	bare := cfg
	bare.BotToken = ""
	w.front = build(bare, apiURL)
	w.front.install = w.InstallURL()
	w.front.lost = func(error) {} // it has no token
	if cfg.BotToken != "" {
		w.home = w.share(build(cfg, apiURL))
	}
	return w, nil
}

func checkClient(cfg Config) error {
	var problems []error
	for _, missing := range []struct{ name, value, where string }{
		{"SLACK_CLIENT_ID", cfg.ClientID, "Basic Information, App Credentials"},
		{"SLACK_CLIENT_SECRET", cfg.ClientSecret, "Basic Information, App Credentials"},
		{"SLACK_SIGNING_SECRET", cfg.SigningSecret, "Basic Information, App Credentials"},
	} {
		if missing.value == "" {
			problems = append(problems, fmt.Errorf("%s is missing. To serve every workspace that installs the app, copy it from api.slack.com/apps, %s", missing.name, missing.where))
		}
	}
	if cfg.AppToken != "" {
		problems = append(problems, errors.New("SLACK_APP_TOKEN is for one workspace over Socket Mode, and SLACK_CLIENT_ID for many over HTTP. Leave one of them out"))
	}
	if cfg.BotToken != "" {
		one := cfg
		one.AppToken = ""
		problems = append(problems, checkTokens(one))
	}
	return errors.Join(problems...)
}

// share gives a member what all workspaces have together.
func (w *Workspaces) share(p *Platform) *Platform {
	p.notes, p.tasks, p.posted, p.pages, p.install = w.front.notes, w.front.tasks, w.front.posted, w.front.pages, w.front.install
	return p
}

// Name is "slack".
func (w *Workspaces) Name() string { return "slack" }

// Run looks after the installations until ctx ends, and returns nil then. What people do
// comes to the Handler. Any other error is for an operator.
func (w *Workspaces) Run(ctx context.Context, b *bot.Bot) error {
	if w.running.Swap(true) {
		return errors.New("slack: Run was called twice")
	}
	defer w.running.Store(false)
	defer w.front.drained(ctx)
	w.bot.Store(b)
	w.front.knows.Do(func() { close(w.front.ready) })
	ctx, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	if w.home != nil {
		beside.Go(func() { w.keepHome(ctx, b) })
	}
	beside.Go(func() { w.front.noteHeard(ctx) })
	return w.look(ctx)
}

// keepHome serves the workspace of the bot token. When that ends, the others go on.
func (w *Workspaces) keepHome(ctx context.Context, b *bot.Bot) {
	for failed := 0; ; failed++ {
		err := w.home.Run(ctx, b)
		if err == nil || ctx.Err() != nil {
			return
		}
		wait := adapter.Backoff(30*time.Second, 30*time.Minute, failed)
		w.log.ErrorContext(ctx, "the workspace of SLACK_BOT_TOKEN is not served, and the others go on; it is tried again", "error", err, "in", wait)
		if adapter.Sleep(ctx, wait) != nil {
			return
		}
	}
}

// look asks Slack about one installation after the other, so that one that has ended
// while nobody told is noticed.
func (w *Workspaces) look(ctx context.Context) error {
	every := time.NewTicker(w.front.checkEvery)
	defer every.Stop()
	var round []Installation
	for first := true; ; first = false {
		if len(round) == 0 {
			all, err := w.cfg.Installations.Installations(ctx)
			switch {
			case err != nil && ctx.Err() == nil:
				w.log.WarnContext(ctx, "which workspaces the app is installed in cannot be read", "error", err)
			case first && err == nil:
				w.log.InfoContext(ctx, "serving the workspaces that the app is installed in", "installations", len(all))
			}
			round = all
		}
		w.keepUnkept(ctx)
		if len(round) == 0 {
			w.heardNow() // there is nobody to hear
		} else {
			i := round[0]
			round = round[1:]
			w.checkOne(ctx, i)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
	}
}

// checkOne asks Slack whether it still knows an installation.
func (w *Workspaces) checkOne(ctx context.Context, i Installation) {
	teams := i.workspaces()
	if len(teams) == 0 {
		return
	}
	p := w.member(teams[0], i)
	p.checkToken(ctx)
	if at := p.heard.Load(); at > w.front.heard.Load() {
		w.front.heard.Store(at)
	}
}

// keepUnkept keeps tokens that the store would not take when they came.
func (w *Workspaces) keepUnkept(ctx context.Context) {
	w.mu.Lock()
	var waiting []*tokens
	for _, t := range w.tokens {
		if t.waits() {
			waiting = append(waiting, t)
		}
	}
	w.mu.Unlock()
	for _, t := range waiting {
		t.keep(ctx, t.current())
	}
}

func (w *Workspaces) heardNow() { w.front.heard.Store(time.Now().Unix()) }

// Heard is when Slack was last heard: by what people did in some workspace, or by asking.
func (w *Workspaces) Heard() time.Time {
	at := w.front.Heard()
	if w.home != nil && w.home.Heard().After(at) {
		at = w.home.Heard()
	}
	return at
}

// Handler takes what Slack sends for all workspaces, see [Platform.Handler].
func (w *Workspaces) Handler(b *bot.Bot) http.Handler {
	w.bot.Store(b)
	take := w.front.handler(b, w)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { take.ServeHTTP(rw, r) })
}

// here is a member that this process has met.
func (w *Workspaces) here(a addressed) *Platform {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, team := range a.teams {
		if w.home != nil && w.home.me().team == team {
			return w.home
		}
		if p := w.members[team]; p != nil {
			return p
		}
	}
	return nil
}

// find looks for the installation among those that are kept.
func (w *Workspaces) find(ctx context.Context, a addressed) (*Platform, error) {
	if w.home != nil { // it may be known in a moment
		select {
		case <-w.home.ready:
		case <-ctx.Done():
		}
		if p := w.here(a); p != nil {
			return p, nil
		}
	}
	for _, team := range a.teams {
		if p, err := w.installed(ctx, team, team); p != nil || err != nil {
			return p, err
		}
	}
	if a.enterprise == "" || len(a.teams) == 0 {
		return nil, errStranger
	}
	p, err := w.installed(ctx, a.enterprise, a.teams[0])
	if p == nil && err == nil {
		return nil, errStranger
	}
	return p, err
}

// installed is a workspace by the installation with a key, nil when there is none.
func (w *Workspaces) installed(ctx context.Context, key, team string) (*Platform, error) {
	i, err := w.cfg.Installations.Installation(ctx, key)
	if err != nil || i == nil {
		return nil, err
	}
	if i.Team == "" && !slices.Contains(i.Teams, team) {
		if err := w.cfg.Installations.ChangeInstallation(ctx, key, func(have *Installation) *Installation {
			if have == nil {
				return nil
			}
			return new(have.met(team))
		}); err != nil {
			return nil, err
		}
	}
	return w.member(team, *i), nil
}

// member is a workspace by its installation.
func (w *Workspaces) member(team string, i Installation) *Platform {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.members[team]; p != nil {
		return p
	}
	t := w.tokens[i.Key()]
	if t == nil {
		t = &tokens{key: i.Key(), kept: w.cfg.Installations, refresh: w.refreshed, own: i}
		w.tokens[i.Key()] = t
	}
	cfg := w.cfg
	cfg.BotToken = "xoxb-installed" // stands for the token of the moment, see cure
	p := w.share(build(cfg, w.apiURL))
	p.tokens, p.self, p.ids = t, identity{team: team, user: i.BotUser}, ids(team)
	if i.Bare {
		p.ids = ""
	}
	p.lost = func(err error) { w.front.start(func(ctx context.Context) { w.ended(ctx, i.Key(), err) }) }
	p.knows.Do(func() { close(p.ready) })
	w.members[team] = p
	return p
}

// ended is told that Slack takes an installation's token no more. It alone ends, unless
// somebody has installed the app again meanwhile.
func (w *Workspaces) ended(ctx context.Context, key string, why error) {
	w.mu.Lock()
	t := w.tokens[key]
	w.mu.Unlock()
	if t == nil {
		return // it has ended already
	}
	used := t.current().Token
	var gone, newer *Installation
	err := w.cfg.Installations.ChangeInstallation(ctx, key, func(have *Installation) *Installation {
		gone, newer = nil, nil
		if have != nil && have.Token != used {
			newer = have
			return have
		}
		gone = have
		return nil
	})
	switch {
	case err != nil:
		w.log.ErrorContext(ctx, "an installation has ended, which could not be kept; it is looked at again", "error", err)
		return
	case newer != nil:
		t.adopt(*newer, false)
		return
	}
	w.forget(key)
	if gone == nil {
		return // another copy has seen to it
	}
	w.log.WarnContext(ctx, "the app is installed there no more", "installation", key, "name", gone.Name, "error", why)
	for _, team := range gone.workspaces() {
		w.bot.Load().Removed(ctx, "slack/"+team)
	}
}

// forget takes an installation and its workspaces out of the house.
func (w *Workspaces) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := w.tokens[key]
	delete(w.tokens, key)
	for team, p := range w.members {
		if p.tokens == gone {
			delete(w.members, team)
		}
	}
}

// of is the workspace that an ID is in. The error is [bot.ErrUnreachable] when it is not
// installed any more.
func (w *Workspaces) of(ctx context.Context, id string) (*Platform, error) {
	team := workspaceIn(id)
	if team == "" {
		return w.bare(ctx)
	}
	p, err := w.ofTeam(ctx, team)
	if errors.Is(err, errStranger) {
		return nil, fmt.Errorf("%w: %w", bot.ErrUnreachable, err)
	}
	return p, err
}

// ofTeam is a workspace by its id. Errors are those of find.
func (w *Workspaces) ofTeam(ctx context.Context, team string) (*Platform, error) {
	a := addressed{teams: []string{team}}
	if p := w.here(a); p != nil {
		return p, nil
	}
	p, err := w.installed(ctx, team, team)
	if p != nil || err != nil {
		return p, err
	}
	all, err := w.cfg.Installations.Installations(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if i.Team == "" && slices.Contains(i.Teams, team) {
			return w.member(team, i), nil
		}
	}
	return nil, errStranger
}

// bare is the workspace whose people and rooms are named without it.
func (w *Workspaces) bare(ctx context.Context) (*Platform, error) {
	if w.home != nil {
		return w.home, nil
	}
	all, err := w.cfg.Installations.Installations(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if i.Bare {
			return w.member(i.Team, i), nil
		}
	}
	return nil, fmt.Errorf("%w: %w", bot.ErrUnreachable, errStranger)
}

// Send posts a message in the workspace that its address is in, see [Platform.Send].
func (w *Workspaces) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if o.To.Platform() != "slack" {
		return bot.Posted{}, errors.New("slack: the address is not of this platform")
	}
	p, err := w.of(ctx, cmp.Or(o.To.Person, o.To.Room))
	if err != nil {
		return bot.Posted{}, err
	}
	return p.Send(ctx, o)
}

// Edit replaces what a posted message says, see [Platform.Edit].
func (w *Workspaces) Edit(ctx context.Context, posted bot.Posted, m bot.Message) error {
	p, err := w.of(ctx, posted.Room)
	if err != nil {
		return err
	}
	return p.Edit(ctx, posted, m)
}

// WorkspaceOf is the workspace that a room is in, installed or not. Errors are those of
// [bot.Placed].
func (w *Workspaces) WorkspaceOf(ctx context.Context, room string) (string, error) {
	if team := workspaceIn(room); team != "" && isChannel(account(room)) {
		return "slack/" + team, nil
	}
	p, err := w.of(ctx, room)
	if err != nil {
		return "", err
	}
	return p.WorkspaceOf(ctx, room)
}

// Standing is how somebody stands to a channel of their own workspace, see
// [Platform.Standing]. In any other they are not.
func (w *Workspaces) Standing(ctx context.Context, workspace, room, person string) bot.Standing {
	p, err := w.of(ctx, person)
	switch {
	case errors.Is(err, bot.ErrUnreachable):
		return bot.Gone
	case err != nil:
		return bot.Unsaid
	case room != "" && workspaceIn(room) != workspaceIn(person):
		return bot.Gone
	case room == "" && workspace != "" && workspace != "slack/"+p.me().team:
		return bot.Gone
	}
	return p.Standing(ctx, workspace, room, person)
}

// FindRole is a user group of a workspace, see [Platform.FindRole].
func (w *Workspaces) FindRole(ctx context.Context, workspace, said string) (id, name string, err error) {
	p, err := w.ofTeam(ctx, bot.Account(workspace))
	if err != nil {
		return "", "", err
	}
	return p.FindRole(ctx, workspace, said)
}

// HasRole says whether somebody is in a user group of their own workspace, see
// [Platform.HasRole].
func (w *Workspaces) HasRole(ctx context.Context, workspace, role, person string) (bool, error) {
	p, err := w.of(ctx, person)
	if err != nil {
		return false, err
	}
	if workspace != "slack/"+p.me().team {
		return false, nil
	}
	return p.HasRole(ctx, workspace, role, person)
}

// Forget has Slack asked anew about a person, see [Platform.Forget].
func (w *Workspaces) Forget(person string) {
	if p := w.here(addressed{teams: []string{workspaceIn(person)}}); p != nil {
		p.Forget(person)
	} else if workspaceIn(person) == "" && w.home != nil {
		w.home.Forget(person)
	}
}

// some is a workspace that can be asked something that is the same for all; nil when
// there is none.
func (w *Workspaces) some() *Platform {
	if w.home != nil {
		return w.home
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.members {
		return p
	}
	return nil
}

// Clock is how this machine's clock compared with Slack's at its last answer.
func (w *Workspaces) Clock() (ahead time.Duration, at time.Time) {
	if p := w.some(); p != nil {
		return p.Clock()
	}
	return 0, time.Time{}
}

// AskClock asks Slack for an answer, whose header says the time.
func (w *Workspaces) AskClock(ctx context.Context) error {
	if p := w.some(); p != nil {
		return p.AskClock(ctx)
	}
	return errors.New("slack: the app is installed nowhere yet")
}

// maxChecked is how many installations are examined one by one.
const maxChecked = 20

// Check looks at where the app can be installed, at each installation, and at each of
// the rooms, see [Platform.Check].
func (w *Workspaces) Check(ctx context.Context, table []bot.Command, rooms ...string) []bot.Finding {
	out := []bot.Finding{{OK: true, Say: "Workspaces install the app at " + w.InstallURL()}}
	if w.home != nil {
		own := slices.DeleteFunc(slices.Clone(rooms), func(room string) bool { return workspaceIn(room) != "" })
		out = append(out, w.home.Check(ctx, table, own...)...)
	}
	if w.cfg.Installations == nil {
		return append(out, bot.Finding{OK: true, Say: "Which workspaces the app is installed in stands in the store, which cannot be looked into while the bot runs, nor before its first start."})
	}
	all, err := w.cfg.Installations.Installations(ctx)
	if err != nil {
		return append(out, bot.Finding{Say: "Which workspaces the app is installed in cannot be read: " + err.Error(), Do: "See to the store first."})
	}
	out = append(out, bot.Finding{OK: true, NotYet: len(all) == 0, Say: fmt.Sprintf("The app is installed in %d places.", len(all))})
	for n, i := range all {
		if n == maxChecked {
			out = append(out, bot.Finding{OK: true, Say: fmt.Sprintf("The other %d are not looked at.", len(all)-n)})
			break
		}
		if teams := i.workspaces(); len(teams) > 0 {
			out = append(out, w.member(teams[0], i).checkInstalled(ctx, i)...)
		}
	}
	for _, room := range rooms {
		if team := workspaceIn(room); team != "" {
			if p, err := w.ofTeam(ctx, team); err == nil {
				out = append(out, p.checkRoom(ctx, room))
			} else {
				out = append(out, bot.Finding{Room: room, Say: "The app is not installed any more where the channel " + account(room) + " is.", Do: "Install it there again: " + w.InstallURL()})
			}
		}
	}
	return append(out, w.front.notes.CheckHeard(ctx, "Slack")...)
}

// checkInstalled asks Slack about one installation, and changes nothing: a token that is
// over is changed by the bot that runs.
func (p *Platform) checkInstalled(ctx context.Context, i Installation) []bot.Finding {
	name := cmp.Or(i.Name, i.Key())
	if i.Refresh != "" && time.Now().After(i.Expires) {
		return []bot.Finding{{OK: true, Say: "The token of " + name + " is over; the next one is fetched when it is used."}}
	}
	if _, err := p.api.AuthTestContext(ctx); err != nil {
		return []bot.Finding{{Say: "Slack does not take the token of " + name + ": " + err.Error(), Do: "If it is not taken for long, somebody there has to install the app again: " + p.install}}
	}
	var out []bot.Finding
	for _, f := range p.checkScopes() {
		if !f.OK {
			f.Say, f.Do = "In "+name+": "+f.Say, "Somebody there has to install the app again: "+p.install
			out = append(out, f)
		}
	}
	return append(out, bot.Finding{OK: true, Say: "Slack takes the token of " + name + "."})
}
