package slack

import (
	"testing"

	"villagebot/bot"
	"villagebot/bot/slack/slacktest"
)

// An operator hears which of the two tokens is not taken, and what to do.
func TestCheck(t *testing.T) {
	var _ bot.Examined = (*Platform)(nil)
	for name, tt := range map[string]struct {
		bot, app string
		bad      int
	}{
		"both taken": {slacktest.BotToken, slacktest.AppToken, 0},
		"bot token":  {"xoxb-wrong", slacktest.AppToken, 1},
		"app token":  {slacktest.BotToken, "xapp-wrong", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			p, err := New(Config{BotToken: tt.bot, AppToken: tt.app, APIURL: s.URL()})
			if err != nil {
				t.Fatal(err)
			}
			bad := 0
			for _, f := range p.Check(t.Context(), nil, "slack/C0VILLAGE") {
				if !f.OK {
					bad++
					if f.Do == "" || f.Say == "" {
						t.Errorf("no way out: %+v", f)
					}
				}
			}
			if bad != tt.bad {
				t.Errorf("%d faults found, want %d", bad, tt.bad)
			}
		})
	}
}
