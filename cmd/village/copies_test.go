package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/bot"
	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
	"village/internal/store"
	"village/internal/store/storetest"
	"village/internal/village"
)

// Two processes over one store, on every store: what one has answered the other
// knows, what one was told the other can use, and what one holds the other waits
// for.
func TestCopies(t *testing.T) {
	const secret = "ring at the blue door"
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	onEveryStore(t, func(t *testing.T, clock *clock, s store.Store) {
		ctx := t.Context()
		a := newCopies(s, keys, clock.Now, "discord", "")
		b := newCopies(s, keys, clock.Now, "discord", "")
		other := newCopies(s, keys, clock.Now, "slack", "")
		later := func(d time.Duration) { clock.set(clock.Now().Add(d)) }
		first := func(c *copies, key string, want bool) {
			t.Helper()
			if got, err := c.First(ctx, key, time.Minute); err != nil || got != want {
				t.Errorf("first: %v, %v", got, err)
			}
		}
		first(a, "use/1", true)
		first(b, "use/1", false)
		first(a, "use/1", false)
		first(b, "use/2", true)
		first(other, "use/1", true)
		later(time.Minute)
		first(b, "use/1", true)

		kept := func(c *copies, want string) {
			t.Helper()
			if got, err := c.Kept(ctx, "form/x"); err != nil || string(got) != want {
				t.Errorf("kept %q, %v", got, err)
			}
		}
		kept(b, "")
		for _, words := range []string{"something else", secret} {
			if err := a.Keep(ctx, "form/x", []byte(words), time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		kept(b, secret)
		kept(other, "")
		err := s.Walk(ctx, func(d store.Doc) error {
			if strings.Contains(string(d.Body), secret) || strings.Contains(d.ID, "use/1") || strings.Contains(d.ID, "form") {
				t.Errorf("the store can be read: %s %s", d.ID, d.Body)
			}
			return nil
		}, func(store.Job) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		later(time.Hour)
		kept(a, "")

		take := func(c *copies, leave, wantLeft string, wantOK bool) {
			t.Helper()
			var left []byte
			if leave != "" {
				left = []byte(leave)
			}
			left, ok, err := c.Take(ctx, "shards", "0", time.Minute, left)
			if err != nil || ok != wantOK || string(left) != wantLeft {
				t.Errorf("taken: %q, %v, %v", left, ok, err)
			}
		}
		count := func(want int) {
			t.Helper()
			if n, err := b.Count(ctx, "shards"); err != nil || n != want {
				t.Errorf("%d are held, %v", n, err)
			}
		}
		count(0)
		take(a, "", "", true)
		count(1)
		take(b, "", "", false)
		later(59 * time.Second)
		take(a, "seven", "", true) // renewed
		later(59 * time.Second)
		take(b, "", "seven", false)
		later(time.Second)
		count(0)
		take(b, "", "seven", true) // it ran out
		take(a, "", "seven", false)
		if err := a.Give(ctx, "shards", "0", []byte("not mine")); err != nil {
			t.Fatal(err)
		}
		take(a, "", "seven", false)
		if err := b.Give(ctx, "shards", "0", []byte("eight")); err != nil {
			t.Fatal(err)
		}
		count(0)
		take(a, "", "eight", true) // given back at once
		later(time.Minute + leftTime)
		take(b, "", "", true) // too long ago
	})
}

// Behind one address there are two copies of the bot, over one Redis: the same
// signed request to both is acted on once, and a form that one has opened can be
// sent to the other, on both platforms.
func TestCopiesOverHTTP(t *testing.T) {
	servers := map[string]string{"miniredis": "redis://" + miniredis.RunT(t).Addr()}
	if server := storetest.Redis(t); server != nil { // otherwise it has said so
		servers["redis"] = server.URL
	}
	for name, address := range servers {
		t.Run(name, func(t *testing.T) {
			d, s := discordtest.New(t), slacktest.New(t)
			env := map[string]string{
				"VILLAGE_DATA": t.TempDir(), "REDIS_URL": address, "VILLAGE_KEY": base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)),
				"VILLAGE_LISTEN": "127.0.0.1:0", "VILLAGE_PUBLIC_URL": "https://village.example",
				"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL(), "DISCORD_PUBLIC_KEY": d.PublicKey(),
				"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_SIGNING_SECRET": slacktest.SigningSecret, "SLACK_API_URL": s.URL(),
			}
			one, two := startCopy(t, env), startCopy(t, env)
			var said strings.Builder
			examined := maps.Clone(env)
			delete(examined, "SLACK_BOT_TOKEN")
			run(t.Context(), []string{"doctor"}, func(name string) string { return examined[name] }, strings.NewReader(""), &said, testLog{t})
			if !strings.Contains(said.String(), "heard from Discord's gateway") {
				t.Errorf("the doctor does not ask what copies share:\n%s", said.String())
			}
			room := d.Guild("Friends").Channel("village")
			maya := d.Person("Maya")
			d.DeliverTo(one.address + discordRoute)
			d.WaitReady()
			maya.Slash(room, "my zone", map[string]any{"zone": "Denver"}).Answer()

			// The form carries more than its id can hold.
			form := maya.Slash(room, "ask ride-home", map[string]any{"note": strings.Repeat("a good friend of dogs ", 6)}).Form()
			d.DeliverTo(two.address + discordRoute)
			answer := form.Submit(map[string]string{"when": "in 26 hours", "from": "near Union Station"}).Answer()
			if !strings.Contains(answer.Text(), "I'm asking your village") {
				t.Errorf("the other copy answers the form with %q", answer.Text())
			}
			s.UseHTTP(one.address + slackRoute)
			s.WaitFor("Slack to be ready", func() bool { return len(s.Calls("auth.test")) == 2 })
			s.Slash(slacktest.Team, "C0VILLAGE", "U0MAYA", "/village", "me zone UTC")
			s.WaitText("U0MAYA", "UTC")
			s.Slash(slacktest.Team, "C0VILLAGE", "U0MAYA", "/ask", "ride-home")
			modal := s.WaitView("U0MAYA", "From")
			s.UseHTTP(two.address + slackRoute)
			s.Submit(modal, map[string]string{"village/1/o/when/date": time.Now().UTC().Add(48 * time.Hour).Format(time.DateOnly), "village/1/o/when/time": "13:00", "village/1/o/from": "near Union Station"})
			s.WaitText("U0MAYA", "I'm asking your village")
			before := one.needs()

			body, err := json.Marshal(map[string]any{
				"id": "77", "application_id": discordtest.AppID, "type": 2, "token": "t77", "guild_id": room.Guild.ID, "channel_id": room.ID,
				"member": map[string]any{"user": map[string]any{"id": maya.ID, "username": "maya"}, "permissions": "0"},
				"data": map[string]any{"name": "ask", "type": 1, "options": []any{map[string]any{"name": "errand", "type": 1, "options": []any{
					map[string]any{"name": "when", "type": 3, "value": "in 30 hours"}, map[string]any{"name": "where", "type": 3, "value": "the pharmacy"}}}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			now := time.Now()
			for i, at := range []string{one.address, two.address, one.address, two.address} {
				want := http.StatusConflict
				if i == 0 {
					want = http.StatusOK
				}
				if got := deliver(t, d.Signed(at+discordRoute, body, now)); got != want {
					t.Errorf("delivery %d is answered with %d", i+1, got)
				}
			}
			command := url.Values{"command": {"/ask"}, "text": {"errand in 31 hours where: the pharmacy"}, "team_id": {slacktest.Team},
				"channel_id": {"C0VILLAGE"}, "user_id": {"U0MAYA"}, "trigger_id": {"77"}}.Encode()
			for _, at := range []string{one.address, two.address, one.address, two.address} {
				if got := deliver(t, slacktest.SignedRequest(at+slackRoute, "application/x-www-form-urlencoded", []byte(command), now)); got != http.StatusOK {
					t.Errorf("Slack is answered with %d", got)
				}
			}
			one.stop() // what was begun is finished first
			two.stop()
			if got := one.needs(); got != before+2 {
				t.Errorf("of two requests that were made four times came %d", got-before)
			}
		})
	}
}

// replica is a copy of the program that is reached over HTTP.
type replica struct {
	t       *testing.T
	store   store.Store
	address string
	stop    func()
}

func startCopy(t *testing.T, env map[string]string) *replica {
	t.Helper()
	p := unhurriedProgram(t, env)
	log := slog.New(slog.NewTextHandler(testLog{t}, nil))
	s, where, err := p.openStore(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := p.rightKey(t.Context(), s, where, false)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = unlocked(t.Context(), s, keys); err != nil {
		t.Fatal(err)
	}
	library, err := p.loadContent()
	if err != nil {
		t.Fatal(err)
	}
	connections, err := p.connections(func(name string) *copies { return newCopies(s, keys, time.Now, name, "") }, log)
	if err != nil {
		t.Fatal(err)
	}
	var platforms []bot.Platform
	for _, c := range connections {
		platforms = append(platforms, c.Platform)
	}
	a, err := assemble(s, library, keys, time.Now, rand.Reader, platforms, log)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, c := range connections {
		mux.Handle("POST "+c.route, c.handler(a.bot))
		running.Go(func() {
			if err := c.Run(ctx, a.bot); err != nil {
				t.Error(err)
			}
		})
	}
	web := httptest.NewServer(mux)
	stop := sync.OnceFunc(func() {
		web.Close()
		cancel()
		running.Wait()
	})
	t.Cleanup(func() {
		stop()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &replica{t: t, store: s, address: web.URL, stop: stop}
}

// needs is how many requests for help there are.
func (r *replica) needs() (n int) {
	r.t.Helper()
	err := r.store.Walk(context.Background(), func(d store.Doc) error {
		if d.Kind == "need" {
			n++
		}
		return nil
	}, func(store.Job) error { return nil })
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func deliver(t *testing.T, req *http.Request) int {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
