package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// prompt is the idea that belongs to a step, drawn when it is first needed.
// None comes twice within a plan before all have come. In the evening of a
// session it is something to do alone and gently.
func (a *App) prompt(c *village.Course, step village.Step) content.Card {
	deck, _ := a.Content.Deck("integration")
	if card, ok := deck.Card(c.Prompts[step.Key()]); ok {
		return card
	}
	var cards, drawn []string
	for _, card := range deck.Cards {
		if step.Name != village.EveningCard || card.Kind != "talking" {
			cards = append(cards, card.ID)
		}
	}
	prompts := map[string]string{}
	for key, id := range c.Prompts {
		prompts[key] = id
		drawn = append(drawn, id)
	}
	prompts[step.Key()] = village.Draw(c.ID, cards, drawn)
	c.Prompts = prompts
	card, _ := deck.Card(prompts[step.Key()])
	return card
}

// sessionOther puts another idea in place of one that does not fit today. The
// one before counts as seen.
func (a *App) sessionOther(ctx context.Context, r bot.Request) (bot.Reply, error) {
	step := village.Step{Session: r.Arg("session"), Name: r.Arg("reminder"), Part: r.Arg("part")}
	if step.Name != village.EveningCard && step.Name != village.Integration {
		return bot.Reply{}, &bot.Error{Code: "no-other", Say: "There is no other one of these.", Hint: "For example: /session other k7m2p9 integration 3"}
	}
	var idea content.Card
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if _, ok := c.Session(step.Session); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		seen := map[string]string{}
		for key, id := range c.Prompts {
			seen[key] = id
		}
		if before, ok := seen[step.Key()]; ok {
			seen[step.Key()+"/"+before] = before
			delete(seen, step.Key())
		}
		c.Prompts = seen
		idea = a.prompt(&c, step)
		return c, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "**" + idea.Text + "**\n\nOr none today. That is fine too.",
		Buttons: []bot.Button{{Label: "Another one", Command: "/session other " + strings.TrimPrefix(words.ReadCommand(step), "/session read ")}}}}}, nil
}

// sessionBag is the bag as a list whose items are tapped when they are packed.
func (a *App) sessionBag(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("bag")
	item := r.Arg("item")
	if _, known := deck.Card(item); item != "" && !known {
		return bot.Reply{}, &bot.Error{Code: "no-such-item", Say: "That is not on the list.", Hint: "Please tap an item on it.", Buttons: []bot.Button{{Label: "The list", Command: "/session bag " + r.Arg("session")}}}
	}
	var s village.Session
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		var ok bool
		if s, ok = c.Session(r.Arg("session")); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		switch i := slices.Index(s.Packed, item); {
		case item == "":
			return c, nil
		case i >= 0:
			s.Packed = slices.Delete(slices.Clone(s.Packed), i, i+1)
		default:
			s.Packed = append(slices.Clone(s.Packed), item)
		}
		return c.With(s), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: item != "", Messages: []bot.Message{bagMessage(deck, s)}}, nil
}

func bagMessage(deck content.Deck, s village.Session) bot.Message {
	m := bot.Message{Title: deck.Title}
	var packed, missing []string
	for _, card := range deck.Cards {
		label := words.Clip(card.Text, 62)
		if slices.Contains(s.Packed, card.ID) {
			packed = append(packed, "- "+bot.Literal(card.Text))
			label = "Packed: " + label
		} else {
			line := "- **" + bot.Literal(card.Text) + "**"
			if card.Why != "" {
				line += ": " + bot.Literal(card.Why)
			}
			missing = append(missing, line)
		}
		if len(m.Buttons) < 25 {
			m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/session bag " + s.ID + " " + card.ID})
		}
	}
	m.Text = bot.Literal(deck.About) + "\n\n" + fmt.Sprintf("%d of %d packed.", len(packed), len(deck.Cards))
	if len(missing) > 0 {
		m.Text += "\n\n" + strings.Join(missing, "\n")
	} else {
		m.Tone = bot.Good
	}
	if len(packed) > 0 {
		m.Text += "\n\nIn the bag:\n\n" + strings.Join(packed, "\n")
	}
	return m
}

// sessionDraw draws an intention from the deck, another one, or puts it back.
func (a *App) sessionDraw(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("intention")
	var s village.Session
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		var ok bool
		if s, ok = c.Session(r.Arg("session")); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		if r.Arg("do") == "back" {
			s.Card = ""
			return c.With(s), nil
		}
		if s.Card != "" && r.Arg("do") == "" {
			return c, nil // the one that was drawn
		}
		var cards, drawn []string
		for _, card := range deck.Cards {
			cards = append(cards, card.ID)
		}
		prompts := map[string]string{}
		for key, id := range c.Prompts {
			prompts[key] = id
			if strings.HasPrefix(key, "intention/") {
				drawn = append(drawn, id)
			}
		}
		s.Card = village.Draw(c.ID, cards, drawn)
		prompts["intention/"+s.Card] = s.Card
		c.Prompts = prompts
		return c.With(s), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	another := bot.Button{Label: "Another card", Command: "/session card " + s.ID + " another"}
	if s.Card == "" {
		return bot.Reply{Update: true, Messages: []bot.Message{{Text: "It is back in the deck. Going without one is fine.", Buttons: []bot.Button{another}}}}, nil
	}
	card, _ := deck.Card(s.Card)
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: card.Title, Text: bot.Literal(card.Text), Footer: bot.Literal(deck.About),
		Buttons: []bot.Button{another, {Label: "Put it back", Command: "/session card " + s.ID + " back"}}}}}, nil
}
