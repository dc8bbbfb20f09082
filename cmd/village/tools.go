package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/slack"
	"village/bot/web"
	"village/content"
	"village/handlers"
	"village/internal/store/sealed"
)

// faq prints what the bot would answer, and why.
func (p *program) faq(_ context.Context, args []string) error {
	f := p.flags("faq", "faq [-json] QUESTION, or - for one question a line, or -eval FILE")
	asJSON := f.Bool("json", false, "print one JSON object a question")
	eval := f.String("eval", "", "judge the search by a file of questions (TSV: text, expected id or refuse, none or crisis, alternates)")
	if err := parse(f, args, 0, 1000); err != nil {
		return err
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	if *eval != "" {
		return p.evaluate(library, *eval)
	}
	question := strings.Join(f.Args(), " ")
	if strings.TrimSpace(question) == "" {
		f.Usage()
		return errUsage{errors.New("there is no question. For example: village faq can I drive home after")}
	}
	if question != "-" {
		return p.printFinding(library, question, *asJSON)
	}
	in := bufio.NewReaderSize(p.stdin, maxLine)
	for {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) && line == "" {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the questions: %w", err)
		}
		if err := p.printFinding(library, strings.TrimSpace(line), *asJSON); err != nil {
			return err
		}
	}
}

// finding is what other programs read.
type finding struct {
	Kind   string        `json:"kind"`
	Topics []scoredTopic `json:"topics"`
	First  string        `json:"first,omitempty"`  // the topic whose safety sentence is said first
	Either []string      `json:"either,omitempty"` // the two topics of which the asker chooses
}

type scoredTopic struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

func (p *program) printFinding(library *content.Library, question string, asJSON bool) error {
	found := library.Find(question)
	out := finding{Kind: string(found.Kind), Topics: []scoredTopic{}, First: found.Safety, Either: found.Either}
	for _, t := range found.Topics {
		out.Topics = append(out.Topics, scoredTopic{t.ID, t.Score})
	}
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(out)
	}
	ranked := make([]string, len(out.Topics))
	for i, t := range out.Topics {
		ranked[i] = fmt.Sprintf("%s %.2f", t.ID, t.Score)
	}
	aside := ""
	switch {
	case found.Kind == content.KindRefuse && out.First != "":
		aside = " (after what " + out.First + " says to do first)"
	case len(out.Either) > 0:
		aside = " (asked which: before or after)"
	}
	_, err := fmt.Fprintf(p.stdout, "%s: %s%s\n", out.Kind, strings.Join(ranked, ", "), aside)
	return err
}

func (p *program) evaluate(library *content.Library, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return errUsage{fmt.Errorf("the questions cannot be read: %w", err)}
	}
	defer file.Close()
	report, err := content.Evaluate(library, file)
	if err != nil {
		return errUsage{err}
	}
	return report.Print(p.stdout)
}

