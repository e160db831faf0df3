"""layers.json: dense and batch normalisation, NHWC. TensorFlow's rule for the moving statistics."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, labels, var

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

# layers2.json.gz: layer normalisation, the extensions of batch normalisation, embeddings.
f = File("layers2", "LayerNorm: inputs x, gamma, beta, dy. BatchRenorm and VirtualBatchNorm: as BatchNorm. Embedding: ids, embeddings, dy. Channels last.")


def layer_norm(variant, shape, norm, params, eps, seed, change=None, note=""):
    x, dy = grid(seed, shape, 6.0), grid(seed + 1, shape, 4.0)
    gamma, beta = np.abs(grid(seed + 2, shape[params:], 3.0)) + 0.25, grid(seed + 3, shape[params:], 2.0)
    if change:
        x = change(x)
        assert (x.astype(np.float32) == x).all()
    xt, gt, bt = var(x), var(gamma), var(beta)
    y = F.layer_norm(xt, shape[norm:], eps=eps) * gt + bt
    dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
    axes = tuple(range(norm % len(shape), len(shape)))
    inv = 1 / np.sqrt(((x - x.mean(axes, keepdims=True)) ** 2).mean(axes, keepdims=True) + eps)
    xhat = (x - x.mean(axes, keepdims=True)) * inv
    g = dy * gamma
    agree("layer norm", y, gamma * xhat + beta, 1e-9, 1e-9)
    agree("layer norm dx", dx, inv * (g - g.mean(axes, keepdims=True) - xhat * (g * xhat).mean(axes, keepdims=True)), 1e-8, 1e-8)
    lead = tuple(range(len(shape) - gamma.ndim))
    agree("layer norm dgamma", dg, (dy * xhat).sum(lead), 1e-9, 1e-8)
    f.add("LayerNorm", variant, {"x": x, "gamma": gamma, "beta": beta, "dy": dy}, {"y": y, "dx": dx, "dgamma": dg, "dbeta": db},
          {"beginNormAxis": norm, "beginParamsAxis": params, "epsilon": eps}, note=note)


def constant_row(x):
    x = x.copy()
    x[1] = 2.25
    return x


layer_norm("2D", (5, 7), -1, -1, 1e-12, 300)
layer_norm("2D/epsilon=1e-5", (5, 7), -1, -1, 1e-5, 310)
layer_norm("3D", (2, 3, 6), -1, -1, 1e-3, 320)
layer_norm("1D", (9,), -1, -1, 1e-5, 330)
layer_norm("contrib", (3, 4, 5), 1, -1, 1e-12, 340, note="tf.contrib.layers.layer_norm: all but the batch, parameters of the last axis")
layer_norm("pytorch", (3, 4, 5), -2, -2, 1e-5, 350, note="torch.nn.LayerNorm([4, 5])")
layer_norm("4D", (2, 3, 2, 4), 1, -2, 1e-3, 360)
layer_norm("mean1e4", (4, 6), -1, -1, 1e-5, 370, lambda x: x + 10000)
layer_norm("variance0", (3, 4), -1, -1, 1e-3, 380, constant_row)
layer_norm("wide", (3, 67), -1, -1, 1e-5, 390)


def batch_renorm(variant, shape, steps, momentum, renorm_momentum, eps, clip, seed):
    """Several steps: the corrections come from the statistics before the step."""
    c, axes = shape[-1], tuple(range(len(shape) - 1))
    gamma, beta = np.abs(grid(seed, (c,), 3.0)) + 0.25, grid(seed + 1, (c,), 2.0)
    mean, variance = grid(seed + 2, (c,), 2.0), np.abs(grid(seed + 3, (c,), 4.0)) + 0.125
    rmean, rstd = grid(seed + 4, (c,), 2.0), np.abs(grid(seed + 5, (c,), 2.0)) + 0.125
    rstd[0] = 0  # held up by sqrt(epsilon)
    xs, dys = grid(seed + 6, (steps,) + shape, 6.0), grid(seed + 7, (steps,) + shape, 4.0)
    start = {"gamma": gamma, "beta": beta, "movingMean": mean, "movingVariance": variance, "renormMean": rmean, "renormStddev": rstd}
    out = {k: [] for k in ("y", "dx", "dgammas", "dbetas", "r", "d")}
    for x, dy in zip(xs, dys):
        m, v = x.mean(axes), x.var(axes)
        std = np.sqrt(v + eps)
        held = np.maximum(rstd, np.sqrt(eps))
        r, d = np.clip(std / held, clip[0], clip[1]), np.clip((m - rmean) / held, -clip[2], clip[2])
        xt, gt, bt = var(x), var(gamma), var(beta)
        y = F.batch_norm(xt.reshape(-1, c), None, None, gt * T(r), gt * T(d) + bt, training=True, eps=eps).reshape(shape)
        dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
        xhat = (x - m) / std
        agree("batch renorm", y, gamma * (xhat * r + d) + beta, 1e-9, 1e-9)
        agree("batch renorm dx", dx, gamma * r / std * (dy - dy.mean(axes) - xhat * (dy * xhat).mean(axes)), 1e-8, 1e-8)
        agree("batch renorm dgamma", dg, (dy * (xhat * r + d)).sum(axes), 1e-9, 1e-8)
        for k, a in zip(("y", "dx", "dgammas", "dbetas", "r", "d"), (y, dx, dg, db, r, d)):
            out[k].append(a.detach().numpy() if isinstance(a, torch.Tensor) else a)
        mean, variance = moving(mean, m, momentum), moving(variance, v, momentum)
        rmean, rstd = moving(rmean, m, renorm_momentum), moving(rstd, std, renorm_momentum)
    out = {k: np.stack(a) for k, a in out.items()}
    out.update({"newMovingMean": mean, "newMovingVariance": variance, "newRenormMean": rmean, "newRenormStddev": rstd})
    params = {"momentum": momentum, "renormMomentum": renorm_momentum, "epsilon": eps}
    params.update({k: v for k, v in zip(("rMin", "rMax", "dMax"), clip) if abs(v) != np.inf})
    f.add("BatchRenorm", variant, {"x": xs, "dy": dys, **start}, out, params, note="x, dy and the outputs up to d have a step axis first; no Bessel correction")


FREE = (-np.inf, np.inf, np.inf)
batch_renorm("2D", (6, 4), 3, 0.9, 0.8, 1e-3, FREE, 400)
batch_renorm("2D/clipped", (6, 4), 3, 0.9, 0.99, 1e-3, (0.5, 1.5, 0.75), 420)
batch_renorm("4D", (2, 2, 3, 3), 2, 0.9, 0.8, 1e-3, (-np.inf, 3.0, 5.0), 440)


def virtual_batch_norm(variant, shape, size, momentum, eps, seed):
    """Example e belongs to virtual batch e mod (n/size): what TensorFlow's reshape to [size, -1, ...] does."""
    x, gamma, beta, mean, variance, dy = bn_inputs(shape, seed)
    c, batches = shape[-1], shape[0] // size
    xt, gt, bt = var(x), var(gamma), var(beta)
    y = torch.zeros(shape, dtype=torch.float64)
    for j in range(batches):
        part = xt[j::batches]
        y[j::batches] = F.batch_norm(part.reshape(-1, c), None, None, gt, bt, training=True, eps=eps).reshape(part.shape)
    dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
    expanded = x.reshape((size, batches) + shape[1:])
    axes = (0,) + tuple(range(2, expanded.ndim - 1))
    m, v = expanded.mean(axes, keepdims=True), expanded.var(axes, keepdims=True)
    agree("virtual batches", y, (gamma * (expanded - m) / np.sqrt(v + eps) + beta).reshape(shape), 1e-9, 1e-9)
    f.add("VirtualBatchNorm", variant, {"x": x, "gamma": gamma, "beta": beta, "movingMean": mean, "movingVariance": variance, "dy": dy},
          {"y": y, "dx": dx, "dgamma": dg, "dbeta": db, "newMovingMean": moving(mean, m.reshape(batches, c).mean(0), momentum),
           "newMovingVariance": moving(variance, v.reshape(batches, c).mean(0), momentum)},
          {"momentum": momentum, "epsilon": eps, "size": size})


