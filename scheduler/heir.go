package scheduler

import (
	"cmp"
	"time"

	"village/bot"
	"village/internal/store"
)

// A job that is put in place of one that was on its way may find that one's message
// there: it was sent and the answer or the commit was lost, or it is just being sent.
// Then a card is looked for and edited, and the same words are not said again.

const (
	// replacedSince is how long before a job was due the one that it replaced may have
	// posted its card, where nothing more is known of that one.
	replacedSince = time.Hour
	// sameWords is how long the words of a job that was replaced are looked for.
	sameWords = 15 * time.Minute
	// standWaits is how often to wait for a card that is perhaps just being posted.
	standWaits = 3
)

// inherit takes over what is known of the job before.
func (s *Scheduler) inherit(p *parcel) {
	b, out := p.before, p.delivery.Out
	if b == nil || out == nil {
		return
	}
	card := p.delivery.Card != ""
	if !card && (b.Words != wordsOf(out.Message) || s.cfg.Now().Sub(store.FromMilli(b.Next)) > sameWords) {
		return
	}
	p.words, p.tried.Before = b.Words, cmp.Or(b.Before, b.Due)
	if card {
		p.stands = b.Said
	} else {
		p.said = b.Said
	}
}

// disown lets go of the job before when the message is another one by now.
func (p *parcel) disown() {
	if p.before == nil || p.delivery.Card != "" || p.tried.Before == 0 || p.words == wordsOf(p.delivery.Out.Message) {
		return
	}
	p.words, p.tried.Before, p.before, p.said = "", 0, nil, nil
}

// mayStandSoon says whether the job before is perhaps just posting the card, in another
// process: nothing is known of it yet.
func (p *parcel) mayStandSoon() bool {
	return p.job.Replaced && p.delivery.Card != "" && p.before == nil && p.card == nil && p.said == nil && p.job.Attempt <= standWaits
}

// since is when the message may first have been sent: a try before this one failed, or
// the process ended in the middle of it. It is zero when there was none.
func (p *parcel) since() time.Time {
	switch {
	case p.tried.Before != 0:
		return store.FromMilli(p.tried.Before)
	case p.tries() > 1:
		return p.job.Due
	case p.job.Replaced && p.delivery.Card != "":
		return p.job.Due.Add(-replacedSince)
	}
	return time.Time{}
}

// nonce makes the repeats of one delivery recognisable: those of a job, and of the one
// before it that said the same; of a card, those of all jobs that would post it.
func (p *parcel) nonce() string {
	if p.delivery.Card != "" {
		return cardNonce(p.job.Partition, p.delivery.Card, cmp.Or(p.said, p.card))
	}
	job := p.job
	if p.tried.Before != 0 {
		job.Due = store.FromMilli(p.tried.Before)
	}
	return nonce(job)
}

// wordsOf is a hash of what a message says.
func wordsOf(m bot.Message) string { return shortHash(string(encode(m))) }
