package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
)

// deaf is a store that does what it is asked and says that it did not, once it is told to.
type deaf struct {
	store.Store
	lost *bool
}

var errLost = errors.New("the answer was lost")

func (d deaf) Commit(ctx context.Context, c store.Change) error {
	err := d.Store.Commit(ctx, c)
	if *d.lost && err == nil {
		*d.lost = false
		err = errLost
	}
	return err
}

// A process does what somebody asks for and dies before it could note that it has: their
// platform delivers it to the next one, and it is there once. Whoever asked is not told
// that it failed when only the store's answer was lost.
func TestDeliveredAgain(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	lost := false
	kind := storeKind{name: "deaf", open: func(now func() time.Time) (store.Store, error) {
		s, err := boltStore.open(now)
		return deaf{s, &lost}, err
	}}
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	b.mustSay(t, "maya", "/need mine") // she is known
	for _, line := range []string{
		"/ask ride-home thu 3pm from: near Union Station", "/remind add every day at 9am words: water", "/journal write a blue door", "/checkin score 19 scale: phq-9",
	} {
		ask := func(once string) bot.Reply {
			return b.bot.Do(t.Context(), bot.Request{Platform: "console", Workspace: "console/village", Line: line, Once: once,
				Room: bot.Room{ID: "console/village"}, From: bot.Person{ID: "console/maya", Name: "maya"}})
		}
		lost = true
		first := ask("one" + line)
		if first.Code != "" || lost {
			t.Errorf("%s: %q %s", line, first.Code, shown(first.Messages[0]))
		}
		before := allKept(t, b.store)
		if again := ask("one" + line); again.Code != "done-already" {
			t.Errorf("%s came again: %q %s", line, again.Code, shown(again.Messages[0]))
		}
		if after := allKept(t, b.store); !slices.Equal(before, after) {
			t.Errorf("%s was done twice: %v, then %v", line, before, after)
		}
		if other := ask("two" + line); other.Code != "" {
			t.Errorf("%s, another time: %q %s", line, other.Code, shown(other.Messages[0]))
		}
	}
}

// allKept names what is kept and owed.
func allKept(t *testing.T, s store.Store) (all []string) {
	t.Helper()
	err := s.Walk(t.Context(), func(d store.Doc) error {
		all = append(all, d.Partition+" "+d.Kind+" "+d.ID)
		return nil
	}, func(j store.Job) error {
		all = append(all, j.Partition+" job "+j.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// Who says that it is still on hears that it was called off, also when it was moved before
// and nobody has told them yet.
func TestStillOnOfWhatWasMovedAndCalledOff(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	code := strings.TrimPrefix(b.mustSay(t, "maya", "/ask ride-home thu 3pm from: here").Messages[0].Buttons[0].Command, "/need show ")
	for _, line := range []string{"sam: /need claim ", "maya: /need approve ", "maya: /need move ", "maya: /need cancel "} {
		name, said, _ := strings.Cut(line, ": ")
		b.says(name, said+code+map[string]string{"/need approve ": " console/sam", "/need move ": " thu 4pm", "/need cancel ": " yes"}[said])
	}
	if r := b.says("sam", "/need still "+code); len(r.Messages) == 0 || !strings.Contains(shown(r.Messages[0]), "cancelled") {
		t.Errorf("still on: %+v", r)
	}
}
