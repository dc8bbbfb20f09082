package discord_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"village/bot"
)

func TestSlashIsAnsweredPrivately(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "faq", map[string]any{"question": "can I drive *home*?"}).Answer()
	if !m.Ephemeral() || m.VisibleTo != r.maya {
		t.Error("others can see the answer")
	}
	if want := "Driving\nNot **today**. You asked: can I drive \\*home\\*?"; m.Text() != want {
		t.Errorf("answered %q, not %q", m.Text(), want)
	}
	got := r.last()
	if got.Once == "" {
		t.Error("the use has no id")
	}
	got.Once = ""
	want := bot.Request{
		Platform: "discord", Workspace: "discord/" + r.guild.ID,
		Room: bot.Room{ID: "discord/" + r.room.ID, Name: "village"},
		From: bot.Person{ID: "discord/" + r.maya.ID, Name: "Maya"},
		Path: []string{"faq"}, Args: map[string]string{"question": "can I drive *home*?"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestButtonsDoWhatTypingWould(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "faq", map[string]any{"question": "x"}).Answer()
	if got := m.Command("Claim"); got != "/need claim k7m2p9" {
		t.Errorf("the button runs %q", got)
	}
	if m := r.maya.Press(m, "More").Answer(); !strings.Contains(m.Text(), "You asked: more") {
		t.Errorf("the button answered %q", m.Text())
	}
	if m := r.maya.Choose(m, "rides").Answer(); !strings.Contains(m.Text(), "You asked: rides") {
		t.Errorf("the menu answered %q", m.Text())
	}
	use := r.maya.Press(m, "/need claim k7m2p9")
	if now := use.Answer(); now.ID != m.ID || now.Text() != "You drive k7m2p9" || len(now.Buttons()) != 0 {
		t.Errorf("the private message became %q with buttons %q", now.Text(), now.Buttons())
	}
	if more := use.More(1); more[0].Text() != "Thank you" || !more[0].Ephemeral() {
		t.Errorf("then came %q", more[0].Text())
	}
	if got := r.last(); !slices.Equal(got.Path, []string{"need", "claim"}) || got.Arg("need") != "k7m2p9" {
		t.Errorf("the button asked for %v %v", got.Path, got.Args)
	}
}
