"""Golden values: regularizers with their gradients, by PyTorch, and constraints as in Keras (tensorflow/python/keras/constraints.py),
by NumPy and PyTorch."""
import numpy as np
import torch

from goldenfile import File, agree, grid, var

f = File("regularizers", "regularization losses and weight constraints")
SHAPES = {"matrix": (5, 3), "wide": (2, 4), "conv": (2, 3, 2, 4)}


def orthogonal(w):
    m = w.reshape(-1, w.shape[-1])
    product = m.T @ m if m.shape[0] >= m.shape[1] else m @ m.T
    return ((product - torch.eye(min(m.shape), dtype=torch.float64)) ** 2).sum()


losses = {
    "L1": lambda w: 0.3 * torch.nn.functional.l1_loss(w, torch.zeros_like(w), reduction="sum"),
    "L2": lambda w: 0.3 * 0.5 * torch.nn.functional.mse_loss(w, torch.zeros_like(w), reduction="sum"),
    "L1L2": lambda w: 0.2 * w.abs().sum() + 0.4 * (w * w).sum() / 2,
    "OrthogonalRegularizer": lambda w: 0.3 * orthogonal(w),
}
for op, loss in losses.items():
    for seed, (name, shape) in enumerate(SHAPES.items()):
        w = grid(950 + seed, shape, 3.0)
        x = var(w)
        y = loss(x)
        dx, = torch.autograd.grad(y, x)
        f.add(op, name, {"x": w}, {"y": y, "dx": dx})


def norms(w, axes):
    return np.sqrt((w**2).sum(axis=tuple(axes), keepdims=True))


EPS = 1e-7
for seed, (name, shape) in enumerate(SHAPES.items()):
    w = grid(960 + seed, shape, 3.0)
    for axes in ([0], [-1], [0, 1]):
        which = "%s/%s" % (name, ",".join(map(str, axes)))
        n = norms(w, axes)
        agree("norm", torch.linalg.vector_norm(torch.tensor(w), dim=axes, keepdim=True), n)
        f.add("UnitNorm", which, {"x": w}, {"y": w / (EPS + n)}, axes=axes)
        for rate in (1.0, 0.25):
            want = rate * np.clip(n, 0.9, 1.5) + (1 - rate) * n
            f.add("MinMaxNorm", "%s/rate=%g" % (which, rate), {"x": w}, {"y": w * (want / (EPS + n))}, {"lo": 0.9, "hi": 1.5, "rate": rate}, axes=axes)
    f.add("NonNeg", name, {"x": w}, {"y": torch.clamp(torch.tensor(w), min=0)})
f.save(gz=True)
