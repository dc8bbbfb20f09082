package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// NoPages says that nobody can be given a link here, and what does without one.
func (to Reader) NoPages() error {
	return &bot.Error{Code: "no-pages", Say: to.say("I have no address of my own here, so I cannot make a personal link."),
		Hint: to.say("You can sign somebody up for one request all the same, such as /need fill k7m2p9 name: Rosa. I'll tell you what they have to know, and ask you whether it is still on.")}
}

// FamilyThere is somebody who has a link already.
func (to Reader) FamilyThere(f village.Family) error {
	return &bot.Error{Code: "family-there", Say: to.say("%s has a link from you already.", bot.Literal(f.Name)),
		Hint:    to.say("If it was lost, I'll make a new one; for somebody else of that name, please add a word to it."),
		Buttons: []bot.Button{to.newLink(f), to.allFamily()}}
}

// ManyFamily is as many people as one member can ask.
func (to Reader) ManyFamily(many int) error {
	return &bot.Error{Code: bot.CodeTooMany, Say: to.say("You have given links to %d people, which is as many as I keep.", many),
		Hint: to.say("Please end one first: /family list."), Buttons: []bot.Button{to.allFamily()}}
}

// NoSuchFamily is a name that none of the reader's links goes by.
func (to Reader) NoSuchFamily() error {
	return &bot.Error{Code: "no-such-family", Say: to.say("I know of no link of yours by that name."), Hint: to.say("These are the ones there are:"), Buttons: []bot.Button{to.allFamily()}}
}

// NotOnPage refuses whoever has a personal link what is not on their page.
func (to Reader) NotOnPage() error {
	return &bot.Error{Code: "not-on-page", Say: to.say("That cannot be done from here."), Hint: to.say("What you can do stands on your page.")}
}

// LinkEnded is somebody whose link has ended.
func (to Reader) LinkEnded() error {
	return &bot.Error{Code: bot.CodeNotHere, Say: to.say("This link has ended."), Hint: to.say("Please ask whoever gave it to you for a new one.")}
}

// LinkOver tells whoever gave somebody a link that it has ended.
func (to Reader) LinkOver(p village.Person) bot.Message {
	who := bot.Literal(p.Name)
	return bot.Message{Title: Clip(to.say("%s's link has ended", p.Name), 60), Text: to.say("The link that you gave **%s** opens nothing any more, as its last day is over. If %s still helps you, I'll make a new one.", who, who),
		Buttons: []bot.Button{{Label: to.say("A new link"), Command: "/family link " + village.FamilyCode(p.ID)}, to.allFamily()}}
}

func (to Reader) allFamily() bot.Button {
	return bot.Button{Label: to.say("All my links"), Command: "/family list"}
}

func (to Reader) newLink(f village.Family) bot.Button {
	return bot.Button{Label: to.say("A new link"), Command: "/family link " + village.FamilyCode(f.ID)}
}

// FamilyLinked gives the reader a link to pass on; anew says that it takes the place of
// one that they gave before.
//
// The words to send with it are in the other one's language, theirs.
func (to Reader) FamilyLinked(f village.Family, link string, anew bool, theirs Language) bot.Message {
	invited := to
	invited.Language = theirs
	m := bot.Message{Title: to.say("A link for %s", f.Name), Tone: bot.Good,
		Text: paragraphs(to.say("Please send this to **%s** yourself, by text message or however you talk to each other:", bot.Literal(f.Name)),
			invited.FamilyInvited(f, link),
			sentences(to.say("It opens on one phone or computer, the first one that says “this is me”. No app and no account is needed."),
				to.familyShown(f), to.say("It ends on %s.", to.fullDay(f.Until.Add(-1), to.zoneHere()))),
			to.say("Nothing on that page says what your appointments are, or which group you are in.")),
		Buttons: []bot.Button{to.allFamily(), {Label: to.say("End this link"), Command: "/family remove " + village.FamilyCode(f.ID)}}}
	if anew {
		m.Text = paragraphs(to.say("The link from before opens nothing any more."), m.Text)
	}
	return m
}

// FamilyInvited is what a member can send to whom they ask, with the link.
func (to Reader) FamilyInvited(f village.Family, link string) string {
	if f.HomeOnly {
		return to.say("Hi %s, it's %s. Here you can read when I'm home: %s", bot.Literal(f.Name), bot.Literal(f.By.Name), link)
	}
	if f.For == "" {
		return to.say("Hi %s, it's %s. I could use a hand. Here is what I need and when, and you can say yes or no there: %s", bot.Literal(f.Name), bot.Literal(f.By.Name), link)
	}
	return to.say("Hi %s, it's %s. I could use a hand: %s. Here is what I need and when, and you can say yes or no there: %s", bot.Literal(f.Name), bot.Literal(f.By.Name), bot.Literal(f.For), link)
}

// familyShown says what is shown to somebody with a link.
func (to Reader) familyShown(f village.Family) string {
	who := bot.Literal(f.Name)
	var shown []string
	for _, part := range []struct {
		not bool
		say string
	}{{f.NoRides, to.say("rides")}, {f.NoChildren, to.say("school runs, childcare")}, {f.NoOther, to.say("meals, errands, company")}} {
		if !part.not {
			shown = append(shown, part.say)
		}
	}
	switch {
	case f.HomeOnly:
		return to.say("They read that you are home once you or your driver say so, and nothing else.")
	case len(shown) == 0:
		return to.say("%s sees only what %s is down for.", who, who)
	case f.Most == 1:
		return to.say("%s sees what you ask for: %s. One yes at a time.", who, strings.Join(shown, ", "))
	case f.Most > 1:
		return to.say("%s sees what you ask for: %s. At most %d yeses at a time.", who, strings.Join(shown, ", "), f.Most)
	}
	return to.say("%s sees what you ask for: %s.", who, strings.Join(shown, ", "))
}

