package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

// right is a permission that the bot uses, by the name that Discord shows.
type right struct {
	bit  int64
	name string
}

// rights are those that the bot uses: see a channel, write in it and in its
// threads, with embeds and pictures, and answer a certain message.
func rights() []right {
	return []right{
		{discordgo.PermissionViewChannel, "View Channel"}, {discordgo.PermissionSendMessages, "Send Messages"}, {discordgo.PermissionEmbedLinks, "Embed Links"}, {discordgo.PermissionAttachFiles, "Attach Files"},
		{discordgo.PermissionReadMessageHistory, "Read Message History"}, {discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads"},
	}
}

// permissions are all rights together.
func permissions() (all int64) {
	for _, r := range rights() {
		all |= r.bit
	}
	return all
}

// standing is what somebody is in a server.
type standing struct {
	roles []string
	base  int64 // what their roles let them do where no channel says otherwise
	every int64 // what anybody's role does
}

// rightsOf finds out what the bot may do in channels. It asks once for each server.
type rightsOf struct {
	p        *Platform
	bot, app string
	guilds   map[string]*standing
}

// checkRoom looks whether the bot can do in a channel what it has to, and whether
// everybody can read it.
func (l rightsOf) checkRoom(ctx context.Context, id string) bot.Finding {
	f := l.findIn(ctx, id)
	f.Room = id
	return f
}

func (l rightsOf) findIn(ctx context.Context, id string) bot.Finding {
	if !ours(id) {
		return bot.Finding{Say: id + " is not a channel on Discord.", Do: "Choose the channel again."}
	}
	account := bot.Account(id)
	again := func(err error) bot.Finding {
		return bot.Finding{Say: "The channel " + account + " cannot be asked for: " + err.Error(), Do: "Try again in a minute."}
	}
	c, err := l.channel(ctx, account)
	switch {
	case errors.Is(err, bot.ErrUnreachable):
		return bot.Finding{Say: "The channel " + account + " is gone or closed to the bot.", Do: "Choose another channel, or let the bot see this one (View Channel) and write there."}
	case err != nil:
		return again(err)
	case c.Guild == "":
		return bot.Finding{OK: true, Say: "The conversation " + account + " can be seen."}
	case c.Thread != nil && c.Thread.Locked: // one that is only archived opens by itself
		return bot.Finding{Say: "The thread #" + c.Name + " is locked, so nothing can be posted there.", Do: "Unlock it, or choose another channel with /setup channel."}
	}
	at := c // whose rights count: those of a thread are its channel's
	if c.Thread != nil {
		if at, err = l.channel(ctx, c.Parent); err != nil {
			return again(err)
		}
	}
	s, err := l.in(ctx, c.Guild)
	if err != nil {
		return again(err)
	}
	public := c.Type != privateThread && effective(&standing{base: s.every}, at, c.Guild, "")&discordgo.PermissionViewChannel != 0
	missing := lacks(effective(s, at, c.Guild, l.bot), c.Thread != nil)
	if len(missing) == 0 {
		return bot.Finding{OK: true, Say: "The channel #" + c.Name + " can be seen and written in.", Public: public}
	}
	f := bot.Finding{
		Say:    fmt.Sprintf("In #%s the bot lacks %s.", c.Name, names(missing)),
		Public: public,
		Do:     fmt.Sprintf("In that channel's settings, under Permissions, add the bot and allow %s.", names(missing)),
	}
	if slices.ContainsFunc(missing, func(r right) bool { return s.base&r.bit == 0 }) {
		f.Do += " Or give it to the bot's role in the whole server: invite it anew with " + Invite(l.app)
	}
	return f
}

func (l rightsOf) channel(ctx context.Context, id string) (c channel, err error) {
	err = l.p.api.do(ctx, call{method: http.MethodGet, path: "/channels/" + id, route: "GET channel", out: &c})
	return c, err
}

// in is the bot's standing in a server.
func (l rightsOf) in(ctx context.Context, guild string) (*standing, error) {
	if s := l.guilds[guild]; s != nil {
		return s, nil
	}
	var me member
	err := l.p.api.do(ctx, call{method: http.MethodGet, path: "/guilds/" + guild + "/members/" + l.bot, route: "GET member", out: &me})
	if err != nil {
		return nil, err
	}
	var roles []role
	err = l.p.api.do(ctx, call{method: http.MethodGet, path: "/guilds/" + guild + "/roles", route: "GET roles", out: &roles})
	if err != nil {
		return nil, err
	}
	s := &standing{roles: me.Roles}
	for _, r := range roles {
		if r.ID == guild || slices.Contains(me.Roles, r.ID) { // everybody's role has the server's id
			s.base |= r.Permissions
		}
		if r.ID == guild {
			s.every = r.Permissions
		}
	}
	l.guilds[guild] = s
	return s, nil
}

// effective is what somebody may do in a channel, as Discord reckons it: their roles;
// then what the channel says of everybody, of their roles together, and of themselves,
// each taking away before it gives. An administrator may do everything.
func effective(s *standing, c channel, guild, who string) int64 {
	if s.base&discordgo.PermissionAdministrator != 0 {
		return ^int64(0)
	}
	may := s.base
	apply := func(counts func(id string) bool) {
		var allow, deny int64
		for _, o := range c.Overwrites {
			if counts(o.ID) {
				allow, deny = allow|o.Allow, deny|o.Deny
			}
		}
		may = may&^deny | allow
	}
	apply(func(id string) bool { return id == guild })
	apply(func(id string) bool { return slices.Contains(s.roles, id) })
	apply(func(id string) bool { return id == who })
	return may
}

// lacks are the rights that are missing. A channel that cannot be seen cannot be
// used at all, so that is said alone.
func lacks(may int64, thread bool) (missing []right) {
	for _, r := range rights() {
		if may&r.bit != 0 || thread && r.bit == discordgo.PermissionSendMessages {
			continue
		}
		missing = append(missing, r)
		if r.bit == discordgo.PermissionViewChannel {
			return missing
		}
	}
	return missing
}

func names(list []right) string {
	var words []string
	for _, r := range list {
		words = append(words, r.name)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
