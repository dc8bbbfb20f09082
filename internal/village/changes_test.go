package village

import (
	"strings"
	"testing"
	"time"
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
	if n.DetailsKept() != 48*time.Hour || !n.DetailsUntil().Equal(n.End.Add(KeepDetails)) || !n.KeptUntil().Equal(n.End.Add(KeepNeed)) {
		t.Error("not the usual ones")
	}
	n.KeepDetails, n.Keep = 36, 30
	if n.DetailsKept() != 36*time.Hour || !n.DetailsUntil().Equal(n.End.Add(36*time.Hour)) {
		t.Error("the group's own hours are not kept")
	}
	if !n.KeptUntil().Equal(n.End.AddDate(0, 0, 30)) {
		t.Error("the group's own is not kept")
	}
}
