package village

import "time"

// Preferences is how somebody wants to be written to.
type Preferences struct {
	// Plain words are shown at once; else they wait behind a tap.
	Plain bool `json:"plain,omitempty"`
	// Quiet are the person's own quiet hours; nil means the group's.
	Quiet *Quiet `json:"quiet,omitempty"`
	// Paused is until when none of their own reminders comes.
	Paused time.Time `json:"paused,omitzero"`
}
