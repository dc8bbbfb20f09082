package web

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// perAddress and perLink are how many requests in a minute are answered.
	perAddress = 120
	perLink    = 60
	// maxCounted is how many are told apart; whoever comes after shares one count.
	maxCounted = 20_000
)

// limits count what came in the last minute, as far as it goes by the clock.
type limits struct {
	now    func() time.Time
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, counts: map[string]int{}}
}

// allow counts one more of something, and says whether it is not too many.
func (l *limits) allow(what string, most int) bool {
	minute := l.now().Truncate(time.Minute)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !minute.Equal(l.minute) {
		l.minute = minute
		clear(l.counts)
	}
	if _, known := l.counts[what]; !known && len(l.counts) >= maxCounted {
		what = ""
	}
	l.counts[what]++
	return l.counts[what] <= most
}

// address is where a request comes from. A proxy on this machine or in its network says
// for whom it asks; what anybody else says of that is not believed.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() && !ip.IsPrivate() {
		return host
	}
	all := r.Header.Values("X-Forwarded-For")
	if len(all) == 0 {
		return host
	}
	last := all[len(all)-1]
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		last = last[i+1:]
	}
	if from := net.ParseIP(strings.TrimSpace(last)); from != nil {
		return from.String()
	}
	return host
}
