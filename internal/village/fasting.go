package village

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
)

const (
	ownHours      = "Please write it like this, in your clinic's own hours: food 8 hours, drinks 2 hours. Or leave it out; then I'll remind you of what they told you."
	sinceMidnight = "For a start at 1 pm, midnight is 13 hours before: food 13 hours. Or leave it out; then I'll remind you of what they told you."
)

func fastingUnclear(say, hint string) error { return refuse("fasting-unclear", say, hint) }

// FastingRule reads a clinic's rule: "food 8 hours, drinks 2 hours", or one length
// for both. What is not said stays 0, as does everything when the member has no
// rule or does not know it; and every word must mean something. length reads a
// length of time; an [Error] of its own is said in its words. Every error is an
// [Error].
func FastingRule(words string, length func(words string) (time.Duration, error)) (food, drinks time.Duration, err error) {
	words = strings.Trim(strings.ToLower(strings.TrimSpace(words)), ".!")
	if slices.Contains([]string{"", "none", "no", "no rule", "no rules", "not sure", "don't know", "dont know", "don’t know", "i don't know", "i don’t know", "unknown", "?"}, words) {
		return 0, 0, nil
	}
	if strings.Contains(words, "midnight") {
		return 0, 0, fastingUnclear("I need it in hours before the start, because that is what I can count from.", sinceMidnight)
	}
	rules := map[string]time.Duration{}
	var waiting []string // food, whose length comes with the drinks
	explicit := slices.ContainsFunc(strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) }), func(w string) bool { return fastingTarget(w) != "" })
	for item := range strings.SplitSeq(strings.NewReplacer(" and ", ",", " or ", ",", "&", ",", ";", ",", "\n", ",").Replace(words), ",") {
		targets, long := fastingItem(item, explicit)
		waiting = append(waiting, targets...)
		switch {
		case long == "":
			continue
		case len(waiting) == 0:
			return 0, 0, fastingUnclear("I can't tell whether that is for food or for drinks.", ownHours)
		}
		d, err := length(long)
		if err != nil {
			return 0, 0, lengthUnread(err)
		}
		for _, target := range waiting {
			if _, twice := rules[target]; twice {
				return 0, 0, fastingUnclear("I read two rules for the same thing.", ownHours)
			}
			rules[target] = d
		}
		waiting = nil
	}
	if len(waiting) > 0 {
		return 0, 0, fastingUnclear("I don't know yet how long before the start that begins.", ownHours)
	}
	return rules["food"], rules["drink"], nil
}

func lengthUnread(err error) error {
	var own *Error
	if errors.As(err, &own) {
		return &Error{Code: "fasting-unclear", Say: own.Say, Hint: Sentence{English: ownHours}}
	}
	return fastingUnclear("I could not read for how long that is.", ownHours)
}

// fastingTarget is what a word of a fasting rule is about: food, drink or
// neither.
func fastingTarget(word string) string {
	switch word {
	case "food", "foods", "eat", "eating", "meals", "meal", "solids", "solid":
		return "food"
	case "drinks", "drink", "drinking", "liquids", "liquid", "fluids", "fluid", "water":
		return "drink"
	}
	return ""
}

// fastingItem splits "no food for 8 hours before" into food and "8 hours". Where
// nothing is named, "nothing" means both.
func fastingItem(item string, explicit bool) (targets []string, length string) {
	var rest []string
	for word := range strings.FieldsSeq(item) {
		word = strings.Trim(word, ".:")
		target := fastingTarget(word)
		switch {
		case target != "":
			if !slices.Contains(targets, target) {
				targets = append(targets, target)
			}
		case word == "nothing" && !explicit:
			targets = []string{"food", "drink"}
		case slices.Contains([]string{"no", "nothing", "clear", "for", "before", "at", "least", "to", "the", "my", "start", "session", "appointment", "beforehand", "prior", "any"}, word):
		default:
			rest = append(rest, word)
		}
	}
	return targets, strings.Join(rest, " ")
}
