package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// changeMe changes what is kept about the person who asks.
func (a *App) changeMe(ctx context.Context, r bot.Request, change func(m *village.Member)) error {
	if _, err := a.ownGroup(ctx, r); err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return err
	}
	return a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		m := village.Member{}
		if err := t.Get(records.MemberKey(r.From.ID), &m); err != nil {
			return err
		}
		m.Person = who(r)
		change(&m)
		t.Put(records.MemberKey(r.From.ID), m, time.Time{})
		return nil
	})
}

func (a *App) meZone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.zone(r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changeMe(ctx, r, func(m *village.Member) { m.Zone = zone.String() }); err != nil {
		return bot.Reply{}, err
	}
	if err := a.moveOwn(ctx, r.From.ID, zone.String()); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).OwnZoneSet(zone)), nil
}

func (a *App) meCountry(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.changeMe(ctx, r, func(m *village.Member) { m.Country = r.Arg("country") }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.lines(r, r.Arg("country"))), nil
}
