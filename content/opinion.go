package content

import (
	_ "embed"
	"errors"
	"hash/maphash"
	"sync"

	"village/content/encoder"
)

//go:generate go run ./internal/heads

// topicsHead is what the encoder's numbers say about the topics; see content/internal/heads.
//
//go:embed topics.head
var topicsHead string

// Sentences turns words into numbers that say what they mean. The encoder is read when it is first needed, and the numbers of the last
// few sentences are kept, since one sentence is looked at several times. Nothing of the words is kept. It may be used by many
// goroutines at once.
type Sentences struct {
	load func() (*encoder.Encoder, error)

	mu     sync.Mutex
	seed   maphash.Seed
	last   [8]numbered
	oldest int
}

// numbered is a sentence that was encoded.
type numbered struct {
	sum     uint64
	numbers []float32
}

// NewSentences gives the sentence encoder that is built in.
func NewSentences() *Sentences { return &Sentences{load: encoder.Loader(), seed: maphash.MakeSeed()} }

// Numbers are the numbers of words; nil where there are none, or no encoder.
func (s *Sentences) Numbers(words string) []float32 {
	e, err := s.load()
	if err != nil {
		return nil
	}
	words = encoder.Plain(words)
	sum := maphash.String(s.seed, words)
	s.mu.Lock()
	for _, n := range s.last {
		if n.sum == sum && n.numbers != nil {
			s.mu.Unlock()
			return n.numbers
		}
	}
	s.mu.Unlock()
	numbers := e.Encode(words)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[s.oldest] = numbered{sum, numbers}
	s.oldest = (s.oldest + 1) % len(s.last)
	return numbers
}

// Numbers are what words say as a whole, for package encoder; nil where there are no words, or no encoder.
func (l *Library) Numbers(words string) []float32 { return l.sentences.Numbers(words) }

// Encoder says why there is no sentence encoder, or one that cannot be used: then questions are found by their words alone. Nil when
// all is well.
func (l *Library) Encoder() error {
	if _, err := l.sentences.load(); err != nil {
		return err
	}
	if _, err := encoder.ReadHead(topicsHead); err != nil {
		return errors.Join(errors.New("content/topics.head cannot be used; make it again with go generate ./content"), err)
	}
	return nil
}

// WordsAlone says that the program was built without the sentence encoder.
func (l *Library) WordsAlone() bool { return !encoder.Built() }

// opinion is what the encoder makes of words, for the finder.
func (l *Library) opinion() func(words string) map[string]float32 {
	read := sync.OnceValue(func() *encoder.Head {
		h, err := encoder.ReadHead(topicsHead)
		if err != nil {
			return nil // Encoder says so
		}
		return h
	})
	return func(words string) map[string]float32 {
		h := read()
		if h == nil {
			return nil
		}
		numbers := l.sentences.Numbers(words)
		if numbers == nil {
			return nil
		}
		odds := make(map[string]float32, len(h.Classes()))
		for i, p := range h.Odds(numbers) {
			odds[h.Classes()[i]] = p
		}
		return odds
	}
}
