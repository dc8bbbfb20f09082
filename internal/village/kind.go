package village

import (
	"slices"
	"strings"
	"time"
)

// Kind is what somebody else can do.
type Kind string

// The kinds of need.
const (
	RideThere Kind = "ride-there"
	RideHome  Kind = "ride-home"
	StayWith  Kind = "stay-with"
	Childcare Kind = "childcare"
	SchoolRun Kind = "school-run"
	Carpool   Kind = "carpool"
	Meal      Kind = "meal"
	Errand    Kind = "errand"
)

// KindWords are the words a kind goes by.
type KindWords struct {
	Kind Kind
	// Noun is "a ride home"; Short is "ride home"; Offer is the button "Drive %s
	// home", with whose need it is; Doing is what the helper does: "driving".
	Noun, Short, Offer, Doing string
	// Lacks is what a member has nobody for: "to drive me"; empty where no clinic
	// has to know.
	Lacks string
	// Example is a line that asks for it.
	Example string
	// Options are what is asked about it after the time and the place, the most
	// important first, apart by spaces; HowMany asks how many helpers are wanted,
	// where that may be more than one.
	Options, HowMany string
}

// traits are what the rules know about a kind.
type traits struct {
	// lasts is how long it takes when nobody says.
	lasts time.Duration
	// called are other names that people have for it, apart by commas.
	called string
	// driven: the member is driven; home: to where they live.
	driven, home bool
	// travels: it goes from one place to another.
	travels bool
	// children are in the helper's care.
	children bool
	// clinic: the day can hardly go ahead without it.
	clinic bool
	// lasting: nobody can tell its end by its name, so the end is said; overnight:
	// it ends in the morning.
	lasting, overnight bool
	// alongside: whoever stays overnight with the same member does it as well.
	alongside bool
	// planned is how it comes with a session; zero: it does not.
	planned planned
}

// planned is how a need comes with a session.
type planned struct {
	// place orders what comes with a session: 1 is first.
	place int
	// times are its usual ones; nil: it has only hours of its own.
	times func(s Session, zone *time.Location) (start, end time.Time)
	// fetches and brings say that it begins, or ends, at the appointment rather
	// than at home.
	fetches, brings bool
}

type kind struct {
	KindWords
	traits
}

// kinds are everything there is to know about each kind, in the order in which
// they are offered. A new kind is a new entry.
func kinds() [8]kind {
	return [...]kind{
		{KindWords{Kind: RideHome, Noun: "a ride home", Short: "ride home", Offer: "Drive %s home", Doing: "driving", Lacks: "to drive me",
			Example: "/ask ride-home thu 1:30pm from: near Union Station details: the door code is 42",
			Options: "to note details seats child-seats"},
			traits{lasts: time.Hour,
				called: "ride back, lift home, lift back, drive home, pick up, pickup, pick me up",
				driven: true, home: true, travels: true, clinic: true, alongside: true, planned: planned{place: 2, times: afterSession, fetches: true}}},
		{KindWords{Kind: RideThere, Noun: "a ride there", Short: "ride there", Offer: "Drive %s there", Doing: "driving", Lacks: "to drive me",
			Example: "/ask ride-there thu 1:30pm from: near Union Station details: the door code is 42",
			Options: "to note details seats child-seats"},
			traits{lasts: time.Hour,
				called: "lift there, drive there, ride to it",
				driven: true, travels: true, clinic: true, planned: planned{place: 1, times: beforeSession, brings: true}}},
		{KindWords{Kind: StayWith, Noun: "company overnight", Short: "company", Offer: "Stay with %s", Doing: "staying over", Lacks: "to stay with me",
			Example: "/ask stay-with thu 6pm where: the west side details: 12 Example Road",
			Options: "until note details"},
			traits{lasts: 12 * time.Hour,
				called: "overnight, somebody to stay, someone to stay, stay with me, somebody to stay with me, someone to stay with me, overnight company, company at night",
				clinic: true, lasting: true, overnight: true, planned: planned{place: 3, times: overnightAfter}}},
		{KindWords{Kind: Childcare, Noun: "childcare", Short: "childcare", Offer: "Watch children for %s", Doing: "looking after the children", Lacks: "to look after my children",
			Example: "/ask childcare thu noon where: the west side until: 6pm children: 2",
			Options: "until children details note"},
			traits{lasts: 3 * time.Hour,
				called:   "child care, sitter, babysitter, baby sitter, babysitting, kids, children",
				children: true, clinic: true, lasting: true, alongside: true, planned: planned{place: 4, times: allAround}}},
		{KindWords{Kind: SchoolRun, Noun: "a school run", Short: "school run", Offer: "Do the school run for %s", Doing: "doing the school run",
			Example: "/ask school-run thu 3pm from: the north side to: the west side children: 1",
			Options: "to children details child-seats note"},
			traits{lasts: time.Hour, travels: true, children: true, called: "school pickup, school pick up, school drop off, school dropoff, school runs", planned: planned{place: 6}}},
		{KindWords{Kind: Carpool, Noun: "a carpool", Short: "carpool", Offer: "Drive the carpool for %s", Doing: "driving the carpool",
			Example: "/ask carpool 2026-12-08 16:00 from: the west side to: the north side days: tue thu weeks: 3",
			Options: "to details days weeks children child-seats note", HowMany: "How many drivers are wanted each time"},
			traits{lasts: time.Hour, travels: true, children: true, called: "car pool, carpools", planned: planned{place: 7}}},
		{KindWords{Kind: Meal, Noun: "a meal", Short: "meal", Offer: "Bring %s a meal", Doing: "bringing a meal",
			Example: "/ask meal thu 6pm where: the west side details: ring twice",
			Options: "note details until", HowMany: "How many people could bring something"},
			traits{lasts: 2 * time.Hour,
				called:    "dinner, supper, food, meals",
				alongside: true, planned: planned{place: 5, times: supper}}},
		{KindWords{Kind: Errand, Noun: "an errand", Short: "errand", Offer: "Do the errand for %s", Doing: "doing an errand",
			Example: "/ask errand thu 6pm where: the west side details: ring twice",
			Options: "note details until"},
			traits{lasts: 2 * time.Hour}},
	}
}

