package handlers

import (
	"context"
	"slices"
	"sync"
	"time"

	"village/bot"
	"village/handlers/understand"
)

// offered is what each person was just asked to choose from, in answer to words of their
// own: their next words may choose. It is kept in memory alone; whoever is not remembered,
// after a restart or at another copy, still has the buttons.
type offered struct {
	mu sync.Mutex
	of map[string]choice
}

// choice are buttons that somebody was just shown.
type choice struct {
	buttons []bot.Button
	// shall says that the first button is what they were asked whether to do.
	shall bool
	at    time.Time
}

const (
	// mostChoices are remembered before all are forgotten.
	mostChoices = 20000
	// choiceFor is how long words can still be meant for what was shown.
	choiceFor = 30 * time.Minute
)

func (o *offered) keep(person string, c choice) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil || len(o.of) >= mostChoices {
		o.of = map[string]choice{}
	}
	o.of[person] = c
}

// take is what somebody was just shown, which is then forgotten.
func (o *offered) take(person string, now time.Time) (choice, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, some := o.of[person]
	delete(o.of, person)
	return c, some && now.Sub(c.at) < choiceFor
}

// remember keeps what a reply asks, for the words that follow. Doing says that it is
// about something to do.
func (a *App) remember(r bot.Request, doing bool, reply bot.Reply) {
	if reply.Crisis {
		return
	}
	for _, m := range slices.Backward(reply.Messages) {
		if m.Tone == bot.Asking && len(m.Buttons) > 0 {
			a.shown.keep(r.From.ID, choice{m.Buttons, doing && isOffer(m.Buttons), a.Now()})
			return
		}
	}
}

// isOffer says whether buttons are one thing to do, and whatever else can be tapped
// beside it.
func isOffer(buttons []bot.Button) bool {
	other := slices.ContainsFunc(buttons[1:], func(b bot.Button) bool { return b.Style != bot.Plain })
	return !other && (len(buttons) == 1 || buttons[0].Style != bot.Plain)
}

// shallI is the offer that a yes can be to, as a question beside those that are open.
func (a *App) shallI(c choice, open []openQuestion) []openQuestion {
	if !c.shall || slices.ContainsFunc(open, func(q openQuestion) bool {
		return slices.ContainsFunc(q.buttons, func(b bot.Button) bool { return b.Command == c.buttons[0].Command })
	}) {
		return open
	}
	return append(open, openQuestion{kind: understand.ShallI, label: c.buttons[0].Label, buttons: c.buttons})
}

// chooses says whether words may name one of what was shown: they are no danger, and no
// answer of their own.
func chooses(reading understand.Reading) bool {
	return reading.Kind != understand.Crisis && !reading.Lines && !(reading.Kind == understand.Reply && reading.Sure)
}

// chosen carries out the button that words name, of those that somebody was just shown.
// It is false for words that name none, or several.
func (a *App) chosen(ctx context.Context, r bot.Request, c choice) (bot.Reply, bool, error) {
	var labels []string
	for _, b := range c.buttons {
		labels = append(labels, b.Label)
	}
	i, ok := understand.Chosen(r.Arg("words"), labels)
	if !ok || c.buttons[i].Command == "" {
		return bot.Reply{}, false, nil
	}
	b := c.buttons[i]
	if !a.inWords(b.Command) {
		return bot.Say(a.to(r, nil).TapToDo([]bot.Button{b})), true, nil
	}
	reply, err := a.carryOut(ctx, r, b.Command)
	return reply, true, err
}
