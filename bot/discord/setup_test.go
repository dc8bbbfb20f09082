package discord_test

import (
	"context"
	"flag"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
)

func TestMain(m *testing.M) {
	// Most tests wait for something rather than compute.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// unhurried bounds what a test waits for, and is reached only by one that fails.
const unhurried = 2 * time.Minute

// rig is a bot with a small table on a small Discord.
type rig struct {
	*discordtest.Server
	t        *testing.T
	platform *discord.Platform
	cfg      discord.Config
	bot      *bot.Bot
	guild    *discordtest.Guild
	room     *discordtest.Channel
	maya     *discordtest.Person

	mu    sync.Mutex
	hold  chan struct{} // /slow answers when it is closed
	asked []bot.Request
	ended <-chan error
	stop  context.CancelFunc
}

func newRig(t *testing.T, change ...func(*discord.Config)) *rig {
	t.Helper()
	r := &rig{Server: discordtest.New(t), t: t, hold: make(chan struct{})}
	r.guild = r.Guild("Village")
	r.room = r.guild.Channel("village")
	r.maya = r.Person("Maya")
	var err error
	r.bot, err = bot.New(bot.Config{Table: r.table(), Direct: r.direct, Wordless: r.wordless, Screen: screen, Lines: lines})
	if err != nil {
		t.Fatal(err)
	}
	cfg := discord.Config{
		Token: discordtest.Token, APIURL: r.URL(), PublicKey: r.PublicKey(),
		Log:     slog.New(slog.NewTextHandler(testLog{t}, nil)),
		Backoff: time.Millisecond,
		// Discord's three seconds are proved elsewhere, on a clock that moves only
		// when told: a busy machine may take its time here.
		AnswerWithin: unhurried, DeferAfter: unhurried / 2,
	}
	for _, f := range change {
		f(&cfg)
	}
	r.cfg = cfg
	r.renew()
	return r
}

// renew makes another process of the same configuration.
func (r *rig) renew() {
	r.t.Helper()
	var err error
	if r.platform, err = discord.New(r.cfg); err != nil {
		r.t.Fatal(err)
	}
}

// start runs the platform until the test ends.
func (r *rig) start() *rig {
	r.t.Helper()
	r.run()
	r.t.Cleanup(r.end)
	return r
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r.stop, r.ended = cancel, ended
	go func() {
		ended <- r.platform.Run(ctx, r.bot)
		close(ended)
	}()
}

// end stops the platform and waits until it has.
func (r *rig) end() {
	r.stop()
	if err := <-r.ended; err != nil {
		r.t.Errorf("Run ended with %v", err)
	}
	r.Gateway().Gone()
}

// failed is the error with which Run ended by itself.
func (r *rig) failed() error {
	r.t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(unhurried):
		r.t.Fatal("Run did not end")
		return nil
	}
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// requests are those that reached a handler.
func (r *rig) requests() []bot.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bot.Request(nil), r.asked...)
}

func (r *rig) last() bot.Request {
	r.t.Helper()
	all := r.requests()
	if len(all) == 0 {
		r.t.Fatal("nothing was asked")
	}
	return all[len(all)-1]
}

// slow asks for something slow and lets it be answered once it was announced.
func (r *rig) slow() *discordtest.Use {
	r.t.Helper()
	hold := make(chan struct{})
	r.mu.Lock()
	r.hold = hold
	r.mu.Unlock()
	use := r.maya.Slash(r.room, "slow", nil)
	use.Announced()
	close(hold)
	return use
}

func (r *rig) note(q bot.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, q)
}

// handle makes a handler that notes what it was asked.
func (r *rig) handle(f func(ctx context.Context, q bot.Request) (bot.Reply, error)) bot.Handler {
	return func(ctx context.Context, q bot.Request) (bot.Reply, error) {
		r.note(q)
		return f(ctx, q)
	}
}

func (r *rig) direct(_ context.Context, q bot.Request) (bot.Reply, error) {
	r.note(q)
	reply := bot.Say(bot.Message{Text: "You said: " + bot.Literal(q.Arg("words"))})
	reply.Crisis = strings.Contains(q.Arg("words"), "end it")
	return reply, nil
}

