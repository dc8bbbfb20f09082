package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/store/storetest"
	"village/scheduler"
)

// Processes join, leave and are killed with SIGKILL in the middle of their work,
// again and again, while the Redis that they share freezes and is killed too and the
// platform refuses, limits, and takes what it says it did not, until nothing is owed
// any more. Everything that was due has been delivered; what was delivered twice has the same nonce, or is an edit.
func TestStormsOfKills(t *testing.T) {
	t.Run("bolt", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		s := newStorm(t, []string{"VILLAGE_DATA=" + path})
		file, err := bolt.Open(path+"/village.db", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		s.owe(file, 2000)
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		s.rage(1, 6) // the file is for one process at a time
		if file, err = bolt.Open(path+"/village.db", time.Now); err != nil {
			t.Fatal(err)
		}
		s.judge(file)
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		server := storetest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "always")
		if server == nil {
			return // its log says so
		}
		s := newStorm(t, []string{"REDIS_URL=" + server.URL, "VILLAGE_DATA=" + t.TempDir()})
		shared, err := redis.Open(t.Context(), server.URL, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		s.owe(shared, 6000)
		shaken := make(chan struct{})
		go func() {
			defer close(shaken)
			s.shake(server)
		}()
		s.rage(4, 5)
		<-shaken
		s.judge(shared)
	})
}

// delivery is one thing that was due: a job at a time.
type delivery struct {
	job string
	due int64
}

// storm is what was due, and what the processes said on their way.
type storm struct {
	t     *testing.T
	env   []string
	owed  map[delivery]bool
	cards int
	begin time.Time

	mu           sync.Mutex
	sent         map[delivery]map[string]int // how often, by nonce
	edits        int
	killed, left int
	shakes       atomic.Int64  // of the store under the processes
	calm         chan struct{} // closed when nothing is owed any more
	calmed       sync.Once
}

func newStorm(t *testing.T, env []string) *storm {
	return &storm{t: t, env: append(env, "TZ=UTC", "HOME="+t.TempDir()),
		owed: map[delivery]bool{}, sent: map[delivery]map[string]int{}, calm: make(chan struct{})}
}

// What is owed in a storm: notes that come once, water that comes five times
// and is counted, cards that are posted and then edited four times.
const (
	stormNote  = "note"
	stormWater = "water"
	stormCard  = "card"
	stormTimes = 5
	stormPause = 150 * time.Millisecond
)

// owe fills the store with what is due now and in the next seconds.
func (s *storm) owe(to store.Store, notes int) {
	s.t.Helper()
	s.begin = time.Now().Truncate(time.Millisecond)
	var changes []store.Change
	add := func(kind string, i, times int) {
		partition := fmt.Sprintf("p/storm%%2F%d", i%500)
		due := s.begin.Add(time.Duration(i%1500) * time.Millisecond)
		j := store.Job{Partition: partition, ID: fmt.Sprintf("%s/%d", kind, i), Kind: kind, Due: due, Body: []byte("1")}
		changes = append(changes, store.Change{Partition: partition, Jobs: []store.Job{j}})
		for n := range times {
			s.owed[delivery{j.ID, due.Add(time.Duration(n) * stormPause).UnixMilli()}] = true
		}
	}
	for i := range notes {
		add(stormNote, i, 1)
	}
	s.cards = notes / 40
	for i := range s.cards {
		add(stormWater, i, stormTimes)
		add(stormCard, i, stormTimes)
	}
	if err := errors.Join(to.CommitAll(s.t.Context(), changes)...); err != nil {
		s.t.Fatal(err)
	}
}

// rage keeps so many processes at work at a time, of which each place sees so
// many end early, until nothing is owed.
func (s *storm) rage(places, ends int) {
	s.t.Helper()
	var all sync.WaitGroup
	for place := range places {
		dice := rand.New(rand.NewPCG(20261123, uint64(place)))
		all.Go(func() {
			for range ends {
				if err := s.steady(20+dice.IntN(250), dice.IntN(4) > 0); err != nil {
					s.t.Error(err)
					return
				}
			}
			if err := s.steady(-1, false); err != nil {
				s.t.Error(err)
			}
		})
	}
	all.Wait()
}

