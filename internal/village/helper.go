package village

import (
	"slices"
	"time"
)

// Helper is what is kept about somebody who helps in a group.
type Helper struct {
	Person
	// Joined is when they agreed to be asked directly; zero: they have not.
	Joined time.Time `json:"joined,omitzero"`
	// What they would rather not be asked for.
	NoRides    bool `json:"no_rides,omitempty"`
	NoChildren bool `json:"no_children,omitempty"`
	NoOther    bool `json:"no_other,omitempty"` // meals, errands, company
	NoMornings bool `json:"no_mornings,omitempty"`
	// AMonth is how many yeses a month are enough; 0: no limit.
	AMonth int `json:"a_month,omitempty"`
	// LastAsked is when they were last asked directly, For the needs (the last
	// ones) they were asked about.
	LastAsked time.Time `json:"last_asked,omitzero"`
	For       []string  `json:"for,omitempty"`
	// Open are those of them that they have not answered yet.
	Open []string `json:"open,omitempty"`
	// Turns counts the yeses, so that two at once cannot both pass unseen.
	Turns int `json:"turns,omitempty"`
}

const maxAskedFor = 50

// Wants says whether they would like to be asked about this need. yeses is how
// often they have said yes in the month of its start.
func (h Helper) Wants(n Need, yeses int) bool {
	switch {
	case h.Joined.IsZero() || h.ID == n.Member.ID || n.HelpedBy(h.ID) || n.StandsBy(h.ID):
		return false
	case slices.Contains(h.For, n.ID) && (!h.Passes(n.ID) || !h.LastAsked.Before(n.Opened)):
		return false // they have had their say, or were asked since it was opened
	case h.avoids(n):
		return false
	}
	return h.AMonth == 0 || yeses < h.AMonth
}

// avoids says whether a need is of a kind, or at an hour, for which they would
// rather not be asked.
func (h Helper) avoids(n Need) bool {
	ride, children := n.Kind.IsRide(), n.Kind.WithChildren()
	return ride && h.NoRides || children && h.NoChildren || !ride && !children && h.NoOther ||
		h.NoMornings && n.Start.In(n.zone()).Hour() < 12
}

// Asked notes that they were asked about a need.
func (h Helper) Asked(need string, now time.Time) Helper {
	h.LastAsked = now.UTC()
	h.For = remember(h.For, need)
	h.Open = remember(h.Open, need)
	return h
}

// Passes says whether their no to this need would be an answer.
func (h Helper) Passes(need string) bool { return slices.Contains(h.Open, need) }

// Answered notes that they have had their say about a need, whichever it is:
// they are not asked about it again, and a second tap says nothing new.
func (h Helper) Answered(need string) Helper {
	h.For = remember(h.For, need)
	h.Open = slices.DeleteFunc(slices.Clone(h.Open), func(id string) bool { return id == need })
	return h
}

func remember(needs []string, need string) []string {
	needs = append(slices.DeleteFunc(slices.Clone(needs), func(id string) bool { return id == need }), need)
	return needs[max(0, len(needs)-maxAskedFor):]
}

// HelperWith is a helper of this need, as they were when they said yes.
func (n Need) HelperWith(id string) Person {
	if i := n.claim(id); i >= 0 {
		return n.Claims[i].Helper
	}
	return Person{ID: id, Name: "somebody"}
}
