package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"village/bot"
	"village/content"
	"village/internal/store/bolt"
	"village/internal/store/sealed"
	"village/internal/store/storetest"
)

// The console's conversations once more, on Discord and on Slack and over both
// transports of each. The same people say the same lines; what each of them is
// then shown has to be what was meant for them, word for word, with every
// button. What was meant is what the same program says to a platform that
// renders nothing. Where the race detector watches, the stages take their turns with the
// stories; without it, each plays all.
func TestConversationsOnPlatforms(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no conversations", err)
	}
	stages := []struct {
		name string
		open func(t *testing.T) stage
	}{
		{"discord-gateway", func(t *testing.T) stage { return discordStage(t, false) }},
		{"slack-socket", func(t *testing.T) stage { return slackStage(t, false) }},
		{"discord-http", func(t *testing.T) stage { return discordStage(t, true) }},
		{"slack-http", func(t *testing.T) stage { return slackStage(t, true) }},
	}
	for turn, stage := range stages {
		t.Run(stage.name, func(t *testing.T) {
			t.Parallel()
			var closing sync.WaitGroup // a gateway takes its second to close: all of them at once
			t.Cleanup(closing.Wait)
			for i, file := range files {
				// On each platform, over one of its two transports in turn; with the race
				// detector over one of all.
				if i%2 != turn%2 || storetest.RaceDetector && i%len(stages) != turn {
					continue
				}
				archive, err := txtar.ParseFile(file)
				if err != nil {
					t.Fatal(err)
				}
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
					t.Parallel()
					film := newFilm()
					for _, talk := range talksOf(t, archive) {
						playTwice(t, library, stage.open(t), &closing, talk, film)
					}
					film.keep(t)
				})
			}
		})
	}
}

// talk is one conversation: when it begins, and its lines.
type talk struct {
	start time.Time
	lines []string
}

