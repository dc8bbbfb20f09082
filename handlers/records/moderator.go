package records

import (
	"context"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindModerator is somebody who moderates a group.
const KindModerator = "moderator"

// moderatorsIndex lists the moderators of a group by when they were seen.
const moderatorsIndex = "moderators"

const (
	// maxModerators is how many are told when the moderators have no channel, and
	// maxModeratorsKnown among how many of the latest they are looked for.
	maxModerators      = 3
	maxModeratorsKnown = 50
	// moderatorSeen is how often it is noted that somebody still moderates, and
	// moderatorKept how long they are taken for one without a sign.
	moderatorSeen = 7 * 24 * time.Hour
	moderatorKept = 90 * 24 * time.Hour
)

// Moderator is somebody whom a platform has shown to be one.
type Moderator struct {
	village.Person
	Seen time.Time `json:"seen"`
	// Chose says that they chose the moderators' channel: they are told when it
	// cannot be written, however long ago they were seen.
	Chose bool `json:"chose,omitempty"`
	// Trusted is somebody whom the moderators have chosen to be one.
	Trusted bool `json:"trusted,omitempty"`
	// Role is the role (an ID) by which they moderate, where they do by one.
	Role string `json:"role,omitempty"`
}

// Chosen says that the group has chosen them, by name or by a role: the platform need not
// know them to be a moderator.
func (m Moderator) Chosen() bool { return m.Trusted || m.Role != "" }

// ModeratorKey is a moderator (a person's ID) of a group.
func ModeratorKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindModerator, ID: KeyPart(id)}
}

// PutModerator keeps a moderator: for good where somebody chose them, else for a while.
func (t *Tx) PutModerator(group string, m Moderator) {
	expires := m.Seen.Add(moderatorKept)
	if m.Chose || m.Trusted { // whoever moderates by a role is met again, or no longer matters
		expires = time.Time{}
	}
	t.Put(ModeratorKey(group, m.ID), m, expires,
		store.Entry{Name: moderatorsIndex, Score: m.Seen.UnixMilli()},
		store.Entry{Name: PersonIndex(m.ID), Score: m.Seen.UnixMilli()})
}

// SeeModerator remembers whether a platform shows somebody to be a moderator, so
// that they can be told when nobody comes.
func (t *Tx) SeeModerator(group string, p village.Person, moderates bool) error {
	key := ModeratorKey(group, p.ID)
	var m Moderator
	if err := t.Get(key, &m); err != nil {
		return err
	}
	now := t.Rec.now()
	switch {
	case moderates && (!t.Has(key) || now.Sub(m.Seen) > moderatorSeen || m.Name != p.Name):
		m.Person, m.Seen = p, now.UTC()
		t.PutModerator(group, m)
	case !moderates && !m.Chosen(): // who was chosen stays it until that is taken back
		t.Remove(key)
	}
	return nil
}

// KnownModerators are the IDs of those who set up the moderators' channel or
// have used the bot lately, the latest first.
func (rec *Records) KnownModerators(ctx context.Context, group string) ([]string, error) {
	known, err := List[Moderator](ctx, rec, store.Query{Partition: GroupPartition(group), Index: moderatorsIndex, Limit: maxModeratorsKnown, Backwards: true}, KindModerator)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i, m := range known {
		if i < maxModerators || m.Chose {
			ids = append(ids, m.ID)
		}
	}
	return ids, nil
}

// ChooseModerator makes somebody a moderator of a group, or no longer. The latter is
// noted again if a platform shows them to be one. news tells them,
// and act is what the log says.
func (rec *Records) ChooseModerator(ctx context.Context, group string, p village.Person, yes bool, news StandingJob, act village.Act) error {
	key := ModeratorKey(group, p.ID)
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var m Moderator
		if err := t.Get(key, &m); err != nil {
			return err
		}
		if m.Trusted != yes { // they hear of it
			t.PutStandingJob(news, rec.now())
			t.PutAct(group, act)
		}
		if !yes {
			t.endModerator(group, m, func(m *Moderator) { m.Trusted = false })
			return nil
		}
		m.Person, m.Seen, m.Trusted = p, rec.now().UTC(), true
		t.PutModerator(group, m)
		return nil
	})
}

// endModerator takes from a moderator one of the reasons why they were chosen; without any,
// they are none.
func (t *Tx) endModerator(group string, m Moderator, end func(m *Moderator)) {
	if end(&m); m.Chosen() {
		t.PutModerator(group, m)
		return
	}
	t.Remove(ModeratorKey(group, m.ID))
}

// SeeRole remembers by which role somebody moderates, by the platform's word; the zero Role
// is by none any more. When that has changed, they hear of it.
func (rec *Records) SeeRole(ctx context.Context, group string, p village.Person, role village.Role) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var m Moderator
		if err := t.Get(ModeratorKey(group, p.ID), &m); err != nil || m.Role == role.ID {
			return err
		}
		news := StandingJob{Group: group, What: StandingRoleGiven, About: p, Role: role.Name, To: village.Address{Person: p.ID}}
		known := m.Role != "" || m.Trusted
		if role.ID == "" {
			news.What, known = StandingRoleTaken, m.Trusted
			t.endModerator(group, m, func(m *Moderator) { m.Role = "" })
		} else {
			m.Person, m.Seen, m.Role = p, rec.now().UTC(), role.ID
			t.PutModerator(group, m)
		}
		if !known {
			t.PutStandingJob(news, rec.now())
		}
		return nil
	})
}

// EndRole takes from all who moderate by a role what it let them do, and tells them that
// by (a name) has taken it back.
func (rec *Records) EndRole(t *Tx, group string, role village.Role, by string) error {
	known, err := List[Moderator](t.Ctx, rec, store.Query{Partition: GroupPartition(group), Index: moderatorsIndex}, KindModerator)
	if err != nil {
		return err
	}
	for _, m := range known {
		if m.Role != role.ID {
			continue
		}
		if err := t.Get(ModeratorKey(group, m.ID), &m); err != nil {
			return err
		}
		t.endModerator(group, m, func(m *Moderator) { m.Role = "" })
		if !m.Trusted {
			t.PutStandingJob(StandingJob{Group: group, What: StandingRoleTaken, About: m.Person, By: by, Role: role.Name, To: village.Address{Person: m.ID}}, rec.now())
		}
	}
	return nil
}

// ChosenModerators are those whom moderators have chosen.
func (rec *Records) ChosenModerators(ctx context.Context, group string) ([]village.Person, error) {
	known, err := List[Moderator](ctx, rec, store.Query{Partition: GroupPartition(group), Index: moderatorsIndex}, KindModerator)
	if err != nil {
		return nil, err
	}
	var chosen []village.Person
	for _, m := range known {
		if m.Trusted {
			chosen = append(chosen, m.Person)
		}
	}
	return chosen, nil
}
