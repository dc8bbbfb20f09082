package understand

import (
	"slices"
	"strings"
)

// longestPlace is how many words a rough place has at most; placeAlone, where nothing before
// it says that it is one.
const longestPlace, placeAlone = 12, 6

// Place is the place that words name in answer to "roughly where?", and false where they
// say something else: an order, a question, a yes, thanks, or what sounds like danger.
func Place(said string, reading Reading) (string, bool) {
	said = strings.Trim(strings.TrimSpace(said), ".!")
	words := strings.Fields(strings.ToLower(said))
	if len(words) == 0 || len(words) > longestPlace || strings.ContainsAny(said, "?\n") {
		return "", false
	}
	if reading.Kind == Crisis || reading.Kind == Talk || reading.Kind == Reply && reading.Sure || NoIdea(said) {
		return "", false
	}
	had, rest := len(words), withoutOpening(words)
	said = strings.Join(strings.Fields(said)[len(words)-len(rest):], " ")
	words = rest
	if slices.Contains(beforePlaces(), words[0]) || len(rest) < had {
		return said, true
	}
	if reading.Kind == Command || len(reading.Do) > 0 || len(words) > placeAlone || slices.Contains(noPlaces(), words[0]) {
		return "", false
	}
	return said, true
}

// NoIdea says whether somebody does not know what they were asked.
func NoIdea(said string) bool {
	said = strings.Trim(strings.ToLower(strings.ReplaceAll(said, "’", "'")), " .!")
	return slices.Contains([]string{"idk", "dunno", "not sure", "no idea", "i don't know", "i dont know", "don't know", "dont know", "i'm not sure", "im not sure", "i am not sure", "unsure", "i don't know yet", "not sure yet"}, said)
}

// withoutOpening leaves out what stands before a place in a whole sentence: "it's", "my
// clinic is", and "at" or "from", which our own sentences have.
func withoutOpening(words []string) []string {
	for i, w := range words[:min(len(words)-1, 4)] {
		switch strings.ReplaceAll(w, "’", "'") {
		case "is", "it's", "its", "that's":
			if i == 0 || slices.Contains(beforePlaces(), words[i+1]) || words[0] == "it" || words[0] == "that" {
				return withoutOpening(words[i+1:])
			}
		}
	}
	if len(words) > 1 && (words[0] == "at" || words[0] == "from") {
		return words[1:]
	}
	return words
}

// beforePlaces stand before where something is.
func beforePlaces() []string {
	return []string{"near", "at", "from", "by", "around", "in", "on", "off", "outside", "behind", "opposite", "downtown", "uptown", "close", "next", "between", "across"}
}

// noPlaces begin sentences about somebody, or questions.
func noPlaces() []string {
	return []string{"i", "i'm", "im", "i’m", "we", "you", "he", "she", "they", "what", "why", "how", "who", "when", "where", "can", "could", "do", "does", "is", "are", "will", "should",
		"cancel", "stop", "never", "no", "not", "don't", "dont", "don’t", "forget", "wait", "help", "please", "maybe", "later", "hm", "hmm"}
}
