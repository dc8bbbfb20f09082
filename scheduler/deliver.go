package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"reflect"
	"runtime/debug"
	"slices"
	"time"

	"village/bot"
	"village/internal/store"
)

const (
	// callLimit is as long as one call of a platform may take, prepareLimit one
	// of a Prepare, commitLimit one of the store.
	callLimit    = 30 * time.Second
	prepareLimit = 10 * time.Second
	commitLimit  = 10 * time.Second
	// fresh is how old a prepared message may be when its turn comes.
	fresh = time.Second
	// leastWait doubles with every try up to mostWait.
	leastWait = 5 * time.Second
	mostWait  = 10 * time.Minute
	// unknownWait is how long a job of an unknown kind waits, for a newer
	// version of the program to come.
	unknownWait = 10 * time.Minute
	// orderTries is how many failed tries a message may hold up the ones behind
	// it to the same address. After that it is taken to be the message's fault.
	orderTries = 3
	// staleRounds is how often a delivery is prepared anew because something
	// changed in between, before it waits a little.
	staleRounds = 10
	// commitRounds is how often a commit is tried while the store is away.
	commitRounds = 4
)

// owed is a leased job on its way.
type owed struct {
	// job is as it was leased, but Due is when it was first due.
	job  store.Job
	kind Kind
	// until is when to keep one's hands off it because the lease may end, by
	// the machine's clock; asked is when delivery was prepared.
	until, asked time.Time
	delivery     Delivery
	late         bool
	// lane is the address it waits for, which may not be the delivery's any
	// more when its turn comes.
	lane bot.Address
	// tried and its document's revision.
	tried tried
	rev   int64
	// said is where the message is once it is out, message what it says there
	// (nil when an earlier lease sent it).
	said    *Card
	message *bot.Message
	// card is where the delivery's card was posted before, nil when it was not,
	// and cardRev the revision of its document.
	card    *Card
	cardRev int64
	// reposted says that a card was posted anew because the one before is gone.
	reposted bool
}

func (o *owed) tries() int { return max(o.job.Attempt-o.tried.Free, 1) }

func (o *owed) tryKey() store.Key {
	return store.Key{Partition: o.job.Partition, Kind: kindTry, ID: o.job.ID}
}

func (o *owed) cardKey() store.Key {
	return store.Key{Partition: o.job.Partition, Kind: KindCard, ID: o.delivery.Card}
}

// LogValue says which job it is without telling whose.
func (o *owed) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", o.job.Kind),
		slog.String("partition", bot.HashID(o.job.Partition)),
		slog.String("id", bot.HashID(o.job.ID)),
		slog.Int("attempt", o.job.Attempt),
	)
}

// begin takes a leased job as far as it goes without a platform. It returns
// what has a message to deliver, or nil when the job has been seen to.
func (s *Scheduler) begin(ctx context.Context, job store.Job, until time.Time) *owed {
	o := &owed{job: job, until: until}
	if err := s.recall(ctx, o); err != nil {
		s.left(o, err)
		return nil
	}
	kind, known := s.kinds[job.Kind]
	if !known {
		s.cfg.Log.Warn("a job of a kind that this version does not know waits", "job", o)
		s.later(ctx, o, s.cfg.Now().Add(spread(o, unknownWait)), false)
		return nil
	}
	o.kind = kind
	if o.job.Attempt-o.tried.Seen > 2*s.cfg.Tries {
		// It does not even come as far as failing: it takes the process down
		// with it, time after time.
		s.bury(ctx, o, ReasonNotPrepared, errors.New("it never came to an end"))
		return nil
	}
	if err := s.prepare(ctx, o); err != nil {
		s.failed(ctx, o, ReasonNotPrepared, err)
		return nil
	}
	if o.delivery.Out == nil || o.said != nil && o.delivery.Card == "" {
		s.deliver(ctx, o)
		return nil
	}
	return o
}

// recall reads what is known from earlier tries.
func (s *Scheduler) recall(ctx context.Context, o *owed) error {
	if o.job.Attempt <= 1 {
		return nil
	}
	docs, err := s.cfg.Store.Get(ctx, o.tryKey())
	if err != nil || docs[0].Rev == 0 {
		return err
	}
	o.rev = docs[0].Rev
	var t tried
	if err := json.Unmarshal(docs[0].Body, &t); err != nil {
		s.cfg.Log.Error("what is known of a job's tries cannot be read and is begun anew", "job", o, "error", err)
		return nil
	}
	if t.Next == store.DueMilli(o.job.Due) {
		o.tried, o.said = t, t.Said
		o.job.Due = store.FromMilli(t.Due)
	}
	return nil
}

