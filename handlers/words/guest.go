package words

import (
	"village/bot"
	"village/internal/village"
)

// TellGuests asks the reader to pass on what those without an account cannot read
// whom they look after.
func (to Reader) TellGuests(n village.Need) string {
	guests := n.Guests(to.ID)
	if len(guests) == 0 {
		return ""
	}
	return to.say("I can't reach %s here, so please tell them yourself. I have the words for it.", PlainNames(guests))
}

// GuestButtons have words for those without an account whom the reader looks after, and
// answer for those who have still to say yes.
func (to Reader) GuestButtons(n village.Need) []bot.Button {
	var out []bot.Button
	for _, c := range n.Guests(to.ID) {
		out = append(out, to.ForwardButton(n, c.Helper))
		if c.Unsure || c.Reread || c.Silent {
			out = append(out, to.GuestAnswer(n, c.Helper)...)
		}
	}
	return out
}

// GuestAnswer are the two answers for somebody without an account.
func (to Reader) GuestAnswer(n village.Need, guest village.Person) []bot.Button {
	return []bot.Button{
		{Label: Clip(to.say("%s can", guest.Name), 40), Command: "/need still " + n.ID + " " + guest.ID, Style: bot.Primary},
		{Label: Clip(to.say("%s can't", guest.Name), 40), Command: "/need unfill " + n.ID + " " + guest.ID}}
}
