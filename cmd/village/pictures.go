package main

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/bot/adapter"
	"village/bot/console"
	"village/bot/discord"
	"village/bot/slack"
	"village/internal/screen"
)

// client draws what one of the platforms is sent.
type client interface {
	Answer(m bot.Message, direct bool) ([]adapter.Body, error)
	Post(m bot.Message) ([]adapter.Body, error)
	Direct(m bot.Message) ([]adapter.Body, error)
	Edited(m bot.Message, direct bool) ([]adapter.Body, error)
	Form(f bot.Form) (adapter.Body, error)
}

// clients are those that a conversation is drawn for, in the order in which they are shown.
func clients(table []bot.Command) []struct {
	client
	name screen.Client
} {
	return []struct {
		client
		name screen.Client
	}{{discord.NewSketch(table, "Village"), screen.Discord}, {slack.NewSketch(table), screen.Slack}}
}

// reel is a conversation as it went, to be drawn.
type reel struct {
	now  func() time.Time
	zone func() *time.Location
	// quiet leaves out what is said and shown.
	quiet  bool
	frames []filmed
	labels map[string]string // what the buttons say that people have been shown, by command
}

// filmed is a line that was said, or a message that was shown.
type filmed struct {
	at   time.Time
	line string
	// label is what the button says that they pressed; empty for what they wrote.
	label string
	console.Shown
}

func newReel(now func() time.Time, zone func() *time.Location) *reel {
	return &reel{now: now, zone: zone, labels: map[string]string{}}
}

// said notes a line before it is carried out.
func (r *reel) said(line string) {
	if line = strings.TrimSpace(line); line == "" || r.quiet {
		return
	}
	f := filmed{at: r.now(), line: line}
	if m := talking.FindStringSubmatch(line); m != nil {
		f.label = cmp.Or(r.labels[m[3]], inBrackets(m[3]))
	}
	r.frames = append(r.frames, f)
}

// shown notes a message.
func (r *reel) shown(s console.Shown) {
	if s.Message != nil {
		m := s.Message.Flat()
		for _, b := range m.Buttons {
			r.labels[b.Command] = b.Label
		}
	}
	if !r.quiet {
		r.frames = append(r.frames, filmed{at: r.now(), Shown: s})
	}
}

// draw is the conversation as the pictures of one client.
func (r *reel) draw(c client, name screen.Client) ([][]byte, error) {
	d := developing{reel: r, client: c, cast: newCast(name)}
	for _, f := range r.frames {
		if err := d.frame(f); err != nil {
			return nil, err
		}
	}
	s, err := screen.New(name, r.zone(), d.cast.names)
	if err != nil {
		return nil, err
	}
	return s.Draw(d.items)
}

// developing is a reel on its way to items of a screen.
type developing struct {
	*reel
	client client
	cast   *cast
	items  []screen.Item
	place  string
	day    string
}

func (d *developing) add(i screen.Item, at time.Time) {
	i.At = at
	d.items = append(d.items, i)
}

// when notes a new day.
func (d *developing) when(at time.Time) {
	if day := at.In(d.zone()).Format("Monday, January 2"); day != d.day {
		d.day = day
		d.add(screen.Item{Kind: screen.Note, Words: day}, at)
	}
}

// where notes that it goes on somewhere else.
func (d *developing) where(place string, at time.Time) {
	d.when(at)
	if place != d.place {
		d.place = place
		d.add(screen.Item{Kind: screen.Place, Words: place}, at)
	}
}

