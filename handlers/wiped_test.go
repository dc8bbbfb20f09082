package handlers

import (
	"bytes"
	"testing"
	"time"

	"village/handlers/records"
	"village/internal/store"
)

// Private words that came with a plan are wiped when the group has said so: those
// of each request after its day, and the plan's own after its last one, however
// it was changed. Nothing of them stays in the plan itself.
func TestPrivateWordsOfAPlanAreWiped(t *testing.T) {
	onEveryStore(t, 13, func(t *testing.T, b *bench) {
		says := func(who, line string) { t.Helper(); b.mustSay(t, who, line) }
		says("mod", "/setup keep details: 12")
		says("maya", "/session add 2026-12-01 13:00 area: the park help: ride home details: the blue door")
		courses, err := b.app.CoursesIn(t.Context(), "console/village", "console/maya")
		if err != nil || len(courses) != 1 {
			t.Fatal(courses, err)
		}
		plan := courses[0].ID
		says("maya", "/session save "+plan)
		says("maya", "/session change "+plan+" details: the green door")
		says("maya", "/session move "+courses[0].Sessions[0].ID+" to: 2026-12-02 13:00")
		says("maya", "/session change "+plan+" help: ride home, ride there home: the west side")

		end := time.Date(2026, 12, 2, 22, 0, 0, 0, time.UTC) // 3 pm in Denver; the ride takes an hour
		sealed := func() (n int) {
			err := b.store.Walk(t.Context(), func(d store.Doc) error {
				if d.Kind == records.KindDetails {
					n++
					if d.Expires.After(end.Add(13 * time.Hour)) {
						t.Errorf("%s is kept until %v", d.ID, d.Expires)
					}
				} else if bytes.Contains(d.Body, []byte("sealed")) || d.Kind == records.KindCourse && bytes.Contains(d.Body, []byte(`"details"`)) {
					t.Errorf("a %s has something sealed in it: %s", d.Kind, d.Body)
				}
				return nil
			}, func(store.Job) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := sealed(); n != 3 {
			t.Errorf("%d private parts: those of two rides and the plan's own", n)
		}
		if err := b.wait(end.Add(14*time.Hour), func() {}); err != nil {
			t.Fatal(err)
		}
		if n := sealed(); n != 0 {
			t.Errorf("%d private parts are left", n)
		}
	})
}
