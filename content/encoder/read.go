package encoder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Heading begins a file of weights.
const Heading = "village encoder 1\n"

// read makes an encoder of a file that pack has written. Its matrices stay in data.
func read(data string) (*Encoder, error) {
	r := &reader{left: data}
	if r.bytes(len(Heading)) != Heading {
		return nil, errors.New("the weights are in no form that is known")
	}
	e := &Encoder{}
	texts := make([]string, r.count())
	scores := make([]float32, len(texts))
	for i := range texts {
		scores[i] = r.float()
		texts[i] = r.bytes(r.count())
	}
	if len(texts) <= firstPiece {
		return nil, errors.New("the weights have no word pieces")
	}
	e.pieces = newPieces(texts, scores)
	e.words = r.matrix()
	e.pace = r.floats()
	for i := range e.layers {
		e.layers[i] = r.layer()
	}
	e.head = r.linear()
	if r.left != "" && !r.short {
		return nil, fmt.Errorf("the weights have %d bytes too many", len(r.left))
	}
	if r.short {
		return nil, errors.New("the weights end too early")
	}
	return e, nil
}

// reader reads what pack has written, in the same order.
type reader struct {
	left  string
	short bool // there was less than was asked for
}

func (r *reader) bytes(n int) string {
	if n > len(r.left) {
		r.short, r.left = true, ""
		return ""
	}
	var s string
	s, r.left = r.left[:n], r.left[n:]
	return s
}

func (r *reader) count() int {
	if b := r.bytes(4); b != "" {
		return int(binary.LittleEndian.Uint32([]byte(b)))
	}
	return 0
}

func (r *reader) float() float32 { return math.Float32frombits(uint32(r.count())) }

func (r *reader) floats() []float32 {
	data := r.bytes(4 * r.count())
	list := make([]float32, len(data)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(data[4*i : 4*i+4])))
	}
	return list
}

func (r *reader) matrix() matrix {
	m := matrix{out: r.count(), in: r.count()}
	m.scale = r.floats()
	m.data = r.bytes(m.in * m.out)
	return m
}

func (r *reader) linear() linear { return linear{r.matrix(), r.floats()} }
func (r *reader) norm() norm     { return norm{r.floats(), r.floats()} }

func (r *reader) layer() layer {
	l := layer{heads: r.count(), before: r.norm(), ask: r.linear(), out: r.linear()}
	if r.count() == 1 {
		widen := r.linear()
		l.widen = &widen
	}
	l.between, l.up, l.down = r.norm(), r.linear(), r.linear()
	return l
}
