package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

const (
	// maxAnswer bounds what is read of an answer of the Web API, in bytes.
	maxAnswer = 4 << 20
	// waitUnsaid is how long to wait when Slack says "too many" and not for how
	// long.
	waitUnsaid = 5 * time.Second
)

// cure stands between slack-go v0.35.0 and Slack and mends what the library gets
// wrong:
//
//   - a 429 without Retry-After, and {"ok":false,"error":"ratelimited"} with
//     status 200, are no RateLimitedError there: both are given the header and
//     the status that make them one;
//   - it decodes the message that Slack echoes strictly, so one odd block would
//     turn a post that has been made into an error, and the retry into a second
//     post: the echo is taken out;
//     So are the words in a conversation's history, of which only nonces are read;
//   - an error page with status 200 would be "invalid character '<'".
//
// What is not the Web API, such as where files are sent, is let through.
//
// It also notices when Slack refuses the bot token, whichever call found out.
type cure struct {
	next    *http.Client
	api     string                        // the path that the Web API is under
	refused func(err error, checked bool) // checked by auth.test
	told    func(http.Header)             // gets what Slack says beside its answer to auth.test
	p       *Platform
}

// Do is slack-go's idea of an HTTP client. Where the token is an installation's, the one
// that works now takes the place of slack-go's; when Slack refuses it all the same,
// another copy may have changed it a moment ago, and the call is made once more.
func (c *cure) Do(req *http.Request) (*http.Response, error) {
	if c.p.tokens == nil || !strings.HasPrefix(req.URL.Path, c.api) {
		resp, failure, err := c.ask(req)
		c.note(req, failure)
		return resp, err
	}
	body, err := saidIn(req)
	if err != nil {
		return nil, err
	}
	token, err := c.p.tokens.now(req.Context())
	if errors.Is(err, errEnded) {
		c.p.lost(err)
	}
	if err != nil {
		return nil, err
	}
	resp, failure, err := c.ask(withToken(req, body, token))
	if over(failure) {
		if next, none := c.p.tokens.after(req.Context(), token); none == nil {
			resp, failure, err = c.ask(withToken(req, body, next))
		} else if !errors.Is(none, errEnded) {
			return nil, none // it may be taken again soon, so nothing has ended
		}
	}
	c.note(req, failure)
	return resp, err
}

// over says that Slack takes a token no more, or that it looks so.
func over(failure string) bool {
	return tokenError("SLACK_BOT_TOKEN", slackgo.SlackErrorResponse{Err: failure}) != nil && failure != "not_allowed_token_type"
}

