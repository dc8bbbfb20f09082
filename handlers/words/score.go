package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// ScoreLabel is a number in a few words.
func ScoreLabel(s village.Score) string {
	return Clip(fmt.Sprintf("%s %d, %s", s.Scale, s.Value, dayOf(s.Day)), 80)
}

// ScaleRange is a scale with how far it reaches.
func (to Reader) ScaleRange(s village.Scale) string {
	return to.say("%s, from %s to %s", s.Name, strconv.Itoa(s.Least), strconv.Itoa(s.Most))
}

// ScoreKept says that a number is kept, and no more about it than its range and which
// way that goes.
func (to Reader) ScoreKept(s village.Score, all village.Scores) bot.Message {
	scale := village.ScaleNamed(s.Scale)
	text := to.say("I've kept it: %s **%s**, %s. Nobody else sees it.", bot.Literal(scale.Name), strconv.Itoa(s.Value), dayOf(s.Day))
	about, source := "", ""
	if scale.Known {
		about = to.say("%s goes from %s to %s; a higher number means more signs of %s. What a number means for you is your clinic's to say.", scale.Name, strconv.Itoa(scale.Least), strconv.Itoa(scale.Most), scale.About)
		source = to.say("Range: %s.", scale.Source)
	}
	higher := ""
	if all.Higher(s) {
		higher = to.say("It is higher than the last one. Please tell your clinic or your therapist, today or tomorrow.")
	}
	return bot.Message{Tone: bot.Good, Text: paragraphs(text, higher, about), Footer: source,
		Buttons: []bot.Button{to.myDays(), to.myScores(), {Label: to.say("Don't keep it"), Command: "/checkin drop " + s.ID}}}
}

func (to Reader) myScores() bot.Button {
	return bot.Button{Label: to.say("My numbers"), Command: "/checkin scores"}
}

func (to Reader) addScore() bot.Button {
	return bot.Button{Label: to.say("Keep a number"), Command: "/checkin score"}
}

// NotANumber refuses what is no number.
func (to Reader) NotANumber() error {
	return &bot.Error{Code: "not-a-number", Say: to.say("I need a whole number here."), Hint: to.say("For example: %s", "/checkin score 12 scale: PHQ-9")}
}

// NoSuchScore refuses a code that is none of the reader's.
func (to Reader) NoSuchScore() error {
	return &bot.Error{Code: "no-such-score", Say: to.say("I can't find that number."), Hint: to.say("It may be deleted already."), Buttons: []bot.Button{to.myScores()}}
}

// Scores are the numbers that the reader was given.
func (to Reader) Scores(s village.Scores) bot.Message {
	m := bot.Message{Title: to.say("Your numbers"), Buttons: []bot.Button{to.addScore(), to.myDays()}}
	if len(s.All) == 0 {
		m.Text = to.say("There is nothing here yet. When your clinic gives you a number, such as a PHQ-9, I can keep it for you. I don't ask the questions, and I don't rate it.")
		return m
	}
	m.Text = to.scoreLines(s)
	menu := bot.Menu{Label: to.say("Delete one"), Command: "/checkin drop"}
	for _, score := range slices.Backward(s.All) {
		if len(menu.Picks) < 25 {
			menu.Picks = append(menu.Picks, bot.Pick{Label: ScoreLabel(score), Value: score.ID})
		}
	}
	m.Menus = []bot.Menu{menu}
	m.Footer = to.say("Only you see this. I keep the numbers for a year after the last one.")
	return m
}

// scoreLines are numbers, a line each scale.
func (to Reader) scoreLines(s village.Scores) string {
	var lines []string
	for _, scale := range s.ByScale() {
		known := village.ScaleNamed(scale[0].Scale)
		name := bot.Literal(known.Name)
		if known.Known {
			name = to.ScaleRange(known)
		}
		var numbers []string
		for _, score := range scale {
			numbers = append(numbers, fmt.Sprintf("%d (%s)", score.Value, dayOf(score.Day)))
		}
		lines = append(lines, fmt.Sprintf("- **%s**: %s", name, strings.Join(numbers, "; ")))
	}
	return strings.Join(lines, "\n")
}

// WeeksShown is all that somebody noted, with the sessions it lies between.
type WeeksShown struct {
	Zone    *time.Location
	Now     time.Time
	Courses []village.Course
	Diary   village.Diary
	Scores  village.Scores
}

// Empty says whether nothing was noted.
func (x WeeksShown) Empty() bool { return len(x.Diary.Days) == 0 && len(x.Scores.All) == 0 }

