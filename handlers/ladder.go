package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/village"
)

// climb takes a need's ladder as far as the clock has come, and asks the
// helpers whose turn it is in the same commit.
func (a *App) climb(t *tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
	after, owed := n.Climb(a.Now())
	var out []village.Owed
	for _, o := range owed {
		if o.What != village.OwedAsk {
			out = append(out, o)
			continue
		}
		asked, err := a.askHelpers(t, g, after, o.Many)
		if err != nil {
			return n, nil, err
		}
		out = append(out, asked...)
	}
	return after, out, nil
}

// askHelpers asks up to many helpers who agreed to be asked and would like to
// do this, whoever was asked longest ago first, and notes that they were.
func (a *App) askHelpers(t *tx, g village.Group, n village.Need, many int) ([]village.Owed, error) {
	helpers, err := list[village.Helper](t.ctx, a, store.Query{Partition: groupPartition(g.ID), Index: helpersIndex}, kindHelper)
	if err != nil {
		return nil, err
	}
	var owed []village.Owed
	for _, listed := range helpers {
		if len(owed) == many {
			break
		}
		var h village.Helper
		if err := t.get(helperKey(g.ID, listed.ID), &h); err != nil {
			return nil, err
		}
		c, err := a.calendar(t, g.ID, h.ID, n)
		if err != nil {
			return nil, err
		}
		if !c.free() || !h.Wants(n, c.yeses) {
			continue
		}
		if _, err := a.welcome(t, g.ID, n, h.ID); isCode(err, village.CodeEnough) {
			continue
		} else if err != nil {
			return nil, err
		}
		t.putHelper(g.ID, h.Asked(n.ID, a.Now()))
		owed = append(owed, village.Owed{What: village.OwedAsk, To: h.ID, About: n.Member, Due: a.Now()})
	}
	return owed, nil
}

// booked is what somebody has said yes to, beside a need.
type booked struct {
	busy      *village.Need // one that lies at the same time; nil for none
	elsewhere bool          // there is one in another group
	yeses     int           // how many there are in the month of the need's start
}

// free says whether they have time.
func (c booked) free() bool { return c.busy == nil && !c.elsewhere }

// clash refuses a yes of somebody who has no time. Nothing is said about what
// is in another group.
func (c booked) clash() error {
	switch {
	case c.busy != nil:
		return village.Clash(*c.busy)
	case c.elsewhere:
		return village.ClashElsewhere()
	}
	return nil
}

// calendar looks at what somebody has said yes to.
func (a *App) calendar(t *tx, group, helper string, n village.Need) (booked, error) {
	var c booked
	local := n.Start.In(zoneNamed(n.Zone))
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, local.Location())
	from, to := month.Add(-village.MaxLasts), month.AddDate(0, 1, 0)
	if start := n.Start.Add(-village.MaxLasts); start.Before(from) {
		from = start
	}
	if n.End.After(to) {
		to = n.End
	}
	theirs, err := a.yeses(t.ctx, group, helper, from, to)
	if err != nil {
		return c, err
	}
	for _, other := range theirs {
		if other.ID == n.ID {
			continue
		}
		if other.Overlaps(n) {
			c.busy = &other
		}
		if at := other.Start.In(local.Location()); at.Year() == local.Year() && at.Month() == local.Month() {
			c.yeses++
		}
	}
	if c.busy == nil {
		c.elsewhere, err = a.busyElsewhere(t.ctx, group, helper, n)
	}
	return c, err
}

// yeses are the needs of a group that somebody has said yes to, by start.
func (a *App) yeses(ctx context.Context, group, helper string, from, to time.Time) ([]village.Need, error) {
	theirs, err := list[village.Need](ctx, a, store.Query{Partition: groupPartition(group), Index: personIndex(helper), From: from.UnixMilli(), To: to.UnixMilli()}, kindNeed)
	return slices.DeleteFunc(theirs, func(n village.Need) bool { return n.Why == village.Cancelled || !n.HelpedBy(helper) }), err
}

// busyElsewhere says whether somebody has said yes at that time in another of
// their groups. It reads what is there, and no more: two yeses in two groups at
// the very same moment can both pass, and are noticed when they are asked
// whether it is still on.
func (a *App) busyElsewhere(ctx context.Context, group, helper string, n village.Need) (bool, error) {
	m, err := a.member(ctx, helper)
	if err != nil {
		return false, err
	}
	seen := []string{group}
	for _, id := range m.Groups {
		if id, err = a.joinedTo(ctx, id); err != nil {
			return false, err
		}
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		theirs, err := a.yeses(ctx, id, helper, n.Start.Add(-village.MaxLasts), n.End)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(theirs, n.Overlaps) {
			return true, nil
		}
	}
	return false, nil
}

// moderators are where words for the moderators go: their channel, else those
// of them who have used the bot lately, else the village channel, where
// everybody reads along.
func (a *App) moderators(t *tx, g village.Group) (to []bot.Address, public bool) {
	for _, room := range g.Moderation {
		to = append(to, bot.Address{Room: room.ID})
	}
	if len(to) > 0 {
		return to, false
	}
	known, err := a.knownModerators(t.ctx, g.ID)
	if err != nil {
		t.fail(err)
		return nil, false
	}
	for _, id := range known {
		to = append(to, bot.Address{Person: id})
	}
	if len(to) > 0 {
		return to, false
	}
	for _, room := range g.Rooms {
		to = append(to, bot.Address{Room: room.ID})
	}
	return to, true
}

