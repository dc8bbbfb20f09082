// Village is a peer-support bot for Discord and Slack: it answers questions,
// sends reminders and finds people to help, for those who go through
// ketamine-assisted psychotherapy and for their villages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata"

	"village/bot"
	"village/bot/mail"
	"village/bot/web"
	"village/content"
	"village/handlers"
	"village/handlers/languages"
	"village/handlers/understand"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/village"
	"village/scheduler"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{getenv: os.Getenv, environ: os.Environ, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // the program failed
	exitUnusable = 2 // flags or files that cannot be used
)

// errUsage marks what is wrong with the command line.
type errUsage struct{ error }

// run is the whole program; its answer is the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	name, rest := "", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, rest = args[0], args[1:]
	}
	if len(args) == 1 && slices.Contains([]string{"-version", "--version"}, args[0]) {
		name, rest = "version", nil
	}
	if name == "" && len(args) == 1 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		name, rest = "help", nil
	}
	i := slices.IndexFunc(subcommands(), func(c subcommand) bool { return c.name == name })
	if i < 0 {
		fmt.Fprintf(p.stderr, "village: there is no command %q. These are there:\n%s", name, subcommandList())
		return exitUnusable
	}
	err := p.begin(ctx, subcommands()[i], rest)
	var usage errUsage
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "village: %v\n", err)
		return exitUnusable
	}
	fmt.Fprintf(p.stderr, "village: %v\n", err)
	return exitFailed
}

// begin runs a subcommand with the settings that stand in files read.
func (p *program) begin(ctx context.Context, c subcommand, args []string) error {
	getenv, err := withFiles(p.getenv)
	if err != nil {
		return errUsage{err}
	}
	p.getenv = getenv
	return c.run(p, ctx, args)
}

// subcommand is one thing the program does; the one without a name is what it
// does when it is told nothing.
type subcommand struct {
	name, args, summary string
	run                 func(*program, context.Context, []string) error
}

func subcommands() []subcommand {
	return []subcommand{
		{"", "[-json] [-moderators a,b] [-anew]", "run every platform whose settings are present; with none, the console", (*program).serve},
		{"rehearse", "[-now T] [-json] [-tally] [-pictures DIR] [FILE]", "play a conversation on a throw-away store and a clock of its own", (*program).rehearse},
		{"faq", "[-json] QUESTION", "what would be answered, and why", (*program).faq},
		{"say", "[-json] [-as WHO] WORDS", "how words are understood", (*program).say},
		{"doctor", "[-health]", "name everything that is wrong or risky", (*program).doctor},
		{"manifest", "slack|discord", "what the platform has to be told about this bot", (*program).manifest},
		{"storybook", "[-o DIR] [NAME...]", "every message the bot can send, to be read, and thirty pages of them in pictures", (*program).storybook},
		{"review", "[-o FILE]", "everything it can answer, with its sources, as a page for a clinician to sign", (*program).review},
		{"backup", "FILE", "write everything to a file", (*program).backup},
		{"restore", "FILE", "read everything from a backup", (*program).restore},
		{"version", "", "which version this is", (*program).version},
		{"help", "", "this list", (*program).help},
	}
}

func subcommandList() string {
	var b strings.Builder
	for _, c := range subcommands() {
		fmt.Fprintf(&b, "  %-42s %s\n", strings.Join(strings.Fields("village "+c.name+" "+c.args), " "), c.summary)
	}
	return b.String()
}

func (p *program) help(_ context.Context, args []string) error {
	if err := parse(p.flags("help", "help"), args, 0, 0); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "Village, a peer-support bot for Discord and Slack.\n\n%s\nSettings are environment variables; village doctor lists them. Behind a command, -h shows its flags.\n", subcommandList())
	return err
}

// version prints the module's version and the revision it was built from, as far
// as the build recorded them.
func (p *program) version(_ context.Context, args []string) error {
	if err := parse(p.flags("version", "version"), args, 0, 0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, "village", buildVersion(debug.ReadBuildInfo()))
	return err
}

func buildVersion(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "of an unknown version"
	}
	words := []string{info.Main.Version}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			words = append(words, "revision "+s.Value)
		case s.Key == "vcs.time":
			words = append(words, "of "+s.Value)
		case s.Key == "vcs.modified" && s.Value == "true":
			words = append(words, "with changes")
		}
	}
	return strings.Join(append(words, info.GoVersion), ", ")
}

