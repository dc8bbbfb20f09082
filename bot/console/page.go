package console

import (
	"context"

	"village/bot"
)

// page is where somebody with a personal link is, in a line.
const page = "page"

// onPage carries out what somebody with a personal link does on their page, or by a link
// in a mail.
func (c *Console) onPage(ctx context.Context, b *bot.Bot, name, place, words string) error {
	p, ok, err := c.cfg.OnPage(ctx, name)
	switch {
	case err != nil:
		return err
	case !ok:
		return c.Mistake(&bot.Error{Code: "no-link", Say: "Nobody called " + name + " has a link.", Hint: "maya: /family add name: " + name})
	}
	r := bot.Request{Platform: bot.PlatformOf(p.ID), Room: bot.Room{ID: p.ID, Direct: true}, From: p, Line: words}
	c.printTo(b, recipient{Kind: "person", Name: p.Name}, place, b.Do(ctx, r))
	return c.Err()
}

// Page is the platform of those who have a personal link: what they are sent is printed,
// and kept for their page.
type Page struct {
	*Console
	door bot.Door
}

// NewPage is the platform of those who have a personal link to a console's village.
func NewPage(c *Console) *Page { return &Page{Console: c} }

// Admit says who keeps what they are sent.
func (p *Page) Admit(door bot.Door, _ *bot.Bot) { p.door = door }

// Name is "web".
func (*Page) Name() string { return "web" }

// Pages is the address of their pages, which there is only in conversations.
func (*Page) Pages() string { return "https://village.example" }

// Send prints a message that is on its way.
func (p *Page) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	who, ok, err := p.cfg.OnPage(ctx, o.To.Person)
	if err != nil {
		return bot.Posted{}, err
	}
	if !ok {
		return bot.Posted{}, bot.ErrUnreachable
	}
	if _, err := p.door.Deliver(ctx, o); err != nil {
		return bot.Posted{}, err
	}
	out := p.message(o.Message)
	out.To, out.In, out.Private = recipient{Kind: "person", Name: who.Name}, page, true
	return bot.Posted{Platform: p.Name(), Room: directly + o.To.Person, Message: p.write(&out)}, p.Err()
}
