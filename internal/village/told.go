package village

import (
	"slices"
	"time"
)

// IsBack says whether somebody has said that whoever asked for a ride home is there.
func (n Need) IsBack() bool {
	return n.Kind.BringsHome() && (!n.Arrived.IsZero() || slices.ContainsFunc(n.Claims, func(c Claim) bool { return !c.Home.IsZero() }))
}

// Arrivals is what those are owed whom the member wants to know it, when a ride home has
// come home since it was as before: once, and not from the one who drove.
func (n Need) Arrivals(before Need, told []Family, now time.Time) []Owed {
	if !n.IsBack() || before.IsBack() {
		return nil
	}
	var owed []Owed
	for _, f := range told {
		if f.HomeOnly && f.By.ID == n.Member.ID && f.Lasts(now) {
			owed = append(owed, Owed{What: OwedArrived, To: f.ID, About: n.Member, Due: now})
		}
	}
	return owed
}
