package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func build(t *testing.T, cfg Config) *Server {
	t.Helper()
	s := New(cfg)
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	return s
}

func get(t *testing.T, s *Server, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		var sick error
		s := build(t, Config{Health: func(context.Context) []Part { asked++; return []Part{{Name: "store", Err: sick}, {Name: "discord"}} }})
		for range 5 {
			if r := get(t, s, "/healthz"); r.StatusCode != 200 || body(t, r) != "ok\n" {
				t.Errorf("healthy is answered with %s", r.Status)
			}
		}
		if asked != 1 {
			t.Errorf("the health function was asked %d times within a second", asked)
		}
		sick = errors.New("Redis keeps nothing on disk:\n" + strings.Repeat("turn on appendonly ", 30))
		<-time.After(healthKeep)
		r := get(t, s, "/healthz")
		said := body(t, r)
		if r.StatusCode != 503 || !strings.HasPrefix(said, "store: Redis keeps nothing on disk: turn on") || len(said) > maxReason+10 || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: %q", r.Status, said)
		}
		r = get(t, s, "/healthz", "X-Forwarded-For", "192.0.2.1")
		if said := body(t, r); r.StatusCode != 503 || strings.Contains(said, "Redis") {
			t.Errorf("from outside: %s: %q", r.Status, said)
		}
	})
}

// Whoever asks whether all is there is told of each part; from outside, only whether.
func TestReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parts := []Part{{Name: "store"}, {Name: "discord"}, {Name: "slack", Waiting: true}}
		s := build(t, Config{Health: func(context.Context) []Part { return parts }})
		says := func(path string, status int, want string, header ...string) {
			t.Helper()
			if r := get(t, s, path, header...); r.StatusCode != status || body(t, r) != want {
				t.Errorf("%s is answered with %s", path, r.Status)
			}
		}
		says("/readyz", 503, "store: ok\ndiscord: ok\nslack: not there yet\n")
		says("/healthz", 200, "ok\n")
		says("/readyz", 503, "not ready\n", "X-Forwarded-For", "192.0.2.1")
		parts = []Part{{Name: "store"}, {Name: "discord", Err: errors.New("not heard for 3m0s")}, {Name: "slack"}}
		<-time.After(healthKeep)
		says("/readyz", 503, "store: ok\ndiscord: not heard for 3m0s\nslack: ok\n")
		says("/healthz", 503, "discord: not heard for 3m0s\n")
		parts = []Part{{Name: "store"}}
		<-time.After(healthKeep)
		says("/readyz", 200, "store: ok\n")
		says("/readyz", 200, "ok\n", "Forwarded", "for=192.0.2.1")
	})
}

func TestMetrics(t *testing.T) {
	messages := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "village_messages_total", Help: "Messages."}, []string{"how"})
	messages.WithLabelValues("sent").Add(3)
	messages.WithLabelValues("edited").Add(4)
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "village_jobs_waiting", Help: "Jobs."}, func() float64 { return 5 })
	s := build(t, Config{Metrics: []prometheus.Collector{messages, waiting}})
	said := body(t, get(t, s, "/metrics"))
	for _, want := range []string{
		`village_messages_total{how="sent"} 3`, `village_messages_total{how="edited"} 4`, "# TYPE village_messages_total counter",
		"# TYPE village_jobs_waiting gauge", "village_jobs_waiting 5", "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("/metrics does not show %s", want)
		}
	}
	if r := get(t, s, "/metrics", "Forwarded", "for=192.0.2.1"); r.StatusCode != 404 {
		t.Errorf("from outside: %s", r.Status)
	}
}

func TestWrongConfigurations(t *testing.T) {
	ok := http.NotFoundHandler()
	metric := func(name string) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: "A metric."}, func() float64 { return 1 })
	}
	for name, cfg := range map[string]Config{
		"taken path":   {Routes: map[string]http.Handler{"GET /healthz": ok}},
		"bad pattern":  {Routes: map[string]http.Handler{"NOT A PATTERN": ok}},
		"no handler":   {Routes: map[string]http.Handler{"/x": nil}},
		"metric twice": {Metrics: []prometheus.Collector{metric("a"), metric("a")}},
		"bad metric":   {Metrics: []prometheus.Collector{metric("")}},
		"no metric":    {Metrics: []prometheus.Collector{nil}},
	} {
		cfg.Addr = "127.0.0.1:0"
		if err := New(cfg).Listen(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestHeadersAndRoutes(t *testing.T) {
	var log strings.Builder
	s := build(t, Config{
		Log: slog.New(slog.NewTextHandler(&log, nil)),
		Routes: map[string]http.Handler{
			"GET /page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Security-Policy", "default-src 'self'")
				fmt.Fprint(w, "a page")
			}),
			"GET /panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("maya's words") }),
			"POST /big": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.ReadAll(r.Body); err != nil {
					w.WriteHeader(http.StatusRequestEntityTooLarge)
				}
			}),
		},
	})
	for path, status := range map[string]int{"/page": 200, "/healthz": 200, "/metrics": 200, "/nowhere": 404, "/panic": 500} {
		r := get(t, s, path)
		if r.StatusCode != status {
			t.Errorf("%s: %s, want %d", path, r.Status, status)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
		csp := r.Header.Get("Content-Security-Policy")
		if own := path == "/page"; own != (csp == "default-src 'self'") || csp == "" {
			t.Errorf("%s: the policy is %q", path, csp)
		}
	}
	if strings.Contains(log.String(), "maya") || !strings.Contains(log.String(), "panicked") {
		t.Errorf("the log: %s", log.String())
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/big", strings.NewReader(strings.Repeat("x", maxBody+1))))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a boundless body is answered with %d", w.Code)
	}
	w = httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/healthz", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST to /healthz is answered with %d", w.Code)
	}
}

