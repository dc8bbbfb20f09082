package redis_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"village/internal/store"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

func TestMain(m *testing.M) {
	victim := storetest.IsVictim(func(url string) (store.Store, error) {
		return redis.Open(context.Background(), url, time.Now)
	})
	if victim {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestKill(t *testing.T) {
	server := storetest.Redis(t)
	if server == nil {
		return // its log says so; miniredis has no process to outlive
	}
	storetest.SurvivesKill(t, server.URL, opener(t, server.URL))
}

// TestServerKill: a killed redis-server that syncs before it answers has all that it
// acknowledged, however slow its disk. Never is there a part of a commit.
func TestServerKill(t *testing.T) {
	server := storetest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	if server == nil {
		return // its log says so
	}
	acknowledged, lost := storetest.ServerKill(t, server, opener(t, server.URL))
	t.Logf("redis-server was killed after %d acknowledged commits; %d were lost", acknowledged, lost)
	if lost > 0 {
		t.Errorf("%d of %d acknowledged commits were lost", lost, acknowledged)
	}
}

func opener(t *testing.T, url string) func() (store.Store, error) {
	return func() (store.Store, error) { return redis.Open(t.Context(), url, time.Now) }
}

const password = "swordfish-42"

// TestOpenSaysWhatIsWrong: the operator reads what is wrong and what to do, and
// never the password.
func TestOpenSaysWhatIsWrong(t *testing.T) {
	locked := miniredis.RunT(t)
	locked.RequireUserAuth("maya", password+"x")
	newer := miniredis.RunT(t)
	if err := newer.Set("village:{s00}:version", "4"); err != nil {
		t.Fatal(err)
	}
	strange := miniredis.RunT(t)
	if err := strange.Set("village:{s00}:version", "two"); err != nil {
		t.Fatal(err)
	}
	closed := listener(t)
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		url  string
		want error
		says string
	}{
		"nobody listens":        {url: "redis://maya:" + password + "@" + address, says: "cannot be reached"},
		"no such host":          {url: "redis://maya:" + password + "@no-such-host.invalid:6379", says: "cannot be reached"},
		"a wrong password":      {url: "redis://maya:" + password + "@" + locked.Addr(), says: "does not accept"},
		"no password":           {url: "redis://" + locked.Addr(), says: "does not accept"},
		"no URL at all":         {url: "localhost:6379 " + password, says: "redis://user:password@host"},
		"another program's URL": {url: "postgres://maya:" + password + "@localhost", says: "redis://user:password@host"},
		"a bad port":            {url: "redis://maya:" + password + "@localhost:port", says: "redis://user:password@host"},
		"a bad database":        {url: "redis://localhost/" + password, says: "redis://user:password@host"},
		"an unescaped password": {url: "redis://maya:" + password + "/%%@localhost", says: "%2F"},
		"an unknown setting":    {url: "redis://localhost/0?secret=" + password, says: "redis://user:password@host"},
		"a bad cluster node":    {url: "redis://localhost/?addr=" + password, says: "redis://user:password@host"},
		"a bad Sentinel URL":    {url: "redis://localhost/x?master_name=" + password, says: "redis://user:password@host"},
		"a newer version":       {url: "redis://" + newer.Addr(), want: store.ErrNewer, says: "nothing was touched"},
		"a strange version":     {url: "redis://" + strange.Addr(), says: "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := redis.Open(t.Context(), test.url, time.Now)
			if err == nil {
				t.Fatal("it was opened", s.Close())
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), password) {
				t.Errorf("it says: %v", err)
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	if keys := newer.Keys(); len(keys) != 1 {
		t.Errorf("a newer version's keyspace was touched: %v", keys)
	}
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestUnsafeServers: a Redis that would break the promises is refused, and
// nothing is written to it.
func TestUnsafeServers(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want error
		says string
	}{
		"as it comes":      {nil, redis.ErrNotDurable, "--appendonly yes"},
		"snapshots only":   {[]string{"--save", "60 1"}, redis.ErrNotDurable, "--appendonly yes"},
		"evicts anything":  {[]string{"--appendonly", "yes", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}, redis.ErrEvicts, "noeviction"},
		"evicts by expiry": {[]string{"--appendonly", "yes", "--maxmemory-policy", "volatile-ttl"}, redis.ErrEvicts, "noeviction"},
		"evicts in secret": {[]string{"--appendonly", "yes", "--rename-command", "CONFIG", "", "--maxmemory-policy", "allkeys-lru"}, redis.ErrEvicts, "noeviction"},
		"is a replica":     {[]string{"--appendonly", "yes", "--replicaof", "127.0.0.1 1"}, nil, "replica"},
	} {
		t.Run(name, func(t *testing.T) {
			server := storetest.StartRedis(t, test.args...)
			if server == nil {
				return // its log says so
			}
			s, err := redis.Open(t.Context(), server.URL, time.Now)
			if err == nil {
				t.Fatal("it was opened", s.Close())
			}
			if (test.want != nil && !errors.Is(err, test.want)) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
			if n := client(t, server.URL).DBSize(t.Context()).Val(); n != 0 {
				t.Errorf("%d keys were written", n)
			}
		})
	}
}

func client(t testing.TB, url string) *goredis.Client {
	t.Helper()
	options, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestWarnings: what a provider hides is said, and does not stop anybody.
func TestWarnings(t *testing.T) {
	hidden := open(t, "redis://"+miniredis.RunT(t).Addr(), time.Now).Warnings()
	if len(hidden) != 2 || !strings.Contains(hidden[0], "maxmemory-policy") || !strings.Contains(hidden[1], "appendonly") {
		t.Errorf("nothing can be checked: %q", hidden)
	}
	server := storetest.StartRedis(t, "--appendonly", "yes", "--rename-command", "CONFIG", "")
	if server == nil {
		return // its log says so
	}
	if w := open(t, server.URL, time.Now).Warnings(); len(w) != 1 || !strings.Contains(w[0], "appendonly") {
		t.Errorf("without CONFIG: %q", w)
	}
	rare := storetest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "no")
	if w := open(t, rare.URL, time.Now).Warnings(); len(w) != 1 || !strings.Contains(w[0], "appendfsync") {
		t.Errorf("rarely synced: %q", w)
	}
	good := storetest.StartRedis(t, "--appendonly", "yes")
	if w := open(t, good.URL, time.Now).Warnings(); len(w) != 0 {
		t.Errorf("nothing is wrong: %q", w)
	}
}

func TestHealth(t *testing.T) {
	server := storetest.StartRedis(t, "--appendonly", "yes")
	if server == nil {
		return // its log says so
	}
	s, c := open(t, server.URL, time.Now), client(t, server.URL)
	if err := s.Health(t.Context()); err != nil {
		t.Error(err)
	}
	set := func(name, value string) {
		t.Helper()
		if err := c.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	set("maxmemory", "1")
	if err := s.Health(t.Context()); err == nil || !strings.Contains(err.Error(), "is full") {
		t.Errorf("full: %v", err)
	}
	if err := s.Commit(t.Context(), note("x")); err == nil || !strings.Contains(err.Error(), "is full") {
		t.Errorf("a commit when it is full: %v", err)
	}
	set("maxmemory", "0")
	set("appendonly", "no")
	if err := s.Health(t.Context()); !errors.Is(err, redis.ErrNotDurable) {
		t.Errorf("no longer durable: %v", err)
	}
	server.Kill(t)
	if err := s.Health(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("gone: %v", err)
	}
	if err := s.Commit(t.Context(), note("x")); err == nil || errors.Is(err, store.ErrStale) {
		t.Errorf("a commit to nobody: %v", err)
	}
}

func note(id string) store.Change {
	return store.Change{
		Partition: "p/maya",
		Puts:      []store.Doc{{Key: store.Key{Partition: "p/maya", Kind: "note", ID: id}, Body: []byte("kept"), Listed: []store.Entry{{Name: "all", Score: 1}}}},
		Jobs:      []store.Job{{Partition: "p/maya", ID: id, Kind: "notice", Due: time.Unix(1, 0)}},
	}
}

// TestScriptsForgotten: a restarted or failed-over server knows no scripts.
func TestScriptsForgotten(t *testing.T) {
	server := miniredis.RunT(t)
	s, c := open(t, "redis://"+server.Addr(), time.Now), client(t, "redis://"+server.Addr())
	for round := range 3 {
		var changes []store.Change
		for i := range 20 {
			changes = append(changes, note(fmt.Sprint(round, "-", i)))
		}
		if err := errors.Join(s.CommitAll(t.Context(), changes)...); err != nil {
			t.Fatal(err)
		}
		if err := c.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		jobs, err := s.Lease(t.Context(), 100, time.Minute)
		if err != nil || len(jobs) != 20 {
			t.Fatalf("leased %d, %v", len(jobs), err)
		}
		if err := c.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			changes = append(changes[:0], store.Change{Partition: j.Partition, Settles: []store.Settlement{{Job: j}}})
			if err := errors.Join(s.CommitAll(t.Context(), changes)...); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestNothingStays: when no process ever runs again, the server itself lets go
// of everything that was to expire: documents, their index entries, the list of
// what expires.
func TestNothingStays(t *testing.T) {
	server := miniredis.RunT(t)
	start := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	now := start
	s := open(t, "redis://"+server.Addr(), func() time.Time { return now })
	fading := func(id string, after time.Duration) store.Doc {
		d := note(id).Puts[0]
		d.Expires = start.Add(after)
		return d
	}
	commit := func(docs ...store.Doc) {
		t.Helper()
		if err := s.Commit(t.Context(), store.Change{Partition: "p/maya", Puts: docs}); err != nil {
			t.Fatal(err)
		}
	}
	commit(fading("a", time.Hour), fading("b", 24*time.Hour), fading("c", 2*time.Hour))
	server.FastForward(3 * time.Hour)
	if keys := documents(server); len(keys) != 2 {
		t.Errorf("after three hours: %v", keys)
	}
	server.FastForward(24 * time.Hour)
	if keys := documents(server); len(keys) != 0 {
		t.Errorf("after all of their time: %v", keys)
	}
	server.FastForward(31 * 24 * time.Hour)
	if keys := slices.DeleteFunc(server.Keys(), func(k string) bool { return strings.HasSuffix(k, "}:version") }); len(keys) > 0 {
		t.Errorf("a month later: %v", keys)
	}

	// With a document that stays, the index stays, and a sweep tidies what the
	// server left in it.
	commit(fading("a", time.Hour), note("stays").Puts[0])
	server.FastForward(48 * time.Hour)
	again := fading("a", 48*time.Hour)
	again.Listed = []store.Entry{{Name: "other", Score: 1}}
	commit(again)
	now = start.Add(2 * time.Hour)
	if n, err := s.Sweep(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("swept %d that live, %v", n, err)
	}
	for index, want := range map[string]int64{"all": 1, "other": 1} {
		if n, err := s.Count(t.Context(), "p/maya", index, 0, 0); n != want || err != nil {
			t.Errorf("%s lists %d, want %d, %v", index, n, want, err)
		}
	}
	commit(fading("gone", 3*time.Hour))
	server.FastForward(12 * time.Hour)
	now = start.Add(12 * time.Hour)
	if n, err := s.Sweep(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if n, err := s.Count(t.Context(), "p/maya", "all", 0, 0); n != 1 || err != nil {
		t.Errorf("all lists %d, %v", n, err)
	}
}

// documents are the keys of documents and of indexes.
func documents(server *miniredis.Miniredis) []string {
	return slices.DeleteFunc(server.Keys(), func(k string) bool { return !strings.Contains(k, ":d:") && !strings.Contains(k, ":i:") })
}

// TestNotSentTwice: when the connection breaks before the answer comes, the
// caller is told so. A second try behind its back would find the first one's
// work and say that something else had changed.
func TestNotSentTwice(t *testing.T) {
	server := miniredis.RunT(t)
	proxy := cutter(t, server.Addr())
	s := open(t, "redis://"+proxy.address, time.Now)
	if err := s.Commit(t.Context(), note("first")); err != nil {
		t.Fatal(err)
	}
	for _, many := range []bool{false, true} {
		id := fmt.Sprint("many-", many)
		changes := []store.Change{note(id)}
		if many {
			changes = append(changes, note(id+"-2"))
		}
		proxy.cut.Store(true)
		for _, err := range s.CommitAll(t.Context(), changes) {
			if err == nil || errors.Is(err, store.ErrStale) {
				t.Errorf("after a cut: %v", err)
			}
		}
		docs, err := s.Get(t.Context(), note(id).Puts[0].Key)
		if err != nil || docs[0].Rev != 1 {
			t.Errorf("what was sent was not there once: %v, %v", docs, err)
		}
	}
}

type cuttingProxy struct {
	address string
	cut     atomic.Bool // the next answer is swallowed and its connection ends
	holds   string      // only one that holds these words is
}

func cutter(t *testing.T, server string) *cuttingProxy {
	t.Helper()
	l := listener(t)
	t.Cleanup(func() { _ = l.Close() })
	p := &cuttingProxy{address: l.Addr().String()}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", server)
			if err != nil {
				_ = in.Close()
				return
			}
			go func() {
				defer out.Close()
				_, _ = io.Copy(out, in)
			}()
			go func() {
				defer in.Close()
				defer out.Close()
				answers := bufio.NewReader(out)
				for {
					part := make([]byte, 64<<10)
					n, err := answers.Read(part)
					if err != nil || bytes.Contains(part[:n], []byte(p.holds)) && p.cut.CompareAndSwap(true, false) {
						return
					}
					if _, err := in.Write(part[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return p
}

// TestEmptied: where everything that was kept is gone, or a part of it, nothing is
// answered as if there had been nothing, and nothing is written as if it were new.
func TestEmptied(t *testing.T) {
	server := miniredis.RunT(t)
	url := "redis://" + server.Addr()
	if _, err := redis.OpenReadOnly(t.Context(), url, time.Now); !errors.Is(err, os.ErrNotExist) || len(server.Keys()) > 0 {
		t.Errorf("to look at nothing: %v, and %v are there", err, server.Keys())
	}
	s := open(t, url, time.Now)
	if err := errors.Join(s.Commit(t.Context(), note("a")), s.Health(t.Context())); err != nil {
		t.Fatal(err)
	}
	looking, err := redis.OpenReadOnly(t.Context(), url, time.Now)
	if err != nil {
		t.Fatal(err, looking.Close())
	}
	if err := looking.Close(); err != nil {
		t.Fatal(err)
	}

	server.FlushAll()
	_, readErr := s.Get(t.Context(), note("a").Puts[0].Key)
	_, listErr := s.List(t.Context(), store.Query{Partition: "p/maya", Index: "all"})
	for what, err := range map[string]error{
		"read": readErr, "listed": listErr, "healthy": s.Health(t.Context()), "written": s.Commit(t.Context(), note("b")),
		"walked": s.Walk(t.Context(), func(store.Doc) error { return nil }, func(store.Job) error { return nil }),
	} {
		if !errors.Is(err, store.ErrGone) {
			t.Errorf("an emptied Redis is %s: %v", what, err)
		}
	}

	open(t, url, time.Now)
	server.Del("village:{s03}:version")
	if _, err := redis.Open(t.Context(), url, time.Now); !errors.Is(err, store.ErrGone) || !strings.Contains(err.Error(), "backup") {
		t.Errorf("a part of it is gone: %v", err)
	}
}

// TestLayoutOne: the jobs that an earlier version wrote are there, and are
// handed out, put off and ended like any other.
func TestLayoutOne(t *testing.T) {
	server := miniredis.RunT(t)
	if err := server.Set("village:{s00}:version", "1"); err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(1_780_000_000_000).UTC()
	s := open(t, "redis://"+server.Addr(), func() time.Time { return now })
	if v, err := server.Get("village:{s00}:version"); err != nil || v != "3" {
		t.Errorf("the version is %s, %v", v, err)
	}
	c := note("old")
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, key := range server.Keys() {
		if strings.Contains(key, ":j:") {
			if got := server.HGet(key, "old"); got != "=notice " {
				t.Errorf("a new job is kept as %q", got)
			}
			server.HSet(key, "old", "1000 0   notice ")
		}
	}
	pending, err := s.Pending(t.Context(), c.Partition, 10)
	if err != nil || len(pending) != 1 || !pending[0].Due.Equal(time.Unix(1, 0)) || pending[0].Kind != "notice" {
		t.Fatalf("pending %+v, %v", pending, err)
	}
	for attempt, again := range []time.Time{now, {}} {
		jobs, err := s.Lease(t.Context(), 10, time.Minute)
		if err != nil || len(jobs) != 1 || jobs[0].Attempt != attempt+1 || jobs[0].ID != "old" {
			t.Fatalf("leased %+v, %v", jobs, err)
		}
		if err := s.Commit(t.Context(), store.Change{Partition: c.Partition, Settles: []store.Settlement{{Job: jobs[0], RetryAt: again}}}); err != nil {
			t.Fatal(err)
		}
	}
	if pending, err := s.Pending(t.Context(), c.Partition, 10); err != nil || len(pending) != 0 {
		t.Errorf("left are %+v, %v", pending, err)
	}
}

// TestLeasesLeaveNothing: a first lease is kept apart from its job. However it
// ends, nothing of it is left, and what was leased before is known after.
func TestLeasesLeaveNothing(t *testing.T) {
	server := miniredis.RunT(t)
	now := time.UnixMilli(1_780_000_000_000).UTC()
	s := open(t, "redis://"+server.Addr(), func() time.Time { return now })
	job := func(id string) store.Job {
		return store.Job{Partition: "p/maya", ID: id, Kind: "notice", Due: now, Body: []byte(id)}
	}
	commit := func(want error, c store.Change) {
		t.Helper()
		c.Partition = "p/maya"
		if err := s.Commit(t.Context(), c); !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
	}
	lease := func(want ...string) map[string]store.Job {
		t.Helper()
		jobs, err := s.Lease(t.Context(), 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]store.Job{}
		var named []string
		for _, j := range jobs {
			got[j.ID] = j
			named = append(named, fmt.Sprintf("%s %d", j.ID, j.Attempt))
			if !j.Due.Equal(time.UnixMilli(1_780_000_000_000)) {
				t.Errorf("%s is due %v", j.ID, j.Due)
			}
		}
		slices.Sort(named)
		if !slices.Equal(named, want) {
			t.Fatalf("leased %v, want %v", named, want)
		}
		return got
	}
	settle := func(j store.Job, again time.Time) store.Change {
		return store.Change{Settles: []store.Settlement{{Job: j, RetryAt: again}}}
	}
	commit(nil, store.Change{Jobs: []store.Job{job("done"), job("late"), job("new"), job("off"), job("slow")}})
	first := lease("done 1", "late 1", "new 1", "off 1", "slow 1")
	if pending, err := s.Pending(t.Context(), "p/maya", 10); err != nil || len(pending) != 5 || pending[0].Attempt != 1 || !pending[0].Due.Equal(now) {
		t.Fatalf("while they are leased, pending are %+v, %v", pending, err)
	}
	commit(nil, settle(first["done"], time.Time{}))
	commit(store.ErrLeaseLost, settle(first["done"], time.Time{}))
	commit(nil, settle(first["late"], now))
	commit(store.ErrLeaseLost, settle(first["late"], time.Time{}))
	commit(nil, store.Change{Jobs: []store.Job{job("new")}})
	commit(nil, settle(first["new"], time.Time{})) // what was put meanwhile stays
	commit(nil, store.Change{Cancels: []string{"off"}})
	commit(store.ErrLeaseLost, settle(first["off"], time.Time{}))
	now = now.Add(2 * time.Minute)
	second := lease("late 2", "new 1", "slow 2")
	commit(store.ErrLeaseLost, settle(first["slow"], time.Time{}))
	for _, id := range []string{"late", "new", "slow"} {
		commit(nil, settle(second[id], time.Time{}))
	}
	for _, key := range server.Keys() {
		if strings.Contains(key, ":leases") || strings.Contains(key, ":j:") || strings.Contains(key, ":due") {
			t.Errorf("%s is left", key)
		}
	}
}
