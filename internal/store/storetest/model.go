package storetest

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"village/internal/store"
)

// model is the contract in the plainest code: two maps and no cleverness.
type model struct {
	docs map[store.Key]store.Doc // expired ones too, until they are swept
	jobs map[string]*modelJob    // by jobName
}

type modelJob struct {
	store.Job           // Token is the present lease
	at        time.Time // its due time, or its lease's end
	replaced  string    // the lease that was held when it was replaced
}

func gone(d store.Doc, now time.Time) bool { return !d.Expires.IsZero() && !d.Expires.After(now) }

func (m *model) rev(k store.Key, now time.Time) int64 {
	d, ok := m.docs[k]
	if !ok || gone(d, now) {
		return 0
	}
	return d.Rev
}

func (m *model) commit(c store.Change, now time.Time) error {
	if err := m.refuses(c, now); err != nil {
		return err
	}
	for _, d := range c.Puts {
		d.Rev++
		m.docs[d.Key] = d
	}
	for _, k := range c.Deletes {
		delete(m.docs, k.Key)
	}
	for _, s := range c.Settles {
		m.settle(s)
	}
	for _, id := range c.Cancels {
		delete(m.jobs, jobName(store.Job{Partition: c.Partition, ID: id}))
	}
	for _, j := range c.Jobs {
		next := &modelJob{Job: j, at: j.Due}
		if before, ok := m.jobs[jobName(j)]; ok {
			if next.replaced = cmp.Or(before.Token, before.replaced); next.replaced == "" && before.Attempt > 0 {
				next.replaced = "-"
			}
		}
		m.jobs[jobName(j)] = next
	}
	return nil
}

// refuses says why a change is not taken: a lease is lost, or a document is not
// what it was.
func (m *model) refuses(c store.Change, now time.Time) error {
	for _, s := range c.Settles {
		j, ok := m.jobs[jobName(s.Job)]
		if !ok || (s.Job.Token != j.Token && s.Job.Token != j.replaced) {
			return store.ErrLeaseLost
		}
	}
	for _, d := range c.Puts {
		if m.rev(d.Key, now) != d.Rev {
			return store.ErrStale
		}
	}
	for _, k := range slices.Concat(c.Checks, c.Deletes) {
		if m.rev(k.Key, now) != k.Rev {
			return store.ErrStale
		}
	}
	return nil
}

// settle ends a leased job, or puts it off.
func (m *model) settle(s store.Settlement) {
	j := m.jobs[jobName(s.Job)]
	switch {
	case j.Token != s.Job.Token: // replaced
	case s.RetryAt.IsZero():
		delete(m.jobs, jobName(s.Job))
	default:
		j.Due, j.at, j.Token = s.RetryAt, s.RetryAt, ""
	}
}

func (m *model) list(q store.Query, now time.Time) []store.Doc {
	type listed struct {
		store.Doc
		score int64
	}
	var all []listed
	for _, d := range m.docs {
		for _, e := range d.Listed {
			inside := q.From == 0 && q.To == 0 || e.Score >= q.From && e.Score <= q.To
			if d.Partition == q.Partition && e.Name == q.Index && inside && !gone(d, now) {
				all = append(all, listed{d, e.Score})
			}
		}
	}
	slices.SortFunc(all, func(x, y listed) int {
		order := cmp.Or(cmp.Compare(x.score, y.score), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
		if q.Backwards {
			return -order
		}
		return order
	})
	var docs []store.Doc
	for _, l := range all {
		docs = append(docs, l.Doc)
	}
	return docs
}

func (m *model) due(now time.Time, urgent bool) int {
	n := 0
	for _, j := range m.jobs {
		if !j.at.After(now) && (j.Urgent || !urgent) {
			n++
		}
	}
	return n
}

func (m *model) expired(now time.Time) int {
	n := 0
	for _, d := range m.docs {
		if gone(d, now) {
			n++
		}
	}
	return n
}

func (m *model) pending(partition string) []store.Job {
	var jobs []store.Job
	for _, j := range m.jobs {
		if partition == "" || j.Partition == partition {
			shown := j.Job
			shown.Token = ""
			jobs = append(jobs, shown)
		}
	}
	slices.SortFunc(jobs, func(x, y store.Job) int {
		return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Partition, y.Partition), cmp.Compare(x.ID, y.ID))
	})
	return jobs
}

// likeModel does the same random things to the store and to the model, and
// compares everything that can be seen.
func likeModel(b *bench) {
	rapid.Check(b.T, func(t *rapid.T) {
		b.empty()
		r := &run{b: b, t: t, m: model{docs: map[store.Key]store.Doc{}, jobs: map[string]*modelJob{}}}
		t.Repeat(map[string]func(*rapid.T){
			"":        r.compare,
			"commit":  r.commit,
			"commits": r.commits,
			"lease":   r.lease,
			"list":    r.list,
			"sweep":   r.sweep,
			"wait":    r.wait,
		})
	})
	b.empty()
}

