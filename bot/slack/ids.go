package slack

import (
	"strings"

	"village/bot"
)

// ids is how the people and rooms of one workspace are named. Slack's own ids are unique
// within a workspace alone, so where a process serves many, the workspace's stands before
// them: slack/T024-U0G9. Where it serves one, slack/U0G9 says it all; ids is empty then.
type ids string

// of is the ID of a person or a room; "" for nobody and nowhere.
func (n ids) of(account string) string {
	switch {
	case account == "":
		return ""
	case n == "":
		return "slack/" + account
	}
	return "slack/" + string(n) + "-" + account
}

// has says that an ID is of somebody or something in this workspace.
func (n ids) has(id string) bool { return account(id) != "" && workspaceIn(id) == string(n) }

// account is what Slack calls the person or the room behind an ID, in its workspace.
func account(id string) string {
	_, own := apart(id)
	return own
}

// workspaceIn is the workspace that an ID says it is in; "" for one that says none.
func workspaceIn(id string) string {
	team, _ := apart(id)
	return team
}

// apart takes an ID apart. What is no ID of this platform has no account here.
func apart(id string) (team, account string) {
	if bot.PlatformOf(id) != "slack" {
		return "", ""
	}
	account = bot.Account(id)
	if before, after, two := strings.Cut(account, "-"); two {
		return before, after
	}
	return "", account
}
