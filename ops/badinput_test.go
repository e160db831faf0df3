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
	"Expm1":      ops.Expm1, "Log1p": ops.Log1p, "Rsqrt": ops.Rsqrt, "Reciprocal": ops.Reciprocal, "Sin": ops.Sin, "Cos": ops.Cos, "Tan": ops.Tan,
	"Asin": ops.Asin, "Acos": ops.Acos, "Atan": ops.Atan, "Sinh": ops.Sinh, "Cosh": ops.Cosh, "Asinh": ops.Asinh, "Acosh": ops.Acosh,
	"Atanh": ops.Atanh, "Erf": ops.Erf, "Erfc": ops.Erfc, "Floor": ops.Floor, "Ceil": ops.Ceil, "Round": ops.Round,
	"IsNan": ops.IsNaN, "IsInf": ops.IsInf, "IsFinite": ops.IsFinite,
	"FloorDiv": onBoth(ops.FloorDiv), "FloorMod": onBoth(ops.Mod), "Atan2": onBoth(ops.Atan2), "SquaredDifference": onBoth(ops.SquaredDifference),
	"LogicalXor": onBoth(ops.LogicalXor), "Prod": over(ops.Prod), "Any": over(ops.Any), "All": over(ops.All), "LogSumExp": over(ops.LogSumExp),
	"Norm": over(normOf(2, false)), "Variance": over(withCorrection(ops.Variance, 0, false)), "Std": over(withCorrection(ops.Std, 0, false)),
	"ArgMin": argMinOf(0), "Cumsum": cumulative(ops.Cumsum, 0, false, false), "Cumprod": cumulative(ops.Cumprod, 0, false, false),
	"TopK": topValues(1), "Sort": sortOf(0, false), "ArgSort": argSortOf(0, false),
	"UnsortedSegmentSum": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.SegmentSum(s, x, x, 2) },
	"Bincount":           func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.SegmentCount(s, x, 2) },
	"Add":                onBoth(ops.Add), "Sub": onBoth(ops.Sub), "Mul": onBoth(ops.Mul), "Div": onBoth(ops.Div), "Pow": onBoth(ops.Pow),
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
	"Gather":              func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Gather(s, x, x, 0) },
	"GatherNd":            onBoth(ops.GatherND),
	"GatherAlong":         func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.GatherAlong(s, x, x, 0) },
	"ScatterAlong":        func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ScatterAlong(s, x, x, x, 0) },
	"ScatterAlongAdd":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ScatterAlongAdd(s, x, x, x, 0) },
	"TensorScatterUpdate": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ScatterNDUpdate(s, x, x, x) },
	"ScatterNd":           func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ScatterND(s, x, x, 3) },
	"ScatterAdd":          func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ScatterAdd(s, x, x, x, 0) },
	"ExpandDims":          func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ExpandDims(s, x, 0) },
	"Squeeze":             func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Squeeze(s, x, 0) },
	"Index":               func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Index(s, x, 0, 0) },
	"StridedSlice": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.StridedSlice(s, x, nil, nil, []int{2})
	},
	"Split":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Split(s, x, 3, 0)[2] },
	"SplitV":    func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.SplitSizes(s, x, []int{1, 2}, 0)[1] },
	"Stack":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Stack(s, 0, x, x) },
	"Unstack":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Unstack(s, x, 0)[0] },
	"Pad":       func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Pad(s, x, [][2]int{{1, 1}}, 0) },
	"MirrorPad": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.PadReflect(s, x, [][2]int{{1, 1}}) },
	"Tile":      tileBy(2), "Repeat": repeatBy(2, 0), "Reverse": over(ops.Reverse), "Shape": ops.Shape, "Size": ops.Size, "MatrixDiag": ops.Diag,
	"BroadcastTo":    func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BroadcastTo(s, x, 2, 3) },
	"Fill":           func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Fill(s, x, 3) },
	"Range":          func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.RangeLike(s, tensor.Int, x, 0) },
	"MatrixDiagPart": ops.DiagPart,
	"MatrixBandPart": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BandPart(s, x, 0, 0) },
	"MeshGrid":       func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.MeshGrid(s, "ij", x, x)[1] },
	"Dot":            onBoth(ops.Dot), "Outer": onBoth(ops.Outer),
	"TensorDot": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.TensorDot(s, x, x, []int{0}, []int{0})
	},
	"Einsum": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Einsum(s, "i,i", x, x) },
	"Concat": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Concat(s, 0, x, x) },
	"relu6":  ops.ReLU6, "gelu": ops.GELU, "softsign": ops.Softsign, "silu": ops.SiLU, "mish": ops.Mish, "sparsemax": ops.Sparsemax,
	"celu": unaryOp(ops.CELUWith(1)), "glu": gluAlong(0), "maxout": maxoutOf(1, 0),
	"LayerNorm": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.LayerNorm(s, x, ops.LayerNormConfig{})
	},
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
