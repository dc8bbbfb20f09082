package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/bot/adapter"
	"village/bot/slack/slacktest"
)

// An operator hears which of the two tokens is not taken, and what to do.
func TestCheck(t *testing.T) {
	var _ bot.Examined = (*Platform)(nil)
	for name, tt := range map[string]struct {
		bot, app string
		bad      int
	}{
		"both taken": {slacktest.BotToken, slacktest.AppToken, 0},
		"bot token":  {"xoxb-wrong", slacktest.AppToken, 1},
		"app token":  {slacktest.BotToken, "xapp-wrong", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			p, err := New(Config{BotToken: tt.bot, AppToken: tt.app, APIURL: s.URL()})
			if err != nil {
				t.Fatal(err)
			}
			bad := 0
			for _, f := range p.Check(t.Context(), nil, "slack/C0VILLAGE") {
				if !f.OK {
					bad++
					if f.Do == "" || f.Say == "" {
						t.Errorf("no way out: %+v", f)
					}
				}
			}
			if bad != tt.bad {
				t.Errorf("%d faults found, want %d", bad, tt.bad)
			}
		})
	}
}

// Where copies share a store, it can be looked up when the running bot last heard Slack.
func TestCheckHeartbeat(t *testing.T) {
	shared := &sharedState{kept: map[string]string{}, noted: make(chan struct{}, 100)}
	r := offline(t, func(r *rig) { r.p.notes, r.p.noteEvery = adapter.NewNotebook(100, shared, handleBy), time.Millisecond })
	says := func(want string, ok bool) {
		t.Helper()
		for _, f := range r.p.Check(t.Context(), nil) {
			if strings.Contains(f.Say, want) && f.OK == ok && (f.Do == "") == ok {
				return
			}
		}
		t.Errorf("not said: %q", want)
	}
	says("No bot has heard from Slack's socket", true)
	r.run()
	<-shared.noted
	says("A running bot heard from Slack's socket", true)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if err := r.p.notes.Heard(t.Context(), time.Now().Add(-5*time.Minute)); err != nil {
		t.Fatal(err)
	}
	says("heard from Slack's socket 5m", false)
	shared.err = errors.New("no store")
	says("cannot be looked up: no store", false)
}

// sharedState is a State in memory.
type sharedState struct {
	mu    sync.Mutex
	kept  map[string]string
	noted chan struct{} // told when something was kept, as long as it fits
	err   error
}

func (s *sharedState) First(context.Context, string, time.Duration) (bool, error) { return true, nil }

func (s *sharedState) Keep(_ context.Context, key string, value []byte, _ time.Duration) error {
	s.mu.Lock()
	s.kept[key] = string(value)
	s.mu.Unlock()
	select {
	case s.noted <- struct{}{}:
	default:
	}
	return nil
}

func (s *sharedState) Kept(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []byte(s.kept[key]), s.err
}

// What is wrong with a room or a right is named, with what mends it.
func TestCheckRoomsAndRights(t *testing.T) {
	s := slacktest.New(t)
	s.AddChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Archived: true})
	s.AddChannel(slacktest.Channel{ID: "C0APART", Name: "apart", BotAbsent: true})
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	find := func(rooms ...string) (good, bad string) {
		for _, f := range p.Check(t.Context(), nil, rooms...) {
			if f.OK {
				good += f.Say + "\n"
			} else {
				bad += f.Say + " " + f.Do + "\n"
			}
		}
		return good, bad
	}
	good, bad := find("slack/C0VILLAGE", "slack/C0OLD", "slack/C0APART", "slack/C0GONE", "discord/1")
	for _, want := range []string{"The bot is in the channel #village.", "every scope"} {
		if !strings.Contains(good, want) {
			t.Errorf("%q is not among\n%s", want, good)
		}
	}
	for _, want := range []string{"#old is archived", "not in the channel #apart. Type /invite", "C0GONE is gone, or private", "discord/1 is not a channel on Slack"} {
		if !strings.Contains(bad, want) {
			t.Errorf("%q is not among\n%s", want, bad)
		}
	}
	if lines := strings.Count(bad, "\n"); lines != 4 {
		t.Errorf("%d faults:\n%s", lines, bad)
	}
	s.SetScopes("commands,chat:write, im:write,im:history,app_mentions:read,channels:read,groups:read")
	if good, bad := find(); !strings.Contains(good, "without the optional scope files:write: pictures are said in words") || !strings.Contains(bad, "users:read") || strings.Count(bad, "\n") != 1 {
		t.Errorf("without two scopes:\n%s\n%s", good, bad)
	}
	s.Fail("conversations.info", slacktest.Fault{Error: "missing_scope"})
	for ahead, want := range map[time.Duration]string{7 * time.Minute: "behind Slack's", -time.Hour: "ahead of Slack's"} {
		s.Ahead(ahead)
		if _, bad := find(); !strings.Contains(bad, want) {
			t.Errorf("with a clock that is wrong by %v:\n%s", ahead, bad)
		}
	}
	if good, _ := find("slack/C0VILLAGE"); !strings.Contains(good, "may not look at the channel C0VILLAGE") {
		t.Errorf("without the right to look:\n%s", good)
	}
}
