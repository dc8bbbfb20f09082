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
func (to Reader) StepLabel(name, part string) string {
	if name == village.Fasting {
		switch part {
		case "food":
			return to.say("your clinic's rule for food")
		case "drinks":
			return to.say("your clinic's rule for drinks")
		case village.BothRules:
			return to.say("your clinic's rule for food and drinks")
		}
	}
	label, known := map[string]string{
		village.BookRide:      to.say("is your ride set? (if nobody has said yes)"),
		village.BookChild:     to.say("is somebody with the children? (if nobody has said yes)"),
		village.Hydration:     to.say("water"),
		village.SomeoneToCall: to.say("somebody to call"),
		village.PackBag:       to.say("pack your bag"),
		village.Fasting:       to.say("food and drinks, as your clinic told you"),
		village.Intention:     to.say("draw a card"),
		village.SleepEarly:    to.say("an early night"),
		village.SessionToday:  to.say("today is the day"),
		village.TimeToGo:      to.say("time to go"),
		village.HomeRest:      to.say("home: rest and water"),
		village.EveningCard:   to.say("a small idea for the evening"),
		village.CheckIn:       to.say("how is today?"),
		village.KeepMeds:      to.say("keep your medicines as they are"),
		village.Integration:   to.say("an idea for the day"),
		village.TalkAhead:     to.say("your talk is coming up"),
		village.TouchUp:       to.say("how to go on?"),
	}[name]
	if !known {
		return name
	}
	return label
}

// ClockWords is an hour, in minutes after midnight.
func ClockWords(minutes int) string { return Reader{}.clockAt(minutes) }

// ClockOf is the hour of an instant on its own clock.
func ClockOf(t time.Time) string { return Reader{}.clock(t) }

func (to Reader) clockAt(minutes int) string {
	return to.clock(time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC))
}

func (to Reader) clock(t time.Time) string {
	switch {
	case to.Language != nil:
		return to.Language.Writing().Clock(t, t.Location())
	case t.Hour() == 12 && t.Minute() == 0:
		return to.say("noon")
	case t.Hour() == 0 && t.Minute() == 0:
		return to.say("midnight")
	}
	return t.Format("3:04 pm")
}

// clinicRules are the clinic's own rules for one session, or that we do not know
// them. They are never ours.
func (to Reader) clinicRules(c village.Course, s village.Session) string {
	from := func(fast time.Duration) string { return bot.Literal(when.Short(s.Start.Add(-fast), to.inPlan(c).Zone)) }
	food, drinks := c.Clinic.Food, c.Clinic.Drinks
	rule := to.say("Food and drinks: as your clinic told you.")
	switch {
	case food > 0 && drinks > 0:
		rule = to.say("Your clinic's rule, as you gave it to me: no food from %s; no drinks from %s.", from(food), from(drinks))
	case food > 0:
		rule = to.say("Your clinic's rule, as you gave it to me: no food from %s.", from(food))
	case drinks > 0:
		rule = to.say("Your clinic's rule, as you gave it to me: no drinks from %s.", from(drinks))
	}
	if c.Clinic.Collect == "" {
		return rule
	}
	return sentences(rule, to.say("You are to be collected by: %s.", bot.Literal(c.Clinic.Collect)))
}

// rulesNow are clinicRules for a session whose date or rule is new: one that holds
// already can have been broken unknowingly.
func (to Reader) rulesNow(c village.Course, s village.Session) string {
	hold := ""
	switch food, drinks := c.RulesHold(s, to.Now); {
	case food && drinks:
		hold = to.say("**It holds already for food and drinks.** If you have had something since, tell them before you set off.")
	case food:
		hold = to.say("**It holds already for food.** If you have had something since, tell them before you set off.")
	case drinks:
		hold = to.say("**It holds already for drinks.** If you have had something since, tell them before you set off.")
	}
	return sentences(to.clinicRules(c, s), hold)
}

