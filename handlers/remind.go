package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

const (
	kindNote    = "note"
	kindNoteJob = "note"

	notesIndex = "notes"
	maxNotes   = 40
	// noteLate is how late a repeating note may be; after that the next one is
	// soon enough. One that comes once is sent however late it is.
	noteLate = time.Hour
	// keepNote is how long a note that came once is kept, for its taps.
	keepNote = 30 * 24 * time.Hour
	// keepRepeating is how long a repeating note is kept after its last sending.
	keepRepeating = 400 * 24 * time.Hour
	usualSnooze   = time.Hour
)

// note is somebody's own reminder. It stands in the person's own partition.
type note struct {
	ID     string `json:"id"`
	Person string `json:"person"`
	Zone   string `json:"zone"` // IANA
	Words  string `json:"words"`
	// Schedule is a cron line in the zone, or empty for one that comes once, At.
	Schedule string    `json:"schedule,omitempty"`
	At       time.Time `json:"at,omitzero"`
	// From is when its first day begins and Until when its last one has ended,
	// for one that repeats; zero means that it does not begin or end.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Ask asks for a tap when it is done; Done is the last such tap.
	Ask  bool      `json:"ask,omitempty"`
	Done time.Time `json:"done,omitzero"`
	Sent time.Time `json:"sent,omitzero"`
	// Next is when it is due next, as far as it is known.
	Next  time.Time `json:"next,omitzero"`
	Since time.Time `json:"since"`
}

// noteJob is a promise of a note. It says whose, because nothing else does.
type noteJob struct {
	Person string `json:"person"`
	ID     string `json:"id"`
	// Again marks a snoozed one: it plans no next.
	Again bool `json:"again,omitempty"`
	// Waited marks one that was put off, so that it is not at its own hour, and
	// For is that hour.
	Waited bool      `json:"waited,omitempty"`
	For    time.Time `json:"for,omitzero"`
}

func noteKey(person, id string) store.Key {
	return store.Key{Partition: records.MemberPartition(person), Kind: kindNote, ID: id}
}

func (n note) jobID() string { return "note/" + n.ID }

func (n note) schedule() (scheduler.Schedule, error) {
	return scheduler.ParseSchedule(n.Schedule, village.ZoneNamed(n.Zone))
}

// open says whether a note still has something to come.
func (n note) open() bool {
	if n.Schedule != "" {
		return !n.Next.IsZero()
	}
	return n.Sent.IsZero()
}

// following is when a note that repeats comes after an instant, or the zero
// time when it has ended by then.
func (n note) following(s scheduler.Schedule, after time.Time) time.Time {
	if n.From.After(after) {
		after = n.From
		if !strings.HasPrefix(n.Schedule, "@every") {
			after = after.Add(-time.Second) // its first instant counts
		}
	}
	next := s.Next(after)
	if !n.Until.IsZero() && !next.Before(n.Until) {
		return time.Time{}
	}
	return next
}

