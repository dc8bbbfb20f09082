package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/bot/web"
	"village/internal/store/bolt"
	"village/scheduler"
)

// The metrics say whether Discord is heard, before and after it is.
func TestMetrics(t *testing.T) {
	d := discordtest.New(t)
	platform, err := discord.New(discord.Config{Token: discordtest.Token, APIURL: d.URL(), AnswerWithin: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	s, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	deliveries, err := scheduler.New(scheduler.Config{Store: s, Platforms: map[string]bot.Platform{discord.Name: platform}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	village, err := bot.New(bot.Config{Table: []bot.Command{{Name: "hi", Summary: "Says hello", Example: "/hi", Who: bot.Anyone,
		Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Text: "Hello."}), nil
		}}}})
	if err != nil {
		t.Fatal(err)
	}
	listener := web.New(web.Config{Addr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler), Metrics: metrics(deliveries, []connection{{Platform: platform, metrics: gatewayMetrics(platform)}})})
	if err := listener.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- listener.Run(ctx) }()
	shown := func(want ...string) {
		t.Helper()
		res, err := http.Get("http://" + listener.Addr() + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(want, `village_deliveries_total{outcome="sent"} 0`) {
			if !strings.Contains(string(body), w+"\n") {
				t.Errorf("%q is not in\n%s", w, body)
			}
		}
	}
	shown("village_discord_connected 0", "village_discord_shards 0", "village_discord_heard_seconds 0")
	go func() { ended <- platform.Run(ctx, village) }()
	d.WaitReady()
	d.Person("Maya").Slash(d.Guild("Friends").Channel("village"), "hi", nil).Answer()
	shown("village_discord_connected 1", "village_discord_shards 1")
	cancel()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
