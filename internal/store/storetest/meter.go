package storetest

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Meter measures the processor time of a benchmark, which says more than a clock where
// others work beside it.
type Meter struct {
	own     time.Duration
	servers []*Server
	theirs  time.Duration
}

// NewMeter begins to measure this process, and the servers that work for it.
func NewMeter(b *testing.B, servers ...*Server) *Meter {
	b.Helper()
	m := &Meter{servers: servers}
	m.own, m.theirs = m.now(b)
	return m
}

// Report reports the microseconds of processor time an operation, of which each round
// does so many: of this process, and of the servers where there are any.
func (m *Meter) Report(b *testing.B, each int) {
	b.Helper()
	own, theirs := m.now(b)
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N*each) }
	b.ReportMetric(per(own-m.own), "cpu-µs/op")
	if len(m.servers) > 0 {
		b.ReportMetric(per(theirs-m.theirs), "server-µs/op")
	}
}

func (m *Meter) now(b *testing.B) (own, theirs time.Duration) {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	for _, s := range m.servers {
		theirs += s.Processor(b)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), theirs
}

// Processor is the processor time that the server has used since it began.
func (s *Server) Processor(t testing.TB) time.Duration {
	t.Helper()
	var used time.Duration
	for line := range strings.Lines(s.bulk(t, "INFO cpu")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name != "used_cpu_user" && name != "used_cpu_sys" {
			continue
		}
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil {
			t.Fatal(err)
		}
		used += time.Duration(seconds * float64(time.Second))
	}
	return used
}
