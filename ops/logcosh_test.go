package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestLogCoshGolden(t *testing.T) {
	lossGolden(t, "LogCosh", "", of(ops.LogCosh, "predictions"), "labels", "predictions")
}

// Small losses keep their digits, and at the bottom the second derivative is 1.
func TestLogCoshSmall(t *testing.T) {
	got := floats(eval(t, tensor.Float64, double(ops.LogCosh), at([]int{3}, 0, 0, 0), at([]int{3}, 1e-6, -1e-9, 1)))
	for i, want := range []float64{5e-13, 5e-19, 0.4337808304830271} {
		if math.Abs(got[i]-want) > 1e-12*want {
			t.Errorf("element %d is %v; want %v", i, got[i], want)
		}
	}
	second := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		first := graph.Gradients(s, gorgonia.Nodes{ops.LogCosh(s, xs[0], xs[1])}, xs[1:], nil)
		return graph.Gradients(s, first, xs[1:], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, second, at([]int{1}, 3), at([]int{1}, 3)), []int{1}, 1)
}
