package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/handlers"
	"village/internal/store/bolt"
	"village/internal/village"
)

// The console's conversations once more, on Discord and on Slack and over both
// transports of each. The same people say the same lines; what each of them is
// then shown has to be what was meant for them, word for word, with every
// button. What was meant is what the same program says to a platform that
// renders nothing.
func TestConversationsOnPlatforms(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no conversations", err)
	}
	for name, open := range map[string]func(t *testing.T) stage{
		"discord-gateway": func(t *testing.T) stage { return discordStage(t, false) },
		"discord-http":    func(t *testing.T) stage { return discordStage(t, true) },
		"slack-socket":    func(t *testing.T) stage { return slackStage(t, false) },
		"slack-http":      func(t *testing.T) stage { return slackStage(t, true) },
	} {
		t.Run(name, func(t *testing.T) {
			var closing sync.WaitGroup // a gateway takes its second to close: all of them at once
			t.Cleanup(closing.Wait)
			for _, file := range files {
				archive, err := txtar.ParseFile(file)
				if err != nil {
					t.Fatal(err)
				}
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
					t.Parallel()
					film := newFilm()
					for _, talk := range talksOf(t, archive) {
						playTwice(t, library, open(t), &closing, talk, film)
					}
					film.keep(t)
				})
			}
		})
	}
}

// talk is one conversation: when it begins, and its lines.
type talk struct {
	start time.Time
	lines []string
}

// talksOf are the conversations that a test file plays.
func talksOf(t *testing.T, archive *txtar.Archive) []talk {
	var out []talk
	for command := range strings.Lines(string(archive.Comment)) {
		words := strings.Fields(command)
		if len(words) < 3 || words[0] != "rehearse" {
			continue
		}
		start, err := parseNow(words[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name == words[2] {
				out = append(out, talk{start, strings.Split(string(f.Data), "\n")})
			}
		}
	}
	if len(out) == 0 {
		t.Fatal("nothing is played")
	}
	return out
}

// stage is a platform with people on it.
type stage interface {
	// platform is the adapter; begin waits until it is connected.
	platform() bot.Platform
	begin(b *bot.Bot)
	// place is where the people are: the workspace and the village channel.
	place() (workspace string, room bot.Room)
	// request is what the adapter should make of a line; ok is false where
	// nobody could say it there. say has it said.
	request(who string, direct bool, words string) (r bot.Request, ok bool)
	say(r bot.Request, words string)
	// form waits for a form to open for them and gives what it asks for that
	// is not in f, and the other way round.
	form(who string, f *bot.Form) []string
	// shown is what everybody sees and was not there, or not so, at the last
	// call of settled.
	shown() []shown
	settled()
	waitFor(what string, cond func() bool)
	// sent is every body that the platform was sent.
	sent() []sentBody
	// moment is how a moment reads in shown words.
	moment(s bot.Span) string
	// name is how an ID reads in shown words.
	name(id, label string) string
}

// shown is what somebody, or everybody in a channel, sees.
type shown struct {
	to       string // an ID
	words    string
	commands []string
	frame    frame // for looking at
}

// meant is a platform that shows messages as they are meant.
type meant struct {
	name string

	mu    sync.Mutex
	posts []*meantPost
}

type meantPost struct {
	to      string
	message bot.Message
	news    bool
}

func (m *meant) Name() string { return m.name }

func (m *meant) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (m *meant) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	return m.post(o.To.Person+o.To.Room, o.Message), nil
}

func (m *meant) post(to string, message bot.Message) bot.Posted {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.posts = append(m.posts, &meantPost{to: to, message: message, news: true})
	return bot.Posted{Platform: m.name, Room: to, Message: fmt.Sprint(len(m.posts) - 1)}
}

func (m *meant) Edit(_ context.Context, p bot.Posted, message bot.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var i int
	if _, err := fmt.Sscan(p.Message, &i); err != nil {
		return err
	}
	m.posts[i].message, m.posts[i].news = message, true
	return nil
}

// news is what was meant since the last call.
func (m *meant) news(s stage) []shown {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []shown
	for _, p := range m.posts {
		if p.news {
			out = append(out, meantWords(s, p.to, p.message))
			p.news = false
		}
	}
	return out
}

