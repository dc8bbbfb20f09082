package village

import (
	"strings"
	"testing"
)

func TestGuest(t *testing.T) {
	for _, bad := range []string{"", "  ", strings.Repeat("é", MaxGuest+1)} {
		if _, err := Guest("k7m2p9", bad); code(err) != "name-wrong" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	rosa, err := Guest("k7m2p9", " Aunt Rosa ")
	if err != nil || rosa.Name != "Aunt Rosa" || !IsGuest(rosa.ID) || IsGuest("console/guest") {
		t.Error(rosa, err)
	}
}

func TestKept(t *testing.T) {
	n := ride(t)
	if n.WipedAfter() != "two days" || !n.DetailsUntil().Equal(n.End.Add(KeepDetails)) || !n.KeptUntil().Equal(n.End.Add(KeepNeed)) {
		t.Error("not the usual ones")
	}
	for hours, want := range map[int]string{1: "one hour", 24: "one day", 36: "36 hours", 72: "3 days"} {
		n.KeepDetails, n.Keep = hours, 30
		if got := n.WipedAfter(); got != want {
			t.Errorf("%d hours: %q", hours, got)
		}
	}
	if !n.KeptUntil().Equal(n.End.AddDate(0, 0, 30)) {
		t.Error("the group's own is not kept")
	}
}
