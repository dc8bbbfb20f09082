package words

import (
	"strings"
	"time"

	"village/bot"
)

// Answer is what the book says, before it is laid out.
type Answer struct {
	ID, Title, Body string
	// Own is one of the group's own answers; ReviewedBy is empty where no clinician
	// has reviewed it.
	Own        bool
	ReviewedBy string
	Sources    []Source
}

// Source is where an answer comes from.
type Source struct {
	Name, Where string
	Checked     time.Time
}

// Answered is an answer with where it comes from; related lead on.
func (to Reader) Answered(a Answer, related []bot.Button) bot.Message {
	m := bot.Message{Title: a.Title, Text: a.Body, Footer: to.answerFooter(a),
		Buttons: append(related, bot.Button{Label: to.say("This is wrong or unclear"), Command: "/wrong " + a.ID})}
	if from := to.sources(a); from != "" {
		m.Fields = []bot.Field{{Name: to.say("Where this comes from"), Value: from}}
	}
	return m
}

// InBrief is the beginning of an answer, with the way to all of it and to where it comes from; related lead on.
func (to Reader) InBrief(a Answer, related []bot.Button) bot.Message {
	buttons := []bot.Button{{Label: to.say("Read all"), Command: "/faq " + a.ID + " part: all", Style: bot.Primary}, {Label: to.say("Sources"), Command: "/faq " + a.ID + " part: sources"}}
	return bot.Message{Title: a.Title, Text: a.Body, Footer: to.answerFooter(a), Buttons: append(buttons, related...)}
}

// WhereFrom is where an answer comes from.
func (to Reader) WhereFrom(a Answer) bot.Message {
	m := bot.Message{Title: a.Title, Text: to.say("Nobody has noted where this comes from."), Footer: to.answerFooter(a),
		Buttons: []bot.Button{{Label: to.say("Read all"), Command: "/faq " + a.ID + " part: all"}, {Label: to.say("This is wrong or unclear"), Command: "/wrong " + a.ID}}}
	if from := to.sources(a); from != "" {
		m.Text = to.say("Where this comes from:") + "\n" + from
	}
	return m
}

func (to Reader) sources(a Answer) string {
	var sources []string
	for _, s := range a.Sources {
		sources = append(sources, to.say("- %s (%s), checked %s", bot.Literal(s.Name), bot.Literal(s.Where), DayOf(s.Checked)))
	}
	return strings.Join(sources, "\n")
}

func (to Reader) answerFooter(a Answer) string {
	from := to.FromAPeer()
	if a.Own {
		from = to.say("Your group's own words, not medical advice.")
	}
	if a.ReviewedBy != "" {
		return sentences(from, to.say("Reviewed by %s.", bot.Literal(a.ReviewedBy)))
	}
	return sentences(from, to.say("No clinician has reviewed this yet."))
}

// FromAPeer says what an answer is not.
func (to Reader) FromAPeer() string {
	return to.say("From one peer to another, not medical advice.")
}

// Unsure says that the bot is not sure, with what comes nearest: a wrong answer said
// with confidence is worse than none. Without anything near, it has no answer, and
// says where one can begin. turn is how often this reader has heard it before.
func (to Reader) Unsure(turn int, nearest []bot.Button) bot.Message {
	m := bot.Message{Title: to.say("I am not sure"), Tone: bot.Asking, Buttons: nearest,
		Text: inTurn(turn, to.say("I am not sure what you mean, and I would rather say so than guess. Is it one of these?"), to.say("I did not get that for sure either. Could it be one of these?"))}
	if len(nearest) == 0 {
		m.Title, m.Buttons = to.say("I don't have that"), to.Choices()
		m.Text = inTurn(turn, paragraphs(to.say("I don't think I have an answer to that. I know about getting ready, rides, the days after and looking after yourself."),
			to.say("If it is about your health, please ask your clinic or your own doctor.")),
			to.say("That one is beyond me too, I am sorry. Is it about one of these? For your health, your clinic or your own doctor knows best."))
	}
	// Danger said sideways is what the finder hears worst, and it is not understood as anything else either: the lines must be near.
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("See all topics"), Command: "/faq"}, to.talkNow(bot.Plain))
	return m
}

// SafetyThenRefused says first what cannot wait, and then why the rest is not answered.
func (to Reader) SafetyThenRefused(first string, refused Answer, buttons []bot.Button) bot.Message {
	return bot.Message{Title: to.say("This first, please"), Text: paragraphs(first, "**"+refused.Title+"**", refused.Body), Footer: to.FromAPeer(), Buttons: buttons}
}

// SafetyFirst is m with what cannot wait before it.
func (to Reader) SafetyFirst(first string, m bot.Message) bot.Message {
	m.Title, m.Text = to.say("This first, please"), paragraphs(first, m.Text)
	return m
}

// BeforeOrAfter asks which of two topics a question of eating is about: before a session and after it are not the same.
func (to Reader) BeforeOrAfter(before, after string) bot.Message {
	return bot.Message{Title: to.say("Before or after?"), Tone: bot.Asking,
		Text: to.say("Do you mean before your session, or after it? The answer is not the same."),
		Buttons: []bot.Button{{Label: to.say("Before it"), Command: "/faq " + before, Style: bot.Primary},
			{Label: to.say("After it"), Command: "/faq " + after, Style: bot.Primary}}}
}

func (to Reader) talkNow(style bot.Style) bot.Button {
	return bot.Button{Label: to.say("I need to talk to somebody now"), Command: "/crisis", Style: style}
}

// Shelves is what can be asked about.
func (to Reader) Shelves(shelves []bot.Button) bot.Message {
	return bot.Message{Title: to.say("What would you like to know?"),
		Text:    to.say("Ask in any words, like %s. Only you see the answer. Or look around:", bot.Literal("“"+to.say("/faq can I drive home after")+"”")),
		Buttons: append(shelves, to.talkNow(bot.Danger))}
}

// Shelf is the questions of one shelf.
func (to Reader) Shelf(title string, questions []bot.Pick) bot.Message {
	return bot.Message{Title: title, Text: to.say("What would you like to know?"),
		Menus:   []bot.Menu{{Label: to.say("Choose a question"), Command: "/faq", Picks: questions}},
		Buttons: []bot.Button{{Label: to.say("All topics"), Command: "/faq"}}}
}