func (a *App) remindCommands() []bot.Command {
	ref := bot.Option{Name: "note", Summary: "The short code of the reminder; /remind list shows them", Kind: bot.Ref, Required: true, Complete: a.completeNote}
	whenOption := bot.Option{Name: "when", Label: "When", Hint: "every weekday at 9, in 3 hours, thu 18:00", Summary: "Such as every weekday at 9, in 3 hours, thu 18:00, or a cron line", Required: true, Max: 200}
	words := bot.Option{Name: "words", Label: "Words", Hint: "Take a walk", Summary: "What I say to you then", Required: true, Max: 300}
	ask := bot.Option{Name: "done", Summary: "Shall I ask for a tap when it is done? yes or no", Kind: bot.YesNo}
	editWhen, editWords := whenOption, words
	editWhen.Required, editWords.Required = false, false
	return []bot.Command{
		{Name: "add", Summary: "Remind me of something, once or again and again", Example: "/remind add every weekday at 9am words: take a walk", Who: bot.Anyone, Run: a.remindAdd, Form: "Remind me",
			Options: []bot.Option{whenOption, words, ask}},
		{Name: "list", Summary: "Your own reminders", Example: "/remind list", Who: bot.Anyone, Run: a.remindList},
		{Name: "read", Summary: "Open one of your reminders", Example: "/remind read k7m2p9", Who: bot.Anyone, Run: a.remindRead, Options: []bot.Option{ref}},
		{Name: "edit", Summary: "Another time or other words", Example: "/remind edit k7m2p9 when: every day at 10am", Who: bot.Anyone, Run: a.remindEdit, Options: []bot.Option{ref, editWhen, editWords, ask}},
		{Name: "done", Summary: "Say that it is done", Example: "/remind done k7m2p9", Who: bot.Anyone, Run: a.remindDone, Options: []bot.Option{ref}},
		{Name: "snooze", Summary: "Remind me again a little later", Example: "/remind snooze k7m2p9 30 min", Who: bot.Anyone, Run: a.remindSnooze,
			Options: []bot.Option{ref, {Name: "for", Summary: "How much later; an hour when left out", Max: 40}}},
		{Name: "pause", Summary: "None of your own reminders until a day", Example: "/remind pause dec 3 9am", Who: bot.Anyone, Run: a.remindPause,
			Options: []bot.Option{{Name: "until", Summary: "When they go on, such as thu 9am or in 3 days", Kind: bot.Time, Required: true, Max: 100, Complete: a.completeTime}}},
		{Name: "resume", Summary: "Let your own reminders go on now", Example: "/remind resume", Who: bot.Anyone, Run: a.remindResume},
		{Name: "delete", Summary: "Delete one of your reminders", Example: "/remind delete k7m2p9", Who: bot.Anyone, Run: a.remindDelete, Options: []bot.Option{ref}},
		{Name: "voice", Summary: "Show what I say to you at once, or behind a tap", Example: "/remind voice discreet", Who: bot.Anyone, Run: a.remindVoice,
			Options: []bot.Option{{Name: "voice", Summary: "Discreet: behind a tap. Plain: at once", Kind: bot.Choice, Required: true, Choices: []bot.Pick{{Label: "Discreet: behind a tap", Value: "discreet"}, {Label: "Plain: at once", Value: "plain"}}}}},
		{Name: "quiet", Summary: "Your own quiet hours", Example: "/remind quiet 22:00-7:00", Who: bot.Anyone, Run: a.remindQuiet,
			Options: []bot.Option{{Name: "hours", Summary: "Such as 22:00-7:00, off, or group for the group's", Required: true, Max: 40}}},
	}
}

// timing is what words for a note's time come to: a cron line, with the days
// between which it holds, or one instant.
type timing struct {
	schedule string
	at       time.Time
	// from, until and endless are as in [when.Repetition], other is another way
	// to read the hour, to be offered.
	from, until time.Time
	endless     bool
	other       string
}

// whenTo reads words for a note's time: a cron line, something that repeats, or
// one instant.
func (a *App) whenTo(r bot.Request, zone *time.Location) (timing, error) {
	words := r.Arg("when")
	var w timing
	switch {
	case looksLikeCron(words):
		w.schedule = words
	case when.Repeats(words):
		repetition, err := when.RepeatIn(words, a.Now(), zone)
		if err != nil {
			return w, a.misheard(r, "when", err, asWritten)
		}
		w = timing{schedule: repetition.Spec, other: repetition.Other, from: repetition.From, until: repetition.Until, endless: repetition.Endless}
	default:
		at, err := a.moment(r, "when", zone)
		if err != nil {
			err = a.orEveryWeek(r, "when", zone, err)
		}
		return timing{at: at}, err
	}
	_, err := scheduler.ParseSchedule(w.schedule, zone)
	return w, err
}

// orEveryWeek offers what a person most likely meant who has named several days
// for something that can come again and again: each of them, every week. For a
// slip in "every" it offers the word.
func (a *App) orEveryWeek(r bot.Request, option string, zone *time.Location, err error) error {
	saidWords := r.Arg(option)
	if village.IsCode(err, string(when.Unknown)) {
		_, repeatErr := when.RepeatIn(saidWords, a.Now(), zone)
		var unclear *when.Error
		if errors.As(repeatErr, &unclear) && len(unclear.Choices) == 1 && when.Repeats(unclear.Choices[0].Words) {
			return a.misheard(r, option, repeatErr, asWritten)
		}
	}
	buttons := a.everyWeek(r, option, zone)
	if !village.IsCode(err, string(when.Several)) && !village.IsCode(err, string(when.Unknown)) || len(buttons) == 0 {
		return err
	}
	return &bot.Error{Code: string(when.Several), Say: "Do you mean every week? Or only once? For once, I take one day at a time.", Hint: "Please choose, or write one day.", Buttons: buttons}
}

