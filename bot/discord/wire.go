package discord

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// What goes over the wire, in Discord's words (API version 10). We write these
// ourselves where discordgo's types lack a field, drop an empty list that means
// something, or refuse a whole event because of one part they do not know.

// compLabel is a label around one part of a form.
const compLabel discordgo.ComponentType = 18

// message is a message to be posted, or what an edited one becomes. Empty lists
// are sent as such: an edit that left them out would leave old buttons standing.
type message struct {
	Content      string                      `json:"content"`
	Embeds       []discordgo.MessageEmbed    `json:"embeds"`
	Components   []component                 `json:"components"`
	Mentions     mentions                    `json:"allowed_mentions"`
	Attachments  []attachment                `json:"attachments"`
	Flags        discordgo.MessageFlags      `json:"flags"`
	Nonce        string                      `json:"nonce,omitempty"`
	EnforceNonce bool                        `json:"enforce_nonce,omitempty"`
	Reference    *discordgo.MessageReference `json:"message_reference,omitempty"`

	files []file
}

// MarshalJSON leaves content and embeds out of a message of components: Discord takes
// none beside them, and an edit that brings them for the first time has to say so.
func (m message) MarshalJSON() ([]byte, error) {
	type plain message
	if !m.isLaidOut() {
		return json.Marshal(plain(m))
	}
	return json.Marshal(struct {
		plain
		Content *string `json:"content"`
		Embeds  *string `json:"embeds"`
	}{plain: plain(m)})
}

// mentions says who may be pinged; an empty Parse means nobody but Users.
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

type attachment struct {
	ID          string `json:"id"` // the number of its file
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

type file struct {
	name, kind string
	data       []byte
}

// component is any component we send: a row, a button, a select, and the parts
// of a form.
type component struct {
	Type        discordgo.ComponentType            `json:"type"`
	CustomID    string                             `json:"custom_id,omitempty"`
	Style       int                                `json:"style,omitempty"`
	Label       string                             `json:"label,omitempty"`
	Description string                             `json:"description,omitempty"`
	Content     string                             `json:"content,omitempty"`
	URL         string                             `json:"url,omitempty"`
	Placeholder string                             `json:"placeholder,omitempty"`
	Value       string                             `json:"value,omitempty"`
	MinLength   *int                               `json:"min_length,omitempty"`
	MaxLength   int                                `json:"max_length,omitempty"`
	MinValues   *int                               `json:"min_values,omitempty"`
	MaxValues   int                                `json:"max_values,omitempty"`
	Required    *bool                              `json:"required,omitempty"`
	Options     []option                           `json:"options,omitempty"`
	Defaults    []discordgo.SelectMenuDefaultValue `json:"default_values,omitempty"`
	Components  []component                        `json:"components,omitempty"`
	Component   *component                         `json:"component,omitempty"`
	Accessory   *component                         `json:"accessory,omitempty"`
	Accent      *int                               `json:"accent_color,omitempty"`
	Items       []galleryItem                      `json:"items,omitempty"`
	File        *media                             `json:"file,omitempty"`
}

// galleryItem is a picture among components.
type galleryItem struct {
	Media       media  `json:"media"`
	Description string `json:"description,omitempty"`
}

type media struct {
	URL string `json:"url"`
}

type option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// callback is the first answer to an interaction.
type callback struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`

	files []file
}

type laterData struct {
	Flags discordgo.MessageFlags `json:"flags,omitempty"`
}

type picksData struct {
	Choices []choice `json:"choices"`
}

// choice is something to be picked by whoever types.
type choice = discordgo.ApplicationCommandOptionChoice

type formData struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// What comes in. Only what is used is named, so a part that Discord adds or
// changes elsewhere cannot break the rest.

type interaction struct {
	ID        string                    `json:"id"`
	App       string                    `json:"application_id"`
	Type      discordgo.InteractionType `json:"type"`
	Token     string                    `json:"token"`
	Guild     string                    `json:"guild_id"`
	ChannelID string                    `json:"channel_id"`
	Channel   *channel                  `json:"channel"`
	Member    *member                   `json:"member"`
	User      *user                     `json:"user"`
	Locale    string                    `json:"locale"`
	Message   *pressed                  `json:"message"`
	Data      interactionData           `json:"data"`
	// unreadable says why Data could not be read.
	unreadable error
}

type channel struct {
	ID         string                          `json:"id"`
	Name       string                          `json:"name"`
	Type       int                             `json:"type"`
	Guild      string                          `json:"guild_id"`
	Parent     string                          `json:"parent_id"`
	Overwrites []discordgo.PermissionOverwrite `json:"permission_overwrites"`
	Thread     *struct {
		Locked bool `json:"locked"`
	} `json:"thread_metadata"`
}

// role is one role of a server.
type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions int64  `json:"permissions,string"`
}

type member struct {
	User        *user    `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"`
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

// pressed is the message whose button was pressed.
type pressed struct {
	ID    string                 `json:"id"`
	Flags discordgo.MessageFlags `json:"flags"`
}

// interactionData is what was used: a command, a component or a form.
type interactionData struct {
	Name     string                           `json:"name"` // this and the next four of a command
	Type     discordgo.ApplicationCommandType `json:"type"`
	Target   string                           `json:"target_id"`
	Options  []dataPart                       `json:"options"`
	Resolved struct {
		Messages map[string]struct {
			Author  user   `json:"author"`
			Content string `json:"content"`
		} `json:"messages"`
	} `json:"resolved"`

	CustomID   string       `json:"custom_id"`
	Values     []string     `json:"values"`     // what was chosen from a menu
	Components []submitPart `json:"components"` // what was filled in
}

// readInteraction reads an interaction. When only its data is not as expected, there
// is still somebody to tell.
func readInteraction(raw []byte) (in interaction, err error) {
	err = json.Unmarshal(raw, &in)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && strings.HasPrefix(wrong.Field, "data") {
		in.unreadable, err = err, nil
	}
	return in, err
}

// dataPart is a sub-command with its options, or an option with its value.
type dataPart struct {
	Name    string                                 `json:"name"`
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Value   json.RawMessage                        `json:"value"`
	Focused bool                                   `json:"focused"`
	Options []dataPart                             `json:"options"`
}

// submitPart is a filled-in part of a form: a row or a label around a field, or
// the field itself.
type submitPart struct {
	Type       discordgo.ComponentType `json:"type"`
	CustomID   string                  `json:"custom_id"`
	Value      string                  `json:"value"`
	Values     []string                `json:"values"`
	Component  *submitPart             `json:"component"`
	Components []submitPart            `json:"components"`
}

// chat is a message that somebody wrote.
type chat struct {
	ID          string            `json:"id"`
	ChannelID   string            `json:"channel_id"`
	Guild       string            `json:"guild_id"`
	Author      user              `json:"author"`
	Member      *member           `json:"member"`
	Content     string            `json:"content"`
	Type        int               `json:"type"`
	Webhook     string            `json:"webhook_id"`
	Mentions    []user            `json:"mentions"`
	Attachments []json.RawMessage `json:"attachments"`
	Stickers    []json.RawMessage `json:"sticker_items"`
	Poll        json.RawMessage   `json:"poll"`
	Snapshots   []json.RawMessage `json:"message_snapshots"` // of what is passed on
	Edited      string            `json:"edited_timestamp"`
}

type posted struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
}
