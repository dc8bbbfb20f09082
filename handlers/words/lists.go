package words

import (
	"slices"
	"strconv"

	"village/bot"
)

// BoardSize is how many lines of a list are shown at once: what platforms have room for
// in one message, and what anybody would read.
const BoardSize = 8

// first is a message that nobody asked for with as much of its list as is shown at once,
// and where the rest of it is.
func (to Reader) first(m bot.Message) bot.Message {
	if more := len(m.Lines) - BoardSize; more > 0 {
		m.Lines = m.Lines[:BoardSize]
		m.Text = paragraphs(m.Text, to.say("And %d more.", more))
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("All that is open"), Command: "/need open all"})
	}
	return m
}

// Paged is a message with one page of its list, the first being 1, where that has more
// lines than are shown at once. line is the command that shows the list.
func (to Reader) Paged(m bot.Message, page int, line string) bot.Message {
	all := len(m.Lines)
	if all <= BoardSize {
		return m
	}
	pages := (all + BoardSize - 1) / BoardSize
	page = max(1, min(page, pages))
	from := (page - 1) * BoardSize
	head := ""
	for _, l := range m.Lines[:from+1] {
		if l.Head != "" {
			head = l.Head
		}
	}
	m.Lines = slices.Clone(m.Lines[from:min(from+BoardSize, all)])
	m.Lines[0].Head = head
	m.Text = paragraphs(m.Text, to.say("%d to %d of %d:", from+1, from+len(m.Lines), all))
	if page < pages {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Show more"), Command: line + " page: " + strconv.Itoa(page+1)})
	}
	if page > 1 {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Show the ones before"), Command: line + " page: " + strconv.Itoa(page-1)})
	}
	return m
}