// stepLines are reminders for reading, a line a day. The daily question comes
// once for all its days.
func (to Reader) stepLines(c village.Course, steps []village.Step) []string {
	var days [][]string
	var daily []time.Time
	var before time.Time
	last := ""
	for _, step := range village.Spoken(steps) {
		due := step.Due.In(to.Zone)
		if step.Name == village.CheckIn {
			daily = append(daily, due)
			continue
		}
		what := bot.Literal(to.say("%s %s", to.clock(due), to.StepLabel(step.Name, step.Part)))
		if c.Words(step) != "" {
			what = to.say("%s your own words", bot.Literal(to.clock(due)))
		}
		if day := due.Format("Mon 2 Jan"); day != last {
			last, before = day, due
			days = append(days, []string{to.say("- %s: %s", day, what)})
			continue
		}
		if due.Equal(before) {
			what = strings.TrimPrefix(what, bot.Literal(to.clock(due))+" ")
		}
		before = due
		days[len(days)-1] = append(days[len(days)-1], what)
	}
	var lines []string
	for _, day := range days {
		lines = append(lines, strings.Join(day, "; "))
	}
	if len(daily) == 0 {
		return lines
	}
	first, end, hour := daily[0].Format("Mon 2 Jan"), daily[len(daily)-1].Format("Mon 2 Jan"), bot.Literal(to.clock(daily[0]))
	return append(lines, many(len(daily), to.say("- %s: %s how is today?", first, hour), to.say("- Every day from %s to %s: %s how is today?", first, end, hour)))
}

// stepNamed is how a step is named in a line.
func stepNamed(s village.Step) string {
	line := s.Session + " " + s.Name
	if s.Part != "" {
		line += " " + s.Part
	}
	return line
}

// Reminder is one step of a plan as it is sent, or opened: its session, the needs
// of it, the member's own words for it, and the library's for it.
type Reminder struct {
	Course  village.Course
	Session village.Session
	Step    village.Step
	Needs   []village.Need
	// Discreet may show on a locked screen, Whole is the plain voice, and Plain the
	// same where its time is not now. Idea is the card that was drawn for it.
	Discreet, Whole, Plain, Idea string
	// Then is what was noted in the days after the session.
	Then Then
}

// Then is what somebody noted at some time.
type Then struct {
	Diary  village.Diary
	Scores village.Scores
}

// ReminderBehindATap is a reminder that a locked screen may show.
func (to Reader) ReminderBehindATap(x Reminder) bot.Message {
	to = to.inPlan(x.Course)
	if x.Step.Name == village.CheckIn && x.Course.Words(x.Step) == "" {
		return bot.Message{Text: x.Discreet, Buttons: to.CheckInButtons()}
	}
	if x.Step.Name == village.HomeRest && !village.CameHome(x.Needs) {
		x.Discreet = to.say("A short note is here for you.") // and no welcome home for who may still be waiting
	}
	if saysNoRide(x.Step.Name) && to.noRideYet(x) != "" {
		x.Discreet = to.say("Something for today is not settled yet. Please tap to read.")
	}
	return bot.Message{Text: x.Discreet, Buttons: []bot.Button{{Label: to.say("Tap to read"), Command: "/session read " + stepNamed(x.Step)}}}
}

// ReminderInFull is a reminder in plain words. Who rests has nothing to choose.
func (to Reader) ReminderInFull(x Reminder) bot.Message {
	to = to.inPlan(x.Course)
	m := bot.Message{Text: x.Whole}
	if own := x.Course.Words(x.Step); own != "" {
		m.Text = bot.Literal(own)
	}
	if more, some := reminders()[x.Step.Name]; some {
		m = more(to, x, m)
	}
	if saysNoRide(x.Step.Name) {
		m.Text = paragraphs(to.homeLine(x), m.Text)
	}
	_, rests := x.Course.Resting(to.Now)
	if x.Idea != "" && rests {
		m.Buttons = nil
	}
	if !rests {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Change these"), Command: "/session remind " + x.Session.ID + " " + x.Step.Name})
	}
	return m
}

// reminders are what stands with the words of a reminder, by its step.
func reminders() map[string]func(to Reader, x Reminder, m bot.Message) bot.Message {
	return map[string]func(to Reader, x Reminder, m bot.Message) bot.Message{
		village.BookRide:     Reader.toBook,
		village.BookChild:    Reader.toBook,
		village.Fasting:      Reader.toFast,
		village.TimeToGo:     Reader.beginsSoon,
		village.SessionToday: Reader.beginsSoon,
		village.HomeRest:     Reader.welcomeHome,
		village.EveningCard:  Reader.idea,
		village.Integration:  Reader.idea,
		village.TalkAhead:    Reader.talkAhead,
		village.CheckIn: func(to Reader, _ Reminder, m bot.Message) bot.Message {
			m.Buttons = to.CheckInButtons()
			return m
		},
		village.PackBag: func(to Reader, x Reminder, m bot.Message) bot.Message {
			m.Buttons = []bot.Button{{Label: to.say("Open the list"), Command: "/session bag " + x.Session.ID, Style: bot.Primary}}
			return m
		},
		village.Intention: func(to Reader, x Reminder, m bot.Message) bot.Message {
			m.Buttons = []bot.Button{{Label: to.say("Draw a card"), Command: "/session card " + x.Session.ID, Style: bot.Primary}}
			if done, _ := x.Course.Done(to.Now); done > 0 {
				m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Look back at the last time"), Command: "/journal back"})
			}
			return m
		},
		village.TouchUp: Reader.weeksLater,
		village.SomeoneToCall: func(to Reader, _ Reminder, m bot.Message) bot.Message {
			m.Buttons = []bot.Button{{Label: to.say("Lines where a person answers"), Command: "/crisis"}}
			return m
		},
	}
}

