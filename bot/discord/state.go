package discord

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// State is what copies of the program remember together for a while: which uses
// were already answered, and forms that somebody has begun. Each process knows
// its own without asking; copies behind one address, or one after another, need
// one that they share. What is kept may hold people's words, so a shared State
// should seal it.
type State interface {
	// First reports whether this is the first time in the given time that key
	// is asked about.
	First(ctx context.Context, key string, during time.Duration) (bool, error)
	// Keep remembers value under key for the given time.
	Keep(ctx context.Context, key string, value []byte, during time.Duration) error
	// Kept is the value under key, or nil when there is none any more.
	Kept(ctx context.Context, key string) ([]byte, error)
}

// firstHere says that this process meets a key for the first time.
func (p *Platform) firstHere(key string) bool { return p.own.first(key, seenTime) }

// firstAnywhere says that no copy has met a key before. When that cannot be
// told, the person is answered: a second answer is better than none.
func (p *Platform) firstAnywhere(ctx context.Context, key string) bool {
	if p.cfg.State == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	fresh, err := p.cfg.State.First(ctx, key, seenTime)
	if err != nil {
		p.log.WarnContext(ctx, "discord: cannot tell whether this is new, so it is answered", "error", err)
		return true
	}
	return fresh
}

// keep remembers something, here and where other copies find it.
func (p *Platform) keep(ctx context.Context, key string, value []byte, during time.Duration) error {
	p.own.put(key, value, during)
	if p.cfg.State == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	return p.cfg.State.Keep(ctx, key, value, during)
}

// kept is what this or another copy remembers, or nil.
func (p *Platform) kept(ctx context.Context, key string) ([]byte, error) {
	if v := p.own.get(key); v != nil || p.cfg.State == nil {
		return v, nil
	}
	ctx, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	return p.cfg.State.Kept(ctx, key)
}

// maxRemembered bounds the memory of one process, in entries. Each is a few
// hundred bytes; the oldest make room.
const maxRemembered = 20_000

// memory is what one process remembers.
type memory struct {
	mu    sync.Mutex
	items map[string]*list.Element
	order *list.List // oldest first
}

type remembered struct {
	key     string
	value   []byte
	expires time.Time
}

func newMemory() *memory {
	return &memory{items: map[string]*list.Element{}, order: list.New()}
}

// first reports whether this is the first time in the given time that key is
// asked about.
func (m *memory) first(key string, during time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.find(key) != nil {
		return false
	}
	m.add(key, []byte{}, during)
	return true
}

func (m *memory) put(key string, value []byte, during time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(key, value, during)
}

func (m *memory) get(key string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(key)
}

func (m *memory) find(key string) []byte {
	e, ok := m.items[key]
	if !ok {
		return nil
	}
	r := e.Value.(remembered)
	if time.Now().After(r.expires) {
		m.drop(e)
		return nil
	}
	return r.value
}

func (m *memory) add(key string, value []byte, during time.Duration) {
	if e, ok := m.items[key]; ok {
		m.drop(e)
	}
	now := time.Now()
	for e := m.order.Front(); e != nil && (len(m.items) >= maxRemembered || now.After(e.Value.(remembered).expires)); e = m.order.Front() {
		m.drop(e)
	}
	m.items[key] = m.order.PushBack(remembered{key, value, now.Add(during)})
}

func (m *memory) drop(e *list.Element) {
	delete(m.items, e.Value.(remembered).key)
	m.order.Remove(e)
}
