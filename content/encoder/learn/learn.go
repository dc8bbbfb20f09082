// Package learn makes the heads of package encoder: what sentences are about, learnt from examples. It is for generators and
// tests; a running program only reads what it has written. The same examples give the same head on the same kind
// of processor.
package learn

import (
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"village/content/encoder"
)

// Example is a text and what it is about.
type Example struct{ Class, Text string }

// Hash is the same for the same examples, in any order.
func Hash(examples []Example) string {
	lines := make([]string, len(examples))
	for i, e := range examples {
		lines[i] = fmt.Sprintf("%s\t%s\n", e.Class, encoder.Plain(e.Text))
	}
	slices.Sort(lines)
	sum := sha256.New()
	for _, l := range lines {
		sum.Write([]byte(l))
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Save learns a head from examples and writes it to a file. Encoding ten thousand examples takes two minutes on two cores; what was encoded
// before is kept in the user's cache folder, so that only new examples are encoded anew. The error says why a file could
// not be written, or that the program was built without the encoder.
func Save(file string, examples []Example) error {
	e, err := encoder.Loader()()
	if err != nil {
		return err
	}
	texts := make([]string, len(examples))
	for i, x := range examples {
		texts[i] = encoder.Plain(x.Text)
	}
	kept := openCache()
	encodeAll(e, texts, kept)
	if err := kept.save(); err != nil {
		return err
	}
	vectors := make([][]float32, len(texts))
	for i, t := range texts {
		vectors[i] = kept.Numbers[t]
	}
	return os.WriteFile(file, Head(examples, vectors), 0o644)
}

// encodeAll encodes on all cores the texts that the cache has not.
func encodeAll(e *encoder.Encoder, texts []string, kept *cache) {
	missing := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { _, ok := kept.Numbers[t]; return ok })
	slices.Sort(missing)
	missing = slices.Compact(missing)
	found := make([][]float32, len(missing))
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(missing); i = next.Add(1) - 1 {
				found[i] = e.Encode(missing[i])
			}
		})
	}
	all.Wait()
	for i, t := range missing {
		kept.Numbers[t] = found[i]
	}
}

// cache keeps the numbers of texts from one run to the next.
type cache struct {
	Weights string // which weights they were made with
	Numbers map[string][]float32
	path    string
}

// openCache gives what was kept, or an empty cache where nothing can be read.
func openCache() *cache {
	empty := &cache{Weights: encoder.Fingerprint(), Numbers: map[string][]float32{}}
	folder, err := os.UserCacheDir()
	if err != nil {
		return empty
	}
	empty.path = filepath.Join(folder, "village-sentences.gob")
	in, err := os.Open(empty.path)
	if err != nil {
		return empty
	}
	defer in.Close()
	kept := &cache{path: empty.path}
	if err := gob.NewDecoder(in).Decode(kept); err != nil || kept.Weights != empty.Weights {
		return empty
	}
	return kept
}

func (c *cache) save() error {
	if c.path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o755); err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(c.path), "village-*")
	if err != nil {
		return err
	}
	if err := gob.NewEncoder(out).Encode(c); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), c.path)
}
