package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// remember keeps what a reply asks, for the words that follow, and says whether it asks
// anything. Doing says that it is about something to do.
func (a *App) remember(r bot.Request, doing bool, reply bot.Reply) bool {
	if reply.Crisis {
		return true
	}
	for _, m := range slices.Backward(reply.Messages) {
		if m.Tone == bot.Asking && (len(m.Buttons) > 0 || reply.Form != nil) {
			a.shown.keep(r.From.ID, choice{buttons: m.Buttons, form: reply.Form, shall: doing && isOffer(m.Buttons), at: a.Now()})
			return true
		}
	}
	return false
}

// isOffer says whether buttons are one thing to do, and whatever else can be tapped
// beside it.
func isOffer(buttons []bot.Button) bool {
	if len(buttons) == 0 {
		return false
	}
	other := slices.ContainsFunc(buttons[1:], func(b bot.Button) bool { return b.Style != bot.Plain })
	return !other && (len(buttons) == 1 || buttons[0].Style != bot.Plain)
}

// shallI is the offer that a yes can be to, as a question beside those that are open.
func (a *App) shallI(r bot.Request, c choice, open []openQuestion) []openQuestion {
	if c.form != nil && !c.shall {
		label := a.to(r, nil).ThingLabel(words.Thing{Name: strings.Join(c.form.Path, " "), Kind: formKind(c.form.Path)})
		b := bot.Button{Label: label, Command: "/" + strings.Join(c.form.Path, " ")}
		return append(open, openQuestion{kind: understand.ShallI, label: label, buttons: []bot.Button{b}, form: c.form})
	}
	if !c.shall || slices.ContainsFunc(open, func(q openQuestion) bool {
		return slices.ContainsFunc(q.buttons, func(b bot.Button) bool { return b.Command == c.buttons[0].Command })
	}) {
		return open
	}
	return append(open, openQuestion{kind: understand.ShallI, label: c.buttons[0].Label, buttons: c.buttons})
}

// formKind is the kind of help that a form asks for; empty where it asks for none.
func formKind(path []string) village.Kind {
	if path[0] != "ask" || len(path) < 2 {
		return ""
	}
	return village.Kind(path[1])
}

// formAgain brings back a form that somebody has said yes to, which opens at a tap alone,
// and says what it still has to know.
func (a *App) formAgain(r bot.Request, q openQuestion) bot.Reply {
	if whereAsked(q.form) != nil {
		return a.inForm(r, q.label, q.form)
	}
	var missing []string
	for _, f := range q.form.Fields {
		if f.Required && f.Value == "" {
			missing = append(missing, cmp.Or(f.Label, f.Name))
		}
	}
	return bot.Reply{Messages: []bot.Message{a.to(r, nil).StillMissing(q.label, missing)}, Form: q.form}
}

// chooses says whether words may name one of what was shown: they are no danger, and no
// answer of their own. A word or two beside buttons, such as "tonight", is taken for the
// button that it names, and not for whatever it is like where nothing was asked.
func (a *App) chooses(reading understand.Reading, said string) bool {
	lines := reading.Lines && (len(strings.Fields(said)) > 2 || a.ear.Ominous(said))
	own := reading.Kind == understand.Reply && reading.Sure && !understand.NoIdea(said)
	return reading.Kind != understand.Crisis && !lines && !own
}

// chosen carries out the button that words name, of those that somebody was just shown.
// It is false for words that name none, or several.
func (a *App) chosen(ctx context.Context, r bot.Request, c choice, _ understand.Reading) (bot.Reply, bool, error) {
	var labels []string
	for _, b := range c.buttons {
		labels = append(labels, b.Label+" "+alsoCalled(b.Command))
	}
	i, ok := understand.Chosen(r.Arg("words"), labels)
	if !ok || c.buttons[i].Command == "" {
		return a.quietInWords(ctx, r, c)
	}
	b := c.buttons[i]
	if f := a.formBehind(b.Command); f != nil && f.Path[0] == "remind" && f.Path[1] == "pause" {
		return bot.Reply{Messages: []bot.Message{a.to(r, nil).PauseUntilWhen()}, Form: f}, true, nil
	}
	if !a.inWords(b.Command) {
		return bot.Say(a.to(r, nil).TapToDo([]bot.Button{b})), true, nil
	}
	reply, err := a.carryOut(ctx, r, b.Command)
	return reply, true, err
}
