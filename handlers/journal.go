package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// journalCommands are for what somebody writes down for themselves.
func (a *App) journalCommands() []bot.Command {
	entry := bot.Option{Name: "entry", Summary: "The short code of the entry; /journal read shows them", Kind: bot.Ref, Required: true, Complete: a.completeEntry}
	says := bot.Option{Name: "words", Label: "Your words", Hint: "What stayed with you", Summary: "What you want to keep; nobody else reads it", Max: village.MaxJournalWords, Long: true, Private: true}
	must := says
	must.Required = true
	sure := bot.Option{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}
	one := entry
	one.Required, one.Summary = false, "The short code of the entry; all of them when left out"
	return []bot.Command{
		{Name: "write", Summary: "Write a line for yourself; nobody else reads it", Example: "/journal write saw a whale, felt held", Who: bot.Anyone, Run: a.journalWrite, Form: "For you alone", Options: []bot.Option{says}},
		{Name: "question", Summary: "Keep a question for your next talk", Example: "/journal question why do I cry so easily now", Who: bot.Anyone, Run: a.journalQuestion, Form: "A question for next time", Options: []bot.Option{says}},
		{Name: "read", Summary: "Read back what you wrote, of a day or a session", Example: "/journal read yesterday", Who: bot.Anyone, Run: a.journalRead,
			Options: []bot.Option{{Name: "of", Summary: "A day such as dec 3, or the code of a session; the last ones when left out", Max: 60, Read: bot.Meaning}}},
		{Name: "show", Summary: "One entry, whole", Example: "/journal show k7m2p9", Who: bot.Anyone, Run: a.journalShow, Options: []bot.Option{entry}},
		{Name: "edit", Summary: "Other words in place of what you wrote", Example: "/journal edit k7m2p9 words: felt carried", Who: bot.Anyone, Run: a.journalEdit, Form: "Other words", Options: []bot.Option{entry, must}},
		{Name: "along", Summary: "Take an entry along to your therapist, or not", Example: "/journal along k7m2p9", Who: bot.Anyone, Run: a.journalAlong, Options: []bot.Option{entry}},
		{Name: "back", Summary: "Look back at the last time: your card and what you wrote after", Example: "/journal back", Who: bot.Anyone, Run: a.journalBack},
		{Name: "delete", Summary: "Delete an entry, or all of your journal", Example: "/journal delete k7m2p9", Who: bot.Anyone, Run: a.journalDelete, Options: []bot.Option{one, sure}},
	}
}

func (a *App) journalWrite(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.journalLine(ctx, r, false)
}

func (a *App) journalQuestion(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.journalLine(ctx, r, true)
}

// journalLine keeps what is said. Where nothing is yet, it listens in a direct message
// and asks with a form anywhere else.
func (a *App) journalLine(ctx context.Context, r bot.Request, question bool) (bot.Reply, error) {
	if r.Arg("words") != "" {
		e := village.Entry{Words: r.Arg("words"), Question: question}
		if p, open := a.promptFor(ctx, r); open && !question {
			e = a.answering(r, e, p)
		}
		return a.keepEntry(ctx, r, e)
	}
	if !r.Room.Direct {
		return bot.Reply{Form: bot.FormWith(bot.Find(a.Table(), r.Path), r.Path, nil)}, nil
	}
	err := a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		if err := t.Get(records.WaitingKey(r.From.ID), &village.Waiting{}); err != nil {
			return err
		}
		t.PutWaiting(r.From.ID, village.Waiting{Since: a.Now().UTC(), Question: question})
		return nil
	})
	return bot.Say(a.to(r, nil).JournalListens(question)), err
}

// keepEntry writes an entry down, with the day and the session it belongs to.
func (a *App) keepEntry(ctx context.Context, r bot.Request, e village.Entry) (bot.Reply, error) {
	journal, zone, courses, err := a.ownJournal(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := journal.NoRoomForEntry(e.Words); err != nil {
		return bot.Reply{}, err
	}
	if e.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	e.At, e.Day = a.Now().UTC(), a.Now().In(zone).Format(time.DateOnly)
	if s, some := village.LastSession(courses, a.Now()); some && e.Session == "" {
		e.Session, e.SessionAt = s.ID, s.Start
	}
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		if err := t.Drop(records.WaitingKey(r.From.ID)); err != nil {
			return err
		}
		t.PutEntry(r.From.ID, e)
		return a.once(t, r)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).EntryKept(e, a.turn(r, "entry kept"))), nil
}

// journalOf is the zone that somebody's days are in, and all of their plans.
func (a *App) journalOf(ctx context.Context, r bot.Request) (*time.Location, []village.Course, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return nil, nil, err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil {
		return nil, nil, err
	}
	courses, err := a.AllCourses(ctx, r.From.ID)
	if zone == nil {
		zone = time.UTC
		if len(courses) > 0 {
			zone = village.ZoneNamed(courses[0].Zone)
		}
	}
	return zone, courses, err
}

