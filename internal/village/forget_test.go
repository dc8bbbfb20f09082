package village

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whoever asks to be forgotten is named by nothing any more, neither by a need, whatever
// has become of it, nor by what is owed because of it; nobody is left waiting, and the
// others keep what is theirs.
func TestForgottenByANeed(t *testing.T) {
	people := []string{"maya", "sam", "lee", "kim", "mod"}
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{n: anyNeed(rt, people), now: now, pending: map[string]Owed{}, said: map[string]time.Time{}, heard: map[string]Terms{}}
		for range rapid.IntRange(0, 25).Draw(rt, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 12*60).Draw(rt, "minutes")) * time.Minute)
			by, whom := person(rapid.SampledFrom(people).Draw(rt, "by")), person(rapid.SampledFrom(people).Draw(rt, "whom"))
			if rapid.IntRange(0, 3).Draw(rt, "guest") == 0 {
				whom, _ = Guest(w.n.ID, "Aunt Rosa")
			}
			what := rapid.SampledFrom([]string{"claim", "claim", "standby", "release", "still", "got", "late", "home", "approve", "fill", "fill", "unfill", "move", "change", "thank", "cancel"}).Draw(rt, "what")
			if after, _, err := w.do(what, by, whom, by.Name == "mod", rapid.Bool().Draw(rt, "yes"), anyEdit(rt, w.n)); err == nil {
				w.n = after
			}
			if over, owed := w.n.Over(w.now); len(owed) > 0 {
				w.n = over
			}
		}
		who := person(rapid.SampledFrom(people).Draw(rt, "who goes"))
		before, was := fmt.Sprintf("%+v", w.n), w.n
		busy := func(string) bool { return false }
		after, owed := w.n.Forget(who.ID, busy, w.now)
		if fmt.Sprintf("%+v", w.n) != before {
			rt.Fatal("it changed what it was given")
		}
		if said := asJSON(rt, after); strings.Contains(said, who.ID) || was.Member == who && strings.Contains(said, "Rosa") {
			rt.Fatalf("%s stands in the need: %s", who.Name, said)
		}
		if len(owed) == 0 {
			rt.Fatal("nothing is owed, so it is not written")
		}
		for _, o := range owed {
			if !o.Withdrawn && (o.About.ID == who.ID || o.To == who.ID) {
				rt.Fatalf("%s is owed to or about %s", o.key(), who.Name)
			}
		}
		switch {
		case was.Member == who && after.Why == "":
			rt.Fatal("nobody asks for it, and it goes on")
		case was.Member != who && (after.Member != was.Member || after.From != was.From || after.Note != was.Note):
			rt.Fatal("the member lost something of theirs")
		case after.Why == "" && after.HelpedBy(nobody) && w.now.Before(after.Start):
			rt.Fatal("nobody comes, and nobody is looked for")
		}
		again, _ := after.Forget(who.ID, busy, w.now)
		if asJSON(rt, again) != asJSON(rt, after) {
			rt.Fatalf("forgotten twice is more than forgotten once:\n%s\n%s", asJSON(rt, after), asJSON(rt, again))
		}
	})
}

func anyNeed(rt *rapid.T, people []string) Need {
	n, _, err := Ask(Request{ID: "k7m2p9", Kind: rapid.SampledFrom(Kinds()).Draw(rt, "kind").Kind, Member: person(rapid.SampledFrom(people).Draw(rt, "member")), Zone: "America/Denver", From: "here", Note: "a note",
		Start: now.Add(time.Duration(rapid.IntRange(1, 5*24*60).Draw(rt, "ahead")) * time.Minute), Wanted: rapid.IntRange(1, 3).Draw(rt, "wanted")}, now)
	if err != nil {
		rt.Fatal(err)
	}
	return n
}

func asJSON(rt *rapid.T, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		rt.Fatal(err)
	}
	return string(raw)
}

// A notice goes on to the next moderator, is owed to nobody when it was theirs alone,
// and names nobody who has gone.
func TestForgottenByANotice(t *testing.T) {
	people := []string{"maya", "sam", "lee", "kim"}
	rapid.Check(t, func(rt *rapid.T) {
		any := func(label string) string { return person(rapid.SampledFrom(people).Draw(rt, label)).ID }
		j := Notice{What: OwedUrgent, To: Address{Person: any("to")}, About: Person{ID: any("about"), Name: "x"}}
		for range rapid.IntRange(0, 3).Draw(rt, "others") {
			j.Next = append(j.Next, any("next"))
		}
		who := any("who goes")
		before := asJSON(rt, j)
		after, owed, changed := j.Forget(who)
		switch {
		case asJSON(rt, j) != before:
			rt.Fatal("it changed what it was given")
		case strings.Contains(asJSON(rt, after), who) && owed:
			rt.Fatalf("it names %s: %s", who, asJSON(rt, after))
		case owed && changed != (asJSON(rt, after) != before):
			rt.Fatal("it does not know whether it changed")
		case !owed && j.To.Person != who:
			rt.Fatal("somebody else is not told any more")
		case !owed && strings.Count(strings.Join(j.Next, ""), who)*len(who) != len(strings.Join(j.Next, "")):
			rt.Fatal("there is another moderator, and they are not told")
		}
	})
}
