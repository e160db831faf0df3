package tensorflow

import (
	"github.com/plexaura/plexaura/ops"
)

// operators builds each op that is supported.
var operators map[string]operator

func init() { // a table of functions that read it
	operators = map[string]operator{
		"Const": stores, "Placeholder": placeholder, "PlaceholderV2": placeholder, "PlaceholderWithDefault": placeholderWithDefault, "NoOp": noOp,
		"Variable": variable, "VariableV2": variable, "VarHandleOp": variable, "ReadVariableOp": pass, "RefIdentity": pass,
		"IsVariableInitialized": initialized, "VarIsInitializedOp": initialized,
		"Assign": assign, "AssignAdd": assign, "AssignSub": assign, "AssignVariableOp": assign, "AssignAddVariableOp": assign, "AssignSubVariableOp": assign, "ScatterAdd": scatterAdd,
		"Identity": identity, "IdentityN": identityN, "Snapshot": identity, "StopGradient": stopGradient, "PreventGradient": preventGradient,
		"CheckNumerics": checkNumerics, "EnsureShape": identity, "Switch": switchValue, "RefSwitch": switchValue, "Merge": merge, "RefMerge": merge,

		"Abs": unary(ops.Abs), "Acos": unary(ops.Acos), "Acosh": unary(ops.Acosh), "Asin": unary(ops.Asin), "Asinh": unary(ops.Asinh), "Atan": unary(ops.Atan),
		"Atanh": unary(ops.Atanh), "Ceil": unary(ops.Ceil), "Cos": unary(ops.Cos), "Cosh": unary(ops.Cosh), "Erf": unary(ops.Erf), "Erfc": unary(ops.Erfc),
		"Exp": unary(ops.Exp), "Expm1": unary(ops.Expm1), "Floor": unary(ops.Floor), "Inv": unary(ops.Reciprocal), "IsFinite": unary(ops.IsFinite), "IsInf": unary(ops.IsInf),
		"IsNan": unary(ops.IsNaN), "Log": unary(ops.Log), "Log1p": unary(ops.Log1p), "LogicalNot": unary(ops.LogicalNot), "Neg": unary(ops.Neg),
		"Reciprocal": unary(ops.Reciprocal), "Rint": unary(ops.Round), "Round": unary(ops.Round), "Rsqrt": unary(ops.Rsqrt), "Sigmoid": unary(ops.Sigmoid),
		"Sign": unary(ops.Sign), "Sin": unary(ops.Sin), "Sinh": unary(ops.Sinh), "Softplus": unary(ops.Softplus), "Softsign": unary(ops.Softsign), "Sqrt": unary(ops.Sqrt),
		"Square": unary(ops.Square), "Tan": unary(ops.Tan), "Tanh": unary(ops.Tanh), "Elu": elu, "LeakyRelu": leakyReLU, "Relu": unary(ops.ReLU), "Relu6": unary(ops.ReLU6),
		"Selu": unary(ops.SELU), "Cast": cast,

		"Add": pairwise(ops.Add), "AddV2": pairwise(ops.Add), "Atan2": pairwise(ops.Atan2), "Div": division, "DivNoNan": divNoNan, "Equal": pairwise(ops.Equal),
		"FloorDiv": pairwise(ops.FloorDiv), "FloorMod": pairwise(ops.Mod), "Greater": pairwise(ops.Greater), "GreaterEqual": pairwise(ops.GreaterEqual),
		"Less": pairwise(ops.Less), "LessEqual": pairwise(ops.LessEqual), "LogicalAnd": pairwise(ops.LogicalAnd), "LogicalOr": pairwise(ops.LogicalOr),
		"Maximum": pairwise(ops.Maximum), "Minimum": pairwise(ops.Minimum), "Mul": pairwise(ops.Mul), "MulNoNan": pairwise(ops.MulNoNan),
		"NotEqual": pairwise(ops.NotEqual), "Pow": pairwise(ops.Pow), "RealDiv": division, "SquaredDifference": pairwise(ops.SquaredDifference), "Sub": pairwise(ops.Sub),
		"TruncateDiv": pairwise(ops.Div), "Xdivy": xdivy, "Xlogy": xlogy,
		"AddN": addN, "AccumulateNV2": addN, "ClipByValue": clipByValue, "Select": selectRows, "SelectV2": selectV2,

		"MatMul": matMul, "BatchMatMul": batchMatMul, "BatchMatMulV2": batchMatMul, "BatchMatMulV3": batchMatMul, "_FusedMatMul": fusedMatMul, "Einsum": apart(einsum),
		"BiasAdd": biasAdd, "BiasAddV1": biasAdd, "Conv2D": conv2D, "_FusedConv2D": fusedConv2D, "FusedConv2D": fusedConv2D, "Conv2DBackpropInput": conv2DBackpropInput,
		"DepthwiseConv2dNative": depthwiseConv2D, "FusedDepthwiseConv2dNative": fusedDepthwiseConv2D, "MaxPool": maxPool, "AvgPool": avgPool, "LRN": lrn, "Prelu": pReLU,
		"FusedBatchNorm": fusedBatchNorm, "FusedBatchNormV2": fusedBatchNorm, "FusedBatchNormV3": fusedBatchNorm,
		"ResizeBilinear": resizeBilinear, "ResizeNearestNeighbor": resizeNearest, "DepthToSpace": blocks(ops.DepthToSpace),
		"SpaceToDepth": blocks(ops.SpaceToDepth), "SpaceToBatchND": spaceToBatch, "BatchToSpaceND": batchToSpace,

		"Softmax": unary(ops.Softmax), "LogSoftmax": unary(ops.LogSoftmax), "L2Loss": l2Loss,
		"SoftmaxCrossEntropyWithLogits": softmaxCrossEntropy, "SparseSoftmaxCrossEntropyWithLogits": sparseSoftmaxCrossEntropy,
		"InTopK": inTopK, "InTopKV2": inTopK, "TopK": topK, "TopKV2": topK, "ArgMax": arg(ops.ArgMax), "ArgMin": arg(ops.ArgMin),

		"All": reduce(ops.AllKeep, ops.All), "Any": reduce(ops.AnyKeep, ops.Any), "Max": reduce(ops.MaxKeep, ops.Max), "Mean": reduce(ops.MeanKeep, ops.Mean),
		"Min": reduce(ops.MinKeep, ops.Min), "Prod": reduce(ops.ProdKeep, ops.Prod), "Sum": reduce(ops.SumKeep, ops.Sum), "EuclideanNorm": euclideanNorm,
		"Cumsum": cumulative(ops.Cumsum), "Cumprod": cumulative(ops.Cumprod),

		"BroadcastTo": broadcastTo, "Concat": concat, "ConcatV2": concatV2, "ExpandDims": expandDims, "Fill": fillValue, "Gather": gather, "GatherV2": gather, "ResourceGather": gather,
		"GatherNd": gatherND, "ScatterNd": scatterND, "TensorScatterAdd": scattering(ops.ScatterNDAdd), "TensorScatterUpdate": scattering(ops.ScatterNDUpdate),
		"UnsortedSegmentSum": segmentSum, "MatrixBandPart": bandPart, "MatrixDiag": unary(ops.Diag), "MatrixDiagPart": unary(ops.DiagPart),
		"MirrorPad": apart(mirrorPad), "OneHot": oneHot, "OnesLike": onesLike, "Pack": pack, "Pad": pad, "PadV2": pad, "Range": rangeOf, "Rank": rank,
		"Reshape": reshapeOf, "ReverseV2": reverse, "Shape": shapeOf, "ShapeN": shapeN, "Size": sizeOfAll, "Slice": slice, "Split": split,
		"SplitV": splitV, "Squeeze": squeeze, "StridedSlice": stridedSlice, "Tile": tile, "Transpose": transpose, "Unpack": unpack, "ZerosLike": zerosLike,

		"RandomUniform": randomUniform, "RandomStandardNormal": randomNormal, "TruncatedNormal": truncatedNormal, "RandomShuffle": randomShuffle, "Multinomial": multinomial, "RandomGamma": randomGamma,
	}
}
