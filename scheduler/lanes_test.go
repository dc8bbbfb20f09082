package scheduler

import (
	"testing"
	"time"
)

// The room for what is on its way grows while it is used up in quick
// succession, and is small again when things go slowly: what one process takes
// up is kept from the others.
func TestRoomGrowsWhileItEmptiesQuickly(t *testing.T) {
	l := newLanes(Config{})
	if got := l.free(); got != leastRoom {
		t.Fatalf("in the beginning there is room for %d", got)
	}
	l.take(leastRoom)
	l.done(leastRoom/4 - 1)
	if got := l.free(); got != 0 {
		t.Errorf("a part of %d is taken up by itself", got)
	}
	l.done(1)
	if got := l.free(); got != leastRoom/4 {
		t.Errorf("with a quarter free, there is room for %d", got)
	}
	l.done(3 * leastRoom / 4)
	if !l.empty() {
		t.Error("something is still on its way")
	}
	now := time.Now()
	for _, step := range []struct {
		after time.Duration
		room  int
	}{
		{time.Second, leastRoom}, {time.Millisecond, 2 * leastRoom}, {time.Millisecond, 4 * leastRoom},
		{time.Millisecond, 8 * leastRoom}, {time.Millisecond, mostRoom}, {time.Millisecond, mostRoom}, {fullWait, leastRoom},
	} {
		now = now.Add(step.after)
		if l.full(now); l.room != step.room {
			t.Errorf("room for %d, want %d", l.room, step.room)
		}
	}
}
