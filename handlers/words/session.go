package words

import (
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/internal/village"
)

// Followed is what became of a plan's help when the plan changed.
type Followed struct {
	Opened, Changed, Closed int
	Asked, Told             []village.Claim
}

func (f Followed) Words() string {
	words := ""
	if f.Changed > 0 {
		words += " So has the help: " + Count(f.Changed, "request", "requests") + "."
	}
	if f.Opened > 0 {
		words += " I have posted " + Count(f.Opened, "new request", "new requests") + " for help."
	}
	if f.Closed > 0 {
		words += " I have taken back " + Count(f.Closed, "request", "requests") + "."
	}
	words += ToHelpers(f.Asked, " I ask %s whether it still suits them, and tell you what they say.")
	return words + ToHelpers(f.Told, " I am telling %s, once.")
}

func NoSuchSession() error {
	return &bot.Error{Code: "no-such-session", Say: "I can't find that in your plans.", Hint: "These are the ones you have with me:",
		Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}, {Label: "Plan sessions", Command: "/session add"}}}
}

func NotSaved() error {
	return &bot.Error{Code: "not-saved", Say: "This plan is not saved yet, so there is nothing to change.", Hint: "/session list shows it. You can look it over there, change it, and save it."}
}

// ToHelpers says what becomes of those who had said yes, each named once where
// the %s stands, and whom I cannot reach. It is "" when there is nobody.
func ToHelpers(claims []village.Claim, say string) string {
	var reached, guests []string
	for _, c := range claims {
		into := &reached
		if village.IsGuest(c.Helper.ID) {
			into = &guests
		}
		if name := bot.Literal(c.Helper.Name); !slices.Contains(*into, name) {
			*into = append(*into, name)
		}
	}
	text := ""
	if len(reached) > 0 {
		text = fmt.Sprintf(say, AndList(reached))
	}
	if len(guests) > 0 {
		text += " I can't reach " + AndList(guests) + " here, so please tell them yourself."
	}
	return text
}

// RideStillAhead is for somebody who is out before their ride is there.
func RideStillAhead(n village.Need, zone *time.Location) string {
	at := bot.Literal(ClockOf(n.Start.In(zone)))
	if len(n.Claims) == 0 {
		return "**Nobody has said yes to your ride at " + at + " yet.** Please stay where you are, and ask the staff to ring somebody."
	}
	if slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return c.Unsure || c.Silent }) {
		return "**" + PlainNames(n.Claims) + " said yes to your ride at " + at + ", but I have not heard lately that it is still on.** Please stay where you are, and ask the staff to ring them."
	}
	return "**Your ride comes at " + at + ": " + PlainNames(n.Claims) + ".** If you are ready sooner, stay inside and ask the staff to ring them."
}
