package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"village/internal/store"
)

func documentLife(b *bench) {
	b.equal("missing", b.get("a"), store.Doc{Key: key("a")})
	b.put(doc("a", 0, "one"))
	b.equal("created", b.get("a"), doc("a", 1, "one"))
	b.put(doc("a", 1, "two"))
	b.equal("changed", b.get("a"), doc("a", 2, "two"))
	b.commit(store.Change{Deletes: []store.Check{{Key: key("a"), Rev: 2}}})
	b.equal("deleted", b.get("a"), store.Doc{Key: key("a")})
	b.put(doc("a", 0, "again"))
	b.equal("created again", b.get("a"), doc("a", 1, "again"))
	b.commit(store.Change{})
	b.commit(store.Change{Cancels: []string{"never-put"}})
	b.commit(store.Change{Checks: []store.Check{{Key: key("a"), Rev: 1}, {Key: key("b"), Rev: 0}}})
	b.equal("after changes of nothing", b.get("a"), doc("a", 1, "again"))
}

func readTogether(b *bench) {
	b.put(doc("a", 0, "in the group"), doc("c", 0, "also"))
	elsewhere := store.Key{Partition: "p/maya", Kind: "need", ID: "a"}
	otherKind := store.Key{Partition: group, Kind: "claim", ID: "a"}
	b.commit(store.Change{Partition: "p/maya", Puts: []store.Doc{{Key: elsewhere, Body: []byte("a person's")}}})
	b.put(store.Doc{Key: otherKind, Body: []byte("another kind")})

	docs, err := b.s.Get(b.ctx, key("c"), elsewhere, key("b"), otherKind, key("a"), key("c"))
	if err != nil {
		b.Fatal(err)
	}
	b.equal("in the order asked", docs, []store.Doc{
		doc("c", 1, "also"),
		{Key: elsewhere, Rev: 1, Body: []byte("a person's")},
		{Key: key("b")},
		{Key: otherKind, Rev: 1, Body: []byte("another kind")},
		doc("a", 1, "in the group"),
		doc("c", 1, "also"),
	})
	docs, err = b.s.Get(b.ctx)
	if err != nil || len(docs) != 0 {
		b.Errorf("nothing asked: %v, %v", docs, err)
	}
}

func bodies(b *bench) {
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	for name, body := range map[string][]byte{
		"empty":   {},
		"newline": []byte("\n\n\x00 1 2 3\r\n"),
		"number":  []byte("12345678901234567890"),
		"binary":  everyByte,
		"big":     bytes.Repeat(everyByte, store.MaxBody/256),
	} {
		listed := []store.Entry{at("a", 1), at("b", -2)}
		b.put(store.Doc{Key: key(name), Body: body, Listed: listed})
		if got := b.get(name); !bytes.Equal(got.Body, body) || len(got.Listed) != 2 {
			b.Errorf("%s body: came back with %d bytes and %v", name, len(got.Body), got.Listed)
		}
	}
	for name, body := range map[string][]byte{
		"empty":  {},
		"text":   []byte(" - 1 2 \n"),
		"binary": everyByte,
		"big":    bytes.Repeat(everyByte, store.MaxJobBody/256),
	} {
		b.putJobs(store.Job{Partition: group, ID: name, Kind: "notice", Due: b.clock.now(), Body: body})
		if got := b.leaseOne(); !bytes.Equal(got.Body, body) {
			b.Errorf("%s job: came back with %d bytes", name, len(got.Body))
		}
	}
}

// returnedMemory: what comes back belongs to the caller, and what went in too.
func returnedMemory(b *bench) {
	body := []byte("before")
	b.put(store.Doc{Key: key("a"), Body: body})
	copy(body, "change")
	got := b.get("a")
	copy(got.Body, "change")
	if again := b.get("a"); string(again.Body) != "before" {
		b.Errorf("a caller's write changed the store: %q", again.Body)
	}
}

