package onnx

import (
	"github.com/plexaura/plexaura/ops"
)

// operators builds each operator of ONNX's own domain that is supported.
var operators map[string]operator

func init() { // a table of functions that read it
	operators = map[string]operator{
		"Abs": unary(ops.Abs), "Acos": unary(ops.Acos), "Acosh": unary(ops.Acosh), "Asin": unary(ops.Asin), "Asinh": unary(ops.Asinh), "Atan": unary(ops.Atan),
		"Atanh": unary(ops.Atanh), "Ceil": unary(ops.Ceil), "Cos": unary(ops.Cos), "Cosh": unary(ops.Cosh), "Erf": unary(ops.Erf), "Exp": unary(ops.Exp),
		"Floor": unary(ops.Floor), "HardSwish": unary(ops.HardSwish), "IsNaN": unary(ops.IsNaN), "Log": unary(ops.Log), "Mish": unary(ops.Mish), "Neg": unary(ops.Neg),
		"Not": unary(ops.LogicalNot), "Reciprocal": unary(ops.Reciprocal), "Relu": unary(ops.ReLU), "Round": unary(ops.Round), "Sigmoid": unary(ops.Sigmoid),
		"Sign": unary(ops.Sign), "Sin": unary(ops.Sin), "Sinh": unary(ops.Sinh), "Softplus": unary(ops.Softplus), "Softsign": unary(ops.Softsign),
		"Sqrt": unary(ops.Sqrt), "Tan": unary(ops.Tan), "Tanh": unary(ops.Tanh),
		"Celu": with("alpha", 1, ops.CELU), "Elu": with("alpha", 1, ops.ELU), "LeakyRelu": with("alpha", 0.01, ops.LeakyReLU), "ThresholdedRelu": with("alpha", 1, thresholded),
		"HardSigmoid": hardSigmoid, "PRelu": pRelu, "Selu": selu, "Clip": clip, "Cast": cast,
		"Constant": constant, "Dropout": dropout, "Identity": same,

		"Add": pairwise(ops.Add), "And": pairwise(ops.LogicalAnd), "Div": pairwise(ops.Div), "Equal": pairwise(ops.Equal), "Greater": pairwise(ops.Greater),
		"GreaterOrEqual": pairwise(ops.GreaterEqual), "Less": pairwise(ops.Less), "LessOrEqual": pairwise(ops.LessEqual), "Mul": pairwise(ops.Mul), "Or": pairwise(ops.LogicalOr),
		"Pow": power, "Sub": pairwise(ops.Sub), "Xor": pairwise(ops.LogicalXor),
		"Max": variadic(ops.Maximum), "Mean": mean, "Min": variadic(ops.Minimum), "Sum": variadic(ops.Add), "Where": where,

		"AveragePool": sequences(averagePool), "BatchNormalization": batchNormalization, "Conv": sequences(conv), "DepthToSpace": depthToSpace, "Gemm": gemm,
		"GlobalAveragePool": globalPool(ops.GlobalAvgPool), "GlobalMaxPool": globalPool(ops.GlobalMaxPool), "LRN": lrn, "MatMul": matMul, "MaxPool": sequences(maxPool),
		"SpaceToDepth": spaceToDepth,

		"ConvTranspose": sequences(convTranspose), "InstanceNormalization": instanceNormalization, "LayerNormalization": layerNormalization,
		"MeanVarianceNormalization": meanVarianceNormalization,
		"NegativeLogLikelihoodLoss": negativeLogLikelihoodLoss, "SoftmaxCrossEntropyLoss": softmaxCrossEntropyLoss,

		"ArgMax": arg(ops.ArgMax), "ArgMin": arg(ops.ArgMin), "CastLike": castLike, "ConstantOfShape": constantOfShape, "CumSum": cumSum, "Einsum": einsum, "Expand": expand, "Hardmax": overAxis(hardmax),
		"IsInf": infinite, "Mod": mod, "OneHot": oneHot, "Range": rangeOf, "Shrink": shrink, "Size": elementCount, "Slice": slice, "Tile": tile, "TopK": topK, "Trilu": trilu,
		"Compress": compress, "GatherElements": gatherElements, "GatherND": gatherND, "ReverseSequence": reverseSequence, "Scatter": scatterElements,
		"ScatterElements": scatterElements, "ScatterND": scatterND,
		"Bernoulli": bernoulli, "EyeLike": eyeLike, "Multinomial": multinomial,
		"RandomNormal": draw("mean", "scale", 1, ops.RandomNormal, false), "RandomNormalLike": draw("mean", "scale", 1, ops.RandomNormal, true),
		"RandomUniform": draw("low", "high", 1, ops.RandomUniform, false), "RandomUniformLike": draw("low", "high", 1, ops.RandomUniform, true),
		"BlackmanWindow": windowOf(0.42, -0.5, 0.08), "HammingWindow": windowOf(25.0/46, -21.0/46), "HannWindow": windowOf(0.5, -0.5),
		"Gelu": gelu, "GlobalLpPool": globalLpPool, "GroupNormalization": groupNormalization, "LpNormalization": lpNormalization, "LpPool": sequences(lpPool),
		"If":          branch,
		"ConvInteger": convInteger, "DequantizeLinear": dequantizeLinear, "DynamicQuantizeLinear": dynamicQuantizeLinear, "MatMulInteger": matMulInteger,
		"QLinearConv": qLinearConv, "QLinearMatMul": qLinearMatMul, "QuantizeLinear": quantizeLinear,
		"GRU": gru.unrolled, "LSTM": lstm.unrolled, "RNN": rnn.unrolled, "Resize": resize, "Upsample": upsample,
		"Concat": concat, "Flatten": flatten, "Gather": gather, "Pad": pad, "Reshape": reshape, "Shape": shapeOf, "Split": split, "Squeeze": squeeze,
		"Transpose": transpose, "Unsqueeze": unsqueeze,
		"LogSoftmax": overAxis(ops.LogSoftmax), "Softmax": overAxis(ops.Softmax),
		"ReduceL1": reduceOf(ops.Abs, nil), "ReduceL2": reduceOf(ops.Square, ops.Sqrt), "ReduceLogSum": reduceOf(nil, ops.Log), "ReduceSumSquare": reduceOf(ops.Square, nil),
		"ReduceLogSumExp": reduce(ops.LogSumExpKeep, ops.LogSumExp), "ReduceMax": reduce(ops.MaxKeep, ops.Max), "ReduceMean": reduce(ops.MeanKeep, ops.Mean),
		"ReduceMin": reduce(ops.MinKeep, ops.Min), "ReduceProd": reduce(ops.ProdKeep, ops.Prod), "ReduceSum": reduce(ops.SumKeep, ops.Sum),
	}
}
