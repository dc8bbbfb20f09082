package understand

import (
	"regexp"
	"strings"
)

// ForJournal is what somebody says is for their journal, by how it begins: "journal:
// saw a whale". It is false for any other words.
func ForJournal(words string) (rest string, ok bool) {
	if small := strings.ToLower(words); !strings.Contains(small, "journal") && !strings.Contains(small, "diary") && !strings.Contains(small, "note to self") && !strings.Contains(small, "this") && !strings.Contains(small, "that") {
		return "", false // most words, which need no closer look
	}
	m := forJournal().FindStringSubmatch(strings.TrimSpace(words))
	if m == nil {
		return "", false
	}
	return strings.TrimSpace(m[1]), true
}

// saysJournal says whether words say that they are for the journal.
func saysJournal(words string) bool { _, ok := ForJournal(words); return ok }

func forJournal() *regexp.Regexp {
	return regexp.MustCompile(`(?is)^(?:(?:please )?(?:write|put|keep|note) (?:this )?(?:down )?(?:in|into|to|for) my (?:journal|diary)\s*[:,-]?|(?:for )?(?:my )?(?:journal|diary)(?: entry)?\s*[:-]|dear (?:diary|journal)\s*[,:-]?|note to self\s*[:,-]?|(?:please |can you |could you )?(?:write|jot|note|save|keep) (?:this|that)(?: thought| line| memory| one)?(?: down)?(?: for me)?(?: please)?\s*[:–-])\s+(\S.*)$`)
}

// Asks says whether words ask something: what is written down for oneself does not.
func Asks(words string) bool {
	toks := strings.Fields(strings.ReplaceAll(strings.ToLower(words), "’", "'"))
	switch {
	case len(toks) == 0:
		return false
	case strings.HasSuffix(toks[len(toks)-1], "?"):
		return true
	case len(toks) == 1:
		return among(toks[0], "why", "how", "when", "where", "who", "what")
	}
	switch strings.TrimSuffix(toks[0], "'s") {
	case "what", "how", "why", "where", "who", "which", "can", "could", "should", "may", "is", "are", "do", "does", "did", "will", "would":
		return toks[0] != strings.TrimSuffix(toks[0], "'s") || among(toks[1], "i", "is", "are", "am", "do", "does", "can", "could", "should", "it", "this", "that", "there", "you", "my", "the", "to", "if", "long", "much", "many", "soon", "often", "will", "would", "we", "they", "she", "he", "happens", "helps", "time")
	case "when":
		return among(toks[1], "is", "are", "do", "does", "can", "could", "should", "will", "would", "am")
	}
	return false
}

// Filler says whether words are only a sound, as of somebody who thinks.
func Filler(words string) bool {
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if !regexp.MustCompile(`^(?:u+h*m*|h+m+|e+r+m*|a+h+|o+h+|huh|eh|\W+)\W*$`).MatchString(w) {
			return false
		}
	}
	return true
}

// scaleName is how people write the name of a questionnaire, and number what they were
// given on it.
func scaleName() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(phq[- ]?9|phq|gad[- ]?7|gad|ham[- ]?a|hars|hamilton(?: anxiety)?(?: scale)?|bdi[- ]?(?:2|ii)?|beck(?: depression)?(?: inventory)?|pcl[- ]?5|pcl)\b`)
}

// Score is a number that somebody says they were given: which scale, and how much. It
// is false where a number or a name is missing, or they ask about it.
func Score(words string) (scale, value string, ok bool) {
	at := scaleName().FindStringIndex(words)
	if at == nil || Asks(words) || strings.HasSuffix(strings.TrimSpace(words), "?") {
		return "", "", false
	}
	rest := words[:at[0]] + " " + words[at[1]:]
	if regexp.MustCompile(`(?i)\b(?:question|item|q)\s*#?\s*\d|\b(?:her|his|their|she|he|they|under|over|below|above|points?)\b`).MatchString(rest) {
		return "", "", false // one question of it, somebody else's, or no number of it
	}
	numbers := regexp.MustCompile(`\b\d{1,3}\b`).FindAllString(rest, -1)
	if len(numbers) != 1 {
		return "", "", false
	}
	return words[at[0]:at[1]], numbers[0], true
}

// noted is what somebody wants with their own journal and numbers, where they name
// either.
func noted(words string) (Thing, bool) {
	if _, ok := ForJournal(words); ok {
		return Thing{Path: []string{"journal", "write"}, Look: true}, true
	}
	words = strings.ToLower(words)
	for _, w := range []struct{ path, says string }{
		{"journal read", `\b(?:(?:what|show|read|see|open|find)\b.*\b(?:did i write|i wrote|i have written|my (?:journal|diary)|(?:journal|diary) entries)|my (?:journal|diary)\W*$)`},
		{"journal write", `^(?:i(?: would|'d|’d)? (?:want|like|need) to|let me|can i|may i) (?:journal|keep a (?:journal|diary)|write (?:something|it|this|that|a line|a few lines)(?: down)?|write in my (?:journal|diary))\b`},
		{"journal write", `^(?:please |can you |could you )?(?:write|jot|note|save|keep) (?:this|that)(?: thought| line| memory| one)?(?: down)?(?: for me)?(?: please)?\s*[:–-]\s*\S`},
		{"session card", `^(?:please |can you |could you |can i |could i |let me )?(?:draw|pull|pick|give|deal|show|get|have) (?:me )?(?:a|an|another|my|one) (?:\w+ )?card\b`},
		{"journal question", `\b(?:keep|save|note|write down) (?:a|this|my) question\b`},
		{"session summary", `\b(?:page|summary|report|overview)\b.*\bfor (?:my|the) (?:therapist|doctor|psychiatrist|clinic|next talk)\b`},
	} {
		if regexp.MustCompile(w.says).MatchString(words) {
			of := ""
			if w.path == "journal read" {
				of = regexp.MustCompile(`\b(?:today|yesterday|last night|(?:sun|mon|tues|wednes|thurs|fri|satur)day)\b`).FindString(words)
			}
			return Thing{Path: strings.Fields(w.path), Args: args("of", of), Look: w.path != "session card"}, true
		}
	}
	if at := scaleName().FindString(words); at != "" && !Asks(words) && (len(strings.Fields(words)) <= 4 || strings.Contains(words, "track")) {
		return Thing{Path: strings.Fields("checkin scores"), Look: true}, true
	}
	return Thing{}, false
}
