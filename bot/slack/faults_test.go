package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack/slacktest"
)

// Two people talking to each other is "directmessage" to Slack, too.
func TestSomebodyElsesConversationIsNotDirect(t *testing.T) {
	r := online(t)
	r.Slash(slacktest.Team, "D0SAM", "U0MAYA", "/echo", "here")
	m := r.WaitMessage("an answer", func(m slacktest.Message) bool { return strings.Contains(m.Words(), "You said: here") })
	if !m.Ephemeral || m.User != "U0MAYA" || r.request().Room.Direct {
		t.Errorf("the answer went to %+v of %+v", m, r.request().Room)
	}
}

func TestMentionIsAnsweredInItsThreadAndPrivately(t *testing.T) {
	r := online(t)
	r.Mention("C0VILLAGE", "U0MAYA", "can I eat?", "1700000000.7")
	m := r.WaitText("U0MAYA", "You asked: can I eat?")
	if m.Via != "chat.postEphemeral" || m.ThreadTS != "1700000000.7" || m.Channel != "C0VILLAGE" {
		t.Errorf("the answer went to %+v", m)
	}
	r.AddChannel(slacktest.Channel{ID: "C0OTHER", Name: "other", BotAbsent: true})
	r.Mention("C0OTHER", "U0MAYA", "and drink?", "")
	m = r.WaitText("U0MAYA", "You asked: and drink?")
	if m.Channel != "D0MAYA" {
		t.Errorf("the answer went to %+v", m)
	}
}

func TestOthersAreIgnored(t *testing.T) {
	r := online(t)
	for _, event := range []map[string]any{
		{"type": "message", "channel_type": "im", "channel": "D0MAYA", "user": "U0OTHERBOT", "bot_id": "B1", "text": "hello", "ts": "1.1"},
		{"type": "message", "channel_type": "im", "channel": "D0MAYA", "user": "USLACKBOT", "text": "hello", "ts": "1.1"},
		{"type": "message", "channel_type": "im", "channel": "D0MAYA", "user": slacktest.BotUser, "text": "hello", "ts": "1.2"},
		{"type": "message", "channel_type": "im", "channel": "D0MAYA", "subtype": "message_changed", "text": "hello", "ts": "1.3"},
		{"type": "message", "channel_type": "channel", "channel": "C0VILLAGE", "user": "U0MAYA", "text": "hello", "ts": "1.4"},
		{"type": "reaction_added", "user": "U0MAYA"},
	} {
		r.WaitAck(r.Event(event))
	}
	r.DM("U0MAYA", "the last one")
	r.WaitText("U0MAYA", "the last one")
	if n := len(r.Messages()); n != 1 {
		t.Errorf("%d messages: something was answered that should not be", n)
	}
}

func TestRepeatsAreDoneOnce(t *testing.T) {
	r := online(t)
	env := r.DM("U0MAYA", "hello")
	r.WaitText("U0MAYA", "hello")
	for attempt := 1; attempt <= 3; attempt++ {
		r.WaitAck(r.Redeliver(env, attempt))
	}
	slash := r.slash("U0MAYA", "/count", "")
	r.WaitText("U0MAYA", "number 1")
	r.WaitAck(r.Redeliver(slash, 1))
	r.slash("U0MAYA", "/echo", "over")
	r.WaitText("U0MAYA", "You said: over")
	if n := len(r.Messages()); n != 3 || r.uses.Load() != 1 {
		t.Errorf("%d messages, counted %d times", n, r.uses.Load())
	}
}

func TestSlowHandlerIsAcknowledgedAndNoted(t *testing.T) {
	r := online(t, func(r *rig) { r.p.noteAfter = time.Millisecond })
	env := r.slash("U0MAYA", "/slow", "")
	r.WaitAck(env)
	r.WaitText("U0MAYA", "One moment")
	close(r.slow)
	r.WaitText("U0MAYA", "At last.")
}

// Many slow handlers do not keep the socket from being read.
func TestSlowHandlersHoldNobodyUp(t *testing.T) {
	r := online(t)
	for range 200 {
		r.slash("U0MAYA", "/slow", "")
	}
	r.slash("U0SAM", "/echo", "hello")
	r.WaitText("U0SAM", "You said: hello")
	close(r.slow)
	r.WaitCalls("response_url", 201)
}

