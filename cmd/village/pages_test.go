package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"village/bot"
	"village/bot/console"
	"village/bot/web"
	"village/content"
	"village/handlers/records"
	"village/internal/store/bolt"
	"village/internal/village"
)

// heldPages is a rehearsal whose pages are served.
func heldPages(t testing.TB, library *content.Library, start time.Time) (*rehearsal, *httptest.Server) {
	t.Helper()
	return heldPagesWith(t, library, start, io.Discard)
}

// heldPagesWith is one with further platforms in place of the console's own, and what is
// printed.
func heldPagesWith(t testing.TB, library *content.Library, start time.Time, out io.Writer, instead ...bot.Platform) (*rehearsal, *httptest.Server) {
	t.Helper()
	clock := &clock{now: start}
	db, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r, err := newRehearsal(context.Background(), db, library, clock, console.Config{Out: out, Moderators: []string{"mod"}}, instead...)
	if err != nil {
		t.Fatal(err)
	}
	var pages *web.Pages
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	// a minute of limits for each page that is asked for
	at := start
	if pages, err = web.NewPages(web.PagesConfig{URL: server.URL, Now: func() time.Time { at = at.Add(time.Minute); return at }}); err != nil {
		t.Fatal(err)
	}
	pages.Admit(r.parts.app, r.parts.bot)
	for pattern, handler := range pages.Routes() {
		mux.Handle(pattern, handler)
	}
	return r, server
}

// phone is the browser of somebody with a link.
type phone struct {
	t     testing.TB
	base  string
	http  *http.Client
	page  string // its path
	check string
}

var checkField = regexp.MustCompile(`name="check" value="([^"]*)"`)

// newPhone opens a link, and says that it is its owner who does.
func newPhone(t testing.TB, base, link string) *phone {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, base: base, http: &http.Client{Jar: jar}}
	_, asked := p.ask(http.MethodGet, "/i/"+link, nil)
	path, page := p.ask(http.MethodPost, "/i/"+link, url.Values{"check": {p.checkOn(asked)}})
	p.page, p.check = path, p.checkOn(page)
	return p
}

func (p *phone) checkOn(page string) string {
	m := checkField.FindStringSubmatch(page)
	if m == nil {
		p.t.Fatal("there is no form on", page)
	}
	return m[1]
}

// ask gives where it led, and what was shown.
func (p *phone) ask(method, path string, form url.Values) (string, string) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.base)
	response, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.Request.URL.Path, string(said)
}

func (p *phone) do(line string) string {
	_, said := p.ask(http.MethodPost, p.page, url.Values{"check": {p.check}, "do": {line}})
	return said
}

var (
	someTag  = regexp.MustCompile(`<[^>]*>`)
	inButton = regexp.MustCompile(`name="do" value="([^"]*)"`)
)

// read is a page as a screen reader has it: its words, and what each button does.
func read(page string) string {
	page = inButton.ReplaceAllString(page, `>[$1]<`)
	return strings.Join(strings.Fields(html.UnescapeString(someTag.ReplaceAllString(page, " "))), " ")
}

// Whoever has a link says the same lines on their page as in the terminal, and reads the
// same there, word for word, with every button: in every story in which somebody has one.
func TestConversationsOnPages(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, file := range storyFiles(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, talk := range talksOf(t, archive) {
			if !slices.ContainsFunc(talk.lines, func(line string) bool { return strings.Contains(line, "@page:") }) {
				continue
			}
			said += onPages(t, library, filepath.Base(file), talk)
		}
	}
	if said < 10 {
		t.Error("too little was said on a page:", said)
	}
}

func storyFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no conversations", err)
	}
	return files
}

