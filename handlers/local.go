package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
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
	title := "the crisis lines"
	if topic != onCrisis {
		t, ok := a.Content.Topic(topic)
		if !ok {
			return bot.Reply{}, &bot.Error{Code: "no-such-topic", Say: "I don't know that topic.", Hint: "It is a name such as rides, or crisis for the crisis lines. I suggest them while you type, and /faq shows them all."}
		}
		title = t.Title
	}
	if problems := content.CheckNote(r.Arg("words")); len(problems) > 0 {
		return bot.Reply{}, &bot.Error{Code: "not-sayable",
			Say:  "I can't say that to people: it " + problems[0].What + ".",
			Hint: "Please leave out amounts, promises and anything about taking or stopping a medicine. " + words.Capital(problems[0].Do) + "."}
	}
	note := records.LocalNote{Topic: topic, Words: r.Arg("words"), Since: a.Now().UTC()}
	if note.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if n, err := a.Store.Count(ctx, records.GroupPartition(g.ID), "local", 0, 0); err != nil {
			return err
		} else if n >= maxLocal {
			return &bot.Error{Code: bot.CodeTooMany, Say: fmt.Sprintf("There are %d notes already, which is as many as I keep.", n), Hint: "Please remove one first: /local list."}
		}
		since := note.Since.UnixMilli()
		t.Put(records.LocalKey(g.ID, note.ID), note, time.Time{}, store.Entry{Name: "local", Score: since}, store.Entry{Name: records.LocalIndex(topic), Score: since})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Your note is set", Tone: bot.Good,
		Text:    fmt.Sprintf("It stands with “%s” from now on, marked as your group's own: %s", bot.Literal(title), bot.Literal(note.Words)),
		Buttons: []bot.Button{{Label: "Remove it", Command: "/local remove " + note.ID}, {Label: "All notes", Command: "/local list"}}}), nil
}

func (a *App) localList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	notes, err := records.List[records.LocalNote](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: "local"}, records.KindLocal)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(notes) == 0 {
		return bot.Say(bot.Message{Text: "Your group has no notes of its own yet. They can say the clinic's phone, where to park, or a local line.",
			Buttons: []bot.Button{{Label: "Write one", Command: "/local add"}}}), nil
	}
	m := bot.Message{Title: "Your group's own notes"}
	var lines []string
	for _, n := range notes {
		lines = append(lines, fmt.Sprintf("- **%s** (%s): %s", bot.Literal(n.Topic), n.ID, bot.Literal(n.Words)))
		if len(m.Buttons) < words.BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: "Remove: " + words.Clip(n.Words, 40), Command: "/local remove " + n.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	return bot.Say(m), nil
}

func (a *App) localRemove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	key := records.LocalKey(g.ID, r.Arg("note"))
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if err := t.Get(key, &records.LocalNote{}); err != nil {
			return err
		}
		if !t.Has(key) {
			return &bot.Error{Code: "no-such-note", Say: "I can't find that note in this group.", Hint: "These are the ones there are:", Buttons: []bot.Button{{Label: "All notes", Command: "/local list"}}}
		}
		t.Remove(key)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Removed", Text: "That note is gone."}), nil
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
	// nearly always there is none, and counting is cheaper than listing; what the
	// person missed is counted in the same look
	counts, err := a.Counts(ctx, append(missedRanges(r.From.ID, person), store.Range{Partition: records.GroupPartition(g.ID), Index: records.LocalIndex(topic)})...)
	if err != nil || counts[len(counts)-1] == 0 {
		return m
	}
	notes, err := records.List[records.LocalNote](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: records.LocalIndex(topic), Limit: words.BoardSize}, records.KindLocal)
	if err != nil {
		a.Log.ErrorContext(ctx, "a group's notes could not be read", "request", r, "error", err)
		return m
	}
	var lines []string
	for _, n := range notes {
		lines = append(lines, bot.Literal(n.Words))
	}
	m.Fields = append(slices.Clip(m.Fields), bot.Field{Name: "From your own group", Value: strings.Join(lines, "\n\n")})
	m.Page = ""
	return m
}

func (a *App) completeLocalTopic(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	picks := a.completeTopic(ctx, r, typed)
	if strings.HasPrefix(onCrisis, strings.ToLower(typed)) {
		picks = append([]bot.Pick{{Label: "The crisis lines", Value: onCrisis}}, picks...)
	}
	return picks
}

// wrong tells the moderators that an answer is wrong or unclear.
func (a *App) wrong(ctx context.Context, r bot.Request) (bot.Reply, error) {
	topic, ok := a.Content.Topic(strings.ToLower(r.Arg("topic")))
	if !ok {
		return bot.Reply{}, &bot.Error{Code: "no-such-topic", Say: "I don't know that topic.", Hint: "For example: /wrong fasting"}
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
	if !told {
		return bot.Say(bot.Message{Title: "Thank you", Tone: bot.Asking,
			Text: "I know of no moderator here whom I could tell, so please tell one yourself. If it is about your health, please ask your clinic now."}), nil
	}
	return bot.Say(bot.Message{Title: "Thank you", Tone: bot.Good,
		Text: "I tell the moderators that this answer is wrong or unclear, and not who said so. If it is about your health, please ask your clinic now rather than wait."}), nil
}

func (a *App) prepareReport(_ *records.Tx, _ due, j records.ReportJob) (scheduler.Delivery, error) {
	t, ok := a.Content.Topic(j.Topic)
	if !ok {
		return scheduler.Delivery{}, nil
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: bot.Message{Title: "Somebody finds an answer wrong or unclear",
		Text:    fmt.Sprintf("It is “%s” (%s). I don't know who it was. You can put a note of your own beside it, or tell the people who write the answers.", bot.Literal(t.Title), t.ID),
		Buttons: []bot.Button{{Label: "Read the answer", Command: "/faq " + t.ID}}}}}, nil
}
