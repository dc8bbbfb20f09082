// Package console is a platform in the terminal: the default, the rehearsal,
// and the test bench. Several people can speak in one room, and to the bot
// alone; what they are shown is printed, with a button as the command it
// stands for. It is a village with one channel called "village".
//
// A line is "maya: /faq can I eat before" (maya speaks in the channel) or
// "maya@dm: …" (to the bot directly); "maya@oak: …" is said in the channel of
// another village called oak; "rosa@page: …" is done by somebody who has a personal link,
// on their page, and "rosa@mail: …" by a link in a mail. A line without a speaker is said by
// "you". Words in the channel that are not for the bot are not read. "sam leaves" and
// "sam joins" are about the village channel, "sam has role mods" and "sam has no role mods"
// about what the platform gives people; with "village@oak joins" the bot
// itself is brought to #oak.
package console

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"village/bot"
)

// Name is the platform's name, the part of its IDs before the slash.
const Name = "console"

// Workspace is the first one, and the one that a direct message comes from.
const Workspace = Name + "/village"

// Config says how the console talks.
type Config struct {
	Out io.Writer
	// JSON prints every message as one JSON object a line.
	JSON bool
	// Moderators are the people who may manage the group.
	Moderators []string
	// Closed are channels and people, by name, that cannot be written to.
	Closed []string
	Now    func() time.Time
	// OnPage is whom a link is for, by their name or their ID; nil where there are no links.
	OnPage func(ctx context.Context, who string) (p bot.Person, ok bool, err error)
	// Printed is told of every message, unless it is nil, and Shown of all that is in it.
	Printed func(Message)
	Shown   func(Shown)
	// Zone gives the zone in which times stand before messages in words; UTC
	// when nil. JSON has them as Now gives them.
	Zone func() *time.Location
}

// Message is what was printed, for whoever counts.
type Message struct {
	// To is a person, or a room with a # before its name.
	To string
	// Edit is what was printed before and says something else now, Answer what somebody
	// has just asked for, and Words how many it has, buttons apart.
	Edit, Answer bool
	Words        int
}

// Shown is a message or a form as it is shown to somebody, for whoever draws it.
type Shown struct {
	Message *bot.Message // nil where only a form opens
	Form    *bot.Form
	// To is a person or a room by name, and In where: a room's name, "direct", or "page"
	// for the page of somebody with a link.
	To, In string
	// Private says that nobody else sees it, Answer that it was asked for just now, and
	// Edit that it takes the place of an earlier message.
	Private, Answer, Edit bool
	// Code names the error that it says, if it says one.
	Code string
}

// Console is the platform. It is safe for use by many goroutines.
type Console struct {
	cfg Config

	mu    sync.Mutex
	count int
	err   error
	gone  map[string]bool            // people (IDs) who have left the village channel
	roles map[string]map[string]bool // by role, who has it (IDs)
	taps  taps
}

// New makes a console.
func New(cfg Config) *Console {
	if cfg.Zone == nil {
		cfg.Zone = func() *time.Location { return time.UTC }
	}
	return &Console{cfg: cfg, gone: map[string]bool{}, roles: map[string]map[string]bool{}, taps: taps{}}
}

// Name is "console".
func (c *Console) Name() string { return Name }

// Zone is the zone in which times stand before messages in words.
func (c *Console) Zone() *time.Location { return c.cfg.Zone() }

// WorkspaceOf is the first village for every room: direct messages come from there,
// and rooms have whatever name somebody gives them. The error is [bot.ErrUnreachable]
// for what is no room here.
func (c *Console) WorkspaceOf(_ context.Context, room string) (string, error) {
	if bot.PlatformOf(room) != Name {
		return "", fmt.Errorf("console: not a room here: %w", bot.ErrUnreachable)
	}
	return Workspace, nil
}

// Standing is Gone for whoever has left the village channel, and In for everybody else.
func (c *Console) Standing(_ context.Context, _, _, person string) bot.Standing {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone[person] {
		return bot.Gone
	}
	return bot.In
}

