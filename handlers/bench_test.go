package handlers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"village/content"
	"village/village"
)

// The board of a group with 10,000 needs, and yeses a second on bolt.
func BenchmarkVillage(b *testing.B) {
	library, err := content.Load()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	v, err := newBench(library, everyStore(b)[0], start, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer v.store.Close()
	const many = 10_000
	g := village.Group{}
	if _, err := v.app.read(context.Background(), groupKey("console/village"), &g); err != nil {
		b.Fatal(err)
	}
	for i := 0; i < many; i += 100 {
		err := v.app.change(context.Background(), groupPartition(g.ID), func(t *tx) error {
			for k := i; k < i+100; k++ {
				n, owed, err := village.Ask(village.Request{ID: fmt.Sprintf("n%05d", k), Kind: village.RideHome, From: "here", Zone: "America/Denver",
					Member: village.Person{ID: fmt.Sprint("console/m", k%200), Name: "maya"}, Start: start.Add(time.Duration(k+60) * 5 * time.Minute)}, start)
				if err != nil {
					return err
				}
				v.app.putNeed(t, g, n, owed)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("board", func(b *testing.B) {
		for b.Loop() {
			if r := v.says("sam", "/need open"); r.Code != "" {
				b.Fatal(r.Code)
			}
		}
	})
	next := 0
	b.Run("yes", func(b *testing.B) {
		for b.Loop() {
			if r := v.says(fmt.Sprint("h", next), fmt.Sprintf("/need claim n%05d", next%many)); r.Code != "" && r.Code != "taken" {
				b.Fatal(r.Code)
			}
			next++
		}
	})
}
