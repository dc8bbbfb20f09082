// Package scheduler is when: it reads schedules, and it delivers what is due.
//
// What is owed is a [store.Job], committed together with what caused it. The
// scheduler leases due jobs, asks their [JobKind] what they come to, has a
// platform send or edit the message, and ends the job in one commit with
// whatever else the delivery changes. Nothing is ever early, by the clock it
// was given.
//
// Promised: a job that was committed is delivered at least once, or becomes a
// [DeadLetter] that can be listed, whatever dies on the way. A repeat carries
// the same nonce, made of the job and its due time, and says since when it may be
// there; a card is edited rather
// than sent again. A slow or limited room or platform does not hold up others.
// Messages to one address go out in the order in which they were due. What somebody
// waits for (an urgent job) overtakes all of that: it is leased first, has calls of
// the platform that are kept for it, and passes the others to its address.
//
// Not promised: that order between several processes, after a message has
// failed several times, or for a room that has fallen far behind; nor that a
// platform shows a repeat only once.
package scheduler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"village/bot"
	"village/internal/store"
)

// Late is what being late means for a kind of job.
type Late int

// The rules of lateness. They hold once a job is late by more than its kind's
// Limit.
const (
	// Once: it is sent all the same, one time.
	Once Late = iota
	// Drop: nothing is sent any more (a fasting reminder after the meal).
	Drop
	// Skip: nothing is sent, the next occurrence will do (a hydration
	// reminder). Its Prepare puts the next occurrence into Then.
	Skip
	// IfUseful: Prepare decides (a ride that is still ahead).
	IfUseful
)

// JobKind is one kind of job.
type JobKind struct {
	// Name is what Job.Kind says.
	Name string
	Late Late
	// Limit is how late is late. Drop, Skip and IfUseful need one; with Once,
	// 0 means that it is never late.
	Limit time.Duration
	// Prepare says what a due job comes to, from what the store holds now: it
	// may be asked several times about one job, and long after the job was put.
	// job.Due is when it was first due, however often it was tried. When late
	// is true and the kind is Drop or Skip, the delivery's Out is not sent but
	// its Then is committed: a repeating job counts its next occurrence from
	// the clock's now rather than from job.Due. An error means to try again.
	Prepare func(ctx context.Context, job store.Job, late bool) (Delivery, error)
}

// Delivery is what a due job comes to. One job sends at most one message.
type Delivery struct {
	// Out is the message; nil means that there is nothing to say (any more). It is
	// the scheduler's from then on, which sets its nonce.
	Out *bot.Outgoing
	// Card names a message that is edited rather than sent again: what was
	// posted under this name is kept as a document of kind [KindCard] in the
	// job's partition. The name follows store.Key's rules.
	Card string
	// Afresh says that what its reader was told just before decides what it says: behind
	// another message to the same address it is prepared anew.
	Afresh bool
	// EditOnly changes the card where it stands, and says nothing where there
	// is none (any more).
	EditOnly bool
	// Reposted are jobs to put when the card that was there could not be edited
	// any more and was posted anew. Their partition is the job's.
	Reposted []store.Job
	// Then is committed together with the job's end: its next occurrence, a
	// changed document. Its partition is the job's, or empty. When it is stale,
	// Prepare is asked again, and the message is not sent a second time.
	Then store.Change
	// Unreachable says what else to commit when the address cannot be reached,
	// or was tried in vain for long: what it puts under a key or job ID comes
	// in place of what Then puts there. It may be nil.
	Unreachable func(ctx context.Context, reason error) (store.Change, error)
}

// Config is what a Scheduler is made of.
type Config struct {
	Store store.Store
	// Platforms by name. A job for one that is missing waits.
	Platforms map[string]bot.Platform
	Kinds     []JobKind
	// Now is the clock, the same one that the store was opened with; time.Now
	// when nil.
	Now func() time.Time
	// Ready says why nothing may be leased or swept at the moment: the clock is not to
	// be trusted. Nil means that everything always may. Run asks it.
	Ready func() error
	// Watch is told what becomes of jobs; nil where nobody wants to know.
	Watch Watcher
	Log   *slog.Logger
	// Hold is how long a lease keeps others away (0: a minute). A killed
	// process's jobs are taken over after that time.
	Hold time.Duration
	// Workers is how many messages are on their way to one platform at a time
	// (0: 20); a fifth of them is kept for urgent ones.
	Workers int
	// Poll is how often to look for jobs that another process has put (0: 10
	// seconds). Those of this process are noticed at once, see Wake.
	Poll time.Duration
	// Grace is how long Run goes on delivering what it has leased after its
	// context has ended (0: 8 seconds).
	Grace time.Duration
	// Tries is how often a Prepare may fail by a mistake in the program before its
	// job becomes a dead letter (0: 12, which takes about half an hour). What may be
	// well again later, such as a store that is away, is tried until GiveUp.
	Tries int
	// GiveUp is how long after its due time a message that a platform keeps
	// failing to take becomes a dead letter (0: three days).
	GiveUp time.Duration
	// Keep is how long dead letters are kept (0: 30 days), and KeepCards how
	// long a card that is not edited can still be (0: 180 days).
	Keep, KeepCards time.Duration
}