// prepare asks the job's kind what it comes to now.
func (s *Scheduler) prepare(ctx context.Context, o *owed) error {
	ctx, cancel := context.WithTimeout(ctx, prepareLimit)
	defer cancel()
	o.asked = time.Now()
	o.late = o.kind.Limit > 0 && s.cfg.Now().Sub(o.job.Due) > o.kind.Limit
	o.delivery = Delivery{}
	var d Delivery
	err := s.guard(o, func() (err error) {
		d, err = o.kind.Prepare(ctx, o.job, o.late)
		return err
	})
	if err != nil {
		return err
	}
	if o.late && (o.kind.Late == Drop || o.kind.Late == Skip) {
		d.Out = nil
	}
	o.delivery = d
	// What cannot be committed must not be sent.
	if err := s.withCard(s.ending(o), o).Validate(); err != nil {
		o.delivery = Delivery{}
		return err
	}
	if d.Out != nil && (d.Out.To.Person == "") == (d.Out.To.Room == "") {
		o.delivery = Delivery{}
		return errors.New("a message has neither a person nor a room to go to, or both")
	}
	return nil
}

// deliver says what there is to say and ends the job, in that order.
func (s *Scheduler) deliver(ctx context.Context, o *owed) {
	if !time.Now().Before(o.until) {
		s.later(ctx, o, s.cfg.Now(), false)
		return
	}
	if time.Since(o.asked) > fresh {
		if err := s.prepare(ctx, o); err != nil {
			s.failed(ctx, o, ReasonNotPrepared, err)
			return
		}
	}
	for range staleRounds {
		if err := s.findCard(ctx, o); err != nil {
			s.left(o, err)
			return
		}
		if err := s.say(ctx, o); err != nil {
			s.notSaid(ctx, o, err)
			return
		}
		err := s.commit(ctx, s.withCard(s.ending(o), o))
		switch {
		case err == nil:
			s.ended(o)
			return
		case errors.Is(err, store.ErrLeaseLost):
			s.keepCard(ctx, o)
			return
		case errors.Is(err, store.ErrInvalid):
			s.failed(ctx, o, ReasonNotPrepared, err)
			return
		case !errors.Is(err, store.ErrStale):
			s.left(o, err)
			return
		}
		if err := s.prepare(ctx, o); err != nil {
			s.failed(ctx, o, ReasonNotPrepared, err)
			return
		}
	}
	s.later(ctx, o, s.cfg.Now().Add(spread(o, time.Second)), false)
}

// ended counts, and looks after what the end has made due.
func (s *Scheduler) ended(o *owed) {
	if o.late {
		s.count.late.Add(1)
	}
	if len(o.delivery.Then.Jobs) > 0 || o.reposted {
		s.Wake()
	}
}

// ending is the change that ends the job: what the delivery changes, and
// nothing left to remember.
func (s *Scheduler) ending(o *owed) store.Change {
	c := o.delivery.Then
	if c.Partition == "" {
		c.Partition = o.job.Partition
	}
	c.Settles = append(slices.Clip(c.Settles), store.Settlement{Job: o.job})
	if o.rev > 0 {
		c.Deletes = append(slices.Clip(c.Deletes), store.Check{Key: o.tryKey(), Rev: o.rev})
	}
	return c
}

// withCard adds where the delivery's card is, unless the delivery writes that
// document itself.
func (s *Scheduler) withCard(c store.Change, o *owed) store.Change {
	if o.reposted {
		c.Jobs = append(slices.Clip(c.Jobs), o.delivery.Reposted...)
	}
	if o.delivery.Card == "" || o.said == nil && (o.delivery.Out == nil || o.delivery.EditOnly) || writes(c, o.cardKey()) {
		return c
	}
	c.Puts = append(slices.Clip(c.Puts), s.cardDoc(o))
	return c
}

func (s *Scheduler) cardDoc(o *owed) store.Doc {
	var card Card
	if o.said != nil {
		card = *o.said
	}
	return store.Doc{Key: o.cardKey(), Rev: o.cardRev, Body: encode(card), Expires: s.cfg.Now().Add(s.cfg.KeepCards)}
}

