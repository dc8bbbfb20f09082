package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"village/internal/store"
)

// A pipeline is cut when it has this many changes, scripts of their own or bytes,
// so that neither side has to hold much of it, and a slow Redis answers in time.
const (
	batchChanges = 500
	batchScripts = 100
	batchBytes   = 1 << 20
)

// ways is how many round trips for the changes of many goroutines may be under
// way at a time, and how many for their reads.
const ways = 4

// Commit applies a change or nothing of it. Changes of many goroutines share
// round trips.
func (s *Store) Commit(ctx context.Context, c store.Change) error {
	if err := c.Validate(); err != nil {
		return err
	}
	refused, err := s.commits.do(ctx, layOut(c, s.now()))
	if err != nil {
		return err
	}
	return refused
}

// CommitAll sends the changes in pipelines: one script for each, or one for
// many that only settle leases.
func (s *Store) CommitAll(ctx context.Context, cs []store.Change) []error {
	errs := make([]error, len(cs))
	now := s.now()
	valid := make([]laidOut, 0, len(cs))
	which := make([]int, 0, len(cs))
	for i, c := range cs {
		if errs[i] = c.Validate(); errs[i] == nil {
			valid, which = append(valid, layOut(c, now)), append(which, i)
		}
	}
	for n, err := range s.apply(ctx, valid) {
		errs[which[n]] = err
	}
	return errs
}

// laidOut is a change as the scripts read it. It shares nothing with the
// change's own bodies.
type laidOut struct {
	shard int
	// call is a script of its own; it has none when the change only settles
	// leases, and settles is then its part of lua/settle.lua's arguments.
	call    call
	settles []any
	bytes   int
}

func layOut(c store.Change, now time.Time) laidOut {
	l := laidOut{shard: shardOf(c.Partition), bytes: bodyBytes(c)}
	if len(c.Settles) == 0 || len(c.Puts)+len(c.Checks)+len(c.Deletes)+len(c.Cancels)+len(c.Jobs) > 0 {
		l.call = commitCall(c, now)
	} else {
		args := make([]any, 0, 2+3*len(c.Settles))
		l.settles = appendSettles(append(args, c.Partition, len(c.Settles)), c.Settles)
	}
	return l
}

// apply sends changes in pipelines, in order within a shard. The answer has one
// error, or nil, for every change.
func (s *Store) apply(ctx context.Context, changes []laidOut) []error {
	errs := make([]error, 0, len(changes))
	for len(changes) > 0 {
		n, scripts, bytes := 0, 0, 0
		for n < len(changes) && n < batchChanges && scripts < batchScripts && bytes < batchBytes {
			bytes += changes[n].bytes
			if len(changes[n].settles) == 0 {
				scripts++
			}
			n++
		}
		errs = append(errs, s.pipeline(ctx, changes[:n])...)
		changes = changes[n:]
	}
	return errs
}

func (s *Store) pipeline(ctx context.Context, changes []laidOut) []error {
	errs := make([]error, len(changes))
	if err := ctx.Err(); err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	var b batch
	for i, c := range changes {
		b.add(i, c)
	}
	for shard := range shards {
		b.closeSettle(shard)
	}
	answers, failed := s.runAll(ctx, b.calls)
	for n, which := range b.which {
		for k, i := range which {
			if errs[i] = failed[n]; failed[n] != nil {
				continue
			}
			code := answers[n]
			if each, ok := code.([]any); ok && len(each) == len(which) {
				code = each[k]
			}
			errs[i] = s.verdict(code)
		}
	}
	return errs
}

// batch gathers the calls of one pipeline.
type batch struct {
	calls   []call
	which   [][]int         // for each call, the changes it answers for
	settles [shards]*settle // calls that still take more settlements
}

// settle is a call that is being filled.
type settle struct {
	args  []any
	which []int
}

