package main

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/scheduler"
)

// Whoever looks after the whole program sees both platforms, what people ask and what
// is delivered, and nobody's words or names.
func TestMetrics(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	address := freeAddress(t)
	p := unhurriedProgram(t, map[string]string{
		"VILLAGE_DATA": t.TempDir(), "VILLAGE_LISTEN": address, "VILLAGE_BACKUP": t.TempDir(),
		"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL(),
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL(),
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	d.WaitReady()
	s.WaitSockets(1)
	mod := d.Person("Ines")
	mod.Moderator = true
	guild := d.Guild("Friends")
	room := guild.Channel("village")
	mod.Slash(room, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(room, "faq", map[string]any{"question": "can I drive home after"}).Answer()
	mod.Slash(room, "faq", map[string]any{"question": "I want to die"}).Answer()
	s.Slash(slacktest.Team, "C0VILLAGE", "U0MAYA", "/faq", "can I eat before")
	s.WaitText("U0MAYA", "eat")
	for _, want := range []string{
		`village_requests_total{outcome="ok",platform="discord"}`, `village_requests_total{outcome="crisis",platform="discord"} 1`,
		`village_requests_total{outcome="ok",platform="slack"} 1`, `village_answer_seconds_count{platform="slack"} 1`,
		`village_platform_up{platform="slack"} 1`, `village_platform_up{platform="discord"} 1`, "village_discord_connected 1", "village_discord_shards 1",
		"village_jobs_overdue_seconds 0", "village_clock_trusted", `village_build_info{`,
	} {
		waitAsked(t, address, "metrics", want)
	}
	shown := asked(t, address, "metrics")
	if heard := regexp.MustCompile(`village_platform_heard_timestamp_seconds\{platform="discord"\} [1-9]`); !heard.MatchString(shown) {
		t.Error("it does not say when Discord was last heard")
	}
	for _, private := range []string{"Ines", "drive home", "U0MAYA", "C0VILLAGE", guild.ID} {
		if strings.Contains(shown, private) {
			t.Errorf("the metrics say %q", private)
		}
	}
	// What the alerts and the dashboard ask for is there.
	for _, path := range []string{"../../docs/operating/alerts.yml", "../../docs/operating/grafana.json"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		asks := regexp.MustCompile(`\bvillage_[a-z_]+`).FindAllString(string(raw), -1)
		if len(asks) < 8 {
			t.Errorf("%s asks for %d metrics", path, len(asks))
		}
		for _, name := range asks {
			if name = strings.TrimSuffix(name, "_bucket"); !strings.Contains(shown, "\n"+name) && !described(newMetrics(), name) {
				t.Errorf("%s asks for %s, which is not there", path, name)
			}
		}
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// described says whether a collector has a metric of that name, also before there is a number.
func described(c prometheus.Collector, name string) bool {
	all := make(chan *prometheus.Desc, 20)
	c.Describe(all)
	close(all)
	for d := range all {
		if strings.Contains(d.String(), `"`+name+`"`) {
			return true
		}
	}
	return false
}

// What is in hand is counted by kind, with how long ago the oldest was due; and every
// metric is named and explained as Prometheus wants it.
func TestMetricsOfJobs(t *testing.T) {
	m := newMetrics()
	begun := time.Now().Add(-time.Minute)
	ride := store.Job{Partition: "g/1", ID: "a", Kind: "ride", Due: begun, Urgent: true}
	water := store.Job{Partition: "g/1", ID: "b", Kind: "water", Due: begun.Add(time.Second)}
	m.Leased(ride)
	m.Leased(water)
	m.Became("ride", scheduler.OutcomeSent)
	m.Done(ride)
	want := `
# HELP village_jobs_in_hand Jobs that are due and in hand, by kind.
# TYPE village_jobs_in_hand gauge
village_jobs_in_hand{kind="ride"} 0
village_jobs_in_hand{kind="water"} 1
# HELP village_deliveries_total What became of jobs that were due, by kind: sent, edited, retried, deferred, dead; late counts beside them.
# TYPE village_deliveries_total counter
village_deliveries_total{kind="ride",outcome="sent"} 1
`
	if err := testutil.CollectAndCompare(m, strings.NewReader(want), "village_jobs_in_hand", "village_deliveries_total"); err != nil {
		t.Error(err)
	}
	if n := testutil.CollectAndCount(m, "village_jobs_oldest_due_timestamp_seconds"); n != 1 {
		t.Errorf("%d kinds have an oldest job", n)
	}
	kept, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if err := kept.Commit(t.Context(), store.Change{Partition: "g/1", Jobs: []store.Job{ride}}); err != nil {
		t.Fatal(err)
	}
	late := overdue(kept, time.Now)
	if seconds := testutil.ToFloat64(late); seconds < 59 || seconds > 3600 {
		t.Errorf("a job that was due a minute ago is %v s overdue", seconds)
	}
	for _, c := range []prometheus.Collector{m, late, buildMetric()} {
		problems, err := testutil.CollectAndLint(c)
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