// known is the entry of a kind. An unknown kind, from a newer version's store, is
// called "help".
func (k Kind) known() kind {
	for _, known := range kinds() {
		if known.Kind == k {
			return known
		}
	}
	return kind{KindWords{Kind: k, Noun: "help", Short: "help", Offer: "Help %s", Doing: "helping"}, traits{lasts: 2 * time.Hour}}
}

// Kinds are the words of all kinds in the order in which they are offered.
func Kinds() []KindWords {
	var out []KindWords
	for _, k := range kinds() {
		out = append(out, k.KindWords)
	}
	return out
}

// Words are the words of a kind.
func (k Kind) Words() KindWords { return k.known().KindWords }

// Called are the other names that people have for a kind, apart by commas.
func (k Kind) Called() string { return k.known().called }

// KindCalled is the kind that people call by this name, in small letters.
func KindCalled(name string) (Kind, bool) {
	for _, k := range kinds() {
		if string(k.Kind) == strings.ReplaceAll(name, " ", "-") || k.Short == name || k.Noun == name || slices.Contains(strings.Split(k.called, ", "), name) {
			return k.Kind, true
		}
	}
	return "", false
}

// SessionHelp are the kinds of need that can come with a session.
func SessionHelp() []Kind {
	all := kinds()
	planned := slices.DeleteFunc(all[:], func(k kind) bool { return k.planned.place == 0 })
	slices.SortFunc(planned, func(a, b kind) int { return a.planned.place - b.planned.place })
	var out []Kind
	for _, k := range planned {
		out = append(out, k.Kind)
	}
	return out
}

// Lasts is how long it takes when nobody says.
func (k Kind) Lasts() time.Duration { return k.known().lasts }

// IsRide says whether the member is driven.
func (k Kind) IsRide() bool { return k.known().driven }

// BringsHome says whether the member is driven to where they live.
func (k Kind) BringsHome() bool { return k.known().home }

// WithChildren says whether children are in the helper's care.
func (k Kind) WithChildren() bool { return k.known().children }

// InTheirHands says whether somebody is in the hands of whoever gives it: driven, sat
// with, or looked after.
func (k Kind) InTheirHands() bool {
	is := k.known()
	return is.driven || is.children || is.overnight
}

// NeedsClinic says whether the day can hardly go ahead without it, so that the
// clinic has to know when nobody comes.
func (k Kind) NeedsClinic() bool { return k.known().clinic }

// Travels says whether it goes from one place to another: somebody is on the
// road, and safe when they are home.
func (k Kind) Travels() bool { return k.known().travels }

// Lasting says whether nobody can tell from its name when it ends.
func (k Kind) Lasting() bool { return k.known().lasting }

// Overnight says whether it ends in the morning when nobody says.
func (k Kind) Overnight() bool { return k.known().overnight }

// overnight is when company until the morning ends: nine o'clock.
func overnight(start time.Time, zone *time.Location) time.Time {
	t := start.In(zone)
	end := time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, zone)
	if end.Sub(start) < 4*time.Hour {
		end = time.Date(t.Year(), t.Month(), t.Day()+1, 9, 0, 0, 0, zone)
	}
	return end
}

// The times of what comes with a session.

func beforeSession(s Session, _ *time.Location) (start, end time.Time) {
	return s.Start.Add(-Leave), s.Start
}

func afterSession(s Session, _ *time.Location) (start, end time.Time) {
	return s.End, s.End.Add(RideHome.Lasts())
}

// overnightAfter: an adult stays until the morning.
func overnightAfter(s Session, zone *time.Location) (start, end time.Time) {
	return s.End, onDay(s.Start.In(zone), 1, 9*60)
}

func allAround(s Session, zone *time.Location) (start, end time.Time) {
	return s.Start.Add(-Leave), onDay(s.Start.In(zone), 1, 9*60)
}

// supper is at six, or an hour after a session that ends late.
func supper(s Session, zone *time.Location) (start, end time.Time) {
	return latest(onDay(s.Start.In(zone), 0, 18*60), s.End.Add(time.Hour)), time.Time{}
}