// meantWords is a message without a platform's rendering.
func meantWords(s stage, to string, m bot.Message) shown {
	var b strings.Builder
	b.WriteString(m.Title + "\n")
	write := func(text string) {
		for _, block := range bot.Parse(text) {
			for _, span := range block.Spans {
				switch {
				case span.Break:
					b.WriteString("\n")
				case !span.Time.IsZero():
					b.WriteString(" " + s.moment(span) + " ")
				case span.Person != "":
					b.WriteString(s.name(span.Person, span.Text))
				case span.Room != "":
					b.WriteString(s.name(span.Room, span.Text))
				default:
					b.WriteString(span.Text)
				}
			}
			b.WriteString("\n")
		}
	}
	write(m.Text)
	out := shown{to: to}
	for _, f := range m.Fields {
		b.WriteString(f.Name + ": ")
		write(f.Value)
	}
	write(m.Footer)
	for _, button := range m.Buttons {
		if button.Command != "" {
			out.commands = append(out.commands, button.Command)
		}
	}
	for _, menu := range m.Menus {
		for _, p := range menu.Picks {
			out.commands = append(out.commands, menu.Command+" "+p.Value)
		}
	}
	out.words = b.String()
	return out
}

// playTwice plays a conversation as it is meant and on the stage, line by line.
func playTwice(t *testing.T, library *content.Library, s stage, closing *sync.WaitGroup, talk talk, film *film) {
	workspace, room := s.place()
	prepare := func(p bot.Platform) *rehearsal {
		clock := &clock{now: talk.start}
		db, err := bolt.OpenThrowaway(clock.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		parts, err := assemble(db, library, rehearsalKeys(), clock.Now, seeded(), []bot.Platform{p}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := parts.app.Start(t.Context(), workspace, room.ID, room.Name, time.UTC); err != nil {
			t.Fatal(err)
		}
		return &rehearsal{clock: clock, store: db, parts: parts, workspace: workspace}
	}
	paper := &meant{name: s.platform().Name()}
	wanted, real := prepare(paper), prepare(s.platform())
	runBeside(t, s.platform(), real.parts.bot, closing)
	s.begin(real.parts.bot)
	s.settled()
	both := func(f func(r *rehearsal) error) {
		for _, r := range []*rehearsal{wanted, real} {
			if err := f(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, line := range talk.lines {
		line = strings.TrimSpace(line)
		said := spoken.FindStringSubmatch(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "wait"):
			length := strings.TrimSpace(strings.TrimPrefix(line, "wait"))
			if _, err := wanted.waitUntil(t.Context(), length); err != nil {
				continue // a mistake that only a rehearsal can answer
			}
			both(func(r *rehearsal) error { return r.wait(t.Context(), length) })
		case said == nil:
			t.Logf("nobody says this here: %s", line)
			continue
		default:
			request, ok := s.request(said[1], said[2] != "", said[3])
			if !ok {
				t.Logf("nobody can say this here: %s", line)
				continue
			}
			reply := wanted.parts.bot.Do(t.Context(), request)
			for _, m := range reply.Messages {
				paper.post(request.From.ID, m)
			}
			s.say(request, said[3])
			if reply.Form != nil && len(reply.Messages) == 0 {
				if wrong := s.form(said[1], reply.Form); len(wrong) > 0 {
					t.Errorf("%s\nthe form differs in %q", line, wrong)
				}
			}
		}
		answered := paper.news(s)
		waitForAll(t, s, line, answered)
		both(func(r *rehearsal) error { return r.deliver(t.Context()) })
		if lost := missing(append(answered, paper.news(s)...), s.shown()); lost != "" {
			t.Fatalf("%s\n%s", line, lost)
		}
		film.take(real.clock.Now(), line, s.shown())
		s.settled()
	}
	film.sent(s.sent())
}

// waitForAll waits until all of it is shown.
func waitForAll(t *testing.T, s stage, line string, want []shown) {
	lost := ""
	defer func() {
		if lost != "" { // the wait has failed the test
			t.Logf("%s\n%s", line, lost)
		}
	}()
	s.waitFor("what is said to "+line, func() bool {
		lost = missing(want, s.shown())
		return lost == ""
	})
}

var spoken = regexp.MustCompile(`^([a-z]+)(@dm)?: (.*)$`)

// missing says what was meant and is not shown. Words that a platform adds of
// its own (how to go on, what is in a picture) are no fault.
func missing(want, got []shown) string {
	for _, to := range recipients(want) {
		meant, seen := together(want, to), together(got, to)
		if word := notIn(meant.words, seen.words); word != "" {
			return fmt.Sprintf("%s should read, from %q on:\n%s\nand reads:\n%s", to, word, meant.words, seen.words)
		}
		for _, c := range meant.commands {
			if !slices.Contains(seen.commands, c) {
				return fmt.Sprintf("%s should have the button %s and has %q under\n%s", to, c, seen.commands, seen.words)
			}
		}
	}
	for _, to := range recipients(got) {
		if !slices.Contains(recipients(want), to) {
			return fmt.Sprintf("%s should see nothing new, and sees:\n%s", to, together(got, to).words)
		}
	}
	return ""
}

func recipients(list []shown) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s.to) {
			out = append(out, s.to)
		}
	}
	return out
}

func together(list []shown, to string) shown {
	all := shown{to: to}
	for _, s := range list {
		if s.to == to {
			all.words += s.words + "\n"
			all.commands = append(all.commands, s.commands...)
		}
	}
	return all
}

var word = regexp.MustCompile(`[\p{L}\p{N}]+`)

// notIn is the first of the words that does not follow in the text, or "".
func notIn(words, text string) string {
	left := word.FindAllString(text, -1)
	for _, w := range word.FindAllString(words, -1) {
		i := slices.Index(left, w)
		if i < 0 {
			return w
		}
		left = left[i+1:]
	}
	return ""
}

// onDiscordStage is Discord with the village's people.
type onDiscordStage struct {
	t     *testing.T
	d     *discordtest.Server
	p     *discord.Platform
	http  bool
	table []bot.Command
	guild *discordtest.Guild
	room  *discordtest.Channel
	last  *discordtest.Use
	seen  map[string]int
}

func discordStage(t *testing.T, overHTTP bool) stage {
	d := discordtest.New(t)
	cfg := discord.Config{Token: discordtest.Token, APIURL: d.URL(), HTTPOnly: overHTTP, AnswerWithin: unhurried}
	if overHTTP {
		cfg.PublicKey = d.PublicKey()
	}
	p, err := discord.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &onDiscordStage{t: t, d: d, p: p, http: overHTTP, guild: d.Guild("Friends"), seen: map[string]int{}}
	s.room = s.guild.Channel("village")
	d.Person("mod").Moderator = true
	return s
}

func (s *onDiscordStage) platform() bot.Platform { return s.p }

func (s *onDiscordStage) place() (string, bot.Room) {
	return discord.Name + "/" + s.guild.ID, bot.Room{ID: discord.Name + "/" + s.room.ID, Name: s.room.Name}
}

func (s *onDiscordStage) begin(b *bot.Bot) {
	s.table = b.Table()
	if s.http {
		s.d.DeliverTo(served(s.t, s.p.Handler(b)))
	}
	s.d.WaitReady()
}

func (s *onDiscordStage) request(who string, direct bool, words string) (bot.Request, bool) {
	p := s.d.Person(who)
	r := bot.Request{
		Platform: discord.Name, Workspace: discord.Name + "/" + s.guild.ID,
		From: bot.Person{ID: discord.Name + "/" + p.ID, Name: who, Moderator: p.Moderator},
		Room: bot.Room{ID: discord.Name + "/" + s.room.ID, Name: s.room.Name},
	}
	if direct {
		r.Workspace, r.From.Moderator = "", false
		r.Room = bot.Room{ID: discord.Name + "/" + p.Direct().ID, Direct: true}
	}
	if !strings.HasPrefix(words, "/") {
		r.Line = strings.TrimPrefix(words, "@village ")
		return r, !s.http && (direct || r.Line != words) // what is written comes through the gateway alone
	}
	path, args, err := bot.ParseLine(s.table, words)
	if err != nil {
		return r, false
	}
	r.Path, r.Args = path, args
	for _, o := range bot.OptionsOf(s.table, path) {
		value := strings.TrimLeft(args[o.Name], "@#")
		switch {
		case args[o.Name] == "" && o.Required && !slices.ContainsFunc(s.table, func(c bot.Command) bool { return asksInForm(c, path) }):
			return r, false
		case args[o.Name] == "":
		case village.IsGuest(value): // no person there: they are named by a button alone
			if s.button(s.where(r), words) == nil {
				return r, false
			}
		case o.Kind == bot.Someone:
			args[o.Name] = discord.Name + "/" + s.d.Person(value).ID
		case o.Kind == bot.Place:
			args[o.Name] = discord.Name + "/" + s.guild.Channel(value).ID
		case o.Kind == bot.Number && strings.Trim(value, "0123456789") != "", o.Kind == bot.Choice && !slices.ContainsFunc(o.Choices, func(p bot.Pick) bool { return p.Value == value }):
			return r, false
		}
	}
	return r, true
}

// asksInForm says whether the command at the path asks for what is missing.
func asksInForm(c bot.Command, path []string) bool {
	if c.Name != path[0] {
		return false
	}
	for _, sub := range c.Subs {
		if len(path) > 1 && sub.Name == path[1] {
			return sub.Form != ""
		}
	}
	return c.Form != ""
}

// where is the channel of a request.
func (s *onDiscordStage) where(r bot.Request) *discordtest.Channel {
	if r.Room.Direct {
		return s.d.Person(r.From.Name).Direct()
	}
	return s.room
}

// button is a message with a button for these words, or nil.
func (s *onDiscordStage) button(where *discordtest.Channel, words string) *discordtest.Message {
	for _, m := range where.Messages() {
		if m.VisibleTo == nil && m.Author == nil && slices.Contains(m.Commands(), words) && slices.ContainsFunc(m.Buttons(), func(label string) bool { return m.Command(label) == words }) {
			return m
		}
	}
	return nil
}

func (s *onDiscordStage) say(r bot.Request, words string) {
	who, where := s.d.Person(r.From.Name), s.where(r)
	s.last = nil
	if len(r.Path) == 0 {
		if !r.Room.Direct {
			words = "<@" + discordtest.BotID + "> " + r.Line
		}
		who.Say(where, words)
		return
	}
	if m := s.button(where, words); m != nil {
		s.last = who.Press(m, words)
		return
	}
	typed := map[string]any{}
	for _, o := range bot.OptionsOf(s.table, r.Path) {
		value := r.Args[o.Name]
		switch {
		case value == "":
		case o.Kind == bot.Number:
			var n int
			if _, err := fmt.Sscan(value, &n); err != nil {
				s.t.Fatal(err)
			}
			typed[o.Name] = n
		case o.Kind == bot.YesNo:
			typed[o.Name] = value == "yes"
		case o.Kind == bot.Someone || o.Kind == bot.Place:
			typed[o.Name] = bot.Account(value)
		default:
			typed[o.Name] = value
		}
	}
	s.last = who.Slash(where, strings.Join(r.Path, " "), typed)
}

func (s *onDiscordStage) form(_ string, f *bot.Form) []string {
	var want, got []string
	for _, field := range f.Fields {
		want = append(want, field.Name)
	}
	for _, field := range s.last.Form().Fields {
		got = append(got, field.Name)
	}
	return apart(want, got)
}

// apart is what only one of the lists has.
func apart(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	for _, s := range b {
		if !slices.Contains(a, s) {
			out = append(out, s)
		}
	}
	return out
}

// each visits the bot's messages, oldest first.
func (s *onDiscordStage) each(visit func(m *discordtest.Message)) {
	for _, m := range s.d.Messages() {
		if m.Author == nil && !m.Waiting {
			visit(m)
		}
	}
}

func (s *onDiscordStage) shown() []shown {
	var out []shown
	s.each(func(m *discordtest.Message) {
		if edits, known := s.seen[m.ID]; known && edits == m.Edits {
			return
		}
		to := m.Channel.ID
		f := frame{Reader: "#" + m.Channel.Name, Private: m.VisibleTo != nil, Edited: m.Edits > 0}
		p := m.VisibleTo
		if p == nil {
			p = m.Channel.Reader()
		}
		if p != nil {
			to, f.Reader = p.ID, p.GlobalName
		}
		f.To = to
		f.Body = map[string]any{"content": m.Content, "embeds": m.Embeds, "components": m.Components, "files": m.Files}
		out = append(out, shown{discord.Name + "/" + to, m.Words(), m.Commands(), f})
	})
	return out
}

func (s *onDiscordStage) settled() {
	s.each(func(m *discordtest.Message) { s.seen[m.ID] = m.Edits })
}

func (s *onDiscordStage) waitFor(what string, cond func() bool) { s.d.WaitFor(what, cond) }

func (s *onDiscordStage) sent() []sentBody {
	var out []sentBody
	for _, r := range s.d.Requests("") {
		out = append(out, sentBody{r.Method + " " + r.Path, r.Body})
	}
	return out
}

func (s *onDiscordStage) moment(span bot.Span) string { return fmt.Sprint("at ", span.Time.Unix()) }

func (s *onDiscordStage) name(id, label string) string {
	if c := s.d.ChannelWith(bot.Account(id)); c != nil {
		return "#" + c.Name
	}
	return label
}

// onSlackStage is Slack with the village's people.
type onSlackStage struct {
	t     *testing.T
	s     *slacktest.Server
	p     *slack.Platform
	http  bool
	table []bot.Command
	seen  map[string]int
	views int
	ready chan struct{}
}

const slackVillage = "C0VILLAGE"

func slackStage(t *testing.T, overHTTP bool) stage {
	server := slacktest.New(t)
	cfg := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: server.URL(), Home: handlers.HomeLine, AnswerWithin: unhurried}
	if overHTTP {
		cfg.AppToken, cfg.SigningSecret = "", slacktest.SigningSecret
	}
	s := &onSlackStage{t: t, s: server, http: overHTTP, seen: map[string]int{}, ready: make(chan struct{})}
	cfg.Log = slog.New(slog.NewTextHandler(s, nil))
	var err error
	if s.p, err = slack.New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *onSlackStage) platform() bot.Platform { return s.p }

