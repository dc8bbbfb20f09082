package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"village/internal/store"
	"village/internal/store/bolt"
)

func planFor(t *testing.T, line string) (*backupPlan, error) {
	t.Helper()
	p := &program{getenv: func(name string) string {
		if name == "VILLAGE_BACKUP" {
			return line
		}
		return ""
	}}
	return p.backupPlan()
}

func TestBackupPlans(t *testing.T) {
	t.Setenv("TZ", "UTC")
	now := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC) // a Tuesday
	for line, want := range map[string]struct {
		next time.Time
		keep int
	}{
		"/b":               {now.Add(17*time.Hour + 30*time.Minute), 14},
		"/b,daily":         {now.Add(17*time.Hour + 30*time.Minute), 14},
		" /b , 04:15 , 3 ": {now.Add(18*time.Hour + 45*time.Minute), 3},
		"/b,hourly,48":     {now.Add(30 * time.Minute), 48},
		"/b,weekly,":       {time.Date(2026, 12, 6, 3, 0, 0, 0, time.UTC), 14},
	} {
		plan, err := planFor(t, line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if next := plan.times.Next(now); !next.Equal(want.next) || plan.keep != want.keep || plan.folder != "/b" {
			t.Errorf("%q: next %s, %d kept in %q", line, next, plan.keep, plan.folder)
		}
	}
	for _, line := range []string{",daily", "/b,sometimes", "/b,25:00", "/b,daily,0", "/b,daily,some", "/b,daily,3,4"} {
		if _, err := planFor(t, line); err == nil || !strings.Contains(err.Error(), "/backups,daily,14") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// TestTheRunningBotWritesBackups: one at the start where there is none, one at each of
// its times, one when somebody asks or a signal comes; the oldest go; and each of them
// is whole although others write meanwhile.
func TestTheRunningBotWritesBackups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s, err := bolt.Open(filepath.Join(folder, storeFile), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		note := func(id string) {
			t.Helper()
			key := store.Key{Partition: "p/maya", Kind: "note", ID: id}
			if err := s.Commit(t.Context(), store.Change{Partition: key.Partition, Puts: []store.Doc{{Key: key, Body: []byte("kept")}}}); err != nil {
				t.Fatal(err)
			}
		}
		note("a")
		plan, err := planFor(t, filepath.Join(folder, "backups")+",hourly,3")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(plan.folder, ".village-1.part"), 0o700); err != nil {
			t.Fatal(err)
		}
		asked := make(chan os.Signal, 1)
		ctx, stop := context.WithCancel(t.Context())
		b := &backups{store: s, plan: plan, folder: folder, now: time.Now, log: slog.New(slog.DiscardHandler), asked: asked}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			b.run(ctx)
		}()
		defer func() { stop(); <-ended }()
		names := func() string {
			t.Helper()
			entries, err := os.ReadDir(plan.folder)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, e := range entries {
				out = append(out, e.Name())
			}
			return strings.Join(out, " ")
		}
		want := func(what, files string) {
			t.Helper()
			if got := names(); got != files {
				t.Errorf("%s: %s, want %s", what, got, files)
			}
		}
		wait := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		wait(2 * time.Second)
		want("at the start", "village-20000101-000001.backup")
		wait(time.Hour)
		want("an hour later", "village-20000101-000001.backup village-20000101-010000.backup")
		wait(30 * time.Minute)
		note("b")
		asked <- os.Interrupt // whichever it is that it listens to
		synctest.Wait()
		want("at a signal", "village-20000101-000001.backup village-20000101-010000.backup village-20000101-013002.backup")
		wait(time.Hour)
		want("three are kept", "village-20000101-010000.backup village-20000101-013002.backup village-20000101-020000.backup")
		newest := time.Date(2000, 1, 1, 2, 0, 0, 0, time.UTC)
		if told := testutil.ToFloat64(b.metrics()[0]); told != float64(newest.Unix()) {
			t.Errorf("the newest backup is said to be of %v", told)
		}
		count := func(r io.Reader) int {
			t.Helper()
			to, err := bolt.OpenThrowaway(time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer to.Close()
			n, err := store.Restore(t.Context(), to, r, "")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for name, n := range map[string]int{"village-20000101-010000.backup": 1, "village-20000101-013002.backup": 2} {
			raw, err := os.ReadFile(filepath.Join(plan.folder, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := count(bytes.NewReader(raw)); got != n {
				t.Errorf("%s holds %d, want %d", name, got, n)
			}
		}

		var out bytes.Buffer
		if err := askForBackup(t.Context(), folder, &out); err != nil {
			t.Fatal(err)
		}
		if got := count(&out); got != 2 {
			t.Errorf("the one that was asked for holds %d", got)
		}
		if left := matches(filepath.Join(folder, "backup-*")); len(left) > 0 {
			t.Errorf("left in the data folder: %v", left)
		}
	})
}

// TestNobodyAnswers: whoever asks a program that writes no backups hears so.
func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		err := askForBackup(t.Context(), folder, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "Stop it for the time of the backup") {
			t.Error(err)
		}
		if left := matches(filepath.Join(folder, "*")); len(left) > 0 {
			t.Errorf("left in the folder: %v", left)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := askForBackup(ctx, folder, io.Discard); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
