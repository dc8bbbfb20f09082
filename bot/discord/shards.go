package discord

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Leases says which of several processes serves which shard. One value belongs to
// one process. A lease is known by its group and its name.
type Leases interface {
	// Process is this process's name among those that share.
	Process() string
	// Take takes a lease, or renews it: no other process gets it for the given
	// time. It gives what was left with it, also when another process has it
	// (false). Unless leave is nil, it is left there from now on.
	Take(ctx context.Context, group, name string, hold time.Duration, leave []byte) (left []byte, ok bool, err error)
	// Give gives a lease back, so that another process can have it at once; a
	// lease that is another's stays that.
	Give(ctx context.Context, group, name string, leave []byte) error
	// Count is how many leases of a group are held.
	Count(ctx context.Context, group string) (int, error)
}

// alone is Leases for a process that shares with nobody.
type alone struct{}

func (alone) Process() string { return "alone" }
func (alone) Take(context.Context, string, string, time.Duration, []byte) ([]byte, bool, error) {
	return nil, true, nil
}
func (alone) Give(context.Context, string, string, []byte) error { return nil }
func (alone) Count(context.Context, string) (int, error)         { return 1, nil }

// errShards says that Discord wants more shards than there are.
var errShards = errors.New("too few shards")

// left is what the owner of a shard leaves to the next one.
type left struct {
	// Count is how many shards there are. What shard 0 says counts.
	Count int `json:"count,omitempty"`
	position
}

// fleet is this process's part of the shards. In every round it renews its leases,
// and compares what it has with its share: all shards divided by the processes
// that are there. Who has more gives back; who has less takes what is free, which
// is also what a killed process had, once its lease is over.
//
// When the store does not answer, everybody keeps what they have: two owners of a
// shard answer no worse than one, and nobody in need finds the bot gone.
type fleet struct {
	p      *Platform
	leases Leases
	handle eventHandler
	count  int // of all shards; 0 when it is not known
	mine   map[int]*owned
	heard  time.Time // the last heartbeat that was noted
	// begun says that a session has begun, which is to be left to the next process.
	begun chan struct{}
}

// owned is a shard that is served here.
type owned struct {
	s *session
	// renewed is when the lease was renewed last, in Unix nanoseconds.
	renewed atomic.Int64
	stop    context.CancelFunc
	done    chan struct{} // closed when it is served no more
}

func newFleet(p *Platform, handle eventHandler) *fleet {
	f := &fleet{p: p, leases: p.cfg.Leases, handle: handle, mine: map[int]*owned{}, begun: make(chan struct{}, 1)}
	if f.leases == nil {
		f.leases = alone{}
	}
	return f
}

// The groups of leases. A store may have been another bot's before.
func (f *fleet) shards() string    { return "shards-" + f.p.appID }
func (f *fleet) processes() string { return "processes-" + f.p.appID }

// run serves this process's share until ctx ends (nil) or Discord refuses for
// good. At the end everything is given back, with the sessions.
func (f *fleet) run(ctx context.Context) error {
	g, serving := errgroup.WithContext(ctx)
	for serving.Err() == nil {
		pause := f.p.cfg.Lease / 3
		if err := f.round(serving, g); err != nil && serving.Err() == nil {
			if statusOf(err) != 0 || errors.Is(err, errBadToken) {
				g.Go(func() error { return err })
				break
			}
			f.p.log.WarnContext(ctx, "discord: the shards could not be divided anew, and stay as they are", "error", err)
			pause = min(pause, 4*f.p.cfg.Backoff)
		}
		if f.count == 0 {
			pause = min(pause, f.p.cfg.Backoff) // somebody is asking Discord at this moment
		}
		f.rest(serving, pause)
	}
	for _, o := range f.mine {
		o.stop()
	}
	err := g.Wait()
	if f.mine[0] != nil {
		f.p.keepConversations(context.WithoutCancel(ctx))
	}
	for id := range f.mine {
		f.giveBack(ctx, id, !errors.Is(err, errShards))
	}
	last, cancel := lastWords(ctx)
	defer cancel()
	if err := f.leases.Give(last, f.processes(), f.leases.Process(), nil); err != nil {
		f.p.log.WarnContext(last, "discord: other processes could not be told that this one ends", "error", err)
	}
	return err
}

