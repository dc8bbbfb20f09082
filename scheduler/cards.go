package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"village/internal/store"
)

// withCard adds where the delivery's card is, unless the delivery writes that
// document itself.
func (s *Scheduler) withCard(c store.Change, p *parcel) store.Change {
	if p.reposted {
		c.Jobs = append(slices.Clip(c.Jobs), p.delivery.Reposted...)
	}
	if p.delivery.Card == "" || p.said == nil && (p.delivery.Out == nil || p.delivery.EditOnly) || writes(c, p.cardKey()) {
		return c
	}
	c.Puts = append(slices.Clip(c.Puts), s.cardDoc(p))
	return c
}

func (s *Scheduler) cardDoc(p *parcel) store.Doc {
	var card Card
	if p.said != nil {
		card = *p.said
	}
	return store.Doc{Key: p.cardKey(), Rev: p.cardRev, Body: encode(card), Expires: s.cfg.Now().Add(s.cfg.KeepCards)}
}

// findCard reads where the delivery's card was posted before. What cannot be
// read is posted anew.
func (s *Scheduler) findCard(ctx context.Context, p *parcel) error {
	p.card, p.cardRev = nil, 0
	if p.delivery.Card == "" || p.delivery.Out == nil && p.said == nil {
		return nil
	}
	docs, err := s.cfg.Store.Get(ctx, p.cardKey())
	if err != nil || docs[0].Rev == 0 {
		p.card = p.stands
		return err
	}
	p.cardRev = docs[0].Rev
	var c Card
	if err := json.Unmarshal(docs[0].Body, &c); err != nil {
		s.cfg.Log.Error("where a card is cannot be read, it is posted anew", "job", p, "error", err)
		return nil
	}
	p.card = &c
	return nil
}

// writes says whether a change puts or deletes a document.
func writes(c store.Change, key store.Key) bool {
	return slices.ContainsFunc(c.Puts, func(d store.Doc) bool { return d.Key == key }) ||
		slices.ContainsFunc(c.Deletes, func(k store.Check) bool { return k.Key == key })
}

// keepCard remembers where a card was posted although the job is not ours any
// more: whoever has it now is to edit that message and not to post another.
func (s *Scheduler) keepCard(ctx context.Context, p *parcel) {
	if p.said == nil || p.delivery.Card == "" || p.delivery.Out == nil {
		return
	}
	err := s.commit(ctx, store.Change{Partition: p.job.Partition, Puts: []store.Doc{s.cardDoc(p)}})
	if err != nil && !errors.Is(err, store.ErrStale) {
		s.cfg.Log.Warn("where a card was posted is not known any more", "job", p, "error", err)
	}
}
