package village

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// KeepAway is how long a group is kept that the bot was taken out of.
const KeepAway = 30 * 24 * time.Hour

// WithAway notes that the bot was taken out of a workspace (ID). The first time counts.
func (g Group) WithAway(workspace string, now time.Time) Group {
	if _, known := g.Away[workspace]; known {
		return g
	}
	away := map[string]time.Time{workspace: now.UTC()}
	maps.Copy(away, g.Away)
	g.Away = away
	return g
}

// WithoutAway notes that it is there again.
func (g Group) WithoutAway(workspace string) Group {
	g.Away = maps.Clone(g.Away)
	delete(g.Away, workspace)
	return g
}

// WithoutPlatform takes the channels away that a workspace (ID) brought.
func (g Group) WithoutPlatform(workspace string) Group {
	there := func(r Room) bool { return samePlatform(r.ID, workspace) }
	g.Rooms, g.Moderation = slices.DeleteFunc(slices.Clone(g.Rooms), there), slices.DeleteFunc(slices.Clone(g.Moderation), there)
	return g
}

// DeletedAt is when all of a workspace (ID) is deleted that the bot was taken out of;
// zero where it was not.
func (g Group) DeletedAt(workspace string) time.Time {
	since, away := g.Away[workspace]
	if !away {
		return time.Time{}
	}
	return since.Add(KeepAway)
}

// Silent says that nothing can be said where this is (an ID of a room or a person): the
// bot was taken out of it.
func (g Group) Silent(id string) bool {
	for workspace := range g.Away {
		if samePlatform(id, workspace) {
			return true
		}
	}
	return false
}

func samePlatform(a, b string) bool {
	a, _, _ = strings.Cut(a, "/")
	b, _, _ = strings.Cut(b, "/")
	return a == b
}
