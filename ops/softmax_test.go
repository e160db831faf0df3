package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestSoftmaxGolden(t *testing.T) {
	checkGolden(t, "activations", "Softmax", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Softmax(s, in["x"])
	}, "x")
}

func TestLogSoftmaxGolden(t *testing.T) {
	checkGolden(t, "activations", "LogSoftmax", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.LogSoftmax(s, in["x"])
	}, "x")
}

func TestSoftmaxEmptyAxes(t *testing.T) {
	for _, f := range []func(*graph.Scope, *gorgonia.Node) *gorgonia.Node{ops.Softmax, ops.LogSoftmax} {
		for _, shape := range [][]int{{0, 3}, {3, 0}, {2, 0, 4}} {
			got := eval(t, tensor.Float32, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return graph.Gradients(s, gorgonia.Nodes{f(s, x)}, gorgonia.Nodes{x}, nil)[0]
			}), at(shape))
			wantValues(t, got, shape)
		}
	}
}

// The gradient of a loss that is the sum of squares enters as a multiple of the
// output itself, which in-place kernels must survive.
func TestSoftmaxGradientOfItself(t *testing.T) {
	for name, f := range map[string]func(*graph.Scope, *gorgonia.Node) *gorgonia.Node{"softmax": ops.Softmax, "log_softmax": ops.LogSoftmax} {
		t.Run(name, func(t *testing.T) {
			checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				y := f(s, x)
				return graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, gorgonia.Nodes{y})[0]
			}), wave(2, 0, 3, 4))
		})
	}
}

func TestSoftmaxErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.Softmax(s, graph.Placeholder(s, "x", tensor.Float32)) }, "softmax", "float32[]", "at least one axis")
	wantBuildError(t, func(s *graph.Scope) { ops.LogSoftmax(s, graph.Placeholder(s, "x", tensor.Float32)) }, "log_softmax", "float32[]", "at least one axis")
}
