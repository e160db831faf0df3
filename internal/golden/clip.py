"""clip.json: TensorFlow's three clipping rules."""
import numpy as np
import torch
from goldenfile import File, agree, grid, var

f = File("clip", "ClipByValue: x, dy -> y, dx. ClipByNorm: x, dy -> y, dx, norm. ClipByGlobalNorm: t0, t1, t2 -> y0, y1, y2, norm.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))

# By value: min(max(x, lo), hi); the gradient passes at the bounds themselves.
for variant, lo, hi in (("symmetric", -1, 1), ("onesided", 0.25, 2.0), ("narrow", -0.125, 0.125)):
    x, dy = grid(220, (5, 7), 6.0), grid(221, (5, 7), 4.0)
    x[0, :2] = lo, hi
    xt = var(x)
    y = torch.clamp(xt, lo, hi)
    dx, = torch.autograd.grad(y, xt, T(dy))
    agree("clip", dx, np.where((x >= lo) & (x <= hi), dy, 0))
    f.add("ClipByValue", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"lo": lo, "hi": hi}, note="x[0,0] = lo and x[0,1] = hi: the gradient passes")
x = np.array([np.inf, -np.inf, 1000, -1000, 0.5, 0.0, np.nan])
f.add("ClipByValue", "INF", {"x": x}, {"y": torch.clamp(T(x), -1, 1)}, {"lo": -1, "hi": 1}, note="forward only: NaN stays NaN")


# By norm: x * c / max(|x|, c); |x| over axes, all of them when there are none.
def by_norm(x, c, axes):
    norm = torch.sqrt((x * x).sum(axes, keepdim=True) if axes else (x * x).sum())
    return x * c / torch.clamp(norm, min=c), norm


for variant, shape, scale, c, axes in (("clipped", (3, 4), 6.0, 1.0, None), ("inside", (3, 4), 0.5, 5.0, None), ("axis0", (6, 3), 4.0, 2.0, [0]),
                                       ("axis1", (6, 3), 2.0, 0.75, [1]), ("axes01", (2, 3, 4), 4.0, 3.0, [0, 1]), ("conv", (3, 3, 2, 4), 2.0, 1.0, [0, 1, 2])):
    x, dy = grid(222, shape, scale), grid(223, shape, 4.0)
    xt = var(x)
    y, norm = by_norm(xt, c, axes)
    dx, = torch.autograd.grad(y, xt, T(dy))
    n = np.sqrt((x**2).sum(tuple(axes) if axes else None, keepdims=True))
    agree("clip by norm", y, x * np.where(n > c, c / n, 1))
    f.add("ClipByNorm", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx, "norm": norm}, {"clipNorm": c}, axes=axes)
x = np.zeros((2, 3))
f.add("ClipByNorm", "ZERO", {"x": x, "dy": np.ones((2, 3))}, {"y": x, "dx": np.ones((2, 3)), "norm": np.array(0.0)}, {"clipNorm": 1.0},
      note="norm 0: y = x, dx = dy, no NaN")
x = np.array([[0, 0, 0], [3, 4, 0], [0.25, 0, 0]])
f.add("ClipByNorm", "ZERO/axis1", {"x": x, "dy": np.ones((2 + 1, 3))},
      {"y": np.array([[0, 0, 0], [0.6, 0.8, 0], [0.25, 0, 0]]), "norm": np.array([[0.0], [5.0], [0.25]])}, {"clipNorm": 1.0}, axes=[1],
      note="a row of norm 0 beside others; forward only")


# By global norm: scale c * min(1/norm, 1/c).
def by_global_norm(ts, c):
    norm = np.sqrt(sum((t**2).sum() for t in ts))
    with np.errstate(divide="ignore"):
        scale = c * min(np.float64(1.0) / norm, 1.0 / c) if np.isfinite(norm) else np.nan
    return [t * scale for t in ts], norm


for variant, scale, c in (("clipped", 4.0, 2.5), ("inside", 0.25, 5.0), ("tight", 6.0, 0.01)):
    ts = [grid(224, (3, 4), scale), grid(225, (4,), scale), grid(226, (2, 1, 3), scale)]
    ys, norm = by_global_norm(ts, c)
    ps = [var(t) for t in ts]
    for p, t in zip(ps, ts):
        p.grad = T(t)
    total = torch.nn.utils.clip_grad_norm_(ps, c)  # adds 1e-6 to the norm
    agree("global norm", total, norm)
    for p, y in zip(ps, ys):
        agree("clip by global norm", p.grad, y, 1e-6)
    f.add("ClipByGlobalNorm", variant, {"t0": ts[0], "t1": ts[1], "t2": ts[2]}, {"y0": ys[0], "y1": ys[1], "y2": ys[2], "norm": norm}, {"clipNorm": c})
ts = [np.zeros((2, 2)), np.zeros(3), np.zeros((1, 2))]
ys, norm = by_global_norm(ts, 1.0)
f.add("ClipByGlobalNorm", "ZERO", {"t0": ts[0], "t1": ts[1], "t2": ts[2]}, {"y0": ys[0], "y1": ys[1], "y2": ys[2], "norm": norm}, {"clipNorm": 1.0})
ts = [np.array([[1.0, np.inf]]), np.array([1.0, 2.0]), np.array([3.0])]
ys, norm = by_global_norm(ts, 1.0)
f.add("ClipByGlobalNorm", "INF", {"t0": ts[0], "t1": ts[1], "t2": ts[2]}, {"y0": ys[0], "y1": ys[1], "y2": ys[2], "norm": norm}, {"clipNorm": 1.0},
      note="an infinite norm makes everything NaN")
f.save()
