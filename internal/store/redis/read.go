package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"village/internal/store"
)

// What one script may look at, so that it does not hold up the server: entries
// of an index, bytes of documents, expired documents.
const (
	listEntries = 2000
	listBytes   = 4 << 20
	sweepBatch  = 500
)

// fewKeys is how many documents a Get may ask for to share a round trip with
// others, readCalls how many share one.
const (
	fewKeys   = 8
	readCalls = 250
	// listCalls is how many pages of indexes share one round trip.
	listCalls = 32
)

// scanCount is how many keys one step of a walk looks at, walkPage how many
// documents it reads at once.
const (
	scanCount = 1000
	walkPage  = 100
)

// Get reads documents; see store.Store. Small reads of many goroutines share
// round trips.
func (s *Store) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := store.ValidateKeys(keys); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil || len(keys) == 0 {
		return []store.Doc{}, err
	}
	var values []any
	var err error
	if len(keys) <= fewKeys {
		var r read
		r, err = s.reads.do(ctx, keys)
		values, err = r.values, errors.Join(err, r.err)
	} else {
		values, err = s.values(ctx, keys)
	}
	if err != nil {
		return nil, err
	}
	now := s.now()
	found := make([]store.Doc, len(keys))
	for i, k := range keys {
		found[i] = store.Doc{Key: k}
		value, ok := values[i].(string)
		if !ok {
			continue
		}
		d, err := decodeDoc(k, value)
		if err != nil {
			return nil, err
		}
		if !gone(d, now) {
			found[i] = d
		}
	}
	return found, nil
}

// read is the values of one Get's documents, nil where there is none.
type read struct {
	values []any
	err    error
}

// readTogether reads for several callers in one round trip.
func (s *Store) readTogether(ctx context.Context, calls [][]store.Key) []read {
	values, err := s.values(ctx, slices.Concat(calls...))
	reads := make([]read, len(calls))
	for i, keys := range calls {
		if err != nil {
			reads[i].err = err
			continue
		}
		reads[i].values, values = values[:len(keys)], values[len(keys):]
	}
	return reads
}

// values reads documents as they are kept. All keys of a shard go into one
// MGET, so a partition is read at one instant.
func (s *Store) values(ctx context.Context, keys []store.Key) ([]any, error) {
	var names [shards][]string
	var places [shards][]int
	for i, k := range keys {
		shard := shardOf(k.Partition)
		if names[shard] == nil {
			names[shard] = append(names[shard], versionKey(shard))
		}
		names[shard] = append(names[shard], docKey(k))
		places[shard] = append(places[shard], i)
	}
	var answers [shards]*goredis.SliceCmd
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			if len(names[shard]) > 0 {
				answers[shard] = p.MGet(ctx, names[shard]...)
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(err)
	}
	values := make([]any, len(keys))
	for shard := range shards {
		if answers[shard] != nil && answers[shard].Val()[0] == nil {
			return nil, s.explain(errGone)
		}
		for n, i := range places[shard] {
			values[i] = answers[shard].Val()[n+1]
		}
	}
	return values, nil
}

// listed is what list.lua answered.
type listed struct {
	answer any
	err    error
}

// listTogether reads pages of indexes for several callers in one round trip.
func (s *Store) listTogether(ctx context.Context, calls []call) []listed {
	answers, errs := s.runAll(ctx, calls)
	pages := make([]listed, len(calls))
	for i := range pages {
		pages[i] = listed{answers[i], errs[i]}
	}
	return pages
}

// List reads a page of an index; see store.Store. Pages for many goroutines share round
// trips.
func (s *Store) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	span, err := q.Span()
	if err != nil {
		return nil, err
	}
	score, behind := span.After.Score, ""
	if span.HasAfter {
		behind = member(q.After.Key)
	}
	backwards := 0
	if q.Backwards {
		backwards = 1
	}
	docs := docsPrefix(shardOf(q.Partition)) + q.Partition + " "
	var page []store.Doc
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found, err := s.lists.do(ctx, call{
			script: listScript, keys: []string{indexKey(q.Partition, q.Index), versionKey(shardOf(q.Partition))},
			args: []any{docs, s.now().UnixMilli(), span.From, span.To, span.Limit - len(page), backwards, score, behind, listEntries, listBytes},
		})
		if err = errors.Join(err, found.err); err != nil {
			return nil, err
		}
		words, err := texts(found.answer)
		if err == nil && len(words) == 0 {
			return nil, s.explain(errGone)
		}
		if err != nil || len(words) < 2 {
			return nil, fmt.Errorf("list.lua answered something else: %w", errDamaged)
		}
		for i := 2; i+1 < len(words); i += 2 {
			d, err := decodeDoc(splitMember(q.Partition, words[i]), words[i+1])
			if err != nil {
				return nil, err
			}
			page = append(page, d)
		}
		if behind = words[1]; behind == "" {
			return page, nil
		}
		if score, err = scoreOf(words[0]); err != nil {
			return nil, err
		}
	}
}

