package redis

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// mostUnheard is how many leases without an answer are remembered; what comes beyond
	// that waits for its lease to run out.
	mostUnheard = 1000
	// lateAnswer is how much later a server may still do what it was asked, as one that
	// was frozen does. Until then it is looked for again, every lookAgain.
	lateAnswer = 5 * time.Second
	lookAgain  = time.Second
)

// unheard is a lease to which no answer came: the server may have handed jobs out all
// the same, and nobody knows which.
type unheard struct {
	shard        int
	token        string
	since, until time.Time
}

// unheardLeases are those of a process.
type unheardLeases struct {
	mu   sync.Mutex
	list []unheard
}

func (u *unheardLeases) add(q unheard) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.list) < mostUnheard {
		u.list = append(u.list, q)
	}
}

func (u *unheardLeases) all() []unheard {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.list)
}

func (u *unheardLeases) forget(q unheard) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.list = slices.DeleteFunc(u.list, func(o unheard) bool { return o.token == q.token && o.shard == q.shard })
}

// look says when to look for them again (Unix milliseconds), and whether there are any.
func (u *unheardLeases) look(now time.Time) (at int64, some bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.list) == 0 {
		return 0, false
	}
	return now.Add(lookAgain).UnixMilli(), true
}

// takeBack makes due again what was handed out while nobody heard of it. A part of the
// store that does not answer is asked again with the next lease.
func (s *Store) takeBack(ctx context.Context, now time.Time) {
	for _, q := range s.unheard.all() {
		if !now.Before(q.until) {
			s.unheard.forget(q)
			continue
		}
		if _, err := s.void(ctx, q.shard, q.token, now, q.until); err == nil && now.Sub(q.since) >= lateAnswer {
			s.unheard.forget(q)
		}
	}
}
