package understand_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/content"
	"village/handlers"
	"village/handlers/understand"
)

// newEar is an ear for the bot's own commands and answers.
func newEar(t testing.TB) (*understand.Ear, []bot.Command) {
	t.Helper()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	app := handlers.New(handlers.Config{Content: library, Now: time.Now})
	return understand.New(app.Table(), library), app.Table()
}

// sentence is one of the development set.
type sentence struct {
	who          understand.Role
	right, words string
}

func sentences(t testing.TB, file string) []sentence {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	roles := map[string]understand.Role{"member": understand.Member, "helper": understand.Helper, "moderator": understand.Moderator}
	var out []sentence
	for in := bufio.NewScanner(f); in.Scan(); {
		if line := in.Text(); line != "" && line[0] != '#' {
			parts := strings.Split(line, "\t")
			role, known := roles[parts[0]]
			if !known || len(parts) != 3 {
				t.Fatalf("not a sentence: %q", line)
			}
			out = append(out, sentence{role, parts[1], parts[2]})
		}
	}
	return out
}

// The development sets are understood; an action is next to never offered where
// another or none is right, and none is carried out that nobody asked for. The
// second, third, fifth and sixth were asked once before anything was learnt from them;
// the package comment has what that gave, and the head of each what its writer had seen.
// Of the fourth no figure was kept: it came together with what was learnt from it, so it
// says nothing about sentences that nobody has seen.
func TestSentences(t *testing.T) {
	ear, _ := newEar(t)
	count, right, wrongOffer := 0, 0, 0
	for _, file := range []string{"sentences.tsv", "second.tsv", "third.tsv", "fourth.tsv", "fifth.tsv", "seventh.tsv", "eighth.tsv"} {
		for i, s := range sentences(t, file) {
			if raced && i%4 != 0 || !testing.Verbose() && i%2 != 0 { // all of them with -v
				continue
			}
			count++
			r := ear.Read(understand.Heard{Words: s.words, Who: s.who}, nil)
			ok, offered, done := judged(s.right, r)
			if ok {
				right++
				continue
			}
			t.Logf("%s: %-12s %q: %s %s %s %v", file, s.right, s.words, r.Kind, r.Said, r.Word, r.Do)
			if offered {
				wrongOffer++
			}
			if done {
				t.Errorf("%q would be done: %v", s.words, r.Do)
			}
		}
	}
	t.Logf("right: %d of %d; a wrong action offered: %d", right, count, wrongOffer)
	if count < 1250 && !raced && testing.Verbose() {
		t.Fatalf("%d sentences", count)
	}
	if right*100 < count*96 {
		t.Errorf("only %d of %d are right", right, count)
	}
	if wrongOffer*100 >= count {
		t.Errorf("a wrong action is offered for %d of %d", wrongOffer, count)
	}
}

// Of the sixth set and the ninth only the kinds of error are cured, not their rows, and they
// are no part of what is learnt: they stay nearer to what people say than the others.
func TestSentencesNotLearnt(t *testing.T) {
	ear, _ := newEar(t)
	all := append(sentences(t, "sixth.tsv"), sentences(t, "ninth.tsv")...)
	right, wrongOffer := 0, 0
	for _, s := range all {
		ok, offered, done := judged(s.right, ear.Read(understand.Heard{Words: s.words, Who: s.who}, nil))
		if ok {
			right++
		} else if offered {
			wrongOffer++
			t.Logf("a wrong action is offered for %q", s.words)
		}
		if done {
			t.Errorf("%q would be done", s.words)
		}
	}
	t.Logf("right: %d of %d; a wrong action offered: %d", right, len(all), wrongOffer)
	if right*100 < len(all)*90 || wrongOffer*100 >= len(all)*2 {
		t.Errorf("right: %d of %d; a wrong action offered: %d", right, len(all), wrongOffer)
	}
}

// judged compares a reading with what is right: whether it is, whether an action
// is offered wrongly, and whether something would be changed that was not asked for.
func judged(right string, r understand.Reading) (ok, offered, done bool) {
	kind, rest, _ := strings.Cut(right, " ")
	switch kind {
	case "reply":
		return r.Kind == understand.Reply && string(r.Said) == rest, r.Kind == understand.Command, r.Kind == understand.Reply && r.Sure && string(r.Said) != rest
	case "talk":
		return r.Kind == understand.Talk && string(r.Word) == rest, r.Kind == understand.Command, r.Kind == understand.Reply && r.Sure
	case "crisis":
		return r.Kind == understand.Crisis, false, r.Kind == understand.Reply && r.Sure
	case "know", "none":
		acts := r.Kind == understand.Command && !r.Do[0].Look || r.Kind == understand.Reply && r.Sure
		return r.Kind != understand.Command && !acts && (kind == "none" || r.Kind != understand.Talk && r.Kind != understand.Reply), acts, r.Kind == understand.Reply && r.Sure
	}
	wanted := strings.Split(right, "|")
	if r.Kind == understand.Unsure && len(r.Do) > 0 { // they are asked what they meant
		return slices.ContainsFunc(r.Do, func(t understand.Thing) bool { return slices.Contains(wanted, t.Name()) }), false, false
	}
	if r.Kind != understand.Command && !(r.Kind == understand.Reply && len(r.Do) > 0) {
		return false, false, false
	}
	ok = slices.Contains(wanted, r.Do[0].Name())
	return ok, !ok, false
}

// What it costs to tell what a question wants done.
func BenchmarkOrder(b *testing.B) {
	ear, _ := newEar(b)
	all := sentences(b, "sentences.tsv")
	ear.Order(understand.Heard{Words: "hello"}) // opens its books
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		ear.Order(understand.Heard{Words: all[i%len(all)].words, Who: all[i%len(all)].who})
		i++
	}
}
