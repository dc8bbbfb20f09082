package encoder

import (
	"encoding/binary"
	"math"
)

// Writer writes what this package reads, in the same order. Only generators need it.
type Writer struct{ data []byte }

// Bytes are what was written.
func (w *Writer) Bytes() []byte { return w.data }

// Raw writes text as it is.
func (w *Writer) Raw(s string) { w.data = append(w.data, s...) }

// Text writes text behind its length.
func (w *Writer) Text(s string) {
	w.Count(len(s))
	w.Raw(s)
}

// Count writes a whole number that is not below zero.
func (w *Writer) Count(n int) { w.data = binary.LittleEndian.AppendUint32(w.data, uint32(n)) }

// Float writes one number.
func (w *Writer) Float(f float32) { w.Count(int(math.Float32bits(f))) }

// Floats writes numbers behind how many they are.
func (w *Writer) Floats(list []float32) {
	w.Count(len(list))
	for _, f := range list {
		w.Float(f)
	}
}

// Matrix writes each row as whole numbers from -127 to 127, and the scale that makes them what they were. All rows are
// as long as the first.
func (w *Writer) Matrix(rows [][]float32) {
	w.Count(len(rows))
	w.Count(len(rows[0]))
	scales := make([]float32, len(rows))
	var whole []byte
	for r, row := range rows {
		most := float32(math.SmallestNonzeroFloat32 * 127)
		for _, v := range row {
			most = max(most, v, -v)
		}
		scales[r] = most / 127
		for _, v := range row {
			whole = append(whole, byte(int8(math.Round(float64(v/scales[r])))))
		}
	}
	w.Floats(scales)
	w.data = append(w.data, whole...)
}
