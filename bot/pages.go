package bot

import "sync"

// Pages keeps what an adapter made of messages that always read the same, by
// their Page. The zero value is empty. It is safe for use by many goroutines.
type Pages[T any] struct {
	mu   sync.RWMutex
	made map[string]T
}

// maxPages bounds what is kept. There are far fewer.
const maxPages = 1000

// Of is what draw makes of a message, from memory where it may be. Whoever gets it
// shares it with others and must not change it.
func (p *Pages[T]) Of(m Message, draw func(m Message) T) T {
	if m.Page == "" {
		return draw(m)
	}
	p.mu.RLock()
	drawn, ok := p.made[m.Page]
	p.mu.RUnlock()
	if ok {
		return drawn
	}
	drawn = draw(m)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.made == nil {
		p.made = map[string]T{}
	}
	if len(p.made) < maxPages {
		p.made[m.Page] = drawn
	}
	return drawn
}
