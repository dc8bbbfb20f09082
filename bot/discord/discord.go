// Package discord is the bot on Discord: the table becomes slash commands, forms
// become modals, replies are seen by the person who asked and nobody else.
//
// Promised: every interaction is answered within Discord's three seconds or put
// off in time; nobody is pinged who is not named in Message.Notify; what people
// say to each other is not read (the message-content intent is not asked for);
// a connection that died, hangs or was refused is replaced, and what cannot be
// mended ends Run with a sentence for the operator; several processes divide the
// shards among themselves (see Leases), and whoever takes a shard over takes up
// its session where it was left, as long as Discord knows it; when it does not any
// more, the conversations with the bot are looked into for what was said meanwhile.
// Not promised: that a room is read in which the bot was named while nobody was
// connected for longer than that.
package discord

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"village/bot"
	"village/bot/adapter"
)

// Name is the platform's name, the part of IDs before the slash.
const Name = "discord"

// Config says how to reach Discord. Token is required; everything else has a
// default.
type Config struct {
	// Token is the bot's token, with or without "Bot " in front.
	Token string
	// AppID is checked against the token's application when it is given.
	AppID string
	// PublicKey is the application's key in hexadecimal, for interactions over
	// HTTP. It is checked against the token's application too.
	PublicKey string
	// APIURL stands in for https://discord.com.
	APIURL string
	HTTP   *http.Client
	Log    *slog.Logger
	// State is shared among copies that serve the same application. Without one,
	// this process remembers by itself.
	State adapter.State
	// Leases divides Discord's shards among several processes. Without it, all
	// shards are this process's.
	Leases Leases
	// OverHTTP says that interactions come to Handler. The gateway is connected all the
	// same: words in direct messages come nowhere else.
	OverHTTP bool

	// AnswerWithin is how long Discord waits for an interaction's first answer:
	// three seconds when zero. What stands in for Discord may wait longer.
	AnswerWithin time.Duration
	// DeferAfter is how long a command may take before the person is told that
	// an answer is coming: half of AnswerWithin when zero, and never more than
	// half a second less than all of it.
	DeferAfter time.Duration
	// Backoff is the first wait before something is tried again; 500 ms when zero.
	Backoff time.Duration
	// Patience is how long Discord may take to begin a session on a new connection;
	// 20 s when zero. To greet it, Discord has two fifths of that.
	Patience time.Duration
	// AskEvery is how often Discord is asked whether it still knows the bot; a minute
	// when zero.
	AskEvery time.Duration
	// RosterFor is how long it is remembered that somebody may see a channel; ten minutes
	// when zero.
	RosterFor time.Duration
	// Lease is how long a shard stays with a process that was killed; 15 s when
	// zero.
	Lease time.Duration
}

// Platform is the bot's presence on Discord. It is safe for use by many
// goroutines.
type Platform struct {
	cfg   Config
	api   *api
	notes *adapter.Notebook
	dms   *adapter.Memory[string] // direct-message channels by person
	uses  *adapter.Memory[used]   // what people last did in a room, by person
	// roster is how people stand to channels, places what was seen of these and of
	// their servers.
	roster *adapter.Memory[bot.Standing]
	// roles are those of people, by server and person, and lent what servers let people use
	// (see letIn).
	roles   *adapter.Memory[[]string]
	lent    *adapter.Memory[lending]
	places  *adapter.Memory[place]
	log     *slog.Logger
	key     ed25519.PublicKey
	tasks   *adapter.Tasks
	talks   conversations
	pages   bot.Pages[[]message]
	running atomic.Bool

	mu    sync.Mutex
	appID string
	self  string // the bot's own user, and its name
	name  string
	// table is what the bot understands, and listed what Discord lists of it.
	table, listed []bot.Command
	link          Link
	// known is when Discord last said that it knows the bot, other than by a heartbeat.
	known time.Time
	// linked are this process's shards, and whether they are connected.
	linked map[int]bool
}

// Link is how the connection to Discord's gateway is doing: all shards of this
// process together.
type Link struct {
	Connected bool
	// Since is when it last became connected or stopped being so; LastHeard when
	// Discord last confirmed a heartbeat. Both are zero before the first time.
	Since, LastHeard time.Time
	// Shards are those that this process serves, in their order.
	Shards []int
}

