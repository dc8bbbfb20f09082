package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

// A store that comes back without the last of what it had acknowledged is a question,
// with two ways out, and no fresh start.
func TestOlderThanItWas(t *testing.T) {
	now := time.Now()
	aged := func(t *testing.T, kept store.Store, p *program) { // a day of use, after which something is taken
		t.Helper()
		o, err := p.follow(t.Context(), kept, "it")
		if err != nil {
			t.Fatal(err)
		}
		if err := o.beat(t.Context(), now.Add(-24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	used := func(t *testing.T, kept store.Store, p *program) {
		t.Helper()
		o, err := p.follow(t.Context(), kept, "it")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			d := store.Doc{Key: store.Key{Partition: fmt.Sprint("p/", i), Kind: "note", ID: "one"}, Body: []byte(strings.Repeat("x", 100))}
			if err := kept.Commit(t.Context(), store.Change{Partition: d.Partition, Puts: []store.Doc{d}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(o.beat(t.Context(), now), o.check(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	asked := func(t *testing.T, p *program) {
		t.Helper()
		_, err := p.open(t.Context(), false, discardLog())
		if !errors.Is(err, errOlder) || !strings.Contains(err.Error(), "go on with what is there: village -anew") {
			t.Fatalf("it is opened: %v", err)
		}
		o, err := p.open(t.Context(), true, discardLog())
		if err != nil {
			t.Fatalf("what is meant is not done: %v", err)
		}
		_, done := o.attend(t.Context())
		if err := done(); err != nil {
			t.Fatal(err)
		}
		if o, err = p.open(t.Context(), false, discardLog()); err != nil {
			t.Fatalf("it is asked again: %v", err)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("an old file", func(t *testing.T) {
		dir := t.TempDir()
		p := looking(map[string]string{"VILLAGE_DATA": dir})
		session := func(use func(*testing.T, store.Store, *program)) {
			t.Helper()
			o, err := p.open(t.Context(), false, discardLog())
			if err != nil {
				t.Fatal(err)
			}
			use(t, o.progress.store, p)
			if err := o.Close(); err != nil {
				t.Fatal(err)
			}
		}
		session(aged)
		path := filepath.Join(dir, storeFile)
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		session(used)
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
		asked(t, p)
	})
	t.Run("half of an append-only file", func(t *testing.T) {
		server := storetest.StartRedis(t, "--appendonly", "yes")
		if server == nil {
			return // its log says so
		}
		p := looking(map[string]string{"VILLAGE_DATA": t.TempDir(), "REDIS_URL": server.URL})
		kept, err := redis.Open(t.Context(), server.URL, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.rightKey(t.Context(), kept, "Redis", false); err != nil {
			t.Fatal(err)
		}
		aged(t, kept, p)
		used(t, kept, p)
		following, err := p.follow(t.Context(), kept, "Redis")
		if err != nil {
			t.Fatal(err)
		}
		server.Kill(t)
		server.Halve(t)
		server.Restart(t)
		following.keep(t.Context(), discardLog()) // ends by itself
		if err := (followed{kept, following}).Health(t.Context()); !errors.Is(err, errOlder) {
			t.Errorf("a running program is well: %v", err)
		}
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
		asked(t, p)
	})
}

// looking is a program with these settings.
func looking(env map[string]string) *program {
	return &program{getenv: func(name string) string { return env[name] }}
}
