package slack

import (
	"testing"

	"village/bot"
	"village/bot/slack/slacktest"
	"village/internal/village"
)

// Who is in a user group, by Slack's word: found by a mention, a handle or an id, asked for
// once in ten minutes, and never guessed.
func TestUserGroups(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t)
	s.AddUser(slacktest.User{ID: "U0DEE", Name: "dee", Disabled: true})
	s.AddUser(slacktest.User{ID: "U0ONA", Name: "ona", Team: "T0OTHER"})
	group := s.Give("mods", "U0SAM", true)
	s.Give("mods", "U0DEE", true)
	s.Give("mods", "U0ONA", true)
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p.self = identity{team: slacktest.Team, user: slacktest.BotUser}
	for _, said := range []string{"slack/mods", "slack/MODS", "@mods", "slack/" + group, "@slack/" + group} {
		if id, name, err := p.FindRole(t.Context(), "slack/"+slacktest.Team, said); err != nil || id != "slack/"+group || name != "mods" {
			t.Errorf("%s: %q, %q, %v", said, id, name, err)
		}
	}
	if _, _, err := p.FindRole(t.Context(), "slack/"+slacktest.Team, "slack/others"); !village.IsCode(err, bot.CodeNoRole) {
		t.Error("a group that is not there:", err)
	}
	has := func(role, user string) (bool, error) {
		return p.HasRole(t.Context(), "slack/"+slacktest.Team, role, "slack/"+user)
	}
	for user, want := range map[string]bool{"U0SAM": true, "U0MAYA": false, "U0DEE": false, "U0ONA": false} {
		if got, err := has("slack/"+group, user); got != want || err != nil {
			t.Errorf("%s: %v, %v", user, got, err)
		}
	}
	if got, err := has("slack/S0GONE", "U0SAM"); got || err != nil {
		t.Error("a group that is gone:", got, err)
	}
	asked := len(s.Calls("usergroups.users.list"))
	s.Give("mods", "U0SAM", false)
	if got, err := has("slack/"+group, "U0SAM"); !got || err != nil || len(s.Calls("usergroups.users.list")) != asked {
		t.Error("ten minutes are not remembered:", got, err)
	}
	p.Forget("slack/U0SAM")
	if got, err := has("slack/"+group, "U0SAM"); got || err != nil {
		t.Error("asked anew, whoever left is still in it:", got, err)
	}
	for _, f := range []slacktest.Fault{{Status: 429, RetryAfter: "30"}, {Error: "missing_scope"}, {Status: 500}} {
		p.Forget("slack/U0SAM")
		s.Fail("usergroups.users.list", f)
		if got, err := has("slack/"+group, "U0SAM"); got || err == nil {
			t.Errorf("with %+v: %v, %v", f, got, err)
		}
		s.Heal("usergroups.users.list")
	}
	s.Fail("usergroups.list", slacktest.Fault{Error: "missing_scope"})
	if _, _, err := p.FindRole(t.Context(), "slack/"+slacktest.Team, "slack/mods"); !village.IsCode(err, bot.CodeNoRole) {
		t.Error("without the scope it is not said what to do:", err)
	}
}
