package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/scheduler"
)

// Who is in a village is who may see its channel now. What is typed there needs no
// asking; anywhere else the platform is asked, before anything of the group is shown
// or done. What is a person's own does not depend on it: their reminders, their plan,
// what is kept about them, and what they asked for themselves.

// standing is how somebody (an ID) stands to a group, by the platform's word.
func (a *App) standing(ctx context.Context, g village.Group, workspace, person string) bot.Standing {
	if village.IsFamily(person) { // whom no platform knows
		return a.familyStanding(ctx, g, person)
	}
	platform := bot.PlatformOf(person)
	i := slices.IndexFunc(g.Rooms, func(r village.Room) bool { return bot.PlatformOf(r.ID) == platform })
	room := ""
	if i >= 0 {
		room = g.Rooms[i].ID
	}
	if bot.PlatformOf(g.ID) == platform && workspace == "" {
		workspace = g.ID
	}
	return a.Standing(ctx, workspace, room, person)
}

// groupWith is the settings of a group (ID), or of the one that it has joined.
func (a *App) groupWith(ctx context.Context, id string) (g village.Group, err error) {
	if id, err = a.JoinedTo(ctx, id); err != nil {
		return g, err
	}
	_, err = a.Read(ctx, records.GroupKey(id), &g)
	return g, err
}

// standingOf is how whoever asks stands to a group. Where they are says it in most
// cases.
func (a *App) standingOf(ctx context.Context, r bot.Request, g village.Group) bot.Standing {
	inRoom := slices.ContainsFunc(g.Rooms, func(room village.Room) bool { return room.ID == r.Room.ID })
	there := !r.Room.Direct && r.Workspace != ""
	noRoom := !slices.ContainsFunc(g.Rooms, func(room village.Room) bool { return bot.PlatformOf(room.ID) == r.Platform })
	if there && (inRoom || noRoom) {
		if r.From.Standing.Visits() {
			return r.From.Standing
		}
		return bot.In
	}
	return a.standing(ctx, g, r.Workspace, r.From.ID)
}

// mustBeHere refuses whoever is not in the village of a group, and whoever cannot be
// told to be.
func (a *App) mustBeHere(ctx context.Context, r bot.Request, g village.Group) error {
	if a.steers(r) {
		return nil
	}
	switch s := a.standingOf(ctx, r, g); {
	case s.Present():
		return nil
	case s == bot.Gone:
		if err := a.LookAfter(ctx, g.ID, who(r)); err != nil {
			return err
		}
		return a.to(r, nil).NotInVillage()
	}
	return a.to(r, nil).CannotTell(g.Rooms)
}

// elsewhere is the refusal of whoever is not in the village, or cannot be told to be; nil
// for any other error.
func elsewhere(err error) *bot.Error {
	var refused *bot.Error
	if !errors.As(err, &refused) || refused.Code != bot.CodeNotHere && refused.Code != bot.CodeCannotTell {
		return nil
	}
	return refused
}

// steers says that somebody uses a moderators' command by the platform's word. Whoever
// manages the place must be able to set its channel right, also from outside.
func (a *App) steers(r bot.Request) bool {
	cmd := bot.Find(a.table, r.Path)
	return cmd != nil && cmd.Who == bot.Moderators && r.From.Moderator
}

// mustBeHereFor is mustBeHere for one need. Whoever asked for it can always see to it.
// Whoever is down for it can say how it goes also while the platform cannot be asked;
// what is private is not shown then.
func (a *App) mustBeHereFor(ctx context.Context, r bot.Request, g village.Group, n village.Need) error {
	if n.Member.ID == r.From.ID {
		return nil
	}
	if err := a.shownTo(ctx, r, g, n); err != nil {
		return err
	}
	err := a.mustBeHere(ctx, r, g)
	if village.IsCode(err, bot.CodeCannotTell) && (n.HelpedBy(r.From.ID) || n.StandsBy(r.From.ID)) && slices.Contains(sayings(), lastOf(r.Path)) {
		return nil
	}
	return err
}

// sayings are the commands with which a helper says how it goes.
func sayings() []string { return []string{"still", "got", "late", "home", "release", "pass"} }

func lastOf(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}

// Look has it seen to what is theirs when a person (ID) has come or gone.
func (a *App) look(ctx context.Context, person string) {
	m, err := a.Member(ctx, person)
	for _, group := range m.Groups {
		if err == nil {
			err = a.LookAfter(ctx, group, m.Person)
		}
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "somebody's coming or going could not be noted", "person", bot.HashID(person), "error", err)
	}
}

