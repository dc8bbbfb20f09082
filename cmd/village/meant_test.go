package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"village/bot"
)

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
	gone  []string // IDs of those who have left the village channel
	roles map[string]*meantRole
}

// meantRole is a role, and who has it (IDs).
type meantRole struct {
	name string
	has  []string
}

// gives lets somebody (an ID) have a role (an ID and its name), or no longer.
func (m *meant) gives(person, role, name string, yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.roles == nil {
		m.roles = map[string]*meantRole{}
	}
	if m.roles[role] == nil {
		m.roles[role] = &meantRole{name: name}
	}
	r := m.roles[role]
	r.has = slices.DeleteFunc(r.has, func(id string) bool { return id == person })
	if yes {
		r.has = append(r.has, person)
	}
}

func (m *meant) FindRole(_ context.Context, _, said string) (id, name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, r := range m.roles {
		if said == id || bot.Account(said) == r.name {
			return id, r.name, nil
		}
	}
	return "", "", bot.ErrUnreachable
}

func (m *meant) HasRole(_ context.Context, _, role, person string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.roles[role] != nil && slices.Contains(m.roles[role].has, person), nil
}

// comes has somebody (an ID) join the village channel, or leave it.
func (m *meant) comes(person string, yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gone = slices.DeleteFunc(m.gone, func(id string) bool { return id == person })
	if !yes {
		m.gone = append(m.gone, person)
	}
}

func (m *meant) Standing(_ context.Context, _, _, person string) bot.Standing {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.Contains(m.gone, person) {
		return bot.Gone
	}
	return bot.In
}

func (m *meant) Forget(string) {}

// Check finds each room as it is on the stages: open to the bot, and closed to everybody
// who has no business there.
func (m *meant) Check(_ context.Context, _ []bot.Command, rooms ...string) []bot.Finding {
	var found []bot.Finding
	for _, room := range rooms {
		found = append(found, bot.Finding{OK: true, Say: "The channel can be seen and written in.", Room: room})
	}
	return found
}

type meantPost struct {
	to      string
	message bot.Message
	news    bool
	// fresh is what is new since the last line, answered at once or later.
	fresh bool
}

func (m *meant) Name() string { return m.name }

func (m *meant) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (m *meant) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	return m.post(o.To.Person+o.To.Room, o.Message), nil
}

func (m *meant) post(to string, message bot.Message) bot.Posted {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.posts = append(m.posts, &meantPost{to: to, message: message, news: true, fresh: true})
	return bot.Posted{Platform: m.name, Room: to, Message: fmt.Sprint(len(m.posts) - 1)}
}

func (m *meant) Edit(_ context.Context, p bot.Posted, message bot.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var i int
	if _, err := fmt.Sscan(p.Message, &i); err != nil {
		return err
	}
	m.posts[i].message, m.posts[i].news, m.posts[i].fresh = message, true, true
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

// line is what was meant since the last line, in the order in which it stands: what
// is edited stands where it was.
func (m *meant) line(s stage) []shown {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []shown
	for _, p := range m.posts {
		if p.fresh {
			out = append(out, meantWords(s, p.to, p.message))
			p.news, p.fresh = false, false
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
	for _, l := range m.Lines {
		write(bot.Literal(l.Head))
		write(l.Text)
		if l.Button.Command != "" {
			out.commands = append(out.commands, l.Button.Command)
		}
	}
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

// notIn is the first of the words that does not follow in the text, or "".
func notIn(words, text string) string {
	left := wordsOf(text)
	for _, w := range wordsOf(words) {
		i := slices.Index(left, w)
		if i < 0 {
			return w
		}
		left = left[i+1:]
	}
	return ""
}

// wordsOf are the words of a text. (Under the race detector a regular expression
// asks for fresh memory at every match.)
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
