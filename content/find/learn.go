package find

import "math"

// train fits the linear model: softmax regression by one pass of stochastic gradient descent, in an order that is always the same and
// in steps that grow smaller. A second pass would take a third longer at start and find hardly more.
func (f *ranker) train(examples []example, vectors []vector, seen []int32) {
	k := len(f.classes)
	vectors, rows := f.share(vectors, seen)
	linear := make([]float32, rows*k)
	p := make([]float32, k)
	pulls := make([]pull, k)
	least := math.Float32bits(0.02)
	order := make([]int32, len(examples))
	random := uint32(2463534242)
	for i := range order { // shuffled as it is made
		random ^= random << 13
		random ^= random >> 17
		random ^= random << 5
		j := int(random % uint32(i+1))
		order[i] = order[j]
		order[j] = int32(i)
	}
	for done, i := range order {
		e, v := &examples[i], vectors[i]
		score(linear, v, p)
		f.exps.softmax(p)
		p[e.class]--
		far := 0
		for c, q := range p { // q above 0.02, or below nothing for the right class: as bits that is one comparison
			pulls[far] = pull{int32(c), -q}
			if math.Float32bits(q) > least {
				far++
			}
		}
		step := pace / (1 + slower*float32(done)/float32(len(order))) * e.weight
		for n, num := range v.nums {
			s := step * v.weights[n]
			row := linear[int(num)*k : int(num)*k+k]
			for _, g := range pulls[:far] {
				row[g.class] += s * g.by
			}
		}
	}
	f.linear = linear
}

// share gives every number its row of weights, the vectors in rows, and how many rows there are. Numbers that stand in one and
// the same example only, as most pairs do, always move together: they have one row, of which each takes its part.
func (f *ranker) share(vectors []vector, seen []int32) ([]vector, int) {
	f.row, f.part = make([]int32, f.count), make([]float32, f.count)
	rows, entries := int32(0), 0
	for n, times := range seen {
		entries += int(times)
		if times > 1 {
			f.row[n], f.part[n] = rows, 1
			rows++
		}
	}
	nums, weights := make([]int32, 0, entries), make([]float32, 0, entries)
	shared := make([]vector, len(vectors))
	for i, v := range vectors {
		from, alone := len(nums), float32(0)
		for j, n := range v.nums {
			if seen[n] > 1 {
				nums, weights = append(nums, f.row[n]), append(weights, v.weights[j])
			} else {
				alone += v.weights[j] * v.weights[j]
			}
		}
		if alone > 0 {
			norm := float32(math.Sqrt(float64(alone)))
			for j, n := range v.nums {
				if seen[n] == 1 {
					f.row[n], f.part[n] = rows, v.weights[j]/norm
				}
			}
			nums, weights = append(nums, rows), append(weights, norm)
			rows++
		}
		shared[i] = vector{nums[from:], weights[from:]}
	}
	return shared, int(rows)
}

// inRows gives a vector by rows in the place of numbers, in memory that may be used again.
func (f *ranker) inRows(v, room vector) vector {
	room.nums, room.weights = room.nums[:0], room.weights[:0]
	for i, n := range v.nums {
		room.nums, room.weights = append(room.nums, f.row[n]), append(room.weights, v.weights[i]*f.part[n])
	}
	return room
}

// pull is how far an example moves a class.
type pull struct {
	class int32
	by    float32
}

// score adds up the weights of a text for each class, four numbers at a time because it is most of the work of learning.
func score(linear []float32, v vector, out []float32) {
	k := len(out)
	clear(out)
	nums, weights := v.nums, v.weights[:len(v.nums)]
	for ; len(nums) >= 4; nums, weights = nums[4:], weights[4:] {
		r0, r1, r2, r3 := linear[int(nums[0])*k:][:len(out)], linear[int(nums[1])*k:][:len(out)], linear[int(nums[2])*k:][:len(out)], linear[int(nums[3])*k:][:len(out)]
		w0, w1, w2, w3 := weights[0], weights[1], weights[2], weights[3]
		for c := range out {
			out[c] = out[c] + w0*r0[c] + w1*r1[c] + w2*r2[c] + w3*r3[c]
		}
	}
	for i, n := range nums {
		addTo(out, linear[int(n)*k:][:k], weights[i])
	}
}

// addTo adds so much of what to sum.
func addTo(sum, what []float32, much float32) {
	for len(sum) >= 4 && len(what) >= 4 {
		sum[0] += much * what[0]
		sum[1] += much * what[1]
		sum[2] += much * what[2]
		sum[3] += much * what[3]
		sum, what = sum[4:], what[4:]
	}
	for c := range sum {
		sum[c] += much * what[c]
	}
}

// exps is e to the power of 0, -1/256, -2/256 and so on to -6, where it is taken for nothing. Learning needs a million powers.
type exps [6*256 + 1]float32

func newExps() *exps {
	t := new(exps)
	for i := range len(t) - 1 {
		t[i] = float32(math.Exp(-float64(i) / 256))
	}
	return t
}

// softmax makes probabilities of scores. Between two powers that are known it goes by the first terms of the series.
func (t *exps) softmax(x []float32) {
	top := x[0]
	for _, v := range x {
		if v > top {
			top = v
		}
	}
	sum := float32(0)
	for i, v := range x {
		steps := (v - top) * 256
		n := min(int32(-steps), int32(len(t)-1))
		rest := (steps + float32(n)) / 256
		x[i] = t[n] * (1 + rest + rest*rest/2)
		sum += x[i]
	}
	part := 1 / sum
	for i := range x {
		x[i] *= part
	}
}