// everyWeek is a button for days of the week that were named without saying that
// they come again; none for other words.
func (a *App) everyWeek(r bot.Request, option string, zone *time.Location) []bot.Button {
	again := "every " + r.Arg(option)
	repetition, err := when.RepeatIn(again, a.Now(), zone)
	line := a.lineWith(r, option, again)
	if err != nil || len(line) > bot.MaxLine {
		return nil
	}
	return []bot.Button{{Label: words.Clip(words.Capital(scheduler.Describe(repetition.Spec)), 70), Command: line}}
}

// looksLikeCron tells a cron line from words.
func looksLikeCron(words string) bool {
	words = strings.TrimSpace(words)
	if strings.HasPrefix(words, "@") {
		return true
	}
	fields := strings.Fields(words)
	return len(fields) >= 4 && strings.ContainsAny(words, "*") && strings.Trim(fields[0], "0123456789*/,-") == ""
}

// set gives a note another time. Its first and last day stay for as long as it
// repeats, unless others are said.
func (n *note) set(said timing, now time.Time) error {
	n.Schedule, n.At = said.schedule, said.at
	if n.Schedule == "" {
		n.From, n.Until = time.Time{}, time.Time{}
		return nil
	}
	if !said.from.IsZero() {
		n.From = said.from.UTC()
	}
	if !said.until.IsZero() {
		n.Until = said.until.UTC()
	}
	if said.endless {
		n.Until = time.Time{}
	}
	s, err := n.schedule()
	if err != nil {
		return err
	}
	if n.following(s, now).IsZero() {
		return &bot.Error{Code: bot.CodeNever, Say: "It would never come: there is no such time between its first and its last day.", Hint: "Please check the days. Behind the words for the time, “forever” takes the last day off."}
	}
	return nil
}

// putNote writes a note with its next firing.
func (a *App) putNote(t *records.Tx, n *note, c village.Preferences) error {
	due, expires, err := a.nextNote(*n, c)
	if err != nil {
		return err
	}
	n.Next = due.UTC()
	a.noteNote(t, *n, expires)
	if due.IsZero() {
		t.Cancel(n.jobID())
		return nil
	}
	t.PutJob(n.jobID(), kindNoteJob, due, noteJob{Person: n.Person, ID: n.ID})
	return nil
}

// noteNote writes a note, and nothing that is due.
func (a *App) noteNote(t *records.Tx, n note, expires time.Time) {
	t.Put(noteKey(n.Person, n.ID), n, expires, store.Entry{Name: records.PersonIndex(n.Person), Score: n.Since.UnixMilli()}, store.Entry{Name: notesIndex, Score: n.Since.UnixMilli()})
}

// nextNote says when a note is due next, and until when it is kept. While all
// are paused, what repeats begins anew after the pause, and what comes once
// waits for its end.
func (a *App) nextNote(n note, c village.Preferences) (due, expires time.Time, err error) {
	from := a.Now()
	if c.Paused.After(from) {
		from = c.Paused
	}
	if n.Schedule == "" {
		if !n.Sent.IsZero() {
			return time.Time{}, n.Sent.Add(keepNote), nil
		}
		due = n.At
		if c.Paused.After(a.Now()) && due.Before(c.Paused) {
			due = c.Paused
		}
		return due, due.Add(keepNote), nil
	}
	s, err := n.schedule()
	if err != nil {
		return due, expires, err
	}
	if due = n.following(s, from); due.IsZero() { // it has ended, unless a pause ends sooner
		return due, village.Later(n.Until, a.Now()).Add(keepNote), nil
	}
	expires = due.Add(keepRepeating)
	if end := n.Until.Add(keepNote); !n.Until.IsZero() && end.Before(expires) {
		expires = end
	}
	return due, expires, nil
}

