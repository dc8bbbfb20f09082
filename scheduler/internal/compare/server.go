package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// server is a redis-server of our own on a free loopback port, with the
// durability that the README asks operators for. Its log is not rewritten meanwhile: that
// would fall on one side or the other by chance.
type server struct {
	address string
	client  *goredis.Client
	folder  string
	cmd     *exec.Cmd
}

func startServer() (*server, error) {
	folder, err := os.MkdirTemp("", "village-compare-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s := &server{address: net.JoinHostPort("127.0.0.1", port), folder: folder}
	s.cmd = exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("redis-server (on Debian: apt-get install redis-server): %w", err), os.RemoveAll(folder))
	}
	for lines := bufio.NewScanner(out); ; {
		if !lines.Scan() {
			return nil, errors.Join(errors.New("redis-server ended before it was ready"), s.stop())
		}
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.client = goredis.NewClient(&goredis.Options{Addr: s.address})
	return s, nil
}

func (s *server) url() string { return "redis://" + s.address + "/0" }

// stop ends the server and removes what it kept.
func (s *server) stop() error {
	if s.client != nil {
		_ = s.client.Close()
	}
	_ = s.cmd.Process.Kill() // it may have ended by itself
	_ = s.cmd.Wait()         // killed, mostly
	return os.RemoveAll(s.folder)
}

// memory is how many bytes the server uses for what it keeps: what waits for
// the disk and for clients is left out.
func (s *server) memory(ctx context.Context) (int, error) {
	used, err := s.info(ctx, "used_memory")
	for _, field := range []string{"mem_aof_buffer", "mem_clients_normal"} {
		n, err2 := s.info(ctx, field)
		used, err = used-n, errors.Join(err, err2)
	}
	return used, err
}

func (s *server) info(ctx context.Context, field string) (int, error) {
	value, err := s.said(ctx, "memory", field)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(value)
}

// processorTime is what this program and the server have used of the processors.
func (s *server) processorTime(ctx context.Context) (time.Duration, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0, err
	}
	used := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	for _, field := range []string{"used_cpu_user", "used_cpu_sys"} {
		value, err := s.said(ctx, "cpu", field)
		if err != nil {
			return 0, err
		}
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return 0, err
		}
		used += time.Duration(seconds * float64(time.Second))
	}
	return used, nil
}

// said is what the server says about itself in a field of a section.
func (s *server) said(ctx context.Context, section, field string) (string, error) {
	text, err := s.client.Info(ctx, section).Result()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && name == field {
			return value, nil
		}
	}
	return "", fmt.Errorf("redis-server says nothing of %s", field)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
