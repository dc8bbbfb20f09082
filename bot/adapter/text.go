package adapter

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Units is a text's length in UTF-16 units, as the clients of chat platforms count.
// Their servers count characters, of which there are never more.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// Clip shortens to at most so many units, at a word where it can, and shows it.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := firstPart(s, most)
	if end == len(s) {
		return s
	}
	part := strings.TrimRightFunc(s[:end], unicode.IsSpace)
	if Units(part) > most-1 { // no room for the mark
		part = strings.TrimRightFunc(s[:firstPart(s, most-1)], unicode.IsSpace)
	}
	if Units(part) > most-1 { // not even for one character
		part = ""
	}
	return part + "…"
}

// Cut divides a text into parts of at most so many units, none of which begins in the
// middle of what is one character on the screen.
func Cut(s string, most int) []string {
	var out []string
	for s != "" {
		end := firstPart(s, most)
		out, s = append(out, s[:end]), s[end:]
	}
	return out
}

// firstPart is how many bytes of a text make a part of at most so many units:
// all of it, or up to a space, or up to where a character ends with everything
// that combines with it, or else as many characters as fit.
func firstPart(s string, most int) int {
	cluster, space, whole, n := 0, 0, 0, 0
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		if n += max(1, utf16.RuneLen(r)); n > most {
			switch {
			case space > 0:
				return space
			case cluster > 0:
				return cluster
			case whole > 0:
				return whole
			}
			return size // at least one character, whatever room it takes
		}
		whole = i + size
		if unicode.IsSpace(r) {
			space = whole
		}
		if next, _ := utf8.DecodeRuneInString(s[whole:]); !joins(r, next) {
			cluster = whole
		}
	}
	return len(s)
}

// joins says whether two characters belong together on the screen.
func joins(r, next rune) bool {
	const zeroWidthJoiner = 0x200D
	return r == zeroWidthJoiner || next == zeroWidthJoiner || unicode.Is(unicode.Mn, next) || unicode.Is(unicode.Variation_Selector, next) ||
		0x1F3FB <= next && next <= 0x1F3FF
}

// Spell writes the commands among words as they are typed on a platform: slash gives
// what stands for the slash before one or two words, of which the second is "" where
// only one follows. They may be in the bot's mark-up, where a slash is behind its own
// sign.
func Spell(words string, slash func(first, second string) string) string {
	var out strings.Builder
	before, rest := rune(' '), words
	for {
		at := strings.IndexByte(rest, '/')
		if at < 0 {
			return out.String() + rest
		}
		if r, n := utf8.DecodeLastRuneInString(rest[:at]); n > 0 {
			before = r
		}
		first := name(rest[at+1:])
		behind := rest[at+1+len(first):]
		as := "/"
		if first != "" && !strings.HasPrefix(behind, "/") && (unicode.IsSpace(before) || strings.ContainsRune("(“\"'‘:*\\", before)) {
			second, _ := strings.CutPrefix(behind, " ")
			as = slash(first, name(second))
		}
		out.WriteString(rest[:at] + as + first)
		before, rest = 'a', behind
	}
}

// name is the name of a command at the head of some words.
func name(words string) string {
	end := strings.IndexFunc(words, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if end < 0 {
		return words
	}
	return words[:end]
}
