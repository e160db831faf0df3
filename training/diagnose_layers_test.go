package training_test

import (
	"context"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// described is what Diagnose finds of each layer: name, activation, depth, "hidden"
// or "last", and "norm" where batch norm was found.
func described(d *training.Diagnosis) []string {
	var out []string
	for _, l := range d.Layers {
		s := fmt.Sprintf("%s %s %d", l.Name, l.Activation, l.Depth)
		if l.Hidden {
			s += " hidden"
		} else {
			s += " last"
		}
		if l.BatchNorm != nil {
			s += " norm"
		}
		out = append(out, s)
	}
	return out
}

// Layers are found in whatever way a net was built.
func TestDiagnoseFindsLayers(t *testing.T) {
	he := ops.DenseConfig{Kernel: initializers.He()}
	out := func(s *graph.Scope, h *gorgonia.Node, n int) *gorgonia.Node {
		return ops.Dense(s.Sub("outputs"), h, n, he)
	}
	for _, c := range []struct {
		name string
		net  func(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node
		want string
	}{
		{"dense with batch norm and activation", func(s *graph.Scope, x, flag *gorgonia.Node, n int) *gorgonia.Node {
			l := s.NameScope("dnn").Sub("hidden1")
			h := ops.SELU(l, ops.BatchNorm(l, ops.Dense(l, x, 8, ops.DenseConfig{NoBias: true}), flag, ops.BatchNormConfig{}))
			return out(s, h, n)
		}, "hidden1 selu 0 hidden norm; outputs  1 last"},
		{"batch norm after the activation, dropout before", func(s *graph.Scope, x, flag *gorgonia.Node, n int) *gorgonia.Node {
			l := s.Sub("hidden1")
			h := ops.Tanh(l, ops.Dropout(l, ops.Dense(l, x, 8, he), 0.1, flag))
			return out(s, ops.BatchNorm(l, h, flag, ops.BatchNormConfig{}), n)
		}, "hidden1 tanh 0 hidden norm; outputs  1 last"},
		{"kernels made by hand, L2 on them", func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
			w := graph.Variable(s, "w1", tensor.Shape{20, 8}, graph.VariableConfig{Initializer: initializers.He()})
			b := graph.Variable(s, "b1", tensor.Shape{8}, graph.VariableConfig{Initializer: initializers.Zeros()})
			s.Graph().AddToCollection(graph.RegularizationLosses, ops.Scale(s, ops.Sum(s, ops.Square(s, w)), 1e-4))
			return out(s, ops.ReLU(s, ops.Add(s, ops.MatMul(s, x, w), b)), n)
		}, "w1 relu 0 hidden; outputs  1 last"},
		{"an activation of several ops", func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
			h := ops.Dense(s.Sub("hidden1"), x, 8, he)
			return out(s, ops.Maximum(s, h, ops.Scale(s, h, 0.2)), n)
		}, "hidden1 Maximum 0 hidden; outputs  1 last"},
		{"noisy leaky ReLU", func(s *graph.Scope, x, flag *gorgonia.Node, n int) *gorgonia.Node {
			l := s.Sub("hidden1")
			return out(s, ops.RReLU(l, ops.Dense(l, x, 8, he), 0.1, 0.3, flag), n)
		}, "hidden1 rrelu 0 hidden; outputs  1 last"},
		{"more than two axes", func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
			l := s.Sub("hidden1")
			h := ops.Sigmoid(l, ops.Dense(l, ops.Reshape(s, x, -1, 5, 4), 8, he))
			return out(s, ops.Reshape(s, h, -1, 40), n)
		}, "hidden1 sigmoid 0 hidden; outputs  1 last"},
		{"shared towers", sharedTowers, "hidden1 (hidden1/MatMul) elu 0 hidden; hidden2 (hidden2/MatMul) elu 1 hidden; hidden1 (hidden1/MatMul_1) elu 0 hidden; " +
			"hidden2 (hidden2/MatMul_1) elu 1 hidden; outputs  2 last"},
		{"tied weights", func(s *graph.Scope, x, flag *gorgonia.Node, n int) *gorgonia.Node {
			return out(s, tiedWeights(s, x, flag, 20), n)
		},
			"encoder1 (MatMul) elu 0 hidden; encoder2 (MatMul_1) elu 1 hidden; encoder2 (MatMul_2) elu 2 hidden; encoder1 (MatMul_3)  3 hidden; outputs  4 last"},
		{"residual block", func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
			x = ops.ReLU(s, ops.Dense(s.Sub("stem"), x, 8, he))
			x = ops.Add(s, x, ops.Dense(s.Sub("b"), ops.ReLU(s, ops.Dense(s.Sub("a"), x, 8, he)), 8, he))
			return out(s, x, n)
		}, "stem relu 0 hidden; a relu 1 hidden; b  2 hidden; outputs  3 last"},
		{"a factorised kernel", func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
			u := graph.Variable(s, "u", tensor.Shape{20, 3}, graph.VariableConfig{})
			v := graph.Variable(s, "v", tensor.Shape{3, 8}, graph.VariableConfig{})
			return out(s, ops.GELU(s, ops.MatMul(s, x, ops.MatMul(s, u, v))), n)
		}, "u gelu 0 hidden; outputs  1 last"},
		{"a layer in a branch is left out", func(s *graph.Scope, x, flag *gorgonia.Node, n int) *gorgonia.Node {
			h := ops.Dense(s.Sub("hidden1"), x, 8, ops.DenseConfig{Activation: ops.Tanh})
			h = ops.Cond(s, flag, func(s *graph.Scope) *gorgonia.Node { return ops.Dense(s.Sub("extra"), h, 8, he) },
				func(s *graph.Scope) *gorgonia.Node { return graph.Identity(s, h) })
			return out(s, h, n)
		}, "hidden1 tanh 0 hidden; outputs  2 last"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := patient{name: c.name, data: "clusters", net: c.net, opt: sgd(0.01)}
			d := p.examine(t, 1, training.DiagnoseConfig{Steps: 2, NoTrials: true})
			if got := strings.Join(described(d), "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			for _, l := range d.Layers {
				if !(l.Gradient > 0) || !(l.Std > 0) {
					t.Errorf("%s was not measured: %+v", l.Name, l)
				}
			}
		})
	}
}

