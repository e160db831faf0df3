package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestEuclideanDistanceGolden(t *testing.T) {
	lossGolden(t, "EuclideanDistance", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.EuclideanDistance(s, in["a"], in["b"])
	}, "a", "b")
}

func TestEuclideanDistanceGradients(t *testing.T) {
	checkGradients(t, double(ops.EuclideanDistance), wave(1, 0.3, 2, 3, 5), wave(2, -0.2, 2, 3, 5))
	checkGradients(t, double(ops.EuclideanDistance), wave(1, 0.3, 3), wave(2, -0.2, 3))
}

// Equal rows have distance and gradient 0; squares of float32 do not overflow.
func TestEuclideanDistanceEdges(t *testing.T) {
	a, b := at([]int{3, 2}, 1, 2, 0x1p100, 0, 3, 4), at([]int{3, 2}, 1, 2, 0, 0, 0, 0)
	wantValues(t, eval(t, tensor.Float32, double(ops.EuclideanDistance), a, b), []int{3}, 0, 0x1p100, 5)
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{ops.EuclideanDistance(s, xs[0], xs[1])}, xs[1:], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float64, gradient, a, b), []int{3, 2}, 0, 0, -1, 0, -0.6000000000000001, -0.8)
	wantValues(t, eval(t, tensor.Float32, double(ops.EuclideanDistance), at([]int{2, 0}), at([]int{2, 0})), []int{2}, 0, 0)
}
