package discord_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot/discord"
	"village/bot/discord/discordtest"
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
	for _, want := range []string{"DISCORD_APP_ID", "No commands are registered yet", gone.ID + " is gone", "slack/C1"} {
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
	for ahead, want := range map[time.Duration]string{7 * time.Minute: "behind Discord's", -time.Hour: "ahead of Discord's"} {
		r.Ahead(ahead)
		if _, bad := find(); !strings.Contains(bad, want) {
			t.Errorf("with a clock that is wrong by %v:\n%s", ahead, bad)
		}
	}
	r.Fail(discordtest.Refused("GET /applications", 0, 401, 0))
	if _, bad := find(); !strings.Contains(bad, "DISCORD_TOKEN is not accepted") {
		t.Errorf("now\n%s", bad)
	}
}

// What the bot may do in a channel is reckoned as Discord does it, and what is
// missing is named with where to give it.
func TestCheckRights(t *testing.T) {
	t.Parallel()
	const all = discordtest.ViewChannel | discordtest.SendMessages | discordtest.EmbedLinks | discordtest.AttachFiles | discordtest.ReadHistory | discordtest.SendInThreads
	for name, tc := range map[string]struct {
		make func(g *discordtest.Guild, c *discordtest.Channel)
		want string // of what is wrong; nothing when all is well
		also string
	}{
		"as everybody": {make: func(*discordtest.Guild, *discordtest.Channel) {}},
		"by its role": {make: func(g *discordtest.Guild, _ *discordtest.Channel) {
			g.Everyone(0)
			g.BotRole(all)
		}},
		"nobody may": {want: "#village the bot lacks View Channel.", also: "client_id=", make: func(g *discordtest.Guild, _ *discordtest.Channel) { g.Everyone(0) }},
		"no embeds anywhere": {want: "lacks Embed Links and Attach Files.", also: "client_id=", make: func(g *discordtest.Guild, _ *discordtest.Channel) {
			g.Everyone(all &^ (discordtest.EmbedLinks | discordtest.AttachFiles))
		}},
		"closed to everybody": {want: "lacks View Channel.", also: "under Permissions, add the bot and allow View Channel.", make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.ID, 0, discordtest.ViewChannel)
		}},
		"closed to everybody, open to its role": {make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.BotRole(0), discordtest.ViewChannel|discordtest.SendMessages, 0)
			c.Overwrite(g.ID, 0, discordtest.ViewChannel|discordtest.SendMessages)
		}},
		"one role takes what another gives": {make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.BotRole(0), discordtest.SendMessages, 0)
			c.Overwrite(g.BotRole(0), 0, discordtest.SendMessages)
		}},
		"closed to the bot itself": {want: "lacks Send Messages.", make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.BotRole(0), discordtest.SendMessages, 0)
			c.Overwrite(discordtest.BotID, 0, discordtest.SendMessages)
		}},
		"open to the bot itself": {make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.ID, 0, all)
			c.Overwrite(discordtest.BotID, all, 0)
		}},
		"somebody else's": {make: func(_ *discordtest.Guild, c *discordtest.Channel) { c.Overwrite("123", 0, all) }},
		"an administrator": {make: func(g *discordtest.Guild, c *discordtest.Channel) {
			g.BotRole(discordtest.Administrator)
			c.Overwrite(g.ID, 0, all)
		}},
		"a thread": {make: func(g *discordtest.Guild, c *discordtest.Channel) {
			c.Overwrite(g.ID, 0, discordtest.SendMessages)
			g.Channel("above").Thread("village", false)
		}},
		"no words in threads": {want: "lacks Send Messages in Threads.", make: func(g *discordtest.Guild, _ *discordtest.Channel) {
			above := g.Channel("above")
			above.Overwrite(g.ID, 0, discordtest.SendInThreads)
			above.Thread("village", false)
		}},
		"a thread asleep": {make: func(g *discordtest.Guild, _ *discordtest.Channel) { g.Channel("above").Thread("village", true) }},
		"a locked thread": {want: "#village is locked", make: func(g *discordtest.Guild, _ *discordtest.Channel) {
			g.Channel("above").Thread("village", false).Archive(true)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			tc.make(r.guild, r.room)
			found := r.platform.Check(context.Background(), r.bot.Table(), "discord/"+r.room.ID)
			f := found[len(found)-1]
			if f.OK != (tc.want == "") || !strings.Contains(f.Say, tc.want) || !strings.Contains(f.Do, tc.also) || (f.Do == "") != f.OK {
				t.Errorf("%+v", f)
			}
		})
	}
}

// Where copies share a store, the last heartbeat of the running bot can be looked up.
func TestCheckHeartbeat(t *testing.T) {
	t.Parallel()
	shared := &sharedState{kept: map[string]string{}, noted: make(chan struct{})}
	r := newRig(t, func(c *discord.Config) { c.State, c.Lease = shared, 30*time.Millisecond })
	says := func(want string, ok bool) {
		t.Helper()
		for _, f := range r.platform.Check(context.Background(), r.bot.Table()) {
			if strings.Contains(f.Say, want) && f.OK == ok {
				return
			}
		}
		t.Errorf("not said: %q", want)
	}
	says("No bot has heard from Discord's gateway", true)
	r.start()
	r.works()
	<-shared.noted
	says("A running bot heard from Discord's gateway", true)
	r.end() // so that nobody notes it anew
	shared.put("heard", time.Now().Add(-5*time.Minute).Format(time.RFC3339))
	says("heard from Discord's gateway 5m", false)
}

// sharedState is a State in memory.
type sharedState struct {
	mu    sync.Mutex
	kept  map[string]string
	noted chan struct{} // closed when the heartbeat was noted
	once  sync.Once
}

func (s *sharedState) put(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[key] = value
}

func (s *sharedState) First(context.Context, string, time.Duration) (bool, error) { return true, nil }

func (s *sharedState) Keep(_ context.Context, key string, value []byte, _ time.Duration) error {
	s.put(key, string(value))
	if key == "heard" {
		s.once.Do(func() { close(s.noted) })
	}
	return nil
}

func (s *sharedState) Kept(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []byte(s.kept[key]), nil
}
