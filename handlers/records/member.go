package records

import (
	"context"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindMember is what is known of a person across groups.
const KindMember = "member"

// MemberKey is a person, by ID.
func MemberKey(id string) store.Key {
	return store.Key{Partition: MemberPartition(id), Kind: KindMember, ID: "self"}
}

// Member reads what is kept about a person.
func (rec *Records) Member(ctx context.Context, id string) (village.Member, error) {
	var m village.Member
	_, err := rec.Read(ctx, MemberKey(id), &m)
	return m, err
}

// MemberOf reads what is kept about a person who has used the bot in this group. For
// any other it is false: that somebody uses it elsewhere is nobody's business here.
func (rec *Records) MemberOf(ctx context.Context, group, id string) (village.Member, bool, error) {
	m, err := rec.Member(ctx, id)
	if err != nil {
		return village.Member{}, false, err
	}
	for _, theirs := range m.Groups {
		if theirs, err = rec.JoinedTo(ctx, theirs); err != nil {
			return village.Member{}, false, err
		}
		if theirs == group {
			return m, true, nil
		}
	}
	return village.Member{}, false, nil
}

// ZoneOf is the zone a person thinks in here: their own, else the group's. The
// answer is nil when neither is known.
func (rec *Records) ZoneOf(ctx context.Context, g village.Group, person string) (*time.Location, error) {
	m, err := rec.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{m.Zone, g.Zone} {
		if name == "" {
			continue
		}
		zone, err := village.LoadZone(name)
		if err != nil {
			return nil, fmt.Errorf("a zone that was accepted cannot be loaded: %w", err)
		}
		return zone, nil
	}
	return nil, nil
}
