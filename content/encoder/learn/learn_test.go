package learn

import (
	"testing"

	"village/content/encoder"
)

// A head learns which way its classes lie, and the hash of its examples goes with it.
func TestHead(t *testing.T) {
	var examples []Example
	var vectors [][]float32
	for i := range 40 {
		v := make([]float32, encoder.Size)
		v[i%2], v[2+i%7] = 0.9, 0.4
		examples = append(examples, Example{Class: []string{"left", "right"}[i%2], Text: string(rune('a' + i))})
		vectors = append(vectors, v)
	}
	examples, vectors = append(examples, Example{Class: "left"}), append(vectors, nil)
	head, err := encoder.ReadHead(string(Head(examples, vectors)))
	if err != nil {
		t.Fatal(err)
	}
	if head.From() != Hash(examples) || Hash(examples) == Hash(examples[1:]) {
		t.Error("the hash is not that of the examples")
	}
	for i, v := range vectors[:2] {
		if odds := head.Odds(v); odds[i] < 0.9 {
			t.Errorf("class %d: %v", i, odds)
		}
	}
}
