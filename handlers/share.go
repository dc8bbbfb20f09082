package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/agenda"
	"village/handlers/words"
	"village/internal/village"
)

// needShare gives words to forward to somebody outside the chat, and an entry for their
// calendar.
func (a *App) needShare(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := n.MayShare(r.From.ID, r.From.Moderator); err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	helper, err := shareWith(to, n, r.Arg("helper"))
	if err != nil {
		return bot.Reply{}, err
	}
	mine := n.Details && n.Member.ID == r.From.ID && n.Why == ""
	private := ""
	if mine && r.Arg("details") == "yes" {
		if r.Stays {
			return bot.Say(to.PrivateStays(n, helper)), nil
		}
		if private, err = a.details(ctx, to, g.ID, n); err != nil {
			return bot.Reply{}, err
		}
	}
	if to.Theirs, err = a.languageOf(ctx, g.ID, helper.ID); err != nil {
		return bot.Reply{}, err
	}
	f := to.Forward(n, helper, private)
	m := to.PassedOn(n, helper, f, mine && private == "" && f.Keep)
	if f.Keep {
		m.File = a.entryFile(g.ID, n, to)
	}
	return bot.Say(m), nil
}

// shareWith is for whom the words are: whoever is named of those without an account, the
// only one of them for whom the reader answers, or nobody in particular.
func shareWith(to words.Reader, n village.Need, id string) (village.Person, error) {
	guests := n.Guests(to.ID)
	switch {
	case id == "" && len(guests) == 1:
		return guests[0].Helper, nil
	case id == "":
		return village.Person{}, nil
	}
	i := slices.IndexFunc(n.Claims, func(c village.Claim) bool { return c.Helper.ID == id && (village.IsGuest(id) || village.IsFamily(id)) })
	if i < 0 {
		return village.Person{}, to.NobodyToTell(n)
	}
	return n.Claims[i].Helper, nil
}

// entryFile is a need as a file for the calendar of somebody outside the chat, to whom
// the reader passes it on.
func (a *App) entryFile(group string, n village.Need, to words.Reader) *bot.File {
	e := entryOf(group, n, to, to.NameOf(n), a.Now())
	return &bot.File{Name: "calendar.ics", Type: agenda.Type, Data: agenda.Write("", []agenda.Entry{e})}
}

// entryOf is a need as an entry of a calendar: by what everybody may read of it. name is
// for whom it is, "" for their own calendar.
func entryOf(group string, n village.Need, to words.Reader, name string, now time.Time) agenda.Entry {
	e := agenda.Entry{
		ID: agenda.UID(group, n.ID), Edition: n.Edition, Start: n.Start, End: n.End, Changed: n.Asked, Cancelled: n.Why == village.Cancelled,
		Title: to.EntryTitle(n, name), Where: n.From, Note: to.EntryNote(n), Alarm: n.Start.Sub(n.RemindAt()),
	}
	if n.Edited.After(e.Changed) {
		e.Changed = n.Edited
	}
	if e.Changed.After(now) { // it is not posted yet
		e.Changed = now
	}
	return e
}
