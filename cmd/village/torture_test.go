package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

// tortureTime is how long it lasts where nobody says, on the embedded store and on one
// Redis; the first promises are waited for.
const tortureTime = 2 * time.Second

// The real program, connected to Discord and to Slack, as one process on the embedded
// store and as two on one Redis, behind a Sentinel, and on a Cluster of three, while
// its processes and the servers are killed, cut, slowed and filled, and the platforms
// answer 429, 500, twice or nothing. What was acknowledged to somebody comes, and
// comes once.
//
//	go test -run TestTorture -v ./cmd/village                  two seconds on bolt and on Redis
//	go test -run TestTorture -v ./cmd/village -torture 10m     ten minutes on each store
func TestTorture(t *testing.T) {
	t.Run("bolt", func(t *testing.T) {
		t.Parallel()
		newTorture(t, 1, nil).play()
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		server := storetest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "always")
		if server == nil {
			return // its log says so
		}
		newTorture(t, 2, []string{"REDIS_URL=" + server.URL}, server).play()
	})
	if flagged[time.Duration]("torture") == 0 {
		return
	}
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()
		// What the next master has not heard of is gone: so nothing is taken while
		// nobody follows, see docs/promises.md.
		together := []string{"--appendonly", "yes", "--appendfsync", "always", "--min-replicas-to-write", "1", "--min-replicas-max-lag", "2"}
		server := storetest.StartRedis(t, together...)
		if server == nil {
			return // its log says so
		}
		replica := server.StartReplica(t, together...)
		sentinel := server.StartSentinel(t, "village")
		x := newTorture(t, 2, []string{"REDIS_URL=" + sentinel.URL}, server, replica)
		x.failover = true
		x.play()
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		servers := storetest.StartCluster(t, 3)
		if servers == nil {
			return // its log says so
		}
		awaitStore(t, servers[0].URL)
		newTorture(t, 2, []string{"REDIS_URL=" + servers[0].URL + "?addr=" + strings.TrimPrefix(strings.TrimSuffix(servers[1].URL, "/0"), "redis://")}, servers...).play()
	})
}

// awaitStore waits until the servers of a Cluster know each other.
func awaitStore(t *testing.T, url string) {
	t.Helper()
	for begun := time.Now(); ; {
		s, err := redis.Open(t.Context(), url, time.Now)
		if err == nil {
			if err = s.Health(t.Context()); err == nil {
				err = s.Close()
			}
		}
		if err == nil {
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatal(err)
		}
		<-time.After(100 * time.Millisecond)
	}
}

// torture is one village under it.
type torture struct {
	*testing.T
	dice      *rand.Rand
	discord   *discordtest.Server
	room      *discordtest.Channel
	slack     *slacktest.Server
	servers   []*storetest.Server
	failover  bool // the servers are a master and its replica
	env       []string
	processes []*keptAlive
	uses      []wish
	typed     []wish
	known     map[string]bool // codes that were claimed, on either platform
	ops       int
	faults    map[string]int
}

// wish is something that somebody asked for: by its words, which nobody else used.
type wish struct {
	words, user string
	use         *discordtest.Use
	claims      string // the code of the request that they said yes to
}

const (
	tortureRoom = "C0VILLAGE"
	// tortureScopes are the bot's, and the one that lets it look into a channel, which it
	// does not ask for: without it a card whose post was lost stands twice there.
	tortureScopes = "app_mentions:read,channels:history,channels:read,chat:write,commands,files:write,groups:read,im:history,im:write,users:read"
	crowd         = 300 // those who ask, and almost as many who help, so that no two meet twice
)

func newTorture(t *testing.T, processes int, env []string, servers ...*storetest.Server) *torture {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	x := &torture{T: t, dice: rand.New(rand.NewPCG(seed, 3)), discord: discordtest.New(t), slack: slacktest.New(t),
		servers: servers, known: map[string]bool{}, faults: map[string]int{}}
	x.discord.Lenient() // what is answered twice after a crash is refused, as Discord does
	x.slack.AllowUnacked()
	x.slack.SetScopes(tortureScopes)
	for i := range crowd { // who comes later has to be seen to come
		for _, name := range []string{"maya", "sam"} {
			name += fmt.Sprint(i)
			x.slack.AddUser(slacktest.User{ID: "U0" + strings.ToUpper(name), Name: name})
		}
	}
	x.room = x.discord.Guild("Friends").Channel("village")
	shared := t.TempDir() // with the key, and the file
	x.env = append(env, "TZ=UTC", "HOME="+shared, "VILLAGE_KEY="+strings.Repeat("A", 43)+"=",
		"DISCORD_TOKEN="+discordtest.Token, "DISCORD_API_URL="+x.discord.URL(),
		"SLACK_BOT_TOKEN="+slacktest.BotToken, "SLACK_APP_TOKEN="+slacktest.AppToken, "SLACK_API_URL="+x.slack.URL())
	for i := range processes {
		p := &keptAlive{env: append(x.env, "VILLAGE_DATA="+t.TempDir(), fmt.Sprintf("VILLAGE_NAME=p%d", i))}
		x.processes = append(x.processes, p)
		p.begin()
		t.Cleanup(p.end)
	}
	return x
}

