package words

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"village/bot"
	"village/internal/village/when"
)

// Bullets puts lines into a list.
func Bullets(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString("- " + bot.Literal(l) + "\n")
	}
	return strings.TrimSpace(b.String())
}

// DayOf is the day of a time, in the time's own zone.
func DayOf(t time.Time) string { return t.Format("2 January 2006") }

// Clip shortens our own or a person's words to fit a label.
func Clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// AndList is "a, b and c".
func AndList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// andList is AndList in the reader's language.
func (to Reader) andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return to.say("%s and %s", strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
}

// Misheard says what was wrong with the words for a time or a zone, with a button for each reading of the words that fits
// on one; where one does not, all are written out.
func (to Reader) Misheard(unclear *when.Error, readings []bot.Button) *bot.Error {
	mistake := to.notUnderstood(unclear)
	mistake.Buttons = readings
	_, _, hint := unclear.Person()
	switch {
	case len(unclear.Choices) == 0:
	case len(readings) < len(unclear.Choices):
		mistake.Hint = to.say("Please write it as one of these: %s", hint)
	default:
		mistake.Hint = to.say("Please choose, or write it in full.")
	}
	return mistake
}

// Moment writes an instant for the reader, in words and as the platform shows it.
func (to Reader) Moment(t time.Time, zone *time.Location) string { return bot.At(t, to.full(t, zone)) }

// Moment writes an instant in English.
func Moment(t time.Time, zone *time.Location) string { return bot.At(t, when.Full(t, zone)) }

// Capital makes the first letter a capital.
func Capital(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// dayWord is "today", "tomorrow" or the day's name, "on Monday".
func (to Reader) dayWord(t time.Time) string {
	switch {
	case to.isToday(t):
		return to.say("today")
	case sameDay(to.Now.In(to.zoneHere()).AddDate(0, 0, 1), t, to.zoneHere()):
		return to.say("tomorrow")
	}
	return to.say("on %s", to.writing().Weekday(t, to.zoneHere()))
}

// isToday says whether a time is on the reader's present day.
func (to Reader) isToday(t time.Time) bool { return sameDay(to.Now, t, to.zoneHere()) }

func sameDay(a, b time.Time, zone *time.Location) bool {
	return a.In(zone).Format(time.DateOnly) == b.In(zone).Format(time.DateOnly)
}

// RoomName is what a room is called of which only the ID is known.
func RoomName(id string) string { return bot.Account(id) }

// Season is the first and the last day of what repeats in words, where it has
// them: until is the first instant behind the last day.
func Season(from, until time.Time, zone *time.Location) string {
	words := ""
	if !from.IsZero() {
		words += ", from " + from.In(zone).Format("2 January 2006")
	}
	if !until.IsZero() {
		words += ", until " + until.In(zone).AddDate(0, 0, -1).Format("2 January 2006")
	}
	return words
}

// LengthWords is a length of time in hours and minutes.
func LengthWords(d time.Duration) string {
	switch h, min := int(d/time.Hour), int(d%time.Hour/time.Minute); {
	case h == 0:
		return fmt.Sprintf("%d minutes", min)
	case min > 0:
		return fmt.Sprintf("%d h %d min", h, min)
	case h == 1:
		return "an hour"
	default:
		return fmt.Sprintf("%d hours", h)
	}
}

// sentences puts whole sentences one after the other, without those that are empty.
func sentences(said ...string) string { return joined(said, " ") }

// paragraphs puts whole paragraphs one below the other, without those that are
// empty.
func paragraphs(said ...string) string { return joined(said, "\n\n") }

func joined(said []string, by string) string {
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), by)
}
