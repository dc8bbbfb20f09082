package sealed

import (
	"errors"
	"fmt"

	"village/internal/store"
)

// A sealed body is the mark and what the keyring makes of the names and the body.
// Bodies in clear are JSON, which never begins with the mark.
const mark = 1

// overhead is about how much longer than the words their seal is.
const overhead = 40

// errTorn: what was opened is not what was sealed; a fault of the program.
var errTorn = errors.New("what was sealed is torn")

// room is memory in which one change is sealed, used again for the next.
type room struct {
	plain, place []byte
	// about is what the latest job was about, and beside is what begins its name.
	about, beside string
}

// seal hides everything that a change says. The change was validated.
func (s *Store) seal(c store.Change) store.Change {
	r := s.rooms.Get().(*room)
	defer s.rooms.Put(r)
	partition := s.names.partition(c.Partition)
	hidden := store.Change{Partition: partition, Sealed: true}
	hidden.Checks = s.hideChecks(partition, c.Checks)
	hidden.Deletes = s.hideChecks(partition, c.Deletes)
	if len(c.Puts) > 0 {
		hidden.Puts = make([]store.Doc, len(c.Puts))
	}
	for i, d := range c.Puts {
		hidden.Puts[i] = s.sealDoc(r, partition, d)
	}
	r.about = "" // of another partition
	if len(c.Jobs) > 0 {
		hidden.Jobs = make([]store.Job, len(c.Jobs))
	}
	for i, j := range c.Jobs {
		hidden.Jobs[i] = s.sealJob(r, partition, j)
	}
	if len(c.Cancels) > 0 {
		hidden.Cancels = make([]string, len(c.Cancels))
	}
	for i, id := range c.Cancels {
		hidden.Cancels[i] = s.names.job(r, c.Partition, id)
	}
	for _, settled := range c.Settles {
		settled.Job.ID = s.names.job(r, c.Partition, settled.Job.ID)
		settled.Job.Partition, settled.Job.Body = partition, nil
		hidden.Settles = append(hidden.Settles, settled)
	}
	return hidden
}

func (s *Store) hideChecks(partition string, checks []store.Check) []store.Check {
	if len(checks) == 0 {
		return nil
	}
	hidden := make([]store.Check, len(checks))
	for i, c := range checks {
		hidden[i] = store.Check{Key: s.names.hideIn(partition, c.Key), Rev: c.Rev}
	}
	return hidden
}

func (s *Store) sealDoc(r *room, partition string, d store.Doc) store.Doc {
	hidden := d
	hidden.Key = s.names.hideIn(partition, d.Key)
	r.plain = appendName(appendName(r.plain[:0], d.Partition), d.ID)
	if len(d.Listed) > 0 {
		hidden.Listed = make([]store.Entry, len(d.Listed))
	}
	for i, e := range d.Listed {
		r.plain = appendName(r.plain, e.Name)
		hidden.Listed[i] = store.Entry{Name: s.names.index(d.Partition, e.Name), Score: e.Score}
	}
	r.plain = append(r.plain, d.Body...)
	r.place = appendPlace(r.place[:0], ofDocument, hidden.Partition, hidden.Kind, hidden.ID)
	hidden.Body = s.sealBody(r.place, r.plain)
	return hidden
}

func (s *Store) sealJob(r *room, partition string, j store.Job) store.Job {
	hidden := j
	hidden.Partition, hidden.ID = partition, s.names.job(r, j.Partition, j.ID)
	r.plain = append(appendName(appendName(r.plain[:0], j.Partition), j.ID), j.Body...)
	r.place = appendPlace(r.place[:0], ofJob, hidden.Partition, hidden.Kind, hidden.ID)
	hidden.Body = s.sealBody(r.place, r.plain)
	return hidden
}

func (s *Store) sealBody(place, plain []byte) []byte {
	return s.keys.SealFor(append(make([]byte, 0, overhead+len(plain)), mark), place, plain)
}

// openDoc gives a document back as it was put.
func (s *Store) openDoc(d store.Doc) (store.Doc, error) {
	if !isSealed(d.Body) {
		return d, fmt.Errorf("a document of kind %s is not sealed, as all are since the store was sealed", d.Kind)
	}
	plain, err := s.open(ofDocument, d.Partition, d.Kind, d.ID, d.Body)
	if err != nil {
		return d, fmt.Errorf("a document of kind %s: %w", d.Kind, err)
	}
	h, body, ok := cutHead(plain, 2+len(d.Listed))
	if !ok {
		return d, errTorn
	}
	d.Partition, d.ID, d.Body = h.next(), h.next(), body
	for i := range d.Listed {
		d.Listed[i].Name = h.next()
	}
	return d, nil
}

func (s *Store) openJob(j store.Job) (store.Job, error) {
	if !isSealed(j.Body) {
		return j, fmt.Errorf("a job of kind %s is not sealed, as all are since the store was sealed", j.Kind)
	}
	plain, err := s.open(ofJob, j.Partition, j.Kind, j.ID, j.Body)
	if err != nil {
		return j, fmt.Errorf("a job of kind %s: %w", j.Kind, err)
	}
	h, body, ok := cutHead(plain, 2)
	if !ok {
		return j, errTorn
	}
	j.Partition, j.ID, j.Body = h.next(), h.next(), body
	return j, nil
}

func isSealed(body []byte) bool { return len(body) > 0 && body[0] == mark }

// open opens what was sealed for one place.
func (s *Store) open(what byte, partition, kind, id string, body []byte) ([]byte, error) {
	r := s.rooms.Get().(*room)
	defer s.rooms.Put(r)
	r.place = appendPlace(r.place[:0], what, partition, kind, id)
	return s.keys.OpenFor(r.place, body[1:])
}

// appendPlace writes what a body is bound to: where it is kept.
func appendPlace(to []byte, what byte, partition, kind, id string) []byte {
	to = append(append(to, what), partition...)
	to = append(append(to, 0), kind...)
	return append(append(to, 0), id...)
}

// appendName writes a name of at most 255 bytes, behind its length.
func appendName(to []byte, name string) []byte { return append(append(to, byte(len(name))), name...) }

// head is names, each behind its length.
type head struct{ rest string }

// cutHead cuts so many names off; ok is false when there are fewer.
func cutHead(plain []byte, many int) (h head, body []byte, ok bool) {
	n := 0
	for range many {
		if n >= len(plain) {
			return head{}, nil, false
		}
		n += 1 + int(plain[n])
	}
	if n > len(plain) {
		return head{}, nil, false
	}
	return head{string(plain[:n])}, plain[n:], true
}

func (h *head) next() string {
	n := 1 + int(h.rest[0])
	name := h.rest[1:n]
	h.rest = h.rest[n:]
	return name
}