// talking is somebody saying something, in the channel, in another one or directly.
var talking = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{N}_.-]{0,30})(?:@([a-z][a-z0-9-]{0,30}))?: +(.+)$`)

func (d *developing) frame(f filmed) error {
	if f.line == "" {
		return d.message(f)
	}
	if note, is := strings.CutPrefix(f.line, "#"); is {
		d.add(screen.Item{Kind: screen.Note, Words: strings.TrimSpace(note)}, f.at)
		return nil
	}
	m := talking.FindStringSubmatch(f.line)
	switch {
	case m == nil && !strings.HasPrefix(f.line, "wait"):
		d.when(f.at)
		d.add(screen.Item{Kind: screen.Note, Words: f.line}, f.at)
		return nil
	case m == nil:
		return nil // the next message says what day it is
	}
	switch m[2] {
	case "dm":
		d.where("Direct messages: "+m[1], f.at)
	case "page":
		d.where("The page of "+m[1], f.at)
	case "":
		d.where("# village", f.at)
	default:
		d.where("# "+m[2], f.at)
	}
	i := screen.Item{Kind: screen.Said, From: m[1], Words: m[3]}
	if f.label != "" {
		i.Words, i.Tap = f.label, true
	}
	d.add(i, f.at)
	return nil
}

// inBrackets is what a button says that stands in brackets; empty for other words.
func inBrackets(words string) string {
	if !strings.HasPrefix(words, "[") || !strings.HasSuffix(words, "]") {
		return ""
	}
	return words[1 : len(words)-1]
}

// message is a message or a form as the client is sent it.
func (d *developing) message(f filmed) error {
	direct := f.In == "direct"
	switch {
	case f.In == "page":
		d.where("The page of "+f.To, f.at)
		if f.Message != nil {
			d.add(screen.Item{Kind: screen.Note, Words: strings.TrimSpace(f.Message.Title + " " + bot.PlainText(f.Message.Text))}, f.at)
		}
		return nil
	case direct:
		d.where("Direct messages: "+f.To, f.at)
	default:
		d.where("# "+f.In, f.at)
	}
	only := ""
	if f.Private && !direct {
		only = f.To
	}
	if f.Message != nil {
		m := d.cast.message(*f.Message)
		if f.Form != nil { // which opens over no message
			m.Buttons = append(slices.Clip(m.Buttons), bot.Button{Label: bot.AgainLabel(bot.Reply{Code: f.Code}), Command: "/" + strings.Join(f.Form.Path, " ")})
		}
		bodies, err := d.bodies(f, m, direct)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			d.add(screen.Item{Only: only, Edited: f.Edit, Body: b.JSON, Files: b.Files}, f.at)
		}
	}
	if f.Form == nil || f.Message != nil {
		return nil
	}
	b, err := d.client.Form(d.cast.form(*f.Form))
	if err != nil {
		return fmt.Errorf("a form: %w", err)
	}
	d.add(screen.Item{Kind: screen.Opened, Only: f.To, Body: b.JSON}, f.at)
	return nil
}

func (d *developing) bodies(f filmed, m bot.Message, direct bool) ([]adapter.Body, error) {
	switch {
	case f.Answer:
		return d.client.Answer(m, direct)
	case f.Edit:
		return d.client.Edited(m, direct)
	case f.Private:
		return d.client.Direct(m)
	}
	return d.client.Post(m)
}

// cast gives the people and rooms of a rehearsal ids of the platform's kind.
type cast struct {
	platform screen.Client
	ids      map[string]string
	names    map[string]string
}

func newCast(p screen.Client) *cast {
	return &cast{platform: p, ids: map[string]string{}, names: map[string]string{}}
}

// id is the platform's for a console ID; anything else stays as it is.
func (c *cast) id(kind, id string) string {
	if bot.PlatformOf(id) != console.Name {
		return id
	}
	name := bot.Account(id)
	if kind == "room" {
		name = "#" + name
	}
	got, ok := c.ids[name]
	if !ok {
		n := len(c.ids) + 1
		got = fmt.Sprintf("1%017d", n)
		if c.platform == screen.Slack {
			got = fmt.Sprintf("%s0%03d", map[bool]string{true: "C", false: "U"}[kind == "room"], n)
		}
		c.ids[name], c.names[got] = got, name
	}
	return string(c.platform) + "/" + got
}

// mentioned finds people and rooms in a message's words.
var mentioned = regexp.MustCompile(`\((person|room):([^)\s]+)\)`)

func (c *cast) words(s string) string {
	return mentioned.ReplaceAllStringFunc(s, func(link string) string {
		m := mentioned.FindStringSubmatch(link)
		id, err := url.PathUnescape(m[2])
		if err != nil {
			return link
		}
		return "(" + m[1] + ":" + url.PathEscape(c.id(m[1], id)) + ")"
	})
}

func (c *cast) message(m bot.Message) bot.Message {
	m.Text, m.Footer = c.words(m.Text), c.words(m.Footer)
	m.Fields, m.Lines, m.Notify = slices.Clone(m.Fields), slices.Clone(m.Lines), slices.Clone(m.Notify)
	for i := range m.Fields {
		m.Fields[i].Value = c.words(m.Fields[i].Value)
	}
	for i := range m.Lines {
		m.Lines[i].Text = c.words(m.Lines[i].Text)
	}
	for i := range m.Notify {
		m.Notify[i] = c.id("person", m.Notify[i])
	}
	return m
}

func (c *cast) form(f bot.Form) bot.Form {
	f.Intro = c.words(f.Intro)
	return f
}