// FamilyList is whom a member gave a link.
type FamilyList struct {
	Theirs []village.Family
	// Pages says that links can be made. All is for a moderator: how many there are in the
	// group.
	Pages, Moderator bool
	All              int
}

// Family lists those to whom the reader gave a link.
func (to Reader) Family(list FamilyList) bot.Message {
	m := bot.Message{Title: to.say("Family and friends who are not here")}
	var lines []string
	for _, f := range list.Theirs {
		opened := to.say("not opened yet")
		if !f.Opened.IsZero() {
			opened = to.say("opened")
		}
		lines = append(lines, to.say("- **%s**, %s, until %s. %s", bot.Literal(f.Name), opened, to.fullDay(f.Until.Add(-1), to.zoneHere()), to.familyShown(f)))
		if len(m.Buttons) < 2*BoardSize {
			m.Buttons = append(m.Buttons,
				bot.Button{Label: Clip(to.say("New link for %s", f.Name), 40), Command: "/family link " + village.FamilyCode(f.ID)},
				bot.Button{Label: Clip(to.say("End %s's link", f.Name), 40), Command: "/family remove " + village.FamilyCode(f.ID)})
		}
	}
	none := ""
	if len(lines) == 0 {
		none = to.say("You have given nobody a link of their own. Whoever has one sees what you ask for, and nothing else of this group, and says yes without an account.")
	}
	counts := ""
	switch {
	case list.Moderator && list.All == 1:
		counts = to.say("In this group there is one link. Whose it is only whoever gave it can see.")
	case list.Moderator:
		counts = to.say("In this group there are %d such links. Whose they are only those can see who gave them.", list.All)
	}
	m.Text = paragraphs(strings.Join(lines, "\n"), none, counts)
	if list.Pages {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Ask somebody"), Command: "/family add"})
	}
	return m
}

// SureOfNewLink asks before the link of somebody is replaced.
func (to Reader) SureOfNewLink(f village.Family) bot.Message {
	return bot.Message{Title: to.say("A new link for %s?", f.Name), Tone: bot.Asking,
		Text:    to.say("The old one stops opening anything, on whichever phone it is. What %s is down for stays.", bot.Literal(f.Name)),
		Buttons: []bot.Button{{Label: to.say("Yes, a new link"), Command: "/family link " + village.FamilyCode(f.ID) + " yes", Style: bot.Primary}, to.allFamily()}}
}

// FamilyOnTheWay refuses to end the link of somebody who is driving somebody.
func (to Reader) FamilyOnTheWay(f village.Family) error {
	return &bot.Error{Code: "on-the-way", Say: to.say("%s is on the way with somebody just now.", bot.Literal(f.Name)),
		Hint: to.say("Please end the link when everybody is home.")}
}

// SureToEndLink asks before a link is ended; off is what its owner is down for.
func (to Reader) SureToEndLink(f village.Family, off []village.Need) bot.Message {
	m := bot.Message{Title: to.say("End %s's link?", f.Name), Tone: bot.Asking,
		Text:    to.say("It opens nothing any more, and I'll forget what I know of %s. I can't say so there: please have a word yourself.", bot.Literal(f.Name)),
		Buttons: []bot.Button{{Label: to.say("Yes, end it"), Command: "/family remove " + village.FamilyCode(f.ID) + " yes", Style: bot.Danger}, to.allFamily()}}
	if len(off) > 0 {
		m.Text = paragraphs(to.say("%s is down for this, and I'd ask for somebody else:", bot.Literal(f.Name))+"\n"+to.needLines(off), m.Text)
	}
	return m
}

// FamilyRemoved says that a link has ended, and what is asked for anew.
func (to Reader) FamilyRemoved(f village.Family, off []village.Need) bot.Message {
	m := bot.Message{Title: to.say("%s's link has ended", f.Name), Text: to.say("It opens nothing any more, and I have forgotten what I knew of %s.", bot.Literal(f.Name))}
	if len(off) > 0 {
		m.Text = paragraphs(m.Text, to.say("I'll ask for somebody else for this:")+"\n"+to.needLines(off))
	}
	return m
}

// zoneHere is the reader's zone, or the world's where nobody knows it.
func (to Reader) zoneHere() *time.Location {
	if to.Zone == nil {
		return time.UTC
	}
	return to.Zone
}

// FamilyKept is somebody with a link, for whoever gave it and for whoever has it.
func (to Reader) FamilyKept(f village.Family) string {
	if f.ID == to.ID {
		kept := to.say("Your name, %s, as the one who gave you this link calls you, and a hash of what your browser keeps, until %s", bot.Literal(f.Name), to.fullDay(f.Until.Add(village.KeepNeed), to.zoneHere()))
		for _, address := range []string{f.Mail.Address, f.Mail.Asked} {
			if address != "" {
				kept = to.say("%s; your e-mail address, %s", kept, bot.Literal(address))
			}
		}
		return kept
	}
	return to.say("That you gave %s a personal link, until %s", bot.Literal(f.Name), to.fullDay(f.Until.Add(village.KeepNeed), to.zoneHere()))
}
