package discord_test

import (
	"context"
	"strings"
	"testing"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/internal/village"
)

// moderated is a rig whose table has commands for moderators.
func moderated(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	show := func(_ context.Context, q bot.Request) (bot.Reply, error) {
		text := "Shown"
		if q.From.Lent {
			text = "Lent"
		}
		return bot.Say(bot.Message{Text: text}), nil
	}
	all := func(name string) bot.Command {
		return bot.Command{Name: name, Summary: "For moderators", Example: "/" + name, Who: bot.Moderators, Run: show}
	}
	var err error
	r.bot, err = bot.New(bot.Config{Table: []bot.Command{all("setup"), all("reminders"), {Name: "mixed", Summary: "For some", Subs: []bot.Command{
		{Name: "fill", Summary: "For moderators", Example: "/mixed fill", Who: bot.Moderators, Run: show},
		{Name: "see", Summary: "For all", Example: "/mixed see", Who: bot.Anyone, Run: show}}}}, Direct: r.direct})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whoever a server lets use /setup under Integrations moderates, by a tap as by typing;
// whoever it lets use another command may that alone; nobody else may anything.
func TestIntegrations(t *testing.T) {
	t.Parallel()
	r := moderated(t)
	r.start()
	keepers, named, shut, posters, other := r.Person("Keeper"), r.Person("Named"), r.Person("Shut"), r.Person("Poster"), r.Person("Other")
	role, posts := r.guild.Role("keepers"), r.guild.Role("posters")
	r.guild.Give(keepers, role, true)
	r.guild.Give(shut, role, true)
	r.guild.Give(posters, posts, true)
	r.guild.Override("setup", role, false, true)
	r.guild.Override("setup", named.ID, true, true)
	r.guild.Override("setup", shut.ID, true, false)
	r.guild.Override("setup", r.guild.ID, false, false)
	r.guild.Override("reminders", posts, false, true)
	const refused = "Only the moderators"
	for _, tt := range []struct {
		who  *discordtest.Person
		line string
		want string
	}{
		{other, "setup", refused}, {other, "reminders", refused}, {other, "mixed fill", refused},
		{keepers, "setup", "Shown"}, {keepers, "reminders", "Shown"}, {keepers, "mixed fill", "Shown"},
		{named, "setup", "Shown"}, {named, "mixed fill", "Shown"},
		{shut, "setup", refused}, {shut, "mixed fill", refused},
		{posters, "setup", refused}, {posters, "reminders", "Lent"}, {posters, "mixed fill", refused}, {posters, "mixed see", "Shown"},
	} {
		if got := tt.who.Slash(r.room, tt.line, nil).Answer().Text(); !strings.Contains(got, tt.want) {
			t.Errorf("%s types /%s: %q, want %q", tt.who.Username, tt.line, got, tt.want)
		}
		if got := tt.who.PressID(r.room, "v1:/"+tt.line).Answer().Text(); !strings.Contains(got, tt.want) {
			t.Errorf("%s taps /%s: %q, want %q", tt.who.Username, tt.line, got, tt.want)
		}
	}
	if n := len(r.Requests("GET /applications/" + discordtest.AppID + "/guilds/" + r.guild.ID)); n != 1 {
		t.Errorf("a server's settings are asked for %d times in ten minutes", n)
	}
	if got := keepers.PressID(keepers.Direct(), "v1:/setup").Answer().Text(); !strings.Contains(got, "This is for moderators") {
		t.Errorf("alone with the bot: %q", got)
	}
}

// While a server's settings cannot be read, nobody is let in by them.
func TestIntegrationsAreNotGuessed(t *testing.T) {
	t.Parallel()
	r := moderated(t)
	r.start()
	r.guild.Override("setup", r.maya.ID, true, true)
	on := "GET /applications/" + discordtest.AppID + "/guilds"
	r.Fail(discordtest.Fault{On: on, Status: 403, Body: `{"code":50001,"message":"Missing Access"}`})
	if got := r.maya.Slash(r.room, "setup", nil).Answer().Text(); !strings.Contains(got, "Only the moderators") {
		t.Errorf("a guess: %q", got)
	}
	r.Mend()
	if got := r.maya.Slash(r.room, "setup", nil).Answer().Text(); got != "Shown" {
		t.Errorf("mended: %q", got)
	}
}

// A role is found by its id and its name, and everybody's is refused. Who has it is told
// by whatever they do, else by Discord, and never guessed.
func TestRoles(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	id, guild := r.guild.Role("Night Watch"), discord.Name+"/"+r.guild.ID
	for _, said := range []string{"discord/" + id, "discord/&" + id, "night watch", "@Night Watch"} {
		if got, name, err := r.platform.FindRole(t.Context(), guild, said); err != nil || got != "discord/"+id || name != "Night Watch" {
			t.Errorf("%s: %q, %q, %v", said, got, name, err)
		}
	}
	for _, said := range []string{"discord/" + r.guild.ID, "discord/1", "nobody"} {
		if _, _, err := r.platform.FindRole(t.Context(), guild, said); !village.IsCode(err, bot.CodeNoRole) {
			t.Errorf("%s: %v", said, err)
		}
	}
	has := func() (bool, error) {
		return r.platform.HasRole(t.Context(), guild, "discord/"+id, "discord/"+r.maya.ID)
	}
	if got, err := has(); got || err != nil {
		t.Error("before:", got, err)
	}
	r.guild.Give(r.maya, id, true)
	r.maya.Slash(r.room, "faq", map[string]any{"question": "can I drive"}).Answer()
	asked := len(r.Requests(""))
	if got, err := has(); !got || err != nil || len(r.Requests("")) != asked {
		t.Error("what an interaction says is not taken up:", got, err)
	}
	r.platform.Forget("discord/" + r.maya.ID)
	r.guild.Give(r.maya, id, false)
	if got, err := has(); got || err != nil {
		t.Error("asked anew:", got, err)
	}
	r.platform.Forget("discord/" + r.maya.ID)
	r.Fail(discordtest.Fault{On: "GET /guilds/" + r.guild.ID + "/members", Status: 500, Body: `{"code":0,"message":"no"}`})
	if got, err := has(); got || err == nil {
		t.Error("a guess:", got, err)
	}
	r.Mend()
	r.guild.Leave(r.maya)
	if got, err := has(); got || err != nil {
		t.Error("whoever has left:", got, err)
	}
}