// shakeTimes is how often a store is shaken, each time frozen and then killed.
const shakeTimes = 2

// shake freezes the server, and kills it and starts it anew, while people work on it.
func (s *storm) shake(server *storetest.Server) {
	for range shakeTimes {
		for _, trouble := range []func(){
			func() { server.Freeze(s.t, 700*time.Millisecond) },
			func() { server.Kill(s.t); server.Restart(s.t) },
		} {
			select {
			case <-s.calm:
				return
			case <-time.After(400 * time.Millisecond):
				s.shakes.Add(1)
				trouble()
				s.shakes.Add(1)
			}
		}
	}
}

// steady is process, begun anew where one could not begin, or went on no longer,
// because the store was shaken under it.
func (s *storm) steady(lines int, kill bool) error {
	for {
		before := s.shakes.Load()
		err := s.process(lines, kill)
		if err == nil || s.shakes.Load() == before && before%2 == 0 {
			return err
		}
	}
}

// process runs one until it has said so many lines and is then killed, or asked
// to leave, or until nothing is owed any more.
func (s *storm) process(lines int, kill bool) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "village-storm")
	cmd.Env = append(cmd.Environ(), s.env...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	leave := sync.OnceFunc(func() { _ = in.Close() })
	stopped := context.AfterFunc(ctx, leave)
	defer stopped()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-s.calm:
			leave()
		case <-ended:
		}
	}()
	killed := false
	said := bufio.NewScanner(out)
	for n := 1; said.Scan(); n++ {
		if err := s.heard(said.Text()); err != nil {
			return err
		}
		switch {
		case n != lines:
		case kill:
			killed = true
			if err := cmd.Process.Kill(); err != nil { // SIGKILL
				return err
			}
		default:
			leave()
		}
	}
	err = cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if killed {
		s.killed++
		return nil
	}
	s.left++
	if err != nil {
		return fmt.Errorf("a process ended by itself: %w %s", err, &complaint)
	}
	return nil
}

// heard notes what a process said: "empty", or what it delivered.
func (s *storm) heard(line string) error {
	if line == "empty" {
		s.calmed.Do(func() { close(s.calm) })
		return nil
	}
	words := strings.Fields(line)
	if len(words) != 4 {
		return fmt.Errorf("a process said %q", line)
	}
	due, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := delivery{words[1], due}
	if s.sent[d] == nil {
		s.sent[d] = map[string]int{}
	}
	if words[0] == "edit" {
		s.edits++
	}
	s.sent[d][words[3]]++
	return nil
}

// judge compares what was delivered with what was due.
func (s *storm) judge(kept store.Store) {
	s.t.Helper()
	defer kept.Close()
	lost, strange, doubled, visible := 0, 0, 0, 0
	for d := range s.owed {
		if len(s.sent[d]) == 0 {
			lost++
		}
	}
	whose := map[string]delivery{}
	posted := map[string]map[string]bool{}
	for d, names := range s.sent {
		if !s.owed[d] {
			strange++
		}
		times := 0
		for name, n := range names {
			times += n
			if strings.HasPrefix(d.job, stormCard) {
				// A card is one message, however often it is posted or edited.
				if posted[d.job] == nil {
					posted[d.job] = map[string]bool{}
				}
				posted[d.job][name] = true
				continue
			}
			if other, taken := whose[name]; taken && other != d {
				s.t.Errorf("%v and %v have the same nonce", d, other)
			}
			whose[name] = d
		}
		doubled += times - 1
		if !strings.HasPrefix(d.job, stormCard) && len(names) > 1 {
			visible++
		}
	}
	for _, messages := range posted {
		if len(messages) > 1 {
			visible++
		}
	}
	if lost+strange+visible > 0 {
		s.t.Errorf("%d were lost, %d were not due, %d came twice for everybody to see", lost, strange, visible)
	}
	counts, pending := map[int64]int{}, 0
	err := kept.Walk(s.t.Context(), func(d store.Doc) error {
		if d.Kind == stormWater {
			counts[d.Rev]++
		}
		return nil
	}, func(store.Job) error { pending++; return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	if want := map[int64]int{stormTimes: s.cards}; !maps.Equal(counts, want) || pending > 0 {
		s.t.Errorf("the water was counted %v, want %v, and %d jobs are pending", counts, want, pending)
	}
	if s.killed == 0 {
		s.t.Error("nobody was killed")
	}
	s.t.Logf("%d promises: %d lost, %d doubled for people to see; %d repeats with the same nonce or as an edit; %d edits; %d processes killed, %d left; the store shaken %d times; %v",
		len(s.owed), lost, visible, doubled, s.edits, s.killed, s.left, s.shakes.Load()/2, time.Since(s.begin).Round(time.Millisecond))
}

// weather is the process that is killed: it delivers what is due to its
// standard output until its input ends.
func weather(ctx context.Context, p *program) error {
	kept, _, err := p.openStore(ctx, time.Now)
	if err != nil {
		return err
	}
	defer kept.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, p.stdin)
		cancel()
	}()
	s, err := scheduler.New(scheduler.Config{
		Store:     emptied{kept, p.stdout},
		Platforms: map[string]bot.Platform{"storm": aloud{p.stdout}},
		Kinds: []scheduler.JobKind{
			{Name: stormNote, Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: shout(j)}, nil
			}},
			{Name: stormCard, Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: shout(j), Card: "card" + strings.ReplaceAll(j.ID, "/", "-"), Then: again(j)}, nil
			}},
			{Name: stormWater, Prepare: func(ctx context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				count, err := kept.Get(ctx, store.Key{Partition: j.Partition, Kind: stormWater, ID: j.ID})
				then := again(j)
				then.Puts = count
				return scheduler.Delivery{Out: shout(j), Then: then}, err
			}},
		},
		Hold: time.Second, Poll: 50 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	return s.Run(ctx)
}

