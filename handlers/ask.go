package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
	"village/internal/village/when"
)

// askCommands has one command for each kind of need.
func (a *App) askCommands() []bot.Command {
	var out []bot.Command
	for _, k := range village.Kinds() {
		out = append(out, bot.Command{
			Name: string(k.Kind), Summary: "Ask for " + k.Noun, Example: k.Example, Who: bot.Anyone,
			Form: askTitle(k), Options: a.askOptions(k),
			Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) { return a.ask(ctx, r, k) },
		})
	}
	return out
}

// askTitle fits a form's title.
func askTitle(k village.KindWords) string {
	if title := "Ask for " + k.Noun; len(title) <= bot.MaxFormTitle {
		return title
	}
	return "Ask for " + k.Short
}

// ask makes a need and posts it.
func (a *App) ask(ctx context.Context, r bot.Request, k village.KindWords) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.sharedZone(ctx, r, g)
	if err != nil {
		return bot.Reply{}, err
	}
	starts, lasts, err := a.askedTimes(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	ids, err := a.newIDs(len(starts))
	if err != nil {
		return bot.Reply{}, err
	}
	var needs []village.Need
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if err := t.Get(records.GroupKey(g.ID), &g); err != nil {
			return err
		}
		if err := a.roomToAsk(t, &g, r); err != nil {
			return err
		}
		ahead, err := a.Ahead(ctx, g.ID, r.From.ID)
		if err != nil {
			return err
		}
		if err := a.once(t, r); err != nil {
			return err
		}
		needs = nil
		for i, id := range ids {
			req := request(r, k.Kind, id, starts[i], zone)
			req.Ahead = ahead + i
			if len(ids) > 1 {
				req.Series = ids[0]
			}
			if lasts != nil {
				req.End = starts[i].Add(*lasts)
			}
			if i > 0 {
				req.Posted = starts[i].Add(-village.SeriesAhead)
			}
			n, err := a.postNeed(t, g, req, r.Arg("details"), a.Now())
			if err != nil {
				return err
			}
			needs = append(needs, n)
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).Asked(g, needs)), nil
}

// askedTimes are the starts of what is asked for, and how long each takes; nil where
// nobody said. Words for several days are several requests.
func (a *App) askedTimes(r bot.Request, zone *time.Location) (starts []time.Time, lasts *time.Duration, err error) {
	found, length, err := a.askedSpan(r, zone)
	if err != nil {
		return nil, nil, err
	}
	if length > 0 {
		lasts = &length
	}
	end, err := a.until(r, found[0], zone)
	if err != nil {
		return nil, nil, err
	}
	if !end.IsZero() {
		lasts = new(end.Sub(found[0]))
	}
	if len(found) > 1 && r.Arg("days") == "" && r.Arg("weeks") == "" {
		return found, lasts, village.FitsSeries(len(found))
	}
	starts, err = a.series(r, found[0], zone)
	return starts, lasts, err
}

// askedSpan are the starts of what is asked for, with how long each takes where the
// words for them say so and what is asked for can end at a time.
func (a *App) askedSpan(r bot.Request, zone *time.Location) ([]time.Time, time.Duration, error) {
	found, length, err := when.Appointments(r.Arg("when"), a.Now(), zone)
	ends := slices.ContainsFunc(bot.OptionsOf(a.Table(), r.Path), func(o bot.Option) bool { return o.Name == "until" })
	if err == nil && (length == 0 || ends && r.Arg("until") == "") {
		return found, length, nil
	}
	var unclear *when.Error
	if ends && errors.As(err, &unclear) && len(unclear.Choices) > 0 && strings.Contains(unclear.Choices[0].Words, " for ") {
		return nil, 0, a.misheard(r, "when", err, asWritten)
	}
	start, err := a.moment(r, "when", zone)
	return []time.Time{start}, 0, err
}

