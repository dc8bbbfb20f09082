package words

import (
	"fmt"
	"strconv"
	"strings"

	"village/bot"
	"village/internal/village"
)

const (
	// LogSize is how many acts a page of the moderators' log shows.
	LogSize = 15
	// LogPages is how many pages there are at most.
	LogPages = 50
)

// Log is a page (from 1) of what moderators did, the latest first; more says that
// there is another one.
func (to Reader) Log(acts []village.Act, page int, more bool) bot.Message {
	m := bot.Message{Title: to.say("What moderators did"), Footer: to.say("Only moderators can read this. I keep it for 90 days, without anybody's private words and without saying who asked for help.")}
	var lines []string
	for _, act := range acts {
		lines = append(lines, "- "+bot.Literal(to.listed(act.At, to.Zone))+": "+to.Act(act))
	}
	m.Text = strings.Join(lines, "\n")
	switch {
	case len(lines) > 0:
	case page > 1:
		m.Text = to.say("There is nothing more.")
	default:
		m.Text = to.say("Nobody has set, paused or moved anything in the last 90 days.")
	}
	if page > 1 {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Later"), Command: fmt.Sprintf("/setup log %d", page-1)})
	}
	if more {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Earlier"), Command: fmt.Sprintf("/setup log %d", page+1)})
	}
	return m
}

// ActKept is an act that the reader did, or that was about them, as it is kept.
func (to Reader) ActKept(act village.Act) string {
	return to.say("In the moderators' log until %s: %s", to.writing().Date(act.KeptUntil()), to.Act(act))
}

// Act says in a sentence who did what.
func (to Reader) Act(act village.Act) string {
	by, value := bot.Literal(act.By.Name), bot.Literal(act.Value)
	switch family, name, _ := strings.Cut(act.What, " "); family {
	case "need":
		return to.actOnNeed(act, by, name)
	case "reminders":
		if said := to.actOnReminder(act, by, name); said != "" {
			return said
		}
	case "helper":
		if name == "bar" {
			return to.say("**%s** asked me to keep **%s** from future requests.", by, named(act.About))
		}
		return to.say("**%s** let **%s** help again.", by, named(act.About))
	case "local":
		if name == "add" {
			return to.say("**%s** put a note of the group's own beside the answer “%s”.", by, value)
		}
		return to.say("**%s** took a note away that stood beside the answer “%s”.", by, value)
	}
	for _, s := range village.NumberSettings() {
		if n, err := strconv.Atoi(act.Value); err == nil && act.What == s.Family+" "+s.Name {
			return to.say(s.Log, by, to.amount(s, n))
		}
	}
	return to.actOfSetup(act, by, value)
}

func named(p village.Person) string {
	if p.Name == "" {
		return "somebody"
	}
	return bot.Literal(p.Name)
}

func (to Reader) actOnNeed(act village.Act, by, what string) string {
	if to.Zone == nil {
		to.Zone = village.ZoneNamed(act.Zone)
	}
	about, need := named(act.About), to.say("%s, %s", to.Short(act.Kind), bot.Literal(to.listed(act.Start, to.Zone)))
	switch what {
	case "move":
		return to.say("**%s** moved a request to another time: %s.", by, need)
	case "change":
		return to.say("**%s** changed what a request says: %s.", by, need)
	case "cancel":
		return to.say("**%s** cancelled a request: %s.", by, need)
	case "fill":
		return to.say("**%s** signed **%s** up: %s.", by, about, need)
	case "unfill":
		return to.say("**%s** took **%s** off a request: %s.", by, about, need)
	case "approve":
		return to.say("**%s** said that **%s** may help: %s.", by, about, need)
	case "decline":
		return to.say("**%s** told me to keep **%s** apart from whoever asked for this: %s.", by, about, need)
	case "still":
		return to.say("**%s** said for **%s** that it is still on: %s.", by, about, need)
	}
	return to.something(by)
}

