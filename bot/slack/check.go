package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// Check asks Slack about the bot token and its scopes, with Socket Mode about the
// app-level token, and about each room: whether it is archived, and whether the bot
// is in it. Commands are part of the app's manifest, which a bot cannot read: a
// finding says so. It changes nothing.
func (p *Platform) Check(ctx context.Context, _ []bot.Command, rooms ...string) []bot.Finding {
	var out []bot.Finding
	who, err := p.api.AuthTestContext(ctx)
	if err != nil {
		out = append(out, bot.Finding{Say: "Slack does not take SLACK_BOT_TOKEN: " + err.Error(), Do: "Copy it again from the app's settings, under OAuth & Permissions."})
	} else {
		out = append(out, bot.Finding{OK: true, Say: fmt.Sprintf("The bot token belongs to %s in the workspace %s.", who.User, who.Team)})
		out = append(out, p.checkClock())
		out = append(out, p.checkScopes()...)
	}
	from := "Slack"
	if p.cfg.AppToken != "" {
		from = "Slack's socket"
		out = append(out, p.checkSocket(ctx))
		if n := p.others.Load(); n > 0 && !p.notes.Shared() {
			out = append(out, bot.Finding{
				Say: fmt.Sprintf("%d more connections to Slack use this app token, and each event reaches one of them alone.", n),
				Do:  "Stop the other program, or give it an app of its own.",
			})
		}
	}
	out = append(out, p.notes.CheckHeard(ctx, from)...)
	if err == nil {
		for _, room := range rooms {
			out = append(out, p.checkRoom(ctx, room))
		}
	}
	return append(out, bot.Finding{OK: true, Say: "Whether the commands are current cannot be asked: compare the app's manifest with the one printed by \"manifest slack\"."})
}

// Clock is how this machine's clock compared with Slack's at its last answer.
func (p *Platform) Clock() (ahead time.Duration, at time.Time) {
	p.selfMu.Lock()
	defer p.selfMu.Unlock()
	return p.ahead, p.toldAt
}

// AskClock asks Slack for an answer, whose header says the time.
func (p *Platform) AskClock(ctx context.Context) error {
	_, err := p.api.AuthTestContext(ctx)
	return err
}

func (p *Platform) checkClock() bot.Finding {
	ahead, _ := p.Clock()
	return bot.ClockFinding("Slack", ahead)
}

// checkScopes compares what the token may do with what the manifest asks for.
func (p *Platform) checkScopes() []bot.Finding {
	p.selfMu.Lock()
	have := strings.Split(p.rights, ",")
	p.selfMu.Unlock()
	for i := range have {
		have[i] = strings.TrimSpace(have[i])
	}
	if len(have) == 1 && have[0] == "" {
		return nil // Slack did not say
	}
	var out []bot.Finding
	for _, s := range scopes() {
		if !slices.Contains(have, s.name) && s.optional {
			out = append(out, bot.Finding{OK: true, Say: fmt.Sprintf("The bot goes without the optional scope %s: %s.", s.name, s.without)})
		} else if !slices.Contains(have, s.name) {
			out = append(out, bot.Finding{
				Say: fmt.Sprintf("The bot lacks the scope %s: %s.", s.name, s.without),
				Do:  "Add it in the app's settings under OAuth & Permissions, and install the app to the workspace again.",
			})
		}
	}
	if !slices.ContainsFunc(out, func(f bot.Finding) bool { return !f.OK }) {
		out = append(out, bot.Finding{OK: true, Say: "The bot has every scope that it needs."})
	}
	if !slices.Contains(have, "channels:history") {
		out = append(out, bot.Finding{OK: true, Say: "The bot may not read in channels (channels:history, for private ones groups:history), and need not: a post there whose answer Slack lost is made again without looking whether it is there already."})
	}
	return out
}

// checkRoom looks whether the bot can write in a room, and whether everybody can read it.
func (p *Platform) checkRoom(ctx context.Context, id string) bot.Finding {
	f := p.findIn(ctx, id)
	f.Room = id
	return f
}

func (p *Platform) findIn(ctx context.Context, id string) bot.Finding {
	channel := account(id)
	if !isChannel(channel) {
		return bot.Finding{Say: id + " is not a channel on Slack.", Do: "Choose the channel again."}
	}
	c, err := p.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: channel})
	switch {
	case code(err) == "channel_not_found":
		return bot.Finding{Say: "The channel " + channel + " is gone, or private and without the bot.", Do: "Invite the bot there with /invite, or choose another channel."}
	case code(err) == "missing_scope":
		return bot.Finding{OK: true, Say: "The bot may not look at the channel " + channel + ". Please make sure that it is invited there, and that the channel is not archived."}
	case err != nil:
		return bot.Finding{Say: "The channel " + channel + " cannot be asked for: " + err.Error(), Do: "Try again in a minute."}
	case c.IsArchived:
		return bot.Finding{Say: "The channel #" + c.Name + " is archived, so nothing can be posted there.", Public: !c.IsPrivate, Do: "Bring it back in its settings, or choose another channel with /setup channel."}
	case !c.IsMember:
		return bot.Finding{Say: "The bot is not in the channel #" + c.Name + ".", Public: !c.IsPrivate, Do: "Type /invite there, and the bot's name."}
	}
	return bot.Finding{OK: true, Say: "The bot is in the channel #" + c.Name + ".", Public: !c.IsPrivate}
}

// checkSocket opens a socket's address, which nobody has to connect to.
func (p *Platform) checkSocket(ctx context.Context) bot.Finding {
	api := slackgo.New(p.cfg.BotToken, slackgo.OptionAppLevelToken(p.cfg.AppToken), slackgo.OptionAPIURL(p.cfg.APIURL), slackgo.OptionHTTPClient(p.web))
	if _, _, err := api.StartSocketModeContext(ctx); err != nil {
		return bot.Finding{Say: "Slack does not take SLACK_APP_TOKEN: " + err.Error(), Do: "Make an app-level token with connections:write, and switch Socket Mode on in the app's settings."}
	}
	return bot.Finding{OK: true, Say: "The app-level token opens a socket."}
}
