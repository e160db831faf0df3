package tensorflow_test

import (
	"io"
	"path/filepath"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

type node = *gorgonia.Node

// unaryOps are activations and mathematical functions.
var unaryOps = map[string]func(s *graph.Scope, x node) node{
	"Abs": ops.Abs, "Asinh": ops.Asinh, "Atan": ops.Atan, "Asin": ops.Asin, "Acos": ops.Acos, "Atanh": ops.Atanh, "Ceil": ops.Ceil, "Cos": ops.Cos, "Cosh": ops.Cosh, "Erf": ops.Erf,
	"Erfc": ops.Erfc, "Exp": ops.Exp, "Expm1": ops.Expm1, "Floor": ops.Floor, "Log": ops.Log, "Log1p": ops.Log1p, "Neg": ops.Neg, "Reciprocal": ops.Reciprocal, "Round": ops.Round,
	"Rsqrt": ops.Rsqrt, "Sign": ops.Sign, "Sin": ops.Sin, "Sinh": ops.Sinh, "Sqrt": ops.Sqrt, "Square": ops.Square, "Tan": ops.Tan, "ReLU": ops.ReLU, "ReLU6": ops.ReLU6, "SELU": ops.SELU,
	"Sigmoid": ops.Sigmoid, "Softplus": ops.Softplus, "Softsign": ops.Softsign, "Tanh": ops.Tanh, "Softmax": ops.Softmax, "LogSoftmax": ops.LogSoftmax,
	"GELU": ops.GELU, "GELUTanh": ops.GELUTanh, "Mish": ops.Mish, "SiLU": ops.SiLU, "HardSwish": ops.HardSwish, "HardSigmoid": ops.HardSigmoid, "LogSigmoid": ops.LogSigmoid,
	"IsNaN": ops.IsNaN, "IsInf": ops.IsInf, "IsFinite": ops.IsFinite, "Identity": graph.Identity, "StopGradient": graph.StopGradient, "ZerosLike": graph.ZerosLike, "OnesLike": graph.OnesLike,
	"Shape": ops.Shape, "Size": ops.Size, "Flatten": ops.Flatten, "GlobalAvgPool": func(s *graph.Scope, x node) node { return ops.GlobalAvgPool(s, images(s, x), ops.GlobalPoolConfig{}) },
	"ELU":             func(s *graph.Scope, x node) node { return ops.ELU(s, x, 1) },
	"ELU 0.5":         func(s *graph.Scope, x node) node { return ops.ELU(s, x, 0.5) },
	"CELU":            func(s *graph.Scope, x node) node { return ops.CELU(s, x, 2) },
	"LeakyReLU":       func(s *graph.Scope, x node) node { return ops.LeakyReLU(s, x, 0.1) },
	"Swish":           func(s *graph.Scope, x node) node { return ops.Swish(s, x, 2) },
	"HardTanh":        func(s *graph.Scope, x node) node { return ops.HardTanh(s, x, -0.5, 0.25) },
	"Threshold":       func(s *graph.Scope, x node) node { return ops.Threshold(s, x, 0.25, -3) },
	"GLU":             func(s *graph.Scope, x node) node { return ops.GLU(s, x, -1) },
	"PReLU":           func(s *graph.Scope, x node) node { return ops.PReLU(s, x, ops.PReLUConfig{}) },
	"AddScalar":       func(s *graph.Scope, x node) node { return ops.AddScalar(s, x, 2.5) },
	"Scale":           func(s *graph.Scope, x node) node { return ops.Scale(s, x, 2.5) },
	"ClipByValue":     func(s *graph.Scope, x node) node { return ops.ClipByValue(s, x, -0.5, 0.5) },
	"ClipByNorm":      func(s *graph.Scope, x node) node { return ops.ClipByNorm(s, x, 0.5, 1) },
	"GlobalNorm":      func(s *graph.Scope, x node) node { return ops.GlobalNorm(s, gorgonia.Nodes{x, ops.Scale(s, x, 2)}) },
	"Cast":            func(s *graph.Scope, x node) node { return ops.Cast(s, ops.Scale(s, x, 5), tensor.Int32) },
	"L1":              func(s *graph.Scope, x node) node { return ops.L1(0.1)(s, x) },
	"L2":              func(s *graph.Scope, x node) node { return ops.L2(0.1)(s, x) },
	"CheckNumerics":   func(s *graph.Scope, x node) node { return ops.CheckNumerics(s, x, "x") },
	"PreventGradient": func(s *graph.Scope, x node) node { return ops.PreventGradient(s, x, "x") },
	"Where": func(s *graph.Scope, x node) node {
		return ops.Where(s, ops.Greater(s, x, graph.Const(s, 0.0)), x, graph.Const(s, 7.0))
	},
	"Logic": func(s *graph.Scope, x node) node {
		a, b := ops.Less(s, x, graph.Const(s, 0.5)), ops.GreaterEqual(s, x, graph.Const(s, -0.5))
		return ops.LogicalXor(s, ops.LogicalAnd(s, a, b), ops.LogicalNot(s, ops.LogicalOr(s, a, b)))
	},
	"Compare": func(s *graph.Scope, x node) node {
		y := ops.Round(s, ops.Scale(s, x, 2))
		return ops.LogicalAnd(s, ops.NotEqual(s, y, graph.Const(s, 0.0)), ops.LogicalOr(s, ops.Equal(s, y, graph.Const(s, 1.0)), ops.LessEqual(s, y, graph.Const(s, -1.0))))
	},
	"Arithmetic": func(s *graph.Scope, x node) node {
		two := graph.Const(s, 2.0)
		y := ops.Div(s, ops.Sub(s, ops.Mul(s, x, two), two), ops.Add(s, ops.Abs(s, x), two))
		return ops.SquaredDifference(s, ops.Maximum(s, y, ops.Minimum(s, x, two)), ops.Atan2(s, x, two))
	},
	"Integers": func(s *graph.Scope, x node) node {
		n, three := ops.Cast(s, ops.Scale(s, x, 20), tensor.Int64), graph.Const(s, int64(3))
		return ops.Add(s, ops.Div(s, n, three), ops.Mul(s, ops.FloorDiv(s, n, three), ops.Mod(s, n, three)))
	},
	"Pow":      func(s *graph.Scope, x node) node { return ops.Pow(s, ops.Abs(s, x), graph.Const(s, 1.5)) },
	"MulNoNan": func(s *graph.Scope, x node) node { return ops.MulNoNan(s, ops.Log(s, x), ops.ReLU(s, x)) },

	"Sum": func(s *graph.Scope, x node) node { return ops.Sum(s, x) }, "MeanKeep": func(s *graph.Scope, x node) node { return ops.MeanKeep(s, x, -1) },
	"Max": func(s *graph.Scope, x node) node { return ops.Max(s, x, 0) }, "Min": func(s *graph.Scope, x node) node { return ops.Min(s, x, 1) },
	"Prod": func(s *graph.Scope, x node) node { return ops.Prod(s, x, 1) },
	"All":  func(s *graph.Scope, x node) node { return ops.All(s, ops.IsFinite(s, x), 1) }, "Any": func(s *graph.Scope, x node) node { return ops.Any(s, ops.IsNaN(s, x)) },
	"LogSumExp": func(s *graph.Scope, x node) node { return ops.LogSumExp(s, x, 1) }, "LogSumExpKeep": func(s *graph.Scope, x node) node { return ops.LogSumExpKeep(s, x, 1) },
	"Variance": func(s *graph.Scope, x node) node {
		return ops.Variance(s, x, ops.VarianceConfig{Axes: []int{0}, Correction: 1})
	},
	"Std": func(s *graph.Scope, x node) node {
		return ops.Std(s, x, ops.VarianceConfig{Axes: []int{1}, Keep: true})
	},
	"Norm 1": func(s *graph.Scope, x node) node { return ops.Norm(s, x, 1, 1) }, "Norm 2": func(s *graph.Scope, x node) node { return ops.NormKeep(s, x, 2, 1) },
	"Norm 3": func(s *graph.Scope, x node) node { return ops.Norm(s, x, 3, 1) },
	"ArgMax": func(s *graph.Scope, x node) node { return ops.ArgMax(s, x, 1) }, "ArgMin": func(s *graph.Scope, x node) node { return ops.ArgMin(s, x, 0) },
	"TopK":    func(s *graph.Scope, x node) node { v, _ := ops.TopK(s, x, 3); return v },
	"TopK at": func(s *graph.Scope, x node) node { _, i := ops.TopK(s, x, 3); return i },
	"Sort":    func(s *graph.Scope, x node) node { return ops.Sort(s, x, 1, false) },
	"ArgSort": func(s *graph.Scope, x node) node { return ops.ArgSort(s, x, 1, true) },
	"Cumsum":  func(s *graph.Scope, x node) node { return ops.Cumsum(s, x, 1, ops.CumulativeConfig{Exclusive: true}) },
	"Cumprod": func(s *graph.Scope, x node) node { return ops.Cumprod(s, x, 0, ops.CumulativeConfig{Reverse: true}) },
	"MatMul":  func(s *graph.Scope, x node) node { return ops.MatMulT(s, x, x, false, true) },
	"BatchMul": func(s *graph.Scope, x node) node {
		b := ops.Reshape(s, x, -1, 2, 4)
		return ops.MatMulT(s, b, b, true, false)
	},
	"Einsum": func(s *graph.Scope, x node) node {
		b := ops.Reshape(s, x, -1, 2, 4)
		return ops.Einsum(s, "bij,bkj->bik", b, b)
	},

	"Reshape": func(s *graph.Scope, x node) node { return ops.Reshape(s, x, 2, -1, 2) }, "ExpandDims": func(s *graph.Scope, x node) node { return ops.ExpandDims(s, x, 1) },
	"Squeeze":     func(s *graph.Scope, x node) node { return ops.Squeeze(s, ops.ExpandDims(s, x, 1), 1) },
	"ReshapeLike": func(s *graph.Scope, x node) node { return ops.ReshapeLike(s, ops.Transpose(s, x), x) },
	"Transpose":   func(s *graph.Scope, x node) node { return ops.Transpose(s, ops.Reshape(s, x, -1, 2, 4), 2, 0, 1) },
	"Concat":      func(s *graph.Scope, x node) node { return ops.Concat(s, -1, x, ops.Neg(s, x)) }, "Stack": func(s *graph.Scope, x node) node { return ops.Stack(s, -1, x, ops.Neg(s, x)) },
	"Split": func(s *graph.Scope, x node) node { p := ops.Split(s, x, 2, 1); return ops.Sub(s, p[1], p[0]) },
	"SplitSizes": func(s *graph.Scope, x node) node {
		p := ops.SplitSizes(s, x, []int{3, 2, -1}, 1)
		return ops.Sub(s, p[2], p[0])
	},
	"Slice": func(s *graph.Scope, x node) node { return ops.Slice(s, x, []int{1, 2}, []int{-1, 3}) },
	"StridedSlice": func(s *graph.Scope, x node) node {
		return ops.StridedSlice(s, x, []int{1, ops.Open}, []int{3, ops.Open}, []int{1, -2})
	},
	"StridedSlice2": func(s *graph.Scope, x node) node { return ops.StridedSlice(s, x, []int{ops.Open, -2}, nil, nil) },
	"Index":         func(s *graph.Scope, x node) node { return ops.Index(s, x, -1, 1) },
	"Unstack":       func(s *graph.Scope, x node) node { return ops.Unstack(s, x, 1)[5] },
	"Reverse":       func(s *graph.Scope, x node) node { return ops.Reverse(s, x, 1) },
	"Tile":          func(s *graph.Scope, x node) node { return ops.Tile(s, x, 1, 2) }, "Repeat": func(s *graph.Scope, x node) node { return ops.Repeat(s, x, 3, 1) },
	"Pad":        func(s *graph.Scope, x node) node { return ops.Pad(s, x, [][2]int{{0, 1}, {2, 0}}, 0) },
	"Pad 5":      func(s *graph.Scope, x node) node { return ops.Pad(s, x, [][2]int{{0, 1}, {2, 0}}, 5) },
	"PadReflect": func(s *graph.Scope, x node) node { return ops.PadReflect(s, x, [][2]int{{1, 0}, {2, 1}}) },
	"Gather":     func(s *graph.Scope, x node) node { return ops.Gather(s, x, graph.Const(s, []int32{1, 0, 1}), 1) },
	"GatherND": func(s *graph.Scope, x node) node {
		return ops.GatherND(s, x, graph.Const(s, [][]int32{{1, 2}, {0, 7}}))
	},
	"GatherND int64": func(s *graph.Scope, x node) node {
		return ops.GatherND(s, x, graph.Const(s, [][]int64{{1, 2}, {0, 7}}))
	},
	"GatherAlong":   func(s *graph.Scope, x node) node { return ops.GatherAlong(s, x, ops.ArgSort(s, x, 1, true), -1) },
	"GatherAlong 0": func(s *graph.Scope, x node) node { return ops.GatherAlong(s, x, scattered(s), 0) },
	"ScatterAlong":  func(s *graph.Scope, x node) node { return ops.ScatterAlong(s, x, scattered(s), rows(s), 0) },
	"ScatterAlong 1": func(s *graph.Scope, x node) node {
		return ops.ScatterAlong(s, x, ops.ArgSort(s, x, 1, false), ops.Neg(s, x), 1)
	},
	"ScatterAlongAdd": func(s *graph.Scope, x node) node { return ops.ScatterAlongAdd(s, x, scattered(s), rows(s), 0) },
	"ScatterAdd": func(s *graph.Scope, x node) node {
		return ops.ScatterAdd(s, x, graph.Const(s, []int32{2, 0}), ops.Reshape(s, ops.Range(s, tensor.Float32, 1, 17, 1), 2, 8), 0)
	},
	"ScatterAdd 1": func(s *graph.Scope, x node) node { // [batch, 2, 4] by [2, 2] of axis 1
		updates := ops.Reshape(s, ops.Concat(s, 1, x, ops.Neg(s, x)), -1, 2, 2, 4)
		return ops.ScatterAdd(s, ops.Reshape(s, x, -1, 2, 4), graph.Const(s, [][]int64{{1, 0}, {1, 1}}), updates, 1)
	},
	"ScatterND": func(s *graph.Scope, x node) node {
		return ops.ScatterND(s, graph.Const(s, [][]int64{{2}, {0}}), rows(s), 4, 5)
	},
	"ScatterNDAdd": func(s *graph.Scope, x node) node {
		return ops.ScatterNDAdd(s, x, graph.Const(s, [][]int32{{2, 7}, {0, 1}}), ops.Sum(s, rows(s), 1))
	},
	"ScatterNDUpdate": func(s *graph.Scope, x node) node {
		return ops.ScatterNDUpdate(s, x, graph.Const(s, [][]int32{{2, 7}, {0, 1}}), ops.Sum(s, rows(s), 1))
	},
	"SegmentSum": func(s *graph.Scope, x node) node {
		return ops.SegmentSum(s, x, ops.ArgMax(s, x, 1), 9)
	},
	"SegmentCount":      func(s *graph.Scope, x node) node { return ops.SegmentCount(s, ops.ArgMax(s, x, 1), 9) },
	"EuclideanDistance": func(s *graph.Scope, x node) node { return ops.EuclideanDistance(s, x, ops.Square(s, x)) },
	"MarginRanking": func(s *graph.Scope, x node) node {
		return ops.MarginRanking(s, ops.Sign(s, x), ops.Exp(s, x), x, 0.5)
	},
	"BandPart": func(s *graph.Scope, x node) node { return ops.BandPart(s, x, 1, -1) },
	"Diag": func(s *graph.Scope, x node) node {
		return ops.DiagPart(s, ops.Mul(s, ops.Diag(s, x), ops.ExpandDims(s, x, 1)))
	},
	"Eye":    func(s *graph.Scope, x node) node { return ops.MatMul(s, x, ops.Eye(s, tensor.Float32, 8, 5)) },
	"Print":  func(s *graph.Scope, x node) node { return ops.Print(s, x, ops.PrintConfig{Out: io.Discard}) },
	"OneHot": func(s *graph.Scope, x node) node { return ops.OneHotOn(s, ops.ArgMax(s, x, 1), 8, 0, 2, -1) },
	"Fill":   func(s *graph.Scope, x node) node { return ops.Fill(s, ops.Sum(s, x), 2, 3) },
	"Range": func(s *graph.Scope, x node) node {
		return ops.Mul(s, ops.RangeLike(s, tensor.Float32, x, 1), ops.Range(s, tensor.Float32, 1, 5, 0.5))
	},
	"BroadcastTo":   func(s *graph.Scope, x node) node { return ops.BroadcastTo(s, x, 2, -1, 8) },
	"BroadcastLike": func(s *graph.Scope, x node) node { return ops.BroadcastLike(s, ops.MeanKeep(s, x, 1), x) },

	"BatchNorm": func(s *graph.Scope, x node) node {
		return ops.BatchNorm(s.Sub("bn"), x, nil, ops.BatchNormConfig{MovingMean: initializers.RandomNormal(0, 1), MovingVariance: initializers.RandomUniform(1, 2)})
	},
	"LayerNorm": func(s *graph.Scope, x node) node { return ops.LayerNorm(s, x, ops.LayerNormConfig{}) },
	"GroupNorm": func(s *graph.Scope, x node) node {
		return ops.GroupNorm(s, images(s, x), ops.GroupNormConfig{Groups: 2})
	},
	"InstanceNorm": func(s *graph.Scope, x node) node {
		return ops.InstanceNorm(s, images(s, x), ops.InstanceNormConfig{DataFormat: ops.ChannelsFirst})
	},
	"Dense": func(s *graph.Scope, x node) node {
		return ops.Dense(s, x, 3, ops.DenseConfig{Bias: initializers.Ones()})
	},
	"Maxout": func(s *graph.Scope, x node) node { return ops.Maxout(s, x, 4, -1) },
	"LRN":    func(s *graph.Scope, x node) node { return ops.LRN(s, images(s, x), ops.LRNConfig{DepthRadius: 1}) },
}

// scattered are places along axis 0 of 3 rows, rows are [2, 5].
func scattered(s *graph.Scope) node {
	return graph.Const(s, [][]int32{{2, 0, 1, 1, 0}, {0, 1, 2, 0, 2}})
}

func rows(s *graph.Scope) node {
	return ops.Reshape(s, ops.Range(s, tensor.Float32, 1, 11, 1), 2, 5)
}

// images makes images 4 x 3 of 4 channels of the rows of x, whatever these hold.
func images(s *graph.Scope, x node) node {
	y := ops.Tile(s, ops.Reshape(s, ops.Slice(s, x, []int{0, 0}, []int{-1, 6}), -1, 2, 3, 1), 1, 2, 1, 4)
	return ops.Mul(s, y, ops.Reshape(s, ops.Range(s, tensor.Float32, 1, 49, 1), 4, 3, 4))
}

// imageOps are windows over images.
var imageOps = map[string]func(s *graph.Scope, x node) node{
	"Conv2D Same": func(s *graph.Scope, x node) node {
		return ops.Conv2D(s, x, 5, [2]int{3, 2}, ops.Conv2DConfig{Padding: ops.Same, Strides: [2]int{2, 1}})
	},
	"Conv2D Pads": func(s *graph.Scope, x node) node {
		return ops.Conv2D(s, x, 5, [2]int{3, 3}, ops.Conv2DConfig{Pads: [2][2]int{{1, 0}, {2, 1}}})
	},
	"Conv2D Lower": func(s *graph.Scope, x node) node {
		return ops.Conv2D(s, x, 5, [2]int{2, 2}, ops.Conv2DConfig{Padding: ops.SameLower})
	},
	"Conv2D Dilated": func(s *graph.Scope, x node) node {
		return ops.Conv2D(s, x, 5, [2]int{2, 2}, ops.Conv2DConfig{Padding: ops.Same, Dilations: [2]int{2, 1}})
	},
	"Conv2D Groups": func(s *graph.Scope, x node) node {
		return ops.Conv2D(s, x, 6, [2]int{2, 2}, ops.Conv2DConfig{Groups: 2})
	},
	"DepthwiseConv2D": func(s *graph.Scope, x node) node {
		return ops.DepthwiseConv2D(s, x, [2]int{2, 2}, ops.DepthwiseConv2DConfig{Multiplier: 2})
	},
	"ConvTranspose2D": func(s *graph.Scope, x node) node {
		return ops.ConvTranspose2D(s, x, 3, [2]int{3, 3}, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}})
	},
	"ConvTranspose2D Same": func(s *graph.Scope, x node) node {
		return ops.ConvTranspose2D(s, x, 3, [2]int{3, 3}, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}, Padding: ops.Same})
	},
	"ConvTranspose2D Pads": func(s *graph.Scope, x node) node {
		return ops.ConvTranspose2D(s, x, 3, [2]int{3, 3}, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}, Pads: [2][2]int{{1, 1}, {0, 1}}, OutputPadding: [2]int{1, 1}})
	},
	"MaxPool": func(s *graph.Scope, x node) node {
		return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Padding: ops.Same, Size: [2]int{3, 2}})
	},
	"MaxPool Ceil": func(s *graph.Scope, x node) node {
		return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{CeilMode: true, Pads: [2][2]int{{1, 0}, {0, 1}}})
	},
	"AvgPool": func(s *graph.Scope, x node) node { return ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Padding: ops.Same}) },
	"AvgPool Pads": func(s *graph.Scope, x node) node {
		return ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Pads: [2][2]int{{1, 1}, {1, 1}}})
	},
	"AvgPool Ceil": func(s *graph.Scope, x node) node {
		return ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Pads: [2][2]int{{1, 0}, {1, 0}}, CeilMode: true, CountPadding: true})
	},
	"AdaptiveAvgPool": func(s *graph.Scope, x node) node { return ops.AdaptiveAvgPool2D(s, x, 3, 2, ops.ChannelsLast) },
	"Adaptive 1":      func(s *graph.Scope, x node) node { return ops.AdaptiveAvgPool2D(s, x, 1, 1, ops.ChannelsLast) },
	"Adaptive 5":      func(s *graph.Scope, x node) node { return ops.AdaptiveAvgPool2D(s, x, 5, 4, ops.ChannelsLast) },
	"ResizeBilinear": func(s *graph.Scope, x node) node {
		return ops.ResizeBilinear(s, x, 7, 5, ops.ResizeConfig{HalfPixelCenters: true})
	},
	"ResizeNearest": func(s *graph.Scope, x node) node { return ops.ResizeNearest(s, x, 7, 5, ops.ResizeConfig{}) },
	"Upsample":      func(s *graph.Scope, x node) node { return ops.Upsample(s, x, ops.UpsampleConfig{}) },
	"DepthToSpace":  func(s *graph.Scope, x node) node { return ops.DepthToSpace(s, x, 2, ops.DepthToSpaceConfig{}) },
	"PixelShuffle": func(s *graph.Scope, x node) node {
		return ops.DepthToSpace(s, x, 2, ops.DepthToSpaceConfig{PixelShuffle: true})
	},
	"SpaceToDepth": func(s *graph.Scope, x node) node {
		return ops.SpaceToDepth(s, ops.ResizeNearest(s, x, 6, 4, ops.ResizeConfig{}), 2, ops.DepthToSpaceConfig{PixelShuffle: true})
	},
	"Channels first": func(s *graph.Scope, x node) node {
		y := ops.Transpose(s, x, 0, 3, 1, 2)
		return ops.Conv2D(s, y, 3, [2]int{2, 2}, ops.Conv2DConfig{DataFormat: ops.ChannelsFirst})
	},
}

