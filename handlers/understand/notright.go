package understand

import (
	"slices"
	"strings"
	"unicode"
)

// NotRight says whether words tell of somebody who drove or sat with children and was
// drunk, frightening or not there. Of oneself it is another matter.
func NotRight(said string) bool {
	fields := strings.FieldsFunc(strings.ToLower(strings.NewReplacer("’", "", "'", "").Replace(said)), func(r rune) bool { return !unicode.IsLetter(r) })
	text := " " + strings.Join(fields, " ") + " "
	for _, phrase := range []string{
		"made me uncomfortable", "made me feel uncomfortable", "made me feel unsafe", "made me feel scared", "scared me", "frightened me", "creepy to me", "inappropriate with me", "inappropriate to me", "creeped me out", "weird with me",
		"touched me", "grabbed me", "yelled at me", "shouted at me", "threatened me", "hit on me",
		"unsafe with", "feel safe with", "felt safe with", "scared of him", "scared of her", "scared of my driver", "drove unsafely",
		"had been drinking", "has been drinking", "smelled of alcohol", "smelled of beer", "smelled like alcohol",
		"did not show up", "didnt show up", "never showed up", "did not turn up", "didnt turn up", "never turned up",
		"dont want her to drive", "dont want him to drive",
	} {
		if strings.Contains(text, " "+phrase+" ") {
			return true
		}
	}
	for i, word := range fields {
		if i < 2 || !slices.Contains([]string{"drunk", "stoned", "wasted"}, word) {
			continue
		}
		at := i - 1
		for at > 0 && slices.Contains([]string{"so", "very", "really", "clearly", "totally", "a", "bit", "been"}, fields[at]) {
			at--
		}
		was := slices.Contains([]string{"was", "is", "were", "seemed", "seems", "looked", "came", "had"}, fields[at])
		if was && at > 0 && !slices.Contains([]string{"i", "it", "that", "what", "if"}, fields[at-1]) {
			return true
		}
	}
	return false
}
