package scheduler

import "village/internal/store"

// Watcher is told what becomes of jobs, for those who look after the program. It must
// wait for nothing, and be safe for use by many goroutines.
type Watcher interface {
	// Leased says that a job is in hand, Done that it is not any more: it went, or
	// waits for another time.
	Leased(j store.Job)
	Done(j store.Job)
	// Became says what became of a job of a kind. One job can come to several outcomes,
	// such as OutcomeSent and OutcomeLate.
	Became(kind string, o Outcome)
}

// Outcome is what became of a job.
type Outcome int

// The outcomes, as Stats explains them.
const (
	OutcomeSent Outcome = iota
	OutcomeEdited
	OutcomeRetried
	OutcomeDeferred
	OutcomeDead
	OutcomeLate
	outcomes
)

// String is a word for an outcome.
func (o Outcome) String() string {
	return [outcomes]string{"sent", "edited", "retried", "deferred", "dead", "late"}[o]
}

// unwatched is the Watcher of whoever has none.
type unwatched struct{}

func (unwatched) Leased(store.Job)       {}
func (unwatched) Done(store.Job)         {}
func (unwatched) Became(string, Outcome) {}

// became counts what became of a job.
func (s *Scheduler) became(p *parcel, o Outcome) {
	s.count[o].Add(1)
	s.cfg.Watch.Became(p.job.Kind, o)
}
