"""activations.json: y = f(x), dx = dy * f'(x), elementwise unless it says softmax."""
import math

import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("activations", "inputs x, dy; outputs y, dx. Kinks (x = 0) are only in the cases KINK. PReLU adds alpha and dalpha.")
SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772
TINY = float(np.float32(1e-40))  # denormal in float32


def softplus(x):  # torch's own cuts over to y = x at 20, visible in float64
    return torch.clamp(x, min=0) + torch.log1p(torch.exp(-torch.abs(x)))


def run(fn, x, dy):
    x = var(x)
    y = fn(x)
    dx, = torch.autograd.grad(y, x, torch.tensor(dy, dtype=torch.float64))
    return y, dx


def in_float32(name, fn, x, dy, y, dx, rtol, atol):
    x = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    y32 = fn(x)
    dx32, = torch.autograd.grad(y32, x, torch.tensor(dy, dtype=torch.float32))
    agree(name + " y", y32, y, rtol, atol)
    agree(name + " dx", dx32, dx, rtol, atol)


# name, op, function, torch's own function where another is used above, params, dx at (inf, -inf) as factor of dy
ELEMENTWISE = [
    ("ReLU", "", torch.relu, {}),
    ("ReLU6", "", F.relu6, {}),
    ("LeakyReLU", "alpha=0.2", lambda x: F.leaky_relu(x, 0.2), {"alpha": 0.2}),
    ("LeakyReLU", "alpha=0.01", lambda x: F.leaky_relu(x, 0.01), {"alpha": 0.01}),
    ("RReLU", "eval", lambda x: F.rrelu(x, 1.0 / 8, 1.0 / 3, training=False), {"lower": 1.0 / 8, "upper": 1.0 / 3}),
    ("ELU", "alpha=1", lambda x: F.elu(x, 1.0), {"alpha": 1}),
    ("ELU", "alpha=0.5", lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
    ("SELU", "", F.selu, {"scale": SCALE, "alpha": ALPHA}),
    ("Softplus", "", softplus, {}),
    ("Sigmoid", "", torch.sigmoid, {}),
    ("Tanh", "", torch.tanh, {}),
    ("Softsign", "", F.softsign, {}),
    ("Swish", "", F.silu, {}),
    ("GELU", "erf", F.gelu, {"approximate": 0}),
    ("GELU", "tanh", lambda x: F.gelu(x, approximate="tanh"), {"approximate": 1}),
]
join = lambda *p: "/".join(q for q in p if q)
X = grid(1, (5, 7), 12.0)
DY = grid(2, (5, 7), 4.0)
XT = np.array([1000, -1000, 100, -100, 88, -88, 30, -30, 20.5, -20.5, 6.5, 1e-3, -1e-3, 1e-6, -1e-6, TINY, -TINY])
XT = XT.astype(np.float32).astype(np.float64)
DYT = np.ones_like(XT) * 1.5


def elementwise(f, cases):
    for op, variant, fn, params in cases:
        y, dx = run(fn, X, DY)
        in_float32(op, fn, X, DY, y, dx, 3e-6, 2e-6)
        f.add(op, variant, {"x": X, "dy": DY}, {"y": y, "dx": dx}, params)

        # Far out and near 0. exp(x)-1 cancels in torch's ELU and CELU near 0, so the forward value there is expm1's.
        y, dx = run(fn, XT, DYT)
        y = y.detach().numpy().copy()
        if op == "ELU":
            neg = XT < 0
            y[neg] = params["alpha"] * np.expm1(XT[neg])
        if op == "SELU":
            neg = XT < 0
            y[neg] = SCALE * ALPHA * np.expm1(XT[neg])
        if op == "CELU":
            neg = XT < 0
            y[neg] = params["alpha"] * np.expm1(XT[neg] / params["alpha"])
        in_float32(op + " extreme", fn, XT, DYT, y, dx, 3e-6, 2e-6)
        f.add(op, join(variant, "EXTREME"), {"x": XT, "dy": DYT}, {"y": y, "dx": dx}, params)

        # Infinities: the limits. torch gives NaN for some gradients (inf*0); those are not recorded.
        xi = np.array([np.inf, -np.inf, 1.0])
        y, dx = run(fn, xi, np.array([2.0, 2.0, 2.0]))
        y, dx = y.detach().numpy(), dx.numpy()
        out = {"y": y, "dx": dx}
        note = ""
        if op in ("Softplus",):
            agree("softplus inf", y, [math.inf, 0, math.log1p(math.e)])
            out["dx"], note = np.array([2.0, 0.0, 2 / (1 + math.exp(-1))]), "dx is the limit, 2*sigmoid(x)"
        elif np.isnan(y).any():
            continue  # Swish, GELU, Softsign: no single convention
        elif np.isnan(dx).any():
            out.pop("dx")
        f.add(op, join(variant, "INF"), {"x": xi, "dy": np.array([2.0, 2.0, 2.0])}, out, params, note=note)
        xn = np.array([np.nan, 1.0, -1.0])
        y, _ = run(fn, xn, np.ones(3))
        assert np.isnan(y.detach().numpy()[0])
        f.add(op, join(variant, "NAN"), {"x": xn}, {"y": y}, params, note="forward only: NaN stays NaN")


elementwise(f, ELEMENTWISE)

# The value of the gradient at 0 by TensorFlow's kernels, by hand; torch agrees except for SELU (scale*alpha) and ELU(.5) (alpha).
KINK = np.array([0.0, -0.0])
for op, variant, params, y0, d0, torch_fn in [
    ("ReLU", "", {}, 0, 0.0, torch.relu),
    ("LeakyReLU", "alpha=0.2", {"alpha": 0.2}, 0, 0.2, lambda x: F.leaky_relu(x, 0.2)),
    ("ELU", "alpha=1", {"alpha": 1}, 0, 1.0, F.elu),
    ("SELU", "", {"scale": SCALE, "alpha": ALPHA}, 0, SCALE, None),
]:
    if torch_fn:
        y, dx = run(torch_fn, KINK, np.array([2.0, 2.0]))
        agree(op + " kink", y, [y0, y0])
        agree(op + " kink", dx, [2 * d0, 2 * d0])
    f.add(op, join(variant, "KINK"), {"x": KINK, "dy": np.array([2.0, 2.0])},
          {"y": np.array([0.0, 0.0]), "dx": np.array([2 * d0, 2 * d0])}, params,
          note="TensorFlow's derivative at 0" + ("; PyTorch's is scale*alpha" if op == "SELU" else ""))

# PReLU: alpha a scalar, or one per channel (the last axis; torch has channels on axis 1).
for variant, shape, channels in [("shared", (5, 7), 1), ("channel", (5, 7), 7), ("channel4D", (2, 3, 4, 3), 3), ("shared4D", (2, 3, 4, 3), 1)]:
    x, dy = grid(3, shape, 6.0), grid(4, shape, 4.0)
    alpha = np.array([0.25]) if channels == 1 else np.abs(grid(5, (channels,), 1.0))
    xt, at = var(x), var(alpha)
    last = xt if len(shape) == 2 else xt.permute(0, 3, 1, 2)
    y = F.prelu(last, at)
    if len(shape) == 4:
        y = y.permute(0, 2, 3, 1)
    dx, dalpha = torch.autograd.grad(y, (xt, at), torch.tensor(dy))
    agree("prelu", y, np.where(x > 0, x, x * alpha))
    agree("prelu", dalpha, np.where(x > 0, 0, x * dy).reshape(-1, channels).sum(0) if channels > 1 else [np.where(x > 0, 0, x * dy).sum()])
    f.add("PReLU", variant, {"x": x, "alpha": alpha, "dy": dy}, {"y": y, "dx": dx, "dalpha": dalpha},
          note="alpha has shape [1] when shared, [channels] otherwise; channels are the last axis")

# Softmax over the last axis.
for op, fn in (("Softmax", lambda x: torch.softmax(x, -1)), ("LogSoftmax", lambda x: torch.log_softmax(x, -1))):
    for variant, x in (("2D", grid(6, (5, 7), 10.0)), ("3D", grid(7, (2, 3, 5), 10.0)), ("wide", grid(8, (2, 37), 20.0)),
                       ("oneClass", grid(9, (3, 1), 10.0)), ("1D", grid(10, (6,), 4.0))):
        dy = grid(11, x.shape, 4.0)
        y, dx = run(fn, x, dy)
        in_float32(op, fn, x, dy, y, dx, 1e-5, 2e-6)
        f.add(op, variant, {"x": x, "dy": dy}, {"y": y, "dx": dx})
    x = np.array([[1000, -1000, 0], [1000, 1000, 999], [-1000, -1000, -1001], [0, 0, 0], [TINY, -TINY, 1]])
    dy = np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3.0]])
    y, dx = run(fn, x, dy)
    f.add(op, "EXTREME", {"x": x, "dy": dy}, {"y": y, "dx": dx})
    x = np.array([[-np.inf, 1, 2], [-np.inf, -np.inf, 5], [np.inf, 1, 2], [-np.inf, -np.inf, -np.inf], [np.nan, 1, 2], [0, 1, 2]])
    y, _ = run(fn, x, np.ones_like(x))
    f.add(op, "INF", {"x": x}, {"y": y}, note="forward only: a -inf logit is a mask, +inf or all -inf or NaN makes its row NaN, other rows stay clean")
