package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
)

// works proves that the bot answers.
func (r *rig) works() {
	r.t.Helper()
	if m := r.maya.Slash(r.room, "hi", nil).Answer(); m.Text() != "Hello." {
		r.t.Errorf("answered %q", m.Text())
	}
}

func TestItAsksForLittle(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.works()
	const messageContent, direct, guildMessages, guilds = 1 << 15, 1 << 12, 1 << 9, 1 << 0
	if got := r.Gateway().Intents(); got != direct|guildMessages|guilds || got&messageContent != 0 {
		t.Errorf("it wants to hear of %b", got)
	}
	if l := r.platform.Link(); !l.Connected || l.LastHeard.IsZero() {
		t.Errorf("the connection is %+v", l)
	}
}

func TestFaultsOfTheGatewayPass(t *testing.T) {
	t.Parallel()
	// Each fault comes, and then the bot answers on another connection.
	for name, tc := range map[string]struct {
		before  func(g discordtest.Gateway)
		after   func(g discordtest.Gateway)
		resumes bool
	}{
		"no greeting":          {before: func(g discordtest.Gateway) { g.Silence(1) }},
		"op 7 before READY":    {before: func(g discordtest.Gateway) { g.Bounce(2) }},
		"op 7":                 {after: func(g discordtest.Gateway) { g.Reconnect() }, resumes: true},
		"op 9 that can resume": {after: func(g discordtest.Gateway) { g.Invalidate(true) }, resumes: true},
		"op 9 that cannot":     {after: func(g discordtest.Gateway) { g.Invalidate(false) }},
		"no confirmation": {before: func(g discordtest.Gateway) { g.Heartbeat(40 * time.Millisecond); g.Mute(true) }, after: func(g discordtest.Gateway) {
			g.Await(2)
			g.Heartbeat(time.Minute)
			g.Mute(false)
		}, resumes: true},
		"closed with 4000":        {after: func(g discordtest.Gateway) { g.Close(4000) }, resumes: true},
		"closed with 4009":        {after: func(g discordtest.Gateway) { g.Close(4009) }},
		"cut in the middle":       {after: func(g discordtest.Gateway) { g.Cut() }, resumes: true},
		"no JSON":                 {after: func(g discordtest.Gateway) { g.Frame("{") }, resumes: true},
		"null":                    {after: func(g discordtest.Gateway) { g.Frame("null") }, resumes: true},
		"a confirmation too soon": {before: func(g discordtest.Gateway) { g.Early() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *discord.Config) {
				if c.Patience = unhurried; name == "no greeting" {
					c.Patience = 5 * time.Second / 2 // of which it waits for one second
				}
			})
			if tc.before != nil {
				tc.before(r.Gateway())
			}
			r.start()
			r.WaitReady()
			first, _, _ := r.Gateway().Counts()
			if tc.after != nil {
				tc.after(r.Gateway())
			}
			if tc.resumes {
				r.WaitFor("the session to be taken up again", func() bool {
					n, _, resumed := r.Gateway().Counts()
					return n >= first && resumed > 0
				})
				if at := r.Gateway().ResumedAt(); !strings.HasPrefix(at[0], "/ws/resume") {
					t.Errorf("taken up again at %s", at[0])
				}
			}
			r.works()
			if n, _, _ := r.Gateway().Counts(); tc.after != nil && n <= first {
				t.Error("the same connection went on")
			}
			if _, begun, _ := r.Gateway().Counts(); tc.resumes && begun != 1 {
				t.Errorf("%d sessions were begun", begun)
			}
			if _, _, resumed := r.Gateway().Counts(); !tc.resumes && name != "no greeting" && resumed > 0 {
				t.Errorf("a session that had ended was taken up %d times", resumed)
			}
		})
	}
}

