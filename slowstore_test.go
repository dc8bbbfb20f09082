package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"villagebot/bot"
	"villagebot/bot/discord"
	"villagebot/bot/discord/discordtest"
	"villagebot/bot/slack"
	"villagebot/bot/slack/slacktest"
	"villagebot/content"
	"villagebot/store"
	"villagebot/store/bolt"
	"villagebot/village"
)

// heldStore answers nobody while it is held.
type heldStore struct {
	store.Store
	mu   sync.Mutex
	gate chan struct{} // closed when it may answer
}

func (h *heldStore) hold() (let func()) {
	gate := make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gate = gate
	return func() { close(gate) }
}

func (h *heldStore) wait(ctx context.Context) error {
	h.mu.Lock()
	gate := h.gate
	h.mu.Unlock()
	if gate == nil {
		return nil
	}
	select {
	case <-gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *heldStore) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Store.Get(ctx, keys...)
}

func (h *heldStore) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Store.List(ctx, q)
}

func (h *heldStore) Count(ctx context.Context, partition, index string, from, to int64) (int64, error) {
	if err := h.wait(ctx); err != nil {
		return 0, err
	}
	return h.Store.Count(ctx, partition, index, from, to)
}

func (h *heldStore) Commit(ctx context.Context, c store.Change) error {
	if err := h.wait(ctx); err != nil {
		return err
	}
	return h.Store.Commit(ctx, c)
}

// While the store answers nobody, every command there is gets its first answer,
// on both platforms and over both transports; when the store answers again, so
// does each of them.
func TestEveryCommandWhileTheStoreIsSlow(t *testing.T) {
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, overHTTP := range []bool{false, true} {
		t.Run(fmt.Sprintf("http=%v", overHTTP), func(t *testing.T) {
			d, s := discordtest.New(t), slacktest.New(t)
			d.AnswerWithin(time.Minute) // the order counts here, not this machine's speed
			s.AckWithin = time.Minute
			embedded, err := bolt.OpenThrowaway(time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer embedded.Close()
			held := &heldStore{Store: embedded}
			onDiscord, err := discord.New(discord.Config{
				Token: discordtest.Token, PublicKey: d.PublicKey(), APIURL: d.URL(), HTTPOnly: overHTTP,
				State: newCopies(held, keys, time.Now, discord.Name, true), DeferAfter: time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			slackConfig := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), State: newCopies(held, keys, time.Now, "slack", true)}
			if overHTTP {
				slackConfig.AppToken, slackConfig.SigningSecret = "", slacktest.SigningSecret
			}
			onSlack, err := slack.New(slackConfig)
			if err != nil {
				t.Fatal(err)
			}
			a, err := assemble(held, library, keys, time.Now, rand.Reader, []bot.Platform{onDiscord, onSlack}, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			if overHTTP {
				mux := http.NewServeMux()
				mux.Handle(discordRoute, onDiscord.Handler(a.bot))
				mux.Handle(slackRoute, onSlack.Handler(a.bot))
				web := httptest.NewServer(mux)
				defer web.Close()
				d.DeliverTo(web.URL + discordRoute)
				s.UseHTTP(web.URL + slackRoute)
			}
			ctx, cancel := context.WithCancel(context.Background())
			var running sync.WaitGroup
			for _, p := range []bot.Platform{onDiscord, onSlack} {
				running.Go(func() {
					if err := p.Run(ctx, a.bot); err != nil {
						t.Error(err)
					}
				})
			}
			defer running.Wait()
			defer cancel()
			d.WaitReady()
			s.WaitFor("Slack to be ready", func() bool { return len(s.Calls("auth.test")) > 0 })
			if !overHTTP {
				s.WaitSockets(1)
			}

			let := held.hold()
			room, mod := d.Guild("Friends").Channel("village"), d.Person("Mod")
			mod.Moderator = true
			uses, asked := map[string]*discordtest.Use{}, map[string]string{}
			for path, cmd := range leaves("", a.bot.Table()) {
				options := map[string]any{}
				for _, o := range cmd.Options {
					if !o.Private {
						options[o.Name] = sample(o, mod, room)
					}
				}
				uses[path] = mod.Slash(room, path, options)
				user := fmt.Sprintf("U0USER%d", len(asked))
				s.AddUser(slacktest.User{ID: user, Name: "mod", Admin: true})
				asked[path] = user
				s.WaitAck(s.Slash(slacktest.Team, "C0VILLAGE", user, "/village", strings.TrimPrefix(cmd.Example, "/")))
			}
			if len(uses) < 60 {
				t.Fatalf("only %d commands were found", len(uses))
			}
			for _, use := range uses {
				use.Announced()
			}
			for _, m := range s.Messages() {
				if !strings.Contains(m.Words(), "One moment") {
					t.Errorf("answered without the store: %q", m.Words())
				}
			}
			let()
			for path, use := range uses {
				if m := use.Answer(); m.Text() == "" {
					t.Errorf("/%s is completed without words", path)
				}
			}
			for path, user := range asked {
				s.WaitFor("an answer to /"+path, func() bool {
					for _, m := range s.Messages() {
						if m.To() == user && !strings.Contains(m.Words(), "One moment") {
							return true
						}
					}
					for _, v := range s.Views() {
						if v.User == user {
							return true
						}
					}
					return false
				})
			}
		})
	}
}

// leaves are the commands that do something, by their path.
func leaves(above string, table []bot.Command) map[string]bot.Command {
	out := map[string]bot.Command{}
	for _, c := range table {
		path := strings.TrimSpace(above + " " + c.Name)
		if len(c.Subs) == 0 {
			out[path] = c
		}
		for sub, cmd := range leaves(path, c.Subs) {
			out[sub] = cmd
		}
	}
	return out
}

// sample is something that Discord lets somebody put into an option.
func sample(o bot.Option, who *discordtest.Person, room *discordtest.Channel) any {
	switch o.Kind {
	case bot.Choice:
		return o.Choices[0].Value
	case bot.Number:
		return o.Min
	case bot.YesNo:
		return true
	case bot.Someone:
		return who
	case bot.Place:
		return room
	case bot.Time:
		return "in 26 hours"
	}
	return "k7m2p9"
}