// look is how often is looked whether another process has come, gone, or given
// something back: what people say to the bot meanwhile is to be answered in time.
const look = time.Second

// rest waits for the next round, which comes at once when a session has begun (a
// process that is killed leaves it to the next one), and when others hold more or less
// than before.
func (f *fleet) rest(ctx context.Context, pause time.Duration) {
	over := time.NewTimer(pause)
	defer over.Stop()
	again := time.NewTicker(look)
	defer again.Stop()
	before, err := f.held(ctx)
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-over.C:
			return
		case <-f.begun:
			return
		case <-again.C:
		}
		var now [2]int
		if now, err = f.held(ctx); err == nil && now != before {
			return
		}
	}
	select { // the store does not say; the next round does, or waits for it
	case <-ctx.Done():
	case <-over.C:
	case <-f.begun:
	}
}

// held is how many processes there are, and how many shards somebody serves.
func (f *fleet) held(ctx context.Context) ([2]int, error) {
	processes, err := f.leases.Count(ctx, f.processes())
	if err != nil {
		return [2]int{}, err
	}
	shards, err := f.leases.Count(ctx, f.shards())
	return [2]int{processes, shards}, err
}

// round renews, gives back, and takes. Its errors are those of the leases, and
// refusals of Discord's.
func (f *fleet) round(ctx context.Context, g *errgroup.Group) error {
	if _, _, err := f.leases.Take(ctx, f.processes(), f.leases.Process(), f.p.cfg.Lease, nil); err != nil {
		return err
	}
	if err := f.renew(ctx); err != nil {
		return err
	}
	if err := f.noteHeard(ctx); err != nil {
		return err
	}
	if f.mine[0] != nil { // which hears what is said directly
		f.p.keepConversations(ctx)
	}
	count, first, err := f.size(ctx)
	if err != nil {
		return err
	}
	if count != f.count { // others have asked Discord anew
		for id := range f.mine {
			f.letGo(ctx, id, false)
		}
		f.count = count
	}
	if first {
		if err := f.take(ctx, g, 0); err != nil {
			return err
		}
	}
	return f.balance(ctx, g)
}

// balance gives back what is more than this process's share, or takes what is free
// of it.
func (f *fleet) balance(ctx context.Context, g *errgroup.Group) error {
	processes, err := f.leases.Count(ctx, f.processes())
	if err != nil {
		return err
	}
	share := (f.count + max(processes, 1) - 1) / max(processes, 1)
	for id := f.count - 1; id >= 0 && len(f.mine) > share; id-- {
		if f.mine[id] != nil {
			f.letGo(ctx, id, true)
		}
	}
	for id := 0; id < f.count && len(f.mine) < share; id++ {
		if err := f.take(ctx, g, id); err != nil {
			return err
		}
	}
	return nil
}

// noteHeard notes when Discord last confirmed a heartbeat.
func (f *fleet) noteHeard(ctx context.Context) error {
	heard := f.p.Link().LastHeard
	if !f.p.notes.Shared() || !heard.After(f.heard) {
		return nil
	}
	f.heard = heard
	return f.p.notes.Heard(ctx, heard)
}

// renew keeps what is served here, and lets go of what another process has taken:
// it was silent for too long.
func (f *fleet) renew(ctx context.Context) error {
	for id := range f.mine {
		asked := time.Now() // the lease is over no sooner than a lease's time from here
		_, ok, err := f.leases.Take(ctx, f.shards(), strconv.Itoa(id), f.p.cfg.Lease, f.leaves(id, true))
		if err != nil {
			return err
		}
		if ok {
			f.mine[id].renewed.Store(asked.UnixNano())
		} else {
			f.p.log.WarnContext(ctx, "discord: another process has taken a shard over", "shard", id)
			f.letGo(ctx, id, false)
		}
	}
	return nil
}

