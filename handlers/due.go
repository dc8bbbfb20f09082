package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"village/handlers/records"
	"village/internal/store"
	"village/scheduler"
)

// due is a job whose time has come.
type due struct {
	store.Job
	late bool // by more than its kind may be
}

// again puts the job off, and keeps what was changed with it.
func (d due) again(t *records.Tx, at time.Time, says any) scheduler.Delivery {
	t.PutJob(d.ID, d.Kind, at, says)
	return scheduler.Delivery{Then: t.Finish()}
}

// kind is a kind of job that says a T. It is prepared in a round of its
// partition; what that round changes belongs in the delivery. Every document is read
// once in it, and those that reads names all at once.
func kind[T any](a *App, name string, late scheduler.Late, limit time.Duration, prepare func(*records.Tx, due, T) (scheduler.Delivery, error), reads ...func(T) []store.Key) scheduler.JobKind {
	return scheduler.JobKind{Name: name, Late: late, Limit: limit, Prepare: func(ctx context.Context, job store.Job, late bool) (scheduler.Delivery, error) {
		var says T
		if err := json.Unmarshal(job.Body, &says); err != nil {
			return scheduler.Delivery{}, fmt.Errorf("reading a job of kind %q: %w", name, err)
		}
		ctx = records.Visit(ctx)
		for _, keys := range reads {
			if err := a.Fetch(ctx, keys(says)...); err != nil {
				return scheduler.Delivery{}, err
			}
		}
		return prepare(a.Begin(ctx, job.Partition), due{Job: job, late: late}, says)
	}}
}