// lossOps are losses of labels and logits [batch, 8].
var lossOps = map[string]func(s *graph.Scope, x node) node{
	"SoftmaxCrossEntropy": func(s *graph.Scope, x node) node { return ops.SoftmaxCrossEntropy(s, ops.Softmax(s, ops.Neg(s, x)), x) },
	"SparseSoftmaxCrossEntropy": func(s *graph.Scope, x node) node {
		return ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, ops.ArgMin(s, x, 1), x))
	},
	"SparseSoftmaxCrossEntropy 3": func(s *graph.Scope, x node) node {
		y := ops.Reshape(s, x, -1, 2, 4)
		return ops.SparseSoftmaxCrossEntropy(s, ops.ArgMin(s, y, 2), y)
	},
	"SigmoidCrossEntropy": ofLabels(ops.SigmoidCrossEntropy), "AbsoluteDifference": ofLabels(ops.AbsoluteDifference), "SquaredError": ofLabels(ops.SquaredError),
	"Hinge": ofLabels(ops.Hinge), "SquaredHinge": ofLabels(ops.SquaredHinge), "LogCosh": ofLabels(ops.LogCosh), "CategoricalHinge": ofLabels(ops.CategoricalHinge),
	"Huber": func(s *graph.Scope, x node) node { return ops.Huber(s, ops.Neg(s, x), x, 0.5) },
	"LogLoss": func(s *graph.Scope, x node) node {
		return ops.LogLoss(s, ops.Sigmoid(s, ops.Neg(s, x)), ops.Sigmoid(s, x), ops.LogLossConfig{})
	},
	"WeightedLoss": func(s *graph.Scope, x node) node {
		return ops.WeightedLoss(s, ops.SquaredError(s, ops.Neg(s, x), x), ops.ReLU(s, x), ops.ReductionSumByNonzeroWeights)
	},
	"ContrastiveLoss": func(s *graph.Scope, x node) node { return ops.SmoothBinaryLabels(s, x, 0.1) },
	"SmoothLabels":    func(s *graph.Scope, x node) node { return ops.SmoothLabels(s, x, 0.1) },
	"KLDivergence": func(s *graph.Scope, x node) node {
		return ops.KLDivergence(s, ops.Softmax(s, ops.Neg(s, x)), ops.Softmax(s, x), ops.KLDivergenceConfig{})
	},
	"TripletHardLoss": func(s *graph.Scope, x node) node {
		return ops.TripletHardLoss(s, ops.ArgMax(s, x, 1), x, ops.TripletHardConfig{Soft: true})
	},
	"NPairLoss": func(s *graph.Scope, x node) node {
		return ops.NPairLoss(s, ops.ArgMax(s, x, 1), x, ops.Neg(s, x), ops.NPairConfig{})
	},
	"CosineDistance": func(s *graph.Scope, x node) node { return ops.CosineDistance(s, ops.Square(s, x), x, 1) },
	"Accuracy":       func(s *graph.Scope, x node) node { return ops.Accuracy(s, ops.ArgMax(s, ops.Abs(s, x), 1), x) },
	"ConfusionMatrix": func(s *graph.Scope, x node) node {
		return ops.ConfusionMatrix(s, ops.ArgMax(s, x, 1), ops.ArgMin(s, x, 1), 8)
	},
	"InTopK":             func(s *graph.Scope, x node) node { return ops.InTopK(s, ops.ArgMax(s, ops.Abs(s, x), 1), x, 2) },
	"MeanSquaredError":   ofLabels(ops.MeanSquaredError),
	"SmoothBinaryLabels": func(s *graph.Scope, x node) node { return ops.SmoothBinaryLabels(s, x, 0.2) },
}

