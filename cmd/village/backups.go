package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
	"village/scheduler"
)

// backupPlan is VILLAGE_BACKUP: where the running bot writes backups of the embedded
// store, when, and how many are kept.
type backupPlan struct {
	folder string
	times  village.Schedule
	period time.Duration
	keep   int
}

// usualKeep is how many backups are kept when nothing is said, mostKeep the most.
const (
	usualKeep = 14
	mostKeep  = 10000
	// backupHour is when a daily or weekly one is written, on this machine's clock.
	backupHour = "03:00"
)

// backupSpelling is how the setting is spelt.
const backupSpelling = "FOLDER, FOLDER,TIMES or FOLDER,TIMES,HOW MANY, with hourly, daily, weekly or an hour such as 04:30 for TIMES: /backups,daily,14"

// backupPlan reads the setting; nil when it is not set.
func (p *program) backupPlan() (*backupPlan, error) {
	line := p.getenv("VILLAGE_BACKUP")
	if line == "" {
		return nil, nil
	}
	wrong := func(what string) error { return fmt.Errorf("VILLAGE_BACKUP: %s. Write %s", what, backupSpelling) }
	parts := strings.Split(line, ",")
	if len(parts) > 3 {
		return nil, wrong("there are too many commas")
	}
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	plan := &backupPlan{folder: strings.TrimSpace(parts[0]), keep: usualKeep}
	if plan.folder == "" {
		return nil, wrong("there is no folder")
	}
	if word := strings.TrimSpace(parts[2]); word != "" {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > mostKeep {
			return nil, wrong(fmt.Sprintf("%q is not how many are kept", word))
		}
		plan.keep = n
	}
	cron := ""
	switch word := strings.TrimSpace(parts[1]); word {
	case "hourly":
		cron, plan.period = "0 * * * *", time.Hour
	case "weekly":
		cron, plan.period = "0 3 * * 0", 7*24*time.Hour
	default:
		if word == "" || word == "daily" {
			word = backupHour
		}
		at, err := time.Parse("15:04", word)
		if err != nil {
			return nil, wrong(fmt.Sprintf("%q is no time", word))
		}
		cron, plan.period = fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour()), 24*time.Hour
	}
	times, err := scheduler.ParseSchedule(cron, localZone())
	if err != nil {
		return nil, err
	}
	plan.times = times
	return plan, nil
}

// The names of backups, in the order of their times, in UTC.
const (
	backupLayout = "village-20060102-150405.backup"
	backupParts  = ".village-*.part"
)

