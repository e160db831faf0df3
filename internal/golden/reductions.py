"""reductions, math and math2 (elementwise functions and where), binary (two operands, broadcast), matmul, statistics, sequences."""
import itertools

import numpy as np
import torch
from goldenfile import File, agree, grid, var

T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))

# ---- reductions ----
f = File("reductions", "inputs x [2,3,4], dy (of y's shape); outputs y, dx; axes as listed, no axes: all; params keepDims. ArgMax: axes[0], y of integers.")
X = grid(300, (2, 3, 4), 6.0)
TIES = np.floor(grid(301, (2, 3, 4), 6.0) / 2)  # few distinct values
OPS = {"Sum": torch.sum, "Mean": torch.mean, "Max": torch.amax, "Min": torch.amin}
AXES = [None, [0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [0, 1, 2]]


def label(axes):
    return "all" if axes is None else "axes=" + ",".join(map(str, axes))


def reduce_case(op, variant, x, axes, keep, note=""):
    fn = OPS[op]
    xt = var(x)
    y = fn(xt, dim=tuple(range(x.ndim)) if axes is None else tuple(axes), keepdim=bool(keep))
    dy = grid(302, tuple(y.shape), 4.0)
    dx, = torch.autograd.grad(y, xt, T(dy))
    reference = {"Sum": np.sum, "Mean": np.mean, "Max": np.max, "Min": np.min}[op]
    agree(op, y, reference(x, axis=None if axes is None else tuple(axes), keepdims=bool(keep)), 1e-12, 1e-13)
    f.add(op, variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"keepDims": keep}, axes=axes or [], note=note)


for op in OPS:
    for axes in AXES:
        reduce_case(op, label(axes), X, axes, 0)
    for axes in (None, [1], [0, 2]):
        reduce_case(op, label(axes) + "/keepDims", X, axes, 1)
for op in ("Max", "Min"):
    for axes in (None, [0], [2], [0, 2]):
        reduce_case(op, label(axes) + "/TIES", TIES, axes, 0, note="ties share the gradient equally, as in TensorFlow")
for op in ("Sum", "Mean"):
    reduce_case(op, "axes=0/odd", grid(303, (17, 5), 4.0), [0], 0)
    reduce_case(op, "axes=1/odd", grid(303, (5, 37), 4.0), [1], 0)
for axis in (0, 1, 2, -1):
    for variant, x in (("", X), ("/TIES", TIES)):
        y = np.argmax(x, axis)  # the first of equals
        if not variant:
            agree("argmax", torch.argmax(T(x), axis), y)
        f.add("ArgMax", label([axis]) + variant, {"x": x}, {"y": y}, {"keepDims": 0}, axes=[axis], note="the first of equals" if variant else "")
f.save(gz=True)

# ---- math ----
f = File("math", "inputs x, dy; outputs y, dx. Where: inputs cond (0 or 1), a, b, dy; outputs y, da, db.")
ANY, POS, UNIT = grid(310, (4, 5), 6.0), np.abs(grid(311, (4, 5), 8.0)), grid(312, (4, 5), 1.9)
WIDE = np.array([80, -80, 20, 1e-3, -1e-3, 2.0**-20])
POSX = np.array([1e6, 1e-6, 2.0**100, 2.0**-100, 1.0, 1 + 2.0**-20])
single = lambda a: a.astype(np.float32).astype(np.float64)
for op, fn, xs in [
    ("Exp", torch.exp, {"": ANY, "EXTREME": single(WIDE)}),
    ("Expm1", torch.expm1, {"": ANY, "EXTREME": single(WIDE)}),
    ("Log", torch.log, {"": POS, "EXTREME": single(POSX)}),
    ("Log1p", torch.log1p, {"": POS, "EXTREME": single(POSX)}),
    ("Sqrt", torch.sqrt, {"": POS, "EXTREME": single(POSX)}),
    ("Rsqrt", torch.rsqrt, {"": POS}),
    ("Square", torch.square, {"": ANY}),
    ("Reciprocal", torch.reciprocal, {"": ANY}),
    ("Neg", torch.neg, {"": ANY}),
    ("Abs", torch.abs, {"": ANY}),
    ("Sign", torch.sign, {"": ANY}),
    ("Sin", torch.sin, {"": ANY}),
    ("Cos", torch.cos, {"": ANY}),
    ("Erf", torch.erf, {"": ANY}),
    ("Asin", torch.asin, {"": UNIT}),
    ("Atan", torch.atan, {"": ANY}),
    ("Floor", torch.floor, {"": ANY}),
    ("Ceil", torch.ceil, {"": ANY}),
]:
    for variant, x in xs.items():
        dy = grid(313, x.shape, 4.0)
        xt = var(x)
        y = fn(xt)
        dx, = torch.autograd.grad(y, xt, T(dy))
        f.add(op, variant, {"x": x, "dy": dy}, {"y": y, "dx": dx})
