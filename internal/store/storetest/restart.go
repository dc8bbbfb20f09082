package storetest

import (
	"fmt"
	"testing"
	"time"

	"village/internal/store"
)

// Start gives the store to a process of this name, as the one before has left it.
type Start func(t *testing.T, now func() time.Time, name string) store.Store

// Restart holds a store to what it promises a process that was killed: what it had
// leased is due again when it is back, as it was and one attempt further, and its
// old leases are lost.
func Restart(t *testing.T, begin Start) {
	c := &clock{t: start}
	b := &bench{T: t, s: begin(t, c.now, "maple"), clock: c, ctx: t.Context()}
	const many = 700 // more than one step looks at, in one partition
	change := store.Change{}
	for i := range many {
		j := b.job(fmt.Sprint("j", i), -time.Minute)
		j.Urgent = i%3 == 0
		change.Jobs = append(change.Jobs, j)
	}
	b.commit(change)
	b.putJobs(b.job("twice", -time.Hour), b.job("replaced", -time.Hour), b.job("later", hold/2), b.job("soon", hold+time.Millisecond))
	b.equal("all but those to come", len(b.lease(store.MaxPage)), many+2)
	replacement := b.job("replaced", hold/3)
	b.putJobs(replacement)
	b.clock.move(hold)
	b.equal("taken over, and what has become due", len(b.lease(store.MaxPage)), many+3)
	before := b.pending()

	c.move(time.Second)
	b.s = begin(t, c.now, "maple")
	b.equal("pending as before", b.pending(), before)
	leased := b.lease(store.MaxPage)
	b.equal("all of it, and the one to come", len(leased), many+4)
	for i, j := range leased {
		want := 3
		switch j.ID {
		case "replaced", "later":
			want = 2
		case "soon":
			want = 1
		}
		if j.Attempt != want || j.Urgent != (i < (many+2)/3) {
			t.Errorf("%s, number %d, in attempt %d, urgent %v", j.ID, i, j.Attempt, j.Urgent)
		}
		b.commit(store.Change{Settles: done(j)})
	}
	b.equal("left", len(b.pending()), 0)

	b.putJobs(b.job("old", 0))
	old := b.leaseOne()
	b.s = begin(t, c.now, "maple")
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(old)})
	b.commit(store.Change{Settles: done(b.leaseOne())})
	b.leaseNone()
}
