package encoder

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// pieces are the 8,000 pieces that words are cut into, with the logarithm of how often each is seen. A piece that begins a word begins
// with the mark ▁.
type pieces struct {
	number map[string]int32
	score  []float32
	long   int // bytes of the longest
}

const (
	mark    = "▁"
	unknown = int32(0) // stands for what no piece has
	// The first few numbers are marks of the original's own and are in no text.
	firstPiece = 6
)

func newPieces(texts []string, scores []float32) pieces {
	p := pieces{number: make(map[string]int32, len(texts)), score: scores}
	for i, t := range texts[firstPiece:] {
		p.number[t] = int32(i + firstPiece)
		p.long = max(p.long, len(t))
	}
	return p
}

// cut gives the numbers of the pieces that a text is most likely made of: of all ways to cut it the one whose scores add up to
// most. Characters that no piece has are one unknown piece, however many stand together.
func (p pieces) cut(text string) []int32 {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return nil
	}
	text = mark + strings.ReplaceAll(text, " ", mark)
	best := make([]step, len(text)+1) // by byte
	for at := 0; at < len(text); {
		_, width := utf8.DecodeRuneInString(text[at:])
		p.reach(text, at, width, best)
		at += width
	}
	var nums []int32
	for at := len(text); at > 0; at = best[at].from - 1 {
		if n := best[at].piece; n != unknown || len(nums) == 0 || nums[len(nums)-1] != unknown {
			nums = append(nums, n)
		}
	}
	slices.Reverse(nums)
	return nums
}

// step is how a place in a text is reached: the piece that ends there, one more than the byte where it begins (zero: not reached
// yet), and the score so far.
type step struct {
	piece int32
	from  int
	score float32
}

// reach notes every piece that begins at a byte where it is the best way to its end.
func (p pieces) reach(text string, at, width int, best []step) {
	const unseen = -30 // as little as an unknown character may count, so that any piece is better
	before := best[at].score
	take := func(end int, piece int32, score float32) {
		if b := &best[end]; b.from == 0 || score > b.score {
			*b = step{piece, at + 1, score}
		}
	}
	take(at+width, unknown, before+unseen)
	for end := at + width; end <= len(text) && end-at <= p.long; end++ {
		if n, ok := p.number[text[at:end]]; ok {
			take(end, n, before+p.score[n])
		}
	}
}

// Plain is a text as it is to be encoded: in small letters and with plain quotes, so that it does not matter who types how.
func Plain(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘', '`', '´':
			return '\''
		case '“', '”':
			return '"'
		}
		return r
	}, text))
}
