package words

import (
	"slices"
	"strings"

	"village/bot"
	"village/internal/village"
)

// OpenBoard is what is open, the next first.
type OpenBoard struct {
	Needs []village.Need
	// Unwelcome are those of them (IDs) to which the reader's yes would be refused: they
	// stand there as for everybody, with nothing to tap.
	Unwelcome map[string]bool
	// Page is which part of them is shown, the first being 1.
	Page int
	// Week says that only the next seven days were asked for. Matching is how many
	// there are in them, or at all, and All how many there are at all.
	Week          bool
	Matching, All int
	// Covered and Asked are how many requests of the next seven days have
	// somebody, of how many.
	Covered, Asked int
}

// Open shows what is open.
func (to Reader) Open(b OpenBoard) bot.Message {
	everything := bot.Button{Label: to.say("All that is open"), Command: "/need open all"}
	switch {
	case len(b.Needs) == 0 && b.All == 0:
		return bot.Message{Title: to.say("Nothing is open"), Tone: bot.Good, Text: to.say("Nobody is waiting for help right now. Thank you for looking."), Buttons: []bot.Button{to.MineButton()}}
	case len(b.Needs) == 0:
		return bot.Message{Title: to.say("Nothing is open in the next seven days"), Tone: bot.Good,
			Text: sentences(to.say("Thank you for looking."), to.later(b.All)), Buttons: []bot.Button{everything, to.MineButton()}}
	}
	m := bot.Message{Title: to.say("What is still open")}
	if b.Week {
		m.Title = to.say("Open in the next seven days")
	}
	line := "/need open all"
	if b.Week {
		line = "/need open"
	}
	for _, n := range b.Needs {
		l := bot.Line{Text: to.NeedLine(n)}
		if n.Member.ID != to.ID && !b.Unwelcome[n.ID] {
			l.Button = to.in(n).claimThis(n)
		}
		m.Lines = append(m.Lines, l)
	}
	if b.All > b.Matching {
		m.Text = to.later(b.All - b.Matching)
		m.Buttons = append(m.Buttons, everything)
	}
	m.Footer = to.SharedAnyway()
	if b.Asked > 0 {
		m.Footer = sentences(to.say("The next seven days: %s.", to.Coverage(b.Covered, b.Asked)), m.Footer)
	}
	return to.Paged(m, b.Page, line)
}

// claimThis is the tap of a yes, with whose and the day, where several stand side by
// side.
func (to Reader) claimThis(n village.Need) bot.Button {
	return bot.Button{Label: Clip(to.say("%s, %s", to.offer(n), to.listed(n.Start, to.Zone)), 75), Command: "/need claim " + n.ID}
}

// later says how many requests are open after the next seven days.
func (to Reader) later(many int) string {
	if many == 1 {
		return to.say("One request is open for a later day.")
	}
	return to.say("%d requests are open for later days.", many)
}

// Coverage is "5 of 6 covered ■■■■■□", a bar of at most ten marks behind its words;
// empty where there is nothing to cover.
func (to Reader) Coverage(covered, all int) string {
	if all == 0 {
		return ""
	}
	covered = max(0, min(covered, all))
	marks := min(all, 10)
	full := covered * marks / all
	return to.say("%d of %d covered %s", covered, all, strings.Repeat("■", full)+strings.Repeat("□", marks-full))
}