func (s *onSlackStage) place() (string, bot.Room) {
	return "slack/" + slacktest.Team, bot.Room{ID: "slack/" + slackVillage, Name: "village"}
}

func (s *onSlackStage) begin(b *bot.Bot) {
	s.table = b.Table()
	if s.http {
		s.s.UseHTTP(served(s.t, s.p.Handler(b)))
		<-s.ready
		return
	}
	s.s.WaitSockets(1)
}

// Write takes the adapter's log, which says when it is ready.
func (s *onSlackStage) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "signed in") {
		close(s.ready)
	}
	return len(line), nil
}

func (s *onSlackStage) person(name string) string {
	id := "U0" + strings.ToUpper(name)
	if name != "maya" && name != "sam" && name != "mod" {
		s.s.AddUser(slacktest.User{ID: id, Name: name})
	}
	return id
}

func (s *onSlackStage) channel(name string) string {
	id := "C0" + strings.ToUpper(name)
	s.s.AddChannel(slacktest.Channel{ID: id, Name: name})
	return id
}

func (s *onSlackStage) request(who string, direct bool, words string) (bot.Request, bool) {
	id := s.person(who)
	r := bot.Request{
		Platform: "slack", Workspace: "slack/" + slacktest.Team,
		From: bot.Person{ID: "slack/" + id, Name: who, Moderator: who == "mod"},
		Room: bot.Room{ID: "slack/" + slackVillage, Name: "village"},
		Line: words,
	}
	if direct {
		r.Room = bot.Room{ID: "slack/" + slacktest.DirectChannel(id), Direct: true}
	}
	if !strings.HasPrefix(words, "/") {
		r.Line = strings.TrimPrefix(words, "@village ")
		return r, direct || r.Line != words
	}
	if path, args, err := bot.ParseLine(s.table, words); err == nil {
		r.Line, r.Path, r.Args = "", path, args
		for _, o := range bot.OptionsOf(s.table, path) {
			switch value := strings.TrimLeft(args[o.Name], "@#"); {
			case value == "":
			case village.IsGuest(value): // no person there: they are named by a button alone
				if s.button(bot.Account(r.Room.ID), words) == nil {
					return r, false
				}
			case o.Kind == bot.Someone:
				args[o.Name] = "slack/" + s.person(value)
			case o.Kind == bot.Place:
				args[o.Name] = "slack/" + s.channel(value)
			}
		}
	}
	return r, true
}

