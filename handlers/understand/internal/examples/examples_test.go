package examples

import (
	"testing"

	"village/content/encoder/learn"
	"village/handlers/understand"
)

// What the encoder has learnt about what people want was learnt from the sentences of now.
func TestTheHeadIsOfTheseSentences(t *testing.T) {
	list, err := Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 3000 {
		t.Errorf("%d examples", len(list))
	}
	if understand.LearntFrom() != learn.Hash(list) {
		t.Error("ways.txt, the development sets or the content have changed: run go generate ./content ./handlers/understand, and commit the files that it writes")
	}
}
