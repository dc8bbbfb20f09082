package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
)

// doorFor lets Rosa in by one link, and keeps which browser is hers.
type doorFor struct {
	link, browser string
	knocks        int
	err           error
}

func (d *doorFor) Knock(_ context.Context, link, _ string) (bot.Welcome, error) {
	d.knocks++
	switch {
	case d.err != nil:
		return bot.Welcome{}, d.err
	case link != d.link:
		return bot.Welcome{Language: "en", Message: bot.Message{Title: "nothing here", Text: "nothing"}}, nil
	case d.browser != "":
		return bot.Welcome{Language: "en", Message: bot.Message{Title: "for Rosa", Text: "Not Rosa?"}, Page: "k7m2p9"}, nil
	}
	return bot.Welcome{Language: "en", Message: bot.Message{Title: "maya asks", Text: "Is that you?"}, Enter: "This is me"}, nil
}

func (d *doorFor) Enter(ctx context.Context, link, browser, locale string) (bot.Welcome, error) {
	if link == d.link && d.browser == "" {
		d.browser = browser
		return bot.Welcome{Page: "k7m2p9"}, nil
	}
	w, err := d.Knock(ctx, link, locale)
	w.Enter, w.Page = "", ""
	return w, err
}

func (d *doorFor) Whose(_ context.Context, page, browser, _ string) (bot.Person, bot.Welcome, error) {
	if page == "k7m2p9" && d.browser != "" && browser == d.browser {
		return bot.Person{ID: "web/k7m2p9", Name: "Rosa"}, bot.Welcome{Language: "en", Back: "Back"}, nil
	}
	return bot.Person{}, bot.Welcome{Language: "en", Message: bot.Message{Title: "nothing here", Text: "nothing"}}, nil
}

func (*doorFor) Deliver(context.Context, bot.Outgoing) (bot.Posted, error) {
	return bot.Posted{}, nil
}
func (*doorFor) Sorry(string) bot.Welcome {
	return bot.Welcome{Language: "en", Message: bot.Message{Title: "sorry", Text: "Try again."}}
}

func (*doorFor) Tapped(_ context.Context, tap, _ string) (bot.Person, string, bot.Welcome, error) {
	if tap != "tap" {
		return bot.Person{}, "", bot.Welcome{Language: "en", Message: bot.Message{Title: "nothing here", Text: "nothing"}}, nil
	}
	return bot.Person{ID: "web/k7m2p9", Name: "Rosa"}, "/page need: x2", bot.Welcome{Language: "en", Message: bot.Message{Title: "Sure?"}, Enter: "Yes"}, nil
}

// opened are pages with one link, and what was done there.
func opened(t *testing.T, address string) (server *httptest.Server, door *doorFor, done *[]string, log *strings.Builder) {
	t.Helper()
	log, done = &strings.Builder{}, &[]string{}
	pages, err := NewPages(PagesConfig{URL: address, Now: func() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) }, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	run := func(_ context.Context, r bot.Request) (bot.Reply, error) {
		*done = append(*done, r.From.Name+" "+strings.Join(r.Path, " ")+" "+r.Arg("need"))
		if r.Arg("need") == "form" {
			return bot.Reply{Form: &bot.Form{Title: "Your zone", Intro: "Where?", Path: []string{"page"}, Fields: []bot.FormField{{Option: bot.Option{Name: "need", Label: "Which"}, Value: `"><script>`}}}}, nil
		}
		return bot.Reply{Messages: []bot.Message{{Title: "Hi Rosa"}, {Title: "<b>1 pm</b>", Text: "From " + bot.Literal("<script>alert(1)</script>"), Buttons: []bot.Button{{Label: "I can", Command: "/page need: x1"}}}}}, nil
	}
	b, err := bot.New(bot.Config{Table: []bot.Command{{Name: "page", Summary: "the page", Example: "/page", Who: bot.Anyone, Run: run, Options: []bot.Option{{Name: "need", Summary: "which"}}}}, Direct: run})
	if err != nil {
		t.Fatal(err)
	}
	door = &doorFor{link: "abcdefghijklmnopqrstuvwxyz"}
	pages.Admit(door, b)
	s := New(Config{Routes: pages.Routes()})
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	server = httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	return server, door, done, log
}

