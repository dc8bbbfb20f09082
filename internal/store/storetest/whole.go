package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"village/internal/store"
)

// walk: everything is seen once, also where it takes many pages.
func walk(b *bench) {
	docs, jobs := b.walk()
	b.equal("nothing", len(docs)+len(jobs), 0)

	want := contents{}
	for i := range 60 {
		p := fmt.Sprintf("p/%02d", i)
		c := store.Change{Partition: p}
		for n := range 25 {
			d := store.Doc{Key: store.Key{Partition: p, Kind: "note", ID: fmt.Sprintf("n%02d", n)}, Body: []byte(p), Listed: []store.Entry{at("all", int64(n))}}
			c.Puts = append(c.Puts, d)
			d.Rev = 1
			want.Docs = append(want.Docs, d)
			j := store.Job{Partition: p, ID: fmt.Sprintf("j%02d", n), Kind: "k", Due: b.clock.now().Add(time.Hour), Body: []byte{}}
			c.Jobs = append(c.Jobs, j)
			want.Jobs = append(want.Jobs, j)
		}
		b.commit(c)
	}
	gone := doc("gone", 0, "")
	gone.Expires = b.clock.now().Add(time.Second)
	b.put(gone)
	b.clock.move(time.Second)
	docs, jobs = b.walk()
	b.equal("documents", docs, want.Docs)
	b.equal("jobs", jobs, want.Jobs)

	b.putJobs(b.job("leased", 0))
	b.leaseOne()
	_, jobs = b.walk()
	b.equal("a leased one too, without its token", jobs[0].Token, "")
	b.equal("and its attempts", jobs[0].Attempt, 1)

	enough := errors.New("enough")
	seen := 0
	stop := func() error {
		if seen++; seen == 3 {
			return enough
		}
		return nil
	}
	err := b.s.Walk(b.ctx, func(store.Doc) error { return stop() }, func(store.Job) error { return stop() })
	if !errors.Is(err, enough) || seen != 3 {
		b.Errorf("a walk that is stopped: %v after %d", err, seen)
	}
}

