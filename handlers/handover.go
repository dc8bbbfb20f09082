package handlers

import (
	"context"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// needGive offers a yes of somebody's own to somebody else, who takes it with one tap.
func (a *App) needGive(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	if r.Arg("helper") == "" {
		f := to.GiveForm(n)
		f.Path, f.Args, f.Fields = r.Path, map[string]string{"need": n.ID}, []bot.FormField{{Option: giveOption()}}
		return bot.Reply{Form: &f}, nil
	}
	m, known, err := a.MemberOf(ctx, g.ID, r.Arg("helper"))
	if err != nil {
		return bot.Reply{}, err
	}
	if !known {
		return bot.Reply{}, to.CannotGive()
	}
	other := village.Person{ID: m.ID, Name: m.Name, Visits: m.Visits}
	already := false
	_, n, err = a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		already = n.OfferedTo(other.ID)
		after, owed, err := n.Give(r.From.ID, other, a.Now())
		if err != nil || len(owed) == 0 {
			return n, nil, err
		}
		return after, owed, a.Welcome(t, g.ID, n, other.ID)
	})
	switch {
	case village.IsCode(err, village.CodeEnough), village.IsCode(err, village.CodePaused): // whose no it is, is nobody's business
		return bot.Reply{}, to.CannotFill(&bot.Error{Code: village.CodeBusy}, false)
	case err != nil:
		return bot.Reply{}, err
	}
	return bot.Say(to.Given(n, other, already)), nil
}

// giveOption says to whom a yes is offered.
func giveOption() bot.Option {
	return bot.Option{Name: "helper", Label: "Who can, in your place", Hint: "@sam", Summary: "Who can, in your place, such as @sam", Kind: bot.Someone}
}

// notTaken is the no of somebody to whom a yes was offered.
func (a *App) notTaken(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, _, err := a.changeNeed(ctx, r, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed := n.NotTaken(r.From.ID, a.Now())
		return after, owed, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).NotTakenOver()), nil
}
