package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"pgregory.net/rapid"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/store/storetest"
	"village/internal/village"
	"village/scheduler"
)

// storeKind is a store that tests run on.
type storeKind struct {
	name    string
	servers []*storetest.Server                             // what runs beside this process
	open    func(now func() time.Time) (store.Store, error) // an empty one
}

// boltStore is what most tests need: it starts nothing.
var boltStore = storeKind{name: "bolt", open: func(now func() time.Time) (store.Store, error) { return bolt.OpenThrowaway(now) }}

// loadOnce gives the library that all tests share: nothing changes one that is loaded.
var loadOnce = sync.OnceValues(func() (*content.Library, error) { return content.Load() })

// everyStore is bolt and a real Redis or, where there is none, miniredis.
func everyStore(t testing.TB) []storeKind {
	if server := storetest.Redis(t); server != nil { // otherwise it has said so
		return []storeKind{boltStore, {name: "redis", servers: []*storetest.Server{server}, open: func(now func() time.Time) (store.Store, error) {
			server.Flush(t)
			return redis.Open(context.Background(), server.URL, now)
		}}}
	}
	small := miniredis.RunT(t)
	return []storeKind{boltStore, {name: "miniredis", open: func(now func() time.Time) (store.Store, error) {
		small.FlushAll()
		return redis.Open(context.Background(), "redis://"+small.Addr(), now)
	}}}
}

// bench is the bot on a throw-away store, with a clock that moves when told and
// a platform that remembers what it was given.
type bench struct {
	mu    sync.Mutex
	now   time.Time
	store store.Store
	app   *App
	bot   *bot.Bot
	sched *scheduler.Scheduler
	sent  []bot.Outgoing
	// standings are those of people (IDs) who are not simply there.
	standings map[string]bot.Standing
	// roles are who (IDs) has which role (an ID); roleless says that nobody can be asked.
	roles    map[string][]string
	roleless bool
	// refuses are the people and rooms to whom nothing can be sent for a while.
	refuses map[string]bool
}

func (b *bench) Name() string                        { return "console" }
func (b *bench) Run(context.Context, *bot.Bot) error { return nil }
func (b *bench) Edit(_ context.Context, p bot.Posted, m bot.Message) error {
	b.sent = append(b.sent, bot.Outgoing{To: bot.Address{Room: p.Room}, Message: m})
	return nil
}

func (b *bench) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	if b.refuses[o.To.Person+o.To.Room] {
		return bot.Posted{}, errors.New("the platform is away")
	}
	b.sent = append(b.sent, o)
	return bot.Posted{Platform: "console", Room: o.To.Room + o.To.Person, Message: fmt.Sprint(len(b.sent))}, nil
}

func (b *bench) standing(_ context.Context, _, _, person string) bot.Standing {
	if s, ok := b.standings[person]; ok {
		return s
	}
	return bot.In
}

func (b *bench) findRole(_ context.Context, _, said string) (id, name string, err error) {
	if b.roles[said] == nil {
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "There is no such role."}
	}
	return said, bot.Account(said), nil
}

func (b *bench) hasRole(_ context.Context, _, role, person string) (bool, error) {
	if b.roleless {
		return false, errors.New("the platform is away")
	}
	return slices.Contains(b.roles[role], person), nil
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) set(t time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = t
}

func newBench(library *content.Library, kind storeKind, start time.Time, seed byte) (*bench, error) {
	b := &bench{now: start, standings: map[string]bot.Standing{}}
	var err error
	if b.store, err = kind.open(b.clock); err != nil {
		return nil, err
	}
	keys, err := village.ParseKeyring("cmVoZWFyc2FsIGtleSwgbm8gc2VjcmV0IGF0IGFsbCE=")
	if err != nil {
		return nil, err
	}
	b.app = New(Config{Store: b.store, Content: library, Keyring: keys, Now: b.clock, Random: rand.NewChaCha8([32]byte{seed}), Standing: b.standing, FindRole: b.findRole, HasRole: b.hasRole, Pages: "https://village.example"})
	if b.bot, err = b.app.Bot(); err != nil {
		return nil, err
	}
	b.sched, err = scheduler.New(scheduler.Config{Store: b.store, Platforms: map[string]bot.Platform{"console": b, "web": b}, Kinds: b.app.Kinds(), Now: b.clock})
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		return nil, err
	}
	return b, b.app.Start(context.Background(), "console/village", "console/village", "village", zone)
}

