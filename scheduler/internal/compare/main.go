// Compare measures the scheduler beside hibiken/asynq, on one Redis in one run, and prints a table of what it found. It is
// a module of its own so that the bot does not carry another queue:
//
//	cd scheduler/internal/compare && go run . -figures ../../../docs/figures.md
//
// It needs a redis-server on the PATH, a quiet machine and some minutes; `go run . -pending 50000 -rounds 2 -late 3s -burst 5000 -batch 2000`
// is over in a minute and proves less. Its exit code is 1 when a figure misses its mark.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	err := error(nil)
	if url := os.Getenv(victimVariable); url != "" {
		err = beVictim(ctx, url)
	} else {
		err = run(ctx, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	var b bench
	f := flag.NewFlagSet("compare", flag.ContinueOnError)
	f.IntVar(&b.pending, "pending", 1_000_000, "reminders that wait, and are handled in the end")
	f.IntVar(&b.rounds, "rounds", 8, "turns in which they are handled")
	f.IntVar(&b.batch, "batch", 20_000, "reminders handled to measure growth")
	f.IntVar(&b.singles, "singles", 5_000, "reminders added one by one to measure growth")
	f.IntVar(&b.burst, "burst", 50_000, "reminders due at one instant")
	f.DurationVar(&b.late, "late", time.Minute, "how long lateness is measured")
	f.IntVar(&b.rate, "rate", 100, "reminders a second while lateness is measured")
	f.IntVar(&b.workers, "workers", 64, "how many handlers asynq runs at a time")
	page := f.String("figures", "", "a page of figures to write the table into")
	if err := f.Parse(args); err != nil {
		return err
	}
	if b.server, err = startServer(); err != nil {
		return err
	}
	defer func() {
		if stopErr := b.server.stop(); err == nil {
			err = stopErr
		}
	}()
	if b.village, err = newVillage(ctx, b.server.url(), leaseTime); err != nil {
		return err
	}
	defer b.village.store.Close()
	b.peer = newPeer(b.server.address, b.village.store, b.workers)
	found, err := b.measure(ctx)
	if err != nil {
		return err
	}
	table := found.table()
	fmt.Print(table)
	if *page != "" {
		if err := write(*page, table); err != nil {
			return err
		}
	}
	return found.missed()
}

// measure does all of it: whatever is measured while others wait comes before
// those are handled.
func (b *bench) measure(ctx context.Context) (f findings, err error) {
	f.sizes = b.sizes
	f.loadBefore = load()
	defer func() { f.loadAfter = load() }()
	if f.takeOver, err = b.takeOver(ctx); err != nil {
		return f, err
	}
	for _, turn := range []struct {
		side  side
		found *figures
	}{{b.village, &f.ours}, {b.peer, &f.theirs}} {
		if turn.found.growth, turn.found.memory, err = b.grow(ctx, turn.side); err != nil {
			return f, err
		}
		if turn.found.lateness, err = b.lateness(ctx, turn.side); err != nil {
			return f, err
		}
		if turn.found.atOnce, err = b.atOnce(ctx, turn.side); err != nil {
			return f, err
		}
	}
	f.ours.rates, f.theirs.rates, err = b.takeTurns(ctx)
	return f, err
}

// load is the machine's load average over a minute, where it says so.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	minute, _, _ := strings.Cut(string(raw), " ")
	return minute
}

// The table stands between these lines of the page.
const (
	tableBegins = "<!-- made by scheduler/internal/compare -->\n"
	tableEnds   = "<!-- end -->"
)

func write(path, table string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(raw), tableBegins)
	_, after, closed := strings.Cut(rest, tableEnds)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the table", path)
	}
	return os.WriteFile(path, []byte(before+tableBegins+table+tableEnds+after), 0o644)
}
