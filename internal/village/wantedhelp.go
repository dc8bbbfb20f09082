package village

import (
	"slices"
	"strings"
)

// HelpWanted reads the kinds of help that come with a plan: "ride there, ride
// home". Nothing, or a word for it, is none. Every error is an [Error].
func HelpWanted(words string) ([]Kind, error) {
	var out []Kind
	words = strings.NewReplacer(" and ", ",", "&", ",", ";", ",").Replace(strings.ToLower(words))
	for part := range strings.SplitSeq(words, ",") {
		part = strings.Trim(strings.TrimSpace(part), ".")
		part = strings.TrimPrefix(strings.TrimPrefix(part, "a "), "an ")
		kinds, err := helpCalled(part)
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// helpCalled is what people mean by the name of a kind of help with a plan.
func helpCalled(name string) ([]Kind, error) {
	switch name {
	case "", "none", "nothing", "no":
		return nil, nil
	case "rides", "both rides", "both ways", "ride both ways", "rides both ways":
		return []Kind{RideThere, RideHome}, nil
	case "ride", "lift", "drive":
		return nil, refuse("help-unclear", "A ride there, a ride home, or both?", "For example: ride home. For both: rides.")
	}
	if k, ok := KindCalled(name); ok && slices.Contains(SessionHelp(), k) {
		return []Kind{k}, nil
	}
	var names []string
	for _, k := range SessionHelp() {
		names = append(names, k.Words().Short)
	}
	return nil, refusef("help-unknown", "I can ask for these, apart by commas: %s. For anything else there is /ask.",
		"I don't know how to ask for “%s” with a plan.", clip(name, 40)).hinting(strings.Join(names, ", "))
}

// clip shortens a person's words, with an ellipsis where some are left out.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
