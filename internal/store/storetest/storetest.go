// Package storetest holds every store to the contract of package store: the
// same tests for the file, for the stand-in Redis and for a real one. It also
// starts a real redis-server for tests that need one.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"village/internal/store"
)

// Open gives a test an empty store on the clock given. It closes the store
// when the test ends.
type Open func(t *testing.T, now func() time.Time) store.Store

// Run holds a store to the whole contract.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*bench)
	}{
		{"a document's life", documentLife},
		{"keys read together", readTogether},
		{"bodies", bodies},
		{"returned memory", returnedMemory},
		{"stale", stale},
		{"all or nothing", allOrNothing},
		{"several changes at once", commitAll},
		{"index order", indexOrder},
		{"index replace", indexReplace},
		{"index bounds", indexBounds},
		{"index pages", indexPages},
		{"index pages of ties", indexTies},
		{"index page after a change", indexAfterChange},
		{"long index", longIndex},
		{"expiry", expiry},
		{"expired is created anew", expiredAnew},
		{"sweep", sweep},
		{"times", times},
		{"a job's life", jobLife},
		{"due order", dueOrder},
		{"due over many partitions", dueSpread},
		{"urgent first", urgentFirst},
		{"urgent over many partitions", urgentSpread},
		{"urgent stays urgent", urgentStays},
		{"job replaced", jobReplaced},
		{"job replaced while leased", jobReplacedLeased},
		{"job cancelled while leased", jobCancelledLeased},
		{"job cancelled and put at once", jobCancelledAndPut},
		{"lease taken over", leaseTakenOver},
		{"late settlement", lateSettlement},
		{"retry", retry},
		{"settle with what follows", settleWithNext},
		{"settle twice", settleTwice},
		{"next due", nextDue},
		{"pending", pending},
		{"walk", walk},
		{"walk and write", walkAndWrite},
		{"rules", rules},
		{"rules of reading", readRules},
		{"cancelled context", cancelledContext},
		{"many increments", manyIncrements},
		{"race for a name", raceForName},
		{"race for a job", raceForJob},
		{"race to settle", raceToSettle},
		{"workers share the work", workersShare},
		{"backup", backupHere},
		{"health", health},
		{"like the model", likeModel},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{t: start}
			test.run(&bench{T: t, s: open(t, c.now), clock: c, ctx: t.Context()})
		})
	}
}

// start is the first day of a December, on which nothing special happens.
var start = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// clock moves only when told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bench is a test with a store and a clock.
type bench struct {
	*testing.T
	s     store.Store
	clock *clock
	ctx   context.Context
}

const group = "g/maple"

func key(id string) store.Key { return store.Key{Partition: group, Kind: "need", ID: id} }

func doc(id string, rev int64, body string, listed ...store.Entry) store.Doc {
	return store.Doc{Key: key(id), Rev: rev, Body: []byte(body), Listed: listed}
}

func at(name string, score int64) store.Entry { return store.Entry{Name: name, Score: score} }

func (b *bench) job(id string, in time.Duration) store.Job {
	return store.Job{Partition: group, ID: id, Kind: "notice", Due: b.clock.now().Add(in), Body: []byte("body of " + id)}
}

func (b *bench) commit(c store.Change) {
	b.Helper()
	if err := b.try(c); err != nil {
		b.Fatalf("commit: %v", err)
	}
}

// try commits to the group unless the change names another partition.
func (b *bench) try(c store.Change) error {
	if c.Partition == "" {
		c.Partition = group
	}
	return b.s.Commit(b.ctx, c)
}

func (b *bench) refused(want error, c store.Change) {
	b.Helper()
	if err := b.try(c); !errors.Is(err, want) {
		b.Errorf("commit: got %v, want %v", err, want)
	}
}

func (b *bench) put(docs ...store.Doc) {
	b.Helper()
	b.commit(store.Change{Puts: docs})
}

func (b *bench) putJobs(jobs ...store.Job) {
	b.Helper()
	b.commit(store.Change{Jobs: jobs})
}

