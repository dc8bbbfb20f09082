package when

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// checkError holds an error to what the package promises of every error.
func checkError(t failer, r row, e *Error) {
	t.Helper()
	code, say, hint := e.Person()
	if code == "" || say == "" || hint == "" || e.Error() != say || !utf8.ValidString(say) {
		t.Errorf("%q: code %q, say %q, hint %q", r.words, code, say, hint)
	}
	if runes := utf8.RuneCountInString(say); runes > 900 {
		t.Errorf("%q: says %d characters", r.words, runes)
	}
	if n := len(e.Choices); n > 4 || e.Code == Ambiguous && n == 1 || (e.Code == Twice || e.Code == Gap) && n == 0 {
		t.Errorf("%q: %s with %d choices", r.words, e.Code, n)
	}
	if utf8.RuneCountInString(e.Word) > 40 {
		t.Errorf("%q: word %q", r.words, e.Word)
	}
	seen := map[string]bool{}
	for _, c := range e.Choices {
		if seen[c.Words] {
			t.Errorf("%q: choice %q twice", r.words, c.Words)
		}
		seen[c.Words] = true
		found, err := Moments(c.Words, r.now, r.zone)
		if err != nil {
			t.Errorf("%q: choice %q: %v", r.words, c.Words, err)
			continue
		}
		if !found[0].Equal(c.At) || len(found) != 1+strings.Count(c.Words, ", ") {
			t.Errorf("%q: choice %q gives %v, not %v", r.words, c.Words, found, c.At)
		}
		checkFound(t, r.words, found, r.now)
	}
}

// checkFound holds what was understood to what the package promises of it.
func checkFound(t failer, words string, found []time.Time, now time.Time) {
	t.Helper()
	if len(found) == 0 || !slices.IsSortedFunc(found, time.Time.Compare) {
		t.Errorf("%q: %v", words, found)
	}
	for i, at := range found {
		if !at.After(now) || at.Sub(now) > Horizon || at.Second() != 0 || at.Nanosecond() != 0 || i > 0 && at.Equal(found[i-1]) {
			t.Errorf("%q: %v is past, too far, a repeat or no whole minute (now %v)", words, at, now)
		}
	}
}

// failer is a test, or one try of a property.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}
