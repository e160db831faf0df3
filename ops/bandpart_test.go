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

func TestBandPart(t *testing.T) {
	band := func(lower, upper int) unaryOp {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BandPart(s, x, lower, upper) }
	}
	goldenSplit(t, "BandPart", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.BandPart(s, xs[0], int(c.Param("lower")), int(c.Param("upper")))
	})
	nan := math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(band(-1, 0)), at([]int{2, 2}, 1, nan, math.Inf(1), nan)), []int{2, 2}, 1, 0, math.Inf(1), nan)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Uint8, tensor.Bool} {
		wantValues(t, eval(t, dt, single(band(0, -1)), at([]int{3, 2}, 1, 1, 1, 1, 1, 1)), []int{3, 2}, 1, 1, 0, 1, 0, 0)
	}
	wantValues(t, eval(t, tensor.Float32, single(band(0, 0)), at([]int{2, 0})), []int{2, 0})
	wantValues(t, eval(t, tensor.Float32, single(band(math.MaxInt, math.MaxInt)), at([]int{1, 2}, 3, 4)), []int{1, 2}, 3, 4)
	inPlace := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BandPart(s, ops.Neg(s, x), 0, 0) }
	wantValues(t, eval(t, tensor.Float32, single(inPlace), at([]int{2, 2}, 1, 2, 3, 4)), []int{2, 2}, -1, 0, 0, -4)
	checkGradients(t, squared(band(1, 0)), wave(1, 0.2, 2, 3, 3))
	wantBuildError(t, func(s *graph.Scope) { ops.BandPart(s, graph.Placeholder(s, "x", tensor.Float32, 3), 0, 0) }, "MatrixBandPart", "float32[3]")
	wantBuildError(t, func(s *graph.Scope) { ops.BandPart(s, graph.Placeholder(s, "x", tensor.Float32, 3, 3), -2, 0) }, "MatrixBandPart", "lower is -2")
}
