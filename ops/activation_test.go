package ops_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// activations lists them all, with their parameters; rowwise ones take a row's
// other elements into account.
var activations = []struct {
	name    string
	apply   ops.Activation
	rowwise bool
}{
	{"relu", ops.ReLU, false},
	{"leaky_relu", ops.LeakyReLUWith(0.2), false},
	{"leaky_relu_zero", ops.LeakyReLUWith(0), false},
	{"leaky_relu_negative", ops.LeakyReLUWith(-0.5), false},
	{"rrelu", ops.RReLUWith(0.125, 0.25, nil), false},
	{"prelu", ops.PReLUWith(ops.PReLUConfig{}), false},
	{"prelu_shared", ops.PReLUWith(ops.PReLUConfig{Shared: true}), false},
	{"elu", ops.ELUWith(1), false},
	{"elu_half", ops.ELUWith(0.5), false},
	{"selu", ops.SELU, false},
	{"softplus", ops.Softplus, false},
	{"sigmoid", ops.Sigmoid, false},
	{"tanh", ops.Tanh, false},
	{"relu6", ops.ReLU6, false},
	{"celu", ops.CELUWith(1), false},
	{"celu_half", ops.CELUWith(0.5), false},
	{"gelu", ops.GELU, false},
	{"gelu_tanh", ops.GELUTanh, false},
	{"softsign", ops.Softsign, false},
	{"silu", ops.SiLU, false},
	{"swish", ops.SwishWith(1.5), false},
	{"swish_negative", ops.SwishWith(-0.5), false},
	{"mish", ops.Mish, false},
	{"log_sigmoid", ops.LogSigmoid, false},
	{"hard_sigmoid", ops.HardSigmoid, false},
	{"hard_sigmoid_keras", ops.HardSigmoidWith(0.2, 0.5), false},
	{"hard_swish", ops.HardSwish, false},
	{"hard_tanh", ops.HardTanhWith(-1, 1.25), false},
	{"threshold", ops.ThresholdWith(0.5, -3), false},
	{"sparsemax", ops.Sparsemax, true},
	{"softmax", ops.Softmax, true},
	{"log_softmax", ops.LogSoftmax, true},
}

// awayFromZero gives values of both signs at which no activation has a kink.
func awayFromZero(shape ...int) values {
	v := wave(0, 0, shape...)
	for i := range v.data {
		v.data[i] = 0.3 + 0.37*float64((i*7)%9)
		if i%3 != 0 {
			v.data[i] = -v.data[i]
		}
	}
	return v
}

func TestActivationGradients(t *testing.T) {
	for _, a := range activations {
		for _, shape := range [][]int{{3, 4}, {1}, {2, 3, 2}} {
			t.Run(fmt.Sprint(a.name, shape), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: tensor.Float64})
				feeds := graph.Feeds{}
				x := input(g.Scope(), feeds, "x", tensor.Float64, awayFromZero(shape...), !strings.HasPrefix(a.name, "prelu"))
				twiceDifferentiable(t, g, feeds, a.apply(g.Scope(), x), gorgonia.Nodes{x})
			})
		}
	}
}

// A row in a batch gives the bits that it gives alone, in float32 and float64,
// and the batch may be large enough to be split.
func TestActivationBatchInvariance(t *testing.T) {
	const rows, cols = 700, 61
	x := make([]float32, rows*cols)
	for i := range x {
		x[i] = float32(math.Sin(float64(i)*0.7)) * 6
	}
	for _, a := range activations {
		t.Run(a.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			in := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, cols)
			y := a.apply(g.Scope(), in)
			sess := sessionOn(t, g)
			whole, err := sess.Run(graph.Feeds{in: tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))}, y)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []int{0, 1, 268, 269, rows - 1} {
				row := append([]float32(nil), x[r*cols:(r+1)*cols]...)
				alone, err := sess.Run(graph.Feeds{in: tensor.New(tensor.WithShape(1, cols), tensor.WithBacking(row))}, y)
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range alone.Float32s(0) {
					if w := whole.Float32s(0)[r*cols+i]; math.Float32bits(v) != math.Float32bits(w) {
						t.Fatalf("row %d, element %d: %v alone, %v in the batch", r, i, v, w)
					}
				}
			}
		})
	}
}

// Every activation keeps NaN to itself (a row-wise one to its row), passes empty
// batches, and its gradient is NaN where its input is.
func TestActivationNaNAndEmpty(t *testing.T) {
	for _, a := range activations {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprint(a.name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				in := graph.Placeholder(s, "x", dtype, -1, 2)
				y := a.apply(s, in)
				dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in}, nil)[0]
				sess := sessionOn(t, g)
				pass := func(rows int, x ...float64) (value, grad []float64) {
					out, err := sess.Run(graph.Feeds{in: at([]int{rows, 2}, x...).feed(dtype)}, y, dx)
					if err != nil {
						t.Fatal(err)
					}
					return floats(out.Tensor(0)), floats(out.Tensor(1))
				}
				value, grad := pass(2, math.NaN(), 1, -1, 1)
				if !math.IsNaN(value[0]) || !math.IsNaN(grad[0]) {
					t.Errorf("NaN gives %v, with gradient %v", value[0], grad[0])
				}
				for i := 1; i < 4; i++ {
					if wantNaN := a.rowwise && i == 1; math.IsNaN(value[i]) != wantNaN || math.IsNaN(grad[i]) != wantNaN {
						t.Errorf("beside a NaN, element %d is %v with gradient %v", i, value[i], grad[i])
					}
				}
				if value, grad := pass(0); len(value) != 0 || len(grad) != 0 {
					t.Errorf("an empty batch gives %v, %v", value, grad)
				}
			})
		}
	}
}

// At +-1000 values and gradients are finite and the gradients right.
func TestActivationExtremes(t *testing.T) {
	for _, a := range activations {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprint(a.name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				in := graph.Placeholder(s, "x", dtype, -1, 2)
				y := a.apply(s, in)
				dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in}, nil)[0]
				out := run(t, g, graph.Feeds{in: at([]int{3, 2}, 1000, -1000, 1000, 1000, -1000, -1000).feed(dtype)}, y, dx)
				for k := range 2 {
					for i, v := range floats(out.Tensor(k)) {
						if math.IsNaN(v) || math.IsInf(v, 0) {
							t.Errorf("output %d, element %d is %v", k, i, v)
						}
					}
				}
			})
		}
	}
}

func TestActivationsRejectIntegers(t *testing.T) {
	names := map[string]string{"leaky_relu_zero": "leaky_relu", "leaky_relu_negative": "leaky_relu", "rrelu": "leaky_relu", "prelu_shared": "prelu", "elu_half": "elu",
		"celu_half": "celu", "gelu_tanh": "gelu", "swish_negative": "swish", "hard_sigmoid_keras": "hard_sigmoid"}
	for _, a := range activations {
		t.Run(a.name, func(t *testing.T) {
			path := a.name
			if names[path] != "" {
				path = names[path]
			}
			wantBuildError(t, func(s *graph.Scope) {
				if y := a.apply(s, graph.Placeholder(s, "x", tensor.Int64, -1, 3)); !graph.IsBad(y) {
					t.Errorf("the failed op returned the usable node %v", y)
				}
			}, path, "int64[?, 3]", "float32 or float64")
		})
	}
}
