package village

import (
	"strings"
	"time"
)

// Schedule says when the next time is, strictly after t; the zero time means never.
type Schedule interface {
	Next(t time.Time) time.Time
}

// Season is the days between which something repeats.
type Season struct {
	// From is when its first day begins, Until when its last one has ended; zero
	// means that it does not begin or end.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Next is the next time of a schedule within the season, strictly after now, or
// the zero time when it has ended. What counts an interval counts it from the
// beginning of the season; what has a time of day may come in its first instant.
func (s Season) Next(schedule Schedule, interval bool, now time.Time) time.Time {
	if s.From.After(now) {
		now = s.From
		if !interval {
			now = now.Add(-time.Second) // its first instant counts
		}
	}
	next := schedule.Next(now)
	if !s.Until.IsZero() && !next.Before(s.Until) {
		return time.Time{}
	}
	return next
}

// within moves the season to the same days of another zone.
func (s Season) within(from, to string) Season {
	return Season{From: SameDay(s.From, from, to), Until: SameDay(s.Until, from, to)}
}

// Reminder is what a channel's reminder and a person's own have in common.
type Reminder struct {
	ID    string `json:"id"`
	Zone  string `json:"zone"` // IANA
	Words string `json:"words,omitempty"`
	// Schedule is a cron line in the zone, or empty for what comes once.
	Schedule string `json:"schedule,omitempty"`
	Season
	Since time.Time `json:"since"`
}

// Counts says whether it counts an interval, and knows no time of day.
func (r Reminder) Counts() bool { return strings.HasPrefix(r.Schedule, "@every") }

// Next is when it comes next after now by its schedule, or the zero time when it
// has ended.
func (r Reminder) Next(s Schedule, now time.Time) time.Time {
	return r.Season.Next(s, r.Counts(), now)
}

// Repeat gives it a schedule. Its first and its last day stay unless others are
// given; endless takes the last one off.
func (r *Reminder) Repeat(schedule string, season Season, endless bool) {
	r.Schedule = schedule
	if !season.From.IsZero() {
		r.From = season.From.UTC()
	}
	if endless || !season.Until.IsZero() {
		r.Until = season.Until.UTC()
	}
	if endless {
		r.Until = time.Time{}
	}
}

// MoveTo puts it into another zone: nine o'clock stays nine o'clock, its first
// and last day stay the same days.
func (r *Reminder) MoveTo(zone string) {
	r.Season = r.within(r.Zone, zone)
	r.Zone = zone
}

// ChannelReminder is a group's reminder in a channel.
type ChannelReminder struct {
	Reminder
	Group   string `json:"group"`
	Room    Room   `json:"room"`
	OwnZone bool   `json:"own_zone,omitempty"` // it does not follow the group's
	// Deck is where the words are drawn from when it has none of its own; the kind
	// lines about water when both are empty.
	Deck   string `json:"deck,omitempty"`
	Paused bool   `json:"paused,omitempty"`
	// PausedUntil is when it goes on by itself; past or zero where it is not paused so.
	PausedUntil time.Time `json:"paused_until,omitzero"`
	Sent        int       `json:"sent"` // how often it was posted, which turns the wordings
}

const (
	// MaxChannelReminders is how many a group may have.
	MaxChannelReminders = 50
	// MaxPosts is the most reminders that a moderator may allow a channel a day.
	MaxPosts = 24
)

// Ended says whether it comes no more.
func (r ChannelReminder) Ended(s Schedule, now time.Time) bool { return r.Next(s, now).IsZero() }

// Like says whether another one says the same in the same channel at the same times.
func (r ChannelReminder) Like(o ChannelReminder) bool {
	return r.Room.ID == o.Room.ID && r.Words == o.Words && r.Deck == o.Deck && r.Schedule == o.Schedule && r.Zone == o.Zone &&
		r.From.Equal(o.From) && r.Until.Equal(o.Until)
}

// Preview lists the next n times after now at which it is posted, and says
// whether some are passed over because the group is quiet then.
func (r ChannelReminder) Preview(s Schedule, quiet Quiet, now time.Time, n int) (times []time.Time, passed bool) {
	zone := ZoneNamed(r.Zone)
	now = Later(now, r.PausedUntil.Add(-time.Second))
	for range 300 { // a schedule of the night alone has none
		if now = r.Next(s, now); now.IsZero() || len(times) == n {
			break
		}
		if quiet.Holds(now, zone) {
			passed = true
			continue
		}
		times = append(times, now)
	}
	return times, passed
}

// MostInADay is how often it would come on the fullest of its next two days,
// quiet hours aside.
func (r ChannelReminder) MostInADay(s Schedule, quiet Quiet, now time.Time) int {
	zone := ZoneNamed(r.Zone)
	perDay := map[string]int{}
	most := 0
	for range 600 { // every five minutes for two days
		if now = r.Next(s, now); now.IsZero() || len(perDay) > 2 {
			break
		}
		if !quiet.Holds(now, zone) {
			day := now.In(zone).Format(time.DateOnly)
			perDay[day]++
			most = max(most, perDay[day])
		}
	}
	return most
}

// Posts counts what a channel got on a day of the reminder's zone.
type Posts struct {
	Day string `json:"day"`
	N   int    `json:"n"`
}

// Post counts one more, or is false where the channel is quiet at now, has had
// the most it takes that day, or the reminder's last day is over.
func (p Posts) Post(r ChannelReminder, g Group, now time.Time) (Posts, bool) {
	zone := ZoneNamed(r.Zone)
	if g.QuietHours().Holds(now, zone) || !r.Until.IsZero() && now.After(r.Until) {
		return p, false
	}
	if today := now.In(zone).Format(time.DateOnly); p.Day != today {
		p = Posts{Day: today}
	}
	if p.N >= g.MostPosts() {
		return p, false
	}
	p.N++
	return p, true
}

// OwnReminder is a person's own reminder.
type OwnReminder struct {
	Reminder
	Person string `json:"person"`
	// At is when it comes, for one that comes once.
	At time.Time `json:"at,omitzero"`
	// Ask asks for a tap when it is done; Done is the last such tap.
	Ask  bool      `json:"ask,omitempty"`
	Done time.Time `json:"done,omitzero"`
	Sent time.Time `json:"sent,omitzero"`
	// Due is when it is due next, as far as it is known.
	Due time.Time `json:"next,omitzero"`
	// Anchor is what an interval counts from, so that it keeps its hours; Night sends
	// it in the quiet hours too.
	Anchor time.Time `json:"anchor,omitzero"`
	Night  bool      `json:"night,omitempty"`
}

const (
	// MaxOwnReminders is how many one person may have.
	MaxOwnReminders = 40
	// RepeatLate is the most that a person's repeating reminder may be late, see
	// TooLate. One that comes once is sent however late it is.
	RepeatLate = 12 * time.Hour
	// MaxSnooze is how much later a reminder can be had again, UsualSnooze how much
	// later it comes when nothing else is said.
	MaxSnooze = 7 * 24 * time.Hour
	// UsualSnooze is for how long one is put off where nobody says.
	UsualSnooze = time.Hour
	// JustCame is for how long one that came once can still be meant by "done" or
	// "later".
	JustCame = 24 * time.Hour

	keepOnce      = 30 * 24 * time.Hour  // for the taps of one that came once
	keepRepeating = 400 * 24 * time.Hour // after its last sending
)

// Once has it come at an instant, and no more.
func (r *OwnReminder) Once(at time.Time) {
	r.Schedule, r.At, r.Season = "", at, Season{}
}

// next is when it comes next after now. An interval keeps the hours that it began with,
// whenever one of them was sent.
func (r OwnReminder) next(s Schedule, now time.Time) time.Time {
	base := Later(r.Anchor, r.From)
	if !r.Counts() || r.Anchor.IsZero() || now.Before(base) {
		return r.Reminder.Next(s, now)
	}
	every := s.Next(base).Sub(base)
	if every <= 0 {
		return r.Reminder.Next(s, now)
	}
	next := base.Add(every * (now.Sub(base)/every + 1))
	if !r.Until.IsZero() && !next.Before(r.Until) {
		return time.Time{}
	}
	return next
}

// mostLate is how late a repeating one that was due at a time may come: half of the
// time to the next, RepeatLate at most.
func (r OwnReminder) mostLate(s Schedule, due time.Time) time.Duration {
	next := r.next(s, due)
	if next.IsZero() {
		return RepeatLate
	}
	return min(next.Sub(due)/2, RepeatLate)
}

// TooLate says whether a repeating one that was due at a time had better not come at
// another: the next one is soon enough.
func (r OwnReminder) TooLate(s Schedule, due, at time.Time) bool {
	return at.Sub(due) > r.mostLate(s, due)
}

// Named says whether one that comes no more is to be told of: it comes so seldom that
// it is missed.
func (r OwnReminder) Named(s Schedule, due time.Time) bool {
	return r.mostLate(s, due) >= RepeatLate/2
}

// FallsInto says whether an interval has hours that it would wait through: some of its
// next ones within a day lie in the quiet hours.
func (r OwnReminder) FallsInto(quiet Quiet, s Schedule) bool {
	if !r.Counts() {
		return false
	}
	zone := ZoneNamed(r.Zone)
	for t := r.Due; !t.IsZero() && t.Before(r.Due.Add(24*time.Hour)); t = r.next(s, t) {
		if quiet.Holds(t, zone) {
			return true
		}
	}
	return false
}

// Open says whether it still has something to come.
func (r OwnReminder) Open() bool {
	if r.Schedule != "" {
		return !r.Due.IsZero()
	}
	return r.Sent.IsZero()
}

// Plan says when it is due next, the zero time for never, and until when it is
// kept. While all of a person's are paused, what repeats begins anew after the
// pause, and what comes once waits for its end. The schedule is nil for one that
// comes once.
func (r OwnReminder) Plan(s Schedule, p Preferences, now time.Time) (due, keptUntil time.Time) {
	if s == nil {
		if !r.Sent.IsZero() {
			return time.Time{}, r.Sent.Add(keepOnce)
		}
		due = r.At
		if p.OwnUntil().After(now) {
			due = Later(due, p.OwnUntil())
		}
		return due, due.Add(keepOnce)
	}
	due = r.next(s, Later(now, p.OwnUntil()))
	if due.IsZero() { // it has ended, unless a pause ends sooner
		return due, Later(r.Until, now).Add(keepOnce)
	}
	keptUntil = r.KeptAfter(due)
	if end := r.Until.Add(keepOnce); !r.Until.IsZero() && end.Before(keptUntil) {
		keptUntil = end
	}
	return due, keptUntil
}

// KeptAfter is until when a repeating one is kept after an instant at which it
// came or will come.
func (r OwnReminder) KeptAfter(t time.Time) time.Time { return t.Add(keepRepeating) }

// Coming lists the next n times from the one that is due.
func (r OwnReminder) Coming(s Schedule, n int) []time.Time {
	var out []time.Time
	for t := r.Due; len(out) < n && !t.IsZero(); t = r.next(s, t) {
		out = append(out, t)
	}
	return out
}

// ComesOn is when it comes on the day of an instant, in that instant's zone; what was due
// on it already is among them. The schedule is nil for one that comes once.
func (r OwnReminder) ComesOn(s Schedule, day time.Time) []time.Time {
	from, to := onDay(day, 0, 0), onDay(day, 1, 0)
	if s == nil {
		if at := Later(r.At, from); at.Equal(r.At) && at.Before(to) {
			return []time.Time{at}
		}
		return nil
	}
	var out []time.Time
	for t := r.next(s, from.Add(-time.Second)); !t.IsZero() && t.Before(to) && len(out) < mostADay; t = r.next(s, t) {
		if !r.Counts() || r.Night || !Night().Holds(t, day.Location()) {
			out = append(out, t)
		}
	}
	return out
}

// mostADay bounds how many times of one day are looked at.
const mostADay = 24

// HeedsNight says whether it waits for the end of the quiet hours: because it
// counts an interval that is not for the night too, or is late. What was set to an
// hour of the night comes at that hour.
func (r OwnReminder) HeedsNight(snoozed bool, due, now time.Time) bool {
	if r.Counts() && !snoozed {
		return !r.Night
	}
	return now.Sub(due) > OnTime
}

// MeantFor is when it was meant to come that is sent now, which may be later:
// after a session, a pause, or an outage. waitedSince is the hour that it was put
// off from, zero where it was not. An interval has no hour of its own.
func (r OwnReminder) MeantFor(snoozed bool, waitedSince, due time.Time) time.Time {
	switch {
	case snoozed || r.Counts():
		return due
	case r.Schedule == "":
		return r.At
	case !waitedSince.IsZero():
		return waitedSince
	}
	return due
}