func TestSixthAnswerTakesAnotherWay(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/many", "")
	r.WaitText("U0MAYA", "Message 7.")
	ways := map[string]int{}
	for _, m := range r.Messages() {
		ways[m.Via]++
		if m.To() != "U0MAYA" {
			t.Errorf("somebody else saw %+v", m)
		}
	}
	if ways["response_url"] != 5 || ways["chat.postEphemeral"] != 2 {
		t.Errorf("the answers went %v", ways)
	}
	if n := len(r.Calls("response_url")); n != 5 {
		t.Errorf("the response_url was used %d times", n)
	}
}

// A response_url that is too old, or is none of Slack's, is not even tried.
func TestWhichResponseURLIsUsed(t *testing.T) {
	r := offline(t)
	for address, want := range map[string]bool{
		"https://hooks.slack.com/commands/1": true, "https://hooks.slack-gov.com/commands/1": true, r.URL() + "x": true,
		"http://hooks.slack.com/commands/1": false, "https://evil.example/": false, "https://evilslack.com/": false,
		"https://hooks.slack.com.evil.example/": false, "https://evil.example/?x=.slack.com": false, "https://hooks.slack.com@evil.example/": false,
		"": false, "://": false, "file:///etc/passwd": false,
	} {
		if got := r.p.responder(address).usable(); got != want {
			t.Errorf("%q is used: %v", address, got)
		}
	}
	old := r.p.responder("https://hooks.slack.com/commands/1")
	for age, want := range map[time.Duration]bool{28 * time.Minute: true, 30 * time.Minute: false} {
		if old.from = time.Now().Add(-age); old.usable() != want {
			t.Errorf("one of %v ago is used: %v", age, !want)
		}
	}
}

// What passes is tried again: where there is one way only, somebody waits at its end.
func TestWhatPassesIsTriedAgain(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"500": {Status: 500, Body: "<html>", Times: 2}, "503": {Status: 503, Times: 2}, "internal": {Error: "internal_error", Times: 2},
		"limited": {Status: 429, RetryAfter: "0", Times: 2}, "limited with 200": {Error: "ratelimited", RetryAfter: "0", Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := online(t)
			r.Fail("chat.postMessage", fault)
			r.DM("U0MAYA", "hello")
			r.WaitText("U0MAYA", "You asked: hello")
			if n := len(r.Calls("chat.postMessage")); n != 3 {
				t.Errorf("%d attempts", n)
			}
		})
	}
}

func TestAnswerFindsAWay(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"refused":          {Status: http.StatusNotFound, Error: "used_url", Times: -1},
		"plain words":      {Status: http.StatusNotFound, Body: "expired_url", Times: -1},
		"server error":     {Status: http.StatusInternalServerError, Body: "<html>", Times: -1},
		"limited for long": {Status: http.StatusTooManyRequests, RetryAfter: "600", Times: -1},
		"refused with 200": {Error: "no_permission", Times: -1},
		"limited with 200": {Error: "ratelimited", RetryAfter: "0", Times: -1},
		"limited once":     {Status: http.StatusTooManyRequests, RetryAfter: "0"},
	} {
		t.Run(name, func(t *testing.T) {
			r := online(t)
			r.Fail("response_url", fault)
			r.slash("U0MAYA", "/echo", "hello")
			r.WaitText("U0MAYA", "You said: hello")
		})
	}
}

func TestLayoutThatSlackRefusesBecomesWords(t *testing.T) {
	r := online(t)
	r.Fail("response_url", slacktest.Fault{Error: "invalid_blocks"})
	r.Fail("chat.postMessage", slacktest.Fault{Error: "msg_too_long"})
	r.slash("U0MAYA", "/card", "")
	m := r.WaitText("U0MAYA", "Please choose.")
	if len(m.Blocks) != 0 || !strings.Contains(m.Text, "Count one: /village count") {
		t.Errorf("shown: %+v", m)
	}
	posted, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"}, Message: bot.Message{Text: "A ride <home>."}})
	if err != nil {
		t.Fatal(err)
	}
	if m := r.WaitText("C0VILLAGE", "A ride &lt;home&gt;."); len(m.Blocks) != 0 {
		t.Errorf("shown: %+v", m)
	}
	if err := r.p.Edit(t.Context(), posted, bot.Message{Text: "Open."}); err != nil {
		t.Error(err)
	}
	r.WaitText("C0VILLAGE", "Open.")
	r.Fail("chat.update", slacktest.Fault{Error: "msg_blocks_too_long"})
	if err := r.p.Edit(t.Context(), posted, bot.Message{Text: "Taken."}); err != nil {
		t.Error(err)
	}
	if m := r.WaitText("C0VILLAGE", "Taken."); len(m.Blocks) != 0 {
		t.Errorf("the old blocks are still there: %+v", m)
	}
}

