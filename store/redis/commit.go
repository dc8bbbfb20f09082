package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"villagebot/store"
)

// A pipeline is cut when it has this many changes or bytes, so that neither
// side has to hold much of it.
const (
	batchChanges = 500
	batchBytes   = 1 << 20
)

// Commit applies a change or nothing of it.
func (s *Store) Commit(ctx context.Context, c store.Change) error {
	return s.CommitAll(ctx, []store.Change{c})[0]
}

// CommitAll sends the changes in pipelines: one script for each, or one for
// many that only settle leases.
func (s *Store) CommitAll(ctx context.Context, cs []store.Change) []error {
	errs := make([]error, len(cs))
	b := batch{s: s, now: s.now(), errs: errs}
	for i, c := range cs {
		if errs[i] = c.Validate(); errs[i] != nil {
			continue
		}
		if errs[i] = ctx.Err(); errs[i] != nil {
			continue
		}
		if b.add(i, c); b.changes == batchChanges || b.bytes >= batchBytes {
			b.flush(ctx)
		}
	}
	b.flush(ctx)
	return errs
}

// batch gathers the calls of one pipeline.
type batch struct {
	s       *Store
	now     time.Time
	errs    []error
	calls   []call
	which   [][]int         // for each call, the changes it answers for
	settles [shards]*settle // calls that still take more settlements
	changes int
	bytes   int
}

// settle is a call that is being filled.
type settle struct {
	args  []any
	which []int
}

func (b *batch) add(i int, c store.Change) {
	b.changes++
	b.bytes += bodyBytes(c)
	shard := shardOf(c.Partition)
	if len(c.Settles) == 0 || len(c.Puts)+len(c.Checks)+len(c.Deletes)+len(c.Cancels)+len(c.Jobs) > 0 {
		// What was to be settled before this change stays before it.
		b.closeSettle(shard)
		b.calls, b.which = append(b.calls, commitCall(c, b.now)), append(b.which, []int{i})
		return
	}
	if b.settles[shard] == nil {
		b.settles[shard] = &settle{args: []any{jobsPrefix(shard)}}
	}
	open := b.settles[shard]
	open.args = appendSettles(append(open.args, c.Partition, len(c.Settles)), c.Settles)
	open.which = append(open.which, i)
}

func (b *batch) closeSettle(shard int) {
	if open := b.settles[shard]; open != nil {
		b.calls = append(b.calls, call{script: settleScript, keys: []string{dueKey(shard)}, args: open.args})
		b.which = append(b.which, open.which)
		b.settles[shard] = nil
	}
}

func (b *batch) flush(ctx context.Context) {
	for shard := range shards {
		b.closeSettle(shard)
	}
	if len(b.calls) == 0 {
		return
	}
	answers, failed := b.s.runAll(ctx, b.calls)
	for n, which := range b.which {
		for k, i := range which {
			if b.errs[i] = failed[n]; failed[n] != nil {
				continue
			}
			code := answers[n]
			if each, ok := code.([]any); ok && len(each) == len(which) {
				code = each[k]
			}
			b.errs[i] = verdict(code)
		}
	}
	*b = batch{s: b.s, now: b.now, errs: b.errs}
}

// verdict is what lua/commit.lua and lua/settle.lua return for a change.
func verdict(answer any) error {
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
		args = append(args, j.ID, strconv.FormatInt(store.DueMilli(j.Due), 10), append([]byte(j.Kind+" "), j.Body...))
	}
	return call{script: commitScript, keys: []string{dueKey(shard), expiryKey(shard), jobsKey(c.Partition)}, args: args}
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
