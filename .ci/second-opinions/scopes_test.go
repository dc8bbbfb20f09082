package opinions

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack"
	"village/bot/slack/slacktest"
)

// The scopes that the manifest asks for are enough for every method that the bot
// calls, as a Slack sees it that nobody here wrote: emulate, which refuses what
// a token has no scope for.
func TestScopesAreEnough(t *testing.T) {
	const token, poor = "xoxb-village", "xoxb-poor"
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	table := []bot.Command{
		{Name: "home", Summary: "What is yours", Example: "/home", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Title: "Yours", Text: "Nothing yet."}), nil
		}},
		{Name: "chart", Summary: "A picture", Example: "/chart", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Title: "Your weeks", Text: "Two of six.", Image: &bot.Image{Name: "weeks.png", PNG: picture.Bytes(), Alt: "A line that rises"}}), nil
		}},
		{Name: "ride", Summary: "Ask for a ride", Example: "/ride from: the clinic", Who: bot.Anyone, Form: "Ask for a ride",
			Options: []bot.Option{{Name: "from", Summary: "where it starts", Label: "From", Required: true, Max: 100}},
			Run: func(_ context.Context, r bot.Request) (bot.Reply, error) {
				return bot.Say(bot.Message{Text: "A ride from " + bot.Literal(r.Arg("from"))}), nil
			}},
	}
	b, err := bot.New(bot.Config{Table: table, Direct: func(context.Context, bot.Request) (bot.Reply, error) {
		return bot.Say(bot.Message{Text: "You wrote to me."}), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	watch := newWatch(t)
	port := freePort(t)
	c := start(t, "emulate-slack.mjs", "PORT="+port, "BASE_URL="+watch.URL, "BOT_TOKEN="+token, "POOR_TOKEN="+poor, "SCOPES="+strings.Join(askedFor(t, table), ","))
	var at struct{ Maya, Village, Quiet string }
	if err := json.Unmarshal([]byte(<-c.lines), &at); err != nil {
		t.Fatal("emulate did not start: ", err)
	}
	watch.to(t, "http://127.0.0.1:"+port)

	p, err := slack.New(slack.Config{BotToken: token, SigningSecret: slacktest.SigningSecret, APIURL: watch.URL + "/api/", Home: "/home", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := p.Run(ctx, b); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(running.Wait)
	t.Cleanup(stop)
	endpoint := httptest.NewServer(p.Handler(b))
	t.Cleanup(endpoint.Close)
	watch.saw("auth.test")

	var card bot.Posted
	for _, to := range []bot.Address{{Person: "slack/" + at.Maya}, {Room: "slack/" + at.Quiet}, {Room: "slack/" + at.Village}} {
		if card, err = p.Send(ctx, bot.Outgoing{To: to, Message: bot.Message{Title: "A ride home", Text: "Can you?", Buttons: []bot.Button{{Label: "I can", Command: "/home"}}}}); err != nil {
			t.Fatalf("Send to %v: %v", to, err)
		}
	}
	if err := p.Edit(ctx, card, bot.Message{Title: "A ride home", Text: "Somebody can."}); err != nil {
		t.Errorf("Edit: %v", err)
	}
	watch.saw("conversations.open", "chat.postMessage", "chat.update")

	for _, f := range p.Check(ctx, table, "slack/"+at.Village, "slack/"+at.Quiet) {
		if strings.Contains(f.Say, "may not") {
			t.Errorf("the doctor is refused: %s", f.Say)
		}
	}
	watch.saw("conversations.info")

	deliver := func(kind string, body []byte) {
		t.Helper()
		res, err := http.DefaultClient.Do(slacktest.SignedRequest(endpoint.URL, kind, body, time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("a delivery is answered with %s", res.Status)
		}
	}
	say := func(command, channel, trigger string) {
		t.Helper()
		deliver("application/x-www-form-urlencoded", []byte(url.Values{
			"command": {command}, "team_id": {"T000000001"}, "channel_id": {channel}, "channel_name": {"village"}, "user_id": {at.Maya}, "user_name": {"maya"},
			"trigger_id": {trigger}, "response_url": {watch.URL + "/gone"},
		}.Encode()))
	}
	// The response_url is gone, so what only one person sees goes another way.
	say("/home", at.Village, "first")
	watch.saw("users.info", "chat.postEphemeral")
	say("/ride", at.Village, watch.ask("views.generateTriggerId", token, url.Values{"user_id": {at.Maya}})["trigger_id"].(string))
	watch.saw("views.open")
	direct := watch.ask("conversations.open", token, url.Values{"users": {at.Maya}})["channel"].(map[string]any)["id"].(string)
	say("/chart", direct, "second")
	watch.saw("files.getUploadURLExternal", "files.completeUploadExternal")
	deliver("application/json", []byte(`{"type":"event_callback","team_id":"T000000001","event_id":"Ev1","event":{"type":"app_home_opened","tab":"home","user":"`+at.Maya+`","channel":"`+direct+`"}}`))
	watch.saw("views.publish")

	for method, problem := range watch.refused() {
		t.Errorf("%s is refused: %s", method, problem)
	}
	if got := watch.ask("chat.postMessage", poor, url.Values{"channel": {at.Village}, "text": {"no"}})["error"]; got != "missing_scope" {
		t.Errorf("a token without the scope is told %v: nothing was proved here", got)
	}
}

// askedFor are the manifest's scopes.
func askedFor(t *testing.T, table []bot.Command) []string {
	t.Helper()
	data, err := slack.Manifest(table, slack.Options{Home: true})
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		OAuth struct{ Scopes struct{ Bot []string } } `json:"oauth_config"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m.OAuth.Scopes.Bot
}

// watch stands before a Slack and notes how every call goes.
type watch struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	changed chan struct{}
	proxy   *httputil.ReverseProxy
	methods []string
	errors  map[string]string
}

func newWatch(t *testing.T) *watch {
	w := &watch{t: t, changed: make(chan struct{}, 1), errors: map[string]string{}}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		proxy := w.proxy
		w.mu.Unlock()
		if proxy == nil || r.URL.Path == "/gone" {
			http.NotFound(rw, r)
			return
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.Close)
	return w
}

func (w *watch) to(t *testing.T, address string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			accommodate(r.Out)
		},
		ModifyResponse: w.note,
	}
}

// accommodate changes what Slack does not mind and emulate does: it looks for a
// token in the header only, and takes no form that ends twice, as the uploads of
// slack-go v0.35.0 do.
func accommodate(r *http.Request) {
	if r.Body == nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // emulate will miss it
	}
	if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && params["boundary"] != "" {
		end := "--" + params["boundary"] + "--\r\n"
		if before, _, found := strings.Cut(string(body), end); found {
			body = []byte(before + end)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("token") != "" {
		r.Header.Set("Authorization", "Bearer "+form.Get("token"))
	}
}

func (w *watch) note(res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	method, isAPI := strings.CutPrefix(res.Request.URL.Path, "/api/")
	if !isAPI {
		return nil
	}
	var answer struct {
		OK    bool
		Error string
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		answer.Error = err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.methods = append(w.methods, method)
	if !answer.OK && !strings.Contains(res.Request.Header.Get("Authorization"), "poor") {
		w.errors[method] = answer.Error + " " + string(body)
	}
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return nil
}

// saw waits until every one of the methods has been called.
func (w *watch) saw(methods ...string) {
	w.t.Helper()
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	for {
		w.mu.Lock()
		seen, wrong := slices.Clone(w.methods), w.errors
		w.mu.Unlock()
		if !slices.ContainsFunc(methods, func(m string) bool { return !slices.Contains(seen, m) }) {
			return
		}
		select {
		case <-w.changed:
		case <-timer.C:
			w.t.Fatalf("waited in vain for %v; there were %v, and %v went wrong", methods, seen, wrong)
		}
	}
}

func (w *watch) refused() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.errors
}

// ask calls a method and gives what is answered.
func (w *watch) ask(method, token string, args url.Values) map[string]any {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.URL+"/api/"+method, strings.NewReader(args.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		w.t.Fatal(err)
	}
	return out
}
