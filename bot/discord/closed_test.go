package discord_test

import (
	"errors"
	"strings"
	"testing"

	"village/bot"
	"village/bot/discord/discordtest"
)

// Whoever takes no direct messages is shown what was meant for them where they just
// pressed something, for nobody else to see, and once how to let the bot write to them.
// What is sent still counts as not received.
func TestToldInTheRoomWhoCannotBeWrittenTo(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.maya.CloseDirect(true)
	send := func(words string) {
		t.Helper()
		_, err := r.send(bot.Outgoing{To: bot.Address{Person: "discord/" + r.maya.ID}, Nonce: words, Message: bot.Message{Title: "For you", Text: words}})
		if !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%q: %v", words, err)
		}
	}
	send("the blue door") // nobody knows a way to her yet
	if n := len(r.room.Messages()); n != 0 {
		t.Fatalf("%d messages are in the room", n)
	}
	r.maya.Slash(r.room, "faq", nil).Answer()
	send("the red door")
	send("the green door")
	var said []string
	for _, m := range r.room.Messages() {
		if !m.Ephemeral() {
			t.Errorf("for all to see: %q", m.Text())
		}
		said = append(said, m.Text())
	}
	all := strings.Join(said, "\n")
	for words, times := range map[string]int{"I can't write to you directly": 1, "the red door": 1, "the green door": 1, "the blue door": 0} {
		if got := strings.Count(all, words); got != times {
			t.Errorf("%q is said %d times:\n%s", words, got, all)
		}
	}
	r.Fail(discordtest.Refused("POST /channels", 1, 403, 50013)) // closed in another way
	r.maya.CloseDirect(false)
	before := len(r.room.Messages())
	send("no door")
	if len(r.room.Messages()) != before {
		t.Error("what is no closed conversation is taken for one")
	}
}