// request is what somebody asks for, in the rules' words.
func request(r bot.Request, kind village.Kind, id string, start time.Time, zone *time.Location) village.Request {
	from := r.Arg("from")
	if from == "" {
		from = r.Arg("where")
	}
	return village.Request{
		ID: id, Kind: kind, Member: who(r), Start: start, Zone: zone.String(),
		From: from, To: r.Arg("to"), Note: r.Arg("note"), Details: r.Arg("details") != "", Hidden: r.Arg("anonymous") == "yes",
		Children: number(r, "children"), ChildSeats: number(r, "child-seats"), Seats: number(r, "seats"), Wanted: number(r, "helpers"),
	}
}

// number is an option that the table has checked to be one; 0 when left out.
func number(r bot.Request, option string) int {
	n, err := strconv.Atoi(r.Arg(option))
	if err != nil {
		return 0
	}
	return n
}

// roomToAsk makes sure that there is a channel to ask for help in: without one,
// it is the channel that this is said in.
func (a *App) roomToAsk(t *records.Tx, g *village.Group, r bot.Request) error {
	if err := a.mustBeHere(t.Ctx, r, *g); err != nil {
		return err
	}
	if len(g.Rooms) > 0 {
		return nil
	}
	if r.Room.Direct {
		return a.to(r, nil).NowhereToAsk()
	}
	*g = g.WithRoom(village.Room{ID: r.Room.ID, Name: r.Room.Name})
	t.Put(records.GroupKey(g.ID), *g, time.Time{})
	return nil
}

// longestEvening is how long after its start an hour alone ends something at most:
// what is further off was more likely meant before it.
const longestEvening = 12 * time.Hour

// until reads when something ends: a length, or a time after the start.
func (a *App) until(r bot.Request, start time.Time, zone *time.Location) (time.Time, error) {
	said := r.Arg("until")
	if said == "" {
		return time.Time{}, nil
	}
	if length, err := when.Length(said); err == nil && !strings.Contains(said, ":") { // until 20:00 is not for twenty hours
		return start.Add(length), nil
	}
	if isClock(said) { // so that a number alone is an hour
		said = "at " + said
	}
	end, err := when.Moment(said, start, zone)
	var unclear *when.Error
	if !errors.As(err, &unclear) {
		return end, err
	}
	// An hour alone is meant on the day it starts, or in the night after;
	// it is said back in full.
	soon := slices.DeleteFunc(slices.Clone(unclear.Choices), func(c when.Choice) bool { return c.At.Sub(start) >= 24*time.Hour })
	overnight := slices.Contains(r.Path, string(village.StayWith))
	if len(soon) == 1 && (overnight || soon[0].At.Sub(start) <= longestEvening) {
		return soon[0].At, nil
	}
	if unclear.Code == when.Past { // reckoned from its start
		return end, a.to(r, zone).EndsFirst(when.Full(start, zone))
	}
	return end, a.to(r, zone).UntilWhen(a.mistake(r, "until", unclear, a.reading(zone)))
}

// series are the starts of what comes again.
func (a *App) series(r bot.Request, first time.Time, zone *time.Location) ([]time.Time, error) {
	var days []time.Weekday
	if said := r.Arg("days"); said != "" {
		var err error
		if days, err = when.Days(said); err != nil {
			return nil, a.misheard(r, "days", err, asWritten)
		}
	}
	return village.Series(first, days, max(number(r, "weeks"), 1), zone)
}

// postNeed makes a need by the group's settings, with its private words, and
// everything it owes.
func (a *App) postNeed(t *records.Tx, g village.Group, req village.Request, private string, now time.Time) (village.Need, error) {
	n, owed, err := village.Ask(req, now)
	if err != nil {
		return n, err
	}
	n.KeepDetails, n.Keep = g.KeepDetails, g.Keep
	if n.Details {
		if err := a.PutDetails(t, g, n, private); err != nil {
			return n, err
		}
	}
	a.PutNeed(t, g, n, owed)
	return n, nil
}

// askOptions are what is asked about a kind of need. The first five are on the
// form.
func (a *App) askOptions(k village.KindWords) []bot.Option {
	names := append([]string{"when", "where"}, strings.Fields(k.Options)...)
	if k.Kind.Travels() {
		names[1] = "from"
	}
	if k.HowMany != "" {
		names = append(names, "helpers")
	}
	var out []bot.Option
	for _, name := range append(names, "anonymous", "zone") {
		out = append(out, a.askOption(k, name))
	}
	return out
}

