package slack

import (
	"maps"
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
	if !strings.Contains(m.Text, "You asked: can I eat") {
		t.Errorf("a screen reader reads %q", m.Text)
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

// A recording, a picture or words passed on may be a cry for help: what holds no words
// is handed on as such. Words that Slack marks as something else are words, and so are
// changed ones, once.
func TestWhatIsSaidInOtherWays(t *testing.T) {
	r := online(t)
	direct := func(more map[string]any) {
		event := map[string]any{"type": "message", "channel_type": "im", "channel": slacktest.DirectChannel("U0MAYA"), "user": "U0MAYA", "ts": "1700000001.1"}
		maps.Copy(event, more)
		r.WaitAck(r.Event(event))
	}
	heard := func(n int, want string) {
		t.Helper()
		var last slacktest.Message
		r.WaitFor(want, func() bool {
			said := r.Messages()
			if len(said) == n {
				last = said[n-1]
			}
			return len(said) == n
		})
		if !strings.Contains(last.Words(), want) {
			t.Errorf("%q is said, not %q", last.Words(), want)
		}
	}
	direct(map[string]any{"text": "", "files": []any{map[string]any{"id": "F1", "subtype": "slack_audio"}}})
	heard(1, "Only words.")
	direct(map[string]any{"text": "", "attachments": []any{map[string]any{"is_share": true}}})
	heard(2, "Only words.")
	direct(map[string]any{"text": "I cannot go on", "subtype": "me_message"})
	heard(3, "You asked: I cannot go on")
	changed := func(from, to, by string) map[string]any {
		message := map[string]any{"type": "message", "user": by, "text": to, "ts": "1700000001.1"}
		if by == slacktest.BotUser {
			message["bot_id"] = "B1"
		}
		return map[string]any{"subtype": "message_changed", "user": nil, "message": message, "previous_message": map[string]any{"user": by, "text": from}}
	}
	direct(changed("fine", "I want to die", "U0MAYA"))
	heard(4, "You asked: I want to die")
	direct(changed("see https://example.org", "see https://example.org", "U0MAYA")) // Slack has looked at the link
	direct(changed("One", "Two", slacktest.BotUser))
	r.WaitAck(r.Mention("C0VILLAGE", "U0MAYA", "", ""))
	heard(5, "Here is what I can do.")
}