for op, fn, x in [
    ("Exp", torch.exp, [np.inf, -np.inf, np.nan, 1000, -1000, 0]),
    ("Log", torch.log, [0, -1, np.inf, np.nan, -np.inf, 1]),
    ("Sqrt", torch.sqrt, [0, -1, np.inf, np.nan, -0.0, 4]),
]:
    f.add(op, "INF", {"x": np.array(x)}, {"y": fn(T(x))}, note="forward only; 1000 and -1000 overflow and vanish in both dtypes")

w = f  # Where is added to it at the end

# ---- two operands ----
f = File("binary", "inputs a, b, dy; outputs y, da, db: the gradients summed to the operand's shape, which broadcasting stretched.")
BINARY = {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Maximum": torch.maximum, "Minimum": torch.minimum,
          "SquaredDifference": lambda a, b: (a - b) ** 2}
SHAPES = [("same", (3, 4), (3, 4)), ("[3,1,4]x[2,1]", (3, 1, 4), (2, 1)), ("[2,1]x[3,1,4]", (2, 1), (3, 1, 4)), ("row", (3, 4), (4,)),
          ("column", (3, 4), (3, 1)), ("scalar", (3, 4), ()), ("scalarLeft", (), (3, 4)), ("[1]x[2,3]", (1,), (2, 3)), ("outer", (3, 1), (1, 4))]


def binary_case(op, variant, fn, a, b, seed=322, note="", exponent=True):
    at, bt = var(a), var(b)
    y = fn(at, bt)
    dy = grid(seed, tuple(y.shape), 4.0)
    da, db = torch.autograd.grad(y, (at, bt), T(dy))
    out = {"y": y, "da": da}
    if exponent:
        out["db"] = db
    f.add(op, variant, {"a": a, "b": b, "dy": dy}, out, note=note)


for op, fn in BINARY.items():
    for variant, sa, sb in SHAPES:
        a, b = grid(320, sa, 6.0), grid(321, sb, 4.0) + 1.0 / 512  # off the grid of a: no ties, no zero divisor
        binary_case(op, variant, fn, a, b)
for variant, sa, sb in SHAPES[:2] + SHAPES[5:6]:
    binary_case("Pow", variant, torch.pow, np.abs(grid(323, sa, 4.0)) + 0.125, grid(324, sb, 6.0))
for e in (2.0, 3.0, 0.5, -1.0, 1.0, 0.0):
    x = grid(325, (3, 4), 4.0)
    if e == 0.5:
        x = np.abs(x)
    binary_case("Pow", "exponent=%g" % e, torch.pow, x, np.array(e), note="constant exponent, negative bases where defined: da only", exponent=False)
# Ties: TensorFlow gives the whole gradient to a (a >= b, a <= b); PyTorch halves it.
a, b, dy = np.array([1.0, 2, 3, -1]), np.array([1.0, 1, 3, -1]), np.array([1.0, 2, 3, 4])
f.add("Maximum", "TIES", {"a": a, "b": b, "dy": dy}, {"y": np.maximum(a, b), "da": dy * (a >= b), "db": dy * ~(a >= b)},
      note="TensorFlow's rule by hand: equal operands, the gradient goes to a; PyTorch halves it")
f.add("Minimum", "TIES", {"a": a, "b": b, "dy": dy}, {"y": np.minimum(a, b), "da": dy * (a <= b), "db": dy * ~(a <= b)},
      note="TensorFlow's rule by hand: equal operands, the gradient goes to a; PyTorch halves it")
