package slack

import (
	"context"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

const (
	// rosterFor is how long it is remembered who is in a channel. Whoever is not in it
	// is looked for again after freshFor: they may just have joined.
	rosterFor, freshFor = 10 * time.Minute, 30 * time.Second
	// lookTime bounds the looks at Slack for one person.
	lookTime = 5 * time.Second
	// maxRosters bounds how many channels' members are remembered, maxMembers how many
	// of one channel.
	maxRosters, maxMembers = 50, 50_000
	membersPage            = 1000
)

// roster is who was in a channel at a time.
type roster struct {
	members map[string]bool
	at      time.Time
}

// Standing is how somebody stands to a channel: whether they are a member of it, with
// an account that has not ended, and whether as a guest or from another company. Where
// there is no channel, to the workspace. What Slack does not tell is [bot.Unsaid].
func (p *Platform) Standing(ctx context.Context, _, room, person string) bot.Standing {
	user, channel := account(person), account(room)
	if !p.ids.has(person) || room != "" && !isChannel(channel) || p.me().team == "" {
		return bot.Unsaid
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	known, err := p.profileFor(ctx, user)
	switch {
	case code(err) == "user_not_found", code(err) == "users_not_found", code(err) == "user_not_visible", err == nil && known.ended:
		return bot.Gone
	case err != nil:
		p.log.InfoContext(ctx, "whether somebody is still there could not be found out", "person", bot.HashID(person), "error", err)
		return bot.Unsaid
	}
	if channel == "" {
		return orIn(known.standing)
	}
	in, err := p.isMember(ctx, channel, user)
	switch {
	case err != nil:
		p.log.InfoContext(ctx, "who is in a channel could not be found out", "room", bot.HashID(room), "error", err)
		return bot.Unsaid
	case !in:
		return bot.Gone
	}
	return orIn(known.standing)
}

// orIn is In for whoever is neither a guest nor from elsewhere.
func orIn(s bot.Standing) bot.Standing {
	if s == bot.Unsaid {
		return bot.In
	}
	return s
}

// Forget has Slack asked anew about a person (ID), and about who is where.
func (p *Platform) Forget(person string) {
	p.people.Remove(account(person))
	p.rosters.RemoveIf(func(string) bool { return true })
}

// isMember says whether somebody is in a channel. Errors are Slack's.
func (p *Platform) isMember(ctx context.Context, channel, user string) (bool, error) {
	known, ok := p.rosters.Get(channel)
	if ok && (known.members[user] || time.Since(known.at) < min(freshFor, p.rosterFor)) {
		return known.members[user], nil
	}
	known = roster{members: map[string]bool{}, at: time.Now()}
	params := &slackgo.GetUsersInConversationParameters{ChannelID: channel, Limit: membersPage}
	for {
		some, next, err := p.api.GetUsersInConversationContext(ctx, params)
		if err != nil {
			return false, err
		}
		for _, id := range some {
			known.members[id] = true
		}
		if next == "" || len(known.members) >= maxMembers {
			break
		}
		params.Cursor = next
	}
	p.rosters.Put(channel, known, p.rosterFor)
	return known.members[user], nil
}

// someoneMoved notes that somebody came to a channel or left it; where it was the bot that
// came, it was brought there.
func (p *Platform) someoneMoved(ctx context.Context, b *bot.Bot, e event) {
	me := p.me()
	if e.Type == "member_joined_channel" && me.user != "" && e.User == me.user {
		b.Arrived(ctx, bot.Arrival{Workspace: "slack/" + me.team, Room: p.ids.of(e.Channel)})
		return
	}
	p.Forget(p.ids.of(e.User))
	b.Look(ctx, p.ids.of(e.User))
}

// comesAndGoes says whether an event is about somebody's coming or going.
func comesAndGoes(e event) bool {
	return strings.HasPrefix(e.Type, "member_") && e.User != ""
}

// profileChanges is the event of somebody's profile, which Slack sends also for a new
// picture or a status.
const profileChanges = "user_change"

// profileChanged notes that an account has ended, or that somebody is here in another way
// than is remembered of them. Whatever else is new in a profile is seen when it is read.
func (p *Platform) profileChanged(ctx context.Context, b *bot.Bot, u *slackgo.User) {
	now := profileOf(u, p.me().team)
	before, known := p.people.Get(u.ID)
	if !now.ended && (!known || now.ended == before.ended && now.standing == before.standing && now.manages == before.manages) {
		return
	}
	p.Forget(p.ids.of(u.ID))
	b.Look(ctx, p.ids.of(u.ID))
}
