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

// builtIn are commands of Slack's own that a table could name, and no app can have.
var builtIn = []string{"invite", "me", "remind", "status", "topic"}

// umbrella is the command under which all others can be had.
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
	// Short also asks for each command under its own name, such as /faq, beside
	// "/village faq": for workspaces where no other app has a command of that name.
	Short bool
	// Redirect is the address that Slack sends people back to who install the app (Config.Redirect).
	// With it, many workspaces may: their tokens rotate, and organizations can install it for
	// all of theirs.
	Redirect string
	// Prompts offers questions to begin with in Slack's view for agents, which only paid
	// plans have.
	Prompts bool
}

// The parts of a manifest that the library leaves out when they are false: without
// messages_tab_read_only_enabled, nobody can write to the bot.
type (
	manifest struct {
		slackgo.Manifest
		Features features `json:"features"`
	}
	features struct {
		AppHome appHome `json:"app_home"`
		slackgo.Features
	}
	appHome struct {
		HomeTabEnabled             bool `json:"home_tab_enabled"`
		MessagesTabEnabled         bool `json:"messages_tab_enabled"`
		MessagesTabReadOnlyEnabled bool `json:"messages_tab_read_only_enabled"`
	}
)

// Manifest is what Slack needs to know to make the app, as JSON that its app page
// takes ("Create an app", "From a manifest"). It asks for the least that works:
// commands, writing (to channels it was invited to and to people), reading names
// and who administers the workspace, what is said to the bot alone or by name,
// pictures, and whether a channel is archived and the bot in it (so that somebody is
// told before a request for help is lost there). It does not ask to read what people
// say in channels. Everything can be had as "/village remind"; with
// Options.Short also by itself, where Slack has no command of that name. The error joins
// everything about the table that Slack would refuse.
func Manifest(table []bot.Command, o Options) ([]byte, error) {
	name := cmp.Or(o.Name, "Village")
	m := manifest{Features: featuresOf(name, o), Manifest: slackgo.Manifest{
		Metadata: slackgo.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display: slackgo.Display{
			Name: name, BackgroundColor: "#2f5d50",
			Description: "Answers, reminders, and help with rides and childcare around treatment days.",
		},
		OAuthConfig: slackgo.OAuthConfig{Scopes: slackgo.OAuthScopes{Bot: scopeNames(false), BotOptional: scopeNames(true)}},
		Settings: slackgo.Settings{
			EventSubscriptions: &slackgo.EventSubscriptions{RequestUrl: o.PublicURL, BotEvents: botEvents(o)},
			Interactivity:      &slackgo.Interactivity{IsEnabled: true, RequestUrl: o.PublicURL, MessageMenuOptionsUrl: o.PublicURL},
			SocketModeEnabled:  o.PublicURL == "",
		},
	}}
	if o.Redirect != "" {
		m.OAuthConfig.RedirectUrls = []string{o.Redirect}
		m.Settings.OrgDeployEnabled, m.Settings.TokenRotationEnabled = true, true
	}
	var problems []error
	if n := adapter.Units(name); n > maxAppName {
		problems = append(problems, fmt.Errorf("the name has %d characters, and Slack takes %d", n, maxAppName))
	}
	m.Features.SlashCommands = []slackgo.ManifestSlashCommand{{
		Command: umbrella, Description: "Everything the village can do", UsageHint: adapter.Clip(umbrellaHint(table), maxSlashHint), ShouldEscape: true, Url: o.PublicURL,
	}}
	for _, c := range table {
		m.Features.Shortcuts = append(m.Features.Shortcuts, shortcutsOf(c, nil)...)
		if !o.Short || slices.Contains(builtIn, c.Name) || "/"+c.Name == umbrella {
			continue
		}
		slash := slashOf(c)
		slash.Url = o.PublicURL
		if n := adapter.Units(slash.Command); n > maxSlashName {
			problems = append(problems, fmt.Errorf("%s has %d characters, and Slack takes %d", slash.Command, n, maxSlashName))
		}
		m.Features.SlashCommands = append(m.Features.SlashCommands, slash)
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

// featuresOf are the features that no command of the table is behind.
func featuresOf(name string, o Options) features {
	f := features{AppHome: appHome{HomeTabEnabled: o.Home, MessagesTabEnabled: true}, Features: slackgo.Features{BotUser: slackgo.BotUser{DisplayName: name, AlwaysOnline: true}}}
	if o.Prompts {
		f.AgentView = &slackgo.AgentView{AgentDescription: "Answers, reminders, and help with rides and childcare around treatment days.", SuggestedPrompts: []slackgo.ManifestSuggestedPrompt{
			{Title: "Plan a session", Message: "my first session is next tuesday at 1pm"},
			{Title: "A ride home", Message: "I need a ride home on thursday at 1:30pm"},
			{Title: "Before a session", Message: "can I eat before"},
			{Title: "Somebody to talk to", Message: "who can I talk to right now"},
		}}
	}
	return f
}

// umbrellaHint names what can follow /village, the most usual first.
func umbrellaHint(table []bot.Command) string {
	var names []string
	for _, c := range bot.Listed(table) {
		names = append(names, c.Name)
	}
	return strings.Join(append(names, "or any words"), " | ")
}

// scope is a right that the app asks for, what does not work without it, and whether an
// admin may decline it.
type scope struct {
	name, without string
	optional      bool
}

func scopes() []scope {
	return []scope{
		{name: "app_mentions:read", without: "questions that name it in a channel do not reach it"},
		{name: "channels:read", without: "nobody can be told that a channel is archived, nor who is in it"},
		{name: "chat:write", without: "it cannot write at all"},
		{name: "commands", without: "its commands do not work"},
		{name: "files:write", without: "pictures are said in words", optional: true},
		{name: "groups:read", without: "nobody can be told that a private channel is archived, nor who is in it", optional: true},
		{name: "im:history", without: "it does not hear what people write to it directly"},
		{name: "im:write", without: "it cannot write to people directly"},
		{name: "usergroups:read", without: "no user group can be let moderate with /setup trust role:", optional: true},
		{name: "users:read", without: "it knows nobody's name, and nobody as a moderator"},
	}
}

// scopeNames are the names of all scopes, or of the optional ones alone.
func scopeNames(optional bool) (names []string) {
	for _, s := range scopes() {
		if s.optional || !optional {
			names = append(names, s.name)
		}
	}
	return names
}

func botEvents(o Options) []string {
	events := []string{"app_mention", "app_uninstalled", "member_joined_channel", "member_left_channel", "message.im", "tokens_revoked", profileChanges}
	if o.Home {
		events = append([]string{"app_home_opened"}, events...)
	}
	if o.Redirect != "" {
		events = append(events, "team_access_granted", "team_access_revoked")
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

// What begins the names of shortcuts: on a message of one's own, and from anywhere.
const (
	shortcutPrefix = "village/1/own/"
	anywherePrefix = "village/1/any/"
)

// shortcutsOf are the commands that can be used on a message of one's own, and those
// that can be begun from anywhere.
func shortcutsOf(c bot.Command, above []string) []slackgo.Shortcut {
	path := append(above[:len(above):len(above)], c.Name)
	var out []slackgo.Shortcut
	if c.OnOwnMessage != "" {
		out = append(out, slackgo.Shortcut{
			Name: adapter.Clip(c.OnOwnMessage, maxShortcutName), Description: c.Summary,
			CallbackID: shortcutPrefix + strings.Join(path, "/"), Type: slackgo.MessageShortcut,
		})
	}
	if c.Anywhere != "" {
		out = append(out, slackgo.Shortcut{
			Name: adapter.Clip(c.Anywhere, maxShortcutName), Description: c.Summary,
			CallbackID: anywherePrefix + strings.Join(path, "/"), Type: slackgo.GlobalShortcut,
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

// anywhere is the command behind a shortcut that can be begun from anywhere, as a line;
// "" where there is none.
func anywhere(table []bot.Command, callback string) string {
	words, ok := strings.CutPrefix(callback, anywherePrefix)
	if cmd := bot.Find(table, strings.Split(words, "/")); !ok || cmd == nil || cmd.Anywhere == "" {
		return ""
	}
	return "/" + strings.ReplaceAll(words, "/", " ")
}
