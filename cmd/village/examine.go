package main

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"village/handlers"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/sealed"
	"village/internal/village"
)

// examineStore looks at the store and what is in it, and gives the rooms that
// groups have chosen, by platform. It makes neither a store nor a key.
func (p *program) examineStore(ctx context.Context, d *examination) handlers.Rooms {
	p.examineBackups(d)
	s, where, err := p.lookInto(ctx)
	switch {
	case errors.Is(err, store.ErrInUse):
		d.say("-", "the store is in use, so a bot is running; stop it to look inside")
		return handlers.Rooms{}
	case errors.Is(err, fs.ErrNotExist) && p.servedBefore():
		d.say("wrong", "%v", vanished(where))
		return handlers.Rooms{}
	case errors.Is(err, fs.ErrNotExist):
		d.say("-", "there is no store in %s yet; the first start makes it, and its key", where)
		return handlers.Rooms{}
	case err != nil:
		d.say("wrong", "%v", err)
		return handlers.Rooms{}
	}
	defer s.Close()
	if err := s.Health(ctx); err != nil {
		d.say("wrong", "%s: %v", where, err)
	} else {
		d.say("ok", "the store in %s can be read and written", where)
	}
	if file, ok := s.(*bolt.Store); ok {
		if err := file.Check(ctx); err != nil {
			d.say("wrong", "%v", err)
			return handlers.Rooms{}
		}
		d.say("ok", "every page and record of it is whole")
	}
	keys, ok := p.examineKey(ctx, d, s, where)
	if !ok {
		return handlers.Rooms{}
	}
	if err := p.stillThere(ctx, s, where); err != nil {
		d.say("wrong", "%v", err)
	}
	if p.getenv("REDIS_URL") != "" && p.getenv("VILLAGE_KEY") == "" {
		d.say("risky", "VILLAGE_KEY is not set, so the key is in a file on this machine only: another copy of the bot on the same Redis could not open what is kept")
	}
	if s, err = sealed.Look(ctx, s, keys); err != nil {
		d.say("wrong", "%s: %v", where, err)
		return handlers.Rooms{}
	}
	return p.examineGroups(ctx, d, s, keys)
}

// examineKey looks whether the key is the store's.
func (p *program) examineKey(ctx context.Context, d *examination, s store.Store, where string) (*village.Keyring, bool) {
	keys, path, err := p.readKey()
	if err != nil {
		d.say("wrong", "%v", err)
		return nil, false
	}
	c, err := readCanary(ctx, s)
	empty := false
	if err == nil && c == nil {
		empty, err = isEmpty(ctx, s)
	}
	if err != nil {
		d.say("wrong", "%v", err)
		return nil, false
	}
	switch {
	case c == nil && empty && p.servedBefore():
		d.say("wrong", "%v", vanished(where))
		return nil, false
	case c == nil && empty:
		d.say("-", "the store in %s is empty; the first start marks it with its key", where)
		return nil, false
	case c == nil && keys != nil:
		d.say("-", "an earlier version wrote the store, which does not say yet whose key is its own; the next start notes it")
	default:
		if c == nil {
			c = &canary{}
		}
		if err := c.fits(keys); err != nil {
			d.say("wrong", "%v", wayOut(err, where, p.moveAside(where), path))
			return nil, false
		}
		d.say("ok", "the key opens what is kept there")
	}
	return keys, true
}

// examineBackups looks whether backups are written, and whether they are.
func (p *program) examineBackups(d *examination) {
	plan, err := p.backupPlan()
	switch {
	case err != nil:
		d.say("wrong", "%v", err)
	case p.getenv("REDIS_URL") != "" && plan != nil:
		d.say("risky", "VILLAGE_BACKUP is for the embedded store. Redis keeps its own files: back those up, or run village backup FILE")
	case plan == nil && p.getenv("REDIS_URL") == "":
		d.say("risky", "nobody writes backups: set VILLAGE_BACKUP to %s", backupSpelling)
	case plan != nil:
		last, err := plan.last()
		switch {
		case err != nil:
			d.say("wrong", "the backups in %s cannot be listed: %v", plan.folder, err)
		case last.IsZero():
			d.say("-", "there is no backup in %s yet", plan.folder)
		case time.Since(last) > 2*plan.period:
			d.say("risky", "the last backup in %s is of %s", plan.folder, last.Format(time.RFC3339))
		default:
			d.say("ok", "the last backup in %s is of %s", plan.folder, last.Format(time.RFC3339))
		}
	}
}

// examineGroups looks at what is planned, and gives the rooms that groups have chosen.
func (p *program) examineGroups(ctx context.Context, d *examination, s store.Store, keys *village.Keyring) handlers.Rooms {
	library, err := p.loadContent()
	if err != nil {
		return handlers.Rooms{} // said already
	}
	app := handlers.New(handlers.Config{Store: s, Content: library, Keyring: keys, Now: time.Now})
	firings, err := app.Firings(ctx, 10)
	if err != nil {
		d.say("wrong", "the schedules cannot be read: %v", err)
		return handlers.Rooms{}
	}
	for _, line := range firings {
		d.say("ok", "%s", line)
	}
	unset, err := app.Unset(ctx)
	if err != nil {
		d.say("wrong", "the groups cannot be read: %v", err)
	}
	for _, line := range unset {
		d.say("-", "%s", line)
	}
	removed, err := app.Removed(ctx)
	if err != nil {
		d.say("wrong", "the groups cannot be read: %v", err)
	}
	for _, line := range removed {
		d.say("-", "%s", line)
	}
	rooms, err := app.Rooms(ctx)
	if err != nil {
		d.say("wrong", "the groups cannot be read: %v", err)
	}
	return rooms
}