// Sessions are those that have begun, by start.
func (x WeeksShown) Sessions() []village.Session {
	var out []village.Session
	for _, c := range x.Courses {
		for _, s := range c.Sessions {
			if !c.Draft && s.Why != village.Cancelled && !s.Start.After(x.Now) {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b village.Session) int { return a.Start.Compare(b.Start) })
	return out
}

// Plans are those of which a session has begun, by their first.
func (x WeeksShown) Plans() []village.Course {
	out := slices.DeleteFunc(slices.Clone(x.Courses), func(c village.Course) bool {
		return c.Draft || !slices.ContainsFunc(c.Sessions, func(s village.Session) bool { return s.Why != village.Cancelled && !s.Start.After(x.Now) })
	})
	slices.SortFunc(out, func(a, b village.Course) int { return a.Sessions[0].Start.Compare(b.Sessions[0].Start) })
	return out
}

// FirstDay is the day of a plan's first session, on a clock without a zone.
func (x WeeksShown) FirstDay(c village.Course) time.Time {
	at := c.Sessions[0].Start.In(x.Zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// During is what was noted from a plan's first session to the next plan's.
func (x WeeksShown) During(c village.Course) WeeksShown {
	first, last := x.FirstDay(c).Format(time.DateOnly), x.Now.In(x.Zone).Format(time.DateOnly)
	for _, o := range x.Plans() {
		if o.Sessions[0].Start.After(c.Sessions[0].Start) {
			last = min(last, x.FirstDay(o).AddDate(0, 0, -1).Format(time.DateOnly))
		}
	}
	x.Courses, x.Diary, x.Scores = []village.Course{c}, x.Diary.Between(first, last), x.Scores.Between(first, last)
	return x
}

// PlanFrom names a plan by its first day.
func (to Reader) PlanFrom(c village.Course) string {
	return to.say("From %s", c.Sessions[0].Start.In(to.Zone).Format("2 January 2006"))
}

// ChartTitle stands in the picture of somebody's weeks.
func (to Reader) ChartTitle() string { return to.say("Your weeks") }

// ChartWords explain the signs of that picture.
type ChartWords struct{ Up, Level, Down, Session, Days string }

// ChartKey is the words that explain the signs of somebody's weeks.
func (to Reader) ChartKey() ChartWords {
	return ChartWords{Up: to.say("better"), Level: to.say("the same"), Down: to.say("heavier"), Session: to.say("a session"), Days: to.say("How the days went")}
}

// NoDaysYet answers when there is nothing to show.
func (to Reader) NoDaysYet() bot.Message {
	return bot.Message{Title: to.say("Your days"), Text: to.say("There is nothing here yet. One tap a day is enough."), Buttons: append(to.CheckInButtons(), to.addScore())}
}

// Weeks is a picture (PNG) of what somebody noted, with all of it in words.
func (to Reader) Weeks(x WeeksShown, picture []byte) bot.Message {
	buttons := []bot.Button{to.addScore(), to.myPage()}
	if len(x.Plans()) > 1 {
		buttons = append(buttons, bot.Button{Label: to.say("Two plans side by side"), Command: "/checkin chart plans"})
	}
	buttons = append(buttons, bot.Button{Label: to.say("Delete all of them"), Command: "/checkin delete"})
	alt := sentences(to.say("A chart of your days."), strings.ReplaceAll(to.daysInWords(x.Diary), "\n", " "), strings.ReplaceAll(strings.ReplaceAll(to.scoreLines(x.Scores), "\n", ". "), "**", ""), to.sessionsInWords(x))
	return bot.Message{Title: to.say("Your days"), Text: paragraphs(to.daysInWords(x.Diary), to.scoreLines(x.Scores), to.sessionsInWords(x)),
		Image:   &bot.Image{Name: "weeks.png", PNG: picture, Alt: Clip(alt, maxAlt)},
		Footer:  to.say("Only you see this. I keep each day for 120 days. A hard day says nothing about the next one."),
		Buttons: buttons}
}

// shownDays is how many days the words beside a chart have at most.
const shownDays = 60

// daysInWords are check-ins, days that went the same way in a line.
func (to Reader) daysInWords(d village.Diary) string {
	var lines []string
	days := d.Days[max(0, len(d.Days)-shownDays):]
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1].Feeling == days[i].Feeling {
			j++
		}
		line := to.say("- %s: %s", dayOf(days[i].Day), to.Feeling(days[i].Feeling))
		if j > i {
			line = to.say("- %s to %s: %s", dayOf(days[i].Day), dayOf(days[j].Day), to.Feeling(days[i].Feeling))
		}
		lines, i = append(lines, line), j+1
	}
	return strings.Join(lines, "\n")
}

func (to Reader) sessionsInWords(x WeeksShown) string {
	var days []string
	for _, s := range x.Sessions() {
		days = append(days, s.Start.In(x.Zone).Format("2 Jan"))
	}
	if len(days) == 0 {
		return ""
	}
	return to.say("Your sessions: %s.", strings.Join(days, ", "))
}

// ScoresKept is how many numbers are kept.
func (to Reader) ScoresKept(s village.Scores, until time.Time) string {
	line := to.say("Numbers you were given: %d", len(s.All))
	return clauses(line, to.keptUntil(until))
}

// ScoresExported is ScoresKept with each of them.
func (to Reader) ScoresExported(s village.Scores, until time.Time) []string {
	lines := []string{to.ScoresKept(s, until)}
	for _, score := range s.All {
		lines = append(lines, bot.Literal(fmt.Sprintf("%s: %s %d", dayOf(score.Day), score.Scale, score.Value)))
	}
	return lines
}
