package slack

import (
	"village/bot/adapter"
)

// spelled writes commands as they are typed here. All of them stand under one name, so
// that they collide neither with Slack's own (/remind never reaches a bot) nor with
// those of other apps, of which the one installed last would win: "/village remind".
// What the bot says of Slack's own /invite stays.
func spelled(words string) string {
	return adapter.Spell(words, func(name, _ string) string {
		if name == "invite" || "/"+name == umbrella {
			return "/"
		}
		return umbrella + " "
	})
}
