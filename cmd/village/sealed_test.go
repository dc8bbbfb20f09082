package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"village/bot/console"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
)

// After a busy month no byte of a store, and none of its backup, has one of 200 words,
// names and dates in clear. They are all there for whoever has the key.
func TestNothingInClear(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "village.db")
	url := "redis://" + miniredis.RunT(t).Addr()
	for _, kept := range []struct {
		name  string
		open  func(now func() time.Time) (store.Store, error)
		bytes func(t *testing.T) []byte
	}{
		{"bolt", func(now func() time.Time) (store.Store, error) { return bolt.Open(path, now) }, func(t *testing.T) []byte { return wholeFile(t, path) }},
		{"miniredis", func(now func() time.Time) (store.Store, error) { return redis.Open(t.Context(), url, now) }, func(t *testing.T) []byte { return wholeRedis(t, url) }},
	} {
		t.Run(kept.name, func(t *testing.T) {
			clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
			inner, err := kept.open(clock.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer inner.Close()
			var out bytes.Buffer
			r, err := newRehearsal(t.Context(), inner, library, clock, console.Config{Out: &out, Moderators: []string{"mod"}})
			if err != nil {
				t.Fatal(err)
			}
			lines, planted := busyMonth()
			play := func(lines string) {
				t.Helper()
				if err := r.play(t.Context(), strings.NewReader(lines)); err != nil {
					t.Fatal(err)
				}
			}
			play(lines)
			for i, code := range regexp.MustCompile(`/session save \w+`).FindAllString(out.String(), -1) {
				play(fmt.Sprintf("quokkaname%dx: %s", i, code))
			}
			play("wait 30d")
			if len(planted) != 200 {
				t.Fatalf("%d words are planted", len(planted))
			}
			var backup bytes.Buffer
			if err := store.Backup(t.Context(), inner, &backup); err != nil {
				t.Fatal(err)
			}
			for where, what := range map[string][]byte{"the store": kept.bytes(t), "the backup": unpacked(t, backup.Bytes())} {
				if found := found(what, planted); len(found) > 0 {
					t.Errorf("in clear in %s: %q", where, found)
				}
			}
			// The 40 private details are sealed once more, for their need alone.
			if opened := found(readable(t, r.store), planted); len(opened) != 160 {
				t.Errorf("with the key %d are found: %q", len(opened), opened)
			}
		})
	}
}

// busyMonth is what twenty people do, and ten words, names and dates of each. Some of
// it is still ahead in the end.
func busyMonth() (lines string, planted []string) {
	var b strings.Builder
	fmt.Fprintln(&b, "mod: /setup zone Denver")
	for i := range 20 {
		word := func(what string) string {
			planted = append(planted, fmt.Sprint("Quokka", what, i, "x"))
			return planted[len(planted)-1]
		}
		date := func(month time.Month) string {
			planted = append(planted, time.Date(2027, month, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			return planted[len(planted)-1]
		}
		who := word("name")
		fmt.Fprintf(&b, "%s: /me zone Denver\n", who)
		fmt.Fprintf(&b, "%s: /remind add every monday at 9am words: take the %s\n", who, word("pill"))
		fmt.Fprintf(&b, "%s: /remind add %s at 10am words: ring %s\n", who, date(time.March), word("aunt"))
		fmt.Fprintf(&b, "%s: /ask ride-home when: %s 1:30pm from: near the park note: %s details: %s\n", who, date(time.January), word("note"), word("door"))
		fmt.Fprintf(&b, "%s: /session add when: %s 13:00 area: %s help: ride home details: %s\n", who, date(time.February), word("place"), word("bell"))
	}
	return b.String(), planted
}

func found(where []byte, words []string) (out []string) {
	where = bytes.ToLower(where)
	for _, w := range words {
		if bytes.Contains(where, []byte(strings.ToLower(w))) {
			out = append(out, w)
		}
	}
	return out
}

// readable is everything that a store gives to the program.
func readable(t *testing.T, s store.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	err := s.Walk(t.Context(), func(d store.Doc) error { fmt.Fprintln(&b, d.Key, d.Listed, string(d.Body)); return nil },
		func(j store.Job) error { fmt.Fprintln(&b, j.Partition, j.ID, string(j.Body)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wholeFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wholeRedis is every key and value.
func wholeRedis(t *testing.T, url string) []byte {
	t.Helper()
	options, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(options)
	defer client.Close()
	ctx := t.Context()
	var b bytes.Buffer
	for _, key := range client.Keys(ctx, "*").Val() {
		fmt.Fprintln(&b, key, client.Get(ctx, key).Val(), client.HGetAll(ctx, key).Val(), client.SMembers(ctx, key).Val(), client.ZRange(ctx, key, 0, -1).Val())
	}
	if b.Len() < 10_000 {
		t.Fatalf("only %d bytes are in Redis", b.Len())
	}
	return b.Bytes()
}

// unpacked is a backup with its bodies as they are, behind it. When something is due
// or expires has to be kept, and is left out here: it says nothing of whom.
func unpacked(t *testing.T, backup []byte) []byte {
	t.Helper()
	out := regexp.MustCompile(`"(due|expires)":"[^"]*"`).ReplaceAll(backup, nil)
	lines, bodies := bufio.NewScanner(bytes.NewReader(backup)), 0
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line map[string]struct{ Body []byte }
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue // the first line, which holds none
		}
		for _, part := range line {
			out, bodies = append(out, part.Body...), bodies+1
		}
	}
	if bodies < 200 {
		t.Fatalf("only %d bodies are in the backup", bodies)
	}
	return out
}
