package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

// lendTime bounds the look at what a server lets people use.
const lendTime = time.Second

// FindRole is a role of a server, see [bot.Roled].
func (p *Platform) FindRole(ctx context.Context, workspace, said string) (id, name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	guild := bot.Account(workspace)
	p.places.Remove("guild " + guild) // the role may be a minute old
	g, err := p.guildOf(ctx, guild)
	if err != nil {
		return "", "", fmt.Errorf("discord: the roles of a server: %w", err)
	}
	want := strings.TrimLeft(strings.TrimPrefix(said, Name+"/"), "@&")
	i := slices.IndexFunc(g.Roles, func(r role) bool { return r.ID == want })
	if i < 0 {
		i = slices.IndexFunc(g.Roles, func(r role) bool { return strings.EqualFold(strings.TrimLeft(r.Name, "@"), want) })
	}
	switch {
	case i < 0:
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "I can't find that role in this server.", Hint: "Please choose it from Discord's list: /setup trust, and then role."}
	case g.Roles[i].ID == g.ID:
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "Everybody here has that role, so everybody would moderate.", Hint: "Please choose a role that only your moderators have."}
	}
	return Name + "/" + g.Roles[i].ID, g.Roles[i].Name, nil
}

// HasRole says whether somebody has a role of a server, see [bot.Roled]. Everything that
// they do there says which they have, so Discord is hardly ever asked.
func (p *Platform) HasRole(ctx context.Context, workspace, role, person string) (bool, error) {
	if !ours(workspace) || !ours(role) || !ours(person) {
		return false, nil
	}
	key := workspace + " " + person
	if have, ok := p.roles.Get(key); ok {
		return slices.Contains(have, bot.Account(role)), nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	guild := bot.Account(workspace)
	var m member
	err := p.api.do(ctx, call{method: http.MethodGet, path: "/guilds/" + guild + "/members/" + bot.Account(person), route: "GET member/" + guild, out: &m})
	switch code := codeOf(err); {
	case code == discordgo.ErrCodeUnknownMember, code == discordgo.ErrCodeUnknownUser:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("discord: the roles of somebody: %w", err)
	}
	p.roles.Put(key, m.Roles, p.cfg.RosterFor)
	return slices.Contains(m.Roles, bot.Account(role)), nil
}

// noteRoles remembers the roles that an interaction says its person has.
func (p *Platform) noteRoles(in interaction) {
	if m := in.Member; in.Guild != "" && m != nil && m.User != nil {
		p.roles.Put(Name+"/"+in.Guild+" "+Name+"/"+m.User.ID, m.Roles, p.cfg.RosterFor)
	}
}

// lending is what a server says, in its settings under Integrations, about who may use the
// commands that are for moderators, by the command's name.
type lending map[string][]override

// override lets a role, a person or everybody use a command, or keeps it from them.
type override struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow bool   `json:"permission"`
}

// The types of an override.
const (
	overRole   = 1
	overPerson = 2
)

// lets says what overrides say about a member of a server, and whether they say anything:
// what is said of a person counts before what is said of their roles, among these a yes
// before a no, and all of it before what is said of everybody.
func lets(list []override, guild string, m member) (allow, said bool) {
	roles, spoken := false, false
	for _, o := range list {
		switch {
		case o.Type == overPerson && o.ID == m.User.ID:
			return o.Allow, true
		case o.Type == overRole && o.ID != guild && slices.Contains(m.Roles, o.ID):
			roles, spoken = roles || o.Allow, true
		}
	}
	if spoken {
		return roles, true
	}
	i := slices.IndexFunc(list, func(o override) bool { return o.Type == overRole && o.ID == guild })
	if i < 0 {
		return false, false
	}
	return list[i].Allow, true
}

// letIn makes a moderator of whoever their server lets use a moderators' command, though
// they do not manage it: of everything where that is /setup, and of that command alone
// where it is another. The server's own settings are asked each time, remembered for ten
// minutes: that Discord has let a command through is not enough, and a button says nothing.
func (x *exchange) letIn(ctx context.Context, r bot.Request) bot.Request {
	m := x.in.Member
	if r.From.Moderator || x.in.Guild == "" || m == nil || m.User == nil {
		return r
	}
	top, cmd := x.asksFor(r)
	if top == nil {
		return r
	}
	over, known := x.p.lent.Get(x.in.Guild)
	if !known && cmd != nil && cmd.Who == bot.Moderators {
		ctx, cancel := context.WithTimeout(ctx, lendTime)
		defer cancel()
		var err error
		if over, err = x.p.overrides(ctx, x.in.Guild); err != nil {
			x.p.log.InfoContext(ctx, "discord: whom a server lets use what could not be found out", "error", err)
			return r
		}
	}
	if over.lets(setup, x.in.Guild, *m) {
		r.From.Moderator = true
	} else if moderatorsOnly(*top) && over.lets(top.Name, x.in.Guild, *m) {
		r.From.Moderator, r.From.Lent = true, true
	}
	return r
}

// setup is the command whose users set up everything, and so moderate.
const setup = "setup"

// asksFor is the command that a request is for, and the one that it stands under.
func (x *exchange) asksFor(r bot.Request) (top, cmd *bot.Command) {
	path := r.Path
	if len(path) == 0 {
		path = strings.Fields(strings.TrimPrefix(r.Line, "/"))
		path = path[:min(len(path), 2)]
	}
	if len(path) == 0 {
		return nil, nil
	}
	top = bot.Find(x.b.Table(), path[:1])
	if cmd = bot.Find(x.b.Table(), path); cmd == nil {
		cmd = top
	}
	return top, cmd
}

// lets says whether a command may be used. Where nothing is said, only those may who manage
// the server.
func (l lending) lets(name, guild string, m member) bool {
	allow, _ := lets(l[name], guild, m)
	return allow
}

// overrides asks a server what it says about the commands for moderators.
func (p *Platform) overrides(ctx context.Context, guild string) (lending, error) {
	var have []struct {
		ID          string      `json:"id"`
		Name        string      `json:"name"`
		Permissions *permission `json:"default_member_permissions"`
	}
	err := p.api.do(ctx, call{method: http.MethodGet, path: "/applications/" + p.appID + "/commands", route: "GET commands", out: &have})
	if err != nil {
		return nil, err
	}
	var set []struct {
		ID          string     `json:"id"`
		Permissions []override `json:"permissions"`
	}
	err = p.api.do(ctx, call{method: http.MethodGet, path: "/applications/" + p.appID + "/guilds/" + guild + "/commands/permissions", route: "GET overrides", out: &set})
	if err != nil {
		return nil, err
	}
	out := lending{}
	for _, s := range set {
		for _, c := range have {
			if c.ID == s.ID && c.Permissions != nil {
				out[c.Name] = s.Permissions
			}
		}
	}
	p.lent.Put(guild, out, p.cfg.RosterFor)
	return out, nil
}