func (r *rig) wordless(_ context.Context, q bot.Request) (bot.Reply, error) {
	r.note(q)
	return bot.Say(bot.Message{Text: "Only words.", Buttons: []bot.Button{{Label: "Somebody now", Command: "/hi"}}}), nil
}

func (r *rig) table() []bot.Command {
	say := func(text string) bot.Handler {
		return r.handle(func(context.Context, bot.Request) (bot.Reply, error) { return bot.Say(bot.Message{Text: text}), nil })
	}
	return []bot.Command{
		{Name: "faq", Summary: "Ask a question", Example: "/faq can I drive", Who: bot.Anyone,
			Options: []bot.Option{{Name: "question", Summary: "What you want to know", Kind: bot.Words, Complete: complete}},
			Run: r.handle(func(_ context.Context, q bot.Request) (bot.Reply, error) {
				return bot.Say(bot.Message{
					Title: "Driving", Text: "Not **today**. You asked: " + bot.Literal(q.Arg("question")),
					Buttons: []bot.Button{{Label: "More", Command: "/faq more"}, {Label: "Claim", Command: "/need claim k7m2p9", Style: bot.Primary}},
					Menus:   []bot.Menu{{Label: "Topics", Command: "/faq", Picks: []bot.Pick{{Label: "Rides", Value: "rides"}, {Label: "Fasting", Value: "fasting"}}}},
				}), nil
			})},
		{Name: "ask", Summary: "Ask for help", Subs: []bot.Command{
			{Name: "ride-home", Summary: "A ride home", Example: "/ask ride-home from: the clinic when: thu 1pm", Who: bot.Anyone, Form: "A ride home", OnOwnMessage: "Ask the village",
				Options: []bot.Option{
					{Name: "from", Summary: "Where from, in public words", Required: true},
					{Name: "when", Summary: "The day and the time", Kind: bot.Time, Required: true},
					{Name: "size", Summary: "What kind of car", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Any car", Value: "any"}, {Label: "A big one", Value: "big"}}},
					{Name: "who", Summary: "Somebody you would like", Kind: bot.Someone},
					{Name: "address", Summary: "Only for your driver", Private: true, Long: true},
				},
				Run: r.handle(func(_ context.Context, q bot.Request) (bot.Reply, error) {
					if q.Arg("when") == "yesterday" {
						return bot.Reply{}, &bot.Error{Code: "past", Say: "That is in the past."}
					}
					return bot.Say(bot.Message{Text: "Asked for " + bot.Literal(q.Arg("when")) + " from " + bot.Literal(q.Arg("from")), Tone: bot.Good}), nil
				})},
		}},
		{Name: "plan", Summary: "Plan days", Example: "/plan dec 8", Who: bot.Anyone, Form: "Plan days",
			Options: []bot.Option{
				{Name: "when", Summary: "One day or several", Required: true, Dates: true},
				{Name: "help", Summary: "Help each time", Several: []bot.Pick{{Label: "Ride home", Value: "ride home"}, {Label: "A meal", Value: "meal"}, {Label: "None", Value: "none"}}, Mends: []string{"hours"}},
			},
			Run: r.handle(func(_ context.Context, q bot.Request) (bot.Reply, error) {
				if q.Arg("help") == "ride home, meal" {
					return bot.Reply{}, &bot.Error{Code: "hours", Say: "When is the meal?"}
				}
				return bot.Say(bot.Message{Text: "Planned " + bot.Literal(q.Arg("when")) + " with " + bot.Literal(q.Arg("help"))}), nil
			})},
		{Name: "need", Summary: "Needs", Subs: []bot.Command{
			{Name: "claim", Summary: "Say yes", Example: "/need claim k7m2p9", Who: bot.Anyone,
				Options: []bot.Option{{Name: "need", Summary: "Which", Kind: bot.Ref, Required: true}},
				Run: r.handle(func(_ context.Context, q bot.Request) (bot.Reply, error) {
					return bot.Reply{Update: true, Messages: []bot.Message{{Text: "You drive " + q.Arg("need")}, {Text: "Thank you"}}}, nil
				})},
		}},
		{Name: "slow", Summary: "Takes a while", Example: "/slow", Who: bot.Anyone,
			Options: []bot.Option{{Name: "then", Summary: "What comes", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Words", Value: "words"}, {Label: "A form", Value: "form"}, {Label: "Nothing", Value: "nothing"}, {Label: "Danger", Value: "danger"}}}},
			Run: r.handle(func(ctx context.Context, q bot.Request) (bot.Reply, error) {
				r.mu.Lock()
				hold := r.hold
				r.mu.Unlock()
				select {
				case <-hold:
				case <-ctx.Done():
				}
				switch q.Arg("then") {
				case "form":
					return bot.Reply{Form: &bot.Form{Title: "A ride home", Path: []string{"ask", "ride-home"}, Fields: []bot.FormField{
						{Option: bot.Option{Name: "when", Summary: "The day", Required: true}},
						{Option: bot.Option{Name: "from", Summary: "From", Required: true}, Value: "here"},
					}}}, nil
				case "nothing":
					return bot.Reply{}, nil
				case "danger":
					return bot.Reply{Crisis: true, Messages: []bot.Message{{Text: "Please call 988.", Tone: bot.Urgent}}}, nil
				}
				return bot.Say(bot.Message{Text: "Here it is."}), nil
			})},
		{Name: "twice", Summary: "Says a lot", Example: "/twice", Who: bot.Anyone,
			Run: r.handle(func(context.Context, bot.Request) (bot.Reply, error) {
				return bot.Reply{Messages: []bot.Message{{Text: "one"}, {Text: "two"}, {Text: "three"}}}, nil
			})},
		{Name: "setup", Summary: "For moderators", Example: "/setup quiet: yes hours: 3", Who: bot.Moderators,
			Options: []bot.Option{
				{Name: "quiet", Summary: "Quiet or not", Kind: bot.YesNo},
				{Name: "hours", Summary: "How many", Kind: bot.Number, Min: 1, Max: 24},
				{Name: "room", Summary: "Where", Kind: bot.Place},
			}, Run: say("Set.")},
		{Name: "hi", Summary: "Says hello", Example: "/hi", Who: bot.Anyone, Run: say("Hello.")},
		{Name: "chart", Summary: "Shows a picture", Example: "/chart", Who: bot.Anyone,
			Run: r.handle(func(context.Context, bot.Request) (bot.Reply, error) {
				return bot.Say(bot.Message{Title: "Your weeks", Image: &bot.Image{Name: "my weeks.png", PNG: []byte("\x89PNG"), Alt: "A line that rises"}}), nil
			})},
		{Name: "entry", Summary: "Gives a file", Example: "/entry", Who: bot.Anyone,
			Run: r.handle(func(context.Context, bot.Request) (bot.Reply, error) {
				return bot.Say(bot.Message{Text: "Here it is.", File: &bot.File{Name: "calendar.ics", Type: "text/calendar", Data: []byte("BEGIN:VCALENDAR")}, Buttons: []bot.Button{
					{Label: "As an e-mail", URL: "mailto:?body=hello", Aside: true}, {Label: "Call", URL: "tel:988"}}}), nil
			})},
	}
}

// screen hears danger in these words alone.
func screen(_ bot.Request, words string) (bot.Alarm, any) {
	if !strings.Contains(words, "end it") {
		return bot.NoAlarm, nil
	}
	return bot.InDanger, nil
}

func lines(context.Context, bot.Request) bot.Message {
	return bot.Message{Text: "Please call 988.", Tone: bot.Urgent}
}

func complete(_ context.Context, _ bot.Request, typed string) []bot.Pick {
	var out []bot.Pick
	for _, p := range []bot.Pick{{Label: "Can I drive?", Value: "driving-after"}, {Label: "Can I eat?", Value: "fasting"}} {
		if strings.Contains(strings.ToLower(p.Label), strings.ToLower(typed)) {
			out = append(out, p)
		}
	}
	return out
}
