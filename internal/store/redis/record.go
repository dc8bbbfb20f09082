package redis

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"village/internal/store"
)

// The records are as lua/doc.lua and lua/job.lua describe them.

var errDamaged = fmt.Errorf("%w: a record in Redis cannot be read: restore a backup", store.ErrDamaged)

// encodeDoc is a document as it is kept, at its new revision.
func encodeDoc(d store.Doc) []byte {
	b := make([]byte, 0, 64+len(d.Body))
	b = strconv.AppendInt(b, d.Rev+1, 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, store.ExpiryMilli(d.Expires), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(d.Listed)), 10)
	for _, e := range d.Listed {
		b = append(b, ' ')
		b = append(b, e.Name...)
		b = append(b, ' ')
		b = strconv.AppendInt(b, e.Score, 10)
	}
	b = append(b, '\n')
	return append(b, d.Body...)
}

func decodeDoc(k store.Key, value string) (store.Doc, error) {
	head, body, _ := strings.Cut(value, "\n")
	words := strings.Split(head, " ")
	if len(words) < 3 {
		return store.Doc{}, errDamaged
	}
	n := numbers{}
	d := store.Doc{Key: k, Rev: n.parse(words[0]), Expires: store.FromMilli(n.parse(words[1])), Body: []byte(body)}
	listed := n.parse(words[2])
	if int64(len(words)) != 3+2*listed {
		return store.Doc{}, errDamaged
	}
	for i := 3; i < len(words); i += 2 {
		d.Listed = append(d.Listed, store.Entry{Name: words[i], Score: n.parse(words[i+1])})
	}
	if n.failed {
		return store.Doc{}, errDamaged
	}
	return d, nil
}

func gone(d store.Doc, now time.Time) bool {
	return !d.Expires.IsZero() && d.Expires.UnixMilli() <= now.UnixMilli()
}

func decodeJob(partition, id, record, rank string) (store.Job, error) {
	words := strings.SplitN(record, " ", 6)
	if len(words) < 6 {
		return store.Job{}, errDamaged
	}
	n := numbers{}
	j := store.Job{
		Partition: partition, ID: id, Kind: words[4], Due: store.FromMilli(n.parse(words[0])),
		Body: []byte(words[5]), Attempt: int(n.parse(words[1])), Token: words[2], Urgent: rank == "1",
	}
	if n.failed {
		return store.Job{}, errDamaged
	}
	return j, nil
}

// wasReplaced says whether a job's record names the one that it was put in place of.
func wasReplaced(record string) bool {
	words := strings.SplitN(record, " ", 5)
	return len(words) == 5 && words[3] != ""
}

// numbers parses several numbers and remembers whether one was none.
type numbers struct{ failed bool }

func (n *numbers) parse(s string) int64 {
	v, err := strconv.ParseInt(s, 10, 64)
	n.failed = n.failed || err != nil
	return v
}

// scoreOf reads a zset's score: a whole number, as the server prints it.
func scoreOf(s string) (int64, error) {
	f, err := strconv.ParseFloat(s, 64)
	return int64(f), err
}
