package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"village/bot"
	"village/bot/adapter"
	"village/bot/web"
	"village/internal/store"
)

// keepers keep the platforms going. One that its platform does not let in any more goes
// down alone, is tried again, and takes nobody with it; when that is all of them, the
// program ends.
type keepers struct {
	all []*keeper
	log *slog.Logger
	// first is how long after its end a platform is tried again. The wait doubles with
	// every failure, up to mostPause.
	first time.Duration

	mu sync.Mutex
}

// keeper is one platform, and how it is.
type keeper struct {
	bot.Platform
	begun time.Time // when it was last begun
	down  error     // why it is not running, nil when it is
}

const (
	// firstPause and mostPause are how long a platform that was refused is left alone:
	// who knocks too often with a wrong token is shut out for longer.
	firstPause, mostPause = 30 * time.Second, 30 * time.Minute
	// ranWell is how long a platform runs until its failures are forgotten.
	ranWell = 10 * time.Minute
)

func newKeepers(platforms []connection, first time.Duration, log *slog.Logger) *keepers {
	k := &keepers{log: log, first: cmp.Or(first, firstPause)}
	for _, c := range platforms {
		k.all = append(k.all, &keeper{Platform: c.Platform, begun: time.Now()})
	}
	return k
}

// run keeps one platform until ctx ends (nil), or until none of them runs any more:
// then the error says why, of each.
func (k *keepers) run(ctx context.Context, one *keeper, b *bot.Bot) error {
	for failed := 0; ; failed++ {
		_ = k.note(one, nil) // one that runs is no reason to end
		begun := time.Now()
		err := one.Run(ctx, b) // when ctx has ended, it waits for what is under way
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if time.Since(begun) > ranWell {
			failed = 0
		}
		if all := k.note(one, err); all != nil {
			return all
		}
		wait := adapter.Backoff(k.first, mostPause, failed)
		k.log.ErrorContext(ctx, "a platform is down, and the others go on; it is tried again", "platform", one.Name(), "error", err, "in", wait)
		_ = adapter.Sleep(ctx, wait) // an early end is noticed by Run
	}
}

// note notes why a platform is down, or that it is not. The error joins the reasons
// when all are.
func (k *keepers) note(one *keeper, err error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if one.down = err; err == nil {
		one.begun = time.Now()
		return nil
	}
	var reasons []error
	for _, other := range k.all {
		if other.down == nil {
			return nil
		}
		reasons = append(reasons, fmt.Errorf("%s: %w", other.Name(), other.down))
	}
	return errors.Join(reasons...)
}

// state is how a platform is.
func (k *keepers) state(one *keeper) web.Part {
	k.mu.Lock()
	down, begun := one.down, one.begun
	k.mu.Unlock()
	part := web.Part{Name: one.Name()}
	if down != nil {
		part.Err = fmt.Errorf("down: %w", down)
		return part
	}
	hears, ok := one.Platform.(bot.Listening)
	if !ok {
		return part
	}
	heard := hears.Heard()
	part.Waiting = heard.IsZero()
	if heard.Before(begun) {
		heard = begun
	}
	if silent := time.Since(heard); silent > bot.MaxSilence {
		part.Err = fmt.Errorf("not heard for %v", silent.Truncate(time.Second))
	}
	return part
}

// health is how the store and each platform are.
func (k *keepers) health(s store.Store) func(ctx context.Context) []web.Part {
	return func(ctx context.Context) []web.Part {
		parts := []web.Part{{Name: "store", Err: s.Health(ctx)}}
		for _, one := range k.all {
			parts = append(parts, k.state(one))
		}
		return parts
	}
}

// metrics say of each platform whether it is heard, and when it last was.
func (k *keepers) metrics() []prometheus.Collector {
	var out []prometheus.Collector
	for _, one := range k.all {
		labels := prometheus.Labels{"platform": one.Name()}
		out = append(out, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "village_platform_up", Help: "1 when the platform runs and was heard in the last two minutes.", ConstLabels: labels,
		}, func() float64 {
			part := k.state(one)
			return truth(part.Err == nil && !part.Waiting)
		}))
		if hears, ok := one.Platform.(bot.Listening); ok {
			out = append(out, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "village_platform_heard_timestamp_seconds", Help: "When the platform was last heard, in Unix seconds; 0 before the first time.", ConstLabels: labels,
			}, func() float64 { return seconds(hears.Heard()) }))
		}
	}
	return out
}
