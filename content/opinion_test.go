package content

import (
	"testing"

	"village/content/encoder"
	"village/content/encoder/learn"
)

// TestTheHeadIsOfTheseWords holds that what the encoder has learnt about the topics was learnt from the words of now.
func TestTheHeadIsOfTheseWords(t *testing.T) {
	head, err := encoder.ReadHead(topicsHead)
	if err != nil {
		t.Fatal(err)
	}
	var examples []learn.Example
	for _, e := range load(t).Examples() {
		examples = append(examples, learn.Example{Class: e.Class, Text: e.Text})
	}
	if head.From() != learn.Hash(examples) {
		t.Error("the ways of asking or the hints have changed: run go generate ./content ./handlers/understand, and commit the files that it writes")
	}
}

// TestASecondOpinion holds that what no word of ours is in is understood by the encoder, and that what is sure is not asked of it.
func TestASecondOpinion(t *testing.T) {
	l := load(t)
	if err := l.Encoder(); err != nil {
		t.Skip(err)
	}
	asked := 0
	finder := l.finder.WithOpinion(func(string) map[string]float32 { asked++; return nil })
	finder.Find("can i eat before my session")
	if asked != 0 {
		t.Error("a sure question was asked of somebody else")
	}
	finder.Find("how would they know whether the thing has taken in me")
	if asked != 1 {
		t.Errorf("an unsure question was asked %d times", asked)
	}
	finder.Suggest("how would they know whether the thing has ta", 5)
	if asked != 1 {
		t.Error("what is still being typed was asked of somebody else")
	}
}

// BenchmarkFindUnsure asks what the finder is not sure of; the goal is 25 ms on one quiet core.
func BenchmarkFindUnsure(b *testing.B) {
	l := load(b)
	if err := l.Encoder(); err != nil {
		b.Skip(err)
	}
	unsure := []string{"how would they know whether the thing has taken in me", "is there a soul who could tell me whether that is meant to be so"}
	for i := 0; b.Loop(); i++ {
		clear(l.sentences.last[:])
		l.Find(unsure[i%len(unsure)])
	}
}
