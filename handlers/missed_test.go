package handlers

import (
	"context"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/scheduler"
)

// closed is a platform on which some people take no direct messages.
type closed struct {
	*bench
	to map[string]bool
}

func (c closed) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if c.to[o.To.Person] {
		return bot.Posted{}, bot.ErrUnreachable
	}
	return c.bench.Send(ctx, o)
}

// closeTo has the bench's platform deliver nothing to somebody directly.
func (b *bench) closeTo(t *testing.T, person string) {
	t.Helper()
	var err error
	b.sched, err = scheduler.New(scheduler.Config{Store: b.store, Kinds: b.app.Kinds(), Now: b.clock,
		Platforms: map[string]bot.Platform{"console": closed{bench: b, to: map[string]bool{person: true}}}})
	if err != nil {
		t.Fatal(err)
	}
}

// A helper who takes no direct messages: what they were owed is kept, the
// moderator sees how much that is, and they are told at their next command,
// once, what is true by then.
func TestClosedDirectMessages(t *testing.T) { onEveryStore(t, 7, closedMessages) }

func closedMessages(t *testing.T, b *bench) {
	b.closeTo(t, "console/sam")
	start := b.clock()
	says := func(who, line string) string {
		t.Helper()
		var all strings.Builder
		for _, m := range b.mustSay(t, who, line).Messages {
			all.WriteString(shown(m))
		}
		return all.String()
	}
	says("maya", "/ask ride-home 2026-11-26 13:00 from: near Union Station details: the blue door")
	needs, err := b.needs()
	if err != nil || len(needs) != 1 {
		t.Fatal(needs, err)
	}
	says("maya", "/helper may @sam")
	says("sam", "/need claim "+needs[0].ID)
	if err := b.wait(start.Add(time.Hour), func() {}); err != nil {
		t.Fatal(err)
	}
	const undelivered = "Could not reach people"
	if setup := says("mod", "/setup show"); !strings.Contains(setup, undelivered+" 1 message.") || strings.Contains(setup, "sam") {
		t.Errorf("the moderator does not see one message, without a name: %s", setup)
	}
	if others := says("lee", "/need mine"); strings.Contains(others, "the blue door") || strings.Contains(others, "could not reach you") {
		t.Errorf("somebody else is told: %s", others)
	}
	said := says("sam", "/need mine")
	if !strings.Contains(said, "I could not reach you directly") || !strings.Contains(said, "For you to keep") {
		t.Errorf("sam is not told at the next command: %s", said)
	}
	if again := says("sam", "/need mine"); strings.Contains(again, "I could not reach you") {
		t.Errorf("sam is told twice: %s", again)
	}
	if setup := says("mod", "/setup show"); strings.Contains(setup, undelivered) {
		t.Errorf("it is still counted: %s", setup)
	}

	// and so does a change
	says("maya", "/need move "+needs[0].ID+" 2026-11-26 14:00")
	if err := b.wait(start.Add(2*time.Hour), func() {}); err != nil {
		t.Fatal(err)
	}
	says("maya", "/need change "+needs[0].ID+" place: the north door")
	if err := b.wait(start.Add(3*time.Hour), func() {}); err != nil {
		t.Fatal(err)
	}
	said = says("sam", "/need mine")
	if !strings.Contains(said, "I could not reach you directly") || strings.Count(said, "It is now") != 1 || !strings.Contains(said, "the north door (it was near Union Station)") {
		t.Errorf("sam is not told once of the move and the place: %s", said)
	}
	if still := says("sam", "/need still "+needs[0].ID); !strings.Contains(still, "I'll tell maya that it is still on") {
		t.Errorf("sam, who has been told, is told again: %s", still)
	}
}

// Somebody who asked and then left: whoever helps keeps what they need, nothing
// that is owed to the others is held up, and a moderator can end it.
func TestMemberWhoLeft(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	b, err := newBench(library, boltStore, start, 7)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	b.closeTo(t, "console/maya")
	b.says("maya", "/ask ride-home 2026-11-26 13:00 from: near Union Station details: the blue door")
	needs, err := b.needs()
	if err != nil || len(needs) != 1 {
		t.Fatal(needs, err)
	}
	id := needs[0].ID
	b.says("mod", "/setup helpers anyone")
	heard := func(who, words string) bool {
		for _, o := range b.sent {
			if o.To.Person+o.To.Room == who && strings.Contains(shown(o.Message), words) {
				return true
			}
		}
		return false
	}
	for _, step := range []struct{ who, line, whom, hears string }{
		{"sam", "/need claim ", "console/sam", "For you to keep"},
		{"sam", "/need release ", "console/village", "Nobody yet. Can you?"},
		{"lee", "/need claim ", "console/lee", "For you to keep"},
		{"mod", "/need cancel yes need: ", "console/lee", "Not needed any more"},
	} {
		if r := b.says(step.who, step.line+id); r.Code != "" {
			t.Fatal(step, r.Code, shown(r.Messages[0]))
		}
		if err := b.wait(b.clock().Add(time.Hour), func() {}); err != nil {
			t.Fatal(err)
		}
		if !heard(step.whom, step.hears) {
			t.Errorf("after %s%s, %s does not hear %q", step.line, id, step.whom, step.hears)
		}
	}
	if heard("console/maya", "") {
		t.Error("somebody who left was written to")
	}
}

// Words of any length from a platform that lets them through are answered with
// what is too long, and nothing is asked for.
func TestTooManyWords(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 7)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	for _, option := range []string{"when", "from", "to", "note", "details"} {
		args := map[string]string{"when": "2026-11-26 13:00", "from": "here"}
		args[option] = strings.Repeat("é ", 5000)
		r := b.bot.Do(context.Background(), bot.Request{Platform: "console", Workspace: "console/village", Path: []string{"ask", "ride-home"}, Args: args,
			Room: bot.Room{ID: "console/village", Name: "village"}, From: bot.Person{ID: "console/maya", Name: "maya"}})
		if r.Code != "too-long" && r.Code != "time-long" {
			t.Errorf("%s of 10,000 characters: %q", option, r.Code)
		}
	}
	if needs, err := b.needs(); err != nil || len(needs) > 0 {
		t.Error(needs, err)
	}
}
