package content

import (
	"math"
	"slices"
)

// train fits the linear model: softmax regression by stochastic gradient descent, in an order that is always the same.
func (f *finder) train(examples []example, vectors []vector) {
	k := len(f.classes)
	linear := make([]float32, int(f.count)*k)
	p := make([]float32, k)
	var pulls []pull
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	known := make([]bool, len(examples))
	random := uint32(2463534242)
	for epoch := range epochs {
		for i := len(order) - 1; i > 0; i-- {
			random ^= random << 13
			random ^= random >> 17
			random ^= random << 5
			j := int(random % uint32(i+1))
			order[i], order[j] = order[j], order[i]
		}
		rate := pace / (1 + 0.5*float32(epoch))
		for _, i := range order {
			e, v := examples[i], vectors[i]
			if known[i] { // what is known well need not be looked at every time
				known[i] = false
				continue
			}
			score(linear, v, p)
			softmax(p)
			known[i] = p[e.class] > 0.9
			pulls = pulls[:0]
			for c, q := range p {
				if int32(c) == e.class {
					pulls = append(pulls, pull{int32(c), 1 - q})
				} else if q > 0.003 {
					pulls = append(pulls, pull{int32(c), -q})
				}
			}
			step := rate * e.weight
			for n, num := range v.nums {
				s := step * v.weights[n]
				row := linear[int(num)*k : int(num)*k+k]
				for _, g := range pulls {
					row[g.class] += s * g.by
				}
			}
		}
	}
	f.linear = linear
}

// pull is how far an example moves a class.
type pull struct {
	class int32
	by    float32
}

// score adds up the weights of a text for each class.
func score(linear []float32, v vector, out []float32) {
	k := len(out)
	clear(out)
	for i, n := range v.nums {
		w := v.weights[i]
		row, sum := linear[int(n)*k:int(n)*k+k], out
		for len(row) >= 4 && len(sum) >= 4 {
			sum[0] += w * row[0]
			sum[1] += w * row[1]
			sum[2] += w * row[2]
			sum[3] += w * row[3]
			row, sum = row[4:], sum[4:]
		}
		for c := range sum {
			sum[c] += w * row[c]
		}
	}
}

func softmax(x []float32) {
	top := slices.Max(x)
	sum := float32(0)
	for i, v := range x {
		if v < top-6 {
			x[i] = 0
			continue
		}
		x[i] = float32(math.Exp(float64(v - top)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}
