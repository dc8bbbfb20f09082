package village

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// HelpWith is what is asked of the village each time, with the hours that a kind has
// of its own.
type HelpWith struct {
	Kinds []Kind
	Hours map[Kind]Hours
}

// Hours are when a kind of help is needed on the day of a session, where that does not
// follow from the session, such as a school run.
type Hours struct {
	// From and To are minutes after midnight; To 0: nobody said.
	From int `json:"from"`
	To   int `json:"to,omitempty"`
	// Place is where it begins, in public words; empty: where the member lives.
	Place string `json:"place,omitempty"`
}

// on is when it is on the day of a session, which is on the member's clock. The end is
// the zero time where nobody said; what ends before it begins ends on the next day.
func (h Hours) on(day time.Time) (start, end time.Time) {
	start = onDay(day, 0, h.From)
	switch {
	case h.To == 0:
		return start, end
	case h.To <= h.From:
		return start, onDay(day, 1, h.To)
	}
	return start, onDay(day, 0, h.To)
}

// helped is the course with what is asked of the village; nil is the usual.
func (c Course) helped(h *HelpWith) Course {
	if h == nil {
		c.Help = c.usualHelp()
		return c
	}
	c.Help, c.Hours = slices.Clone(h.Kinds), maps.Clone(h.Hours)
	c.Alone = len(c.Help) == 0
	return c
}

// WithoutRides is what a course asks of the village, but for rides.
func (c Course) WithoutRides() HelpWith {
	return HelpWith{slices.DeleteFunc(slices.Clone(c.Help), Kind.IsRide), c.Hours}
}

// usualHelp is what is asked for when nobody says: a ride home, and one there, as far
// as it is known where they begin.
func (c Course) usualHelp() []Kind {
	var out []Kind
	if c.Area != "" && c.Home != "" {
		out = append(out, RideThere)
	}
	if c.Area != "" {
		out = append(out, RideHome)
	}
	return out
}

var (
	between    = regexp.MustCompile(`(?i)\bbetween (\S+(?: ?[ap]m)?) and `)
	hoursOfOwn = regexp.MustCompile(`(?i)^(.+?),? (?:at |from )?` + anHour + `(?: ?(?:to|till?|until|-|–) ?` + anHour + `)?(?: (?:from|at|in) (.+))?$`)
	ownPlace   = regexp.MustCompile(`(?i)^(.+?) from (.+?),? at ` + anHour + `$`)
)

const anHour = `(noon|midnight|\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\.?)?)`

// HelpWanted reads the kinds of help that come with a plan: "ride there, ride home,
// school run 3pm from the north side". Nothing, or a word for it, is none. clock reads
// an hour as minutes after midnight. Every error is an [Error].
func HelpWanted(words string, clock func(string) (int, error)) (HelpWith, error) {
	var out HelpWith
	words = between.ReplaceAllString(words, "$1 to ")
	words = strings.NewReplacer(" and ", ",", "&", ",", ";", ",").Replace(words)
	for part := range strings.SplitSeq(words, ",") {
		part = strings.Trim(strings.TrimSpace(part), ".")
		name, hours, err := withHours(part, clock)
		if err != nil {
			return HelpWith{}, err
		}
		kinds, err := helpCalled(name)
		if err != nil {
			return HelpWith{}, err
		}
		for _, k := range kinds {
			if !slices.Contains(out.Kinds, k) {
				out.Kinds = append(out.Kinds, k)
			}
			if hours == nil {
				continue
			}
			if k.IsRide() || k.Overnight() {
				return HelpWith{}, refusef("help-hours", "A ride at another hour: %s", "I'd ask for %s by the hour of the session, so it has none of its own.", k.Words().Noun).hinting("/ask " + string(k))
			}
			if out.Hours == nil {
				out.Hours = map[Kind]Hours{}
			}
			out.Hours[k] = *hours
		}
	}
	return out, nil
}

// withHours takes the hours off the name of a kind of help; nil where there are none.
func withHours(words string, clock func(string) (int, error)) (name string, hours *Hours, err error) {
	name, from, to, place := words, "", "", ""
	if m := ownPlace.FindStringSubmatch(words); m != nil {
		name, place, from = m[1], m[2], m[3]
	} else if m := hoursOfOwn.FindStringSubmatch(words); m != nil {
		name, from, to, place = m[1], m[2], m[3], m[4]
	}
	name = strings.ToLower(strings.TrimSpace(name))
	name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "a "), "an "), "the ")
	if from == "" {
		return name, nil, nil
	}
	if half := halfOfDay.FindString(to); half != "" && !halfOfDay.MatchString(from) && from[0] <= '9' {
		from += half
	}
	h := Hours{Place: strings.TrimSpace(place)}
	if h.From, err = clock(from); err != nil {
		return name, nil, refusef("help-hours", "For example: %s", "I can't tell which hour “%s” is.", clip(from, 20)).hinting("school run 3pm, childcare noon to 6pm")
	}
	if to == "" {
		return name, &h, nil
	}
	if h.To, err = clock(to); err != nil {
		return name, nil, refusef("help-hours", "For example: %s", "I can't tell which hour “%s” is.", clip(to, 20)).hinting("school run 3pm, childcare noon to 6pm")
	}
	if h.To == 0 {
		h.To = 24 * 60 // midnight
	}
	return name, &h, nil
}

var halfOfDay = regexp.MustCompile(`(?i)[ap]\.?m\.?$`)

// helpCalled is what people mean by the name of a kind of help with a plan.
func helpCalled(name string) ([]Kind, error) {
	switch name {
	case "", "none", "nothing", "no", "nobody", "somebody drives me", "someone drives me", "i have somebody", "i have someone", "i have a ride", "i have a driver":
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
	return nil, refusef("help-unknown", "I can ask for these, apart by commas: %s. Some have their own hours: school run 3pm. For anything else there is /ask.",
		"I don't know how to ask for “%s” with a plan.", clip(name, 40)).hinting(strings.Join(names, ", "))
}

// clip shortens a person's words, with an ellipsis where some are left out.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
