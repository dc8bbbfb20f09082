package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"village/internal/store"
)

// bench is one run: a server, both sides on it, and what is found.
type bench struct {
	sizes
	server  *server
	village *village
	peer    *peer
	// next is the number of the next reminder: none is used twice.
	next int
}

// sizes say how much is measured.
type sizes struct {
	pending int // reminders that wait
	rounds  int // how often the two take turns in handling them
	batch   int // reminders handled to measure growth
	singles int // reminders added one by one
	burst   int // reminders due at one instant
	late    time.Duration
	rate    int // reminders a second while lateness is measured
	workers int // of asynq
}

// perPerson is how many reminders a person has.
const perPerson = 10

// waiting makes the reminders that wait: ten to a person, due over the days to
// come in no order of theirs.
func (b *bench) waiting(n int) []reminder {
	const prime = 7_368_787
	begin := time.Now().Add(24 * time.Hour)
	list := make([]reminder, n)
	for i := range list {
		number := b.next + i
		list[i] = reminder{
			number: number, person: number / perPerson,
			due: begin.Add(time.Duration(number*prime%1_000_000) * time.Second),
		}
	}
	b.next += n
	return list
}

// dueAt makes reminders that are due at one time, one to a person.
func (b *bench) dueAt(n int, at time.Time) []reminder {
	list := make([]reminder, n)
	for i := range list {
		list[i] = reminder{number: b.next + i, person: i, due: at}
	}
	b.next += n
	return list
}

// handled lets a side work until so many are settled, and says how long that
// took from the first on.
func handled(ctx context.Context, s side, n int, document bool) (took time.Duration, all int64, err error) {
	var first, last time.Time
	var begun sync.Once
	var settled atomic.Int64
	enough := make(chan struct{})
	stop, err := s.work(ctx, work{
		document:  document,
		delivered: func(string) { begun.Do(func() { first = time.Now() }) },
		settled: func(some int) {
			after := settled.Add(int64(some))
			if before := after - int64(some); before < int64(n) && after >= int64(n) {
				last = time.Now()
				close(enough)
			}
		},
	})
	if err != nil {
		return 0, 0, err
	}
	select {
	case <-enough:
	case <-ctx.Done():
	case <-time.After(patience):
		return 0, 0, errors.Join(fmt.Errorf("%s: only %d of %d were handled", s.name(), settled.Load(), n), stop())
	}
	if err := errors.Join(stop(), ctx.Err()); err != nil {
		return 0, 0, err
	}
	return last.Sub(first), settled.Load(), nil
}

// patience is how long one measurement may take.
const patience = 5 * time.Minute

func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }

// growth is what it costs while so many are pending.
type growth struct {
	pending int
	handle  float64       // reminders a second
	add     time.Duration // the median
}

// grow fills a side up to the number of pending reminders, and measures at
// every power of ten on the way. It also says what one takes of memory.
func (b *bench) grow(ctx context.Context, s side) (steps []growth, memory float64, err error) {
	before, err := b.server.memory(ctx)
	if err != nil {
		return nil, 0, err
	}
	there, used := 0, 0
	for n := min(1000, b.pending); ; n = min(10*n, b.pending) {
		if err := s.put(ctx, b.waiting(n-there)); err != nil {
			return nil, 0, err
		}
		there = n
		if used, err = b.server.memory(ctx); err != nil {
			return nil, 0, err
		}
		progress("%s: %d pending", s.name(), n)
		step, err := b.step(ctx, s, n)
		if err != nil {
			return nil, 0, err
		}
		steps = append(steps, step)
		there += b.singles
		if n == b.pending {
			return steps, float64(used-before) / float64(there-b.singles), nil
		}
	}
}

func (b *bench) step(ctx context.Context, s side, pending int) (growth, error) {
	g := growth{pending: pending}
	if err := s.put(ctx, b.dueAt(b.batch, time.Now().Add(-time.Second))); err != nil {
		return g, err
	}
	length, _, err := handled(ctx, s, b.batch, false)
	if err != nil {
		return g, err
	}
	g.handle = perSecond(b.batch, length)
	var took []float64
	for _, r := range b.waiting(b.singles) {
		begin := time.Now()
		if err := s.add(ctx, r); err != nil {
			return g, err
		}
		took = append(took, float64(time.Since(begin)))
	}
	g.add = time.Duration(middle(took))
	return g, nil
}

// lateness is how long after its due time a reminder is delivered.
type lateness struct{ p50, p99, earliest, latest time.Duration }

func (b *bench) lateness(ctx context.Context, s side) (lateness, error) {
	progress("%s: lateness at %d a second for %v", s.name(), b.rate, b.late)
	n := int(b.late.Seconds() * float64(b.rate))
	list := make([]reminder, n)
	dues := make(map[string]time.Time, n)
	begin := time.Now().Add(3 * time.Second)
	for i := range list {
		due := begin.Add(time.Duration(i) * time.Second / time.Duration(b.rate))
		list[i] = reminder{number: b.next + i, person: i, due: due}
		dues[noteID(b.next+i)] = due
	}
	b.next += n
	if err := s.put(ctx, list); err != nil {
		return lateness{}, err
	}
	var mu sync.Mutex
	var late []time.Duration
	all := make(chan struct{})
	stop, err := s.work(ctx, work{
		delivered: func(id string) {
			now := time.Now()
			mu.Lock()
			defer mu.Unlock()
			late = append(late, now.Sub(dues[id]))
			if len(late) == n {
				close(all)
			}
		},
		settled: func(int) {},
	})
	if err != nil {
		return lateness{}, err
	}
	select {
	case <-all:
	case <-ctx.Done():
	case <-time.After(patience):
		return lateness{}, errors.Join(fmt.Errorf("%s: not all were delivered", s.name()), stop())
	}
	if err := errors.Join(stop(), ctx.Err()); err != nil {
		return lateness{}, err
	}
	slices.Sort(late)
	return lateness{p50: late[n/2], p99: late[n*99/100], earliest: late[0], latest: late[n-1]}, nil
}

