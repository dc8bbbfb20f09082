package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"time"

	"village/bot"
	"village/internal/store"
)

const (
	// callLimit is as long as one call of a platform may take, prepareLimit one
	// of a Prepare.
	callLimit    = 30 * time.Second
	prepareLimit = 10 * time.Second
	// fresh is how old a prepared message may be when its turn comes.
	fresh = time.Second
	// unknownWait is how long a job of an unknown kind waits, for a newer
	// version of the program to come.
	unknownWait = 10 * time.Minute
	// staleRounds is how often a delivery is prepared anew because something
	// changed in between, before it waits a little.
	staleRounds = 10
)

// begin takes a leased job as far as it goes without a platform. It returns
// what has a message to deliver, or nil when the job has been seen to.
func (s *Scheduler) begin(ctx context.Context, job store.Job, until time.Time) *parcel {
	p := &parcel{job: job, until: until}
	if err := s.recall(ctx, p); err != nil {
		s.left(p, err)
		return nil
	}
	kind, known := s.kinds[job.Kind]
	if !known {
		s.cfg.Log.Warn("a job of a kind that this version does not know waits", "job", p)
		s.later(ctx, p, s.cfg.Now().Add(spread(p, unknownWait)), false)
		return nil
	}
	p.kind = kind
	if p.job.Attempt-p.tried.Seen > 2*s.cfg.Tries && !s.dares(ctx, p) {
		return nil
	}
	if err := s.prepare(ctx, p); err != nil {
		s.failed(ctx, p, ReasonNotPrepared, err)
		return nil
	}
	s.inherit(p)
	if p.delivery.Out == nil || p.said != nil && p.delivery.Card == "" {
		s.deliver(ctx, p)
		return nil
	}
	return p
}

// mostLives is how many processes in a row may go down with a job before it is given
// up.
const mostLives = 3

// dares says whether a job is tried that does not even come as far as failing. Either
// the store was away whenever that was to be noted, or it takes the process down with
// it, time after time. So it is noted before it is tried: whoever finds that others
// noted it, and are not there any more, gives it up.
func (s *Scheduler) dares(ctx context.Context, p *parcel) bool {
	if p.tried.Run == s.run {
		return true // and lives
	}
	if p.tried.Lives >= mostLives {
		s.bury(ctx, p, ReasonNotPrepared, errors.New("it never came to an end"))
		return false
	}
	if p.tried.Next == 0 { // nothing was noted before
		p.tried.Due, p.tried.Next = store.DueMilli(p.job.Due), store.DueMilli(p.job.Due)
	}
	p.tried.Lives, p.tried.Run = p.tried.Lives+1, s.run
	noted := store.Doc{Key: p.tryKey(), Rev: p.rev, Body: encode(p.tried), Expires: s.cfg.Now().Add(s.cfg.Keep)}
	if err := s.commit(ctx, store.Change{Partition: p.job.Partition, Puts: []store.Doc{noted}}); err != nil {
		s.left(p, err)
		return false
	}
	p.rev++
	return true
}

// recall reads what is known from earlier tries.
func (s *Scheduler) recall(ctx context.Context, p *parcel) error {
	if p.job.Attempt <= 1 && !p.job.Replaced {
		return nil
	}
	docs, err := s.cfg.Store.Get(ctx, p.tryKey())
	p.unread = err != nil
	if err != nil || docs[0].Rev == 0 {
		return err
	}
	p.rev = docs[0].Rev
	var t tried
	if err := json.Unmarshal(docs[0].Body, &t); err != nil {
		s.cfg.Log.Error("what is known of a job's tries cannot be read and is begun anew", "job", p, "error", err)
		return nil
	}
	if t.Next == store.DueMilli(p.job.Due) {
		p.tried, p.said, p.words = t, t.Said, t.Words
		p.job.Due = store.FromMilli(t.Due)
		return nil
	}
	p.before = &t
	return nil
}

// prepare asks the job's kind what it comes to now.
func (s *Scheduler) prepare(ctx context.Context, p *parcel) error {
	ctx, cancel := context.WithTimeout(ctx, prepareLimit)
	defer cancel()
	p.asked = time.Now()
	p.late = p.kind.Limit > 0 && s.cfg.Now().Sub(p.job.Due) > p.kind.Limit
	p.delivery = Delivery{}
	var d Delivery
	err := s.guard(p, func() (err error) {
		d, err = p.kind.Prepare(ctx, p.job, p.late)
		return err
	})
	if err != nil {
		return err
	}
	if p.late && (p.kind.Late == Drop || p.kind.Late == Skip) {
		d.Out = nil
	}
	p.delivery = d
	// What cannot be committed must not be sent.
	if err := s.withCard(s.ending(p), p).Validate(); err != nil {
		p.delivery = Delivery{}
		return err
	}
	if d.Out != nil && (d.Out.To.Person == "") == (d.Out.To.Room == "") {
		p.delivery = Delivery{}
		return faultError{errors.New("a message has neither a person nor a room to go to, or both")}
	}
	return nil
}