// ownZone finds the zone that somebody's own reminders are in. It needs no
// group.
func (a *App) ownZone(ctx context.Context, r bot.Request) (*time.Location, error) {
	g, err := a.group(ctx, r)
	if err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return nil, err
	}
	return a.needZone(ctx, g, r)
}

func (a *App) remindAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	n := note{Person: r.From.ID, Zone: zone.String(), Words: r.Arg("words"), Ask: r.Arg("done") == "yes", Since: a.Now().UTC()}
	said, err := a.whenTo(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := n.set(said, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	if n.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	var c village.Preferences
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		c = village.Preferences{}
		if err := t.Get(records.PreferencesKey(r.From.ID), &c); err != nil {
			return err
		}
		kept, err := a.Store.Count(ctx, records.MemberPartition(r.From.ID), notesIndex, 0, 0)
		if err != nil {
			return fmt.Errorf("counting notes: %w", err)
		}
		if kept >= maxNotes {
			return &bot.Error{Code: bot.CodeTooMany, Say: fmt.Sprintf("You have %d reminders with me, which is as many as I keep.", kept), Hint: "Please delete one first: /remind list."}
		}
		return a.putNote(t, &n, c)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.noteMessage(n, c, "I will remind you")
	m.Tone = bot.Good
	if other := said.other; other != "" {
		m.Text += "\n\nI read the hour as you most likely meant it."
		if line := "/remind edit " + n.ID + " when: " + other; len(line) <= bot.MaxLine {
			m.Buttons = append([]bot.Button{{Label: "No: " + words.Clip(scheduler.Describe(other), 60), Command: line}}, m.Buttons...)
		}
	}
	return bot.Say(m), nil
}

// noteMessage is a note as its owner sees it.
func (a *App) noteMessage(n note, c village.Preferences, title string) bot.Message {
	zone := village.ZoneNamed(n.Zone)
	m := bot.Message{Title: title, Text: "**" + bot.Literal(n.Words) + "**"}
	switch {
	case n.Schedule != "" && !n.open():
		m.Text += "\n\n" + bot.Literal(words.Capital(scheduler.Describe(n.Schedule))) + words.Season(n.From, n.Until, zone) + ". It has ended."
	case n.Schedule != "":
		m.Text += "\n\n" + bot.Literal(words.Capital(scheduler.Describe(n.Schedule))) + words.Season(n.From, n.Until, zone) + ". The next ones:\n"
		if s, err := n.schedule(); err == nil {
			for i, t := 0, n.Next; i < 3 && !t.IsZero(); i, t = i+1, n.following(s, t) {
				m.Text += "\n- " + words.Moment(t, zone)
			}
		}
	case n.Sent.IsZero():
		m.Text += "\n\nOn " + words.Moment(n.Next, zone) + "."
	default:
		m.Text += "\n\nIt came on " + words.Moment(n.Sent, zone) + "."
	}
	if c.Paused.After(a.Now()) && n.open() {
		m.Text += "\n\nAll of your reminders are paused until " + words.Moment(c.Paused, zone) + "."
	}
	if !n.Done.IsZero() {
		m.Text += "\n\nYou last did it on " + words.Moment(n.Done, zone) + "."
	}
	if n.open() {
		m.Footer = bot.Literal("To change it: /remind edit " + n.ID + " when: every day at 10am")
		if !n.Until.IsZero() {
			m.Footer = bot.Literal("To change it: /remind edit " + n.ID + " when: every day at 10am. Without an end, add forever.")
		}
	}
	m.Buttons = []bot.Button{{Label: "Delete it", Command: "/remind delete " + n.ID}, {Label: "All of mine", Command: "/remind list"}}
	return m
}

func (a *App) remindList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	notes, err := records.List[note](ctx, a.Records, store.Query{Partition: records.MemberPartition(r.From.ID), Index: notesIndex}, kindNote)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := a.PreferencesOf(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "Your own reminders"}
	var lines []string
	for _, n := range notes {
		if !n.open() {
			continue
		}
		line := "- **" + bot.Literal(words.Clip(n.Words, 60)) + "**: "
		if n.Schedule != "" {
			line += bot.Literal(scheduler.Describe(n.Schedule)) + words.Season(n.From, n.Until, village.ZoneNamed(n.Zone)) + ", next "
		}
		lines = append(lines, line+words.Moment(n.Next, village.ZoneNamed(n.Zone))+" ("+n.ID+")")
		if len(m.Buttons) < words.BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip(n.Words, 40), Command: "/remind read " + n.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	if len(lines) == 0 {
		m.Text = "You have none at the moment."
	}
	if c.Paused.After(a.Now()) {
		zone := time.UTC
		if len(notes) > 0 {
			zone = village.ZoneNamed(notes[0].Zone)
		}
		m.Text += "\n\nThey are paused until " + words.Moment(c.Paused, zone) + "."
		m.Buttons = append(m.Buttons, bot.Button{Label: "Let them go on", Command: "/remind resume"})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "Add one", Command: "/remind add"})
	return bot.Say(m), nil
}

