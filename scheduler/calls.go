package scheduler

import (
	"context"
	"slices"
	"time"
)

// calls are the calls to one platform: how many are under way, and who waits for
// one. Some of them are kept for urgent messages, which are let in first. All of it
// is guarded by the lanes' mutex.
type calls struct {
	most, kept      int
	busy, routine   int // under way, and those among them that are not urgent
	urgent, waiting []*turn
}

// turn is one message's call, or its place among those who wait. begins is closed when
// the call is given, or when it is not to be waited for any more.
type turn struct {
	urgent, given bool
	since         time.Time
	begins        chan struct{}
}

// next lets in whoever may go.
func (c *calls) next() {
	for c.busy < c.most {
		switch {
		case len(c.urgent) > 0:
			c.urgent = c.begin(c.urgent)
		case len(c.waiting) > 0 && c.routine < c.most-c.kept:
			c.waiting = c.begin(c.waiting)
			c.routine++
		default:
			return
		}
	}
}

// begin lets the first of a queue in, and gives the rest.
func (c *calls) begin(queue []*turn) []*turn {
	c.busy++
	queue[0].given = true
	close(queue[0].begins)
	return queue[1:]
}

// leave ends a call, or a wait for one.
func (c *calls) leave(t *turn) {
	is := func(other *turn) bool { return other == t }
	switch {
	case !t.given:
		c.urgent, c.waiting = slices.DeleteFunc(c.urgent, is), slices.DeleteFunc(c.waiting, is)
		return
	case !t.urgent:
		c.routine--
	}
	c.busy--
	c.next()
}

// shed sends those away who have waited for longer than a time and are not urgent.
func (c *calls) shed(now time.Time, longer time.Duration) {
	c.waiting = slices.DeleteFunc(c.waiting, func(t *turn) bool {
		if now.Sub(t.since) < longer {
			return false
		}
		close(t.begins)
		return true
	})
}

// hurry puts one who waits among the urgent.
func (c *calls) hurry(t *turn) {
	if t.given || t.urgent {
		return
	}
	c.leave(t)
	t.urgent = true
	c.urgent = append(c.urgent, t)
	c.next()
}

// call waits for the right to call a platform, in the order in which messages ask
// for it, urgent ones first. It waits for as long as the job is held, or until others
// need its room; the error is then errBusy, or it is the context's.
func (l *lanes) call(ctx context.Context, p *parcel, platform string) error {
	t := l.ask(p, platform)
	over := time.NewTimer(time.Until(p.until))
	defer over.Stop()
	select {
	case <-t.begins:
		if !l.has(t) {
			l.hangUp(p)
			return errBusy
		}
		return nil
	case <-over.C:
		l.hangUp(p)
		return errBusy
	case <-ctx.Done():
		l.hangUp(p)
		return ctx.Err()
	}
}

func (l *lanes) ask(p *parcel, platform string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.calls[platform]
	t := &turn{urgent: p.job.Urgent || p.hurried, since: time.Now(), begins: make(chan struct{})}
	p.platform, p.turn = platform, t
	if t.urgent {
		c.urgent = append(c.urgent, t)
	} else {
		c.waiting = append(c.waiting, t)
	}
	c.next()
	return t
}

func (l *lanes) has(t *turn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return t.given
}

// hangUp ends a message's call, if it has one.
func (l *lanes) hangUp(p *parcel) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.turn == nil {
		return
	}
	l.calls[p.platform].leave(p.turn)
	p.platform, p.turn = "", nil
}

// hurry lets a message pass others because an urgent one waits behind it.
func (l *lanes) hurry(p *parcel) {
	p.hurried = true
	if p.turn != nil {
		l.calls[p.platform].hurry(p.turn)
	}
}