func stale(b *bench) {
	b.put(doc("a", 0, "one"))
	b.put(doc("a", 1, "two"))
	for what, c := range map[string]store.Change{
		"create what exists":       {Puts: []store.Doc{doc("a", 0, "x")}},
		"change an old revision":   {Puts: []store.Doc{doc("a", 1, "x")}},
		"change a coming revision": {Puts: []store.Doc{doc("a", 3, "x")}},
		"change what is missing":   {Puts: []store.Doc{doc("b", 1, "x")}},
		"delete an old revision":   {Deletes: []store.Check{{Key: key("a"), Rev: 1}}},
		"delete what is missing":   {Deletes: []store.Check{{Key: key("b"), Rev: 1}}},
		"check an old revision":    {Checks: []store.Check{{Key: key("a"), Rev: 1}}},
		"check a missing one":      {Checks: []store.Check{{Key: key("b"), Rev: 1}}},
		"check that it is missing": {Checks: []store.Check{{Key: key("a"), Rev: 0}}},
	} {
		if err := b.try(c); !errors.Is(err, store.ErrStale) {
			b.Errorf("%s: got %v", what, err)
		}
	}
	b.equal("untouched", b.get("a"), doc("a", 2, "two"))
}

// allOrNothing gives a change that does everything at once one reason to be
// refused at a time, and looks at the whole store afterwards.
func allOrNothing(b *bench) {
	b.put(doc("a", 0, "one", at("when", 1)), doc("b", 0, "one", at("when", 2)))
	b.putJobs(b.job("gone", 0), b.job("replaced", time.Hour))
	lost := b.leaseOne()
	b.commit(store.Change{Cancels: []string{"gone"}})
	b.putJobs(b.job("held", 0), b.job("kept", 2*time.Hour))
	held := b.leaseOne()

	good := func() store.Change {
		return store.Change{
			Checks:  []store.Check{{Key: key("b"), Rev: 1}, {Key: key("new"), Rev: 0}},
			Puts:    []store.Doc{doc("a", 1, "two", at("when", 5), at("open", 5)), doc("c", 0, "one", at("when", 3))},
			Deletes: []store.Check{{Key: key("b"), Rev: 1}},
			Jobs:    []store.Job{b.job("replaced", 3*time.Hour), b.job("fresh", time.Hour)},
			Cancels: []string{"kept"},
			Settles: done(held),
		}
	}
	before := b.dump("when", "open")
	for what, spoil := range map[string]func(*store.Change) error{
		"check":           func(c *store.Change) error { c.Checks[0].Rev = 7; return store.ErrStale },
		"last check":      func(c *store.Change) error { c.Checks[1].Rev = 1; return store.ErrStale },
		"put":             func(c *store.Change) error { c.Puts[0].Rev = 0; return store.ErrStale },
		"last put":        func(c *store.Change) error { c.Puts[1].Rev = 1; return store.ErrStale },
		"delete":          func(c *store.Change) error { c.Deletes[0].Rev = 2; return store.ErrStale },
		"lease cancelled": func(c *store.Change) error { c.Settles = append(c.Settles, done(lost)...); return store.ErrLeaseLost },
		"lease made up":   func(c *store.Change) error { c.Settles[0].Job.Token = "mine"; return store.ErrLeaseLost },
		"lease of another job": func(c *store.Change) error {
			c.Settles[0].Job.ID = "kept"
			return store.ErrLeaseLost
		},
		"lease lost and stale": func(c *store.Change) error {
			c.Settles[0].Job.Token, c.Puts[0].Rev = "mine", 9
			return store.ErrLeaseLost
		},
		"rule": func(c *store.Change) error { c.Jobs[1].Kind = ""; return store.ErrInvalid },
	} {
		c := good()
		want := spoil(&c)
		if err := b.try(c); !errors.Is(err, want) {
			b.Errorf("%s: got %v, want %v", what, err, want)
		}
		b.equal("after a refused "+what, b.dump("when", "open"), before)
	}

	b.commit(good())
	after := b.dump("when", "open")
	b.equal("documents", ids(after.Docs), "a c")
	b.equal("indexes", after.Indexes, map[string]string{"when": "c a 2", "open": "a 1"})
	b.equal("jobs", jobNames(after.Jobs), "g/maple fresh, g/maple replaced")
}

func jobNames(jobs []store.Job) string {
	var names []string
	for _, j := range jobs {
		names = append(names, jobName(j))
	}
	return strings.Join(names, ", ")
}