func shout(j store.Job) *bot.Outgoing {
	return &bot.Outgoing{To: bot.Address{Room: "storm/" + j.ID}, Message: bot.Message{Text: fmt.Sprint(j.ID, " ", j.Due.UnixMilli())}}
}

// again puts the job's next time, until it has come often enough.
func again(j store.Job) store.Change {
	n, err := strconv.Atoi(string(j.Body))
	if err != nil || n >= stormTimes {
		return store.Change{}
	}
	next := store.Job{Partition: j.Partition, ID: j.ID, Kind: j.Kind, Due: j.Due.Add(stormPause), Body: strconv.AppendInt(nil, int64(n+1), 10)}
	return store.Change{Jobs: []store.Job{next}}
}

// aloud is a platform whose messages are lines: "sent JOB DUE NONCE". The name
// of a message is its nonce, as on a platform that shows a repeat once. Now and then
// it fails, or says that it did.
type aloud struct{ out io.Writer }

// errWeather is what the platform says when it fails.
var errWeather = errors.New("the platform fails")

// trouble is what comes instead of an answer, and whether the message is taken.
func (aloud) trouble() (taken bool, err error) {
	switch rand.IntN(40) {
	case 0:
		return false, errWeather
	case 1:
		return false, &bot.RetryError{After: 50 * time.Millisecond, Err: errWeather}
	case 2:
		return true, errWeather
	}
	return true, nil
}

func (aloud) Name() string                              { return "storm" }
func (aloud) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (a aloud) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	taken, trouble := a.trouble()
	if !taken {
		return bot.Posted{}, trouble
	}
	_, err := fmt.Fprintf(a.out, "sent %s %s\n", o.Message.Text, o.Nonce)
	return bot.Posted{Platform: "storm", Room: o.To.Room, Message: o.Nonce}, errors.Join(err, trouble)
}

func (a aloud) Edit(_ context.Context, p bot.Posted, m bot.Message) error {
	taken, trouble := a.trouble()
	if !taken {
		return trouble
	}
	_, err := fmt.Fprintf(a.out, "edit %s %s\n", m.Text, p.Message)
	return errors.Join(err, trouble)
}

// emptied says when nothing is pending any more, in any process.
type emptied struct {
	store.Store
	out io.Writer
}

func (e emptied) NextDue(ctx context.Context) (time.Time, bool, error) {
	at, some, err := e.Store.NextDue(ctx)
	if err == nil && !some {
		_, err = fmt.Fprintln(e.out, "empty")
	}
	return at, some, err
}
