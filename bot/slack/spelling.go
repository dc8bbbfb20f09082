package slack

import (
	"slices"

	"village/bot/adapter"
)

// spelled writes commands as they are typed here: what has the name of a command of
// Slack's own, such as /remind, is told to Slack itself and never reaches the bot, so
// it becomes "/village remind".
func spelled(words string) string {
	return adapter.Spell(words, func(name, _ string) string {
		if slices.Contains(builtIn, name) {
			return umbrella + " "
		}
		return "/"
	})
}