// walkAndWrite: the walker may use the store, and what is there all the time
// is seen although other things come and go.
func walkAndWrite(b *bench) {
	for i := range 40 {
		var puts []store.Doc
		p := fmt.Sprintf("p/%02d", i)
		for n := range 40 {
			puts = append(puts, store.Doc{Key: store.Key{Partition: p, Kind: "stays", ID: fmt.Sprint(n)}})
		}
		b.commit(store.Change{Partition: p, Puts: puts})
	}
	seen := map[store.Key]int{}
	n := 0
	err := b.s.Walk(b.ctx, func(d store.Doc) error {
		if d.Kind != "stays" {
			return nil
		}
		seen[d.Key]++
		if n++; n%20 != 0 {
			return nil
		}
		p := fmt.Sprintf("p/new%d", n)
		return b.s.Commit(b.ctx, store.Change{Partition: p, Puts: []store.Doc{{Key: store.Key{Partition: p, Kind: "comes", ID: "x"}}}})
	}, func(store.Job) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	if len(seen) != 1600 || n != 1600 {
		b.Errorf("saw %d documents in %d calls, want 1600", len(seen), n)
	}
}

// rules: what is at a limit is taken, what is one over it is refused.
func rules(b *bench) {
	long := strings.Repeat("x", store.MaxName)
	listed := func(n int) []store.Entry {
		return count(n, func(i int) store.Entry { return at(fmt.Sprint("index-", i), 1) })
	}
	cancels := func(n int) []string {
		return count(n, func(i int) string { return fmt.Sprint("job-", i) })
	}
	bodies := func(n, last int) []store.Doc {
		whole := count(n, func(i int) store.Doc { return doc(fmt.Sprint("body-", i), 0, strings.Repeat("x", store.MaxBody)) })
		return append(whole, doc("body-last", 0, strings.Repeat("x", last)))
	}
	job := func(id, kind string, body int, due time.Time) store.Change {
		return store.Change{Jobs: []store.Job{{Partition: group, ID: id, Kind: kind, Due: due, Body: make([]byte, body)}}}
	}
	soon := b.clock.now().Add(time.Hour)
	put := func(d store.Doc) store.Change { return store.Change{Puts: []store.Doc{d}} }
	named := func(kind, id string) store.Change {
		return put(store.Doc{Key: store.Key{Partition: group, Kind: kind, ID: id}})
	}
	settle := func(j store.Job) store.Change { return store.Change{Settles: done(j)} }
	full := store.MaxChangeBytes / store.MaxBody

	for what, c := range map[string]store.Change{
		"names of the greatest length": {Partition: long, Puts: []store.Doc{{Key: store.Key{Partition: long, Kind: long, ID: long}, Listed: []store.Entry{at(long, 1)}}}, Jobs: []store.Job{{Partition: long, ID: long, Kind: long, Due: soon}}},
		"every sign":                   named("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "{s03}:*?[a]"),
		"the biggest body":             put(doc("big", 0, strings.Repeat("x", store.MaxBody))),
		"the biggest job":              job("big", "k", store.MaxJobBody, soon),
		"the most indexes":             put(doc("listed", 0, "", listed(store.MaxListed)...)),
		"the greatest scores":          put(doc("scores", 0, "", at("a", store.MaxScore), at("b", -store.MaxScore))),
		"the most items":               {Cancels: cancels(store.MaxItems)},
		"the most bytes":               {Puts: bodies(full-1, store.MaxBody)},
	} {
		if err := b.try(c); err != nil {
			b.Errorf("%s: %v", what, err)
		}
	}
	d, err := b.s.Get(b.ctx, store.Key{Partition: long, Kind: long, ID: long}, store.Key{Partition: group, Kind: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", ID: "{s03}:*?[a]"})
	if err != nil || d[0].Rev != 1 || d[1].Rev != 1 {
		b.Errorf("strange names: %v, %v", d, err)
	}

	before := b.dump()
	two := []store.Doc{doc("two", 0, ""), doc("two", 0, "")}
	check := store.Check{Key: key("listed"), Rev: 1}
	for what, c := range map[string]store.Change{
		"no partition":              {Partition: " "},
		"a partition too long":      {Partition: long + "x"},
		"an id too long":            named("need", long+"x"),
		"a kind too long":           named(long+"x", "a"),
		"an empty id":               named("need", ""),
		"an empty kind":             named("", "a"),
		"a space":                   named("need", "a b"),
		"a new line":                named("need", "a\nb"),
		"a zero byte":               named("need", "a\x00b"),
		"a letter beyond ASCII":     named("need", "é"),
		"another partition":         put(store.Doc{Key: store.Key{Partition: "g/oak", Kind: "need", ID: "a"}}),
		"another partition's check": {Checks: []store.Check{{Key: store.Key{Partition: "g/oak", Kind: "need", ID: "a"}}}},
		"another partition's delete": {Deletes: []store.Check{
			{Key: store.Key{Partition: "g/oak", Kind: "need", ID: "a"}, Rev: 1}}},
		"another partition's job":        {Jobs: []store.Job{{Partition: "g/oak", ID: "a", Kind: "k", Due: soon}}},
		"another partition's settlement": settle(store.Job{Partition: "g/oak", ID: "a", Token: "t"}),
		"a negative revision":            put(doc("a", -1, "")),
		"a negative check":               {Checks: []store.Check{{Key: key("a"), Rev: -1}}},
		"a delete of nothing":            {Deletes: []store.Check{{Key: key("a"), Rev: 0}}},
		"a body too big":                 put(doc("a", 0, strings.Repeat("x", store.MaxBody+1))),
		"a job too big":                  job("a", "k", store.MaxJobBody+1, soon),
		"a job without an id":            job("", "k", 0, soon),
		"a job without a kind":           job("a", "", 0, soon),
		"a job without a time":           job("a", "k", 0, time.Time{}),
		"a job too far ahead":            job("a", "k", 0, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)),
		"a cancel without an id":         {Cancels: []string{""}},
		"a settlement without a token":   settle(store.Job{Partition: group, ID: "a"}),
		"a retry before 1970":            {Settles: []store.Settlement{{Job: store.Job{Partition: group, ID: "a", Token: "t"}, RetryAt: time.Unix(-1, 0)}}},
		"an expiry before 1970":          put(store.Doc{Key: key("a"), Expires: time.Unix(-1, 0)}),
		"too many indexes":               put(doc("a", 0, "", listed(store.MaxListed+1)...)),
		"one index twice":                put(doc("a", 0, "", at("x", 1), at("x", 2))),
		"an index with a space":          put(doc("a", 0, "", at("x y", 1))),
		"a score too great":              put(doc("a", 0, "", at("x", store.MaxScore+1))),
		"a score too small":              put(doc("a", 0, "", at("x", -store.MaxScore-1))),
		"too many items":                 {Cancels: cancels(store.MaxItems + 1)},
		"too many bytes":                 {Puts: append(bodies(full-1, store.MaxBody), doc("one-more", 0, "x"))},
		"a document put twice":           {Puts: two},
		"a document put and deleted":     {Puts: []store.Doc{doc("listed", 1, "")}, Deletes: []store.Check{check}},
		"a document deleted twice":       {Deletes: []store.Check{check, check}},
		"a job put twice":                {Jobs: []store.Job{b.job("a", 0), b.job("a", 0)}},
		"a job settled twice":            {Settles: append(done(store.Job{Partition: group, ID: "a", Token: "t"}), done(store.Job{Partition: group, ID: "a", Token: "t"})...)},
	} {
		if err := b.try(c); !errors.Is(err, store.ErrInvalid) {
			b.Errorf("%s: got %v", what, err)
		}
	}
	b.equal("after what was refused", b.dump(), before)
}

// count makes n things.
func count[T any](n int, one func(i int) T) []T {
	var all []T
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

// readRules: what is asked for beyond a limit is refused.
func readRules(b *bench) {
	reads := map[string]error{}
	many := count(store.MaxPage+1, func(int) store.Key { return key("a") })
	_, reads["too many keys"] = b.s.Get(b.ctx, many...)
	_, reads["a key with a space"] = b.s.Get(b.ctx, key("a b"))
	_, reads["a page too long"] = b.s.List(b.ctx, store.Query{Partition: group, Index: "x", Limit: store.MaxPage + 1})
	_, reads["a negative page"] = b.s.List(b.ctx, store.Query{Partition: group, Index: "x", Limit: -1})
	_, reads["no index"] = b.s.List(b.ctx, store.Query{Partition: group})
	_, reads["after a stranger"] = b.s.List(b.ctx, store.Query{Partition: group, Index: "x", After: &store.Doc{Key: key("a")}})
	_, reads["after another partition"] = b.s.List(b.ctx, store.Query{Partition: "g/oak", Index: "x", After: &store.Doc{Key: key("a"), Listed: []store.Entry{at("x", 1)}}})
	_, reads["a count of no index"] = b.s.Count(b.ctx, group, "", 0, 0)
	_, reads["a count of no partition"] = b.s.Count(b.ctx, "", "x", 0, 0)
	_, reads["counts of which one has no index"] = b.s.Counts(b.ctx, store.Range{Partition: group, Index: "x"}, store.Range{Partition: group})
	_, reads["too many counts"] = b.s.Counts(b.ctx, make([]store.Range, store.MaxPage+1)...)
	_, reads["no lease"] = b.s.Lease(b.ctx, 0, hold)
	_, reads["too many leases"] = b.s.Lease(b.ctx, store.MaxPage+1, hold)
	_, reads["too many urgent leases"] = b.s.LeaseUrgent(b.ctx, store.MaxPage+1, hold)
	_, reads["a lease of no time"] = b.s.Lease(b.ctx, 1, 0)
	_, reads["a lease too long"] = b.s.Lease(b.ctx, 1, store.MaxHold+1)
	_, reads["less than nothing pending"] = b.s.Pending(b.ctx, group, -1)
	_, reads["too much pending"] = b.s.Pending(b.ctx, group, store.MaxPage+1)
	_, reads["pending nowhere"] = b.s.Pending(b.ctx, "", 1)
	_, reads["a sweep of nothing"] = b.s.Sweep(b.ctx, 0)
	for what, err := range reads {
		if !errors.Is(err, store.ErrInvalid) {
			b.Errorf("%s: got %v", what, err)
		}
	}
	if docs, err := b.s.Get(b.ctx, many[1:]...); err != nil || len(docs) != store.MaxPage {
		b.Errorf("the most keys: %d, %v", len(docs), err)
	}
}

func cancelledContext(b *bench) {
	b.put(doc("a", 0, "one"))
	b.putJobs(b.job("j", 0))
	ctx, cancel := context.WithCancel(b.ctx)
	cancel()
	errs := map[string]error{
		"commit":     b.s.Commit(ctx, store.Change{Partition: group, Puts: []store.Doc{doc("b", 0, "")}}),
		"commit all": b.s.CommitAll(ctx, []store.Change{{Partition: group, Puts: []store.Doc{doc("b", 0, "")}}})[0],
		"health":     b.s.Health(ctx),
		"walk":       b.s.Walk(ctx, func(store.Doc) error { return nil }, func(store.Job) error { return nil }),
	}
	_, errs["get"] = b.s.Get(ctx, key("a"))
	_, errs["list"] = b.s.List(ctx, store.Query{Partition: group, Index: "x"})
	_, errs["count"] = b.s.Count(ctx, group, "x", 0, 0)
	_, errs["counts"] = b.s.Counts(ctx, store.Range{Partition: group, Index: "x"})
	_, errs["lease"] = b.s.Lease(ctx, 1, hold)
	_, errs["lease urgent"] = b.s.LeaseUrgent(ctx, 1, hold)
	_, _, errs["next due"] = b.s.NextDue(ctx)
	_, errs["pending"] = b.s.Pending(ctx, group, 1)
	_, errs["sweep"] = b.s.Sweep(ctx, 1)
	for what, err := range errs {
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s: got %v", what, err)
		}
	}
	b.equal("not written", b.get("b").Rev, int64(0))
	b.equal("not leased", b.leaseOne().ID, "j")
}

// together runs f in n goroutines and waits for them.
func together(n int, f func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { f(i) })
	}
	group.Wait()
}

// manyIncrements: read, change, commit, again when stale: none is lost.
func manyIncrements(b *bench) {
	const workers, each = 8, 25
	together(workers, func(int) {
		for range each {
			for {
				docs, err := b.s.Get(b.ctx, key("sum"))
				if err != nil {
					b.Error(err)
					return
				}
				next := docs[0]
				next.Body = append(next.Body, 'x')
				err = b.try(store.Change{Puts: []store.Doc{next}})
				if err == nil {
					break
				}
				if !errors.Is(err, store.ErrStale) {
					b.Error(err)
					return
				}
			}
		}
	})
	got := b.get("sum")
	b.equal("increments", len(got.Body), workers*each)
	b.equal("revision", got.Rev, int64(workers*each))
}

func raceForName(b *bench) {
	const workers = 32
	errs := make([]error, workers)
	together(workers, func(i int) {
		errs[i] = b.try(store.Change{Puts: []store.Doc{doc("one", 0, fmt.Sprint(i))}, Jobs: []store.Job{b.job(fmt.Sprint("owed-", i), time.Hour)}})
	})
	winner := -1
	for i, err := range errs {
		if err == nil && winner < 0 {
			winner = i
		} else if !errors.Is(err, store.ErrStale) {
			b.Errorf("a second winner or another error: %v", err)
		}
	}
	b.equal("the winner's document", string(b.get("one").Body), fmt.Sprint(winner))
	b.equal("what is owed to the winner", jobIDs(b.pending()), fmt.Sprint("owed-", winner))
}

func raceForJob(b *bench) {
	for round := range 5 {
		b.putJobs(b.job(fmt.Sprint("j", round), 0))
		var mu sync.Mutex
		var leased []store.Job
		together(16, func(int) {
			jobs, err := b.s.Lease(b.ctx, 5, hold)
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			leased = append(leased, jobs...)
		})
		b.equal("leases of one job", len(leased), 1)
	}
}

func raceToSettle(b *bench) {
	b.putJobs(b.job("a", 0))
	leased := b.leaseOne()
	const workers = 16
	errs := make([]error, workers)
	together(workers, func(i int) {
		errs[i] = b.try(store.Change{Settles: done(leased), Puts: []store.Doc{doc(fmt.Sprint("by-", i), 0, "")}})
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, store.ErrLeaseLost) {
			b.Error(err)
		}
	}
	b.equal("settled", won, 1)
	docs, _ := b.walk()
	b.equal("what came of it", len(docs), 1)
}

// workersShare: several workers empty the store together; every job is done once.
func workersShare(b *bench) {
	const n = 600
	for i := range 30 {
		p := fmt.Sprintf("p/%d", i)
		c := store.Change{Partition: p}
		for k := range n / 30 {
			c.Jobs = append(c.Jobs, store.Job{Partition: p, ID: fmt.Sprint(k), Kind: "k", Due: b.clock.now()})
		}
		b.commit(c)
	}
	var mu sync.Mutex
	handled := map[string]int{}
	together(4, func(int) {
		for range n {
			jobs, err := b.s.Lease(b.ctx, 20, hold)
			if err != nil {
				b.Error(err)
				return
			}
			var settles []store.Change
			for _, j := range jobs {
				settles = append(settles, store.Change{Partition: j.Partition, Settles: done(j)})
			}
			if err := errors.Join(b.s.CommitAll(b.ctx, settles)...); err != nil {
				b.Error(err)
				return
			}
			mu.Lock()
			for _, j := range jobs {
				handled[jobName(j)]++
			}
			all := len(handled) == n
			mu.Unlock()
			if all {
				return
			}
		}
	})
	b.equal("handled", len(handled), n)
	for name, times := range handled {
		if times != 1 {
			b.Errorf("%s was handled %d times", name, times)
		}
	}
	_, left := b.walk()
	b.equal("left over", len(left), 0)
}

// backupHere copies a store into a stream and back into the same kind of store.
func backupHere(b *bench) {
	b.put(doc("a", 0, "one", at("when", 5)))
	b.put(doc("a", 1, "two\n\x00", at("when", 6), at("open", 1)))
	fading := doc("fading", 0, "", at("when", 1))
	fading.Expires = b.clock.now().Add(time.Hour)
	b.put(fading)
	b.putJobs(b.job("later", time.Hour), b.job("leased", 0))
	b.leaseOne()

	var stream bytes.Buffer
	if err := store.Backup(b.ctx, b.s, &stream); err != nil {
		b.Fatal(err)
	}
	before := b.dump("when", "open")
	if _, err := store.Restore(b.ctx, b.s, bytes.NewReader(stream.Bytes()), ""); !errors.Is(err, store.ErrNotEmpty) {
		b.Errorf("restored over what was there: %v", err)
	}
	b.equal("untouched", b.dump("when", "open"), before)
	b.empty()

	n, err := store.Restore(b.ctx, b.s, bytes.NewReader(stream.Bytes()), "")
	if err != nil || n != 4 {
		b.Fatalf("restored %d, %v", n, err)
	}
	after := b.dump("when", "open")
	for i := range before.Docs {
		before.Docs[i].Rev = 1 // revisions begin anew
	}
	for i := range before.Jobs {
		before.Jobs[i].Attempt = 0
	}
	b.equal("restored", after, before)
	b.equal("the lease is free again", b.leaseOne().ID, "leased")
}

// empty removes everything through the contract.
func (b *bench) empty() {
	b.Helper()
	docs, jobs := b.walk()
	var changes []store.Change
	for _, d := range docs {
		changes = append(changes, store.Change{Partition: d.Partition, Deletes: []store.Check{{Key: d.Key, Rev: d.Rev}}})
	}
	for _, j := range jobs {
		changes = append(changes, store.Change{Partition: j.Partition, Cancels: []string{j.ID}})
	}
	if err := errors.Join(b.s.CommitAll(b.ctx, changes)...); err != nil {
		b.Fatal(err)
	}
	if _, err := b.s.Sweep(b.ctx, 1<<20); err != nil {
		b.Fatal(err)
	}
	if docs, jobs = b.walk(); len(docs)+len(jobs) != 0 {
		b.Fatalf("%d documents and %d jobs are left", len(docs), len(jobs))
	}
}

func health(b *bench) {
	if err := b.s.Health(b.ctx); err != nil {
		b.Error(err)
	}
	docs, jobs := b.walk()
	b.equal("a look leaves nothing", len(docs)+len(jobs), 0)
	if err := b.s.Close(); err != nil {
		b.Fatal(err)
	}
	if err := b.s.Health(b.ctx); err == nil {
		b.Error("a closed store says that it is well")
	}
	if err := b.try(store.Change{Puts: []store.Doc{doc("a", 0, "")}}); err == nil {
		b.Error("a closed store took a commit")
	}
}
