package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/sealed"
	"village/internal/village"
	"village/internal/village/when"
)

type keyring = *village.Keyring

// rehearse carries out a conversation on a throw-away store and a clock that
// moves only when told.
func (p *program) rehearse(ctx context.Context, args []string) error {
	f := p.flags("rehearse", "rehearse [-now T] [-json] [-tally] [-pictures DIR] [-moderators a,b] [-closed a,b] [FILE]")
	now := f.String("now", "", "when it starts, such as 2026-12-01T09:00:00Z or \"2026-12-01 09:00\" (UTC); the time now when left out")
	asJSON := f.Bool("json", false, "print one JSON object a line")
	counted := f.Bool("tally", false, "print how many messages everybody got on each day, and not the messages")
	pictures := f.String("pictures", "", "write the conversation into this folder as pictures, as Discord and Slack show it, and not print it")
	moderators := f.String("moderators", "mod", "who moderates, apart by commas")
	closed := f.String("closed", "", "channels and people that I cannot write to, apart by commas, such as mods,sam")
	if err := parse(f, args, 0, 1); err != nil {
		return err
	}
	start := time.Now().UTC().Truncate(time.Minute)
	if *now != "" {
		var err error
		if start, err = parseNow(*now); err != nil {
			return errUsage{err}
		}
	}
	in := p.stdin
	if f.NArg() == 1 {
		file, err := os.Open(f.Arg(0))
		if err != nil {
			return errUsage{fmt.Errorf("the conversation cannot be read: %w", err)}
		}
		defer file.Close()
		in = file
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	clock := &clock{now: start}
	s, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	cfg := console.Config{Out: p.stdout, JSON: *asJSON, Moderators: split(*moderators), Closed: split(*closed)}
	if *counted {
		return tallyOf(ctx, s, library, clock, cfg, in)
	}
	if *pictures != "" {
		return drawnOf(ctx, s, library, clock, cfg, in, *pictures)
	}
	r, err := newRehearsal(ctx, s, library, clock, cfg)
	if err != nil {
		return err
	}
	return r.play(ctx, in)
}

// drawnOf plays a conversation and writes it as pictures, with a page that shows them.
func drawnOf(ctx context.Context, s store.Store, library *content.Library, clock *clock, cfg console.Config, in io.Reader, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return errUsage{err}
	}
	out := cfg.Out
	var words strings.Builder
	cfg.Out, cfg.JSON = &words, false
	r, film, err := filmedRehearsal(ctx, s, library, clock, cfg)
	if err != nil {
		return err
	}
	if err := r.play(ctx, in); err != nil {
		return err
	}
	columns, err := film.pictures(dir, "", r.parts.bot.Table())
	if err != nil {
		return err
	}
	page := album{Title: "A conversation", About: "As it is shown on both platforms.", Pages: []albumPageOf{{ID: "conversation", Columns: columns, Words: words.String()}}}
	if err := page.write(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Pictures: %d. Open %s in a browser.\n", len(columns[0].Files)+len(columns[1].Files), filepath.Join(dir, "index.html"))
	return err
}

// filmedRehearsal is a rehearsal that is filmed from its first line.
func filmedRehearsal(ctx context.Context, s store.Store, library *content.Library, clock *clock, cfg console.Config) (*rehearsal, *reel, error) {
	var r *rehearsal
	film := newReel(clock.Now, func() *time.Location { return r.console.Zone() })
	cfg.Shown = film.shown
	r, err := newRehearsal(ctx, s, library, clock, cfg)
	if err != nil {
		return nil, nil, err
	}
	r.heard = film.said
	return r, film, nil
}

// tallyOf plays a conversation and prints what came of it, counted.
func tallyOf(ctx context.Context, s store.Store, library *content.Library, clock *clock, cfg console.Config, in io.Reader) error {
	out := cfg.Out
	t, err := counted(ctx, s, library, clock, cfg, in)
	if err != nil {
		return err
	}
	return t.print(out)
}

// counted plays a conversation, prints nothing, and counts.
func counted(ctx context.Context, s store.Store, library *content.Library, clock *clock, cfg console.Config, in io.Reader) (*tally, error) {
	var r *rehearsal
	t := newTally()
	cfg.Out = io.Discard
	cfg.Printed = func(m console.Message) { t.add(m, clock.Now().In(r.console.Zone())) }
	r, err := newRehearsal(ctx, s, library, clock, cfg)
	if err != nil {
		return nil, err
	}
	return t, r.play(ctx, in)
}

// parseNow reads the start of a rehearsal.
func parseNow(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("-now %q is not a time I can read. For example: -now 2026-12-01T09:00:00Z", s)
}

// clock is one that moves only when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// rehearsal is a console, a store and a clock.
type rehearsal struct {
	clock   *clock
	store   store.Store
	console *console.Console
	parts   *assembly
	// workspace is where the conversation takes place.
	workspace string
	// heard is told of each line before it is carried out, unless it is nil.
	heard func(line string)
}

// newRehearsal puts one together. Its ids are the same at every run, so that a
// conversation can be written down. A platform takes the place of the console's own of its
// name.
func newRehearsal(ctx context.Context, s store.Store, library *content.Library, clock *clock, cfg console.Config, instead ...bot.Platform) (*rehearsal, error) {
	s, err := sealed.Open(ctx, s, rehearsalKeys())
	if err != nil {
		return nil, err
	}
	var parts *assembly
	cfg.Now = clock.Now
	cfg.Zone = func() *time.Location {
		zone, err := parts.app.Zone(ctx, console.Workspace)
		if err != nil {
			return time.UTC // only what stands before a message; the next command says what is wrong
		}
		return zone
	}
	cfg.OnPage = func(ctx context.Context, who string) (bot.Person, bool, error) {
		return parts.app.OnPage(ctx, console.Workspace, who)
	}
	c := console.New(cfg)
	platforms := append([]bot.Platform{c, console.NewPage(c), console.NewMail(c)}, instead...)
	parts, err = assemble(s, library, rehearsalKeys(), clock.Now, seeded(), platforms, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := parts.app.Start(ctx, console.Workspace, console.Name+"/village", "village", time.UTC); err != nil {
		return nil, err
	}
	return &rehearsal{clock: clock, store: s, console: c, parts: parts, workspace: console.Workspace}, nil
}

// rehearsalKeys seal what a rehearsal keeps to itself.
func rehearsalKeys() keyring {
	keys, err := village.ParseKeyring("cmVoZWFyc2FsIGtleSwgbm8gc2VjcmV0IGF0IGFsbCE=")
	if err != nil {
		panic(err) // it is written above
	}
	return keys
}

// seeded is a source of ids that are the same at every run, safe for use by
// many goroutines.
func seeded() io.Reader { return &lockedReader{r: rand.NewChaCha8([32]byte{})} }

// lockedReader lets many goroutines share a source.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

// play carries out the lines one by one; whatever is due after a line is
// delivered before the next.
func (r *rehearsal) play(ctx context.Context, in io.Reader) error {
	next := lines(in)
	for {
		line, err := next(ctx)
		if errors.Is(err, io.EOF) {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("reading the conversation: %w", err)
		}
		if r.heard != nil {
			r.heard(line)
		}
		if words, isWait := strings.CutPrefix(strings.TrimSpace(line), "wait"); isWait && (words == "" || words[0] == ' ') {
			if err = r.wait(ctx, strings.TrimSpace(words)); err != nil {
				err = r.console.Mistake(err)
			}
		} else {
			err = r.console.Say(ctx, r.parts.bot, line)
		}
		if err == nil {
			err = r.deliver(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// wait moves the clock, stopping at every instant at which something is due.
// Words that are no time are an error for people, and nothing happens.
func (r *rehearsal) wait(ctx context.Context, words string) error {
	target, err := r.waitUntil(ctx, words)
	if err != nil {
		return err
	}
	for {
		due, ok, err := r.store.NextDue(ctx)
		if err != nil {
			return err
		}
		if !ok || due.After(target) {
			r.clock.set(target)
			return nil
		}
		if due.After(r.clock.Now()) {
			r.clock.set(due)
		}
		if err := r.deliver(ctx); err != nil {
			return err
		}
	}
}

func (r *rehearsal) waitUntil(ctx context.Context, words string) (time.Time, error) {
	now := r.clock.Now()
	if until, ok := strings.CutPrefix(words, "until "); ok {
		zone, err := r.parts.app.Zone(ctx, r.workspace)
		if err != nil {
			return now, err
		}
		return when.Moment(strings.TrimSpace(until), now, zone)
	}
	length, err := when.Length(words)
	return now.Add(length), err
}

// deliver sends whatever is due now, and what that in turn makes due.
func (r *rehearsal) deliver(ctx context.Context) error {
	for {
		n, err := r.parts.scheduler.Tick(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// split is a list apart by commas.
func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part != "" {
			out = append(out, part)
		}
	}
	return out
}
