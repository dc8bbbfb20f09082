package discord

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"village/bot"
)

// taken is a connection that an upgrade takes over.
type taken struct {
	http.ResponseWriter
	conn net.Conn
	in   *bufio.Reader
}

func (c taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return c.conn, bufio.NewReadWriter(c.in, bufio.NewWriter(c.conn)), nil
}

// wires are the two ends of a websocket without a network, so that the clock may be
// the test's.
func wires(t testing.TB) (near, far *websocket.Conn) {
	t.Helper()
	here, there := net.Pipe()
	upgraded := make(chan *websocket.Conn, 1)
	go func() {
		in := bufio.NewReader(there)
		req, err := http.ReadRequest(in)
		if err != nil {
			t.Error(err)
		}
		ws, err := (&websocket.Upgrader{}).Upgrade(taken{conn: there, in: in}, req, nil)
		if err != nil {
			t.Error(err)
		}
		upgraded <- ws
	}()
	dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return here, nil }}
	near, _, err := dialer.Dial("ws://gateway/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return near, <-upgraded
}

// line is a session of shard 2 of 3 on a connection to a Discord that is the test.
type line struct {
	t     testing.TB
	s     *session
	far   *websocket.Conn
	begun time.Time
	heard chan payload // from the bot
	ended chan ending
	// events are those that the session handed over, late ones with a star.
	events []string
}

func newLine(t testing.TB, at position) *line {
	t.Helper()
	p, err := New(Config{Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	near, far := wires(t)
	l := &line{t: t, far: far, begun: time.Now(), heard: make(chan payload, 10_000), ended: make(chan ending, 1)}
	l.s = &session{p: p, begun: func() {}, shard: 2, shards: 3, at: at, handle: func(name string, _ json.RawMessage, late bool) {
		if late {
			name += "*"
		}
		l.events = append(l.events, name)
	}}
	go func() { l.ended <- l.s.hear(context.Background(), near) }()
	go func() {
		defer close(l.heard)
		for {
			var m payload
			if far.ReadJSON(&m) != nil {
				return
			}
			l.heard <- m
		}
	}()
	return l
}

func (l *line) say(text string) {
	l.t.Helper()
	if err := l.far.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		l.t.Error(err)
	}
}

// over is how the connection ended, and after how long.
func (l *line) over() (ending, time.Duration) {
	e := <-l.ended
	l.far.Close()
	return e, time.Since(l.begun)
}

const (
	hello   = `{"op":10,"d":{"heartbeat_interval":40000}}`
	isReady = `{"op":0,"t":"READY","s":1,"d":{"session_id":"s9","resume_gateway_url":"wss://r"}}`
)

// A new session is asked for, or one is taken up again where it was; nothing else is
// said before Discord has greeted.
func TestWhatIsSaidFirst(t *testing.T) {
	for _, tc := range []struct {
		at   position
		op   int
		want string
	}{
		{position{}, opIdentify, `"intents":4609`},
		{position{}, opIdentify, `"shard":[2,3]`},
		{position{}, opIdentify, `"token":"t"`},
		{position{Session: "s1", Seq: 7, Resume: "wss://r"}, opResume, `{"seq":7,"session_id":"s1","token":"t"}`},
		{position{Session: "s1", Seq: 7}, opResume, `{"seq":7,"session_id":"s1","token":"t"}`},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLine(t, tc.at)
			synctest.Wait()
			if len(l.heard) > 0 {
				t.Error("it spoke first")
			}
			l.say(hello)
			if m := <-l.heard; m.Op != tc.op || !strings.Contains(string(m.D), tc.want) {
				t.Errorf("it began with %d %s, not with %d %s", m.Op, m.D, tc.op, tc.want)
			}
			l.far.Close()
			l.over()
		})
	}
}

