package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// addressed is whom a delivery is for, by what Slack says of it: the likeliest workspace
// first, and the organization that one of them may belong to.
type addressed struct {
	teams      []string
	enterprise string
	// author is the bot that wrote the message a button of which was pressed, channel
	// where that was: in a shared channel Slack names the workspace of whoever acts.
	author, channel string
}

// house finds the workspace that a delivery is for.
type house interface {
	// here is a workspace that is known without looking; nil otherwise.
	here(a addressed) *Platform
	// find looks for it. Errors: errStranger when it is none of ours; any other may pass.
	find(ctx context.Context, a addressed) (*Platform, error)
}

// errStranger says that a delivery is for a workspace that the bot does not serve.
var errStranger = errors.New("slack: a workspace that is not installed")

func addressedBy(c slackgo.SlashCommand) addressed {
	return addressed{teams: workspacesOf(c.TeamID), enterprise: c.EnterpriseID, channel: c.ChannelID}
}

func (i interaction) addressed() addressed {
	a := addressed{enterprise: i.Enterprise.ID, channel: i.Channel.ID}
	if i.View != nil {
		a.teams = append(a.teams, i.View.InstalledTeam)
	}
	if i.Type == "block_actions" { // the message is ours: nobody else's has our buttons
		a.teams, a.author = append(a.teams, i.Message.Team), i.Message.User
	}
	a.teams = workspacesOf(append(a.teams, i.Team.ID)...)
	return a
}

func (o occurrence) addressed() addressed {
	a := addressed{enterprise: o.EnterpriseID, channel: o.Event.Channel}
	for _, to := range o.Authorizations {
		if !to.OrgWide {
			a.teams = append(a.teams, to.TeamID)
		}
		if to.EnterpriseID != "" {
			a.enterprise = to.EnterpriseID
		}
	}
	a.teams = workspacesOf(append(a.teams, o.TeamID)...)
	return a
}

// workspacesOf are the workspaces among ids: an organization's begins with an E.
func workspacesOf(ids ...string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return !strings.HasPrefix(id, "T") })
}

// here is this one workspace, where it is named or nothing else is.
func (p *Platform) here(a addressed) *Platform {
	me := p.me()
	if me.team == "" || len(a.teams) == 0 || slices.Contains(a.teams, me.team) || a.author != "" && a.author == me.user {
		return p
	}
	return nil
}

// find looks whether somebody of another workspace acts in a channel that is shared
// with this one.
func (p *Platform) find(ctx context.Context, a addressed) (*Platform, error) {
	if a.channel == "" {
		return nil, errStranger
	}
	_, err := p.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: a.channel})
	switch code(err) {
	case "channel_not_found":
		return nil, errStranger
	case "missing_scope": // it cannot be looked at, and was not before either
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// at has a delivery handled where it belongs, or turned away.
func (in inbound) at(a addressed, handle func(in inbound), away func(in inbound, why error)) {
	if p := in.house.here(a); p != nil {
		in.p = p
		handle(in)
		return
	}
	started := in.p.start(func(ctx context.Context) {
		looking, cancel := context.WithTimeout(ctx, in.p.lookupBy)
		defer cancel()
		p, err := in.house.find(looking, a)
		if err != nil {
			in.p.log.InfoContext(ctx, "something for a workspace that is not served here", "error", err)
			away(in, err)
			return
		}
		in.p = p
		handle(in)
	})
	if !started {
		in.ack(nil)
	}
}

// away is what somebody reads in a workspace that is not served.
func (p *Platform) away(why error) bot.Message {
	if !errors.Is(why, errStranger) {
		return bot.Message{Text: "I can't find out just now whether I may help here. Please try again in a minute. Nothing was changed."}
	}
	if p.install == "" {
		return bot.Message{Text: "I'm not set up for this workspace, so I can't help here. Nothing of what you wrote is kept."}
	}
	return bot.Message{
		Text:    "I'm not installed in this workspace, so I can't help here yet. Nothing of what you wrote is kept. Somebody who may install apps here can add me.",
		Buttons: []bot.Button{{Label: "Add me", URL: p.install}},
	}
}

// outside answers what somebody wants in a workspace that is not served: danger as
// anywhere, the rest with a kind no. It keeps nothing.
func (in inbound) outside(ctx context.Context, r bot.Request, why error) bot.Reply {
	r.Platform, r.Late, r.From.Name = "slack", true, "somebody"
	r.Room = bot.Room{Direct: true}
	if reply := in.bot.Do(ctx, r); len(reply.Messages) > 0 {
		return reply
	}
	return bot.Say(in.p.away(why))
}

// straySlash answers a command. Only whoever typed it reads that.
func (in inbound) straySlash(c slackgo.SlashCommand, why error) {
	ctx, cancel := context.WithTimeout(context.Background(), in.p.lookupBy)
	defer cancel()
	in.ack(nil)
	reply := in.outside(ctx, bot.Request{Line: in.p.ids.slashLine(in.bot.Table(), c.Command, c.Text)}, why)
	in.respond(ctx, c.ResponseURL, reply)
}

// respond answers over the response_url and no other way: a token of ours could reach
// somebody else there who has the same id.
func (in inbound) respond(ctx context.Context, address string, reply bot.Reply) {
	o := &origin{respond: in.p.responder(address), arrived: time.Now()}
	for _, m := range reply.Messages {
		for _, pg := range render(m) {
			if !o.respond.usable() {
				return
			}
			if err := in.p.respond(ctx, o, pg, false); err != nil {
				in.p.log.InfoContext(ctx, "a no could not be said", "error", err)
			}
		}
	}
}

// strayInteraction answers a button, a shortcut or a form.
func (in inbound) strayInteraction(i interaction, why error) {
	ctx, cancel := context.WithTimeout(context.Background(), in.p.lookupBy)
	defer cancel()
	r := bot.Request{}
	for _, a := range i.Actions {
		if r.Line = commandOf(a); r.Line != "" {
			break
		}
	}
	switch i.Type {
	case "block_suggestion":
		in.ack(noSuggestions())
		return
	case "view_submission":
		in.ack(slackgo.NewUpdateViewSubmissionResponse(noteView(in.p.away(why).Text)))
		return
	}
	in.ack(nil)
	in.respond(ctx, i.ResponseURL, in.outside(ctx, r, why))
}