// onEveryStore runs a test on a bench of its own on every store, from nine in the
// morning in Denver on a Monday. The seed decides which codes there are.
func onEveryStore(t *testing.T, seed byte, test func(t *testing.T, b *bench)) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range everyStore(t) {
		t.Run(kind.name, func(t *testing.T) {
			b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), seed)
			if err != nil {
				t.Fatal(err)
			}
			defer b.store.Close()
			test(t, b)
		})
	}
}

// mustSay has somebody say what has to be understood.
func (b *bench) mustSay(t *testing.T, who, line string) bot.Reply {
	t.Helper()
	r := b.says(who, line)
	if r.Code != "" {
		t.Fatalf("%s: %s: %s", who, line, shown(r.Messages[0]))
	}
	return r
}

func (b *bench) says(who, line string) bot.Reply {
	return b.bot.Do(context.Background(), bot.Request{Platform: "console", Workspace: "console/village",
		Room: bot.Room{ID: "console/village", Name: "village"}, Line: line,
		From: bot.Person{ID: "console/" + who, Name: who, Moderator: who == "mod"}})
}

// wait goes on to a time, doing what is due on the way.
func (b *bench) wait(until time.Time, each func()) error {
	for {
		due, ok, err := b.store.NextDue(context.Background())
		if err != nil {
			return err
		}
		if !ok || due.After(until) {
			b.set(until)
			return nil
		}
		if due.After(b.clock()) {
			b.set(due)
		}
		if _, err := b.sched.Tick(context.Background()); err != nil {
			return err
		}
		each()
	}
}

func (b *bench) needs() ([]village.Need, error) {
	return records.List[village.Need](context.Background(), b.app.Records, store.Query{Partition: records.GroupPartition("console/village"), Index: "needs"}, records.KindNeed)
}

// shown is everything a message shows.
func shown(m bot.Message) string {
	m = m.Flat()
	var b bytes.Buffer
	fmt.Fprintln(&b, m.Title, m.Text, m.Footer)
	for _, f := range m.Fields {
		fmt.Fprintln(&b, f.Name, f.Value)
	}
	for _, button := range m.Buttons {
		fmt.Fprintln(&b, button.Label, button.Command)
	}
	return b.String()
}

// Many people do anything at any time, through the commands, the store and the
// scheduler: nobody but the member and those who help ever sees what is
// private, a hidden name shows in no channel and to nobody who was never let in,
// nobody but the moderators learns who is kept away, no notice comes twice at
// once, nobody is in two places at once, nothing fails, and in the end nothing is
// left over.
func TestVillageHoldsThroughAnything(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range everyStore(t) {
		t.Run(kind.name, func(t *testing.T) {
			if kind.name != "bolt" {
				fewerChecks(t, 20) // every round of these crosses a socket
			}
			rapid.Check(t, func(rt *rapid.T) { anyVillage(rt, library, kind) })
		})
	}
}

// fewerChecks has rapid try a part of what it was told to, until this test ends.
func fewerChecks(t *testing.T, part int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	all := checks.String()
	n, err := strconv.Atoi(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Set(strconv.Itoa(max(n/part, 1))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Set(all); err != nil {
			t.Error(err)
		}
	})
}

