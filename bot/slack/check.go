package slack

import (
	"context"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"villagebot/bot"
)

// Check asks Slack about the bot token and, with Socket Mode, about the
// app-level token. Commands are part of the app's manifest, which a bot cannot
// read, and whether it was invited to a room shows when it first writes there:
// the findings say so. It changes nothing.
func (p *Platform) Check(ctx context.Context, _ []bot.Command, rooms ...string) []bot.Finding {
	var out []bot.Finding
	who, err := p.api.AuthTestContext(ctx)
	if err != nil {
		out = append(out, bot.Finding{Say: "Slack does not take SLACK_BOT_TOKEN: " + err.Error(), Do: "Copy it again from the app's settings, under OAuth & Permissions."})
	} else {
		out = append(out, bot.Finding{OK: true, Say: fmt.Sprintf("The bot token belongs to %s in the workspace %s.", who.User, who.Team)})
	}
	if p.cfg.AppToken != "" {
		out = append(out, p.checkSocket(ctx))
	}
	if len(rooms) > 0 {
		names := make([]string, len(rooms))
		for i, room := range rooms {
			names[i] = bot.Account(room)
		}
		out = append(out, bot.Finding{OK: true, Say: "Please make sure that the bot is invited to " + strings.Join(names, ", ") + ": it has no right to look."})
	}
	return append(out, bot.Finding{OK: true, Say: "Whether the commands are current cannot be asked: compare the app's manifest with the one printed by \"manifest slack\"."})
}

// checkSocket opens a socket's address, which nobody has to connect to.
func (p *Platform) checkSocket(ctx context.Context) bot.Finding {
	api := slackgo.New(p.cfg.BotToken, slackgo.OptionAppLevelToken(p.cfg.AppToken), slackgo.OptionAPIURL(p.cfg.APIURL), slackgo.OptionHTTPClient(p.web))
	if _, _, err := api.StartSocketModeContext(ctx); err != nil {
		return bot.Finding{Say: "Slack does not take SLACK_APP_TOKEN: " + err.Error(), Do: "Make an app-level token with connections:write, and switch Socket Mode on in the app's settings."}
	}
	return bot.Finding{OK: true, Say: "The app-level token opens a socket."}
}
