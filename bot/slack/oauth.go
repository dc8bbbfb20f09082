package slack

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

const (
	// stateTime is how long somebody may take to say yes at Slack.
	stateTime = 10 * time.Minute
	// stateCookie is kept by the browser that began: nobody else's can end it.
	stateCookie = "village_slack"
	// installPath is where an installation begins, below the address of the Handler, and
	// callbackPath where Slack sends the browser back to.
	installPath, callbackPath = "/slack/install", "/slack/oauth"
)

// The client is a confidential one: its secret never leaves this process, and the state
// belongs to one browser. PKCE would say the same again; Slack has it switched on for good
// with one tap, and lets every refresh token end after thirty days from then on, so that a
// workspace that is quiet for a month would have to install the app anew.

// Routes are what is served beside the Handler, by pattern.
func (w *Workspaces) Routes(b *bot.Bot) map[string]http.Handler {
	w.bot.Store(b)
	return map[string]http.Handler{
		"GET " + installPath:  http.HandlerFunc(w.begin),
		"GET " + callbackPath: http.HandlerFunc(w.end),
	}
}

// InstallURL is where a workspace installs the app.
func (w *Workspaces) InstallURL() string {
	return strings.TrimSuffix(w.cfg.Redirect, callbackPath) + installPath
}

// begin sends somebody to Slack, to say yes there.
func (w *Workspaces) begin(rw http.ResponseWriter, r *http.Request) {
	nonce := rand.Text()
	http.SetCookie(rw, &http.Cookie{
		Name: stateCookie, Value: nonce, Path: "/slack", MaxAge: int(stateTime.Seconds()),
		HttpOnly: true, Secure: strings.HasPrefix(w.cfg.Redirect, "https://"), SameSite: http.SameSiteLaxMode,
	})
	to := *w.apiURL
	to.Path = strings.TrimSuffix(strings.TrimSuffix(to.Path, "/"), "/api") + "/oauth/v2/authorize"
	to.RawQuery = url.Values{
		"client_id": {w.cfg.ClientID}, "scope": {strings.Join(scopeNames(false), ",")}, "redirect_uri": {w.cfg.Redirect},
		"state": {w.state(nonce, time.Now().Add(stateTime))},
	}.Encode()
	unkept(rw)
	http.Redirect(rw, r, to.String(), http.StatusFound)
}

// state is what Slack brings back: until when it is good, signed together with what the
// browser keeps.
func (w *Workspaces) state(nonce string, until time.Time) string {
	stamp := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(stamp, w.sign(stamp, nonce)...))
}

func (w *Workspaces) sign(stamp []byte, nonce string) []byte {
	mac := hmac.New(sha256.New, []byte("village state "+w.cfg.ClientSecret))
	mac.Write(stamp)
	mac.Write([]byte(nonce))
	return mac.Sum(nil)
}

// ours says that a state was made here, for this browser, a short while ago.
func (w *Workspaces) ours(r *http.Request) bool {
	raw, err := base64.RawURLEncoding.DecodeString(r.FormValue("state"))
	cookie, missing := r.Cookie(stateCookie)
	if err != nil || missing != nil || cookie.Value == "" || len(raw) != 8+sha256.Size {
		return false
	}
	return subtle.ConstantTimeCompare(raw[8:], w.sign(raw[:8], cookie.Value)) == 1 && time.Now().Unix() < int64(binary.BigEndian.Uint64(raw))
}

