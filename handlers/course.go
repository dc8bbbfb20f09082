package handlers

import (
	"context"
	"errors"
	"reflect"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// courseOptions are what can be said about all sessions of a plan, when it is
// made and afterwards.
func courseOptions() []bot.Option {
	return []bot.Option{
		{Name: "area", Label: "Roughly where it is (everybody reads this)", Hint: "near Union Station", Summary: "Roughly where it is; everybody in the group can read it", Max: village.MaxPlace, Read: bot.Everybody, Mends: []string{"place-missing"}},
		{Name: "help", Label: "Help each time; or: I have somebody", Hint: "ride home, school run 3pm, childcare noon to 6pm", Summary: "Such as ride home, school run 3pm; rides when left out; none if you have somebody", Max: 200, Read: bot.Meaning,
			Several: helpToTick(), Mends: []string{"hours-missing", "help-hours", "help-unclear", "help-unknown"}},
		{Name: "fasting", Label: "Your clinic's own rule, if you know it", Hint: "food 8 hours, drinks 2 hours", Summary: "Your clinic's own rule for food and drinks, if you know it", Max: 100, Read: bot.Meaning},
		{Name: "details", Label: "Private: only your helpers see this", Hint: "Address, phone, how to find you", Summary: "Address, phone: only the person who says yes sees this", Max: village.MaxDetails, Long: true, Private: true},
		{Name: "home", Label: "Roughly where you live", Hint: "the west side", Summary: "Roughly where you live; everybody in the group can read it", Max: village.MaxPlace, Read: bot.Everybody, Mends: []string{"place-missing"}},
		{Name: "length", Label: "How long each one is", Hint: "2 hours", Summary: "How long each one is; 2 hours when left out", Max: 50, Read: bot.Meaning},
		{Name: "collect", Summary: "Who has to collect you, by your clinic's rule; everybody can read it", Max: village.MaxPlace, Read: bot.Everybody},
		{Name: "talks", Summary: "When you talk with your therapist afterwards, such as dec 2 and 9 at 4pm", Max: 400, Read: bot.Meaning, Dates: true},
	}
}

// helpToTick is the help that can come with a plan, and none.
func helpToTick() []bot.Pick {
	var picks []bot.Pick
	for _, k := range village.SessionHelp() {
		short := k.Words().Short
		picks = append(picks, bot.Pick{Label: words.Capital(short), Value: short})
	}
	return append(picks, bot.Pick{Label: "None: I have somebody", Value: "i have somebody"})
}

// findCourse finds one of the asker's own plans by its code or by a session's:
// here, or in a direct message in any of their groups. A code of somebody
// else's plan means as little as one that was never given.
func (a *App) findCourse(ctx context.Context, r bot.Request) (village.Group, village.Course, error) {
	g, groups, err := a.lookIn(ctx, r)
	if err != nil {
		return g, village.Course{}, err
	}
	ref := r.Arg("session")
	for _, id := range groups {
		courses, err := a.CoursesIn(ctx, id, r.From.ID)
		if err != nil {
			return g, village.Course{}, err
		}
		for _, c := range courses {
			if _, has := c.Session(ref); !has && c.ID != ref || c.Member.ID != r.From.ID {
				continue
			}
			_, err := a.Read(ctx, records.GroupKey(id), &g)
			return g, c, err
		}
	}
	return g, village.Course{}, a.to(r, nil).NoSuchSession()
}

// withCourse changes one of the asker's plans by a rule, and everything that
// is owed because of it in the same commit.
func (a *App) withCourse(ctx context.Context, r bot.Request, rule func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error)) (village.Group, village.Course, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return g, c, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return g, c, err
	}
	id := c.ID
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		c = village.Course{}
		if err := t.Get(records.CourseKey(g.ID, id), &c); err != nil {
			return err
		}
		if c.ID == "" || c.Member.ID != r.From.ID {
			return a.to(r, nil).NoSuchSession()
		}
		settings := village.Group{}
		if err := t.Get(records.GroupKey(g.ID), &settings); err != nil {
			return err
		}
		before := c
		after, err := rule(t, &settings, c)
		if err != nil {
			return err
		}
		c, g = after, settings
		if reflect.DeepEqual(before, c) {
			return nil // it was only looked at
		}
		return a.PutCourse(t, g.ID, before, c, quiet)
	})
	return g, c, err
}

// draft shows a plan before it is saved.
func (a *App) draft(ctx context.Context, r bot.Request, g village.Group, c village.Course) (bot.Reply, error) {
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	here, err := a.Beside(ctx, g.ID, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("every") == "yes" {
		return bot.Reply{Messages: a.to(r, nil).EveryReminder(here, quiet)}, nil
	}
	return bot.Say(a.to(r, nil).PlanDraft(here, g, quiet)), nil
}

// fastLength reads a length in a clinic's rule. A number without its word is
// asked about.
func fastLength(words string) (time.Duration, error) {
	d, err := when.Length(words)
	var unclear *when.Error
	if errors.As(err, &unclear) && unclear.Code == when.LengthMissing {
		_, say, _ := unclear.Person()
		return 0, &village.Error{Code: string(unclear.Code), Say: village.Sentence{English: say}}
	}
	return d, err
}

// newIDs makes n ids.
func (a *App) newIDs(n int) ([]string, error) {
	var ids []string
	for range n {
		id, err := village.NewID(a.Random)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