func commitAll(b *bench) {
	b.put(doc("a", 0, "one"))
	person := store.Key{Partition: "p/sam", Kind: "person", ID: "sam"}
	errs := b.s.CommitAll(b.ctx, []store.Change{
		{Partition: group, Puts: []store.Doc{doc("a", 1, "two")}},
		{Partition: group, Puts: []store.Doc{doc("a", 1, "refused"), doc("b", 0, "refused")}},
		{Partition: group, Puts: []store.Doc{doc("a", 2, "three")}, Jobs: []store.Job{b.job("j", 0)}},
		{Partition: "p/sam", Puts: []store.Doc{{Key: person, Body: []byte("sam")}}},
		{Partition: "", Cancels: []string{"x"}},
	})
	for i, want := range []error{nil, store.ErrStale, nil, nil, store.ErrInvalid} {
		if !errors.Is(errs[i], want) {
			b.Errorf("change %d: got %v, want %v", i, errs[i], want)
		}
	}
	b.equal("changed twice", b.get("a"), doc("a", 3, "three"))
	b.equal("refused", b.get("b"), store.Doc{Key: key("b")})
	held := b.leaseOne()
	b.equal("job", held.ID, "j")
	errs = b.s.CommitAll(b.ctx, []store.Change{
		{Partition: group, Settles: done(held)},
		{Partition: group, Settles: done(held), Puts: []store.Doc{doc("c", 0, "too late")}},
	})
	if errs[0] != nil || !errors.Is(errs[1], store.ErrLeaseLost) {
		b.Errorf("not in the order given: %v", errs)
	}
	if errs := b.s.CommitAll(b.ctx, nil); len(errs) != 0 {
		b.Errorf("no changes: %v", errs)
	}

	many := make([]store.Change, 3000)
	for i := range many {
		p := fmt.Sprintf("p/%d", i)
		many[i] = store.Change{Partition: p, Puts: []store.Doc{{Key: store.Key{Partition: p, Kind: "person", ID: "x"}}}}
	}
	if err := errors.Join(b.s.CommitAll(b.ctx, many)...); err != nil {
		b.Errorf("many changes: %v", err)
	}
	if docs, _ := b.walk(); len(docs) != 3002 {
		b.Errorf("%d documents after many changes", len(docs))
	}
}

func indexOrder(b *bench) {
	other := store.Key{Partition: group, Kind: "claim", ID: "z"}
	b.put(
		doc("late", 0, "", at("when", 300)), doc("early", 0, "", at("when", -5)),
		doc("b", 0, "", at("when", 7)), doc("a", 0, "", at("when", 7)), doc("a-", 0, "", at("when", 7)),
		doc("elsewhere", 0, "", at("when-not", 7)), doc("nowhere", 0, ""),
		store.Doc{Key: other, Listed: []store.Entry{at("when", 7)}},
	)
	b.commit(store.Change{Partition: "g/maple2", Puts: []store.Doc{{Key: store.Key{Partition: "g/maple2", Kind: "need", ID: "x"}, Listed: []store.Entry{at("when", 7)}}}})
	b.equal("ascending", b.listIDs(store.Query{Index: "when"}), "early z a a- b late")
	b.equal("descending", b.listIDs(store.Query{Index: "when", Backwards: true}), "late b a- a z early")
	b.equal("with documents", b.list(store.Query{Index: "when-not"}), []store.Doc{doc("elsewhere", 1, "", at("when-not", 7))})
	b.equal("an index nobody is in", b.listIDs(store.Query{Index: "whe"}), "")
}

func indexReplace(b *bench) {
	b.put(doc("a", 0, "", at("when", 1), at("open", 1)))
	b.put(doc("a", 1, "", at("when", 9), at("mine", 2)))
	b.equal("listed anew", b.get("a").Listed, []store.Entry{at("when", 9), at("mine", 2)})
	b.equal("moved", b.count("when", 9, 9), int64(1))
	b.equal("not where it was", b.count("when", 1, 1), int64(0))
	b.equal("left", b.count("open", 0, 0), int64(0))
	b.equal("joined", b.listIDs(store.Query{Index: "mine"}), "a")
	b.put(doc("a", 2, ""))
	b.equal("unlisted", b.count("when", 0, 0)+b.count("mine", 0, 0), int64(0))
	b.put(doc("a", 3, "", at("when", 4)))
	b.commit(store.Change{Deletes: []store.Check{{Key: key("a"), Rev: 4}}})
	b.equal("deleted", b.count("when", 0, 0), int64(0))
}

