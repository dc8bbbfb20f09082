package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

// command is one command as Discord registers it.
type command struct {
	Name        string                           `json:"name"`
	Names       languages                        `json:"name_localizations,omitempty"`
	Type        discordgo.ApplicationCommandType `json:"type"`
	Description string                           `json:"description,omitempty"`
	Summaries   languages                        `json:"description_localizations,omitempty"`
	Options     []optionDef                      `json:"options,omitempty"`
	Permissions *permission                      `json:"default_member_permissions,omitempty"`
	Contexts    []int                            `json:"contexts,omitempty"`
	Installs    []int                            `json:"integration_types,omitempty"`
}

// languages is something said in other languages, by locale.
type languages = map[discordgo.Locale]string

// inLanguages is one part of what something is called elsewhere.
func inLanguages(in map[string]bot.Local, part func(bot.Local) string) languages {
	var out languages
	for locale, l := range in {
		if words := part(l); words != "" {
			if out == nil {
				out = languages{}
			}
			out[discordgo.Locale(locale)] = words
		}
	}
	return out
}

func localNames(in map[string]bot.Local) languages {
	return inLanguages(in, func(l bot.Local) string { return l.Name })
}

func localSummaries(in map[string]bot.Local) languages {
	return inLanguages(in, func(l bot.Local) string { return l.Summary })
}

func localLabels(in map[string]bot.Local) languages {
	return inLanguages(in, func(l bot.Local) string { return l.Label })
}

// permission is sent as a number and comes back as a word of digits.
type permission string

func (p permission) MarshalJSON() ([]byte, error) { return []byte(p), nil }