// moderator is somebody whom a platform has shown to be one.
type moderator struct {
	village.Person
	Seen time.Time `json:"seen"`
	// Chose says that they chose the moderators' channel: they are told when it
	// cannot be written, however long ago they were seen.
	Chose bool `json:"chose,omitempty"`
	// Trusted is somebody whom the moderators have chosen to be one.
	Trusted bool `json:"trusted,omitempty"`
}

const (
	moderatorsIndex = "moderators"
	// maxModerators is how many are told when the moderators have no channel.
	maxModerators = 3
	// moderatorSeen is how often it is noted that somebody still moderates, and
	// moderatorKept how long they are taken for one without a sign.
	moderatorSeen = 7 * 24 * time.Hour
	moderatorKept = 90 * 24 * time.Hour
)

func moderatorKey(group, id string) store.Key {
	return store.Key{Partition: groupPartition(group), Kind: kindModerator, ID: keyPart(id)}
}

// noteModerator remembers who moderates a group, so that they can be told when
// nobody comes. In a direct message the platform does not say.
func (a *App) noteModerator(t *tx, r bot.Request, group string) error {
	if r.Room.Direct {
		return nil
	}
	key := moderatorKey(group, r.From.ID)
	var m moderator
	if err := t.get(key, &m); err != nil {
		return err
	}
	switch {
	case r.From.Moderator && (!t.has(key) || a.Now().Sub(m.Seen) > moderatorSeen || m.Name != r.From.Name):
		m.Person, m.Seen = who(r), a.Now().UTC()
		t.putModerator(group, m)
	case !r.From.Moderator && !m.Trusted: // who was chosen stays it until that is taken back
		t.remove(key)
	}
	return nil
}

func (t *tx) putModerator(group string, m moderator) {
	expires := m.Seen.Add(moderatorKept)
	if m.Chose || m.Trusted {
		expires = time.Time{}
	}
	t.put(moderatorKey(group, m.ID), m, expires,
		store.Entry{Name: moderatorsIndex, Score: m.Seen.UnixMilli()},
		store.Entry{Name: personIndex(m.ID), Score: m.Seen.UnixMilli()})
}

// laddered are the words of the ladder.
func (a *App) laddered(j needJob, n village.Need, what string) *bot.Message {
	if !n.StillWants(a.Now()) {
		return nil
	}
	capitalized := fmt.Sprintf("**%s** on **%s**", capital(n.Kind.Words().Noun), moment(n.Start, zoneNamed(n.Zone)))
	switch j.What {
	case village.OwedRaised:
		lacks := "still needs somebody"
		if len(n.Claims) > 0 {
			lacks = "has somebody, and one more would help"
		}
		return &bot.Message{Title: "Still open", Tone: bot.Asking,
			Text:    fmt.Sprintf("%s for %s, %s, "+lacks+". Can you?", capitalized, bot.Literal(n.NameFor("")), bot.Literal(n.Where())),
			Buttons: []bot.Button{claimButton(n)}, Footer: shared(n)}
	case village.OwedAsk:
		lacks := "Nobody has said yes to this one yet"
		switch {
		case len(n.Claims) > 0:
			lacks = "One more would help with this one"
		case n.Opened.After(n.Asked):
			lacks = "This one needs somebody again"
		}
		return &bot.Message{Title: "Could you help?", Tone: bot.Asking, Notify: []string{j.To.Person},
			Text: fmt.Sprintf("%s: %s for %s, %s. Could you?\n\nIf it doesn't suit you, that is fine, and you don't have to say why.",
				lacks, what, bot.Literal(n.NameFor(j.To.Person)), bot.Literal(n.Where())),
			Fields: needFields(n)[1:],
			Buttons: []bot.Button{claimButton(n),
				{Label: "Not this time", Command: "/need pass " + n.ID},
				{Label: "What I am asked for", Command: "/helper show"}},
			Footer: shared(n)}
	case village.OwedUrgent:
		name := n.Member.Name
		if j.Public {
			name = n.NameFor("")
		}
		m := &bot.Message{Title: "Still nobody", Tone: bot.Urgent,
			Text:    fmt.Sprintf("%s for %s, %s, has nobody yet.", capitalized, bot.Literal(name), bot.Literal(n.Where())),
			Buttons: []bot.Button{claimButton(n), {Label: "See it", Command: "/need show " + n.ID}}}
		if j.To.Person != "" {
			m.Notify = []string{j.To.Person}
		}
		if j.Public {
			m.Text += " Could you ask around, or come yourself?"
			m.Footer = shared(n)
			return m
		}
		m.Text = "For the moderators. " + m.Text + " I have asked the channel, and everybody who agreed to be asked and whom it suits. Could you ask around, or ring somebody?"
		if n.Opened.After(n.Asked) {
			m.Text += " Somebody had to step back. I tell " + bot.Literal(n.Member.Name) + "."
		} else if n.Kind.NeedsClinic() {
			m.Text += " I tell " + bot.Literal(n.Member.Name) + " in time to call the clinic."
		}
		return m
	}
	return nil
}

// sharedAnyway is shared for several requests at once.
const sharedAnyway = "If you say yes to one: whoever asked and the village channel see your name."

// shared says before the tap what a yes tells to whom.
func shared(n village.Need) string {
	words := "If you say yes: " + bot.Literal(n.Member.Name) + " and the village channel see your name"
	if n.Hidden {
		words = "If you say yes: you learn who it is for, and they and the village channel see your name"
	}
	if n.Details {
		words += ", and only you are sent the private part"
	}
	words += "."
	if n.Kind.WithChildren() {
		words += " Because children are part of it, whoever asked says yes to you first."
	}
	return words
}
