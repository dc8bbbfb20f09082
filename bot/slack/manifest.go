package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// Limits of a manifest.
const (
	maxSlashCommands = 50
	maxSlashName     = 32 // with its slash
	maxSlashHint     = 1_000
	maxAppName       = 35
	maxDisplayName   = 80
	maxShortcuts     = 10
	maxShortcutName  = 24
)

// builtIn are commands of Slack's own, which no app can have.
var builtIn = []string{
	"active", "apps", "archive", "away", "call", "close", "collapse", "dm", "dnd", "expand", "feed", "feedback", "invite", "join", "keys", "kick",
	"leave", "me", "msg", "mute", "open", "part", "prefs", "remind", "remove", "rename", "search", "shortcuts", "shrug", "star", "status", "topic",
	"unarchive", "who",
}

// umbrella is the command under which all others can be had, for workspaces where
// one of their names is taken.
const umbrella = "/village"

// Options are what a manifest needs to know beside the table.
type Options struct {
	// Name of the app and its bot, at most 35 characters; "Village" when empty.
	Name string
	// PublicURL is the address of [Platform.Handler]. Without one, Slack is reached
	// over Socket Mode.
	PublicURL string
	// Home says that the Home tab is filled (Config.Home).
	Home bool
}

// Manifest is what Slack needs to know to make the app, as JSON that its app page
// takes ("Create an app", "From a manifest"). It asks for the least that works:
// commands, writing (to channels it was invited to and to people), reading names
// and who administers the workspace, what is said to the bot alone or by name,
// pictures, and whether a channel is archived and the bot in it (so that somebody is
// told before a request for help is lost there). It does not ask to read what people
// say in channels. A command that has the name of one of Slack's
// own, such as /remind, is left out: it can be had as "/village remind". The error joins everything about the table
// that Slack would refuse.
func Manifest(table []bot.Command, o Options) ([]byte, error) {
	name := cmp.Or(o.Name, "Village")
	m := slackgo.Manifest{
		Metadata: slackgo.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display: slackgo.Display{
			Name: name, BackgroundColor: "#2f5d50",
			Description: "Answers, reminders, and help with rides and childcare around treatment days.",
		},
		Features: slackgo.Features{
			AppHome: slackgo.AppHome{HomeTabEnabled: o.Home, MessagesTabEnabled: true},
			BotUser: slackgo.BotUser{DisplayName: name, AlwaysOnline: true},
		},
		OAuthConfig: slackgo.OAuthConfig{Scopes: slackgo.OAuthScopes{Bot: scopeNames()}},
		Settings: slackgo.Settings{
			EventSubscriptions: &slackgo.EventSubscriptions{RequestUrl: o.PublicURL, BotEvents: botEvents(o)},
			Interactivity:      &slackgo.Interactivity{IsEnabled: true, RequestUrl: o.PublicURL, MessageMenuOptionsUrl: o.PublicURL},
			SocketModeEnabled:  o.PublicURL == "",
		},
	}
	var problems []error
	if n := adapter.Units(name); n > maxAppName {
		problems = append(problems, fmt.Errorf("the name has %d characters, and Slack takes %d", n, maxAppName))
	}
	own := false
	for _, c := range table {
		m.Features.Shortcuts = append(m.Features.Shortcuts, shortcutsOf(c, nil)...)
		if slices.Contains(builtIn, c.Name) {
			continue
		}
		own = own || "/"+c.Name == umbrella
		slash := slashOf(c)
		slash.Url = o.PublicURL
		if n := adapter.Units(slash.Command); n > maxSlashName {
			problems = append(problems, fmt.Errorf("%s has %d characters, and Slack takes %d", slash.Command, n, maxSlashName))
		}
		m.Features.SlashCommands = append(m.Features.SlashCommands, slash)
	}
	if !own {
		m.Features.SlashCommands = append(m.Features.SlashCommands, slackgo.ManifestSlashCommand{
			Command: umbrella, Description: "Everything the village can do, under one name", UsageHint: "help", ShouldEscape: true, Url: o.PublicURL,
		})
	}
	if n := len(m.Features.SlashCommands); n > maxSlashCommands {
		problems = append(problems, fmt.Errorf("%d slash commands with %s, and Slack takes %d", n, umbrella, maxSlashCommands))
	}
	if n := len(m.Features.Shortcuts); n > maxShortcuts {
		problems = append(problems, fmt.Errorf("%d shortcuts, and Slack takes %d", n, maxShortcuts))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("slack: the manifest: %w", err)
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// scope is a right that the app asks for, and what does not work without it.
type scope struct{ name, without string }

func scopes() []scope {
	return []scope{
		{"app_mentions:read", "questions that name it in a channel do not reach it"},
		{"channels:read", "nobody can be told that a channel is archived"},
		{"chat:write", "it cannot write at all"},
		{"commands", "its commands do not work"},
		{"files:write", "pictures are said in words"},
		{"groups:read", "nobody can be told that a private channel is archived"},
		{"im:history", "it does not hear what people write to it directly"},
		{"im:write", "it cannot write to people directly"},
		{"users:read", "it knows nobody's name, and nobody as a moderator"},
	}
}

func scopeNames() (names []string) {
	for _, s := range scopes() {
		names = append(names, s.name)
	}
	return names
}

func botEvents(o Options) []string {
	events := []string{"app_mention", "app_uninstalled", "member_joined_channel", "member_left_channel", "message.im", "tokens_revoked"}
	if o.Home {
		events = append([]string{"app_home_opened"}, events...)
	}
	return events
}

func slashOf(c bot.Command) slackgo.ManifestSlashCommand {
	return slackgo.ManifestSlashCommand{
		Command: "/" + c.Name, Description: c.Summary, UsageHint: adapter.Clip(usageHint(c), maxSlashHint),
		// People and rooms arrive as their ids, not as names that can be mistaken.
		ShouldEscape: true,
	}
}

// usageHint shows what can follow the command.
func usageHint(c bot.Command) string {
	subs := bot.Listed(c.Subs)
	if len(subs) == 0 { // all of them are for people who know what they want
		subs = c.Subs
	}
	var words []string
	for _, sub := range subs {
		words = append(words, sub.Name)
	}
	if len(words) > 0 {
		return strings.Join(words, " | ")
	}
	for _, o := range c.Options {
		if o.Private {
			continue
		}
		word := "[" + o.Name + "]"
		if !o.Required {
			word = "(" + o.Name + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

const shortcutPrefix = "village/1/own/"

// shortcutsOf are the commands that can be used on a message of one's own.
func shortcutsOf(c bot.Command, above []string) []slackgo.Shortcut {
	path := append(above[:len(above):len(above)], c.Name)
	var out []slackgo.Shortcut
	if c.OnOwnMessage != "" {
		out = append(out, slackgo.Shortcut{
			Name: adapter.Clip(c.OnOwnMessage, maxShortcutName), Description: c.Summary,
			CallbackID: shortcutPrefix + strings.Join(path, "/"), Type: slackgo.MessageShortcut,
		})
	}
	for _, sub := range c.Subs {
		out = append(out, shortcutsOf(sub, path)...)
	}
	return out
}

// findShortcut is the command behind a shortcut, with its path.
func findShortcut(table []bot.Command, callback string) (*bot.Command, []string) {
	words, ok := strings.CutPrefix(callback, shortcutPrefix)
	if !ok {
		return nil, nil
	}
	path := strings.Split(words, "/")
	cmd := bot.Find(table, path)
	if cmd == nil || cmd.OnOwnMessage == "" || len(cmd.Options) == 0 {
		return nil, nil
	}
	return cmd, path
}
