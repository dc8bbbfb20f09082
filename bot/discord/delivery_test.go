package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
)

func (r *rig) send(o bot.Outgoing) (bot.Posted, error) {
	return r.platform.Send(context.Background(), o)
}

func (r *rig) toRoom(text string) bot.Outgoing {
	return bot.Outgoing{To: bot.Address{Room: "discord/" + r.room.ID}, Message: bot.Message{Text: text}, Nonce: "n1"}
}

func TestSendAndEdit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.toRoom("Who can drive?")
	o.Message.Title = "A ride"
	o.Message.Buttons = []bot.Button{{Label: "I can", Command: "/need claim k7m2p9", Style: bot.Primary}}
	o.Message.Notify = []string{"discord/" + r.maya.ID, "slack/U1", "discord/not-a-number"}
	p, err := r.send(o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.send(o); err != nil || again != p {
		t.Errorf("sent again as %v, %v", again, err)
	}
	all := r.room.Messages()
	if len(all) != 1 {
		t.Fatalf("%d messages stand there", len(all))
	}
	m := all[0]
	if m.Ephemeral() || m.Nonce != "n1" || len(m.Mentioned) != 1 || m.Mentioned[0] != r.maya.ID || !m.LaidOut() || !strings.HasPrefix(m.Text(), "<@"+r.maya.ID+">") {
		t.Errorf("posted %+v", m)
	}
	if err := r.platform.Edit(context.Background(), p, bot.Message{Text: "Sam drives."}); err != nil {
		t.Fatal(err)
	}
	if now := m.Now(); now.Text() != "Sam drives." || len(now.Buttons()) != 0 || !now.LaidOut() {
		t.Errorf("it became %q with %q and flags %d", now.Text(), now.Buttons(), now.Flags)
	}
	// And back to one with a title.
	if err := r.platform.Edit(context.Background(), p, bot.Message{Title: "A ride", Text: "Open again"}); err != nil {
		t.Fatal(err)
	}
	if now := m.Now(); now.Text() != "A ride\nOpen again" || !now.LaidOut() {
		t.Errorf("it became %q with flags %d", now.Text(), now.Flags)
	}
}

// Nobody has to be called by name where nobody else is.
func TestNoNameInDirectWords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, c := range []struct{ title, content string }{{"", "How is today?"}, {"Somebody said yes", "<@" + r.maya.ID + ">"}} {
		_, err := r.send(bot.Outgoing{To: bot.Address{Person: "discord/" + r.maya.ID}, Nonce: fmt.Sprint("n", i),
			Message: bot.Message{Title: c.title, Text: "How is today?", Notify: []string{"discord/" + r.maya.ID}}})
		if err != nil {
			t.Fatal(err)
		}
		all := r.maya.Direct().Messages()
		if got := all[len(all)-1].Content; got != c.content {
			t.Errorf("the words beside an embed are %q and should be %q", got, c.content)
		}
	}
}

func TestSendDirectly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, nonce := range []string{"a", "b", strings.Repeat("long", 20)} {
		o := bot.Outgoing{To: bot.Address{Person: "discord/" + r.maya.ID}, Message: bot.Message{Text: "Drink some water"}, Nonce: nonce}
		if _, err := r.send(o); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.maya.Direct().Messages()); n != 3 {
		t.Errorf("%d messages arrived", n)
	}
	if n := len(r.Requests("POST /users/@me/channels")); n != 1 {
		t.Errorf("the direct messages were opened %d times", n)
	}
}

func TestALongMessageIsSentInParts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.toRoom(strings.Repeat("Words that go on. ", 900))
	o.Message.Buttons = []bot.Button{{Label: "OK", Command: "/hi"}}
	p, err := r.send(o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.send(o); err != nil || again != p {
		t.Errorf("sent again as %v, %v", again, err)
	}
	all := r.room.Messages()
	if len(all) < 3 || all[len(all)-1].ID != p.Message || len(all[len(all)-1].Buttons()) != 1 || len(all[0].Buttons()) != 0 {
		t.Errorf("%d messages, the last with %q", len(all), all[len(all)-1].Buttons())
	}
	if err := r.platform.Edit(context.Background(), p, o.Message); err != nil {
		t.Error(err)
	}
	if now := all[len(all)-1].Now(); !strings.HasSuffix(now.Text(), "more than fits here.") || len(now.Buttons()) != 1 {
		t.Errorf("edited to %.80q with %q", now.Text(), now.Buttons())
	}
}

