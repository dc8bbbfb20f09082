package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/internal/village"
)

// longestID is how much Discord lets a button hold.
const longestID = 100

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
	mods  bool // the moderators' channel is closed to everybody else
}

func discordStage(t *testing.T, overHTTP bool) stage {
	d := discordtest.New(t)
	cfg := discord.Config{Token: discordtest.Token, APIURL: d.URL(), OverHTTP: overHTTP, AnswerWithin: unhurried, RosterFor: 1}
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
	if !direct && !s.guild.Has(p) {
		return r, false
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
			args[o.Name] = discord.Name + "/" + s.channel(value).ID
		case o.Kind == bot.Role:
			args[o.Name] = discord.Name + "/" + s.guild.Role(value)
		case o.Kind == bot.Number && strings.Trim(value, "0123456789") != "", o.Kind == bot.Choice && !slices.ContainsFunc(o.Choices, func(p bot.Pick) bool { return p.Value == value }):
			return r, false
		}
	}
	return r, listed(s.table, path) || len("v1:"+bot.FormatLine(s.table, path, args)) <= longestID
}

// listed says whether people can choose a command from Discord's list; all others
// stand behind buttons.
func listed(table []bot.Command, path []string) bool { return bot.Find(bot.Listed(table), path) != nil }

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

// channel is one of the guild's. As in the console, moderators are among themselves.
func (s *onDiscordStage) channel(name string) *discordtest.Channel {
	c := s.guild.Channel(name)
	if name == "mods" && !s.mods {
		s.mods = true
		c.Overwrite(s.guild.ID, 0, discordtest.ViewChannel)
		c.Overwrite(discordtest.BotID, discordtest.ViewChannel, 0)
	}
	return c
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
	if !listed(s.table, r.Path) { // as of a message from long ago
		s.last = who.PressID(where, "v1:"+bot.FormatLine(s.table, r.Path, r.Args))
		return
	}
	s.last = who.Slash(where, strings.Join(r.Path, " "), s.typed(r))
}

// typed is what a client sends with a request's options.
func (s *onDiscordStage) typed(r bot.Request) map[string]any {
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
		case o.Kind == bot.Someone || o.Kind == bot.Place || o.Kind == bot.Role:
			typed[o.Name] = bot.Account(value)
		default:
			typed[o.Name] = value
		}
	}
	return typed
}

func (s *onDiscordStage) comes(who string, yes bool) string {
	p := s.d.Person(who)
	if s.guild.Leave(p); yes {
		s.guild.Join(p)
	}
	return discord.Name + "/" + p.ID
}

func (s *onDiscordStage) gives(who, role string, yes bool) (person, id string) {
	p := s.d.Person(who)
	s.guild.Give(p, s.guild.Role(role), yes)
	return discord.Name + "/" + p.ID, discord.Name + "/" + s.guild.Role(role)
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
	s.each(func(m *discordtest.Message) {
		s.seen[m.ID] = m.Edits
		for _, told := range told.FindAllStringSubmatch(m.Text(), -1) {
			for _, path := range [][]string{told[1:2], told[1:]} {
				if cmd := bot.Find(s.table, path); cmd != nil && cmd.Typed {
					s.t.Errorf("somebody is told to choose %q, which Discord does not list", told[0])
				}
			}
		}
	})
}

// told finds commands that stand by themselves; behind the bot's name they are words.
var told = regexp.MustCompile(`(?m)(?:^|[(“"]|[^/e] |\*)/([a-z-]+)(?: ([a-z-]+))?`)

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
