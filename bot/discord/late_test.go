package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"village/bot/discord"
	"village/bot/discord/discordtest"
)

// away takes the connection away, lets something happen, and waits until the session
// was taken up again.
func (r *rig) away(happens func()) {
	r.t.Helper()
	_, _, before := r.Gateway().Counts()
	let := r.Gateway().Hold()
	defer let()
	r.Gateway().Close(4000)
	happens()
	let()
	r.WaitFor("the session to be taken up again", func() bool {
		_, _, resumed := r.Gateway().Counts()
		return resumed > before
	})
}

// What somebody did while the bot was away is done when Discord still listens.
func TestAwayForAMoment(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.works()
	var use *discordtest.Use
	r.away(func() { use = r.maya.Slash(r.room, "need claim", map[string]any{"need": "k7m2p9"}) })
	if m := use.Answer(); m.Text() != "You drive k7m2p9" {
		t.Errorf("answered %q", m.Text())
	}
}

// When Discord has told somebody that it failed, they may do it again, so it is not
// done behind their back. Whoever may be in danger is answered another way.
func TestAwayForTooLong(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.works()
	r.AnswerWithin(0)
	refused := func(n int) {
		t.Helper()
		r.WaitFor("Discord to say that it is too late", func() bool {
			late := 0
			for _, q := range r.Requests("POST /interactions") {
				if q.Status == 404 {
					late++
				}
			}
			return late == n
		})
	}
	r.away(func() { r.maya.Slash(r.room, "need claim", map[string]any{"need": "k7m2p9"}) })
	refused(1)
	r.away(func() {
		r.maya.Slash(r.room, "ask ride-home", map[string]any{"from": "here", "when": "I want to end it"})
	})
	refused(2)
	said := r.maya.Direct().WaitMessage("the lines for a crisis", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "988") })
	if n := len(r.maya.Direct().Messages()); n != 1 {
		t.Errorf("%d direct messages, with %q", n, said.Text())
	}
	for _, q := range r.requests() {
		if q.Path[0] != "hi" {
			t.Errorf("/%s was done", strings.Join(q.Path, " "))
		}
	}
}

// otherwise is a State in which another process has met every interaction.
type otherwise struct{ sharedState }

func (*otherwise) First(_ context.Context, key string, _ time.Duration) (bool, error) {
	return !strings.HasPrefix(key, "use/"), nil
}

// What the last owner of a shard is still answering is left to it: an answer that
// was only announced here would take the place of its own.
func TestAwayAndAnsweredElsewhere(t *testing.T) {
	t.Parallel()
	shared := &otherwise{sharedState{kept: map[string]string{}, noted: make(chan struct{})}}
	r := newRig(t, func(c *discord.Config) { c.State = shared }).start()
	says := func(words string) {
		t.Helper()
		r.maya.Say(r.maya.Direct(), words)
		r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), words) })
	}
	says("hello")
	r.away(func() { r.maya.Slash(r.room, "hi", nil) })
	says("are you there?") // comes after it
	r.end()
	if n := len(r.Requests("POST /interactions")); n != 0 {
		t.Errorf("it was answered %d times", n)
	}
}
