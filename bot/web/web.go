// Package web is the one listener of the program: health and metrics for the
// operator, and the routes that platforms and pages bring along.
//
// Promised: an address that cannot be had is an error in words before anything
// is served; a request that is being answered when the end comes is answered;
// no slow or boundless request holds on to the program. Not promised: TLS,
// which is a proxy's work.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	// headerTime is as long as a request's headers may take, readTime all of
	// it, writeTime the answer, idleTime the pause between two requests.
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second
	writeTime  = 30 * time.Second
	idleTime   = time.Minute
	// maxHeader and maxBody are bytes. Platforms send far less.
	maxHeader = 16 << 10
	maxBody   = 1 << 20
	// healthTime is as long as the health function may take, and healthKeep how
	// long its answer holds: it may write to a disk, and anybody can ask.
	healthTime = 3 * time.Second
	healthKeep = time.Second
	// maxReason is the length of a reason in bytes.
	maxReason = 200
)

// Config is what a Server is made of.
type Config struct {
	// Addr is host:port; without a host, all of the machine's addresses.
	Addr string
	Log  *slog.Logger
	// Health says how each part of the program is; nil means that all is well.
	Health func(ctx context.Context) []Part
	// Routes by pattern, as http.ServeMux has them. /healthz, /readyz and /metrics
	// are taken.
	Routes map[string]http.Handler
	// Metrics are shown on /metrics, beside those of Go and of the process.
	Metrics []prometheus.Collector
	// Grace is how long requests may still be answered at the end (0: 8
	// seconds).
	Grace time.Duration
}

// Part is something that the program needs, and how it is.
type Part struct {
	// Name is a word, such as "store".
	Name string
	// Err says what is wrong with it, in words for an operator; nil when nothing is.
	Err error
	// Waiting says that it is not there yet, and that this is nothing bad.
	Waiting bool
}

// Server is the listener and what it serves.
type Server struct {
	cfg      Config
	handler  http.Handler
	listener net.Listener

	health struct {
		sync.Mutex
		asked time.Time
		parts []Part
	}
}

// New makes a Server, and leaves it to Listen to find what is wrong.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Grace == 0 {
		cfg.Grace = 8 * time.Second
	}
	return &Server{cfg: cfg}
}

// build puts the routes and metrics together.
func (s *Server) build() error {
	metrics, err := s.metrics()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", metrics)
	for pattern, handler := range s.cfg.Routes {
		if err := route(mux, pattern, handler); err != nil {
			return err
		}
	}
	s.handler = s.safe(http.MaxBytesHandler(mux, maxBody))
	return nil
}

// route adds a handler; the mux panics where it could say what is wrong.
func route(mux *http.ServeMux, pattern string, handler http.Handler) (err error) {
	if handler == nil {
		return fmt.Errorf("the web route %q has no handler", pattern)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the web route %q is not valid or is there already: %v", pattern, p)
		}
	}()
	mux.Handle(pattern, handler)
	return nil
}

func (s *Server) metrics() (http.Handler, error) {
	registry := prometheus.NewRegistry()
	all := append([]prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}, s.cfg.Metrics...)
	for _, c := range all {
		if c == nil {
			return nil, errors.New("a metric is missing")
		}
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("a metric cannot be shown: %w", err)
		}
	}
	shown := promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if forwarded(r) {
			http.NotFound(w, r)
			return
		}
		shown.ServeHTTP(w, r)
	}), nil
}

// forwarded says whether a request came through a proxy, and so from outside:
// what is for the operator alone is not shown there.
func forwarded(r *http.Request) bool {
	return r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
}

// healthz answers 200, or 503 with a short reason for each part that is not well.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	var sick []string
	for _, part := range s.parts() {
		if part.Err != nil {
			sick = append(sick, reason(part.Name, part.Err))
		}
	}
	report(w, r, len(sick) == 0, "not healthy", sick)
}

// readyz answers 200 when every part is there and well, and 503 otherwise; it names
// each of them.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ready, lines := true, []string(nil)
	for _, part := range s.parts() {
		switch {
		case part.Err != nil:
			lines = append(lines, reason(part.Name, part.Err))
		case part.Waiting:
			lines = append(lines, part.Name+": not there yet")
		default:
			lines = append(lines, part.Name+": ok")
			continue
		}
		ready = false
	}
	report(w, r, ready, "not ready", lines)
}

