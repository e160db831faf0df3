package onnx

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// exportCase is a few ops on inputs.
type exportCase struct {
	name   string
	inputs []fed
	build  func(s *graph.Scope, x gorgonia.Nodes) gorgonia.Nodes
}

// fed is an input: numbers of a working dtype in [lo, hi), or whole numbers up to below that are int64, of a shape whose first size the graph
// does not know, unless it is said to.
type fed struct {
	shape  []int
	lo, hi float64
	below  int
	known  bool
}

func anyOf(shape ...int) fed                   { return fed{shape: shape, lo: -1.5, hi: 1.5} }
func between(lo, hi float64, shape ...int) fed { return fed{shape: shape, lo: lo, hi: hi} }
func labels(below int, shape ...int) fed       { return fed{shape: shape, below: below} }
func known(f fed) fed                          { f.known = true; return f }

func (f fed) value(seed int, dt tensor.Dtype) *tensor.Dense {
	u := golden.Sequence(uint64(seed+1)*1000, tensor.Shape(f.shape).TotalSize())
	v := make([]float64, len(u))
	for i, e := range u {
		v[i] = f.lo + (f.hi-f.lo)*(float64(e)+0.5)
		if f.below > 0 {
			v[i] = math.Floor((float64(e) + 0.5) * float64(f.below))
		}
	}
	if f.below > 0 {
		dt = tensor.Int64
	}
	return denseOf(dt, v, f.shape...)
}

type nodes = gorgonia.Nodes

func one1(name string, in fed, f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) exportCase {
	return exportCase{name, []fed{in}, func(s *graph.Scope, x nodes) nodes { return nodes{f(s, x[0])} }}
}

func two2(name string, a, b fed, f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) exportCase {
	return exportCase{name, []fed{a, b}, func(s *graph.Scope, x nodes) nodes { return nodes{f(s, x[0], x[1])} }}
}

