package slack

import (
	"encoding/json"

	slackgo "github.com/slack-go/slack"
)

// occurrence is the outside of an event.
type occurrence struct {
	Type         string `json:"type"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	EventID      string `json:"event_id"`
	Event        event  `json:"event"`
	// Authorizations name one installation that the event is for.
	Authorizations []struct {
		EnterpriseID string `json:"enterprise_id"`
		TeamID       string `json:"team_id"`
		OrgWide      bool   `json:"is_enterprise_install"`
	} `json:"authorizations"`
}

type event struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`
	// Files are sent along: a recording, a picture.
	Files []json.RawMessage `json:"files"`
	// Profile is what somebody's profile says now, where that is what happened.
	Profile *slackgo.User `json:"-"`
	// TeamIDs are the workspaces of an organization that an event is about.
	TeamIDs []string `json:"team_ids"`
	// Message is what a message says now, and Previous what it said before it was
	// changed.
	Message  *event `json:"message"`
	Previous *event `json:"previous_message"`
}

// UnmarshalJSON reads an event: who it is about is an ID, or all of a profile.
func (e *event) UnmarshalJSON(b []byte) error {
	type plain event
	var whole struct {
		*plain
		User json.RawMessage `json:"user"`
	}
	whole.plain = (*plain)(e)
	if err := json.Unmarshal(b, &whole); err != nil {
		return err
	}
	switch {
	case len(whole.User) == 0:
		return nil
	case whole.User[0] != '{':
		return json.Unmarshal(whole.User, &e.User)
	case e.Type != profileChanges:
		return nil // nothing that is listened for
	}
	if err := json.Unmarshal(whole.User, &e.Profile); err != nil {
		return err
	}
	e.User = e.Profile.ID
	return nil
}

// changed is a message that its writer has changed as if it had just been written, or
// nil: Slack tells the same when it has looked at a link in it.
func (e event) changed() *event {
	if e.Message == nil || e.Previous == nil || e.Message.Text == e.Previous.Text {
		return nil
	}
	now := *e.Message
	now.Type, now.Channel, now.ChannelType = e.Type, e.Channel, e.ChannelType
	return &now
}
