package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/understand"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
	"village/internal/village"
)

// The simulator plays whole villages, each from one seed: people ask, say yes, step
// back, move, tap old buttons and type things twice, while the store is slow, gone
// or forgets to answer, messages are refused, lost or doubled, the program dies and
// the clock jumps. After every step an examiner looks at what was promised.
//
//	go test -run TestVillages ./cmd/village                          300 small ones, from a seed that is printed
//	go test -run TestVillages ./cmd/village -seed 42                 one of them again
//	go test -run TestVillages ./cmd/village -villages 10000          so many
//	go test -run TestVillages ./cmd/village -villages 100 -from 42   these again
//	go test -run TestVillages ./cmd/village -villages 1 -people 200 -days 90

// simulatorFlags adds the simulator's flags to the test's.
func simulatorFlags() {
	flag.Uint64("seed", 0, "the simulator's village to play again")
	flag.Uint64("from", 0, "the first of the simulator's villages; 0: another one each time")
	flag.Int("villages", 300, "how many villages the simulator plays")
	flag.Int("people", 8, "how many people live in a simulated village")
	flag.Int("days", 1, "how many days of a simulated village are played")
	flag.Bool("aloud", false, "print all that is said in a simulated village")
	flag.Duration("torture", 0, "how long the real program is tortured on each store; 0: two seconds on two of them")
}

func flagged[T any](name string) T {
	return flag.Lookup(name).Value.(flag.Getter).Get().(T)
}

// simTimeRaced is how long villages are played under the race detector, where each
// takes many times as long; the whole number is played without it.
const simTimeRaced = 4 * time.Second

func TestVillages(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	var ear *understand.Ear
	play := func(seed uint64) simCount {
		var c simCount
		synctest.Test(t, func(t *testing.T) {
			v := newSimVillage(t, library, ear, seed, flagged[int]("people"), flagged[int]("days"))
			ear = v.ear
			c = v.live()
		})
		return c
	}
	seed := flagged[uint64]("seed")
	if seed != 0 {
		t.Log(play(seed))
		return
	}
	if seed = flagged[uint64]("from"); seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	villages := flagged[int]("villages")
	var all simCount
	begun, played := time.Now(), 0
	defer func() {
		t.Logf("%d villages clean from seed %d in %v: %s", played, seed, time.Since(begun).Round(time.Second), all)
	}()
	for i := 0; i < villages && !t.Failed() && !(storetest.RaceDetector && time.Since(begun) > simTimeRaced); i++ {
		all.add(play(seed + uint64(i)))
		played++
	}
}

// simCount is what came to pass in villages.
type simCount struct {
	steps, sent, faults, crashes, repeats int
}

func (c *simCount) add(o simCount) {
	c.steps, c.sent, c.faults, c.crashes, c.repeats = c.steps+o.steps, c.sent+o.sent, c.faults+o.faults, c.crashes+o.crashes, c.repeats+o.repeats
}

func (c simCount) String() string {
	return fmt.Sprintf("%d commands, %d messages, %d faults, %d crashes, %d harmless repeats", c.steps, c.sent, c.faults, c.crashes, c.repeats)
}

// simVillage is one village, and everything about it that is not the program's.
type simVillage struct {
	*testing.T
	seed    uint64
	rng     *rand.Rand
	library *content.Library
	kept    store.Store
	ids     io.Reader
	parts   *assembly
	ear     *understand.Ear // all but this is new after a crash
	store   *simStore
	world   *simWorld
	exam    *examiner
	people  []*simPerson
	offset  time.Duration // of the clock that the program is given
	end     time.Time
	horizon time.Duration // how far ahead people ask
	zone    *time.Location
	heldUp  []func() // what was said, and is still on its way
	calm    bool     // no faults any more
	aloud   bool
	count   simCount
}

// simPerson is somebody with the buttons they have seen last.
type simPerson struct {
	id, name string
	mod      bool
	seen     []string
	closed   bool // takes no direct messages
}

const simRoom = "sim/village"

// simSeen is how many buttons somebody remembers.
const simSeen = 24

