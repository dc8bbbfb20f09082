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
