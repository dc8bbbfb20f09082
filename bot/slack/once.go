package slack

import (
	"context"
	"time"

	"village/bot/adapter"
)

// repeated says whether this process has handled this delivery before.
func (in *inbound) repeated(kind, id string) bool {
	if id == "" {
		id = in.envelope
	}
	if id == "" {
		return false
	}
	in.key = kind + " " + id
	return !in.p.notes.FirstHere(in.key, seenFor)
}

// elsewhere says whether another copy has handled this delivery before. When that
// cannot be told, the person is answered: twice is better than never. busy says that the
// other one may be at it, or may have died over it.
func (in inbound) elsewhere(ctx context.Context) (elsewhere, busy bool) {
	if in.key == "" || in.urgent {
		return false, false
	}
	if in.pressing() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, adapter.AskCopies)
		defer cancel()
	}
	var fresh bool
	var err error
	if in.again {
		fresh, busy, err = in.p.notes.Begin(ctx, in.key, seenFor)
	} else {
		fresh, err = in.p.notes.First(ctx, in.key, seenFor)
	}
	if err != nil {
		in.p.log.WarnContext(ctx, "cannot tell whether this is new, so it is answered", "error", err)
	}
	if busy && in.pressing() {
		return false, false
	}
	if !fresh {
		in.p.log.InfoContext(ctx, "a delivery came to two copies and was handled by one")
	}
	return !fresh, busy
}

// handled says whether another copy has handled what is not delivered again.
func (in inbound) handled(ctx context.Context) bool {
	elsewhere, _ := in.elsewhere(ctx)
	return elsewhere
}

// answered notes that a repeat of this delivery has nothing left to ask for.
func (in inbound) answered(ctx context.Context) {
	if !in.again || in.key == "" || in.urgent {
		return
	}
	if err := in.p.notes.Done(ctx, in.key, seenFor); err != nil {
		in.p.log.WarnContext(ctx, "that something was answered could not be kept: a repeat is answered again", "error", err)
	}
}

// later handles a delivery in the background, where it may wait for what the copies
// share. It is acknowledged when it is done, so that Slack says itself that it failed
// when this process ends before; and in a second, when that takes longer.
func (in inbound) later(do func(ctx context.Context)) {
	soon := time.AfterFunc(in.p.ackSoon, func() { in.ack(nil) })
	started := in.p.start(func(ctx context.Context) {
		elsewhere, busy := false, false
		defer func() {
			if !busy { // else Slack asks again, when the other one has answered or is gone
				in.ack(nil)
			}
		}()
		defer soon.Stop()
		if !in.p.signedIn(ctx, in.urgent || in.pressing()) {
			return
		}
		if elsewhere, busy = in.elsewhere(ctx); !elsewhere {
			do(ctx)
			in.answered(ctx)
		}
	})
	if !started {
		soon.Stop()
	}
}
