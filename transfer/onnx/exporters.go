package onnx

// exporters computes each op of graph and ops by operators of ONNX, by the name of its OpDef.
var exporters map[string]exportFunc

func init() { // a table of functions that read it
	exporters = map[string]exportFunc{
		"Identity": alias, "Switch": alias, "StopGradient": alias, "PreventGradient": alias, "Read": alias, "CheckNumerics": alias, "Print": alias, "Merge": exportMerge,
		"ZerosLike": filledLike(0), "OnesLike": filledLike(1), "Cast": exportCast, "Where": elementwise("Where"),

		"Abs": elementwise("Abs"), "Acos": elementwise("Acos"), "Acosh": elementwise("Acosh"), "Asin": elementwise("Asin"), "Asinh": elementwise("Asinh"),
		"Atan": elementwise("Atan"), "Atanh": elementwise("Atanh"), "Ceil": elementwise("Ceil"), "Cos": elementwise("Cos"), "Cosh": elementwise("Cosh"),
		"Erf": elementwise("Erf"), "Exp": elementwise("Exp"), "Floor": elementwise("Floor"), "IsInf": elementwise("IsInf"), "IsNan": elementwise("IsNaN"),
		"Log": elementwise("Log"), "LogicalNot": elementwise("Not"), "Neg": elementwise("Neg"), "Reciprocal": elementwise("Reciprocal"), "Round": elementwise("Round"),
		"Sign": elementwise("Sign"), "Sin": elementwise("Sin"), "Sinh": elementwise("Sinh"), "Sqrt": elementwise("Sqrt"), "Tan": elementwise("Tan"),
		"Add": elementwise("Add"), "Sub": elementwise("Sub"), "Mul": elementwise("Mul"), "Div": elementwise("Div"), "Pow": elementwise("Pow"),
		"Maximum": elementwise("Max"), "Minimum": elementwise("Min"), "LogicalAnd": elementwise("And"), "LogicalOr": elementwise("Or"), "LogicalXor": elementwise("Xor"),
		"Equal": elementwise("Equal"), "Less": elementwise("Less"), "LessEqual": elementwise("LessOrEqual"), "Greater": elementwise("Greater"),
		"GreaterEqual": elementwise("GreaterOrEqual"),
		"AddScalar":    formula(addScalar), "Atan2": formula(atan2), "clip_by_value": clipped("lo", "hi"), "Erfc": formula(erfc), "Expm1": formula(expm1),
		"FloorDiv": formula(floorDiv), "FloorMod": formula(floorMod), "IsFinite": formula(isFinite), "Log1p": formula(log1p), "MulNoNan": formula(mulNoNan),
		"NotEqual": formula(notEqual), "Rsqrt": formula(rsqrt), "Scale": formula(scale), "Square": formula(square), "SquaredDifference": formula(squaredDifference),

		"relu": elementwise("Relu"), "sigmoid": elementwise("Sigmoid"), "softplus": elementwise("Softplus"), "softsign": elementwise("Softsign"), "tanh": elementwise("Tanh"),
		"selu": elementwise("Selu"), "hard_swish": elementwise("HardSwish"), "prelu": elementwise("PRelu"),
		"elu": withAlpha("Elu"), "celu": exportCelu, "leaky_relu": withAlpha("LeakyRelu"), "hard_sigmoid": exportHardSigmoid,
		"hard_tanh": clipped("lo", "hi"), "relu6": formula(relu6), "silu": formula(silu), "swish": formula(silu), "mish": formula(mish), "threshold": formula(threshold),
		"log_sigmoid": formula(logSigmoid), "gelu": formula(geluOf), "glu": exportGLU, "softmax": overLast("Softmax"), "log_softmax": overLast("LogSoftmax"),
		"sparsemax": exportSparsemax,

		"All": boolReduction("ReduceMin"), "Any": boolReduction("ReduceMax"), "Max": reduction("ReduceMax"), "Mean": reduction("ReduceMean"), "Min": reduction("ReduceMin"),
		"Prod": reduction("ReduceProd"), "Sum": reduction("ReduceSum"), "LogSumExp": reduction("ReduceLogSumExp"), "Norm": exportNorm, "Variance": exportVariance,
		"Std": exportVariance, "ArgMax": argExtremum("ArgMax"), "ArgMin": argExtremum("ArgMin"), "Cumsum": exportCumsum, "TopK": exportTopK, "Sort": exportSort, "ArgSort": exportSort,
		"global_norm": exportGlobalNorm, "clip_by_norm": exportClipByNorm, "clip_by_global_norm": exportClipByGlobalNorm,
		"UnsortedSegmentSum": exportSegmentSum, "Bincount": exportSegmentCount,

		"Reshape": exportView, "ReshapeLike": exportView, "Flatten": exportView, "Squeeze": exportView, "ExpandDims": exportView, "FoldAxes": exportView,
		"UnfoldAxes": exportView, "FoldRows": exportView, "UnfoldRows": exportView, "Weights": exportView, "maxout": exportView,
		"BroadcastLike": exportBroadcastLike, "BroadcastTo": exportBroadcastTo, "Concat": exportConcat, "Stack": exportStack, "Transpose": exportTranspose,
		"Shape": exportShape, "Size": exportShape, "Range": exportRange, "Slice": exportSlice, "StridedSlice": exportSlice, "Reverse": exportSlice,
		"Split": exportSplit, "SplitV": exportSplit, "Index": exportIndex, "Unstack": exportIndex, "Pad": exportPad, "MirrorPad": exportMirrorPad,
		"Tile": exportTile, "Repeat": exportRepeat, "Multiplicity": exportMultiplicity,
		"Gather": exportGather, "GatherNd": exportGatherND, "OneHot": exportOneHot, "MatrixBandPart": exportBandPart, "MatrixDiag": exportDiag, "MatrixDiagPart": exportDiagPart,
		"ScatterAdd": exportScatterAdd, "TensorScatterAdd": exportScatterAdd, "ScatterNd": exportScatterND,
		"GatherAlong": exportGatherAlong, "ScatterAlong": exportScatterAlong, "ScatterAlongAdd": exportScatterAlong, "TensorScatterUpdate": exportScatterUpdate,

		"MatMul": exportMatMul, "Dot": exportDot, "BiasAdd": exportBiasAdd, "Conv2D": exportConv, "Conv2DTranspose": exportConvTranspose,
		"MaxPool": exportPool("MaxPool"), "AvgPool": exportPool("AveragePool"), "AdaptiveAvgPool": exportAdaptive, "DepthToSpace": exportDepthToSpace,
		"SpaceToDepth": exportSpaceToDepth, "ResizeBilinear": exportResize, "ResizeNearestNeighbor": exportResize, "Upsample": exportResize, "LRN": exportLRN,
		"BatchNormInference": exportBatchNorm, "FusedBatchNorm": exportTrainingNorm, "GroupNorm": exportGroupNorm, "InstanceNorm": exportGroupNorm, "LayerNorm": exportLayerNorm,

		"AbsoluteDifference": formula(absoluteDifference), "SquaredError": formula(squaredDifference), "Hinge": formula(hinge), "SquaredHinge": formula(squaredHinge),
		"Huber": formula(huber), "LogCosh": formula(logCosh), "LogLoss": formula(logLoss), "PoissonLoss": formula(poissonLoss), "MarginRanking": formula(marginRanking),
		"ContrastiveLoss": formula(contrastive), "SigmoidCrossEntropy": formula(sigmoidCrossEntropy), "WeightedSigmoidCrossEntropy": formula(weightedSigmoidCrossEntropy),
		"SigmoidFocal": formula(sigmoidFocal), "SmoothBinaryLabels": formula(smoothBinaryLabels), "SmoothLabels": formula(smoothLabels),
		"SoftmaxCrossEntropy": rows(softmaxCrossEntropy), "SparseSoftmaxCrossEntropy": rows(sparseSoftmaxCrossEntropy), "KLDivergence": rows(klDivergence),
		"CategoricalHinge": rows(categoricalHinge), "EuclideanDistance": rows(euclideanDistance), "MultiMargin": rows(multiMargin), "CosineDistance": exportCosineDistance,
		"SquaredDistances": rows(squaredDistances),
		"Accuracy":         rows(accuracy), "InTopK": rows(inTopK),
	}
}
