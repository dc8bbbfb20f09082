package village

import "time"

// Question is something that somebody was asked because of a need and has not
// answered. It is not kept: it follows from the need.
type Question string

// The questions about a need.
const (
	AskedStill   Question = "still"   // is it still on, does it suit you?
	AskedTheDay  Question = "the-day" // picked up, late, home safe?
	AskedIfHome  Question = "if-home" // the member: are you there?
	AskedIfHere  Question = "if-here" // the member: is your ride there?
	AskedIfMay   Question = "if-may"  // the member: may this helper help?
	AskedStandIn Question = "stand-in"
	AskedDirect  Question = "direct" // could you help?
)

// OpenQuestion is a question with whom it is about: the helper (an ID), who may have
// no account.
type OpenQuestion struct {
	Question
	Helper Person
}

// openFor is how long a question stays open that nobody has answered.
const openFor = 24 * time.Hour

// OpenQuestions are what this need leaves somebody (an ID) to answer now.
func (n Need) OpenQuestions(id string, now time.Time) []OpenQuestion {
	if n.Why == Cancelled {
		return nil
	}
	var out []OpenQuestion
	asked := !now.Before(n.AsksAt())
	for _, c := range n.Claims {
		theirs := c.AnswersFor(n) == id
		switch {
		case theirs && n.Why == "" && now.Before(n.Start) && !n.knows(c, now):
			out = append(out, OpenQuestion{AskedStill, c.Helper})
		case theirs && !IsGuest(c.Helper.ID) && !c.Waiting && c.Home.IsZero() && SetsOut(n, now) && now.Before(n.End.Add(openFor)):
			out = append(out, OpenQuestion{AskedTheDay, c.Helper})
		}
		if n.Member.ID == id && c.Waiting && n.Why == "" && now.Before(n.Start) && (asked || now.Sub(c.At) < openFor) {
			out = append(out, OpenQuestion{AskedIfMay, c.Helper})
		}
	}
	if n.Member.ID == id && n.OnTheWayHome() && !now.Before(n.Start) && now.Before(n.End.Add(openFor)) {
		out = append(out, OpenQuestion{AskedIfHome, n.Member})
	}
	if !now.Before(n.Start) && !n.onTheWay() && n.asRider(id, now) == nil {
		out = append(out, OpenQuestion{AskedIfHere, n.Member})
	}
	if n.StandsBy(id) && n.WantsStandIn() && now.Before(n.Start) {
		out = append(out, OpenQuestion{AskedStandIn, Person{ID: id}})
	}
	return out
}

// OpenDirect are the needs (IDs) that a helper was asked about directly in the last
// day and has not answered.
func (h Helper) OpenDirect(now time.Time) []string {
	if now.Sub(h.LastAsked) >= openFor {
		return nil
	}
	return h.Open
}

// AwaitsSaving says whether a plan is shown and waits for its yes.
func (c Course) AwaitsSaving(now time.Time) bool { return c.Draft && now.Sub(c.Since) < openFor }

// AskedHow says whether somebody was asked in the last day how it is, because of a
// step of their plans, and has not said so today (a day in this zone).
func AskedHow(steps []Step, d Diary, now time.Time, zone *time.Location) bool {
	today := now.In(zone).Format(time.DateOnly)
	for _, day := range d.Days {
		if day.Day == today {
			return false
		}
	}
	for _, s := range steps {
		if s.Name == CheckIn && !s.Due.After(now) && now.Sub(s.Due) < openFor {
			return true
		}
	}
	return false
}
