package redis

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"village/internal/store"
)

// voidPage is how many jobs one script looks at.
const voidPage = 500

// As leases from now on in a name that one process keeps over its restarts, and
// makes due again what was leased in that name before, for at most hold. It says how
// many jobs those were. Two processes that live must not have the same name.
func (s *Store) As(ctx context.Context, name string, hold time.Duration) (int, error) {
	if err := store.ValidateLease(1, hold); err != nil {
		return 0, err
	}
	sum := sha256.Sum256([]byte(name))
	mark := base64.RawURLEncoding.EncodeToString(sum[:6]) + "."
	now := s.now()
	freed := 0
	for shard := range shards {
		n, err := s.void(ctx, shard, mark, now, now.Add(hold))
		if freed += n; err != nil {
			return freed, err
		}
	}
	s.mark.Store(&mark)
	return freed, nil
}

// void makes due again what is leased in one shard with tokens that begin so, and until no
// later than that. It says how many jobs those were.
func (s *Store) void(ctx context.Context, shard int, mark string, now, until time.Time) (freed int, err error) {
	from, to := now.UnixMilli(), until.UnixMilli()+1
	for _, urgent := range []bool{true, false} {
		for passed := 0; ; {
			answer, err := s.run(ctx, call{
				script: voidScript, keys: []string{dueKey(shard), leasesKey(shard)},
				args: []any{jobsPrefix(shard), store.Place(from, urgent), store.Place(to, urgent), passed, voidPage, mark},
			})
			if err != nil {
				return freed, err
			}
			looked, n, err := twoNumbers("void.lua", answer)
			if err != nil {
				return freed, err
			}
			freed += n
			if passed += looked - n; looked < voidPage {
				break
			}
		}
	}
	return freed, nil
}

// twoNumbers is what some scripts answer.
func twoNumbers(script string, answer any) (int, int, error) {
	counts, ok := answer.([]any)
	if !ok || len(counts) != 2 {
		return 0, 0, fmt.Errorf("%s answered something else: %w", script, errDamaged)
	}
	first, ok1 := counts[0].(int64)
	second, ok2 := counts[1].(int64)
	if !ok1 || !ok2 {
		return 0, 0, fmt.Errorf("%s answered something else: %w", script, errDamaged)
	}
	return int(first), int(second), nil
}