func newSimVillage(t *testing.T, library *content.Library, ear *understand.Ear, seed uint64, people, days int) *simVillage {
	v := &simVillage{T: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 12)), library: library, ear: ear, aloud: flagged[bool]("aloud")}
	begins := time.Date(2026, 10, 27, 15, 0, 0, 0, time.UTC).Add(time.Duration(v.rng.IntN(6*24)) * time.Hour) // the week in which the clocks go back
	<-time.After(time.Until(begins))
	lasts := time.Duration(days) * 24 * time.Hour
	v.end, v.horizon, v.zone = time.Now().Add(lasts), min(lasts+12*time.Hour, 72*time.Hour), place(t, "America/Denver")
	kept, err := bolt.OpenThrowaway(v.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	v.kept = kept
	var key [32]byte
	key[0], key[1], key[2] = byte(seed), byte(seed>>8), byte(seed>>16)
	v.ids = &lockedReader{r: rand.NewChaCha8(key)}
	v.world = &simWorld{village: v, seen: map[string]int{}}
	v.exam = newExaminer(v)
	for i := range people {
		name := fmt.Sprintf("p%d", i)
		v.people = append(v.people, &simPerson{id: "sim/" + name, name: name, mod: i == 0, closed: i > 2 && v.rng.IntN(12) == 0})
	}
	v.start()
	if err := v.parts.app.Start(t.Context(), simRoom, simRoom, "village", v.zone); err != nil {
		t.Fatal(err)
	}
	v.say(v.people[0], "/setup zone Denver")
	v.say(v.people[0], "/setup moderators #mods")
	return v
}

// now is the clock that the program is given.
func (v *simVillage) now() time.Time { return time.Now().Add(v.offset) }

// start starts the program anew on what is kept, as after a crash.
func (v *simVillage) start() {
	v.store = &simStore{Store: v.kept, village: v}
	log := slog.New(slog.DiscardHandler)
	if v.aloud {
		log = slog.New(slog.NewTextHandler(testLog{v.T}, nil))
	}
	parts, err := reassemble(v.store, v.library, rehearsalKeys(), v.now, v.ids, []bot.Platform{v.world}, log, v.ear)
	if err != nil {
		v.Fatal(err)
	}
	v.parts, v.ear = parts, parts.app.Ear()
}

// live plays until the end, and then without faults until nothing is owed any more.
func (v *simVillage) live() simCount {
	for v.now().Before(v.end) && !v.Failed() {
		v.weather()
		for range v.rng.IntN(4) {
			v.act()
		}
		v.deliver()
		v.exam.look()
		v.advance(time.Duration(1+v.rng.IntN(90)) * time.Minute)
	}
	v.settle()
	if v.Failed() {
		v.Logf("to play this village again: go test -run TestVillages ./cmd/village -seed %d -people %d -days %d -aloud", v.seed, len(v.people), flagged[int]("days"))
	}
	v.count.repeats = v.world.repeats
	return v.count
}

// settle is calm days, until all that was asked for is over.
func (v *simVillage) settle() {
	v.calm, v.store.rate, v.world.rate = true, 0, 0
	v.start()
	for until := v.now().Add(v.horizon + 6*time.Hour); v.now().Before(until) && !v.Failed(); {
		v.deliver()
		v.exam.look()
		v.advance(20 * time.Minute)
	}
	v.exam.lastLook()
}

// advance lets time pass, at most so long, to the next instant at which something is
// due.
func (v *simVillage) advance(most time.Duration) {
	target := v.now().Add(most)
	for v.now().Before(target) {
		next, some, err := v.kept.NextDue(v.Context())
		if err != nil || !some || next.After(target) {
			next = target
		}
		if !next.After(v.now()) { // nobody sees to it just now
			next = v.now().Add(5 * time.Second)
		}
		if v.exam.away(v.now()) {
			next = target
		}
		<-time.After(next.Sub(v.now()))
		v.deliver()
		if v.Failed() {
			return
		}
	}
}

// deliver lets the program see to what is due, unless it is away.
func (v *simVillage) deliver() {
	if v.exam.away(v.now()) {
		return
	}
	if _, err := v.parts.scheduler.Tick(v.Context()); err != nil && !errors.Is(err, errSimulated) && v.calm {
		v.Errorf("what is due cannot be seen to: %v", err)
	}
	if v.store.dead {
		v.count.crashes++
		v.start()
	}
}

// weather is which faults there are for a while.
func (v *simVillage) weather() {
	v.store.rate, v.world.rate = 0, 0
	switch v.rng.IntN(24) {
	case 0, 1:
		v.store.rate = 0.15
	case 2, 3:
		v.world.rate = 0.3
	case 4:
		v.store.rate, v.world.rate = 0.5, 0.5
	case 5:
		v.store.crashIn = 1 + v.rng.IntN(40)
	case 8:
		v.store.rate = 1 // gone altogether
	case 9:
		v.world.rate = 1
	case 6:
		v.exam.goAway(v.now().Add(time.Duration(v.rng.IntN(600)) * time.Minute))
	case 7:
		v.offset += time.Duration(v.rng.IntN(1000)-400) * time.Second
	}
	if v.store.rate+v.world.rate > 0 {
		v.exam.trouble()
	}
}

