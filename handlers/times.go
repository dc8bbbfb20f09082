package handlers

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// moment reads an option as one instant in a zone. Its errors say what was not
// understood and which readings there are.
func (a *App) moment(r bot.Request, option string, zone *time.Location) (time.Time, error) {
	t, err := when.Moment(r.Arg(option), a.Now(), zone)
	return t, a.misheard(r, option, err, a.reading(zone))
}

// movedTo is moment for the new time of what was to be at another.
func (a *App) movedTo(r bot.Request, option string, was time.Time, zone *time.Location) (time.Time, error) {
	t, err := when.Move(r.Arg(option), was, a.Now(), zone)
	return t, a.misheard(r, option, err, a.reading(zone))
}

// sharedZone is the zone of what a group is asked for: the one that is said, or the
// group's. Where somebody has a zone of their own in which the words would be another
// time, it is asked.
func (a *App) sharedZone(ctx context.Context, r bot.Request, g village.Group) (*time.Location, error) {
	own, err := a.needZone(ctx, g, r)
	if err != nil || r.Arg("zone") != "" {
		if err == nil {
			own, err = a.zone(r)
		}
		return own, err
	}
	if g.Zone == "" || g.Zone == own.String() {
		return own, nil
	}
	shared := village.ZoneNamed(g.Zone)
	here, err := when.Moments(r.Arg("when"), a.Now(), shared)
	if err != nil {
		return shared, nil // it is asked about as it is
	}
	there, err := when.Moments(r.Arg("when"), a.Now(), own)
	if err != nil || slices.EqualFunc(here, there, time.Time.Equal) {
		return shared, nil
	}
	on := func(zone *time.Location, at time.Time) bot.Button {
		return bot.Button{Label: words.Clip(when.Full(at, zone), 75), Command: a.lineWith(r, "zone", zone.String())}
	}
	first, second := on(shared, here[0]), on(own, there[0])
	if len(first.Command) > bot.MaxLine || len(second.Command) > bot.MaxLine || r.Arg("details") != "" {
		return shared, nil // private words go on no button
	}
	return nil, a.to(r, nil).WhichClock(shared, own, []bot.Button{first, second})
}

// isClock says whether words are a time of day and nothing else.
func isClock(words string) bool {
	_, err := when.Clock(words)
	return err == nil || village.IsCode(plainly(err), string(when.Ambiguous))
}

// reading is one of several readings of an instant: what it is called, and how a
// line says it.
func (a *App) reading(zone *time.Location) func(when.Choice) (label, value string) {
	return func(c when.Choice) (label, value string) {
		value, mark := a.written(c.At, zone)
		label = strings.Replace(when.Short(c.At, zone), ",", c.At.In(zone).Format(" 2006,"), 1)
		if mark != "" {
			label += c.At.In(zone).Format(" MST")
		}
		return label, value + mark
	}
}

// dates reads an option as one instant or a list of them, with the errors of
// moment.
func (a *App) dates(r bot.Request, option string, zone *time.Location) ([]time.Time, error) {
	found, err := when.Moments(r.Arg(option), a.Now(), zone)
	return found, a.misheard(r, option, err, asWritten)
}

// appointments is dates with how long each takes, where that was written beside it;
// else it is 0.
func (a *App) appointments(r bot.Request, option string, zone *time.Location) ([]time.Time, time.Duration, error) {
	found, lasts, err := when.Appointments(r.Arg(option), a.Now(), zone)
	return found, lasts, a.misheard(r, option, err, asWritten)
}

// asWritten is one of several readings in the words that it offers itself.
func asWritten(c when.Choice) (label, value string) { return words.Clip(c.Say, 70), c.Words }

// mistold is misheard for what is no instant; and where the words say too little
// to ask about, it is what the command asks for as a whole.
func (a *App) mistold(r bot.Request, option string, err error, whole *bot.Error) error {
	var said *when.Error
	little := errors.As(err, &said) && slices.Contains([]when.Code{when.Unknown, when.Vague, when.Empty, when.Long}, said.Code)
	if little && len(said.Choices) == 0 {
		return whole
	}
	return a.misheard(r, option, err, asWritten)
}

// misheard is mistake for an error of package when; any other stays as it is.
func (a *App) misheard(r bot.Request, option string, err error, as func(when.Choice) (label, value string)) error {
	var unclear *when.Error
	if !errors.As(err, &unclear) {
		return err
	}
	return a.mistake(r, option, unclear, as)
}