// run is one random history.
type run struct {
	b      *bench
	t      *rapid.T
	m      model
	leased []store.Job // every lease ever given, also those that are lost
}

var (
	partitions = rapid.SampledFrom([]string{"g/a", "g/b", "p/c"})
	kinds      = rapid.SampledFrom([]string{"need", "claim"})
	names      = rapid.SampledFrom([]string{"a", "b", "c", "d"})
	indexes    = []string{"when", "open"}
	scores     = rapid.Int64Range(-3, 3)
	seconds    = rapid.Int64Range(-30, 120)
)

func (r *run) time(t *rapid.T, what string) time.Time {
	return r.b.clock.now().Add(time.Duration(seconds.Draw(t, what)) * time.Second)
}

func (r *run) doc(t *rapid.T, partition string) store.Doc {
	d := store.Doc{
		Key:  store.Key{Partition: partition, Kind: kinds.Draw(t, "kind"), ID: names.Draw(t, "id")},
		Body: rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "body"),
	}
	d.Rev = r.rev(t, d.Key)
	if rapid.Bool().Draw(t, "expires?") {
		d.Expires = r.time(t, "expires")
	}
	for _, name := range indexes {
		if rapid.Bool().Draw(t, "listed?") {
			d.Listed = append(d.Listed, at(name, scores.Draw(t, "score")))
		}
	}
	return d
}

// rev is mostly the right revision.
func (r *run) rev(t *rapid.T, k store.Key) int64 {
	rev := r.m.rev(k, r.b.clock.now())
	if rapid.IntRange(0, 9).Draw(t, "stale?") == 0 {
		return rev + 1
	}
	return rev
}

func (r *run) change(t *rapid.T) store.Change {
	c := store.Change{Partition: partitions.Draw(t, "partition")}
	some := func(what string) int { return rapid.IntRange(0, 2).Draw(t, what) }
	for range some("puts") {
		c.Puts = append(c.Puts, r.doc(t, c.Partition))
	}
	for range some("checks") {
		k := store.Key{Partition: c.Partition, Kind: kinds.Draw(t, "kind"), ID: names.Draw(t, "id")}
		c.Checks = append(c.Checks, store.Check{Key: k, Rev: r.rev(t, k)})
	}
	for range some("deletes") {
		k := store.Key{Partition: c.Partition, Kind: kinds.Draw(t, "kind"), ID: names.Draw(t, "id")}
		c.Deletes = append(c.Deletes, store.Check{Key: k, Rev: max(1, r.rev(t, k))})
	}
	for range some("jobs") {
		c.Jobs = append(c.Jobs, store.Job{
			Partition: c.Partition, ID: names.Draw(t, "job"), Kind: kinds.Draw(t, "kind"), Due: r.time(t, "due"),
			Body: rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "body"), Urgent: rapid.Bool().Draw(t, "urgent?"),
		})
	}
	for range some("cancels") / 2 {
		c.Cancels = append(c.Cancels, names.Draw(t, "cancel"))
	}
	for range some("settles") {
		var ours []store.Job
		for _, j := range r.leased {
			if j.Partition == c.Partition {
				ours = append(ours, j)
			}
		}
		if len(ours) == 0 {
			break
		}
		s := store.Settlement{Job: rapid.SampledFrom(ours[max(0, len(ours)-5):]).Draw(t, "settled")}
		if rapid.Bool().Draw(t, "retry?") {
			s.RetryAt = r.time(t, "retry")
		}
		c.Settles = append(c.Settles, s)
	}
	return c
}

func (r *run) expected(c store.Change) error {
	if err := c.Validate(); err != nil {
		return store.ErrInvalid
	}
	return r.m.commit(c, r.b.clock.now())
}

func (r *run) commit(t *rapid.T) {
	c := r.change(t)
	got, want := r.b.s.Commit(r.b.ctx, c), r.expected(c)
	if !errors.Is(got, want) {
		t.Fatalf("commit of %+v: got %v, want %v", c, got, want)
	}
}

func (r *run) commits(t *rapid.T) {
	cs := rapid.SliceOfN(rapid.Custom(r.change), 0, 4).Draw(t, "changes")
	got := r.b.s.CommitAll(r.b.ctx, cs)
	for i, c := range cs {
		if want := r.expected(c); !errors.Is(got[i], want) {
			t.Fatalf("commit %d of %+v: got %v, want %v", i, cs, got[i], want)
		}
	}
}

