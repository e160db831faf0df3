"""imagenorms.json.gz: normalisation over channels of images, NCHW."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("imagenorms", "GroupNorm, InstanceNorm: inputs x, gamma, beta, dy; outputs y, dx, dgamma, dbeta; params groups, epsilon. LRN: inputs x, dy; "
         "outputs y, dx; params radius, bias, alpha, beta (TensorFlow's alpha). NCHW.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))


def naive(x, groups, eps):
    g = x.reshape(x.shape[0], groups, -1)
    d = g - g.mean(2, keepdims=True)
    return (d / np.sqrt((d * d).mean(2, keepdims=True) + eps)).reshape(x.shape)


def add(op, variant, shape, groups, eps, seed, offset=0, x=None, note=""):
    x = grid(seed, shape, 6.0) + offset if x is None else x
    c = shape[1]
    gamma, beta, dy = np.abs(grid(seed + 1, (c,), 3.0)) + 0.25, grid(seed + 2, (c,), 2.0), grid(seed + 3, shape, 4.0)
    xt, gt, bt = var(x), var(gamma), var(beta)
    if op == "GroupNorm":
        y = F.group_norm(xt, groups, gt, bt, eps)
    else:
        y = F.instance_norm(xt, weight=gt, bias=bt, eps=eps)
    per = (c,) + (1,) * (len(shape) - 2)
    agree(op + variant, y, naive(x, groups, eps) * gamma.reshape(per) + beta.reshape(per), 1e-9, 1e-9)
    dx, dg, db = torch.autograd.grad(y, (xt, gt, bt), T(dy))
    f.add(op, variant, {"x": x, "gamma": gamma, "beta": beta, "dy": dy}, {"y": y, "dx": dx, "dgamma": dg, "dbeta": db},
          {"groups": groups, "epsilon": eps}, note=note)


add("GroupNorm", "groups=2", (1, 4, 2, 3), 2, 1e-5, 500)
add("GroupNorm", "groups=1", (2, 3, 1, 2), 1, 1e-5, 510)
add("GroupNorm", "groups=channels", (1, 2, 2, 3), 2, 1e-3, 520)
add("GroupNorm", "mean1e4", (1, 4, 2, 2), 2, 1e-3, 530, 10000, note="x is about 1e4 +- 3")
add("InstanceNorm", "", (2, 3, 1, 3), 3, 1e-5, 550)
add("InstanceNorm", "batch1", (1, 2, 2, 2), 2, 1e-3, 560)

for variant, shape, radius, bias, alpha, beta in [("", (1, 7, 1, 3), 2, 1.0, 1.0, 0.5), ("AlexNet", (1, 8, 1, 2), 2, 2.0, 1e-4, 0.75),
                                                   ("radius=5", (1, 6, 1, 2), 5, 1.0, 1.0, 0.5), ("beta=0.6", (2, 5, 1, 1), 1, 0.5, 0.25, 0.6),
                                                   ("beta=1", (1, 3, 1, 2), 1, 1.0, 2.0, 1.0)]:
    x, dy = grid(570, shape, 6.0), grid(571, shape, 4.0)
    xt, size = var(x), 2 * radius + 1
    y = F.local_response_norm(xt, size, alpha * size, beta, bias)
    sums = np.stack([(x[:, max(0, c - radius):c + radius + 1] ** 2).sum(1) for c in range(shape[1])], 1)
    agree("LRN" + variant, y, x / (bias + alpha * sums) ** beta)
    dx, = torch.autograd.grad(y, xt, T(dy))
    f.add("LRN", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"radius": radius, "bias": bias, "alpha": alpha, "beta": beta})
f.save(gz=True)
