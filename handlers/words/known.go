package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

func (to Reader) helpersSetting(s Setup) Setting {
	value := to.say("The first time somebody helps somebody, whoever asked says yes to them.")
	var again []string
	if s.Anyone {
		again = []string{"/setup helpers anyone"}
		value = to.say("Anyone in the village may help, without a yes from whoever asked. Where children are, I'll still ask.")
	}
	return Setting{Again: again, Name: to.say("Helpers"), Value: value, Step: 8,
		Guide: bot.Message{Title: to.say("who may help"), Text: paragraphs(value, to.say("Before that yes a helper is told nothing private, and the request counts as taken meanwhile. It is one tap, once for each helper.")),
			Buttons: []bot.Button{
				{Label: to.say("Ask once for each"), Command: "/setup helpers known"},
				{Label: to.say("Anyone may"), Command: "/setup helpers anyone"}}}}
}

// HelpersSet says who may help now.
func (to Reader) HelpersSet(anyone bool) bot.Message {
	m := bot.Message{Title: to.say("Who may help is set"), Tone: bot.Good,
		Text: to.say("The first time somebody helps somebody, whoever asked says yes to them, with one tap. Until then nothing private is told. Who has helped them before is known already.")}
	if anyone {
		m.Text = to.say("Anyone who can see the village channel may help, and learns what is private about what they said yes to. Where children are, I'll still ask once for each helper.")
	}
	return m
}

// WhoMay is what somebody has said about helpers.
type WhoMay struct {
	Yes []May
	// Noes is how many they have said no to, Anyone that the group lets anyone help.
	Noes   int
	Anyone bool
}

// May is somebody who may help without being asked about; Grown: but not yet with
// children.
type May struct {
	Helper village.Person
	Grown  bool
}

// WhoMayHelp lists to whom the reader has said yes.
func (to Reader) WhoMayHelp(list WhoMay) bot.Message {
	m := bot.Message{Title: to.say("Who may help you")}
	var lines []string
	for _, may := range list.Yes {
		line := to.say("- **%s**", to.accountOrName(may.Helper))
		if may.Grown {
			line = to.say("- **%s**, and I'll ask you once more where children are", to.accountOrName(may.Helper))
		}
		lines = append(lines, line)
		if len(m.Buttons) < BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: Clip(to.say("Ask me about %s again", bot.PlainText(to.accountOrName(may.Helper))), 40), Command: "/helper may " + may.Helper.ID + " no"})
		}
	}
	head := to.say("I won't ask you again when one of these offers to help:")
	if len(lines) == 0 {
		head = to.say("So far there is nobody to whom you have said yes once and for all.")
	}
	noes, anyone := "", ""
	switch {
	case list.Noes == 1:
		noes = to.say("There is one person who is not to help you. If you want to take that back: %s.", bot.Literal("/helper may @sam again"))
	case list.Noes > 1:
		noes = to.say("There are %d people who are not to help you. If you want to take one back: %s.", list.Noes, bot.Literal("/helper may @sam again"))
	}
	if list.Anyone {
		anyone = to.say("In this group anyone in the village may help; I'll ask you only where children are.")
	}
	m.Text = paragraphs(head, strings.Join(lines, "\n"), to.say("You can name somebody beforehand: %s.", bot.Literal("/helper may @sam")), noes, anyone)
	return m
}

// accountOrName is a name, or else the account.
func (to Reader) accountOrName(p village.Person) string {
	if p.Name != "" {
		return bot.Literal(p.Name)
	}
	return bot.Literal(p.ID[strings.LastIndex(p.ID, "/")+1:])
}

// MayAlways says that a helper is not asked about any more; here says that they have
// used the bot in this group, waited at how many requests they waited for that.
func (to Reader) MayAlways(helper village.Person, here bool, waited int) bot.Message {
	m := bot.Message{Title: to.say("That is noted"), Tone: bot.Good,
		Text:    to.say("**%s** may help you with everything you ask for, your children too, and gets the private details without my asking you first. I won't say so to %s.", to.accountOrName(helper), to.accountOrName(helper)),
		Buttons: []bot.Button{{Label: to.say("Take it back"), Command: "/helper may " + helper.ID + " no"}, {Label: to.say("Who may help me"), Command: "/helper may"}}}
	switch {
	case waited == 1:
		m.Text = sentences(m.Text, to.say("One request waited for that yes; %s hears of it now.", to.accountOrName(helper)))
	case waited > 1:
		m.Text = sentences(m.Text, to.say("%d requests waited for that yes; %s hears of it now.", waited, to.accountOrName(helper)))
	case !here:
		m.Text = sentences(m.Text, to.say("%s has not used me here yet, so please check the name. It holds from the first time.", to.accountOrName(helper)))
	}
	return m
}

// MayNotAlways says that the reader is asked about a helper again; no says that they
// have said no, which stands.
func (to Reader) MayNotAlways(helper village.Person, no bool) bot.Message {
	if no {
		return bot.Message{Text: to.say("You have said no to **%s**, and that stands: nothing of yours is offered there.", to.accountOrName(helper)),
			Buttons: []bot.Button{{Label: to.say("Let %s help again", to.accountOrName(helper)), Command: "/helper may " + helper.ID + " again"}}}
	}
	return bot.Message{Title: to.say("That is taken back"), Tone: bot.Good,
		Text: to.say("The next time **%s** offers to help you, I'll ask you first. What %s is down for already stays, and you can change that there.", to.accountOrName(helper), to.accountOrName(helper))}
}

// NeverHelps says that somebody is not to help the reader with anything.
func (to Reader) NeverHelps(helper village.Person) bot.Message {
	name := to.accountOrName(helper)
	return bot.Message{Title: to.say("That is noted"), Tone: bot.Good,
		Text: to.say("Nothing you ask for goes to **%s** from now on. If **%s** offers, I'll say only that no more help is needed. I won't say that it was you.", name, name),
		Buttons: []bot.Button{{Label: Clip(to.say("Let %s help again", bot.PlainText(name)), 40), Command: "/helper may " + helper.ID + " again"},
			{Label: to.say("Something was not right"), Command: "/report"}}}
}

// NotYourself refuses somebody who names themselves.
func (to Reader) NotYourself() error {
	return &bot.Error{Code: "yourself", Say: to.say("That is you, and you may always help yourself."), Hint: to.say("For example: /helper may @sam")}
}

// Seen is somebody who has opened private details, and since when.
type Seen struct {
	Helper village.Person
	At     time.Time
}

// SeenBy says to the member, and to moderators, who has had the private details.
func (to Reader) SeenBy(seen []Seen) []bot.Field {
	if len(seen) == 0 {
		return []bot.Field{{Name: to.say("Private details"), Value: to.say("Nobody has opened the private details yet.")}}
	}
	var lines []string
	for _, s := range seen {
		lines = append(lines, to.say("%s, first on %s", to.accountOrName(s.Helper), to.Moment(s.At, to.Zone)))
	}
	return []bot.Field{{Name: to.say("Private details"), Value: to.say("Seen by %s.", strings.Join(lines, "; "))}}
}