// Forget does nothing: the console knows.
func (c *Console) Forget(string) {}

// broughtTo is the bot's own coming to another village, where nothing is set up.
var broughtTo = regexp.MustCompile(`^village@([a-z][a-z0-9-]{0,30}) joins$`)

var comesOrGoes = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{N}_.-]{0,30}) (leaves|joins)$`)

// move lets somebody leave or join the village channel, where that is what a line says.
func (c *Console) move(ctx context.Context, b *bot.Bot, line string) bool {
	if m := broughtTo.FindStringSubmatch(line); m != nil {
		b.Arrived(ctx, bot.Arrival{Workspace: Name + "/" + m[1], Room: Name + "/" + m[1]})
		return true
	}
	m := comesOrGoes.FindStringSubmatch(line)
	if m == nil {
		return c.given(line)
	}
	id := Name + "/" + strings.ToLower(m[1])
	c.mu.Lock()
	c.gone[id] = m[2] == "leaves"
	c.mu.Unlock()
	b.Look(ctx, id)
	return true
}

// notThere says that a line cannot be said in the village channel by somebody who has
// left it.
func (c *Console) notThere(name, place string) error {
	if c.Standing(context.Background(), "", "", Name+"/"+name) != bot.Gone || Name+"/"+place != Workspace {
		return nil
	}
	return &bot.Error{Code: "not-there", Say: name + " has left #" + place + " and can't say anything there.", Hint: name + "@dm: /need open"}
}

// Run waits: what is said comes in through Say.
func (c *Console) Run(ctx context.Context, _ *bot.Bot) error {
	<-ctx.Done()
	return nil
}

var speaker = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{N}_.-]{0,30})(?:@([a-z][a-z0-9-]{0,30}))?:(?:\s|$)(.*)$`)

// byLink says whether whoever speaks there has a personal link.
func (c *Console) byLink(place string) bool {
	return (place == page || place == mail) && c.cfg.OnPage != nil
}

// Say carries out one line and prints the answer. The error is the output's.
func (c *Console) Say(ctx context.Context, b *bot.Bot, line string) error {
	line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
	if line == "" || strings.HasPrefix(line, "#") || c.move(ctx, b, line) {
		return c.Err()
	}
	name, direct, words, place := "you", !strings.HasPrefix(line, "/"), line, "village"
	if m := speaker.FindStringSubmatch(line); m != nil {
		name, direct, words = strings.ToLower(m[1]), m[2] == "dm", strings.TrimSpace(m[3])
		if m[2] != "" && !direct {
			place = m[2]
		}
	}
	words, err := c.meant(name, words, direct)
	if err != nil {
		return c.Mistake(err)
	}
	if words == "" && !direct {
		return c.Err()
	}
	if c.byLink(place) {
		return c.onPage(ctx, b, name, place, words)
	}
	if err := c.notThere(name, place); err != nil && !direct {
		return c.Mistake(err)
	}
	r := bot.Request{
		Platform: Name, Workspace: Name + "/" + place,
		Room: bot.Room{ID: Name + "/" + place, Name: place},
		From: bot.Person{ID: Name + "/" + name, Name: name, Moderator: slices.Contains(c.cfg.Moderators, name)},
		Line: words,
	}
	if direct {
		r.Room = bot.Room{ID: Name + "/dm-" + name, Direct: true}
	}
	c.print(b, r, b.Do(ctx, r))
	return c.Err()
}

// meant is what is said to the bot; empty in a channel where it is not for the bot. The
// error is for people.
func (c *Console) meant(name, words string, direct bool) (string, error) {
	words, err := c.tapped(name, words)
	if err != nil || direct || strings.HasPrefix(words, "/") {
		return words, err
	}
	mentioned, rest := toTheBot(words)
	if !mentioned {
		return "", nil
	}
	return cmp.Or(rest, " "), nil
}

