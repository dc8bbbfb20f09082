package words

import (
	"village/bot"
	"village/internal/village"
)

// TellGuests asks somebody to pass on what those without an account cannot read
// whom they look after.
func TellGuests(n village.Need, person string) string {
	var guests []village.Claim
	for _, c := range n.Claims {
		if village.IsGuest(c.Helper.ID) && c.AnswersFor(n) == person {
			guests = append(guests, c)
		}
	}
	if len(guests) == 0 {
		return ""
	}
	return "I can't reach " + PlainNames(guests) + " here, so please tell them yourself."
}

// GuestButtons answer for those without an account whom this person looks after
// and who have still to say yes.
func GuestButtons(n village.Need, person string) []bot.Button {
	var out []bot.Button
	for _, c := range n.Claims {
		if village.IsGuest(c.Helper.ID) && c.AnswersFor(n) == person && (c.Unsure || c.Reread || c.Silent) {
			out = append(out, GuestAnswer(n, c.Helper)...)
		}
	}
	return out
}

// GuestAnswer are the two answers for somebody without an account.
func GuestAnswer(n village.Need, guest village.Person) []bot.Button {
	return []bot.Button{
		{Label: Clip(guest.Name+" can", 40), Command: "/need still " + n.ID + " " + guest.ID, Style: bot.Primary},
		{Label: Clip(guest.Name+" can't", 40), Command: "/need unfill " + n.ID + " " + guest.ID}}
}
