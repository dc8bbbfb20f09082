package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"village/internal/store"
)

// The layout of bbolt's pages, as its own code has it. Numbers are in the machine's
// order, which is the little one everywhere bbolt's files go from hand to hand.
const (
	pageHead   = 16 // id, flags, count, overflow
	branchPage = 0x01
	leafPage   = 0x02
	freePage   = 0x10
	element    = 16   // of a branch or a leaf
	bucketLeaf = 0x01 // the flag of an element that is a bucket
	bucketHead = 16   // root page, sequence
	noFreelist = ^uint64(0)
	metaMagic  = 0xED0CDAED
	mostPage   = 1 << 16
)

// damage is what is wrong with a file, for an operator.
func damage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", store.ErrDamaged, fmt.Sprintf(format, args...))
}

// pages walks through a file without trusting a byte of it. bbolt does trust its
// file: a page that is not what it should be ends it in a panic, or in a circle.
type pages struct {
	f    io.ReaderAt
	size uint64 // of a page
	end  uint64 // the first page that is none
	seen map[uint64]bool
}

// checkPages says what is wrong with the pages of a file that nobody writes: a page
// that is of no kind, leads out of the file, is reached twice, or is out of order.
func checkPages(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p := pages{f: f, seen: map[uint64]bool{0: true, 1: true}}
	root, free, err := p.meta()
	if err != nil {
		return err
	}
	if err := p.tree(root, nil, nil, 0); err != nil {
		return err
	}
	if free == noFreelist {
		return nil
	}
	return p.freelist(free)
}

// meta finds the newer of the two first pages that is whole, as far as it matters
// here: bbolt has opened the file and so has compared their sums.
func (p *pages) meta() (root, free uint64, err error) {
	head := make([]byte, 2*mostPage+128)
	n, err := p.f.ReadAt(head, 0)
	if err != nil && n < 2*pageHead+128 {
		return 0, 0, damage("its first page is cut short")
	}
	head = head[:n]
	newest := uint64(0)
	for _, at := range p.metas(head) {
		m := head[at+pageHead:]
		if txid := binary.NativeEndian.Uint64(m[48:]); p.size == 0 || txid > newest {
			newest = txid
			p.size = uint64(binary.NativeEndian.Uint32(m[8:]))
			root, free, p.end = binary.NativeEndian.Uint64(m[16:]), binary.NativeEndian.Uint64(m[32:]), binary.NativeEndian.Uint64(m[40:])
		}
	}
	if p.size < 512 || p.size > mostPage {
		return 0, 0, damage("its first pages cannot be read")
	}
	return root, free, nil
}

// metas are where the two first pages begin that have bbolt's mark and a whole sum.
func (p *pages) metas(head []byte) []int {
	var out []int
	for size := 0; size <= mostPage; size = max(512, 2*size) { // the second one begins where the first one's page ends
		if size+pageHead+64 > len(head) {
			break
		}
		m := head[size+pageHead:]
		if binary.NativeEndian.Uint32(m) == metaMagic && binary.NativeEndian.Uint64(m[56:]) == sumOf(m[:56]) {
			out = append(out, size)
		}
	}
	return out
}

// page reads a page with what it runs over into.
func (p *pages) page(id uint64) ([]byte, error) {
	if id < 2 || id >= p.end {
		return nil, damage("page %d is none of its %d", id, p.end)
	}
	head := make([]byte, pageHead)
	if _, err := p.f.ReadAt(head, int64(id*p.size)); err != nil {
		return nil, damage("page %d is cut short", id)
	}
	over := uint64(binary.NativeEndian.Uint32(head[12:]))
	if binary.NativeEndian.Uint64(head) != id || over >= p.end-id {
		return nil, damage("page %d is another one", id)
	}
	for i := id; i <= id+over; i++ {
		if p.seen[i] {
			return nil, damage("page %d is in two places", i)
		}
		p.seen[i] = true
	}
	whole := make([]byte, (over+1)*p.size)
	if _, err := p.f.ReadAt(whole, int64(id*p.size)); err != nil {
		return nil, damage("page %d is cut short", id)
	}
	return whole, nil
}

