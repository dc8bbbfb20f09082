// Package handlers is what this bot can do: the command table, a file for each
// family of commands, and the words of everything it says about them. The
// rules are in village, the facts in content, the times in scheduler; here
// they meet what a person asked.
//
// Promised: nothing is sent to anybody but the person who asked unless it was
// committed first, together with what changed. Not promised: that a message
// arrives in the same second.
package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"village/bot"
	"village/content"
	"village/internal/store"
	"village/internal/village"
)

// Config is what the handlers work with. Every field but Check,
// Wake and Log is required.
type Config struct {
	Store   store.Store
	Content *content.Library
	Keyring *village.Keyring
	Now     func() time.Time
	Random  io.Reader
	// Check examines the connection to the platforms and to these rooms (IDs);
	// nil where there is nothing to examine.
	Check func(ctx context.Context, rooms ...string) []bot.Finding
	// WorkspaceOf is the workspace (ID) that a room (ID) is in, with the errors of
	// [bot.Placed]; nil where nobody knows.
	WorkspaceOf func(ctx context.Context, room string) (string, error)
	// Wake tells the scheduler that something may be due at once.
	Wake func()
	Log  *slog.Logger
}

// App is the handlers over one store.
type App struct {
	Config
	table    []bot.Command
	tableErr error                  // what is wrong with it
	topics   map[string]bot.Message // the answers, by topic
}

// New makes an App.
func New(c Config) *App {
	if c.Check == nil {
		c.Check = func(context.Context, ...string) []bot.Finding { return nil }
	}
	if c.WorkspaceOf == nil {
		c.WorkspaceOf = func(context.Context, string) (string, error) { return "", bot.ErrUnreachable }
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: c, topics: map[string]bot.Message{}}
	a.table, a.tableErr = a.translated()
	for _, t := range c.Content.Topics() {
		a.topics[t.ID] = a.topic(t)
	}
	return a
}

// Bot is the bot with every command of this package. The error lists whatever
// is wrong with the table.
func (a *App) Bot() (*bot.Bot, error) {
	if a.tableErr != nil {
		return nil, a.tableErr
	}
	return bot.New(bot.Config{
		Table:     a.table,
		Direct:    a.direct,
		Screen:    a.screen,
		Recognise: a.recognise,
		After:     a.after,
		Log:       a.Log,
	})
}

// The kinds of document.
const (
	kindGroup    = "group"
	kindMember   = "member"
	kindNeed     = "need"
	kindDetails  = "details"
	kindReminder = "reminder"
	kindPlace    = "place"
	kindHelper   = "helper"
	// kindModerator is somebody who moderates a group.
	kindModerator = "moderator"
	// kindTrust is a member's word about a helper with children, kindBar that
	// somebody is kept from helping.
	kindTrust = "trust"
	kindBar   = "bar"
)

const sysPartition = "sys"

func groupPartition(group string) string { return "g/" + keyPart(group) }
func memberPartition(id string) string   { return "p/" + keyPart(id) }

// keyPart keeps an id within what a store's key may be made of, whatever a
// platform calls its people.
func keyPart(id string) string {
	part := url.QueryEscape(id)
	if len(part) > 150 {
		sum := sha256.Sum256([]byte(id))
		return part[:100] + "-" + hex.EncodeToString(sum[:])[:32]
	}
	return part
}

// settingsID is the document of a group's settings.
const settingsID = "settings"

func groupKey(group string) store.Key {
	return store.Key{Partition: groupPartition(group), Kind: kindGroup, ID: settingsID}
}

func memberKey(id string) store.Key {
	return store.Key{Partition: memberPartition(id), Kind: kindMember, ID: "self"}
}

func needKey(group, id string) store.Key {
	return store.Key{Partition: groupPartition(group), Kind: kindNeed, ID: id}
}

func detailsKey(group, id string) store.Key {
	return store.Key{Partition: groupPartition(group), Kind: kindDetails, ID: id}
}

// personIndex lists every document of a group that is about somebody.
func personIndex(id string) string { return "person/" + keyPart(id) }

// who is the person of a request as the village remembers people.
func who(r bot.Request) village.Person {
	return village.Person{ID: r.From.ID, Name: r.From.Name}
}

// group finds the group a request belongs to, starting it with its first use,
// and notes that the person uses the bot there. In a direct message it is the
// group of their last use.
func (a *App) group(ctx context.Context, r bot.Request) (village.Group, error) {
	if g, ok, err := a.knownGroup(ctx, r); ok || err != nil {
		return g, err
	}
	id, err := a.groupOf(ctx, r.Workspace)
	if err != nil {
		return village.Group{}, err
	}
	var member village.Member
	err = a.change(ctx, memberPartition(r.From.ID), func(t *tx) error {
		member = village.Member{}
		if err := t.get(memberKey(r.From.ID), &member); err != nil {
			return err
		}
		seen, changed := member.Seen(who(r), id)
		if changed {
			member = seen
			t.put(memberKey(r.From.ID), member, time.Time{})
		}
		return nil
	})
	if err != nil {
		return village.Group{}, err
	}
	if id == "" && member.Group != "" {
		if id, err = a.joinedTo(ctx, member.Group); err != nil {
			return village.Group{}, err
		}
	}
	if id == "" {
		return village.Group{}, &bot.Error{Code: bot.CodeNoGroup,
			Say:  "I don't know yet which group you belong to.",
			Hint: "Please use any of my commands once in your group's channel; only you will see the answer. After that I know you here too."}
	}
	var g village.Group
	err = a.change(ctx, groupPartition(id), func(t *tx) error {
		g = village.Group{}
		if err := t.get(groupKey(id), &g); err != nil {
			return err
		}
		if g.ID == "" {
			g = village.Group{ID: id, Since: a.Now().UTC()}
			t.put(groupKey(id), g, time.Time{})
		}
		return a.noteModerator(t, r, id)
	})
	return g, err
}

