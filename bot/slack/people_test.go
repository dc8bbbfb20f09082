package slack

import (
	"strings"
	"testing"

	"village/bot/slack/slacktest"
)

func TestDirectMessages(t *testing.T) {
	r := online(t)
	r.DM("U0MAYA", "can I eat &lt;before&gt;?")
	m := r.WaitText("U0MAYA", "You asked: can I eat <before>?")
	if m.Channel != "D0MAYA" || m.Ephemeral || m.ThreadTS != "" {
		t.Errorf("the answer went to %+v", m)
	}
	if strings.Contains(m.Text, "fasting") || strings.Contains(m.Text, "eat") {
		t.Errorf("a lock screen would show %q", m.Text)
	}
	if got := r.request(); !got.Room.Direct || got.From.Moderator || got.Workspace == "" {
		t.Errorf("the handler saw %+v", got)
	}
	r.Slash(slacktest.Team, "D0MAYA", "U0MAYA", "/echo", "here")
	r.WaitText("U0MAYA", "You said: here")
	if !r.request().Room.Direct {
		t.Error("a command in the direct conversation is not seen as direct")
	}
}

func TestModerators(t *testing.T) {
	r := online(t)
	r.AddUser(slacktest.User{ID: "U0GUEST", Name: "guest", Admin: true, Team: "T0OTHER"})
	r.slash("U0MOD", "/mods", "")
	r.WaitText("U0MOD", "You may.")
	r.slash("U0MAYA", "/mods", "")
	r.WaitText("U0MAYA", "Only the moderators")
	r.slash("U0GUEST", "/mods", "")
	r.WaitText("U0GUEST", "Only the moderators")
	r.Slash(slacktest.Team, "D0MOD", "U0MOD", "/mods", "")
	r.WaitText("U0MOD", "in a direct message I cannot see")
}

// Whoever asks, in whatever way, is known with the language they have set; it is
// looked up with the rest of their profile, once, and is empty while Slack does not say.
func TestLocales(t *testing.T) {
	r := online(t)
	r.AddUser(slacktest.User{ID: "U0ANNA", Name: "anna", Locale: "de-DE"})
	for i, ask := range []func(){
		func() { r.slash("U0ANNA", "/echo", "one") },
		func() { r.DM("U0ANNA", "two") },
		func() { r.slash("U0ANNA", "/echo", "three") },
	} {
		ask()
		r.WaitText("U0ANNA", []string{"one", "two", "three"}[i])
		if got := r.request().Locale; got != "de-DE" {
			t.Errorf("%d: the locale is %q", i, got)
		}
	}
	if n := len(r.Calls("users.info")); n != 1 {
		t.Errorf("the profile was asked for %d times", n)
	}
	r.slash("U0MAYA", "/echo", "four")
	r.WaitText("U0MAYA", "four")
	if got := r.request().Locale; got != "" {
		t.Errorf("an unknown locale is %q", got)
	}
	r.Fail("users.info", slacktest.Fault{Error: "missing_scope", Times: -1})
	r.slash("U0MOD", "/echo", "five")
	r.WaitText("U0MOD", "five")
	if got := r.request().Locale; got != "" {
		t.Errorf("without the right to ask the locale is %q", got)
	}
}

func TestWithoutTheRightToReadProfiles(t *testing.T) {
	r := online(t)
	r.Fail("users.info", slacktest.Fault{Error: "missing_scope", Times: -1})
	r.slash("U0MOD", "/mods", "")
	r.WaitText("U0MOD", "Only the moderators")
	r.slash("U0MOD", "/echo", "hello")
	r.WaitText("U0MOD", "You said: hello")
	if r.request().From.Name != "mod" {
		t.Errorf("the name is %q", r.request().From.Name)
	}
}