// withNote changes one of the asker's notes, or only reads it.
func (a *App) withNote(ctx context.Context, r bot.Request, change func(t *records.Tx, n *note, c village.Preferences) error) (note, village.Preferences, error) {
	var n note
	var c village.Preferences
	err := a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		n, c = note{}, village.Preferences{}
		if err := t.Get(noteKey(r.From.ID, r.Arg("note")), &n); err != nil {
			return err
		}
		if n.ID == "" {
			return &bot.Error{Code: "no-such-note", Say: "I can't find that among your reminders. It may be over and gone.", Hint: "These are the ones you have:", Buttons: []bot.Button{{Label: "All of mine", Command: "/remind list"}}}
		}
		if err := t.Get(records.PreferencesKey(r.From.ID), &c); err != nil {
			return err
		}
		if change == nil {
			return nil
		}
		return change(t, &n, c)
	})
	return n, c, err
}

func (a *App) remindRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	n, c, err := a.withNote(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.noteMessage(n, c, "Your note")
	if !n.Sent.IsZero() {
		m.Buttons = append(noteButtons(n), m.Buttons...)
	}
	return bot.Say(m), nil
}

func (a *App) remindEdit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("when") == "" && r.Arg("words") == "" && r.Arg("done") == "" {
		return bot.Reply{}, &bot.Error{Code: "nothing-to-change", Say: "What shall I change: the time, or the words?", Hint: "For example: /remind edit " + r.Arg("note") + " when: every day at 10am"}
	}
	var said timing
	if r.Arg("when") != "" {
		if said, err = a.whenTo(r, zone); err != nil {
			return bot.Reply{}, err
		}
	}
	n, c, err := a.withNote(ctx, r, func(t *records.Tx, n *note, c village.Preferences) error {
		if r.Arg("when") != "" {
			n.Sent, n.Zone = time.Time{}, zone.String()
			if err := n.set(said, a.Now()); err != nil {
				return err
			}
		}
		if r.Arg("words") != "" {
			n.Words = r.Arg("words")
		}
		if r.Arg("done") != "" {
			n.Ask = r.Arg("done") == "yes"
		}
		return a.putNote(t, n, c)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.noteMessage(n, c, "It is changed")}}, nil
}

func (a *App) remindDone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	n, _, err := a.withNote(ctx, r, func(t *records.Tx, n *note, c village.Preferences) error {
		n.Done = a.Now().UTC()
		t.Cancel(n.jobID() + "/again")
		_, expires, err := a.nextNote(*n, c)
		if err == nil {
			a.noteNote(t, *n, expires) // what is due stays as it is
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Tone: bot.Good, Text: "Done: " + bot.Literal(n.Words)}}}, nil
}

func (a *App) remindSnooze(ctx context.Context, r bot.Request) (bot.Reply, error) {
	later := usualSnooze
	if r.Arg("for") != "" {
		var err error
		if later, err = a.untilThen(ctx, r); err != nil {
			return bot.Reply{}, err
		}
	}
	if later > 7*24*time.Hour {
		return bot.Reply{}, &bot.Error{Code: "too-late", Say: "That is more than a week. Please give it a new time instead.", Hint: "For example: /remind edit " + r.Arg("note") + " when: dec 3 9am"}
	}
	due := a.Now().Add(later)
	n, _, err := a.withNote(ctx, r, func(t *records.Tx, n *note, _ village.Preferences) error {
		if n.Sent.IsZero() {
			return &bot.Error{Code: "not-sent", Say: "This one has not come yet, so there is nothing to put off.", Hint: "You can change its time: /remind edit " + n.ID + " when: every day at 10am"}
		}
		t.PutJob(n.jobID()+"/again", kindNoteJob, due, noteJob{Person: n.Person, ID: n.ID, Again: true})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "I will say it again on " + words.Moment(due, village.ZoneNamed(n.Zone)) + "."}}}, nil
}