// deliver says what there is to say and ends the job, in that order.
func (s *Scheduler) deliver(ctx context.Context, p *parcel) {
	if !time.Now().Before(p.until) {
		s.later(ctx, p, s.cfg.Now(), false)
		return
	}
	defer s.lanes.hangUp(p)
	if err := s.turn(ctx, p); err != nil {
		s.notSaid(ctx, p, err)
		return
	}
	if time.Since(p.asked) > fresh || p.behind && p.delivery.Afresh { // it has waited for its turn
		if err := s.prepare(ctx, p); err != nil {
			s.failed(ctx, p, ReasonNotPrepared, err)
			return
		}
	}
	for range staleRounds {
		if err := s.findCard(ctx, p); err != nil {
			s.left(p, err)
			return
		}
		if err := s.say(ctx, p); err != nil {
			s.notSaid(ctx, p, err)
			return
		}
		s.lanes.hangUp(p)
		err := s.settled(ctx, p, s.withCard(s.ending(p), p))
		switch {
		case err == nil:
			s.ended(p)
			return
		case errors.Is(err, store.ErrLeaseLost):
			s.keepCard(ctx, p)
			return
		case errors.Is(err, store.ErrInvalid):
			s.failed(ctx, p, ReasonNotPrepared, err)
			return
		case !errors.Is(err, store.ErrStale):
			s.left(p, err)
			return
		}
		if err := s.prepare(ctx, p); err != nil {
			s.failed(ctx, p, ReasonNotPrepared, err)
			return
		}
	}
	s.later(ctx, p, s.cfg.Now().Add(spread(p, time.Second)), false)
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
func (s *Scheduler) say(ctx context.Context, p *parcel) error {
	out := p.delivery.Out
	if out == nil {
		return nil
	}
	if p.mayStandSoon() {
		return &heldUpError{s.cfg.Now().Add(time.Duration(p.job.Attempt) * time.Second)}
	}
	p.disown()
	if p.said != nil && (p.delivery.Card == "" || p.message != nil && reflect.DeepEqual(*p.message, out.Message)) {
		return nil
	}
	if p.platform != out.To.Platform() {
		if err := s.turn(ctx, p); err != nil {
			return err
		}
	}
	platform := s.cfg.Platforms[p.platform]
	ctx, cancel := context.WithTimeout(ctx, min(callLimit, time.Until(p.until)))
	defer cancel()
	return s.edit(ctx, p, platform)
}

// turn waits until it may call the platform that the delivery goes to. Where there is
// nothing to say it does not.
func (s *Scheduler) turn(ctx context.Context, p *parcel) error {
	out := p.delivery.Out
	if out == nil {
		return nil
	}
	s.lanes.hangUp(p)
	if s.cfg.Platforms[out.To.Platform()] == nil {
		return errNotConnected
	}
	if until, held := s.lanes.heldUp(out.To, s.cfg.Now()); held {
		return &heldUpError{until}
	}
	return s.lanes.call(ctx, p, out.To.Platform())
}

// edit edits the card that is out already, or sends the message where there is none
// (any more).
func (s *Scheduler) edit(ctx context.Context, p *parcel, platform bot.Platform) error {
	out, before := p.delivery.Out, p.said
	if before == nil {
		before = p.card
	}
	if before == nil || before.To != out.To {
		return s.send(ctx, p, platform)
	}
	err := s.guard(p, func() error { return platform.Edit(ctx, before.Posted, out.Message) })
	if err == nil {
		s.became(p, OutcomeEdited)
		p.said, p.message = before, &out.Message
	}
	if !errors.Is(err, bot.ErrGone) {
		return err
	}
	p.reposted = true
	return s.send(ctx, p, platform)
}

// send posts the message, unless it is only to be edited where it stands.
func (s *Scheduler) send(ctx context.Context, p *parcel, platform bot.Platform) error {
	if p.delivery.EditOnly {
		p.reposted = false
		return nil
	}
	out := p.delivery.Out
	out.Nonce, out.Since = p.nonce(), p.since()
	repeat, now := !out.Since.IsZero(), wordsOf(out.Message)
	same := repeat && p.words == now
	if p.words = now; repeat && !same {
		p.words = "" // one of the tries may have said something else
	}
	var posted bot.Posted
	err := s.guard(p, func() (err error) {
		posted, err = platform.Send(ctx, *out)
		return err
	})
	if err != nil {
		return err
	}
	s.became(p, OutcomeSent)
	p.said, p.before = &Card{To: out.To, Posted: posted}, nil
	if p.delivery.Card != "" && repeat && !same { // what stands there may be what another try said
		if err := s.guard(p, func() error { return platform.Edit(ctx, posted, out.Message) }); err != nil {
			return err
		}
	}
	p.message = &out.Message
	return nil
}

// notSaid decides what becomes of a job whose message did not go out.
func (s *Scheduler) notSaid(ctx context.Context, p *parcel, err error) {
	now := s.cfg.Now()
	var limited *bot.RetryError
	var held *heldUpError
	switch {
	case ctx.Err() != nil:
		s.left(p, ctx.Err())
	case errors.Is(err, bot.ErrUnreachable):
		s.bury(ctx, p, ReasonUnreachable, err)
	case errors.Is(err, errNotConnected):
		s.later(ctx, p, now.Add(spread(p, min(2*time.Second<<min(p.tried.Free, 5), time.Minute))), false)
	case errors.Is(err, errBusy):
		s.later(ctx, p, now.Add(spread(p, leastWait)), false)
	case errors.As(err, &held):
		s.later(ctx, p, held.until, false)
	case errors.As(err, &limited):
		at := now.Add(max(limited.After, time.Millisecond))
		s.lanes.hold(p.delivery.Out.To, at)
		s.later(ctx, p, at, false)
	default:
		s.failed(ctx, p, ReasonNotSent, err)
	}
}

// guard turns a panic in somebody else's code into an error that is safe to
// log: what is panicked with may hold people's words.
func (s *Scheduler) guard(p *parcel, f func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.cfg.Log.Error("a job panicked", "job", p, "panic", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			err = faultError{fmt.Errorf("a panic with a value of type %T", cause)}
		}
	}()
	return f()
}
