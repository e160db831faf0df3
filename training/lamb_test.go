package training_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// The norms of a variable that is added up in parts are those of all of it; a
// variable of zeros has the trust ratio 1, and one without elements is legal.
func TestLAMBSizes(t *testing.T) {
	for _, n := range []int{0, 1, 8191, 8192, 8193, 3*8192 + 5} {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		w, zeros := variable(s, "w", tensor.Float64, 0, n), variable(s, "zeros", tensor.Float64, 0, n)
		grad := graph.Placeholder(s, "grad", tensor.Float64, n)
		step := training.LAMB(training.LAMBConfig{LearningRate: .1, WeightDecay: .01}).ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}, {Grad: grad, Var: zeros}})
		sess := open(t, g)
		if n == 0 {
			run(t, sess, graph.Feeds{grad: tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(0))}, step)
			continue
		}
		values, gradient := make([]float64, n), make([]float64, n)
		for i, v := range golden.Sequence(9, 2*n) {
			if i < n {
				values[i] = float64(v)
			} else {
				gradient[i-n] = float64(v)
			}
		}
		set(t, sess, w, values)
		run(t, sess, graph.Feeds{grad: gradient}, step)
		// In the first step m/(1-beta1) is the gradient, and s/(1-beta2) its square.
		var ofW, ofU float64
		u := make([]float64, n)
		for i, d := range gradient {
			u[i] = d/(math.Abs(d)+1e-6) + .01*values[i]
			ofW, ofU = ofW+values[i]*values[i], ofU+u[i]*u[i]
		}
		got, of0 := value(t, sess, w).Data().([]float64), value(t, sess, zeros).Data().([]float64)
		for i := range u {
			if want := values[i] - .1*math.Sqrt(ofW/ofU)*u[i]; math.Abs(got[i]-want) > 1e-12 {
				t.Fatalf("%d elements: element %d is %v; want %v", n, i, got[i], want)
			}
			if want := -.1 * gradient[i] / (math.Abs(gradient[i]) + 1e-6); math.Abs(of0[i]-want) > 1e-12 {
				t.Fatalf("%d zeros: element %d is %v; want %v", n, i, of0[i], want)
			}
		}
	}
}