// After "invalid session" Discord wants one to five seconds before the next one,
// which are two to ten times the first wait.
func TestAnInvalidSessionIsGivenAPause(t *testing.T) {
	t.Parallel()
	const first = 20 * time.Millisecond
	for _, resumes := range []bool{false, true} {
		r := newRig(t, func(c *discord.Config) { c.Backoff = first }).start()
		r.works()
		begun := time.Now()
		r.Gateway().Invalidate(resumes)
		r.Gateway().Await(2)
		if after := time.Since(begun); after < 2*first {
			t.Errorf("the next connection came after %v", after)
		}
		r.works()
	}
}

// What Discord does rarely, or may do one day, costs neither the connection nor an
// answer.
func TestOddThingsCostNothing(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]func(r *rig){
		"heartbeats asked for": func(r *rig) {
			for range 5000 {
				r.Gateway().Frame(`{"op":1,"d":null}`)
			}
		},
		"a second greeting": func(r *rig) { r.Gateway().Frame(`{"op":10,"d":{"heartbeat_interval":41250}}`) },
		"unknown things":    func(r *rig) { r.Gateway().Frame(`{"op":42,"d":[{}],"s":null,"t":null}`) },
		"an odd sequence": func(r *rig) {
			r.Gateway().Frame(`{"op":0,"t":"RATE_LIMITED","s":"soon","d":{"opcode":8,"retry_after":1.5}}`)
		},
		"a large event": func(r *rig) { r.Gateway().Raw("SOMETHING_NEW", `"`+strings.Repeat("x", 2<<20)+`"`) },
		"pieces and pings": func(r *rig) {
			r.Gateway().Pieces(`{"op":0,"t":"SOMETHING_NEW","s":1,"d":{"a":["` + strings.Repeat("x", 300) + `"]}}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).start()
			r.WaitReady()
			odd(r)
			r.works()
			if connections, _, _ := r.Gateway().Counts(); connections != 1 {
				t.Errorf("%d connections", connections)
			}
		})
	}
}

func TestWhatHappenedMeanwhileIsNotLost(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.works()
	r.Gateway().Close(4000)
	r.maya.Say(r.maya.Direct(), "are you there?")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == "You said: are you there?" })
	if _, sessions, resumed := r.Gateway().Counts(); sessions != 1 || resumed != 1 {
		t.Errorf("%d sessions, %d resumed", sessions, resumed)
	}
}

// A session waits at Discord for whoever cannot connect for a while, or not at the
// address that was named for it.
func TestASessionIsKeptWhileNobodyConnects(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path  string
		times int
		at    string
	}{
		"nothing answers for a while": {"/ws/", 6, "/ws/main"},
		"the named address is dead":   {"/ws/resume", 1_000_000, "/ws/main"},
		"for a moment":                {"/ws/", 1, "/ws/resume"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).start()
			r.works()
			r.Gateway().Down(tc.path, tc.times)
			r.Gateway().Close(4000)
			r.maya.Say(r.maya.Direct(), "I want to end it")
			r.Gateway().Await(2)
			r.WaitFor("a session", func() bool {
				_, begun, resumed := r.Gateway().Counts()
				return begun+resumed == 2
			})
			if _, begun, _ := r.Gateway().Counts(); begun != 1 {
				t.Fatal("a new session was begun, which hears nothing of what was said")
			}
			if at := r.Gateway().ResumedAt(); !strings.HasPrefix(at[0], tc.at) {
				t.Errorf("taken up again at %s", at[0])
			}
			r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return strings.HasSuffix(m.Text(), "I want to end it") })
		})
	}
}

func TestWhatCannotBeMendedEndsTheProgram(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		4004: "DISCORD_TOKEN", 4010: "more servers", 4011: "more servers", 4012: "update", 4013: "intents", 4014: "intents",
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.Gateway().Refuse(code)
			r.start()
			if err := r.failed(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Run ended with %v", err)
			}
			if _, identifies, _ := r.Gateway().Counts(); identifies != 1 {
				t.Errorf("it tried %d times", identifies)
			}
		})
	}
	t.Run("later", func(t *testing.T) {
		t.Parallel()
		r := newRig(t).start()
		r.works()
		r.Gateway().Close(4004)
		if err := r.failed(); err == nil || !strings.Contains(err.Error(), "DISCORD_TOKEN") {
			t.Errorf("Run ended with %v", err)
		}
	})
}

func TestAWrongSetting(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*discord.Config)
		want   string
	}{
		"token":       {func(c *discord.Config) { c.Token = "wrong" }, "DISCORD_TOKEN is not accepted"},
		"application": {func(c *discord.Config) { c.AppID = "12345" }, "belongs to the application " + discordtest.AppID},
		"key":         {func(c *discord.Config) { c.PublicKey = strings.Repeat("ab", 32) }, "DISCORD_PUBLIC_KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := newRig(t, tc.change).start().failed(); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Run ended with %v", err)
			}
		})
	}
	for name, cfg := range map[string]discord.Config{
		"no token":     {},
		"a space":      {Token: "a b"},
		"half a key":   {Token: "x", PublicKey: "abcd"},
		"no key":       {Token: "x", PublicKey: strings.Repeat("xy", 32)},
		"a name":       {Token: "x", AppID: "village"},
		"half address": {Token: "x", APIURL: "discord.com"},
	} {
		if _, err := discord.New(cfg); err == nil || !strings.HasPrefix(err.Error(), "DISCORD_") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABadStartIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, on := range []string{"GET /applications/@me", "GET /applications/" + discordtest.AppID, "PUT ", "GET /gateway"} {
		r.Fail(discordtest.Broken(on, 2, 502))
		r.Fail(discordtest.RateLimited(on, 1, 0.01))
	}
	r.start().works()
}

func TestNoMoreSessionsToday(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Gateway().Starts(0, 50*time.Millisecond)
	begun := time.Now()
	r.start().works()
	if waited := time.Since(begun); waited < 50*time.Millisecond {
		t.Errorf("it waited %v", waited)
	}
}

func TestCommandsAreRegisteredWhenTheyChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.bot.Table()[0].In = map[string]bot.Local{"de": {Name: "frage", Summary: "Eine Frage stellen"}}
	for n := range 2 {
		r.run()
		r.WaitFor("the commands to be looked at", func() bool { return len(r.Requests("GET /applications/"+discordtest.AppID)) > n })
		r.works()
		r.end()
		r.renew()
	}
	if _, writes := r.Registered(); writes != 1 {
		t.Errorf("the commands were written %d times", writes)
	}
	r.bot.Table()[0].Summary = "Ask something else"
	r.start().works()
	r.WaitFor("the change to be registered", func() bool {
		_, writes := r.Registered()
		return writes == 2
	})
}

func TestTheSameTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.Twice()
	r.works()
	r.maya.Say(r.maya.Direct(), "once")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == "You said: once" })
	r.maya.Slash(r.room, "faq", nil).Answer()
	r.end()
	if n := len(r.requests()); n != 3 {
		t.Errorf("%d handlers ran", n)
	}
	if n := len(r.maya.Direct().Messages()); n != 2 {
		t.Errorf("%d direct messages", n)
	}
}

func TestAnswersInBadWeather(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		faults []discordtest.Fault
		slow   bool
	}{
		"500, then 503":            {faults: []discordtest.Fault{discordtest.Broken("POST /interactions", 1, 500), discordtest.Broken("POST /interactions", 1, 503)}},
		"429":                      {faults: []discordtest.Fault{discordtest.RateLimited("POST /interactions", 2, 0.01)}},
		"an answer that got lost":  {faults: []discordtest.Fault{{On: "POST /interactions", Times: 1, Status: 502, AfterWork: true}}},
		"completed late, with 429": {slow: true, faults: []discordtest.Fault{discordtest.RateLimited("PATCH /webhooks", 2, 0.01), discordtest.Broken("PATCH /webhooks", 1, 503)}},
		"a page of HTML":           {slow: true, faults: []discordtest.Fault{{On: "PATCH /webhooks", Times: 1, Status: 502, Body: "<html>bad gateway</html>"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *discord.Config) {
				if tc.slow {
					c.DeferAfter = time.Millisecond
				}
			}).start()
			r.WaitReady()
			for _, f := range tc.faults {
				r.Fail(f)
			}
			if !tc.slow {
				use := r.maya.Slash(r.room, "twice", nil)
				if got := []string{use.Answer().Text(), use.More(2)[1].Text()}; got[0] != "one" || got[1] != "three" {
					t.Errorf("answered %q", got)
				}
				return
			}
			if m := r.slow().Answer(); m.Text() != "Here it is." {
				t.Errorf("answered %q", m.Text())
			}
		})
	}
}

func TestFollowUpsInBadWeather(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.Fail(discordtest.Refused("POST /webhooks", 1, 404, 10015))
	r.Fail(discordtest.Broken("POST /webhooks", 1, 500))
	use := r.maya.Slash(r.room, "twice", nil)
	use.Answer()
	if got := use.More(2); got[1].Text() != "three" {
		t.Errorf("followed by %q", got[1].Text())
	}
}

// One person's answer that Discord holds up must not hold up another's: in
// discordgo all completed answers wait in one line.
func TestAnswersDoNotWaitForOneAnother(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		on       string
		deferred bool
		ask      func(r *rig) *discordtest.Use
		whole    func(use *discordtest.Use) string
	}{
		"first":     {on: "POST /interactions", ask: func(r *rig) *discordtest.Use { return r.maya.Slash(r.room, "hi", nil) }, whole: func(use *discordtest.Use) string { return use.Answer().Text() }},
		"completed": {on: "PATCH /webhooks", deferred: true, ask: (*rig).slow, whole: func(use *discordtest.Use) string { return use.Answer().Text() }},
		"followed":  {on: "POST /webhooks", ask: func(r *rig) *discordtest.Use { return r.maya.Slash(r.room, "twice", nil) }, whole: func(use *discordtest.Use) string { return use.More(2)[1].Text() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *discord.Config) {
				if tc.deferred {
					c.DeferAfter = time.Millisecond
				}
			}).start()
			r.WaitReady()
			r.Fail(discordtest.RateLimited(tc.on, 1, 3600))
			tc.ask(r)
			r.WaitFor("somebody to be told to wait for an hour", func() bool {
				all := r.Requests(tc.on)
				return len(all) == 1 && all[0].Status == 429
			})
			hold := make(chan struct{})
			r.Fail(discordtest.Fault{On: tc.on, Times: 1, Until: hold})
			held := tc.ask(r)
			r.WaitFor("somebody else to be held up", func() bool { return len(r.Requests(tc.on)) == 2 })
			want := map[string]string{"first": "Hello.", "completed": "Here it is.", "followed": "three"}[name]
			if got := tc.whole(tc.ask(r)); got != want {
				t.Errorf("answered %q", got)
			}
			close(hold)
			tc.whole(held)
		})
	}
}

// What Discord no longer knows, or no longer lets the bot complete, is no reason to
// try for long, nor for the program to end; the lines for a crisis go another way.
func TestAnAnswerThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for code, status := range map[int]int{50027: 401, 10015: 404, 10008: 404, 10062: 404, 50001: 403, 50013: 403} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *discord.Config) { c.DeferAfter = time.Millisecond }).start()
			r.WaitReady()
			r.Fail(discordtest.Refused("PATCH /webhooks", 0, status, code))
			r.slow()
			hold := make(chan struct{})
			r.mu.Lock()
			r.hold = hold
			r.mu.Unlock()
			use := r.maya.Slash(r.room, "slow", map[string]any{"then": "danger"})
			use.Announced()
			close(hold)
			r.maya.Direct().WaitMessage("the lines for a crisis", func(m *discordtest.Message) bool { return m.Text() == "Please call 988." })
			r.Mend()
			if m := r.slow().Answer(); m.Text() != "Here it is." {
				t.Errorf("the next one is answered %q", m.Text())
			}
			if n := len(r.maya.Direct().Messages()); n != 1 {
				t.Errorf("%d direct messages", n)
			}
		})
	}
}

func TestWordsInBadWeather(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	for _, on := range []string{"POST /users/@me/channels", "POST /channels"} {
		r.Fail(discordtest.Broken(on, 1, 503))
		r.Fail(discordtest.RateLimited(on, 1, 0.01))
	}
	r.maya.Say(r.room, "<@"+discordtest.BotID+"> can I drive?")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == "You said: can I drive?" })
}

func TestTooLateIsLate(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.AnswerWithin(time.Nanosecond)
	close(r.hold)
	r.maya.Slash(r.room, "slow", map[string]any{"then": "danger"})
	// The person sees that the bot did not answer; who is in danger is told another way.
	r.maya.Direct().WaitMessage("the lines for a crisis", func(m *discordtest.Message) bool { return m.Text() == "Please call 988." })
	r.maya.Slash(r.room, "hi", nil)
	r.WaitFor("the refusal", func() bool { return len(r.Requests("POST /interactions")) == 2 })
	if n := len(r.maya.Direct().Messages()); n != 1 {
		t.Errorf("%d direct messages", n)
	}
}

func TestStrangeEvents(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	g := r.Gateway()
	for _, d := range []string{
		`null`, `{}`, `[]`, `"x"`, `{"id":"1","token":"t"}`,
		`{"id":"2","token":"t","type":99,"data":{}}`,
		`{"id":"3","token":"t","type":2,"data":null}`,
		`{"id":"4","token":"t","type":2,"data":"x"}`,
		`{"id":"5","token":"t","type":3,"data":{"custom_id":7}}`,
		`{"id":"6","token":"t","type":5,"data":{"custom_id":"v1:ask ride-home?%zz","components":[null,{"type":99}]}}`,
		`{"id":"7","token":"t","type":2,"member":{},"data":{"name":"hi","type":3,"options":[{"name":"x","type":1}]}}`,
		`{"id":"8","token":"t","type":4,"data":{"name":"nothing"}}`,
	} {
		g.Raw("INTERACTION_CREATE", d)
	}
	for _, d := range []string{`null`, `{}`, `[]`, `{"id":"1","author":null}`, `{"id":"1","author":{"id":"5","bot":true},"content":"x"}`} {
		g.Raw("MESSAGE_CREATE", d)
	}
	g.Raw("SOMETHING_NEW", `{"a":[1,2,3]}`)
	// A component of a kind that discordgo refuses, in the pressed message and in
	// the form: it hands on half an event.
	g.Raw("INTERACTION_CREATE", `{"id":"9","application_id":"`+discordtest.AppID+`","token":"t","type":5,"guild_id":"1","channel_id":"`+r.room.ID+`",
		"member":{"user":{"id":"`+r.maya.ID+`","username":"maya"},"permissions":"0"},
		"message":{"id":"1","components":[{"type":17,"components":[{"type":99}]}]},
		"data":{"custom_id":"v1:ask ride-home","components":[{"type":18,"component":{"type":4,"custom_id":"from","value":"here"}},
		{"type":18,"component":{"type":4,"custom_id":"when","value":"now"}},{"type":77,"new":true}]}}`)
	r.WaitFor("the form to reach its handler", func() bool { return len(r.requests()) == 1 })
	if got := r.last(); got.Arg("from") != "here" || got.Arg("when") != "now" {
		t.Errorf("asked %v", got.Args)
	}
	r.works()
}
