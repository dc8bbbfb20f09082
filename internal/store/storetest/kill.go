package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"village/internal/store"
)

// killVariable tells the test's own program, started again, to be the victim:
// it names the store.
const killVariable = "VILLAGE_TEST_VICTIM"

// The writers of a victim and their partitions.
const killWriters = 4

func killPartition(writer int) string { return fmt.Sprintf("p/writer-%d", writer) }

// IsVictim says whether this process was started to be killed, and is the
// victim until then: it commits without end and prints what was acknowledged.
// Call it first in TestMain.
func IsVictim(open func(where string) (store.Store, error)) bool {
	where := os.Getenv(killVariable)
	if where == "" {
		return false
	}
	s, err := open(where)
	if err != nil {
		fmt.Println("failed:", err)
		return true
	}
	var mu sync.Mutex
	together(killWriters, func(w int) {
		err := writeOn(context.Background(), s, w, func(n int64) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Println(w, n)
		})
		fmt.Println("failed:", err)
	})
	return true
}

// writeOn commits one numbered document after the other, each with its job and
// the writer's count, and reports every commit that was acknowledged.
func writeOn(ctx context.Context, s store.Store, writer int, acknowledged func(n int64)) error {
	p := killPartition(writer)
	count := store.Key{Partition: p, Kind: "count", ID: "c"}
	for {
		docs, err := s.Get(ctx, count)
		if err != nil {
			return err
		}
		n := docs[0].Rev + 1
		next := store.Doc{Key: count, Rev: docs[0].Rev, Body: strconv.AppendInt(nil, n, 10)}
		noted := store.Doc{Key: store.Key{Partition: p, Kind: "note", ID: fmt.Sprint(n)}, Body: make([]byte, 200), Listed: []store.Entry{at("all", n)}}
		owed := store.Job{Partition: p, ID: fmt.Sprint(n), Kind: "notice", Due: start}
		if err := s.Commit(ctx, store.Change{Partition: p, Puts: []store.Doc{next, noted}, Jobs: []store.Job{owed}}); err != nil {
			return err
		}
		acknowledged(n)
	}
}

// SurvivesKill kills a process in the middle of its commits, again and again,
// and looks whether everything it was told is there is there, whole.
func SurvivesKill(t *testing.T, where string, open func() (store.Store, error)) {
	var acknowledged [killWriters]int64
	for round := range 4 {
		killAfter(t, where, 200+150*round, &acknowledged)
		s, err := open()
		if err != nil {
			t.Fatalf("after the kill: %v", err)
		}
		lost := lookAfterKill(t, s, acknowledged)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if lost > 0 {
			t.Errorf("%d acknowledged commits were lost", lost)
		}
	}
	t.Logf("acknowledged by %d writers before four kills: %v", killWriters, acknowledged)
}

// killAfter starts a victim, reads so many acknowledgements, kills it, and
// reads the rest of what it had printed.
func killAfter(t *testing.T, where string, acks int, acknowledged *[killWriters]int64) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.CommandContext(t.Context(), program)
	victim.Env = append(os.Environ(), killVariable+"="+where)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if n == acks {
			if err := victim.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		w, number, ok := strings.Cut(lines.Text(), " ")
		writer, err1 := strconv.Atoi(w)
		last, err2 := strconv.ParseInt(number, 10, 64)
		if !ok || err1 != nil || err2 != nil || writer >= killWriters {
			t.Fatalf("the victim said %q", lines.Text())
		}
		acknowledged[writer] = last
	}
	if err := victim.Wait(); err == nil {
		t.Fatal("the victim ended by itself")
	}
}

// lookAfterKill counts acknowledged commits that are gone, and fails for every
// commit of which only a part is there.
func lookAfterKill(t *testing.T, s store.Store, acknowledged [killWriters]int64) (lost int64) {
	t.Helper()
	notes, jobs := map[string]int64{}, map[string]int64{}
	counts := map[string]int64{}
	err := s.Walk(t.Context(), func(d store.Doc) error {
		if d.Kind == "count" {
			counts[d.Partition] = d.Rev
		} else {
			notes[d.Partition]++
		}
		return nil
	}, func(j store.Job) error {
		jobs[j.Partition]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for w, last := range acknowledged {
		p := killPartition(w)
		listed, err := s.Count(t.Context(), p, "all", 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if n := counts[p]; notes[p] != n || jobs[p] != n || listed != n {
			t.Errorf("%s: counted %d, but %d notes, %d listed and %d jobs are there", p, n, notes[p], listed, jobs[p])
		}
		if _, err := s.Pending(t.Context(), p, 1); err != nil {
			t.Error(err)
		}
		lost += max(0, last-counts[p])
	}
	return lost
}

// ServerKill commits, kills the server under the commits, starts it again, and
// says how many commits were acknowledged and how many of those were lost. A
// commit of which only a part is there fails the test.
func ServerKill(t *testing.T, server *Server, open func() (store.Store, error)) (acknowledged, lost int64) {
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	const enough = 3000
	var mu sync.Mutex
	var last [killWriters]int64
	reached := make(chan struct{})
	var writers sync.WaitGroup
	for w := range killWriters {
		writers.Go(func() {
			err := writeOn(t.Context(), s, w, func(n int64) {
				mu.Lock()
				defer mu.Unlock()
				last[w] = n
				if acknowledged++; acknowledged == enough {
					close(reached)
				}
			})
			if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrInvalid) {
				t.Errorf("a broken connection looked like %v", err)
			}
		})
	}
	select {
	case <-reached:
	case <-time.After(time.Minute):
		t.Error("the server is too slow")
	}
	server.Kill(t)
	writers.Wait()
	_ = s.Close() // its connections are broken
	server.Restart(t)
	if s, err = open(); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return acknowledged, lookAfterKill(t, s, last)
}
