package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// mathOps applies each op of arithmetic and shape to one node in all places.
var mathOps = map[string]unaryOp{
	"Abs": ops.Abs, "Exp": ops.Exp, "Log": ops.Log, "Neg": ops.Neg, "Sign": ops.Sign, "Sqrt": ops.Sqrt, "Square": ops.Square,
	"LogicalNot": ops.LogicalNot,
	"Add":        onBoth(ops.Add), "Sub": onBoth(ops.Sub), "Mul": onBoth(ops.Mul), "Div": onBoth(ops.Div), "Pow": onBoth(ops.Pow),
	"Minimum": onBoth(ops.Minimum), "Maximum": onBoth(ops.Maximum), "MatMul": onBoth(ops.MatMul), "BiasAdd": onBoth(ops.BiasAdd),
	"Equal": onBoth(ops.Equal), "NotEqual": onBoth(ops.NotEqual), "Less": onBoth(ops.Less), "LessEqual": onBoth(ops.LessEqual),
	"Greater": onBoth(ops.Greater), "GreaterEqual": onBoth(ops.GreaterEqual),
	"LogicalAnd": onBoth(ops.LogicalAnd), "LogicalOr": onBoth(ops.LogicalOr),
	"SumTo": onBoth(ops.SumTo), "BroadcastLike": onBoth(ops.BroadcastLike), "ReshapeLike": onBoth(ops.ReshapeLike),
	"SliceLike": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.SliceLike(s, x, x, 0) },
	"PadLike":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.PadLike(s, x, x, 0) },
	"Where":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Where(s, x, x, x) },
	"Scale":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Scale(s, x, 2) },
	"AddScalar": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.AddScalar(s, x, 2) },
	"Cast":      castOp(tensor.Float64), "Sum": over(ops.Sum), "Mean": over(ops.Mean), "Max": over(ops.Max), "Min": over(ops.Min),
	"ArgMax": argMaxOf(0), "Reshape": reshapeTo(-1), "Transpose": transposeBy(), "Slice": sliceBy([]int{0}, []int{-1}), "OneHot": oneHotOf(3),
	"Concat": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Concat(s, 0, x, x) },
}

func onBoth(op binaryOp) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return op(s, x, x) }
}

// A nil or foreign node is an error that names the op; a bad node is passed on
// in silence, for its error has been reported.
func TestBadOperands(t *testing.T) {
	for name, op := range mathOps {
		wantBuildError(t, func(s *graph.Scope) {
			if n := op(s, nil); !graph.IsBad(n) {
				t.Errorf("%s(nil) gave the usable node %v", name, n)
			}
		}, name, "nil")
		wantBuildError(t, func(s *graph.Scope) {
			op(s, graph.Placeholder(graph.New(graph.Config{}).Scope(), "x", tensor.Float32, 3))
		}, name, "another graph")
		g := graph.New(graph.Config{})
		bad := ops.Reshape(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 3), -1, -1)
		first := g.Err()
		if n := op(g.Scope(), bad); !graph.IsBad(n) || g.Err() != first {
			t.Errorf("%s of a bad node gave %v and the error %v", name, n, g.Err())
		}
	}
}
