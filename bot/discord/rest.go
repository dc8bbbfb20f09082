package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/time/rate"

	"village/bot"
	"village/bot/adapter"
)

const (
	maxAnswer      = 8 << 20 // bytes of a REST answer that are read
	attemptTime    = 15 * time.Second
	globalRate     = 45 // requests a second; Discord stops a bot at 50
	unknownWait    = 30 * time.Second
	maxRoutesKnown = 4096
	leastSwept     = 256
)

// api speaks Discord's REST interface. discordgo's own client is not used for
// it: its limiter makes all answers to interactions wait for one another, sleeps
// through a context's end, and never forgets a bucket.
type api struct {
	base    string // without a slash at the end
	token   string
	http    *http.Client
	backoff time.Duration
	limiter *rate.Limiter

	mu      sync.Mutex
	blocked map[string]time.Time // by route, until when Discord will refuse
	sweepAt int                  // with so many, those whose time is over are dropped
	global  time.Time
	// ahead is by how much this machine's clock was ahead of Discord's at the last
	// answer, to the second.
	ahead time.Duration
	told  time.Time // when that was
}

func newAPI(cfg Config) *api {
	return &api{
		base:    strings.TrimRight(cfg.APIURL, "/") + "/api/v10",
		token:   cfg.Token,
		http:    cfg.HTTP,
		backoff: cfg.Backoff,
		limiter: rate.NewLimiter(globalRate, globalRate),
		blocked: map[string]time.Time{},
	}
}

// call is one request.
type call struct {
	method, path string
	// route names what Discord counts together: the method, the kind of path and
	// the channel or token in it.
	route string
	body  any
	files []file
	out   any
	// own says that the path carries its own right (an interaction's token):
	// no bot token goes along, and the bot's global limit does not count.
	own bool
}

// apiError is Discord's refusal.
type apiError struct {
	status  int
	code    int
	message string
	details string
	route   string
}

func (e *apiError) Error() string {
	s := fmt.Sprintf("discord: %s: HTTP %d", e.route, e.status)
	if e.code != 0 {
		s += fmt.Sprintf(", code %d", e.code)
	}
	if e.message != "" {
		s += ": " + e.message
	}
	if e.details != "" {
		s += " " + e.details
	}
	return s
}

// Unwrap sorts refusals into what a delivery can do about them.
func (e *apiError) Unwrap() error {
	switch e.code {
	case discordgo.ErrCodeUnknownMessage:
		return bot.ErrGone
	case discordgo.ErrCodeCannotSendMessagesToThisUser,
		noOneWrites, // no server in common any more
		discordgo.ErrCodeUnknownChannel, discordgo.ErrCodeUnknownGuild, discordgo.ErrCodeUnknownUser,
		discordgo.ErrCodeMissingAccess, discordgo.ErrCodeMissingPermissions,
		discordgo.ErrCodePerformedOperationOnArchivedThread,
		discordgo.ErrCodeUnauthorized, discordgo.ErrCodeActionRequiredVerifiedAccount:
		return bot.ErrUnreachable
	}
	return nil
}

func codeOf(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.code
	}
	return 0
}

func statusOf(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.status
	}
	return 0
}

// do makes one attempt. Errors: *apiError, inside a *bot.RetryError when Discord
// says how long to wait; anything else may be tried again.
func (a *api) do(ctx context.Context, c call) error {
	if wait := a.closedFor(c); wait > 0 {
		return &bot.RetryError{After: wait, Err: fmt.Errorf("discord: %s: waiting as Discord asked", c.route)}
	}
	if !c.own {
		if err := a.limiter.Wait(ctx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	req, err := a.request(ctx, c)
	if err != nil {
		return err
	}
	res, err := a.http.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its words hold the path, and paths hold tokens
			err = u.Err
		}
		return fmt.Errorf("discord: %s: %w", c.route, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("discord: %s: reading the answer: %w", c.route, err)
	}
	a.compareClocks(res)
	a.learn(c, res)
	if res.StatusCode >= 300 {
		return a.refusal(c, res, body)
	}
	if c.out == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, c.out); err != nil {
		return fmt.Errorf("discord: %s: the answer is not what was expected: %w", c.route, err)
	}
	return nil
}

func (a *api) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	contentType := ""
	if c.body != nil {
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("discord: %s: %w", c.route, err)
		}
		contentType = "application/json"
		if len(c.files) > 0 {
			if data, contentType, err = withFiles(data, c.files); err != nil {
				return nil, fmt.Errorf("discord: %s: %w", c.route, err)
			}
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, a.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("discord: %s: the address cannot be used", c.route)
	}
	req.Header.Set("User-Agent", userAgent)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if !c.own {
		req.Header.Set("Authorization", "Bot "+a.token)
	}
	return req, nil
}

