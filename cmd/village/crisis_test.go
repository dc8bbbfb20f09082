package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// givesLines says whether what is sent to a platform, however it is wrapped up, gives
// the lines for a crisis.
func givesLines(body []byte) bool {
	if words, err := url.QueryUnescape(string(body)); err == nil {
		body = []byte(words)
	}
	return bytes.Contains(body, []byte("You matter"))
}

// never is how a store answers that has stopped.
func never(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// The lines are there within a second while the store answers nobody, whichever way
// somebody asks for them over HTTP.
func TestCrisisWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := startOverHTTP(t, never)
		inTime := func(what string, h http.Handler, req *http.Request) {
			t.Helper()
			over.far.forget()
			asked := time.Now()
			rec := over.request(h, req)
			if givesLines(rec.Body.Bytes()) {
				if rec.took > time.Second {
					t.Errorf("%s: the lines come after %v", what, rec.took)
				}
				return
			}
			<-time.After(10 * time.Minute)
			switch at := over.far.linesAt(); {
			case at.IsZero():
				t.Errorf("%s: the lines never come", what)
			case at.Sub(asked) > time.Second:
				t.Errorf("%s: the lines come after %v", what, at.Sub(asked))
			}
		}
		faq := func(question string) []any {
			return []any{map[string]any{"name": "question", "type": 3, "value": question}}
		}
		for what, data := range map[string]map[string]any{
			"/crisis":                    slashData("crisis", nil),
			"/crisis US":                 slashData("crisis", []any{map[string]any{"name": "country", "type": 3, "value": "US"}}),
			"/faq i want to die":         slashData("faq", faq("i want to die")),
			"/faq suicidal-thoughts":     slashData("faq", faq("does ketamine help with suicidal thoughts")),
			"/checkin today I need help": slashData("checkin today", []any{map[string]any{"name": "how", "type": 3, "value": "help"}}),
			"/ask errand, in danger": slashData("ask errand", []any{
				map[string]any{"name": "when", "type": 3, "value": "in 26 hours"},
				map[string]any{"name": "where", "type": 3, "value": "i want to die"}}),
		} {
			_, req := over.discordRequest(2, data)
			inTime(what+" on Discord", over.discord.Handler(over.bot), req)
		}
		_, req := over.discordRequest(3, map[string]any{"custom_id": "v1:/crisis", "component_type": 2})
		inTime("the button on Discord", over.discord.Handler(over.bot), req)
		for _, line := range []string{"/crisis", "/crisis US", "/faq i want to die", "/i want to die", "/checkin today help", "/need cancel i want to die", "/note i want to die"} {
			inTime("/village "+line, over.slack.Handler(over.bot), over.slackRequest(slashFields(line)))
		}
		inTime("a direct message on Slack", over.slack.Handler(over.bot), over.slackEvent(map[string]any{
			"type": "message", "channel_type": "im", "channel": "D0MOD", "user": "U0MOD", "text": "i want to die", "ts": "1.2"}))
		inTime("a mention on Slack", over.slack.Handler(over.bot), over.slackEvent(map[string]any{
			"type": "app_mention", "channel": "C0VILLAGE", "user": "U0MOD", "text": "<@U0BOT> i want to die", "ts": "1.3"}))
		over.end()
	})
}

// The same where it comes over a connection that stays open, and from a store that
// answered until now.
func TestCrisisWhileTheStoreIsStopped(t *testing.T) {
	for _, overHTTP := range []bool{false, true} {
		t.Run(fmt.Sprintf("http=%v", overHTTP), func(t *testing.T) {
			hold := &gate{}
			far := connectedTo(t, overHTTP, hold.wait)
			defer hold.hold()()
			d, s := far.discord, far.slack
			lines := func(words string) bool { return strings.Contains(words, "You matter") }
			room, maya := d.Guild("Friends").Channel("village"), d.Person("Maya")
			uses := []*discordtest.Use{
				maya.Slash(room, "crisis", nil),
				maya.Slash(room, "crisis", map[string]any{"country": "US"}),
				maya.Slash(room, "faq", map[string]any{"question": "i want to die"}),
			}
			for _, use := range uses {
				if m := use.Answer(); !lines(m.Text()) {
					t.Errorf("Discord is answered with %q", m.Text())
				}
			}
			maya.Say(maya.Direct(), "i want to die")
			maya.Direct().WaitMessage("the lines in the direct message", func(m *discordtest.Message) bool { return lines(m.Text()) })
			ben := d.Person("Ben")
			ben.Say(room, "<@"+discordtest.BotID+"> i want to die")
			ben.Direct().WaitMessage("the lines for whoever named the bot", func(m *discordtest.Message) bool { return lines(m.Text()) })
			for n, ask := range []func(user string){
				func(user string) { s.Slash(slacktest.Team, "C0VILLAGE", user, "/crisis", "") },
				func(user string) { s.Slash(slacktest.Team, "C0VILLAGE", user, "/village", "crisis US") },
				func(user string) { s.Slash(slacktest.Team, "C0VILLAGE", user, "/faq", "i want to die") },
				func(user string) { s.Slash(slacktest.Team, "C0VILLAGE", user, "/village", "i want to die") },
				func(user string) { s.DM(user, "i want to die") },
				func(user string) { s.Mention("C0VILLAGE", user, "i want to die", "") },
			} {
				user := fmt.Sprintf("U0LOW%d", n)
				s.AddUser(slacktest.User{ID: user, Name: "low"})
				ask(user)
				s.WaitText(user, "You matter")
			}
		})
	}
}
