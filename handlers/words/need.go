package words

import (
	"fmt"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

func ReleaseButton(n village.Need) bot.Button {
	return bot.Button{Label: "I can't after all", Command: "/need release " + n.ID}
}

// JudgeButtons are the two answers about a helper.
func JudgeButtons(n village.Need, helper string) []bot.Button {
	return []bot.Button{
		{Label: "Yes, they may", Command: "/need approve " + n.ID + " " + helper, Style: bot.Primary},
		{Label: "No, thank you", Command: "/need decline " + n.ID + " " + helper}}
}

// SharedAnyway is shared for several requests at once.
const SharedAnyway = "If you say yes to one: whoever asked and the village channel see your name."

// Shared says before the tap what a yes tells to whom.
func Shared(n village.Need) string {
	words := "If you say yes: " + bot.Literal(n.Member.Name) + " and the village channel see your name"
	if n.Hidden {
		words = "If you say yes: you learn who it is for, and they and the village channel see your name"
	}
	if n.Details {
		words += ", and only you are sent the private part"
	}
	words += "."
	if n.Kind.WithChildren() {
		words += " Because children are part of it, whoever asked says yes to you first."
	}
	return words
}

// Span is when a need is; its end is said where it is not what anybody would
// expect.
func Span(n village.Need, zone *time.Location) string {
	words := Moment(n.Start, zone)
	if n.Kind == village.StayWith || n.Kind == village.Childcare {
		words += " until " + bot.At(n.End, when.Short(n.End, zone))
	}
	return words
}

func NoSuchNeed() error {
	return &bot.Error{Code: village.CodeNoSuchNeed,
		Say:     "I can't find that request here. It may be over and gone.",
		Hint:    "See what is open now, or what you are part of.",
		Buttons: []bot.Button{{Label: "What is open", Command: "/need open"}, {Label: "Mine", Command: "/need mine"}}}
}

func HelperButtons(n village.Need, helper string) []bot.Button {
	return append(DetailsButton(n, helper), ReleaseButton(n))
}

// DetailsButton shows somebody what is private, where they may see it: an answer
// that takes the place of a message with an address in it must not lose it.
func DetailsButton(n village.Need, helper string) []bot.Button {
	if !n.Details || !n.MaySee(helper) {
		return nil
	}
	return []bot.Button{{Label: "Private details", Command: "/need details " + n.ID}}
}

// BoardSize is how many needs a list shows; the platforms' messages hold no
// more that anybody would read.
const BoardSize = 10

func ThanksButton(n village.Need) bot.Button {
	return bot.Button{Label: "Say thank you", Command: "/need thanks " + n.ID}
}

func ClaimButton(n village.Need) bot.Button {
	return bot.Button{Label: n.Kind.Words().Offer, Command: "/need claim " + n.ID, Style: bot.Primary}
}

// NeedCard is a need as it stands in the village channel, and for a reader who
// is part of it, with what they can do. It never holds private details.
func NeedCard(n village.Need, zone *time.Location, reader string) bot.Message {
	w := n.Kind.Words()
	m := bot.Message{Title: Capital(w.Noun) + " for " + n.NameFor(reader),
		Text: "**" + Span(n, zone) + "**", Fields: NeedFields(n)}
	switch n.State() {
	case village.Open:
		m.Tone = bot.Asking
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: Missing(n)})
		if reader != n.Member.ID && !n.HelpedBy(reader) {
			m.Buttons = append(m.Buttons, ClaimButton(n))
		}
		if reader == "" {
			m.Footer = Shared(n)
		}
	case village.Covered:
		m.Tone = bot.Good
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: Names(n.Claims) + ". Thank you!"})
		if len(n.Backups) > 0 {
			m.Fields = append(m.Fields, bot.Field{Name: "Standing by", Value: Names(n.Backups)})
		}
		if len(n.Backups) < village.MaxBackups && !n.IsHome(n.Claims[0].Helper.ID) && reader != n.Member.ID && !n.HelpedBy(reader) && !n.StandsBy(reader) {
			m.Buttons = append(m.Buttons, bot.Button{Label: "Stand by", Command: "/need standby " + n.ID})
		}
	case village.StateCancelled:
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: "Not needed any more."})
	case village.Over:
		over := "This is over."
		if len(n.Helpers()) > 0 {
			over += " Thank you to everybody who helped."
		}
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: over})
	}
	if reader == n.Member.ID && village.Thankable(n) {
		m.Buttons = append(m.Buttons, ThanksButton(n))
	}
	if n.Why != "" || reader == "" {
		return m
	}
	if n.HelpedBy(reader) {
		m.Buttons = append(m.Buttons, HelperButtons(n, reader)...)
	}
	if n.StandsBy(reader) {
		m.Buttons = append(m.Buttons, ReleaseButton(n))
	}
	if reader == n.Member.ID {
		m.Buttons = append(m.Buttons, bot.Button{Label: "Move it", Command: "/need move " + n.ID}, bot.Button{Label: "Change it", Command: "/need change " + n.ID}, bot.Button{Label: "Cancel it", Command: "/need cancel " + n.ID})
	}
	return m
}