// mostDeep is deeper than any tree of this many pages can be.
const mostDeep = 64

// tree walks through a bucket from a page of it: its keys are from low to before
// high, where those are given.
func (p *pages) tree(id uint64, low, high []byte, depth int) error {
	page, err := p.page(id)
	if err != nil {
		return err
	}
	if depth > mostDeep {
		return damage("page %d lies too deep", id)
	}
	flags := binary.NativeEndian.Uint16(page[8:])
	keys, err := keysOf(page, flags, id)
	if err != nil {
		return err
	}
	if !inOrder(keys, low, high) {
		return damage("page %d is out of order", id)
	}
	for i, key := range keys {
		if flags == leafPage {
			err = p.bucket(page, i, id)
		} else {
			next := high
			if i+1 < len(keys) {
				next = keys[i+1]
			}
			err = p.tree(binary.NativeEndian.Uint64(page[pageHead+i*element+8:]), key, next, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keysOf are the keys of a branch or a leaf.
func keysOf(page []byte, flags uint16, id uint64) ([][]byte, error) {
	count := int(binary.NativeEndian.Uint16(page[10:]))
	if flags != branchPage && flags != leafPage || pageHead+count*element > len(page) || flags == branchPage && count == 0 {
		return nil, damage("page %d is of no kind", id)
	}
	keys := make([][]byte, count)
	for i := range keys {
		var err error
		if keys[i], _, err = cell(page, flags, i); err != nil {
			return nil, damage("page %d leads out of itself", id)
		}
	}
	return keys, nil
}

// inOrder says whether keys go upwards from low to before high, where that is given.
func inOrder(keys [][]byte, low, high []byte) bool {
	for i, key := range keys {
		before := i == 0 && bytes.Compare(key, low) >= 0 || i > 0 && bytes.Compare(keys[i-1], key) < 0
		if !before || high != nil && bytes.Compare(key, high) >= 0 {
			return false
		}
	}
	return true
}

// cell is the key and the value of an element; a branch's has no value.
func cell(page []byte, flags uint16, i int) (key, value []byte, err error) {
	e := page[pageHead+i*element:]
	word := func(at int) uint64 { return uint64(binary.NativeEndian.Uint32(e[at:])) }
	pos, size, more := word(0), word(4), uint64(0)
	if flags == leafPage {
		pos, size, more = word(4), word(8), word(12)
	}
	if pos+size+more > uint64(len(e)) {
		return nil, nil, store.ErrDamaged
	}
	return e[pos : pos+size], e[pos+size : pos+size+more], nil
}

// bucket walks through an element that is a bucket with pages of its own.
func (p *pages) bucket(page []byte, i int, id uint64) error {
	if binary.NativeEndian.Uint32(page[pageHead+i*element:])&bucketLeaf == 0 {
		return nil
	}
	_, value, err := cell(page, leafPage, i)
	if err != nil || len(value) < bucketHead {
		return damage("page %d holds no whole bucket", id)
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return p.tree(root, nil, nil, 0)
	}
	return nil // a small one lies in the element itself
}

// freelist holds the pages that are free against those that are not.
func (p *pages) freelist(id uint64) error {
	page, err := p.page(id)
	if err != nil {
		return err
	}
	flags, count, at := binary.NativeEndian.Uint16(page[8:]), uint64(binary.NativeEndian.Uint16(page[10:])), uint64(pageHead)
	if count == 0xFFFF { // more than that: the number stands in front
		count, at = binary.NativeEndian.Uint64(page[at:]), at+8
	}
	if flags != freePage || count > (uint64(len(page))-at)/8 {
		return damage("page %d is no list of free pages", id)
	}
	for i := range count {
		free := binary.NativeEndian.Uint64(page[at+8*i:])
		if free < 2 || free >= p.end || p.seen[free] {
			return damage("page %d is free and is not", free)
		}
		p.seen[free] = true
	}
	return nil
}

// sumOf is how bbolt sums its first pages.
func sumOf(b []byte) uint64 {
	sum := fnv.New64a()
	_, _ = sum.Write(b) // a hash takes everything
	return sum.Sum64()
}