// Mine shows what somebody asked for, said yes to, stands by for, and signed
// others up for, page by page.
func (to Reader) Mine(needs []village.Need, page int) bot.Message {
	m := bot.Message{Title: to.say("Yours")}
	var asked, offered, standing, filled []bot.Line
	for _, n := range needs {
		l := bot.Line{Text: to.NeedLine(n)}
		mine, see := n.Member.ID == to.ID, to.say("See your offer")
		if mine {
			see = to.say("See your %s", to.Short(n.Kind))
		} else if !n.HelpedBy(to.ID) && !n.StandsBy(to.ID) {
			see = to.say("See it")
		}
		switch {
		case mine && village.Thankable(n):
			l.Button = to.needButton(n, to.say("Say thank you: %s", to.Short(n.Kind)), "/need thanks ")
		case n.Why == "":
			l.Button = to.needButton(n, see, "/need show ")
		}
		switch {
		case mine:
			asked = append(asked, l)
		case n.StandsBy(to.ID):
			standing = append(standing, l)
		case !n.HelpedBy(to.ID):
			filled = append(filled, l)
		default:
			offered = append(offered, l)
		}
	}
	m.Lines = slices.Concat(part(to.say("You asked for"), asked), part(to.say("You said yes to"), offered),
		part(to.say("You stand by for"), standing), part(to.say("You signed somebody up for"), filled))
	if len(m.Lines) == 0 {
		m.Text = to.say("You have asked for nothing and said yes to nothing at the moment. Both are fine.")
		m.Buttons = []bot.Button{{Label: to.say("Ask for a ride home"), Command: "/ask ride-home"}, to.openButton()}
	}
	return to.Paged(m, page, "/need mine")
}

// part is a part of a list under its heading; none without lines.
func part(heading string, lines []bot.Line) []bot.Line {
	if len(lines) > 0 {
		lines[0].Head = heading
	}
	return lines
}

// Uncovered shows moderators what is not settled among the needs of the next
// seven days, page by page.
func (to Reader) Uncovered(needs []village.Need, covered, asked, page int) bot.Message {
	m := bot.Message{Title: to.say("The next seven days"), Text: to.Coverage(covered, asked)}
	if len(needs) == 0 {
		m.Text = to.say("Nothing is asked for in the next seven days.")
		return m
	}
	var open, unsure []bot.Line
	for _, n := range needs {
		isOpen := n.State() == village.Open
		if n.Why != "" || !isOpen && !n.Unsettled() {
			continue
		}
		l := bot.Line{Text: to.unsettledLine(n), Button: to.needButton(n, Capital(to.Short(n.Kind)), "/need show ")}
		if isOpen {
			open = append(open, l)
		} else {
			unsure = append(unsure, l)
		}
	}
	m.Lines = slices.Concat(part(to.say("Still open"), open), part(to.say("Not settled"), unsure))
	if len(m.Lines) == 0 {
		m.Tone, m.Text = bot.Good, paragraphs(m.Text, to.say("Nobody is waiting for help right now."))
	}
	return to.Paged(m, page, "/need uncovered")
}

// unsettledLine is a line with the name that moderators need, and whether the
// helper has answered.
func (to Reader) unsettledLine(n village.Need) string {
	known := to
	known.ID = n.Member.ID
	line := known.NeedLine(n)
	if n.IsHeld() && len(n.Claims) > 0 {
		return to.say("%s, whoever asked can't be reached", line)
	}
	if n.Unanswered() {
		return to.say("%s, no answer yet", line)
	}
	return line
}

// NeedLabel is a need in a list to choose from: whose, what, when and where.
func (to Reader) NeedLabel(n village.Need) string {
	name, what, at := to.NameOf(n), to.Short(n.Kind), to.listed(n.Start, village.ZoneNamed(n.Zone))
	if n.Kind.Travels() {
		return Clip(to.say("%s: %s, %s, from %s", name, what, at, n.From), 100)
	}
	return Clip(to.say("%s: %s, %s, at %s", name, what, at, n.From), 100)
}

// NeedWords are the words by which a need can be found, apart from its day: of what
// everybody can read, whatever is known.
func (to Reader) NeedWords(n village.Need) string {
	known := []string{n.NameFor(to.ID), to.Short(n.Kind), string(n.Kind), n.Kind.Called(), n.From, n.To}
	for _, c := range n.Claims {
		known = append(known, c.Helper.Name)
	}
	return strings.Join(known, " ")
}
