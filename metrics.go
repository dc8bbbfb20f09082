package main

import (
	"villagebot/bot/web"
	"villagebot/scheduler"
)

// metrics are the counters for /metrics. They count messages, never say what
// is in them.
func metrics(s *scheduler.Scheduler) []web.Metric {
	count := func(outcome string, of func(scheduler.Stats) uint64) web.Metric {
		return web.Metric{
			Name: "village_deliveries_total", Help: "Deliveries by outcome.",
			Labels: map[string]string{"outcome": outcome},
			Value:  func() float64 { return float64(of(s.Stats())) },
		}
	}
	return []web.Metric{
		count("sent", func(s scheduler.Stats) uint64 { return s.Sent }),
		count("edited", func(s scheduler.Stats) uint64 { return s.Edited }),
		count("retried", func(s scheduler.Stats) uint64 { return s.Retried }),
		count("deferred", func(s scheduler.Stats) uint64 { return s.Deferred }),
		count("dead", func(s scheduler.Stats) uint64 { return s.Dead }),
		count("late", func(s scheduler.Stats) uint64 { return s.Late }),
	}
}