// texts reads a script's flat list.
func texts(answer any) ([]string, error) {
	list, ok := answer.([]any)
	if !ok {
		return nil, errDamaged
	}
	words := make([]string, len(list))
	for i, v := range list {
		if words[i], ok = v.(string); !ok {
			return nil, errDamaged
		}
	}
	return words, nil
}

// Count counts an index's entries; see store.Store.
func (s *Store) Count(ctx context.Context, partition, index string, from, to int64) (int64, error) {
	counts, err := s.Counts(ctx, store.Range{Partition: partition, Index: index, From: from, To: to})
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// Counts counts several ranges; see store.Store.
func (s *Store) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	spans, err := store.CountSpans(ranges)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	answers := make([]*goredis.IntCmd, len(ranges))
	_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, r := range ranges {
			answers[i] = p.ZCount(ctx, indexKey(r.Partition, r.Index), fmt.Sprint(spans[i].From), fmt.Sprint(spans[i].To))
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(err)
	}
	counts := make([]int64, len(ranges))
	for i, answer := range answers {
		counts[i] = answer.Val()
	}
	return counts, nil
}

// dueShare is what a shard has of one rank that is due, and how much of it to take.
type dueShare struct {
	shard  int
	oldest float64
	n      int
	take   int
}

// Lease hands out due jobs; see store.Store. It looks at every shard first and
// takes from each its share, so that no partition waits for another shard's crowd.
func (s *Store) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.lease(ctx, limit, hold, false)
}

// LeaseUrgent hands out urgent jobs; see store.Store.
func (s *Store) LeaseUrgent(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.lease(ctx, limit, hold, true)
}

func (s *Store) lease(ctx context.Context, limit int, hold time.Duration, urgentAlone bool) ([]store.Job, error) {
	if err := store.ValidateLease(limit, hold); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now := s.now()
	s.takeBack(ctx, now)
	urgent, others, lookErr := s.lookDue(ctx, now, urgentAlone)
	left := divide(urgent, limit)
	divide(others, left)
	var take [shards]int
	for _, d := range slices.Concat(urgent, others) {
		take[d.shard] += d.take
	}
	alone := "0"
	if urgentAlone {
		alone = "1"
	}
	var calls []call
	var asked []unheard
	for shard, n := range take {
		if n > 0 {
			q := unheard{shard: shard, token: s.token(), since: now, until: now.Add(hold)}
			asked = append(asked, q)
			calls = append(calls, call{
				script: leaseScript, keys: []string{dueKey(shard), leasesKey(shard)},
				args: []any{jobsPrefix(shard), now.UnixMilli(), store.DueMilli(q.until), n, q.token, alone},
			})
		}
	}
	if len(calls) == 0 {
		return nil, lookErr
	}
	answers, errs := s.runAll(ctx, calls)
	var leased []store.Job
	for i, answer := range answers {
		if errs[i] != nil {
			s.unheard.add(asked[i])
			continue
		}
		jobs, err := decodeLeased(answer)
		if err != nil {
			return nil, err
		}
		leased = append(leased, jobs...)
	}
	if len(leased) == 0 {
		return nil, errors.Join(append(errs, lookErr)...)
	}
	// A shard that did not answer shows again with the next lease; what the
	// others gave is ours and must not wait for it.
	slices.SortFunc(leased, store.ByRank)
	return leased, nil
}

// token begins the tokens of one call, with the process's name if it has one. It
// need only differ from the same job's other leases, and a short one keeps a
// partition's jobs in Redis's small form.
func (s *Store) token() string {
	token := rand.Text()[:8] + "-"
	if mark := s.mark.Load(); mark != nil {
		return *mark + token
	}
	return token
}

// look is a question about one rank in one shard.
type look struct {
	first *goredis.ZSliceCmd
	count *goredis.IntCmd
}

// ask asks for the first job of a rank, and how many of it are due.
func ask(ctx context.Context, p goredis.Pipeliner, shard int, now int64, urgent bool) look {
	from, to := "0", "+inf"
	if urgent {
		from, to = "-inf", "(0"
	}
	return look{
		first: p.ZRangeByScoreWithScores(ctx, dueKey(shard), &goredis.ZRangeBy{Min: from, Max: to, Count: 1}),
		count: p.ZCount(ctx, dueKey(shard), from, fmt.Sprint(store.Place(now, urgent))),
	}
}