// findCard reads where the delivery's card was posted before. What cannot be
// read is posted anew.
func (s *Scheduler) findCard(ctx context.Context, o *owed) error {
	o.card, o.cardRev = nil, 0
	if o.delivery.Card == "" || o.delivery.Out == nil && o.said == nil {
		return nil
	}
	docs, err := s.cfg.Store.Get(ctx, o.cardKey())
	if err != nil || docs[0].Rev == 0 {
		return err
	}
	o.cardRev = docs[0].Rev
	var c Card
	if err := json.Unmarshal(docs[0].Body, &c); err != nil {
		s.cfg.Log.Error("where a card is cannot be read, it is posted anew", "job", o, "error", err)
		return nil
	}
	o.card = &c
	return nil
}

// writes says whether a change puts or deletes a document.
func writes(c store.Change, key store.Key) bool {
	return slices.ContainsFunc(c.Puts, func(d store.Doc) bool { return d.Key == key }) ||
		slices.ContainsFunc(c.Deletes, func(k store.Check) bool { return k.Key == key })
}

// errNotConnected: no such platform runs in this process.
var errNotConnected = errors.New("the platform is not connected here")

// errBusy: the platform already has as many calls as it may, for a while.
var errBusy = errors.New("the platform is busy")

// heldUpError: the address waits for the message before, until then.
type heldUpError struct{ until time.Time }

func (e *heldUpError) Error() string { return "a message before it waits" }