// A press in a thread is answered in that thread.
func TestThreadsAreKept(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/card", "")
	card := r.WaitText("U0MAYA", "Please choose.")
	card.ThreadTS = "1700000000.7"
	r.Press(card, "U0MAYA", "Count one")
	if m := r.WaitText("U0MAYA", "number 1"); m.ThreadTS != card.ThreadTS {
		t.Errorf("the answer went to thread %q", m.ThreadTS)
	}
}

func TestSendAndEdit(t *testing.T) {
	r := online(t)
	ctx := t.Context()
	posted, err := r.p.Send(ctx, bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Nonce: "n1",
		Message: bot.Message{Title: "A reminder", Text: "Drink **water** with [maya](person:slack%2FU0MAYA)."}})
	if err != nil {
		t.Fatal(err)
	}
	m := r.WaitText("U0SAM", "Drink water with maya.")
	if m.Channel != "D0SAM" || m.Text != "A reminder" || posted.Message != m.TS || posted.Room != "slack/D0SAM" {
		t.Errorf("posted %+v as %+v", posted, m)
	}
	if payload, ok := m.Metadata["event_payload"].(map[string]any); !ok || m.Metadata["event_type"] != "village" || payload["nonce"] != "n1" {
		t.Errorf("metadata %v", m.Metadata)
	}
	again, err := r.p.Send(ctx, bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Nonce: "n1", Message: bot.Message{Text: "Again."}})
	if err != nil || again != posted || len(r.Messages()) != 1 {
		t.Errorf("the repeat was posted: %v, %v, %d messages", again, err, len(r.Messages()))
	}
	if err := r.p.Edit(ctx, posted, bot.Message{Text: "Done."}); err != nil {
		t.Fatal(err)
	}
	m = r.WaitText("U0SAM", "Done.")
	if m.Edits != 1 || m.Text != quietText {
		t.Errorf("edited to %+v", m)
	}
	if _, err := r.p.Send(ctx, bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"}}); err == nil {
		t.Error("an empty message was sent")
	}
	if _, err := r.p.Send(ctx, bot.Outgoing{To: bot.Address{Room: "discord/1"}, Message: bot.Message{Text: "x"}}); err == nil {
		t.Error("another platform's address was taken")
	}
}

