package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"village/bot/web"
)

func TestCalendar(t *testing.T) {
	asked := 0
	mux := http.NewServeMux()
	mux.Handle("GET /calendar/{name}", web.Calendar(func(_ context.Context, name string) ([]byte, error) {
		asked++
		switch name {
		case "rosa.ics":
			return []byte("BEGIN:VCALENDAR"), nil
		case "sick.ics":
			return nil, errors.New("the store is away: rosa.ics")
		}
		return nil, nil
	}))
	get := func(method, name string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/calendar/"+name, nil))
		return w
	}
	w := get(http.MethodGet, "rosa.ics")
	if w.Code != http.StatusOK || w.Body.String() != "BEGIN:VCALENDAR" || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" || w.Header().Get("X-Robots-Tag") == "" {
		t.Errorf("answered %d, %v, %q", w.Code, w.Header(), w.Body)
	}
	wrong, revoked := get(http.MethodGet, "guessed.ics"), get(http.MethodGet, "rosa")
	if wrong.Code != http.StatusNotFound || revoked.Code != wrong.Code || wrong.Body.String() != revoked.Body.String() {
		t.Errorf("one that leads nowhere: %d, another: %d", wrong.Code, revoked.Code)
	}
	if w := get(http.MethodGet, "sick.ics"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "rosa") {
		t.Errorf("while the store is away: %d %q", w.Code, w.Body)
	}
	before := asked
	if w := get(http.MethodGet, strings.Repeat("a", 5000)); w.Code != http.StatusNotFound || asked != before {
		t.Errorf("a name without end: %d, looked up %d times", w.Code, asked-before)
	}
	for range 200 {
		w = get(http.MethodGet, "guessed.ics")
	}
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("an address can be tried for ever: %d", w.Code)
	}
	if w := get(http.MethodPost, "rosa.ics"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("written to: %d", w.Code)
	}
}