f.save(gz=True)

# ---- matmul ----
f = File("matmul", "inputs a, b, dy; outputs y, da, db; params transposeA, transposeB.")
for (m, k, n), (ta, tb) in itertools.product([(3, 4, 5), (1, 7, 1), (9, 17, 6)], itertools.product((0, 1), (0, 1))):
    a, b, dy = grid(330, (k, m) if ta else (m, k), 4.0), grid(331, (n, k) if tb else (k, n), 4.0), grid(332, (m, n), 4.0)
    at, bt = var(a), var(b)
    y = torch.matmul(at.T if ta else at, bt.T if tb else bt)
    da, db = torch.autograd.grad(y, (at, bt), T(dy))
    agree("matmul", y, (a.T if ta else a) @ (b.T if tb else b))
    f.add("MatMul", "%dx%dx%d/%s%s" % (m, k, n, "NT"[ta], "NT"[tb]), {"a": a, "b": b, "dy": dy}, {"y": y, "da": da, "db": db},
          {"transposeA": ta, "transposeB": tb})
for ta, tb in itertools.product((0, 1), (0, 1)):
    a, b, dy = grid(333, (2, 4, 3) if ta else (2, 3, 4), 4.0), grid(334, (2, 5, 4) if tb else (2, 4, 5), 4.0), grid(335, (2, 3, 5), 4.0)
    at, bt = var(a), var(b)
    y = torch.matmul(at.transpose(1, 2) if ta else at, bt.transpose(1, 2) if tb else bt)
    da, db = torch.autograd.grad(y, (at, bt), T(dy))
    f.add("BatchMatMul", "%s%s" % ("NT"[ta], "NT"[tb]), {"a": a, "b": b, "dy": dy}, {"y": y, "da": da, "db": db}, {"transposeA": ta, "transposeB": tb})
f.save(gz=True)

# Where: cond of a's shape, or of one value per row (TensorFlow 1: a vector cond selects rows).
a, b, dy = grid(340, (4, 5), 4.0), grid(341, (4, 5), 4.0), grid(342, (4, 5), 4.0)
for variant, cond in (("", (grid(343, (4, 5), 1.0) > 0).astype(float)), ("rows", np.array([1.0, 0, 0, 1]))):
    c = torch.tensor(cond > 0)
    at, bt = var(a), var(b)
    y = torch.where(c if cond.ndim == 2 else c[:, None], at, bt)
    da, db = torch.autograd.grad(y, (at, bt), T(dy))
    w.add("Where", variant, {"cond": cond, "a": a, "b": b, "dy": dy}, {"y": y, "da": da, "db": db})
a, b, cond, dy = np.array([1.0, np.nan, np.inf, 4]), np.array([np.nan, 2, 3, np.inf]), np.array([1.0, 0, 0, 1]), np.array([1.0, 2, 3, 4])
w.add("Where", "NAN", {"cond": cond, "a": a, "b": b, "dy": dy},
      {"y": np.array([1.0, 2, 3, 4]), "da": dy * cond, "db": dy * (1 - cond)}, note="NaN and Inf on the side not taken do not leak")
w.save()

# ---- the rest of the elementwise functions, and of two operands ----
f = File("math2", "inputs x, dy (or a, b, dy; Atan2: a is y, b is x); outputs y and gradients. FloorDiv has none.")
ABOVE1 = np.abs(grid(350, (4, 5), 6.0)) + 1.0
HALVES = np.array([-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 0.25, -0.75, 7, 8388609.0])
FAR = single(np.array([30, -30, 1000.5, -1e5, 1e-3, 2.0**-20]))
for op, fn, xs in [
    ("Tan", torch.tan, {"": ANY}),
    ("Acos", torch.acos, {"": UNIT}),
    ("Sinh", torch.sinh, {"": ANY, "EXTREME": single(WIDE[1:])}),
    ("Cosh", torch.cosh, {"": ANY, "EXTREME": single(WIDE[1:])}),
    ("Asinh", torch.asinh, {"": ANY, "EXTREME": FAR}),
    ("Acosh", torch.acosh, {"": ABOVE1}),
    ("Atanh", torch.atanh, {"": UNIT}),
    ("Erfc", torch.erfc, {"": ANY, "EXTREME": single(np.array([4, 6.5, -6.5, 9, 0.001]))}),
    ("Round", torch.round, {"": ANY, "HALVES": HALVES}),
    ("Sin", torch.sin, {"EXTREME": FAR}),
    ("Cos", torch.cos, {"EXTREME": FAR}),
]:
    for variant, x in xs.items():
        dy = grid(351, x.shape, 4.0)
        xt = var(x)
        y = fn(xt)
        dx, = torch.autograd.grad(y, xt, T(dy))
        f.add(op, variant, {"x": x, "dy": dy}, {"y": y, "dx": dx})
