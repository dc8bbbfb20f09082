package village

import (
	"slices"
	"strings"
	"testing"
)

// A new setting is one entry in the table, so the entry has to be whole.
func TestEveryNumberIsWhole(t *testing.T) {
	var names []string
	for _, s := range NumberSettings() {
		names = append(names, s.Name)
		if slices.Contains([]string{s.Family, s.Name, s.Summary, s.Option, s.Asked, s.One, s.Noun, s.Title}, "") {
			t.Errorf("%q lacks words: %+v", s.Name, s)
		}
		if !strings.HasPrefix(s.Example, "/"+s.Family+" "+s.Name+" ") {
			t.Errorf("%q has %q for an example", s.Name, s.Example)
		}
		if !strings.Contains(s.Many, "%d") || !strings.Contains(s.Stands, "%s") || !strings.Contains(s.Set, "%s") {
			t.Errorf("%q does not say how it stands: %+v", s.Name, s)
		}
		if s.Usual < s.Least || s.Usual > s.Most || s.kept != nil && s.Least < 1 {
			t.Errorf("%q may not be what it usually is: %+v", s.Name, s)
		}
		before := Group{}
		after := before.WithNumber(s.Name, s.Most)
		if before.Number(s.Name) != s.Usual || after.Number(s.Name) != s.Most {
			t.Errorf("%q is %d, and set to %d it is %d", s.Name, before.Number(s.Name), s.Most, after.Number(s.Name))
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(NumberSettings()) {
		t.Errorf("two have one name: %v", names)
	}
}
