package adapter

import (
	"container/list"
	"sync"
	"time"
)

// Memory remembers things for a while, and no more of them than fit: the oldest make
// room. It is safe for use by many goroutines.
type Memory[V any] struct {
	mu    sync.Mutex
	most  int
	byKey map[string]*list.Element
	order *list.List // of remembered[V], oldest first
}

type remembered[V any] struct {
	key     string
	value   V
	expires time.Time
}

// NewMemory remembers at most so many things.
func NewMemory[V any](most int) *Memory[V] {
	return &Memory[V]{most: most, byKey: map[string]*list.Element{}, order: list.New()}
}

// Get is what is remembered under a key.
func (m *Memory[V]) Get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key)
}

// Put remembers something for the given time, in place of what the key had.
func (m *Memory[V]) Put(key string, value V, during time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value, during)
}

// First reports whether this is the first time in the given time that a key is asked
// about.
func (m *Memory[V]) First(key string, during time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.get(key); known {
		return false
	}
	var none V
	m.put(key, none, during)
	return true
}

// Remove forgets a key.
func (m *Memory[V]) Remove(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.byKey[key]; ok {
		m.drop(e)
	}
}

// RemoveIf forgets the keys that f says true of.
func (m *Memory[V]) RemoveIf(f func(key string) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.byKey {
		if f(key) {
			m.drop(e)
		}
	}
}

func (m *Memory[V]) get(key string) (value V, ok bool) {
	e, ok := m.byKey[key]
	if !ok {
		return value, false
	}
	r := e.Value.(remembered[V])
	if !time.Now().Before(r.expires) {
		m.drop(e)
		return value, false
	}
	return r.value, true
}

func (m *Memory[V]) put(key string, value V, during time.Duration) {
	if e, ok := m.byKey[key]; ok {
		m.drop(e)
	}
	now := time.Now()
	for e := m.order.Front(); e != nil && (m.order.Len() >= m.most || !now.Before(e.Value.(remembered[V]).expires)); e = m.order.Front() {
		m.drop(e)
	}
	m.byKey[key] = m.order.PushBack(remembered[V]{key, value, now.Add(during)})
}

func (m *Memory[V]) drop(e *list.Element) {
	delete(m.byKey, e.Value.(remembered[V]).key)
	m.order.Remove(e)
}
