package village

import "time"

// ActsKept is how long it is kept what moderators did.
const ActsKept = 90 * 24 * time.Hour

// Act is something that a moderator did for the group, or somebody did with another's
// request, as the moderators' log tells it. It holds nobody's private words, and never
// who asked for something.
type Act struct {
	ID string    `json:"id"`
	By Person    `json:"by"`
	At time.Time `json:"at"`
	// What is the command, such as "setup zone" or "need move".
	What string `json:"what"`
	// About is whom it was about, if anybody.
	About Person `json:"about,omitzero"`
	// Kind and Start are those of the request that it was about, and Zone is its own.
	Kind  Kind      `json:"kind,omitempty"`
	Start time.Time `json:"start,omitzero"`
	Zone  string    `json:"zone,omitempty"`
	Room  Room      `json:"room,omitzero"`
	// Value is what was set, in words or as a number, and Also what was set with it; No says that it was taken back
	// or turned off.
	Value string `json:"value,omitempty"`
	Also  string `json:"also,omitempty"`
	No    bool   `json:"no,omitempty"`
}

// Quiet says that whoever an act is about is not told of it, also when they read the
// log themselves.
func (a Act) Quiet() bool {
	switch a.What {
	case "helper bar", "helper unbar", "need decline", "need unfill":
		return true
	}
	return false
}

// HiddenFrom says that somebody (an ID) does not read of an act.
func (a Act) HiddenFrom(person string) bool {
	return a.Quiet() && a.About.ID == person && a.By.ID != person
}

// KeptUntil is when an act is wiped.
func (a Act) KeptUntil() time.Time { return a.At.Add(ActsKept) }

// Forget takes somebody (an ID) out of an act.
func (a Act) Forget(person string) Act {
	a.By, a.About = a.By.unless(person), a.About.unless(person)
	return a
}

// OnNeed says which request an act was about.
func (a Act) OnNeed(n Need) Act {
	a.Kind, a.Start, a.Zone = n.Kind, n.Start, n.Zone
	return a
}

// ActsForOthers says whether a command about a need is somebody's word about another's
// request or another's help, and whom it names: what belongs in the log when the asker
// has not said it.
func (n Need) ActsForOthers(by, what, helper string) bool {
	if by == n.Member.ID {
		return false
	}
	switch what {
	case "need move", "need change", "need cancel":
		return true
	case "need fill", "need unfill", "need approve", "need decline":
		return helper != by
	case "need still":
		return helper != "" && helper != by && !n.speaksFor(by, n.claim(helper))
	}
	return false
}