// lease takes over which jobs the store chose; how many must be right, also of those
// that are urgent, and each must be due.
func (r *run) lease(t *rapid.T) {
	now := r.b.clock.now()
	limit := rapid.IntRange(1, 6).Draw(t, "limit")
	length := time.Duration(rapid.IntRange(1, 60).Draw(t, "hold")) * time.Second
	give, due := r.b.s.Lease, r.m.due(now, false)
	if rapid.Bool().Draw(t, "urgent alone?") {
		give, due = r.b.s.LeaseUrgent, r.m.due(now, true)
	}
	jobs, err := give(r.b.ctx, limit, length)
	if err != nil || len(jobs) != min(limit, due) {
		t.Fatalf("leased %d jobs of %d due, at most %d: %v", len(jobs), due, limit, err)
	}
	urgent := slices.IndexFunc(append(jobs, store.Job{}), func(j store.Job) bool { return !j.Urgent })
	if want := min(limit, r.m.due(now, true)); urgent != want {
		t.Fatalf("%d of %d leased come first as urgent, want %d", urgent, len(jobs), want)
	}
	for _, got := range jobs {
		want, ok := r.m.jobs[jobName(got)]
		if !ok || want.at.After(now) || got.Token == "" || got.Token == want.Token {
			t.Fatalf("leased %+v, which is %+v", got, want)
		}
		want.Attempt++
		want.Token, want.at = got.Token, now.Add(length)
		given := want.Job
		given.Replaced = want.replaced != ""
		r.same(t, "leased", got, given)
		r.leased = append(r.leased, got)
	}
}

func (r *run) list(t *rapid.T) {
	q := store.Query{
		Partition: partitions.Draw(t, "partition"), Index: rapid.SampledFrom(indexes).Draw(t, "index"),
		From: scores.Draw(t, "from"), To: scores.Draw(t, "to"),
		Backwards: rapid.Bool().Draw(t, "backwards"), Limit: rapid.IntRange(1, 5).Draw(t, "limit"),
	}
	want := r.m.list(q, r.b.clock.now())
	for {
		page, err := r.b.s.List(r.b.ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		n := min(q.Limit, len(want))
		r.same(t, "page", page, want[:n])
		want = want[n:]
		if n < q.Limit {
			return
		}
		q.After = &page[n-1]
	}
}

func (r *run) sweep(t *rapid.T) {
	now := r.b.clock.now()
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	total := 0
	for {
		n, err := r.b.s.Sweep(r.b.ctx, limit)
		if err != nil || n > limit {
			t.Fatalf("sweep of %d took %d: %v", limit, n, err)
		}
		if total += n; n < limit || total > len(r.m.docs) {
			break
		}
	}
	if want := r.m.expired(now); total != want {
		t.Fatalf("swept %d, want %d", total, want)
	}
	for k, d := range r.m.docs {
		if gone(d, now) {
			delete(r.m.docs, k)
		}
	}
}

func (r *run) wait(t *rapid.T) {
	r.b.clock.move(time.Duration(rapid.IntRange(0, 90_000).Draw(t, "milliseconds")) * time.Millisecond)
}

// compare looks at everything after every step.
func (r *run) compare(t *rapid.T) {
	b, now := r.b, r.b.clock.now()
	var keys []store.Key
	var live []store.Doc
	for k, d := range r.m.docs {
		keys = append(keys, k)
		if !gone(d, now) {
			live = append(live, d)
		}
	}
	slices.SortFunc(live, func(x, y store.Doc) int { return strings.Compare(docName(x.Key), docName(y.Key)) })
	docs, jobs := b.walk()
	r.same(t, "documents", docs, live)
	slices.SortFunc(jobs, func(x, y store.Job) int {
		return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Partition, y.Partition), cmp.Compare(x.ID, y.ID))
	})
	r.same(t, "jobs", jobs, r.m.pending(""))
	read, err := b.s.Get(b.ctx, keys...)
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range keys {
		want := r.m.docs[k]
		if gone(want, now) {
			want = store.Doc{Key: k}
		}
		r.same(t, "document", read[i], want)
	}
	r.compareNext(t)
	partition := partitions.Draw(t, "seen partition")
	pending, err := b.s.Pending(b.ctx, partition, store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	r.same(t, "pending", pending, r.m.pending(partition))
	r.compareCount(t, partition)
}

func (r *run) compareNext(t *rapid.T) {
	var want time.Time
	for _, j := range r.m.jobs {
		if want.IsZero() || j.at.Before(want) {
			want = j.at
		}
	}
	next, ok, err := r.b.s.NextDue(r.b.ctx)
	if err != nil || ok != (len(r.m.jobs) > 0) || !next.Equal(want) {
		t.Fatalf("next due: got %v %v %v, want %v", next, ok, err, want)
	}
}

// compareCount: a count may include what has expired.
func (r *run) compareCount(t *rapid.T, partition string) {
	q := store.Query{Partition: partition, Index: rapid.SampledFrom(indexes).Draw(t, "seen index")}
	least := len(r.m.list(q, r.b.clock.now()))
	most := len(r.m.list(q, time.Time{}))
	n, err := r.b.s.Count(r.b.ctx, q.Partition, q.Index, 0, 0)
	if err != nil || int(n) < least || int(n) > most {
		t.Fatalf("count: got %d %v, want %d to %d", n, err, least, most)
	}
}

func (r *run) same(t *rapid.T, what string, got, want any) {
	if diff := difference(got, want); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
