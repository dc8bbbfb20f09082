package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
)

// gate lets nobody pass while it is held.
type gate struct {
	mu   sync.Mutex
	gate chan struct{} // closed when one may pass
}

func (h *gate) hold() (let func()) {
	gate := make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gate = gate
	return func() { close(gate) }
}

func (h *gate) wait(ctx context.Context) error {
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

// waitingStore answers when its wait is over.
type waitingStore struct {
	store.Store
	wait func(ctx context.Context) error
}

func (h waitingStore) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Store.Get(ctx, keys...)
}

func (h waitingStore) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Store.List(ctx, q)
}

func (h waitingStore) Count(ctx context.Context, partition, index string, from, to int64) (int64, error) {
	if err := h.wait(ctx); err != nil {
		return 0, err
	}
	return h.Store.Count(ctx, partition, index, from, to)
}

func (h waitingStore) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Store.Counts(ctx, ranges...)
}

func (h waitingStore) Commit(ctx context.Context, c store.Change) error {
	if err := h.wait(ctx); err != nil {
		return err
	}
	return h.Store.Commit(ctx, c)
}

// While the store answers nobody, every command there is gets its first answer,
// on both platforms and over both transports; when the store answers again, so
// does each of them.
func TestEveryCommandWhileTheStoreIsSlow(t *testing.T) {
	for _, overHTTP := range []bool{false, true} {
		t.Run(fmt.Sprintf("http=%v", overHTTP), func(t *testing.T) {
			hold := &gate{}
			far := connectedTo(t, overHTTP, hold.wait)
			d, s := far.discord, far.slack

			let := hold.hold()
			room, mod := d.Guild("Friends").Channel("village"), d.Person("Mod")
			mod.Moderator = true
			uses, asked, urgent := map[string]*discordtest.Use{}, map[string]string{}, map[string]bool{}
			var typed []string
			for path, cmd := range leaves("", far.bot.Table()) {
				options := map[string]any{}
				for _, o := range cmd.Options {
					if !o.Private {
						options[o.Name] = sample(o, mod, room)
					}
				}
				uses[path] = given(t, far.bot.Table(), mod, room, path, options)
				user := fmt.Sprintf("U0USER%d", len(asked))
				s.AddUser(slacktest.User{ID: user, Name: "mod", Admin: true})
				asked[path], urgent[user] = user, cmd.Urgent
				typed = append(typed, s.Slash(slacktest.Team, "C0VILLAGE", user, "/village", strings.TrimPrefix(cmd.Example, "/")))
			}
			for _, envelope := range typed {
				s.WaitAck(envelope)
			}
			if len(uses) < 60 {
				t.Fatalf("only %d commands were found", len(uses))
			}
			for path, use := range uses {
				if !bot.Find(far.bot.Table(), strings.Fields(path)).Urgent { // they wait for nothing
					use.Announced()
				}
			}
			for _, m := range s.Messages() {
				if !strings.Contains(m.Words(), "One moment") && !urgent[m.To()] {
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

// given gives a command on Discord as people can: it is chosen from the list when it
// is there, and is pressed when it is not, as at a message from long ago.
func given(t *testing.T, table []bot.Command, who *discordtest.Person, room *discordtest.Channel, path string, options map[string]any) *discordtest.Use {
	t.Helper()
	words := strings.Fields(path)
	if listed(table, words) {
		return who.Slash(room, path, options)
	}
	args := map[string]string{}
	for name, value := range options {
		switch v := value.(type) {
		case *discordtest.Person:
			args[name] = discord.Name + "/" + v.ID
		case *discordtest.Channel:
			args[name] = discord.Name + "/" + v.ID
		case bool:
			args[name] = "yes"
		default:
			args[name] = fmt.Sprint(v)
		}
	}
	pressed := func() string { return "v1:" + bot.FormatLine(table, words, args) }
	for _, o := range slices.Backward(bot.OptionsOf(table, words)) {
		if len(pressed()) > longestID && !o.Required { // nobody's button holds all there is
			delete(args, o.Name)
		}
	}
	return who.PressID(room, pressed())
}

// bothPlatforms are servers that stand in for Discord and Slack, and the bot that is
// connected to them.
type bothPlatforms struct {
	discord *discordtest.Server
	slack   *slacktest.Server
	bot     *bot.Bot
}

// connectedTo starts the bot on both platforms, over a store that answers when wait
// returns, until the test ends.
func connectedTo(t *testing.T, overHTTP bool, wait func(ctx context.Context) error) bothPlatforms {
	t.Helper()
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	d, s := discordtest.New(t), slacktest.New(t)
	embedded, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { embedded.Close() })
	held := waitingStore{embedded, wait}
	onDiscord, err := discord.New(discord.Config{
		Token: discordtest.Token, PublicKey: d.PublicKey(), APIURL: d.URL(), OverHTTP: overHTTP,
		State: newCopies(held, keys, time.Now, discord.Name, "alone"), DeferAfter: time.Millisecond, AnswerWithin: unhurried,
	})
	if err != nil {
		t.Fatal(err)
	}
	slackConfig := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), State: newCopies(held, keys, time.Now, "slack", "alone"), AnswerWithin: unhurried}
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
		t.Cleanup(web.Close)
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
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	d.WaitReady()
	s.WaitFor("Slack to be ready", func() bool { return len(s.Calls("auth.test")) > 0 })
	if !overHTTP {
		s.WaitSockets(1)
	}
	return bothPlatforms{d, s, a.bot}
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