// onPages plays a talk twice, once with its people on their pages.
func onPages(t *testing.T, library *content.Library, name string, talk talk) (said int) {
	meant, _ := heldPages(t, library, talk.start)
	real, server := heldPages(t, library, talk.start)
	phones := map[string]*phone{}
	for _, line := range talk.lines {
		who, words, onPage := strings.Cut(line, "@page: ")
		byMail := false
		if !onPage {
			who, words, byMail = strings.Cut(line, "@mail: ")
			onPage = byMail
		}
		if !onPage {
			for _, r := range []*rehearsal{meant, real} {
				if err := r.play(t.Context(), strings.NewReader(line)); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		person, ok, err := real.parts.app.OnPage(t.Context(), console.Workspace, who)
		if err != nil || !ok || !strings.HasPrefix(words, "/") {
			continue // nobody can say this there
		}
		if phones[person.ID] == nil {
			phones[person.ID] = newPhone(t, server.URL, linkOf(t, real, person))
		}
		reply := meant.parts.bot.Do(t.Context(), bot.Request{Platform: "web", Room: bot.Room{ID: person.ID, Direct: true}, From: person, Line: words})
		do := func() string { return read(phones[person.ID].do(words)) }
		if byMail {
			do = func() string { return read(tapped(t, real, person, server.URL, words)) }
		}
		shown := do()
		if strings.Contains(shown, "This link opens nothing") { // it was replaced, and so they have another one now
			phones[person.ID] = newPhone(t, server.URL, linkOf(t, real, person))
			shown = read(phones[person.ID].do(words))
		}
		said++
		for _, m := range reply.Messages {
			if byMail {
				m.Buttons = nil // nothing else can be done there
			}
			for _, want := range readOf(m) {
				if !strings.Contains(shown, want) {
					t.Errorf("%s: %s\nlacks %q: %s", name, line, want, shown)
				}
			}
		}
		for _, r := range []*rehearsal{meant, real} {
			if err := r.deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return said
}

// linkOf gives somebody the link that they have a hash of: of one whose secret is known.
func linkOf(t testing.TB, r *rehearsal, p bot.Person) string {
	t.Helper()
	f, err := r.parts.app.Family(t.Context(), console.Workspace, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	secret := "for" + village.FamilyCode(p.ID) + f.Link[:8]
	if err := r.parts.app.Linked(t.Context(), console.Workspace, f, secret); err != nil {
		t.Fatal(err)
	}
	return secret
}

// readOf are the words of a message, and what its buttons do.
func readOf(m bot.Message) []string {
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	out := []string{one(m.Title), one(bot.PlainText(m.Footer))}
	for _, b := range bot.Parse(m.Text) {
		text := ""
		for _, s := range b.Spans {
			text += s.Text
		}
		for _, part := range strings.Fields(text) { // marks stand between words
			out = append(out, strings.Trim(part, ".,:;()"))
		}
	}
	for _, b := range m.Buttons {
		if b.Command != "" {
			out = append(out, "["+b.Command+"]", one(b.Label))
		}
	}
	return out
}

// A page with 200 requests, whole, over HTTP; beside it the same answer through its
// template alone, and the answer before it is drawn.
func BenchmarkPages(b *testing.B) {
	library, err := content.Load()
	if err != nil {
		b.Fatal(err)
	}
	r, server := heldPages(b, library, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC))
	if err := r.play(b.Context(), strings.NewReader("maya: /family add name: Rosa")); err != nil {
		b.Fatal(err)
	}
	p, _, err := r.parts.app.OnPage(b.Context(), console.Workspace, "rosa")
	if err != nil {
		b.Fatal(err)
	}
	g := village.Group{ID: console.Workspace}
	for i := range 200 {
		err := r.parts.app.Change(b.Context(), records.GroupPartition(g.ID), func(t *records.Tx) error {
			n, owed, err := village.Ask(village.Request{ID: fmt.Sprintf("n%05d", i), Kind: village.RideHome, From: "near Union Station", Zone: "America/Denver",
				Member: village.Person{ID: "console/maya", Name: "maya"}, Start: r.clock.Now().Add(time.Duration(i+5) * 6 * time.Hour)}, r.clock.Now())
			if err == nil {
				r.parts.app.PutNeed(t, g, n, owed)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	ph := newPhone(b, server.URL, linkOf(b, r, p))
	size := 0
	b.Run("over HTTP", func(b *testing.B) {
		for b.Loop() {
			_, page := ph.ask(http.MethodGet, ph.page, nil)
			if size = len(page); strings.Count(page, "/need show") < 85 {
				b.Fatal("it lacks requests:", strings.Count(page, "/need show"))
			}
		}
		b.ReportMetric(float64(size), "bytes")
	})
	pages, err := web.NewPages(web.PagesConfig{URL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	var reply bot.Reply
	b.Run("the answer", func(b *testing.B) {
		for b.Loop() {
			reply = r.parts.bot.Do(b.Context(), bot.Request{Platform: "web", Room: bot.Room{ID: p.ID, Direct: true}, From: p, Line: "/page"})
		}
		b.ReportMetric(float64(len(reply.Messages)), "messages")
	})
	b.Run("the template", func(b *testing.B) {
		for b.Loop() {
			if err := pages.Draw(io.Discard, reply.Messages); err != nil {
				b.Fatal(err)
			}
		}
	})
}