// say has somebody type or tap something, to the bot directly or in the village.
func (v *simVillage) say(p *simPerson, line string) {
	if v.exam.away(v.now()) {
		return // nobody hears it
	}
	v.count.steps++
	r := bot.Request{
		Platform: "sim", Workspace: simRoom, Room: bot.Room{ID: simRoom, Name: "village"},
		From: bot.Person{ID: p.id, Name: p.name, Moderator: p.mod}, Line: line,
	}
	if !strings.HasPrefix(line, "/") || v.rng.IntN(3) == 0 {
		r.Room = bot.Room{ID: "sim/dm-" + p.name, Direct: true}
	}
	v.exam.speaks(p, line)
	ctx, cancel := context.WithTimeout(v.Context(), time.Minute)
	defer cancel()
	reply := v.parts.bot.Do(ctx, r)
	v.exam.spoken()
	if v.aloud {
		v.Logf("%s %s: %s", v.now().Format("Mon 15:04:05"), p.name, line)
	}
	for _, m := range reply.Messages {
		v.exam.answered(p, m)
		v.hears(p, m)
	}
	if v.store.dead {
		v.count.crashes++
		v.start()
	}
}

// hears shows somebody a message.
func (v *simVillage) hears(p *simPerson, m bot.Message) {
	if v.aloud {
		v.Logf("%s    to %s: %s | %.90q", v.now().Format("Mon 15:04:05"), p.name, m.Title, m.Text)
	}
	for _, b := range m.Flat().Buttons {
		if strings.HasPrefix(b.Command, "/") {
			p.seen = append(p.seen, b.Command)
		}
	}
	p.seen = p.seen[max(0, len(p.seen)-simSeen):]
}

// act lets somebody do something, now and then twice. What is held up on its way is
// heard after what was said later.
func (v *simVillage) act() {
	p := v.people[v.rng.IntN(len(v.people))]
	line := v.line(p)
	if v.rng.IntN(15) == 0 {
		v.heldUp = append(v.heldUp, func() { v.say(p, line) })
		return
	}
	v.say(p, line)
	if v.rng.IntN(12) == 0 {
		v.say(p, line)
	}
	if len(v.heldUp) > 0 && v.rng.IntN(3) == 0 {
		i := v.rng.IntN(len(v.heldUp))
		say := v.heldUp[i]
		v.heldUp = slices.Delete(v.heldUp, i, i+1)
		say()
	}
}

// line is what somebody types or taps.
func (v *simVillage) line(p *simPerson) string {
	if len(p.seen) > 0 && v.rng.IntN(10) < 6 {
		return p.seen[v.rng.IntN(len(p.seen))]
	}
	when := v.now().In(v.zone).Add(time.Duration(v.rng.Int64N(int64(v.horizon)))).Format("2006-01-02 15:04")
	kinds := []village.Kind{village.RideHome, village.RideHome, village.RideThere, village.SchoolRun, village.Meal, village.Childcare}
	kind := kinds[v.rng.IntN(len(kinds))]
	known := v.exam.anyNeed(v.rng)
	lines := []string{
		fmt.Sprintf("/ask %s when: %s %s: the corner details: %s", kind, when, map[bool]string{true: "from", false: "where"}[kind.Travels()], v.exam.secret(p)),
		fmt.Sprintf("/ask %s when: %s %s: the corner", kind, when, map[bool]string{true: "from", false: "where"}[kind.Travels()]),
		"/session add dates: " + when + " area: the corner help: ride home, childcare",
		"/helper join", "/need mine", "/need open", "/home", "/session list",
	}
	if v.rng.IntN(6) == 0 {
		lines = []string{"yes", "no", "i can't make it", "home safe", "running late", "nobody is here to pick me up", "i have no ride home"}
	}
	if known != "" {
		lines = append(lines, "/need claim "+known, "/need claim "+known, "/need standby "+known, "/need show "+known, "/need still "+known,
			"/need release "+known, "/need move "+known+" when: "+when, "/need fill "+known+" name: Aunt Rosa", "/need got "+known, "/need home "+known,
			"/need late "+known, "/need nobody "+known, "/need here "+known, "/need details "+known, "/need cancel "+known+" yes", "/need thanks "+known)
	}
	return lines[v.rng.IntN(len(lines))]
}