// report writes an answer; from outside only whether all is well can be seen.
func report(w http.ResponseWriter, r *http.Request, well bool, otherwise string, lines []string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !well {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	switch {
	case well && (len(lines) == 0 || forwarded(r)):
		lines = []string{"ok"}
	case forwarded(r):
		lines = []string{otherwise}
	}
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}

// parts asks the health function, or remembers what it said just now.
func (s *Server) parts() []Part {
	if s.cfg.Health == nil {
		return nil
	}
	s.health.Lock()
	defer s.health.Unlock()
	if !s.health.asked.IsZero() && time.Since(s.health.asked) < healthKeep {
		return s.health.parts
	}
	// Not the request's context: the answer is for the others as well.
	ctx, cancel := context.WithTimeout(context.Background(), healthTime)
	defer cancel()
	s.health.parts = s.cfg.Health(ctx)
	s.health.asked = time.Now()
	return s.health.parts
}

// reason is what is wrong with a part on one short line.
func reason(name string, err error) string {
	line := name + ": " + strings.Join(strings.Fields(err.Error()), " ")
	if len(line) > maxReason {
		line = strings.ToValidUTF8(line[:maxReason], "") + " ..."
	}
	return line
}

// safe sets the headers that keep browsers careful, which a route may replace,
// and ends a panic with an apology.
func (s *Server) safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // the handler's way to cut a connection
			}
			// What is panicked with may hold people's words.
			s.cfg.Log.Error("a web handler panicked", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			http.Error(w, "Something went wrong on my side, and I am sorry. Please try again in a minute.", http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}

// Listen takes the address. The error is a sentence for an operator, or names
// a route or a metric that is not valid or stands twice.
func (s *Server) Listen() error {
	if err := s.build(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("%s: %w", advice(s.cfg.Addr, err), err)
	}
	s.listener = listener
	return nil
}

// advice says what is wrong with an address and what to do.
func advice(addr string, err error) string {
	if _, _, split := net.SplitHostPort(addr); split != nil {
		return fmt.Sprintf("the address to listen on is %q: write it as host:port, such as 127.0.0.1:8080 (setting VILLAGE_LISTEN)", addr)
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf("another program already listens on %s: stop it, or choose another port (setting VILLAGE_LISTEN)", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Sprintf("this user may not listen on %s: choose a port above 1023 (setting VILLAGE_LISTEN)", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Sprintf("this machine does not have the address %s: choose one of its own, such as 127.0.0.1 (setting VILLAGE_LISTEN)", addr)
	}
	return fmt.Sprintf("cannot listen on %s: choose another address (setting VILLAGE_LISTEN)", addr)
}

// Addr is the address that Listen took, with the port it was given; before, the
// one that was asked for.
func (s *Server) Addr() string {
	if s.listener == nil {
		return s.cfg.Addr
	}
	return s.listener.Addr().String()
}

// Run serves until ctx ends, then finishes the requests that are being
// answered and returns nil. It listens first, unless Listen has been called.
// The error is about a listener that failed, or requests that took longer than
// Grace.
func (s *Server) Run(ctx context.Context) error {
	if s.listener == nil {
		if err := s.Listen(); err != nil {
			return err
		}
	}
	return s.serve(ctx, s.listener)
}

func (s *Server) serve(ctx context.Context, listener net.Listener) error {
	// Requests outlive ctx, or none could be finished.
	base := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return base },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("the web listener on %s failed: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(base, s.cfg.Grace)
	defer cancel()
	err := server.Shutdown(grace)
	<-served //nolint:errcheck // it says that the server was closed, which we know
	if err != nil {
		return errors.Join(fmt.Errorf("some web requests were cut off at the end: %w", err), server.Close())
	}
	return nil
}

// ErrNobody says that no program answers at an address.
var ErrNobody = errors.New("nobody answers")

// Probe asks the /healthz of a running program, for the health check of a
// container. addr is as in Config. The error says what is wrong; it is ErrNobody where
// none is running.
func Probe(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New(advice(addr, err))
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, headerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("the address %q cannot be asked: %w", addr, err)
	}
	// A client of its own: neither a proxy nor a kept connection must answer.
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%w on %s: %w", ErrNobody, net.JoinHostPort(host, port), err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	said := make([]byte, maxReason+10)
	n, err := response.Body.Read(said)
	if n == 0 && err != nil {
		return fmt.Errorf("not healthy: the answer is %s", response.Status)
	}
	return fmt.Errorf("not healthy: %s", strings.TrimSpace(string(said[:n])))
}
