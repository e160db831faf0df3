package zoo

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

var sentences = map[string]func(s *graph.Scope, x *gorgonia.Node, cfg SentenceConfig) *Model{"bag": SentenceBag, "cnn": SentenceCNN}

// encodings runs an encoder on sequences, with all weights drawn from a seed, and returns its variables beside the encodings.
func encodings(t *testing.T, dtype tensor.Dtype, build func(s *graph.Scope, x *gorgonia.Node, cfg SentenceConfig) *Model, cfg SentenceConfig,
	x interface{}) ([]float64, map[string][]float64) {
	t.Helper()
	g := graph.New(graph.Config{Dtype: dtype, Seed: 3})
	s := g.Scope()
	in := x.(*tensor.Dense)
	node := graph.Placeholder(s, "x", in.Dtype(), -1, -1)
	cfg.NoTop = true
	m := build(s, node, cfg)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	values := map[string][]float64{}
	for _, v := range g.Variables() {
		value, err := sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		if value.Shape().Eq(tensor.Shape{cfg.Filters}) { // biases begin as zeros, which would hide them
			fill(t, sess, v, dtype, cfg.Filters)
			if value, err = sess.Value(v); err != nil {
				t.Fatal(err)
			}
		}
		values[g.NameOf(v)] = doubles(value.Data())
	}
	out, err := sess.Run(graph.Feeds{node: in}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	if m.Output != m.Endpoint("encoding") {
		t.Error("NoTop does not end with the encoding")
	}
	return doubles(out.Tensor(0).Data()), values
}

func fill(t *testing.T, sess *graph.Session, v *gorgonia.Node, dtype tensor.Dtype, n int) {
	t.Helper()
	bias := make([]float64, n)
	for i := range bias {
		bias[i] = 0.3 * math.Sin(float64(i+1))
	}
	var value interface{} = bias
	if dtype == tensor.Float32 {
		value = singles(bias)
	}
	if err := sess.SetValue(v, tensor.New(tensor.WithShape(n), tensor.WithBacking(value))); err != nil {
		t.Fatal(err)
	}
}

func singles(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, e := range v {
		out[i] = float32(e)
	}
	return out
}

func doubles(v interface{}) []float64 {
	if d, ok := v.([]float64); ok {
		return slices.Clone(d)
	}
	var out []float64
	for _, e := range v.([]float32) {
		out = append(out, float64(e))
	}
	return out
}

// three sequences of 7, 2 and no words of 9.
var (
	ids     = []int64{2, 8, 3, 3, 1, 5, 7, 4, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	lengths = []int{7, 2, 0}
)

// The bag is the mean of the vectors of the words that there are.
func TestSentenceBag(t *testing.T) {
	const dim = 4
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x := tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(slices.Clone(ids)))
		got, values := encodings(t, dtype, SentenceBag, SentenceConfig{Vocabulary: 9, Dim: dim}, x)
		table := values["embedding/embeddings"]
		for i, n := range lengths {
			for d := range dim {
				want := 0.0
				for _, id := range ids[7*i : 7*i+n] {
					want += table[int(id)*dim+d] / float64(n)
				}
				if v := got[i*dim+d]; math.Abs(v-want) > 1e-7 {
					t.Errorf("%v: encoding %d has %v at %d; want %v", dtype, i, v, d, want)
				}
			}
		}
	}
}

// A filter's answer is the greatest over all words of max(0, bias + sum of the vectors there and behind by the filter), with zeros behind the
// last word.
func TestSentenceCNN(t *testing.T) {
	const dim, filters = 4, 3
	widths := []int{2, 5}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x := tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(slices.Clone(ids)))
		got, values := encodings(t, dtype, SentenceCNN, SentenceConfig{Vocabulary: 9, Dim: dim, Widths: widths, Filters: filters}, x)
		table := values["embedding/embeddings"]
		for i, n := range lengths {
			words := ids[7*i : 7*i+n]
			for k, width := range widths {
				name := []string{"conv2", "conv5"}[k]
				kernel, bias := values[name+"/kernel"], values[name+"/bias"]
				for f := range filters {
					want := 0.0
					for at := range words {
						sum := bias[f]
						for p, id := range words[at:min(n, at+width)] {
							for d := range dim {
								sum += table[int(id)*dim+d] * kernel[(p*dim+d)*filters+f]
							}
						}
						want = max(want, sum)
					}
					if v := got[(i*2+k)*filters+f]; math.Abs(v-want) > 1e-6 {
						t.Errorf("%v: of width %d encoding %d has %v at %d; want %v", dtype, width, i, v, f, want)
					}
				}
			}
		}
	}
}

