package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"village/store"
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

// CommitAll sends the changes in pipelines, one script for each.
func (s *Store) CommitAll(ctx context.Context, cs []store.Change) []error {
	errs := make([]error, len(cs))
	now := s.now()
	var calls []call
	var which []int
	size := 0
	flush := func() {
		answers, failed := s.runAll(ctx, calls)
		for n, i := range which {
			errs[i] = failed[n]
			if errs[i] == nil {
				errs[i] = verdict(answers[n])
			}
		}
		calls, which, size = nil, nil, 0
	}
	for i, c := range cs {
		if errs[i] = c.Validate(); errs[i] != nil {
			continue
		}
		if errs[i] = ctx.Err(); errs[i] != nil {
			continue
		}
		calls, which = append(calls, commitCall(c, now)), append(which, i)
		if size += bodyBytes(c); len(calls) == batchChanges || size >= batchBytes {
			flush()
		}
	}
	if len(calls) > 0 {
		flush()
	}
	return errs
}

// verdict is what lua/commit.lua returns.
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
	return fmt.Errorf("commit.lua answered %v", answer)
}

// commitCall lays a change out as lua/commit.lua reads it.
func commitCall(c store.Change, now time.Time) call {
	shard := shardOf(c.Partition)
	args := make([]any, 0, 11+3*len(c.Settles)+8*len(c.Puts)+2*len(c.Checks)+2*len(c.Deletes)+len(c.Cancels)+3*len(c.Jobs))
	args = append(args, now.UnixMilli(), store.MaxItems, c.Partition,
		docsPrefix(shard)+c.Partition+" ", indexPrefix(shard)+c.Partition+" ")
	args = append(args, len(c.Settles))
	for _, settlement := range c.Settles {
		again := int64(0)
		if !settlement.RetryAt.IsZero() {
			again = store.DueMilli(settlement.RetryAt)
		}
		args = append(args, settlement.Job.ID, settlement.Job.Token, again)
	}
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

// lifetime is how long the server itself keeps a document, in milliseconds; 0
// means for ever.
func lifetime(expires, now time.Time) int64 {
	if expires.IsZero() {
		return 0
	}
	return max(1, store.ExpiryMilli(expires)-now.UnixMilli()+grace.Milliseconds())
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