// New checks the configuration. Its errors are words for an operator.
func New(cfg Config) (*Platform, error) {
	cfg.Token = strings.TrimPrefix(strings.TrimSpace(cfg.Token), "Bot ")
	if cfg.Token == "" || strings.ContainsAny(cfg.Token, " \t\r\n") {
		return nil, errors.New("DISCORD_TOKEN is empty or has a space in it: copy the bot's token again from the Developer Portal, under Bot")
	}
	if cfg.AppID != "" && !isSnowflake(cfg.AppID) {
		return nil, errors.New("DISCORD_APP_ID should be the application's number, as the Developer Portal shows it under General Information")
	}
	key, err := publicKey(cfg.PublicKey)
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	if u, err := url.Parse(cfg.APIURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("DISCORD_API_URL should be an address such as https://discord.com")
	}
	return &Platform{
		cfg: cfg, api: newAPI(cfg), log: cfg.Log, key: key,
		notes: adapter.NewNotebook(maxRemembered, cfg.State, handlerTime), dms: adapter.NewMemory[string](maxKnownDMs), uses: adapter.NewMemory[used](maxUses),
		roster: adapter.NewMemory[bot.Standing](maxRoster), roles: adapter.NewMemory[[]string](maxRoster), lent: adapter.NewMemory[lending](maxPlaces), places: adapter.NewMemory[place](maxPlaces),
		tasks: adapter.NewTasks(cfg.Log, Name),
		appID: cfg.AppID, name: "Village", linked: map[int]bool{},
	}, nil
}

// withDefaults fills in what was left open.
func (cfg Config) withDefaults() Config {
	or := func(d, usual time.Duration) time.Duration { return cmp.Or(max(d, 0), usual) }
	cfg.APIURL = cmp.Or(cfg.APIURL, "https://discord.com")
	cfg.HTTP = cmp.Or(cfg.HTTP, &http.Client{})
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	cfg.AnswerWithin = or(cfg.AnswerWithin, 3*time.Second)
	cfg.DeferAfter = min(or(cfg.DeferAfter, cfg.AnswerWithin/2), cfg.AnswerWithin-500*time.Millisecond)
	cfg.Backoff = or(cfg.Backoff, 500*time.Millisecond)
	cfg.Lease = or(cfg.Lease, 15*time.Second)
	cfg.AskEvery = or(cfg.AskEvery, time.Minute)
	cfg.Patience = or(cfg.Patience, 20*time.Second)
	cfg.RosterFor = or(cfg.RosterFor, rosterFor)
	return cfg
}

func publicKey(s string) (ed25519.PublicKey, error) {
	if s == "" {
		return nil, nil
	}
	key, err := hex.DecodeString(strings.TrimSpace(s))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("DISCORD_PUBLIC_KEY should be %d hexadecimal digits, as the Developer Portal shows it under General Information", 2*ed25519.PublicKeySize)
	}
	return key, nil
}

// Name is "discord".
func (p *Platform) Name() string { return Name }

// Link is the present state of the connection.
func (p *Platform) Link() Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	link := p.link
	link.Shards = slices.Sorted(maps.Keys(p.linked))
	return link
}

// Heard is when Discord was last heard: the last heartbeat that it confirmed, and where
// this process has no connection, the last answer that it knows the bot. It is zero
// before the first time, and stays when a connection is lost.
func (p *Platform) Heard() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(p.linked) == 0:
		return p.known
	case p.link.Connected || p.link.Since.IsZero():
		return p.link.LastHeard
	case p.link.Since.Before(p.link.LastHeard): // of another shard
		return p.link.Since
	}
	return p.link.LastHeard
}

// drainTime is how long Run waits for answers that are under way when it ends.
const drainTime = 5 * time.Second

// Run registers the commands if they changed, connects, and answers people until
// ctx ends. When it has ended by itself, it may be called again.
func (p *Platform) Run(ctx context.Context, b *bot.Bot) error {
	if p.running.Swap(true) {
		return errors.New("discord: Run was called twice")
	}
	defer p.running.Store(false)
	err := p.run(ctx, p.tasks.Context(), b)
	if ctx.Err() == nil {
		return err // what came over HTTP may still be answered
	}
	// People who asked just before the end still get their answers.
	p.tasks.Drain(drainTime)
	return nil
}