// Padding, and the dtype of ids, change nothing.
func TestSentencePadding(t *testing.T) {
	long := make([]int64, 3*12)
	for i := range 3 {
		copy(long[12*i:], ids[7*i:7*i+7])
	}
	narrow := make([]int32, len(ids))
	whole := make([]float32, len(ids))
	for i, id := range ids {
		narrow[i], whole[i] = int32(id), float32(id)
	}
	cfg := SentenceConfig{Vocabulary: 9, Dim: 6, Filters: 4}
	for name, build := range sentences {
		cfg := cfg
		if name == "bag" {
			cfg.Filters = 0
		}
		want, _ := encodings(t, tensor.Float32, build, cfg, tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(slices.Clone(ids))))
		for what, x := range map[string]*tensor.Dense{
			"longer": tensor.New(tensor.WithShape(3, 12), tensor.WithBacking(long)), "int32": tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(narrow)),
			"float32": tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(whole)),
		} {
			if got, _ := encodings(t, tensor.Float32, build, cfg, x); !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-6 }) {
				t.Errorf("%s: %s sequences have the encodings %v; want %v", name, what, got, want)
			}
		}
		for _, v := range want[len(want)/3*2:] {
			if v != 0 {
				t.Errorf("%s: without a word the encoding is %v", name, want[len(want)/3*2:])
			}
		}
	}
}

func TestSentenceGradients(t *testing.T) {
	for name, build := range sentences {
		g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 1})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Int64, -1, 7)
		cfg := SentenceConfig{Vocabulary: 9, Dim: 3}
		if name == "cnn" {
			cfg.Filters, cfg.Widths = 2, []int{1, 3}
		}
		m := build(s, x, cfg)
		loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, graph.Const(s, []int64{0, 1, 1}), m.Output))
		feeds := graph.Feeds{x: tensor.New(tensor.WithShape(3, 7), tensor.WithBacking(slices.Clone(ids)))}
		if err := graph.CheckGradients(g, feeds, loss, g.Trainable(), graph.CheckConfig{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var endpoints []string
		for _, e := range m.Endpoints() {
			endpoints = append(endpoints, e.Name)
		}
		want := "embedding encoding outputs"
		if name == "cnn" {
			want = "embedding conv1 conv3 encoding outputs"
		}
		if strings.Join(endpoints, " ") != want {
			t.Errorf("%s: the endpoints are %v; want %s", name, endpoints, want)
		}
	}
}

func TestSentenceBadInput(t *testing.T) {
	for words, c := range map[string]struct {
		dtype tensor.Dtype
		shape []int
		cfg   SentenceConfig
	}{
		"ids of words, [batch, length]": {tensor.Int64, []int{-1, 3, 4}, SentenceConfig{Vocabulary: 9}},
		"integers or floats":            {tensor.Bool, []int{-1, 3}, SentenceConfig{Vocabulary: 9}},
		"Vocabulary is 0":               {tensor.Int64, []int{-1, 3}, SentenceConfig{}},
		"Dim is -1":                     {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Dim: -1}},
		"Widths is empty":               {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Widths: []int{}}},
		"Widths[1] is 0":                {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Widths: []int{2, 0}}},
		"Widths has 2 twice":            {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Widths: []int{2, 2}}},
		"Dropout is 0.5":                {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Dropout: 0.5, Config: Config{NoTop: true}}},
		"Classes is -1":                 {tensor.Int64, []int{-1, 3}, SentenceConfig{Vocabulary: 9, Config: Config{Classes: -1}}},
	} {
		for name, build := range sentences {
			words := words
			if name == "bag" && c.cfg.Widths != nil {
				words = "a bag has no filters"
			}
			g := graph.New(graph.Config{})
			m := build(g.Scope(), graph.Placeholder(g.Scope(), "x", c.dtype, c.shape...), c.cfg)
			if g.Err() == nil || !strings.Contains(g.Err().Error(), words) || !graph.IsBad(m.Output) {
				t.Errorf("%s: %v; want an error that says %s", name, g.Err(), words)
			}
		}
	}
	for name, build := range sentences { // an id beyond the vocabulary, and none
		for _, id := range []float32{9, -1, 2.5, -0.5, 1 << 40, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
			g := graph.New(graph.Config{})
			x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 2)
			m := build(g.Scope(), x, SentenceConfig{Vocabulary: 9})
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			if _, err = sess.Run(graph.Feeds{x: [][]float32{{1, id}}}, m.Output); err == nil || !strings.Contains(err.Error(), "embedding/") {
				t.Errorf("%s: id %v: %v; want an error that names the embedding", name, id, err)
			}
			sess.Close()
		}
	}
}
