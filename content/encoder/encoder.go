// Package encoder turns a sentence into 512 numbers, so that sentences that say the same in other words have numbers
// that point the same way.
//
// The numbers are those of the small Universal Sentence Encoder (English): word pieces, two layers of attention and a
// last one that bends and shortens. The weights are its makers' (see model/NOTICE), written as whole numbers of eight bits with a
// scale for each row; how they are used is written here, in plain Go. It reads one sentence at a time on one core, about
// a millisecond for each word piece, and keeps nothing of it.
//
// Promised: the same words give the same numbers on the same machine, and those of the original but for a hundredth
// (encoder_test.go). Not promised: that it understands. It was made for everyday English and says nothing useful about other
// languages, nor about who does what to whom.
package encoder

import "math"

// Size is how many numbers a sentence becomes.
const Size = 512

// mostPieces is how many word pieces are read of a text; what follows is left out. The original was made for 128, and a quarter of
// a second is too long to wait for an answer.
const mostPieces = 64

// Encoder holds the weights. It never changes, and may be used by many goroutines at once.
type Encoder struct {
	pieces pieces
	words  matrix // a row for each word piece
	pace   []float32
	layers [2]layer
	head   linear
}

// layer is one round of attention and of thought.
type layer struct {
	before, between norm
	ask             linear  // to questions, keys and values, beside each other
	out             linear  // from what was found
	widen           *linear // of what is carried past; nil where it has the right width already
	up, down        linear
	heads           int
}

// linear is y = Wx + b.
type linear struct {
	weights matrix
	bias    []float32
}

// norm moves numbers to the mean 0 and the spread 1, then scales and moves each.
type norm struct{ scale, bias []float32 }

// Encode gives the numbers of a text, their squares adding up to 1; nil for one without words. Of a long text it reads the beginning.
func (e *Encoder) Encode(text string) []float32 {
	nums := e.pieces.cut(text)
	nums = nums[:min(len(nums), mostPieces)]
	n := len(nums)
	if n == 0 {
		return nil
	}
	x := make([]float32, n*e.words.in)
	for t, num := range nums {
		row := x[t*e.words.in:][:e.words.in]
		e.words.row(int(num), row)
		e.place(t, row)
	}
	for i := range e.layers {
		x = e.layers[i].run(x, n)
	}
	mean := make([]float32, Size)
	for t := range n {
		for i, v := range x[t*Size:][:Size] {
			mean[i] += v / float32(n)
		}
	}
	out := e.head.run(mean, 1)
	sum := 0.0
	for i, v := range out {
		out[i] = float32(math.Tanh(float64(v)))
		sum += float64(out[i]) * float64(out[i])
	}
	shorten := float32(1 / math.Sqrt(max(sum, 1e-12)))
	for i := range out {
		out[i] *= shorten
	}
	return out
}

// place adds to a word piece where it stands: it counts double, and waves of 128 lengths are laid over it.
func (e *Encoder) place(at int, row []float32) {
	half := len(e.pace)
	for i, pace := range e.pace {
		sin, cos := math.Sincos(float64(float32(at) * pace))
		row[i] = 2*row[i] + float32(sin)
		row[half+i] = 2*row[half+i] + float32(cos)
	}
}

// run takes n word pieces through a layer.
func (l *layer) run(x []float32, n int) []float32 {
	width := len(l.before.scale)
	found := attend(l.ask.run(l.before.run(x), n), n, width, l.heads)
	y := l.out.run(found, n)
	past := x
	if l.widen != nil {
		past = l.widen.run(x, n)
	}
	add(y, past)
	thought := l.up.run(l.between.run(y), n)
	for i, v := range thought {
		thought[i] = max(v, 0)
	}
	add(y, l.down.run(thought, n))
	return y
}

// attend lets each of n word pieces look at all others: three times width numbers for each come in, what it
// asks, what it answers to and what it says; what was said to it comes out.
func attend(qkv []float32, n, width, heads int) []float32 {
	out := make([]float32, n*width)
	each := width / heads
	shrink := float32(1 / math.Sqrt(float64(each)))
	odds := make([]float32, n)
	for h := range heads {
		for t := range n {
			asks := qkv[3*width*t+each*h:][:each]
			for o := range n {
				odds[o] = shrink * Dot(asks, qkv[3*width*o+width+each*h:][:each])
			}
			softmax(odds)
			sum := out[width*t+each*h:][:each]
			for o, p := range odds {
				addTo(sum, qkv[3*width*o+2*width+each*h:][:each], p)
			}
		}
	}
	return out
}

// run moves each row of x.
func (m norm) run(x []float32) []float32 {
	const tiny = 1e-6
	out, width := make([]float32, len(x)), len(m.scale)
	for at := 0; at < len(x); at += width {
		row := x[at : at+width]
		mean, spread := float32(0), float32(0)
		for _, v := range row {
			mean += v / float32(width)
		}
		for _, v := range row {
			spread += (v - mean) * (v - mean) / float32(width)
		}
		by := float32(1 / math.Sqrt(float64(spread)+tiny))
		for i, v := range row {
			out[at+i] = (v-mean)*by*m.scale[i] + m.bias[i]
		}
	}
	return out
}

// run takes n rows through.
func (l linear) run(x []float32, n int) []float32 {
	out := make([]float32, n*l.weights.out)
	l.weights.times(x, out, n)
	for t := range n {
		add(out[t*l.weights.out:][:l.weights.out], l.bias)
	}
	return out
}

func softmax(x []float32) {
	top, sum := x[0], float32(0)
	for _, v := range x {
		top = max(top, v)
	}
	for i, v := range x {
		x[i] = float32(math.Exp(float64(v - top)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}