func (p *permission) UnmarshalJSON(data []byte) error {
	var n json.Number
	if err := json.Unmarshal(data, &n); err == nil {
		*p = permission(n)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*p = permission(s)
	return nil
}

type optionDef struct {
	Type         discordgo.ApplicationCommandOptionType `json:"type"`
	Name         string                                 `json:"name"`
	Names        languages                              `json:"name_localizations,omitempty"`
	Description  string                                 `json:"description"`
	Summaries    languages                              `json:"description_localizations,omitempty"`
	Required     bool                                   `json:"required,omitempty"`
	Choices      []choice                               `json:"choices,omitempty"`
	Autocomplete bool                                   `json:"autocomplete,omitempty"`
	Channels     []int                                  `json:"channel_types,omitempty"`
	MinValue     *int                                   `json:"min_value,omitempty"`
	MaxValue     *int                                   `json:"max_value,omitempty"`
	MinLength    *int                                   `json:"min_length,omitempty"`
	MaxLength    *int                                   `json:"max_length,omitempty"`
	Options      []optionDef                            `json:"options,omitempty"`
}

// Registration is what is registered with Discord for a table, as indented JSON: what
// is to be listed of it.
func Registration(table []bot.Command) ([]byte, error) {
	return json.MarshalIndent(commandsOf(table), "", "  ")
}

func commandsOf(table []bot.Command) []command {
	var out, onMessages []command
	for _, cmd := range bot.Listed(table) {
		c := command{
			Name: cmd.Name, Type: discordgo.ChatApplicationCommand, Description: cmd.Summary, Names: localNames(cmd.In), Summaries: localSummaries(cmd.In),
			Contexts: []int{0, 1}, // in a server, and with the bot alone
			Installs: []int{0},    // added to servers, not to people
		}
		if len(cmd.Subs) == 0 {
			c.Options = optionsOf(cmd)
		}
		for _, sub := range cmd.Subs {
			c.Options = append(c.Options, optionDef{
				Type: discordgo.ApplicationCommandOptionSubCommand, Name: sub.Name, Description: sub.Summary, Options: optionsOf(sub), Names: localNames(sub.In), Summaries: localSummaries(sub.In),
			})
			onMessages = appendOnMessage(onMessages, sub)
		}
		if moderatorsOnly(cmd) {
			c.Permissions, c.Contexts = manageServer(), []int{0}
		}
		out = append(out, c)
		onMessages = appendOnMessage(onMessages, cmd)
	}
	return append(out, onMessages...)
}

// manageServer hides a command from those who may not use it; alone with the bot,
// where Discord cannot tell, it is not offered. Who they are is checked again
// when it is used: a server may change what Discord shows.
func manageServer() *permission {
	p := permission("32")
	return &p
}

func appendOnMessage(list []command, cmd bot.Command) []command {
	if cmd.OnOwnMessage == "" {
		return list
	}
	c := command{Name: cmd.OnOwnMessage, Names: localLabels(cmd.In), Type: discordgo.MessageApplicationCommand, Contexts: []int{0, 1}, Installs: []int{0}}
	if cmd.Who == bot.Moderators {
		c.Permissions, c.Contexts = manageServer(), []int{0}
	}
	return append(list, c)
}

func moderatorsOnly(cmd bot.Command) bool {
	if len(cmd.Subs) == 0 {
		return cmd.Who == bot.Moderators
	}
	return !slices.ContainsFunc(cmd.Subs, func(sub bot.Command) bool { return sub.Who != bot.Moderators })
}

// optionsOf is a command's options. A form asks for what is missing, so with
// one nothing has to be typed here; and what is both private and required is
// left to the form, so that nobody types an address into the line they also
// chat in.
func optionsOf(cmd bot.Command) []optionDef {
	var out []optionDef
	for _, o := range cmd.Options {
		if o.Private && o.Required && cmd.Form != "" {
			continue
		}
		out = append(out, optionOf(o, o.Required && cmd.Form == ""))
	}
	return out
}

func optionOf(o bot.Option, required bool) optionDef {
	d := optionDef{Type: discordgo.ApplicationCommandOptionString, Name: o.Name, Description: o.Summary, Required: required, Autocomplete: o.Complete != nil, Names: localNames(o.In), Summaries: localSummaries(o.In)}
	switch o.Kind {
	case bot.Choice:
		for _, p := range o.Choices {
			d.Choices = append(d.Choices, choice{Name: p.Label, NameLocalizations: localLabels(p.In), Value: p.Value})
		}
		d.Autocomplete = false
	case bot.Number:
		d.Type, d.MinValue, d.MaxValue = discordgo.ApplicationCommandOptionInteger, &o.Min, &o.Max
		d.Autocomplete = false
	case bot.YesNo:
		d.Type, d.Autocomplete = discordgo.ApplicationCommandOptionBoolean, false
	case bot.Someone:
		d.Type, d.Autocomplete = discordgo.ApplicationCommandOptionUser, false
	case bot.Role:
		d.Type, d.Autocomplete = discordgo.ApplicationCommandOptionRole, false
	case bot.Place:
		d.Type, d.Autocomplete = discordgo.ApplicationCommandOptionChannel, false
		d.Channels = []int{0, 5, 10, 11, 12} // where text can be posted: channels, news, threads
	default:
		most := defaultMaxText
		if o.Max > 0 {
			most = min(o.Max, maxTyped)
		}
		d.MaxLength = &most
		if least := min(o.Min, most); least > 0 {
			d.MinLength = &least
		}
	}
	return d
}

// maxTyped is as much as Discord lets people type into an option, in characters.
const maxTyped = 6000

// register makes Discord's commands those of the table, and asks for nothing
// when they already are: nothing is remembered here, so any number of copies
// may start at once.
func (p *Platform) register(ctx context.Context, table []bot.Command) error {
	want := commandsOf(table)
	have, err := p.registered(ctx)
	if err != nil {
		return err
	}
	if sameCommands(want, have) {
		p.log.InfoContext(ctx, "discord: the commands are up to date", "commands", len(want))
		return nil
	}
	err = p.api.insist(ctx, call{
		method: http.MethodPut, path: "/applications/" + p.appID + "/commands", route: "PUT commands", body: want,
	})
	if err == nil {
		p.log.InfoContext(ctx, "discord: the commands were registered", "commands", len(want))
	}
	return err
}

// commandsAsked asks for the commands with what they are called in other languages:
// Discord leaves that out otherwise, and they would seem to have changed.
const commandsAsked = "/commands?with_localizations=true"

func (p *Platform) registered(ctx context.Context) ([]command, error) {
	var have []command
	err := p.api.insist(ctx, call{
		method: http.MethodGet, path: "/applications/" + p.appID + commandsAsked, route: "GET commands", out: &have,
	})
	return have, err
}

// sameCommands compares what matters. Discord keeps no order among commands and
// writes some absent things as empty, which reading into our own type levels.
func sameCommands(want, have []command) bool {
	key := func(list []command) map[string]string {
		m := map[string]string{}
		for _, c := range list {
			slices.Sort(c.Contexts)
			data, err := json.Marshal(c)
			if err != nil {
				return nil
			}
			m[c.Name+"/"+string(rune('0'+c.Type))] = string(data)
		}
		return m
	}
	return reflect.DeepEqual(key(want), key(have))
}
