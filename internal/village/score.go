package village

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Scale is a questionnaire that a clinic gives, as far as we speak of it: what it is
// called, how far its numbers reach, and which way they go. What a number means is the
// clinic's to say.
type Scale struct {
	// ID is lower case without marks, such as "phq9"; Name as people write it.
	ID, Name string
	// Least and Most are its lowest and highest number. Known is false for a name of
	// somebody's own, of which neither is known.
	Least, Most int
	Known       bool
	// About is what it asks after, Source who describes it.
	About, Source string
}

// Scales are the questionnaires we know the range of. In all of them a higher number
// says that there is more of what they ask after.
func Scales() []Scale {
	return []Scale{
		{ID: "phq9", Name: "PHQ-9", Most: 27, Known: true, About: "low mood", Source: "Kroenke, Spitzer and Williams, 2001"},
		{ID: "gad7", Name: "GAD-7", Most: 21, Known: true, About: "worry", Source: "Spitzer and others, 2006"},
		{ID: "hama", Name: "HAM-A", Most: 56, Known: true, About: "anxiety", Source: "Hamilton, 1959"},
		{ID: "bdi", Name: "BDI-II", Most: 63, Known: true, About: "low mood", Source: "Beck, Steer and Brown, 1996"},
		{ID: "pcl5", Name: "PCL-5", Most: 80, Known: true, About: "what a hard experience leaves behind", Source: "Weathers and others, 2013"},
	}
}

// scaleNames are other ways to write the name of a scale, without spaces and marks.
func scaleNames() map[string]string {
	return map[string]string{"phq": "phq9", "patienthealthquestionnaire": "phq9", "gad": "gad7", "generalizedanxiety": "gad7",
		"ham": "hama", "hamiltonanxiety": "hama", "hamiltonanxietyscale": "hama", "hamilton": "hama", "hars": "hama",
		"bdi2": "bdi", "bdiii": "bdi", "beck": "bdi", "beckdepression": "bdi", "beckdepressioninventory": "bdi",
		"pcl": "pcl5", "ptsdchecklist": "pcl5"}
}

// MaxScaleName is how long a name of somebody's own may be, in characters.
const MaxScaleName = 40

// ScaleNamed is the scale that a name means: one we know, or one of somebody's own.
func ScaleNamed(name string) Scale {
	name = strings.Join(strings.Fields(name), " ")
	id := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	if other, ok := scaleNames()[id]; ok {
		id = other
	}
	for _, s := range Scales() {
		if s.ID == id {
			return s
		}
	}
	return Scale{ID: id, Name: name}
}

// Score is a number that somebody was given, on a day (a date on their clock).
type Score struct {
	ID    string `json:"id"`
	Scale string `json:"scale"` // its name
	Value int    `json:"value"`
	Day   string `json:"day"`
	// At is when it was written down.
	At time.Time `json:"at"`
}

// MaxScores is how many numbers one person may keep.
const MaxScores = 400

// Scores are the numbers that somebody was given, by day. Nobody else reads them.
type Scores struct {
	All []Score `json:"all"`
}

// KeptUntil is when all of them are removed: a year after the last was written down.
func (s Scores) KeptUntil(now time.Time) time.Time { return now.AddDate(1, 0, 0) }

// With adds a number, in place of one of the same scale and day. Its errors are
// *Error: a number outside the scale's range, a day that has not come, a name that is
// none, too many.
func (s Scores) With(score Score, today string) (Scores, error) {
	scale := ScaleNamed(score.Scale)
	switch {
	case scale.ID == "" || len([]rune(scale.Name)) > MaxScaleName:
		return s, refuse("score-scale", "I need the name of what it was measured with.", "For example: PHQ-9, GAD-7, or a name of your own.")
	case scale.Known && (score.Value < scale.Least || score.Value > scale.Most):
		return s, refusef("score-range", "Please look once more, or give it a name of your own.", "The numbers of %s go from %s to %s.", scale.Name, strconv.Itoa(scale.Least), strconv.Itoa(scale.Most))
	case score.Value < -9999 || score.Value > 9999:
		return s, refuse("score-range", "I keep whole numbers of up to four digits.", "For example: 12.")
	case score.Day > today:
		return s, refuse("score-ahead", "That day is still to come.", "Tell me once you have the number.")
	}
	score.Scale = scale.Name
	s.All = slices.DeleteFunc(slices.Clone(s.All), func(o Score) bool { return o.Day == score.Day && ScaleNamed(o.Scale).ID == scale.ID })
	if len(s.All) >= MaxScores {
		return s, refuse("scores-full", "I can't keep more numbers.", "Delete some that you don't need any more.")
	}
	s.All = append(s.All, score)
	slices.SortStableFunc(s.All, func(a, b Score) int { return cmp.Or(cmp.Compare(a.Day, b.Day), a.At.Compare(b.At)) })
	return s, nil
}

// Without takes a number (an ID) away; false where there is none of that.
func (s Scores) Without(id string) (Scores, bool) {
	n := len(s.All)
	s.All = slices.DeleteFunc(slices.Clone(s.All), func(o Score) bool { return o.ID == id })
	return s, len(s.All) < n
}

// ByScale are the numbers of each scale, by day, the scales in the order in which
// they were first used.
func (s Scores) ByScale() [][]Score {
	var out [][]Score
	at := map[string]int{}
	for _, score := range s.All {
		id := ScaleNamed(score.Scale).ID
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id], out = i, append(out, nil)
		}
		out[i] = append(out[i], score)
	}
	return out
}

// Higher says whether a number is above the one before it on a scale we know, where
// higher is more of what it asks after.
func (s Scores) Higher(score Score) bool {
	before, some := s.before(score)
	return some && ScaleNamed(score.Scale).Known && score.Value > before.Value
}

// Near says whether a number is in the highest fifth of its scale. It says nothing to
// anybody; people to talk to then stand beside it.
func (s Score) Near() bool {
	scale := ScaleNamed(s.Scale)
	return scale.Known && s.Value*5 > scale.Most*4
}

func (s Scores) before(score Score) (last Score, some bool) {
	for _, o := range s.All {
		if o.Day < score.Day && ScaleNamed(o.Scale).ID == ScaleNamed(score.Scale).ID {
			last, some = o, true
		}
	}
	return last, some
}

// At is the number of each scale that was the last on or before a day.
func (s Scores) At(day string) []Score {
	var out []Score
	for _, scale := range s.ByScale() {
		var last *Score
		for i := range scale {
			if scale[i].Day <= day {
				last = &scale[i]
			}
		}
		if last != nil {
			out = append(out, *last)
		}
	}
	return out
}

// Between are the numbers from one date to another (such as "2026-12-02"), both
// included.
func (s Scores) Between(first, last string) Scores {
	s.All = slices.DeleteFunc(slices.Clone(s.All), func(o Score) bool { return o.Day < first || o.Day > last })
	return s
}
