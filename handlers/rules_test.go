package handlers

import (
	"testing"
	"time"

	"village/handlers/records"
	"village/internal/store"
)

// A zone changes its rules while reminders are waiting: what was put for an
// hour that is another one by now comes at the hour that was meant, once.
func TestAZoneChangesItsRules(t *testing.T) {
	onEveryStore(t, 11, func(t *testing.T, b *bench) {
		for who, line := range map[string]string{
			"mod":  "/reminders add every day at noon words: the channel's",
			"maya": "/remind add every day at noon words: her own",
		} {
			b.mustSay(t, who, line)
		}
		// by the rules of before, noon was an hour earlier
		for _, partition := range []string{records.GroupPartition("console/village"), records.MemberPartition("console/maya")} {
			jobs, err := b.store.Pending(t.Context(), partition, 10)
			if err != nil || len(jobs) != 1 {
				t.Fatal(len(jobs), err)
			}
			jobs[0].Due = jobs[0].Due.Add(-time.Hour)
			if err := b.store.Commit(t.Context(), store.Change{Partition: partition, Jobs: jobs}); err != nil {
				t.Fatal(err)
			}
		}
		noon := time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)
		var times []time.Time
		if err := b.wait(noon.Add(30*time.Hour), func() {
			for len(times) < len(b.sent) {
				times = append(times, b.clock())
			}
		}); err != nil {
			t.Fatal(err)
		}
		want := []time.Time{noon, noon, noon.Add(24 * time.Hour), noon.Add(24 * time.Hour)}
		if len(times) != len(want) {
			t.Fatalf("%d were sent: %v", len(times), times)
		}
		for i := range want {
			if !times[i].Equal(want[i]) {
				t.Errorf("sent at %v, want %v", times[i], want[i])
			}
		}
	})
}
