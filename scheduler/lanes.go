package scheduler

import (
	"slices"
	"sync"
	"time"

	"village/bot"
	"village/internal/store"
)

const (
	// turnWait is how long a message waits for its platform, which does nothing, when
	// there is no room left for others.
	turnWait = 2 * time.Second
	// laneWait is how long a message waits for the ones before it when there is
	// no room left for others.
	laneWait = time.Second
	// leastRoom is how many jobs may be on their way in any case, mostRoom when
	// they leave quickly: what is taken up is kept from other processes.
	leastRoom = 256
	mostRoom  = 4 * store.MaxPage
	// urgentRoom is how many urgent jobs may be on their way beyond that.
	urgentRoom = 64
)

// lanes keep the messages to one address in order and let those to different
// addresses pass each other. A lane is a queue whose first message is on its
// way; it exists as long as there is one. Behind the first, urgent ones come before
// the others.
type lanes struct {
	mu     sync.Mutex
	calls  map[string]*calls // by platform
	room   int               // how many jobs may be on their way
	filled time.Time         // when there was last more due than room
	queues map[bot.Address][]*parcel
	held   map[bot.Address]*hold
	flying int
	// freed is told, without waiting, when a job has been seen to.
	freed chan struct{}
}

// hold makes an address wait until a time. waiting counts those that were told
// to come back later, each a millisecond after the one before.
type hold struct {
	until   time.Time
	waiting int
}

func newLanes(cfg Config) *lanes {
	l := &lanes{
		calls:  make(map[string]*calls, len(cfg.Platforms)),
		room:   leastRoom,
		queues: make(map[bot.Address][]*parcel),
		held:   make(map[bot.Address]*hold),
		freed:  make(chan struct{}, 1),
	}
	for name := range cfg.Platforms {
		l.calls[name] = &calls{most: cfg.Workers, kept: cfg.Workers / keptShare}
	}
	return l
}

// hold makes everything to an address wait until at.
func (l *lanes) hold(to bot.Address, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.held[to]; h == nil || h.until.Before(at) {
		l.held[to] = &hold{until: at}
	}
}

// heldUp says whether an address must wait, and when to come back. Whoever
// asks later comes back later, so that the order stays.
func (l *lanes) heldUp(to bot.Address, now time.Time) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.held[to]
	if h == nil {
		return time.Time{}, false
	}
	if !now.Before(h.until) {
		delete(l.held, to)
		return time.Time{}, false
	}
	h.waiting++
	return h.until.Add(time.Duration(h.waiting) * time.Millisecond), true
}

// free is how many more jobs may be leased: none before a quarter of the room
// is free, as many small parts would cost more than a few large ones.
func (l *lanes) free() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room-l.flying < l.room/4 {
		return 0
	}
	return min(l.room-l.flying, store.MaxPage)
}

// extra is how many more urgent jobs may be leased while there is no room for others.
func (l *lanes) extra() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.room+urgentRoom-l.flying)
}

// empty says whether no job is on its way.
func (l *lanes) empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flying == 0
}

// full is told when there is more due than room. The room grows while that
// happens in quick succession, and is small again when it does not.
func (l *lanes) full(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.filled) < fullWait {
		l.room = min(2*l.room, mostRoom)
	} else {
		l.room = leastRoom
	}
	l.filled = now
}

// take counts leased jobs in.
func (l *lanes) take(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flying += n
}

// done counts n jobs out.
func (l *lanes) done(n int) {
	l.mu.Lock()
	l.flying -= n
	l.mu.Unlock()
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// join puts a message at the end of its lane, an urgent one before those that are
// not; first is true when nobody is before it, and the caller then has to see to the
// lane.
func (l *lanes) join(p *parcel) (first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	to := p.delivery.Out.To
	p.lane = to
	queue := l.queues[to]
	at := len(queue)
	if p.job.Urgent && at > 0 {
		for at > 1 && !queue[at-1].job.Urgent {
			at--
		}
		l.hurry(queue[0])
	}
	l.queues[to] = slices.Insert(queue, at, p)
	return len(queue) == 0
}

// leave removes a lane's first message, which has been seen to, and gives the
// next one.
func (l *lanes) leave(to bot.Address) (next *parcel) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.queues[to][1:]
	if len(rest) == 0 {
		delete(l.queues, to)
		return nil
	}
	l.queues[to] = rest
	rest[0].behind = true
	return rest[0]
}

// shed takes out the messages that have waited long for the ones before them, and
// sends those away that have waited long for their platform.
func (l *lanes) shed(now time.Time) []*parcel {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.calls {
		c.shed(now, turnWait)
	}
	var out []*parcel
	for to, queue := range l.queues {
		keep := []*parcel{queue[0]}
		for _, p := range queue[1:] {
			if p.job.Urgent || now.Sub(p.asked) < laneWait {
				keep = append(keep, p)
				continue
			}
			out = append(out, p)
		}
		l.queues[to] = keep
	}
	return out
}