func (b *batch) add(i int, c laidOut) {
	if c.settles == nil {
		// What was to be settled before this change stays before it.
		b.closeSettle(c.shard)
		b.calls, b.which = append(b.calls, c.call), append(b.which, []int{i})
		return
	}
	if b.settles[c.shard] == nil {
		b.settles[c.shard] = &settle{args: []any{jobsPrefix(c.shard)}}
	}
	open := b.settles[c.shard]
	open.args = append(open.args, c.settles...)
	open.which = append(open.which, i)
}

func (b *batch) closeSettle(shard int) {
	if open := b.settles[shard]; open != nil {
		b.calls = append(b.calls, call{script: settleScript, keys: []string{dueKey(shard), leasesKey(shard)}, args: open.args})
		b.which = append(b.which, open.which)
		b.settles[shard] = nil
	}
}

// verdict is what lua/commit.lua and lua/settle.lua return for a change.
func (s *Store) verdict(answer any) error {
	switch answer {
	case int64(0):
		return nil
	case int64(1):
		return store.ErrStale
	case int64(2):
		return store.ErrLeaseLost
	case int64(3):
		return fmt.Errorf("%w: too many items in one change", store.ErrInvalid)
	}
	if answer == int64(4) {
		return s.explain(errGone)
	}
	return fmt.Errorf("a script answered %v", answer)
}

// commitCall lays a change out as lua/commit.lua reads it.
func commitCall(c store.Change, now time.Time) call {
	shard := shardOf(c.Partition)
	args := make([]any, 0, 12+3*len(c.Settles)+8*len(c.Puts)+2*len(c.Checks)+2*len(c.Deletes)+len(c.Cancels)+3*len(c.Jobs))
	args = append(args, now.UnixMilli(), store.MaxItems, c.Partition,
		docsPrefix(shard)+c.Partition+" ", indexPrefix(shard)+c.Partition+" ", known.Milliseconds())
	args = appendSettles(append(args, len(c.Settles)), c.Settles)
	args = append(args, len(c.Puts))
	for _, d := range c.Puts {
		args = append(args, member(d.Key), d.Rev, store.ExpiryMilli(d.Expires), lifetime(d.Expires, now), encodeDoc(d), len(d.Listed))
		for _, e := range d.Listed {
			args = append(args, e.Name, e.Score)
		}
	}
	for _, checks := range [][]store.Check{c.Checks, c.Deletes} {
		args = append(args, len(checks))
		for _, k := range checks {
			args = append(args, member(k.Key), k.Rev)
		}
	}
	args = append(args, len(c.Cancels))
	for _, id := range c.Cancels {
		args = append(args, id)
	}
	args = append(args, len(c.Jobs))
	for _, j := range c.Jobs {
		args = append(args, j.ID, strconv.FormatInt(store.Place(store.DueMilli(j.Due), j.Urgent), 10), append([]byte(j.Kind+" "), j.Body...))
	}
	return call{script: commitScript, keys: []string{dueKey(shard), expiryKey(shard), jobsKey(c.Partition), leasesKey(shard), versionKey(shard)}, args: args}
}

// appendSettles lays settlements out as the scripts read them.
func appendSettles(args []any, settles []store.Settlement) []any {
	for _, settlement := range settles {
		again := int64(0)
		if !settlement.RetryAt.IsZero() {
			again = store.DueMilli(settlement.RetryAt)
		}
		args = append(args, settlement.Job.ID, settlement.Job.Token, again)
	}
	return args
}

// lifetime is how long the server itself keeps a document, in milliseconds; 0
// means for ever.
func lifetime(expires, now time.Time) int64 {
	if expires.IsZero() {
		return 0
	}
	left := store.ExpiryMilli(expires) - now.UnixMilli() + grace.Milliseconds()
	return min(max(1, left), farAway.Milliseconds())
}

func bodyBytes(c store.Change) int {
	n := 0
	for _, d := range c.Puts {
		n += len(d.Body)
	}
	for _, j := range c.Jobs {
		n += len(j.Body)
	}
	return n
}