func (to Reader) toBook(x Reminder, m bot.Message) bot.Message {
	kind := x.Step.Books()
	stands := to.say("I have not been asked to find anybody for this day.")
	m.Buttons = []bot.Button{{Label: to.say("Ask for %s", to.Noun(kind)), Command: "/ask " + string(kind)}}
	if i := slices.IndexFunc(x.Needs, func(n village.Need) bool { return n.Kind == kind }); i >= 0 {
		stands = to.needLines(x.Needs[i : i+1])
		m.Buttons = []bot.Button{to.SeeButton(x.Needs[i])}
	}
	m.Text = paragraphs(to.say("For **%s**.", Moment(x.Session.Start, to.Zone)), m.Text, stands)
	return m
}

func (to Reader) toFast(x Reminder, m bot.Message) bot.Message {
	if x.Course.Words(x.Step) == "" && x.Course.Early(x.Session, x.Step) {
		m.Text = x.Plain // it is not from here on, but from later
	}
	m.Text = paragraphs(to.clinicRules(x.Course, x.Session), m.Text)
	m.Buttons = []bot.Button{{Label: to.say("More about this"), Command: "/faq fasting"}}
	return m
}

func (to Reader) beginsSoon(x Reminder, m bot.Message) bot.Message {
	m.Text = paragraphs(m.Text, to.say("It begins %s.", Moment(x.Session.Start, to.Zone)), to.needLines(x.Needs))
	return m
}

// saysNoRide says whether a step says first that nobody is down for the ride home.
func saysNoRide(step string) bool { return step == village.SessionToday || step == village.TimeToGo }

// noRideYet is the first line of the day while nobody is down for the ride home.
func (to Reader) noRideYet(x Reminder) string {
	n, untaken := village.Untaken(x.Needs)
	if !untaken {
		return ""
	}
	at, today := to.rideAt(n)
	first := to.say("**Nobody is down for your ride home on %s yet.**", at)
	switch {
	case len(n.Claims) > 0 && today:
		return to.say("**%s offers to drive you home at %s, and still waits for your yes.** If you don't know them, please ask somebody you know now, or tell your clinic. Please don't drive yourself.", PlainNames(n.Claims), at)
	case len(n.Claims) > 0:
		return to.say("**%s offers to drive you home on %s, and still waits for your yes.** If you don't know them, please ask somebody you know, or tell your clinic. Please don't drive yourself.", PlainNames(n.Claims), at)
	case today:
		first = to.say("**Nobody is down for your ride home at %s yet.**", at)
	}
	return sentences(first, to.say("Please ask somebody you know now, or tell your clinic: moving the appointment is all right. Please don't drive yourself."))
}

// welcomeHome asks for the member's word that they are home, and welcomes them once
// somebody has said so. Where a ride was asked for, it is said of the ride, so that
// nobody goes on asking where they are.
func (to Reader) welcomeHome(x Reminder, _ bot.Message) bot.Message {
	m := to.GoodToHear(x.Whole)
	_, untaken := village.Untaken(x.Needs)
	switch {
	case village.CameHome(x.Needs):
	case !untaken:
		m = to.GoodToHear(paragraphs(to.say("Are you home? One tap tells me."), x.Plain))
	default:
		m = to.GoodToHear(x.Plain)
		m.Text = paragraphs(to.say("Are you home? Nobody was down for your ride, so I can't know. If you are still there, please stay inside, and ask the staff to call somebody."), m.Text)
	}
	m.Title = ""
	home := "/session end " + x.Session.ID
	if i := slices.IndexFunc(x.Needs, func(n village.Need) bool { return n.OnTheWayHome() || village.IsUntaken(n) }); i >= 0 {
		home = "/need home " + x.Needs[i].ID
	}
	m.Buttons = slices.Insert(m.Buttons, 0, bot.Button{Label: to.say("I am home"), Command: home, Style: bot.Primary})
	return m
}

