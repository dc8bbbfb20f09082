package main

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"village/bot"
	"village/bot/console"
	"village/bot/mail"
	"village/content"
	"village/internal/village"
)

// tapped taps the link of a mail that does this for somebody, in a browser that keeps
// nothing. Looking at it first changes nothing.
func tapped(t *testing.T, r *rehearsal, p bot.Person, base, line string) string {
	t.Helper()
	code := village.FamilyCode(p.ID)
	person := "mail/" + code
	if strings.Contains(line, "code:") {
		person = "mail/asked/" + code
	}
	e, err := r.parts.app.Envelope(t.Context(), bot.Outgoing{To: bot.Address{Person: person}, Message: bot.Message{Buttons: []bot.Button{{Label: "Do it", Command: line}}}})
	if err != nil {
		t.Fatal(line, err)
	}
	u, err := url.Parse(e.Message.Buttons[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	b := &phone{t: t, base: base, http: http.DefaultClient}
	if _, asked := b.ask(http.MethodGet, u.Path, nil); strings.Count(asked, "<button") != 1 || !strings.Contains(asked, "Do it") {
		t.Error("a link in a mail does not show one button:", asked)
	}
	_, said := b.ask(http.MethodPost, u.Path, url.Values{})
	return said
}

// mailbox is a server that takes mail, but for those whom it refuses.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
	refused map[string]error
}

type letter struct {
	to   string
	head netmail.Header
	body string
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailing{box: m}, nil }

type mailing struct {
	box *mailbox
	to  string
}

func (*mailing) Reset()                               {}
func (*mailing) Logout() error                        { return nil }
func (*mailing) Mail(string, *smtp.MailOptions) error { return nil }
func (d *mailing) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = to
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	return d.box.refused[to]
}

func (d *mailing) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(body))
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.letters = append(d.box.letters, letter{d.to, m.Header, text})
	return nil
}

func (m *mailbox) refuse(to string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[to] = err
}

// all are the letters that came, with their subjects.
func (m *mailbox) all(t *testing.T) (letters []letter, subjects []string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		s, err := new(mime.WordDecoder).DecodeHeader(l.head.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, s)
	}
	return append(letters, m.letters...), subjects
}

// served is a mail server on this machine, and how it is reached.
func servedMail(t *testing.T) (*mailbox, string) {
	t.Helper()
	box := &mailbox{refused: map[string]error{}}
	server := smtp.NewServer(box)
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { server.Close() })
	return box, "smtp://" + l.Addr().String()
}