// ownJournal is all that somebody has written, with what journalOf finds.
func (a *App) ownJournal(ctx context.Context, r bot.Request) (village.Journal, *time.Location, []village.Course, error) {
	zone, courses, err := a.journalOf(ctx, r)
	if err != nil {
		return nil, nil, nil, err
	}
	journal, err := a.Journal(ctx, r.From.ID)
	return journal, zone, courses, err
}

// promptFor is what somebody's words may answer: an idea or a card of the last day. It
// is for looking only; where it cannot be told, there is none.
func (a *App) promptFor(ctx context.Context, r bot.Request) (village.Prompt, bool) {
	p, open, err := a.openPrompt(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "what somebody was given to write about could not be looked up", "request", r, "error", err)
	}
	return p, open && err == nil
}

func (a *App) openPrompt(ctx context.Context, r bot.Request) (village.Prompt, bool, error) {
	courses, err := a.AllCourses(ctx, r.From.ID)
	if err != nil || len(courses) == 0 {
		return village.Prompt{}, false, err
	}
	known, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return village.Prompt{}, false, err
	}
	quiet, err := a.QuietIn(ctx, known.Group, r.From.ID)
	if err != nil {
		return village.Prompt{}, false, err
	}
	journal, err := a.Journal(ctx, r.From.ID)
	if err != nil {
		return village.Prompt{}, false, err
	}
	p, open := village.OpenPrompt(courses, journal, quiet, a.Now())
	return p, open, nil
}

// answering is an entry that answers a prompt.
func (a *App) answering(r bot.Request, e village.Entry, p village.Prompt) village.Entry {
	name := "integration"
	if p.Step.Name == "" {
		name = "intention"
	}
	deck, _ := a.Content.Deck(name)
	card, _ := deck.Card(p.Card)
	e.Key, e.Prompt, e.Session, e.SessionAt = p.Key, card.Text, p.Session.ID, p.Session.Start
	return e
}

// writing is what somebody is about to write: that they asked to, or were given
// something to write about.
type writing struct {
	entry village.Entry
	// asked says that they asked to: then whatever they say is kept.
	asked bool
}

// aboutToWrite says what the next words in a direct message are kept as, if anything.
func (a *App) aboutToWrite(ctx context.Context, r bot.Request) (writing, bool) {
	if !r.Room.Direct {
		return writing{}, false
	}
	var w village.Waiting
	if _, err := a.Read(ctx, records.WaitingKey(r.From.ID), &w); err != nil {
		a.Log.ErrorContext(ctx, "whether somebody is about to write could not be looked up", "request", r, "error", err)
	}
	e := village.Entry{Words: r.Arg("words"), Question: w.Question}
	if w.Open(a.Now()) {
		if p, open := a.promptFor(ctx, r); open && !w.Question {
			e = a.answering(r, e, p)
		}
		return writing{entry: e, asked: true}, true
	}
	p, open := a.promptFor(ctx, r)
	return writing{entry: a.answering(r, e, p)}, open
}

