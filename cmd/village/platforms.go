package main

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"village/bot"
	"village/bot/discord"
	"village/bot/mail"
	"village/bot/slack"
	"village/bot/web"
	"village/handlers"
)

// platform is one that the program can be connected to.
type platform struct {
	settings []setting
	// connect is the connection that the settings make. It is nil where they are not
	// there; half of them is a mistake that must not go unnoticed.
	connect func(p *program, shared func(platform string) *copies, log *slog.Logger) (*connection, error)
}

// platforms are all there are, in the order in which they are explained. A new one
// is a new entry.
func platforms() []platform {
	return []platform{
		{[]setting{
			{"DISCORD_TOKEN", "the bot's token; with it, Discord is connected", true},
			{"DISCORD_APP_ID", "the application's id; asked from Discord when it is left out", false},
			{"DISCORD_PUBLIC_KEY", "the application's public key, for interactions over HTTP", false},
			{"DISCORD_API_URL", "stands in for https://discord.com: a proxy or a test server", false},
		}, (*program).discord},
		{[]setting{
			{"SLACK_BOT_TOKEN", "the bot's token (xoxb-); with SLACK_APP_TOKEN, Slack is connected", true},
			{"SLACK_APP_TOKEN", "the app-level token (xapp-) for Socket Mode", true},
			{"SLACK_SIGNING_SECRET", "the signing secret, for requests over HTTP", true},
			{"SLACK_CLIENT_ID", "the app's client id: with the client secret, every workspace that installs the app at /slack/install is served", false},
			{"SLACK_CLIENT_SECRET", "the app's client secret", true},
			{"SLACK_API_URL", "stands in for https://slack.com/api/: a proxy or a test server", false},
		}, (*program).slack},
	}
}

// connection is a platform whose settings are present.
type connection struct {
	bot.Platform
	// route is the path under which it is reached over HTTP, behind
	// VILLAGE_PUBLIC_URL; empty where it is not.
	route   string
	handler func(b *bot.Bot) http.Handler
	// routes are what else is served there, by pattern; nil for nothing.
	routes  func(b *bot.Bot) map[string]http.Handler
	metrics []prometheus.Collector
}

// The paths that platforms are reached at.
const (
	discordRoute = "/discord"
	slackRoute   = "/slack"
	// slackCallback is where Slack sends whoever has installed the app.
	slackCallback = slackRoute + "/oauth"
)

// connections are to the platforms whose settings are present, with what the copies
// of each share, unless that is nil.
func (p *program) connections(shared func(platform string) *copies, log *slog.Logger) ([]connection, error) {
	var out []connection
	for _, platform := range platforms() {
		switch c, err := platform.connect(p, shared, log); {
		case err != nil:
			return nil, err
		case c != nil:
			out = append(out, *c)
		}
	}
	return out, nil
}

// reached says whether the program can be called over HTTP from outside.
func (p *program) reached() bool {
	return p.getenv("VILLAGE_LISTEN") != "" && p.getenv("VILLAGE_PUBLIC_URL") != ""
}

// withPages are the pages of those who come by a personal link, where they can be reached,
// and the mail to them. They end with the program and never before, so nobody keeps them
// going.
func (p *program) withPages(log *slog.Logger) ([]bot.Platform, error) {
	if !p.reached() {
		return nil, nil
	}
	pages, err := web.NewPages(web.PagesConfig{URL: p.getenv("VILLAGE_PUBLIC_URL"), Now: time.Now, Log: log})
	if err != nil {
		return nil, err
	}
	if p.getenv("VILLAGE_SMTP_URL") == "" {
		return []bot.Platform{pages}, nil
	}
	letters, err := mail.New(mail.Config{URL: p.getenv("VILLAGE_SMTP_URL"), From: p.getenv("VILLAGE_SMTP_FROM")})
	if err != nil {
		return nil, err
	}
	return []bot.Platform{pages, letters}, nil
}

