package discord_test

import (
	"runtime"
	"testing"
	"time"

	"village/bot/discord/discordtest"
)

// Ten thousand interactions come through the gateway and are answered over REST:
// what they took is given back, goroutines and memory. Only things are counted
// here, no time.
func TestTenThousandLeaveNothing(t *testing.T) {
	const all, atOnce = 10_000, 100
	r := newRig(t).start()
	r.platform.FillMemory() // what is bounded
	// Each answer says that its route has nothing left, as Discord's buckets do: in
	// discordgo every interaction leaves two of them behind, for ever.
	r.Fail(discordtest.LastOne("POST /interactions", 0, 0.001))
	ask := func(n int) {
		for range n / atOnce {
			var uses []*discordtest.Use
			for range atOnce {
				uses = append(uses, r.maya.Slash(r.room, "hi", nil))
			}
			for _, use := range uses {
				if m := use.Answer(); m.Text() != "Hello." {
					t.Fatalf("answered %q", m.Text())
				}
			}
			if r.Forget(); t.Failed() {
				return
			}
		}
		r.mu.Lock()
		r.asked = nil
		r.mu.Unlock()
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC() // what finalizers let go of
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	ask(10 * atOnce)
	before, goroutines := heap(), runtime.NumGoroutine()
	ask(all)
	// Connections that were not needed any more are being let go of.
	for limit := time.Now().Add(time.Minute); runtime.NumGoroutine() > goroutines+10 && time.Now().Before(limit); {
		runtime.Gosched()
	}
	if got := runtime.NumGoroutine(); got > goroutines+10 {
		t.Errorf("%d goroutines were left of %d", got, goroutines)
	}
	// A hundred bytes kept of each would be a megabyte.
	after := heap()
	t.Logf("the heap went from %d to %d bytes", before, after)
	if after > before+1<<20 {
		t.Errorf("the heap went from %d to %d bytes", before, after)
	}
	if n := r.platform.RoutesKnown(); n > all/10 {
		t.Errorf("%d routes are remembered", n)
	}
}
