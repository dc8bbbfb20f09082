package adapter

import (
	"context"
	"encoding/json"
	"time"

	"village/bot"
)

// AskCopies bounds how long words that may mean danger wait to hear whether another
// copy has answered them: twice does no harm there, late may.
const AskCopies = 100 * time.Millisecond

// State is what copies of the program remember together for a while: which uses were
// already answered, forms that somebody has begun, and when the platform was last
// heard. Each process knows its own without asking; copies behind one address, or one
// after another, need one that they share. What is kept may hold people's words, so a
// shared State should seal it.
type State interface {
	// First reports whether this is the first time in the given time that key
	// is asked about.
	First(ctx context.Context, key string, during time.Duration) (bool, error)
	// Keep remembers value under key for the given time.
	Keep(ctx context.Context, key string, value []byte, during time.Duration) error
	// Kept is the value under key, or nil when there is none any more.
	Kept(ctx context.Context, key string) ([]byte, error)
}

// Unfinished is a State that can tell what was answered from what somebody began to
// answer: the platform delivers again what a process had in hand when it died.
type Unfinished interface {
	// Begin reports whether a key is to be seen to here: nobody has met it, or whoever
	// began has died over it. busy says that somebody else may still be at it.
	Begin(ctx context.Context, key string, during time.Duration) (fresh, busy bool, err error)
	// Done says that what was begun is answered.
	Done(ctx context.Context, key string, during time.Duration) error
}

// Notebook is what this process remembers by itself, and beside it what it shares
// with other copies, if there is a State.
type Notebook struct {
	own   *Memory[[]byte]
	state State
	// patience bounds each question to the State.
	patience time.Duration
}

// NewNotebook holds at most so many things of its own, and waits for the State, which
// may be nil, no longer than patience.
func NewNotebook(most int, state State, patience time.Duration) *Notebook {
	return &Notebook{own: NewMemory[[]byte](most), state: state, patience: patience}
}

// Shared says whether there is a State.
func (n *Notebook) Shared() bool { return n.state != nil }

// FirstHere reports whether this process meets a key for the first time in the given
// time.
func (n *Notebook) FirstHere(key string, during time.Duration) bool {
	return n.own.First(key, during)
}

// First reports whether no copy has met a key before, as far as the State can tell.
// With an error it cannot, and the answer is yes: whoever asks is answered, and a
// second answer is better than none.
func (n *Notebook) First(ctx context.Context, key string, during time.Duration) (bool, error) {
	if n.state == nil {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, n.patience)
	defer cancel()
	fresh, err := n.state.First(ctx, key, during)
	return fresh || err != nil, err
}

// Begin is First for what is delivered again when this process dies over it: it is not
// taken for done before Done. busy says that another copy may still be at it.
func (n *Notebook) Begin(ctx context.Context, key string, during time.Duration) (fresh, busy bool, err error) {
	state, ok := n.state.(Unfinished)
	if !ok {
		fresh, err = n.First(ctx, key, during)
		return fresh, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, n.patience)
	defer cancel()
	fresh, busy, err = state.Begin(ctx, key, during)
	return fresh || err != nil, busy, err
}

// Done says that what was begun is answered. With an error that is not kept, and a
// repeat may be answered again.
func (n *Notebook) Done(ctx context.Context, key string, during time.Duration) error {
	state, ok := n.state.(Unfinished)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, n.patience)
	defer cancel()
	return state.Done(ctx, key, during)
}

// Keep remembers something, here and where other copies find it. With an error it is
// remembered here alone.
func (n *Notebook) Keep(ctx context.Context, key string, value []byte, during time.Duration) error {
	n.own.Put(key, value, during)
	if n.state == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, n.patience)
	defer cancel()
	return n.state.Keep(ctx, key, value, during)
}

// Kept is what this or another copy remembers, or nil. The error says that it could
// not be looked for.
func (n *Notebook) Kept(ctx context.Context, key string) ([]byte, error) {
	if v, ok := n.own.Get(key); ok || n.state == nil {
		return v, nil
	}
	ctx, cancel := context.WithTimeout(ctx, n.patience)
	defer cancel()
	return n.state.Kept(ctx, key)
}

// KeepForm remembers a form with what was typed into it.
func (n *Notebook) KeepForm(ctx context.Context, key string, f bot.Form, during time.Duration) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return n.Keep(ctx, key, data, during)
}

// KeptForm is a form that was kept, without completion, or nil. The error says that it
// could not be looked for.
func (n *Notebook) KeptForm(ctx context.Context, key string) (*bot.Form, error) {
	data, err := n.Kept(ctx, key)
	if err != nil || data == nil {
		return nil, err
	}
	var f bot.Form
	if json.Unmarshal(data, &f) != nil {
		return nil, nil // of another version; it is begun anew
	}
	return &f, nil
}

// heardKey is where it is noted when the platform was last heard.
const heardKey = "heard"

// Heard notes for those who examine the bot when it last heard from its platform.
// Without a State there is nobody to read that.
func (n *Notebook) Heard(ctx context.Context, at time.Time) error {
	if n.state == nil {
		return nil
	}
	return n.state.Keep(ctx, heardKey, bot.Heartbeat(at), bot.HeartbeatKept)
}

// CheckHeard is what an examination finds about the last heartbeat; from is whom the
// bot hears, such as "Discord's gateway". Without a State it finds nothing.
func (n *Notebook) CheckHeard(ctx context.Context, from string) []bot.Finding {
	if n.state == nil {
		return nil
	}
	note, err := n.state.Kept(ctx, heardKey)
	if err != nil {
		return []bot.Finding{{Say: "When the bot last heard from " + from + " cannot be looked up: " + err.Error(), Do: "See to the store first."}}
	}
	return []bot.Finding{bot.HeartbeatFinding(from, note)}
}
