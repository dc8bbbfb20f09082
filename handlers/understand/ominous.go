package understand

import (
	"slices"
	"strings"

	"village/content"
)

// calmAt is how unlikely a cry for help must be, by what words say as a whole, for likeness to one not to be believed. All cries
// that are known and heard by likeness alone are likelier.
const calmAt = 0.0015

// Calm says whether what the finder took for danger by likeness is none: they tell of a ride, or leave a note where to park. It is
// never true of words that hold a sign of it.
func (e *Ear) Calm(words string) bool {
	odds := e.sense(Heard{Words: words, Who: Moderator}, nil)
	return odds != nil && odds["crisis"] < calmAt && !e.parse(words).ominous()
}

// Checked is a finding without the lines where words are calm, and with them where nothing is found and there is a sign of danger.
func (e *Ear) Checked(words string, f content.Finding) content.Finding {
	switch {
	case f.Kind == content.KindCrisis:
	case f.WithLines && e.Calm(words):
		f.WithLines, f.Danger = false, false
	case f.Kind == content.KindUnsure && !f.WithLines:
		f.WithLines = e.parse(words).ominous()
	}
	return f
}

// ominous says whether a sign of danger stands in words that want something done: a means, an end, a goodbye. Each can be harmless,
// and two lines beside what was asked for harm nobody.
func (s sentence) ominous() bool {
	texts := make([]string, len(s.toks))
	for i, t := range s.toks {
		texts[i] = t.text
	}
	if slices.ContainsFunc(texts, func(t string) bool {
		return among(t, "lethal", "overdose", "overdosed", "noose", "rope", "gun", "guns", "pistol", "rifle", "razor", "razors", "blade", "blades", "knives", "goodbye", "goodbyes",
			"dead", "die", "dying", "died", "alive", "unconscious", "exist", "funeral", "forever", "unalive", "adios", "sharps", "bleach", "swallowed") || strings.HasPrefix(t, "suicid") || strings.HasPrefix(t, "kill")
	}) {
		return true
	}
	said := " " + strings.Join(texts, " ") + " "
	return slices.ContainsFunc(signs(), func(sign string) bool { return strings.Contains(said, " "+sign+" ") })
}

// Ominous says whether a sign of danger stands in words; see Reading.Lines.
func (e *Ear) Ominous(words string) bool { return e.parse(words).ominous() }

// signs are words that say nothing each, and something together.
func signs() []string {
	return []string{
		"for good", "for always", "ever again", "lights out", "better off", "the bridge", "one way", "last time ever", "last thing", "last person", "last words", "the very last",
		"will not be around", "not be around", "will not be here", "not be here", "not be there to", "will be gone", "be gone by", "be long gone", "not be coming back", "not coming back",
		"not come back", "end it", "end it all", "end things", "ending it", "ending everything", "stopping everything", "stop everything", "without me", "all the pills", "all my pills", "all of the pills", "the whole bottle",
		"empty bottle", "no point", "none of it matters", "nothing matters", "no matter anymore", "not see him again", "not see her again", "not see them again", "not see you again",
		"left a note", "found a note", "goodbye letter", "farewell", "hurt myself", "hurt himself", "hurt herself", "trust myself", "hurting myself", "will not wake up", "not wake up", "not breathing", "where i am going", "where i go",
		"not need anything", "not need it anymore where", "too far gone", "nobody would notice", "nobody will miss", "not be missed", "take care of my", "loved them", "loved you all", "been a good run", "done for good", "done with life", "done with everything", "a burden to",
	}
}
