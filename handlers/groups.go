package handlers

import (
	"context"
	"errors"
	"slices"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// Firings says when each group's reminders are due next, n lines a reminder at
// most, for an operator.
func (a *App) Firings(ctx context.Context, n int) ([]string, error) {
	groups, err := a.Groups(ctx)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, g := range groups {
		rems, err := a.Reminders(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		for _, rem := range rems {
			line, err := a.firing(rem, n)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line...)
		}
	}
	return lines, nil
}

// Unset says of each group what it has not set and what that means, for an operator.
func (a *App) Unset(ctx context.Context) ([]string, error) {
	groups, err := a.Groups(ctx)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, g := range groups {
		s, err := a.setupOf(ctx, g)
		if err != nil {
			return nil, err
		}
		for _, set := range a.toPerson("", nil).Settings(s) {
			if set.Value == "" && set.Missing != "" {
				lines = append(lines, "group "+g.ID+": "+set.Name+": "+set.Missing)
			}
		}
	}
	return lines, nil
}

// Rooms are the channels (IDs) that groups have chosen, by platform, and the moderators'
// among them with their names.
type Rooms struct {
	All        map[string][]string
	Moderators map[string]string
}

// Overheard says of a channel that was looked at what an operator has to know of who
// reads it; empty where all is well.
func (r Rooms) Overheard(f bot.Finding) string {
	name, moderators := r.Moderators[f.Room]
	if !moderators || !f.Public {
		return ""
	}
	seen := words.Reader{}.Overheard(village.Room{ID: f.Room, Name: name})
	return seen.Say + " " + seen.Do
}

// Rooms are the channels that groups have chosen, for an operator.
func (a *App) Rooms(ctx context.Context) (Rooms, error) {
	rooms := Rooms{All: map[string][]string{}, Moderators: map[string]string{}}
	groups, err := a.Groups(ctx)
	if err != nil {
		return rooms, err
	}
	for _, g := range groups {
		all, err := a.roomsOf(ctx, g)
		if err != nil {
			return rooms, err
		}
		for _, room := range all {
			rooms.All[bot.PlatformOf(room)] = append(rooms.All[bot.PlatformOf(room)], room)
		}
		for _, room := range g.Moderation {
			rooms.Moderators[room.ID] = room.Name
		}
	}
	return rooms, nil
}

// roomsOf are the channels (IDs) in which a group wants to read something: the
// village channel, the moderators', and those with reminders.
func (a *App) roomsOf(ctx context.Context, g village.Group) ([]string, error) {
	var out []string
	for _, room := range slices.Concat(g.Rooms, g.Moderation) {
		out = append(out, room.ID)
	}
	rems, err := a.Reminders(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	for _, rem := range rems {
		if !slices.Contains(out, rem.Room.ID) {
			out = append(out, rem.Room.ID)
		}
	}
	return out, nil
}

// roomSaid is the channel of the group that somebody names, or the one they are in.
func (a *App) roomSaid(ctx context.Context, r bot.Request, example string) (village.Room, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return village.Room{}, err
	}
	if id := r.Arg("channel"); id != "" && id != r.Room.ID {
		return village.Room{ID: id, Name: words.RoomName(id)}, nil
	}
	if r.Room.Direct {
		return village.Room{}, a.to(r, nil).WhichChannel(example)
	}
	return village.Room{ID: r.Room.ID, Name: r.Room.Name}, nil
}

// ownRoom refuses a channel that is not the group's own: nobody may have the bot write
// where strangers read. What somebody chooses in a room of theirs, on its platform, may
// be one that the bot does not see yet; one that is in another workspace is not theirs.
func (a *App) ownRoom(ctx context.Context, r bot.Request) error {
	id := r.Arg("channel")
	if id == "" || id == r.Room.ID {
		return nil
	}
	if !r.Room.Direct && bot.PlatformOf(id) == r.Platform {
		if workspace, err := a.WorkspaceOf(ctx, id); err == nil && workspace != r.Workspace {
			return a.to(r, nil).NotOurChannel()
		}
		return nil
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return err
	}
	var p records.Place
	workspace, err := a.WorkspaceOf(ctx, id)
	if err == nil {
		_, err = a.Read(ctx, records.PlaceKey(workspace), &p)
	}
	if err != nil && !errors.Is(err, bot.ErrUnreachable) {
		return err
	}
	group := ""
	if p.Group != "" {
		if group, err = a.JoinedTo(ctx, p.Group); err != nil {
			return err
		}
	}
	if group != g.ID {
		return a.to(r, nil).NotOurChannel()
	}
	return nil
}

func (a *App) firing(rem village.ChannelReminder, n int) ([]string, error) {
	if rem.Paused {
		return []string{"reminder " + rem.ID + " is paused"}, nil
	}
	s, err := scheduleOf(rem.Reminder)
	var wrong *scheduler.SpecError
	if errors.As(err, &wrong) {
		return []string{"reminder " + rem.ID + " has a schedule that cannot be read: " + rem.Schedule}, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, t := range scheduler.Preview(s, a.Now(), n) {
		lines = append(lines, "reminder "+rem.ID+": "+when.Full(t, village.ZoneNamed(rem.Zone)))
	}
	return lines, nil
}

// changeGroup changes the settings of a request's group; act is what the log says of it.
func (a *App) changeGroup(ctx context.Context, r bot.Request, act village.Act, change func(t *records.Tx, g *village.Group) error) (village.Group, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, err
	}
	return a.ChangeGroup(ctx, g.ID, func(t *records.Tx, g *village.Group) error {
		if err := change(t, g); err != nil {
			return err
		}
		noteAct(t, r, g.ID, act)
		return nil
	})
}

// setupOf is how a group is set up, with what stands elsewhere.
func (a *App) setupOf(ctx context.Context, g village.Group) (words.Setup, error) {
	s := words.Setup{Group: g, Countries: a.countries()}
	if g.Country != "" {
		s.Country = a.Content.Crisis(g.Country).Country.Name
	}
	var err error
	if s.WeekAhead, err = a.nextDigest(g); err != nil {
		return s, err
	}
	s.Trusted, err = a.ChosenModerators(ctx, g.ID)
	return s, err
}
