package when

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is said is its sentences, each of which another language can say, with their
// arguments filled in.
func TestSentences(t *testing.T) {
	now := time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)
	for _, words := range []string{"", "soon", "1/12", "thu", "at 5", "tomorow 1pm", "feb 30 at 9am", "dec 1 and 2", "every day at cows until 1/12", "every day at 9am until", "every day at 9am until cows",
		"8", "8 hors", "gondor", "springfield", "cst", "est or so", "monday", "9pm to", "sun", strings.Repeat("x ", 200)} {
		for name, err := range map[string]error{"moment": second(Moment(words, now, time.UTC)), "repeat": second(Repeat(words)), "length": second(Length(words)), "zone": second(Zone(words)), "day": second(Day(words, now, time.UTC))} {
			var unclear *Error
			if !errors.As(err, &unclear) {
				continue
			}
			var said []string
			for _, s := range unclear.Sentences {
				said = append(said, fmt.Sprintf(s.English, s.Args...))
			}
			if strings.Join(said, " ") != unclear.Say || unclear.Say == "" {
				t.Errorf("%s of %q says %q, in sentences %q", name, words, unclear.Say, said)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }
