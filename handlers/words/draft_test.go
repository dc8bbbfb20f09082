package words

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"village/bot"
	"village/internal/village"
)

// counted are the words of a message as somebody reads them, without its buttons.
func counted(m bot.Message) int {
	said := []string{m.Title, bot.PlainText(m.Text), bot.PlainText(m.Footer)}
	for _, f := range m.Fields {
		said = append(said, f.Name, bot.PlainText(f.Value))
	}
	n := 0
	for _, word := range strings.Fields(strings.Join(said, " ")) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// The preview of six dates is one screen, whatever was said about them: fewer than
// 120 words, and all that counts is in it.
func TestPlanPreviewIsOneScreen(t *testing.T) {
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	r := village.CourseRequest{ID: "plan", Member: village.Person{ID: "console/maya", Name: "maya"}, Zone: "America/Denver", Area: "near Union Station", Home: "the west side",
		Clinic: village.Clinic{Food: 8 * time.Hour, Drinks: 2 * time.Hour, Collect: "an adult you know"}, TouchUp: true}
	for i, day := range []int{0, 3, 7, 10, 14, 17} {
		r.Starts, r.IDs = append(r.Starts, time.Date(2026, 12, 1+day, 20, 0, 0, 0, time.UTC)), append(r.IDs, fmt.Sprintf("s%d", i))
	}
	to := Reader{Now: now, Zone: time.UTC}
	group := village.Group{ID: "g", Rooms: []village.Room{{ID: "console/village", Name: "village"}}}
	for name, help := range map[string]*village.HelpWith{
		"usual": nil, "somebody": {},
		"children": {Kinds: []village.Kind{village.RideHome, village.SchoolRun, village.Childcare}, Hours: map[village.Kind]village.Hours{
			village.SchoolRun: {From: 15 * 60, Place: "the north side"}, village.Childcare: {From: 12 * 60, To: 18 * 60}}},
	} {
		r.Help = help
		c, err := village.NewCourse(r, now)
		if err != nil {
			t.Fatal(err)
		}
		m := to.PlanDraft(c, group, village.Quiet{From: 21 * 60, To: 8 * 60})
		if n := counted(m); n >= 120 || n < 50 {
			t.Errorf("%s: %d words:\n%s", name, n, bot.PlainText(m.Text))
		}
		if got := strings.Count(m.Text, "Dec"); got < 6 {
			t.Errorf("%s: %d of six dates:\n%s", name, got, m.Text)
		}
		for _, want := range []string{"before:", "on the day:", "after:"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%s: nothing of %q:\n%s", name, want, m.Text)
			}
		}
		var labels []string
		for _, b := range m.Buttons {
			labels = append(labels, b.Label)
		}
		if got := strings.Join(labels[:3], ", "); got != "Save it, Change it, Every reminder" {
			t.Errorf("%s: the buttons are %s", name, got)
		}
	}
}
