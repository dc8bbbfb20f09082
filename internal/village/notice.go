package village

// GuestOf is whom a promise is about who has no account, or empty.
func (j Notice) GuestOf() string {
	if IsGuest(j.About.ID) {
		return j.About.ID
	}
	return ""
}

// Notice is a promise about a need. It names people and needs, never details:
// what is said is looked up when it is said.
type Notice struct {
	Group string  `json:"group"`
	Need  string  `json:"need"`
	What  What    `json:"what"`
	To    Address `json:"to"`
	About Person  `json:"about,omitzero"`
	// Council says that it is for the moderators, and Public that everybody
	// reads it all the same. Next are the moderators (IDs) to tell after this
	// one, and Reached says that one of them was.
	Council bool     `json:"council,omitempty"`
	Public  bool     `json:"public,omitempty"`
	Next    []string `json:"next,omitempty"`
	Reached bool     `json:"reached,omitempty"`
	// Instead is the moderators' channel, and Closed the village channel, that
	// could not be written.
	Instead string `json:"instead,omitempty"`
	Closed  string `json:"closed,omitempty"`
	// For is what the moderators could not be told.
	For What `json:"for,omitempty"`
}