// talksOf are the conversations that a test file plays.
func talksOf(t *testing.T, archive *txtar.Archive) []talk {
	var out []talk
	for command := range strings.Lines(string(archive.Comment)) {
		words := strings.Fields(command)
		if len(words) < 3 || words[0] != "rehearse" {
			continue
		}
		start, err := parseNow(words[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name == words[2] {
				out = append(out, talk{start, strings.Split(string(f.Data), "\n")})
			}
		}
	}
	if len(out) == 0 {
		t.Fatal("nothing is played")
	}
	return out
}

// stage is a platform with people on it.
type stage interface {
	// platform is the adapter; begin waits until it is connected.
	platform() bot.Platform
	begin(b *bot.Bot)
	// place is where the people are: the workspace and the village channel.
	place() (workspace string, room bot.Room)
	// request is what the adapter should make of a line; ok is false where
	// nobody could say it there. say has it said.
	request(who string, direct bool, words string) (r bot.Request, ok bool)
	say(r bot.Request, words string)
	// comes has somebody join the village channel, or leave it, and gives their ID.
	comes(who string, yes bool) string
	// gives lets somebody have a role, or no longer, and gives the IDs of both.
	gives(who, role string, yes bool) (person, id string)
	// form waits for a form to open for them and gives what it asks for that
	// is not in f, and the other way round.
	form(who string, f *bot.Form) []string
	// shown is what everybody sees and was not there, or not so, at the last
	// call of settled.
	shown() []shown
	settled()
	waitFor(what string, cond func() bool)
	// sent is every body that the platform was sent.
	sent() []sentBody
	// moment is how a moment reads in shown words.
	moment(s bot.Span) string
	// name is how an ID reads in shown words.
	name(id, label string) string
}

// playTwice plays a conversation as it is meant and on the stage, line by line.
func playTwice(t *testing.T, library *content.Library, s stage, closing *sync.WaitGroup, talk talk, film *film) {
	workspace, room := s.place()
	prepare := func(p bot.Platform) *rehearsal {
		clock := &clock{now: talk.start}
		db, err := bolt.OpenThrowaway(clock.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		kept, err := sealed.Open(t.Context(), db, rehearsalKeys())
		if err != nil {
			t.Fatal(err)
		}
		parts, err := assemble(kept, library, rehearsalKeys(), clock.Now, seeded(), []bot.Platform{p}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := parts.app.Start(t.Context(), workspace, room.ID, room.Name, time.UTC); err != nil {
			t.Fatal(err)
		}
		return &rehearsal{clock: clock, store: kept, parts: parts, workspace: workspace}
	}
	paper := &meant{name: s.platform().Name()}
	wanted, real := prepare(paper), prepare(s.platform())
	runBeside(t, s.platform(), real.parts.bot, closing)
	s.begin(real.parts.bot)
	s.settled()
	both := func(f func(r *rehearsal) error) {
		for _, r := range []*rehearsal{wanted, real} {
			if err := f(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, line := range talk.lines {
		line = strings.TrimSpace(line)
		said := spoken.FindStringSubmatch(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "wait"):
			length := strings.TrimSpace(strings.TrimPrefix(line, "wait"))
			if _, err := wanted.waitUntil(t.Context(), length); err != nil {
				continue // a mistake that only a rehearsal can answer
			}
			both(func(r *rehearsal) error { return r.wait(t.Context(), length) })
		case moving.MatchString(line):
			m := moving.FindStringSubmatch(line)
			id := s.comes(m[1], m[2] == "joins")
			paper.comes(id, m[2] == "joins")
			s.platform().(bot.Rostered).Forget(id)
			both(func(r *rehearsal) error { r.parts.bot.Look(t.Context(), id); return nil })
		case giving.MatchString(line):
			m := giving.FindStringSubmatch(line)
			id, role := s.gives(m[1], m[3], m[2] == "")
			paper.gives(id, role, m[3], m[2] == "")
			s.platform().(bot.Rostered).Forget(id)
		case said == nil:
			t.Logf("nobody says this here: %s", line)
			continue
		default:
			request, ok := s.request(said[1], said[2] != "", said[3])
			if !ok {
				t.Logf("nobody can say this here: %s", line)
				continue
			}
			reply := wanted.parts.bot.Do(t.Context(), request)
			for _, m := range reply.Messages {
				paper.post(request.From.ID, m)
			}
			s.say(request, said[3])
			if reply.Form != nil && len(reply.Messages) == 0 {
				if wrong := s.form(said[1], reply.Form); len(wrong) > 0 {
					t.Errorf("%s\nthe form differs in %q", line, wrong)
				}
			}
		}
		answered := paper.news(s)
		waitForAll(t, s, line, answered)
		both(func(r *rehearsal) error { return r.deliver(t.Context()) })
		if lost := missing(paper.line(s), s.shown()); lost != "" {
			t.Fatalf("%s\n%s", line, lost)
		}
		film.take(real.clock.Now(), line, s.shown())
		s.settled()
	}
	film.sent(s.sent())
}

// waitForAll waits until all of it is shown.
func waitForAll(t *testing.T, s stage, line string, want []shown) {
	lost := ""
	defer func() {
		if lost != "" { // the wait has failed the test
			t.Logf("%s\n%s", line, lost)
		}
	}()
	s.waitFor("what is said to "+line, func() bool {
		lost = missing(want, s.shown())
		return lost == ""
	})
}

var moving = regexp.MustCompile(`^([a-z]+) (leaves|joins)$`)

var giving = regexp.MustCompile(`^([a-z]+) has (no )?role ([a-z]+)$`)

var spoken = regexp.MustCompile(`^([a-z]+)(@dm)?: (.*)$`)

// runBeside runs a platform until the test ends.
func runBeside(t *testing.T, p bot.Platform, b *bot.Bot, closing *sync.WaitGroup) {
	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	closing.Go(func() {
		if err := p.Run(ctx, b); err != nil {
			failed <- err
		}
	})
	t.Cleanup(func() {
		stop()
		select {
		case err := <-failed:
			t.Error(err)
		default:
		}
	})
}

// served is the address of a handler that is served until the test ends.
func served(t *testing.T, h http.Handler) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
