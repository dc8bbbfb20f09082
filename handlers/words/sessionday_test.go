package words

import (
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/internal/village"
)

// Somebody who is foggy reads what is known about their ride, and no more: a
// helper who has not said that it is still on is not promised, and one who has
// picked them up is not announced.
func TestWhatIsSaidOfARideOnTheDay(t *testing.T) {
	now := time.Date(2026, 12, 1, 21, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		claims []village.Claim
		want   string
		not    string
	}{
		{"nobody", nil, "Nobody has said yes", "Your ride comes"},
		{"sure", []village.Claim{{}}, ": sam.**", "call somebody"},
		{"asked again", []village.Claim{{Unsure: true}}, "not heard lately", "Your ride comes"},
		{"silent", []village.Claim{{Silent: true}}, "ask the staff to call them", "Your ride comes"},
		{"picked up", []village.Claim{{Got: now}}, "nothing to decide", "sam"},
		{"home", []village.Claim{{Home: now}}, "nothing to decide", "sam"},
	} {
		for i := range tt.claims {
			tt.claims[i].Helper = village.Person{ID: "console/sam", Name: "sam"}
		}
		n := village.Need{ID: "k7m2p9", Kind: village.RideHome, Start: now.Add(time.Hour), End: now.Add(2 * time.Hour), Claims: tt.claims, Wanted: 1}
		m := Reader{Now: now}.Rest(village.Course{Zone: "UTC"}, []village.Need{n}, bot.Button{Label: "All", Command: "/help all"})
		if !strings.Contains(m.Text, tt.want) || strings.Contains(m.Text, tt.not) {
			t.Errorf("%s: %q", tt.name, m.Text)
		}
	}
}
