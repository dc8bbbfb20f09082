package understand

import "testing"

// What answers "roughly where?" is a place, unless it says something else.
func TestPlace(t *testing.T) {
	for said, want := range map[string]string{
		"near union station": "near union station", "Downtown.": "Downtown", "the mall on 5th": "the mall on 5th", "St. Luke's": "St. Luke's",
		"it's at the hospital": "the hospital", "It is near the library": "near the library", "my clinic is by the library": "by the library", "from the north side": "the north side",
		"the place is on Pearl Street": "on Pearl Street", "at": "at", "it’s downtown": "downtown",
		"idk": "", "not sure": "", "I don't know": "", "what do you mean": "", "where is it?": "", "i need help": "", "never mind": "", "cancel": "", "": "",
		"a very long story about how i came to this town and what i did there first of all": "",
	} {
		if got, ok := Place(said, Reading{Kind: Unsure}); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", said, got, ok)
		}
	}
	for _, other := range []Reading{{Kind: Unsure, Do: []Thing{{Path: []string{"session", "move"}}}}, {Kind: Crisis}, {Kind: Talk}, {Kind: Reply, Sure: true}, {Kind: Command}} {
		if got, ok := Place("my session", other); ok {
			t.Errorf("%v: %q", other.Kind, got)
		}
	}
}
