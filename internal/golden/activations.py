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
for op, variant, fn, params in ELEMENTWISE:
    y, dx = run(fn, X, DY)
    in_float32(op, fn, X, DY, y, dx, 3e-6, 2e-6)
    f.add(op, variant, {"x": X, "dy": DY}, {"y": y, "dx": dx}, params)

    # Far out and near 0. exp(x)-1 cancels in torch's ELU near 0, so the forward value there is expm1's.
    y, dx = run(fn, XT, DYT)
    y = y.detach().numpy().copy()
    if op == "ELU":
        neg = XT < 0
        y[neg] = params["alpha"] * np.expm1(XT[neg])
    if op == "SELU":
        neg = XT < 0
        y[neg] = SCALE * ALPHA * np.expm1(XT[neg])
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
