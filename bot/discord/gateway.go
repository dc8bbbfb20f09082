package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"village/bot"
	"village/bot/adapter"
)

// eventHandler takes an event; late ones happened while nobody was connected. It
// must not wait for anything.
type eventHandler func(name string, data json.RawMessage, late bool)

// session is what lives longer than a connection.
type session struct {
	p      *Platform
	handle eventHandler
	begun  func() // called when Discord has begun a session or goes on with one
	// shard is the part of the bot's servers that it hears of: one of shards.
	shard, shards int
	// stale says that the shard may be another process's by now.
	stale func() bool

	// failures are the connections in a row that came to nothing, the first of them
	// at failing.
	failures int
	failing  time.Time

	mu sync.Mutex
	at position
}

// position is where a session can be taken up again (RESUME): what happened in
// between is then told. Without a name there is nothing to take up.
type position struct {
	Session string `json:"session,omitempty"`
	Seq     int64  `json:"seq,omitempty"` // of the last event that was heard
	Resume  string `json:"resume,omitempty"`
}

func (s *session) position() position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *session) moveTo(at position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
}

// run keeps the session with Discord's gateway until ctx ends (nil) or Discord
// refuses for good.
func (s *session) run(ctx context.Context) error {
	p := s.p
	defer p.setConnected(s.shard, false)
	for ctx.Err() == nil {
		address, err := s.whereTo(ctx)
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
		if !end.resume {
			s.moveTo(position{})
		}
		wait := time.Duration(0)
		if end.lived {
			s.failures = 0
		} else {
			wait = min(p.cfg.Backoff<<min(s.failures, 7), time.Minute)
			if s.failures++; s.failures == 1 {
				s.failing = time.Now()
			}
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
		if adapter.Sleep(ctx, wait) != nil {
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

const (
	// sessionTime is how long a session is tried to be taken up again; Discord may
	// have it for less, and says so then.
	sessionTime = 5 * time.Minute
	// namedTries is how often that is tried at the address that Discord named for it
	// before it is tried where sessions begin, which does as well.
	namedTries = 2
)

// whereTo is the address for the next connection: where the session can be taken
// up again, or where a new one begins.
func (s *session) whereTo(ctx context.Context) (string, error) {
	at := s.position()
	if s.failures > 0 && time.Since(s.failing) > sessionTime {
		at = position{}
		s.moveTo(at)
	}
	switch {
	case at.Session == "":
		return s.p.gatewayAddress(ctx, s.shard)
	case s.failures < namedTries && strings.HasPrefix(at.Resume, "ws"):
		return at.Resume, nil
	}
	info, err := s.p.askGateway(ctx)
	return info.URL, err
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
		if adapter.Sleep(ctx, wait) != nil {
			return "", nil
		}
	}
	turn := fmt.Sprint("identify/", shard%max(info.Starts.Concurrency, 1))
	for !p.turn(ctx, turn) {
		if adapter.Sleep(ctx, p.cfg.Backoff) != nil {
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
	if p.notes.Shared() {
		free, err := p.notes.First(ctx, key, pause)
		if err == nil {
			return free
		}
		p.log.WarnContext(ctx, "discord: other processes cannot be asked whose turn it is", "error", err)
	}
	return p.notes.FirstHere(key, pause)
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

// event takes an event as it came.
func (p *Platform) event(work context.Context, b *bot.Bot, name string, data json.RawMessage, late bool) {
	switch name {
	case "READY":
		p.begun(work, b, data)
	case "INTERACTION_CREATE":
		p.goDo(func() { p.gatewayInteraction(work, b, data, late) })
	case "MESSAGE_CREATE":
		p.goDo(func() { p.chat(work, b, data) })
	case "GUILD_CREATE", "GUILD_DELETE":
		p.goDo(func() { p.serverComesOrGoes(work, b, name, data) })
	case "MESSAGE_UPDATE":
		p.goDo(func() { p.changed(work, b, data) })
	}
}

// justJoined is how long ago the bot joined a server that it has just been brought to.
const justJoined = 10 * time.Minute

// channelSeen is a channel as a server's first event tells of it.
type channelSeen struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	Position int    `json:"position"`
}

// whereToGreet is where the server greets people, else its first text channel, or "".
func whereToGreet(system string, channels []channelSeen) string {
	if system != "" {
		return system
	}
	text := slices.DeleteFunc(slices.Clone(channels), func(c channelSeen) bool { return c.Type != 0 })
	if len(text) == 0 {
		return ""
	}
	return slices.MinFunc(text, func(a, b channelSeen) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	}).ID
}

// serverComesOrGoes notes that the bot is in a server, or was taken out of one. That a
// server cannot be reached for a while is neither.
func (p *Platform) serverComesOrGoes(ctx context.Context, b *bot.Bot, name string, data json.RawMessage) {
	var g struct {
		ID          string        `json:"id"`
		Unavailable bool          `json:"unavailable"`
		JoinedAt    time.Time     `json:"joined_at"`
		System      string        `json:"system_channel_id"`
		Channels    []channelSeen `json:"channels"`
	}
	if err := json.Unmarshal(data, &g); err != nil || !isSnowflake(g.ID) || g.Unavailable {
		return
	}
	if name == "GUILD_DELETE" {
		b.Removed(ctx, Name+"/"+g.ID)
		return
	}
	b.Returned(ctx, Name+"/"+g.ID)
	if time.Since(g.JoinedAt) > justJoined {
		return
	}
	at := bot.Arrival{Workspace: Name + "/" + g.ID}
	if room := whereToGreet(g.System, g.Channels); room != "" {
		at.Room = Name + "/" + room
	}
	b.Arrived(ctx, at)
}
