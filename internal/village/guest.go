package village

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guests are helpers without an account: somebody's sister, a neighbour. They
// are told nothing by us, so whoever signed them up is.
const guests = "guest/"

// Guest is somebody without an account. Its error is *Error.
func Guest(need, name string) (Person, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > MaxGuest {
		return Person{}, refusef("name-wrong", "For example: /need fill k7m2p9 name: Aunt Rosa", "Please give a name of at most %d characters.", MaxGuest)
	}
	lower := strings.ToLower(name)
	id := guests + need + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, lower)
	if strings.ContainsFunc(lower, func(r rune) bool { return r > unicode.MaxASCII }) { // other letters are other people
		sum := sha256.Sum256([]byte(lower))
		id += "-" + hex.EncodeToString(sum[:4])
	}
	return Person{ID: id, Name: name}, nil
}

// IsGuest says whether this is the ID of somebody without an account.
func IsGuest(id string) bool { return strings.HasPrefix(id, guests) }

// MaxGuest is how long a guest's name may be, in characters.
const MaxGuest = 40

// AnswersFor is the ID of whoever can be asked about this yes: the helper, or,
// for somebody without an account, whoever signed them up. Where that is not
// known (any more), it is the member.
func (c Claim) AnswersFor(n Need) string {
	switch {
	case !IsGuest(c.Helper.ID):
		return c.Helper.ID
	case c.By.ID == "" || c.By.ID == nobody:
		return n.Member.ID
	}
	return c.By.ID
}

// unlessGuest leaves out what would be owed to a helper who cannot be reached
// here.
func unlessGuest(helper string, owed []Owed) []Owed {
	if !IsGuest(helper) {
		return owed
	}
	return slices.DeleteFunc(owed, func(o Owed) bool { return o.To == helper && !o.Standing })
}
