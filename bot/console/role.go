package console

import (
	"context"
	"regexp"
	"strings"

	"village/bot"
)

var givesRole = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{N}_.-]{0,30}) has (no )?role ([a-z][a-z0-9-]{0,30})$`)

// given lets somebody have a role, or no longer, where that is what a line says.
func (c *Console) given(line string) bool {
	m := givesRole.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	role := Name + "/" + m[3]
	if c.roles[role] == nil {
		c.roles[role] = map[string]bool{}
	}
	c.roles[role][Name+"/"+strings.ToLower(m[1])] = m[2] == ""
	return true
}

// FindRole is a role that somebody has been given, see [bot.Roled].
func (c *Console) FindRole(_ context.Context, _, said string) (id, name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name = strings.ToLower(strings.TrimLeft(bot.Account(said), "@"))
	if id = Name + "/" + name; c.roles[id] == nil {
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "Nobody here has that role.", Hint: "In a rehearsal, a line gives it: sam has role " + name}
	}
	return id, name, nil
}

// HasRole says whether somebody has been given a role, see [bot.Roled].
func (c *Console) HasRole(_ context.Context, _, role, person string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.roles[role][person], nil
}