func anyVillage(rt *rapid.T, library *content.Library, kind storeKind) {
	people := []string{"sam", "lee", "kim", "pat", "mallory", "mod"}
	start := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	b, err := newBench(library, kind, start, byte(rapid.IntRange(0, 255).Draw(rt, "seed")))
	if err != nil {
		rt.Fatal(err)
	}
	defer b.store.Close()
	fail := func(err error) {
		if err != nil {
			rt.Fatal(err)
		}
	}
	var needs []village.Need
	allowed := map[string]bool{}   // who has ever been let in: person and need
	knowsZoe := map[string]bool{}  // who has ever helped her, and so knows her name
	secrets := map[string]string{} // what is private, by need
	members := map[string]string{} // and whose it is
	look := func() {
		var err error
		needs, err = b.needs()
		fail(err)
		claims := map[string][]village.Need{}
		for _, n := range needs {
			if secrets[n.ID] == "" {
				secrets[n.ID], members[n.ID] = "secret "+n.Note, n.Member.ID
			}
			for _, c := range n.Claims {
				if n.MaySee(c.Helper.ID) {
					allowed[c.Helper.ID+n.ID] = true
					knowsZoe[c.Helper.ID] = knowsZoe[c.Helper.ID] || n.Member.Name == "zoe"
				}
				if n.Why == "" && !c.Unsure {
					for _, other := range claims[c.Helper.ID] {
						if other.Overlaps(n) && !(other.Short() && n.Short()) {
							rt.Fatalf("%s is down for %s and %s at once", c.Helper.ID, other.ID, n.ID)
						}
					}
					claims[c.Helper.ID] = append(claims[c.Helper.ID], n)
				}
			}
		}
	}
	read := 0
	var acted time.Time // when somebody last did something
	hold := func(who string, messages ...bot.Message) {
		for _, m := range messages {
			text := shown(m)
			for _, n := range needs {
				private := strings.Contains(text, secrets[n.ID]) || strings.Contains(text, "other secret "+n.ID)
				if private && who != members[n.ID] && !allowed[who+n.ID] {
					rt.Fatalf("%q reads what is private about %s: %s", who, n.ID, text)
				}
			}
			if who != "console/zoe" && who != "console/mod" && !knowsZoe[who] && strings.Contains(text, "zoe") {
				rt.Fatalf("%s reads a hidden name: %s", who, text)
			}
		}
	}
	last := map[string]time.Time{} // when the same words last went to the same person
	heard := func() {
		look()
		for ; read < len(b.sent); read++ {
			o := b.sent[read]
			hold(o.To.Person+o.To.Room, o.Message)
			if o.To.Person == "" {
				continue
			}
			words := o.To.Person + shown(o.Message)
			if before, said := last[words]; said && before.Equal(b.clock()) && before.After(acted) {
				rt.Fatalf("%s hears twice at once: %s", o.To.Person, shown(o.Message))
			}
			last[words] = b.clock()
		}
	}
	for i, k := range village.Kinds() {
		if i > 3 && rapid.Bool().Draw(rt, "skip") {
			continue
		}
		place := "where"
		if k.Kind.Travels() {
			place = "from"
		}
		day := rapid.IntRange(24, 30).Draw(rt, "day")
		member, hidden := "maya", "no"
		if rapid.Bool().Draw(rt, "hidden") {
			member, hidden = "zoe", "yes"
		}
		r := b.says(member, fmt.Sprintf("/ask %s 2026-11-%d 13:00 %s: here note: n%d details: secret n%d anonymous: %s", k.Kind, day, place, i, i, hidden))
		if r.Code != "" {
			rt.Fatal(r.Code, shown(r.Messages[0]))
		}
	}
	fail(b.wait(start, heard))
	for _, p := range people[:3] {
		b.says(p, "/helper join")
	}
	for range rapid.IntRange(5, 50).Draw(rt, "steps") {
		acted = b.clock()
		fail(b.wait(b.clock().Add(time.Duration(rapid.IntRange(0, 10*60).Draw(rt, "minutes"))*time.Minute), heard))
		heard()
		n := rapid.SampledFrom(needs).Draw(rt, "need")
		who := rapid.SampledFrom(append([]string{strings.TrimPrefix(n.Member.ID, "console/")}, people...)).Draw(rt, "who")
		whom := rapid.SampledFrom(people).Draw(rt, "whom")
		line := fmt.Sprintf(rapid.SampledFrom([]string{
			"/need claim %[1]s", "/need claim %[1]s", "/need claim %[1]s", "/need standby %[1]s", "/need release %[1]s", "/need still %[1]s",
			"/need details %[1]s", "/need show %[1]s", "/need got %[1]s", "/need late %[1]s", "/need home %[1]s", "/need thanks %[1]s",
			"/need approve %[1]s @%[2]s", "/need decline %[1]s @%[2]s", "/need fill %[1]s helper: @%[2]s", "/need fill %[1]s helper: @%[2]s", "/need fill %[1]s name: Rosa", "/need still %[1]s guest/%[1]s-rosa", "/need unfill %[1]s @%[2]s",
			"/need pass %[1]s", "/need fill %[1]s name: Роза", "/need change %[1]s helpers: 2", "/need change %[1]s helpers: 1", "/helper join", "/helper settings month: 1", "/helper settings month: 0 children: no", "/helper settings children: yes", "/setup keep details: 1", "/setup digest mon 9am", "/need move %[1]s in 20 hours", "/need change %[1]s place: there", "/need change %[1]s place: here", "/need change %[1]s details: other secret %[1]s", "/need change %[1]s note: two bags seats: 2", "/need change %[1]s details: -", "/need cancel %[1]s yes", "/need open", "/need open all", "/need mine", "/need uncovered",
			"/helper bar @%[2]s", "/helper unbar @%[2]s", "/helper leave", "/helper settings rides: no", "/privacy show", "/privacy export", "/privacy delete yes",
		}).Draw(rt, "line")+"%.0[1]s%.0[2]s", n.ID, whom)
		if strings.HasPrefix(line, "/helper bar") || strings.HasPrefix(line, "/setup") {
			who = rapid.SampledFrom([]string{who, "mod", "mod"}).Draw(rt, "moderates")
		}
		r := b.says(who, line)
		if who != "mod" && r.Code == "kept-away" {
			rt.Fatalf("%s learns who is kept away", who)
		}
		if r.Code == "internal" {
			rt.Fatalf("%s: %s failed", who, line)
		}
		look()
		hold("console/"+who, r.Messages...)
	}
	fail(b.wait(start.Add(60*24*time.Hour), heard))
	heard()
	b.says("mod", "/setup digest off") // which would come for ever
	for _, n := range needs {
		if n.Why == "" {
			rt.Fatalf("%s never ended", n.ID)
		}
		for _, c := range append(slices.Concat(n.Claims, n.Backups), village.Claim{Helper: n.Member, Heard: n.Heard}) {
			if n.Why == village.Past && c.Heard != nil {
				rt.Fatalf("%s was never told what has changed about %s", c.Helper.ID, n.ID)
			}
		}
	}
	jobs, err := b.store.Pending(context.Background(), records.GroupPartition("console/village"), 10)
	fail(err)
	if len(jobs) > 0 {
		rt.Fatalf("still to come after all is over: %v", jobs)
	}
	dead, err := b.store.List(context.Background(), store.Query{Partition: records.GroupPartition("console/village"), Index: scheduler.DeadIndex("")})
	fail(err)
	for _, d := range dead {
		var letter scheduler.DeadLetter
		fail(json.Unmarshal(d.Body, &letter))
		rt.Fatalf("a promise came to nothing: %s %s %s", letter.ID, letter.Reason, letter.Body)
	}
}