// exportCases has every op that is exported.
func exportCases() []exportCase {
	type unary = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	type binary = func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node
	var cases []exportCase
	for name, f := range map[string]unary{
		"Abs": ops.Abs, "Asinh": ops.Asinh, "Atan": ops.Atan, "Ceil": ops.Ceil, "Cos": ops.Cos, "Cosh": ops.Cosh, "Erf": ops.Erf, "Erfc": ops.Erfc, "Exp": ops.Exp,
		"Expm1": ops.Expm1, "Floor": ops.Floor, "IsFinite": ops.IsFinite, "IsInf": ops.IsInf, "IsNaN": ops.IsNaN, "Neg": ops.Neg, "Reciprocal": ops.Reciprocal,
		"Round": ops.Round, "Sign": ops.Sign, "Sin": ops.Sin, "Sinh": ops.Sinh, "Square": ops.Square, "Tan": ops.Tan, "GELU": ops.GELU, "GELUTanh": ops.GELUTanh,
		"HardSigmoid": ops.HardSigmoid, "HardSwish": ops.HardSwish, "LogSigmoid": ops.LogSigmoid, "LogSoftmax": ops.LogSoftmax, "Mish": ops.Mish, "ReLU": ops.ReLU,
		"ReLU6": ops.ReLU6, "SELU": ops.SELU, "SiLU": ops.SiLU, "Sigmoid": ops.Sigmoid, "Softmax": ops.Softmax, "Softplus": ops.Softplus, "Softsign": ops.Softsign,
		"Sparsemax": ops.Sparsemax, "Tanh": ops.Tanh, "Flatten": ops.Flatten, "Shape": ops.Shape, "Size": ops.Size, "Diag": ops.Diag, "DiagPart": ops.DiagPart,
		"ZerosLike": graph.ZerosLike, "OnesLike": graph.OnesLike, "Identity": graph.Identity, "StopGradient": graph.StopGradient,
	} {
		cases = append(cases, one1(name, anyOf(3, 4, 5), f))
	}
	cases = append(cases, one1("Expm1 far below", between(-300, 0, 3, 40), ops.Expm1))
	for name, f := range map[string]unary{"Acos": ops.Acos, "Asin": ops.Asin, "Atanh": ops.Atanh} {
		cases = append(cases, one1(name, between(-0.9, 0.9, 3, 4), f))
	}
	for name, f := range map[string]unary{"Acosh": ops.Acosh, "Log": ops.Log, "Log1p": ops.Log1p, "Rsqrt": ops.Rsqrt, "Sqrt": ops.Sqrt} {
		cases = append(cases, one1(name, between(1.1, 3, 3, 4), f))
	}
	for name, f := range map[string]binary{
		"Add": ops.Add, "Sub": ops.Sub, "Mul": ops.Mul, "Div": ops.Div, "Maximum": ops.Maximum, "Minimum": ops.Minimum, "Equal": ops.Equal, "NotEqual": ops.NotEqual,
		"Less": ops.Less, "LessEqual": ops.LessEqual, "Greater": ops.Greater, "GreaterEqual": ops.GreaterEqual, "Atan2": ops.Atan2, "FloorDiv": ops.FloorDiv,
		"Mod": ops.Mod, "MulNoNan": ops.MulNoNan, "SquaredDifference": ops.SquaredDifference,
	} {
		cases = append(cases, two2(name, anyOf(3, 4, 5), anyOf(4, 1), f))
	}
	for name, f := range map[string]binary{"FloorDiv": ops.FloorDiv, "Mod": ops.Mod, "Div": ops.Div, "Mul": ops.Mul} {
		cases = append(cases, two2(name+" of integers", labels(20, 3, 4), labels(5, 3, 4), func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
			return f(s, ops.Sub(s, a, graph.Const(s, int64(9))), ops.Add(s, b, graph.Const(s, int64(1))))
		}))
	}
	for name, f := range map[string]binary{"LogicalAnd": ops.LogicalAnd, "LogicalOr": ops.LogicalOr, "LogicalXor": ops.LogicalXor} {
		cases = append(cases, two2(name, labels(2, 3, 4), labels(2, 3, 4), func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
			return ops.LogicalNot(s, f(s, ops.Cast(s, a, tensor.Bool), ops.Cast(s, b, tensor.Bool)))
		}))
	}
	type reduction = func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node
	for name, f := range map[string]reduction{
		"Sum": ops.Sum, "SumKeep": ops.SumKeep, "Mean": ops.Mean, "MeanKeep": ops.MeanKeep, "Max": ops.Max, "MaxKeep": ops.MaxKeep, "Min": ops.Min, "Prod": ops.Prod,
		"LogSumExp": ops.LogSumExp, "LogSumExpKeep": ops.LogSumExpKeep,
		"All": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.All(s, ops.Less(s, x, ops.Square(s, x)), axes...)
		},
		"Any": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.Any(s, ops.Less(s, x, ops.Square(s, x)), axes...)
		},
		"Norm 1": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node { return ops.Norm(s, x, 1, axes...) },
		"Norm 2": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node { return ops.Norm(s, x, 2, axes...) },
		"Norm 3": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node { return ops.Norm(s, x, 3, axes...) },
		"Norm infinity": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.NormKeep(s, x, math.Inf(1), axes...)
		},
		"Variance": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.Variance(s, x, ops.VarianceConfig{Axes: axes})
		},
		"Std": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.Std(s, x, ops.VarianceConfig{Axes: axes, Correction: 1, Keep: true})
		},
		"ClipByNorm": func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			return ops.ClipByNorm(s, x, 1.5, axes...)
		},
	} {
		cases = append(cases,
			one1(name, anyOf(3, 4, 5), func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x) }),
			one1(name+" of axes", anyOf(3, 4, 5), func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x, 0, -1) }),
			// Of images with the channels first in the model, along the pixels, the channels, and one of each.
			exportCase{name + " of images", []fed{anyOf(2, 3, 4, 5)}, func(s *graph.Scope, x nodes) nodes {
				y := ops.DepthToSpace(s, ops.Tile(s, x[0], 1, 1, 1, 4), 2, ops.DepthToSpaceConfig{})
				return nodes{f(s, y, 1, 2), f(s, y, 3), f(s, y, 0, 2), f(s, y)}
			}})
	}
	cases = append(cases, exportLosses()...)
	cases = append(cases, exportShapes()...)
	return append(cases, exportLayers()...)
}

