package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func cosineOf(axis int) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
		return ops.CosineDistance(s, labels, x, axis)
	}
}

func TestCosineDistanceGolden(t *testing.T) {
	lossGolden(t, "CosineDistance", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.CosineDistance(s, in["labels"], in["predictions"], int(c.Param("axis")))
	}, "labels", "predictions")
}

func TestCosineDistanceGradients(t *testing.T) {
	for axis := -3; axis < 3; axis++ {
		checkGradients(t, double(cosineOf(axis)), wave(1, 0.3, 2, 3, 4), wave(2, -0.2, 2, 3, 4))
	}
}

// Zero vectors have distance 1 and gradient 0; lengths do not matter, however
// large or small; NaN stays in its row.
func TestCosineDistanceEdges(t *testing.T) {
	nan := math.NaN()
	z := at([]int{6, 2}, 0, 0, 3, 4, 0, 0, 0x1p-600, 0, 0x1p600, 0, nan, 1)
	x := at([]int{6, 2}, 1, 2, 0, 0, 0, 0, 5, 0, 0, -0x1p600, 1, 1)
	wantValues(t, eval(t, tensor.Float64, double(cosineOf(-1)), z, x), []int{6}, 1, 1, 1, 0, 1, nan)
	for k := range 2 {
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.CosineDistance(s, xs[0], xs[1], 1)}, xs[k:k+1], nil)[0]
		}
		for i, v := range floats(eval(t, tensor.Float64, gradient, z, x)) {
			if i < 6 && v != 0 || i < 10 && v != v {
				t.Errorf("gradient %d of element %d is %v", k, i, v)
			}
		}
	}
	wantValues(t, eval(t, tensor.Float32, double(cosineOf(1)), at([]int{2, 0}), at([]int{2, 0})), []int{2}, 1, 1)
	wantValues(t, eval(t, tensor.Float32, double(cosineOf(0)), at([]int{2, 0}), at([]int{2, 0})), []int{0})
	wantValues(t, eval(t, tensor.Float32, double(cosineOf(0)), at([]int{1}, -3), at([]int{1}, 2)), nil, 2)
}

func TestCosineDistanceErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.CosineDistance(s, x, x, 2)
	}, "CosineDistance", "axis 2 is out of range", "want -2 to 1")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32)
		ops.CosineDistance(s, x, x, 0)
	}, "CosineDistance", "scalars")
}