// Names are the helpers' Names, with a word about those who are not settled.
func Names(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		name := bot.Literal(c.Helper.Name)
		switch {
		case c.Waiting:
			name += " (waiting for a yes)"
		case c.Unsure, c.Reread:
			name += " (asked again)"
		}
		out = append(out, name)
	}
	return AndList(out)
}

// PlainNames are the names alone.
func PlainNames(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		out = append(out, bot.Literal(c.Helper.Name))
	}
	return AndList(out)
}

// Missing says how many are still wanted.
func Missing(n village.Need) string {
	left := n.Wanted - len(n.Claims)
	switch {
	case len(n.Claims) > 0:
		return fmt.Sprintf("%s, and %d more would help. Can you?", Names(n.Claims), left)
	case left > 1:
		return fmt.Sprintf("Nobody yet. %d people would help. Can you?", left)
	}
	return "Nobody yet. Can you?"
}

func NeedFields(n village.Need) []bot.Field {
	from := "Where"
	if n.Kind.Travels() {
		from = "From"
	}
	fields := []bot.Field{{Name: from, Value: bot.Literal(n.From)}}
	if n.To != "" {
		fields = append(fields, bot.Field{Name: "To", Value: bot.Literal(n.To)})
	}
	for _, count := range []struct {
		name string
		n    int
	}{{"Children", n.Children}, {"Seats", n.Seats}, {"Child seats", n.ChildSeats}} {
		if count.n > 0 {
			fields = append(fields, bot.Field{Name: count.name, Value: fmt.Sprint(count.n)})
		}
	}
	if n.Note != "" {
		fields = append(fields, bot.Field{Name: "Note", Value: bot.Literal(n.Note)})
	}
	return fields
}

// NeedLine is a need in one line of a list, as this reader may know it.
func NeedLine(n village.Need, zone *time.Location, reader string) string {
	line := fmt.Sprintf("**%s** for %s, %s, %s", Capital(n.Kind.Words().Short), bot.Literal(n.NameFor(reader)), Moment(n.Start, zone), bot.Literal(n.Where()))
	switch {
	case n.Why == village.Cancelled:
		line += ": cancelled"
	case n.Why == village.Past:
		line += ": over"
	case len(n.Claims) == 0:
		line += ": nobody yet"
	case n.State() == village.Open:
		line += fmt.Sprintf(": %s, %d more wanted", Names(n.Claims), n.Wanted-len(n.Claims))
	case len(n.Claims) == 1:
		line += ": " + Names(n.Claims) + " helps"
	default:
		line += ": " + Names(n.Claims) + " help"
	}
	return line + " (" + n.ID + ")"
}
