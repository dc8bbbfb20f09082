package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"village/bot/discord"
)

// heldState is what copies share while its store answers nobody until it is let go.
type heldState struct{ gate chan struct{} }

func (h heldState) wait(ctx context.Context) error {
	select {
	case <-h.gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h heldState) First(ctx context.Context, key string, _ time.Duration) (bool, error) {
	if strings.HasPrefix(key, "identify/") {
		return true, nil
	}
	return true, h.wait(ctx)
}
func (h heldState) Keep(ctx context.Context, _ string, _ []byte, _ time.Duration) error {
	return h.wait(ctx)
}
func (h heldState) Kept(ctx context.Context, _ string) ([]byte, error) { return nil, h.wait(ctx) }

// While what the copies share cannot be asked, a button for a form that another copy
// has kept says so in time; a command that leads to a form is put off, and then
// offers it.
func TestFormsWhileTheStoreIsSlow(t *testing.T) {
	t.Parallel()
	held := heldState{make(chan struct{})}
	r := newRig(t, func(c *discord.Config) { c.State, c.DeferAfter = held, time.Millisecond })
	r.start()
	r.WaitReady()
	again := r.maya.PressID(r.room, "f1:aaaaaaaaaaaaaaaa:/ask ride-home")
	if m := again.Answer(); !strings.Contains(m.Text(), "press the button again") || !m.Ephemeral() {
		t.Errorf("answered %q", m.Text())
	}
	use := r.maya.Slash(r.room, "ask ride-home", nil)
	use.Announced()
	close(held.gate)
	form := r.maya.Press(use.Answer(), "Open the form").Form()
	if m := form.Submit(map[string]string{"from": "here", "when": "thu 1pm"}).Answer(); m.Text() != "Asked for thu 1pm from here" {
		t.Errorf("answered %q", m.Text())
	}
}

// A form that is sent in while the store is slow is put off, whatever it has to
// look up.
func TestASentFormWhileTheStoreIsSlow(t *testing.T) {
	t.Parallel()
	held := heldState{make(chan struct{})}
	r := newRig(t, func(c *discord.Config) { c.State, c.DeferAfter = held, time.Millisecond })
	r.start()
	r.WaitReady()
	r.Gateway().Raw("INTERACTION_CREATE", `{"id":"9","application_id":"1040000000000000001","token":"t9","type":5,"guild_id":"1","channel_id":"`+r.room.ID+`",
		"member":{"user":{"id":"`+r.maya.ID+`","username":"maya"},"permissions":"0"},"data":{"custom_id":"f1:bbbbbbbbbbbbbbbb:/ask ride-home","components":[]}}`)
	r.WaitFor("the answer to be put off", func() bool {
		all := r.Requests("POST /interactions/9/")
		return len(all) > 0 && strings.Contains(string(all[0].Body), `"type":5`)
	})
	close(held.gate)
}