// exportLosses are those of labels and logits, and metrics.
func exportLosses() []exportCase {
	type binary = func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node
	var cases []exportCase
	for name, f := range map[string]binary{
		"AbsoluteDifference": ops.AbsoluteDifference, "SquaredError": ops.SquaredError, "Hinge": ops.Hinge, "SquaredHinge": ops.SquaredHinge, "LogCosh": ops.LogCosh,
		"SigmoidCrossEntropy": ops.SigmoidCrossEntropy, "SoftmaxCrossEntropy": ops.SoftmaxCrossEntropy, "CategoricalHinge": ops.CategoricalHinge,
		"Huber": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node { return ops.Huber(s, z, x, 0.7) },
		"LogLoss": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.LogLoss(s, z, ops.Sigmoid(s, x), ops.LogLossConfig{})
		},
		"KLDivergence": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.KLDivergence(s, z, ops.LogSoftmax(s, x), ops.KLDivergenceConfig{})
		},
		"WeightedSigmoidCrossEntropy": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.WeightedSigmoidCrossEntropy(s, z, x, ops.AddScalar(s, graph.ZerosLike(s, ops.Mean(s, x)), 2))
		},
		"SigmoidFocal": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.SigmoidFocal(s, z, x, ops.FocalConfig{})
		},
		"SmoothLabels": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.Add(s, ops.SmoothLabels(s, z, 0.1), ops.SmoothBinaryLabels(s, x, 0.1))
		},
		"WeightedLoss": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.WeightedLoss(s, ops.SquaredError(s, z, x), ops.Mean(s, z, -1), ops.ReductionSumByNonzeroWeights)
		},
		"CosineDistance":    func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node { return ops.CosineDistance(s, z, x, -1) },
		"EuclideanDistance": ops.EuclideanDistance,
	} {
		cases = append(cases, two2(name, between(0, 1, 6, 5), anyOf(6, 5), f))
	}
	for name, f := range map[string]binary{
		"SparseSoftmaxCrossEntropy": ops.SparseSoftmaxCrossEntropy, "Accuracy": ops.Accuracy,
		"InTopK": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node { return ops.InTopK(s, z, x, 2) },
		"MultiMargin": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.MultiMargin(s, z, x, ops.MultiMarginConfig{})
		},
		"MultiMargin squared": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.MultiMargin(s, z, x, ops.MultiMarginConfig{Squared: true, Margin: 0.5})
		},
		"SmoothedSparseSoftmaxCrossEntropy": func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.SmoothedSparseSoftmaxCrossEntropy(s, z, x, 0.1)
		},
	} {
		cases = append(cases, two2(name, labels(5, 6), anyOf(6, 5), f))
	}
	for _, cfg := range []ops.PoissonLossConfig{{}, {Rates: true, Full: true}} {
		cases = append(cases, two2("PoissonLoss", labels(4, 6, 5), between(0.1, 2, 6, 5), func(s *graph.Scope, z, x *gorgonia.Node) *gorgonia.Node {
			return ops.PoissonLoss(s, z, x, cfg)
		}))
	}
	return append(cases,
		exportCase{"MarginRanking", []fed{labels(2, 6), anyOf(6), anyOf(6)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.MarginRanking(s, x[0], x[1], x[2], 0.3)}
		}},
		exportCase{"ContrastiveLoss", []fed{labels(2, 6), anyOf(6, 3), anyOf(6, 3)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.ContrastiveLoss(s, x[0], x[1], x[2], 2)}
		}},
		exportCase{"TripletLoss", []fed{anyOf(6, 3), anyOf(6, 3), anyOf(6, 3)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.TripletLoss(s, x[0], x[1], x[2], 1)}
		}},
		exportCase{"TripletHardLoss", []fed{labels(3, 7), anyOf(7, 3)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.TripletHardLoss(s, x[0], x[1], ops.TripletHardConfig{}), ops.TripletHardLoss(s, x[0], x[1], ops.TripletHardConfig{Soft: true})}
		}},
		exportCase{"NPairLoss", []fed{labels(3, 6), anyOf(6, 3), anyOf(6, 3)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.NPairLoss(s, x[0], x[1], x[2], ops.NPairConfig{})}
		}})
}
