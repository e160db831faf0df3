package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// limits says what an activation is at -Inf and +Inf, and its derivative there.
type limits struct{ low, high, lowSlope, highSlope float64 }

// checkLimits compares an activation with its limits, in both float types.
func checkLimits(t *testing.T, f ops.Activation, want limits) {
	t.Helper()
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", dtype, at([]int{2}, math.Inf(-1), math.Inf(1)), true)
		y := f(s, x)
		dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
		out := run(t, g, feeds, y, dx)
		wantValues(t, out.Tensor(0), []int{2}, want.low, want.high)
		wantValues(t, out.Tensor(1), []int{2}, want.lowSlope, want.highSlope)
	}
}

func TestActivationLimits(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		f    ops.Activation
		want limits
	}{
		"relu6":        {ops.ReLU6, limits{0, 6, 0, 0}},
		"celu":         {ops.CELUWith(0.5), limits{-0.5, inf, 0, 1}},
		"gelu":         {ops.GELU, limits{0, inf, 0, 1}},
		"gelu tanh":    {ops.GELUTanh, limits{0, inf, 0, 1}},
		"softsign":     {ops.Softsign, limits{nan, nan, 0, 0}},
		"silu":         {ops.SiLU, limits{0, inf, 0, 1}},
		"swish":        {ops.SwishWith(-2), limits{-inf, 0, 1, 0}},
		"mish":         {ops.Mish, limits{0, inf, 0, 1}},
		"log sigmoid":  {ops.LogSigmoid, limits{-inf, 0, 1, 0}},
		"hard sigmoid": {ops.HardSigmoid, limits{0, 1, 0, 0}},
		"hard swish":   {ops.HardSwish, limits{0, inf, 0, 1}},
		"hard tanh":    {ops.HardTanhWith(-1, 2), limits{-1, 2, 0, 0}},
		"threshold":    {ops.ThresholdWith(0, -7), limits{-7, inf, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) { checkLimits(t, c.f, c.want) })
	}
}

// Far from 0 the smooth ones keep their relative accuracy.
func TestActivationTails(t *testing.T) {
	for name, c := range map[string]struct {
		f    ops.Activation
		x, y float64
	}{
		"gelu":        {ops.GELU, -10, -10 * 0.5 * math.Erfc(10/math.Sqrt2)},
		"silu":        {ops.SiLU, -50, -50 * math.Exp(-50) / (1 + math.Exp(-50))},
		"mish":        {ops.Mish, -50, -50 * math.Tanh(math.Log1p(math.Exp(-50)))},
		"log sigmoid": {ops.LogSigmoid, 50, -math.Log1p(math.Exp(-50))},
		"celu":        {ops.CELUWith(2), -1e-7, 2 * math.Expm1(-5e-8)},
	} {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-13} {
			x := c.x
			if dtype == tensor.Float32 && name == "celu" {
				x = float64(float32(x))
			}
			got := floats(eval(t, dtype, single(c.f), at([]int{1}, x)))[0]
			if math.Abs(got/c.y-1) > tolerance {
				t.Errorf("%s(%v) as %v is %v; want %v", name, c.x, dtype, got, c.y)
			}
		}
	}
}

// Amid other ops, kernels write over values that are not needed any more.
func TestActivationsInPlace(t *testing.T) {
	forms := map[string]ops.Activation{
		"glu": gluAlong(-1), "maxout": maxoutOf(2, -1),
		"layer norm": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.LayerNorm(s, x, ops.LayerNormConfig{Epsilon: 1e-3})
		},
		"virtual batches": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{VirtualBatchSize: 2})
		},
	}
	for _, a := range activations {
		forms[a.name] = a.apply
	}
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float64, -1, 4)
			feeds := graph.Feeds{x: awayFromZero(4, 4).feed(tensor.Float64)}
			y := ops.Square(s, f(s, ops.Scale(s, ops.AddScalar(s, x, 0.01), 0.99)))
			if err := graph.CheckGradients(g, feeds, y, gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
				t.Error(err)
			}
		})
	}
}