for variant, sa, sb in SHAPES:
    a, b = grid(352, sa, 12.0), grid(353, sb, 4.0) + 1.0 / 512
    binary_case("Atan2", variant, torch.atan2, a, b)
    binary_case("FloorMod", variant, torch.remainder, a, b)
    agree("mod", torch.remainder(T(a), T(b)), np.mod(a, b))
    y = torch.floor_divide(T(a), T(b))
    agree("floordiv", y, np.floor(a / b))
    f.add("FloorDiv", variant, {"a": a, "b": b}, {"y": y})
f.save(gz=True)

# ---- statistics and norms ----
f = File("statistics", "inputs x, dy; outputs y, dx; axes as listed, no axes: all; params keepDims, correction, ord (-1: infinity).")


def statistic(op, variant, fn, x, axes, keep=0, note="", **params):
    dim = tuple(range(x.ndim)) if axes is None else tuple(axes)
    xt = var(x)
    y = fn(xt, dim, bool(keep))
    dy = grid(360, tuple(y.shape), 4.0)
    dx, = torch.autograd.grad(y, xt, T(dy))
    f.add(op, "/".join(filter(None, [label(axes), variant, "keepDims" if keep else ""])), {"x": x, "dy": dy}, {"y": y, "dx": dx},
          dict({"keepDims": keep}, **params), axes=axes or [], note=note)


def prod(x, dim, keep):
    for axis in sorted({d % x.ndim for d in dim}, reverse=True):
        x = torch.prod(x, axis, keepdim=keep)
    return x


P = grid(361, (2, 3, 4), 3.0)
ZEROS = P.copy()
ZEROS[0, 1, 2] = ZEROS[1, 0, 0] = ZEROS[1, 2, 0] = 0  # one zero in a product, and two
BIG = grid(362, (33, 3), 6.0) + 10000  # about 1e4 +- 3
MASKED = np.array([[1000, 999, -1000, 2], [-np.inf, 0.5, -np.inf, 1], [-1000, -1001, -1002, -1003.0]])
SHORT = [None, [0], [1], [-1], [0, 2], [1, 2]]
for axes in SHORT:
    statistic("Prod", "", prod, P, axes)
    statistic("LogSumExp", "", torch.logsumexp, X, axes)
    for correction in (0, 1):
        for op, fn in (("Variance", torch.var), ("Std", torch.std)):
            statistic(op, "correction=%d" % correction, lambda x, dim, keep: fn(x, dim, unbiased=bool(correction), keepdim=keep), X, axes, correction=correction)
    for p in (1, 2, 3.5, 0.5, -1):
        order = float("inf") if p < 0 else p
        statistic("Norm", "ord=%g" % order, lambda x, dim, keep: torch.linalg.vector_norm(x, order, dim, keep), X, axes, ord=p)
for axes in (None, [1], [0, 2]):
    statistic("Prod", "", prod, P, axes, 1)
    statistic("Prod", "ZERO", prod, ZEROS, axes)
    statistic("LogSumExp", "", torch.logsumexp, X, axes, 1)
    statistic("Variance", "correction=1", lambda x, dim, keep: torch.var(x, dim, unbiased=True, keepdim=keep), X, axes, 1, correction=1)
    statistic("Norm", "ord=2", lambda x, dim, keep: torch.linalg.vector_norm(x, 2, dim, keep), X, axes, 1, ord=2)
