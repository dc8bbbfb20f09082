package adapter

import (
	"strings"

	"village/bot"
)

// Chosen are the values of what is ticked in a field whose words list things, by what
// stands in it. It is false where the field has none to tick, or where something else
// stands there, too, which only words can show.
func Chosen(f bot.FormField) (values []string, ok bool) {
	if len(f.Several) == 0 {
		return nil, false
	}
	for word := range strings.SplitSeq(f.Value, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		value, known := "", false
		for _, p := range f.Several {
			if strings.EqualFold(p.Value, word) || strings.EqualFold(p.Label, word) {
				value, known = p.Value, true
			}
		}
		if !known {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}
