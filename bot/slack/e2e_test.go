package slack

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"village/bot"
	"village/bot/slack/slacktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// rig is a bot on a local Slack.
type rig struct {
	*slacktest.Server
	t    *testing.T
	p    *Platform
	bot  *bot.Bot
	log  *syncBuffer
	uses atomic.Int64 // of /count
	// slow holds /slow back until it is closed.
	slow chan struct{}
	// last is the last request that reached /echo.
	mu   sync.Mutex
	last bot.Request
	// looked are those (IDs) who came or went.
	looked chan string

	stop func() error
}

// table is a small bot with one of everything.
func (r *rig) table() []bot.Command {
	said := func(format string, args ...any) (bot.Reply, error) {
		return bot.Say(bot.Message{Text: bot.Literal(fmt.Sprintf(format, args...))}), nil
	}
	return []bot.Command{
		{Name: "help", Summary: "What I can do", Example: "/help", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return said("Here is what I can do.")
		}},
		{Name: "echo", Summary: "Say it again", Example: "/echo hello", Who: bot.Anyone, OnOwnMessage: "Say it again",
			Options: []bot.Option{{Name: "words", Summary: "what to say", Max: 3000}},
			Run: func(_ context.Context, q bot.Request) (bot.Reply, error) {
				r.mu.Lock()
				r.last = q
				r.mu.Unlock()
				return said("You said: %s", q.Arg("words"))
			}},
		{Name: "count", Summary: "Count", Example: "/count", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return said("That was number %d.", r.uses.Add(1))
		}},
		{Name: "lines", Summary: "People who answer", Example: "/lines", Anywhere: "Somebody to talk to", Who: bot.Anyone, Urgent: true, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return said("People who answer.")
		}},
		{Name: "slow", Summary: "Take a while", Example: "/slow", Who: bot.Anyone, Run: func(ctx context.Context, _ bot.Request) (bot.Reply, error) {
			select {
			case <-r.slow:
				return said("At last.")
			case <-ctx.Done():
				return bot.Reply{}, ctx.Err()
			}
		}},
		{Name: "card", Summary: "A card with buttons", Example: "/card", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Title: "A card", Text: "Please choose.",
				Buttons: []bot.Button{{Label: "Count one", Command: "/count", Style: bot.Primary}, {Label: "Turn it", Command: "/turn"}, {Label: "Fill in", Command: "/ride"}},
				Menus:   []bot.Menu{{Label: "Say one", Command: "/echo", Picks: []bot.Pick{{Label: "Good morning", Value: "morning"}, {Label: "Good night", Value: "night"}}}},
			}), nil
		}},
		{Name: "turn", Summary: "Turn the card", Example: "/turn", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Turned", Text: "The other side."}}}, nil
		}},
		{Name: "many", Summary: "Many messages", Example: "/many", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			var reply bot.Reply
			for i := range 7 {
				reply.Messages = append(reply.Messages, bot.Message{Text: fmt.Sprintf("Message %d.", i+1)})
			}
			return reply, nil
		}},
		{Name: "chart", Summary: "A picture", Example: "/chart", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Title: "Your weeks", Text: "Two of six.", Image: &bot.Image{Name: "weeks.png", PNG: []byte("\x89PNG"), Alt: "A line that rises"}}), nil
		}},
		{Name: "entry", Summary: "A file", Example: "/entry", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Text: "Here it is.", File: &bot.File{Name: "calendar.ics", Type: "text/calendar", Data: []byte("BEGIN:VCALENDAR")}, Buttons: []bot.Button{
				{Label: "As an e-mail", URL: "mailto:?body=hello", Aside: true}, {Label: "As a text message", URL: "sms:?&body=hello", Aside: true}}}), nil
		}},
		{Name: "mods", Summary: "For moderators", Example: "/mods", Who: bot.Moderators, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return said("You may.")
		}},
		{Name: "ride", Summary: "Ask for a ride", Example: "/ride thu 1pm from: the clinic", Who: bot.Anyone, Form: "Ask for a ride",
			Options: []bot.Option{
				{Name: "when", Summary: "when the ride starts", Label: "When", Kind: bot.Time, Required: true},
				{Name: "from", Summary: "where it starts, in public words", Label: "From", Required: true, Hint: "the clinic on Pine Street", Max: 100},
				{Name: "need", Summary: "what is needed", Label: "What", Kind: bot.Choice, Choices: []bot.Pick{{Label: "A ride there", Value: "there"}, {Label: "A ride home", Value: "home"}}},
				{Name: "driver", Summary: "who may drive", Label: "Driver", Kind: bot.Someone},
				{Name: "private", Summary: "what only the driver sees", Label: "Private", Private: true, Long: true, Max: 2000},
				{Name: "seats", Summary: "how many seats", Label: "Seats", Kind: bot.Number, Min: 1, Max: 6},
				{Name: "note", Summary: "anything else", Label: "Note", Max: 3000},
			},
			Run: func(_ context.Context, q bot.Request) (bot.Reply, error) {
				if strings.Contains(q.Arg("from"), "slow") {
					<-r.slow
				}
				if strings.Contains(q.Arg("from"), "broken") && r.uses.Add(1) == 1 {
					return bot.Reply{}, io.ErrUnexpectedEOF
				}
				if strings.Contains(q.Arg("from"), "nowhere") {
					return bot.Reply{}, &bot.Error{Code: "where", Say: "I don't know that place.", Hint: "Please name another."}
				}
				r.mu.Lock()
				r.last = q
				r.mu.Unlock()
				return said("Ride: %s from %s (%s) by %s, private %q", q.Arg("when"), q.Arg("from"), q.Arg("need"), q.Arg("driver"), q.Arg("private"))
			}},
		{Name: "plan", Summary: "Plan days", Example: "/plan dec 8", Who: bot.Anyone, Form: "Plan days",
			Options: []bot.Option{
				{Name: "when", Summary: "one day or several", Label: "When", Hint: "dec 8 and 11 at 1pm", Required: true, Dates: true},
				{Name: "help", Summary: "help each time", Label: "Help", Several: []bot.Pick{{Label: "Ride home", Value: "ride home"}, {Label: "A meal", Value: "meal"}}},
			},
			Run: func(_ context.Context, q bot.Request) (bot.Reply, error) {
				return said("Planned %s with %s.", q.Arg("when"), q.Arg("help"))
			}},
		{Name: "zone", Summary: "Set the zone", Example: "/zone zone: Europe/Berlin", Who: bot.Anyone, Form: "Your zone",
			Options: []bot.Option{{Name: "zone", Summary: "where you are", Label: "Zone", Kind: bot.Zone, Required: true,
				Complete: func(_ context.Context, _ bot.Request, typed string) []bot.Pick {
					return []bot.Pick{{Label: "Berlin (" + typed + ")", Value: "Europe/Berlin"}}
				}}},
			Run: func(_ context.Context, q bot.Request) (bot.Reply, error) { return said("Zone %s", q.Arg("zone")) }},
		{Name: "home", Summary: "What is mine", Example: "/home", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Title: "Mine", Text: fmt.Sprintf("Counted so far: %d.", r.uses.Load()), Buttons: []bot.Button{{Label: "Count one", Command: "/count"}}}), nil
		}},
	}
}