// untilThen reads how much later: a length, or the time itself.
func (a *App) untilThen(ctx context.Context, r bot.Request) (time.Duration, error) {
	length, err := when.Length(r.Arg("for"))
	if err == nil {
		return length, nil
	}
	zone, zoneErr := a.ownZone(ctx, r)
	if zoneErr != nil {
		return 0, plainly(err)
	}
	at, timeErr := when.Moment(r.Arg("for"), a.Now(), zone)
	if timeErr == nil {
		return at.Sub(a.Now()), nil
	}
	if village.IsCode(plainly(timeErr), string(when.Unknown)) || village.IsCode(plainly(err), string(when.LengthMissing)) {
		return 0, plainly(err)
	}
	_, err = a.moment(r, "for", zone)
	return 0, err
}

func (a *App) remindDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	n, _, err := a.withNote(ctx, r, func(t *records.Tx, n *note, _ village.Preferences) error {
		t.Remove(noteKey(n.Person, n.ID))
		t.Cancel(n.jobID())
		t.Cancel(n.jobID() + "/again")
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Deleted", Text: "Nothing more comes of: " + bot.Literal(n.Words), Buttons: []bot.Button{{Label: "All of mine", Command: "/remind list"}}}}}, nil
}

// changeCare changes how somebody wants to be written to, and what is due
// because of it.
func (a *App) changeCare(ctx context.Context, person string, change func(c *village.Preferences)) error {
	return a.Change(ctx, records.MemberPartition(person), func(t *records.Tx) error {
		var c village.Preferences
		if err := t.Get(records.PreferencesKey(person), &c); err != nil {
			return err
		}
		paused := c.Paused
		change(&c)
		t.Put(records.PreferencesKey(person), c, time.Time{}, store.Entry{Name: records.PersonIndex(person), Score: 0})
		if c.Paused.Equal(paused) {
			return nil
		}
		return a.replanNotes(t, person, c, nil)
	})
}

// replanNotes puts all notes of a person anew, changed by f where it is given.
func (a *App) replanNotes(t *records.Tx, person string, c village.Preferences, f func(n *note)) error {
	notes, err := records.List[note](t.Ctx, a.Records, store.Query{Partition: records.MemberPartition(person), Index: notesIndex}, kindNote)
	if err != nil {
		return err
	}
	for _, listed := range notes {
		var n note
		if err := t.Get(noteKey(person, listed.ID), &n); err != nil {
			return err
		}
		if n.ID == "" || n.Schedule == "" && !n.open() { // what repeats may begin anew after a pause
			continue
		}
		if f != nil {
			f(&n)
		}
		if err := a.putNote(t, &n, c); err != nil {
			return err
		}
	}
	return nil
}

// moveNotes lets somebody's repeating reminders follow them into another zone:
// nine o'clock stays nine o'clock. What comes once stays at its instant.
func (a *App) moveNotes(ctx context.Context, person, zone string) error {
	return a.Change(ctx, records.MemberPartition(person), func(t *records.Tx) error {
		var c village.Preferences
		if err := t.Get(records.PreferencesKey(person), &c); err != nil {
			return err
		}
		return a.replanNotes(t, person, c, func(n *note) {
			n.From, n.Until = village.SameDay(n.From, n.Zone, zone), village.SameDay(n.Until, n.Zone, zone)
			n.Zone = zone
		})
	})
}

func (a *App) remindPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	until, err := a.pauseEnd(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changeCare(ctx, r.From.ID, func(c *village.Preferences) { c.Paused = until.UTC() }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Your own reminders are paused", Text: "They go on " + words.Moment(until, zone) + ". What would have come once before that comes then. Reminders of a plan, and news about help, still come.",
		Buttons: []bot.Button{{Label: "Let them go on now", Command: "/remind resume"}}}), nil
}