// button is a message with a button for these words, or nil.
func (s *onSlackStage) button(where, words string) *slacktest.Message {
	for _, m := range s.s.Messages() {
		if !m.Ephemeral && m.Channel == where && slices.ContainsFunc(m.Buttons(), func(b slacktest.Button) bool { return b.Command == words }) {
			return &m
		}
	}
	return nil
}

func (s *onSlackStage) say(r bot.Request, words string) {
	who, where := bot.Account(r.From.ID), bot.Account(r.Room.ID)
	s.views = len(s.s.Views())
	if !strings.HasPrefix(words, "/") {
		if r.Room.Direct {
			s.s.DM(who, words)
		} else {
			s.s.Mention(where, who, r.Line, "")
		}
		return
	}
	if m := s.button(where, words); m != nil {
		s.s.Press(*m, who, words)
		return
	}
	if len(r.Path) > 0 {
		args := map[string]string{}
		for _, o := range bot.OptionsOf(s.table, r.Path) {
			switch value := r.Args[o.Name]; {
			case value == "":
			case o.Kind == bot.Someone:
				args[o.Name] = "<@" + bot.Account(value) + ">"
			case o.Kind == bot.Place:
				args[o.Name] = "<#" + bot.Account(value) + "|" + strings.ToLower(bot.Account(value)[2:]) + ">"
			default:
				args[o.Name] = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(value)
			}
		}
		words = bot.FormatLine(s.table, r.Path, args)
	}
	// every command by the name under which all of them can be had
	s.s.Slash(slacktest.Team, where, who, "/village", strings.TrimPrefix(words, "/"))
}

