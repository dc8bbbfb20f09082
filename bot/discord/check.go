package discord

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
)

// Invite is the link with which a server's moderator adds the bot. It asks only
// for what is used.
func Invite(appID string) string {
	q := url.Values{
		"client_id":   {appID},
		"scope":       {"bot applications.commands"},
		"permissions": {strconv.FormatUint(uint64(permissions()), 10)},
	}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}

// Check looks at the token, the application and its commands, and at each of
// the rooms (IDs). It changes nothing.
func (p *Platform) Check(ctx context.Context, table []bot.Command, rooms ...string) []bot.Finding {
	app, err := p.application(ctx)
	if err != nil {
		if statusOf(err) == http.StatusUnauthorized {
			err = errBadToken
		}
		return []bot.Finding{{Say: "Discord cannot be asked: " + err.Error(), Do: "Check DISCORD_TOKEN and that this machine reaches Discord."}}
	}
	out := []bot.Finding{{OK: true, Say: fmt.Sprintf("The token belongs to the application %q (%s). Invite it with %s", app.Name, app.ID, Invite(app.ID))}}
	out = append(out, p.checkClock())
	out = append(out, p.notes.CheckHeard(ctx, "Discord's gateway")...)
	out = append(out, p.checkSettings(app)...)
	out = append(out, p.checkCommands(ctx, app.ID, table))
	look := rightsOf{p: p, bot: app.Bot.ID, app: app.ID, guilds: map[string]*standing{}}
	for _, room := range rooms {
		out = append(out, look.checkRoom(ctx, room))
	}
	return out
}

// Clock is how this machine's clock compared with Discord's at its last answer.
func (p *Platform) Clock() (ahead time.Duration, at time.Time) {
	p.api.mu.Lock()
	defer p.api.mu.Unlock()
	return p.api.ahead, p.api.told
}

// AskClock asks Discord for an answer, whose header says the time.
func (p *Platform) AskClock(ctx context.Context) error {
	return p.api.do(ctx, call{method: http.MethodGet, path: "/gateway", route: "GET gateway address"})
}

func (p *Platform) checkClock() bot.Finding {
	ahead, _ := p.Clock()
	return bot.ClockFinding("Discord", ahead)
}

func (p *Platform) checkSettings(app application) []bot.Finding {
	var out []bot.Finding
	if p.cfg.AppID != "" && p.cfg.AppID != app.ID {
		out = append(out, bot.Finding{Say: "DISCORD_APP_ID is another application's.", Do: "Set it to " + app.ID + " or leave it out."})
	}
	if p.cfg.PublicKey != "" && app.VerifyKey != "" && !strings.EqualFold(strings.TrimSpace(p.cfg.PublicKey), app.VerifyKey) {
		out = append(out, bot.Finding{Say: "DISCORD_PUBLIC_KEY is another application's.", Do: "Set it to " + app.VerifyKey + "."})
	}
	switch {
	case p.cfg.OverHTTP && app.Endpoint == "":
		out = append(out, bot.Finding{Say: "Interactions should come over HTTP, but the application names no Interactions Endpoint URL.", Do: "Set it in the Developer Portal, under General Information."})
	case !p.cfg.OverHTTP && app.Endpoint != "":
		out = append(out, bot.Finding{Say: "The application sends its interactions to " + app.Endpoint + ", so they do not come through the gateway.", Do: "Remove the Interactions Endpoint URL in the Developer Portal, or serve it here."})
	}
	return out
}

func (p *Platform) checkCommands(ctx context.Context, appID string, table []bot.Command) bot.Finding {
	var have []command
	err := p.api.do(ctx, call{method: http.MethodGet, path: "/applications/" + appID + commandsAsked, route: "GET commands", out: &have})
	if err != nil {
		return bot.Finding{Say: "The registered commands cannot be read: " + err.Error(), Do: "Try again in a minute."}
	}
	want := commandsOf(table)
	if sameCommands(want, have) {
		return bot.Finding{OK: true, Say: fmt.Sprintf("All %d commands are registered.", len(want))}
	}
	if len(have) == 0 {
		return bot.Finding{NotYet: true, Say: "No commands are registered yet.", Do: "Start the bot; it registers them."}
	}
	return bot.Finding{Say: "The registered commands are not those of this version: " + differ(want, have) + ".", Do: "Start the bot once; it registers them."}
}

// differ names the commands that are missing, too many or changed.
func differ(want, have []command) string {
	var out []string
	find := func(list []command, c command) int {
		return slices.IndexFunc(list, func(o command) bool { return o.Name == c.Name && o.Type == c.Type })
	}
	for _, c := range want {
		if i := find(have, c); i < 0 {
			out = append(out, c.Name+" is missing")
		} else if !sameCommands([]command{c}, have[i:i+1]) {
			out = append(out, c.Name+" has changed")
		}
	}
	for _, c := range have {
		if find(want, c) < 0 {
			out = append(out, c.Name+" is no longer wanted")
		}
	}
	return strings.Join(out, ", ")
}