// program is what every command has at hand.
type program struct {
	getenv         func(string) string
	environ        func() []string // the whole environment, or nil where nobody looks for misspelt names
	stdin          io.Reader
	stdout, stderr io.Writer
	// answerWithin is how long Discord and Slack wait for a first answer: three
	// seconds when zero. What stands in for them may wait longer.
	answerWithin time.Duration
	// tryAgain is how long after its end a platform is begun anew for the first time:
	// half a minute when zero.
	tryAgain time.Duration
}

func (p *program) flags(name, usage string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	f.Usage = func() {
		fmt.Fprintf(p.stderr, "usage: village %s\n", usage)
		f.PrintDefaults()
	}
	return f
}

// parse reads flags; what is left over must be between least and most words.
func parse(f *flag.FlagSet, args []string, least, most int) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage{err}
	}
	if f.NArg() < least || f.NArg() > most {
		f.Usage()
		return errUsage{fmt.Errorf("%d words after the flags of %s, which takes %d to %d", f.NArg(), f.Name(), least, most)}
	}
	return nil
}

// storeFile is the embedded store in the data folder.
const storeFile = "village.db"

// leaseHold is how long what is due is held by the process that delivers it.
const leaseHold = time.Minute

// dataFolder is where the embedded store and the key are kept.
func (p *program) dataFolder() (string, error) {
	if dir := p.getenv("VILLAGE_DATA"); dir != "" {
		return dir, nil
	}
	if dir := p.getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "village"), nil
	}
	home := p.getenv("HOME")
	if home == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", errors.New("I don't know where to keep my data. Please set VILLAGE_DATA to a folder I may write to")
		}
		return filepath.Join(dir, "village"), nil
	}
	return filepath.Join(home, ".local", "share", "village"), nil
}

// openStore opens Redis when it is set, else the embedded file. What could not
// be checked is said to the operator and does not stop anything.
func (p *program) openStore(ctx context.Context, now func() time.Time) (store.Store, string, error) {
	if url := p.getenv("REDIS_URL"); url != "" {
		s, err := redis.Open(ctx, url, now)
		if err != nil {
			return nil, "", err
		}
		for _, w := range s.Warnings() {
			fmt.Fprintln(p.stderr, "village:", w)
		}
		return s, "Redis", nil
	}
	dir, err := p.dataFolder()
	if err != nil {
		return nil, "", err
	}
	path := filepath.Join(dir, storeFile)
	s, err := bolt.Open(path, now)
	if err != nil {
		return nil, "", err
	}
	return s, path, nil
}

// loadContent reads the embedded content and, over it, the operator's folder.
func (p *program) loadContent() (*content.Library, error) {
	var overlays []content.Overlay
	if dir := p.getenv("VILLAGE_CONTENT"); dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("VILLAGE_CONTENT is %q, and that is no folder I can read", dir)
		}
		overlays = append(overlays, content.Overlay{FS: os.DirFS(dir), Name: dir})
	}
	l, err := content.Load(overlays...)
	if err != nil {
		return nil, fmt.Errorf("the content cannot be used:\n%w", err)
	}
	return l, nil
}

// assembly is the bot put together: everything but the platforms' connections.
type assembly struct {
	app       *handlers.App
	bot       *bot.Bot
	scheduler *scheduler.Scheduler
	clock     *clockGuard
	// pages are those of people with a personal link, nil where they cannot be reached.
	pages   *web.Pages
	metrics *metrics
}

// assemble ties the knot between handlers, bot and scheduler.
func assemble(s store.Store, l *content.Library, k *village.Keyring, now func() time.Time, random io.Reader, platforms []bot.Platform, log *slog.Logger) (*assembly, error) {
	return reassemble(s, l, k, now, random, platforms, log, nil)
}