// pauseEnd reads until when a pause lasts: a time, a length, or a day, which then
// begins at eight in the morning. It is said back in full.
func (a *App) pauseEnd(r bot.Request, zone *time.Location) (time.Time, error) {
	words := strings.ToLower(strings.TrimSpace(r.Arg("until")))
	for _, small := range []string{"until ", "till ", "for ", "the "} {
		words = strings.TrimPrefix(words, small)
	}
	if length, err := when.Length(words); err == nil {
		return a.Now().Add(length), nil
	}
	if day, err := when.Day(words, a.Now(), zone); err == nil && day.After(a.Now()) {
		return time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, zone), nil
	}
	if at, err := when.Moment(words, a.Now(), zone); err == nil {
		return at, nil
	}
	return a.moment(r, "until", zone)
}

func (a *App) remindResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.changeCare(ctx, r.From.ID, func(c *village.Preferences) { c.Paused = time.Time{} }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "They go on", Tone: bot.Good, Text: "Your own reminders come as planned.", Buttons: []bot.Button{{Label: "All of mine", Command: "/remind list"}}}}}, nil
}

func (a *App) remindVoice(ctx context.Context, r bot.Request) (bot.Reply, error) {
	plain := r.Arg("voice") == "plain"
	if err := a.changeCare(ctx, r.From.ID, func(c *village.Preferences) { c.Plain = plain }); err != nil {
		return bot.Reply{}, err
	}
	text := "What I remind you of waits behind a tap, so that a locked screen shows nothing of it."
	if plain {
		text = "What I remind you of is shown at once. Anybody who sees your screen may read it."
	}
	return bot.Say(bot.Message{Title: "It is set", Tone: bot.Good, Text: text}), nil
}

