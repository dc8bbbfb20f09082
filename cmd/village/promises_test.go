package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
)

// Ten thousand people tap at the same moment, on a hundred requests: a hundred
// win, and everybody else is thanked and told. Miniredis stands in for a Redis
// where there is none, and is by far the slowest of the three: a thousand do there, and under the race detector.
func TestOneYesWins(t *testing.T) {
	const needs = 100
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	onEveryStore(t, func(t *testing.T, clock *clock, s store.Store) {
		r, err := newRehearsal(t.Context(), s, library, clock, console.Config{Out: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		say := func(who, line string) bot.Reply {
			return r.parts.bot.Do(t.Context(), bot.Request{Platform: console.Name, Workspace: console.Workspace,
				Room: bot.Room{ID: console.Workspace, Name: "village"}, From: bot.Person{ID: console.Name + "/" + who, Name: who}, Line: line})
		}
		helpers := 100
		if strings.HasSuffix(t.Name(), "/miniredis") || storetest.RaceDetector {
			helpers = 10
		}
		var ids []string
		for i := range needs {
			at := clock.Now().Add(time.Duration(24+2*i) * time.Hour).Format("2006-01-02 15:04")
			reply := say(fmt.Sprintf("maya%d", i), "/ask ride-home when: "+at+" from: here")
			if reply.Code != "" {
				t.Fatal(reply)
			}
			ids = append(ids, strings.Fields(reply.Messages[0].Buttons[0].Command)[2])
		}
		var winners [needs]atomic.Int64
		var refused atomic.Int64
		var wait sync.WaitGroup
		gun := make(chan struct{})
		for n := range needs {
			for h := range helpers {
				wait.Go(func() {
					<-gun
					switch reply := say(fmt.Sprintf("helper%d", h), "/need claim "+ids[n]); reply.Code {
					case "":
						winners[n].Add(1)
					case "taken":
						refused.Add(1)
					default:
						t.Errorf("a claim was answered with %q: %s", reply.Code, bot.PlainText(reply.Messages[0].Text))
					}
				})
			}
		}
		close(gun)
		wait.Wait()
		for n := range needs {
			if got := winners[n].Load(); got != 1 {
				t.Errorf("request %s has %d winners", ids[n], got)
			}
		}
		if got := refused.Load(); got != int64(needs*(helpers-1)) {
			t.Errorf("%d kind refusals, want %d", got, needs*(helpers-1))
		}
	})
}

// The program is killed after the claim was committed and before anybody was
// told. It starts again: the card, the member's and the helper's notice arrive,
// each of them once; and when it starts once more, nothing arrives again.
func TestKilledBetweenClaimAndNotices(t *testing.T) {
	settings := map[string][]string{"bolt": nil}
	if server := storetest.Redis(t); server != nil { // otherwise it has said so
		settings["redis"] = []string{"REDIS_URL=" + server.URL}
	}
	for name, env := range settings {
		t.Run(name, func(t *testing.T) {
			env := append([]string{"VILLAGE_DATA=" + t.TempDir(), "TZ=UTC", "HOME=" + t.TempDir()}, env...)

			killed := start(t, env, "village-claims-and-waits")
			killed.until("claimed")
			if err := killed.cmd.Process.Kill(); err != nil { // SIGKILL
				t.Fatal(err)
			}
			if err := killed.cmd.Wait(); err == nil {
				t.Fatal("it ended by itself")
			}

			again := start(t, env, "village", "-json")
			want := map[string]int{"the card": 1, "maya: Somebody said yes": 1, "sam: For you to keep": 1}
			got := map[string]int{}
			for range want {
				got[again.message()]++
			}
			for what := range want {
				if got[what] != 1 {
					t.Errorf("%s arrived %d times: %v", what, got[what], got)
				}
			}
			if more := again.end(); len(more) > 0 {
				t.Errorf("after that came %q", more)
			}

			if more := start(t, env, "village", "-json").end(); len(more) > 0 {
				t.Errorf("at the third start came %q", more)
			}
		})
	}
}

// claimAndWait is the program up to the commit of a claim, with nobody to tell
// anyone; it then waits to be killed.
func claimAndWait(ctx context.Context, p *program) error {
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	s, where, err := p.openStore(ctx, time.Now)
	if err != nil {
		return err
	}
	keys, err := p.rightKey(ctx, s, where, false)
	if err != nil {
		return err
	}
	if s, err = unlocked(ctx, s, keys); err != nil {
		return err
	}
	return claimWith(ctx, p, s, library, keys)
}

func claimWith(ctx context.Context, p *program, s store.Store, library *content.Library, keys keyring) error {
	c := console.New(console.Config{Out: io.Discard, Now: time.Now})
	a, err := assemble(s, library, keys, time.Now, seeded(), []bot.Platform{c}, discardLog())
	if err != nil {
		return err
	}
	if err := a.app.Start(ctx, console.Workspace, console.Workspace, "village", time.UTC); err != nil {
		return err
	}
	for _, line := range []string{"maya: /ask ride-home in 26 hours from: here details: the blue door", "maya: /helper may @sam", "sam: /need claim 32pn32"} {
		if err := c.Say(ctx, a.bot, line); err != nil {
			return err
		}
	}
	docs, err := s.Count(ctx, "g/console%2Fvillage", "open", 0, 0)
	if err != nil || docs != 0 {
		return errors.Join(err, fmt.Errorf("%d requests are open after the claim", docs))
	}
	fmt.Fprintln(p.stdout, "claimed")
	<-ctx.Done()
	return nil
}

// process is a running program, read line by line.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// start starts one of the programs that TestMain knows, and ends it with the
// test.
func start(t *testing.T, env []string, name string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(cmd.Environ(), env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &process{t: t, cmd: cmd, in: in, lines: bufio.NewScanner(out)}
}

func (p *process) until(line string) {
	p.t.Helper()
	for p.lines.Scan() {
		if p.lines.Text() == line {
			return
		}
	}
	p.t.Fatalf("it ended without %q", line)
}

// message reads one message and says who was told what.
func (p *process) message() string {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatal("it ended, and more was owed")
	}
	return toldWhat(p.t, p.lines.Text())
}

// end closes the input, waits for the end, and gives what came meanwhile.
func (p *process) end() (more []string) {
	p.t.Helper()
	if err := p.in.Close(); err != nil {
		p.t.Fatal(err)
	}
	for p.lines.Scan() {
		more = append(more, toldWhat(p.t, p.lines.Text()))
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
	return more
}

func toldWhat(t *testing.T, line string) string {
	t.Helper()
	var m struct {
		To    struct{ Kind, Name string }
		Title string
	}
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if m.To.Kind == "room" {
		return "the card"
	}
	return m.To.Name + ": " + m.Title
}

// When somebody asks to be forgotten, no key, no document and no job in the
// store has their id, their name or their words any more.
func TestForgottenEverywhere(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	onEveryStore(t, func(t *testing.T, clock *clock, s store.Store) {
		r, err := newRehearsal(t.Context(), s, library, clock, console.Config{Out: io.Discard, Moderators: []string{"mod"}})
		if err != nil {
			t.Fatal(err)
		}
		traces := func() (found []string) {
			look := func(what string, words ...string) error {
				for _, w := range words {
					for _, trace := range []string{"zebedee", "Zebedee", "Quokka"} {
						if strings.Contains(w, trace) {
							found = append(found, what+" "+w)
						}
					}
				}
				return nil
			}
			err := r.store.Walk(t.Context(),
				func(d store.Doc) error {
					words := []string{d.Partition, d.ID, string(d.Body)}
					for _, e := range d.Listed {
						words = append(words, e.Name)
					}
					return look(d.Kind, words...)
				},
				func(j store.Job) error { return look("job "+j.Kind, j.Partition, j.ID, string(j.Body)) })
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if err := r.play(t.Context(), strings.NewReader(forgettable)); err != nil {
			t.Fatal(err)
		}
		if len(traces()) < 10 {
			t.Fatalf("the conversation leaves too few traces to prove anything: %q", traces())
		}
		if err := r.console.Say(t.Context(), r.parts.bot, "Zebedee: /privacy delete yes"); err != nil {
			t.Fatal(err)
		}
		if left := traces(); len(left) > 0 {
			t.Errorf("before what is owed to others is said, this is left:\n%s", strings.Join(left, "\n"))
		}
		if err := r.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := traces(); len(left) > 0 {
			t.Errorf("this is left:\n%s", strings.Join(left, "\n"))
		}
	})
}

// forgettable is somebody who uses everything there is.
const forgettable = `
mod: /setup zone Denver
Zebedee: /my zone Denver
Zebedee: /my country US
Zebedee: /ask ride-home thu 1:30pm from: the Quokka corner note: Quokka note details: 12 Quokka Road
Zebedee: /ask meal sat 6pm where: Quokka hall
sam: /need claim 32pn32
sam: /ask errand fri 10am where: the pharmacy
Zebedee: /need open
Zebedee: /need claim vq7587
wait 1h
lee: /ask ride-home fri 4pm from: the station
Zebedee: /need claim c3w287
Zebedee: /need release c3w287
Zebedee: /need mine
Zebedee: /helper join
Zebedee: /remind add every day at 9am words: feed the Quokka
Zebedee: /session add dec 1 at 1pm area: Quokka place help: ride home details: Quokka door
Zebedee: /session save nqq7b2
Zebedee: /checkin today better
mod: /need fill vq7587 name: Aunt Quokka
Zebedee: /session add dec 20 at 1pm area: Quokka street
wait 1d
lee: /ask school-run fri 3pm from: the north side
Zebedee: /need claim wj4ttg
`

// A reminder is posted on time although the program was started anew in
// between, once and not twice; one that a long outage has made too late is not
// posted, and the next one is.
func TestReminderAfterRestart(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/village.db"
	clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
	during := func(talk string) (posts int) {
		t.Helper()
		s, err := bolt.Open(path, clock.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var out strings.Builder
		r, err := newRehearsal(t.Context(), s, library, clock, console.Config{Out: &out, JSON: true, Moderators: []string{"mod"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.play(t.Context(), strings.NewReader(talk)); err != nil {
			t.Fatal(err)
		}
		return strings.Count(out.String(), `"to":{"kind":"room"`)
	}
	for _, step := range []struct {
		what, talk string
		posts      int
	}{
		{"set, and one day", "mod: /reminders add schedule: 0 9 * * *\nwait 1d", 1},
		{"restarted an hour before", "wait until 2026-11-25 08:00", 0},
		{"and due", "wait until 2026-11-25 09:00", 1},
		{"restarted in the same minute", "wait 1m", 0},
	} {
		if posts := during(step.talk); posts != step.posts {
			t.Errorf("%s: posted %d times, want %d", step.what, posts, step.posts)
		}
	}
	clock.set(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)) // down for two days
	if posts := during("wait 1m"); posts != 0 {
		t.Errorf("three hours late, it was still posted %d times", posts)
	}
	if posts := during("wait 1d"); posts != 1 {
		t.Errorf("after the outage it is posted %d times a day", posts)
	}
}
