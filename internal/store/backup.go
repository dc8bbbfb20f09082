package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"os"
	"slices"
	"time"
)

// ErrNotEmpty says that Restore was asked to write into a store that holds something.
var ErrNotEmpty = errors.New("the store is not empty")

// ErrBackup says that the stream is not a whole backup; nothing was written.
var ErrBackup = errors.New("this is not a whole backup")

// backupVersion is the layout of the stream: one JSON object a line. The first
// line names the layout, the last one counts the others and has their SHA-256.
const backupVersion = 1

// restoreBatch is how many documents and jobs Restore commits at once.
const restoreBatch = 200

// maxLine bounds a line: the biggest body in base64, and names around it.
const maxLine = MaxBody*4/3 + 64<<10

type backupHead struct {
	Backup  string `json:"backup"`
	Version int    `json:"version"`
}

// backupLine is a document, a job, or the end; exactly one is set.
type backupLine struct {
	Doc *backupDoc `json:"doc,omitempty"`
	Job *backupJob `json:"job,omitempty"`
	End *backupEnd `json:"end,omitempty"`
}

type backupDoc struct {
	Partition string        `json:"partition"`
	Kind      string        `json:"kind"`
	ID        string        `json:"id"`
	Expires   *time.Time    `json:"expires,omitempty"`
	Listed    []backupEntry `json:"listed,omitempty"`
	Body      []byte        `json:"body"`
}

type backupEntry struct {
	Name  string `json:"name"`
	Score int64  `json:"score"`
}

type backupJob struct {
	Partition string    `json:"partition"`
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Due       time.Time `json:"due"`
	Body      []byte    `json:"body"`
	Urgent    bool      `json:"urgent,omitempty"`
}

type backupEnd struct {
	Docs   int    `json:"docs"`
	Jobs   int    `json:"jobs"`
	SHA256 string `json:"sha256"`
}

// Backup writes every document and every pending job to w, for Restore.
// Revisions, attempts and leases are not kept: a job that is leased at the
// moment is due again in the copy. On a store in use the copy is not of one
// instant; stop the program for one that is. An error means that the copy is
// not whole, and Restore will refuse it.
func Backup(ctx context.Context, s Store, w io.Writer) error {
	b := backupWriter{w: bufio.NewWriter(w), sum: sha256.New()}
	if err := b.line(backupHead{Backup: "village", Version: backupVersion}); err != nil {
		return err
	}
	if err := s.Walk(ctx, b.doc, b.job); err != nil {
		return err
	}
	b.end.SHA256 = hex.EncodeToString(b.sum.Sum(nil))
	if err := b.line(backupLine{End: &b.end}); err != nil {
		return err
	}
	return b.w.Flush()
}

type backupWriter struct {
	w   *bufio.Writer
	sum hash.Hash
	end backupEnd
}

func (b *backupWriter) doc(d Doc) error {
	line := backupDoc{Partition: d.Partition, Kind: d.Kind, ID: d.ID, Body: d.Body}
	if !d.Expires.IsZero() {
		line.Expires = &d.Expires
	}
	for _, e := range d.Listed {
		line.Listed = append(line.Listed, backupEntry(e))
	}
	b.end.Docs++
	return b.line(backupLine{Doc: &line})
}

func (b *backupWriter) job(j Job) error {
	b.end.Jobs++
	return b.line(backupLine{Job: &backupJob{Partition: j.Partition, ID: j.ID, Kind: j.Kind, Due: j.Due, Body: j.Body, Urgent: j.Urgent}})
}

func (b *backupWriter) line(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	b.sum.Write(line)
	_, err = b.w.Write(line)
	return err
}

// Restore writes what Backup wrote into an empty store and says how many
// documents and jobs it wrote. The whole stream is read and checked before
// anything is written: a file is read twice, and any other stream is put into a
// temporary file in the folder spool meanwhile ("": the system's own). ErrNotEmpty:
// the store holds something. ErrBackup: the stream was cut, changed, written by a
// newer version, or holds something twice. After any other error n of them are
// written; empty the store before the next attempt.
func Restore(ctx context.Context, s Store, r io.Reader, spool string) (n int, err error) {
	nothing := func() error { return ErrNotEmpty }
	err = s.Walk(ctx, func(Doc) error { return nothing() }, func(Job) error { return nothing() })
	if err != nil {
		return 0, err
	}
	again, done, err := checked(r, spool)
	if err != nil {
		return 0, err
	}
	defer done()
	b := restorer{ctx: ctx, s: s, at: map[string]int{}}
	if err := readBackup(again, b.add); err != nil {
		return b.written, err
	}
	err = b.flush()
	return b.written, err
}

// checked reads a whole backup, and gives it again from its beginning; done is to be
// called at the end. A stream that cannot go back is kept in a file meanwhile.
func checked(r io.Reader, folder string) (again io.Reader, done func(), err error) {
	once := twice{seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
	if file, ok := r.(io.ReadSeeker); ok {
		if begin, err := file.Seek(0, io.SeekCurrent); err == nil {
			err = readBackup(file, once.validate)
			if err == nil {
				_, err = file.Seek(begin, io.SeekStart)
			}
			return file, func() {}, err
		}
	}
	spool, err := os.CreateTemp(folder, "village-restore-")
	if err != nil {
		return nil, nil, fmt.Errorf("a backup that is no file is kept in one while it is read: %w", err)
	}
	done = func() {
		_ = spool.Close() // only read by now
		_ = os.Remove(spool.Name())
	}
	err = readBackup(io.TeeReader(r, spool), once.validate)
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return spool, done, nil
}

// readBackup gives every document and job to f. It is ErrBackup unless the
// stream is whole.
func readBackup(r io.Reader, f func(backupLine) error) error {
	b := backupReader{lines: bufio.NewScanner(r), sum: sha256.New()}
	b.lines.Buffer(nil, maxLine)
	if err := b.head(); err != nil {
		return err
	}
	for {
		line, err := b.line()
		if err != nil {
			return err
		}
		if line.End != nil {
			return b.end(*line.End)
		}
		if err := f(line); err != nil {
			return err
		}
	}
}

// backupReader reads a stream line by line, and counts and sums what has come.
type backupReader struct {
	lines *bufio.Scanner
	sum   hash.Hash
	found backupEnd
}

// next reads one more line into v.
func (b *backupReader) next(v any) error {
	if !b.lines.Scan() {
		if err := b.lines.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
			return err
		}
		return fmt.Errorf("%w: it ends before its last line", ErrBackup)
	}
	d := json.NewDecoder(bytes.NewReader(b.lines.Bytes()))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%w: a line of it cannot be read", ErrBackup)
	}
	return nil
}