// keptAlive is a process that is started again whenever it ends, as by a service
// manager.
type keptAlive struct {
	env    []string
	mu     sync.Mutex
	cmd    *exec.Cmd
	over   chan struct{} // closed when it is not to be started any more
	done   sync.WaitGroup
	starts atomic.Int64
}

func (p *keptAlive) begin() {
	p.over = make(chan struct{})
	p.done.Go(func() {
		for {
			cmd := exec.Command("village")
			cmd.Env, cmd.Stdout, cmd.Stderr = append(cmd.Environ(), p.env...), io.Discard, io.Discard
			p.mu.Lock()
			err := cmd.Start()
			p.cmd = cmd
			p.mu.Unlock()
			p.starts.Add(1)
			if err == nil {
				_ = cmd.Wait() // it is killed, mostly
			}
			select {
			case <-p.over:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	})
}

func (p *keptAlive) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Signal(s) // it may have ended by itself
	}
}

func (p *keptAlive) end() {
	select {
	case <-p.over:
		return
	default:
		close(p.over)
	}
	p.signal(syscall.SIGTERM)
	p.done.Wait()
}

// play is the torture, and the calm after it.
func (x *torture) play() {
	x.prepare()
	lasts := max(flagged[time.Duration]("torture"), tortureTime)
	for begun := time.Now(); len(x.promised()) == 0 && time.Since(begun) < tortureCalm; <-time.After(100 * time.Millisecond) {
		x.act()
	}
	begun := time.Now()
	for next := begun; time.Since(begun) < lasts; <-time.After(40 * time.Millisecond) {
		x.act()
		if time.Now().After(next) {
			x.hurt()
			next = time.Now().Add(time.Duration(300+x.dice.IntN(700)) * time.Millisecond)
		}
	}
	x.mend()
	x.judge(time.Since(begun).Round(time.Second))
}

