//go:build !noencoder

package encoder

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

func load(t testing.TB) *Encoder {
	t.Helper()
	e, err := Loader()()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The word pieces are those that the original cuts, and the numbers are the original's (run once, and written down in testdata/original.jsonl) but for the
// rounding of the weights.
func TestTheOriginal(t *testing.T) {
	e := load(t)
	file, err := os.Open("testdata/original.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for in := json.NewDecoder(bufio.NewReader(file)); in.More(); count++ {
		var original struct {
			Text    string
			Pieces  []int32
			Numbers []float32
		}
		if err := in.Decode(&original); err != nil {
			t.Fatal(err)
		}
		if cut := e.pieces.cut(original.Text); !slices.Equal(cut, original.Pieces) {
			t.Errorf("%q is cut into %v, want %v", original.Text, cut, original.Pieces)
		}
		numbers := e.Encode(original.Text)
		if like := Dot(numbers, original.Numbers); like < 0.999 {
			t.Errorf("%q: the numbers point another way: %f", original.Text, like)
		}
		for i, v := range numbers {
			if math.Abs(float64(v-original.Numbers[i])) > 0.01 {
				t.Errorf("%q: number %d is %f, want %f", original.Text, i, v, original.Numbers[i])
			}
		}
	}
	if count != 10 {
		t.Errorf("%d sentences were compared", count)
	}
}

// What says the same is more alike than what shares its words.
func TestWhatIsAlike(t *testing.T) {
	e := load(t)
	like := func(a, b string) float32 { return Dot(e.Encode(a), e.Encode(b)) }
	for _, three := range [][3]string{
		{"how much does it cost", "what will i have to pay", "how much does it hurt"},
		{"i am scared", "this frightens me", "i am hungry"},
	} {
		if near, far := like(three[0], three[1]), like(three[0], three[2]); near <= far {
			t.Errorf("%q is more like %q (%f) than %q (%f)", three[0], three[2], far, three[1], near)
		}
	}
}

// Nothing that anybody types stops it, and a long text takes no longer than its beginning.
func TestWhateverIsTyped(t *testing.T) {
	e := load(t)
	for _, text := range []string{"", "   ", "\n\t"} {
		if e.Encode(text) != nil {
			t.Errorf("%q has numbers", text)
		}
	}
	long := strings.Repeat("and then ", 5000)
	if got := len(e.pieces.cut(long)[:mostPieces]); got != mostPieces {
		t.Errorf("%d pieces", got)
	}
	for _, text := range []string{"\xff\xfe", "你好", "🙂🙂🙂", "a", strings.Repeat("x", 3000), long, "▁", "don’t"} {
		numbers := e.Encode(text)
		if length := Dot(numbers, numbers); math.Abs(float64(length-1)) > 1e-3 {
			t.Errorf("%.20q: length %f", text, length)
		}
	}
	if Plain("I DON’T “Know”") != `i don't "know"` {
		t.Error(Plain("I DON’T “Know”"))
	}
}

// Many ask at once, and all get the same.
func TestManyAtOnce(t *testing.T) {
	e := load(t)
	want := e.Encode("is it safe")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if !slices.Equal(e.Encode("is it safe"), want) {
				t.Error("other numbers")
			}
		})
	}
	all.Wait()
}

// Weights that are cut short, or too long, or something else, are refused and not read past.
func TestBrokenWeights(t *testing.T) {
	load(t)
	for _, broken := range []string{"x", Heading, Heading + "\x06\x00", weights[:len(weights)/2], weights[:len(weights)-1], weights + "x"} {
		if _, err := read(broken); err == nil {
			t.Errorf("%d bytes were taken", len(broken))
		}
	}
	row := make([]float32, Size)
	row[0] = 1
	whole := string(Write("hash", []string{"a", "b"}, [][]float32{row, make([]float32, Size)}, []float32{0, 1}))
	head, err := ReadHead(whole)
	if err != nil || head.From() != "hash" || !slices.Equal(head.Classes(), []string{"a", "b"}) {
		t.Fatal(head, err)
	}
	if odds := head.Odds(row); math.Abs(float64(odds[0]-0.5)) > 0.01 {
		t.Errorf("odds %v", odds)
	}
	for _, broken := range []string{"", headHeading, whole[:len(whole)-1], whole + "x"} {
		if _, err := ReadHead(broken); err == nil {
			t.Errorf("a head of %d bytes was taken", len(broken))
		}
	}
}

// A sentence of sixteen pieces; the goal is 25 ms on one quiet core.
func BenchmarkEncode(b *testing.B) {
	e := load(b)
	const text = "I need a ride home on Thursday at 1:30pm from Union Station please"
	if n := len(e.pieces.cut(text)); n != 16 {
		b.Fatalf("%d pieces", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Encode(text)
	}
}