// toTheBot says whether words in the channel name the bot, and gives them without
// its name.
func toTheBot(words string) (bool, string) {
	const name = "@village"
	at := strings.Index(strings.ToLower(words), name)
	if at < 0 || len(strings.ToLower(words)) != len(words) {
		return false, ""
	}
	if at == 0 {
		return true, strings.TrimLeft(words[len(name):], " ,:")
	}
	return true, strings.TrimSpace(strings.TrimRight(words[:at], " ,:") + " " + strings.TrimLeft(words[at+len(name):], " ,:"))
}

func (c *Console) print(b *bot.Bot, r bot.Request, reply bot.Reply) {
	in := r.Room.Name
	if r.Room.Direct {
		in = "direct"
	}
	c.printTo(b, recipient{Kind: "person", Name: bot.Account(r.From.ID)}, in, reply)
}

func (c *Console) printTo(b *bot.Bot, to recipient, in string, reply bot.Reply) {
	for i, m := range reply.Messages {
		out := c.message(m)
		out.To, out.In, out.Private = to, in, true
		if i == 0 {
			out.Error = reply.Code
		}
		if reply.Form != nil && i == len(reply.Messages)-1 {
			out.Form, out.opens = formOf(b, reply.Form), reply.Form
		}
		c.answer(&out)
	}
	if reply.Form != nil && len(reply.Messages) == 0 {
		out := output{To: to, In: in, Private: true, Title: reply.Form.Title, Text: reply.Form.Intro, Form: formOf(b, reply.Form),
			Fields: []outputField{}, Buttons: []outputTap{}, opens: reply.Form}
		c.answer(&out)
	}
}

// directly begins the room of a message to one person.
const directly = "direct/"

func (c *Console) closed(name string) bool { return slices.Contains(c.cfg.Closed, name) }

// Send prints a message that is on its way.
func (c *Console) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	if c.closed(bot.Account(o.To.Person + o.To.Room)) {
		return bot.Posted{}, bot.ErrUnreachable
	}
	out := c.message(o.Message)
	if o.To.Person != "" {
		out.To, out.In, out.Private = recipient{Kind: "person", Name: bot.Account(o.To.Person)}, "direct", true
	} else {
		out.To, out.In = recipient{Kind: "room", Name: bot.Account(o.To.Room)}, bot.Account(o.To.Room)
	}
	id := c.write(&out)
	room := o.To.Room
	if o.To.Person != "" {
		room = directly + o.To.Person
	}
	return bot.Posted{Platform: Name, Room: room, Message: id}, c.Err()
}

// Edit prints what a message says now.
func (c *Console) Edit(_ context.Context, p bot.Posted, m bot.Message) error {
	out := c.message(m)
	out.Edits = p.Message
	out.To, out.In = recipient{Kind: "room", Name: bot.Account(p.Room)}, bot.Account(p.Room)
	if person, direct := strings.CutPrefix(p.Room, directly); direct {
		out.To, out.In, out.Private = recipient{Kind: "person", Name: bot.Account(person)}, "direct", true
	}
	c.write(&out)
	return c.Err()
}

// Mistake answers a line that the console itself cannot understand. The
// answer is the output's error, or err itself when it has no words for people.
func (c *Console) Mistake(err error) error {
	var said interface {
		Person() (code, say, hint string)
	}
	if !errors.As(err, &said) {
		return err
	}
	code, say, hint := said.Person()
	text := say + "\n\nFor example: " + hint
	out := output{To: recipient{Kind: "person", Name: "you"}, In: "village", Private: true, Text: text, Error: code,
		Fields: []outputField{}, Buttons: []outputTap{}, whole: &bot.Message{Text: text}}
	c.answer(&out)
	return c.Err()
}

// answer prints what somebody has just asked for.
func (c *Console) answer(out *output) {
	out.answer = true
	c.write(out)
}