func TestWhatCannotBeReached(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.maya.CloseDirect(true)
	gone, forbidden := r.guild.Channel("gone"), r.guild.Channel("forbidden")
	gone.Delete()
	forbidden.Forbid()
	for name, to := range map[string]bot.Address{
		"closed direct messages": {Person: "discord/" + r.maya.ID},
		"a deleted channel":      {Room: "discord/" + gone.ID},
		"a forbidden channel":    {Room: "discord/" + forbidden.ID},
		"another platform":       {Person: "slack/U1"},
		"not a number":           {Person: "discord/../../gateway"},
		"nobody":                 {},
	} {
		_, err := r.send(bot.Outgoing{To: to, Message: bot.Message{Text: "x"}})
		if !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, code := range []int{50278, 10003, 10004, 50001, 50013, 50083} {
		r.Fail(discordtest.Refused("POST /channels", 1, 403, code))
		if _, err := r.send(r.toRoom("x")); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("code %d: %v", code, err)
		}
	}
}

func TestAnEditedMessageThatIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, err := r.send(r.toRoom("x"))
	if err != nil {
		t.Fatal(err)
	}
	r.room.Messages()[0].Delete()
	if err := r.platform.Edit(context.Background(), p, bot.Message{Text: "y"}); !errors.Is(err, bot.ErrGone) {
		t.Errorf("edited with %v", err)
	}
	if err := r.platform.Edit(context.Background(), bot.Posted{Platform: "discord", Room: "x", Message: "y"}, bot.Message{Text: "y"}); !errors.Is(err, bot.ErrGone) {
		t.Errorf("edited with %v", err)
	}
}

// A card in a thread that has fallen asleep is edited all the same; in a locked one
// nothing can be, until somebody unlocks it.
func TestAThreadAsleep(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	thread := r.guild.Channel("above").Thread("village", false)
	p, err := r.send(r.toRoom("Nobody yet"))
	if err != nil {
		t.Fatal(err)
	}
	thread.Archive(false)
	if err := r.platform.Edit(context.Background(), p, bot.Message{Text: "Sam drives"}); err != nil {
		t.Error(err)
	}
	if got := thread.Messages()[0].Text(); got != "Sam drives" {
		t.Errorf("the card says %q", got)
	}
	thread.Archive(true)
	if err := r.platform.Edit(context.Background(), p, bot.Message{Text: "y"}); !errors.Is(err, bot.ErrUnreachable) {
		t.Errorf("edited with %v", err)
	}
}

func TestRefusalsSayHowLongToWait(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   discordtest.Fault
		least   time.Duration
		most    time.Duration
		blocks  bool // another channel too
		nothing bool // retryable without a time
	}{
		"a route":      {fault: discordtest.RateLimited("POST /channels", 1, 7.5), least: 7500 * time.Millisecond, most: 7500 * time.Millisecond},
		"the bot":      {fault: discordtest.RateLimitedGlobally("POST /channels", 1, 7.5), least: 7500 * time.Millisecond, most: 7500 * time.Millisecond, blocks: true},
		"without time": {fault: discordtest.RateLimitedBare("POST /channels", 1), least: time.Second, most: time.Second},
		"a page":       {fault: discordtest.RateLimitedHTML("POST /channels", 1, 40), least: 40 * time.Second, most: 40 * time.Second, blocks: true},
		"a bare page":  {fault: discordtest.RateLimitedHTML("POST /channels", 1, 0), least: time.Second, most: time.Minute, blocks: true},
		"slow mode":    {fault: discordtest.Refused("POST /channels", 1, 400, 20016), least: time.Second, most: time.Minute},
		"many DMs":     {fault: discordtest.Refused("POST /channels", 1, 400, 40003), least: time.Second, most: time.Minute},
		"500":          {fault: discordtest.Broken("POST /channels", 1, 500), nothing: true},
		"503":          {fault: discordtest.Broken("POST /channels", 1, 503), nothing: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.Fail(tc.fault)
			_, err := r.send(r.toRoom("x"))
			var later *bot.RetryError
			if errors.Is(err, bot.ErrUnreachable) || errors.Is(err, bot.ErrGone) || err == nil {
				t.Fatalf("failed with %v", err)
			}
			if errors.As(err, &later) == tc.nothing {
				t.Fatalf("failed with %v", err)
			}
			if !tc.nothing && (later.After < tc.least || later.After > tc.most) {
				t.Errorf("told to wait %v", later.After)
			}
			other := r.toRoom("x")
			other.To.Room = "discord/" + r.guild.Channel("other").ID
			if _, err := r.send(other); (err != nil) != tc.blocks {
				t.Errorf("another channel: %v", err)
			}
		})
	}
}

func TestARouteIsLeftAloneUntilItsTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Fail(discordtest.RateLimited("POST /channels", 1, 3600))
	for range 3 {
		_, err := r.send(r.toRoom("x"))
		var later *bot.RetryError
		if !errors.As(err, &later) || later.After > time.Hour || later.After < 50*time.Minute {
			t.Fatalf("failed with %v", err)
		}
	}
	if n := len(r.Requests("POST /channels")); n != 1 {
		t.Errorf("%d requests were made", n)
	}
	// Another channel has another time.
	other := r.toRoom("x")
	other.To.Room = "discord/" + r.guild.Channel("other").ID
	r.Fail(discordtest.RateLimited("POST /channels", 1, 0.05))
	_, err := r.send(other)
	for later := (*bot.RetryError)(nil); errors.As(err, &later); _, err = r.send(other) {
		timer := time.NewTimer(later.After)
		<-timer.C
	}
	if err != nil {
		t.Errorf("failed with %v when the time had come", err)
	}
}

// What Discord says beside an answer counts, too: a route that has nothing left is
// left alone without asking again.
func TestTheLastOneOfARoute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Fail(discordtest.LastOne("POST /channels", 1, 3600))
	if _, err := r.send(r.toRoom("x")); err != nil {
		t.Fatal(err)
	}
	o := r.toRoom("y")
	o.Nonce = "n2"
	_, err := r.send(o)
	var later *bot.RetryError
	if !errors.As(err, &later) || later.After < 50*time.Minute || len(r.Requests("POST /channels")) != 1 {
		t.Errorf("failed with %v after %d requests", err, len(r.Requests("POST /channels")))
	}
}

// When Discord does not take a message as it is laid out, its words arrive all the
// same, wherever they go, and once.
func TestARefusedLayoutBecomesWords(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.DeferAfter = time.Millisecond }).start()
	r.WaitReady()
	o := r.toRoom("From *the* clinic, <@1>")
	o.Message = bot.Message{
		Title: "A ride *home*", Text: "From " + bot.Literal("*the* clinic, <@1> @everyone"), Footer: "Checked_today",
		Fields:  []bot.Field{{Name: "When", Value: "on **Thursday**"}},
		Buttons: []bot.Button{{Label: "I can", Command: "/need claim k7m2p9"}, {Label: "More", URL: "https://example.org/x"}},
		Notify:  []string{"discord/" + r.maya.ID},
	}
	const want = "A ride \\*home\\*\nFrom \\*the\\* clinic, \\<\\@1\\> \\@everyone\n**When:** on **Thursday**\nChecked\\_today\n- I can: /need claim k7m2p9\n- More: <https://example.org/x>"
	r.Fail(discordtest.Refused("POST /channels", 1, 400, 50035))
	posted, err := r.send(o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.send(o); err != nil || again != posted {
		t.Errorf("sent again as %v, %v", again, err)
	}
	all := r.room.Messages()
	if m := all[0]; len(all) != 1 || m.Content != "<@"+r.maya.ID+">\n"+want || m.LaidOut() || len(m.Embeds)+len(m.Buttons()) != 0 || len(m.Mentioned) != 1 {
		t.Errorf("%d messages, the first %q", len(all), m.Content)
	}
	r.Fail(discordtest.Refused("PATCH /channels", 1, 400, 50035))
	o.Message.Notify, o.Message.Text = nil, "Taken."
	if err := r.platform.Edit(context.Background(), posted, o.Message); err != nil {
		t.Fatal(err)
	}
	if now := all[0].Now(); !strings.Contains(now.Text(), "\nTaken.\n") || len(now.Embeds) != 0 {
		t.Errorf("it became %q", now.Content)
	}
	r.Fail(discordtest.Refused("PATCH /webhooks", 1, 400, 50035))
	if m := r.slow().Answer(); m.Content != "Here it is." {
		t.Errorf("a late answer reads %q", m.Content)
	}
	r.Fail(discordtest.Refused("POST /webhooks", 1, 400, 50035))
	if more := r.maya.Slash(r.room, "twice", nil).More(2); more[0].Text() != "two" || more[1].Text() != "three" {
		t.Errorf("followed by %q", more[0].Text())
	}
	r.Fail(discordtest.Refused("POST /channels", 1, 400, 50035))
	r.maya.Say(r.maya.Direct(), "hello")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Content == "You said: hello" })
}

func TestNothingSecretInErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.APIURL = "http://127.0.0.1:1" })
	_, err := r.send(r.toRoom("x"))
	if err == nil || strings.Contains(err.Error(), discordtest.Token) || strings.Contains(err.Error(), "api/v10") {
		t.Errorf("failed with %v", err)
	}
}