// browser is one that keeps its cookies and follows nothing by itself.
type browser struct {
	t       *testing.T
	base    string
	cookies map[string]string
	header  http.Header
}

func newBrowser(t *testing.T, base string) *browser {
	return &browser{t: t, base: base, cookies: map[string]string{}, header: http.Header{"Sec-Fetch-Site": {"same-origin"}}}
}

func (b *browser) ask(method, path string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range response.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return response, string(said)
}

// checkOn is what a form of a page must bring.
func checkOn(page string) string {
	_, rest, _ := strings.Cut(page, `name="check" value="`)
	check, _, _ := strings.Cut(rest, `"`)
	return check
}

func TestPages(t *testing.T) {
	server, door, done, log := opened(t, "http://127.0.0.1")
	rosa := newBrowser(t, server.URL)
	link := "/i/" + door.link

	// being looked at opens nothing, however often
	for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodGet} {
		if r, _ := rosa.ask(method, link, nil); r.StatusCode != http.StatusOK || door.browser != "" {
			t.Fatalf("%s: %d, opened by %q", method, r.StatusCode, door.browser)
		}
	}
	_, asked := rosa.ask(http.MethodGet, link, nil)
	if r, _ := rosa.ask(http.MethodPost, link, url.Values{"check": {checkOn(asked)}}); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/f/k7m2p9" {
		t.Fatalf("saying who she is: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r, _ := rosa.ask(http.MethodGet, link, nil); r.StatusCode != http.StatusSeeOther {
		t.Errorf("her link in her browser: %d", r.StatusCode)
	}
	r, page := rosa.ask(http.MethodGet, "/f/k7m2p9", nil)
	if r.StatusCode != http.StatusOK || !strings.Contains(page, "&lt;script&gt;") || strings.Contains(page, "<script") || strings.Contains(page, "<b>1 pm") {
		t.Errorf("her page: %d\n%s", r.StatusCode, page)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive", "X-Frame-Options": "DENY",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	do := func(b *browser, form url.Values) (int, string) {
		r, said := b.ask(http.MethodPost, "/f/k7m2p9", form)
		return r.StatusCode, said
	}
	*done = nil
	check := checkOn(page)
	if status, _ := do(rosa, url.Values{"check": {check}, "do": {"/page need: x1"}}); status != http.StatusOK || !slices.Equal(*done, []string{"Rosa page x1"}) {
		t.Errorf("a tap: %d %q", status, *done)
	}
	if _, form := do(rosa, url.Values{"check": {check}, "do": {"/page need: form"}}); !strings.Contains(form, `<label for="f.need">Which</label>`) || strings.Contains(form, "<script") {
		t.Error("a form:", form)
	}
	if status, _ := do(rosa, url.Values{"check": {check}, "do": {"/form page"}, "f.need": {"y2"}}); status != http.StatusOK || (*done)[len(*done)-1] != "Rosa page y2" {
		t.Errorf("a form that was filled in: %d %q", status, *done)
	}

	// a stranger
	*done = nil
	other := newBrowser(t, server.URL)
	if r, said := other.ask(http.MethodGet, link, nil); r.StatusCode != http.StatusOK || !strings.Contains(said, "Not Rosa?") || checkOn(said) != "" {
		t.Errorf("a link that was passed on: %d %s", r.StatusCode, said)
	}
	var alike []string
	for _, path := range []string{"/f/k7m2p9", "/f/xxxxxx", "/i/" + door.link[:25], "/i/zzzzzzzzzzzzzzzzzzzzzzzzzz", "/i/%00", "/f/..%2f"} {
		r, said := other.ask(http.MethodGet, path, nil)
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		alike = append(alike, said)
	}
	if len(slices.Compact(alike)) != 1 {
		t.Error("what leads nowhere reads differently")
	}
	stolen := newBrowser(t, server.URL)
	stolen.cookies["k7m2p9"] = "AAAAAAAAAAAAAAAAAAAAAA"
	if status, _ := do(stolen, url.Values{"check": {check}, "do": {"/page"}}); status != http.StatusNotFound {
		t.Errorf("a guessed cookie: %d", status)
	}
	foreign := newBrowser(t, server.URL)
	foreign.cookies = rosa.cookies
	foreign.header = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}
	for what, b := range map[string]*browser{"from another site": foreign, "without a check": rosa, "with another check": rosa} {
		form := url.Values{"do": {"/page"}}
		switch what {
		case "from another site":
			form.Set("check", check)
		case "with another check":
			form.Set("check", check[:len(check)-1]+"x")
		}
		if status, said := do(b, form); status != http.StatusForbidden || !strings.Contains(said, "sorry") {
			t.Errorf("a form %s: %d", what, status)
		}
	}
	if status, _ := do(rosa, url.Values{"check": {check}, "do": {strings.Repeat("x", 10<<20)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("ten megabytes: %d", status)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, "TRACE"} {
		if r, _ := rosa.ask(method, "/f/k7m2p9", nil); r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, r.StatusCode)
		}
	}
	if len(*done) > 0 {
		t.Errorf("strangers did %q", *done)
	}

	// nothing of it is logged, nor when something fails
	door.err = errors.New("the store is away")
	if r, said := other.ask(http.MethodGet, link, nil); r.StatusCode != http.StatusInternalServerError || strings.Contains(said, "store") {
		t.Errorf("a fault: %d %s", r.StatusCode, said)
	}
	for _, secret := range []string{door.link, "k7m2p9", "Rosa", rosa.cookies["k7m2p9"]} {
		if strings.Contains(log.String(), secret) {
			t.Error("the log tells of", secret)
		}
	}
}

