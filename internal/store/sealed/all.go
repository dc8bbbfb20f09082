package sealed

import (
	"context"
	"errors"
	"slices"

	"village/internal/store"
)

// page is how many documents and jobs are sealed in one go.
const page = 500

// sealAll writes anew whatever is in clear or sealed with an old key. It can be cut
// off anywhere and begun again: what is sealed is written before what was in clear
// is removed.
func (s *Store) sealAll(ctx context.Context) error {
	w := sealing{s: s, ctx: ctx}
	if err := s.inner.Walk(ctx, w.doc, w.job); err != nil {
		return err
	}
	return w.flush()
}

// sealing gathers what is to be written, and what is to be removed after it.
type sealing struct {
	s       *Store
	ctx     context.Context
	puts    []store.Change
	removes []store.Change
}

func (w *sealing) doc(d store.Doc) error {
	if d.Key == marker() || slices.Contains(w.s.below, d.Kind) {
		return nil
	}
	if isSealed(d.Body) {
		if w.s.keys.Current(d.Body[1:]) {
			return nil
		}
		opened, err := w.s.openDoc(d)
		if err != nil {
			return err
		}
		return w.add(w.s.seal(store.Change{Partition: opened.Partition, Puts: []store.Doc{opened}}), store.Change{})
	}
	gone := store.Change{Partition: d.Partition, Deletes: []store.Check{{Key: d.Key, Rev: d.Rev}}}
	d.Rev = 0
	return w.add(w.s.seal(store.Change{Partition: d.Partition, Puts: []store.Doc{d}}), gone)
}

func (w *sealing) job(j store.Job) error {
	if isSealed(j.Body) {
		if w.s.keys.Current(j.Body[1:]) {
			return nil
		}
		opened, err := w.s.openJob(j)
		if err != nil {
			return err
		}
		return w.add(w.s.seal(store.Change{Partition: opened.Partition, Jobs: []store.Job{opened}}), store.Change{})
	}
	gone := store.Change{Partition: j.Partition, Cancels: []string{j.ID}}
	return w.add(w.s.seal(store.Change{Partition: j.Partition, Jobs: []store.Job{j}}), gone)
}

func (w *sealing) add(put, remove store.Change) error {
	w.puts = append(w.puts, put)
	if remove.Partition != "" {
		w.removes = append(w.removes, remove)
	}
	if len(w.puts) < page {
		return nil
	}
	return w.flush()
}

// flush writes, and removes when all of that was written. What is stale has been
// written anew by somebody else meanwhile, sealed.
func (w *sealing) flush() error {
	for _, changes := range [][]store.Change{w.puts, w.removes} {
		if len(changes) == 0 {
			continue
		}
		for _, err := range w.s.inner.CommitAll(w.ctx, changes) {
			if err != nil && !errors.Is(err, store.ErrStale) {
				return err
			}
		}
	}
	w.puts, w.removes = nil, nil
	return nil
}
