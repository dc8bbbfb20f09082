package slack

import (
	"slices"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack/slacktest"
)

// Who is in the village channel, by Slack's word; what it does not say is no word.
func TestStanding(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t)
	for _, u := range []slacktest.User{
		{ID: "U0GUS", Name: "gus", Guest: true}, {ID: "U0ONA", Name: "ona", Team: "T0OTHER", Admin: true}, {ID: "U0EVE", Name: "eve"},
		{ID: "U0DEE", Name: "dee", Disabled: true}, {ID: "U0ZOE", Name: "zoe"},
	} {
		s.AddUser(u)
	}
	s.Leave("C0VILLAGE", "U0EVE")
	s.AddChannel(slacktest.Channel{ID: "C0GENERAL", Name: "general"})
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	stands := func(room, user string) bot.Standing { return p.Standing(t.Context(), "", room, "slack/"+user) }
	if got := stands("slack/C0VILLAGE", "U0MAYA"); got != bot.Unsaid {
		t.Error("before it is known whose workspace this is:", got)
	}
	p.self = identity{team: slacktest.Team, user: slacktest.BotUser}
	for user, want := range map[string]bot.Standing{
		"U0MAYA": bot.In, "U0ZOE": bot.In, "U0GUS": bot.Guest, "U0ONA": bot.Outsider, "U0EVE": bot.Gone, "U0DEE": bot.Gone, "U0NOBODY": bot.Gone,
	} {
		if got := stands("slack/C0VILLAGE", user); got != want {
			t.Errorf("%s: %v, want %v", user, got, want)
		}
	}
	if got := stands("", "U0EVE"); got != bot.In {
		t.Error("in the workspace:", got)
	}
	if stands("discord/1", "U0MAYA") != bot.Unsaid || p.Standing(t.Context(), "", "slack/C0VILLAGE", "discord/1") != bot.Unsaid {
		t.Error("what is not on Slack is guessed")
	}
	if who, _ := p.person(t.Context(), "U0ONA", ""); who.Moderator || who.Standing != bot.Outsider {
		t.Error("another company's administrator:", who)
	}
	asked := len(s.Calls(""))
	for range 5 {
		stands("slack/C0VILLAGE", "U0MAYA")
	}
	if more := len(s.Calls("")) - asked; more != 0 {
		t.Errorf("what is remembered is asked %d times more", more)
	}
	s.Leave("C0VILLAGE", "U0MAYA")
	if got := stands("slack/C0VILLAGE", "U0MAYA"); got != bot.In {
		t.Error("remembered:", got)
	}
	if p.Forget("slack/U0MAYA"); stands("slack/C0VILLAGE", "U0MAYA") != bot.Gone {
		t.Error("asked anew, whoever left is still there")
	}
	for _, f := range []slacktest.Fault{{Status: 429, RetryAfter: "30"}, {Error: "missing_scope"}, {Error: "internal_error"}, {Status: 500}} {
		for _, method := range []string{"users.info", "conversations.members"} {
			p.Forget("slack/U0SAM")
			s.Fail(method, f)
			if got := stands("slack/C0VILLAGE", "U0SAM"); got != bot.Unsaid {
				t.Errorf("%s with %+v: %v", method, f, got)
			}
			s.Heal(method)
		}
	}
}

// Whoever joins a channel a little later is looked for again, long before ten minutes.
func TestJoinedALittleLater(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t)
	s.Leave("C0VILLAGE", "U0SAM")
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p.self = identity{team: slacktest.Team}
	if got := p.Standing(t.Context(), "", "slack/C0VILLAGE", "slack/U0SAM"); got != bot.Gone {
		t.Fatal(got)
	}
	s.Join("C0VILLAGE", "U0SAM")
	old, _ := p.rosters.Get("C0VILLAGE")
	old.at = old.at.Add(-freshFor)
	p.rosters.Put("C0VILLAGE", old, time.Minute)
	if got := p.Standing(t.Context(), "", "slack/C0VILLAGE", "slack/U0SAM"); got != bot.In {
		t.Error(got)
	}
}

// When an account ends, or somebody is a guest no more, it is seen to at once; a new
// picture or status is not asked about.
func TestProfilesChange(t *testing.T) {
	r := online(t)
	<-r.p.ready // before it is known whose workspace this is, nobody's standing is
	in := func(user string) bot.Standing { return r.p.Standing(t.Context(), "", "slack/C0VILLAGE", "slack/"+user) }
	gus := slacktest.User{ID: "U0GUS", Name: "gus", Guest: true}
	r.AddUser(gus)
	for _, user := range []string{"U0MAYA", "U0SAM", "U0GUS"} {
		in(user)
	}
	asked := len(r.Calls(""))
	r.WaitAck(r.ChangeUser(slacktest.User{ID: "U0MAYA", Name: "maya of the lake"}))
	r.WaitAck(r.ChangeUser(slacktest.User{ID: "U0ZOE", Name: "zoe"})) // of whom nothing is known
	gus.Guest = false
	r.WaitAck(r.ChangeUser(gus))
	r.WaitAck(r.ChangeUser(slacktest.User{ID: "U0SAM", Name: "sam", Disabled: true}))
	looked := []string{<-r.looked, <-r.looked}
	if slices.Sort(looked); !slices.Equal(looked, []string{"slack/U0GUS", "slack/U0SAM"}) {
		t.Errorf("it is seen to what is theirs for %v", looked)
	}
	if more := len(r.Calls("")) - asked; more != 0 {
		t.Errorf("Slack is asked %d times", more)
	}
	if in("U0SAM") != bot.Gone || in("U0GUS") != bot.In || in("U0MAYA") != bot.In {
		t.Error("what was remembered is still believed")
	}
	r.WaitAck(r.Event(map[string]any{"type": "team_join", "user": map[string]any{"id": "U0NEW"}})) // not subscribed, and no harm
}
