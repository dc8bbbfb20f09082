package redis

import (
	"context"
	"errors"
	"slices"
	"village/internal/store"

	goredis "github.com/redis/go-redis/v9"
)

// Walk visits everything; see store.Store. It remembers every key it has seen,
// because Redis may show one twice.
func (s *Store) Walk(ctx context.Context, doc func(store.Doc) error, job func(store.Job) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.there(ctx); err != nil {
		return err
	}
	nodes, err := s.masters(ctx)
	if err != nil {
		return s.explain(err)
	}
	visits := []struct {
		pattern string
		visit   func(keys []string) error
	}{
		{docsPattern(), func(keys []string) error { return s.walkDocs(ctx, keys, doc) }},
		{jobsPattern(), func(keys []string) error { return s.walkJobs(ctx, keys, job) }},
	}
	for _, v := range visits {
		seen := map[string]bool{}
		for _, node := range nodes {
			if err := s.scan(ctx, node, v.pattern, seen, v.visit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) scan(ctx context.Context, node *goredis.Client, pattern string, seen map[string]bool, visit func(keys []string) error) error {
	cursor := uint64(0)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		keys, next, err := node.Scan(ctx, cursor, pattern, scanCount).Result()
		if err != nil {
			return s.explain(err)
		}
		var fresh []string
		for _, k := range keys {
			if !seen[k] {
				seen[k] = true
				fresh = append(fresh, k)
			}
		}
		for part := range slices.Chunk(fresh, walkPage) {
			if err := visit(part); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func (s *Store) walkDocs(ctx context.Context, keys []string, doc func(store.Doc) error) error {
	values := make([]*goredis.StringCmd, len(keys))
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, k := range keys {
			values[i] = p.Get(ctx, k)
		}
		return nil
	})
	if err != nil && !errors.Is(err, goredis.Nil) {
		return s.explain(err)
	}
	now := s.now()
	for i, k := range keys {
		value, err := values[i].Result()
		if errors.Is(err, goredis.Nil) {
			continue
		}
		if err != nil {
			return s.explain(err)
		}
		d, err := decodeDoc(splitDocKey(k), value)
		if err != nil {
			return err
		}
		if gone(d, now) {
			continue
		}
		if err := doc(d); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) walkJobs(ctx context.Context, keys []string, job func(store.Job) error) error {
	for _, k := range keys {
		seen := map[string]bool{}
		cursor := uint64(0)
		for {
			pairs, next, err := s.client.HScan(ctx, k, cursor, "", scanCount).Result()
			if err != nil {
				return s.explain(err)
			}
			var fresh []string
			for i := 0; i+1 < len(pairs); i += 2 {
				if !seen[pairs[i]] {
					seen[pairs[i]] = true
					fresh = append(fresh, pairs[i])
				}
			}
			for ids := range slices.Chunk(fresh, scanCount) {
				jobs, err := s.jobs(ctx, splitKey(k), ids)
				if err != nil {
					return err
				}
				for _, j := range jobs {
					if err := job(j); err != nil {
						return err
					}
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return nil
}

// Sweep removes what has expired; see store.Store. Every sweep begins at
// another shard, so that a small limit does not always serve the same ones.
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) {
	if err := store.ValidateSweep(limit); err != nil {
		return 0, err
	}
	begin := int(s.sweepFrom.Add(1))
	total := 0
	for i := range shards {
		shard := (begin + i) % shards
		for total < limit {
			if err := ctx.Err(); err != nil {
				return total, err
			}
			batch := min(sweepBatch, limit-total)
			looked, removed, err := s.sweepShard(ctx, shard, batch)
			if err != nil {
				return total, err
			}
			if total += removed; looked < batch {
				break
			}
		}
	}
	return total, nil
}

func (s *Store) sweepShard(ctx context.Context, shard, batch int) (looked, removed int, err error) {
	answer, err := s.run(ctx, call{
		script: sweepScript, keys: []string{expiryKey(shard)},
		args: []any{docsPrefix(shard), indexPrefix(shard), s.now().UnixMilli(), batch},
	})
	if err != nil {
		return 0, 0, err
	}
	return twoNumbers("sweep.lua", answer)
}
