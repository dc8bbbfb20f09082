package adapter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"village/bot"
)

// pass lets time pass in a bubble.
func pass(t *testing.T, d time.Duration) {
	if err := Sleep(context.WithoutCancel(t.Context()), d); err != nil {
		t.Error(err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory[string](3)
		for i := range 4 {
			if !m.First(fmt.Sprint(i), 10*time.Minute) {
				t.Errorf("%d was known", i)
			}
		}
		if _, known := m.Get("0"); known || m.order.Len() != 3 {
			t.Errorf("%d remembered, the oldest among them: %v", m.order.Len(), known)
		}
		pass(t, 6*time.Minute)
		if m.First("3", 10*time.Minute) {
			t.Error("forgotten within six minutes")
		}
		pass(t, 4*time.Minute)
		if !m.First("3", 10*time.Minute) || m.order.Len() != 1 {
			t.Errorf("remembered for ever: %d", m.order.Len())
		}
		m.Put("3", "new", time.Hour)
		if v, ok := m.Get("3"); !ok || v != "new" || m.order.Len() != 1 {
			t.Errorf("%q, %v, and %d remembered", v, ok, m.order.Len())
		}
		m.Put("short", "x", time.Minute) // behind one that lives for longer
		pass(t, time.Minute)
		if _, ok := m.Get("short"); ok {
			t.Error("what is over is still known")
		}
		m.Remove("3")
		m.Remove("3")
		if _, ok := m.Get("3"); ok || m.order.Len() != 0 {
			t.Errorf("removed, and %d are left", m.order.Len())
		}
	})
}

// state is a State in memory, which may be out of order.
type state struct {
	kept map[string][]byte
	err  error
	hang bool
}

func (s *state) ask(ctx context.Context) error {
	if s.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.err
}

func (s *state) First(ctx context.Context, key string, _ time.Duration) (bool, error) {
	_, known := s.kept[key]
	s.kept[key] = nil
	return !known, s.ask(ctx)
}

func (s *state) Keep(ctx context.Context, key string, value []byte, _ time.Duration) error {
	s.kept[key] = value
	return s.ask(ctx)
}

func (s *state) Kept(ctx context.Context, key string) ([]byte, error) {
	return s.kept[key], s.ask(ctx)
}

// What one copy has met or kept, another one knows, if they share a State; without
// one, or while it does not answer, people are answered all the same.
func TestCopiesShareANotebook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		shared := &state{kept: map[string][]byte{}}
		one, two, alone := NewNotebook(10, shared, time.Minute), NewNotebook(10, shared, time.Minute), NewNotebook(10, nil, time.Minute)
		if !one.Shared() || alone.Shared() {
			t.Error("who shares what is not known")
		}
		if !one.FirstHere("k", time.Hour) || one.FirstHere("k", time.Hour) || !two.FirstHere("k", time.Hour) {
			t.Error("a process does not know what it has met itself")
		}
		for i, tc := range []struct {
			book *Notebook
			want bool
		}{{one, true}, {two, false}, {alone, true}, {alone, true}} {
			if fresh, err := tc.book.First(ctx, "use", time.Hour); fresh != tc.want || err != nil {
				t.Errorf("%d: %v, %v", i, fresh, err)
			}
		}
		for _, book := range []*Notebook{one, alone} {
			if err := book.Keep(ctx, "value", []byte("words"), time.Hour); err != nil {
				t.Error(err)
			}
		}
		for i, book := range []*Notebook{one, two, alone} {
			if v, err := book.Kept(ctx, "value"); string(v) != "words" || err != nil {
				t.Errorf("%d: %q, %v", i, v, err)
			}
		}
		if v, err := two.Kept(ctx, "other"); v != nil || err != nil {
			t.Errorf("%q, %v", v, err)
		}

		shared.hang = true
		begun := time.Now()
		if fresh, err := two.First(ctx, "use", time.Hour); !fresh || err == nil {
			t.Errorf("nobody is answered: %v, %v", fresh, err)
		}
		if err := two.Keep(ctx, "mine", []byte("x"), time.Hour); err == nil {
			t.Error("it was kept everywhere")
		}
		if v, err := two.Kept(ctx, "mine"); string(v) != "x" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		if _, err := two.Kept(ctx, "other"); err == nil {
			t.Error("it was looked up")
		}
		if took := time.Since(begun); took > 3*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

