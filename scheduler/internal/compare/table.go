package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"
)

// findings is what a run has found.
type findings struct {
	sizes
	ours, theirs figures
	takeOver     time.Duration
	// the machine's load average
	loadBefore, loadAfter string
}

type figures struct {
	rates    rates
	growth   []growth
	memory   float64 // bytes a pending reminder
	lateness lateness
	atOnce   time.Duration
}

// The marks to reach.
const (
	bareMark     = 4.0 // times the other's rate
	documentMark = 2.0 // times the other's rate
	memoryMark   = 0.5 // of the other's
	lateMark     = 50 * time.Millisecond
	burstMark    = 2 * time.Second
	burstSize    = 50_000 // for burstMark
)

func (f findings) table() string {
	var t strings.Builder
	row := func(what, ours, theirs, mark string) {
		fmt.Fprintf(&t, "| %s | %s | %s | %s |\n", what, ours, theirs, mark)
	}
	row("what", "village", "asynq v0.26", "mark")
	row("---", "---", "---", "---")
	row(fmt.Sprintf("%s pending reminders, leased, delivered to nowhere and settled, a second", count(f.pending)),
		count(int(middle(f.ours.rates.bare))), count(int(middle(f.theirs.rates.bare))), fmt.Sprintf("%.1f times (4 at least)", f.bare()))
	row("the same with the reminder's document read and rendered",
		count(int(middle(f.ours.rates.document))), count(int(middle(f.theirs.rates.document))), fmt.Sprintf("%.1f times (2 at least)", f.document()))
	row("processor time of a bare one, of the program and Redis together",
		fmt.Sprintf("%.0f µs", middle(f.ours.rates.bareTime)), fmt.Sprintf("%.0f µs", middle(f.theirs.rates.bareTime)),
		fmt.Sprintf("%.2f of it", middle(f.ours.rates.bareTime)/middle(f.theirs.rates.bareTime)))
	row("and of one with the document",
		fmt.Sprintf("%.0f µs", middle(f.ours.rates.documentTime)), fmt.Sprintf("%.0f µs", middle(f.theirs.rates.documentTime)),
		fmt.Sprintf("%.2f of it", middle(f.ours.rates.documentTime)/middle(f.theirs.rates.documentTime)))
	row("memory of Redis for a pending reminder",
		fmt.Sprintf("%.0f B", f.ours.memory), fmt.Sprintf("%.0f B", f.theirs.memory), fmt.Sprintf("%.2f of it (half at most)", f.memory()))
	row(fmt.Sprintf("lateness at %d a second for %v: half of them", f.rate, f.late), ms(f.ours.lateness.p50), ms(f.theirs.lateness.p50), "")
	row("99 of 100", ms(f.ours.lateness.p99), ms(f.theirs.lateness.p99), "under 50 ms")
	row("the earliest (before its time: below 0)", ms(f.ours.lateness.earliest), ms(f.theirs.lateness.earliest), "never early")
	row(fmt.Sprintf("%s due at one instant, until the last is settled", count(f.burst)), seconds(f.ours.atOnce), seconds(f.theirs.atOnce), "2 s")
	row(fmt.Sprintf("a killed worker's reminders are settled by another (lease: %v)", leaseTime), seconds(f.takeOver), "not measured", "when the lease ends, and 50 ms")
	for i, g := range f.ours.growth {
		row(fmt.Sprintf("with %s pending: handled a second, and adding one", count(g.pending)), g.String(), f.theirs.growth[i].String(), "")
	}
	fmt.Fprintf(&t, "\nOn %d cores, with a load average of %s before and %s after.\n", runtime.NumCPU(), f.loadBefore, f.loadAfter)
	return t.String()
}

func (g growth) String() string {
	return fmt.Sprintf("%s, %.0f µs", count(int(g.handle)), float64(g.add)/float64(time.Microsecond))
}

func (f findings) bare() float64 { return middle(f.ours.rates.bare) / middle(f.theirs.rates.bare) }
func (f findings) document() float64 {
	return middle(f.ours.rates.document) / middle(f.theirs.rates.document)
}
func (f findings) memory() float64 { return f.ours.memory / f.theirs.memory }

// missed says which marks were not reached.
func (f findings) missed() error {
	var missed []error
	mark := func(ok bool, format string, args ...any) {
		if !ok {
			missed = append(missed, fmt.Errorf(format, args...))
		}
	}
	mark(f.bare() >= bareMark, "bare: %.2f times the other's rate", f.bare())
	mark(f.document() >= documentMark, "with the document: %.2f times the other's rate", f.document())
	mark(f.memory() <= memoryMark, "memory: %.2f of the other's", f.memory())
	mark(f.ours.lateness.p99 < lateMark, "lateness: %v", f.ours.lateness.p99)
	mark(f.ours.lateness.earliest >= 0, "early by %v", -f.ours.lateness.earliest)
	mark(f.ours.atOnce <= burstMark*time.Duration(max(f.burst, burstSize))/burstSize, "%d due at one instant took %v", f.burst, f.ours.atOnce)
	mark(f.takeOver <= leaseTime+lateMark, "a killed worker's leases were taken over after %v", f.takeOver)
	first := f.ours.growth[0]
	for _, g := range f.ours.growth[1:] {
		allowed := time.Duration(float64(first.add) * math.Log2(float64(g.pending)) / math.Log2(float64(first.pending)))
		mark(g.add <= allowed, "adding one to %d takes %v, more than the logarithm of what it takes at %d", g.pending, g.add, first.pending)
	}
	return errors.Join(missed...)
}

// count writes a number so that its thousands can be seen.
func count(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %03d", count(n/1000), n%1000)
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
