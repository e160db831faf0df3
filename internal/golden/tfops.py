"""Values of single ops of TensorFlow, computed by NumPy and PyTorch from what TensorFlow's documentation says of the op, for
transfer/tensorflow/testdata/ops.json.gz. Attributes, layouts and masks are TensorFlow's."""
import gzip
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

cases = []
rng = np.random.RandomState(7)  # NumPy keeps this generator's numbers as they are


def f(*shape, lo=-2.0, hi=2.0):
    return np.round(rng.uniform(lo, hi, shape), 2).astype(np.float32)


def i(*shape, lo=-5, hi=6, dtype=np.int32):
    return rng.randint(lo, hi, shape).astype(dtype)


class K:
    """An input that the graph has as a constant; others are fed."""

    def __init__(self, x, dtype=None):
        self.x = np.asarray(x, dtype if dtype else (np.int32 if np.asarray(x).dtype.kind == 'i' else None))


class Known:
    """A fed input whose sizes the graph knows."""

    def __init__(self, x):
        self.x = x


def array(x):
    x = np.asarray(x)
    return {'dtype': str(x.dtype), 'shape': list(x.shape), 'data': [round(float(v), 7) if x.dtype.kind == 'f' and np.isfinite(v) else
            (bool(v) if x.dtype.kind == 'b' else int(v) if x.dtype.kind in 'iu' else str(v)) for v in x.ravel()]}


def case(op, inputs, outputs, **attrs):
    ins = []
    for x in inputs:
        a = array(x.x if isinstance(x, (K, Known)) else x)
        a['as'] = 'const' if isinstance(x, K) else 'known' if isinstance(x, Known) else 'fed'
        ins.append(a)
    if not isinstance(outputs, (list, tuple)):
        outputs = [outputs]
    cases.append({'op': op, 'attrs': attrs, 'inputs': ins, 'outputs': [array(o) for o in outputs]})


def t(x):
    return torch.from_numpy(np.ascontiguousarray(x).astype(np.float64))


def n(x):
    return x.numpy()


def nchw(x):
    return np.transpose(x, (0, 3, 1, 2))


def nhwc(x):
    return np.transpose(x, (0, 2, 3, 1))


T = {'type': 'float32'}

# elementwise
x = f(2, 5)
p = f(2, 5, lo=0.1, hi=3)
u = f(2, 5, lo=-0.95, hi=0.95)
for op, g, a in [
        ('Abs', np.abs, x), ('Acos', np.arccos, u), ('Acosh', np.arccosh, p + 1), ('Asin', np.arcsin, u), ('Asinh', np.arcsinh, x), ('Atan', np.arctan, x),
        ('Atanh', np.arctanh, u), ('Ceil', np.ceil, x), ('Cos', np.cos, x), ('Cosh', np.cosh, x), ('Exp', np.exp, x), ('Expm1', np.expm1, x),
        ('Floor', np.floor, x), ('Inv', np.reciprocal, p), ('Log', np.log, p), ('Log1p', np.log1p, p), ('Neg', np.negative, x), ('Reciprocal', np.reciprocal, p),
        ('Rint', np.rint, x * 5), ('Round', np.rint, np.array([0.5, 1.5, -2.5, 2.4], np.float32)), ('Rsqrt', lambda v: 1 / np.sqrt(v), p),
        ('Sigmoid', lambda v: 1 / (1 + np.exp(-v)), x), ('Sign', np.sign, x), ('Sin', np.sin, x), ('Sinh', np.sinh, x), ('Softplus', lambda v: np.log1p(np.exp(v)), x),
        ('Softsign', lambda v: v / (1 + np.abs(v)), x), ('Sqrt', np.sqrt, p), ('Square', np.square, x), ('Tan', np.tan, u), ('Tanh', np.tanh, x),
        ('Relu', lambda v: np.maximum(v, 0), x), ('Relu6', lambda v: np.clip(v, 0, 6), x * 5), ('Elu', lambda v: np.where(v > 0, v, np.expm1(v)), x),
        ('Erf', lambda v: n(torch.erf(t(v))), x), ('Erfc', lambda v: n(torch.erfc(t(v))), x), ('Selu', lambda v: n(F.selu(t(v))), x),
        ('StopGradient', lambda v: v, x), ('PreventGradient', lambda v: v, x), ('Snapshot', lambda v: v, x), ('Identity', lambda v: v, x), ('CheckNumerics', lambda v: v, x),
        ('EnsureShape', lambda v: v, x), ('ZerosLike', np.zeros_like, x), ('OnesLike', np.ones_like, x),
        ('L2Loss', lambda v: np.square(v).sum() / 2, x), ('Softmax', lambda v: n(F.softmax(t(v), -1)), x), ('LogSoftmax', lambda v: n(F.log_softmax(t(v), -1)), x)]:
    case(op, [a], g(a.astype(np.float64)), T=T)
