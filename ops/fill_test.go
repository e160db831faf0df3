package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestFill(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Placeholder(s, "v", tensor.Float32)
	out := run(t, g, graph.Feeds{v: 7},
		ops.Fill(s, 2.5, 2, 2), ops.Fill(s, true, 3), ops.Fill(s, v, 2), ops.Fill(s, 4.0), ops.Fill(s, 1.0, 0, 2),
		ops.Zeros(s, tensor.Int32, 2), ops.Ones(s, tensor.Float64, 1, 2), ops.Ones(s, tensor.Bool, 2), ops.Zeros(s, tensor.Bool, 2), ops.Ones(s, tensor.Uint8, 2))
	wantValues(t, out.Tensor(0), []int{2, 2}, 2.5, 2.5, 2.5, 2.5)
	wantValues(t, out.Tensor(1), []int{3}, 1, 1, 1)
	wantValues(t, out.Tensor(2), []int{2}, 7, 7)
	wantValues(t, out.Tensor(3), nil, 4)
	wantValues(t, out.Tensor(4), []int{0, 2})
	wantValues(t, out.Tensor(5), []int{2}, 0, 0)
	wantValues(t, out.Tensor(6), []int{1, 2}, 1, 1)
	wantValues(t, out.Tensor(7), []int{2}, 1, 1)
	wantValues(t, out.Tensor(8), []int{2}, 0, 0)
	wantValues(t, out.Tensor(9), []int{2}, 1, 1)
	checkGradients(t, squared(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Fill(s, x, 2, 3) }), at(nil, 1.5))
	wantBuildError(t, func(s *graph.Scope) { ops.Fill(s, []float64{1, 2}, 3) }, "Fill", "float32[2]", "want a scalar")
	wantBuildError(t, func(s *graph.Scope) { ops.Fill(s, 1.0, 3, -1) }, "Fill", "axis 1 must be known")
}
