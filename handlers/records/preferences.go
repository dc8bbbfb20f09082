package records

import (
	"context"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// QuietFor is the quiet hours that hold for a person in a group.
func (rec *Records) QuietFor(ctx context.Context, g village.Group, person string) (village.Quiet, error) {
	c, err := rec.PreferencesOf(ctx, person)
	if c.Quiet != nil {
		return *c.Quiet, err
	}
	return g.QuietHours(), err
}

// Morning is the end of the quiet hours that hold for a person now, or now. What
// an outage has made late waits for it rather than wake somebody.
func (rec *Records) Morning(ctx context.Context, group, person string, zone *time.Location) (time.Time, error) {
	quiet, err := rec.QuietIn(ctx, group, person)
	return quiet.After(rec.now(), zone), err
}

// QuietIn is somebody's quiet hours in a group, which may be none ("").
func (rec *Records) QuietIn(ctx context.Context, group, person string) (village.Quiet, error) {
	var g village.Group
	if group != "" {
		if _, err := rec.Read(ctx, GroupKey(group), &g); err != nil {
			return village.Quiet{}, err
		}
	}
	return rec.QuietFor(ctx, g, person)
}

// KindPreferences is how a person wants to be spoken to.
const KindPreferences = "care"

// PreferencesKey is the preferences of a person (ID).
func PreferencesKey(person string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindPreferences, ID: "self"}
}

// PreferencesOf reads how somebody wants to be written to.
func (rec *Records) PreferencesOf(ctx context.Context, person string) (village.Preferences, error) {
	var c village.Preferences
	_, err := rec.Read(ctx, PreferencesKey(person), &c)
	return c, err
}
