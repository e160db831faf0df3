package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestPow(t *testing.T) {
	checkBinaryGolden(t, "Pow", ops.Pow)
	checkBroadcastGradients(t, ops.Pow)
	checkBinaryErrors(t, ops.Pow, "Pow")
	// A negative base is fine for a whole exponent, which then is a constant.
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Pow(s, x, graph.Const(s, 3.0))
	}), at([]int{4}, -2, -0.5, 0.7, 1.5))
}

func TestPowSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	got := eval(t, tensor.Float32, double(ops.Pow), at([]int{7}, 0, 0, 0, -1, nan, inf, 1000), at([]int{7}, 0, 1, -1, 0.5, 0, -1, 1000))
	wantValues(t, got, []int{7}, 1, 0, inf, nan, 1, 0, inf)
}

// The gradients at zero bases and exponents are finite where TensorFlow
// defines them.
func TestPowGradientAtZero(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Float32, at([]int{4}, 0, 0, -2, 0), true)
	b := input(s, feeds, "b", tensor.Float32, at([]int{4}, 0, 1, 2, 2), true)
	y := ops.Pow(s, a, b)
	grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{a, b}, nil)
	out := run(t, g, feeds, grads...)
	wantValues(t, out.Tensor(0), []int{4}, 0, 1, -4, 0)
	wantValues(t, out.Tensor(1), []int{4}, 0, 0, 0, 0)
}

func TestPowIntegers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, double(ops.Pow), at([]int{2, 1}, 2, 0), at([]int{4}, 0, 1, 3, 7)), []int{2, 4}, 1, 2, 8, 128, 1, 0, 0, 0)
	}
	wantValues(t, eval(t, tensor.Int32, double(ops.Pow), at([]int{3}, -3, 2, -1), at([]int{3}, 3, 31, 5)), []int{3}, -27, math.MinInt32, -1) // 2^31 wraps around
	wantValues(t, eval(t, tensor.Uint8, double(ops.Pow), at([]int{1}, 3), at([]int{1}, 200)), []int{1}, 161)                                 // 3^200 mod 256
	g := graph.New(graph.Config{})
	s := g.Scope().NameScope("net")
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Int, at([]int{2}, 4, 5), true)
	b := input(s, feeds, "b", tensor.Int, at([]int{2}, 2, -1), true)
	wantRunError(t, g, feeds, ops.Pow(s, a, b), "net/Pow", "element 1", "-1", "negative power")
}
