package discord

import (
	"encoding/json"
	"errors"
	"strings"
)

// What goes over the wire, in Discord's words (API version 10). We write these
// ourselves where discordgo's types lack a field, drop an empty list that means
// something, or refuse a whole event because of one part they do not know.

// Types of interaction.
const (
	typePing = iota + 1
	typeCommand
	typeComponent
	typeAutocomplete
	typeForm
)

// Types of answer to an interaction.
const (
	answerPong    = 1
	answerMessage = 4
	answerLater   = 5
	answerSeen    = 6 // a button was pressed, and nothing is to be shown
	answerUpdate  = 7
	answerPicks   = 8
	answerForm    = 9
)

// Types of component.
const (
	compRow           = 1
	compButton        = 2
	compSelect        = 3
	compInput         = 4
	compPersonSelect  = 5
	compChannelSelect = 8
	compText          = 10
	compLabel         = 18
)

// Flags of a message.
const (
	flagNoPreviews = 1 << 2 // links in it are not unfolded
	flagEphemeral  = 1 << 6 // only the person who asked sees it
)

// message is a message to be posted, or what an edited one becomes. Empty lists
// are sent as such: an edit that left them out would leave old buttons standing.
type message struct {
	Content      string       `json:"content"`
	Embeds       []embed      `json:"embeds"`
	Components   []component  `json:"components"`
	Mentions     mentions     `json:"allowed_mentions"`
	Attachments  []attachment `json:"attachments"`
	Flags        int          `json:"flags"`
	Nonce        string       `json:"nonce,omitempty"`
	EnforceNonce bool         `json:"enforce_nonce,omitempty"`
	Reference    *reference   `json:"message_reference,omitempty"`

	files []file
}

type reference struct {
	Message string `json:"message_id"`
	// FailIfGone false: an answer is still owed when the question was deleted.
	FailIfGone bool `json:"fail_if_not_exists"`
}

// mentions says who may be pinged; an empty Parse means nobody but Users.
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

type embed struct {
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Colour      int          `json:"color,omitempty"`
	Fields      []embedField `json:"fields,omitempty"`
	Footer      *embedFooter `json:"footer,omitempty"`
	Image       *embedImage  `json:"image,omitempty"`
}

type embedField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type embedFooter struct {
	Text string `json:"text"`
}

type embedImage struct {
	URL string `json:"url"`
}

type attachment struct {
	ID          string `json:"id"` // the number of its file
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

type file struct {
	name string
	data []byte
}

// component is any component we send: a row, a button, a select, and the parts
// of a form.
type component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id,omitempty"`
	Style       int         `json:"style,omitempty"`
	Label       string      `json:"label,omitempty"`
	Description string      `json:"description,omitempty"`
	Content     string      `json:"content,omitempty"`
	URL         string      `json:"url,omitempty"`
	Placeholder string      `json:"placeholder,omitempty"`
	Value       string      `json:"value,omitempty"`
	MinLength   *int        `json:"min_length,omitempty"`
	MaxLength   int         `json:"max_length,omitempty"`
	MinValues   *int        `json:"min_values,omitempty"`
	MaxValues   int         `json:"max_values,omitempty"`
	Required    *bool       `json:"required,omitempty"`
	Options     []option    `json:"options,omitempty"`
	Defaults    []preset    `json:"default_values,omitempty"`
	Components  []component `json:"components,omitempty"`
	Component   *component  `json:"component,omitempty"`
}

type option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// preset fills a select of people or channels beforehand.
type preset struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// callback is the first answer to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`

	files []file
}

type laterData struct {
	Flags int `json:"flags,omitempty"`
}

type picksData struct {
	Choices []choice `json:"choices"`
}

type choice struct {
	Name  string    `json:"name"`
	Names languages `json:"name_localizations,omitempty"`
	Value string    `json:"value"`
}

type formData struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// What comes in. Only what is used is named, so a part that Discord adds or
// changes elsewhere cannot break the rest.

type interaction struct {
	ID        string          `json:"id"`
	App       string          `json:"application_id"`
	Type      int             `json:"type"`
	Token     string          `json:"token"`
	Guild     string          `json:"guild_id"`
	ChannelID string          `json:"channel_id"`
	Channel   *channel        `json:"channel"`
	Member    *member         `json:"member"`
	User      *user           `json:"user"`
	Locale    string          `json:"locale"`
	Message   *pressed        `json:"message"`
	Data      interactionData `json:"data"`
	// unreadable says why Data could not be read.
	unreadable error
}

type channel struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Type       int         `json:"type"`
	Guild      string      `json:"guild_id"`
	Parent     string      `json:"parent_id"`
	Overwrites []overwrite `json:"permission_overwrites"`
	Thread     *struct {
		Archived bool `json:"archived"`
		Locked   bool `json:"locked"`
	} `json:"thread_metadata"`
}

// overwrite changes in a channel what a role or a member (ID) may do.
type overwrite struct {
	ID    string `json:"id"`
	Allow bits   `json:"allow"`
	Deny  bits   `json:"deny"`
}

// role is one role of a server.
type role struct {
	ID          string `json:"id"`
	Permissions bits   `json:"permissions"`
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
	ID    string `json:"id"`
	Flags int    `json:"flags"`
}

// interactionData is what was used: a command, a component or a form.
type interactionData struct {
	Name     string     `json:"name"` // this and the next four of a command
	Type     int        `json:"type"`
	Target   string     `json:"target_id"`
	Options  []dataPart `json:"options"`
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
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []dataPart      `json:"options"`
}

// submitPart is a filled-in part of a form: a row or a label around a field, or
// the field itself.
type submitPart struct {
	Type       int          `json:"type"`
	CustomID   string       `json:"custom_id"`
	Value      string       `json:"value"`
	Values     []string     `json:"values"`
	Component  *submitPart  `json:"component"`
	Components []submitPart `json:"components"`
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
}

type posted struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
}