// output is a printed message; its JSON form is read by other programs.
type output struct {
	ID      string        `json:"id"`
	Edits   string        `json:"edits,omitempty"`
	At      string        `json:"at"`
	To      recipient     `json:"to"`
	In      string        `json:"in"`
	Private bool          `json:"private"`
	Title   string        `json:"title"`
	Text    string        `json:"text"`
	Lines   []outputLine  `json:"lines,omitempty"`
	Fields  []outputField `json:"fields"`
	Buttons []outputTap   `json:"buttons"`
	Footer  string        `json:"footer,omitempty"`
	Form    *outputForm   `json:"form,omitempty"`
	Image   *outputImage  `json:"image,omitempty"`
	File    *outputFile   `json:"file,omitempty"`
	Error   string        `json:"error,omitempty"`

	answer bool
	whole  *bot.Message
	opens  *bot.Form
}

type recipient struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

type outputLine struct {
	Head   string     `json:"head,omitempty"`
	Text   string     `json:"text"`
	Button *outputTap `json:"button,omitempty"`
}

type outputField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type outputTap struct {
	Label   string `json:"label"`
	Command string `json:"command,omitempty"`
	URL     string `json:"url,omitempty"`
}

type outputImage struct {
	Alt string `json:"alt"`
}

type outputFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Text string `json:"text"`
}

type outputForm struct {
	Title   string            `json:"title"`
	Command string            `json:"command"`
	Fields  []outputFormField `json:"fields"`
}

type outputFormField struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Hint     string   `json:"hint,omitempty"`
	Value    string   `json:"value,omitempty"`
	Required bool     `json:"required"`
	Private  bool     `json:"private,omitempty"`
	Choices  []string `json:"choices,omitempty"`
}

func (c *Console) message(m bot.Message) output {
	out := output{Title: m.Title, Text: bot.PlainText(m.Text), Footer: bot.PlainText(m.Footer), Fields: []outputField{}, Buttons: []outputTap{}, whole: &m}
	for _, l := range m.Lines {
		line := outputLine{Head: l.Head, Text: bot.PlainText(l.Text)}
		if b := l.Button; b.Label != "" {
			line.Button = &outputTap{Label: b.Label, Command: b.Command, URL: b.URL}
		}
		out.Lines = append(out.Lines, line)
	}
	for _, f := range m.Fields {
		out.Fields = append(out.Fields, outputField{Name: f.Name, Value: bot.PlainText(f.Value)})
	}
	for _, b := range m.Buttons {
		out.Buttons = append(out.Buttons, outputTap{Label: b.Label, Command: b.Command, URL: b.URL})
	}
	for _, menu := range m.Menus {
		for _, p := range menu.Picks {
			out.Buttons = append(out.Buttons, outputTap{Label: p.Label, Command: menu.Command + " " + p.Value})
		}
	}
	if m.Image != nil {
		out.Image = &outputImage{Alt: m.Image.Alt}
	}
	if m.File != nil {
		out.File = &outputFile{Name: m.File.Name, Type: m.File.Type, Text: string(m.File.Data)}
	}
	return out
}

func formOf(b *bot.Bot, f *bot.Form) *outputForm {
	out := &outputForm{Title: f.Title, Command: b.FormatLine(f.Path, f.Args)}
	for _, field := range f.Fields {
		label := field.Label
		if label == "" {
			label = field.Summary
		}
		of := outputFormField{Name: field.Name, Label: label, Hint: field.Hint, Value: field.Value, Required: field.Required, Private: field.Private}
		for _, p := range field.Choices {
			of.Choices = append(of.Choices, p.Value)
		}
		out.Fields = append(out.Fields, of)
	}
	return out
}

