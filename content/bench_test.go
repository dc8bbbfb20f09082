package content

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func devQuestions(t testing.TB) []string {
	t.Helper()
	file, err := os.Open("testdata/dev.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var list []string
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if text, _, ok := strings.Cut(scan.Text(), "\t"); ok && !strings.HasPrefix(text, "#") {
			list = append(list, text)
		}
	}
	return list
}

func BenchmarkFind(b *testing.B) {
	l, questions := load(b), devQuestions(b)
	l.Ready()
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		begun := time.Now()
		l.Find(questions[i%len(questions)])
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	for name, at := range map[string]int{"p50-µs": len(took) / 2, "p99-µs": len(took) * 99 / 100} {
		b.ReportMetric(float64(took[at].Nanoseconds())/1000, name)
	}
}

func BenchmarkDanger(b *testing.B) {
	l, questions := load(b), devQuestions(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.Danger(questions[i%len(questions)])
	}
}

func BenchmarkFindGarbage(b *testing.B) {
	l, garbage := load(b), strings.Repeat("ketamine wants to die of ꙮ🫠 zzzz 1mg ", 300_000)
	b.SetBytes(int64(len(garbage)))
	for b.Loop() {
		l.Find(garbage)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load(b)
	}
}

// BenchmarkIndex is what the first question waits for.
func BenchmarkIndex(b *testing.B) {
	l := load(b)
	for b.Loop() {
		l.learn()
		l.Ready()
	}
}
