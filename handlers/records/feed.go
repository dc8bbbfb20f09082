package records

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindFeed is where the address of somebody's calendar leads, by its hash, and
// KindCalendar that they have one.
const (
	KindFeed     = "feed"
	KindCalendar = "calendar"
)

// Calendar is that somebody has an address for their calendar, and since when. The
// address itself is told once, and kept by nobody.
type Calendar struct {
	Hash  string    `json:"hash"`
	Since time.Time `json:"since"`
}

type feed struct {
	Person string `json:"person"` // an ID
}

func calendarKey(person string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindCalendar, ID: "self"}
}

func feedKey(hash string) store.Key {
	return store.Key{Partition: SysPartition, Kind: KindFeed, ID: hash}
}

// CalendarOf is the calendar of a person (ID); the zero Calendar where they have none.
func (rec *Records) CalendarOf(ctx context.Context, person string) (c Calendar, err error) {
	_, err = rec.Read(ctx, calendarKey(person), &c)
	return c, err
}

// PutCalendar gives a person (ID) an address for their calendar, in place of the one that
// they had.
func (rec *Records) PutCalendar(ctx context.Context, person, secret string) error {
	hash, was := HashSecret(secret), ""
	var ends time.Time
	if village.IsFamily(person) { // as long as a link can last, and what is kept behind it
		ends = rec.now().Add(village.FamilyLonger + village.KeepNeed)
	}
	err := rec.Change(ctx, SysPartition, func(t *Tx) error {
		if err := t.Get(feedKey(hash), &feed{}); err != nil {
			return err
		}
		t.Put(feedKey(hash), feed{Person: person}, ends)
		return nil
	})
	if err != nil {
		return err
	}
	err = rec.Change(ctx, MemberPartition(person), func(t *Tx) error {
		var c Calendar
		if err := t.Get(calendarKey(person), &c); err != nil {
			return err
		}
		was = c.Hash
		t.Put(calendarKey(person), Calendar{Hash: hash, Since: rec.now().UTC()}, ends, store.Entry{Name: PersonIndex(person), Score: rec.now().UnixMilli()})
		return nil
	})
	if err != nil || was == "" {
		return err
	}
	return rec.RemoveDoc(ctx, feedKey(was))
}

// EndCalendar has the address of a person's calendar lead nowhere.
func (rec *Records) EndCalendar(ctx context.Context, person string) error {
	c, err := rec.CalendarOf(ctx, person)
	if err != nil || c.Hash == "" {
		return err
	}
	if err := rec.RemoveDoc(ctx, feedKey(c.Hash)); err != nil {
		return err
	}
	return rec.RemoveDoc(ctx, calendarKey(person))
}

// forgetCalendar is EndCalendar for somebody who is forgotten.
func (rec *Records) forgetCalendar(ctx context.Context, d Document, person string) error {
	var c Calendar
	if err := json.Unmarshal(d.Body, &c); err != nil {
		return fmt.Errorf("reading %s: %w", d.Kind, err)
	}
	return rec.EndCalendar(ctx, person)
}

// FeedOf is whose calendar an address leads to (an ID), "" where it leads nowhere. It
// reads as much for one as for the other.
func (rec *Records) FeedOf(ctx context.Context, secret string) (string, error) {
	hash := HashSecret(secret)
	f := feed{Person: "nobody/nobody"}
	if _, err := rec.Read(ctx, feedKey(hash), &f); err != nil {
		return "", err
	}
	c, err := rec.CalendarOf(ctx, f.Person)
	if err != nil || !SameHash(c.Hash, hash) {
		return "", err
	}
	return f.Person, nil
}

// SteppedFrom are the needs of a group that somebody has stepped back from, from a start
// on.
func (rec *Records) SteppedFrom(ctx context.Context, group, person string, from time.Time) ([]village.Need, error) {
	return rec.needs(ctx, group, SteppedIndex(person), from, time.Time{}, 0)
}