func TestSendErrors(t *testing.T) {
	r := online(t)
	ctx := t.Context()
	r.AddUser(slacktest.User{ID: "U0GONE", Name: "gone", Disabled: true})
	r.AddChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Archived: true})
	r.AddChannel(slacktest.Channel{ID: "C0CLOSED", Name: "closed", BotAbsent: true})
	hello := bot.Message{Title: "Hello <!channel> & *all*", Text: "Hello."}
	send := func(a bot.Address) error {
		_, err := r.p.Send(ctx, bot.Outgoing{To: a, Message: hello})
		return err
	}
	for _, a := range []bot.Address{{Person: "slack/U0GONE"}, {Person: "slack/U0NOBODY"}, {Room: "slack/C0OLD"}, {Room: "slack/C0CLOSED"}, {Room: "slack/C0NONE"}} {
		if err := send(a); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%v: %v", a, err)
		}
	}
	room := bot.Address{Room: "slack/C0VILLAGE"}
	for name, c := range map[string]struct {
		fault slacktest.Fault
		after time.Duration
	}{
		"429":             {slacktest.Fault{Status: 429, RetryAfter: "7", Body: "{}"}, 7 * time.Second},
		"429 without":     {slacktest.Fault{Status: 429, Body: "{}"}, waitUnsaid},
		"429 as HTML":     {slacktest.Fault{Status: 429, Body: "<html>", RetryAfter: "soon"}, waitUnsaid},
		"ok:false":        {slacktest.Fault{Error: "ratelimited"}, waitUnsaid},
		"ok:false, after": {slacktest.Fault{Error: "rate_limited", RetryAfter: "9"}, 9 * time.Second},
	} {
		r.Fail("chat.postMessage", c.fault)
		var retry *bot.RetryError
		if err := send(room); !errors.As(err, &retry) || retry.After != c.after {
			t.Errorf("%s: %v (%+v)", name, err, retry)
		}
	}
	for name, fault := range map[string]slacktest.Fault{
		"500": {Status: 500, Body: "<html>oh no</html>"}, "HTML": {Body: "<html>hello</html>"}, "internal": {Error: "internal_error"},
	} {
		r.Fail("chat.postMessage", fault)
		var retry *bot.RetryError
		if err := send(room); err == nil || errors.Is(err, bot.ErrUnreachable) || errors.Is(err, bot.ErrGone) || errors.As(err, &retry) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, word := range []string{"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "cannot_dm_bot", "messages_tab_disabled", "user_not_visible"} {
		r.Fail("chat.postMessage", slacktest.Fault{Error: word})
		if err := send(room); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%s: %v", word, err)
		}
	}
	for _, word := range []string{"user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot"} {
		r.Fail("conversations.open", slacktest.Fault{Error: word})
		if err := send(bot.Address{Person: "slack/U0SAM"}); !errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("%s: %v", word, err)
		}
	}
	posted, err := r.p.Send(ctx, bot.Outgoing{To: room, Message: hello})
	if err != nil {
		t.Fatal(err)
	}
	if m := r.WaitText("C0VILLAGE", "Hello."); m.Text != "Hello &lt;!channel&gt; &amp; *all*\nHello." {
		t.Errorf("a screen reader reads %q", m.Text)
	}
	for _, word := range []string{"edit_window_closed", "cant_update_message"} {
		r.Fail("chat.update", slacktest.Fault{Error: word})
		if err := r.p.Edit(ctx, posted, hello); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: %v", word, err)
		}
	}
	r.DeleteMessage("C0VILLAGE", posted.Message)
	if err := r.p.Edit(ctx, posted, hello); !errors.Is(err, bot.ErrGone) {
		t.Errorf("a deleted message: %v", err)
	}
	r.RemoveChannel("C0VILLAGE")
	if err := r.p.Edit(ctx, posted, hello); !errors.Is(err, bot.ErrUnreachable) {
		t.Errorf("a removed channel: %v", err)
	}
	if strings.Contains(r.log.String(), "Hello.") {
		t.Error("what was sent stands in the log")
	}
}

// An echo that slack-go cannot read must not turn a post into an error: it would
// be posted again.
func TestOddEchoIsNoError(t *testing.T) {
	r := online(t)
	r.Fail("chat.postMessage", slacktest.Fault{Done: true, Body: `{"ok":true,"channel":"C0VILLAGE","ts":"1.5","message":{"blocks":[{"type":"rich_text","elements":7}]}}`})
	posted, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"}, Message: bot.Message{Text: "Hello."}})
	if err != nil || posted.Message != "1.5" {
		t.Errorf("%+v, %v", posted, err)
	}
}

// Nor must the echo of a form make the form that is open unusable, or open another.
func TestOddEchoOfAForm(t *testing.T) {
	r := online(t)
	r.Fail("views.open", slacktest.Fault{Done: true, Body: `{"ok":true,"view":{"id":7,"blocks":"odd"}}`})
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.Submit(v, map[string]string{"From": "home"})
	r.WaitText("U0MAYA", "Ride: thu 1pm from home")
	if err := r.stop(); err != nil { // when everything that was begun is done
		t.Fatal(err)
	}
	if n := len(r.Messages()); n != 1 {
		t.Errorf("%d messages: %+v", n, r.Messages())
	}
}

// A press is done although the message around the button holds a block that
// slack-go does not take.
func TestOddBlockAroundAButton(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/card", "")
	card := r.WaitText("U0MAYA", "Please choose.")
	card.Ephemeral = false // so that the press carries the message
	card.Blocks = append(card.Blocks, map[string]any{"type": "rich_text", "elements": 7})
	r.Press(card, "U0MAYA", "Count one")
	r.WaitText("U0MAYA", "number 1")
}