func indexBounds(b *bench) {
	for i := int64(-3); i <= 3; i++ {
		b.put(doc(fmt.Sprintf("n%d", i+3), 0, "", at("when", i)))
	}
	b.put(doc("least", 0, "", at("when", -store.MaxScore)), doc("most", 0, "", at("when", store.MaxScore)), doc("almost", 0, "", at("when", store.MaxScore-1)))
	for _, test := range []struct {
		from, to  int64
		want      string
		backwards string
	}{
		{-1, 1, "n2 n3 n4", "n4 n3 n2"},
		{1, 1, "n4", "n4"},
		{0, 2, "n3 n4 n5", "n5 n4 n3"},
		{-2, 0, "n1 n2 n3", "n3 n2 n1"},
		{2, 1, "", ""},
		{4, 400, "", ""},
		{3, store.MaxScore - 1, "n6 almost", "almost n6"},
		{store.MaxScore, store.MaxScore, "most", "most"},
		{-1 << 62, -3, "least n0", "n0 least"},
		{3, 1 << 62, "n6 almost most", "most almost n6"},
		{0, 0, "least n0 n1 n2 n3 n4 n5 n6 almost most", "most almost n6 n5 n4 n3 n2 n1 n0 least"},
	} {
		b.equal(fmt.Sprintf("%d to %d", test.from, test.to), b.listIDs(store.Query{Index: "when", From: test.from, To: test.to}), test.want)
		b.equal(fmt.Sprintf("%d to %d backwards", test.from, test.to), b.listIDs(store.Query{Index: "when", From: test.from, To: test.to, Backwards: true}), test.backwards)
		b.equal(fmt.Sprintf("%d to %d counted", test.from, test.to), b.count("when", test.from, test.to), int64(len(strings.Fields(test.want))))
	}
}

// pages reads an index page by page.
func (b *bench) pages(q store.Query) []store.Doc {
	b.Helper()
	var all []store.Doc
	for {
		page := b.list(q)
		all = append(all, page...)
		if len(page) < q.Limit {
			return all
		}
		if len(all) > 10*store.MaxPage {
			b.Fatal("the pages never end")
		}
		q.After = &page[len(page)-1]
	}
}

func indexPages(b *bench) {
	for i := range 10 {
		b.put(doc(fmt.Sprintf("n%d", i), 0, "", at("other", int64(-i)), at("when", int64(i/2))))
	}
	for _, limit := range []int{1, 2, 3, 5, 10, 11} {
		b.equal(fmt.Sprintf("pages of %d", limit), ids(b.pages(store.Query{Index: "when", Limit: limit})), "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9")
		b.equal(fmt.Sprintf("pages of %d backwards", limit), ids(b.pages(store.Query{Index: "when", Limit: limit, Backwards: true})), "n9 n8 n7 n6 n5 n4 n3 n2 n1 n0")
		b.equal(fmt.Sprintf("pages of %d between bounds", limit), ids(b.pages(store.Query{Index: "when", From: 1, To: 3, Limit: limit})), "n2 n3 n4 n5 n6 n7")
		b.equal(fmt.Sprintf("pages of %d between bounds backwards", limit), ids(b.pages(store.Query{Index: "when", From: 1, To: 3, Limit: limit, Backwards: true})), "n7 n6 n5 n4 n3 n2")
	}
	first := b.list(store.Query{Index: "when"})[0]
	b.equal("a page behind the bounds", b.listIDs(store.Query{Index: "when", From: 3, To: 4, After: &first}), "n6 n7 n8 n9")
	b.equal("a page before the bounds", b.listIDs(store.Query{Index: "when", From: 3, To: 4, After: &first, Backwards: true}), "")
}

func indexTies(b *bench) {
	var want []string
	var puts []store.Doc
	for i := range 50 {
		id := fmt.Sprintf("n%02d", i)
		want = append(want, id)
		puts = append(puts, doc(id, 0, "", at("same", 7)))
	}
	b.put(puts...)
	b.equal("pages of seven", ids(b.pages(store.Query{Index: "same", Limit: 7})), strings.Join(want, " "))
	backwards := strings.Fields(ids(b.pages(store.Query{Index: "same", Limit: 7, Backwards: true})))
	b.equal("as many backwards", len(backwards), len(want))
	b.equal("from the last", backwards[0], want[len(want)-1])
}

