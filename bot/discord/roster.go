package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

const (
	// rosterFor is how long it is remembered that somebody may see a channel, goneFor
	// that they may not: whoever has just been let in must not wait long.
	rosterFor, goneFor = 10 * time.Minute, 30 * time.Second
	// lookTime bounds the looks at Discord for one person.
	lookTime = 5 * time.Second
	// maxRoster bounds how many people's standing is remembered, maxPlaces how many
	// channels and servers.
	maxRoster, maxPlaces = 20_000, 1_000
	privateThread        = 12
)

// guild is a server, with what everybody in it may do.
type guild struct {
	ID    string `json:"id"`
	Owner string `json:"owner_id"`
	Roles []role `json:"roles"`
}

// Standing is how somebody stands to a channel, by the server's roles and the
// channel's own rules; where there is none, to the server. Errors are [bot.Unsaid]. It
// needs no privileged intent.
func (p *Platform) Standing(ctx context.Context, workspace, room, person string) bot.Standing {
	if !ours(person) || room != "" && !ours(room) {
		return bot.Unsaid
	}
	key := room + " " + workspace + " " + person
	if s, ok := p.roster.Get(key); ok {
		return s
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	s := p.lookUp(ctx, bot.Account(workspace), bot.Account(room), bot.Account(person))
	switch s {
	case bot.Unsaid:
		p.log.InfoContext(ctx, "discord: whether somebody is still there could not be found out", "person", bot.HashID(person))
	case bot.Gone:
		p.roster.Put(key, s, min(goneFor, p.cfg.RosterFor))
	default:
		p.roster.Put(key, s, p.cfg.RosterFor)
	}
	return s
}

// Forget has Discord asked anew about a person (ID).
func (p *Platform) Forget(person string) {
	of := func(key string) bool { return strings.HasSuffix(key, " "+person) }
	p.roster.RemoveIf(of)
	p.roles.RemoveIf(of)
}

func (p *Platform) lookUp(ctx context.Context, guildID, room, person string) bot.Standing {
	at, err := channel{Guild: guildID}, error(nil)
	if room != "" {
		if at, err = p.channelOf(ctx, room); err != nil {
			return bot.Unsaid
		}
	}
	if at.Guild == "" || at.Type == privateThread { // who is in it is another question
		return bot.Unsaid
	}
	var m member
	err = p.api.do(ctx, call{method: http.MethodGet, path: "/guilds/" + at.Guild + "/members/" + person, route: "GET member/" + at.Guild, out: &m})
	switch code := codeOf(err); {
	case code == discordgo.ErrCodeUnknownMember, code == discordgo.ErrCodeUnknownUser:
		return bot.Gone
	case err != nil:
		return bot.Unsaid
	case room == "":
		return bot.In
	}
	g, err := p.guildOf(ctx, at.Guild)
	if err != nil {
		return bot.Unsaid
	}
	if g.Owner == person || g.mayOf(m.Roles, person, at)&discordgo.PermissionViewChannel != 0 {
		return bot.In
	}
	return bot.Gone
}

// channelOf is a channel, or of a thread the channel whose rules it has.
func (p *Platform) channelOf(ctx context.Context, id string) (channel, error) {
	if c, ok := p.places.Get(id); ok {
		return c.channel, nil
	}
	look := rightsOf{p: p}
	c, err := look.channel(ctx, id)
	if err == nil && c.Thread != nil && c.Type != privateThread {
		c, err = look.channel(ctx, c.Parent)
	}
	if err == nil {
		p.places.Put(id, place{channel: c}, p.cfg.RosterFor)
	}
	return c, err
}

func (p *Platform) guildOf(ctx context.Context, id string) (guild, error) {
	if g, ok := p.places.Get("guild " + id); ok {
		return g.guild, nil
	}
	var g guild
	err := p.api.do(ctx, call{method: http.MethodGet, path: "/guilds/" + id, route: "GET guild/" + id, out: &g})
	if err == nil && len(g.Roles) == 0 {
		err = errors.New("a server without roles")
	}
	if err == nil {
		p.places.Put("guild "+id, place{guild: g}, p.cfg.RosterFor)
	}
	return g, err
}

// place is what is remembered of a channel or a server.
type place struct {
	channel channel
	guild   guild
}

// mayOf is what somebody with these roles may do in a channel.
func (g guild) mayOf(roles []string, person string, c channel) int64 {
	s := &standing{roles: roles}
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(roles, r.ID) { // everybody's role has the server's id
			s.base |= r.Permissions
		}
	}
	return effective(s, c, g.ID, person)
}