// head reads the first line, which says what the others are.
func (b *backupReader) head() error {
	var head backupHead
	if err := b.next(&head); err != nil {
		return err
	}
	if head.Backup != "village" || head.Version < 1 {
		return fmt.Errorf("%w: its first line is not a backup's", ErrBackup)
	}
	if head.Version > backupVersion {
		return fmt.Errorf("%w: a newer version of village wrote it (layout %d, this one knows %d)", ErrBackup, head.Version, backupVersion)
	}
	return nil
}

// line reads one of the other lines. The sum is of all that stood before it.
func (b *backupReader) line() (backupLine, error) {
	b.sum.Write(b.lines.Bytes())
	b.sum.Write([]byte{'\n'})
	var line backupLine
	if err := b.next(&line); err != nil {
		return line, err
	}
	switch {
	case line.End != nil:
	case line.Doc != nil:
		b.found.Docs++
	case line.Job != nil:
		b.found.Jobs++
	default:
		return line, fmt.Errorf("%w: a line of it holds nothing", ErrBackup)
	}
	return line, nil
}

// end compares what has come with what the last line says, which nothing may follow.
func (b *backupReader) end(said backupEnd) error {
	b.found.SHA256 = hex.EncodeToString(b.sum.Sum(nil))
	if said != b.found {
		return fmt.Errorf("%w: it was changed or damaged on its way", ErrBackup)
	}
	if b.lines.Scan() {
		return fmt.Errorf("%w: something follows its end", ErrBackup)
	}
	return b.lines.Err()
}

// restorer gathers lines into one change a partition and commits them in batches.
type restorer struct {
	ctx     context.Context
	s       Store
	changes []Change
	at      map[string]int // partition -> its change
	items   int
	bytes   int
	written int
}

func (r *restorer) add(line backupLine) error {
	partition, size := "", 0
	if line.Doc != nil {
		partition, size = line.Doc.Partition, len(line.Doc.Body)
	} else {
		partition, size = line.Job.Partition, len(line.Job.Body)
	}
	if r.items == restoreBatch || r.bytes+size > MaxChangeBytes {
		if err := r.flush(); err != nil {
			return err
		}
	}
	i, ok := r.at[partition]
	if !ok {
		i = len(r.changes)
		r.at[partition] = i
		r.changes = append(r.changes, Change{Partition: partition, Sealed: true})
	}
	if line.Doc != nil {
		r.changes[i].Puts = append(r.changes[i].Puts, line.Doc.doc())
	} else {
		r.changes[i].Jobs = append(r.changes[i].Jobs, line.Job.job())
	}
	r.items++
	r.bytes += size
	return nil
}

func (r *restorer) flush() error {
	errs := r.s.CommitAll(r.ctx, r.changes)
	for i, err := range errs {
		if err == nil {
			r.written += len(r.changes[i].Puts) + len(r.changes[i].Jobs)
		}
	}
	r.changes, r.items, r.bytes = slices.Delete(r.changes, 0, len(r.changes)), 0, 0
	clear(r.at)
	return errors.Join(errs...)
}

// twice knows what has come, by its hash.
type twice struct {
	seed maphash.Seed
	seen map[uint64]bool
}

// validate refuses what the store would refuse, before anything is written.
func (t twice) validate(l backupLine) error {
	if err := l.validate(); err != nil {
		return err
	}
	name := ""
	if l.Doc != nil {
		name = "d " + l.Doc.Partition + " " + l.Doc.Kind + " " + l.Doc.ID
	} else {
		name = "j " + l.Job.Partition + " " + l.Job.ID
	}
	sum := maphash.String(t.seed, name)
	if t.seen[sum] {
		return fmt.Errorf("%w: something stands in it twice", ErrBackup)
	}
	t.seen[sum] = true
	return nil
}

func (l backupLine) validate() error {
	c := Change{}
	if l.Doc != nil {
		c = Change{Partition: l.Doc.Partition, Sealed: true, Puts: []Doc{l.Doc.doc()}}
	} else {
		c = Change{Partition: l.Job.Partition, Sealed: true, Jobs: []Job{l.Job.job()}}
	}
	if err := c.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	return nil
}

func (d *backupDoc) doc() Doc {
	doc := Doc{Key: Key{Partition: d.Partition, Kind: d.Kind, ID: d.ID}, Body: d.Body}
	if d.Expires != nil {
		doc.Expires = *d.Expires
	}
	for _, e := range d.Listed {
		doc.Listed = append(doc.Listed, Entry(e))
	}
	return doc
}

func (j *backupJob) job() Job {
	return Job{Partition: j.Partition, ID: j.ID, Kind: j.Kind, Due: j.Due, Body: j.Body, Urgent: j.Urgent}
}
