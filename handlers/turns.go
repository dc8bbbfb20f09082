package handlers

import (
	"sync"

	"village/bot"
)

// turns counts how often each person has been told something, so that nobody is told
// the same twice in a row. It is kept in memory alone: whoever hears it again after
// a restart, or from another copy, loses nothing.
type turns struct {
	mu sync.Mutex
	of map[turnOf]int
}

type turnOf struct{ person, what string }

// mostTurns is how many are remembered before all are forgotten.
const mostTurns = 20000

// turn is how often somebody has been told this before.
func (a *App) turn(r bot.Request, what string) int {
	a.turns.mu.Lock()
	defer a.turns.mu.Unlock()
	if a.turns.of == nil || len(a.turns.of) >= mostTurns {
		a.turns.of = map[turnOf]int{}
	}
	key := turnOf{r.From.ID, what}
	n := a.turns.of[key]
	a.turns.of[key] = n + 1
	return n
}
