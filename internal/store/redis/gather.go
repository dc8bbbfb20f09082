package redis

import (
	"context"
	"slices"
	"sync"
)

// gather lets the calls of many goroutines share round trips: what comes while
// as many as may are under way waits, and goes together with the next. A call
// that finds the way free goes at once.
type gather[T, R any] struct {
	// ways is how many round trips may be under way, most how many calls go
	// together.
	ways, most int
	// run carries out the calls, in order, with one answer for each.
	run func(ctx context.Context, calls []T) []R

	mu      sync.Mutex
	busy    int
	waiting []*gathered[T, R]
}

type gathered[T, R any] struct {
	call   T
	answer R
	done   chan struct{}
}

// do has one call carried out. When the context ends before, its error is
// returned; a call that was already under way may then still have its effect.
func (g *gather[T, R]) do(ctx context.Context, call T) (R, error) {
	var none R
	if err := ctx.Err(); err != nil {
		return none, err
	}
	mine := g.join(call)
	if mine == nil { // the way is free
		answer := g.run(ctx, []T{call})[0]
		g.goOn()
		return answer, nil
	}
	select {
	case <-mine.done:
		return mine.answer, nil
	case <-ctx.Done():
		g.remove(mine)
		return none, ctx.Err()
	}
}

// join has a call wait, or takes a way for it and gives nil.
func (g *gather[T, R]) join(call T) *gathered[T, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy < g.ways {
		g.busy++
		return nil
	}
	mine := &gathered[T, R]{call: call, done: make(chan struct{})}
	g.waiting = append(g.waiting, mine)
	return mine
}

func (g *gather[T, R]) remove(mine *gathered[T, R]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, mine); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
}

// goOn has what waits carried out, by nobody's own goroutine and under nobody's
// own context: the round trips are many callers'. The client's time limits
// bound them.
func (g *gather[T, R]) goOn() {
	if together := g.take(); len(together) > 0 {
		go g.work(together)
	}
}

// work makes round trips as long as something waits.
func (g *gather[T, R]) work(together []*gathered[T, R]) {
	for ; len(together) > 0; together = g.take() {
		calls := make([]T, len(together))
		for i, c := range together {
			calls[i] = c.call
		}
		for i, answer := range g.run(context.Background(), calls) {
			together[i].answer = answer
			close(together[i].done)
		}
	}
}

// take takes what goes together next; when nothing waits, the way is free.
func (g *gather[T, R]) take() []*gathered[T, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.busy--
		return nil
	}
	n := min(len(g.waiting), g.most)
	together := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return together
}