func (x *torture) prepare() {
	x.discord.WaitReady()
	x.slack.WaitSockets(len(x.processes))
	mod := x.discord.Person("Mod")
	mod.Moderator = true
	mod.Slash(x.room, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(x.room, "setup channel", nil).Answer()
	x.slack.Slash(slacktest.Team, tortureRoom, "U0MOD", "/setup", "zone Denver")
	x.slack.WaitText("U0MOD", "America/Denver")
	x.slack.Slash(slacktest.Team, tortureRoom, "U0MOD", "/setup", "channel")
	x.slack.WaitText("U0MOD", "The village channel is set")
}

// act has somebody ask for a ride, or say yes to one.
func (x *torture) act() {
	x.ops++
	n := len(x.uses) + len(x.typed)
	words := fmt.Sprintf("stop %dz", n)
	soon := fmt.Sprintf("in %d minutes", 5*24*60+n%300) // so far ahead that nobody is asked again
	switch x.dice.IntN(4) {
	case 0:
		who := x.discord.Person(fmt.Sprint("Maya", n%crowd))
		use := who.Slash(x.room, "ask ride-home", map[string]any{"when": soon, "from": words})
		x.uses = append(x.uses, wish{words: words, use: use})
	case 1:
		user := fmt.Sprintf("U0MAYA%d", n%crowd)
		if len(x.slack.Sockets()) > 0 {
			x.slack.Slash(slacktest.Team, tortureRoom, user, "/ask", "ride-home "+soon+" from: "+words)
			x.typed = append(x.typed, wish{words: words, user: user})
		}
	case 2:
		who := x.discord.Person(fmt.Sprint("Sam", n%(crowd-1)))
		for _, m := range x.room.Messages() {
			if code, open := x.unclaimed(m.Commands()); open && m.Author == nil && !m.Ephemeral() {
				x.uses = append(x.uses, wish{claims: code, use: who.PressID(x.room, "v1:/need claim "+code)})
				return
			}
		}
	case 3:
		user := fmt.Sprintf("U0SAM%d", n%(crowd-1))
		for _, m := range x.slack.Messages() {
			if code, open := x.unclaimed(m.Commands()); open && m.To() == tortureRoom && len(x.slack.Sockets()) > 0 {
				x.slack.Press(m, user, "/need claim "+code)
				x.typed = append(x.typed, wish{claims: code, user: user})
				return
			}
		}
	}
}

// unclaimed is the code of a card that nobody has said yes to yet.
func (x *torture) unclaimed(commands []string) (string, bool) {
	for _, line := range commands {
		if code, is := strings.CutPrefix(line, "/need claim "); is && !x.known[code] {
			x.known[code] = true
			return code, true
		}
	}
	return "", false
}

// hurt does one bad thing.
func (x *torture) hurt() {
	wounds := []func() string{x.kill, x.leave, x.refuseDiscord, x.refuseSlack}
	if len(x.servers) > 0 {
		wounds = append(wounds, x.hurtServer, x.hurtServer)
	}
	x.faults[wounds[x.dice.IntN(len(wounds))]()]++
}

func (x *torture) any() *keptAlive { return x.processes[x.dice.IntN(len(x.processes))] }

func (x *torture) kill() string {
	x.any().signal(syscall.SIGKILL)
	return "kills"
}

func (x *torture) leave() string {
	x.any().signal(syscall.SIGTERM)
	return "ends"
}

// refuseDiscord has Discord refuse, limit, forget to answer, or do what it was asked
// and say that it did not.
func (x *torture) refuseDiscord() string {
	on, times := "POST /channels", 1+x.dice.IntN(8)
	switch x.dice.IntN(4) {
	case 0:
		x.discord.Fail(discordtest.RateLimited(on, times, 0.2))
	case 1:
		x.discord.Fail(discordtest.Broken(on, times, 500))
	case 2:
		x.discord.Fail(discordtest.Fault{On: on, Times: times, Status: 502, Body: "lost", AfterWork: true})
	case 3:
		held := make(chan struct{})
		time.AfterFunc(1500*time.Millisecond, func() { close(held) })
		x.discord.Fail(discordtest.Fault{On: on, Times: times, Until: held})
	}
	return "refusals"
}

// refuseSlack has Slack refuse, limit, forget to answer, or post what it was asked to and
// say that it did not.
func (x *torture) refuseSlack() string {
	method, f := "chat.postMessage", slacktest.Fault{Times: 1 + x.dice.IntN(8)}
	switch x.dice.IntN(4) {
	case 0:
		f.Status, f.RetryAfter = 429, "1"
	case 1:
		f.Status = 500
	case 2:
		f.Status, f.Done = 502, true
	case 3:
		held := make(chan struct{})
		time.AfterFunc(1500*time.Millisecond, func() { close(held) })
		f.Status, f.Until = 500, held
	}
	x.slack.Fail(method, f)
	return "refusals"
}

// hurtServer kills, freezes, cuts, slows or fills a server.
func (x *torture) hurtServer() string {
	s := x.servers[x.dice.IntN(len(x.servers))]
	var err error
	wounds := []string{"servers killed", "servers cut", "servers filled", "servers frozen", "servers slowed"}
	if x.failover { // a master that is only silent goes on taking what the next one never hears of, see docs/promises.md
		wounds = wounds[:3]
	}
	what := wounds[x.dice.IntN(len(wounds))]
	switch what {
	case "servers killed":
		was := s.Takes()
		s.Kill(x)
		if x.failover && was {
			x.await("another master", func(o *storetest.Server) bool { return o != s && o.IsMaster() })
		}
		s.Restart(x)
		if x.failover {
			x.await("a master that is followed", (*storetest.Server).Takes)
		}
	case "servers frozen":
		s.Freeze(x, 500*time.Millisecond)
	case "servers cut":
		err = s.Cut()
	case "servers slowed":
		err = s.Slow(500 * time.Millisecond)
	case "servers filled":
		if err = s.Fill(true); err == nil {
			<-time.After(400 * time.Millisecond)
			err = s.Fill(false)
		}
	}
	if err != nil {
		x.Error(err)
	}
	return what
}

// await waits until it is so of one of the servers.
func (x *torture) await(what string, so func(*storetest.Server) bool) {
	x.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; <-time.After(50 * time.Millisecond) {
		if slices.ContainsFunc(x.servers, so) {
			return
		}
	}
	x.Fatalf("waited in vain for %s", what)
}

// mend ends every fault that is left.
func (x *torture) mend() {
	x.discord.Mend()
	x.slack.Heal("chat.postMessage")
}
