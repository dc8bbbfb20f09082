package console

import (
	"context"
	"strings"

	"village/bot"
)

// mail is where somebody with a personal link is who taps a link in a mail, in a line.
const mail = "mail"

// Mail is the platform of the mails to those who have a personal link: they are printed,
// with what each of their links does.
type Mail struct {
	*Console
	box bot.Postbox
}

// NewMail is the mails to those who have a personal link to a console's village.
func NewMail(c *Console) *Mail { return &Mail{Console: c} }

// Receive says who knows whether somebody wants mail.
func (m *Mail) Receive(box bot.Postbox) { m.box = box }

// Name is "mail".
func (*Mail) Name() string { return mail }

// Send prints a mail that is on its way. Whoever is closed, by name, has an address that
// takes none.
func (m *Mail) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	e, err := m.box.Envelope(ctx, o)
	if err != nil {
		return bot.Posted{}, err
	}
	to, _, _ := strings.Cut(e.To, "@")
	if m.closed(to) {
		return bot.Posted{}, bot.ErrUnreachable
	}
	out := m.message(o.Message)
	out.To, out.In, out.Private = recipient{Kind: "person", Name: e.To}, mail, true
	return bot.Posted{Platform: mail, Room: directly + o.To.Person, Message: m.write(&out)}, m.Err()
}
