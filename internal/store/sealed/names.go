package sealed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"village/internal/store"
)

// names turns names into keyed hashes: the first 72 bits of HMAC-SHA256, in 12
// characters. A name is hashed together with its partition, so that one person's
// account has another name in each group.
type names struct {
	key []byte
	of  func(what byte, parts ...string) string
}

func newNames(key []byte) names {
	h := &hashers{seed: maphash.MakeSeed(), pool: sync.Pool{New: func() any { return &hasher{mac: hmac.New(sha256.New, key)} }}}
	return names{key: key, of: h.of}
}

// hashers hash, and remember the latest names, of which a few are used all the time.
type hashers struct {
	seed   maphash.Seed
	latest [4096]atomic.Pointer[hashed]
	pool   sync.Pool
}

// hashed is what was hashed, and its hash.
type hashed struct{ in, out string }

// hasher is a MAC with room for its input and its sum.
type hasher struct {
	mac      hash.Hash
	buf, sum []byte
}

// What is named, so that a partition and an index of one name differ.
const (
	ofPartition = 'p'
	ofDocument  = 'd'
	ofIndex     = 'i'
	ofJob       = 'j'
)

// of hashes parts that hold no zero byte.
func (p *hashers) of(what byte, parts ...string) string {
	h := p.pool.Get().(*hasher)
	defer p.pool.Put(h)
	h.buf = append(h.buf[:0], what)
	for _, part := range parts {
		h.buf = append(h.buf, 0)
		h.buf = append(h.buf, part...)
	}
	at := &p.latest[maphash.Bytes(p.seed, h.buf)%uint64(len(p.latest))]
	if known := at.Load(); known != nil && known.in == string(h.buf) {
		return known.out
	}
	h.mac.Reset()
	h.mac.Write(h.buf)
	h.sum = h.mac.Sum(h.sum[:0])
	name := base64.RawURLEncoding.EncodeToString(h.sum[:9])
	at.Store(&hashed{string(h.buf), name})
	return name
}

func (n names) partition(name string) string { return n.of(ofPartition, name) }

func (n names) index(partition, name string) string { return n.of(ofIndex, partition, name) }

// job keeps jobs about the same thing beside each other, as most stores write what
// lies together at once: what stands before the second stroke of an ID comes first.
func (n names) job(r *room, partition, id string) string {
	first := strings.IndexByte(id, '/')
	second := strings.IndexByte(id[first+1:], '/')
	if first < 0 || second < 0 {
		return n.of(ofJob, partition, id)
	}
	if about := id[:first+1+second]; about != r.about {
		r.about, r.beside = about, n.of(ofJob, partition, about[:first], about[first+1:])[:6]
	}
	return r.beside + n.of(ofJob, partition, id)
}

// hide is where a document is kept.
func (n names) hide(k store.Key) store.Key { return n.hideIn(n.partition(k.Partition), k) }

func (n names) hideIn(partition string, k store.Key) store.Key {
	return store.Key{Partition: partition, Kind: k.Kind, ID: n.of(ofDocument, k.Partition, k.Kind, k.ID)}
}