// lookAgain is how long it waits to ask once more when a platform cannot say whether
// somebody is still there.
const lookAgain = 15 * time.Minute

// prepareStanding finds out what has become of somebody, or tells it.
func (a *App) prepareStanding(t *records.Tx, job due, j records.StandingJob) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	switch {
	case j.What == records.StandingLook:
		return a.lookAt(t, job, g, j)
	case j.To == village.Address{}:
		return a.toTheModerators(t, g, j)
	}
	m := a.standingNews(j)
	if j.To.Person != "" {
		m.Notify = []string{j.To.Person}
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}, nil
}

// lookAt ends what somebody did for a group when they are gone, and goes on with what
// they asked for when they are back.
func (a *App) lookAt(t *records.Tx, job due, g village.Group, j records.StandingJob) (scheduler.Delivery, error) {
	switch s := a.standing(t.Ctx, g, "", j.About.ID); {
	case s.Present():
		return scheduler.Delivery{}, a.GoOn(t.Ctx, g.ID, j.About.ID)
	case s != bot.Gone:
		return job.again(t, a.Now().Add(lookAgain), j), nil
	}
	ended, err := a.EndHelp(t.Ctx, g.ID, j.About.ID)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	rights, err := t.EndRights(g.ID, j.About.ID)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if village.IsFamily(j.About.ID) { // no business of the moderators
		err := a.linkOver(t, g, j.About)
		return scheduler.Delivery{Then: t.Finish()}, err
	}
	ended.Moderated, ended.Trusted = rights.Moderated, rights.Trusted
	if ended != (records.Ended{}) {
		t.PutStandingJob(records.StandingJob{Group: g.ID, What: records.StandingLeft, About: j.About, Ended: ended}, a.Now())
	}
	return scheduler.Delivery{Then: t.Finish()}, t.Err
}

// linkOver tells whoever gave somebody a personal link that it has ended, by day.
func (a *App) linkOver(t *records.Tx, g village.Group, about village.Person) error {
	f, err := a.Family(t.Ctx, g.ID, about.ID)
	if err != nil || f.ID == "" {
		return err
	}
	zone, err := a.ZoneOf(t.Ctx, g, f.By.ID)
	if err != nil {
		return err
	}
	t.PutStandingJob(records.StandingJob{Group: g.ID, What: records.StandingLinkOver, About: f.Person, To: village.Address{Person: f.By.ID}},
		g.QuietHours().Later(a.Now(), a.Now().Add(24*time.Hour), zone))
	return nil
}

// toTheModerators sends news on to where the moderators are, unless everybody reads
// along there.
func (a *App) toTheModerators(t *records.Tx, g village.Group, j records.StandingJob) (scheduler.Delivery, error) {
	to, public := a.moderators(t, g)
	for _, address := range to {
		if j.To = address; !public && address.Person != j.About.ID {
			t.PutStandingJob(j, a.Now())
		}
	}
	return scheduler.Delivery{Then: t.Finish()}, t.Err
}

// standingNews is what is told about somebody's place in a group.
func (a *App) standingNews(j records.StandingJob) bot.Message {
	to := a.toPerson(j.To.Person, time.UTC)
	switch j.What {
	case records.StandingLeft:
		return to.SomebodyLeft(words.Departure{Who: j.About, Offers: j.Ended.Offers, Requests: j.Ended.Requests, Moderated: j.Ended.Moderated, Trusted: j.Ended.Trusted})
	case records.StandingLinkOver:
		return to.LinkOver(j.About)
	case records.StandingStepped, records.StandingOpened:
		return to.LetThemHelp(j.About, j.What == records.StandingOpened)
	case records.StandingRoleGiven:
		return to.YouModerateBy(j.Role)
	case records.StandingRoleTaken:
		return to.YouModerateNoLonger(j.Role, j.By)
	}
	return to.YouModerate(j.By, j.What == records.StandingModerates)
}

// noLonger is how somebody (an ID) who is to be told something of a group stands to its
// village. Where they are gone, it is seen to what is theirs.
func (a *App) noLonger(ctx context.Context, g village.Group, person string) (bot.Standing, error) {
	s := a.standing(ctx, g, "", person)
	if s != bot.Gone {
		return s, nil
	}
	about := village.Person{ID: person, Name: "somebody"}
	m, err := a.Member(ctx, person)
	if err != nil {
		return s, err
	}
	if m.ID != "" {
		about = m.Person
	}
	return s, a.LookAfter(ctx, g.ID, about)
}
