package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"village/bot/console"
	"village/bot/slack"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
)

// After a busy month no byte of a store, and none of its backup, has one of 200 words,
// names and dates in clear, nor a secret address that was given to anybody. They are all
// there for whoever has the key.
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
			t.Parallel()
			clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
			inner, err := kept.open(clock.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer inner.Close()
			b := &busyMonth{t: t}
			b.r, err = newRehearsal(t.Context(), inner, library, clock, console.Config{Out: &b.out, Moderators: []string{"mod"}})
			if err != nil {
				t.Fatal(err)
			}
			opened, seen := map[string]bool{}, map[string]bool{}
			look := func() {
				t.Helper()
				secrets := secretAddress.FindAllString(b.out.String(), -1)
				if len(secrets) < 20 {
					t.Fatalf("only %d secret addresses were given", len(secrets))
				}
				var backup bytes.Buffer
				if err := store.Backup(t.Context(), inner, &backup); err != nil {
					t.Fatal(err)
				}
				for where, what := range map[string][]byte{"the store": kept.bytes(t), "the backup": unpacked(t, backup.Bytes())} {
					if found := found(what, slices.Concat(b.planted, secrets)); len(found) > 0 {
						t.Errorf("in clear in %s: %q", where, found)
					}
				}
				if open := kindsOf(t, inner, seen); len(open) > 0 {
					t.Errorf("these can be read without the key: %q", open)
				}
				for _, word := range found(readable(t, b.r.store), b.planted) {
					opened[word] = true
				}
			}
			b.plant()
			look()
			b.play("wait 30d")
			look()
			all := strings.Fields("act bar calendar card care course details diary entry family feed group held helper installation kept link local member need news note posts reminder scores trust worry")
			if missing := slices.DeleteFunc(all, func(kind string) bool { return seen[kind] }); len(missing) > 0 {
				t.Errorf("nothing was kept of these kinds: %q", missing)
			}
			if len(b.planted) != 200 {
				t.Fatalf("%d words are planted", len(b.planted))
			}
			// What only one person opens, or one platform, is sealed once more.
			closed := slices.DeleteFunc(slices.Clone(b.planted), func(word string) bool { return opened[word] })
			if twice := regexp.MustCompile(`^Quokka(door|bell|form)\d`); slices.ContainsFunc(closed, func(word string) bool { return !twice.MatchString(word) }) || len(closed) != 28 {
				t.Errorf("with the key %d are not found: %q", len(closed), closed)
			}
		})
	}
}

// secretAddress finds what opens something for whoever has it.
var secretAddress = regexp.MustCompile(`\b[a-z2-7]{26}\b`)

// busyMonth is what twenty people do, and ten words, names and dates of each: six of
// what everybody keeps, and four of other kinds. Some of it is still ahead in the end.
type busyMonth struct {
	t       *testing.T
	r       *rehearsal
	out     bytes.Buffer
	planted []string
	who     string
	i       int
}

func (b *busyMonth) play(lines ...string) {
	b.t.Helper()
	if err := b.r.play(b.t.Context(), strings.NewReader(strings.Join(lines, "\n")+"\n")); err != nil {
		b.t.Fatal(err)
	}
}

// says has the one whose turn it is say something to the bot directly, and gives what is
// answered.
func (b *busyMonth) says(line string) string {
	b.t.Helper()
	before := b.out.Len()
	b.play(b.who + "@dm: " + line)
	return string(b.out.Bytes()[before:])
}

// code is what a command in an answer is about.
func (b *busyMonth) code(answer, command string) string {
	b.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(command) + ` (\w+)`).FindStringSubmatch(answer)
	if found == nil {
		b.t.Fatalf("no %s in:\n%s", command, answer)
	}
	return found[1]
}

func (b *busyMonth) word(what string) string {
	b.planted = append(b.planted, fmt.Sprint("Quokka", what, b.i, "x"))
	return b.planted[len(b.planted)-1]
}

