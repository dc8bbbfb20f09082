package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// stopHow asks somebody who wants to hear less how.
func (a *App) stopHow(ctx context.Context, r bot.Request, thing understand.Thing) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	said := cmp.Or(thing.Args["until"], tonight)
	r.Args = map[string]string{"until": said}
	until, err := a.pauseEnd(r, zone)
	if err != nil {
		said, r.Args = tonight, map[string]string{"until": tonight}
		if until, err = a.pauseEnd(r, zone); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Say(a.to(r, zone).StopHow(until, said)), nil
}

const tonight = "tonight"

// remindLess shows where somebody's messages come from, or the ways out beyond that.
func (a *App) remindLess(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, zone)
	if r.Arg("more") == "yes" {
		return bot.Say(to.LessStill()), nil
	}
	s := words.Sent{Quiet: village.Night()}
	m, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, group := range m.Groups {
		if err := a.writesIn(ctx, r.From.ID, group, &s); err != nil {
			return bot.Reply{}, err
		}
	}
	own, err := a.OwnReminders(ctx, r.From.ID)
	for _, rem := range own {
		if rem.Open() {
			s.Own++
		}
	}
	return bot.Say(to.Less(s)), err
}

// writesIn adds what makes me write to somebody because of a group.
func (a *App) writesIn(ctx context.Context, person, group string, s *words.Sent) error {
	var g village.Group
	if _, err := a.Read(ctx, records.GroupKey(group), &g); err != nil {
		return err
	}
	var h village.Helper
	if _, err := a.Read(ctx, records.HelperKey(group, person), &h); err != nil {
		return err
	}
	courses, err := a.CoursesIn(ctx, group, person)
	for _, c := range courses {
		if !c.Draft && !c.Ended(a.Now()) {
			s.Plans = append(s.Plans, c)
		}
	}
	if err != nil {
		return err
	}
	s.Helps = s.Helps || !h.Joined.IsZero()
	s.Quiet, err = a.QuietFor(ctx, g, person)
	return err
}

// quietInWords pauses what somebody was just asked about until the time that their words
// name. It is false where they name none, or something else was asked.
func (a *App) quietInWords(ctx context.Context, r bot.Request, c choice) (bot.Reply, bool, error) {
	if !slices.ContainsFunc(c.buttons, func(b bot.Button) bool { return strings.HasPrefix(b.Command, "/remind pause ") }) {
		return bot.Reply{}, false, nil
	}
	said := strings.ToLower(strings.Trim(r.Arg("words"), " .!"))
	for _, small := range []string{"yes ", "just ", "please ", "be quiet ", "quiet ", "pause ", "stop "} {
		said = strings.TrimPrefix(said, small)
	}
	said = strings.TrimSuffix(strings.TrimSuffix(said, " please"), ",")
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, false, err
	}
	at := r
	at.Args = map[string]string{"until": said}
	if _, err := a.pauseEnd(at, zone); err != nil {
		return bot.Reply{}, false, nil
	}
	at.Args["what"] = everything
	reply, err := a.remindPause(ctx, at)
	return reply, true, err
}

// alsoCalled are other words for what a button does, of those who want to hear less.
func alsoCalled(line string) string {
	switch line {
	case "/remind less":
		return "less reduce"
	case "/remind less more: yes":
		return "everything else other options delete erase"
	}
	return ""
}

// formBehind is the form that a line opens, because something is missing in it; nil for
// any other.
func (a *App) formBehind(line string) *bot.Form {
	path, args, err := bot.ParseLine(a.Table(), line)
	if err != nil {
		return nil
	}
	cmd := bot.Find(a.Table(), path)
	if cmd == nil || complete(cmd, args) {
		return nil
	}
	return bot.FormWith(cmd, path, args)
}