// indexAfterChange: the next page begins where the last one ended, whatever
// became of its last document.
func indexAfterChange(b *bench) {
	for i := range 6 {
		b.put(doc(fmt.Sprintf("n%d", i), 0, "", at("when", 10)))
	}
	page := b.list(store.Query{Index: "when", Limit: 3})
	last := page[2]
	b.put(doc("n2", 1, "", at("when", 99)))
	b.equal("moved away", b.listIDs(store.Query{Index: "when", After: &last}), "n3 n4 n5 n2")
	b.equal("moved away, backwards", b.listIDs(store.Query{Index: "when", After: &last, Backwards: true}), "n1 n0")
	b.commit(store.Change{Deletes: []store.Check{{Key: key("n2"), Rev: 2}}})
	b.equal("deleted", b.listIDs(store.Query{Index: "when", After: &last}), "n3 n4 n5")
	b.equal("deleted, backwards", b.listIDs(store.Query{Index: "when", After: &last, Backwards: true}), "n1 n0")
}

// longIndex goes beyond what one page, and one internal batch, can give.
func longIndex(b *bench) {
	const n = 2*store.MaxPage + 500
	for begin := 0; begin < n; begin += 500 {
		var puts []store.Doc
		for i := begin; i < begin+500; i++ {
			d := doc(fmt.Sprintf("n%05d", i), 0, "", at("when", int64(i/3)))
			if i >= 100 && i < 1600 {
				d.Expires = b.clock.now().Add(time.Hour)
			}
			puts = append(puts, d)
		}
		b.put(puts...)
	}
	b.equal("a full page", len(b.list(store.Query{Index: "when"})), store.MaxPage)
	b.equal("all of it", len(b.pages(store.Query{Index: "when", Limit: store.MaxPage})), n)
	b.clock.move(time.Hour)
	b.equal("a page over what has expired", len(b.list(store.Query{Index: "when"})), n-1500)
	b.equal("backwards", len(b.list(store.Query{Index: "when", Backwards: true})), n-1500)
	page := b.list(store.Query{Index: "when", Limit: 101})
	b.equal("the last of the page", page[100].ID, "n01600")
}

func expiry(b *bench) {
	d := doc("a", 0, "short-lived", at("when", 1))
	d.Expires = b.clock.now().Add(time.Hour)
	b.put(d, doc("b", 0, "stays", at("when", 2)))
	b.equal("its expiry", b.get("a").Expires, d.Expires)

	b.clock.move(time.Hour - time.Millisecond)
	b.equal("just before", b.get("a").Rev, int64(1))
	b.equal("listed just before", b.listIDs(store.Query{Index: "when"}), "a b")

	b.clock.move(time.Millisecond)
	b.equal("at the instant", b.get("a"), store.Doc{Key: key("a")})
	b.equal("listed at the instant", b.listIDs(store.Query{Index: "when"}), "b")
	docs, _ := b.walk()
	b.equal("walked at the instant", ids(docs), "b")
	b.refused(store.ErrStale, store.Change{Puts: []store.Doc{doc("a", 1, "x")}})
	b.refused(store.ErrStale, store.Change{Deletes: []store.Check{{Key: key("a"), Rev: 1}}})
	b.refused(store.ErrStale, store.Change{Checks: []store.Check{{Key: key("a"), Rev: 1}}})
	b.commit(store.Change{Checks: []store.Check{{Key: key("a"), Rev: 0}}})

	never := doc("b", 1, "expires after all", at("when", 2))
	never.Expires = b.clock.now().Add(time.Minute)
	b.put(never)
	stays := doc("b", 2, "stays after all", at("when", 2))
	b.put(stays)
	b.clock.move(time.Hour)
	b.equal("an expiry taken back", b.get("b").Rev, int64(3))
}

func expiredAnew(b *bench) {
	d := doc("a", 0, "first life", at("when", 1), at("open", 1))
	d.Expires = b.clock.now().Add(time.Hour)
	b.put(d)
	b.clock.move(time.Hour)
	anew := doc("a", 0, "second life", at("when", 9))
	anew.Expires = b.clock.now().Add(time.Hour)
	b.put(anew)
	b.equal("alive again", string(b.get("a").Body), "second life")
	b.equal("listed once", b.count("when", 0, 0), int64(1))
	b.equal("not where it was", b.count("open", 0, 0), int64(0))
	if n, err := b.s.Sweep(b.ctx, 100); n != 0 || err != nil {
		b.Errorf("sweep took %d, %v", n, err)
	}
	b.equal("not swept", b.get("a").Rev, int64(1))
	past := doc("b", 0, "never seen", at("when", 9))
	past.Expires = b.clock.now()
	b.put(past)
	b.equal("expired when put", b.get("b").Rev, int64(0))
}

