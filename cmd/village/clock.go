package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"village/bot"
	"village/bot/web"
)

const (
	// mostAhead is how far this machine's clock may be from the platforms' before
	// nothing is delivered or swept by it.
	mostAhead = 10 * time.Minute
	// mostJump is how far it may go away from the machine's running time before the
	// platforms are asked what time it is. Sleep counts: running time stands still then.
	mostJump = time.Minute
	// clockLook is how often that is looked at, clockFirst how long a platform has to say
	// it unasked, clockAgain how often one is asked that did not answer or says something
	// else, and clockPatience how long its first word is waited for.
	clockLook     = 250 * time.Millisecond
	clockFirst    = time.Second
	clockAgain    = 5 * time.Second
	clockPatience = time.Minute
)

// errUnsureClock: the clock has jumped, or no platform has said yet what time it is.
var errUnsureClock = errors.New("no platform has said yet whether this machine's clock is right")

// clockGuard holds this machine's clock against those of the platforms. A clock that is
// a year ahead for a minute would drop a year's reminders and sweep everything away.
type clockGuard struct {
	platforms []bot.Clocked
	now       func() time.Time
	log       *slog.Logger

	mu sync.Mutex
	// wrong is why nothing is to be done by the clock.
	wrong error
	// Since the clock was last found right: by the clock, and by running time.
	wall, ran time.Time
}

func newClockGuard(platforms []bot.Platform, now func() time.Time, log *slog.Logger) *clockGuard {
	g := &clockGuard{now: now, log: log, wall: now().Round(0), ran: time.Now()}
	for _, p := range platforms {
		if clocked, ok := p.(bot.Clocked); ok {
			g.platforms = append(g.platforms, clocked)
		}
	}
	if len(g.platforms) > 0 {
		g.wrong = errUnsureClock
	}
	return g
}

// ready is why nothing may be leased or swept now, or nil.
func (g *clockGuard) ready() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wrong == nil && len(g.platforms) > 0 && g.jumped() {
		g.wrong = errUnsureClock
	}
	return g.wrong
}

// jumped says whether the clock has gone away from the machine's running time.
func (g *clockGuard) jumped() bool {
	return (g.now().Round(0).Sub(g.wall) - time.Since(g.ran)).Abs() > mostJump
}

// health adds how the clock is to how everything else is.
func (g *clockGuard) health(parts func(context.Context) []web.Part) func(context.Context) []web.Part {
	if len(g.platforms) == 0 {
		return parts
	}
	return func(ctx context.Context) []web.Part {
		clock := web.Part{Name: "clock", Err: g.ready()}
		if errors.Is(clock.Err, errUnsureClock) {
			clock.Err, clock.Waiting = nil, true
		}
		return append(parts(ctx), clock)
	}
}

// metrics say whether the clock is trusted.
func (g *clockGuard) metrics() []prometheus.Collector {
	return []prometheus.Collector{gauge("village_clock_trusted", "1 when this machine's clock agrees with the platforms', so that what is due is delivered.", func() float64 { return truth(g.ready() == nil) })}
}

// run compares until ctx ends.
func (g *clockGuard) run(ctx context.Context) error {
	if len(g.platforms) == 0 {
		return nil
	}
	tick := time.NewTicker(clockLook)
	defer tick.Stop()
	begun := g.ran // a platform may have said it before anybody listened
	heard, next := false, begun.Add(clockFirst)
	for ctx.Err() == nil {
		switch wrong := g.ready(); {
		case wrong == nil:
			heard = true
		case !heard && g.compare(begun):
			heard = true
		case time.Now().Before(next):
		default:
			asked := time.Now()
			next = asked.Add(clockAgain)
			g.ask(ctx)
			if g.compare(asked) || heard || time.Since(begun) < clockPatience {
				break
			}
			g.log.Warn("no platform has said what time it is, so this machine's clock is taken to be right")
			g.found(0)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// ask has every platform say what time it is.
func (g *clockGuard) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, clockAgain)
	defer cancel()
	var all sync.WaitGroup
	for _, p := range g.platforms {
		all.Go(func() {
			if err := p.AskClock(ctx); err != nil && ctx.Err() == nil {
				g.log.Warn("a platform could not be asked what time it is", "error", err)
			}
		})
	}
	all.Wait()
}

// compare takes what platforms have said since a time; the one that agrees best counts.
// It is false when none has said anything.
func (g *clockGuard) compare(since time.Time) bool {
	best, some := time.Duration(0), false
	for _, p := range g.platforms {
		ahead, at := p.Clock()
		if at.IsZero() || at.Before(since) {
			continue
		}
		if !some || ahead.Abs() < best.Abs() {
			best, some = ahead, true
		}
	}
	if some {
		g.found(best)
	}
	return some
}

// found notes by how much the clock is ahead.
func (g *clockGuard) found(ahead time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := g.wrong
	if ahead.Abs() <= mostAhead {
		g.wrong, g.wall, g.ran = nil, g.now().Round(0), time.Now()
		if was != nil && !errors.Is(was, errUnsureClock) {
			g.log.Info("this machine's clock is right again, and what is due is delivered")
		}
		return
	}
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	g.wrong = fmt.Errorf("this machine's clock is %v %s the platforms': nothing is delivered or removed until it is set right", ahead.Abs().Round(time.Second), way)
	if was == nil || was.Error() != g.wrong.Error() {
		g.log.Error("the clock is wrong", "error", g.wrong)
	}
}
