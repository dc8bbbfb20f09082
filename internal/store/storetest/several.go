package storetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// StartReplica starts a server with these arguments that follows this one.
func (s *Server) StartReplica(t testing.TB, args ...string) *Server {
	t.Helper()
	return StartRedis(t, append(args, "--replicaof", "127.0.0.1 "+s.port)...)
}

// IsMaster says whether the server is there and follows no other, whether or not it
// takes writes while no other follows it.
func (s *Server) IsMaster() bool {
	answer, err := s.ask("SET village-test 1")
	return err == nil && (strings.HasPrefix(answer, "+OK") || strings.HasPrefix(answer, "-NOREPLICAS"))
}

// StartCluster starts so many servers that are a Cluster together, each with a part of
// the slots, and keeps what it acknowledged when it is killed. It is nil when no
// redis-server is on the PATH, and says so in the test's log.
func StartCluster(t testing.TB, masters int) []*Server {
	t.Helper()
	const slots = 16384
	var all []*Server
	for i := range masters {
		s := StartRedis(t, "--appendonly", "yes", "--appendfsync", "always", "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		if s == nil {
			return nil
		}
		first, last := i*slots/masters, (i+1)*slots/masters-1
		if answer := s.do(t, fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", first, last)); answer != "+OK" {
			t.Fatalf("CLUSTER ADDSLOTSRANGE answered %s", answer)
		}
		all = append(all, s)
	}
	for _, s := range all[1:] {
		if answer := s.do(t, "CLUSTER MEET 127.0.0.1 "+all[0].port); answer != "+OK" {
			t.Fatalf("CLUSTER MEET answered %s", answer)
		}
	}
	return all
}

// Takes says whether the server takes writes: it is there, and a master.
func (s *Server) Takes() bool {
	answer, err := s.ask("SET village-test 1")
	return err == nil && strings.HasPrefix(answer, "+OK")
}

// Cut ends every connection that there is.
func (s *Server) Cut() error { return s.order("CLIENT KILL TYPE normal") }

// Slow has the server answer nobody for so long.
func (s *Server) Slow(d time.Duration) error {
	return s.order(fmt.Sprintf("CLIENT PAUSE %d ALL", d.Milliseconds()))
}

// Fill leaves the server no memory for anything new, or gives it back.
func (s *Server) Fill(full bool) error {
	limit := 0
	if full {
		limit = 1
	}
	return s.order(fmt.Sprintf("CONFIG SET maxmemory %d", limit))
}

func (s *Server) order(command string) error {
	answer, err := s.ask(command)
	if err == nil && strings.HasPrefix(answer, "-") {
		err = fmt.Errorf("%s answered %s", command, answer)
	}
	return err
}

// Halve cuts the append-only file of a killed server in half, as a disk does that was
// full or lied. What it held last is gone at the next start.
func (s *Server) Halve(t testing.TB) {
	t.Helper()
	parts, err := filepath.Glob(filepath.Join(s.folder, "appendonlydir", "*.incr.aof"))
	if err == nil && len(parts) == 0 {
		err = errors.New("it has no append-only file")
	}
	for _, part := range parts {
		var info os.FileInfo
		if info, err = os.Stat(part); err == nil {
			err = os.Truncate(part, info.Size()/2)
		}
	}
	if err != nil {
		t.Fatalf("redis-server: %v", err)
	}
}