// manifest prints what a platform has to know about the commands.
func (p *program) manifest(_ context.Context, args []string) error {
	f := p.flags("manifest", "manifest [-short] [-prompts] [-installs] slack|discord")
	short := f.Bool("short", false, "for Slack: each command under its own name too, such as /faq beside /village faq; the app installed last gets a name")
	prompts := f.Bool("prompts", false, "for Slack: questions to begin with in its view for agents, on paid plans")
	installs := f.Bool("installs", p.getenv("SLACK_CLIENT_ID") != "", "for Slack: many workspaces may install the app, at VILLAGE_PUBLIC_URL/slack/install")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	table, err := commandTable(library)
	if err != nil {
		return err
	}
	options := slack.Options{PublicURL: p.slackURL(), Home: true, Short: *short, Prompts: *prompts}
	if *installs && f.Arg(0) == "slack" {
		if options.PublicURL == "" {
			return errUsage{errors.New("workspaces install the app at a public address: set VILLAGE_PUBLIC_URL, and leave SLACK_APP_TOKEN out")}
		}
		options.Redirect = p.slackRedirect()
	}
	var out []byte
	switch f.Arg(0) {
	case "slack":
		out, err = slack.Manifest(table, options)
	case "discord":
		out, err = discord.Registration(table)
	default:
		return errUsage{fmt.Errorf("there is no manifest for %q. There are two: slack and discord", f.Arg(0))}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", strings.TrimSpace(string(out)))
	return err
}

// slackURL is where Slack reaches the bot over HTTP; "" with Socket Mode.
func (p *program) slackURL() string {
	url := p.getenv("VILLAGE_PUBLIC_URL")
	if url == "" || p.getenv("SLACK_APP_TOKEN") != "" {
		return ""
	}
	return strings.TrimRight(url, "/") + slackRoute
}

// doctor names everything that is wrong or risky. Its error says how much is
// wrong, so that a script notices.
func (p *program) doctor(ctx context.Context, args []string) error {
	f := p.flags("doctor", "doctor [-health]")
	health := f.Bool("health", false, "only ask a running bot, at VILLAGE_LISTEN, whether it is well")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if *health {
		addr := p.getenv("VILLAGE_LISTEN")
		if addr == "" {
			return errUsage{errors.New("-health asks at VILLAGE_LISTEN, which is not set")}
		}
		return web.Probe(ctx, addr)
	}
	d := examination{}
	p.examineSettings(&d)
	p.examineContent(&d)
	rooms := p.examineStore(ctx, &d)
	p.examinePlatforms(ctx, &d, rooms)
	p.examineRunning(ctx, &d)
	d.print(p.stdout)
	if wrong := d.count("wrong"); wrong > 0 {
		return fmt.Errorf("wrong: %d, risky: %d", wrong, d.count("risky"))
	}
	return nil
}

// examineSettings looks at the settings by themselves. What is not set stands last.
func (p *program) examineSettings(d *examination) {
	wrong, risky := p.faults()
	for _, say := range wrong {
		d.say("wrong", "%s", say)
	}
	for _, say := range risky {
		d.say("risky", "%s", say)
	}
	for _, s := range settings() {
		value := p.getenv(s.Name)
		switch {
		case value == "":
			d.say(unset, "%s: %s", s.Name, s.Meaning)
		case d.faults(s.Name):
		case s.Secret:
			d.say("ok", "%s is set: %s", s.Name, s.Meaning)
		default:
			d.say("ok", "%s=%s: %s", s.Name, value, s.Meaning)
		}
	}
}

// examineRunning asks a bot that is running, if one is, how it is.
func (p *program) examineRunning(ctx context.Context, d *examination) {
	addr := p.getenv("VILLAGE_LISTEN")
	if addr == "" || d.faults("VILLAGE_LISTEN") {
		return
	}
	switch err := web.Probe(ctx, addr); {
	case err == nil:
		d.say("ok", "a bot is running at %s, and is well", addr)
	case errors.Is(err, web.ErrNobody):
		d.say("-", "no bot is running at %s", addr)
	default:
		d.say("wrong", "a bot is running at %s, and it is %v", addr, err)
	}
}

// examination is what the doctor found: each finding with its mark, which is wrong,
// risky, - (not yet), ok or unset.
type examination struct {
	found []struct{ mark, say string }
	next  string // what to do next where nothing is wrong
}

// unset marks a setting that could be set. It is no fault.
const unset = "unset"

// marks is the order in which findings are read.
func marks() []string { return []string{"wrong", "risky", "-", "ok", unset} }

// say notes a finding.
func (d *examination) say(mark, format string, args ...any) {
	d.found = append(d.found, struct{ mark, say string }{mark, fmt.Sprintf(format, args...)})
}

// faults says whether the value of a setting was found to be wrong.
func (d *examination) faults(name string) bool {
	for _, f := range d.found {
		if f.mark == "wrong" && strings.HasPrefix(f.say, name+" ") {
			return true
		}
	}
	return false
}

func (d *examination) count(mark string) (n int) {
	for _, f := range d.found {
		if f.mark == mark {
			n++
		}
	}
	return n
}

// print writes the one thing to do next, then everything, the worst first.
func (d *examination) print(out io.Writer) {
	next := d.next
	for _, f := range d.found {
		if f.mark == "wrong" {
			next = f.say
			break
		}
	}
	if next != "" {
		fmt.Fprintf(out, "Next: %s\n\n", next)
	}
	for _, mark := range marks() {
		for _, f := range d.found {
			if f.mark == mark {
				fmt.Fprintf(out, "%-6s %s\n", mark, f.say)
			}
		}
	}
}

func (p *program) examineContent(d *examination) {
	if _, err := time.LoadLocation("America/Denver"); err != nil {
		d.say("wrong", "time zones cannot be loaded: %v", err)
	}
	if now := time.Now(); now.Year() < 2026 {
		d.say("wrong", "this machine's clock says %s. Reminders and rides would be wrong; please set it", now.Format(time.RFC3339))
	}
	library, err := p.loadContent()
	if err != nil {
		d.say("wrong", "%v", err)
		return
	}
	d.say("ok", "content: %d topics", len(library.Topics()))
	if err := library.Encoder(); err != nil {
		d.say("risky", "questions are found by their words alone: %v", err)
	}
	const ahead = 30 // days in which somebody who knows can be found
	now := time.Now()
	for _, t := range library.Overdue(now.AddDate(0, 0, ahead)) {
		if t.ReviewBy.Before(now) {
			d.say("risky", "the answer %q should have been looked at again by %s", t.ID, t.ReviewBy.Format(time.DateOnly))
			continue
		}
		d.say("-", "the answer %q is to be looked at again by %s", t.ID, t.ReviewBy.Format(time.DateOnly))
	}
}

// sharedByCopies is what running copies share, where somebody else may look at it;
// what is wrong with the store was said before.
func (p *program) sharedByCopies(ctx context.Context) (shared func(platform string) *copies, done func()) {
	nothing := func() {}
	if p.getenv("REDIS_URL") == "" && p.getenv("SLACK_CLIENT_ID") == "" {
		return nil, nothing
	}
	keys, _, err := p.readKey()
	if err != nil || keys == nil {
		return nil, nothing
	}
	s, _, err := p.lookInto(ctx)
	if err != nil {
		return nil, nothing
	}
	opened, err := sealed.Look(ctx, s, keys)
	if err != nil {
		_ = s.Close() // it was only read
		return nil, nothing
	}
	return func(platform string) *copies { return newCopies(opened, keys, time.Now, platform, "") }, func() { _ = s.Close() } // it was only read
}

func (p *program) examinePlatforms(ctx context.Context, d *examination, rooms handlers.Rooms) {
	shared, done := p.sharedByCopies(ctx)
	defer done()
	platforms, err := p.connections(shared, discardLog())
	if err != nil {
		d.say("wrong", "%v", err)
		return
	}
	if len(platforms) == 0 {
		d.say("-", "no platform is set, so the bot talks in the console")
		d.next = "to connect Discord set DISCORD_TOKEN; for Slack set SLACK_BOT_TOKEN and SLACK_APP_TOKEN. docs/operating.md says where they come from."
	}
	library, err := p.loadContent()
	if err != nil {
		return // said already
	}
	table, err := commandTable(library)
	if err != nil {
		d.say("wrong", "%v", err)
		return
	}
	pages, err := p.withPages(discardLog())
	if err != nil {
		return // said already
	}
	for _, page := range pages {
		platforms = append(platforms, connection{Platform: page})
	}
	for _, platform := range platforms {
		e, ok := platform.Platform.(bot.Examined)
		if !ok {
			continue
		}
		for _, f := range e.Check(ctx, table, rooms.All[platform.Name()]...) {
			switch {
			case f.OK:
				d.say("ok", "%s: %s", platform.Name(), f.Say)
			case f.NotYet:
				d.say("-", "%s: %s %s", platform.Name(), f.Say, f.Do)
				d.next = platform.Name() + ": " + f.Do
			default:
				d.say("wrong", "%s: %s %s", platform.Name(), f.Say, f.Do)
			}
			if said := rooms.Overheard(f); said != "" {
				d.say("wrong", "%s: %s", platform.Name(), said)
			}
		}
	}
}