// list is the backups in the folder, the oldest first.
func (b *backupPlan) list() ([]string, error) {
	entries, err := os.ReadDir(b.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(backupLayout, e.Name()); err == nil {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, err
}

// last is when the newest one was written; the zero time when there is none.
func (b *backupPlan) last() (time.Time, error) {
	names, err := b.list()
	if err != nil || len(names) == 0 {
		return time.Time{}, err
	}
	return time.Parse(backupLayout, names[len(names)-1])
}

// write writes one more backup, and removes the oldest beyond those that are kept. It
// gives the name of its file.
func (b *backupPlan) write(ctx context.Context, s *bolt.Store, now time.Time) (string, error) {
	if err := os.MkdirAll(b.folder, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(b.folder, now.UTC().Format(backupLayout))
	if err := backupWhileRunning(ctx, s, path); err != nil {
		return "", err
	}
	names, err := b.list()
	if err != nil {
		return path, err
	}
	for _, old := range names[:max(0, len(names)-b.keep)] {
		if err := os.Remove(filepath.Join(b.folder, old)); err != nil {
			return path, err
		}
	}
	return path, nil
}

// backupWhileRunning writes the store as it is at one instant: first its file, which
// holds up nobody, and from that the backup. The file appears when it is whole.
func backupWhileRunning(ctx context.Context, s *bolt.Store, path string) error {
	folder, err := os.MkdirTemp(filepath.Dir(path), ".village-*.part")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	copied := filepath.Join(folder, storeFile)
	if err := writeWith(copied, func(w io.Writer) error { return s.Snapshot(ctx, w) }); err != nil {
		return err
	}
	frozen, err := bolt.OpenReadOnly(copied, time.Now) // and so its pages are looked at
	if err != nil {
		return err
	}
	part := filepath.Join(folder, "backup")
	err = writeWith(part, func(w io.Writer) error { return store.Backup(ctx, frozen, w) })
	if err = errors.Join(err, frozen.Close()); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// writeWith writes a new file for this user alone, and waits for the disk.
func writeWith(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}

// keeper of backups: writes them by the plan (which may be nil), at a signal, and
// whenever somebody asks with village backup FILE.
type backups struct {
	store *bolt.Store
	plan  *backupPlan
	// folder is the data folder, where requests are left.
	folder string
	now    func() time.Time
	log    *slog.Logger
	asked  <-chan os.Signal
}

// metrics say when the newest backup was written; b is nil where nobody writes any.
func (b *backups) metrics() []prometheus.Collector {
	if b == nil || b.plan == nil {
		return nil
	}
	return []prometheus.Collector{gauge("village_backup_last_timestamp_seconds", "When the newest backup was written, in Unix seconds; 0 before the first.", func() float64 {
		last, err := b.plan.last()
		if err != nil {
			return 0
		}
		return seconds(last)
	})}
}

// requestLook is how often a running bot looks for requests, requestWait how long
// whoever asks waits for it to see one, and requestTime for the backup.
const (
	requestLook = time.Second
	requestWait = 10 * time.Second
	requestTime = 10 * time.Minute
)

// run writes backups until ctx ends. One that cannot be written is said in the log, and
// tried again an hour later at the latest.
func (b *backups) run(ctx context.Context) {
	next := time.Time{}
	if b.plan != nil {
		for _, left := range matches(filepath.Join(b.plan.folder, backupParts)) {
			_ = os.RemoveAll(left) // a process died over it
		}
		if last, err := b.plan.last(); err == nil && b.now().Sub(last) < b.plan.period {
			next = b.plan.times.Next(b.now())
		}
	}
	tick := time.NewTicker(requestLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.asked:
			if b.plan == nil {
				b.log.Warn("a backup was asked for with a signal, and VILLAGE_BACKUP does not say where to. Write " + backupSpelling)
				continue
			}
			b.write(ctx)
		case <-tick.C:
			b.answer(ctx)
			if b.plan == nil || b.now().Before(next) {
				continue
			}
			next = b.plan.times.Next(b.now())
			if !b.write(ctx) {
				next = minTime(next, b.now().Add(time.Hour))
			}
		}
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func matches(pattern string) []string {
	found, err := filepath.Glob(pattern)
	if err != nil { // only when our own pattern is wrong
		return nil
	}
	return found
}

func (b *backups) write(ctx context.Context) bool {
	path, err := b.plan.write(ctx, b.store, b.now())
	if err != nil && ctx.Err() == nil {
		b.log.Error("a backup could not be written", "folder", b.plan.folder, "error", err)
	}
	if path != "" {
		b.log.Info("a backup was written", "file", path)
	}
	return err == nil
}

// Whoever asks a running bot leaves a file with this ending in the data folder, and
// finds the backup, or why there is none, beside it.
const (
	requestEnding = ".request"
	seenEnding    = ".seen"
	doneEnding    = ".done"
	failedEnding  = ".failed"
)

// answer writes the backups that were asked for.
func (b *backups) answer(ctx context.Context) {
	for _, request := range matches(filepath.Join(b.folder, "backup-*"+requestEnding)) {
		name := strings.TrimSuffix(request, requestEnding)
		if err := os.Rename(request, name+seenEnding); err != nil {
			b.log.Error("a backup was asked for, and cannot be written here", "error", err)
			continue
		}
		if err := backupWhileRunning(ctx, b.store, name+doneEnding); err != nil {
			b.log.Error("a backup could not be written", "error", err)
			_ = os.WriteFile(name+failedEnding, []byte(err.Error()), 0o600) // whoever asked waits in vain otherwise, and says so
		}
	}
}

// askForBackup asks the bot that has the store for a backup, and puts it into out.
func askForBackup(ctx context.Context, folder string, out io.Writer) error {
	request, err := os.CreateTemp(folder, "backup-*"+requestEnding)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(request.Name(), requestEnding)
	defer func() {
		for _, ending := range []string{requestEnding, seenEnding, doneEnding, failedEnding} {
			_ = os.Remove(name + ending) // most of them are not there
		}
	}()
	if err := request.Close(); err != nil {
		return err
	}
	begun := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(requestLook / 5):
		}
		if done, err := os.Open(name + doneEnding); err == nil {
			_, err = io.Copy(out, done)
			return errors.Join(err, done.Close())
		}
		if why, err := os.ReadFile(name + failedEnding); err == nil {
			return errors.New(string(why))
		}
		_, err := os.Stat(name + seenEnding)
		if seen := err == nil; !seen && time.Since(begun) > requestWait || time.Since(begun) > requestTime {
			return errors.New("the store is in use, and the program that has it does not answer: is it an older version? Stop it for the time of the backup")
		}
	}
}

// backup writes everything in the store to a file. A bot that is running is asked for
// it, and goes on.
func (p *program) backup(ctx context.Context, args []string) error {
	f := p.flags("backup", "backup FILE")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	out, err := os.OpenFile(f.Arg(0), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return errUsage{fmt.Errorf("the backup goes to a new file: %w", err)}
	}
	where, err := p.backupInto(ctx, out)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return errors.Join(fmt.Errorf("there is no backup: %w", err), os.Remove(f.Arg(0)))
	}
	_, err = fmt.Fprintf(p.stdout, "Everything in %s is in %s now. The key that opens it is not: keep VILLAGE_KEY, or the key file, apart from it.\n", where, f.Arg(0))
	return err
}

func (p *program) backupInto(ctx context.Context, out io.Writer) (where string, err error) {
	s, where, err := p.lookInto(ctx)
	if errors.Is(err, store.ErrInUse) {
		return where, askForBackup(ctx, filepath.Dir(where), out)
	}
	if err != nil {
		return where, noStore(err, where)
	}
	return where, errors.Join(store.Backup(ctx, s, out), s.Close())
}

// noStore says it in words where there is none.
func noStore(err error, where string) error {
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no store in %s", where)
	}
	return err
}

// restore fills an empty store from a backup.
func (p *program) restore(ctx context.Context, args []string) error {
	f := p.flags("restore", "restore FILE")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return errUsage{fmt.Errorf("the backup cannot be read: %w", err)}
	}
	defer in.Close()
	s, where, err := p.openStore(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	spool := ""
	if p.getenv("REDIS_URL") == "" {
		spool = filepath.Dir(where)
	}
	n, err := store.Restore(ctx, s, in, spool)
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("%w: %s holds something, and nothing was changed. A backup fills only an empty one: %s, and restore again", err, where, p.moveAside(where))
	case err != nil && n > 0:
		return fmt.Errorf("%w. A part of the backup (%d documents and jobs) is in %s: %s before the next attempt", err, n, where, p.moveAside(where))
	case err != nil:
		return err
	}
	p.forgetReached()
	fmt.Fprintf(p.stdout, "%d documents and jobs are in %s now.\n", n, where)
	return p.sayWhetherKeyFits(ctx, s)
}

// sayWhetherKeyFits says, after a backup was restored, what its key has to do with the
// one that is here.
func (p *program) sayWhetherKeyFits(ctx context.Context, s store.Store) error {
	c, err := readCanary(ctx, s)
	if err != nil || c == nil {
		return err
	}
	k, path, err := p.readKey()
	if err != nil {
		return err
	}
	if c.fits(k) != nil {
		fmt.Fprintf(p.stdout, "Its key is not here yet. Before the bot starts, set VILLAGE_KEY to the key it was sealed with, or put that into %s.\n", path)
	}
	return nil
}