// share is what a look has found; nil when nothing is due.
func (l look) share(shard int) []*dueShare {
	n, entries := int(l.count.Val()), l.first.Val()
	if n == 0 || len(entries) == 0 {
		return nil
	}
	return []*dueShare{{shard: shard, oldest: entries[0].Score, n: n}}
}

// lookDue says for every shard that has something due how much it is, by rank. A
// shard that does not answer is left out, and its error is returned.
func (s *Store) lookDue(ctx context.Context, now time.Time, urgentAlone bool) (urgent, others []*dueShare, err error) {
	var first, second [shards]look
	_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			first[shard] = ask(ctx, p, shard, now.UnixMilli(), true)
			if !urgentAlone {
				second[shard] = ask(ctx, p, shard, now.UnixMilli(), false)
			}
		}
		return nil
	})
	if err != nil {
		err = s.explain(err)
	}
	for shard := range shards {
		urgent = append(urgent, first[shard].share(shard)...)
		if !urgentAlone {
			others = append(others, second[shard].share(shard)...)
		}
	}
	return urgent, others, err
}

// divide shares the limit among the shards by how much each has due, and what
// is left over by whose is the oldest. It says how much of the limit is left.
func divide(due []*dueShare, limit int) (left int) {
	slices.SortFunc(due, func(a, b *dueShare) int { return cmp.Compare(a.oldest, b.oldest) })
	total := 0
	for _, d := range due {
		total += d.n
	}
	left = limit
	for _, d := range due {
		d.take = min(d.n, left, max(1, limit*d.n/total))
		left -= d.take
	}
	for _, d := range due {
		more := min(d.n-d.take, left)
		d.take += more
		left -= more
	}
	return left
}

func decodeLeased(answer any) ([]store.Job, error) {
	words, err := texts(answer)
	if err != nil {
		return nil, err
	}
	var jobs []store.Job
	for i := 0; i+2 < len(words); i += 3 {
		partition, id, _ := strings.Cut(words[i], " ")
		j, err := decodeJob(partition, id, words[i+1], words[i+2])
		if err != nil {
			return nil, err
		}
		j.Replaced = wasReplaced(words[i+1])
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// NextDue says when something is due; see store.Store.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, false, err
	}
	var first [2 * shards]*goredis.ZSliceCmd
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			first[2*shard] = p.ZRangeByScoreWithScores(ctx, dueKey(shard), &goredis.ZRangeBy{Min: "-inf", Max: "(0", Count: 1})
			first[2*shard+1] = p.ZRangeByScoreWithScores(ctx, dueKey(shard), &goredis.ZRangeBy{Min: "0", Max: "+inf", Count: 1})
		}
		return nil
	})
	if err != nil {
		return time.Time{}, false, s.explain(err)
	}
	next, found := s.unheard.look(s.now())
	for _, answer := range first {
		for _, entry := range answer.Val() {
			if at, _ := store.FromPlace(int64(entry.Score)); !found || at < next {
				next, found = at, true
			}
		}
	}
	return store.FromMilli(next), found, nil
}

// Pending lists a partition's jobs; see store.Store.
func (s *Store) Pending(ctx context.Context, partition string, limit int) ([]store.Job, error) {
	if err := store.ValidatePending(partition, limit); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	pending, err := s.jobs(ctx, partition, nil)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(pending, store.ByDue)
	if limit == 0 {
		limit = len(pending)
	}
	return pending[:min(limit, len(pending))], nil
}

// jobs reads a partition's jobs, without their tokens: those of the ids that are
// there, or all of them when none is given.
func (s *Store) jobs(ctx context.Context, partition string, ids []string) ([]store.Job, error) {
	args := make([]any, 0, 1+len(ids))
	args = append(args, partition)
	for _, id := range ids {
		args = append(args, id)
	}
	answer, err := s.run(ctx, call{script: jobsScript, keys: []string{dueKey(shardOf(partition)), leasesKey(shardOf(partition)), jobsKey(partition)}, args: args})
	if err != nil {
		return nil, err
	}
	words, err := texts(answer)
	if err != nil {
		return nil, err
	}
	var found []store.Job
	for i := 0; i+2 < len(words); i += 3 {
		j, err := decodeJob(partition, words[i], words[i+1], words[i+2])
		if err != nil {
			return nil, err
		}
		j.Token = ""
		found = append(found, j)
	}
	return found, nil
}
