package handlers

import (
	"errors"
	"strings"
	"time"

	"village/bot"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// timing is what words for a reminder's time come to: a cron line, with the days
// between which it holds, or one instant.
type timing struct {
	schedule string
	at       time.Time
	season   village.Season
	endless  bool   // its last day is taken off
	other    string // another way to read the hour, to be offered
}

// timing reads words for a person's reminder: a cron line, something that repeats,
// or one instant.
func (a *App) timing(r bot.Request, zone *time.Location) (timing, error) {
	return a.timingFrom(r, time.Time{}, zone)
}

// timingFrom is timing for what was to come once at another time; the zero time is
// none.
func (a *App) timingFrom(r bot.Request, was time.Time, zone *time.Location) (timing, error) {
	said, repeats, err := a.repeats(r, "when", zone)
	if err != nil || repeats {
		return said, err
	}
	if was.After(a.Now()) {
		at, err := a.movedTo(r, "when", was, zone)
		return timing{at: at}, err
	}
	at, err := when.Note(r.Arg("when"), a.Now(), zone)
	if err != nil {
		err = a.orEveryWeek(r, "when", zone, a.misheard(r, "when", err, a.reading(zone)))
	}
	return timing{at: at}, err
}

// repeats reads words for something that repeats, or a cron line; false where they
// are neither.
func (a *App) repeats(r bot.Request, option string, zone *time.Location) (timing, bool, error) {
	text := r.Arg(option)
	if looksLikeCron(text) {
		_, err := scheduler.ParseSchedule(text, zone)
		return timing{schedule: text}, true, err
	}
	if !when.Repeats(text) {
		return timing{}, false, nil
	}
	repetition, err := when.RepeatIn(text, a.Now(), zone)
	if err != nil {
		return timing{}, true, a.misheard(r, option, err, asWritten)
	}
	_, err = scheduler.ParseSchedule(repetition.Spec, zone)
	return timing{schedule: repetition.Spec, other: repetition.Other, season: village.Season{From: repetition.From, Until: repetition.Until}, endless: repetition.Endless}, true, err
}

// orEveryWeek offers what a person most likely meant who has named several days
// for something that can come again and again: each of them, every week. For a
// slip in "every" it offers the word.
func (a *App) orEveryWeek(r bot.Request, option string, zone *time.Location, err error) error {
	text, buttons := r.Arg(option), a.everyWeek(r, option, zone)
	if village.IsCode(err, string(when.Unknown)) {
		_, repeatErr := when.RepeatIn(text, a.Now(), zone)
		var unclear *when.Error
		slip := errors.As(repeatErr, &unclear) && len(unclear.Choices) == 1 && when.Repeats(unclear.Choices[0].Words)
		if slip && (len(buttons) == 0 || unclear.Choices[0].Words != "every "+text) {
			return a.misheard(r, option, repeatErr, asWritten)
		}
	}
	if !village.IsCode(err, string(when.Several)) && !village.IsCode(err, string(when.Unknown)) || len(buttons) == 0 {
		return err
	}
	return a.to(r, zone).EveryWeek(string(when.Several), buttons)
}

// everyWeek is a button for days of the week that were named without saying that
// they come again; none for other words.
func (a *App) everyWeek(r bot.Request, option string, zone *time.Location) []bot.Button {
	again := "every " + r.Arg(option)
	repetition, err := when.RepeatIn(again, a.Now(), zone)
	line := a.lineWith(r, option, again)
	if err != nil || len(line) > bot.MaxLine {
		return nil
	}
	return []bot.Button{{Label: words.Clip(words.Capital(scheduler.Describe(repetition.Spec)), 70), Command: line}}
}

// looksLikeCron tells a cron line from words.
func looksLikeCron(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "@") {
		return true
	}
	fields := strings.Fields(text)
	return len(fields) >= 4 && strings.ContainsAny(text, "*") && strings.Trim(fields[0], "0123456789*/,-") == ""
}
