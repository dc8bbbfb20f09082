package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"village/bot/console"
	"village/bot/web"
	"village/content"
	"village/internal/store"
	"village/scheduler"
)

// serve runs every platform whose settings are present; with none, the console.
func (p *program) serve(ctx context.Context, args []string) error {
	f := p.flags("", "[-json] [-moderators a,b] [-anew]")
	anew := f.Bool("anew", false, "begin with what is there, or with nothing, although more was kept before")
	asJSON := f.Bool("json", false, "the console prints one JSON object a line")
	moderators := f.String("moderators", "you,mod", "who moderates in the console, apart by commas")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	log, err := p.logger()
	if err != nil {
		return err
	}
	if p.environ != nil {
		for _, said := range misspelt(p.environ()) {
			log.Warn(said)
		}
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	for _, t := range library.Overdue(time.Now()) {
		log.Warn("an answer is overdue for review", "topic", t.ID, "review_by", t.ReviewBy.Format(time.DateOnly))
	}
	if library.WordsAlone() {
		log.Warn("built without the sentence encoder: questions are found by their words alone")
	}
	o, err := p.open(ctx, *anew, log)
	if err != nil {
		return err
	}
	ctx, done := o.attend(ctx)
	err = p.talk(ctx, o, library, console.Config{JSON: *asJSON, Moderators: split(*moderators), Now: time.Now})
	return errors.Join(err, done())
}

// talk runs every platform whose settings are present; with none, the console.
func (p *program) talk(ctx context.Context, o *opened, library *content.Library, inConsole console.Config) error {
	s, keys, log := o.Store, o.keys, o.log
	shared := func(platform string) *copies { return newCopies(s, keys, time.Now, platform, o.holder) }
	platforms, err := p.connections(shared, log)
	if err != nil {
		return err
	}
	if len(platforms) == 0 {
		if err := p.someoneThere(); err != nil {
			return err
		}
		return p.runConsole(ctx, s, o.where, library, keys, inConsole, log)
	}
	names, err := p.withPages(log)
	if err != nil {
		return err
	}
	for _, c := range platforms {
		names = append(names, c.Platform)
	}
	a, err := assemble(s, library, keys, time.Now, rand.Reader, names, log)
	if err != nil {
		return err
	}
	var ready sync.WaitGroup // nobody on a platform is the first to wait for it
	ready.Go(library.Ready)
	defer ready.Wait()
	return p.connect(ctx, a, s, platforms, o.backups.metrics(), log)
}

// connect listens first, then connects and serves until ctx or everything there is to
// serve has ended.
func (p *program) connect(ctx context.Context, a *assembly, s store.Store, platforms []connection, more []prometheus.Collector, log *slog.Logger) error {
	group, ctx := errgroup.WithContext(ctx)
	kept := newKeepers(platforms, p.tryAgain, log)
	if err := p.listen(ctx, group, a, s, platforms, kept, more, log); err != nil {
		return err
	}
	// The platforms outlast the scheduler, which finishes what it has begun to
	// send when the end comes.
	connected, disconnect := context.WithCancel(context.WithoutCancel(ctx))
	defer disconnect()
	for _, one := range kept.all {
		group.Go(func() error { return kept.run(connected, one, a.bot) })
	}
	group.Go(func() error { return a.clock.run(ctx) })
	group.Go(func() error {
		defer disconnect()
		return a.scheduler.Run(ctx)
	})
	return group.Wait()
}

// listen opens the one listener, if there is to be one, before anything else
// is started: an occupied port must stop the program.
func (p *program) listen(ctx context.Context, group *errgroup.Group, a *assembly, s store.Store, platforms []connection, kept *keepers, more []prometheus.Collector, log *slog.Logger) error {
	addr := p.getenv("VILLAGE_LISTEN")
	if addr == "" {
		return nil
	}
	routes := map[string]http.Handler{}
	for _, platform := range platforms {
		if platform.route != "" {
			routes["POST "+platform.route] = platform.handler(a.bot)
		}
		if platform.routes != nil {
			maps.Copy(routes, platform.routes(a.bot))
		}
	}
	if a.pages != nil {
		maps.Copy(routes, a.pages.Routes())
		routes["GET /calendar/{name}"] = web.Calendar(a.app.Agenda)
	}
	shown := slices.Concat([]prometheus.Collector{a.metrics, buildMetric(), overdue(s, time.Now)}, kept.metrics(), a.clock.metrics(), more)
	for _, c := range platforms {
		shown = append(shown, c.metrics...)
	}
	listener := web.New(web.Config{Addr: addr, Log: log, Health: a.clock.health(kept.health(s)), Routes: routes, Metrics: shown})
	if err := listener.Listen(); err != nil {
		return err
	}
	group.Go(func() error { return listener.Run(ctx) })
	return nil
}

// runConsole is one village in the terminal, with two lines of welcome.
func (p *program) runConsole(ctx context.Context, s store.Store, where string, library *content.Library, keys keyring, cfg console.Config, log *slog.Logger) error {
	in, out, restore, err := p.terminal()
	if err != nil {
		return err
	}
	defer restore()
	cfg.Out, cfg.Zone = out, localZone
	c := console.New(cfg)
	names, err := p.withPages(log)
	if err != nil {
		return err
	}
	a, err := assemble(s, library, keys, time.Now, rand.Reader, append(names, c), log)
	if err != nil {
		return err
	}
	if err := a.app.Start(ctx, console.Workspace, console.Name+"/village", "village", localZone()); err != nil {
		return err
	}
	welcome := fmt.Sprintf("Village answers questions, reminds, and finds people to help. Try /faq can I drive home after, or /help. (Kept in %s)\n"+
		"To connect Discord set DISCORD_TOKEN, for Slack SLACK_BOT_TOKEN and SLACK_APP_TOKEN; the README says where to get them.\n", where)
	if cfg.JSON {
		fmt.Fprint(p.stderr, welcome)
	} else {
		fmt.Fprint(out, welcome)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	if err := p.listen(ctx, group, a, s, nil, newKeepers(nil, 0, log), nil, log); err != nil {
		return err
	}
	group.Go(func() error { return a.scheduler.Run(ctx) })
	group.Go(func() error {
		defer cancel() // the end of the input is the end of the program
		for {
			line, err := in(ctx)
			if errors.Is(err, io.EOF) || ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return fmt.Errorf("reading what is typed: %w", err)
			}
			if err := c.Say(ctx, a.bot, line); err != nil {
				return fmt.Errorf("writing the answer: %w", err)
			}
			if err := settle(ctx, a.scheduler, s); err != nil {
				return err
			}
		}
	})
	return group.Wait()
}

// someoneThere is an error where a service runs and has nobody to talk to: no platform
// is set, perhaps by a misspelt setting, and nobody sits at a terminal.
func (p *program) someoneThere() error {
	file, ok := p.stdin.(*os.File)
	if !ok || term.IsTerminal(int(file.Fd())) {
		return nil
	}
	info, err := file.Stat()
	if err == nil && info.Mode()&os.ModeCharDevice == 0 && p.getenv("VILLAGE_LISTEN") == "" {
		return nil // lines come from a pipe or a file
	}
	return errors.New("I have nobody to talk to: neither Discord nor Slack is set, and there is no terminal. " +
		"Set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN (look for a misspelt name), or start me in a terminal")
}

// settle delivers what a line has made due. Due times are whole milliseconds,
// rounded up, so that nothing is early: what is due now may be a moment ahead.
func settle(ctx context.Context, deliveries *scheduler.Scheduler, s store.Store) error {
	const moment = 5 * time.Millisecond
	for range 100 { // what is delivered may make something else due, and so on
		if _, err := deliveries.Tick(ctx); err != nil {
			return err
		}
		due, ok, err := s.NextDue(ctx)
		if err != nil || !ok || time.Until(due) > moment {
			return err
		}
		select {
		case <-time.After(max(time.Until(due), time.Millisecond)):
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// terminal is a prompt with history where there is a terminal, and plain lines
// where there is none. The reader's error is io.EOF at the end.
func (p *program) terminal() (read func(context.Context) (string, error), out io.Writer, restore func(), err error) {
	inFile, isFile := p.stdin.(*os.File)
	outFile, outIsFile := p.stdout.(*os.File)
	if isFile && outIsFile && term.IsTerminal(int(inFile.Fd())) && term.IsTerminal(int(outFile.Fd())) {
		before, err := term.MakeRaw(int(inFile.Fd()))
		if err != nil {
			return nil, nil, nil, fmt.Errorf("preparing the terminal: %w", err)
		}
		t := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{inFile, outFile}, "> ")
		restore := func() { _ = term.Restore(int(inFile.Fd()), before) } // nothing left to do about it
		return func(context.Context) (string, error) { return t.ReadLine() }, t, restore, nil
	}
	return lines(p.stdin), p.stdout, func() {}, nil
}

// maxLine is the longest line read; more of it is cut off and answered as too
// long by the bot.
const maxLine = 64 << 10

// lines reads line by line, and stops waiting when ctx ends.
func lines(r io.Reader) func(context.Context) (string, error) {
	type read struct {
		line string
		err  error
	}
	ch := make(chan read)
	var started atomic.Bool
	return func(ctx context.Context) (string, error) {
		if !started.Swap(true) {
			go func() {
				in := bufio.NewReaderSize(r, maxLine)
				for {
					line, err := readLine(in)
					select {
					case ch <- read{line, err}:
					case <-ctx.Done():
						return
					}
					if err != nil {
						return
					}
				}
			}()
		}
		select {
		case got := <-ch:
			return got.line, got.err
		case <-ctx.Done():
			return "", io.EOF
		}
	}
}

// readLine reads one line, however long, and keeps its first maxLine bytes.
func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	kept := string(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && kept != "" {
		return kept, nil
	}
	return kept, err
}

// localZone is this machine's time zone, where its name can be found out, and
// UTC elsewhere.
func localZone() *time.Location {
	name := os.Getenv("TZ")
	if name == "" {
		if link, err := os.Readlink("/etc/localtime"); err == nil {
			_, name, _ = strings.Cut(link, "zoneinfo/")
		}
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	return zone
}

func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