// A connection on which nothing comes is given up, at whatever point; so is one on
// which things happen but no heartbeat is confirmed.
func TestSilence(t *testing.T) {
	for name, tc := range map[string]struct {
		say   []string
		after time.Duration
		lived bool
	}{
		"no greeting":           {nil, 8 * time.Second, false},
		"no READY":              {[]string{hello}, 20 * time.Second, false},
		"no READY, confirmed":   {[]string{hello, `{"op":11}`}, 20 * time.Second, false},
		"a second greeting":     {[]string{hello, isReady, hello}, time.Minute, true},
		"no confirmation":       {[]string{hello, isReady}, time.Minute, true},
		"events, not confirmed": {[]string{hello, isReady, `{"op":0,"t":"X","s":2,"d":{}}`}, time.Minute, true},
		"confirmed":             {[]string{hello, isReady, `{"op":11}`}, time.Minute + 10*time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLine(t, position{})
				for i, text := range tc.say {
					if text == `{"op":11}` || i > 1 {
						<-time.After(10 * time.Second)
					}
					l.say(text)
				}
				e, after := l.over()
				if after != tc.after || !e.resume || e.lived != tc.lived {
					t.Errorf("given up after %v, %+v", after, e)
				}
			})
		})
	}
}

// Heartbeats come in Discord's rhythm and say how far the
// session is; one that is asked for comes at once, and however many are asked for,
// Discord is not told more in a minute than it allows.
func TestHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, position{})
		l.say(`{"op":1,"d":null}`) // before Discord has greeted, there is no rhythm
		l.say(hello)
		if m := <-l.heard; m.Op != opIdentify {
			t.Errorf("it began with %d", m.Op)
		}
		if m := <-l.heard; m.Op != opHeartbeat || string(m.D) != "null" || time.Since(l.begun) > 0 {
			t.Errorf("%d %s after %v", m.Op, m.D, time.Since(l.begun))
		}
		l.say(isReady)
		last := l.begun
		for range 3 {
			m := <-l.heard
			l.say(`{"op":11}`)
			if m.Op != opHeartbeat || string(m.D) != "1" || time.Since(last) != 40*time.Second {
				t.Errorf("%d %s after %v", m.Op, m.D, time.Since(last))
			}
			last = time.Now()
		}
		<-time.After(10 * time.Second)
		l.say(`{"op":1,"d":null}`)
		if m := <-l.heard; m.Op != opHeartbeat || time.Since(last) != 10*time.Second {
			t.Errorf("asked for, it came after %v", time.Since(last))
		}
		begun := time.Now()
		for time.Since(begun) < time.Minute {
			for range 100 {
				l.say(`{"op":1,"d":null}`)
			}
			l.say(`{"op":11}`)
			<-time.After(time.Second / 10)
		}
		if n := len(l.heard); n < 50 || n > 100 {
			t.Errorf("%d heartbeats in a minute", n)
		}
		l.far.Close()
		l.over()
	})
}

// Many bots that begin at once do not send their heartbeats at once.
func TestTheFirstHeartbeatIsAnywhere(t *testing.T) {
	var came []time.Duration
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			l := newLine(t, position{})
			l.say(hello)
			l.say(isReady)
			<-l.heard
			<-l.heard
			came = append(came, time.Since(l.begun))
			l.far.Close()
			l.over()
		})
	}
	if first, last := slices.Min(came), slices.Max(came); last-first < time.Second || last > 40*time.Second {
		t.Errorf("they came after %v", came)
	}
}

// What ends a connection, and whether the session can be taken up again.
func TestEndings(t *testing.T) {
	for say, want := range map[string]ending{
		`{"op":7,"d":null}`:                      {resume: true},
		`{"op":9,"d":true}`:                      {resume: true, invalid: true},
		`{"op":9,"d":false}`:                     {invalid: true},
		`{`:                                      {resume: true},
		`null`:                                   {resume: true},
		`[]`:                                     {resume: true},
		`{"op":10,"d":{"heartbeat_interval":0}}`: {resume: true},
		`{"op":10,"d":{"heartbeat_interval":9000000000000000000}}`: {resume: true},
		`{"op":10,"d":null}`: {resume: true},
		"1000":               {code: 1000},
		"1001":               {code: 1001},
		"4000":               {code: 4000, resume: true},
		"4004":               {code: 4004, resume: true},
		"4007":               {code: 4007},
		"4009":               {code: 4009},
		"gone":               {resume: true},
		`{"op":0,"t":"X","s":5,"d":"` + strings.Repeat("x", maxEvent) + `"}`: {resume: true},
	} {
		for _, lived := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				l := newLine(t, position{})
				if want.lived = lived; lived {
					l.say(hello)
					l.say(isReady)
				}
				var code int
				_, err := fmt.Sscanf(say, "%d", &code)
				switch {
				case err == nil:
					_ = l.far.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
				case say == "gone":
					l.far.Close()
				case lived && strings.HasPrefix(say, `{"op":10`): // a second greeting says nothing
					l.say(`{"op":7}`)
				default:
					_ = l.far.WriteMessage(websocket.TextMessage, []byte(say)) // a part of it may do
				}
				e, after := l.over()
				if e.why == nil || after > 0 {
					t.Errorf("%.60s: ended with %+v after %v", say, e, after)
				}
				if e.why = nil; e != want {
					t.Errorf("%.60s: ended with %+v, not %+v", say, e, want)
				}
			})
		}
	}
}