// askOption is one of the options of /ask as it is put for this kind.
func (a *App) askOption(k village.KindWords, name string) bot.Option {
	const rough = "A rough place; everybody in the group can read it"
	const nameless = "A rough place. No names of children or schools, please: everybody reads it"
	var options []bot.Option
	if k.Kind.Overnight() {
		options = []bot.Option{{Name: "until", Label: "Until when", Hint: "9am", Summary: "When it ends; nine the next morning when left out", Max: 100, Read: bot.Meaning}}
	}
	if k.Kind.WithChildren() {
		place := bot.Option{Name: "where", Label: "Where (no names of schools or children)", Hint: "the north side", Summary: nameless, Required: true, Max: village.MaxPlace, Read: bot.Everybody}
		from := place
		from.Name = "from"
		options = append(options, place, from,
			bot.Option{Name: "to", Label: "To where (no names of schools)", Hint: "the west side", Summary: nameless, Max: village.MaxPlace, Read: bot.Everybody},
			bot.Option{Name: "note", Label: "A word to everybody", Hint: "I may be sleepy", Summary: "A word to everybody. No names of children or schools, please", Max: village.MaxNote, Read: bot.Everybody},
			bot.Option{Name: "details", Label: "Private: only your helper sees this", Hint: "Names, school, address, phone", Summary: "Names, school, address: only a helper you have said yes to sees this", Max: village.MaxDetails, Long: true, Private: true})
	}
	options = append(options, []bot.Option{
		{Name: "when", Label: "When", Hint: "thu 1pm, or 2026-12-08 13:00", Summary: "Day and time, such as thu 1pm or 2026-12-08 13:00", Kind: bot.Time, Required: true, Max: 100, Complete: a.completeTime},
		{Name: "where", Label: "Where (everybody can read this)", Hint: "near Union Station", Summary: rough, Required: true, Max: village.MaxPlace, Read: bot.Everybody},
		{Name: "from", Label: "From where (everybody can read this)", Hint: "near Union Station", Summary: rough, Required: true, Max: village.MaxPlace, Read: bot.Everybody},
		{Name: "to", Label: "To where (everybody can read this)", Hint: "the west side", Summary: rough, Max: village.MaxPlace, Read: bot.Everybody},
		{Name: "note", Label: "A word to everybody", Hint: "I may be sleepy", Summary: "Anything else that everybody in the group may read", Max: village.MaxNote, Read: bot.Everybody},
		{Name: "details", Label: "Private: only your helper sees this", Hint: "Address, phone, how to find you", Summary: "Address, phone: only the person who says yes sees this", Max: village.MaxDetails, Long: true, Private: true},
		{Name: "until", Label: "Until when", Hint: "5pm, or 3 hours", Summary: "When it ends, such as 5pm or 3 hours", Max: 100, Read: bot.Meaning},
		{Name: "days", Label: "Which days, if it comes again", Hint: "tue thu", Summary: "Days of the week, if it comes again: tue thu", Max: 60, Read: bot.Meaning},
		{Name: "weeks", Summary: "For how many weeks", Kind: bot.Number, Min: 1, Max: village.MaxWeeks},
		{Name: "children", Label: "How many children", Hint: "2", Summary: "How many children", Kind: bot.Number, Min: 1, Max: 8},
		{Name: "child-seats", Summary: "How many child seats the car needs", Kind: bot.Number, Min: 0, Max: 8},
		{Name: "seats", Summary: "How many people need a seat, you included", Kind: bot.Number, Min: 1, Max: 7},
		{Name: "helpers", Summary: k.HowMany, Kind: bot.Number, Min: 1, Max: village.MaxWanted},
		{Name: "anonymous", Summary: "Yes, and the channel does not see your name; whoever helps does", Kind: bot.YesNo},
		{Name: "zone", Summary: "Where its clock is, such as Denver; the group's when left out", Kind: bot.Zone, Complete: a.completeZone},
	}...)
	i := slices.IndexFunc(options, func(o bot.Option) bool { return o.Name == name })
	if i < 0 {
		return bot.Option{Name: name} // the table's check says what is wrong with it
	}
	return options[i]
}