func TestRefreshLosesNothing(t *testing.T) {
	r := online(t)
	for i, reason := range []string{"warning", "refresh_requested", "warning"} {
		old := r.Sockets()[0]
		r.Route(old)
		old.Disconnect(reason)
		// Slack has more to deliver on the socket that it has announced to close,
		r.slash("U0MAYA", "/echo", fmt.Sprintf("on the old socket %d", i))
		r.WaitText("U0MAYA", fmt.Sprintf("on the old socket %d", i))
		// and the next one is there before the old one goes.
		r.WaitSockets(2)
		r.Route(nil)
		r.slash("U0MAYA", "/echo", fmt.Sprintf("on the new socket %d", i))
		r.WaitText("U0MAYA", fmt.Sprintf("on the new socket %d", i))
		old.Close()
	}
}

func TestReplacedSocketIsClosedInTheEnd(t *testing.T) {
	r := online(t, func(r *rig) { r.p.linger = time.Millisecond })
	old := r.Sockets()[0]
	old.Disconnect("warning")
	r.WaitFor("one new socket", func() bool { s := r.Sockets(); return len(s) == 1 && s[0] != old })
}

func TestLostSocketIsReplaced(t *testing.T) {
	r := online(t)
	old := r.Sockets()[0]
	old.Close()
	r.WaitFor("a new socket", func() bool { s := r.Sockets(); return len(s) == 1 && s[0] != old })
	r.slash("U0MAYA", "/echo", "hello")
	r.WaitText("U0MAYA", "You said: hello")
}

func TestSilentSocketIsReplaced(t *testing.T) {
	r := online(t, func(r *rig) {
		r.PingEvery = 10 * time.Millisecond
		r.p.silentAfter = time.Second // a hundred pings
	})
	old := r.Sockets()[0]
	old.Silence()
	r.WaitFor("a new socket", func() bool {
		s := r.Sockets()
		return len(s) > 0 && s[len(s)-1] != old
	})
	r.slash("U0MAYA", "/echo", "hello")
	r.WaitText("U0MAYA", "You said: hello")
}

func TestConnectingIsTriedAgain(t *testing.T) {
	r := offline(t)
	r.Fail("auth.test", slacktest.Fault{Status: 503, Body: "<html>"})
	r.Fail("auth.test", slacktest.Fault{Error: "internal_error"})
	for _, passes := range []string{"ekm_access_denied", "org_login_required", "team_access_not_granted"} {
		r.Fail("auth.test", slacktest.Fault{Error: passes})
	}
	r.Fail("apps.connections.open", slacktest.Fault{Status: 500, Body: "<html>"})
	r.Fail("apps.connections.open", slacktest.Fault{Error: "internal_error"})
	r.Fail("apps.connections.open", slacktest.Fault{Body: `{"ok":true,"url":"ws://127.0.0.1:1/"}`})
	r.run()
	r.WaitSockets(1)
}

func TestTokensThatWillNotWork(t *testing.T) {
	for name, c := range map[string]struct {
		method, code, says string
	}{
		"wrong bot token":         {"auth.test", "invalid_auth", "SLACK_BOT_TOKEN"},
		"removed app":             {"auth.test", "account_inactive", "Install the app again"},
		"wrong app token":         {"apps.connections.open", "invalid_auth", "SLACK_APP_TOKEN"},
		"token of another kind":   {"apps.connections.open", "not_allowed_token_type", "wrong kind"},
		"app token without right": {"apps.connections.open", "missing_scope", "connections:write"},
	} {
		t.Run(name, func(t *testing.T) {
			r := offline(t)
			r.Fail(c.method, slacktest.Fault{Error: c.code, Times: -1})
			err := ended(t, r.run())
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), slacktest.BotToken) {
				t.Errorf("Run said %v", err)
			}
		})
	}
}