virtual_batch_norm("2D", (8, 3), 4, 0.9, 1e-3, 500)
virtual_batch_norm("2D/one", (6, 3), 6, 0.9, 1e-3, 510)
virtual_batch_norm("2D/pairs", (6, 4), 2, 0.99, 1e-3, 520)
virtual_batch_norm("3D", (6, 2, 3), 3, 0.9, 1e-3, 530)
virtual_batch_norm("4D", (4, 2, 3, 3), 2, 0.9, 1e-3, 540)

for variant, shape, vocabulary, dim in (("2D", (3, 4), 7, 5), ("1D", (6,), 3, 2), ("3D", (2, 3, 2), 5, 1), ("scalar", (), 4, 3)):
    ids = labels(550, int(np.prod(shape)), vocabulary).reshape(shape)
    table, dy = grid(551, (vocabulary, dim), 2.0), grid(552, shape + (dim,), 4.0)
    tt = var(table)
    y = F.embedding(torch.tensor(ids), tt)
    dtable, = torch.autograd.grad(y, tt, T(dy))
    added = np.zeros_like(table)
    np.add.at(added, ids, dy)
    agree("embedding", y, table[ids])
    agree("embedding", dtable, added)
    f.add("Embedding", variant, {"ids": ids, "embeddings": table, "dy": dy}, {"y": y, "dembeddings": dtable})
f.save(gz=True)