// mistake says what was wrong with the words of an option. Each reading is a
// button with the whole command to go on with, unless it is too long or has
// private words in it: the form beside the answer still has those. as is what a
// reading is called and how it is written.
func (a *App) mistake(r bot.Request, option string, unclear *when.Error, as func(when.Choice) (label, value string)) *bot.Error {
	var all, readings []bot.Button
	for _, c := range unclear.Choices {
		label, value := as(c)
		b := bot.Button{Label: label, Command: a.lineWith(r, option, value)}
		if all = append(all, b); len(b.Command) <= bot.MaxLine && r.Arg("details") == "" {
			readings = append(readings, b)
		}
	}
	if len(all) > 0 { // "pm", typed, is an answer too, and has no length to keep to
		a.shown.keep(r.From.ID, choice{buttons: all, shall: len(all) == 1, again: a.lineWith(r, option, r.Arg(option)), at: a.Now()})
	}
	return a.to(r, nil).Misheard(unclear, readings)
}

// plainly has an error of package when said with an example of words that are right.
func plainly(err error) error {
	var unclear *when.Error
	if !errors.As(err, &unclear) {
		return err
	}
	return words.WithExample(unclear)
}

// written is an instant as a line says it; mark follows it where the clocks
// show that hour twice, and is the offset that is meant.
func (a *App) written(t time.Time, zone *time.Location) (words, mark string) {
	words = t.In(zone).Format("2006-01-02 15:04")
	if read, err := when.Moment(words, a.Now(), zone); err == nil && read.Equal(t) {
		return words, ""
	}
	return words, t.In(zone).Format(" -07:00")
}

// lineWith is the request as a line with one option said otherwise.
func (a *App) lineWith(r bot.Request, option, value string) string {
	args := maps.Clone(r.Args)
	args[option] = value
	return bot.FormatLine(a.Table(), r.Path, args)
}

// zone reads the zone option. Where the words fit several, each is a button.
func (a *App) zone(r bot.Request) (*time.Location, error) {
	zone, err := when.Zone(r.Arg("zone"))
	var unclear *when.Error
	if !errors.As(err, &unclear) {
		return zone, err
	}
	return nil, a.to(r, nil).ZoneUnclear(unclear, func(zone string) string {
		if line := a.lineWith(r, "zone", zone); len(line) <= bot.MaxLine {
			return line
		}
		return ""
	})
}

// completeZone offers the zones that the words so far could mean.
func (a *App) completeZone(_ context.Context, _ bot.Request, typed string) []bot.Pick {
	var picks []bot.Pick
	for _, name := range when.Zones(typed, 25) {
		picks = append(picks, bot.Pick{Label: name, Value: name})
	}
	return picks
}

// quietHours reads quiet hours, or that there are none.
func (a *App) quietHours(r bot.Request) (village.Quiet, error) {
	said := strings.ToLower(strings.TrimSpace(r.Arg("hours")))
	if said == "off" || said == "none" {
		return village.Quiet{}, nil
	}
	from, to, err := when.Span(said, village.LongestQuiet)
	if err != nil {
		return village.Quiet{}, a.mistold(r, "hours", err, a.to(r, nil).QuietUnclear())
	}
	return village.QuietBetween(from, to)
}

// pastDay is the last day that somebody's words can mean: what they wrote is behind
// them. The error is package when's.
func pastDay(said string, now time.Time, zone *time.Location) (time.Time, error) {
	today := wallDate(now, zone)
	said = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(said)), "on "), "last ")
	switch said {
	case "today":
		return today, nil
	case "yesterday", "night":
		return today.AddDate(0, 0, -1), nil
	}
	if days, err := when.Days(said); err == nil && len(days) == 1 {
		back := (int(today.Weekday()) - int(days[0]) + 7) % 7
		return today.AddDate(0, 0, -max(back, (7-back)/7*7)), nil
	}
	// a date is read as one to come, so it is looked at from some time before
	var last time.Time
	var unread error
	for _, before := range []int{360, 270, 180, 90, 30, 7} {
		day, err := when.Day(said, now.AddDate(0, 0, -before), zone)
		if err == nil && !wallDate(day, zone).After(today) {
			last = wallDate(day, zone)
		}
		unread = err
	}
	if !last.IsZero() {
		return last, nil
	}
	return last, unread
}

// formZone is the zone of the times that somebody fills into a form; "" where it is not
// known. A request keeps the zone that it was asked in, and channels have the group's.
func (a *App) formZone(ctx context.Context, r bot.Request) string {
	if name := r.Arg("zone"); name != "" {
		return name
	}
	if len(r.Path) > 0 && r.Path[0] == "need" {
		_, n, err := a.findNeed(ctx, r)
		if err != nil {
			return ""
		}
		return n.Zone
	}
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return ""
	}
	if len(r.Path) > 0 && r.Path[0] == "reminders" {
		return g.Zone
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone == nil {
		return ""
	}
	return zone.String()
}
