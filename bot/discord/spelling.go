package discord

import (
	"slices"

	"village/bot"
	"village/bot/adapter"
)

// spell learns how the commands of a table are typed here.
func (p *Platform) spell(table []bot.Command) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.table, p.listed = table, bot.Listed(table)
}

// render lays an answer out, with commands as they are typed here.
func (p *Platform) render(m bot.Message) []message { return render(p.spelled(m)) }

// spelled is a message with commands as they are typed here. One that Discord does not
// list is no command to it, and in a channel would be said to everybody but the bot: it
// is written behind the bot's name.
func (p *Platform) spelled(m bot.Message) bot.Message {
	p.mu.Lock()
	table, listed, name := p.table, p.listed, p.name
	p.mu.Unlock()
	spelled := func(words string) string {
		return adapter.Spell(words, func(first, second string) string {
			for _, path := range [][]string{{first}, {first, second}} {
				if cmd := bot.Find(table, path); cmd != nil && cmd.Typed && bot.Find(listed, path) == nil {
					return "@" + name + " /"
				}
			}
			return "/"
		})
	}
	m.Title, m.Text, m.Footer = spelled(m.Title), spelled(m.Text), spelled(m.Footer)
	m.Fields, m.Lines = slices.Clone(m.Fields), slices.Clone(m.Lines)
	for i := range m.Lines {
		m.Lines[i].Text = spelled(m.Lines[i].Text)
	}
	for i := range m.Fields {
		m.Fields[i].Value = spelled(m.Fields[i].Value)
	}
	return m
}
