package discordtest

import (
	"fmt"
	"net/http"
	"strings"
)

// Fault makes requests fail. The zero Status answers normally, with the Header.
type Fault struct {
	// On is the start of "METHOD /path" without /api/v10; empty is everything.
	On string
	// Times is how often it happens; 0 is for ever.
	Times int
	// Status, Header and Body are the answer instead of the real one.
	Status int
	Header map[string]string
	Body   string
	// AfterWork does what was asked and then answers like this all the same, as
	// when an answer is lost on its way.
	AfterWork bool
	// Until holds the answer back until it is closed.
	Until <-chan struct{}

	used int
}

// Fail adds a fault. The first that fits and is not used up counts.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Mend takes all faults away.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) faultFor(what string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if strings.HasPrefix(what, f.On) && (f.Times == 0 || f.used < f.Times) {
			f.used++
			return f
		}
	}
	return nil
}

func (f *Fault) write(w http.ResponseWriter) {
	contentType := "application/json"
	if strings.HasPrefix(f.Body, "<") {
		contentType = "text/html"
	}
	w.Header().Set("Content-Type", contentType)
	for name, v := range f.Header {
		w.Header().Set(name, v)
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(f.Body)))
	w.WriteHeader(f.Status)
	// A client that went away is not this side's trouble.
	_, _ = fmt.Fprint(w, f.Body)
}

// RateLimited is a refusal for a route, with the headers that Discord sends.
func RateLimited(on string, times int, seconds float64) Fault {
	after := fmt.Sprintf("%.3f", seconds)
	return Fault{On: on, Times: times, Status: 429, Header: map[string]string{
		"Retry-After": after, "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0",
		"X-RateLimit-Reset-After": after, "X-RateLimit-Bucket": "b1", "X-RateLimit-Scope": "user",
	}, Body: `{"message":"You are being rate limited.","retry_after":` + after + `,"global":false}`}
}

// RateLimitedGlobally is a refusal for the whole bot, which comes without the
// headers of a route.
func RateLimitedGlobally(on string, times int, seconds float64) Fault {
	after := fmt.Sprintf("%.3f", seconds)
	return Fault{On: on, Times: times, Status: 429, Header: map[string]string{
		"Retry-After": after, "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global",
	}, Body: `{"message":"You are being rate limited.","retry_after":` + after + `,"global":true}`}
}

// RateLimitedBare is a refusal that does not say for how long.
func RateLimitedBare(on string, times int) Fault {
	return Fault{On: on, Times: times, Status: 429, Body: `{"message":"You are being rate limited."}`}
}

// RateLimitedHTML is the page of the one who stands before Discord.
func RateLimitedHTML(on string, times int, seconds int) Fault {
	f := Fault{On: on, Times: times, Status: 429, Body: "<!doctype html><title>Access denied</title>"}
	if seconds > 0 {
		f.Header = map[string]string{"Retry-After": fmt.Sprint(seconds)}
	}
	return f
}

// LastOne is an answer that says that nothing of the route is left for a while.
func LastOne(on string, times int, seconds float64) Fault {
	return Fault{On: on, Times: times, Header: map[string]string{
		"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": fmt.Sprintf("%.3f", seconds), "X-RateLimit-Bucket": "b1",
	}}
}

// Broken is a failure on Discord's side.
func Broken(on string, times, status int) Fault {
	return Fault{On: on, Times: times, Status: status, Body: "upstream connect error"}
}

// Refused is a refusal with one of Discord's codes.
func Refused(on string, times, status, code int) Fault {
	return Fault{On: on, Times: times, Status: status, Body: fmt.Sprintf(`{"message":"refused","code":%d}`, code)}
}
