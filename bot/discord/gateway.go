package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"villagebot/bot"
)

// intents are what the bot hears of: direct messages, and messages in rooms, of
// which Discord blanks the words unless they are addressed to the bot.
const intents = discordgo.IntentsDirectMessages | discordgo.IntentsGuildMessages

// serveGateway keeps a session with Discord's gateway until ctx ends (nil) or
// Discord refuses for good.
func (p *Platform) serveGateway(ctx, work context.Context, b *bot.Bot) error {
	s := &session{p: p, notes: &notes{token: "Bot " + p.cfg.Token, beat: p.heard}}
	s.handle = func(e *discordgo.Event) { p.event(work, b, e) }
	for failures := 0; ctx.Err() == nil; {
		address, err := s.whereTo(ctx, failures)
		if err != nil || ctx.Err() != nil {
			return err
		}
		end := s.serve(ctx, address)
		p.setConnected(false)
		if ctx.Err() != nil {
			return nil
		}
		if err := fatalClose(end.code); err != nil {
			return err
		}
		wait := time.Duration(0)
		if end.lived {
			failures = 0
		} else {
			wait = min(p.cfg.Backoff<<min(failures, 7), time.Minute)
			failures++
		}
		if end.invalid {
			// Discord asks for a pause of one to five seconds.
			wait += 2*p.cfg.Backoff + rand.N(8*p.cfg.Backoff)
		}
		p.log.WarnContext(ctx, "discord: the connection ended and is replaced", "why", end.why, "in", wait)
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
	return nil
}

// fatalClose explains the codes after which trying again is useless or harmful.
func fatalClose(code int) error {
	switch code {
	case 4004:
		return errBadToken
	case 4010, 4011:
		return fmt.Errorf("the connection was closed by Discord with code %d: this bot is in more servers than one connection may serve", code)
	case 4012:
		return errors.New("the connection was closed by Discord with code 4012: it no longer speaks version 10 of its gateway, and this program needs an update")
	case 4013, 4014:
		return fmt.Errorf("the connection was closed by Discord with code %d: it does not allow this bot to hear of direct messages and mentions. Look at the bot's intents in the Developer Portal, under Bot", code)
	}
	return nil
}

// gatewayAddress asks where to connect, and waits when no new session may be
// begun today: Discord resets the token of a bot that goes on.
func (p *Platform) gatewayAddress(ctx context.Context) (string, error) {
	var info struct {
		URL    string `json:"url"`
		Starts struct {
			Total      int `json:"total"`
			Remaining  int `json:"remaining"`
			ResetAfter int `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	err := p.keepTrying(ctx, "asking for the gateway", func() error {
		err := p.api.do(ctx, call{method: http.MethodGet, path: "/gateway/bot", route: "GET gateway", out: &info})
		if err == nil && !strings.HasPrefix(info.URL, "ws") {
			err = errors.New("the gateway's address is missing")
		}
		return err
	})
	if err != nil || ctx.Err() != nil {
		return "", err
	}
	if info.Starts.Total > 0 && info.Starts.Remaining == 0 {
		wait := time.Duration(info.Starts.ResetAfter) * time.Millisecond
		p.log.ErrorContext(ctx, "discord: no session may be begun before the limit is reset", "wait", wait)
		if sleep(ctx, wait) != nil {
			return "", nil
		}
	}
	return info.URL, nil
}

// session is what lives longer than a connection.
type session struct {
	p      *Platform
	notes  *notes
	handle func(*discordgo.Event)
}

// whereTo is the address for the next connection: where the session can be taken
// up again, unless that failed three times, or where a new one begins.
func (s *session) whereTo(ctx context.Context, failures int) (string, error) {
	s.notes.mu.Lock()
	if failures > 2 {
		s.notes.session = ""
	}
	again, address := s.notes.session != "", s.notes.resume
	s.notes.mu.Unlock()
	if again && strings.HasPrefix(address, "ws") {
		return address, nil
	}
	return s.p.gatewayAddress(ctx)
}

// outcome is how a connection went.
type outcome struct {
	ending
	lived bool // Discord said READY or RESUMED
}

// serve makes one connection and returns when it is over.
func (s *session) serve(ctx context.Context, address string) outcome {
	s.notes = s.notes.next()
	dg, gone := s.newDiscordgo(ctx, address)
	err := s.open(ctx, dg)
	if err == nil {
		select {
		case <-s.notes.done:
			// discordgo takes a second to let go; Run waits for it, we don't.
			s.p.tasks.goDo(func() { <-gone })
		case <-ctx.Done():
			// Closing with a code tells Discord that the bot left.
			err = dg.Close()
		}
	}
	_ = s.notes.over(ending{resume: true, why: err}) // unless it was said before
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	return outcome{ending: *s.notes.end, lived: s.notes.ready}
}

func (s *session) open(ctx context.Context, dg *discordgo.Session) error {
	defer context.AfterFunc(ctx, func() {
		_ = s.notes.over(ending{why: ctx.Err()})
	})()
	return dg.Open()
}

// newDiscordgo is a discordgo session for one connection, and what closes when
// it has let go of it.
func (s *session) newDiscordgo(ctx context.Context, address string) (*discordgo.Session, <-chan struct{}) {
	// The error is always nil: nothing is done with the token yet.
	dg, _ := discordgo.New(s.notes.token)
	dg.LogLevel = -1 // its log lines hold people's words
	dg.StateEnabled = false
	dg.ShouldReconnectOnError = false
	dg.Compress = false
	dg.Identify.Compress = false
	dg.Identify.Intents = intents
	dg.Client = &http.Client{Transport: gatewayAt(address)}
	dg.Dialer = &websocket.Dialer{
		HandshakeTimeout:  s.p.cfg.Patience,
		NetDialContext:    s.notes.dial(ctx, s.p.cfg.Patience, false),
		NetDialTLSContext: s.notes.dial(ctx, s.p.cfg.Patience, true),
	}
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.handle(e) })
	gone := make(chan struct{})
	var once sync.Once // discordgo may say it twice
	dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { once.Do(func() { close(gone) }) })
	return dg, gone
}

// gatewayAt answers discordgo's only question, where the gateway is. What
// discordgo puts behind the address (version 9) ends up in the fragment, which
// is never sent.
type gatewayAt string

// RoundTrip answers without asking anybody.
func (at gatewayAt) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"url": strings.TrimRight(string(at), "/") + "/?v=10&encoding=json#"})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: req,
	}, nil
}

// heard notes that Discord is there.
func (p *Platform) heard() {
	p.setConnected(true)
	p.mu.Lock()
	p.link.LastHeard = time.Now()
	p.mu.Unlock()
}

func (p *Platform) setConnected(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link.Connected != yes {
		p.link.Connected, p.link.Since = yes, time.Now()
	}
}

// event takes the raw event: discordgo hands on half-decoded ones when it meets
// a part it does not know.
func (p *Platform) event(work context.Context, b *bot.Bot, e *discordgo.Event) {
	raw := bytes.Clone(e.RawData)
	switch e.Type {
	case "INTERACTION_CREATE":
		p.tasks.goDo(func() { p.gatewayInteraction(work, b, raw) })
	case "MESSAGE_CREATE":
		p.tasks.goDo(func() { p.chat(work, b, raw) })
	}
}
