package village

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Family is somebody outside the chat, with a link of their own, whom one member has
// asked to help: a sister, a neighbour. They are a person like any other, so every rule
// about helpers holds for them as it is; what is theirs alone is that they see what this
// one member asks for, as far as the member shows it, and nothing else of the group.
type Family struct {
	Person
	// By is who asked them.
	By Person `json:"by"`
	// For is what they are asked for, in the member's words; empty: nothing was said.
	For string `json:"for,omitempty"`
	// NoRides, NoChildren and NoOther (meals, errands, company) are not shown to them.
	NoRides    bool `json:"no_rides,omitempty"`
	NoChildren bool `json:"no_children,omitempty"`
	NoOther    bool `json:"no_other,omitempty"`
	// Most is how many promises ahead they may have at a time; 0: no limit.
	Most int `json:"most,omitempty"`
	// HomeOnly says that they are told when the member is home, and nothing else.
	HomeOnly bool `json:"home_only,omitempty"`
	// Since is when they were asked, Until when their link ends, and Opened when the
	// first browser kept it; zero: none has.
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	Opened time.Time `json:"opened,omitzero"`
	// Link and Browser are hashes: of the link, and of what the browser keeps that opened
	// it first.
	Link    string `json:"link"`
	Browser string `json:"browser,omitempty"`
	// Locale is the language that was chosen for them or by them, else that of the first
	// browser, a BCP 47 tag; empty: nobody said.
	Locale string `json:"locale,omitempty"`
	Mail   Mail   `json:"mail,omitzero"`
}

// families begins the IDs of people with a link of their own.
const families = "web/"

const (
	// MaxFamily is how many people with a link one member may have.
	MaxFamily = 12
	// MaxFor is how long the member's words for a link may be, in characters.
	MaxFor = 80
	// MaxPromises bounds Family.Most.
	MaxPromises = 20
	// FamilyLasts is how long a link lasts when nobody says.
	FamilyLasts = 90 * 24 * time.Hour
	// FamilyLonger is how long one lasts at most.
	FamilyLonger = MaxAhead
)

// IsFamily says whether this is the ID of somebody with a link of their own.
func IsFamily(id string) bool { return strings.HasPrefix(id, families) }

// FamilyID is the ID of somebody with a link, by the short code of it; FamilyCode is the
// other way round.
func FamilyID(code string) string { return families + code }

// FamilyCode is the short code in an ID that FamilyID made.
func FamilyCode(id string) string { return strings.TrimPrefix(id, families) }

// NewFamily is somebody whom a member asks. A zero until is the usual time. Its error is
// *Error.
func NewFamily(code, name string, by Person, until, now time.Time) (Family, error) {
	name = strings.Join(strings.Fields(name), " ")
	if until.IsZero() {
		until = now.Add(FamilyLasts)
	}
	switch {
	case name == "" || utf8.RuneCountInString(name) > MaxGuest:
		return Family{}, refusef("name-wrong", "For example: /family add name: Rosa", "Please give a name of at most %d characters.", MaxGuest)
	case !until.After(now):
		return Family{}, refuse("time-past", "That time has already passed.", "Please give a day that is still ahead, or leave it out.")
	case until.Sub(now) > FamilyLonger:
		return Family{}, refuse("time-far", "That is more than a year ahead.", "Please give an earlier day. You can make another link later.")
	}
	return Family{Person: Person{ID: FamilyID(code), Name: name}, By: by, Since: now.UTC(), Until: until.UTC()}, nil
}

// Lasts says whether the link still means something: until its end, and then for as long
// as whoever set out before it may still say that all are home.
func (f Family) Lasts(now time.Time) bool { return f.ID != "" && now.Before(f.Over()) }

// Ended says whether the link's last day is over. Then nothing new is shown or promised.
func (f Family) Ended(now time.Time) bool { return f.ID == "" || !now.Before(f.Until) }

// SetOut says whether they have promised something that began before their link ended, and
// may still say how it goes.
func (f Family) SetOut(theirs []Need, now time.Time) bool {
	return f.Lasts(now) && slices.ContainsFunc(theirs, func(n Need) bool {
		return n.HelpedBy(f.ID) && n.Why != Cancelled && n.Kind.Travels() && n.Start.Before(f.Until) && now.Before(n.End.Add(homeUntil)) && !n.IsHome(f.ID)
	})
}

// OnPage are what they have promised, or stand by for, and what is open to them, of what is
// asked for.
func (f Family) OnPage(asked []Need, now time.Time) (promised, open []Need) {
	for _, n := range asked {
		switch {
		case !f.MaySee(n):
		case n.HelpedBy(f.ID) || n.StandsBy(f.ID):
			promised = append(promised, n)
		case n.State() == Open && !n.IsHeld() && now.Before(n.Start):
			open = append(open, n)
		}
	}
	return promised, open
}

// Over is when the link opens nothing any more.
func (f Family) Over() time.Time { return f.Until.Add(homeUntil) }

// MaySee says whether a need is shown to them: what they are down for, and what the one
// who asked them asks for, as far as it is shown.
func (f Family) MaySee(n Need) bool {
	switch {
	case n.Member.ID != f.By.ID:
		return false
	case n.HelpedBy(f.ID) || n.StandsBy(f.ID) || n.OfferedTo(f.ID):
		return true
	}
	return f.shows(n.Kind) && n.Start.Before(f.Until)
}

// shows says whether what is asked for in this way is shown to them.
func (f Family) shows(k Kind) bool {
	if f.HomeOnly {
		return false
	}
	ride, children := k.IsRide(), k.WithChildren()
	return !(ride && f.NoRides || children && f.NoChildren || !ride && !children && f.NoOther)
}

// IsDownFor says whether they have promised something that is still ahead of them.
func (f Family) IsDownFor(n Need, now time.Time) bool {
	i := n.claim(f.ID)
	return i >= 0 && n.Why == "" && now.Before(n.End) && n.Claims[i].Home.IsZero()
}

// CodePromised refuses one promise more than somebody with a link may have.
const CodePromised = "enough-promised"

// MayPromise refuses a promise that is not for them: of what is not shown to them, after
// their link has ended, and one more than they may have, of those that they have.
func (f Family) MayPromise(n Need, theirs []Need, now time.Time) error {
	if f.Ended(now) || !f.MaySee(n) {
		return Enough()
	}
	ahead := 0
	for _, n := range theirs {
		if f.IsDownFor(n, now) {
			ahead++
		}
	}
	if f.Most == 0 || ahead < f.Most {
		return nil
	}
	return refusef(CodePromised, "As soon as one of them is over, you can say yes to the next.",
		"You are down for %d already, which is as many as %s wants to lean on you at a time. Thank you.", ahead, f.By.Name)
}

// FamilyNamed are those of them who go by a name or a short code.
func FamilyNamed(all []Family, name string) []Family {
	name = strings.Join(strings.Fields(name), " ")
	return slices.DeleteFunc(slices.Clone(all), func(f Family) bool {
		return !strings.EqualFold(f.Name, name) && FamilyCode(f.ID) != strings.ToLower(name)
	})
}
