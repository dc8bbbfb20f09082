package village

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Group is the people of one village and how they have set it up.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Zone is an IANA name; empty until a moderator has chosen it, because a
	// guessed zone is a ride at the wrong hour.
	Zone string `json:"zone,omitempty"`
	// Country is an ISO 3166 code such as "US", for crisis lines; empty means
	// not chosen.
	Country string `json:"country,omitempty"`
	// Rooms are the village channels, at most one for each platform;
	// Moderation are the moderators' own.
	Rooms      []Room `json:"rooms,omitempty"`
	Moderation []Room `json:"moderation,omitempty"`
	// Quiet are the group's quiet hours; nil means the usual ones.
	Quiet *Quiet `json:"quiet,omitempty"`
	// Posts is how many reminders a channel gets a day at most; 0: the usual.
	Posts int `json:"posts,omitempty"`
	// KeepDetails and Keep are for needs asked from now on, see Need.
	KeepDetails int `json:"keep_details,omitempty"`
	Keep        int `json:"keep,omitempty"`
	// Digest is when the village channel gets its weekly look ahead: a cron
	// line in the group's zone; empty: never.
	Digest string `json:"digest,omitempty"`
	// Anyone means that anyone in the village may help, without the asker's yes
	// first, except with children.
	Anyone bool `json:"anyone,omitempty"`
	// Roles are those on the platforms that moderate, see [Role].
	Roles []Role `json:"roles,omitempty"`
	// Numbers are settings by their name, see [NumberSettings].
	Numbers map[string]int `json:"numbers,omitempty"`
	// Away are the workspaces (IDs) that the bot was taken out of, and since when.
	Away map[string]time.Time `json:"away,omitempty"`
	// Joined is the group this one has become part of; empty: it stands alone.
	Joined string    `json:"joined,omitempty"`
	Since  time.Time `json:"since"`
	// Greeted is when the people of the group were told who the bot is; zero: never.
	Greeted time.Time `json:"greeted,omitzero"`
}

// GreetAgain is how long after a greeting the next one may come, when the bot is brought
// to the same group once more.
const GreetAgain = 30 * 24 * time.Hour

// ToGreet says whether the people of the group should be told who the bot is: nobody has
// set it up, and they were not told lately.
func (g Group) ToGreet(now time.Time) bool {
	return len(g.Rooms) == 0 && (g.Greeted.IsZero() || now.Sub(g.Greeted) >= GreetAgain)
}

// Room is a channel as a group remembers it.
type Room struct {
	ID   string `json:"id"` // platform/channel
	Name string `json:"name"`
}

// RoomOn is the village channel on a platform, where one is chosen.
func (g Group) RoomOn(platform string) (Room, bool) {
	for _, r := range g.Rooms {
		if name, _, _ := strings.Cut(r.ID, "/"); name == platform {
			return r, true
		}
	}
	return Room{}, false
}

// WithRoom makes a room the village channel on its platform.
func (g Group) WithRoom(r Room) Group {
	g.Rooms = onePerPlatform(g.Rooms, r)
	return g
}

// WithModeration makes a room the moderators' channel on its platform.
func (g Group) WithModeration(r Room) Group {
	g.Moderation = onePerPlatform(g.Moderation, r)
	return g
}

// With is a group that another has become part of: its channels, and the roles that
// moderate. Errors: [CodeTooManyRoles].
func (g Group) With(other Group) (Group, error) {
	var err error
	for _, r := range other.Rooms {
		g = g.WithRoom(r)
	}
	for _, r := range other.Roles {
		if g, err = g.WithRole(r); err != nil {
			return g, err
		}
	}
	return g, nil
}

func onePerPlatform(rooms []Room, r Room) []Room {
	platform, _, _ := strings.Cut(r.ID, "/")
	rooms = slices.DeleteFunc(slices.Clone(rooms), func(o Room) bool {
		p, _, _ := strings.Cut(o.ID, "/")
		return p == platform
	})
	return append(rooms, r)
}

// Member is what is kept about somebody who has used the bot, apart from what
// they asked for or offered.
type Member struct {
	Person
	// Group is where they last used the bot, for direct messages; Groups are
	// all the places they have used it in, latest first, 20 at most.
	Group  string   `json:"group,omitempty"`
	Groups []string `json:"groups,omitempty"`
	// Zone and Country are theirs, when they differ from the group's.
	Zone    string `json:"zone,omitempty"`
	Country string `json:"country,omitempty"`
}

const maxGroups = 20

// Seen notes where somebody uses the bot and under which name. The answer says
// whether anything changed.
func (m Member) Seen(p Person, group string) (Member, bool) {
	if p.Name == "" {
		p.Name = m.Name
	}
	if m.Person == p && (group == "" || m.Group == group) {
		return m, false
	}
	m.Person = p
	if group != "" {
		m.Group = group
		m.Groups = append([]string{group}, slices.DeleteFunc(slices.Clone(m.Groups), func(g string) bool { return g == group })...)
		m.Groups = m.Groups[:min(len(m.Groups), maxGroups)]
	}
	return m, true
}

// idLetters have no vowels, so that no id is a word, and nothing that looks
// like something else.
const idLetters = "23456789bcdfghjkmnpqrstvwxz"

// NewID makes a short id from a source of random bytes: six characters, one of
// 387 million. Its error is the source's.
func NewID(random io.Reader) (string, error) {
	var id strings.Builder
	var b [16]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("making an id: %w", err)
		}
		for _, c := range b {
			if int(c) < 256-256%len(idLetters) { // the rest would favour the first letters
				id.WriteByte(idLetters[int(c)%len(idLetters)])
			}
			if id.Len() == 6 {
				return id.String(), nil
			}
		}
	}
}
