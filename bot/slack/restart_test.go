package slack

import (
	"context"
	"testing"
	"time"

	"village/bot"
	"village/bot/adapter"
)

// sharedMemory is a State that outlives a process.
type sharedMemory struct{ *adapter.Memory[[]byte] }

func (s sharedMemory) First(_ context.Context, key string, during time.Duration) (bool, error) {
	return s.Memory.First(key, during), nil
}

func (s sharedMemory) Keep(_ context.Context, key string, value []byte, during time.Duration) error {
	s.Put(key, value, during)
	return nil
}

func (s sharedMemory) Kept(_ context.Context, key string) ([]byte, error) {
	v, _ := s.Get(key)
	return v, nil
}

// Slack lets few conversations be opened a minute. Where somebody is written to is known
// after a restart, until it is not there any more.
func TestConversationsAreKnownAfterARestart(t *testing.T) {
	kept := sharedMemory{adapter.NewMemory[[]byte](100)}
	r := offline(t, func(r *rig) { r.p.notes = adapter.NewNotebook(100, kept, unhurried) })
	send := func() error {
		_, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Message: bot.Message{Text: "It is today."}})
		return err
	}
	restart := func() {
		r.p.direct = adapter.NewMemory[string](100)
		r.p.notes = adapter.NewNotebook(100, kept, unhurried)
	}
	for range 3 {
		if err := send(); err != nil {
			t.Fatal(err)
		}
		restart()
	}
	if n := len(r.Calls("conversations.open")); n != 1 {
		t.Errorf("the same conversation is opened %d times", n)
	}
	r.p.closeDirect(t.Context(), "U0SAM")
	kept.Remove(r.p.directKey("U0SAM")) // its second is over
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Calls("conversations.open")); n != 2 {
		t.Errorf("a conversation that is gone is opened %d times", n)
	}
}