// ofLabels is a loss with labels from 0 to 1.
func ofLabels(f func(s *graph.Scope, z, x node) node) func(s *graph.Scope, x node) node {
	return func(s *graph.Scope, x node) node { return f(s, ops.Sigmoid(s, ops.Neg(s, x)), x) }
}

// Each op is written as TensorFlow's registry has it, and computes the same after it was read.
func TestForms(t *testing.T) {
	for _, family := range []map[string]func(s *graph.Scope, x node) node{unaryOps, imageOps, lossOps} {
		for name, build := range family {
			t.Run(name, func(t *testing.T) {
				shape := []int{3, 8}
				if _, ok := imageOps[name]; ok {
					shape = []int{2, 5, 4, 4}
				}
				g := graph.New(graph.Config{Seed: 3})
				s := g.Scope()
				x := graph.Placeholder(s, "x", tensor.Float32, append([]int{-1}, shape[1:]...)...)
				y := graph.Name(s, "output", build(s.Sub("op"), x))
				sess := session(t, g)
				path := filepath.Join(t.TempDir(), "graph.pb")
				if err := tensorflow.WriteFrozen(path, sess, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{y}}); err != nil {
					t.Fatal(err)
				}
				validate(t, readGraph(t, path))
				want, err := sess.Run(graph.Feeds{x: numbers(shape...)}, y)
				if err != nil {
					t.Fatal(err)
				}
				read, out := imported(t, path, "output")
				x2, _ := read.Graph().Lookup("x")
				feeds := graph.Feeds{}
				if x2 != nil {
					feeds[x2] = numbers(shape...)
				}
				got, err := read.Run(feeds, out...)
				if err != nil {
					t.Fatal(err)
				}
				near(t, name, got.Tensor(0), want.Tensor(0), 2e-6)
			})
		}
	}
}
