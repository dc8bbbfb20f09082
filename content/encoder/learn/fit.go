package learn

import (
	"math"
	"slices"

	"village/content/encoder"
)

// How a head is learnt, found by keeping back a quarter of the ways of asking.
const (
	shrink = 0.05 // how much the spread of the numbers is taken to be the same in all directions
	calm   = 0.40 // how much of its certainty is believed: sentences are less alike than the spread of the numbers says
)

// Head learns from examples and their numbers (nil for an example without any), and gives the file that encoder.ReadHead reads. It
// takes each class for a cloud of the same shape around its own middle (linear discriminant analysis).
func Head(examples []Example, vectors [][]float32) []byte {
	var classes []string
	for i, e := range examples {
		if vectors[i] != nil {
			classes = append(classes, e.Class)
		}
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	class := make([]int, len(examples))
	for i, e := range examples {
		class[i], _ = slices.BinarySearch(classes, e.Class)
	}
	middles := middles(class, vectors, len(classes))
	shape := factor(spread(class, vectors, middles))
	weights, bias := make([][]float32, len(classes)), make([]float32, len(classes))
	for c, m := range middles {
		w := shape.solve(m)
		half := 0.0
		for d, v := range w {
			half += v * m[d] / 2
			weights[c] = append(weights[c], float32(calm*v))
		}
		bias[c] = float32(-calm * half)
	}
	return encoder.Write(Hash(examples), classes, weights, bias)
}

// middles are the means of the classes.
func middles(class []int, vectors [][]float32, classes int) [][]float64 {
	list, count := make([][]float64, classes), make([]float64, classes)
	for c := range list {
		list[c] = make([]float64, encoder.Size)
	}
	for i, v := range vectors {
		if v == nil {
			continue
		}
		count[class[i]]++
		for d, x := range v {
			list[class[i]][d] += float64(x)
		}
	}
	for c := range list {
		for d := range list[c] {
			list[c][d] /= count[c]
		}
	}
	return list
}

// spread is how the numbers vary together around the middles of their classes: the lower half of a table.
func spread(class []int, vectors [][]float32, middles [][]float64) lower {
	sums := make([][]float32, encoder.Size)
	for a := range sums {
		sums[a] = make([]float32, a+1)
	}
	off, n := make([]float32, encoder.Size), 0.0
	for i, v := range vectors {
		if v == nil {
			continue
		}
		n++
		for d, x := range v {
			off[d] = x - float32(middles[class[i]][d])
		}
		for a, row := range sums {
			by := off[a]
			for b := range row {
				row[b] += by * off[b]
			}
		}
	}
	table, whole := make(lower, encoder.Size), 0.0
	for a, row := range sums {
		table[a] = make([]float64, a+1)
		for b, s := range row {
			table[a][b] = float64(s) / n
		}
		whole += table[a][a]
	}
	for a, row := range table {
		for b := range row {
			row[b] *= 1 - shrink
		}
		row[a] += shrink * whole / encoder.Size
	}
	return table
}

// lower is the lower half of a square table.
type lower [][]float64

// factor gives the lower half whose product with its own mirror image is the table (Cholesky).
func factor(t lower) lower {
	for j, row := range t {
		for k := range j {
			row[j] -= row[k] * row[k]
		}
		row[j] = math.Sqrt(row[j])
		for _, below := range t[j+1:] {
			for k := range j {
				below[j] -= below[k] * row[k]
			}
			below[j] /= row[j]
		}
	}
	return t
}

// solve gives x where the table, of which this is the factor, times x is y.
func (t lower) solve(y []float64) []float64 {
	x := slices.Clone(y)
	for i, row := range t {
		for j := range i {
			x[i] -= row[j] * x[j]
		}
		x[i] /= row[i]
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := i + 1; j < len(x); j++ {
			x[i] -= t[j][i] * x[j]
		}
		x[i] /= t[i][i]
	}
	return x
}