// Two taps of one helper at the same moment, on two needs at the same time: one
// of them wins, however they meet; and of many helpers on one need, one.
func TestTapsAtTheSameMoment(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range everyStore(t) {
		t.Run(kind.name, func(t *testing.T) { tapsTogether(t, library, kind) })
	}
}

func tapsTogether(t *testing.T, library *content.Library, kind storeKind) {
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 7)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	for day := range 10 {
		for range 3 {
			if r := b.says("maya", fmt.Sprintf("/ask errand 2026-12-%02d 13:00 where: here", day+1)); r.Code != "" {
				t.Fatal(r.Code)
			}
		}
	}
	needs, err := b.needs()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, n := range needs {
		for _, who := range []string{"sam", "lee", "kim", "pat"} {
			wg.Go(func() {
				if r := b.says(who, "/need claim "+n.ID); r.Code != "" && r.Code != "taken" && r.Code != "busy" {
					t.Errorf("%s: %s", who, r.Code)
				}
			})
		}
	}
	wg.Wait()
	if needs, err = b.needs(); err != nil {
		t.Fatal(err)
	}
	busy := map[string]bool{}
	for _, n := range needs {
		if len(n.Claims) != 1 {
			t.Errorf("%s has %d helpers; four people were there for three needs", n.ID, len(n.Claims))
		}
		for _, c := range n.Claims {
			at := c.Helper.ID + n.Start.String()
			if busy[at] {
				t.Errorf("%s is in two places at %v", c.Helper.ID, n.Start)
			}
			busy[at] = true
		}
	}
}
