package discord_test

import (
	"context"
	"strings"
	"testing"

	"villagebot/bot/discord"
	"villagebot/bot/discord/discordtest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.AppID = "42" })
	gone := r.guild.Channel("gone")
	gone.Delete()
	find := func() (good, bad string) {
		for _, f := range r.platform.Check(context.Background(), r.bot.Table(), "discord/"+r.room.ID, "discord/"+gone.ID, "slack/C1") {
			if f.OK {
				good += f.Say + "\n"
			} else {
				bad += f.Say + " " + f.Do + "\n"
			}
		}
		return good, bad
	}
	good, bad := find()
	for _, want := range []string{"Village", "client_id=" + discordtest.AppID, "#village can be seen"} {
		if !strings.Contains(good, want) {
			t.Errorf("%q is not among\n%s", want, good)
		}
	}
	for _, want := range []string{"DISCORD_APP_ID", "faq is missing", "Ask the village is missing", gone.ID + " is gone", "slack/C1"} {
		if !strings.Contains(bad, want) {
			t.Errorf("%q is not among\n%s", want, bad)
		}
	}
	registered := newRig(t, func(c *discord.Config) { c.APIURL, c.PublicKey = r.URL(), r.PublicKey() })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- registered.platform.Run(ctx, r.bot) }()
	r.WaitReady()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if good, bad := find(); !strings.Contains(good, "commands are registered") {
		t.Errorf("now\n%s%s", good, bad)
	}
	r.bot.Table()[0].Summary = "Something else"
	r.bot.Table()[1].Name = "plead"
	if _, bad := find(); !strings.Contains(bad, "faq has changed, plead is missing, ask is no longer wanted") {
		t.Errorf("now\n%s", bad)
	}
	r.Fail(discordtest.Refused("GET /applications", 0, 401, 0))
	if _, bad := find(); !strings.Contains(bad, "DISCORD_TOKEN is not accepted") {
		t.Errorf("now\n%s", bad)
	}
}