// reassemble is assemble with what an assembly before this one heard words with, or nil.
func reassemble(s store.Store, l *content.Library, k *village.Keyring, now func() time.Time, random io.Reader, platforms []bot.Platform, log *slog.Logger, ear *understand.Ear) (*assembly, error) {
	a := assembly{metrics: newMetrics()}
	books, err := languages.Load()
	if err != nil {
		return nil, err
	}
	a.app = handlers.New(handlers.Config{
		Store: s, Content: l, Keyring: k, Now: now, Random: random, Log: log, Languages: books.Chats, Commands: books.Commands, PageLanguages: books.Pages, Ear: ear, Pages: pagesOf(platforms), Mail: slices.ContainsFunc(platforms, func(p bot.Platform) bool { return p.Name() == mail.Name }),
		Check: func(ctx context.Context, rooms ...string) []bot.Finding {
			return examine(ctx, platforms, a.bot.Table(), rooms)
		},
		WorkspaceOf: func(ctx context.Context, room string) (string, error) { return workspaceOf(ctx, platforms, room) },
		Standing: func(ctx context.Context, workspace, room, person string) bot.Standing {
			return standing(ctx, platforms, workspace, room, person)
		},
		FindRole: func(ctx context.Context, workspace, said string) (id, name string, err error) {
			if roled := roledOn(platforms, workspace); roled != nil {
				return roled.FindRole(ctx, workspace, said)
			}
			return "", "", bot.ErrUnreachable
		},
		HasRole: func(ctx context.Context, workspace, role, person string) (bool, error) {
			if roled := roledOn(platforms, role); roled != nil {
				return roled.HasRole(ctx, workspace, role, person)
			}
			return false, bot.ErrUnreachable
		},
		Answered: a.metrics.answered,
		Wake:     func() { a.scheduler.Wake() },
	})
	if a.bot, err = a.app.Bot(); err != nil {
		return nil, err
	}
	byName := map[string]bot.Platform{}
	for _, platform := range platforms {
		byName[platform.Name()] = platform
		if pages, ok := platform.(*web.Pages); ok {
			a.pages = pages
		}
		if doors, ok := platform.(interface{ Admit(bot.Door, *bot.Bot) }); ok {
			doors.Admit(a.app, a.bot)
		}
		if boxes, ok := platform.(interface{ Receive(bot.Postbox) }); ok {
			boxes.Receive(a.app)
		}
	}
	a.clock = newClockGuard(platforms, now, log)
	a.scheduler, err = scheduler.New(scheduler.Config{
		Store: s, Platforms: byName, Kinds: a.app.Kinds(), Now: now, Log: log, Hold: leaseHold, Ready: a.clock.ready, Watch: a.metrics,
		KeepCards: village.MaxAhead + village.KeepNeed, // a card is edited when its need is over
	})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// commandTable is every command as platforms are told about it.
func commandTable(l *content.Library) ([]bot.Command, error) {
	books, err := languages.Load()
	return handlers.New(handlers.Config{Content: l, Now: time.Now, Commands: books.Commands}).Table(), err
}

// pagesOf is the address behind which those with a personal link have their page; empty
// where no platform has one.
func pagesOf(platforms []bot.Platform) string {
	for _, platform := range platforms {
		if paged, ok := platform.(interface{ Pages() string }); ok {
			return paged.Pages()
		}
	}
	return ""
}

// workspaceOf asks the platform that a room is on where it is.
func workspaceOf(ctx context.Context, platforms []bot.Platform, room string) (string, error) {
	for _, platform := range platforms {
		if placed, ok := platform.(bot.Placed); ok && platform.Name() == bot.PlatformOf(room) {
			return placed.WorkspaceOf(ctx, room)
		}
	}
	return "", bot.ErrUnreachable
}

// standing asks the platform that a person is on how they stand to a room. One that
// cannot say has no way to tell, and nothing is guessed.
func standing(ctx context.Context, platforms []bot.Platform, workspace, room, person string) bot.Standing {
	for _, platform := range platforms {
		if rostered, ok := platform.(bot.Rostered); ok && platform.Name() == bot.PlatformOf(person) {
			return rostered.Standing(ctx, workspace, room, person)
		}
	}
	return bot.Unsaid
}

// roledOn is the platform that an ID is of, where it has roles; nil where not.
func roledOn(platforms []bot.Platform, id string) bot.Roled {
	for _, platform := range platforms {
		if roled, ok := platform.(bot.Roled); ok && platform.Name() == bot.PlatformOf(id) {
			return roled
		}
	}
	return nil
}

// examine looks at how every platform is connected, and at those of the rooms
// that are its own.
func examine(ctx context.Context, platforms []bot.Platform, table []bot.Command, rooms []string) []bot.Finding {
	var out []bot.Finding
	for _, platform := range platforms {
		examined, ok := platform.(bot.Examined)
		if !ok {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(rooms), func(room string) bool { return bot.PlatformOf(room) != platform.Name() })
		out = append(out, examined.Check(ctx, table, own...)...)
	}
	return out
}
