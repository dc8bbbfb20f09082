package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// redisVariable names an empty database that tests may use and empty again.
const redisVariable = "VILLAGE_TEST_REDIS"

// Server is a real Redis for a test.
type Server struct {
	// URL is for redis.Open.
	URL  string
	bin  string
	port string
	args []string
	// folder is where it keeps its data.
	folder string
	ready  string // what it prints when it is
	cmd    *exec.Cmd
	done   chan struct{} // closed when the process has ended
}

// Redis gives a real Redis that is empty: the one VILLAGE_TEST_REDIS names, or
// a redis-server started for this test, with append-only persistence. It is nil
// when there is neither, and says so in the test's log.
func Redis(t testing.TB) *Server {
	t.Helper()
	named := os.Getenv(redisVariable)
	if named == "" {
		return StartRedis(t, "--appendonly", "yes")
	}
	s := &Server{URL: named}
	if size := s.do(t, "DBSIZE"); size != ":0" {
		t.Fatalf("%s is not empty (DBSIZE answered %s): name an empty database, tests empty it", redisVariable, size)
	}
	t.Cleanup(func() { s.Flush(t) })
	return s
}

// StartRedis starts a redis-server with these arguments on a free loopback
// port, in a folder of its own, and stops it after the test. It is nil when no
// redis-server is on the PATH, and says so in the test's log.
func StartRedis(t testing.TB, args ...string) *Server {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Logf("not run on a real Redis: no redis-server is on the PATH and %s is not set", redisVariable)
		return nil
	}
	s := &Server{bin: bin, ready: "Ready to accept connections"}
	s.folder = t.TempDir()
	s.launch(t, func(port string) []string {
		return append([]string{"--port", port, "--bind", "127.0.0.1", "--dir", s.folder, "--save", ""}, args...)
	})
	s.URL = "redis://127.0.0.1:" + s.port + "/0"
	return s
}

// StartSentinel starts a Sentinel that watches the server under this name. Its
// URL is for redis.Open.
func (s *Server) StartSentinel(t testing.TB, name string) *Server {
	t.Helper()
	sentinel := &Server{bin: s.bin, ready: "+monitor master " + name}
	settings := filepath.Join(t.TempDir(), "sentinel.conf")
	sentinel.launch(t, func(port string) []string {
		text := fmt.Sprintf("port %s\nbind 127.0.0.1\nsentinel monitor %s 127.0.0.1 %s 1\nsentinel down-after-milliseconds %s 3000\nsentinel failover-timeout %s 6000\n", port, name, s.port, name, name)
		if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{settings, "--sentinel"}
	})
	sentinel.URL = "redis://127.0.0.1:" + sentinel.port + "/0?master_name=" + name
	return sentinel
}

// launch starts the program on a free port and stops it after the test.
func (s *Server) launch(t testing.TB, args func(port string) []string) {
	t.Helper()
	t.Cleanup(s.stop)
	const attempts = 5 // another process may take the free port first
	var err error
	for range attempts {
		s.port = freePort(t)
		s.args = args(s.port)
		if err = s.start(); err == nil {
			return
		}
	}
	t.Fatalf("redis-server: %v", err)
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// start waits until the server says that it is ready.
func (s *Server) start() error {
	s.cmd = exec.Command(s.bin, s.args...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	ready := make(chan bool, 1)
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.Contains(lines.Text(), s.ready) {
				ready <- true
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
		_ = s.cmd.Wait() // killed, mostly
		ready <- false
	}()
	if !<-ready {
		return errors.New("it ended before it was ready")
	}
	return nil
}

// Kill ends the server's process without a chance to write anything.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if s.cmd == nil {
		t.Fatal("only a server that the test started can be killed")
	}
	s.stop()
}

func (s *Server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.done
}

// Freeze stops the server's process for so long: it accepts connections, and answers
// nothing.
func (s *Server) Freeze(t testing.TB, d time.Duration) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Errorf("redis-server cannot be stopped for a while: %v", err)
		return
	}
	<-time.After(d)
	if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Errorf("redis-server cannot go on: %v", err)
	}
}

// Restart starts a killed server again on the same port and folder.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatalf("redis-server: %v", err)
	}
}

// JoinSlots makes a server started with cluster-enabled a cluster of one, and
// waits until it takes writes.
func (s *Server) JoinSlots(t testing.TB) {
	t.Helper()
	if answer := s.do(t, "CLUSTER ADDSLOTSRANGE 0 16383"); answer != "+OK" {
		t.Fatalf("CLUSTER ADDSLOTSRANGE answered %s", answer)
	}
	for !strings.HasPrefix(s.do(t, "SET village-test 1"), "+OK") {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	s.Flush(t)
}

// Flush empties the database.
func (s *Server) Flush(t testing.TB) {
	t.Helper()
	if answer := s.do(t, "FLUSHDB"); answer != "+OK" {
		t.Fatalf("FLUSHDB answered %s", answer)
	}
}

// do sends one command as a line of text and returns the answer's first line.
// It spares this package a Redis library.
func (s *Server) do(t testing.TB, command string) string {
	t.Helper()
	answer, err := s.ask(command)
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return answer
}

// bulk asks for an answer of several lines.
func (s *Server) bulk(t testing.TB, command string) string {
	t.Helper()
	answer, err := s.askFor(command, func(lines *bufio.Reader, head string) (string, error) {
		size, err := strconv.Atoi(strings.TrimPrefix(head, "$"))
		if err != nil {
			return "", errors.New(head)
		}
		body := make([]byte, size)
		_, err = io.ReadFull(lines, body)
		return string(body), err
	})
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return answer
}

func (s *Server) ask(command string) (string, error) {
	return s.askFor(command, func(_ *bufio.Reader, head string) (string, error) { return head, nil })
}

// askFor asks, and has the answer read on from its first line.
func (s *Server) askFor(command string, rest func(lines *bufio.Reader, head string) (string, error)) (string, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "redis" {
		return "", fmt.Errorf("%s must be like redis://host:6379/0", redisVariable)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), "6379")
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var lines []string
	if password, ok := u.User.Password(); ok {
		lines = append(lines, strings.Join(strings.Fields("AUTH "+u.User.Username()+" "+password), " "))
	}
	if db := strings.Trim(u.Path, "/"); db != "" && db != "0" {
		lines = append(lines, "SELECT "+db)
	}
	lines = append(lines, command)
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n"); err != nil {
		return "", err
	}
	answers, head := bufio.NewReader(conn), ""
	for range lines {
		if head, err = answers.ReadString('\n'); err != nil {
			return "", errors.Join(errors.New("no answer"), err)
		}
	}
	return rest(answers, strings.TrimRight(head, "\r\n"))
}
