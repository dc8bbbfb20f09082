package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
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

// run keeps the session with Discord's gateway until ctx ends (nil) or Discord
// refuses for good.
func (s *session) run(ctx context.Context) error {
	p := s.p
	defer p.setConnected(s.shard, false)
	for failures := 0; ctx.Err() == nil; {
		address, err := s.whereTo(ctx, failures)
		if err != nil || ctx.Err() != nil {
			return err
		}
		end := s.serve(ctx, address)
		p.setConnected(s.shard, false)
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
		if s.stale() {
			// Whoever has the shard may have ended this connection by taking the
			// session up: do not take it back and forth.
			wait = max(wait, stalePauses*p.cfg.Lease)
		}
		p.log.WarnContext(ctx, "discord: the connection ended and is replaced", "shard", s.shard, "why", end.why, "in", wait)
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
		return fmt.Errorf("the connection was closed by Discord with code %d: this bot is in more servers than its connections may serve. Start all its processes again; they then ask Discord how many it wants: %w", code, errShards)
	case 4012:
		return errors.New("the connection was closed by Discord with code 4012: it no longer speaks version 10 of its gateway, and this program needs an update")
	case 4013, 4014:
		return fmt.Errorf("the connection was closed by Discord with code %d: it does not allow this bot to hear of direct messages and mentions. Look at the bot's intents in the Developer Portal, under Bot", code)
	}
	return nil
}

// gatewayInfo is what Discord says about its gateway.
type gatewayInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"` // how many connections Discord wants of this bot
	Starts struct {
		Total      int `json:"total"`
		Remaining  int `json:"remaining"`
		ResetAfter int `json:"reset_after"` // milliseconds
		// Concurrency is how many sessions may be begun in five seconds, each of
		// them for another remainder of the shard's number.
		Concurrency int `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// askGateway asks until Discord answers, ctx ends (nil), or it refuses for good.
func (p *Platform) askGateway(ctx context.Context) (info gatewayInfo, err error) {
	err = p.keepTrying(ctx, "asking for the gateway", func() error {
		err := p.api.do(ctx, call{method: http.MethodGet, path: "/gateway/bot", route: "GET gateway", out: &info})
		if err == nil && !strings.HasPrefix(info.URL, "ws") {
			err = errors.New("the gateway's address is missing")
		}
		return err
	})
	return info, err
}

// gatewayAddress is where a shard begins a new session, when it may: it waits for
// its turn among all shards, and for tomorrow when no new session may be begun
// today. Discord resets the token of a bot that goes on.
func (p *Platform) gatewayAddress(ctx context.Context, shard int) (string, error) {
	info, err := p.askGateway(ctx)
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
	turn := fmt.Sprint("identify/", shard%max(info.Starts.Concurrency, 1))
	for !p.turn(ctx, turn) {
		if sleep(ctx, p.cfg.Backoff) != nil {
			return "", nil
		}
	}
	return info.URL, nil
}

// stalePauses is how many times Config.Lease pass before a connection is replaced
// whose shard could not be renewed for so long that it may be another process's. It
// is replaced all the same: the store may have failed for everybody.
const stalePauses = 4

// identifyPauses is how many times Config.Backoff pass between two sessions that
// take turns: five seconds, which are Discord's, and a little.
const identifyPauses = 11

// turn says that it is this shard's turn to begin a session.
func (p *Platform) turn(ctx context.Context, key string) bool {
	pause := identifyPauses * p.cfg.Backoff
	if p.cfg.State != nil {
		free, err := p.cfg.State.First(ctx, key, pause)
		if err == nil {
			return free
		}
		p.log.WarnContext(ctx, "discord: other processes cannot be asked whose turn it is", "error", err)
	}
	return p.own.first(key, pause)
}

// eventHandler takes an event; late ones happened while nobody was connected.
type eventHandler func(e *discordgo.Event, late bool)

// session is what lives longer than a connection.
type session struct {
	p      *Platform
	handle eventHandler
	// shard is the part of the bot's servers that it hears of: one of shards.
	shard, shards int
	// stale says that the shard may be another process's by now.
	stale func() bool

	mu    sync.Mutex
	notes *notes // of the present connection, or of the last one
}

// position is where the session can be taken up again: nothing when it cannot.
func (s *session) position() (session string, seq int64, resume string) {
	s.mu.Lock()
	n := s.notes
	s.mu.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.session, n.seq, n.resume
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
	return s.p.gatewayAddress(ctx, s.shard)
}

// outcome is how a connection went.
type outcome struct {
	ending
	lived bool // Discord said READY or RESUMED
}

// serve makes one connection and returns when it is over.
func (s *session) serve(ctx context.Context, address string) outcome {
	s.mu.Lock()
	s.notes = s.notes.next()
	s.mu.Unlock()
	dg, gone := s.newDiscordgo(ctx, address)
	err := s.open(ctx, dg)
	if err == nil {
		select {
		case <-s.notes.done:
			// discordgo takes a second to let go; Run waits for it, we don't.
			s.p.goDo(func() { <-gone })
		case <-ctx.Done():
			if s.p.cfg.Leases == nil {
				// Closing with a code tells Discord that the bot left.
				err = dg.Close()
				break
			}
			// Another process, or this one started again, takes the session up.
			_ = s.notes.over(ending{resume: true, why: ctx.Err()})
			s.p.goDo(func() { <-gone })
		}
	}
	_ = s.notes.over(ending{resume: true, why: err}) // unless it was said before
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	return outcome{ending: *s.notes.end, lived: s.notes.ready}
}

func (s *session) open(ctx context.Context, dg *discordgo.Session) error {
	defer context.AfterFunc(ctx, func() {
		_ = s.notes.over(ending{resume: true, why: ctx.Err()})
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
	dg.ShardID, dg.ShardCount = s.shard, s.shards
	dg.Client = &http.Client{Transport: gatewayAt(address)}
	dg.Dialer = &websocket.Dialer{
		HandshakeTimeout:  s.p.cfg.Patience,
		NetDialContext:    s.notes.dial(ctx, s.p.cfg.Patience, false),
		NetDialTLSContext: s.notes.dial(ctx, s.p.cfg.Patience, true),
	}
	n := s.notes // of this connection
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.handle(e, n.late(e.Sequence)) })
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
func (p *Platform) heard(shard int) {
	p.setConnected(shard, true)
	p.mu.Lock()
	p.link.LastHeard = time.Now()
	p.mu.Unlock()
}

// setConnected notes how a shard's connection is. The link is connected when all
// of this process's shards are.
func (p *Platform) setConnected(shard int, yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.linked[shard] = yes
	yes = !slices.Contains(slices.Collect(maps.Values(p.linked)), false)
	if p.link.Connected != yes {
		p.link.Connected, p.link.Since = yes, time.Now()
	}
}

// event takes the raw event: discordgo hands on half-decoded ones when it meets
// a part it does not know.
func (p *Platform) event(work context.Context, b *bot.Bot, e *discordgo.Event, late bool) {
	raw := bytes.Clone(e.RawData)
	switch e.Type {
	case "INTERACTION_CREATE":
		p.goDo(func() { p.gatewayInteraction(work, b, raw, late) })
	case "MESSAGE_CREATE":
		p.goDo(func() { p.chat(work, b, raw) })
	}
}