f.save()

# activations2.json.gz: those that the first file has no room for.
f = File("activations2", "inputs x, dy; outputs y, dx. Kinks are only in the cases KINK.")


def hard_sigmoid(slope, offset):
    return lambda x: torch.clamp(x * slope + offset, 0, 1)


# torch's own gradient multiplies by 1/6 rounded to float32, in float64 too.
agree("hard sigmoid", run(F.hardsigmoid, X, DY)[0], run(hard_sigmoid(1.0 / 6, 0.5), X, DY)[0])
agree("hard sigmoid", run(F.hardsigmoid, X, DY)[1], run(hard_sigmoid(1.0 / 6, 0.5), X, DY)[1], 1e-7, 1e-7)


elementwise(f, [
    ("CELU", "alpha=1", lambda x: F.celu(x, 1.0), {"alpha": 1}),
    ("CELU", "alpha=0.5", lambda x: F.celu(x, 0.5), {"alpha": 0.5}),
    ("CELU", "alpha=3", lambda x: F.celu(x, 3.0), {"alpha": 3}),
    ("SwishBeta", "beta=1.5", lambda x: x * torch.sigmoid(1.5 * x), {"beta": 1.5}),
    ("SwishBeta", "beta=-0.5", lambda x: x * torch.sigmoid(-0.5 * x), {"beta": -0.5}),
    ("Mish", "", F.mish, {}),
    ("HardSigmoid", "", hard_sigmoid(1.0 / 6, 0.5), {"slope": 1.0 / 6, "offset": 0.5}),
    ("HardSigmoid", "keras", hard_sigmoid(0.2, 0.5), {"slope": 0.2, "offset": 0.5}),
    ("HardSwish", "", F.hardswish, {}),
    ("HardTanh", "", F.hardtanh, {"lo": -1, "hi": 1}),
    ("HardTanh", "uneven", lambda x: F.hardtanh(x, -0.5, 2.0), {"lo": -0.5, "hi": 2}),
    ("Threshold", "", lambda x: F.threshold(x, 0.5, -3.0), {"threshold": 0.5, "value": -3}),
    ("LogSigmoid", "", F.logsigmoid, {}),
])

