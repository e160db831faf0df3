package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestEye(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		out := run(t, g, nil, ops.Eye(s, dt, 2, 2), ops.Eye(s, dt, 2, 3), ops.Eye(s, dt, 3, 1), ops.Eye(s, dt, 0, 2))
		wantValues(t, out.Tensor(0), []int{2, 2}, 1, 0, 0, 1)
		wantValues(t, out.Tensor(1), []int{2, 3}, 1, 0, 0, 0, 1, 0)
		wantValues(t, out.Tensor(2), []int{3, 1}, 1, 0, 0)
		wantValues(t, out.Tensor(3), []int{0, 2})
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Eye(s, tensor.Float32, 2, -1) }, "Eye", "axis 1 must be known")
	wantBuildError(t, func(s *graph.Scope) { ops.Eye(s, tensor.Dtype{}, 2, 2) }, "Eye", "not supported")
}
