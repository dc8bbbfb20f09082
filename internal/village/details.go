package village

import "time"

// detailsAhead is how long before the start a helper who asks for them, or says yes
// then, may open the private details, where that is before the evening before.
const detailsAhead = 24 * time.Hour

// DetailsFrom is when helpers are told that they can open the private details: the
// evening before.
func (n Need) DetailsFrom() time.Time { return n.dayBefore(eveningHour) }

// DetailsOpen says whether helpers may have the private details by now.
func (n Need) DetailsOpen(now time.Time) bool {
	return !now.Before(n.DetailsFrom()) || n.Start.Sub(now) <= detailsAhead
}

// DetailsUntil is when the private details are wiped.
func (n Need) DetailsUntil() time.Time { return n.End.Add(n.DetailsKept()) }

// keptFor is how long private details are kept when a group has set so many
// hours; 0: the usual time.
func keptFor(hours int) time.Duration {
	if hours > 0 {
		return time.Duration(hours) * time.Hour
	}
	return KeepDetails
}

// DetailsKept is how long after the end the private details are kept.
func (n Need) DetailsKept() time.Duration { return keptFor(n.KeepDetails) }

// KeptUntil is when everything about the need is removed.
func (n Need) KeptUntil() time.Time {
	if n.Keep > 0 {
		return n.End.Add(time.Duration(n.Keep) * 24 * time.Hour)
	}
	return n.End.Add(KeepNeed)
}