# torch's value at the kinks, whose derivative is that of one side.
for op, params, fn, at, slopes in [
    ("ReLU6", {}, F.relu6, [0, 6], [0, 0]),
    ("HardTanh", {"lo": -1, "hi": 1}, F.hardtanh, [-1, 1], [0, 0]),
    ("HardSigmoid", {"slope": 1.0 / 6, "offset": 0.5}, F.hardsigmoid, [-3, 3], [0, 0]),
    ("HardSwish", {}, F.hardswish, [-3, 3], [-0.5, 1.5]),
    ("Threshold", {"threshold": 0.5, "value": -3}, lambda x: F.threshold(x, 0.5, -3.0), [0.5], [0]),
]:
    x, dy = np.array(at, dtype=np.float64), np.full(len(at), 2.0)
    y, dx = run(fn, x, dy)
    agree(op + " kink", dx, 2 * np.array(slopes, dtype=np.float64))
    f.add(op, "KINK", {"x": x, "dy": dy}, {"y": y, "dx": dx}, params)


def sparsemax_threshold(z):  # by bisection: sum(max(z - t, 0)) falls from above 1 to below
    lo, hi = z.max() - 1, z.max()
    for _ in range(200):
        t = (lo + hi) / 2
        if np.maximum(z - t, 0).sum() > 1:
            lo = t
        else:
            hi = t
    return (lo + hi) / 2