// write numbers and prints a message. Once the output has failed, nothing more
// is written and Err says why.
func (c *Console) write(out *output) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	out.ID = fmt.Sprintf("m%d", c.count)
	c.taps.note(out, c.count)
	now := c.cfg.Now()
	out.At = now.Format(time.RFC3339)
	if c.err != nil {
		return out.ID
	}
	if c.cfg.Printed != nil {
		c.cfg.Printed(out.counted())
	}
	if c.cfg.Shown != nil {
		c.cfg.Shown(Shown{Message: out.whole, Form: out.opens, To: out.To.Name, In: out.In, Private: out.Private, Answer: out.answer, Edit: out.Edits != "", Code: out.Error})
	}
	if c.cfg.JSON {
		enc := json.NewEncoder(c.cfg.Out)
		enc.SetEscapeHTML(false)
		c.err = enc.Encode(out)
		return out.ID
	}
	_, c.err = io.WriteString(c.cfg.Out, out.words(now.In(c.cfg.Zone())))
	return out.ID
}

// counted is a message for whoever counts.
func (o *output) counted() Message {
	m := Message{To: o.To.Name, Edit: o.Edits != "", Answer: o.answer, Words: len(strings.Fields(o.Title + " " + o.Text + " " + o.Footer))}
	if o.To.Kind == "room" {
		m.To = "#" + m.To
	}
	for _, l := range o.Lines {
		m.Words += len(strings.Fields(l.Head + " " + l.Text))
	}
	for _, f := range o.Fields {
		m.Words += len(strings.Fields(f.Name + " " + f.Value))
	}
	return m
}

// Err is the first error of the output, if any.
func (c *Console) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// words is a field with its name, a list below it.
func (f outputField) words() string {
	if strings.Contains(f.Value, "\n") {
		return f.Name + ":\n" + f.Value
	}
	return f.Name + ": " + f.Value
}

// words is a line of a list with its button, for people to read.
func (l outputLine) words() string {
	words := "- " + l.Text
	if l.Head != "" {
		words = l.Head + ":\n" + words
	}
	if l.Button != nil {
		words += "\n  [" + l.Button.Label + "] " + l.Button.Command + l.Button.URL
	}
	return words
}

// words is a field to be filled in, for people to read.
func (f outputFormField) words() string {
	line := "  " + f.Name + ": "
	if f.Value != "" {
		line += f.Value + "   "
	}
	line += "(" + f.Label
	if !f.Required {
		line += "; may be left out"
	}
	if f.Hint != "" {
		line += "; " + f.Hint
	}
	return line + ")"
}

// onlySees says who sees a message that nobody else does.
func onlySees(name string) string {
	if name == "you" {
		return "you see it"
	}
	return name + " sees it"
}

// words is a message for people to read.
func (o *output) words(now time.Time) string {
	var b strings.Builder
	head := o.ID + ", " + now.Format("Mon 2 Jan 15:04") + ", "
	switch {
	case o.To.Kind == "room":
		head += "in #" + o.In
	case o.In == "direct":
		head += "to " + o.To.Name + ", directly"
	default:
		head += "in #" + o.In + ", only " + onlySees(o.To.Name)
	}
	if o.Edits != "" {
		head += ", instead of " + o.Edits
	}
	b.WriteString("-- " + head + "\n")
	indent := func(s string) {
		for line := range strings.SplitSeq(s, "\n") {
			b.WriteString(strings.TrimRight("   "+line, " ") + "\n")
		}
	}
	if o.Title != "" {
		indent(o.Title)
		indent(strings.Repeat("=", min(len([]rune(o.Title)), 60)))
	}
	if o.Text != "" {
		indent(o.Text)
	}
	for _, l := range o.Lines {
		indent(l.words())
	}
	for _, f := range o.Fields {
		indent(f.words())
	}
	if o.Image != nil {
		indent("(picture: " + o.Image.Alt + ")")
	}
	if o.File != nil {
		indent("(file: " + o.File.Name + ")")
	}
	for _, t := range o.Buttons {
		indent("[" + t.Label + "] " + t.Command + t.URL)
	}
	if o.Form != nil {
		indent("To fill in, type: " + o.Form.Command + " and then")
		for _, f := range o.Form.Fields {
			indent(f.words())
		}
	}
	if o.Footer != "" {
		indent("(" + o.Footer + ")")
	}
	b.WriteByte('\n')
	return b.String()
}