// forJournal keeps words that are for somebody's journal; ok is false for any others.
// What else they may need stands below.
func (a *App) forJournal(ctx context.Context, r bot.Request, reading understand.Reading) (reply bot.Reply, ok bool, err error) {
	if reading.Kind == understand.Crisis { // people first, whatever can be kept
		soon, cancel := context.WithTimeout(ctx, noteSoon)
		defer cancel()
		e, keep := a.entryIn(soon, r, reading)
		e.Heavy = true
		if !keep {
			return bot.Reply{}, false, nil
		}
		kept, err := a.keepEntry(soon, r, e)
		logUnkept(ctx, a, r, err)
		return bot.Reply{Messages: slices.Concat([]bot.Message{a.linesFor(ctx, r)}, kept.Messages), Crisis: true}, true, nil
	}
	e, keep := a.entryIn(ctx, r, reading)
	if !keep {
		return bot.Reply{}, false, nil
	}
	e.Heavy = reading.Lines
	if reply, err = a.keepEntry(ctx, r, e); err != nil {
		return bot.Reply{}, true, err
	}
	m := &reply.Messages[0]
	if topic, health := a.aboutHealth(reading); health {
		m.Buttons = slices.Insert(m.Buttons, 0, topic)
	}
	if reading.Lines {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	if reading.Kind == understand.Command { // they may have meant it as one
		if meant, err := a.offered(ctx, r, reading); err == nil {
			reply.Messages = append(reply.Messages, meant.Messages...)
		}
	}
	return reply, true, nil
}

// entryIn is the entry that words are, if they are one: they say so, or their writer
// has asked to write, or was given something to write about and asks nothing else.
func (a *App) entryIn(ctx context.Context, r bot.Request, reading understand.Reading) (village.Entry, bool) {
	said := r.Arg("words")
	if rest, told := understand.ForJournal(said); told {
		e := village.Entry{Words: rest}
		if p, open := a.promptFor(ctx, r); open {
			e = a.answering(r, e, p)
		}
		return e, true
	}
	if reading.Kind == understand.Reply && reading.Sure {
		return village.Entry{}, false
	}
	w, some := a.aboutToWrite(ctx, r)
	other := understand.Asks(said) || understand.Filler(said) || slices.Contains([]understand.Kind{understand.Reply, understand.Command, understand.Talk}, reading.Kind)
	return w.entry, some && (w.asked || !other)
}

// aboutHealth is the answer that belongs beside an entry, where its words sound like
// something that the body or the mind needs looked after.
func (a *App) aboutHealth(reading understand.Reading) (bot.Button, bool) {
	if reading.Kind != understand.Answer || len(reading.Found.Topics) == 0 {
		return bot.Button{}, false
	}
	t, ok := a.Content.Topic(reading.Found.Topics[0].ID)
	return topicButton(t), ok
}

func (a *App) journalRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	journal, zone, courses, err := a.ownJournal(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	of := r.Arg("of")
	if of == "" {
		return bot.Say(a.to(r, zone).JournalBack(journal, "")), nil
	}
	for _, c := range courses {
		if s, ok := c.Session(of); ok {
			return bot.Say(a.to(r, zone).JournalBack(journal.Of(s.ID), when.Short(s.Start, zone))), nil
		}
	}
	day, err := pastDay(of, a.Now(), zone)
	if err != nil {
		return bot.Reply{}, a.mistold(r, "of", err, a.to(r, zone).NotADay())
	}
	return bot.Say(a.to(r, zone).JournalBack(journal.On(day.Format(time.DateOnly)), day.Format("Monday 2 January"))), nil
}

// withEntry changes an entry of the asker's journal, or only reads it.
func (a *App) withEntry(ctx context.Context, r bot.Request, change func(t *records.Tx, e *village.Entry)) (e village.Entry, err error) {
	key := records.EntryKey(r.From.ID, r.Arg("entry"))
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		e = village.Entry{}
		if err := t.Get(key, &e); err != nil {
			return err
		}
		if e.ID == "" {
			return a.to(r, nil).NoSuchEntry()
		}
		if change != nil {
			change(t, &e)
		}
		return nil
	})
	return e, err
}

func (a *App) journalShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	e, err := a.withEntry(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).WholeEntry(e)), nil
}

func (a *App) journalEdit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := (village.Journal{}).NoRoomForEntry(r.Arg("words")); err != nil {
		return bot.Reply{}, err
	}
	e, err := a.withEntry(ctx, r, func(t *records.Tx, e *village.Entry) {
		e.Words = r.Arg("words")
		t.PutEntry(r.From.ID, *e)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).EntryChanged(e)), nil
}

func (a *App) journalAlong(ctx context.Context, r bot.Request) (bot.Reply, error) {
	e, err := a.withEntry(ctx, r, func(t *records.Tx, e *village.Entry) {
		e.Along = !e.Along
		t.PutEntry(r.From.ID, *e)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).WholeEntry(e)), nil
}

// journalBack is a gentle look at the last time.
func (a *App) journalBack(ctx context.Context, r bot.Request) (bot.Reply, error) {
	journal, zone, courses, err := a.ownJournal(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, entries, last, some := village.LookBack(courses, journal, a.Now())
	if !some {
		return bot.Say(a.to(r, zone).NothingToLookBackAt()), nil
	}
	deck, _ := a.Content.Deck("intention")
	card, _ := deck.Card(id)
	return bot.Say(a.to(r, zone).LookBack(last, card.Text, entries)), nil
}

func (a *App) journalDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	to := a.to(r, nil)
	if r.Arg("entry") != "" {
		e, err := a.withEntry(ctx, r, nil)
		switch {
		case err != nil:
			return bot.Reply{}, err
		case r.Arg("sure") != "yes":
			return bot.Say(to.SureToDeleteEntry(e)), nil
		}
		return update(to.EntriesDeleted(false)), a.RemoveDoc(ctx, records.EntryKey(r.From.ID, e.ID))
	}
	journal, err := a.Journal(ctx, r.From.ID)
	if err != nil || r.Arg("sure") != "yes" || len(journal) == 0 {
		return bot.Say(to.SureToDeleteJournal(len(journal))), err
	}
	for _, e := range journal {
		if err := a.RemoveDoc(ctx, records.EntryKey(r.From.ID, e.ID)); err != nil {
			return bot.Reply{}, err
		}
	}
	return update(to.EntriesDeleted(true)), nil
}

// completeEntry suggests a person's own entries, the last one first.
func (a *App) completeEntry(ctx context.Context, r bot.Request, _ string) []bot.Pick {
	journal, err := a.Journal(ctx, r.From.ID)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, e := range slices.Backward(journal) {
		if len(picks) < 25 {
			picks = append(picks, bot.Pick{Label: words.Clip(e.ID+" "+words.EntryLabel(e), 100), Value: e.ID})
		}
	}
	return picks
}
