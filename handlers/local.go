package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// A group's own words: short notes that moderators put beside an answer (the
// clinic's phone, where to park, a local line), and the way back, a button that
// tells moderators that an answer is wrong or unclear. Nobody learns who tapped.

const (
	maxLocal      = 100
	maxLocalWords = 300
	// onCrisis is the topic of notes that stand with the crisis lines.
	onCrisis = "crisis"
	// reportAgain is how long the same answer is not reported again, so that
	// nobody can flood the moderators with taps.
	reportAgain = time.Hour
)

func (a *App) localAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	topic := strings.ToLower(r.Arg("topic"))
	title := "" // of the crisis lines
	if topic != onCrisis {
		t, ok := a.Content.Topic(topic)
		if !ok {
			return bot.Reply{}, a.to(r, nil).NoTopicForNote()
		}
		title = t.Title
	}
	if problems := content.CheckNote(r.Arg("words")); len(problems) > 0 {
		return bot.Reply{}, a.to(r, nil).NotSayable(problems[0].What, problems[0].Do)
	}
	note := records.LocalNote{Topic: topic, Words: r.Arg("words"), Since: a.Now().UTC()}
	if note.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if n, err := a.CountNotes(ctx, g.ID); err != nil {
			return err
		} else if n >= maxLocal {
			return a.to(r, nil).ManyNotes(n)
		}
		t.PutNote(g.ID, note)
		noteAct(t, r, g.ID, village.Act{Value: topic})
		return a.once(t, r)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).NoteSet(words.Note{ID: note.ID, Topic: topic, Words: note.Words}, title)), nil
}

func (a *App) localList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	notes, err := a.Notes(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var listed []words.Note
	for _, n := range notes {
		listed = append(listed, words.Note{ID: n.ID, Topic: n.Topic, Words: n.Words})
	}
	return bot.Say(a.to(r, nil).Notes(listed)), nil
}

// completeNote suggests the notes of a group, found by what they are about and by what they say.
func (a *App) completeNote(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	notes, err := a.Notes(ctx, g.ID)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, n := range notes {
		t, _ := a.Content.Topic(n.Topic)
		label := words.Clip(n.Topic+": "+n.Words, 80)
		if understand.Finds(typed, n.ID, label, n.Words, t.Title, "note answer") {
			picks = append(picks, bot.Pick{Label: label, Value: n.ID})
		}
	}
	return picks
}

func (a *App) localRemove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	key := records.LocalKey(g.ID, r.Arg("note"))
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		var note records.LocalNote
		if err := t.Get(key, &note); err != nil {
			return err
		}
		if !t.Has(key) {
			return a.to(r, nil).NoSuchNote()
		}
		t.Remove(key)
		noteAct(t, r, g.ID, village.Act{Value: note.Topic})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).NoteRemoved()), nil
}

// withLocal adds a group's own notes on a topic. Where they cannot be read, the
// answer goes without them rather than not at all.
func (a *App) withLocal(ctx context.Context, r bot.Request, topic string, m bot.Message) bot.Message {
	g, err := a.group(ctx, r)
	if err != nil {
		return m
	}
	person, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return m
	}
	// what the person missed is counted in the same look
	return a.withNotes(ctx, r, g, topic, m, missedRanges(r.From.ID, person)...)
}

// withNotes adds the notes of a group (the zero one for none) on a topic, for whoever is
// in its village, and counts other ranges in the same look.
func (a *App) withNotes(ctx context.Context, r bot.Request, g village.Group, topic string, m bot.Message, also ...store.Range) bot.Message {
	if g.ID == "" {
		return m
	}
	// nearly always there is none, and counting is cheaper than listing
	counts, err := a.Counts(ctx, append(also, store.Range{Partition: records.GroupPartition(g.ID), Index: records.LocalIndex(topic)})...)
	if err != nil || counts[len(counts)-1] == 0 || !a.standingOf(ctx, r, g).Present() {
		return m
	}
	notes, err := a.NotesOn(ctx, g.ID, topic, words.BoardSize)
	if err != nil {
		a.Log.ErrorContext(ctx, "a group's notes could not be read", "request", r, "error", err)
		return m
	}
	var said []string
	for _, n := range notes {
		said = append(said, n.Words)
	}
	return a.to(r, nil).WithNotes(m, said)
}

func (a *App) completeLocalTopic(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	picks := a.completeTopic(ctx, r, typed)
	if strings.HasPrefix(onCrisis, strings.ToLower(typed)) {
		picks = append([]bot.Pick{a.to(r, nil).OnCrisis(onCrisis)}, picks...)
	}
	return picks
}

// wrong tells the moderators that an answer is wrong or unclear.
func (a *App) wrong(ctx context.Context, r bot.Request) (bot.Reply, error) {
	topic, ok := a.Content.Topic(strings.ToLower(r.Arg("topic")))
	if !ok {
		return bot.Reply{}, a.to(r, nil).NoTopicToReport()
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	told := false
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		to, public := a.moderators(t, g)
		if told = !public && len(to) > 0; !told {
			return nil // a channel where everybody reads along is not the place
		}
		hour := a.Now().Truncate(reportAgain)
		for _, address := range to {
			id := fmt.Sprintf("report/%s/%s/%d", topic.ID, records.KeyPart(address.Person+address.Room), hour.Unix())
			key := store.Key{Partition: records.GroupPartition(g.ID), Kind: records.KindReportJob, ID: records.KeyPart(id)}
			if err := t.Get(key, &records.ReportJob{}); err != nil {
				return err
			}
			if t.Has(key) {
				continue
			}
			t.Put(key, struct{}{}, hour.Add(2*reportAgain))
			t.PutJob(id, records.KindReportJob, a.Now(), records.ReportJob{To: address, Topic: topic.ID})
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).ReportThanks(told)), nil
}

func (a *App) prepareReport(_ *records.Tx, _ due, j records.ReportJob) (scheduler.Delivery, error) {
	t, ok := a.Content.Topic(j.Topic)
	if !ok {
		return scheduler.Delivery{}, nil
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: a.toPerson(j.To.Person, nil).Reported(t.ID, t.Title)}}, nil
}
