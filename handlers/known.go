package handlers

import (
	"context"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// The two values of /setup helpers.
const (
	helpersKnown  = "known"
	helpersAnyone = "anyone"
)

// setupHelpers sets whether whoever asks says yes to each helper once. The cards
// say it, so they are written anew.
func (a *App) setupHelpers(ctx context.Context, r bot.Request) (bot.Reply, error) {
	anyone := r.Arg("who") == helpersAnyone
	if _, err := a.changeGroup(ctx, r, village.Act{No: !anyone}, func(t *records.Tx, g *village.Group) error {
		if g.Anyone == anyone {
			return nil
		}
		g.Anyone = anyone
		return a.refreshCards(t, *g)
	}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).HelpersSet(anyone)), nil
}

// helperMay is a member's yes to a helper beforehand, with everything; or the list
// of those they have said it to.
func (a *App) helperMay(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id := r.Arg("name")
	switch {
	case id == "":
		return a.whoMay(ctx, r, g)
	case id == r.From.ID:
		return bot.Reply{}, a.to(r, nil).NotYourself()
	}
	m, here, err := a.MemberOf(ctx, g.ID, id)
	if err != nil {
		return bot.Reply{}, err
	}
	helper := village.Person{ID: id, Name: m.Name}
	switch r.Arg("do") {
	case "no", "again":
		return a.askAgain(ctx, r, g, helper)
	case "never":
		return a.neverHelps(ctx, r, g, helper)
	}
	waited := 0
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) (err error) {
		if _, err := a.Trust(t, g.ID, r.From.ID, id); err != nil {
			return err
		}
		a.PutTrust(t, g.ID, r.From.ID, id, village.Trust{Yes: true})
		waited, err = a.letIn(t, g, r, id)
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).MayAlways(helper, here, waited)), nil
}

// letIn says yes to a helper wherever they wait for it from whoever asks, and says
// to how many.
func (a *App) letIn(t *records.Tx, g village.Group, r bot.Request, helper string) (settled int, err error) {
	if err := t.Get(records.GroupKey(g.ID), &g); err != nil {
		return 0, err
	}
	theirs, err := a.NeedsWith(t.Ctx, g.ID, helper, a.Now().Add(-village.MaxLasts), 0)
	if err != nil {
		return 0, err
	}
	for _, listed := range theirs {
		if listed.Member.ID != r.From.ID {
			continue
		}
		var n village.Need
		if err := t.Get(records.NeedKey(g.ID, listed.ID), &n); err != nil {
			return 0, err
		}
		after, owed, err := n.Approve(r.From.ID, false, helper, a.Now())
		if err != nil || len(owed) == 0 {
			continue // it is over, or they were let in before
		}
		a.PutNeed(t, g, after, owed)
		settled++
	}
	return settled, nil
}

// askAgain takes a yes back: from now on the member is asked about them. A no stays
// one, unless it is that which is taken back.
func (a *App) askAgain(ctx context.Context, r bot.Request, g village.Group, helper village.Person) (bot.Reply, error) {
	no := false
	err := a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		w, err := a.Trust(t, g.ID, r.From.ID, helper.ID)
		if no = w.No() && r.Arg("do") != "again"; err == nil && !no {
			a.PutTrust(t, g.ID, r.From.ID, helper.ID, village.Trust{Ask: true})
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).MayNotAlways(helper, no)), nil
}

// neverHelps is a no to a helper beforehand, for everything that the member asks for.
// Where they are down for something, it is asked first, as of any no.
func (a *App) neverHelps(ctx context.Context, r bot.Request, g village.Group, helper village.Person) (bot.Reply, error) {
	theirs, err := a.NeedsWith(ctx, g.ID, helper.ID, a.Now(), 0)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, n := range theirs {
		if n.Member.ID == r.From.ID && n.Why == "" && (n.HelpedBy(helper.ID) || n.StandsBy(helper.ID)) {
			return bot.Say(a.toNeed(r, n).SureToDecline(n, helper.ID)), nil
		}
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		_, err := a.Trust(t, g.ID, r.From.ID, helper.ID)
		a.PutTrust(t, g.ID, r.From.ID, helper.ID, village.Trust{})
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).NeverHelps(helper)), nil
}

// whoMay lists those a member has said yes to.
func (a *App) whoMay(ctx context.Context, r bot.Request, g village.Group) (bot.Reply, error) {
	said, err := a.TrustOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	list := words.WhoMay{Noes: said.Noes, Anyone: g.Anyone}
	for _, w := range said.Yes {
		m, _, err := a.MemberOf(ctx, g.ID, w.Helper)
		if err != nil {
			return bot.Reply{}, err
		}
		list.Yes = append(list.Yes, words.May{Helper: village.Person{ID: w.Helper, Name: m.Name}, Grown: w.Grown})
	}
	return bot.Say(a.to(r, nil).WhoMayHelp(list)), nil
}