func (b *busyMonth) date(month time.Month) string {
	b.planted = append(b.planted, time.Date(2027, month, 1+b.i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	return b.planted[len(b.planted)-1]
}

func (b *busyMonth) plant() {
	b.t.Helper()
	b.play("mod: /setup zone Denver", "mod: /setup moderators #mods")
	kinds := []func(){b.session, b.journal, b.family, b.publicly, b.platforms}
	for b.i = range 20 {
		b.who = b.word("name")
		b.says("/my zone Denver")
		b.says("/remind add every monday at 9am words: take the " + b.word("pill"))
		b.says("/remind add " + b.date(time.March) + " at 10am words: ring " + b.word("aunt"))
		b.says("/ask ride-home when: " + b.date(time.January) + " 1:30pm from: near the park details: " + b.word("door"))
		kinds[b.i%len(kinds)]()
	}
}

// session is a plan with a reminder of its own, and a pause of all.
func (b *busyMonth) session() {
	plan := b.says("/session add when: " + b.date(time.February) + " 13:00 area: " + b.word("place") + " help: ride home details: " + b.word("bell"))
	saved := b.says("/session save " + b.code(plan, "/session save"))
	b.says("/session remind " + b.code(saved, "/session show") + " pack-bag at: 6pm words: " + b.word("shawl"))
	b.says("/remind pause until: 2027-04-05")
}

// journal is what somebody writes and is told alone, with numbers and days.
func (b *busyMonth) journal() {
	b.says("/journal write the sea and " + b.word("line"))
	b.says("/journal question why " + b.word("question"))
	b.says("/report words: " + b.word("worry"))
	b.says("/ask meal when: 2027-04-02 6pm where: near the park note: " + b.word("note"))
	b.says("/checkin score 12 scale: phq-9")
	b.says("/checkin today same")
	b.says("/my calendar")
	b.says("/helper join")
}

// family are people who are in no chat: what is said on a page of theirs, and a mail.
func (b *busyMonth) family() {
	sister, errand := b.word("sister"), ""
	b.says("/family add name: " + sister + " for: " + b.word("favors"))
	b.says("/family tell name: " + b.word("told"))
	errand = b.code(b.says("/ask errand when: 2027-02-10 6pm where: near the park"), "/need show")
	mail := b.word("mail") + "@example.org"
	b.play(sister+"@page: /my mail address: "+mail, sister+"@page: /need claim "+errand)
	b.says(regexp.MustCompile("/need approve " + errand + " .*").FindString(b.out.String()))
}

// publicly is what is asked about before it is posted, who is signed up without an
// account, and what moderators write.
func (b *busyMonth) publicly() {
	b.says("/ask ride-there when: 2027-04-04 9am from: 12 " + b.word("lane") + " Street to: the clinic")
	meal := b.code(b.says("/ask meal when: 2027-04-04 6pm where: near the park"), "/need show")
	b.says("/need fill " + meal + " name: " + b.word("guest"))
	b.says("/need share " + meal)
	b.play("mod: /local add topic: rides words: "+b.word("gate"), "mod: /reminders add every day at 9am words: "+b.word("post"), "mod: /helper bar @"+b.who)
}

// platforms is what platforms keep: a workspace's tokens, and a form that somebody fills in.
func (b *busyMonth) platforms() {
	c := newCopies(b.r.store, rehearsalKeys(), b.r.clock.Now, "slack", "one")
	i := slack.Installation{Team: fmt.Sprint("T0", b.i), Name: b.word("workspace"), Token: "xoxe.xoxb-" + b.word("token"), Refresh: "xoxe-1-" + b.word("refresh")}
	err := c.ChangeInstallation(b.t.Context(), i.Key(), func(*slack.Installation) *slack.Installation { return &i })
	if err == nil {
		err = c.Keep(b.t.Context(), "form/"+b.who, []byte(b.word("form")), 90*24*time.Hour)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// kindsOf notes which kinds of documents and jobs there are, and gives those of which one
// can be read without the key.
func kindsOf(t *testing.T, inner store.Store, seen map[string]bool) (open []string) {
	t.Helper()
	note := func(kind string, body []byte) {
		seen[kind] = true
		if json.Valid(body) {
			open = append(open, kind)
		}
	}
	err := inner.Walk(t.Context(), func(d store.Doc) error { note(d.Kind, d.Body); return nil }, func(j store.Job) error { note(j.Kind, j.Body); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return open
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
