package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestTensorDot(t *testing.T) {
	goldenSplit(t, "TensorDot", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		n := len(c.Axes) / 2
		return ops.TensorDot(s, xs[0], xs[1], c.Axes[:n], c.Axes[n:])
	})
	checkGradients(t, double(func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.TensorDot(s, a, b, []int{0, -1}, []int{1, 0}))
	}), wave(1, 0.2, 2, 2, 3), wave(0.7, -0.1, 3, 2))
	for _, c := range []struct {
		a, b  []int
		words []string
	}{
		{[]int{0}, nil, []string{"want pairs"}},
		{[]int{2}, []int{0}, []string{"of a", "axis 2"}},
		{[]int{0, 0}, []int{0, 1}, []string{"named twice"}},
		{[]int{0, 1}, []int{1, 1}, []string{"named twice"}},
		{[]int{0}, []int{0}, []string{"axis 0 of a", "size 2", "size 3"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.TensorDot(s, graph.Placeholder(s, "a", tensor.Float32, 2, 3), graph.Placeholder(s, "b", tensor.Float32, 3, 2), c.a, c.b)
		}, "TensorDot", c.words...)
	}
}
