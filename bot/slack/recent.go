package slack

import (
	"container/list"
	"sync"
	"time"
)

// recent remembers things for a while, and no more of them than fit: the oldest
// are forgotten first.
type recent[V any] struct {
	mu    sync.Mutex
	most  int
	life  time.Duration
	now   func() time.Time
	order *list.List // of *memory[V], oldest first
	byKey map[string]*list.Element
}

type memory[V any] struct {
	key   string
	value V
	since time.Time
}

func newRecent[V any](most int, life time.Duration) *recent[V] {
	return &recent[V]{most: most, life: life, now: time.Now, order: list.New(), byKey: map[string]*list.Element{}}
}

// get is what is remembered under the key.
func (r *recent[V]) get(key string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget()
	if e, ok := r.byKey[key]; ok {
		return e.Value.(*memory[V]).value, true
	}
	var none V
	return none, false
}

// put remembers, and says whether the key was not known before.
func (r *recent[V]) put(key string, value V) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget()
	old, known := r.byKey[key]
	if known {
		r.order.Remove(old)
	}
	r.byKey[key] = r.order.PushBack(&memory[V]{key: key, value: value, since: r.now()})
	for r.order.Len() > r.most {
		r.drop(r.order.Front())
	}
	return !known
}

// first says whether the key is met for the first time, and remembers it.
func (r *recent[V]) first(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget()
	if _, known := r.byKey[key]; known {
		return false
	}
	var none V
	r.byKey[key] = r.order.PushBack(&memory[V]{key: key, value: none, since: r.now()})
	for r.order.Len() > r.most {
		r.drop(r.order.Front())
	}
	return true
}

// remove forgets a key.
func (r *recent[V]) remove(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[key]; ok {
		r.drop(e)
	}
}

func (r *recent[V]) forget() {
	for e := r.order.Front(); e != nil && r.now().Sub(e.Value.(*memory[V]).since) >= r.life; e = r.order.Front() {
		r.drop(e)
	}
}

func (r *recent[V]) drop(e *list.Element) {
	delete(r.byKey, e.Value.(*memory[V]).key)
	r.order.Remove(e)
}