// size is how many shards there are, 0 when that is not settled yet, and whether
// shard 0 is this process's. The owner of shard 0 says it, and asks Discord when
// nobody serves any other shard.
func (f *fleet) size(ctx context.Context) (count int, first bool, err error) {
	if f.mine[0] != nil {
		return f.count, true, nil
	}
	raw, ok, err := f.leases.Take(ctx, f.shards(), "0", f.p.cfg.Lease, nil)
	if err != nil {
		return 0, false, err
	}
	was := readLeft(raw)
	if !ok {
		return was.Count, false, nil
	}
	held, err := f.leases.Count(ctx, f.shards())
	if err != nil {
		return 0, false, err
	}
	if was.Count > 0 && held > 1 {
		return was.Count, true, nil
	}
	info, err := f.p.askGateway(ctx)
	if err = errors.Join(err, ctx.Err()); err != nil {
		return 0, false, err
	}
	if count := max(info.Shards, 1); count != was.Count {
		was = left{Count: count} // sessions are for a certain number of shards
	}
	_, _, err = f.leases.Take(ctx, f.shards(), "0", f.p.cfg.Lease, was.write())
	return was.Count, true, err
}

// take begins to serve a shard if nobody else does.
func (f *fleet) take(ctx context.Context, g *errgroup.Group, id int) error {
	if f.mine[id] != nil {
		return nil
	}
	asked := time.Now()
	raw, ok, err := f.leases.Take(ctx, f.shards(), strconv.Itoa(id), f.p.cfg.Lease, nil)
	if err != nil || !ok {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	o := &owned{stop: stop, done: make(chan struct{})}
	o.renewed.Store(asked.UnixNano())
	stale := func() bool { return time.Since(time.Unix(0, o.renewed.Load())) > f.p.cfg.Lease }
	begun := func() {
		select {
		case f.begun <- struct{}{}:
		default: // a round is about to begin
		}
	}
	o.s = &session{p: f.p, handle: f.handle, begun: begun, shard: id, shards: f.count, stale: stale}
	if was := readLeft(raw); was.Count == f.count {
		o.s.at = was.position
	}
	f.mine[id] = o
	f.p.setConnected(id, false)
	g.Go(func() error {
		defer close(o.done)
		return o.s.run(ctx)
	})
	return nil
}

// letGo ends a shard here and gives it back, with its session or without.
func (f *fleet) letGo(ctx context.Context, id int, withSession bool) {
	o := f.mine[id]
	o.stop()
	<-o.done
	f.p.mu.Lock()
	delete(f.p.linked, id)
	f.p.mu.Unlock()
	f.giveBack(ctx, id, withSession)
	delete(f.mine, id)
}

// lastWords is a context for what is said when ctx may have ended.
func lastWords(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), drainTime)
}

func (f *fleet) giveBack(ctx context.Context, id int, withSession bool) {
	ctx, cancel := lastWords(ctx)
	defer cancel()
	if err := f.leases.Give(ctx, f.shards(), strconv.Itoa(id), f.leaves(id, withSession)); err != nil {
		f.p.log.WarnContext(ctx, "discord: a shard could not be given back; its lease will run out", "shard", id, "error", err)
	}
}

// leaves is what the next owner of a shard needs to know.
func (f *fleet) leaves(id int, withSession bool) []byte {
	if !withSession {
		return left{}.write()
	}
	return left{Count: f.count, position: f.mine[id].s.position()}.write()
}

func (l left) write() []byte {
	data, err := json.Marshal(l)
	if err != nil { // cannot be: words and numbers
		return nil
	}
	return data
}

// readLeft reads what was left; what cannot be read is as good as nothing.
func readLeft(raw []byte) (l left) {
	if json.Unmarshal(raw, &l) != nil {
		return left{}
	}
	return l
}