// Whoever asks too often waits, by link and by address, and a proxy's word about where
// somebody comes from is taken from nobody else.
func TestPagesLimits(t *testing.T) {
	server, door, _, _ := opened(t, "https://village.example")
	b := newBrowser(t, server.URL)
	var last *http.Response
	last, _ = b.ask(http.MethodGet, "/i/"+door.link, nil)
	if c := last.Cookies(); len(c) != 1 || !c[0].Secure || !c[0].HttpOnly || c[0].Name != "__Host-door" || c[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookies %+v", c)
	}
	for range perLink + 1 {
		last, _ = b.ask(http.MethodGet, "/i/"+door.link, nil)
	}
	if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
		t.Error("a link can be tried for ever:", last.StatusCode)
	}
	for i := range perAddress {
		last, _ = b.ask(http.MethodGet, "/f/x"+strings.Repeat("y", i), nil)
	}
	if last.StatusCode != http.StatusTooManyRequests {
		t.Error("an address can try for ever:", last.StatusCode)
	}
	b.header.Set("X-Forwarded-For", "1.2.3.4, 203.0.113.9")
	if r, _ := b.ask(http.MethodGet, "/f/other", nil); r.StatusCode != http.StatusNotFound {
		t.Error("somebody else behind the proxy:", r.StatusCode)
	}
	far := httptest.NewRequest(http.MethodGet, "/", nil)
	far.RemoteAddr = "198.51.100.7:1234"
	far.Header.Set("X-Forwarded-For", "1.2.3.4")
	if got := address(far); got != "198.51.100.7" {
		t.Error("a stranger names another address:", got)
	}
}

func TestPagesAddress(t *testing.T) {
	for _, wrong := range []string{"", "village.example", "ftp://village.example", "https://", ":"} {
		if _, err := NewPages(PagesConfig{URL: wrong}); err == nil {
			t.Errorf("%q is an address", wrong)
		}
	}
}
