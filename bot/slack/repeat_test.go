package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack/slacktest"
)

const everyScope = "app_mentions:read,channels:read,chat:write,commands,files:write,groups:read,im:history,im:write,users:read,channels:history"

// cards are the messages in the village channel.
func (r *rig) cards(words string) (found []slacktest.Message) {
	for _, m := range r.Messages() {
		if !m.Ephemeral && strings.Contains(m.Words(), words) {
			found = append(found, m)
		}
	}
	return found
}

// lost posts a message whose answer is lost, and posts it again as the next try does,
// after so many others were posted there.
func (r *rig) lost(to bot.Address, between int) (again bot.Posted) {
	r.t.Helper()
	begun := time.Now()
	card := bot.Message{Text: "Who can drive?", Buttons: []bot.Button{{Label: "Count", Command: "/count"}}}
	r.Fail("chat.postMessage", slacktest.Fault{Done: true, Status: 500})
	if _, err := r.p.Send(r.t.Context(), bot.Outgoing{To: to, Message: card, Nonce: "n1"}); err == nil {
		r.t.Fatal("a lost answer is taken for a post")
	}
	for i := range between {
		other := bot.Outgoing{To: to, Message: bot.Message{Text: "Another."}, Nonce: fmt.Sprint("other", i)}
		if _, err := r.p.Send(r.t.Context(), other); err != nil {
			r.t.Fatal(err)
		}
	}
	again, err := r.p.Send(r.t.Context(), bot.Outgoing{To: to, Message: card, Nonce: "n1", Since: begun})
	if err != nil {
		r.t.Fatal(err)
	}
	return again
}

// A post whose answer was lost is found where it stands, and not made again: in a
// direct message always, in a channel where the bot may look.
func TestAnAnswerThatIsLostLeavesOneCard(t *testing.T) {
	for name, to := range map[string]bot.Address{"a person": {Person: "slack/U0SAM"}, "a channel": {Room: "slack/C0VILLAGE"}} {
		t.Run(name, func(t *testing.T) {
			r := online(t)
			r.SetScopes(everyScope)
			again := r.lost(to, historyPage+1)
			cards := r.cards("Who can drive?")
			if len(cards) != 1 || again.Message != cards[0].TS {
				t.Fatalf("%d cards, the last try gave %+v", len(cards), again)
			}
			if n := len(r.Calls("conversations.history")); n != 2 {
				t.Errorf("the history was asked for %d times", n)
			}
			if err := r.p.Edit(t.Context(), again, bot.Message{Text: "Sam drives."}); err != nil {
				t.Fatal(err)
			}
			if n := len(r.cards("Who can drive?")); n != 0 {
				t.Errorf("%d cards say what is not so any more", n)
			}
		})
	}
}

// What was never tried costs no look.
func TestAFirstTryLooksForNothing(t *testing.T) {
	r := online(t)
	if _, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Message: bot.Message{Text: "Hello."}, Nonce: "n"}); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Calls("conversations.history")); n != 0 {
		t.Errorf("the history was asked for %d times", n)
	}
}

// Somebody else's message with the same nonce is not ours, nor is an older one.
func TestOnlyTheBotsOwnPostIsARepeat(t *testing.T) {
	r := online(t)
	r.Fail("conversations.history", slacktest.Fault{Body: `{"ok":true,"messages":[7,
		{"ts":"1.1","user":"U0SAM","text":"hi","metadata":{"event_type":"village","event_payload":{"nonce":"n1"}}},
		{"ts":"1.2","user":"` + slacktest.BotUser + `","blocks":7,"metadata":{"event_type":"other","event_payload":{"nonce":"n1"}}},
		{"ts":"1.3","user":"` + slacktest.BotUser + `","metadata":{"event_type":"village","event_payload":{"nonce":7}}}]}`})
	posted, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Message: bot.Message{Text: "Hello."}, Nonce: "n1", Since: time.Now()})
	if err != nil || strings.HasPrefix(posted.Message, "1.") {
		t.Errorf("posted %+v, %v", posted, err)
	}
	r.WaitText("U0SAM", "Hello.")
}

// Where the bot may not look, or cannot, the post is made: twice is better than never.
// The stray goes when somebody presses its button, which counts as on the other.
func TestAStrayCardGoesWhenItIsPressed(t *testing.T) {
	for name, fault := range map[string]*slacktest.Fault{
		"no right": nil, "limited": {Status: 429, RetryAfter: "60", Times: -1}, "down": {Status: 500, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			r := online(t)
			if fault != nil {
				r.SetScopes(everyScope)
				r.Fail("conversations.history", *fault)
			}
			again := r.lost(bot.Address{Room: "slack/C0VILLAGE"}, 0)
			cards := r.cards("Who can drive?")
			if len(cards) != 2 {
				t.Fatalf("%d cards", len(cards))
			}
			r.Press(cards[0], "U0SAM", "Count")
			r.WaitText("U0SAM", "number 1")
			r.WaitCalls("chat.delete", 1)
			if left := r.cards("Who can drive?"); len(left) != 1 || left[0].TS != again.Message {
				t.Errorf("left: %+v", left)
			}
			r.Press(cards[1], "U0SAM", "Count")
			r.WaitText("U0SAM", "number 2")
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if n := len(r.Calls("chat.delete")); n != 1 {
				t.Errorf("%d messages were taken away", n)
			}
		})
	}
}