func TestAnAddressThatCannotBeHad(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, want := range map[string]string{
		taken.Addr().String(): "another program already listens on " + taken.Addr().String(),
		"8080":                "write it as host:port",
		"192.0.2.1:8080":      "does not have the address",
		"127.0.0.1:99999":     "cannot listen on",
	} {
		s := build(t, Config{Addr: addr})
		err := s.Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "VILLAGE_LISTEN") {
			t.Errorf("%s: %v, want %q", addr, err, want)
		}
	}
}

// TestTheEnd finishes a request that is being answered, and takes no more.
func TestTheEnd(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	s := build(t, Config{Addr: "127.0.0.1:0", Routes: map[string]http.Handler{
		"GET /slow": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(entered)
			<-leave
			if r.Context().Err() == nil {
				fmt.Fprint(w, "done")
			}
		}),
	}})
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if err := Probe(t.Context(), s.Addr()); err != nil {
		t.Error(err)
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		r, err := http.Get("http://" + s.Addr() + "/slow")
		if err != nil {
			answers <- answer{err: err}
			return
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		answers <- answer{string(b), err}
	}()
	<-entered
	cancel()
	close(leave)
	if a := <-answers; a.text != "done" || a.err != nil {
		t.Errorf("the request in flight got %q, %v", a.text, a.err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := Probe(t.Context(), s.Addr()); err == nil || !strings.Contains(err.Error(), "nobody answers") {
		t.Errorf("after the end: %v", err)
	}
}

func TestProbe(t *testing.T) {
	s := build(t, Config{Addr: "127.0.0.1:0", Health: func(context.Context) []Part { return []Part{{Name: "store", Err: errors.New("the disk is full")}} }})
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	_, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{s.Addr(), ":" + port, "0.0.0.0:" + port} {
		if err := Probe(t.Context(), addr); err == nil || err.Error() != "not healthy: store: the disk is full" {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if err := Probe(t.Context(), "nonsense"); err == nil {
		t.Error("an address without a port is taken")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// pipes is a listener of connections in memory, which obey a bubble's clock.
type pipes struct {
	next   chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.next:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestSlowAndBoundlessRequests opens connections that never come to the point.
func TestSlowAndBoundlessRequests(t *testing.T) {
	for _, c := range []struct {
		name, begin, drip string
		least, most       time.Duration
		answer            string
	}{
		{"says nothing", "", "", headerTime, headerTime + time.Second, ""},
		{"one header a second", "GET /healthz HTTP/1.1\r\nHost: x\r\n", "X-More: 1\r\n", headerTime, headerTime + 2*time.Second, ""},
		{"a body that never ends", "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", "x", readTime, readTime + 2*time.Second, "HTTP/1.1 408"},
		{"idle after an answer", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "", idleTime, idleTime + time.Second, "HTTP/1.1 200"},
		{"boundless headers", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 4*maxHeader), "", 0, 2 * time.Second, "HTTP/1.1 431"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := build(t, Config{Routes: map[string]http.Handler{
					"POST /body": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if _, err := io.ReadAll(r.Body); err != nil {
							w.WriteHeader(http.StatusRequestTimeout)
						}
					}),
				}})
				listener := pipes{make(chan net.Conn), make(chan struct{})}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- s.serve(ctx, listener) }()
				client, server := net.Pipe()
				listener.next <- server
				begin := time.Now()
				written := make(chan struct{})
				go func() {
					defer close(written)
					if _, err := io.WriteString(client, c.begin); err != nil {
						return // cut off, as it should be
					}
					for c.drip != "" {
						<-time.After(time.Second)
						if _, err := io.WriteString(client, c.drip); err != nil {
							return
						}
					}
				}()
				answer, err := io.ReadAll(client)
				if err != nil {
					t.Error(err)
				}
				if took := time.Since(begin); took < c.least || took > c.most {
					t.Errorf("it was cut off after %v", took)
				}
				if !strings.HasPrefix(string(answer), c.answer) {
					t.Errorf("the answer is %.80q", answer)
				}
				if err := client.Close(); err != nil {
					t.Error(err)
				}
				<-written
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestTheEndDoesNotWaitForEver: a request that never ends is cut off.
func TestTheEndDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		entered, leave := make(chan struct{}), make(chan struct{})
		s := build(t, Config{Grace: 3 * time.Second, Routes: map[string]http.Handler{
			"GET /stuck": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-leave }),
		}})
		listener := pipes{make(chan net.Conn), make(chan struct{})}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.serve(ctx, listener) }()
		client, server := net.Pipe()
		defer client.Close()
		listener.next <- server
		if _, err := io.WriteString(client, "GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		<-entered
		begin := time.Now()
		cancel()
		if err := <-ended; err == nil || time.Since(begin) != 3*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		close(leave)
	})
}
