package scheduler_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/scheduler"
)

// stage is a platform that keeps what was said on it.
type stage struct {
	mu    sync.Mutex
	name  string
	posts []post
	// fault is asked before a message goes out or a card is edited.
	fault func(ctx context.Context, o bot.Outgoing) error
	// gone are messages that were deleted.
	gone map[string]bool
}

type post struct {
	at    time.Time
	to    string
	text  string
	nonce string
	again bool   // it may have been sent before
	edits string // the message that was edited
}

func (s *stage) Name() string                              { return s.name }
func (s *stage) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (s *stage) check(ctx context.Context, o bot.Outgoing) error {
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	if fault != nil {
		return fault(ctx, o)
	}
	return nil
}

func (s *stage) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if err := s.check(ctx, o); err != nil {
		return bot.Posted{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, post{at: time.Now(), to: o.To.Person + o.To.Room, text: o.Message.Text, nonce: o.Nonce, again: !o.Since.IsZero()})
	return bot.Posted{Platform: s.name, Room: o.To.Person + o.To.Room, Message: fmt.Sprintf("m%d", len(s.posts))}, nil
}

func (s *stage) Edit(ctx context.Context, p bot.Posted, m bot.Message) error {
	if err := s.check(ctx, bot.Outgoing{To: bot.Address{Room: p.Room}, Message: m}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone[p.Message] {
		return bot.ErrGone
	}
	s.posts = append(s.posts, post{at: time.Now(), to: p.Room, text: m.Text, edits: p.Message})
	return nil
}

// said lists what was said to an address, or to all for "".
func (s *stage) said(to string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for _, p := range s.posts {
		if to == "" || p.to == to {
			texts = append(texts, p.text)
		}
	}
	return texts
}

func (s *stage) all() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// open gives a throw-away store on the test's clock.
func open(t *testing.T, now func() time.Time) *bolt.Store {
	t.Helper()
	st, err := bolt.OpenThrowaway(now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func commit(t *testing.T, st store.Store, c store.Change) {
	t.Helper()
	if err := st.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func build(t *testing.T, cfg scheduler.Config) *scheduler.Scheduler {
	t.Helper()
	s, err := scheduler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs a scheduler until stop is called or the test ends.
func start(t *testing.T, s *scheduler.Scheduler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the scheduler ended with: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// bubble runs a test on a clock of its own that starts at midnight UTC on
// January 1, 2000.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// wait lets a time pass on the bubble's clock, and everything due in it happen.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// note is a kind of job whose body is "address text".
func note(name string) scheduler.JobKind {
	return scheduler.JobKind{Name: name, Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
		return scheduler.Delivery{Out: message(j)}, nil
	}}
}

func message(j store.Job) *bot.Outgoing {
	to, text, _ := strings.Cut(string(j.Body), " ")
	return &bot.Outgoing{To: bot.Address{Room: to}, Message: bot.Message{Text: text}}
}

func job(partition, id, kind string, due time.Time, body string) store.Job {
	return store.Job{Partition: partition, ID: id, Kind: kind, Due: due, Body: []byte(body)}
}

func put(t *testing.T, st store.Store, jobs ...store.Job) {
	t.Helper()
	for _, j := range jobs {
		commit(t, st, store.Change{Partition: j.Partition, Jobs: []store.Job{j}})
	}
}

// pending are the IDs of a partition's jobs.
func pending(t *testing.T, st store.Store, partition string) []string {
	t.Helper()
	jobs, err := st.Pending(t.Context(), partition, 100)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}

func docs(t *testing.T, st store.Store, kind string) []store.Doc {
	t.Helper()
	var found []store.Doc
	err := st.Walk(t.Context(), func(d store.Doc) error {
		if d.Kind == kind {
			found = append(found, d)
		}
		return nil
	}, func(store.Job) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func letters(t *testing.T, st store.Store, partition, to string) []scheduler.DeadLetter {
	t.Helper()
	listed, err := st.List(t.Context(), store.Query{Partition: partition, Index: scheduler.DeadIndex(to)})
	if err != nil {
		t.Fatal(err)
	}
	var found []scheduler.DeadLetter
	for _, d := range listed {
		var letter scheduler.DeadLetter
		if err := json.Unmarshal(d.Body, &letter); err != nil {
			t.Fatal(err)
		}
		found = append(found, letter)
	}
	return found
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

var errBroken = errors.New("the line is broken")
