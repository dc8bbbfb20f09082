package words

import (
	"fmt"

	"village/bot"
	"village/internal/village"
)

// None is typed to take something away.
const None = "-"

// Number is a number that somebody number, empty where nobody did.
func Number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// ChangedFields say what is different, and where it helps, what it was before.
// private are the private details, for who may read them.
func ChangedFields(n village.Need, was, is village.Terms, private string) []bot.Field {
	var out []bot.Field
	zone := village.ZoneNamed(n.Zone)
	if was.Moved(is) {
		before := n
		before.Start, before.End = was.Start, was.End
		out = append(out, bot.Field{Name: "It was", Value: Span(before, zone)}, bot.Field{Name: "It is now", Value: Span(n, zone)})
	}
	from := "Where"
	if n.Kind.Travels() {
		from = "From"
	}
	for _, w := range []struct{ name, was, is string }{
		{from, was.From, is.From}, {"To", was.To, is.To},
		{"Children", Number(was.Children), Number(is.Children)}, {"Seats", Number(was.Seats), Number(is.Seats)}, {"Child seats", Number(was.ChildSeats), Number(is.ChildSeats)},
	} {
		switch {
		case w.was == w.is:
		case w.was == "":
			out = append(out, bot.Field{Name: w.name, Value: bot.Literal(w.is)})
		case w.is == "":
			out = append(out, bot.Field{Name: w.name, Value: "not said any more (it was " + bot.Literal(w.was) + ")"})
		default:
			out = append(out, bot.Field{Name: w.name, Value: bot.Literal(w.is) + " (it was " + bot.Literal(w.was) + ")"})
		}
	}
	switch {
	case was.Note == is.Note:
	case is.Note == "":
		out = append(out, bot.Field{Name: "Note", Value: "taken away"})
	default:
		out = append(out, bot.Field{Name: "Note", Value: bot.Literal(is.Note)})
	}
	switch {
	case !was.Private(is):
	case !is.Details:
		out = append(out, bot.Field{Name: "Private details", Value: "There are none any more."})
	case private != "":
		out = append(out, bot.Field{Name: "Just for you", Value: bot.Literal(private)})
	default:
		out = append(out, bot.Field{Name: "Private details", Value: "They are new."})
	}
	return out
}

// MovedCard stands where a request was before its channel was changed.
func MovedCard(g village.Group) bot.Message {
	return bot.Message{Text: "This request is in " + RoomNames(g) + " now."}
}