odd = np.array([1, np.inf, -np.inf, np.nan], np.float32)
case('IsFinite', [odd], np.isfinite(odd), T=T)
case('IsInf', [odd], np.isinf(odd), T=T)
case('IsNan', [odd], np.isnan(odd), T=T)
case('LeakyRelu', [x], np.where(x > 0, x, 0.2 * x), T=T)
case('LeakyRelu', [x], np.where(x > 0, x, 0.5 * x), T=T, alpha=0.5)
case('LogicalNot', [x > 0], ~(x > 0))
case('Cast', [x], x.astype(np.int32), SrcT=T, DstT={'type': 'int32'})
case('Cast', [x > 0], (x > 0).astype(np.float32), SrcT={'type': 'bool'}, DstT=T)
case('Cast', [x], x, SrcT=T, DstT=T)

# pairs
y = f(5)
z = f(2, 1, lo=0.3, hi=2)
for op, g in [('Add', np.add), ('AddV2', np.add), ('Sub', np.subtract), ('Mul', np.multiply), ('RealDiv', np.divide), ('Div', np.divide), ('Maximum', np.maximum),
              ('Minimum', np.minimum), ('FloorDiv', np.floor_divide), ('FloorMod', np.mod), ('SquaredDifference', lambda a, b: (a - b) ** 2), ('Equal', np.equal),
              ('NotEqual', np.not_equal), ('Less', np.less), ('LessEqual', np.less_equal), ('Greater', np.greater), ('GreaterEqual', np.greater_equal),
              ('Atan2', np.arctan2)]:
    case(op, [x, z], g(x, z), T=T)
