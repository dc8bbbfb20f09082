package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// EndedWords say how a request ended, if it has.
func EndedWords(n village.Need) string {
	if n.Why == "" {
		return ""
	}
	return ": " + string(n.Why)
}

// GuestsOf are the people without an account whom this person signed up.
func GuestsOf(n village.Need, person string) []string {
	var names []string
	for _, claims := range [][]village.Claim{n.Claims, n.Backups} {
		for _, c := range claims {
			if c.By.ID == person && village.IsGuest(c.Helper.ID) {
				names = append(names, bot.Literal(c.Helper.Name))
			}
		}
	}
	return names
}

// TweakName is the reminder that a change is about.
func TweakName(c village.Course, key string, zone *time.Location) string {
	id, name, one := strings.Cut(key, "/")
	if !one {
		return Reader{}.StepLabel(key, "")
	}
	if s, ok := c.Session(id); ok {
		return Reader{}.StepLabel(name, "") + ", " + when.Short(s.Start, zone)
	}
	return Reader{}.StepLabel(name, "")
}

// TweakWords are what a member has changed about a reminder.
func TweakWords(t village.Tweak) string {
	var changed []string
	if t.Off {
		changed = append(changed, "switched off")
	}
	if t.At != nil {
		changed = append(changed, "at "+ClockWords(*t.At))
	}
	if t.Words != "" {
		changed = append(changed, "in your words “"+bot.Literal(t.Words)+"”")
	}
	return strings.Join(changed, ", ")
}

// What both /privacy show and /privacy export say of some documents.
const (
	TrustLine     = "A word about who may help with children, so that it is asked only once"
	ModeratorLine = "That you moderate here, so that I can tell you when somebody has nobody yet"
	DeadLine      = "A message that I could not deliver to you"
	UnknownLine   = "Something that I have no words for. Please ask whoever runs me what it is"
)

func KeptUntil(t time.Time) string { return ". Kept until " + DayOf(t) }

// MemberLine is who somebody is.
func MemberLine(m village.Member) string {
	line := "Your name here: " + bot.Literal(m.Name)
	if m.Zone != "" {
		line += ", your time zone: " + bot.Literal(m.Zone)
	}
	if m.Country != "" {
		line += ", your country: " + bot.Literal(m.Country)
	}
	return line
}

// RoleIn is what a person has to do with a request.
func RoleIn(n village.Need, person string) string {
	switch {
	case n.Member.ID == person:
		return "You asked: "
	case n.HelpedBy(person):
		return "You said yes: "
	case n.StandsBy(person):
		return "You stand by: "
	}
	return "You signed somebody up: "
}

// NeedKept is a request in one line, with what more there is to say of it and the
// day it goes.
func NeedKept(n village.Need, person string, more ...string) string {
	zone := village.ZoneNamed(n.Zone)
	line := strings.Join(append([]string{RoleIn(n, person) + Reader{ID: person, Zone: zone}.NeedLine(n)}, more...), ". ")
	return line + KeptUntil(n.KeptUntil().In(zone))
}
