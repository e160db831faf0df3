"""layers.json: dense and batch normalisation, NHWC. TensorFlow's rule for the moving statistics."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("layers", "Dense: inputs x, kernel, bias, dy; outputs y, dx, dkernel, dbias. BatchNorm: inputs x, gamma, beta, movingMean, "
         "movingVariance, dy; outputs y, batchMean, batchVariance (biased), newMovingMean, newMovingVariance, dx, dgamma, dbeta. Channels last.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))

for variant, shape, units in [("", (4, 5), 3), ("rank3", (2, 3, 4), 5), ("oneExample", (1, 5), 3), ("oneUnit", (7, 5), 1), ("odd", (5, 17), 13)]:
    x, k, b, dy = grid(60, shape, 4.0), grid(61, (shape[-1], units), 2.0), grid(62, (units,), 2.0), grid(63, shape[:-1] + (units,), 4.0)
    xt, kt, bt = var(x), var(k), var(b)
    y = F.linear(xt, kt.T, bt)
    dx, dk, db = torch.autograd.grad(y, (xt, kt, bt), T(dy))
    agree("dense", y, x @ k + b)
    f.add("Dense", variant, {"x": x, "kernel": k, "bias": b, "dy": dy}, {"y": y, "dx": dx, "dkernel": dk, "dbias": db})


def moving(old, batch, momentum):  # tf: moving -= (moving - batch) * (1 - momentum)
    return old - (old - batch) * (1 - momentum)


def batch_norm(x, gamma, beta, mean, variance, momentum, eps, dy):
    c, axes = x.shape[-1], tuple(range(x.ndim - 1))
    n = x.size // c
    xt, gt, bt = var(x), var(gamma), var(beta)
    first = xt if x.ndim == 2 else xt.permute(0, 3, 1, 2)
    m, v = x.mean(axes), ((x - x.mean(axes)) ** 2).mean(axes)
    bessel = n / (n - 1) if n > 1 and x.ndim == 4 else 1.0
    new_mean, new_var = moving(mean, m, momentum), moving(variance, v * bessel, momentum)
    if n == 1:  # torch refuses; then x - mean is 0
        return {"y": np.broadcast_to(beta, x.shape), "batchMean": m, "batchVariance": v, "newMovingMean": new_mean, "newMovingVariance": new_var,
                "dx": np.zeros_like(x), "dgamma": np.zeros(c), "dbeta": dy.sum(axes)}
    rm, rv = T(mean).clone(), T(variance).clone()
    y = F.batch_norm(first, rm, rv, gt, bt, training=True, momentum=1 - momentum, eps=eps)
    agree("moving mean", rm, new_mean, 1e-11)
    agree("moving variance, torch is always Bessel-corrected", rv, moving(variance, v * n / (n - 1), momentum), 1e-9)
    if x.ndim == 4:
        y = y.permute(0, 2, 3, 1)
    dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
    # the textbook formulas, in float64
    inv = 1 / np.sqrt(v + eps)
    xhat = (x - m) * inv
    agree("y", y, gamma * xhat + beta, 1e-9, 1e-9)
    agree("dgamma", dg, (dy * xhat).sum(axes), 1e-9, 1e-8)
    agree("dbeta", db, dy.sum(axes), 1e-9, 1e-10)
    agree("dx", dx, gamma * inv * (dy - dy.mean(axes) - xhat * (dy * xhat).mean(axes)), 1e-8, 1e-8)
    return {"y": y, "batchMean": m, "batchVariance": v, "newMovingMean": new_mean, "newMovingVariance": new_var,
            "dx": dx, "dgamma": dg, "dbeta": db}


def bn_inputs(shape, seed):
    c = shape[-1]
    return (grid(seed, shape, 6.0), np.abs(grid(seed + 1, (c,), 3.0)) + 0.25, grid(seed + 2, (c,), 2.0), grid(seed + 3, (c,), 2.0),
            np.abs(grid(seed + 4, (c,), 4.0)) + 0.125, grid(seed + 5, shape, 4.0))


def add(variant, shape, momentum, eps, seed, change=None, note=""):
    x, gamma, beta, mean, variance, dy = bn_inputs(shape, seed)
    if change:
        x = change(x)
        assert (x.astype(np.float32) == x).all()
    out = batch_norm(x, gamma, beta, mean, variance, momentum, eps, dy)
    n = x.size // x.shape[-1]
    f.add("BatchNorm", variant, {"x": x, "gamma": gamma, "beta": beta, "movingMean": mean, "movingVariance": variance, "dy": dy}, out,
          {"momentum": momentum, "epsilon": eps, "training": 1, "n": n}, note=note)


def constant_column(x):
    x = x.copy()
    x[..., 1] = 2.25
    return x


add("train2D/momentum=0.9", (8, 5), 0.9, 1e-3, 70)
add("train2D/momentum=0.99", (8, 5), 0.99, 1e-3, 80)
add("train2D/epsilon=1e-5", (33, 3), 0.9, 1e-5, 90)
add("train2D/mean1e4", (16, 3), 0.9, 1e-3, 100, lambda x: x + 10000,
    note="x is about 1e4 +- 3: a variance computed as E[x^2] - E[x]^2 loses everything in float32; an error of 1e-3 in the mean is one ulp")
add("train2D/variance0", (8, 3), 0.9, 1e-3, 110, constant_column, note="channel 1 is constant: xhat 0, inverse deviation 1/sqrt(epsilon)")
add("train2D/batch1", (1, 4), 0.9, 1e-3, 120, note="one example: y = beta, dx = dgamma = 0; by formula, PyTorch refuses")
add("train2D/batch2", (2, 4), 0.9, 1e-3, 130)
add("train4D/momentum=0.9", (2, 3, 4, 3), 0.9, 1e-3, 140, note="moving variance takes the Bessel-corrected n/(n-1) batch variance, as TensorFlow's fused kernel")
add("train4D/momentum=0.99", (3, 2, 2, 5), 0.99, 1e-3, 150)
add("train4D/mean1e4", (2, 3, 3, 2), 0.9, 1e-3, 160, lambda x: x + 10000)
add("train4D/variance0", (2, 2, 2, 3), 0.9, 1e-3, 170, constant_column)
add("train4D/n=1", (1, 1, 1, 3), 0.9, 1e-3, 180, note="n = 1: no Bessel correction (TensorFlow divides by max(n-1, 1))")

# Inference: the moving statistics are used and stay; they are constants of the gradient.
for variant, shape, seed in (("infer2D", (6, 5), 190), ("infer2D/batch1", (1, 5), 200), ("infer4D", (2, 2, 3, 4), 210)):
    x, gamma, beta, mean, variance, dy = bn_inputs(shape, seed)
    xt, gt, bt = var(x), var(gamma), var(beta)
    first = xt if x.ndim == 2 else xt.permute(0, 3, 1, 2)
    y = F.batch_norm(first, T(mean), T(variance), gt, bt, training=False, eps=1e-3)
    if x.ndim == 4:
        y = y.permute(0, 2, 3, 1)
    dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
    agree("inference", y, gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta)
    f.add("BatchNorm", variant, {"x": x, "gamma": gamma, "beta": beta, "movingMean": mean, "movingVariance": variance, "dy": dy},
          {"y": y, "dx": dx, "dgamma": dg, "dbeta": db, "newMovingMean": mean, "newMovingVariance": variance},
          {"momentum": 0.9, "epsilon": 1e-3, "training": 0, "n": x.size // x.shape[-1]})
f.save()
