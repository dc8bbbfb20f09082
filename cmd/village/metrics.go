package main

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"village/bot"
	"village/bot/discord"
	"village/internal/store"
	"village/scheduler"
)

// metrics count what happens, for /metrics. They never say in what words, or to whom.
type metrics struct {
	requests    *prometheus.CounterVec
	answers     *prometheus.HistogramVec
	outcomes    *prometheus.CounterVec
	lateness    *prometheus.HistogramVec
	hand, since *prometheus.Desc

	mu   sync.Mutex
	held map[string]map[store.Key]time.Time // by kind: when each job in hand was due
}

func newMetrics() *metrics {
	return &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "village_requests_total",
			Help: "Requests by platform and by what came of them: ok, crisis, internal (a fault of ours) or the code of a mistake."}, []string{"platform", "outcome"}),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "village_answer_seconds",
			Help: "How long a request took to its answer, apart from the way there and back.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3}}, []string{"platform"}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "village_deliveries_total",
			Help: "What became of jobs that were due, by kind: sent, edited, retried, deferred, dead; late counts beside them."}, []string{"kind", "outcome"}),
		lateness: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "village_delivery_lateness_seconds",
			Help: "How long after its due time a job was taken in hand; urgent is what somebody waits for.", Buckets: []float64{.005, .05, .25, 1, 2, 5, 15, 60, 300, 900, 3600}}, []string{"urgent"}),
		hand:  prometheus.NewDesc("village_jobs_in_hand", "Jobs that are due and in hand, by kind.", []string{"kind"}, nil),
		since: prometheus.NewDesc("village_jobs_oldest_due_timestamp_seconds", "When the oldest job in hand was due, by kind.", []string{"kind"}, nil),
		held:  map[string]map[store.Key]time.Time{},
	}
}

// answered counts a request.
func (m *metrics) answered(r bot.Request, outcome string, took time.Duration) {
	if outcome == "" {
		outcome = "ok"
	}
	platform := bot.PlatformOf(r.From.ID)
	m.requests.WithLabelValues(platform, outcome).Inc()
	m.answers.WithLabelValues(platform).Observe(took.Seconds())
}

// Leased is for the scheduler.
func (m *metrics) Leased(j store.Job) {
	urgent := "no"
	if j.Urgent {
		urgent = "yes"
	}
	m.lateness.WithLabelValues(urgent).Observe(max(0, time.Since(j.Due).Seconds()))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[j.Kind] == nil {
		m.held[j.Kind] = map[store.Key]time.Time{}
	}
	m.held[j.Kind][inHand(j)] = j.Due
}

// Done is for the scheduler.
func (m *metrics) Done(j store.Job) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held[j.Kind], inHand(j))
}

func inHand(j store.Job) store.Key { return store.Key{Partition: j.Partition, ID: j.ID} }

// Became is for the scheduler.
func (m *metrics) Became(kind string, o scheduler.Outcome) {
	m.outcomes.WithLabelValues(kind, o.String()).Inc()
}

// Describe and Collect make a prometheus.Collector of it.
func (m *metrics) Describe(to chan<- *prometheus.Desc) {
	for _, c := range []prometheus.Collector{m.requests, m.answers, m.outcomes, m.lateness} {
		c.Describe(to)
	}
	to <- m.hand
	to <- m.since
}

// Collect is for prometheus.
func (m *metrics) Collect(to chan<- prometheus.Metric) {
	for _, c := range []prometheus.Collector{m.requests, m.answers, m.outcomes, m.lateness} {
		c.Collect(to)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for kind, jobs := range m.held {
		to <- prometheus.MustNewConstMetric(m.hand, prometheus.GaugeValue, float64(len(jobs)), kind)
		var oldest time.Time
		for _, due := range jobs {
			if oldest.IsZero() || due.Before(oldest) {
				oldest = due
			}
		}
		if !oldest.IsZero() {
			to <- prometheus.MustNewConstMetric(m.since, prometheus.GaugeValue, float64(oldest.UnixMilli())/1000, kind)
		}
	}
}

// askTime bounds what the store is asked when somebody looks at the metrics.
const askTime = 2 * time.Second

// overdue says how old the oldest job is that is due, wherever it waits; -1 while the
// store does not say.
func overdue(s store.Store, now func() time.Time) prometheus.Collector {
	return gauge("village_jobs_overdue_seconds", "How long the oldest job that nobody has in hand has been due; 0 when none is, -1 while the store does not say.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), askTime)
		defer cancel()
		due, ok, err := s.NextDue(ctx)
		switch {
		case err != nil:
			return -1
		case !ok:
			return 0
		}
		return max(0, now().Sub(due).Seconds())
	})
}

// gauge is a number that is read whenever somebody looks.
func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

// buildMetric says which version runs.
func buildMetric() prometheus.Collector {
	labels := prometheus.Labels{"version": "unknown", "revision": "unknown", "goversion": "unknown"}
	if info, ok := debug.ReadBuildInfo(); ok {
		labels["version"], labels["goversion"] = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				labels["revision"] = s.Value
			}
		}
	}
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "village_build_info", Help: "1, with the version that runs.", ConstLabels: labels}, func() float64 { return 1 })
}

// gatewayMetrics say how the connection to Discord's gateway is.
func gatewayMetrics(d *discord.Platform) []prometheus.Collector {
	return []prometheus.Collector{
		gauge("village_discord_connected", "1 when all shards of this process are connected.", func() float64 { return truth(d.Link().Connected) }),
		gauge("village_discord_shards", "Shards that this process serves.", func() float64 { return float64(len(d.Link().Shards)) }),
	}
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// seconds is a time as Prometheus has it; 0 before the first.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