func (p *program) discord(shared func(platform string) *copies, log *slog.Logger) (*connection, error) {
	token := p.getenv("DISCORD_TOKEN")
	if token == "" {
		return nil, nil
	}
	overHTTP := p.reached() && p.getenv("DISCORD_PUBLIC_KEY") != ""
	cfg := discord.Config{
		Token: token, AppID: p.getenv("DISCORD_APP_ID"), PublicKey: p.getenv("DISCORD_PUBLIC_KEY"),
		APIURL: p.getenv("DISCORD_API_URL"), OverHTTP: overHTTP, Log: log, AnswerWithin: p.answerWithin,
	}
	if shared != nil {
		both := shared(discord.Name)
		cfg.State, cfg.Leases = both, both
	}
	d, err := discord.New(cfg)
	if err != nil {
		return nil, err
	}
	c := &connection{Platform: d, metrics: gatewayMetrics(d)}
	if overHTTP {
		c.route, c.handler = discordRoute, d.Handler
	}
	return c, nil
}

func (p *program) slack(shared func(platform string) *copies, log *slog.Logger) (*connection, error) {
	botToken, appToken, secret := p.getenv("SLACK_BOT_TOKEN"), p.getenv("SLACK_APP_TOKEN"), p.getenv("SLACK_SIGNING_SECRET")
	overHTTP := p.reached() && appToken == "" && secret != ""
	many := p.getenv("SLACK_CLIENT_ID") + p.getenv("SLACK_CLIENT_SECRET")
	switch {
	case many != "":
		return p.slackWorkspaces(shared, log)
	case botToken == "" && appToken == "":
		return nil, nil
	case botToken == "":
		return nil, errors.New("SLACK_APP_TOKEN is set and SLACK_BOT_TOKEN is not. Slack needs both: install the app to the workspace and copy its bot token (xoxb-)")
	case appToken == "" && !overHTTP:
		return nil, errors.New("SLACK_BOT_TOKEN is set and SLACK_APP_TOKEN is not. Slack needs both: make an app-level token (xapp-) with connections:write on the app's page. " +
			"To be reached over HTTP instead, set SLACK_SIGNING_SECRET, VILLAGE_LISTEN and VILLAGE_PUBLIC_URL")
	}
	cfg := slack.Config{
		BotToken: botToken, AppToken: appToken, SigningSecret: secret,
		APIURL: p.getenv("SLACK_API_URL"), Home: handlers.HomeLine, Log: log, AnswerWithin: p.answerWithin,
	}
	if shared != nil {
		cfg.State = shared("slack")
	}
	s, err := slack.New(cfg)
	if err != nil {
		return nil, err
	}
	if overHTTP {
		return &connection{Platform: s, route: slackRoute, handler: s.Handler}, nil
	}
	return &connection{Platform: s}, nil
}

// slackWorkspaces are all that install the app, each with a token of its own.
func (p *program) slackWorkspaces(shared func(platform string) *copies, log *slog.Logger) (*connection, error) {
	if !p.reached() {
		return nil, errors.New("SLACK_CLIENT_ID is for workspaces that install the app over HTTP: set VILLAGE_LISTEN and VILLAGE_PUBLIC_URL too. " +
			"For one workspace without a public address set SLACK_BOT_TOKEN and SLACK_APP_TOKEN instead, and leave SLACK_CLIENT_ID and SLACK_CLIENT_SECRET out")
	}
	cfg := slack.Config{
		BotToken: p.getenv("SLACK_BOT_TOKEN"), AppToken: p.getenv("SLACK_APP_TOKEN"), SigningSecret: p.getenv("SLACK_SIGNING_SECRET"),
		ClientID: p.getenv("SLACK_CLIENT_ID"), ClientSecret: p.getenv("SLACK_CLIENT_SECRET"), Redirect: p.slackRedirect(),
		APIURL: p.getenv("SLACK_API_URL"), Home: handlers.HomeLine, Log: log, AnswerWithin: p.answerWithin,
	}
	if shared != nil {
		both := shared("slack")
		cfg.State, cfg.Installations = both, both
	}
	w, err := slack.NewWorkspaces(cfg)
	if err != nil {
		return nil, err
	}
	return &connection{Platform: w, route: slackRoute, handler: w.Handler, routes: w.Routes}, nil
}

// slackRedirect is where Slack sends whoever has installed the app.
func (p *program) slackRedirect() string {
	return strings.TrimRight(p.getenv("VILLAGE_PUBLIC_URL"), "/") + slackCallback
}