case('Add', [x, K(y)], x + y, T=T)
case('Pow', [p, x], p.astype(np.float64) ** x, T=T)
a, b = i(6), np.array([2, -3, 4, 2, -2, 3], np.int32)
I = {'type': 'int32'}
case('FloorDiv', [a, b], a // b, T=I)
case('FloorMod', [a, b], a % b, T=I)
case('TruncateDiv', [a, b], np.trunc(a / b).astype(np.int32), T=I)
case('Div', [a, b], np.trunc(a / b).astype(np.int32), T=I)
w = np.array([1, 0, -2, 0], np.float32)
v = np.array([3, 5, 0, 0], np.float32)
case('DivNoNan', [v, w], np.array([3, 0, 0, 0], np.float32), T=T)
case('MulNoNan', [np.array([np.inf, np.nan, 2], np.float32), np.array([0, 0, 3], np.float32)], np.array([0, 0, 6], np.float32), T=T)
case('Xlogy', [np.array([0, 2], np.float32), np.array([0, 3], np.float32)], np.array([0, 2 * np.log(3)]), T=T)
case('Xdivy', [np.array([0, 2], np.float32), np.array([0, 4], np.float32)], np.array([0, 0.5]), T=T)
case('LogicalAnd', [x > 0, y > 0], (x > 0) & (y > 0))
case('LogicalOr', [x > 0, y > 0], (x > 0) | (y > 0))
case('AddN', [x, x, p], x + x + p, T=T, N=3)
case('AddN', [x], x, T=T, N=1)
case('AccumulateNV2', [x, p], x + p, T=T, N=2)
case('ClipByValue', [x, K(np.float32(-1)), K(np.float32(0.5))], np.clip(x, -1, 0.5), T=T)
case('Select', [np.array([True, False]), x, p], np.where([[True], [False]], x, p), T=T)
case('Select', [x > 0, x, p], np.where(x > 0, x, p), T=T)
case('Select', [np.array(True), x, p], x, T=T)
case('SelectV2', [y > 0, x, p], np.where(y > 0, x, p), T=T)
case('IdentityN', [x, p], [x, p], T={'types': ['float32', 'float32']})

# products
m, k = f(3, 4), f(4, 2)
case('MatMul', [m, K(k)], m @ k, T=T)
case('MatMul', [m.T.copy(), k.T.copy()], m @ k, T=T, transpose_a=True, transpose_b=True)
q, r = f(2, 3, 4), f(2, 4, 2)
for op in 'BatchMatMul', 'BatchMatMulV2', 'BatchMatMulV3':
    case(op, [q, r], q @ r, T=T)
case('BatchMatMulV2', [q, np.swapaxes(r, 1, 2).copy()], q @ r, T=T, adj_y=True)
case('Einsum', [q, r], np.einsum('bij,bjk->bik', q, r), T=T, equation='bij,bjk->bik', N=2)
bias = f(2)
case('_FusedMatMul', [m, K(k), K(bias)], np.maximum(m @ k + bias, 0), T=T, fused_ops=['BiasAdd', 'Relu'], num_args=1)

# convolutions and pools: PyTorch's are correlations too, with kernels OIHW


def conv(x, k, stride=(1, 1), dilation=(1, 1), pads=((0, 0), (0, 0)), groups=1):
    out = F.conv2d(F.pad(t(nchw(x)), (*pads[1], *pads[0])), t(np.transpose(k, (3, 2, 0, 1))), stride=stride, dilation=dilation, groups=groups)
    return nhwc(n(out))


def same(size, window, stride, dilation=1):
    total = max((-(-size // stride) - 1) * stride + (window - 1) * dilation + 1 - size, 0)
    return (total // 2, total - total // 2)


im, ke = f(2, 5, 6, 3), f(3, 3, 3, 2)
case('Conv2D', [im, K(ke)], conv(im, ke), T=T, padding='VALID', strides=[1, 1, 1, 1])
case('Conv2D', [im, ke], conv(im, ke, (2, 2), pads=(same(5, 3, 2), same(6, 3, 2))), T=T, padding='SAME', strides=[1, 2, 2, 1])
case('Conv2D', [im, K(ke)], conv(im, ke, (1, 2), (2, 1), ((1, 0), (2, 1))), T=T, padding='EXPLICIT', strides=[1, 1, 2, 1], dilations=[1, 2, 1, 1],
     explicit_paddings=[0, 0, 1, 0, 2, 1, 0, 0])
case('Conv2D', [nchw(im).copy(), K(ke)], nchw(conv(im, ke, (2, 1))), T=T, padding='VALID', strides=[1, 1, 2, 1], data_format='NCHW')
gr = f(3, 3, 1, 6)
case('Conv2D', [Known(im), K(gr)], conv(im, gr, groups=3), T=T, padding='VALID', strides=[1, 1, 1, 1])
de = f(3, 2, 3, 2)
wide = np.zeros((3, 2, 1, 6), np.float32)
for c in range(3):
    wide[:, :, 0, 2 * c:2 * c + 2] = de[:, :, c]
case('DepthwiseConv2dNative', [im, K(de)], conv(im, wide, groups=3), T=T, padding='VALID', strides=[1, 1, 1, 1])
case('_FusedConv2D', [im, K(ke), K(bias)], np.maximum(conv(im, ke) + bias, 0), T=T, padding='VALID', strides=[1, 1, 1, 1], fused_ops=['BiasAdd', 'Relu'])
case('FusedConv2D', [im, K(ke), K(bias), K(bias)], np.where(conv(im, ke) + bias > 0, conv(im, ke) + bias, bias * (conv(im, ke) + bias)), T=T, padding='VALID',
     strides=[1, 1, 1, 1], fused_ops=['BiasAdd', 'Prelu'])
case('FusedDepthwiseConv2dNative', [im, K(de), K(f(6) * 0 + 1)], np.clip(conv(im, wide, groups=3) + 1, 0, 6), T=T, padding='VALID', strides=[1, 1, 1, 1],
     fused_ops=['BiasAdd', 'Relu6'])
scale, shift, mean, var = f(2), f(2), f(2), f(2, lo=0.3, hi=2)
c = conv(im, ke)
case('_FusedConv2D', [im, K(ke), K(scale), K(shift), K(mean), K(var)], (c - mean) / np.sqrt(var + 0.01) * scale + shift, T=T, padding='VALID', strides=[1, 1, 1, 1],
     fused_ops=['FusedBatchNorm'], epsilon=0.01)
dy = f(2, 3, 3, 2)
up = torch.nn.grad.conv2d_input((2, 3, 7, 7), t(np.transpose(ke, (3, 2, 0, 1))), t(nchw(dy)), stride=2)
case('Conv2DBackpropInput', [K([2, 7, 7, 3]), K(ke), dy], nhwc(n(up)), T=T, padding='VALID', strides=[1, 2, 2, 1])
ax = f(2, 5, 6, 3)
case('MaxPool', [ax], nhwc(n(F.max_pool2d(t(nchw(ax)), 2, 2))), T=T, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID')
case('MaxPool', [nchw(ax).copy()], n(F.max_pool2d(t(nchw(ax)), (3, 2), (1, 2))), T=T, ksize=[1, 1, 3, 2], strides=[1, 1, 1, 2], padding='VALID', data_format='NCHW')
pool = F.avg_pool2d(F.pad(t(nchw(ax)), (0, 0, 0, 1)), 2, 2) / F.avg_pool2d(F.pad(torch.ones(2, 3, 5, 6, dtype=torch.float64), (0, 0, 0, 1)), 2, 2)
case('AvgPool', [ax], nhwc(n(pool)), T=T, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
wl = f(1, 2, 2, 6)
case('LRN', [wl], nhwc(n(F.local_response_norm(t(nchw(wl)), 5, alpha=0.3 * 5, beta=0.6, k=1.5))), T=T, depth_radius=2, bias=1.5, alpha=0.3, beta=0.6)
chan = f(3)
case('BiasAdd', [ax, K(chan)], ax + chan, T=T)
case('BiasAdd', [nchw(ax).copy(), K(chan)], nchw(ax) + chan[:, None, None], T=T, data_format='NCHW')
case('BiasAddV1', [ax, K(chan)], ax + chan, T=T)
case('Prelu', [ax, K(chan)], np.where(ax > 0, ax, chan * ax), T=T)
s3, b3, m3, v3 = f(3), f(3), f(3), f(3, lo=0.3, hi=2)
normed = (ax - m3) / np.sqrt(v3 + 0.001) * s3 + b3
bm, bv = ax.astype(np.float64).mean((0, 1, 2)), ax.astype(np.float64).var((0, 1, 2))
batched = (ax - bm) / np.sqrt(bv + 0.001) * s3 + b3
for op in 'FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3':
    case(op, [ax, K(s3), K(b3), K(m3), K(v3)], [normed, m3, v3], T=T, epsilon=0.001, is_training=False)
    case(op, [ax, K(s3), K(b3), K(np.zeros(0, np.float32)), K(np.zeros(0, np.float32))], [batched, bm, bv * 60 / 59], T=T, epsilon=0.001)
case('FusedBatchNormV3', [nchw(ax).copy(), K(s3), K(b3), K(m3), K(v3)], nchw(normed), T=T, epsilon=0.001, is_training=False, data_format='NCHW')
case('FusedBatchNorm', [nchw(ax).copy(), K(s3), K(b3), K(m3), K(v3)], [nchw(batched), bm, bv * 60 / 59], T=T, epsilon=0.001, data_format='NCHW')
size = K([7, 4])
case('ResizeBilinear', [ax, size], nhwc(n(F.interpolate(t(nchw(ax)), (7, 4), mode='bilinear', align_corners=True))), T=T, align_corners=True)
case('ResizeBilinear', [ax, size], nhwc(n(F.interpolate(t(nchw(ax)), (7, 4), mode='bilinear', align_corners=False))), T=T, half_pixel_centers=True)
case('ResizeNearestNeighbor', [ax, size], nhwc(n(F.interpolate(t(nchw(ax)), (7, 4), mode='nearest'))), T=T)
d2s = f(1, 2, 3, 8)
case('DepthToSpace', [d2s], d2s.reshape(1, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 6, 2), T=T, block_size=2)
s2d = f(1, 4, 6, 2)
case('SpaceToDepth', [s2d], s2d.reshape(1, 2, 2, 3, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 2, 3, 8), T=T, block_size=2)
sb = f(1, 3, 4, 2)
padded = np.pad(sb, ((0, 0), (1, 0), (2, 0), (0, 0)))
moved = padded.reshape(1, 2, 2, 2, 3, 2).transpose(2, 4, 0, 1, 3, 5).reshape(6, 2, 2, 2)
case('SpaceToBatchND', [sb, K([2, 3]), K([[1, 0], [2, 0]])], moved, T=T)
case('BatchToSpaceND', [moved.copy(), K([2, 3]), K([[1, 0], [2, 0]])], sb, T=T)

# losses and choices
lo, la = f(3, 4), np.array([2, 0, 3], np.int32)
ce = n(F.cross_entropy(t(lo), torch.from_numpy(la.astype(np.int64)), reduction='none'))
soft = n(F.softmax(t(lo), -1))
case('SparseSoftmaxCrossEntropyWithLogits', [Known(lo), la], [ce, soft - np.eye(4)[la]], T=T, Tlabels=I)
pr = np.abs(lo) / np.abs(lo).sum(1, keepdims=True)
case('SoftmaxCrossEntropyWithLogits', [lo, pr], [-(pr * n(F.log_softmax(t(lo), -1))).sum(1), soft - pr], T=T)
rank = (lo > lo[np.arange(3), la][:, None]).sum(1)
case('InTopK', [lo, la], rank < 2, T=I, k=2)
case('InTopKV2', [lo, la, K(np.int32(2))], rank < 2, T=I)
order = np.argsort(-lo, axis=1, kind='stable')[:, :2].astype(np.int32)
case('TopK', [lo], [np.take_along_axis(lo, order, 1), order], T=T, k=2)
case('TopKV2', [lo, K(np.int32(2))], [np.take_along_axis(lo, order, 1), order], T=T)
case('ArgMax', [lo, K(np.int32(1))], lo.argmax(1), T=T)
case('ArgMin', [lo, K(np.int32(-2))], lo.argmin(0).astype(np.int32), T=T, output_type=I)

# reductions
big = f(2, 3, 4)
for op, g in [('Sum', np.sum), ('Mean', np.mean), ('Max', np.max), ('Min', np.min), ('Prod', np.prod)]:
    case(op, [big, K([1])], g(big.astype(np.float64), 1), T=T)
    case(op, [big, K([0, -1])], g(big.astype(np.float64), (0, 2), keepdims=True), T=T, keep_dims=True)
case('Sum', [big, K(np.zeros(0, np.int32))], big, T=T)
case('All', [big > -1, K([2])], (big > -1).all(2))
case('Any', [big > 1, K([2])], (big > 1).any(2, keepdims=True), keep_dims=True)
case('EuclideanNorm', [big, K([1])], np.sqrt((big.astype(np.float64) ** 2).sum(1)), T=T)
case('Cumsum', [big, K(np.int32(1))], big.cumsum(1), T=T)
case('Cumsum', [big, K(np.int32(1))], np.flip(np.cumsum(np.flip(big, 1), 1), 1) - big, T=T, exclusive=True, reverse=True)
case('Cumprod', [big, K(np.int32(2))], big.cumprod(2), T=T)

# shapes
case('Reshape', [big, K([4, -1])], big.reshape(4, 6), T=T)
case('Shape', [big], np.array([2, 3, 4], np.int32), T=T)
case('ShapeN', [big, x], [np.array([2, 3, 4], np.int64), np.array([2, 5], np.int64)], T=T, out_type={'type': 'int64'}, N=2)
case('Size', [big], np.int32(24), T=T)
case('Rank', [big], np.int32(3), T=T)
case('ExpandDims', [big, K(np.int32(-1))], big[..., None], T=T)
case('Squeeze', [big[:, :1]], big[:, 0], T=T, squeeze_dims=[1])
case('Squeeze', [Known(big[:, :1])], big[:, 0], T=T)
case('Transpose', [big, K([2, 0, 1])], big.transpose(2, 0, 1), T=T)
case('ReverseV2', [big, K([0, 2])], big[::-1, :, ::-1], T=T)
case('Concat', [K(np.int32(1)), big, big[:, :1]], np.concatenate([big, big[:, :1]], 1), T=T, N=2)
case('ConcatV2', [big, big[:1], K(np.int32(0))], np.concatenate([big, big[:1]], 0), T=T, N=2)
case('Pack', [x, p], np.stack([x, p], 1), T=T, N=2, axis=1)
case('Unpack', [Known(x)], [x[0], x[1]], T=T, num=2)
case('Split', [K(np.int32(2)), big], [big[..., :2], big[..., 2:]], T=T, num_split=2)
case('SplitV', [big, K([1, 2]), K(np.int32(1))], [big[:, :1], big[:, 1:]], T=T, num_split=2)
case('Slice', [big, K([0, 1, 2]), K([1, -1, 2])], big[:1, 1:, 2:4], T=T)
S = dict(T=T, Index=I)
case('StridedSlice', [big, K([0, 0, 1]), K([0, 2, -1]), K([1, 1, 1])], big[:, :2, 1:-1], begin_mask=3, end_mask=1, **S)
case('StridedSlice', [big, K([-1, 0]), K([0, 0]), K([1, 1])], big[-1], begin_mask=2, end_mask=2, shrink_axis_mask=1, **S)
case('StridedSlice', [big, K([0, 3]), K([0, 0]), K([1, -2])], big[..., 3:0:-2], ellipsis_mask=1, **S)
case('StridedSlice', [big, K([1, 0, 0]), K([2, 0, 0]), K([1, 1, 1])], big[1, None], shrink_axis_mask=1, new_axis_mask=2, begin_mask=4, end_mask=4, **S)
case('StridedSlice', [big, K([0, 0, 2]), K([0, 0, 3]), K([1, 1, 1])], big[None, ..., 2], new_axis_mask=1, ellipsis_mask=2, shrink_axis_mask=4, **S)
case('Tile', [x, K([2, 3])], np.tile(x, (2, 3)), T=T)
case('Pad', [x, K([[1, 0], [0, 2]])], np.pad(x, ((1, 0), (0, 2))), T=T)
case('PadV2', [x, K([[1, 0], [0, 2]]), K(np.float32(9))], np.pad(x, ((1, 0), (0, 2)), constant_values=9), T=T)
case('MirrorPad', [x, K([[1, 0], [0, 2]])], np.pad(x, ((1, 0), (0, 2)), 'reflect'), T=T, mode='REFLECT')
case('MirrorPad', [x, K([[1, 0], [0, 2]])], np.pad(x, ((1, 0), (0, 2)), 'symmetric'), T=T, mode='SYMMETRIC')
at = np.array([[2, 0], [1, 1]], np.int32)
case('Gather', [big[0], at], big[0][at], T=T)
case('GatherV2', [big, at, K(np.int32(1))], big[:, at], T=T)
case('GatherNd', [big, Known(np.array([[1, 0], [0, 2]], np.int32))], np.stack([big[1, 0], big[0, 2]]), T=T)
hot = np.full((2, 2, 3), -1, np.float32)
for a in range(2):
    for b in range(2):
        hot[a, b, at[a, b]] = 5
case('OneHot', [at, K(np.int32(3)), K(np.float32(5)), K(np.float32(-1))], hot, T=T)
case('OneHot', [at, K(np.int32(3)), K(np.float32(5)), K(np.float32(-1))], hot.transpose(0, 2, 1), T=T, axis=1)
case('Fill', [K([2, 3]), np.float32(1.5)], np.full((2, 3), 1.5, np.float32), T=T)
case('Range', [K(np.int32(2)), K(np.int32(9)), K(np.int32(3))], np.arange(2, 9, 3, dtype=np.int32), Tidx=I)
case('Range', [K(np.float32(1)), K(np.float32(2)), K(np.float32(0.25))], np.arange(1, 2, 0.25, dtype=np.float32), Tidx=T)
case('BroadcastTo', [y, K([3, 5])], np.broadcast_to(y, (3, 5)), T=T)

out = os.environ.get('GOLDEN_OUT') or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'transfer', 'tensorflow', 'testdata')
with open(os.path.join(out, 'ops.json.gz'), 'wb') as file:
    with gzip.GzipFile(filename='', mode='wb', fileobj=file, mtime=0, compresslevel=9) as z:
        z.write(json.dumps(cases, separators=(',', ':')).encode())
