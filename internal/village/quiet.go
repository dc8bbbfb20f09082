package village

import "time"

// Quiet is the hours of a night in which nothing that can wait is sent, as
// minutes after midnight on the wall clock of a zone. From may be later than
// To: 21:00 to 8:00 runs over midnight. Where both are the same there are none.
type Quiet struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Night is the quiet hours of everybody who has not chosen others: nine in the
// evening to eight in the morning.
func Night() Quiet { return Quiet{From: 21 * 60, To: 8 * 60} }

// Holds says whether an instant lies in the quiet hours of a zone. The first
// minute is quiet, the last one is not.
func (q Quiet) Holds(t time.Time, zone *time.Location) bool {
	t = t.In(zone)
	m := t.Hour()*60 + t.Minute()
	if q.From <= q.To {
		return q.From <= m && m < q.To
	}
	return m >= q.From || m < q.To
}

// After is when a message that is due at t may be sent: t itself, or the first
// instant after the quiet hours that t lies in.
func (q Quiet) After(t time.Time, zone *time.Location) time.Time {
	if !q.Holds(t, zone) {
		return t
	}
	local := t.In(zone)
	end := onDay(local, 0, q.To)
	if !end.After(t) {
		end = onDay(local, 1, q.To)
	}
	return end
}

// Before is when a message that has to be read by t is sent: t itself, or half
// an hour before the quiet hours that t lies in.
func (q Quiet) Before(t time.Time, zone *time.Location) time.Time {
	if !q.Holds(t, zone) {
		return t
	}
	local := t.In(zone)
	start := onDay(local, 0, q.From)
	if start.After(t) {
		start = onDay(local, -1, q.From)
	}
	return start.Add(-30 * time.Minute)
}

// onDay is a wall-clock time, in minutes after midnight, on the day of t or
// some days after it, in t's zone. A time that the clocks leap over comes as
// much later.
func onDay(t time.Time, days, minutes int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, minutes/60, minutes%60, 0, 0, t.Location())
}
