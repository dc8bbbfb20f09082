// Package adapter is what every platform's adapter needs and none is made of: a
// bounded memory, what copies of the program remember together, answers that are
// waited for when the program ends, forms that wait to be opened, trying again, and
// words cut to a platform's limits.
//
// Promised: nothing here grows without bound, nothing that people said is logged, and
// a panic in one answer ends that answer alone. Not promised: that anything survives
// the process, unless a [State] keeps it.
package adapter

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// Sleep waits, or returns ctx's error when that ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Insist tries until it works, so many times at the most (0: as often as it takes).
// After each failure, again says how long to wait before the next attempt, and whether
// there is to be one; failed counts the failures before it. A wait that would outlast
// ctx is not begun. The error is the last attempt's.
func Insist(ctx context.Context, tries int, again func(err error, failed int) (wait time.Duration, again bool), try func() error) error {
	for failed := 0; ; failed++ {
		err := try()
		if err == nil || failed+1 == tries {
			return err
		}
		wait, more := again(err, failed)
		if deadline, ok := ctx.Deadline(); !more || ok && time.Until(deadline) < wait {
			return err
		}
		if Sleep(ctx, wait) != nil {
			return err
		}
	}
}

// Backoff is how long to wait after so many failures: twice as long each time, and
// never longer than most.
func Backoff(first, most time.Duration, failed int) time.Duration {
	return min(first<<min(failed, 20), most)
}

// Scattered is half of a wait to all of it, so that not everybody comes back at once.
func Scattered(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// LogPanic logs a panic without its words, which may be somebody's.
func LogPanic(ctx context.Context, log *slog.Logger, platform string, v any) {
	log.ErrorContext(ctx, platform+": something panicked", "panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
}