// something is what there are no other words for.
func (to Reader) something(by string) string { return to.say("**%s** did something.", by) }

func (to Reader) actOnReminder(act village.Act, by, what string) string {
	room, how := roomLink(act.Room), bot.Literal(act.Value)
	switch what {
	case "add":
		return to.say("**%s** set a reminder in %s: %s.", by, room, how)
	case "edit":
		return to.say("**%s** changed a reminder in %s: %s.", by, room, how)
	case "copy":
		return to.say("**%s** copied a reminder to %s: %s.", by, room, how)
	case "pause":
		return to.say("**%s** paused the reminder in %s: %s.", by, room, how)
	case "resume":
		return to.say("**%s** let the reminder in %s go on: %s.", by, room, how)
	case "remove":
		return to.say("**%s** removed the reminder in %s: %s.", by, room, how)
	}
	return ""
}

func (to Reader) actOfSetup(act village.Act, by, value string) string {
	switch strings.TrimPrefix(act.What, "setup ") {
	case "zone":
		return to.say("**%s** set the group's time zone to %s.", by, value)
	case "channel":
		return to.say("**%s** made %s the village channel.", by, roomLink(act.Room))
	case "moderators":
		return to.say("**%s** made %s the moderators' channel.", by, roomLink(act.Room))
	case "country":
		return to.say("**%s** set whose crisis lines are shown first: %s.", by, value)
	case "rehearsal":
		return to.say("**%s** posted a rehearsal.", by)
	case "join":
		if act.Value == "" {
			return to.say("**%s** asked for a code with which another place can share this village.", by)
		}
		return to.say("**%s** joined this village with the place they moderate on %s.", by, Capital(value))
	case "leave":
		return to.say("**%s** took the place they moderate on %s out of the shared village.", by, Capital(value))
	case "keep":
		return to.actOfKeeping(act, by)
	}
	return to.actOnOrOff(act, by, value)
}

func (to Reader) actOfKeeping(act village.Act, by string) string {
	switch {
	case act.Also == "":
		return to.say("**%s** set after how many hours private details are wiped: %s.", by, bot.Literal(act.Value))
	case act.Value == "":
		return to.say("**%s** set after how many days requests are wiped: %s.", by, bot.Literal(act.Also))
	}
	return to.say("**%s** set how long things are kept: private details %s hours, requests %s days.", by, bot.Literal(act.Value), bot.Literal(act.Also))
}

// actOnOrOff is about what can be taken back.
func (to Reader) actOnOrOff(act village.Act, by, value string) string {
	switch what := strings.TrimPrefix(act.What, "setup "); {
	case what == "digest" && act.No:
		return to.say("**%s** turned the week ahead off.", by)
	case what == "digest":
		return to.say("**%s** set when the week ahead is posted: %s.", by, value)
	case what == "quiet" && act.No:
		return to.say("**%s** turned the quiet hours off.", by)
	case what == "quiet":
		return to.say("**%s** set the quiet hours: %s.", by, value)
	case what == "helpers" && act.No:
		return to.say("**%s** set that whoever asked says yes to each helper once.", by)
	case what == "helpers":
		return to.say("**%s** set that anyone in the village may help.", by)
	case what == "trust":
		return to.actOfTrust(act, by, value)
	}
	return to.something(by)
}

// actOfTrust is about who moderates: somebody, or everybody who has a role.
func (to Reader) actOfTrust(act village.Act, by, role string) string {
	switch {
	case act.Value != "" && act.No:
		return to.say("**%s** took everybody who has **@%s** off the list of those who moderate this group.", by, role)
	case act.Value != "":
		return to.say("**%s** let everybody who has **@%s** moderate this group.", by, role)
	case act.No:
		return to.say("**%s** took **%s** off the list of those who moderate this group.", by, named(act.About))
	}
	return to.say("**%s** let **%s** moderate this group.", by, named(act.About))
}