// Stats counts what has happened since the start.
type Stats struct {
	Sent, Edited uint64
	// Retried counts what failed and will be tried again, Deferred what waits
	// for something else: a platform, a limit, a message before it.
	Retried, Deferred uint64
	// Dead counts dead letters, Late the jobs that were late by their kind's
	// rule when they were handled.
	Dead, Late uint64
}

// Scheduler delivers due jobs. It is safe for use by many goroutines.
type Scheduler struct {
	cfg   Config
	run   string // tells this process from others, and from itself before a restart
	kinds map[string]JobKind
	wake  chan struct{}
	// leases are to be given back while Run runs, see left.
	leases chan *parcel
	count  [outcomes]atomic.Uint64
	lanes  *lanes
	idle   chan *parcel // taken by those who wait for another lane
	swept  atomic.Int64 // Unix seconds
	freed  time.Time    // when something was last seen to while there was no room
}

// lengths fills in the lengths of time that are left out, and complains of those that
// cannot be.
func (cfg *Config) lengths() []error {
	var problems []error
	for _, d := range []struct {
		value  *time.Duration
		normal time.Duration
	}{
		{&cfg.Hold, time.Minute}, {&cfg.Poll, 10 * time.Second}, {&cfg.Grace, 8 * time.Second},
		{&cfg.GiveUp, 72 * time.Hour}, {&cfg.Keep, 30 * 24 * time.Hour}, {&cfg.KeepCards, 180 * 24 * time.Hour},
	} {
		if *d.value == 0 {
			*d.value = d.normal
		}
		if *d.value < 0 {
			problems = append(problems, fmt.Errorf("a length of time of %v in the scheduler's configuration", *d.value))
		}
	}
	return problems
}

// New checks the configuration and reports all its problems at once.
func New(cfg Config) (*Scheduler, error) {
	var problems []error
	if cfg.Store == nil {
		problems = append(problems, errors.New("the scheduler needs a store"))
	}
	kinds := make(map[string]JobKind, len(cfg.Kinds))
	for _, k := range cfg.Kinds {
		problems = append(problems, checkKind(k, kinds)...)
		kinds[k.Name] = k
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Ready == nil {
		cfg.Ready = func() error { return nil }
	}
	if cfg.Watch == nil {
		cfg.Watch = unwatched{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	problems = append(problems, cfg.lengths()...)
	if cfg.Workers == 0 {
		cfg.Workers = 20
	}
	if cfg.Tries == 0 {
		cfg.Tries = 12
	}
	if cfg.Workers < 0 || cfg.Tries < 0 {
		problems = append(problems, errors.New("the scheduler's workers and tries cannot be negative"))
	}
	if cfg.Hold < time.Second || cfg.Hold > store.MaxHold {
		problems = append(problems, fmt.Errorf("a lease of %v: it goes from a second to %v", cfg.Hold, store.MaxHold))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return &Scheduler{
		cfg:   cfg,
		run:   rand.Text(),
		kinds: kinds,
		wake:  make(chan struct{}, 1),
		lanes: newLanes(cfg),
		idle:  make(chan *parcel),
	}, nil
}

func checkKind(k JobKind, before map[string]JobKind) []error {
	var problems []error
	if k.Name == "" {
		problems = append(problems, errors.New("a kind of job has no name"))
	}
	if _, twice := before[k.Name]; twice {
		problems = append(problems, fmt.Errorf("two kinds of job are called %q", k.Name))
	}
	if k.Prepare == nil {
		problems = append(problems, fmt.Errorf("the kind of job %q has no Prepare", k.Name))
	}
	if k.Limit < 0 || k.Limit == 0 && k.Late != Once {
		problems = append(problems, fmt.Errorf("the kind of job %q does not say how late is late", k.Name))
	}
	return problems
}

// Wake says that a commit in this process put a job: it may be due before the
// next look. It never blocks, and may be called after any commit.
func (s *Scheduler) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Stats says what has happened since the start.
func (s *Scheduler) Stats() Stats {
	n := func(o Outcome) uint64 { return s.count[o].Load() }
	return Stats{
		Sent: n(OutcomeSent), Edited: n(OutcomeEdited), Retried: n(OutcomeRetried),
		Deferred: n(OutcomeDeferred), Dead: n(OutcomeDead), Late: n(OutcomeLate),
	}
}