// say sends or edits what the delivery says. A message that is out is never
// sent again; a card that says something else by now is edited.
func (s *Scheduler) say(ctx context.Context, o *owed) error {
	if o.delivery.Out == nil {
		return nil
	}
	out := o.delivery.Out
	out.Nonce = nonce(o.job)
	if o.said != nil && (o.delivery.Card == "" || o.message != nil && reflect.DeepEqual(*o.message, out.Message)) {
		return nil
	}
	before := o.said
	if before == nil {
		before = o.card
	}
	platform := s.cfg.Platforms[out.To.Platform()]
	if platform == nil {
		return errNotConnected
	}
	if until, held := s.lanes.heldUp(out.To, s.cfg.Now()); held {
		return &heldUpError{until}
	}
	release, err := s.lanes.slot(ctx, out.To.Platform())
	if err != nil {
		return err
	}
	defer release()
	limit := callLimit
	if left := time.Until(o.until); left < limit {
		limit = left
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if before != nil && before.To == out.To {
		err := s.guard(o, func() error { return platform.Edit(ctx, before.Posted, out.Message) })
		if err == nil {
			s.count.edited.Add(1)
			o.said, o.message = before, &out.Message
			return nil
		}
		if !errors.Is(err, bot.ErrGone) {
			return err
		}
		o.reposted = true
	}
	if o.delivery.EditOnly {
		o.reposted = false
		return nil
	}
	var posted bot.Posted
	err = s.guard(o, func() (err error) {
		posted, err = platform.Send(ctx, *out)
		return err
	})
	if err == nil {
		s.count.sent.Add(1)
		o.said, o.message = &Card{To: out.To, Posted: posted}, &out.Message
	}
	return err
}

// notSaid decides what becomes of a job whose message did not go out.
func (s *Scheduler) notSaid(ctx context.Context, o *owed, err error) {
	now := s.cfg.Now()
	var limited *bot.RetryError
	var held *heldUpError
	switch {
	case ctx.Err() != nil:
		s.left(o, ctx.Err())
	case errors.Is(err, bot.ErrUnreachable):
		s.bury(ctx, o, ReasonUnreachable, err)
	case errors.Is(err, errNotConnected):
		s.later(ctx, o, now.Add(spread(o, min(2*time.Second<<min(o.tried.Free, 5), time.Minute))), false)
	case errors.Is(err, errBusy):
		s.later(ctx, o, now.Add(spread(o, leastWait)), false)
	case errors.As(err, &held):
		s.later(ctx, o, held.until, false)
	case errors.As(err, &limited):
		at := now.Add(max(limited.After, time.Millisecond))
		s.lanes.hold(o.delivery.Out.To, at)
		s.later(ctx, o, at, false)
	default:
		s.failed(ctx, o, ReasonNotSent, err)
	}
}

func (s *Scheduler) tooOld(o *owed) bool {
	return s.cfg.Now().Sub(o.job.Due) > s.cfg.GiveUp
}

// failed has a job tried again after a while, or gives it up when that has
// been done often enough.
func (s *Scheduler) failed(ctx context.Context, o *owed, reason string, err error) {
	if ctx.Err() != nil {
		s.left(o, ctx.Err())
		return
	}
	tries := o.tries()
	if tries >= s.cfg.Tries && (reason == ReasonNotPrepared || s.tooOld(o)) {
		s.bury(ctx, o, reason, err)
		return
	}
	s.cfg.Log.Warn("a job failed and will be tried again", "job", o, "step", reason, "error", err)
	at := s.cfg.Now().Add(spread(o, min(leastWait<<min(tries-1, 20), mostWait)))
	if reason == ReasonNotSent && tries <= orderTries {
		s.lanes.hold(o.delivery.Out.To, at)
	}
	s.later(ctx, o, at, true)
}

// later gives the lease back and keeps the job for another time. Only a lease
// that counts is a try.
func (s *Scheduler) later(ctx context.Context, o *owed, at time.Time, counts bool) {
	t := tried{Due: store.DueMilli(o.job.Due), Next: store.DueMilli(at), Seen: o.job.Attempt, Free: o.tried.Free, Said: o.said}
	if !counts {
		t.Free++
	}
	for range staleRounds {
		err := s.commit(ctx, store.Change{
			Partition: o.job.Partition,
			Puts:      []store.Doc{{Key: o.tryKey(), Rev: o.rev, Body: encode(t), Expires: at.Add(s.cfg.Keep)}},
			Settles:   []store.Settlement{{Job: o.job, RetryAt: at}},
		})
		switch {
		case err == nil:
			if counts {
				s.count.retried.Add(1)
			} else {
				s.count.deferred.Add(1)
			}
			s.Wake()
			return
		case errors.Is(err, store.ErrLeaseLost):
			s.keepCard(ctx, o)
			return
		case !errors.Is(err, store.ErrStale):
			s.left(o, err)
			return
		}
		// Left behind by a job that had this ID before.
		docs, err := s.cfg.Store.Get(ctx, o.tryKey())
		if err != nil {
			s.left(o, err)
			return
		}
		o.rev = docs[0].Rev
	}
	s.left(o, store.ErrStale)
}

// bury ends a job as a dead letter, together with what the delivery wants
// committed and what it wants committed in this case.
func (s *Scheduler) bury(ctx context.Context, o *owed, reason string, cause error) {
	s.cfg.Log.Warn("a job became a dead letter", "job", o, "reason", reason, "error", cause)
	if reason == ReasonNotPrepared {
		o.delivery = Delivery{}
	}
	for range staleRounds {
		letter, err := s.deadLetter(ctx, o, reason)
		if err != nil {
			s.left(o, err)
			return
		}
		extra, err := s.unreachable(ctx, o, cause)
		if err != nil && o.tries() < s.cfg.Tries {
			s.failed(ctx, o, ReasonNotPrepared, err)
			return
		}
		if err != nil {
			s.cfg.Log.Error("nothing more could be committed with a dead letter", "job", o, "error", err)
		}
		c := merge(s.ending(o), extra)
		c.Puts = append(c.Puts, letter)
		err = s.commit(ctx, c)
		if errors.Is(err, store.ErrInvalid) {
			s.cfg.Log.Error("a dead letter was kept without what was to come with it", "job", o, "error", err)
			o.delivery = Delivery{}
			c = s.ending(o)
			c.Puts = append(c.Puts, letter)
			err = s.commit(ctx, c)
		}
		switch {
		case err == nil:
			s.count.dead.Add(1)
			s.ended(o)
			s.Wake()
			return
		case errors.Is(err, store.ErrLeaseLost):
			return
		case !errors.Is(err, store.ErrStale):
			s.left(o, err)
			return
		case reason == ReasonNotPrepared:
			continue
		}
		if err := s.prepare(ctx, o); err != nil {
			s.failed(ctx, o, ReasonNotPrepared, err)
			return
		}
		if o.delivery.Out == nil {
			break // there is nothing to say any more
		}
	}
	s.later(ctx, o, s.cfg.Now().Add(spread(o, time.Second)), false)
}

func (s *Scheduler) deadLetter(ctx context.Context, o *owed, reason string) (store.Doc, error) {
	key := store.Key{Partition: o.job.Partition, Kind: KindDead, ID: nonce(o.job)}
	docs, err := s.cfg.Store.Get(ctx, key)
	if err != nil {
		return store.Doc{}, err
	}
	now := s.cfg.Now()
	letter := DeadLetter{
		Kind: o.job.Kind, ID: o.job.ID, Body: o.job.Body,
		Due: o.job.Due.UTC(), At: now.UTC(), Reason: reason,
	}
	listed := []store.Entry{{Name: DeadIndex(""), Score: now.UnixMilli()}}
	if out := o.delivery.Out; out != nil {
		letter.To = out.To.Person + out.To.Room
		listed = append(listed, store.Entry{Name: DeadIndex(letter.To), Score: now.UnixMilli()})
	}
	return store.Doc{Key: key, Rev: docs[0].Rev, Body: encode(letter), Expires: now.Add(s.cfg.Keep), Listed: listed}, nil
}

// unreachable asks the delivery what else to commit.
func (s *Scheduler) unreachable(ctx context.Context, o *owed, cause error) (c store.Change, err error) {
	if o.delivery.Unreachable == nil {
		return store.Change{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, prepareLimit)
	defer cancel()
	err = s.guard(o, func() (err error) {
		c, err = o.delivery.Unreachable(ctx, cause)
		return err
	})
	return c, err
}

// merge lays one change over another: where both write a document or put a
// job, the second one counts.
func merge(under, over store.Change) store.Change {
	c := under
	c.Checks = slices.Concat(under.Checks, over.Checks)
	c.Puts = slices.Concat(slices.DeleteFunc(slices.Clone(under.Puts), func(d store.Doc) bool { return writes(over, d.Key) }), over.Puts)
	c.Deletes = slices.Concat(slices.DeleteFunc(slices.Clone(under.Deletes), func(k store.Check) bool { return writes(over, k.Key) }), over.Deletes)
	c.Jobs = slices.Concat(slices.DeleteFunc(slices.Clone(under.Jobs), func(j store.Job) bool {
		return slices.Contains(over.Cancels, j.ID) || slices.ContainsFunc(over.Jobs, func(o store.Job) bool { return o.ID == j.ID })
	}), over.Jobs)
	c.Cancels = slices.Concat(under.Cancels, over.Cancels)
	return c
}

// keepCard remembers where a card was posted although the job is not ours any
// more: whoever has it now is to edit that message and not to post another.
func (s *Scheduler) keepCard(ctx context.Context, o *owed) {
	if o.said == nil || o.delivery.Card == "" || o.delivery.Out == nil {
		return
	}
	err := s.commit(ctx, store.Change{Partition: o.job.Partition, Puts: []store.Doc{s.cardDoc(o)}})
	if err != nil && !errors.Is(err, store.ErrStale) {
		s.cfg.Log.Warn("where a card was posted is not known any more", "job", o, "error", err)
	}
}

// commit tries again while the store is away. A change that was applied all
// the same is answered with ErrLeaseLost the next time.
func (s *Scheduler) commit(ctx context.Context, c store.Change) error {
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	wait := 50 * time.Millisecond
	for round := 1; ; round++ {
		err := s.cfg.Store.Commit(ctx, c)
		switch {
		case err == nil, round == commitRounds,
			errors.Is(err, store.ErrStale), errors.Is(err, store.ErrLeaseLost), errors.Is(err, store.ErrInvalid):
			return err
		}
		if !pause(ctx, wait) {
			return err
		}
		wait *= 4
	}
}

// left logs that a job is left to its lease: when that runs out, somebody
// takes it up again.
func (s *Scheduler) left(o *owed, err error) {
	if errors.Is(err, context.Canceled) {
		return // the end of the program
	}
	s.cfg.Log.Warn("a job is left until its lease runs out", "job", o, "error", err)
}

// guard turns a panic in somebody else's code into an error that is safe to
// log: what is panicked with may hold people's words.
func (s *Scheduler) guard(o *owed, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error("a job panicked", "job", o, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("a panic with a value of type %T", p)
		}
	}()
	return f()
}

// spread lengthens or shortens a wait by up to a fifth, so that what failed
// together does not come back together. The job and its attempt decide how
// much, which keeps a rehearsal repeatable.
func spread(o *owed, d time.Duration) time.Duration {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s/%s/%d", o.job.Partition, o.job.ID, o.job.Attempt)
	return d + d/5*time.Duration(int64(h.Sum32()%2001)-1000)/1000
}

// encode writes one of our own records, none of which JSON can refuse.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// pause waits for d, and is false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
