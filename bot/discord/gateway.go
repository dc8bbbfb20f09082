package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"village/bot"
)

// intents are what the bot hears of: direct messages, and messages in rooms, of
// which Discord blanks the words unless they are addressed to the bot.
const intents = discordgo.IntentsDirectMessages | discordgo.IntentsGuildMessages

// serveGateway keeps a session with Discord's gateway until ctx ends (nil) or
// Discord refuses for good.
func (p *Platform) serveGateway(ctx, work context.Context, b *bot.Bot) error {
	var s *session
	for failures := 0; ctx.Err() == nil; {
		if s == nil {
			address, err := p.gatewayAddress(ctx)
			if err != nil || ctx.Err() != nil {
				return err
			}
			s = p.newSession(ctx, address, func(e *discordgo.Event) { p.event(work, b, e) })
		}
		end := s.serve(ctx)
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
		if !end.resume || !end.lived && failures > 2 {
			s = nil
			wait = max(wait, p.cfg.Backoff)
		}
		p.log.WarnContext(ctx, "discord: the connection ended and is replaced", "why", end.why, "resume", s != nil, "in", wait)
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

// session is one session with Discord, over one connection after another.
type session struct {
	dg    *discordgo.Session
	notes *notes
	gone  chan struct{} // discordgo has let go of a connection

	mu      sync.Mutex
	address string
	refuse  bool // the next dial fails, see serve
	begun   bool
}

func (p *Platform) newSession(ctx context.Context, address string, handle func(*discordgo.Event)) *session {
	s := &session{address: address, gone: make(chan struct{}, 1), notes: &notes{}}
	s.notes.beat = p.heard
	// The error is always nil: nothing is done with the token yet.
	s.dg, _ = discordgo.New("Bot " + p.cfg.Token)
	s.dg.LogLevel = -1 // its log lines hold people's words
	s.dg.StateEnabled = false
	s.dg.ShouldReconnectOnError = false
	s.dg.Compress = false
	s.dg.Identify.Compress = false
	s.dg.Identify.Intents = intents
	s.dg.Client = &http.Client{Transport: s}
	s.dg.Dialer = &websocket.Dialer{
		HandshakeTimeout:  p.cfg.Patience,
		NetDialContext:    s.dial(s.notes.dial(ctx, p.cfg.Patience, false)),
		NetDialTLSContext: s.dial(s.notes.dial(ctx, p.cfg.Patience, true)),
	}
	s.dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { handle(e) })
	s.dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case s.gone <- struct{}{}:
		default:
		}
	})
	return s
}

// RoundTrip answers discordgo's only question, where the gateway is. What
// discordgo puts behind the address (version 9) ends up in the fragment, which
// is never sent.
func (s *session) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := json.Marshal(map[string]string{"url": strings.TrimRight(s.address, "/") + "/?v=10&encoding=json#"})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: req,
	}, nil
}

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

var errRefused = errors.New("refused, so that the address is asked for again")

func (s *session) dial(next dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		s.mu.Lock()
		refuse := s.refuse
		s.refuse = false
		s.mu.Unlock()
		if refuse {
			return nil, errRefused
		}
		return next(ctx, network, addr)
	}
}

// outcome is how a connection went.
type outcome struct {
	ending
	lived bool // Discord said READY or RESUMED
}

// serve makes one connection and returns when it is over.
func (s *session) serve(ctx context.Context) outcome {
	s.notes.reset()
	err := s.open(ctx)
	if err == nil {
		select {
		case <-s.gone:
		case <-ctx.Done():
			// Closing with a code tells Discord that the bot left.
			if err := s.dg.Close(); err != nil {
				return outcome{ending: ending{why: err}}
			}
			return outcome{ending: ending{why: ctx.Err()}}
		}
	}
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	o := outcome{lived: s.notes.ready}
	if o.why = err; s.notes.end != nil {
		o.ending = *s.notes.end
	}
	if s.notes.end == nil && err != nil {
		o.resume = true
	}
	// A session that never began cannot be taken up again.
	s.begun = s.begun || o.lived
	o.resume = o.resume && s.begun
	if s.notes.resume != "" {
		s.mu.Lock()
		s.address = s.notes.resume
		s.mu.Unlock()
	}
	return o
}

// open has discordgo connect. For a session that is taken up again Discord wants
// another address; discordgo keeps the first until a dial fails, so one does.
func (s *session) open(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() {
		s.notes.over(ending{why: ctx.Err()})
	})()
	if s.begun {
		s.mu.Lock()
		s.refuse = true
		s.mu.Unlock()
		if err := s.dg.Open(); !errors.Is(err, errRefused) {
			return fmt.Errorf("a refused dial went through: %w", err)
		}
	}
	return s.dg.Open()
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