// posted is a rehearsal whose mails go out by a real server, and whose pages are served.
func posted(t *testing.T) (*rehearsal, *httptest.Server, *mailbox, *strings.Builder) {
	t.Helper()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	box, address := servedMail(t)
	letters, err := mail.New(mail.Config{URL: address, From: "helpers@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	r, server := heldPagesWith(t, library, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), said, letters)
	return r, server, box, said
}

var link = regexp.MustCompile(`https?://[^\s"<>]+/m/[A-Za-z0-9_-]+`)

// The whole way of a mail, over SMTP and HTTP: asked for, said yes to, sent once and by
// the same name at every try, tapped, and ended by the mail program's own button or by an
// address that takes none any more, of which whoever asked hears.
func TestMailGoesOutAndIsTapped(t *testing.T) {
	t.Parallel()
	r, server, box, said := posted(t)
	play := func(lines ...string) {
		t.Helper()
		if err := r.play(t.Context(), strings.NewReader(strings.Join(lines, "\n"))); err != nil {
			t.Fatal(err)
		}
	}
	tap := func(l letter, i int, form url.Values) (int, string) {
		t.Helper()
		found := link.FindAllString(l.body, -1)
		if len(found) <= i {
			t.Fatal("it lacks a link:", l.body)
		}
		u, err := url.Parse(found[i])
		if err != nil {
			t.Fatal(err)
		}
		method := http.MethodGet
		var body io.Reader
		if form != nil {
			method, body = http.MethodPost, strings.NewReader(form.Encode())
		}
		request, err := http.NewRequest(method, server.URL+u.Path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		page, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, read(string(page))
	}
	play("mod: /setup zone Denver", "maya: /family add name: Rosa", "maya: /ask ride-home 2026-12-03 13:30 from: near Union Station details: 12 Oak Street",
		"rosa@page: /my mail address: rosa@example.org", "rosa@page: /need claim vq7587", "maya: /need approve vq7587 @web/32pn32")
	letters, subjects := box.all(t)
	if len(letters) != 1 || letters[0].to != "rosa@example.org" {
		t.Fatalf("before anybody said yes there: %q", subjects)
	}
	if _, page := tap(letters[0], 0, nil); !strings.Contains(page, "Yes, write to me here") {
		t.Error("what the mail asks:", page)
	}
	play("rosa@page: /my mail") // the look has changed nothing
	if !strings.Contains(said.String(), "You get no e-mail") && !strings.Contains(said.String(), "To fill in, type: /my mail") {
		t.Error("somebody said yes by looking")
	}
	if status, page := tap(letters[0], 0, url.Values{}); status != http.StatusOK || !strings.Contains(page, "write to you here") {
		t.Fatal("the yes:", status, page)
	}
	play("wait until 2026-12-02 11:00")
	letters, subjects = box.all(t)
	if len(letters) != 2 || !strings.HasPrefix(subjects[1], "Still on?") {
		t.Fatalf("the day before: %q", subjects)
	}
	still := letters[1]
	telling := regexp.MustCompile(`(?i)\b(ketamine|therapy|clinic|session|kap)s?\b|village|12 Oak`)
	for _, l := range letters {
		if found := telling.FindString(link.ReplaceAllString(strings.ReplaceAll(l.body, "village.example/f/", ""), "") + l.head.Get("Subject") + l.head.Get("From")); found != "" {
			t.Errorf("a mail says %q: %s", found, l.body)
		}
		if l.head.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(l.head.Get("From"), "maya") || l.head.Get("Message-Id") == "" {
			t.Errorf("the head of a mail: %v", l.head)
		}
	}
	if still.head.Get("List-Unsubscribe") == "" || still.head.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(still.body, "text/html") || !strings.Contains(still.body, "text/plain") {
		t.Errorf("it lacks something: %v", still.head)
	}
	if status, page := tap(still, 0, url.Values{}); status != http.StatusOK || !strings.Contains(page, "still on") {
		t.Error("still on:", status, page)
	}
	play("maya: /need show vq7587")
	if n := strings.Count(said.String(), "Rosa says it is still on"); n > 1 || strings.Contains(said.String(), "has not seen") {
		t.Error("what maya heard:", n)
	}
	t.Run("forged", func(t *testing.T) {
		for _, path := range []string{"/m/x", "/m/" + strings.Repeat("a", 300), still.body[strings.Index(still.body, "/m/"):][:60]} {
			b := &phone{t: t, base: server.URL, http: http.DefaultClient}
			if _, page := b.ask(http.MethodPost, strings.TrimSpace(path), url.Values{}); !strings.Contains(page, "does nothing any more") {
				t.Error(path, page)
			}
		}
	})
	// an address that takes none any more
	box.refuse("rosa@example.org", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
	play("wait until 2026-12-02 19:00")
	if !strings.Contains(said.String(), "Mail to Rosa came back") {
		t.Error("maya has not heard that mail came back")
	}
	if status, _ := tap(still, 0, url.Values{}); status != http.StatusNotFound {
		t.Error("a link to an address that takes none still does something:", status)
	}
	play("wait until 2026-12-03 12:00")
	if after, _ := box.all(t); len(after) != 2 {
		t.Error("mail goes on:", len(after))
	}
}

// A server that is busy is tried again, by the same name; one tap of the mail program ends
// all of it.
func TestMailIsTriedAgainAndStopped(t *testing.T) {
	t.Parallel()
	r, server, box, _ := posted(t)
	play := func(lines ...string) {
		t.Helper()
		if err := r.play(t.Context(), strings.NewReader(strings.Join(lines, "\n"))); err != nil {
			t.Fatal(err)
		}
	}
	box.refuse("rosa@example.org", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"})
	play("mod: /setup zone Denver", "maya: /family add name: Rosa", "rosa@page: /my mail address: rosa@example.org")
	if letters, _ := box.all(t); len(letters) != 0 {
		t.Fatal("it was taken")
	}
	box.refuse("rosa@example.org", nil)
	play("wait 10m")
	letters, _ := box.all(t)
	if len(letters) != 1 {
		t.Fatal("it was not tried again:", len(letters))
	}
	p, _, err := r.parts.app.OnPage(t.Context(), console.Workspace, "rosa")
	if err != nil {
		t.Fatal(err)
	}
	yes := regexp.MustCompile(`/m/[A-Za-z0-9_-]+`).FindString(letters[0].body)
	b := &phone{t: t, base: server.URL, http: http.DefaultClient}
	b.ask(http.MethodPost, yes, url.Values{})
	e, err := r.parts.app.Envelope(t.Context(), bot.Outgoing{To: bot.Address{Person: "mail/" + village.FamilyCode(p.ID)}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(e.Stop)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(server.URL+u.Path, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if _, err := r.parts.app.Envelope(t.Context(), bot.Outgoing{To: bot.Address{Person: "mail/" + village.FamilyCode(p.ID)}}); response.StatusCode != http.StatusOK || !errors.Is(err, bot.ErrUnreachable) {
		t.Error("one click does not end it:", response.StatusCode, err)
	}
}
