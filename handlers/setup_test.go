package handlers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"village/bot"
	"village/handlers/records"
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
		Quiet: &village.Quiet{}, Posts: 3, KeepDetails: 24, Keep: 30, Digest: "0 18 * * 0", Anyone: true, Roles: []village.Role{{ID: "console/keepers", Name: "keepers", Workspace: "console/village"}}}
	unset := notSettings()
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

// notSettings are the fields of a group that nobody sets, and its numbers, each of which
// is looked at by itself.
func notSettings() map[string]bool {
	return map[string]bool{"ID": true, "Name": true, "Joined": true, "Since": true, "Away": true, "Greeted": true, "Numbers": true}
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

// What /setup export gives, typed in another group, sets it up the same way: whatever
// setting a group has.
func TestExportedSettingsSetUpAnotherGroup(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, b *bench) {
		b.roles = map[string][]string{"console/keepers": {"console/nia"}}
		b.mustSay(t, "nia", "/need open")
		b.from("oak", "nia", "/need open", false, false)
		for _, line := range []string{"/setup zone Dublin", "/setup channel #console/square", "/setup moderators #console/mods", "/setup country IE", "/setup quiet 8:00 am-10:00 am",
			"/setup digest sun 6:30pm", "/setup keep details: 24 requests: 30", "/setup trust @console/nia", "/setup trust role: @keepers", "/setup helpers anyone"} {
			b.mustSay(t, "mod", line)
		}
		for _, s := range village.NumberSettings() {
			b.mustSay(t, "mod", fmt.Sprintf("/%s %s %d", s.Family, s.Name, s.Most))
		}
		lines := strings.Split(b.mustSay(t, "mod", "/setup export").Messages[0].Text, "\n- ")[1:]
		if len(lines) < 9+len(village.NumberSettings()) {
			t.Errorf("only %q", lines)
		}
		for _, line := range lines {
			line = strings.NewReplacer(`\`, "", "#square", "#console/square", "#mods", "#console/mods", "@nia", "@console/nia").Replace(line) // as the platform has them
			if r := b.from("oak", "mod", line, false, true); r.Code != "" {
				t.Errorf("%s: %s", line, shown(r.Messages[0]))
			}
		}
		was, is := settingsOf(t, b, "console/village"), settingsOf(t, b, "console/oak")
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("the settings, and what the export made of them: %s", diff)
		}
		for i, field := range reflect.VisibleFields(reflect.TypeFor[village.Group]()) {
			if reflect.ValueOf(is.Group).Field(i).IsZero() && !notSettings()[field.Name] {
				t.Errorf("%s is not set", field.Name)
			}
		}
	})
}

// settingsOf is how a group is set up, but for who it is.
func settingsOf(t *testing.T, b *bench, id string) words.Setup {
	t.Helper()
	var g village.Group
	if _, err := b.app.Read(t.Context(), records.GroupKey(id), &g); err != nil {
		t.Fatal(err)
	}
	s, err := b.app.setupOf(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	s.ID, s.Name, s.Since = "", "", time.Time{}
	for i := range s.Roles { // each group's own, of the same name
		s.Roles[i].Workspace = ""
	}
	return s
}
