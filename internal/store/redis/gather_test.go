package redis

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// What comes while others are under way goes together with the next; whoever
// gives up while waiting is not carried out, and disturbs nobody.
func TestWhatWaitsGoesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var trips [][]int
		land := make(chan bool)
		g := &gather[int, int]{ways: 1, most: 3, run: func(_ context.Context, calls []int) []int {
			trips = append(trips, calls)
			<-land
			answers := make([]int, len(calls))
			for i, call := range calls {
				answers[i] = call * call
			}
			return answers
		}}
		answers := make(chan [2]int, 10)
		call := func(ctx context.Context, n int) {
			go func() {
				square, err := g.do(ctx, n)
				if errors.Is(err, context.Canceled) {
					square = -1
				}
				answers <- [2]int{n, square}
			}()
			synctest.Wait()
		}
		call(t.Context(), 1)
		for n := 2; n <= 4; n++ {
			call(t.Context(), n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		call(ctx, 5)
		call(t.Context(), 6)
		cancel()
		synctest.Wait()
		for range 3 {
			land <- true
		}
		got := map[int]int{}
		for range 6 {
			answer := <-answers
			got[answer[0]] = answer[1]
		}
		for n, want := range map[int]int{1: 1, 2: 4, 3: 9, 4: 16, 5: -1, 6: 36} {
			if got[n] != want {
				t.Errorf("%d was answered with %d", n, got[n])
			}
		}
		if len(trips) != 3 || len(trips[0]) != 1 || len(trips[1]) != 3 || len(trips[2]) != 1 {
			t.Errorf("the round trips were %v", trips)
		}
		// The way is free again, and a caller who has already given up never goes.
		if _, err := g.do(ctx, 7); !errors.Is(err, context.Canceled) {
			t.Errorf("a call that had ended gave %v", err)
		}
		call(t.Context(), 8)
		land <- true
		if answer := <-answers; answer[1] != 64 {
			t.Errorf("afterwards came %v", answer)
		}
	})
}
