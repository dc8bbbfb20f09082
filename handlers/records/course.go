package records

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// NoteCourse writes a plan whose times have not changed.
func (rec *Records) NoteCourse(t *Tx, group string, c village.Course) {
	t.Put(CourseKey(group, c.ID), c, c.KeptUntil(), store.Entry{Name: PersonIndex(c.Member.ID), Score: c.Sessions[0].Start.UnixMilli()})
}

// ForgetCourse removes a plan and the reminders it owes. Its requests for help
// are documents of their own.
func (rec *Records) ForgetCourse(ctx context.Context, group, id string) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var c village.Course
		if err := t.Get(CourseKey(group, id), &c); err != nil || c.ID == "" {
			return err
		}
		if err := t.Drop(PlanDetailsKey(group, id)); err != nil {
			return err
		}
		// in whatever quiet hours it was planned
		rec.SyncSteps(t, group, c.ID, append(village.Plan(c, village.Quiet{}), village.Plan(c, village.Night())...), nil)
		t.Remove(CourseKey(group, id))
		return nil
	})
}

// Beside is a plan among its member's other ones in a group, as it is when it is
// shown and when its reminders come. What it promises is more: a plan that is
// cancelled later gives its days back.
func (rec *Records) Beside(ctx context.Context, group string, c village.Course) (village.Course, error) {
	courses, err := rec.CoursesIn(ctx, group, c.Member.ID)
	return c.Beside(courses), err
}

// PlanNote is the message in which a step of a plan (its key) is said, by all plans of
// its member as they are now: those in the same group speak together. It is empty when
// the step is not there any more. all are their plans in all of their groups.
func (rec *Records) PlanNote(ctx context.Context, group string, c village.Course, key string) (note []village.PlanStep, all []village.Course, err error) {
	notes, all, err := rec.PlanNotes(ctx, group, c)
	return village.NoteWith(notes, key), all, err
}

