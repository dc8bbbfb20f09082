package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// StepLabel says in a few words what a reminder is, where only its member
// reads it.
func StepLabel(name, part string) string {
	switch name {
	case village.BookRide:
		return "is your ride set? (if nobody has said yes)"
	case village.BookChild:
		return "is somebody with the children? (if nobody has said yes)"
	case village.Hydration:
		return "water"
	case village.SomeoneToCall:
		return "somebody to call"
	case village.PackBag:
		return "pack your bag"
	case village.Fasting:
		switch part {
		case "food", "drinks", BothRules:
			return "your clinic's rule for " + part
		}
		return "food and drinks, as your clinic told you"
	case village.Intention:
		return "draw a card"
	case village.SleepEarly:
		return "an early night"
	case village.SessionToday:
		return "today is the day"
	case village.TimeToGo:
		return "time to go"
	case village.HomeRest:
		return "home: rest and water"
	case village.EveningCard:
		return "a small idea for the evening"
	case village.CheckIn:
		return "how is today?"
	case village.KeepMeds:
		return "keep your medicines as they are"
	case village.Integration:
		return "an idea for the day"
	case village.TalkAhead:
		return "your talk is coming up"
	case village.TouchUp:
		return "how to go on?"
	}
	return name
}

func QuietWords(q village.Quiet) string {
	if q.From == q.To {
		return ""
	}
	return " From " + ClockWords(q.From) + " to " + ClockWords(q.To) + " I send only what cannot wait."
}

func ClockWords(minutes int) string {
	return ClockOf(time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC))
}

func ClockOf(t time.Time) string {
	switch {
	case t.Hour() == 12 && t.Minute() == 0:
		return "noon"
	case t.Hour() == 0 && t.Minute() == 0:
		return "midnight"
	}
	return t.Format("3:04 pm")
}

// ClinicWords are the clinic's own rules for one session, or that we do not
// know them. They are never ours.
func ClinicWords(c village.Course, s village.Session) string {
	zone := village.ZoneNamed(c.Zone)
	var rules []string
	if c.Clinic.Food > 0 {
		rules = append(rules, "no food from "+bot.Literal(when.Short(s.Start.Add(-c.Clinic.Food), zone)))
	}
	if c.Clinic.Drinks > 0 {
		rules = append(rules, "no drinks from "+bot.Literal(when.Short(s.Start.Add(-c.Clinic.Drinks), zone)))
	}
	words := "Food and drinks: as your clinic told you."
	if len(rules) > 0 {
		words = "Your clinic's rule, as you gave it to me: " + strings.Join(rules, "; ") + "."
	}
	if c.Clinic.Collect != "" {
		words += " You are to be collected by: " + bot.Literal(c.Clinic.Collect) + "."
	}
	return words
}

// StepLines are reminders for reading, a line a day. The daily question comes
// once for all its days.
func StepLines(c village.Course, steps []village.Step, zone *time.Location) []string {
	var lines []string
	var daily []time.Time
	steps = Spoken(steps)
	day, line := "", ""
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
	}
	for _, step := range steps {
		due := step.Due.In(zone)
		if step.Name == village.CheckIn {
			daily = append(daily, due)
			continue
		}
		label := bot.Literal(ClockOf(due) + " " + StepLabel(step.Name, step.Part))
		if c.Words(step) != "" {
			label = bot.Literal(ClockOf(due)) + " your own words"
		}
		if today := due.Format("Mon 2 Jan"); today != day || line == "" {
			flush()
			day = today
			line = "- " + today + ": " + label
		} else {
			line += "; " + label
		}
	}
	flush()
	if len(daily) == 1 {
		lines = append(lines, "- "+daily[0].Format("Mon 2 Jan")+": "+bot.Literal(ClockOf(daily[0]))+" how is today?")
	} else if len(daily) > 1 {
		lines = append(lines, fmt.Sprintf("- Every day from %s to %s: %s how is today?", daily[0].Format("Mon 2 Jan"), daily[len(daily)-1].Format("Mon 2 Jan"), bot.Literal(ClockOf(daily[0]))))
	}
	return lines
}

// BothRules stands for two rules that are said in one.
const BothRules = "food and drinks"

// Spoken are the reminders that come by themselves. One that says another rule
// along with its own says so.
func Spoken(steps []village.Step) []village.Step {
	var out []village.Step
	for _, step := range steps {
		if step.Along {
			continue
		}
		if slices.ContainsFunc(steps, func(o village.Step) bool {
			return o.Along && o.Session == step.Session && o.Name == step.Name && o.Due.Equal(step.Due)
		}) {
			step.Part = BothRules
		}
		out = append(out, step)
	}
	return out
}

// IAmHome is the member's word that they are home. Where somebody drives them,
// it is said of the ride, so that nobody goes on asking where they are.
func IAmHome(s village.Session, needs []village.Need) string {
	for _, n := range needs {
		if n.Kind.BringsHome() && slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return c.Home.IsZero() }) {
			return "/need home " + n.ID
		}
	}
	return "/session end " + s.ID
}

// Early says whether a fasting reminder comes before its rule begins.
func Early(c village.Course, s village.Session, step village.Step) bool {
	begins := s.Start.Add(-c.Clinic.Food)
	if step.Part == "drinks" {
		begins = s.Start.Add(-c.Clinic.Drinks)
	}
	return step.Part == "" || step.Due.Before(begins)
}

func ReadCommand(s village.Step) string {
	line := "/session read " + s.Session + " " + s.Name
	if s.Part != "" {
		line += " " + s.Part
	}
	return line
}

// BookedKind is the kind of need that a reminder to book is about.
func BookedKind(name string) village.Kind {
	switch name {
	case village.BookRide:
		return village.RideHome
	case village.BookChild:
		return village.Childcare
	}
	return ""
}

func BookedWords(needs []village.Need, kind village.Kind, zone *time.Location) string {
	for _, n := range needs {
		if n.Kind == kind {
			return "- " + NeedLine(n, zone, n.Member.ID)
		}
	}
	return "I have not been asked to find anybody for this day."
}

func BookButtons(needs []village.Need, kind village.Kind) []bot.Button {
	for _, n := range needs {
		if n.Kind == kind {
			return []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}
		}
	}
	return []bot.Button{{Label: "Ask for " + kind.Words().Noun, Command: "/ask " + string(kind)}}
}

func CheckInButtons() []bot.Button {
	return []bot.Button{
		{Label: "Better", Command: "/checkin today better"},
		{Label: "Same", Command: "/checkin today same"},
		{Label: "Heavier", Command: "/checkin today heavier"},
		{Label: "I need help", Command: "/checkin today help", Style: bot.Danger},
	}
}
