// Package mail is a platform on which people are only told something: those who come by a
// personal link and have given an address. What they say to it they say on a page, which a
// link opens.
//
// Promised: a message has the same Message-ID at every try, its subject and text come from
// whoever sends it and from nowhere else, whoever wants no more needs one tap, and an
// address that the server refuses for good is [bot.ErrUnreachable]. Not promised: that a
// mail arrives. What comes back later comes to the address it was sent from, and is read
// by nobody here.
package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"village/bot"
)

//go:embed letter.html
var files embed.FS

// Name is the platform's name, the part of its people's IDs before the slash.
const Name = "mail"

// sendLimit is as long as one mail may take.
const sendLimit = 20 * time.Second

// Config is what a Mail is made of.
type Config struct {
	// URL is the server: smtp://user:password@host:587, or smtps:// where TLS comes first.
	// Words go to a server over TLS alone, unless it is on this machine.
	URL string
	// From is the address that mails come from, with or without a name.
	From string
	// TLS is for servers with a certificate of their own; nil is the usual.
	TLS *tls.Config
}

// Mail is the platform.
type Mail struct {
	from   *mail.Address
	client []gomail.Option
	host   string
	box    bot.Postbox
	html   *template.Template
}

// New makes a Mail. The error is about the settings, and never holds the password.
func New(cfg Config) (*Mail, error) {
	m := &Mail{}
	var err error
	if m.from, err = mail.ParseAddress(cfg.From); err != nil {
		return nil, errors.New("VILLAGE_SMTP_FROM is no address that mails can come from: write it as helpers@example.org")
	}
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("VILLAGE_SMTP_URL is no server that I can send by: write it as smtp://user:password@mail.example.org:587, with smtps:// where TLS comes first (port 465)")
	}
	m.host = u.Hostname()
	port, policy := 587, gomail.TLSMandatory
	if ip := net.ParseIP(m.host); m.host == "localhost" || ip != nil && ip.IsLoopback() {
		policy = gomail.TLSOpportunistic
	}
	m.client = []gomail.Option{gomail.WithTimeout(sendLimit), gomail.WithTLSPolicy(policy)}
	if u.Scheme == "smtps" {
		port = 465
		m.client = append(m.client, gomail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("VILLAGE_SMTP_URL has a port that is no number")
		}
	}
	m.client = append(m.client, gomail.WithPort(port))
	if cfg.TLS != nil {
		m.client = append(m.client, gomail.WithTLSConfig(cfg.TLS))
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		m.client = append(m.client, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user), gomail.WithPassword(password))
	}
	if m.html, err = template.ParseFS(files, "letter.html"); err != nil {
		return nil, fmt.Errorf("the letter: %w", err)
	}
	return m, nil
}

// Name is "mail".
func (m *Mail) Name() string { return Name }

// Receive says who knows where people get mail, before the first is sent.
func (m *Mail) Receive(box bot.Postbox) { m.box = box }

// Run waits: mails are sent by Send.
func (m *Mail) Run(ctx context.Context, _ *bot.Bot) error {
	<-ctx.Done()
	return nil
}

// Edit is ErrGone: what was mailed stays as it was.
func (m *Mail) Edit(context.Context, bot.Posted, bot.Message) error { return bot.ErrGone }

// Check asks the server to let us in, and sends nothing.
func (m *Mail) Check(ctx context.Context, _ []bot.Command, _ ...string) []bot.Finding {
	c, err := gomail.NewClient(m.host, m.client...)
	if err == nil {
		err = c.DialWithContext(ctx)
	}
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		return []bot.Finding{{Say: "The mail server " + m.host + " does not let me in.", Do: "Look at VILLAGE_SMTP_URL: the name, the port (587, or 465 with smtps), the user and the password. It said: " + reasonOf(err)}}
	}
	return []bot.Finding{{OK: true, Say: "The mail server " + m.host + " lets me in."}}
}