// unhurried bounds what a test waits for, and is reached only by one that fails.
// Slack's three seconds are proved elsewhere, on a clock that moves only when told.
const unhurried = 2 * time.Minute

// offline is a rig that does not run yet. Pauses are short, so that nothing waits.
func offline(t *testing.T, change ...func(*rig)) *rig {
	t.Helper()
	r := &rig{Server: slacktest.New(t), t: t, log: &syncBuffer{}, slow: make(chan struct{}), looked: make(chan string, 8)}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, SigningSecret: slacktest.SigningSecret,
		APIURL: r.URL(), Home: "/home", HTTP: &http.Client{Transport: transport}, Log: log, AnswerWithin: 2 * unhurried})
	if err != nil {
		t.Fatal(err)
	}
	p.ackSoon = 10 * time.Millisecond
	p.pause = func(int) time.Duration { return time.Millisecond }
	r.p = p
	r.bot, err = bot.New(bot.Config{Table: r.table(), Log: log, Zone: func(context.Context, bot.Request) string { return "America/Denver" }, Direct: func(_ context.Context, q bot.Request) (bot.Reply, error) {
		r.mu.Lock()
		r.last = q
		r.mu.Unlock()
		return bot.Say(bot.Message{Title: "About fasting", Text: "You asked: " + bot.Literal(q.Arg("words"))}), nil
	}, Look: func(_ context.Context, person string) {
		select {
		case r.looked <- person:
		default: // no test asks for so many
		}
	}, Wordless: func(context.Context, bot.Request) (bot.Reply, error) {
		return bot.Say(bot.Message{Text: "Only words."}), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(r)
	}
	return r
}

// online is a rig that runs until the test ends.
func online(t *testing.T, change ...func(*rig)) *rig {
	t.Helper()
	r := offline(t, change...)
	r.run()
	r.WaitSockets(1)
	return r
}

// run starts the platform; stop ends it and gives what Run returned, which also
// arrives on the channel when Run ends by itself.
func (r *rig) run() (ended <-chan error) {
	ctx, cancel := context.WithCancel(context.Background())
	done, over := make(chan error, 1), make(chan struct{})
	var result error
	go func() {
		result = r.p.Run(ctx, r.bot)
		done <- result
		close(over)
	}()
	r.stop = func() error {
		cancel()
		<-over
		return result
	}
	r.t.Cleanup(func() {
		if err := r.stop(); err != nil {
			r.t.Logf("Run returned: %v", err)
		}
	})
	return done
}

func (r *rig) request() bot.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func (r *rig) slash(user, command, text string) string {
	r.t.Helper()
	return r.Slash(slacktest.Team, "C0VILLAGE", user, command, text)
}

func TestSlashIsAnsweredPrivately(t *testing.T) {
	r := online(t)
	env := r.slash("U0MAYA", "/echo", "hello &amp; good &lt;evening&gt; <@U0SAM|sam> in <#C0VILLAGE|village> <https://example.org/a?b=1&amp;c=2|there>")
	m := r.WaitText("U0MAYA", "You said:")
	if !m.Ephemeral || m.Channel != "C0VILLAGE" || m.Via != "response_url" {
		t.Errorf("the answer went to %+v", m)
	}
	want := "hello & good <evening> @slack/U0SAM in #slack/C0VILLAGE https://example.org/a?b=1&c=2"
	if got := r.request(); got.Arg("words") != want || got.From.Name != "maya" || got.From.ID != "slack/U0MAYA" ||
		got.Workspace != "slack/"+slacktest.Team || got.Room.ID != "slack/C0VILLAGE" || got.Room.Name != "village" || got.Room.Direct || got.Once == "" {
		t.Errorf("the handler saw %+v", got)
	}
	if !strings.Contains(m.Words(), "hello & good <evening>") {
		t.Errorf("shown: %q", m.Words())
	}
	if payload := r.WaitAck(env); len(payload) > 0 && string(payload) != "null" {
		t.Errorf("the acknowledgement carries %s", payload)
	}
}

func TestUmbrella(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/village", "")
	r.WaitText("U0MAYA", "what I can do")
	r.slash("U0MAYA", "/village", "echo one")
	r.WaitText("U0MAYA", "You said: one")
	r.slash("U0MAYA", "/village", "/echo two")
	r.WaitText("U0MAYA", "You said: two")
	r.slash("U0MAYA", "/kap-helper", "echo three")
	r.WaitText("U0MAYA", "You said: three")
}

func TestButtonsAndMenus(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/card", "")
	card := r.WaitText("U0MAYA", "Please choose.")
	r.Press(card, "U0MAYA", "Count one")
	r.WaitText("U0MAYA", "number 1")
	r.Choose(card, "U0MAYA", "Good night")
	r.WaitText("U0MAYA", "You said: night")
	r.Press(card, "U0MAYA", "/turn")
	turned := r.WaitText("U0MAYA", "The other side.")
	if turned.TS != card.TS || turned.Edits != 1 {
		t.Errorf("the private card was not replaced: %+v", turned)
	}
}

func TestPublicCardIsNeverReplacedByAReply(t *testing.T) {
	r := online(t)
	posted, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Room: "slack/C0VILLAGE"},
		Message: bot.Message{Title: "Ride home", Text: "Thursday.", Buttons: []bot.Button{{Label: "Turn it", Command: "/turn"}}}})
	if err != nil {
		t.Fatal(err)
	}
	card := r.WaitText("C0VILLAGE", "Thursday.")
	if posted != (bot.Posted{Platform: "slack", Room: "slack/C0VILLAGE", Message: card.TS}) {
		t.Errorf("posted %+v", posted)
	}
	r.Press(card, "U0SAM", "Turn it")
	m := r.WaitText("U0SAM", "The other side.")
	if m.TS == card.TS || !m.Ephemeral {
		t.Errorf("the reply replaced a public card: %+v", m)
	}
}
