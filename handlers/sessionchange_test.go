package handlers

import (
	"strings"
	"testing"
	"time"
)

// A change that changes nothing is answered so, with help and without.
func TestAPlanThatIsNotChanged(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, help := range []string{"", " area: near Union Station help: ride home"} {
		b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 5)
		if err != nil {
			t.Fatal(err)
		}
		defer b.store.Close()
		plan := b.mustSay(t, "maya", "/session add dec 1 at 1pm"+help)
		saved := b.mustSay(t, "maya", plan.Messages[len(plan.Messages)-1].Buttons[0].Command)
		code := strings.TrimPrefix(saved.Messages[0].Buttons[0].Command, "/session show ")
		for line, want := range map[string]string{"length: 2 hours": "Nothing is different from before", "length: 3 hours": "Your reminders follow it."} {
			b.mustSay(t, "maya", "/session change "+code+" length: 2 hours")
			if got := b.mustSay(t, "maya", "/session change "+code+" "+line).Messages[0].Text; !strings.HasPrefix(got, want) {
				t.Errorf("%q, %q: %q", help, line, got)
			}
		}
	}
}
