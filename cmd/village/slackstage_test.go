package main

import (
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"village/bot"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/handlers"
	"village/internal/village"
)

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
	gone  map[string]bool // ids of those who have left the village channel
	known map[string]bool // names of those who have an account
}

const slackVillage = "C0VILLAGE"

// slackOwn finds what Slack never passes on.
var slackOwn = regexp.MustCompile(`(^|[^a-z/])/(remind|me|join|leave|open|status|search)\b[^\n]*`)

func slackStage(t *testing.T, overHTTP bool) stage {
	server := slacktest.New(t)
	cfg := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: server.URL(), Home: handlers.HomeLine, AnswerWithin: unhurried, RosterFor: 1}
	if overHTTP {
		cfg.AppToken, cfg.SigningSecret = "", slacktest.SigningSecret
	}
	s := &onSlackStage{t: t, s: server, http: overHTTP, seen: map[string]int{}, ready: make(chan struct{}), gone: map[string]bool{}, known: map[string]bool{}}
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
	if name != "maya" && name != "sam" && name != "mod" && !s.known[name] {
		s.known[name] = true
		s.s.AddUser(slacktest.User{ID: id, Name: name})
	}
	return id
}

func (s *onSlackStage) channel(name string) string {
	id := "C0" + strings.ToUpper(name)
	s.s.AddChannel(slacktest.Channel{ID: id, Name: name, Private: name == "mods"}) // as in the console, moderators are among themselves
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
	if !direct && s.gone[id] {
		return r, false
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
			case o.Kind == bot.Role:
				args[o.Name] = "slack/" + value
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
		words = s.typed(r)
	}
	// every command by the name under which all of them can be had
	s.s.Slash(slacktest.Team, where, who, "/village", strings.TrimPrefix(words, "/"))
}

// typed is what Slack passes on of a request that is typed.
func (s *onSlackStage) typed(r bot.Request) string {
	args := map[string]string{}
	for _, o := range bot.OptionsOf(s.table, r.Path) {
		switch value := r.Args[o.Name]; {
		case value == "":
		case o.Kind == bot.Someone:
			args[o.Name] = "<@" + bot.Account(value) + ">"
		case o.Kind == bot.Role:
			args[o.Name] = "<!subteam^S0" + strings.ToUpper(bot.Account(value)) + "|@" + bot.Account(value) + ">"
		case o.Kind == bot.Place:
			args[o.Name] = "<#" + bot.Account(value) + "|" + strings.ToLower(bot.Account(value)[2:]) + ">"
		default:
			args[o.Name] = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(value)
		}
	}
	return bot.FormatLine(s.table, r.Path, args)
}

func (s *onSlackStage) comes(who string, yes bool) string {
	id := s.person(who)
	if s.s.Leave(slackVillage, id); yes {
		s.s.Join(slackVillage, id)
	}
	s.gone[id] = !yes
	return "slack/" + id
}

func (s *onSlackStage) gives(who, role string, yes bool) (person, id string) {
	user := s.person(who)
	return "slack/" + user, "slack/" + s.s.Give(role, user, yes)
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
		// a time is asked for as a date and a time of day, and what is picked has words beside it
		if label != "At what time?" && label != "More, or all of it in words" {
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
		if m.File != nil && m.Words() == "" { // it goes with a message that is looked at
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
		if told := slackOwn.FindString(m.Words() + "\n" + m.Text); told != "" {
			s.t.Errorf("somebody is told to type %q, which Slack takes for its own", told)
		}
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
