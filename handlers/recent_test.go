package handlers

import (
	"fmt"
	"reflect"
	"testing"

	"village/content"
)

// What is remembered of a question is what the finder says of it, for any number of
// questions, and never more than there is room for.
func TestWhatIsRememberedOfQuestions(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library})
	questions := []string{"can I drive home after", "i want to die", "driving-after", "", "how much ketamine should i take", "weather tomorrow"}
	for i := range 3 * recentMost {
		a.hear(fmt.Sprint("bus number ", i))
		if q := questions[i%len(questions)]; !reflect.DeepEqual(a.hear(q), library.Find(q)) || a.hear(q).Danger != library.Danger(q) {
			t.Fatalf("%q: remembered %+v", q, a.hear(q))
		}
	}
	if n := len(a.recent.young) + len(a.recent.old); n > 2*recentMost {
		t.Errorf("%d questions are remembered", n)
	}
}