// saidIn reads what a request says.
func saidIn(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// withToken is a request with another token in the place of slack-go's, which stands in
// its header or in its form.
func withToken(req *http.Request, body []byte, token string) *http.Request {
	req = req.Clone(req.Context())
	if req.Header.Get("Authorization") != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Has("token") {
			form.Set("token", token)
			body = []byte(form.Encode())
		}
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body = io.NopCloser(bytes.NewReader(body))
	return req
}

// note notices that Slack refuses the bot token.
func (c *cure) note(req *http.Request, failure string) {
	if failure != "" && !strings.HasSuffix(req.URL.Path, "/apps.connections.open") {
		c.refused(slackgo.SlackErrorResponse{Err: failure}, strings.HasSuffix(req.URL.Path, "/auth.test"))
	}
}

// ask makes a call; failure is Slack's word for what was wrong with it.
func (c *cure) ask(req *http.Request) (resp *http.Response, failure string, err error) {
	resp, err = c.next.Do(req)
	if err != nil {
		return nil, "", withoutURL(err)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return limited(resp), "", nil
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(req.URL.Path, c.api) {
		return resp, "", nil
	}
	if strings.HasSuffix(req.URL.Path, "/auth.test") {
		c.told(resp.Header)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close()
	if err != nil {
		return nil, "", fmt.Errorf("reading Slack's answer: %w", err)
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, "", errors.New("an answer that is no JSON")
	}
	_ = json.Unmarshal(answer["error"], &failure)
	if failure == "ratelimited" || failure == "rate_limited" {
		resp.StatusCode, resp.Status = http.StatusTooManyRequests, "429 Too Many Requests"
		resp.Body = http.NoBody
		return limited(resp), "", nil
	}
	strip(answer, req.URL.Path)
	body, err = json.Marshal(answer)
	if err != nil {
		return nil, "", fmt.Errorf("reading Slack's answer: %w", err)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, failure, nil
}

// strip takes out of an answer what nothing is done with.
func strip(answer map[string]json.RawMessage, path string) {
	if strings.Contains(path, "/chat.") {
		delete(answer, "message")
	}
	if raw, ok := answer["view"]; ok {
		answer["view"] = bareView(raw)
	}
	if strings.HasSuffix(path, "/conversations.history") {
		answer["messages"] = bareMessages(answer["messages"])
	}
}

// bareView keeps of an echoed view what we use.
func bareView(raw json.RawMessage) json.RawMessage {
	var view struct {
		ID   string `json:"id"`
		Hash string `json:"hash"`
	}
	_ = json.Unmarshal(raw, &view)
	bare, err := json.Marshal(view)
	if err != nil { // cannot be: two strings
		return nil
	}
	return bare
}

// limited gives a 429 the header that slack-go looks for.
func limited(resp *http.Response) *http.Response {
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err != nil || n < 0 {
		resp.Header.Set("Retry-After", strconv.Itoa(int(waitUnsaid.Seconds())))
	}
	return resp
}

// withoutURL keeps addresses, which can hold secrets, out of errors and logs.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// code is Slack's word for what went wrong, "" for any other error.
func code(err error) string {
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// retryAfter is how long Slack asks to wait, 0 when it does not say.
func retryAfter(err error) time.Duration {
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, 100*time.Millisecond)
	}
	return 0
}

// outcome turns an error of the Web API into those of bot.Platform.
func outcome(doing string, err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("slack: %s: %w", doing, err)
	if after := retryAfter(err); after > 0 {
		return &bot.RetryError{After: after, Err: wrapped}
	}
	switch code(err) {
	case "channel_not_found", "not_in_channel", "is_archived", "is_inactive", "user_not_found", "users_not_found", "user_disabled",
		"user_not_visible", "cannot_dm_bot", "messages_tab_disabled", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_non_threadable_channel", "posting_to_channel_denied", "no_permission", "access_denied", "external_channel_migrating",
		"slack_connect_canvas_sharing_blocked", "team_not_found", "channel_type_not_supported":
		return fmt.Errorf("%w: %w", bot.ErrUnreachable, wrapped)
	case "message_not_found", "edit_window_closed", "cant_update_message":
		return fmt.Errorf("%w: %w", bot.ErrGone, wrapped)
	}
	return wrapped
}

// unshowable says that Slack did not like how a message is laid out. Its words
// alone will do.
func unshowable(err error) bool {
	switch code(err) {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_attachments", "invalid_metadata_format", "metadata_too_large":
		return true
	}
	return false
}

// passing says that trying again soon may help.
func passing(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	if c := code(err); c != "" {
		return c == "internal_error" || c == "fatal_error" || c == "service_unavailable" || c == "request_timeout"
	}
	var status slackgo.StatusCodeError
	if errors.As(err, &status) {
		return status.Code >= 500
	}
	return true
}

// patiently repeats a call for the person who is waiting: three times, and no
// longer than they would wait.
func (p *Platform) patiently(ctx context.Context, call func() error) error {
	const tries, longest = 3, 15 * time.Second
	return adapter.Insist(ctx, tries, func(err error, failed int) (time.Duration, bool) {
		after := retryAfter(err)
		return max(after, p.pause(failed)), after <= longest && (after > 0 || passing(err))
	}, call)
}

// pause is how long to wait before the next attempt to reach Slack: from half a
// second to half a minute, and never the same for everybody.
func pause(failed int) time.Duration {
	return adapter.Scattered(adapter.Backoff(500*time.Millisecond, 30*time.Second, failed))
}
