package handlers

import (
	"context"
	"errors"
	"maps"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/internal/village"
)

// needGive offers a yes of somebody's own to somebody else, who takes it with one tap.
func (a *App) needGive(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if !n.HelpedBy(r.From.ID) { // refused before anybody is looked for
		_, _, err := n.Give(r.From.ID, village.Person{}, a.Now())
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
		return after, owed, errors.Join(a.Welcome(t, g.ID, n, other.ID), a.MayPromise(t, g.ID, n, other.ID))
	})
	switch {
	case village.IsCode(err, village.CodeEnough), village.IsCode(err, village.CodePaused), village.IsCode(err, village.CodePromised): // whose no it is, is nobody's business
		return bot.Reply{}, to.CannotFill(&bot.Error{Code: village.CodeBusy}, other, false)
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

// givenTo finds the person whom words name as somebody who could take a place: a
// mention, or the one of those who help here with that name. Where it is nobody in
// particular, the form asks.
func (a *App) givenTo(ctx context.Context, r bot.Request, thing understand.Thing) understand.Thing {
	name := thing.Whom
	id := bot.Mentioned(name, r.Platform)
	if id == "" && name != "" {
		id = a.helperCalled(ctx, r, name)
	}
	if thing.Whom = ""; id == "" {
		return thing
	}
	if g, err := a.ownGroup(ctx, r); err == nil {
		if m, here, err := a.MemberOf(ctx, g.ID, id); err == nil && here {
			thing.Whom = m.Name
		}
	}
	option := "helper"
	if thing.Path[0] == "helper" {
		option = "name"
	}
	thing.Args = maps.Clone(thing.Args)
	if thing.Args == nil {
		thing.Args = map[string]string{}
	}
	thing.Args[option] = id
	return thing
}

// helperCalled is the one (an ID) of those who help or are to be asked here that has a
// name; "" where there is none or several have it.
func (a *App) helperCalled(ctx context.Context, r bot.Request, name string) string {
	g, err := a.ownGroup(ctx, r)
	if err != nil || a.mustBeHere(ctx, r, g) != nil {
		return ""
	}
	people, err := a.Helpful(ctx, g.ID)
	if err != nil {
		return ""
	}
	found := ""
	for _, p := range people {
		switch {
		case !strings.EqualFold(p.Name, name) || p.ID == r.From.ID || p.ID == found:
		case found != "":
			return ""
		default:
			found = p.ID
		}
	}
	return found
}

// aboutHelper offers what somebody says of a person who could help them. It is false where
// the words say no such thing, or of nobody who is known here.
func (a *App) aboutHelper(ctx context.Context, r bot.Request, reading understand.Reading, who speaker) (bot.Reply, bool, error) {
	thing, ok := a.ear.AboutHelper(r.Arg("words"))
	if !ok || len(who.open) > 0 && reading.Kind == understand.Reply || who.role == understand.Helper && thing.Name() == "need fill" {
		return bot.Reply{}, false, nil
	}
	thing = a.givenTo(ctx, r, thing)
	if thing.Whom == "" {
		return bot.Reply{}, false, nil
	}
	cmd := bot.Find(a.Table(), thing.Path)
	if ready, _ := a.ready(ctx, r, thing, cmd); len(ready) == 0 {
		return bot.Reply{}, false, nil
	}
	reply, err := a.offered(ctx, r, understand.Reading{Kind: understand.Command, Do: []understand.Thing{thing}})
	const plain = 9 // words, of which none is about anything else
	if err == nil && reading.Kind == understand.Unsure && reading.Lines && len(strings.Fields(r.Arg("words"))) > plain {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	return reply, true, err
}