// atOnce is how long it takes until all that are due at one instant are
// settled.
func (b *bench) atOnce(ctx context.Context, s side) (time.Duration, error) {
	progress("%s: %d due at one instant", s.name(), b.burst)
	at := time.Now().Add(2*time.Second + time.Duration(b.burst)*100*time.Microsecond)
	if err := s.put(ctx, b.dueAt(b.burst, at)); err != nil {
		return 0, err
	}
	if time.Now().After(at) {
		return 0, errors.New("putting the reminders took longer than was thought")
	}
	if _, _, err := handled(ctx, s, b.burst, false); err != nil {
		return 0, err
	}
	return time.Since(at), nil
}

// rates are the reminders a second that a side handles bare, and with the
// person's document, and the processor time that one takes, in microseconds.
type rates struct{ bare, document, bareTime, documentTime []float64 }

// takeTurns has all that is pending handled, by the two in turns.
func (b *bench) takeTurns(ctx context.Context) (ours, theirs rates, err error) {
	if err := b.documents(ctx); err != nil {
		return ours, theirs, err
	}
	for _, s := range []side{b.village, b.peer} {
		if err := s.allDue(ctx); err != nil {
			return ours, theirs, err
		}
	}
	// What is under way when a turn ends is handled too, and is not counted.
	each := b.pending/(2*b.rounds) - 2*store.MaxPage
	if each <= 0 {
		return ours, theirs, fmt.Errorf("%d pending are too few for %d turns each", b.pending, 2*b.rounds)
	}
	for round := range b.rounds {
		for _, document := range []bool{false, true} {
			for _, turn := range []struct {
				side  side
				found *rates
			}{{b.village, &ours}, {b.peer, &theirs}} {
				rate, busy, err := b.turn(ctx, turn.side, each, document)
				if err != nil {
					return ours, theirs, err
				}
				progress("round %d, document %v: %s %.0f a second, %.0f µs", round+1, document, turn.side.name(), rate, busy)
				if document {
					turn.found.document, turn.found.documentTime = append(turn.found.document, rate), append(turn.found.documentTime, busy)
				} else {
					turn.found.bare, turn.found.bareTime = append(turn.found.bare, rate), append(turn.found.bareTime, busy)
				}
			}
		}
	}
	return ours, theirs, nil
}

// turn has a side handle n reminders: how many a second, and the processor time that
// this program and Redis take for one, in microseconds.
func (b *bench) turn(ctx context.Context, s side, n int, document bool) (rate, busy float64, err error) {
	before, err := b.server.processorTime(ctx)
	if err != nil {
		return 0, 0, err
	}
	took, all, err := handled(ctx, s, n, document)
	if err != nil {
		return 0, 0, err
	}
	after, err := b.server.processorTime(ctx)
	return perSecond(n, took), float64((after - before).Microseconds()) / float64(all), err
}

// documents writes every person's document.
func (b *bench) documents(ctx context.Context) error {
	const page = 1000
	people := b.next/perPerson + 1
	var changes []store.Change
	for person := range people {
		doc, err := planDoc(person, time.Now())
		if err != nil {
			return err
		}
		changes = append(changes, store.Change{Partition: doc.Partition, Puts: []store.Doc{doc}})
		if len(changes) == page || person == people-1 {
			if err := errors.Join(b.village.store.CommitAll(ctx, changes)...); err != nil {
				return err
			}
			changes = changes[:0]
		}
	}
	return nil
}

// middle is the median.
func middle(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	if len(list) == 0 {
		return math.NaN()
	}
	return list[len(list)/2]
}

// leaseTime is how long a lease of the killed worker holds.
const leaseTime = 5 * time.Second

// victimVariable tells this program, started again, to be the worker that is
// killed: it names the server.
const victimVariable = "VILLAGE_COMPARE_VICTIM"

// takeOver kills a worker that has leased reminders, and says how long after
// that another one has settled all of them.
func (b *bench) takeOver(ctx context.Context) (time.Duration, error) {
	const n = 100
	progress("village: a killed worker's leases")
	if err := b.village.put(ctx, b.dueAt(n, time.Now())); err != nil {
		return 0, err
	}
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	victim := exec.CommandContext(ctx, program)
	victim.Env = append(os.Environ(), victimVariable+"="+b.server.url())
	out, err := victim.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := victim.Start(); err != nil {
		return 0, err
	}
	said := make([]byte, 1) // it says something once it holds a lease
	if _, err := out.Read(said); err != nil {
		return 0, fmt.Errorf("the worker that was to be killed: %w", err)
	}
	killed := time.Now()
	if err := victim.Process.Kill(); err != nil {
		return 0, err
	}
	_ = victim.Wait() // killed
	if _, _, err := handled(ctx, b.village, n, false); err != nil {
		return 0, err
	}
	return time.Since(killed), nil
}

// beVictim leases reminders and never gets them delivered.
func beVictim(ctx context.Context, url string) error {
	v, err := newVillage(ctx, url, leaseTime)
	if err != nil {
		return err
	}
	var once sync.Once
	_, err = v.work(ctx, work{
		delivered: func(string) {
			once.Do(func() { fmt.Println("leased") })
			<-ctx.Done()
		},
		settled: func(int) {},
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// progress is for whoever waits.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}
