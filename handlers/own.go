package handlers

import (
	"context"
	"encoding/json"
	"fmt"

	"village/bot"
	"village/internal/store"
	"village/internal/village"
)

// ownLine says what a document of a person's own is.
func ownLine(d store.Doc) (string, error) {
	until := keptUntil(d.Expires)
	switch d.Kind {
	case kindCourse:
		var c village.Course
		if err := json.Unmarshal(d.Body, &c); err != nil {
			return "", fmt.Errorf("reading a plan: %w", err)
		}
		what := "Your plan"
		if c.Draft {
			what = "A plan that you have not saved"
		}
		line := what + " (" + c.ID + ") of " + count(len(c.Sessions), "session", "sessions") + ", the first on " + moment(c.Sessions[0].Start, zoneNamed(c.Zone)) +
			", with your clinic's rules and your changes to the reminders"
		return line + until, nil
	case kindDiary:
		var diary village.Diary
		if err := json.Unmarshal(d.Body, &diary); err != nil {
			return "", fmt.Errorf("reading check-ins: %w", err)
		}
		return "Your check-ins: " + count(len(diary.Days), "day", "days") + until, nil
	case kindNote:
		var n note
		if err := json.Unmarshal(d.Body, &n); err != nil {
			return "", fmt.Errorf("reading a note: %w", err)
		}
		return "Your own reminder: " + bot.Literal(n.Words) + until, nil
	case kindCare:
		return "How you want me to write to you: your voice, your quiet hours, your pause", nil
	}
	return "", fmt.Errorf("nobody knows what a document of kind %q is", d.Kind)
}

// forgetCourse removes a plan and the reminders it owes. Its requests for help
// are documents of their own.
func (a *App) forgetCourse(ctx context.Context, group, id string) error {
	return a.change(ctx, groupPartition(group), func(t *tx) error {
		var c village.Course
		if err := t.get(courseKey(group, id), &c); err != nil || c.ID == "" {
			return err
		}
		if err := t.drop(planDetailsKey(group, id)); err != nil {
			return err
		}
		// in whatever quiet hours it was planned
		a.syncSteps(t, group, c.ID, append(village.Plan(c, village.Quiet{}), village.Plan(c, village.Night())...), nil)
		t.remove(courseKey(group, id))
		return nil
	})
}

// forgetOwn removes what is kept about a person apart from any group, and what
// is still owed because of it.
func (a *App) forgetOwn(ctx context.Context, person string) error {
	partition := memberPartition(person)
	for _, index := range []string{personIndex(person), deadIndex(person)} {
		docs, err := a.all(ctx, store.Query{Partition: partition, Index: index})
		if err != nil {
			return err
		}
		for _, d := range docs {
			if err := a.removeDoc(ctx, d.Key); err != nil {
				return err
			}
		}
	}
	for {
		jobs, err := a.Store.Pending(ctx, partition, store.MaxPage)
		if err != nil {
			return fmt.Errorf("listing what is owed: %w", err)
		}
		if len(jobs) == 0 {
			return nil
		}
		if err := a.change(ctx, partition, func(t *tx) error {
			for _, j := range jobs {
				t.cancel(j.ID)
			}
			return nil
		}); err != nil {
			return err
		}
	}
}
