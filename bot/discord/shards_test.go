package discord_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot/discord"
)

// shelf is Leases in memory, for one process after another.
type shelf struct {
	mu    sync.Mutex
	left  map[string][]byte
	once  sync.Once
	noted chan struct{} // closed when a session was left
}

func (*shelf) Process() string { return "one" }

func (s *shelf) Take(_ context.Context, group, name string, _ time.Duration, leave []byte) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if leave != nil {
		s.left[group+"/"+name] = leave
	}
	if strings.Contains(string(leave), `"session":"s`) {
		s.once.Do(func() { close(s.noted) })
	}
	return s.left[group+"/"+name], true, nil
}

func (s *shelf) Give(context.Context, string, string, []byte) error { return nil }
func (s *shelf) Count(context.Context, string) (int, error)         { return 1, nil }

// A process may be killed at any time, so a session is left to the next one as soon
// as it has begun, and not when the lease is renewed.
func TestANewSessionIsLeftAtOnce(t *testing.T) {
	t.Parallel()
	kept := &shelf{left: map[string][]byte{}, noted: make(chan struct{})}
	newRig(t, func(c *discord.Config) { c.Leases, c.Lease = kept, 24*time.Hour }).start()
	select {
	case <-kept.noted:
	case <-time.After(unhurried):
		t.Error("the session is nowhere")
	}
}