func TestTokensRevokedLater(t *testing.T) {
	t.Run("the app token, at a reconnect", func(t *testing.T) {
		r := offline(t)
		done := r.run()
		sock := r.WaitSockets(1)[0]
		r.Fail("apps.connections.open", slacktest.Fault{Error: "token_revoked", Times: -1})
		sock.Disconnect("refresh_requested")
		if err := ended(t, done); err == nil || !strings.Contains(err.Error(), "SLACK_APP_TOKEN is no longer valid") {
			t.Errorf("Run said %v", err)
		}
	})
	t.Run("the bot token, at a post", func(t *testing.T) {
		r := offline(t)
		done := r.run()
		r.WaitSockets(1)
		r.Fail("chat.postMessage", slacktest.Fault{Error: "token_revoked", Times: -1})
		r.Fail("auth.test", slacktest.Fault{Error: "token_revoked", Times: -1})
		_, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"}, Message: bot.Message{Text: "Hello."}})
		if err == nil || errors.Is(err, bot.ErrUnreachable) {
			t.Errorf("Send said %v; the message must stay owed", err)
		}
		if err := ended(t, done); err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN is no longer valid") {
			t.Errorf("Run said %v", err)
		}
	})
	for _, odd := range []string{"ekm_access_denied", "org_login_required", "team_access_not_granted", "not_allowed_token_type", "token_revoked"} {
		t.Run("an odd answer to one post: "+odd, func(t *testing.T) {
			r := offline(t)
			done := r.run()
			r.WaitSockets(1)
			r.Fail("chat.postMessage", slacktest.Fault{Error: odd, Times: 1})
			hello := bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"}, Message: bot.Message{Text: "Hello."}}
			if _, err := r.p.Send(t.Context(), hello); err == nil {
				t.Error("the post is taken for made")
			}
			if odd == "not_allowed_token_type" || odd == "token_revoked" {
				r.WaitCalls("auth.test", 2) // the token itself is looked at
			}
			if _, err := r.p.Send(t.Context(), hello); err != nil {
				t.Errorf("Send said %v", err)
			}
			select {
			case err := <-done:
				t.Errorf("Run ended with %v", err)
			default:
			}
		})
	}
	t.Run("Slack says so", func(t *testing.T) {
		r := offline(t)
		done := r.run()
		r.WaitSockets(1)
		r.Fail("auth.test", slacktest.Fault{Error: "account_inactive", Times: -1})
		r.Event(map[string]any{"type": "app_uninstalled"})
		if err := ended(t, done); err == nil || !strings.Contains(err.Error(), "removed from the workspace") {
			t.Errorf("Run said %v", err)
		}
	})
	t.Run("Socket Mode switched off", func(t *testing.T) {
		r := offline(t)
		done := r.run()
		r.WaitSockets(1)[0].Disconnect("link_disabled")
		if err := ended(t, done); err == nil || !strings.Contains(err.Error(), "Socket Mode was switched off") {
			t.Errorf("Run said %v", err)
		}
	})
}

// ended waits for Run.
func ended(t *testing.T, done <-chan error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), unhurried)
	defer cancel()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		t.Fatal("Run did not return")
		return nil
	}
}

func TestEndingFinishesWhatIsUnderWay(t *testing.T) {
	r := online(t)
	env := r.slash("U0MAYA", "/slow", "")
	r.WaitAck(env)
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	close(r.slow)
	if err := ended(t, stopped); err != nil {
		t.Error(err)
	}
	r.WaitText("U0MAYA", "At last.")
}

func TestSettingsThatCannotWork(t *testing.T) {
	for want, cfg := range map[string]Config{
		"SLACK_BOT_TOKEN": {AppToken: "xapp-1"},
		"xoxb-":           {BotToken: "xapp-1", AppToken: "xapp-1"},
		"xapp-":           {BotToken: "xoxb-1", AppToken: "xoxb-1"},
		"SLACK_APP_TOKEN": {BotToken: "xoxb-1"},
		"SLACK_API_URL":   {BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "not an address"},
	} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestWordsStayOutOfTheLog(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/echo", "my secret address")
	r.WaitText("U0MAYA", "my secret address")
	r.Fail("response_url", slacktest.Fault{Status: 404, Error: "used_url", Times: -1})
	r.slash("U0MAYA", "/echo", "my secret phone")
	r.WaitText("U0MAYA", "my secret phone")
	for _, word := range []string{"secret", "maya", "U0MAYA", "xoxb", "xapp", "/respond/"} {
		if strings.Contains(r.log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, r.log)
		}
	}
}