func (s *onSlackStage) form(who string, f *bot.Form) []string {
	views := 0
	s.s.WaitFor("a form", func() bool {
		views = len(s.s.Views())
		return views > s.views
	})
	view := s.s.Views()[views-1]
	if view.User != s.person(who) {
		s.t.Errorf("the form opens for %s", view.User)
	}
	var want []string
	for _, field := range f.Fields {
		label := field.Label
		if label == "" {
			label = field.Summary
		}
		want = append(want, label)
	}
	var got []string
	for _, label := range view.Labels() {
		if i := slices.IndexFunc(want, func(w string) bool { return strings.HasPrefix(w, strings.TrimSuffix(label, "…")) }); i >= 0 {
			label = want[i] // there was no room for all of it
		}
		if label != "At what time?" { // a time is asked for as a date and a time of day
			got = append(got, label)
		}
	}
	return apart(want, got)
}

func (s *onSlackStage) shown() []shown {
	var out []shown
	for _, m := range s.s.Messages() {
		if edits, known := s.seen[m.Channel+m.TS]; known && edits == m.Edits {
			continue
		}
		f := frame{To: m.To(), Reader: strings.ToLower(m.To()[2:]), Private: m.Ephemeral, Edited: m.Edits > 0}
		if strings.HasPrefix(f.To, "C") {
			f.Reader = "#" + f.Reader
		}
		f.Body = map[string]any{"text": m.Text, "blocks": m.Blocks, "file": m.File}
		out = append(out, shown{"slack/" + m.To(), m.Words(), m.Commands(), f})
	}
	return out
}

