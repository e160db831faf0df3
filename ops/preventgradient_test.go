package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

func TestPreventGradient(t *testing.T) {
	prevented := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.PreventGradient(s, x, "no second order")
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(prevented), at([]int{3}, 0, -2, 3)), []int{3}, 0, -2, 3)
	}
	wantBuildError(t, func(s *graph.Scope) {
		v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Zeros()})
		graph.Gradients(s, gorgonia.Nodes{ops.Square(s, prevented(s.NameScope("net"), v))}, gorgonia.Nodes{v}, nil)
	}, "net/PreventGradient", "explicitly disabled", "no second order")
}

// What does not lead through it can be differentiated.
func TestPreventGradientBeside(t *testing.T) {
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Mul(s, ops.Square(s, x), ops.PreventGradient(s, graph.Const(s, 2.0), "a constant"))
	}), wave(1, 0, 3, 2))
}