def sparsemax(x):  # Martins and Astudillo (2016), algorithm 1
    z, _ = torch.sort(x, -1, descending=True)
    k = torch.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    total = torch.cumsum(z, -1)
    size = (1 + k * z > total).sum(-1, keepdim=True)
    return torch.clamp(x - (torch.gather(total, -1, size - 1) - 1) / size, min=0)


for variant, x in (("2D", grid(24, (6, 7), 3.0)), ("3D", grid(13, (2, 3, 5), 3.0)), ("wide", grid(14, (2, 137), 6.0)), ("narrow", grid(15, (4, 9), 0.25)),
                   ("oneClass", grid(16, (3, 1), 4.0)), ("1D", grid(17, (6,), 2.0)), ("far", grid(18, (3, 5), 4.0) + 1000)):
    dy = grid(19, x.shape, 4.0)
    y, dx = run(sparsemax, x, dy)
    rows = x.reshape(-1, x.shape[-1])
    by_bisection = np.stack([np.maximum(r - sparsemax_threshold(r), 0) for r in rows]).reshape(x.shape)
    agree("sparsemax", y, by_bisection, 1e-10, 1e-10)
    support = y.detach().numpy() > 0
    mean = (dy * support).sum(-1, keepdims=True) / support.sum(-1, keepdims=True)
    agree("sparsemax dx", dx, support * (dy - mean), 1e-12, 1e-12)
    f.add("Sparsemax", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx})

for variant, shape, axis in (("last", (5, 6), -1), ("first", (4, 3), 0), ("middle", (2, 4, 3), 1), ("negative", (2, 6, 2), -2), ("1D", (8,), 0), ("halfOne", (3, 2), 1)):
    x = grid(20, shape, 8.0)
    half = list(shape)
    half[axis] //= 2
    dy = grid(21, half, 4.0)
    y, dx = run(lambda v: F.glu(v, axis), x, dy)
    a, b = np.split(x, 2, axis)
    agree("glu", y, a / (1 + np.exp(-b)))
    f.add("GLU", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, axes=[axis])

# tf.contrib.layers.maxout: the largest of every k neighbours.
for variant, shape, axis, units in (("last", (5, 6), -1, 2), ("one", (4, 3), 1, 1), ("all", (4, 3), 1, 3), ("middle", (2, 6, 3), 1, 3), ("first", (4, 2), 0, 2)):
    x = grid(22, shape, 8.0)
    at = axis % len(shape)
    out = list(shape)
    out[at] = units
    dy = grid(23, out, 4.0)
    y, dx = run(lambda v: v.unflatten(at, (units, shape[at] // units)).max(at + 1).values, x, dy)
    k = shape[at] // units
    agree("maxout", y, np.maximum.reduce([np.take(x, np.arange(units) * k + j, at) for j in range(k)]))
    f.add("Maxout", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"units": units}, axes=[axis])
f.save(gz=True)
