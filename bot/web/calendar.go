package web

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

// maxName is how long the name of a calendar may be, in bytes.
const maxName = 64

// Calendar serves calendars under the name in the last part of their address, which is a
// secret. find gives nil for a name that leads nowhere; wrong, ended and revoked ones
// look the same.
//
// Whoever asks too often waits, as on a page.
func Calendar(find func(ctx context.Context, name string) ([]byte, error)) http.Handler {
	limits := newLimits(time.Now)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex, nofollow")
		if !limits.allow("address "+address(r), perAddress) || !limits.allow("path "+r.URL.Path, perLink) {
			w.Header().Set("Retry-After", "60")
			http.Error(w, "Please look again in a minute.", http.StatusTooManyRequests)
			return
		}
		name := r.PathValue("name")
		if len(name) > maxName {
			http.NotFound(w, r)
			return
		}
		data, err := find(r.Context(), name)
		switch {
		case err != nil:
			http.Error(w, "Please look again in a minute.", http.StatusServiceUnavailable)
			return
		case data == nil:
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Content-Disposition", `inline; filename="calendar.ics"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
}
