package handlers

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/internal/store/storetest"
	"village/internal/village"
	"village/scheduler"
)

// The board of a group with 10,000 needs, and yeses a second, one after the
// other and many at once.
func BenchmarkVillage(b *testing.B) {
	library, err := loadOnce()
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range everyStore(b) {
		if kind.name == "miniredis" {
			continue // it is for tests, and nobody's village lives there
		}
		b.Run(kind.name, func(b *testing.B) { benchVillage(b, library, kind) })
	}
}

const (
	benchNeeds   = 10_000
	benchHelpers = 200 // with so many nobody is asked to be in two places
)

func benchVillage(b *testing.B, library *content.Library, kind storeKind) {
	start := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	v, err := newBench(library, kind, start, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer v.store.Close()
	if err := v.fill(start, benchNeeds); err != nil {
		b.Fatal(err)
	}
	helper := func(i int) string { return fmt.Sprint("h", i%benchHelpers) }
	for i := range benchHelpers { // the bot knows them already
		if r := v.says(helper(i), "/need mine"); r.Code != "" {
			b.Fatal(r.Code)
		}
	}
	for name, line := range map[string]string{"board": "/need open", "board of everything": "/need open all"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if r := v.says("sam", line); r.Code != "" {
					b.Fatal(r.Code)
				}
			}
		})
	}
	next := 0
	for _, many := range storetest.AtOnce() {
		b.Run(fmt.Sprintf("yes, %d at once", many), func(b *testing.B) {
			said := 0
			meter := storetest.NewMeter(b, kind.servers...)
			for b.Loop() {
				if next+many > benchNeeds { // nothing is left to say yes to
					b.StopTimer()
					for i := range next {
						if r := v.says(helper(i), fmt.Sprintf("/need release n%05d", i)); r.Code != "" {
							b.Fatal(r.Code)
						}
					}
					next = 0
					b.StartTimer()
				}
				atOnce(many, func(i int) {
					if r := v.says(helper(next+i), fmt.Sprintf("/need claim n%05d", next+i)); r.Code != "" {
						b.Error(r.Code)
					}
				})
				next, said = next+many, said+many
			}
			b.ReportMetric(float64(said)/b.Elapsed().Seconds(), "yes/s")
			meter.Report(b, many)
		})
	}
}

// fill asks for many rides, five minutes apart, the first one in five hours.
func (b *bench) fill(start time.Time, many int) error {
	const each = 100
	g := village.Group{}
	if _, err := b.app.Read(context.Background(), records.GroupKey("console/village"), &g); err != nil {
		return err
	}
	for i := 0; i < many; i += each {
		err := b.app.Change(context.Background(), records.GroupPartition(g.ID), func(t *records.Tx) error {
			for k := i; k < min(i+each, many); k++ {
				n, owed, err := village.Ask(village.Request{ID: fmt.Sprintf("n%05d", k), Kind: village.RideHome, From: "here", Zone: "America/Denver",
					Member: village.Person{ID: fmt.Sprint("console/m", k%200), Name: "maya"}, Start: start.Add(time.Duration(k+60) * 5 * time.Minute)}, start)
				if err != nil {
					return err
				}
				b.app.PutNeed(t, g, n, owed)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func atOnce(many int, do func(i int)) {
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() { do(i) })
	}
	group.Wait()
}

// benchPeople have a reminder of their own at nine.
const benchPeople = 2_000

// What a daily reminder costs by the whole program, from its time to when the next one
// is put down: a thousand people's are due in one minute.
func BenchmarkReminders(b *testing.B) {
	library, err := loadOnce()
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range everyStore(b) {
		if kind.name == "miniredis" {
			continue
		}
		b.Run(kind.name, func(b *testing.B) { benchReminders(b, library, kind) })
	}
}

func benchReminders(b *testing.B, library *content.Library, kind storeKind) {
	v, err := newBench(library, kind, time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), 1)
	if err != nil {
		b.Fatal(err)
	}
	defer v.store.Close()
	for i := range benchPeople {
		if r := v.says(fmt.Sprint("m", i), `/remind add when: every day at 9:00 words: "drink some water"`); r.Code != "" {
			b.Fatal(r.Messages[0].Text)
		}
	}
	said := make(quietPlatform, benchPeople)
	deliveries, err := scheduler.New(scheduler.Config{Store: v.store, Platforms: map[string]bot.Platform{"console": said}, Kinds: v.app.Kinds(), Now: v.clock, Poll: time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = deliveries.Run(ctx) })
	defer running.Wait()
	defer stop()
	meter := storetest.NewMeter(b, kind.servers...)
	for b.Loop() {
		v.set(v.clock().Add(24 * time.Hour))
		deliveries.Wake()
		for range benchPeople {
			<-said
		}
	}
	b.ReportMetric(float64(b.N*benchPeople)/b.Elapsed().Seconds(), "reminders/s")
	meter.Report(b, benchPeople)
}

// quietPlatform takes every message, and tells of each.
type quietPlatform chan struct{}

func (quietPlatform) Name() string                                        { return "console" }
func (quietPlatform) Run(ctx context.Context, _ *bot.Bot) error           { <-ctx.Done(); return nil }
func (quietPlatform) Edit(context.Context, bot.Posted, bot.Message) error { return nil }
func (p quietPlatform) Send(_ context.Context, out bot.Outgoing) (bot.Posted, error) {
	p <- struct{}{}
	return bot.Posted{Platform: "console", Message: out.Nonce}, nil
}

// What it costs to forget somebody where others are owed 200,000 things.
func BenchmarkForget(b *testing.B) {
	library, err := loadOnce()
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range everyStore(b) {
		if kind.name == "miniredis" {
			continue
		}
		b.Run(kind.name, func(b *testing.B) {
			v, err := newBench(library, kind, time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), 1)
			if err != nil {
				b.Fatal(err)
			}
			defer v.store.Close()
			storetest.FillJobs(b, v.store, 200_000, func(int) time.Time { return v.clock().Add(time.Hour) })
			for b.Loop() {
				b.StopTimer()
				for _, line := range []string{"/ask ride-home thu 1:30pm from: near Union Station", `/remind add when: every day at 9:00 words: "drink some water"`} {
					if r := v.says("maya", line); r.Code != "" {
						b.Fatal(r.Messages[0].Text)
					}
				}
				b.StartTimer()
				if r := v.says("maya", "/privacy delete yes"); r.Code != "" {
					b.Fatal(r.Messages[0].Text)
				}
			}
		})
	}
}
