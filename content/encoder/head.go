package encoder

import "errors"

// Head says which of several things a sentence is about, by the numbers it has become. It is learnt ahead (package learn), from examples of each.
type Head struct {
	classes []string
	from    string
	weights linear
}

// headHeading begins a file that a head is kept in.
const headHeading = "village head 1\n"

// ReadHead reads what package learn has written.
func ReadHead(data string) (*Head, error) {
	r := &reader{left: data}
	if r.bytes(len(headHeading)) != headHeading {
		return nil, errors.New("the head is in no form that is known")
	}
	h := &Head{from: r.bytes(r.count())}
	n := r.count()
	for range min(n, len(data)) {
		h.classes = append(h.classes, r.bytes(r.count()))
	}
	h.weights = r.linear()
	if r.short || r.left != "" || h.weights.weights.in != Size || h.weights.weights.out != len(h.classes) {
		return nil, errors.New("the head is not whole")
	}
	return h, nil
}

// Classes are what there is to choose from. The slice is not the caller's.
func (h *Head) Classes() []string { return h.classes }

// From is the hash of the examples that the head was learnt from.
func (h *Head) From() string { return h.from }

// Odds gives for each class how likely it is, 0 to 1 and 1 in all, for the numbers of a sentence.
func (h *Head) Odds(numbers []float32) []float32 {
	odds := make([]float32, len(h.classes))
	row := make([]float32, Size)
	for c := range odds {
		h.weights.weights.row(c, row)
		odds[c] = Dot(row, numbers) + h.weights.bias[c]
	}
	softmax(odds)
	return odds
}

// Write gives the file of a head: the hash of its examples, the classes, and for each class its weights and what is added to them.
func Write(from string, classes []string, weights [][]float32, bias []float32) []byte {
	w := &Writer{}
	w.Raw(headHeading)
	w.Text(from)
	w.Count(len(classes))
	for _, c := range classes {
		w.Text(c)
	}
	w.Matrix(weights)
	w.Floats(bias)
	return w.Bytes()
}
