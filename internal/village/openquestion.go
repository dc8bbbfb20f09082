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
	ask := func(open bool, q Question, about Person) {
		if open {
			out = append(out, OpenQuestion{q, about})
		}
	}
	mine, ahead := n.Member.ID == id, now.Before(n.Start)
	for _, c := range n.Claims {
		theirs := c.AnswersFor(n) == id
		still := theirs && n.asksIfStill(c, now)
		ask(still, AskedStill, c.Helper)
		ask(theirs && !still && n.asksOfTheDay(c, now), AskedTheDay, c.Helper)
		ask(mine && n.asksIfMay(c, now), AskedIfMay, c.Helper)
	}
	ask(mine && !ahead && n.OnTheWayHome() && n.lately(now), AskedIfHome, n.Member)
	ask(!ahead && n.Waited(id, now), AskedIfHere, n.Member)
	ask(n.StandsBy(id) && n.asksToStandIn(now), AskedStandIn, Person{ID: id})
	return out
}

func (n Need) asksIfStill(c Claim, now time.Time) bool {
	return n.Why == "" && now.Before(n.Start) && !n.knows(c, now)
}

func (n Need) asksOfTheDay(c Claim, now time.Time) bool {
	return !IsGuest(c.Helper.ID) && !c.Waiting && c.Home.IsZero() && SetsOut(n, now) && n.lately(now)
}

// lately says whether a need is not long over.
func (n Need) lately(now time.Time) bool { return now.Before(n.End.Add(openFor)) }

func (n Need) asksIfMay(c Claim, now time.Time) bool {
	return c.Waiting && n.Why == "" && now.Before(n.Start) && (!now.Before(n.AsksAt()) || now.Sub(c.At) < openFor)
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
