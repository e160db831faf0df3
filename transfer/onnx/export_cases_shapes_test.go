package onnx

import (
	"io"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// all is one node for several.
func all(s *graph.Scope, x ...*gorgonia.Node) nodes { return x }

// exportShapes are ops that move elements, on values of any rank and on images that have the channels first in the model.
func exportShapes() []exportCase {
	cases := []exportCase{
		{"Where", []fed{anyOf(3, 4), anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Where(s, ops.Less(s, x[0], x[1]), x[0], x[1])} }},
		{"Pow", []fed{between(0.2, 2, 3, 4), anyOf(4)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Pow(s, x[0], x[1])} }},
		{"Cast", []fed{anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Cast(s, x[0], tensor.Int32), ops.Cast(s, x[0], tensor.Bool), ops.Cast(s, x[0], tensor.Int)}
		}},
		{"scalars", []fed{anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Scale(s, x[0], 0.3), ops.AddScalar(s, x[0], -2), ops.ClipByValue(s, x[0], -0.5, 0.7), ops.HardTanh(s, x[0], -0.5, 1), ops.Threshold(s, x[0], 0.2, 3)}
		}},
		{"activations with numbers", []fed{anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.ELU(s, x[0], 0.7), ops.CELU(s, x[0], 1.3), ops.LeakyReLU(s, x[0], 0.2), ops.Swish(s, x[0], 1.7), ops.HardSigmoidWith(0.2, 0.4)(s, x[0])}
		}},
		{"PReLU", []fed{anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.PReLU(s, x[0], ops.PReLUConfig{})} }},
		{"Maxout", []fed{anyOf(3, 8)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Maxout(s, x[0], 4, 1)} }},
		{"arguments", []fed{anyOf(3, 4, 5)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.ArgMax(s, x[0], -1), ops.ArgMin(s, x[0], 1)} }},
		{"TopK", []fed{anyOf(3, 7)}, func(s *graph.Scope, x nodes) nodes { v, i := ops.TopK(s, x[0], 3); return nodes{v, i} }},
		{"sorted", []fed{anyOf(3, 7)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Sort(s, x[0], -1, true), ops.Sort(s, x[0], 0, false), ops.ArgSort(s, x[0], 1, false)}
		}},
		{"norms of several", []fed{anyOf(3, 4), anyOf(5)}, func(s *graph.Scope, x nodes) nodes {
			clipped, norm := ops.ClipByGlobalNorm(s, x, 1.5)
			return append(clipped, norm)
		}},
		{"segments", []fed{known(anyOf(6, 3)), known(labels(4, 6))}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.SegmentSum(s, x[0], x[1], 4), ops.SegmentCount(s, x[1], 4)}
		}},
		{"products", []fed{anyOf(3, 4), known(anyOf(4, 5)), known(anyOf(5, 4)), anyOf(2, 3, 4), known(anyOf(2, 5, 4))}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.MatMul(s, x[0], x[1]), ops.MatMulT(s, x[0], x[2], false, true), ops.MatMul(s, x[3], x[1]), ops.MatMulT(s, x[3], x[4], false, true),
				ops.MatMulT(s, x[3], x[3], true, false)}
		}},
		{"Dot", []fed{anyOf(5), anyOf(5)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Dot(s, x[0], x[1])} }},
		{"Einsum", []fed{known(anyOf(2, 3, 4)), known(anyOf(2, 4, 5))}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Einsum(s, "bij,bjk->bik", x[0], x[1]), ops.Einsum(s, "bij,bjk->ik", x[0], x[1]), ops.Einsum(s, "bij,bjk->ibk", x[0], x[1]), ops.Einsum(s, "bij,cjk->bick", x[0], x[1])}
		}},
		{"TensorDot", []fed{known(anyOf(2, 3, 4)), known(anyOf(4, 3, 5))}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.TensorDot(s, x[0], x[1], []int{1, 2}, []int{1, 0})}
		}},
		{"dense of sequences", []fed{anyOf(2, 3, 4)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Dense(s, x[0], 5, ops.DenseConfig{})} }},
		{"views", []fed{anyOf(3, 1, 4, 1)}, func(s *graph.Scope, x nodes) nodes {
			y := ops.Squeeze(s, x[0], 1, -1)
			return nodes{y, ops.Squeeze(s, x[0], 1), ops.ExpandDims(s, y, -1), ops.Reshape(s, y, -1, 2), ops.ReshapeLike(s, y, x[0])}
		}},
		{"like of unknown sizes", []fed{anyOf(3, 4), anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.BroadcastLike(s, ops.SumKeep(s, x[0], 1), x[1]), ops.RangeLike(s, tensor.Int64, x[0], 0), ops.RangeLike(s, tensor.Float32, x[0], 0)}
		}},
		{"BroadcastTo", []fed{anyOf(3, 1)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.BroadcastTo(s, x[0], 2, -1, 4)} }},
		{"Stack", []fed{anyOf(3, 4), anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.Stack(s, 1, x...), ops.Stack(s, -1, x...)} }},
		{"Gather", []fed{known(anyOf(5, 4, 3)), labels(4, 2, 3)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Gather(s, x[0], x[1], 1), ops.Embedding(s, x[1], 4, 3, ops.EmbeddingConfig{})}
		}},
		{"GatherND", []fed{known(anyOf(5, 4, 3)), labels(4, 6, 2)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.GatherND(s, x[0], x[1])} }},
		{"scattered", []fed{known(anyOf(5, 3)), labels(5, 6), anyOf(6, 3)}, func(s *graph.Scope, x nodes) nodes {
			at := ops.ExpandDims(s, x[1], -1)
			return nodes{ops.ScatterAdd(s, x[0], x[1], x[2], 0), ops.ScatterNDAdd(s, x[0], at, x[2]), ops.ScatterND(s, at, x[2], 5, 3)}
		}},
		{"elements", []fed{known(anyOf(5, 3)), known(labels(3, 4, 3)), known(anyOf(4, 3)), known(labels(3, 5, 2)), known(anyOf(5, 2))}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.GatherAlong(s, x[0], x[1], 0), ops.GatherAlong(s, x[0], x[3], -1), ops.ScatterAlong(s, x[0], x[1], x[2], 0), ops.ScatterAlong(s, x[0], x[3], x[4], -1),
				ops.ScatterAlongAdd(s, x[0], x[1], x[2], 0), ops.ScatterAlongAdd(s, x[0], x[3], x[4], -1)}
		}},
		{"updated", []fed{known(anyOf(5, 3)), labels(5, 6, 1), anyOf(6, 3)}, func(s *graph.Scope, x nodes) nodes { return nodes{ops.ScatterNDUpdate(s, x[0], x[1], x[2])} }},
		{"OneHot", []fed{labels(5, 3, 2)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.OneHot(s, x[0], 5), ops.OneHotOn(s, x[0], 5, 1, 0.9, 0.1)}
		}},
		{"BandPart", []fed{anyOf(2, 4, 5)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.BandPart(s, x[0], 1, 2), ops.BandPart(s, x[0], -1, 0), ops.BandPart(s, x[0], 0, -1), ops.BandPart(s, x[0], -1, -1)}
		}},
		{"effects", []fed{anyOf(3)}, func(s *graph.Scope, x nodes) nodes {
			v := graph.Variable(s, "v", tensor.Shape{3}, graph.VariableConfig{Dtype: x[0].Dtype()})
			printed := ops.Print(s, x[0], ops.PrintConfig{Out: io.Discard})
			return nodes{ops.CheckNumerics(s, x[0], "x"), ops.PreventGradient(s, x[0], "x"), printed, ops.Add(s, graph.Read(s, v), v)}
		}},
		{"multiplied labels", []fed{labels(5, 3), anyOf(3, 5)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.WeightedLoss(s, ops.SparseSoftmaxCrossEntropy(s, x[0], x[1]), ops.Square(s, ops.Mean(s, x[1], 1)), ops.ReductionMean)}
		}},
	}
	moves := func(s *graph.Scope, x *gorgonia.Node) nodes {
		parts := ops.Split(s, x, 2, 1)
		sizes := ops.SplitSizes(s, x, []int{1, 3}, 1)
		out := append(nodes{ops.Concat(s, 1, x, x), ops.Slice(s, x, []int{0, 1, 1}, []int{-1, 2, 3}), ops.Reverse(s, x, 1), ops.Reverse(s, x), ops.Index(s, x, -1, 1),
			ops.StridedSlice(s, x, []int{ops.Open, -3}, []int{ops.Open, ops.Open}, []int{1, 2}), ops.StridedSlice(s, x, []int{ops.Open, ops.Open, 3}, nil, []int{1, 1, -2}),
			ops.Pad(s, x, [][2]int{{0, 0}, {1, 2}, {0, 3}}, 0.5), ops.PadReflect(s, x, [][2]int{{0, 0}, {1, 2}, {0, 3}}), ops.PadEdge(s, x, [][2]int{{0, 0}, {1, 2}, {0, 3}}),
			ops.PadSymmetric(s, x, [][2]int{{0, 0}, {1, 2}, {3, 0}}), ops.Tile(s, x, 1, 2, 3), ops.Repeat(s, x, 3, 1), ops.Transpose(s, x, 2, 0, 1), ops.Cumsum(s, x, 1, ops.CumulativeConfig{}),
			ops.Cumsum(s, x, -1, ops.CumulativeConfig{Exclusive: true, Reverse: true}), ops.GLU(s, x, 1)}, parts...)
		return append(append(out, sizes...), ops.Unstack(s, x, 1)...)
	}
	cases = append(cases, exportCase{"moves", []fed{anyOf(2, 4, 5)}, func(s *graph.Scope, x nodes) nodes { return moves(s, x[0]) }})
	return append(cases, exportCase{"moves of images", []fed{anyOf(2, 2, 4, 16)}, func(s *graph.Scope, x nodes) nodes {
		y := ops.DepthToSpace(s, x[0], 2, ops.DepthToSpaceConfig{}) // [2, 4, 8, 4]
		parts := ops.Split(s, y, 2, 3)
		out := append(nodes{ops.Concat(s, 3, y, y), ops.Slice(s, y, []int{0, 1, 1, 2}, []int{-1, 2, 3, 1}), ops.Reverse(s, y, 1, 3), ops.Index(s, y, 2, 3), ops.Index(s, y, 1, 1),
			ops.StridedSlice(s, y, []int{ops.Open, 1}, nil, []int{1, 2}), ops.Pad(s, y, [][2]int{{0, 0}, {1, 2}, {0, 3}, {0, 1}}, 0.5),
			ops.PadSymmetric(s, y, [][2]int{{0, 0}, {1, 2}, {3, 0}, {0, 0}}), ops.Tile(s, y, 1, 2, 1, 3), ops.Repeat(s, y, 2, 3), ops.Transpose(s, y, 0, 3, 1, 2), ops.Transpose(s, y, 2, 0, 1, 3),
			ops.Cumsum(s, y, 3, ops.CumulativeConfig{}), ops.GLU(s, y, -1), ops.Softmax(s, y), ops.ArgMax(s, y, 3), ops.ArgMax(s, y, 1), ops.Sort(s, y, 3, false), ops.Shape(s, y),
			ops.Size(s, y), ops.Flatten(s, y), ops.Reshape(s, y, -1, 8), ops.Add(s, y, ops.Range(s, x[0].Dtype(), 0, 4, 1)),
			ops.Mul(s, y, ops.MeanKeep(s, y, 1, 2)), ops.Mul(s, y, ops.Sum(s, y, 0, 1)), ops.Sub(s, y, graph.ConstOf(s, x[0].Dtype(), 2.0))}, parts...)
		return all(s, out...)
	}})
}