func (a *App) remindQuiet(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var quiet *village.Quiet
	if r.Arg("hours") != "group" {
		q, err := a.quietHours(r)
		if err != nil {
			return bot.Reply{}, err
		}
		quiet = &q
	}
	before, err := a.PreferencesOf(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changeCare(ctx, r.From.ID, func(c *village.Preferences) { c.Quiet = quiet }); err != nil {
		return bot.Reply{}, err
	}
	if err := a.ReplanCourses(ctx, r.From.ID, before.Quiet, quiet); err != nil {
		return bot.Reply{}, err
	}
	text := "The group's quiet hours hold for you again."
	switch {
	case quiet != nil && quiet.From == quiet.To:
		text = "You have none now. I may write at any hour."
	case quiet != nil:
		text = "From " + words.ClockWords(quiet.From) + " to " + words.ClockWords(quiet.To) + " I wait with what can wait. What you have set to an hour yourself comes at that hour."
	}
	return bot.Say(bot.Message{Title: "Your quiet hours are set", Tone: bot.Good, Text: text}), nil
}

// prepareNote says a note, and plans the next one in the same commit.
func (a *App) prepareNote(t *records.Tx, job due, j noteJob) (scheduler.Delivery, error) {
	var n note
	var c village.Preferences
	if err := errors.Join(t.Get(noteKey(j.Person, j.ID), &n), t.Get(records.PreferencesKey(j.Person), &c)); err != nil {
		return scheduler.Delivery{}, err
	}
	if n.ID == "" || !n.open() && !j.Again {
		return scheduler.Delivery{}, nil
	}
	waits, err := a.noteWaits(t.Ctx, n, c, j, job.Due)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if !waits.IsZero() {
		if !j.Again {
			n.Next = waits.UTC()
			a.noteNote(t, n, waits.Add(keepRepeating))
		}
		if !j.Waited {
			j.Waited, j.For = true, job.Due
		}
		return job.again(t, waits, j), nil
	}
	if at, err := a.noteAim(n, j, job.Due); err != nil || at.After(a.Now()) {
		return job.again(t, at, j), err
	}
	var d scheduler.Delivery
	if !job.late || n.Schedule == "" || j.Again {
		d.Out = &bot.Outgoing{To: bot.Address{Person: n.Person}, Message: a.noteDelivery(n, c, n.hour(j, job.Due))}
		n.Sent = a.Now().UTC()
	}
	if j.Again {
		return d, nil
	}
	if err := a.putNote(t, &n, c); err != nil {
		return scheduler.Delivery{}, err
	}
	d.Then = t.Finish()
	return d, nil
}

// noteAim is when a repeated note is due by today's rules of its zone.
func (a *App) noteAim(n note, j noteJob, due time.Time) (time.Time, error) {
	if n.Schedule == "" || j.Again || j.Waited || strings.HasPrefix(n.Schedule, "@every") {
		return due, nil
	}
	s, err := n.schedule()
	if err != nil {
		return due, err
	}
	return scheduler.Aim(s, due), nil
}

// noteWaits says until when a note that is due has to wait, or the zero time: a
// session is on, all are paused, or it is night, and it counts hours or is late.
// What was set to an hour of the night comes at that hour.
func (a *App) noteWaits(ctx context.Context, n note, c village.Preferences, j noteJob, due time.Time) (time.Time, error) {
	now := a.Now()
	if c.Paused.After(now) {
		return c.Paused, nil
	}
	if until, err := a.SilentUntil(ctx, n.Person); err != nil || !until.IsZero() {
		return until, err
	}
	counts := strings.HasPrefix(n.Schedule, "@every") && !j.Again
	late := (n.Schedule == "" || j.Again) && now.Sub(due) > village.OnTime
	if !counts && !late {
		return time.Time{}, nil
	}
	m, err := a.Member(ctx, n.Person)
	if err != nil {
		return time.Time{}, err
	}
	morning, err := a.Morning(ctx, m.Group, n.Person, village.ZoneNamed(n.Zone))
	if err != nil || !morning.After(now) {
		return time.Time{}, err
	}
	return morning, nil
}

// hour is when a note was meant to come that is sent now, which may be later:
// after a session, a pause, or an outage. What counts hours has none of its own.
func (n note) hour(j noteJob, due time.Time) time.Time {
	switch {
	case j.Again || strings.HasPrefix(n.Schedule, "@every"):
		return due
	case n.Schedule == "":
		return n.At
	case !j.For.IsZero():
		return j.For
	}
	return due
}

// noteDelivery is a note as it is sent: behind a tap, unless its owner has
// chosen plain words. It says for when it was meant, and the day where that is
// another one.
func (a *App) noteDelivery(n note, c village.Preferences, meant time.Time) bot.Message {
	zone := village.ZoneNamed(n.Zone)
	hour := words.ClockOf(meant.In(zone))
	if meant.In(zone).Format(time.DateOnly) != a.Now().In(zone).Format(time.DateOnly) {
		hour = a.short(meant, zone)
	}
	m := bot.Message{Text: "Your note for " + bot.Literal(hour) + ": tap to read.", Notify: []string{n.Person},
		Buttons: []bot.Button{{Label: "Tap to read", Command: "/remind read " + n.ID}}}
	if c.Plain {
		m.Text, m.Buttons = bot.Literal(n.Words), nil
	}
	m.Buttons = append(m.Buttons, noteButtons(n)...)
	return m
}

func noteButtons(n note) []bot.Button {
	var out []bot.Button
	if n.Ask {
		out = append(out, bot.Button{Label: "Done", Command: "/remind done " + n.ID, Style: bot.Primary})
	}
	return append(out, bot.Button{Label: "In an hour", Command: "/remind snooze " + n.ID})
}

// justCame is for how long a note that came once can still be meant by "done" or
// "later".
const justCame = 24 * time.Hour

// completeNote suggests a person's own reminders: what has come last stands
// first, because that is what a tap or a word is about.
func (a *App) completeNote(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	notes, err := records.List[note](ctx, a.Records, store.Query{Partition: records.MemberPartition(r.From.ID), Index: notesIndex}, kindNote)
	if err != nil {
		return nil
	}
	slices.SortStableFunc(notes, func(m, n note) int { return n.Sent.Compare(m.Sent) })
	var picks []bot.Pick
	for _, n := range notes {
		label := words.Clip(n.ID+" "+n.Words, 100)
		if (n.open() || a.Now().Sub(n.Sent) < justCame) && strings.Contains(strings.ToLower(label), strings.ToLower(typed)) {
			picks = append(picks, bot.Pick{Label: label, Value: n.ID})
		}
	}
	return picks
}
