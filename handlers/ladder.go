package handlers

import (
	"fmt"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// moderators are where words for the moderators go: their channel, else those
// of them who have used the bot lately, else the village channel, where
// everybody reads along.
func (a *App) moderators(t *records.Tx, g village.Group) (to []village.Address, public bool) {
	for _, room := range g.Moderation {
		to = append(to, village.Address{Room: room.ID})
	}
	if len(to) > 0 {
		return to, false
	}
	known, err := a.KnownModerators(t.Ctx, g.ID)
	if err != nil {
		t.Fail(err)
		return nil, false
	}
	for _, id := range known {
		to = append(to, village.Address{Person: id})
	}
	if len(to) > 0 {
		return to, false
	}
	for _, room := range g.Rooms {
		to = append(to, village.Address{Room: room.ID})
	}
	return to, true
}

// noteModerator remembers who moderates a group, so that they can be told when
// nobody comes. In a direct message the platform does not say.
func (a *App) noteModerator(t *records.Tx, r bot.Request, group string) error {
	if r.Room.Direct {
		return nil
	}
	key := records.ModeratorKey(group, r.From.ID)
	var m records.Moderator
	if err := t.Get(key, &m); err != nil {
		return err
	}
	switch {
	case r.From.Moderator && (!t.Has(key) || a.Now().Sub(m.Seen) > records.ModeratorSeen || m.Name != r.From.Name):
		m.Person, m.Seen = who(r), a.Now().UTC()
		t.PutModerator(group, m)
	case !r.From.Moderator && !m.Trusted: // who was chosen stays it until that is taken back
		t.Remove(key)
	}
	return nil
}

// laddered are the words of the ladder.
func (a *App) laddered(j village.Notice, n village.Need, what string) *bot.Message {
	if !n.StillWants(a.Now()) {
		return nil
	}
	capitalized := fmt.Sprintf("**%s** on **%s**", words.Capital(n.Kind.Words().Noun), words.Moment(n.Start, village.ZoneNamed(n.Zone)))
	switch j.What {
	case village.OwedRaised:
		lacks := "still needs somebody"
		if len(n.Claims) > 0 {
			lacks = "has somebody, and one more would help"
		}
		return &bot.Message{Title: "Still open", Tone: bot.Asking,
			Text:    fmt.Sprintf("%s for %s, %s, "+lacks+". Can you?", capitalized, bot.Literal(n.NameFor("")), bot.Literal(n.Where())),
			Buttons: []bot.Button{words.ClaimButton(n)}, Footer: words.Shared(n)}
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
			Fields: words.NeedFields(n)[1:],
			Buttons: []bot.Button{words.ClaimButton(n),
				{Label: "Not this time", Command: "/need pass " + n.ID},
				{Label: "What I am asked for", Command: "/helper show"}},
			Footer: words.Shared(n)}
	case village.OwedUrgent:
		name := n.Member.Name
		if j.Public {
			name = n.NameFor("")
		}
		m := &bot.Message{Title: "Still nobody", Tone: bot.Urgent,
			Text:    fmt.Sprintf("%s for %s, %s, has nobody yet.", capitalized, bot.Literal(name), bot.Literal(n.Where())),
			Buttons: []bot.Button{words.ClaimButton(n), {Label: "See it", Command: "/need show " + n.ID}}}
		if j.To.Person != "" {
			m.Notify = []string{j.To.Person}
		}
		if j.Public {
			m.Text += " Could you ask around, or come yourself?"
			m.Footer = words.Shared(n)
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
