package bolt

import (
	"bytes"
	"encoding/binary"

	"village/internal/store"
)

var errDamaged = damage("a record in its file cannot be read")

// docRecord is a document as it is kept: revision, expiry in milliseconds (0:
// never), the index entries, the body.
type docRecord struct {
	rev     int64
	expires int64
	listed  []store.Entry
	body    []byte
}

func (d docRecord) encode() []byte {
	b := binary.AppendVarint(nil, d.rev)
	b = binary.AppendVarint(b, d.expires)
	b = binary.AppendUvarint(b, uint64(len(d.listed)))
	for _, e := range d.listed {
		b = appendText(b, e.Name)
		b = binary.AppendVarint(b, e.Score)
	}
	return append(b, d.body...)
}

// decodeDoc copies everything out of the file's memory.
func decodeDoc(b []byte) (docRecord, error) {
	d, err := decodeHead(b)
	d.body = bytes.Clone(d.body)
	return d, err
}

// decodeHead copies everything but the body, which stays the file's.
func decodeHead(b []byte) (docRecord, error) {
	r := reader{rest: b}
	d := docRecord{rev: r.int(), expires: r.int()}
	n := r.uint()
	if n > store.MaxListed {
		return docRecord{}, errDamaged
	}
	if n > 0 {
		d.listed = make([]store.Entry, 0, n)
	}
	for range n {
		d.listed = append(d.listed, store.Entry{Name: r.text(), Score: r.int()})
	}
	if r.failed {
		return docRecord{}, errDamaged
	}
	d.body = r.rest
	return d, nil
}

// gone says whether the document is no longer there for anybody.
func (d docRecord) gone(now int64) bool { return d.expires != 0 && d.expires <= now }

func (d docRecord) doc(k store.Key) store.Doc {
	return store.Doc{Key: k, Rev: d.rev, Body: d.body, Expires: store.FromMilli(d.expires), Listed: d.listed}
}

// jobRecord is a job as it is kept. at is its place in the due bucket, by its due
// time or the end of its lease, and by its rank (see store.Place). token is the present lease, replaced the one
// that was held when the job was replaced, or noToken where none was any more.
type jobRecord struct {
	due      int64
	at       int64
	attempt  int64
	token    string
	replaced string
	kind     string
	body     []byte
}

// noToken is no lease's.
const noToken = "-"

func (j jobRecord) encode() []byte {
	b := binary.AppendVarint(nil, j.due)
	b = binary.AppendVarint(b, j.at)
	b = binary.AppendVarint(b, j.attempt)
	b = appendText(b, j.token)
	b = appendText(b, j.replaced)
	b = appendText(b, j.kind)
	return append(b, j.body...)
}

// decodeJob copies everything out of the file's memory.
func decodeJob(b []byte) (jobRecord, error) {
	r := reader{rest: b}
	j := jobRecord{due: r.int(), at: r.int(), attempt: r.int(), token: r.text(), replaced: r.text(), kind: r.text()}
	if r.failed {
		return jobRecord{}, errDamaged
	}
	j.body = append([]byte{}, r.rest...)
	return j, nil
}

// isLeased says whether a job that is kept is leased, or was when the process ended.
func isLeased(b []byte) bool {
	r := reader{rest: b}
	_, _, _ = r.int(), r.int(), r.int()
	return r.uint() > 0 // the length of its token
}

func (j jobRecord) urgent() bool {
	_, urgent := store.FromPlace(j.at)
	return urgent
}

func (j jobRecord) job(partition, id string) store.Job {
	return store.Job{
		Partition: partition, ID: id, Kind: j.kind,
		Due: store.FromMilli(j.due), Body: j.body, Attempt: int(j.attempt), Token: j.token, Urgent: j.urgent(),
	}
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader reads a record's fields; after the first that does not fit, failed is
// set and everything read is zero.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) int() int64 {
	n, size := binary.Varint(r.rest)
	r.skip(size)
	return n
}

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	r.skip(size)
	return n
}

func (r *reader) skip(size int) {
	if size <= 0 {
		r.failed, r.rest = true, nil
		return
	}
	r.rest = r.rest[size:]
}

func (r *reader) text() string {
	n := r.uint()
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}
