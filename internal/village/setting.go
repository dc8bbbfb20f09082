package village

import (
	"maps"
	"slices"
)

// NumberSetting is a number that a group sets, with the words it goes by.
type NumberSetting struct {
	// Family and Name are the command that sets it: /reminders limit. Names are
	// unique. Summary and Example are the command's, Option and Asked its one
	// option's name and summary.
	Family, Name, Summary, Example, Option, Asked string
	// Least and Most are its limits; Usual is what it is when nobody says.
	Least, Most, Usual int
	// One and Many are it in words: "one reminder", "%d reminders".
	One, Many string
	// Noun is what it is called among the settings, Stands a sentence that says how
	// it stands. Title and Set answer whoever sets it. Both sentences have the words
	// for it filled in.
	Noun, Stands, Title, Set string
	// Log is a sentence of the moderators' log: who set it, and the words for it.
	Log string
	// kept is where it has a field of its own; nil: in Group.Numbers.
	kept func(*Group) *int
}

// The settings that rules ask for.
const postsADay = "limit"

// NumberSettings are all there are. A new one is a new entry: its command, its place
// in /setup show and its answer are made from it, and a rule asks for it with
// [Group.Number].
func NumberSettings() []NumberSetting {
	return []NumberSetting{
		{Family: "reminders", Name: postsADay, Summary: "How many reminders a channel gets a day at most", Example: "/reminders limit 3",
			Option: "posts", Asked: "At most so many a day in a channel", Least: 1, Most: MaxPosts, Usual: 6,
			One: "one reminder", Many: "%d reminders", Noun: "Reminders", Stands: "A channel gets at most %s a day.",
			Title: "The limit is set", Set: "A channel gets at most %s a day from me. What is over that is left out, and the next day starts fresh.",
			Log:  "**%s** set that a channel gets at most %s a day.",
			kept: func(g *Group) *int { return &g.Posts }},
	}
}

func numberNamed(name string) NumberSetting {
	all := NumberSettings()
	return all[slices.IndexFunc(all, func(s NumberSetting) bool { return s.Name == name })]
}

// Number is a setting by its name, which must be one of [NumberSettings].
func (g Group) Number(name string) int {
	s := numberNamed(name)
	if s.kept != nil {
		if n := *s.kept(&g); n != 0 {
			return n
		}
		return s.Usual
	}
	if n, ok := g.Numbers[name]; ok {
		return n
	}
	return s.Usual
}

// WithNumber sets one, by its name; its limits were looked at.
func (g Group) WithNumber(name string, n int) Group {
	if s := numberNamed(name); s.kept != nil {
		*s.kept(&g) = n
		return g
	}
	g.Numbers = maps.Clone(g.Numbers)
	if g.Numbers == nil {
		g.Numbers = map[string]int{}
	}
	g.Numbers[name] = n
	return g
}

// MostPosts is how many reminders a channel gets a day at most.
func (g Group) MostPosts() int { return g.Number(postsADay) }
