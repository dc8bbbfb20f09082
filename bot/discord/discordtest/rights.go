package discordtest

import (
	"fmt"
	"slices"
	"strconv"
)

// Permissions that matter here.
const (
	Administrator  uint64 = 1 << 3
	ViewChannel    uint64 = 1 << 10
	SendMessages   uint64 = 1 << 11
	EmbedLinks     uint64 = 1 << 14
	AttachFiles    uint64 = 1 << 15
	ReadHistory    uint64 = 1 << 16
	SendInThreads  uint64 = 1 << 38
	everyoneMay           = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadHistory | SendInThreads
	overwriteRole         = 0
	overwriteByBot        = 1
)

// Everyone sets what everybody in the guild may do.
func (g *Guild) Everyone(permissions uint64) { g.role(g.ID, permissions) }

// BotRole gives the bot a role with these permissions, and is its id.
func (g *Guild) BotRole(permissions uint64) string {
	g.s.mu.Lock()
	id := g.s.id()
	g.botRoles = append(g.botRoles, id)
	g.s.mu.Unlock()
	g.role(id, permissions)
	return id
}

func (g *Guild) role(id string, permissions uint64) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.roles[id] = permissions
}

// Overwrite changes what a role, or the bot itself (BotID), may do in the channel.
func (c *Channel) Overwrite(id string, allow, deny uint64) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	kind := overwriteRole
	if id == BotID {
		kind = overwriteByBot
	}
	c.rights = append(c.rights, map[string]any{
		"id": id, "type": kind, "allow": strconv.FormatUint(allow, 10), "deny": strconv.FormatUint(deny, 10),
	})
}

// Archive lets a thread fall asleep, as Discord does after a while; a locked one only
// wakes up for a moderator.
func (c *Channel) Archive(locked bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived, c.locked = true, locked
}

// Thread is a thread under the channel, archived or not.
func (c *Channel) Thread(name string, archived bool) *Channel {
	t := c.Guild.Channel(name)
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	t.parent, t.archived = c, archived
	return t
}

func (s *Server) getRoles(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guildWith(in.PathValue("guild"))
	if g == nil {
		return refuse(404, 10004, "Unknown Guild")
	}
	return reply{200, g.rolesLocked()}
}

func (s *Server) getGuild(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guildWith(in.PathValue("guild"))
	if g == nil || g.away {
		return refuse(404, 10004, "Unknown Guild")
	}
	return reply{200, map[string]any{"id": g.ID, "name": g.Name, "owner_id": g.owner, "roles": g.rolesLocked()}}
}

// guildWith is the guild of this id, or nil. Hold mu.
func (s *Server) guildWith(id string) *Guild {
	i := slices.IndexFunc(s.guilds, func(g *Guild) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return s.guilds[i]
}

func (g *Guild) rolesLocked() []map[string]any {
	out := []map[string]any{}
	for id, permissions := range g.roles {
		name := id
		for known, named := range g.named {
			if named == id {
				name = known
			}
		}
		out = append(out, map[string]any{"id": id, "name": name, "permissions": strconv.FormatUint(permissions, 10)})
	}
	return out
}

// Leave takes a person out of the guild, as when they leave or are banned; Join lets
// them in again. Everybody is in every guild at first.
func (g *Guild) Leave(p *Person) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.left[p.ID] = true
}

// Join lets a person in who has left.
func (g *Guild) Join(p *Person) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	delete(g.left, p.ID)
}

// Has says whether a person is in the guild.
func (g *Guild) Has(p *Person) bool {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return !g.left[p.ID]
}

// Owner makes a person the guild's owner.
func (g *Guild) Owner(p *Person) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.owner = p.ID
}

// GiveRole gives a person a role with these permissions, and is its id.
func (g *Guild) GiveRole(p *Person, permissions uint64) string {
	g.s.mu.Lock()
	id := g.s.id()
	p.roles = append(p.roles, id)
	g.s.mu.Unlock()
	g.role(id, permissions)
	return id
}

// Role is the id of the guild's role with this name, which may do nothing. It is made when
// it is not there.
func (g *Guild) Role(name string) string {
	g.s.mu.Lock()
	id := g.named[name]
	if id == "" {
		id = g.s.id()
		g.named[name], g.roles[id] = id, 0
	}
	g.s.mu.Unlock()
	return id
}

// Give lets a person have a role (an id), or no longer.
func (g *Guild) Give(p *Person, role string, yes bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	p.roles = slices.DeleteFunc(slices.Clone(p.roles), func(id string) bool { return id == role })
	if yes {
		p.roles = append(p.roles, role)
	}
}

// Override lets a role, or a person, use a command that is for others, or keeps it from
// them, as a server's settings do under Integrations.
func (g *Guild) Override(command, id string, person, allow bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	kind := 1
	if person {
		kind = 2
	}
	g.overrides[command] = append(g.overrides[command], map[string]any{"id": id, "type": kind, "permission": allow})
}

// getOverrides is what a guild says about the application's commands.
func (s *Server) getOverrides(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guildWith(in.PathValue("guild"))
	if g == nil || g.away {
		return refuse(404, 10004, "Unknown Guild")
	}
	out := []map[string]any{}
	for _, c := range s.commands {
		if set := g.overrides[fmt.Sprint(c["name"])]; len(set) > 0 {
			out = append(out, map[string]any{"id": c["id"], "application_id": AppID, "guild_id": g.ID, "permissions": set})
		}
	}
	return reply{200, out}
}
