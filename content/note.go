package content

import (
	"maps"
	"slices"
)

// CheckNote looks at a group's own short note (the clinic's phone, where to park) with the guards that hold for our own words: no
// dose, no promise, no telling anybody to take or stop a medicine. Nil means that it may be shown.
func CheckNote(words string) Problems { return checkWords(words, true) }

// Decks are the names of the decks there can be, in alphabetical order.
func Decks() []string { return slices.Sorted(maps.Keys(deckRules())) }
