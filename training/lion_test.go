package training_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Lion steps by the sign alone, however small the gradient is; 0 stays, NaN is seen,
// and a rate below 0, which a noisy schedule may draw, goes uphill.
func TestLionGoesByTheSign(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for dtype, smallest := range map[tensor.Dtype]float64{tensor.Float32: math.SmallestNonzeroFloat32, tensor.Float64: math.SmallestNonzeroFloat64} {
		grads := []float64{smallest, -smallest, 1e-30, -3, 1e30, inf, -inf, 0, nan}
		for _, rate := range []float64{0.5, -0.5} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w := variable(s, "w", dtype, 0, len(grads))
			opt := training.Lion(training.LionConfig{WeightDecay: graph.Zero, Beta1: graph.Zero, Schedule: graph.Const(s, rate)})
			step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.ConstOf(s, dtype, grads), Var: w}})
			sess := open(t, g)
			run(t, sess, nil, step)
			got := value(t, sess, w)
			for i, grad := range grads {
				want := 0.0
				switch {
				case grad != grad:
					want = nan
				case grad != 0:
					want = -math.Copysign(rate, rate*grad)
				}
				moved := number(got, i)
				if moved != want && !(math.IsNaN(moved) && math.IsNaN(want)) {
					t.Errorf("%v, rate %v: the gradient %v moves a weight by %v; want %v", dtype, rate, grad, moved, want)
				}
			}
		}
	}
}

// number is an element of a float vector.
func number(x tensor.Tensor, i int) float64 {
	if x.Dtype() == tensor.Float32 {
		return float64(x.Data().([]float32)[i])
	}
	return x.Data().([]float64)[i]
}