for axes in ([0], [1], None):
    statistic("LogSumExp", "EXTREME", torch.logsumexp, MASKED, axes)
    for op, fn in (("Variance", torch.var), ("Std", torch.std)):
        statistic(op, "mean1e4", lambda x, dim, keep: fn(x, dim, unbiased=False, keepdim=keep), BIG, axes, correction=0,
                  note="E[x^2] - E[x]^2 loses everything in float32")
for p in (1, -1):
    order = float("inf") if p < 0 else p
    statistic("MatrixNorm", "ord=%g" % order, lambda x, dim, keep: torch.linalg.matrix_norm(x, order, dim, keep), X, [-2, -1], ord=p)
for axis in (0, 1, -1):
    for variant, x in (("", X), ("/TIES", TIES)):
        f.add("ArgMin", label([axis]) + variant, {"x": x}, {"y": np.argmin(x, axis)}, {"keepDims": 0}, axes=[axis], note="the first of equals")
f.save(gz=True)

# ---- along an axis ----
f = File("sequences", "Cumsum, Cumprod: params exclusive, reverse, axes[0]. TopK: k. Sort: descending, axes[0]. TopK and Sort: outputs y, index, dx. "
         "SegmentSum, SegmentMean: inputs x, ids, dy; param segments.")
for op, fn, inputs in (("Cumsum", torch.cumsum, {"": X}), ("Cumprod", torch.cumprod, {"": P, "/ZERO": ZEROS})):
    for (variant, x), axis, exclusive, reverse in itertools.product(inputs.items(), (0, 1, -1), (0, 1), (0, 1)):
        xt, ax = var(x), axis % 3
        y = xt.flip(ax) if reverse else xt
        y = fn(y, ax)
        if exclusive:
            first = torch.full_like(y.narrow(ax, 0, 1), 0 if op == "Cumsum" else 1)
            y = torch.cat([first, y.narrow(ax, 0, y.shape[ax] - 1)], ax)
        y = y.flip(ax) if reverse else y
        dy = grid(370, x.shape, 4.0)
        dx, = torch.autograd.grad(y, xt, T(dy))
        f.add(op, "axis=%d/exclusive=%d/reverse=%d%s" % (axis, exclusive, reverse, variant), {"x": x, "dy": dy}, {"y": y, "dx": dx},
              {"exclusive": exclusive, "reverse": reverse}, axes=[axis])
for k in (1, 3, 7):
    x = grid(371, (3, 7), 6.0)
    xt = var(x)
    y, index = torch.topk(xt, k)
    dy = grid(372, (3, k), 4.0)
    f.add("TopK", "k=%d" % k, {"x": x, "dy": dy}, {"y": y, "index": index, "dx": torch.autograd.grad(y, xt, T(dy))[0]}, {"k": k})
for (variant, x), axis, descending in itertools.product({"": X, "/TIES": TIES}.items(), (0, 1, -1), (0, 1)):
    xt = var(x)
    y, index = torch.sort(xt, stable=True, dim=axis, descending=bool(descending))
    dy = grid(373, x.shape, 4.0)
    f.add("Sort", "axis=%d/descending=%d%s" % (axis, descending, variant), {"x": x, "dy": dy},
          {"y": y, "index": index, "dx": torch.autograd.grad(y, xt, T(dy))[0]}, {"descending": descending}, axes=[axis])
for variant, shape, ids, segments in (("sorted", (6, 2), [0, 0, 1, 3, 3, 3], 5), ("mixed", (6, 2, 3), [2, 0, 2, 1, 0, 2], 3), ("vector", (5,), [1, 1, 1, 0, 1], 2)):
    x, ids = grid(374, shape, 4.0), np.array(ids)
    dy = grid(375, (segments,) + shape[1:], 4.0)
    for op in ("SegmentSum", "SegmentMean"):
        xt = var(x)
        y = torch.zeros((segments,) + shape[1:], dtype=torch.float64).index_add(0, torch.tensor(ids), xt)
        if op == "SegmentMean":
            count = np.maximum(np.bincount(ids, minlength=segments), 1).reshape((segments,) + (1,) * (len(shape) - 1))
            y = y / T(count)
        f.add(op, variant, {"x": x, "ids": ids, "dy": dy}, {"y": y, "dx": torch.autograd.grad(y, xt, T(dy))[0]}, {"segments": segments})
f.save(gz=True)
