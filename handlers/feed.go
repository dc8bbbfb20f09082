package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/agenda"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

const (
	// calendarPath is the path, behind the address of the pages, of calendars.
	calendarPath = "/calendar/"
	// goneFor is how long what is cancelled or over stays in a calendar: those that
	// subscribe to one look seldom, and some keep what is merely left out.
	goneFor = 14 * 24 * time.Hour
)

// myCalendar gives somebody an address that their calendar subscribes to.
func (a *App) myCalendar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	to := a.to(r, nil)
	if _, err := a.ownGroup(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	if a.Pages == "" {
		return bot.Reply{}, to.NoCalendars()
	}
	c, err := a.CalendarOf(ctx, r.From.ID)
	switch do := r.Arg("do"); {
	case err != nil:
		return bot.Reply{}, err
	case do == "off":
		return update(to.CalendarEnded(c.Hash != "")), a.EndCalendar(ctx, r.From.ID)
	case do != "new" && c.Hash != "":
		return bot.Say(to.CalendarThere()), nil
	case r.Stays:
		return bot.Say(to.CalendarBehind()), nil
	}
	secret, err := records.NewSecret(a.Random)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.PutCalendar(ctx, r.From.ID, secret); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.CalendarAddress(strings.TrimSuffix(a.Pages, "/") + calendarPath + secret + ".ics")), nil
}

// Agenda is the calendar that an address leads to, which is named by its last part; nil
// where it leads nowhere.
func (a *App) Agenda(ctx context.Context, name string) ([]byte, error) {
	ctx = records.Visit(ctx)
	person, err := a.FeedOf(ctx, strings.TrimSuffix(name, ".ics"))
	if err != nil || person == "" {
		return nil, err
	}
	m, err := a.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	if f, err := a.Family(ctx, m.Group, person); village.IsFamily(person) && (err != nil || f.Ended(a.Now())) {
		return nil, err
	}
	to, err := a.toHelper(ctx, m.Group, person, nil)
	if err != nil {
		return nil, err
	}
	var entries []agenda.Entry
	for _, group := range m.Groups {
		listed, err := a.entriesIn(ctx, group, to)
		if err != nil {
			return nil, err
		}
		entries = append(entries, listed...)
	}
	return agenda.Write(to.CalendarName(), entries), nil
}

// entriesIn are the entries of the reader's calendar in one group: what they asked for
// themselves, and, as long as they are in its village, what they are down for.
func (a *App) entriesIn(ctx context.Context, group string, to words.Reader) ([]agenda.Entry, error) {
	g, err := a.groupWith(ctx, group)
	if err != nil {
		return nil, err
	}
	there, err := a.noLonger(ctx, g, to.ID)
	if err != nil {
		return nil, err
	}
	from := a.Now().Add(-goneFor - village.MaxLasts)
	needs, err := a.NeedsWith(ctx, group, to.ID, from, 0)
	if err != nil {
		return nil, err
	}
	stepped, err := a.SteppedFrom(ctx, group, to.ID, from)
	if err != nil {
		return nil, err
	}
	var out []agenda.Entry
	for _, n := range slices.Concat(needs, stepped) {
		e, ok := a.ownEntry(group, n, to)
		known := slices.ContainsFunc(out, func(o agenda.Entry) bool { return o.ID == e.ID })
		if ok && !known && (there != bot.Gone || n.Member.ID == to.ID) {
			out = append(out, e)
		}
	}
	courses, err := a.CoursesIn(ctx, group, to.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range courses {
		out = append(out, a.sessionEntries(group, c, to)...)
	}
	return out, nil
}

// ownEntry is a need in the reader's calendar, and whether it belongs there.
func (a *App) ownEntry(group string, n village.Need, to words.Reader) (agenda.Entry, bool) {
	name, since := to.NameOf(n), n.End
	switch {
	case n.Member.ID == to.ID:
		name = ""
	case n.HelpedBy(to.ID) && !n.Waits(to.ID):
	default:
		at := n.SteppedAt(to.ID)
		if at.IsZero() {
			return agenda.Entry{}, false
		}
		since = at
	}
	e := entryOf(group, n, to, name, a.Now())
	if e.Cancelled && !n.Ended.IsZero() {
		since = n.Ended
	}
	if !n.SteppedAt(to.ID).IsZero() && !n.HelpedBy(to.ID) && name != "" {
		e.Cancelled = true
	}
	if village.IsFamily(to.ID) {
		e.Title, e.Where, e.Note = understand.Veil(e.Title, to.Appointment()), understand.Veil(e.Where, to.Appointment()), understand.Veil(e.Note, to.Appointment())
	}
	return e, a.Now().Sub(since) < goneFor
}

// sessionEntries are the appointments of the reader's own plan, by no more than that.
func (a *App) sessionEntries(group string, c village.Course, to words.Reader) []agenda.Entry {
	var out []agenda.Entry
	if c.Draft {
		return nil
	}
	for _, s := range c.Sessions {
		since, changed := s.End, s.Planned
		if s.Why == village.Cancelled {
			since, changed = s.Ended, s.Ended
		}
		if a.Now().Sub(since) >= goneFor {
			continue
		}
		out = append(out, agenda.Entry{ID: agenda.UID(group, c.ID, s.ID), Edition: agenda.EditionAt(changed), Start: s.Start, End: s.End, Changed: changed,
			Title: to.AppointmentTitle(), Cancelled: s.Why == village.Cancelled, Alarm: village.RemindBefore})
	}
	return out
}
