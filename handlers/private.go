package handlers

import (
	"context"
	"errors"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// Private details stand in no message. Whoever may read them taps, is looked at, and
// sees them in an answer that stays in no chat: so there is nothing to take back when
// somebody steps back, is told no, or is barred.

// needDetails shows the private details to the one who said yes, and to the
// member whose they are.
func (a *App) needDetails(ctx context.Context, r bot.Request) (bot.Reply, error) {
	reply, err := a.privatePart(ctx, r)
	var said interface {
		Person() (code, say, hint string)
	}
	if err != nil && !errors.As(err, &said) { // somebody may be about to set out
		err = a.to(r, nil).DetailsOutOfReach(err)
	}
	return reply, err
}

func (a *App) privatePart(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.mayRead(ctx, r, g, n); err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	if r.Stays && n.Details {
		return bot.Say(to.WithReport(to.DetailsBehind(n), n)), nil
	}
	if err := a.noteOpened(ctx, g, n, r); err != nil {
		return bot.Reply{}, err
	}
	private, err := a.details(ctx, to, g.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.WithReport(to.Details(n, private), n)), nil
}

// mayRead refuses whoever may not read a need's private details, or not yet. Whoever is
// kept from helping may not, whatever they are down for still, unless they are on the
// way with somebody.
func (a *App) mayRead(ctx context.Context, r bot.Request, g village.Group, n village.Need) error {
	to := a.to(r, nil)
	switch {
	case n.Waits(r.From.ID):
		return to.DetailsLater()
	case !n.MaySee(r.From.ID) || n.Why == village.Cancelled && n.Member.ID != r.From.ID:
		return to.NotYourDetails()
	case n.Member.ID == r.From.ID || n.OnTheWayWith(r.From.ID):
		return nil
	}
	kept := a.Welcome(a.Begin(ctx, records.GroupPartition(g.ID)), g.ID, n, r.From.ID)
	switch {
	case village.IsCode(kept, village.CodePaused): // what they are down for stays theirs
	case kept != nil:
		return kept
	}
	if n.Details && !n.DetailsOpen(a.Now()) {
		return a.toNeed(r, n).DetailsNotYet(n)
	}
	return nil
}

// noteOpened notes that a helper opens a need's private details, and refuses what is one
// too many. What is needed within a day is never kept from whoever is down for it, also
// where it cannot be noted.
func (a *App) noteOpened(ctx context.Context, g village.Group, n village.Need, r bot.Request) error {
	if !n.Details || n.Member.ID == r.From.ID {
		return nil
	}
	near := n.Start.Sub(a.Now()) <= 24*time.Hour
	ok, err := a.NoteOpening(ctx, g.ID, who(r), n.ID)
	switch {
	case err == nil && !ok && !near:
		return a.to(r, nil).TooManyOpened()
	case err == nil:
		err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error { return t.PutSeen(g.ID, n, r.From.ID) })
	}
	if err != nil && near {
		a.Log.ErrorContext(ctx, "private details were opened, and it could not be noted", "request", r, "error", err)
		return nil
	}
	return err
}

// details opens a need's private details; "" when there are none (any more).
func (a *App) details(ctx context.Context, to words.Reader, group string, n village.Need) (string, error) {
	if !n.Details {
		return "", nil
	}
	var d records.SealedDetails
	rev, err := a.Read(ctx, records.DetailsKey(group, n.ID), &d)
	switch {
	case err != nil:
		return "", to.DetailsUnread(n, err)
	case rev == 0 && a.Now().Before(n.DetailsUntil()):
		return "", to.DetailsGone(n)
	case rev == 0:
		return "", nil
	}
	private, err := a.Keyring.Open(d.Sealed, group, n.ID, "details")
	if err != nil {
		return "", to.DetailsSealed(n, err)
	}
	return private, nil
}

// whoHasSeen are those who have opened the private details of a need.
func (a *App) whoHasSeen(ctx context.Context, g village.Group, n village.Need) ([]words.Seen, error) {
	helpers := n.Helpers()
	for _, b := range n.Retreats {
		helpers = append(helpers, village.Claim{Helper: village.Person{ID: b.Helper}})
	}
	var out []words.Seen
	asked := map[string]bool{}
	for _, c := range helpers {
		if asked[c.Helper.ID] {
			continue
		}
		asked[c.Helper.ID] = true
		seen, err := a.SeenBy(ctx, g.ID, n.ID, c.Helper.ID)
		if err != nil {
			return nil, err
		}
		if seen.IsZero() {
			continue
		}
		if c.Helper.Name == "" {
			m, _, err := a.MemberOf(ctx, g.ID, c.Helper.ID)
			if err != nil {
				return nil, err
			}
			c.Helper.Name = m.Name
		}
		out = append(out, words.Seen{Helper: c.Helper, At: seen})
	}
	return out, nil
}