// An event in several frames, with a ping between them, is one event.
func TestAnEventInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, position{})
		l.say(hello)
		raw := l.far.NetConn()
		for i := 0; i < len(isReady); i += 20 {
			part := isReady[i:min(i+20, len(isReady))]
			first := byte(0)
			if i == 0 {
				first = 1
			}
			if i+20 >= len(isReady) {
				first |= 0x80
			}
			_, _ = raw.Write(append([]byte{first, byte(len(part))}, part...))
			_, _ = raw.Write([]byte{0x89, 0})
		}
		_, _ = raw.Write([]byte("\x88\x02\x0f\xa0")) // closed with 4000
		e, _ := l.over()
		if at := l.s.position(); e.code != 4000 || !e.lived || at != (position{"s9", 1, "wss://r"}) || len(l.events) != 1 {
			t.Errorf("ended with %+v at %+v after %q", e, at, l.events)
		}
	})
}

// What happened while nobody was connected comes before Discord says that the
// session goes on, and is known as late.
func TestWhatIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, position{Session: "s1", Seq: 7, Resume: "wss://r"})
		l.say(hello)
		for _, say := range []string{
			`{"op":0,"t":"A","s":8,"d":{}}`, `{"op":0,"t":"RESUMED","s":9,"d":{}}`, `{"op":0,"t":"B","s":10,"d":{}}`, `{"op":0,"t":"C","d":{}}`, `{"op":0,"t":"D","s":"77","d":{}}`,
		} {
			l.say(say)
		}
		l.far.Close()
		l.over()
		if got := strings.Join(l.events, " "); got != "A* RESUMED* B C D" {
			t.Errorf("heard %s", got)
		}
		if at := l.s.position(); at != (position{"s1", 10, "wss://r"}) {
			t.Errorf("the session is at %+v", at)
		}
	})
}

// FuzzConnection lets Discord send any bytes: the connection ends sooner or later,
// with a reason, and hands on no more than came.
func FuzzConnection(f *testing.F) {
	f.Add([]byte("\x81\x0b{\"op\":11}  "))
	f.Add(append([]byte{0x81, byte(len(hello))}, hello...))
	f.Add(append(append([]byte{0x81, byte(len(hello))}, hello...), append([]byte{0x81, byte(len(isReady))}, isReady...)...))
	f.Add([]byte("\x01\x05{\"op\"\x80\x04:11}\x88\x02\x0f\xa4"))
	f.Add([]byte{0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		l := newLine(t, position{})
		_ = l.far.SetWriteDeadline(time.Now().Add(time.Minute))
		_, _ = l.far.NetConn().Write(data)
		l.far.Close()
		if e, _ := l.over(); e.why == nil || len(l.events) > len(data)/8 {
			t.Errorf("ended with %+v after %d events", e, len(l.events))
		}
	})
}

// That the bot was taken out of a server is told, and that it is in one; an outage is
// neither.
func TestServersComeAndGo(t *testing.T) {
	var told []string
	note := func(what string) func(context.Context, string) {
		return func(_ context.Context, workspace string) { told = append(told, what+" "+workspace) }
	}
	b, err := bot.New(bot.Config{Removed: note("removed"), Returned: note("returned"),
		Table: []bot.Command{{Name: "hi", Summary: "Say hello", Example: "/hi", Who: bot.Anyone, Run: func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{}, nil }}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range [][2]string{
		{"GUILD_CREATE", `{"id":"11"}`}, {"GUILD_DELETE", `{"id":"12","unavailable":true}`}, {"GUILD_DELETE", `{"id":"13"}`},
		{"GUILD_CREATE", `{"id":"14","unavailable":true}`}, {"GUILD_DELETE", `{}`}, {"GUILD_DELETE", `[]`},
	} {
		p.serverComesOrGoes(t.Context(), b, e[0], []byte(e[1]))
	}
	if want := []string{"returned discord/11", "removed discord/13"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
