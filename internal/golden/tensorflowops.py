"""Writes transfer/tensorflow/testdata/ops.txt: what TensorFlow's registry says of the ops that the exporter writes, in short.

    python3 tensorflowops.py .../tensorflow@v2.0.0+incompatible/tensorflow/core/ops/ops.pbtxt

The file is part of the Go module github.com/tensorflow/tensorflow (go mod download). An op is a block of lines

    op NAME
    in NAME [&][N*]TYPE     & is a reference to a variable, N* as many as the attribute N says, [TYPES] one of each of a list
    out NAME TYPE
    attr NAME TYPE [?] [= VALUES]     ? has a default

where TYPE is an attribute of kind type, or a dtype such as DT_INT32.
"""
import os
import re
import sys

OUT = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "tensorflow", "testdata"))
OPS = """Abs Acos Acosh Add AddN All Any ArgMax ArgMin Asin Asinh Assert Assign AssignAdd AssignSub Atan Atan2 Atanh AvgPool BatchMatMulV2 BiasAdd
BroadcastGradientArgs BroadcastTo Cast Ceil CheckNumerics ConcatV2 Const Conv2D Conv2DBackpropInput Cos Cosh Cumprod Cumsum DepthToSpace
DepthwiseConv2dNative Elu Equal Erf Erfc Exp ExpandDims Expm1 Fill Floor FloorDiv FloorMod FusedBatchNormV3 GatherNd GatherV2 Greater
GreaterEqual Identity InTopKV2 IsFinite IsInf IsNan L2Loss LRN LeakyRelu Less LessEqual Log Log1p LogSoftmax LogicalAnd LogicalNot
LogicalOr MatMul MatrixBandPart MatrixDiag MatrixDiagPart Max MaxPool Maximum Mean Merge Min Minimum MirrorPad Mul MulNoNan Multinomial
Neg NoOp NotEqual OneHot OnesLike Pack Pad PadV2 Placeholder PlaceholderWithDefault Pow PreventGradient Prod RandomGamma RandomShuffle RandomStandardNormal
RandomUniform Range RealDiv Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor RestoreV2 ReverseV2 Round Rsqrt SaveV2
ScatterAdd ScatterNd SelectV2 Selu Shape Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyWithLogits Softplus Softsign SpaceToDepth
SparseSoftmaxCrossEntropyWithLogits Split SplitV Sqrt Square SquaredDifference Squeeze StopGradient StridedSlice Sub Sum Switch Tan Tanh
TensorScatterAdd TensorScatterUpdate Tile TopKV2 Transpose TruncateDiv TruncatedNormal UnsortedSegmentSum VariableV2 ZerosLike""".split()


def parse(text):
    """The messages of a text protocol buffer as lists of (field, value); a message is such a list again."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|[-\d][\w.+-]*|[{}:]', text)
    stack = [[]]
    i = 0
    while i < len(tokens):
        if tokens[i] == "}":
            stack.pop()
            i += 1
        elif tokens[i + 1] == "{":
            inner = []
            stack[-1].append((tokens[i], inner))
            stack.append(inner)
            i += 2
        else:
            stack[-1].append((tokens[i], tokens[i + 2].strip('"')))
            i += 3
    return stack[0]


def get(message, field):
    return next((v for k, v in message if k == field), "")


def argument(a):
    t = get(a, "type") or get(a, "type_attr")
    if get(a, "type_list_attr"):
        t = "[" + get(a, "type_list_attr") + "]"
    if get(a, "number_attr"):
        t = get(a, "number_attr") + "*" + t
    return get(a, "name") + " " + ("&" if get(a, "is_ref") else "") + t


def main():
    registry = {}
    for field, op in parse(open(sys.argv[1]).read()):
        if field == "op":
            registry[get(op, "name")] = op
    lines = ["# Made by internal/golden/tensorflowops.py of the registry of TensorFlow 2.0 (Apache License 2.0), which TensorFlow 1.15 shares."]
    for name in sorted(OPS):
        lines.append("op " + name)
        for field, value in registry[name]:
            if field == "input_arg":
                lines.append("in " + argument(value))
            elif field == "output_arg":
                lines.append("out " + argument(value))
            elif field == "attr":
                line = "attr " + get(value, "name") + " " + get(value, "type")
                if any(k == "default_value" for k, _ in value):
                    line += " ?"
                allowed = get(value, "allowed_values")
                if allowed:
                    line += " = " + " ".join(v for _, v in get(allowed, "list"))
                lines.append(line)
    with open(os.path.join(OUT, "ops.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")
    print(len(OPS), "ops")


if __name__ == "__main__":
    main()