func sweep(b *bench) {
	for i := range 30 {
		p := fmt.Sprintf("p/%d", i)
		d := store.Doc{Key: store.Key{Partition: p, Kind: "note", ID: "x"}, Listed: []store.Entry{at("all", 1)}}
		if i%3 != 0 {
			d.Expires = b.clock.now().Add(time.Duration(i) * time.Minute)
		}
		b.commit(store.Change{Partition: p, Puts: []store.Doc{d}})
	}
	sweepAll := func(limit int) (total int) {
		for {
			n, err := b.s.Sweep(b.ctx, limit)
			if err != nil || n > limit {
				b.Fatalf("sweep of %d took %d, %v", limit, n, err)
			}
			if total += n; n < limit {
				return total
			}
			if total > 100 {
				b.Fatal("the sweep never ends")
			}
		}
	}
	b.equal("nothing expired yet", sweepAll(100), 0)
	b.clock.move(10 * time.Minute)
	b.equal("some expired", sweepAll(2), 7)
	n, err := b.s.Count(b.ctx, "p/1", "all", 0, 0)
	if n != 0 || err != nil {
		b.Errorf("still counted after the sweep: %d, %v", n, err)
	}
	counts, err := b.s.Counts(b.ctx, store.Range{Partition: "p/0", Index: "all"}, store.Range{Partition: "p/1", Index: "all"},
		store.Range{Partition: "p/29", Index: "all", From: 1, To: 1}, store.Range{Partition: "p/29", Index: "all", From: 2, To: 3}, store.Range{Partition: "p/none", Index: "all"})
	if err != nil {
		b.Errorf("several counts: %v", err)
	}
	b.equal("several counts, in their order", fmt.Sprint(counts), "[1 0 1 0 0]")
	if none, err := b.s.Counts(b.ctx); err != nil || len(none) != 0 {
		b.Errorf("no counts: %v, %v", none, err)
	}
	b.clock.move(time.Hour)
	b.equal("the rest", sweepAll(1000), 13)
	b.equal("no more", sweepAll(1000), 0)
	docs, _ := b.walk()
	b.equal("what never expires", len(docs), 10)
}

// times: nothing early, nothing seen after its end, whatever the fraction.
func times(b *bench) {
	denver := time.FixedZone("", -7*3600)
	fraction := 300 * time.Microsecond
	d := doc("a", 0, "")
	d.Expires = b.clock.now().Add(time.Second + fraction).In(denver)
	j := b.job("j", 2*time.Second+fraction)
	j.Due = j.Due.In(denver)
	b.commit(store.Change{Puts: []store.Doc{d}, Jobs: []store.Job{j}})
	b.equal("expiry rounded down, in UTC", b.get("a").Expires, start.Add(time.Second))
	b.clock.move(time.Second + fraction)
	b.equal("not seen at its end", b.get("a").Rev, int64(0))
	b.clock.move(time.Second - time.Microsecond)
	b.leaseNone()
	b.clock.move(time.Millisecond)
	b.equal("due rounded up, in UTC", b.leaseOne().Due, start.Add(2*time.Second+time.Millisecond))
	b.refused(store.ErrInvalid, store.Change{Jobs: []store.Job{{Partition: group, ID: "x", Kind: "k"}}})
	far := store.Job{Partition: group, ID: "far", Kind: "k", Due: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}
	long := store.Job{Partition: group, ID: "long", Kind: "k", Due: time.UnixMilli(1).UTC()}
	b.putJobs(far, long)
	b.equal("due long ago", b.leaseOne().Due, long.Due)
	b.equal("due far ahead", b.pending()[2].Due, far.Due)
	lasting := doc("lasting", 0, "", at("when", 1))
	lasting.Expires = far.Due
	b.put(lasting)
	b.equal("expires far ahead", b.get("lasting").Expires, far.Due)
	b.equal("listed until then", b.listIDs(store.Query{Index: "when"}), "lasting")
}
