package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
)

func BenchmarkBolt(b *testing.B) {
	storetest.Bench(b, func(b *testing.B, now func() time.Time) store.Store {
		s, err := bolt.Open(filepath.Join(b.TempDir(), "village.db"), now)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		return s
	})
}