func (p *Platform) run(ctx, work context.Context, b *bot.Bot) error {
	p.spell(b.Table())
	if err := p.whoAmI(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return p.keepTrying(ctx, "registering the commands", func() error { return p.register(ctx, b.Table()) })
	})
	g.Go(func() error { return p.keepAsking(ctx) })
	g.Go(func() error {
		return newFleet(p, func(name string, data json.RawMessage, late bool) { p.event(work, b, name, data, late) }).run(ctx)
	})
	return g.Wait()
}

// keepAsking asks Discord again and again whether it still knows the bot. Where the
// bot has no connection, nobody else would notice that its token was reset.
func (p *Platform) keepAsking(ctx context.Context) error {
	for {
		if adapter.Sleep(ctx, p.cfg.AskEvery) != nil {
			return nil
		}
		switch _, err := p.application(ctx); {
		case statusOf(err) == http.StatusUnauthorized:
			return errBadToken
		case err == nil:
			p.mu.Lock()
			p.known = time.Now()
			p.mu.Unlock()
		}
	}
}

// whoAmI learns which application the token belongs to, and that Discord takes
// the token at all.
func (p *Platform) whoAmI(ctx context.Context) error {
	app, err := application{}, error(nil)
	err = p.keepTrying(ctx, "asking Discord who I am", func() error {
		app, err = p.application(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if p.cfg.AppID != "" && p.cfg.AppID != app.ID {
		return fmt.Errorf("DISCORD_APP_ID is %s, but DISCORD_TOKEN belongs to the application %s: correct one of them", p.cfg.AppID, app.ID)
	}
	if p.cfg.PublicKey != "" && app.VerifyKey != "" && !strings.EqualFold(strings.TrimSpace(p.cfg.PublicKey), app.VerifyKey) {
		return errors.New("DISCORD_PUBLIC_KEY is not the key of the application that DISCORD_TOKEN belongs to: copy it again from the Developer Portal")
	}
	p.mu.Lock()
	p.appID, p.self, p.known = app.ID, app.Bot.ID, time.Now()
	p.name = cmp.Or(app.Bot.Username, "Village")
	if p.self == "" {
		p.self = app.ID
	}
	p.linked = map[int]bool{} // of an earlier run
	p.mu.Unlock()
	return nil
}

type application struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	VerifyKey string `json:"verify_key"`
	Bot       user   `json:"bot"`
	Endpoint  string `json:"interactions_endpoint_url"`
}

func (p *Platform) application(ctx context.Context) (application, error) {
	var app application
	err := p.api.do(ctx, call{method: http.MethodGet, path: "/applications/@me", route: "GET application", out: &app})
	return app, err
}

// keepTrying repeats until it works, ctx ends (nil), or Discord refuses for good.
func (p *Platform) keepTrying(ctx context.Context, what string, try func() error) error {
	again := func(err error, failed int) (time.Duration, bool) {
		wait, more := adapter.Backoff(p.cfg.Backoff, time.Minute, failed), true
		var later *bot.RetryError
		if errors.As(err, &later) {
			wait = later.After
		} else if status := statusOf(err); status >= 400 && status < 500 {
			more = false
		}
		if more {
			p.log.WarnContext(ctx, "discord: "+what+" did not work yet", "error", err, "again in", wait)
		}
		return wait, more
	}
	switch err := adapter.Insist(ctx, 0, again, try); {
	case err == nil || ctx.Err() != nil:
		return nil
	case statusOf(err) == http.StatusUnauthorized:
		return errBadToken
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

var errBadToken = errors.New("DISCORD_TOKEN is not accepted by Discord: it is mistyped or was reset. Make a new one in the Developer Portal (Bot, Reset Token), set DISCORD_TOKEN, and start again")

// goDo does something beside the rest, and says false when the program is ending. A
// panic ends it, and not the program.
func (p *Platform) goDo(f func()) bool { return p.tasks.Go(func(context.Context) { f() }) }

// panicked logs a panic without its words, which may be somebody's.
func (p *Platform) panicked(ctx context.Context, v any) { adapter.LogPanic(ctx, p.log, Name, v) }

// maxRemembered bounds the memory of one process, in entries of a few hundred bytes.
const maxRemembered = 20_000

// firstAnywhere says that no copy has met a key before. When that cannot be
// told, the person is answered.
func (p *Platform) firstAnywhere(ctx context.Context, key string) bool {
	fresh, err := p.notes.First(ctx, key, seenTime)
	if err != nil {
		p.log.WarnContext(ctx, "discord: cannot tell whether this is new, so it is answered", "error", err)
	}
	return fresh
}
