package keras

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// goldenModel is a model of TensorFlow.js and what it computes: internal/golden/kerasmodels.js.
type goldenModel struct {
	Name    string
	IDs     int // the inputs are below this; 0 for fractions
	Model   json.RawMessage
	Weights []struct {
		Name  string
		Shape []int
	}
	Inputs  [][]int // shapes
	Outputs []struct {
		Shape []int
		Data  []float64
	}
}

// memory is a file of weights that lies in memory.
func memory(t testing.TB, names []string, shapes [][]int, element func(k, i int) float64) *weights.File {
	t.Helper()
	var all []weights.Tensor
	for k, name := range names {
		values := make([]float64, tensor.Shape(shapes[k]).TotalSize())
		for i := range values {
			values[i] = element(k, i)
		}
		b, err := binary.Append(nil, binary.LittleEndian, values)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, weights.Tensor{Name: name, DType: weights.Float64, Shape: shapes[k], Held: int64(len(b)), Open: weights.Section(bytes.NewReader(b), 0, int64(len(b)))})
	}
	f, err := weights.New("memory", all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func goldenModels(t *testing.T) []goldenModel {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(load(t, "models.json.gz")))
	if err != nil {
		t.Fatal(err)
	}
	var all []goldenModel
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// file makes the weights of a model by the script's formula.
func (m goldenModel) file(t *testing.T) *weights.File {
	var names []string
	var shapes [][]int
	for _, w := range m.Weights {
		names, shapes = append(names, w.Name), append(shapes, w.Shape)
	}
	return memory(t, names, shapes, func(k, i int) float64 {
		v := float64((7*i+3*k)%11-5) / 16
		if name := names[k]; len(name) > 15 && name[len(name)-15:] == "moving_variance" {
			v++
		}
		return v
	})
}

func TestGoldenModels(t *testing.T) {
	for _, c := range goldenModels(t) {
		t.Run(c.Name, func(t *testing.T) {
			m, err := ParseModel(c.Model, c.file(t))
			if err != nil {
				t.Fatal(err)
			}
			g := graph.New(graph.Config{})
			net, err := m.Import(g.Scope(), network.Config{})
			if err != nil {
				t.Fatal(err)
			}
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			feeds := graph.Feeds{}
			for k, in := range net.Inputs {
				shape := slices.Clone(c.Inputs[k])
				shape[0] = 2
				x := make([]float32, tensor.Shape(shape).TotalSize())
				for i := range x {
					if x[i] = float32((5*i+3*k)%13-6) / 8; c.IDs > 0 {
						x[i] = float32((3*i + k) % c.IDs)
					}
				}
				feeds[in.Node] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
			}
			if len(net.Outputs) != len(c.Outputs) {
				t.Fatalf("%d outputs; want %d", len(net.Outputs), len(c.Outputs))
			}
			for k, want := range c.Outputs {
				out, err := sess.Run(feeds, net.Outputs[k].Node)
				if err != nil {
					t.Fatal(err)
				}
				if !out.Tensor(0).Shape().Eq(tensor.Shape(want.Shape)) {
					t.Fatalf("output %d is %v; want %v", k, out.Tensor(0).Shape(), want.Shape)
				}
				for i, v := range out.Float32s(0) {
					if !(math.Abs(float64(v)-want.Data[i]) <= 1e-6*math.Max(1, math.Abs(want.Data[i]))) {
						t.Fatalf("output %d: element %d is %v; want %v", k, i, v, want.Data[i])
					}
				}
			}
		})
	}
}