// end keeps what Slack hands out to whoever has said yes.
func (w *Workspaces) end(rw http.ResponseWriter, r *http.Request) {
	if !w.ours(r) {
		w.page(rw, http.StatusBadRequest, installPage{Title: "Please begin again", Text: "This page was open for more than ten minutes, or was begun in another browser. Nothing was installed.", Install: w.InstallURL()})
		return
	}
	http.SetCookie(rw, &http.Cookie{Name: stateCookie, Path: "/slack", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	code := r.FormValue("code")
	if r.FormValue("error") != "" || code == "" {
		w.page(rw, http.StatusOK, installPage{Title: "Nothing was installed", Text: "You said no, and nothing was changed. You can begin again whenever you like.", Install: w.InstallURL()})
		return
	}
	i, err := w.keepInstallation(r.Context(), code)
	switch {
	case errors.Is(err, errOdd):
		w.log.ErrorContext(r.Context(), "Slack handed out something that cannot be used", "error", err)
		w.page(rw, http.StatusBadGateway, installPage{Title: "That did not work", Text: "Slack's answer was not complete. Please begin again; if it stays so, tell whoever runs this bot.", Install: w.InstallURL()})
		return
	case err != nil:
		w.log.ErrorContext(r.Context(), "an installation could not be finished", "error", withoutURL(err))
		w.page(rw, http.StatusBadGateway, installPage{Title: "That did not work", Text: "Slack or our own store did not answer. Please begin again in a minute; nothing was lost.", Install: w.InstallURL()})
		return
	}
	w.page(rw, http.StatusOK, installPage{
		Title: "Welcome, " + cmp.Or(i.Name, "everybody"),
		Text:  "I'm installed. Bring me to the channel where people ask for help: type /invite @Village there. I'll say who I am, and help you set me up in three taps.",
		Open:  opening(i),
	})
}

// opening is a page of Slack's that opens the bot in the workspace.
func opening(i Installation) string {
	if i.App == "" || i.Team == "" {
		return "https://slack.com/"
	}
	return "https://slack.com/app_redirect?" + url.Values{"app": {i.App}, "team": {i.Team}}.Encode()
}

// errOdd says that an answer of Slack's lacks something that it always has.
var errOdd = errors.New("slack: the answer to an installation is not complete")

// keepInstallation changes a code for a token and keeps it. A workspace that comes back
// takes up where it was.
func (w *Workspaces) keepInstallation(ctx context.Context, oneTime string) (Installation, error) {
	a, err := slackgo.GetOAuthV2ResponseContext(ctx, w.web, w.cfg.ClientID, w.cfg.ClientSecret, oneTime, w.cfg.Redirect, slackgo.OAuthOptionAPIURL(w.cfg.APIURL))
	if err != nil {
		return Installation{}, err
	}
	next := Installation{Team: a.Team.ID, Enterprise: a.Enterprise.ID, Name: a.Team.Name, App: a.AppID, BotUser: a.BotUserID, Scopes: a.Scope}.with(a)
	if a.IsEnterpriseInstall {
		next.Team, next.Name = "", a.Enterprise.Name
	}
	if next.Key() == "" || next.Token == "" || next.BotUser == "" {
		return next, errOdd
	}
	// From here on it is seen through: the code was good for once.
	ctx = context.WithoutCancel(ctx)
	next.Bare = w.home != nil && next.Team != "" && next.Team == w.home.me().team
	err = w.cfg.Installations.ChangeInstallation(ctx, next.Key(), func(have *Installation) *Installation {
		if have != nil {
			next.Teams, next.Bare = have.Teams, next.Bare || have.Bare
		}
		return &next
	})
	if err != nil {
		return next, err
	}
	w.forget(next.Key()) // what this copy knew of it is made anew, with the new token
	w.log.InfoContext(ctx, "the app was installed", "installation", next.Key(), "name", next.Name)
	for _, team := range next.workspaces() {
		w.bot.Load().Returned(ctx, "slack/"+team)
	}
	return next, nil
}

// installPage is what somebody reads who installs the app.
type installPage struct{ Title, Text, Install, Open string }

const pageSource = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{with .Open}}<p><a href="{{.}}">Open Slack</a></p>{{end}}{{with .Install}}<p><a href="{{.}}">Install Village</a></p>{{end}}
</main></body></html>
`

// page shows it. It loads nothing and is kept nowhere.
func (w *Workspaces) page(rw http.ResponseWriter, status int, p installPage) {
	var out bytes.Buffer
	t, err := template.New("install").Parse(pageSource)
	if err == nil {
		err = t.Execute(&out, p)
	}
	if err != nil { // cannot be: the page is a constant
		http.Error(rw, p.Title, status)
		return
	}
	unkept(rw)
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write(out.Bytes()) // nobody is left to tell
}

// unkept sets what every page of an installation says to browsers.
func unkept(rw http.ResponseWriter) {
	h := rw.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
}
