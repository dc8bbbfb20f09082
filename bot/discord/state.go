package discord

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// State is what the adapter remembers for a while: which uses it has already
// answered, and forms that somebody has begun. The default keeps it in memory;
// several copies behind one address need one they share. What is kept may hold
// people's words, so a shared State should seal it.
type State interface {
	// First reports whether this is the first time in the given time that key
	// is asked about.
	First(ctx context.Context, key string, during time.Duration) (bool, error)
	// Keep remembers value under key for the given time.
	Keep(ctx context.Context, key string, value []byte, during time.Duration) error
	// Kept is the value under key, or nil when there is none any more.
	Kept(ctx context.Context, key string) ([]byte, error)
}

// maxRemembered bounds the memory of one process, in entries. Each is a few
// hundred bytes; the oldest make room.
const maxRemembered = 20_000

// memory is the State of one process.
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

func (m *memory) First(_ context.Context, key string, during time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.get(key) != nil {
		return false, nil
	}
	m.put(key, []byte{}, during)
	return true, nil
}

func (m *memory) Keep(_ context.Context, key string, value []byte, during time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value, during)
	return nil
}

func (m *memory) Kept(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key), nil
}

func (m *memory) get(key string) []byte {
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

func (m *memory) put(key string, value []byte, during time.Duration) {
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
