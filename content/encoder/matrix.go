package encoder

import "math"

// matrix is out rows of in weights, each a whole number times the scale of its row. The numbers stay where they were embedded.
type matrix struct {
	in, out int
	scale   []float32
	data    string // out times in bytes
}

// row writes out one row.
func (m matrix) row(at int, to []float32) {
	data, scale := m.data[at*m.in:][:m.in], m.scale[at]
	for i := range to {
		to[i] = float32(int8(data[i])) * scale
	}
}

// finest is the greatest whole number that a number becomes before it is multiplied: with 127, the greatest weight, and 1536, the most that
// are added up, it stays within 31 bits.
const finest = 8191

// times multiplies n rows of x. It is nearly all the work there is, and done in whole numbers: two rows of weights stand in
// one number of 64 bits, so that each multiplication is two, and four rows of x go over them beside each other, so that
// the processor always has a sum to go on with.
func (m matrix) times(x, out []float32, n int) {
	whole, scale := rounded(x, n)
	both := make([]int64, m.in)
	for o := 0; o < m.out; o += 2 {
		pair(both, m.data[o*m.in:][:2*m.in])
		put := func(t int, sum int64) {
			low := int32(sum)
			out[t*m.out+o] = float32(low) * scale[t] * m.scale[o]
			out[t*m.out+o+1] = float32((sum-int64(low))>>32) * scale[t] * m.scale[o+1]
		}
		t := 0
		for ; t+4 <= n; t += 4 {
			a, b, c, d := four(both, whole[t*m.in:][:4*m.in])
			put(t, a)
			put(t+1, b)
			put(t+2, c)
			put(t+3, d)
		}
		for ; t < n; t++ {
			put(t, one(both, whole[t*m.in:][:m.in]))
		}
	}
}

// rounded makes n rows whole numbers, and says what each row's must be multiplied with.
//
//go:norace
func rounded(x []float32, n int) (whole []int64, scale []float32) {
	whole, scale = make([]int64, len(x)), make([]float32, n)
	width := len(x) / n
	for t := range n {
		most := float32(math.SmallestNonzeroFloat32)
		row := x[t*width:][:width]
		for _, v := range row {
			most = max(most, v, -v)
		}
		scale[t] = most / finest
		to, by := whole[t*width:][:width], finest/most
		for i, v := range row {
			to[i] = int64(math.Round(float64(v * by)))
		}
	}
	return whole, scale
}

// pair puts two rows of weights into one: the second is in the upper half.
//
//go:norace
func pair(both []int64, rows string) {
	first, second := rows[:len(both)], rows[len(both):][:len(both)]
	for i := range both {
		both[i] = int64(int8(first[i])) + int64(int8(second[i]))<<32
	}
}

// four multiplies a pair of rows of weights with four of x. What it reads is either never written or its caller's own: the race
// detector, which would make it ten times slower, has nothing to find here.
//
//go:norace
func four(both, x []int64) (a, b, c, d int64) {
	in := len(both)
	x0, x1, x2, x3 := x[:in], x[in:][:in], x[2*in:][:in], x[3*in:][:in]
	for i, w := range both {
		a += w * x0[i]
		b += w * x1[i]
		c += w * x2[i]
		d += w * x3[i]
	}
	return a, b, c, d
}

//go:norace
func one(both, x []int64) int64 {
	var s0, s1 int64
	x = x[:len(both)]
	for i := 0; i+2 <= len(both); i += 2 {
		s0 += both[i] * x[i]
		s1 += both[i+1] * x[i+1]
	}
	return s0 + s1
}

// Dot is how much two lists of numbers point the same way: the sum of their products.
//
//go:norace
func Dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func add(sum, what []float32) { addTo(sum, what, 1) }

//go:norace
func addTo(sum, what []float32, much float32) {
	what = what[:len(sum)]
	for i := range sum {
		sum[i] += much * what[i]
	}
}