func (s *onSlackStage) settled() {
	for _, m := range s.s.Messages() {
		s.seen[m.Channel+m.TS] = m.Edits
	}
}

func (s *onSlackStage) waitFor(what string, cond func() bool) { s.s.WaitFor(what, cond) }

func (s *onSlackStage) sent() []sentBody {
	var out []sentBody
	for _, c := range s.s.Calls("") {
		out = append(out, sentBody{c.Method, c.Body})
	}
	for _, payload := range s.s.Acks() {
		out = append(out, sentBody{"acknowledgement", payload})
	}
	return out
}

func (s *onSlackStage) moment(span bot.Span) string { return span.Text }

func (s *onSlackStage) name(id, label string) string {
	if strings.HasPrefix(bot.Account(id), "C") {
		return "#" + bot.Account(id)
	}
	return label
}

// runBeside runs a platform until the test ends.
func runBeside(t *testing.T, p bot.Platform, b *bot.Bot, closing *sync.WaitGroup) {
	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	closing.Go(func() {
		if err := p.Run(ctx, b); err != nil {
			failed <- err
		}
	})
	t.Cleanup(func() {
		stop()
		select {
		case err := <-failed:
			t.Error(err)
		default:
		}
	})
}

// served is the address of a handler that is served until the test ends.
func served(t *testing.T, h http.Handler) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