// PlanNotes are all notes of whoever has a plan, in one group, and all of their plans.
func (rec *Records) PlanNotes(ctx context.Context, group string, c village.Course) (notes [][]village.PlanStep, all []village.Course, err error) {
	var g village.Group
	if _, err := rec.Read(ctx, GroupKey(group), &g); err != nil {
		return nil, nil, err
	}
	quiet, err := rec.QuietFor(ctx, g, c.Member.ID)
	if err != nil {
		return nil, nil, err
	}
	m, err := rec.Member(ctx, c.Member.ID)
	if err != nil {
		return nil, nil, err
	}
	here := []village.Course{c}
	for _, of := range m.Groups {
		courses, err := rec.CoursesIn(ctx, of, c.Member.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range courses {
			if o.ID == c.ID {
				continue // as it was read for this
			}
			if all = append(all, o); of == group {
				here = append(here, o)
			}
		}
	}
	all = append(all, c)
	return village.Notes(here, all, quiet), all, nil
}

// ReplanCourses moves the reminders of a person's plans to new quiet hours. A
// nil means the group's.
func (rec *Records) ReplanCourses(ctx context.Context, person string, before, after *village.Quiet) error {
	m, err := rec.Member(ctx, person)
	if err != nil {
		return err
	}
	for _, group := range m.Groups {
		if err := rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
			var g village.Group
			if _, err := rec.Read(ctx, GroupKey(group), &g); err != nil {
				return err
			}
			courses, err := rec.CoursesOf(t, group, person)
			if err != nil {
				return err
			}
			hours := func(own *village.Quiet) village.Quiet {
				if own != nil {
					return *own
				}
				return g.QuietHours()
			}
			for _, c := range courses {
				if !c.Draft {
					rec.SyncSteps(t, group, c.ID, village.Plan(c, hours(before)), village.Plan(c, hours(after)))
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// SilentUntil is until when nothing is sent to somebody because a session of
// theirs goes on; the zero time when nothing stands against it.
func (rec *Records) SilentUntil(ctx context.Context, person string) (time.Time, error) {
	courses, err := rec.AllCourses(ctx, person)
	return village.Silence(courses, rec.now()), err
}

// KindCourse is a member's course of sessions.
const KindCourse = "course"

// CourseKey is a course of a group, by its ID.
func CourseKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindCourse, ID: id}
}

// CoursesIn are a person's plans in a group.
func (rec *Records) CoursesIn(ctx context.Context, group, person string) ([]village.Course, error) {
	return List[village.Course](ctx, rec, store.Query{Partition: GroupPartition(group), Index: PersonIndex(person)}, KindCourse)
}

// CoursesOf reads a person's plans in a group, within a change.
func (rec *Records) CoursesOf(t *Tx, group, person string) ([]village.Course, error) {
	listed, err := rec.CoursesIn(t.Ctx, group, person)
	if err != nil {
		return nil, err
	}
	var out []village.Course
	for _, l := range listed {
		var c village.Course
		if err := t.Get(CourseKey(group, l.ID), &c); err != nil {
			return nil, err
		}
		if c.ID != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// PutCourse writes a plan, and the reminders that come, move or go with the
// change. Its private words stay for as long as it needs them now.
func (rec *Records) PutCourse(t *Tx, group string, before, after village.Course, quiet village.Quiet) error {
	rec.NoteCourse(t, group, after)
	var old []village.Step
	if !before.Draft {
		old = village.Plan(before, quiet)
	}
	var new []village.Step
	if !after.Draft {
		new = village.Plan(after, quiet)
	}
	rec.SyncSteps(t, group, after.ID, old, new)
	return rec.KeepPlanWords(t, group, after)
}

// SyncSteps takes back the reminders of a plan that are not due any more, and
// promises the new and the moved ones.
func (rec *Records) SyncSteps(t *Tx, group, course string, old, new []village.Step) {
	was := map[string]time.Time{}
	for _, s := range old {
		was[s.Key()] = s.Due
	}
	for _, s := range new {
		due, there := was[s.Key()]
		delete(was, s.Key())
		if there && due.Equal(s.Due) {
			continue
		}
		if !s.Due.After(rec.now()) {
			if there {
				t.Cancel(StepJobID(course, s))
			}
			continue
		}
		t.PutJob(StepJobID(course, s), KindPlanJob, s.Due, PlanJob{Group: group, Course: course, Session: s.Session, Name: s.Name, Part: s.Part})
	}
	for _, key := range slices.Sorted(maps.Keys(was)) {
		t.Cancel("plan/" + course + "/" + key)
	}
}

// StepJobID is the job of a step of a course (ID).
func StepJobID(course string, s village.Step) string { return "plan/" + course + "/" + s.Key() }

// SessionNeeds are the needs of a session in a group (ID) that are still wanted, by
// start.
func (rec *Records) SessionNeeds(ctx context.Context, group string, s village.Session) ([]village.Need, error) {
	needs, err := rec.NeedsOf(ctx, group, s)
	return needs[s.ID], err
}

// NeedsOf are SessionNeeds of several sessions, by the session's ID, read at once.
func (rec *Records) NeedsOf(ctx context.Context, group string, sessions ...village.Session) (map[string][]village.Need, error) {
	var keys []store.Key
	var of []string
	for _, s := range sessions {
		for _, kind := range slices.Sorted(maps.Keys(s.Needs)) {
			keys, of = append(keys, NeedKey(group, s.Needs[kind])), append(of, s.ID)
		}
	}
	needs := map[string][]village.Need{}
	if len(keys) == 0 {
		return needs, nil
	}
	docs, err := rec.get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("reading the help of sessions: %w", err)
	}
	for i, d := range docs {
		var n village.Need
		if d.Rev == 0 {
			continue
		}
		if err := json.Unmarshal(d.Body, &n); err != nil {
			return nil, fmt.Errorf("reading the help of a session: %w", err)
		}
		if n.Why != village.Cancelled {
			needs[of[i]] = append(needs[of[i]], n)
		}
	}
	for _, of := range needs {
		slices.SortStableFunc(of, func(x, y village.Need) int { return x.Start.Compare(y.Start) })
	}
	return needs, nil
}

// AllCourses are a person's plans in all of their groups.
func (rec *Records) AllCourses(ctx context.Context, person string) ([]village.Course, error) {
	m, err := rec.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	var all []village.Course
	for _, group := range m.Groups {
		courses, err := rec.CoursesIn(ctx, group, person)
		if err != nil {
			return nil, err
		}
		all = append(all, courses...)
	}
	return all, nil
}
