package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot/discord"
	"village/bot/discord/discordtest"
)

// said are the bot's messages to somebody, after so many messages of both.
func said(p *discordtest.Person, after int) (out []string) {
	for _, m := range p.Direct().Messages()[after:] {
		if m.Author == nil {
			out = append(out, m.Text())
		}
	}
	return out
}

// When Discord has thrown the session away, nobody tells what was said meanwhile: the
// conversations are looked into. What is new is done, danger is answered however old it
// is, and whoever wrote long ago is told that it was heard late, once.
func TestWordsWhileNobodyListened(t *testing.T) {
	t.Parallel()
	shared := &sharedState{kept: map[string]string{}, noted: make(chan struct{})}
	r := newRig(t, func(c *discord.Config) { c.State = shared })
	r.run()
	r.WaitReady()
	r.Back(3 * time.Hour)
	ben, lee, zoe := r.Person("Ben"), r.Person("Lee"), r.Person("Zoe")
	for _, p := range []*discordtest.Person{r.maya, ben, lee, zoe} {
		p.Say(p.Direct(), "hello")
		p.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Author == nil })
	}
	r.end() // somebody takes the program down, for long

	r.Gateway().Forgotten()
	r.Back(2 * time.Hour)
	ben.Say(ben.Direct(), "I want to end it")
	ben.Say(ben.Direct(), "and now?")
	lee.Say(lee.Direct(), "who drives me?")
	lee.Say(lee.Direct(), "/hi")
	r.Back(0)
	r.maya.Say(r.maya.Direct(), "can I eat?")
	before := map[*discordtest.Person]int{}
	for _, p := range []*discordtest.Person{r.maya, ben, lee, zoe} {
		before[p] = len(p.Direct().Messages())
	}
	heard := len(r.requests())

	r.renew()
	r.start()
	r.WaitFor("everybody to be answered", func() bool {
		return len(said(r.maya, before[r.maya])) == 1 && len(said(ben, before[ben])) == 2 && len(said(lee, before[lee])) == 1
	})
	if got := said(r.maya, before[r.maya]); got[0] != "You said: can I eat?" {
		t.Errorf("what was just said is answered %q", got)
	}
	if got := said(ben, before[ben]); !strings.Contains(got[0], "988") || !strings.Contains(got[1], "I was away") {
		t.Errorf("danger is answered %q", got)
	}
	if got := said(lee, before[lee]); !strings.Contains(got[0], "I was away") || strings.Contains(got[0], "drives") {
		t.Errorf("old words are answered %q", got)
	}
	if n := len(r.requests()); n != heard+1 {
		t.Errorf("%d things were done", n-heard)
	}
	// What comes afterwards is answered as ever, and nobody is told twice.
	zoe.Say(zoe.Direct(), "good morning")
	zoe.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == "You said: good morning" })
	if got := said(lee, before[lee]); len(got) != 1 {
		t.Errorf("told again: %q", got)
	}
}

// A session that Discord throws away while the program runs loses nothing either, and
// what the bot has heard is not heard again.
func TestASessionThrownAway(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.maya.Say(r.maya.Direct(), "one")
	r.answerAfter(1)
	let := r.Gateway().Hold()
	r.Gateway().Invalidate(false)
	r.Gateway().Forgotten()
	r.maya.Say(r.maya.Direct(), "two")
	let()
	r.answerAfter(3)
	r.maya.Say(r.maya.Direct(), "three")
	r.answerAfter(5)
	var words []string
	for _, q := range r.requests() {
		words = append(words, q.Arg("words"))
	}
	if !slices.Equal(words, []string{"one", "two", "three"}) {
		t.Errorf("heard %q", words)
	}
}
