package discord_test

import (
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
)

// Who may see the village channel, by Discord's roles and the channel's own rules; what
// it does not say is no word.
func TestStanding(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.RosterFor = time.Nanosecond })
	hidden := r.guild.Channel("hidden")
	hidden.Overwrite(r.guild.ID, 0, discordtest.ViewChannel)
	banned, admin, friend, owner, shut := r.Person("Banned"), r.Person("Admin"), r.Person("Friend"), r.Person("Owner"), r.Person("Shut")
	r.guild.Leave(banned)
	r.guild.GiveRole(admin, discordtest.Administrator)
	hidden.Overwrite(r.guild.GiveRole(friend, 0), discordtest.ViewChannel, 0)
	r.guild.Owner(owner)
	r.room.Overwrite(shut.ID, 0, discordtest.ViewChannel)
	thread := hidden.Thread("aside", false)
	stands := func(room, person string) bot.Standing {
		return r.platform.Standing(t.Context(), "discord/"+r.guild.ID, room, "discord/"+person)
	}
	for _, tt := range []struct {
		what, room string
		who        *discordtest.Person
		want       bot.Standing
	}{
		{"anybody", r.room.ID, r.maya, bot.In},
		{"banned", r.room.ID, banned, bot.Gone},
		{"shut out by name", r.room.ID, shut, bot.Gone},
		{"not let into a private one", hidden.ID, r.maya, bot.Gone},
		{"let in by a role", hidden.ID, friend, bot.In},
		{"an administrator", hidden.ID, admin, bot.In},
		{"the owner", hidden.ID, owner, bot.In},
		{"in a thread of it", thread.ID, r.maya, bot.Gone},
		{"a friend in a thread of it", thread.ID, friend, bot.In},
	} {
		if got := stands("discord/"+tt.room, tt.who.ID); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
	if stands("", r.maya.ID) != bot.In || stands("", banned.ID) != bot.Gone {
		t.Error("in the server")
	}
	if stands("slack/C1", r.maya.ID) != bot.Unsaid || r.platform.Standing(t.Context(), "", "", "discord/"+r.maya.ID) != bot.Unsaid {
		t.Error("what is not known is guessed")
	}
	for _, on := range []string{"GET /channels", "GET /guilds/" + r.guild.ID + "/members", "GET /guilds/" + r.guild.ID} {
		for _, status := range []int{403, 500} {
			r.Fail(discordtest.Fault{On: on, Status: status, Body: `{"code":0,"message":"no"}`})
			if got := stands("discord/"+r.room.ID, r.maya.ID); got != bot.Unsaid {
				t.Errorf("%s with %d: %v", on, status, got)
			}
			r.Mend()
		}
	}
	if got := stands("discord/"+r.room.ID, r.maya.ID); got != bot.In {
		t.Error("mended:", got)
	}
}

// Ten minutes are remembered, unless something has changed.
func TestStandingIsRemembered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stands := func() bot.Standing {
		return r.platform.Standing(t.Context(), "", "discord/"+r.room.ID, "discord/"+r.maya.ID)
	}
	stands()
	asked := len(r.Requests(""))
	r.guild.Leave(r.maya)
	if stands() != bot.In || len(r.Requests("")) != asked {
		t.Error("it is asked again at once")
	}
	if r.platform.Forget("discord/" + r.maya.ID); stands() != bot.Gone {
		t.Error("asked anew, whoever left is still there")
	}
}
