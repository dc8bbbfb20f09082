package discord

import "strconv"

// FillMemory fills what this process remembers to its bound.
func (p *Platform) FillMemory() {
	for i := range maxRemembered {
		p.notes.FirstHere("filled/"+strconv.Itoa(i), seenTime)
	}
}

// RoutesKnown is how many routes are remembered as closed.
func (p *Platform) RoutesKnown() int {
	p.api.mu.Lock()
	defer p.api.mu.Unlock()
	return len(p.api.blocked)
}