// knownGroup is what nearly every request finds, in one look: a workspace that is
// a village of its own, and a person who has been there before. Anything else,
// and whatever there is to note, is left to group.
func (a *App) knownGroup(ctx context.Context, r bot.Request) (village.Group, bool, error) {
	var g village.Group
	if r.Workspace == "" || r.From.ID == "" || r.From.Moderator {
		return g, false, nil
	}
	var p place
	var member village.Member
	var m moderator
	found := []any{&p, &member, &g, &m}
	docs, err := a.Store.Get(ctx, placeKey(r.Workspace), memberKey(r.From.ID), groupKey(r.Workspace), moderatorKey(r.Workspace, r.From.ID))
	if err != nil {
		return g, false, fmt.Errorf("reading a group: %w", err)
	}
	for i, d := range docs {
		if d.Rev == 0 {
			continue
		}
		if err := json.Unmarshal(d.Body, found[i]); err != nil {
			return g, false, fmt.Errorf("reading %s: %w", d.Kind, err)
		}
	}
	_, news := member.Seen(who(r), r.Workspace)
	known := p.Group == r.Workspace && g.ID == r.Workspace && g.Joined == "" && !news && (docs[3].Rev == 0 || m.Trusted || r.Room.Direct)
	return g, known, nil
}

// lookIn is the group a request belongs to, and the groups in which a code may
// mean something: in a direct message all of the person's, latest first.
func (a *App) lookIn(ctx context.Context, r bot.Request) (village.Group, []string, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, nil, err
	}
	groups := []string{g.ID}
	if r.Room.Direct {
		m, err := a.member(ctx, r.From.ID)
		if err != nil {
			return g, nil, err
		}
		groups = append(groups, m.Groups...)
	}
	return g, groups, nil
}

// groupOf finds the group of a workspace; "" for none. A workspace starts as a
// group of its own; the kept place says which group, so that two workspaces can
// become one village.
func (a *App) groupOf(ctx context.Context, workspace string) (string, error) {
	if workspace == "" {
		return "", nil
	}
	var p place
	err := a.change(ctx, sysPartition, func(t *tx) error {
		p = place{}
		if err := t.get(placeKey(workspace), &p); err != nil {
			return err
		}
		if p.Group == "" {
			p.Group = workspace
			t.put(placeKey(workspace), p, time.Time{}, store.Entry{Name: "groups", Score: a.Now().UnixMilli()})
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return a.joinedTo(ctx, p.Group)
}

// joinedTo follows a group to the one it has become part of.
func (a *App) joinedTo(ctx context.Context, id string) (string, error) {
	for range maxJoins {
		var g village.Group
		if _, err := a.read(ctx, groupKey(id), &g); err != nil {
			return "", err
		}
		if g.Joined == "" {
			return id, nil
		}
		id = g.Joined
	}
	return "", fmt.Errorf("a group has joined %d others in a row", maxJoins)
}

// maxJoins is how far joinedTo goes: a joined group can join another one.
const maxJoins = 8

// member reads what is kept about a person.
func (a *App) member(ctx context.Context, id string) (village.Member, error) {
	var m village.Member
	_, err := a.read(ctx, memberKey(id), &m)
	return m, err
}

// memberOf reads what is kept about a person who has used the bot in this group. For
// any other it is false: that somebody uses it elsewhere is nobody's business here.
func (a *App) memberOf(ctx context.Context, group, id string) (village.Member, bool, error) {
	m, err := a.member(ctx, id)
	if err != nil {
		return village.Member{}, false, err
	}
	for _, theirs := range m.Groups {
		if theirs, err = a.joinedTo(ctx, theirs); err != nil {
			return village.Member{}, false, err
		}
		if theirs == group {
			return m, true, nil
		}
	}
	return village.Member{}, false, nil
}

// zoneOf is the zone a person thinks in here: their own, else the group's. The
// answer is nil when neither is known.
func (a *App) zoneOf(ctx context.Context, g village.Group, person string) (*time.Location, error) {
	m, err := a.member(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{m.Zone, g.Zone} {
		if name == "" {
			continue
		}
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("a zone that was accepted cannot be loaded: %w", err)
		}
		return zone, nil
	}
	return nil, nil
}

// needZone is zoneOf for what cannot be done without a zone.
func (a *App) needZone(ctx context.Context, g village.Group, r bot.Request) (*time.Location, error) {
	zone, err := a.zoneOf(ctx, g, r.From.ID)
	if err != nil || zone != nil {
		return zone, err
	}
	return nil, &bot.Error{Code: bot.CodeNoZone,
		Say:  "I don't know your time zone yet, and a guess could send your ride at the wrong hour.",
		Hint: "Please tell me once, for example: /me zone Denver. A moderator can set it for everybody: /setup zone Denver."}
}

// zoneNamed loads a zone that was checked when it was stored; UTC when the
// name has gone from the tables since, so that a message is late in words
// rather than lost.
func zoneNamed(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return time.UTC
	}
	return zone
}