// A form comes back with everything that was typed, and whatever is no form is none.
func TestFormsAreKept(t *testing.T) {
	ctx := t.Context()
	n := NewNotebook(10, nil, time.Minute)
	f := bot.Form{
		Title: "A ride", Intro: "Two things", Path: []string{"ask", "ride"}, Args: map[string]string{"from": "here"},
		Fields: []bot.FormField{{Value: "thu 1pm", Option: bot.Option{
			Name: "when", Summary: "When", Label: "When?", Hint: "thu", Kind: bot.Choice, Required: true, Min: 1, Max: 9, Long: true, Private: true,
			Choices: []bot.Pick{{Label: "Thursday", Value: "thu"}},
		}}},
	}
	asked := f
	asked.Fields = []bot.FormField{f.Fields[0]}
	asked.Fields[0].Complete = func(context.Context, bot.Request, string) []bot.Pick { return nil }
	if err := n.KeepForm(ctx, "f", asked, time.Hour); err != nil {
		t.Fatal(err)
	}
	if got, err := n.KeptForm(ctx, "f"); err != nil || !reflect.DeepEqual(*got, f) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := n.Keep(ctx, "odd", []byte("{"), time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"odd", "none"} {
		if got, err := n.KeptForm(ctx, key); got != nil || err != nil {
			t.Errorf("%s: %+v, %v", key, got, err)
		}
	}
	broken := NewNotebook(10, &state{kept: map[string][]byte{}, err: errors.New("no store")}, time.Minute)
	if _, err := broken.KeptForm(ctx, "f"); err == nil {
		t.Error("it was looked for")
	}
}

func TestHeartbeatsAreRead(t *testing.T) {
	ctx := t.Context()
	if found := NewNotebook(1, nil, time.Minute).CheckHeard(ctx, "them"); found != nil {
		t.Errorf("without a State: %+v", found)
	}
	shared := &state{kept: map[string][]byte{}}
	n := NewNotebook(1, shared, time.Minute)
	says := func(want string, ok bool) {
		t.Helper()
		if found := n.CheckHeard(ctx, "them"); len(found) != 1 || found[0].OK != ok || !strings.Contains(found[0].Say, want) {
			t.Errorf("not said: %q in %+v", want, found)
		}
	}
	says("No bot has heard from them", true)
	for ago, ok := range map[time.Duration]bool{5 * time.Minute: false, 0: true} {
		if err := n.Heard(ctx, time.Now().Add(-ago)); err != nil {
			t.Fatal(err)
		}
		says("heard from them", ok)
	}
	shared.err = errors.New("no store")
	says("cannot be looked up: no store", false)
}

// A program that ends takes nothing new, waits for what is under way, cuts off what
// takes too long, and waits for nobody who does not notice.
func TestTasksDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		tasks := NewTasks(slog.New(slog.NewTextHandler(&log, nil)), "test")
		done, cut := make(chan struct{}), make(chan struct{})
		stuck := make(chan struct{})
		tasks.Go(func(context.Context) {
			pass(t, 4*time.Second)
			close(done)
		})
		tasks.Go(func(ctx context.Context) {
			<-ctx.Done()
			close(cut)
		})
		tasks.Go(func(context.Context) { <-stuck })
		tasks.Go(func(context.Context) { panic("maya's words") })
		begun := time.Now()
		tasks.Drain(5 * time.Second)
		if took := time.Since(begun); took != 6*time.Second {
			t.Errorf("it took %v", took)
		}
		<-done
		<-cut
		if tasks.Go(func(context.Context) { t.Error("done after the end") }) {
			t.Error("something new was taken")
		}
		close(stuck)
		begun = time.Now()
		tasks.Drain(time.Hour)
		if took := time.Since(begun); took != 0 {
			t.Errorf("with nothing under way it took %v", took)
		}
		if !strings.Contains(log.String(), "test: something panicked") || strings.Contains(log.String(), "maya") {
			t.Errorf("logged: %s", log.String())
		}
	})
}

