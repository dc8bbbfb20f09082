package slack

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"village/bot/slack/slacktest"
)

// forgetful is a Slack that says yes to every message and keeps none; what is asked of it
// goes on to the local one.
type forgetful struct {
	next  http.RoundTripper
	posts atomic.Int64
}

func (f *forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/auth.") || strings.Contains(r.URL.Path, "/users.") {
		return f.next.RoundTrip(r)
	}
	f.posts.Add(1)
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	answer := `{"ok":true,"channel":"D0MAYA","ts":"1.000001","message_ts":"1.000001"}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// Thousands of commands come over HTTP and are answered: what they took is given back,
// beyond what is remembered up to a bound. Only things are counted here, no time.
func TestThousandsLeaveNothing(t *testing.T) {
	const all = 3000
	away := &forgetful{next: http.DefaultTransport}
	r := offline(t, func(r *rig) {
		r.p.cfg.AppToken = ""
		for i := range 20_000 { // what is bounded
			r.p.notes.FirstHere("filled/"+strconv.Itoa(i), seenFor)
		}
	})
	r.p.web.Transport = away
	handler := r.p.Handler(r.bot)
	r.run()
	select {
	case <-r.p.ready:
	case <-time.After(time.Minute):
		t.Fatal("it does not sign in")
	}
	ask := func(from, to int) {
		before := away.posts.Load()
		for n := from; n < to; n++ {
			body := url.Values{"command": {"/echo"}, "text": {"hello " + strconv.Itoa(n)}, "team_id": {slacktest.Team}, "channel_id": {"C0VILLAGE"}, "user_id": {"U0MAYA"},
				"trigger_id": {"t" + strconv.Itoa(n)}, "response_url": {r.URL() + "answer"}}.Encode()
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, slacktest.SignedRequest("/", formType, []byte(body), time.Now()))
			if w.Code != http.StatusOK {
				t.Fatalf("command %d: %d %s", n, w.Code, w.Body)
			}
		}
		for limit := time.Now().Add(time.Minute); away.posts.Load()-before < int64(to-from) && time.Now().Before(limit); {
			runtime.Gosched()
		}
		if got := away.posts.Load() - before; got < int64(to-from) {
			t.Fatalf("%d answers to %d commands", got, to-from)
		}
	}
	heap := func() uint64 {
		r.log.reset()
		runtime.GC()
		runtime.GC() // what finalizers let go of
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	ask(0, 500)
	before, goroutines := heap(), runtime.NumGoroutine()
	ask(500, 500+all)
	for limit := time.Now().Add(time.Minute); runtime.NumGoroutine() > goroutines+10 && time.Now().Before(limit); {
		runtime.Gosched()
	}
	if got := runtime.NumGoroutine(); got > goroutines+10 {
		t.Errorf("%d goroutines were left of %d", got, goroutines)
	}
	after := heap()
	t.Logf("the heap went from %d to %d bytes, %d a command", before, after, (int64(after)-int64(before))/all)
	if after > before+all*100 {
		t.Errorf("the heap went from %d to %d bytes", before, after)
	}
}

// reset forgets what was logged.
func (s *syncBuffer) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Reset()
}
