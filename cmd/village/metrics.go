package main

import (
	"village/bot/discord"
	"village/bot/web"
	"village/scheduler"
)

// metrics are the counters for /metrics. They count messages, never say what
// is in them.
func metrics(s *scheduler.Scheduler, connected []connection) []web.Metric {
	count := func(outcome string, of func(scheduler.Stats) uint64) web.Metric {
		return web.Metric{
			Name: "village_deliveries_total", Help: "Deliveries by outcome.",
			Labels: map[string]string{"outcome": outcome},
			Value:  func() float64 { return float64(of(s.Stats())) },
		}
	}
	out := []web.Metric{
		count("sent", func(s scheduler.Stats) uint64 { return s.Sent }),
		count("edited", func(s scheduler.Stats) uint64 { return s.Edited }),
		count("retried", func(s scheduler.Stats) uint64 { return s.Retried }),
		count("deferred", func(s scheduler.Stats) uint64 { return s.Deferred }),
		count("dead", func(s scheduler.Stats) uint64 { return s.Dead }),
		count("late", func(s scheduler.Stats) uint64 { return s.Late }),
	}
	for _, c := range connected {
		out = append(out, c.metrics...)
	}
	return out
}

// gatewayMetrics say how the connection to Discord's gateway is.
func gatewayMetrics(d *discord.Platform) []web.Metric {
	return []web.Metric{
		{Name: "village_discord_connected", Help: "1 when all shards of this process are connected.", Gauge: true, Value: func() float64 {
			if d.Link().Connected {
				return 1
			}
			return 0
		}},
		{Name: "village_discord_shards", Help: "Shards that this process serves.", Gauge: true, Value: func() float64 { return float64(len(d.Link().Shards)) }},
		{Name: "village_discord_heard_seconds", Help: "When Discord last confirmed a heartbeat, in Unix seconds.", Gauge: true, Value: func() float64 {
			if heard := d.Link().LastHeard; !heard.IsZero() {
				return float64(heard.Unix())
			}
			return 0
		}},
	}
}