func (to Reader) idea(x Reminder, m bot.Message) bot.Message {
	m.Text = paragraphs(m.Text, "**"+x.Idea+"**", to.keepsIt())
	m.Buttons = []bot.Button{to.anotherIdea(x.Step)}
	return m
}

// keepsIt says what becomes of words that are written in answer.
func (to Reader) keepsIt() string {
	return to.say("If you write me a word or a line, I'll keep it for you alone.")
}

// weeksLater asks what the days after asked, beside what was answered then.
func (to Reader) weeksLater(x Reminder, m bot.Message) bot.Message {
	then := ""
	if days := x.Then.Diary.Days; len(days) > 0 {
		then = to.say("In the days after, you last said: %s (%s).", to.Feeling(days[len(days)-1].Feeling), dayOf(days[len(days)-1].Day))
	}
	numbers := ""
	if len(x.Then.Scores.All) > 0 {
		numbers = paragraphs(to.say("Your numbers then:"), to.scoreLines(x.Then.Scores))
	}
	m.Text = paragraphs(m.Text, then, numbers, to.say("And how is today?"))
	m.Buttons = append(to.CheckInButtons(), to.myDays())
	return m
}

func (to Reader) anotherIdea(s village.Step) bot.Button {
	return bot.Button{Label: to.say("Another one"), Command: "/session other " + stepNamed(s)}
}

// AnotherIdea puts another idea in place of one that does not fit today.
func (to Reader) AnotherIdea(s village.Step, idea string) bot.Message {
	return bot.Message{Text: paragraphs("**"+idea+"**", to.say("Or none today. That is fine too."), to.keepsIt()), Buttons: []bot.Button{to.anotherIdea(s)}}
}

// NoOther refuses another one of what has only one.
func (to Reader) NoOther() error {
	return &bot.Error{Code: "no-other", Say: to.say("There is no other one of these."), Hint: to.say("For example: %s", "/session other k7m2p9 integration 3")}
}

func (to Reader) talkAhead(x Reminder, m bot.Message) bot.Message {
	for _, talk := range x.Course.Talks {
		if fmt.Sprint(talk.Unix()) == x.Step.Part {
			m.Text = paragraphs(m.Text, to.say("It is %s.", Moment(talk, to.Zone)))
		}
	}
	return m
}

// NotAnHour refuses words that are no time of day.
func (to Reader) NotAnHour() *bot.Error {
	return &bot.Error{Code: "clock-unclear", Say: to.say("I need one time of day here."), Hint: to.say("For example: %s", "6:30 pm, or 18:30.")}
}

// ReminderSettings is one kind of reminder of a plan as it is now, seen from one of
// its sessions. unheard is an hour (minutes after midnight) that was asked for and
// that it does not come at, nil for none.
func (to Reader) ReminderSettings(c village.Course, s village.Session, name string, steps []village.Step, unheard *int) bot.Message {
	to = to.inPlan(c)
	var times []string
	own := ""
	for _, step := range village.Spoken(steps) {
		if step.Name != name {
			continue
		}
		if step.Session == s.ID || own == "" {
			own = c.Words(step)
		}
		if step.Due.After(to.Now) {
			times = append(times, "- "+Moment(step.Due, to.Zone))
		}
	}
	line := "/session remind " + s.ID + " " + name
	m := bot.Message{Title: Capital(to.StepLabel(name, "")), Buttons: []bot.Button{{Label: to.say("Switch it on"), Command: line + " on"}},
		Footer: bot.Literal(to.say("Another hour: %s at: 6pm. Your own words: %s words: ... For this session only, add only: yes", line, line))}
	_, changed := c.Tweaks[name]
	switch {
	case len(times) > 0:
		if len(times) > 5 {
			times = append(times[:5], to.say("- and so on, %d times in all", len(times)))
		}
		m.Text = paragraphs(to.say("It comes:"), strings.Join(times, "\n"))
		m.Buttons = []bot.Button{{Label: to.say("Switch it off"), Command: line + " off"}}
	case changed:
		m.Text = to.say("It is off: no more of these will come.")
	default:
		m.Text = to.say("None of this kind is still to come.")
	}
	if unheard != nil {
		m.Text = paragraphs(to.say("At %s it would come at the wrong end of the session, so it keeps its usual time.", to.clockAt(*unheard)), m.Text)
	}
	if own != "" {
		m.Fields = append(m.Fields, bot.Field{Name: to.say("In your own words"), Value: bot.Literal(own)})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("As it was at first"), Command: line + " usual"})
	return m
}