func TestInsist(t *testing.T) {
	final, passing := errors.New("final"), errors.New("passing")
	again := func(err error, failed int) (time.Duration, bool) {
		return Backoff(time.Second, 4*time.Second, failed), err != final
	}
	for name, tc := range map[string]struct {
		tries, works int // the attempt that works; 0 never
		err          error
		limit        time.Duration
		attempts     int
		takes        time.Duration
		want         error
	}{
		"at once":              {tries: 3, works: 1, attempts: 1},
		"the third time":       {tries: 5, works: 3, err: passing, attempts: 3, takes: 3 * time.Second},
		"never":                {tries: 4, err: passing, attempts: 4, takes: 7 * time.Second, want: passing},
		"refused for good":     {tries: 4, err: final, attempts: 1, want: final},
		"as often as it takes": {works: 7, err: passing, attempts: 7, takes: 19 * time.Second},
		"no time for the wait": {tries: 4, err: passing, limit: 2500 * time.Millisecond, attempts: 2, takes: time.Second, want: passing},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tc.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.limit)
					defer cancel()
				}
				begun, n := time.Now(), 0
				err := Insist(ctx, tc.tries, again, func() error {
					if n++; n == tc.works {
						return nil
					}
					return tc.err
				})
				if took := time.Since(begun); err != tc.want || n != tc.attempts || took != tc.takes {
					t.Errorf("%v after %d attempts and %v", err, n, took)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if err := Insist(ctx, 0, again, func() error { return passing }); err != passing {
				t.Errorf("ended with %v", err)
			}
		})
		synctest.Wait()
		cancel()
		waiting.Wait()
	})
	rapid.Check(t, func(rt *rapid.T) {
		first, n := time.Duration(rapid.IntRange(1, 1e9).Draw(rt, "first")), rapid.IntRange(0, 1000).Draw(rt, "failed")
		d := Backoff(first, time.Minute, n)
		if d <= 0 || d > time.Minute || n == 0 && d != first {
			rt.Fatalf("waits %v", d)
		}
		if s := Scattered(d); s < d/2 || s > d {
			rt.Fatalf("%v became %v", d, s)
		}
	})
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"one two three", 8, "one two |three"},
		{"onetwothree", 4, "onet|woth|ree"},
		{"e\u0301e\u0301", 3, "e\u0301|e\u0301"},
		{"👍🏽👍🏽", 4, "👍🏽|👍🏽"},
		{"👍🏽", 2, "👍|🏽"},
		{"", 5, ""},
	} {
		if got := strings.Join(Cut(c.in, c.most), "|"); got != c.want {
			t.Errorf("Cut(%q, %d) = %q", c.in, c.most, got)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"one two", 7, "one two"},
		{"one two three", 12, "one two…"},
		{"one two three", 8, "one two…"},
		{"one two three", 7, "one…"},
		{"onetwo", 4, "one…"},
	} {
		if got := Clip(c.in, c.most); got != c.want {
			t.Errorf("Clip(%q, %d) = %q", c.in, c.most, got)
		}
	}
}

// Whatever is clipped or cut keeps to the limit; what fits is left alone, and what is
// cut is all still there.
func TestWordsKeepTheLimit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, most := rapid.String().Draw(rt, "words"), rapid.IntRange(2, 30).Draw(rt, "most")
		switch got := Clip(s, most); {
		case Units(s) <= most && got != s:
			rt.Fatalf("%q became %q", s, got)
		case Units(s) > most && (Units(got) > most || !strings.HasSuffix(got, "…") || utf8.ValidString(s) && !utf8.ValidString(got)):
			rt.Fatalf("%q became %q", s, got)
		}
		parts := Cut(s, most)
		if strings.Join(parts, "") != s {
			rt.Fatalf("%q became %q", s, parts)
		}
		for _, p := range parts {
			if Units(p) > most || utf8.ValidString(s) && !utf8.ValidString(p) {
				rt.Fatalf("%q is longer than %d", p, most)
			}
		}
	})
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "語": 1, "🌊": 2, "\xff": 1} {
		if got := Units(s); got != want {
			t.Errorf("%q has %d", s, got)
		}
	}
}
