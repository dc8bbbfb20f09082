package village

import (
	"net/mail"
	"strings"
	"time"
)

// Whoever has a page can have what stands there mailed as well. An address counts once
// somebody who reads it has said so, and is the helper's own: whoever gave them the link
// never sees it.

const (
	// MaxAddress is how long an address may be, in bytes.
	MaxAddress = 254
	// maxMailAsked is how many addresses somebody can name in a day.
	maxMailAsked = 3
	// TapLasts is how long a link in a mail does what it says.
	TapLasts = 7 * 24 * time.Hour
)

// Mail is where somebody with a link gets mail.
type Mail struct {
	// Address is where, and Asked an address that nobody has said yes to yet; empty: none.
	Address string `json:"address,omitempty"`
	Asked   string `json:"asked,omitempty"`
	// Code is a hash of what was sent there.
	Code string `json:"code,omitempty"`
	// Day is the day (UTC) on which addresses were last named, and Named how many.
	Day   string `json:"day,omitempty"`
	Named int    `json:"named,omitempty"`
	// Back is when mail last came back; zero: it has not, since it was said yes to.
	Back time.Time `json:"back,omitzero"`
}

// MailAddress is an address as somebody writes it. Its error is *Error.
func MailAddress(words string) (string, error) {
	words = strings.TrimSpace(words)
	a, err := mail.ParseAddress(words)
	plain := err == nil && a.Name == "" && a.Address == words && len(words) <= MaxAddress && !strings.ContainsAny(words, " \"\\,;<>()[]\r\n")
	if plain {
		_, domain, _ := strings.Cut(words, "@")
		plain = strings.Contains(domain, ".") || domain == "localhost"
	}
	if !plain {
		return "", refuse("address-wrong", "That is no e-mail address that I can read.", "For example: rosa@example.org")
	}
	return words, nil
}

// AsksMail names an address for somebody, who has to say yes there. Its error is *Error.
func (f Family) AsksMail(address string, now time.Time) (Family, error) {
	address, err := MailAddress(address)
	if err != nil {
		return f, err
	}
	if day := now.UTC().Format(time.DateOnly); f.Mail.Day != day {
		f.Mail.Day, f.Mail.Named = day, 0
	}
	if f.Mail.Named >= maxMailAsked {
		return f, refuse("enough-addresses", "That was tried a few times today already.", "Please look in your mail, in the spam folder too, or try again tomorrow.")
	}
	f.Mail.Named++
	f.Mail.Asked = address
	return f, nil
}

// TakesMail is somebody's yes at an address that was named.
func (f Family) TakesMail() Family {
	if f.Mail.Asked != "" {
		f.Mail.Address, f.Mail.Asked, f.Mail.Code, f.Mail.Back = f.Mail.Asked, "", "", time.Time{}
	}
	return f
}

// NoMail ends all mail; a time says that it came back.
func (f Family) NoMail(back time.Time) Family {
	f.Mail.Address, f.Mail.Asked, f.Mail.Code, f.Mail.Back = "", "", "", back
	return f
}

// IsMailed says whether a notice goes to somebody by mail too: what a helper has to know
// of what they said yes to.
func (j Notice) IsMailed() bool {
	switch j.What {
	case OwedThanks, OwedStill, OwedMoved, OwedReminder, OwedCancelled, OwedThankYou, OwedDetails, OwedSignedUp, OwedPromoted, OwedStranded, OwedHomeAsk,
		OwedReplaced, OwedArrived, OwedDeclined, OwedLapsed, OwedAsk, OwedStandIn, OwedGive, OwedHeld, OwedBack, OwedLastYes:
		return !j.Council && IsFamily(j.To.Person)
	}
	return false
}
