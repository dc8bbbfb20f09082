package handlers

import (
	"sync"
	"time"

	"village/bot"
)

// offered is what each person was just asked to choose from, in answer to words of their
// own: their next words may choose. It is kept in memory alone; whoever is not remembered,
// after a restart or at another copy, still has the buttons.
type offered struct {
	mu sync.Mutex
	of map[string]choice
}

// choice are buttons that somebody was just shown, or a form.
type choice struct {
	buttons []bot.Button
	form    *bot.Form
	// shall says that the first button is what they were asked whether to do.
	shall bool
	// again is the line that asks once more; empty where the buttons do.
	again string
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
