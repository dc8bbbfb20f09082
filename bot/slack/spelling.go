package slack

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spelled writes commands as they are typed here: what has the name of a command of
// Slack's own, such as /remind, is told to Slack itself and never reaches the bot, so
// it becomes "/village remind".
func spelled(words string) string {
	var out strings.Builder
	rest := words
	for {
		at := strings.IndexByte(rest, '/')
		if at < 0 {
			break
		}
		name := rest[at+1:]
		if end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && !unicode.IsDigit(r) }); end >= 0 {
			name = name[:end]
		}
		out.WriteString(rest[:at])
		before, _ := utf8.DecodeLastRuneInString(out.String())
		behind := rest[at+1+len(name):]
		if begins := out.Len() == 0 || unicode.IsSpace(before) || strings.ContainsRune("(“\"'‘:", before); begins && slices.Contains(builtIn, name) && !strings.HasPrefix(behind, "/") {
			out.WriteString(umbrella + " " + name)
		} else {
			out.WriteString("/" + name)
		}
		rest = behind
	}
	return out.String() + rest
}