// reasonOf is what a server said, without what was sent to it.
func reasonOf(err error) string {
	if text := err.Error(); len(text) <= 200 {
		return text
	}
	return err.Error()[:200]
}

// Send mails a message. Errors as for [bot.Platform].
func (m *Mail) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if o.To.Person == "" || m.box == nil {
		return bot.Posted{}, bot.ErrUnreachable
	}
	e, err := m.box.Envelope(ctx, o)
	if err != nil {
		return bot.Posted{}, err
	}
	id := m.idOf(o)
	msg, err := m.letter(e, id)
	if err != nil {
		return bot.Posted{}, err
	}
	c, err := gomail.NewClient(m.host, m.client...)
	if err != nil {
		return bot.Posted{}, fmt.Errorf("mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return bot.Posted{}, refused(err)
	}
	return bot.Posted{Platform: Name, Room: o.To.Person, Message: id}, nil
}

// refused tells an address that a server takes nothing for, now and ever, from everything
// else that can go wrong. The error never holds the address.
func refused(err error) error {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return errors.New("mail: the server could not be reached, or did not let me in")
	}
	code, status := sent.ErrorCode(), sent.EnhancedStatusCode()
	policy := strings.HasPrefix(status, "5.7.") // this server's own rules, not the address
	if sent.Reason == gomail.ErrSMTPRcptTo && code >= 550 && code <= 553 && !policy {
		return fmt.Errorf("mail: refused for good with %d %s: %w", code, status, bot.ErrUnreachable)
	}
	return fmt.Errorf("mail: not taken, with %d %s", code, status)
}

// idOf is the same for every try of the same message.
func (m *Mail) idOf(o bot.Outgoing) string {
	sum := sha256.Sum256([]byte(o.To.Person + "\x00" + o.Nonce))
	_, domain, _ := strings.Cut(m.from.Address, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

// letter is a mail in plain text, and the same in simple HTML.
func (m *Mail) letter(e bot.Envelope, id string) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.FromFormat(e.From, m.from.Address); err != nil {
		return nil, errors.New("mail: no address to send from")
	}
	if err := msg.To(e.To); err != nil {
		return nil, fmt.Errorf("mail: no address to send to: %w", bot.ErrUnreachable)
	}
	msg.Subject(e.Message.Title)
	msg.SetMessageIDWithValue(id)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", e.Language)
	if e.Stop != "" {
		if err := msg.SetListUnsubscribeOneClick(e.Stop); err != nil {
			msg.SetListUnsubscribe(e.Stop) // without https there is no one click
		}
	}
	msg.SetBodyString(gomail.TypeTextPlain, plain(e))
	var html bytes.Buffer
	if err := m.html.Execute(&html, shown(e)); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	msg.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return msg, nil
}

// plain is a message as plain text.
func plain(e bot.Envelope) string {
	var parts []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			parts = append(parts, text)
		}
	}
	add(bot.PlainText(e.Message.Text))
	var fields []string
	for _, f := range e.Message.Fields {
		fields = append(fields, f.Name+": "+bot.PlainText(f.Value))
	}
	add(strings.Join(fields, "\n"))
	for _, b := range e.Message.Buttons {
		add(b.Label + ":\n" + b.URL)
	}
	add(bot.PlainText(e.Message.Footer))
	add("-- \n" + e.Note)
	if e.Stop != "" {
		add(e.StopLabel + ":\n" + e.Stop)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// letterView is what letter.html shows.
type letterView struct {
	bot.Envelope
	Blocks []bot.Block
	Fields []letterField
	Footer string
}

type letterField struct{ Name, Value string }

func shown(e bot.Envelope) letterView {
	v := letterView{Envelope: e, Blocks: bot.Parse(e.Message.Text), Footer: bot.PlainText(e.Message.Footer)}
	for _, f := range e.Message.Fields {
		v.Fields = append(v.Fields, letterField{f.Name, bot.PlainText(f.Value)})
	}
	return v
}
