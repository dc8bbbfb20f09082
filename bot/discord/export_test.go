package discord

import (
	"strconv"
	"time"
)

// Unhurried lets a test on a busy machine take its time: Discord's three seconds
// are proved elsewhere, on a clock that moves only when told.
func (p *Platform) Unhurried() {
	p.answerTime = time.Minute
	p.cfg.DeferAfter = time.Minute
}

// FillMemory fills what this process remembers to its bound.
func (p *Platform) FillMemory() {
	for i := range maxRemembered {
		p.own.first("filled/"+strconv.Itoa(i), seenTime)
	}
}

// RoutesKnown is how many routes are remembered as closed.
func (p *Platform) RoutesKnown() int {
	p.api.mu.Lock()
	defer p.api.mu.Unlock()
	return len(p.api.blocked)
}