// userAgent names the library as Discord asks bots to.
const userAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, v" + discordgo.VERSION + ") village"

// withFiles packs a body and its files as Discord takes them.
func withFiles(payload []byte, files []file) ([]byte, string, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="payload_json"`},
		"Content-Type":        {"application/json"},
	})
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(payload); err != nil {
		return nil, "", err
	}
	for i, f := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, i, f.name)},
			"Content-Type":        {f.kind},
		})
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(f.data); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return buf.Bytes(), w.FormDataContentType(), nil
}

// refusal reads an answer that is not a success. It may be JSON from Discord or
// a page of HTML from what stands before it.
func (a *api) refusal(c call, res *http.Response, body []byte) error {
	var said struct {
		Code       int             `json:"code"`
		Message    string          `json:"message"`
		Errors     json.RawMessage `json:"errors"`
		RetryAfter float64         `json:"retry_after"`
		Global     bool            `json:"global"`
	}
	isJSON := json.Unmarshal(body, &said) == nil
	e := &apiError{status: res.StatusCode, code: said.Code, message: said.Message, details: string(said.Errors), route: c.route}
	if !isJSON {
		e.message = "the answer is not from Discord's API"
	}
	if res.StatusCode != http.StatusTooManyRequests && said.RetryAfter == 0 {
		if passes(said.Code) {
			return &bot.RetryError{After: unknownWait, Err: e}
		}
		return e
	}
	after := seconds(res.Header.Get("Retry-After"))
	if said.RetryAfter > 0 {
		after = time.Duration(said.RetryAfter * float64(time.Second))
	}
	if after <= 0 {
		after = unknownWait
		if isJSON {
			after = time.Second
		}
	}
	a.block(c, after, said.Global || !isJSON || strings.EqualFold(res.Header.Get("X-RateLimit-Global"), "true"))
	return &bot.RetryError{After: after, Err: e}
}

// passes tells refusals that pass by waiting and do not always say how long.
func passes(code int) bool {
	switch code {
	case 20016, // slow mode
		20028, // too many writes to a channel
		30046, // too many edits of an old message
		40003: // opening direct messages too fast
		return true
	}
	return false
}

func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || math.IsNaN(f) || f > 1e6 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// compareClocks notes what Discord says the time is.
func (a *api) compareClocks(res *http.Response) {
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ahead, a.told = time.Since(theirs).Truncate(time.Second), time.Now()
}

// learn notes that a route has nothing left until its window is over.
func (a *api) learn(c call, res *http.Response) {
	if res.StatusCode == http.StatusTooManyRequests || res.Header.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	if after := seconds(res.Header.Get("X-RateLimit-Reset-After")); after > 0 {
		a.block(c, after, false)
	}
}

func (a *api) block(c call, after time.Duration, global bool) {
	now := time.Now()
	until := now.Add(after)
	a.mu.Lock()
	defer a.mu.Unlock()
	if global && !c.own {
		a.global = until
		return
	}
	if len(a.blocked) >= a.sweepAt {
		maps.DeleteFunc(a.blocked, func(_ string, t time.Time) bool { return !now.Before(t) })
		a.sweepAt = min(max(2*len(a.blocked), leastSwept), maxRoutesKnown)
	}
	if len(a.blocked) < maxRoutesKnown {
		a.blocked[c.route] = until
	}
}

// closedFor is how long a request would certainly be refused.
func (a *api) closedFor(c call) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	until, ok := a.blocked[c.route]
	if ok && !time.Now().Before(until) {
		delete(a.blocked, c.route)
	}
	if !c.own && a.global.After(until) {
		until = a.global
	}
	return time.Until(until)
}

// insist makes attempts until one succeeds, the refusal is final, or ctx ends:
// for what nobody else would try again. An attempt may have worked although its
// answer was lost, so the caller must be able to live with a second one.
func (a *api) insist(ctx context.Context, c call) error {
	return adapter.Insist(ctx, 6, retries(a.backoff), func() error { return a.do(ctx, c) })
}

// retries says what may be tried again, and when: as Discord asks, or else later
// each time. What Discord refuses stays refused.
func retries(first time.Duration) func(err error, failed int) (time.Duration, bool) {
	return func(err error, failed int) (time.Duration, bool) {
		var later *bot.RetryError
		if errors.As(err, &later) {
			return later.After, true
		}
		s := statusOf(err)
		return adapter.Backoff(first, time.Minute, failed), s == 0 || s >= 500
	}
}
