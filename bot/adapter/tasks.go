package adapter

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// lastWords is how long those who were cut off may take to notice.
const lastWords = time.Second

// Tasks are the answers that are under way. They outlive the context that serves
// people, so that no answer is cut off when the program ends. It is safe for use by
// many goroutines.
type Tasks struct {
	log      *slog.Logger
	platform string
	ctx      context.Context
	cancel   context.CancelFunc

	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// NewTasks is for one platform, whose name stands in the log.
func NewTasks(log *slog.Logger, platform string) *Tasks {
	t := &Tasks{log: log, platform: platform}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Context ends when what is under way is cut off.
func (t *Tasks) Context() context.Context { return t.ctx }

// Go does something beside the rest, and says false when the program is ending and it
// is not done. A panic ends this one task, and not the program.
func (t *Tasks) Go(do func(ctx context.Context)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.group.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				LogPanic(t.ctx, t.log, t.platform, v)
			}
		}()
		do(t.ctx)
	})
	return true
}

// Drain takes nothing new, waits for what is under way, and cuts it off after the
// given time.
func (t *Tasks) Drain(within time.Duration) {
	defer t.cancel()
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		t.group.Wait()
		close(idle)
	}()
	if closedWithin(idle, within) {
		return
	}
	t.cancel()
	closedWithin(idle, lastWords)
}

func closedWithin(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
