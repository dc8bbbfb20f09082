package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"villagebot/bot"
	"villagebot/bot/discord"
	"villagebot/bot/discord/discordtest"
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
	if m.Ephemeral() || m.Nonce != "n1" || len(m.Mentioned) != 1 || m.Mentioned[0] != r.maya.ID || m.Content != "<@"+r.maya.ID+">" {
		t.Errorf("posted %+v", m)
	}
	if err := r.platform.Edit(context.Background(), p, bot.Message{Text: "Sam drives."}); err != nil {
		t.Fatal(err)
	}
	if now := m.Now(); now.Text() != "Sam drives." || len(now.Buttons()) != 0 || now.Flags != 4 {
		t.Errorf("it became %q with %q and flags %d", now.Text(), now.Buttons(), now.Flags)
	}
	// And back to one with an embed, which the flag for plain words would hide.
	if err := r.platform.Edit(context.Background(), p, bot.Message{Title: "A ride", Text: "Open again"}); err != nil {
		t.Fatal(err)
	}
	if now := m.Now(); now.Text() != "A ride\nOpen again" || now.Flags != 0 {
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
	if now := all[len(all)-1].Now(); !strings.HasSuffix(now.Text(), "(shortened)") || len(now.Buttons()) != 1 {
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
	r.Fail(discordtest.RateLimited("POST /channels", 1, 0.05))
	var err error
	for n := 0; n < 3; n++ {
		_, err = r.send(r.toRoom("x"))
		var later *bot.RetryError
		if !errors.As(err, &later) || later.After > 50*time.Millisecond {
			t.Fatalf("failed with %v", err)
		}
	}
	if n := len(r.Requests("POST /channels")); n != 1 {
		t.Errorf("%d requests were made", n)
	}
	r.WaitFor("the route to open", func() bool {
		var later *bot.RetryError
		if _, err = r.send(r.toRoom("x")); errors.As(err, &later) {
			timer := time.NewTimer(later.After)
			<-timer.C
			_, err = r.send(r.toRoom("x"))
		}
		return err == nil
	})
}

func TestNothingSecretInErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.APIURL = "http://127.0.0.1:1" })
	_, err := r.send(r.toRoom("x"))
	if err == nil || strings.Contains(err.Error(), discordtest.Token) || strings.Contains(err.Error(), "api/v10") {
		t.Errorf("failed with %v", err)
	}
}
