package handlers

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"village/bot"
	"village/handlers/words"
	"village/internal/village"
)

// Whatever a group can set shows in /setup show: a new field of village.Group that no
// setting speaks of fails here.
func TestEverySettingIsShown(t *testing.T) { onEveryStore(t, 1, everySetting) }

func everySetting(t *testing.T, b *bench) {
	shows := func(g village.Group) string {
		s, err := b.app.setupOf(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		return shown(b.app.toPerson("", nil).SetupShown(s, 0))
	}
	set := village.Group{Zone: "America/Denver", Country: "IE", Rooms: []village.Room{{ID: "console/oak", Name: "oak"}}, Moderation: []village.Room{{ID: "console/mods", Name: "mods"}},
		Quiet: &village.Quiet{}, Posts: 3, KeepDetails: 24, Keep: 30, Digest: "0 18 * * 0", Anyone: true}
	unset := map[string]bool{"ID": true, "Name": true, "Joined": true, "Since": true, // nobody sets these
		"Numbers": true} // each of them is looked at below
	nothing := shows(village.Group{})
	for _, s := range village.NumberSettings() {
		if shows(village.Group{}.WithNumber(s.Name, s.Most)) == nothing {
			t.Errorf("/setup show hides %s", s.Name)
		}
	}
	for i, field := range reflect.VisibleFields(reflect.TypeFor[village.Group]()) {
		var g village.Group
		reflect.ValueOf(&g).Elem().Field(i).Set(reflect.ValueOf(set).Field(i))
		switch isSet := !reflect.ValueOf(set).Field(i).IsZero(); {
		case isSet == unset[field.Name]:
			t.Errorf("this test does not know whether %s can be set", field.Name)
		case isSet && shows(g) == nothing:
			t.Errorf("/setup show hides %s", field.Name)
		}
	}
}

// The guide goes through every setting that has a step, each once, and ends with a
// rehearsal.
func TestTheGuideLeavesNothingOut(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, b *bench) {
		s, err := b.app.setupOf(t.Context(), village.Group{})
		if err != nil {
			t.Fatal(err)
		}
		to := b.app.toPerson("", nil)
		steps := map[int]string{}
		for _, set := range to.Settings(s) {
			if set.Step == 0 {
				continue
			}
			if steps[set.Step] != "" {
				t.Errorf("%s and %s are the same step", steps[set.Step], set.Name)
			}
			steps[set.Step] = set.Name
		}
		for step := 1; step < words.GuideSteps; step++ {
			if steps[step] == "" {
				t.Errorf("step %d of the guide says nothing", step)
			}
		}
		for _, button := range []string{"zone", "channel", "country", "moderators", "quiet", "digest", "keep", "helpers"} {
			found := false
			for step := range words.GuideSteps {
				m := to.Guide(s, step+1)
				found = found || strings.Contains(shown(m), "/setup "+button) || slices.ContainsFunc(m.Menus, func(m bot.Menu) bool { return m.Command == "/setup "+button })
			}
			if !found {
				t.Errorf("the guide never offers /setup %s", button)
			}
		}
	})
}
