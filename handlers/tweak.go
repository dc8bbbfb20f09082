package handlers

import (
	"context"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// sessionRemind shows one reminder of a plan, and switches it off or on, moves
// or rewords it: for the whole plan, or for one session.
func (a *App) sessionRemind(ctx context.Context, r bot.Request) (bot.Reply, error) {
	name, do := r.Arg("reminder"), r.Arg("do")
	var at *int
	if r.Arg("at") != "" {
		minutes, err := when.Clock(r.Arg("at"))
		if err != nil {
			return bot.Reply{}, a.unclearOr(r, "at", err, &bot.Error{Code: "clock-unclear", Say: "I need one time of day here.", Hint: "For example: 6:30 pm, or 18:30."})
		}
		at = &minutes
	}
	changed := do != "" || at != nil || r.Arg("words") != ""
	g, c, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if c.Draft {
			return c, words.NotSaved()
		}
		if !changed {
			return c, nil
		}
		only := ""
		if r.Arg("only") == "yes" {
			only = village.SessionOr(c, r.Arg("session")).ID
		}
		return c.Tweaked(only, name, func(t *village.Tweak) {
			if do == "usual" {
				*t = village.Tweak{}
			}
			if do != "" {
				t.Off = do == "off"
			}
			if at != nil {
				t.At, t.Off = at, false
			}
			if r.Arg("words") != "" {
				t.Words, t.Off = r.Arg("words"), false
			}
		}), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if c, err = a.Beside(ctx, g.ID, c); err != nil {
		return bot.Reply{}, err
	}
	m := a.tweakMessage(c, village.SessionOr(c, r.Arg("session")), name, quiet)
	if at != nil && !a.comesAt(c, name, *at, quiet) {
		m.Text = "At " + words.ClockWords(*at) + " it would come at the wrong end of the session, so it keeps its usual time.\n\n" + m.Text
	}
	return bot.Reply{Update: changed, Messages: []bot.Message{m}}, nil
}

// comesAt says whether a reminder of this kind that is still to come has that
// hour, or none is to come at all.
func (a *App) comesAt(c village.Course, name string, minutes int, quiet village.Quiet) bool {
	none := true
	for _, step := range words.Spoken(village.Plan(c, quiet)) {
		if step.Name != name || !step.Due.After(a.Now()) {
			continue
		}
		none = false
		if due := step.Due.In(village.ZoneNamed(c.Zone)); due.Hour()*60+due.Minute() == minutes {
			return true
		}
	}
	return none
}

// tweakMessage is one kind of reminder as it is now.
func (a *App) tweakMessage(c village.Course, s village.Session, name string, quiet village.Quiet) bot.Message {
	zone := village.ZoneNamed(c.Zone)
	var times []string
	saidWords := ""
	for _, step := range words.Spoken(village.Plan(c, quiet)) {
		if step.Name != name {
			continue
		}
		if step.Session == s.ID || saidWords == "" {
			saidWords = c.Words(step)
		}
		if step.Due.After(a.Now()) {
			times = append(times, "- "+words.Moment(step.Due, zone))
		}
	}
	line := "/session remind " + s.ID + " " + name
	m := bot.Message{Title: words.Capital(words.StepLabel(name, "")), Text: "It is off: nothing of this kind comes any more.",
		Footer: bot.Literal("Another hour: " + line + " at: 6pm. Your own words: " + line + " words: ... For this session only, add only: yes")}
	if len(times) > 0 {
		m.Text = "It comes:\n\n" + strings.Join(times[:min(len(times), 5)], "\n")
		if len(times) > 5 {
			m.Text += "\n- and so on, " + words.Count(len(times), "time", "times") + " in all"
		}
		m.Buttons = []bot.Button{{Label: "Switch it off", Command: line + " off"}}
	} else {
		if _, kept := c.Tweaks[name]; !kept {
			m.Text = "None of this kind is still to come."
		}
		m.Buttons = []bot.Button{{Label: "Switch it on", Command: line + " on"}}
	}
	if saidWords != "" {
		m.Fields = append(m.Fields, bot.Field{Name: "In your own words", Value: bot.Literal(saidWords)})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "As it was at first", Command: line + " usual"})
	return m
}