func (b *bench) get(id string) store.Doc {
	b.Helper()
	docs, err := b.s.Get(b.ctx, key(id))
	if err != nil || len(docs) != 1 {
		b.Fatalf("get: %d documents, %v", len(docs), err)
	}
	return docs[0]
}

func (b *bench) list(q store.Query) []store.Doc {
	b.Helper()
	if q.Partition == "" {
		q.Partition = group
	}
	docs, err := b.s.List(b.ctx, q)
	if err != nil {
		b.Fatalf("list: %v", err)
	}
	return docs
}

func (b *bench) listIDs(q store.Query) string {
	b.Helper()
	return ids(b.list(q))
}

func ids(docs []store.Doc) string {
	var names []string
	for _, d := range docs {
		names = append(names, d.ID)
	}
	return strings.Join(names, " ")
}

func (b *bench) count(index string, from, to int64) int64 {
	b.Helper()
	n, err := b.s.Count(b.ctx, group, index, from, to)
	if err != nil {
		b.Fatalf("count: %v", err)
	}
	return n
}

const hold = time.Minute

func (b *bench) lease(limit int) []store.Job {
	b.Helper()
	jobs, err := b.s.Lease(b.ctx, limit, hold)
	if err != nil {
		b.Fatalf("lease: %v", err)
	}
	return jobs
}

// leaseOne expects exactly one due job.
func (b *bench) leaseOne() store.Job {
	b.Helper()
	jobs := b.lease(10)
	if len(jobs) != 1 {
		b.Fatalf("leased %d jobs, want 1: %v", len(jobs), jobs)
	}
	return jobs[0]
}

func (b *bench) leaseNone() {
	b.Helper()
	if jobs := b.lease(10); len(jobs) != 0 {
		b.Errorf("leased %d jobs, want none: %v", len(jobs), jobs)
	}
}

func (b *bench) pending() []store.Job {
	b.Helper()
	jobs, err := b.s.Pending(b.ctx, group, store.MaxPage)
	if err != nil {
		b.Fatalf("pending: %v", err)
	}
	return jobs
}

func (b *bench) equal(what string, got, want any) {
	b.Helper()
	if diff := difference(got, want); diff != "" {
		b.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// difference takes bodies as a whole: byte by byte it would take seconds.
func difference(got, want any) string {
	filled := func(x, y []byte) bool { return len(x)+len(y) > 0 }
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.FilterValues(filled, cmp.Comparer(bytes.Equal)))
}

func done(j store.Job) []store.Settlement { return []store.Settlement{{Job: j}} }

// contents is everything a store shows to its readers.
type contents struct {
	Docs    []store.Doc
	Jobs    []store.Job
	Indexes map[string]string
}

// dump reads all of the store, and the indexes named in one partition.
func (b *bench) dump(indexes ...string) contents {
	b.Helper()
	c := contents{Indexes: map[string]string{}}
	c.Docs, c.Jobs = b.walk()
	for _, name := range indexes {
		c.Indexes[name] = fmt.Sprintf("%s %d", b.listIDs(store.Query{Index: name}), b.count(name, 0, 0))
	}
	return c
}

// walk gives everything in a fixed order.
func (b *bench) walk() ([]store.Doc, []store.Job) {
	b.Helper()
	var docs []store.Doc
	var jobs []store.Job
	err := b.s.Walk(b.ctx,
		func(d store.Doc) error { docs = append(docs, d); return nil },
		func(j store.Job) error { jobs = append(jobs, j); return nil })
	if err != nil {
		b.Fatalf("walk: %v", err)
	}
	slices.SortFunc(docs, func(x, y store.Doc) int { return strings.Compare(docName(x.Key), docName(y.Key)) })
	slices.SortFunc(jobs, func(x, y store.Job) int { return strings.Compare(jobName(x), jobName(y)) })
	return docs, jobs
}

func docName(k store.Key) string { return k.Partition + " " + k.Kind + " " + k.ID }

func jobName(j store.Job) string { return j.Partition + " " + j.ID }
