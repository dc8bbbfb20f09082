package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// profile is what we keep of somebody's profile, for a few minutes.
type profile struct {
	name, locale, zone string
	// manages says that they administer this workspace, ended that their account has.
	manages, ended bool
	// standing is Guest or Outsider, and Unsaid for everybody else.
	standing bot.Standing
}

// person is who asks, and their locale. Without the scope users:read, or when Slack is
// slow, the name is the payload's, the locale empty, and nobody is a moderator.
func (p *Platform) person(ctx context.Context, user, name string) (who bot.Person, locale string) {
	ctx, cancel := context.WithTimeout(ctx, p.lookupBy)
	defer cancel()
	known, err := p.profileFor(ctx, user)
	switch {
	case err == nil:
	case code(err) == "missing_scope":
		p.log.WarnContext(ctx, "without the scope users:read nobody can be told to be a moderator")
	default:
		p.log.InfoContext(ctx, "a profile could not be read", "person", bot.HashID(p.ids.of(user)), "error", err)
	}
	if known.name == "" {
		known.name = name
	}
	if known.name == "" {
		known.name = "somebody"
	}
	return bot.Person{ID: p.ids.of(user), Name: known.name, Moderator: known.manages, Zone: known.zone, Standing: known.standing}, known.locale
}

// profileFor is somebody's profile, asked for once in a while. Errors are Slack's.
func (p *Platform) profileFor(ctx context.Context, user string) (profile, error) {
	if known, ok := p.people.Get(user); ok {
		return known, nil
	}
	u, err := p.api.GetUserInfoContext(ctx, user) // with their locale
	if err != nil {
		return profile{}, err
	}
	known := profileOf(u, p.me().team)
	p.people.Put(user, known, min(profileFor, p.rosterFor))
	return known, nil
}

// profileOf reads a profile. Administrators of another workspace, who meet this
// one in a shared channel, have no rights here.
func profileOf(u *slackgo.User, team string) profile {
	name := u.Profile.DisplayName
	for _, other := range []string{u.Profile.RealName, u.RealName, u.Name} {
		if strings.TrimSpace(name) == "" {
			name = other
		}
	}
	own := !u.IsStranger && (u.TeamID == "" || u.TeamID == team || slices.Contains(u.Enterprise.Teams, team))
	known := profile{name: strings.TrimSpace(name), locale: u.Locale, zone: u.TZ, ended: u.Deleted, manages: own && !u.Deleted && (u.IsAdmin || u.IsOwner || u.IsPrimaryOwner)}
	switch {
	case team == "": // who is at home is not known yet
	case !own:
		known.standing = bot.Outsider
	case u.IsRestricted || u.IsUltraRestricted:
		known.standing = bot.Guest
	}
	return known
}

// directChannel is the conversation of the bot with somebody.
func (p *Platform) directChannel(ctx context.Context, user string) (string, error) {
	if id, ok := p.direct.Get(user); ok {
		return id, nil
	}
	if id, err := p.notes.Kept(ctx, p.directKey(user)); err != nil {
		p.log.WarnContext(ctx, "where somebody is written to cannot be looked up, so it is asked for", "error", err)
	} else if len(id) > 0 {
		p.direct.Put(user, string(id), directFor)
		return string(id), nil
	}
	channel, _, _, err := p.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", err
	}
	if channel == nil || channel.ID == "" {
		return "", fmt.Errorf("no conversation was opened")
	}
	p.direct.Put(user, channel.ID, directFor)
	if err := p.notes.Keep(ctx, p.directKey(user), []byte(channel.ID), directKept); err != nil {
		p.log.WarnContext(ctx, "where somebody is written to is not kept, and is asked for again after a restart", "error", err)
	}
	return channel.ID, nil
}

// directKey is where the conversation with somebody is kept, without saying whose it is:
// Slack lets few of them be opened a minute, and a restart would open all of them again.
func (p *Platform) directKey(user string) string {
	sum := sha256.Sum256([]byte(p.ids.of(user)))
	return "direct/" + hex.EncodeToString(sum[:])
}

// closeDirect forgets a conversation that is not there any more.
func (p *Platform) closeDirect(ctx context.Context, user string) {
	p.direct.Remove(user)
	if err := p.notes.Keep(ctx, p.directKey(user), nil, time.Second); err != nil {
		p.log.WarnContext(ctx, "a conversation that is gone is not forgotten", "error", err)
	}
}

// WorkspaceOf is the one workspace there is here, for whatever looks like one of its
// channels. Errors are those of [bot.Placed].
func (p *Platform) WorkspaceOf(_ context.Context, room string) (string, error) {
	if team := p.me().team; team != "" && p.ids.has(room) && isChannel(account(room)) {
		return "slack/" + team, nil
	}
	return "", fmt.Errorf("slack: not a channel here: %w", bot.ErrUnreachable)
}

// isDirect says whether a channel is the conversation with the bot alone. Slack
// calls every conversation of two "directmessage", also one between two people.
func (p *Platform) isDirect(ctx context.Context, channel, user string) bool {
	if !strings.HasPrefix(channel, "D") {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, p.lookupBy)
	defer cancel()
	own, err := p.directChannel(ctx, user)
	return err == nil && own == channel
}