// A graph built with Gorgonia alone is looked at as well.
func TestDiagnoseGorgoniaGraph(t *testing.T) {
	const batch, in, units = 16, 6, 12
	e := gorgonia.NewGraph()
	rng := rand.New(rand.NewSource(4))
	matrix := func(name string, rows, columns int, scale float64) *gorgonia.Node {
		values := make([]float32, rows*columns)
		for i := range values {
			values[i] = float32(scale * rng.NormFloat64())
		}
		return gorgonia.NewMatrix(e, tensor.Float32, gorgonia.WithName(name), gorgonia.WithShape(rows, columns),
			gorgonia.WithValue(tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(values))))
	}
	x, y := matrix("x", batch, in, 1), matrix("y", batch, 1, 1)
	w1, w2, w3 := matrix("w1", in, units, 0.6), matrix("w2", units, units, 0.4), matrix("w3", units, 1, 0.4)
	h := gorgonia.Must(gorgonia.Rectify(gorgonia.Must(gorgonia.Mul(x, w1))))
	h = gorgonia.Must(gorgonia.Tanh(gorgonia.Must(gorgonia.Mul(h, w2))))
	loss := gorgonia.Must(gorgonia.Mean(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(gorgonia.Must(gorgonia.Mul(h, w3)), y))))))
	g := graph.Wrap(e)
	for _, w := range []*gorgonia.Node{w1, w2, w3} {
		if err := g.AsVariable(w); err != nil {
			t.Fatal(err)
		}
	}
	step := sgd(0.05).Minimize(g.Scope().NameScope("train"), loss, g.Trainable())
	sess := open(t, g)
	data := batches{x: x.Value().(*tensor.Dense), y: y.Value().(*tensor.Dense)}
	d, err := training.Diagnose(context.Background(), sess, training.DiagnoseConfig{Step: step, Loss: loss, Data: data, X: x, Y: y})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Layers) != 3 || d.Layers[0].Name != "w1" || d.Layers[0].Activation == "" || d.Layers[1].Activation != "tanh" || !(d.Layers[0].Gradient > 0) || !d.Healthy() {
		t.Errorf("%v", d)
	}
}

// batches is Data that gives one batch for ever.
type batches struct{ x, y *tensor.Dense }

func (b batches) Next() bool       { return true }
func (b batches) X() tensor.Tensor { return b.x }
func (b batches) Y() tensor.Tensor { return b.y }
func (b batches) Err() error       { return nil }
func (b batches) Reset()           {}

// A hundred layers are no trouble to the doctor, and one to the net.
func TestDiagnoseHundredLayers(t *testing.T) {
	for _, c := range []struct {
		act    ops.Activation
		kernel graph.Initializer
		want   training.Trouble
	}{
		{ops.Sigmoid, initializers.GlorotUniform(), training.VanishingGradients},
		{ops.ReLU, heTimes(1.5), training.ExplodingGradients},
	} {
		p := patient{name: fmt.Sprint(c.want), data: "clusters", hidden: widths(20, 100), act: c.act, kernel: c.kernel, opt: sgd(0.001)}
		d := p.examine(t, 1, training.DiagnoseConfig{Steps: 4, NoTrials: true})
		if len(d.Layers) != 101 || d.Layers[100].Depth != 100 || !d.Has(c.want) {
			t.Errorf("%v: %d layers, %v", c.want, len(d.Layers), d.Findings)
		}
	}
}

// Layers says which layers to report.
func TestDiagnoseSomeLayers(t *testing.T) {
	p := patient{data: "clusters", hidden: widths(10, 4), act: ops.Tanh, opt: sgd(0.1)}
	d := p.examine(t, 1, training.DiagnoseConfig{Steps: 2, NoTrials: true, Layers: []string{"hidden[24]"}})
	if got := strings.Join(described(d), "; "); got != "hidden2 tanh 1 hidden; hidden4 tanh 3 hidden" {
		t.Error(got)
	}
}
