"""pooling.json.gz: windows over images, NCHW. TensorFlow's SAME and its mean without padding, by hand on F.pad."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("pooling", "MaxPool, AvgPool, NCHW: inputs x, dy; outputs y, dx; params size, stride, dilation and pads by axis (pads: top, bottom, "
         "left, right), same, ceil, countPadding. AdaptiveAvgPool: params height, width of the output.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))


def same_pads(n, size, stride, dilation):  # TensorFlow's
    total = max(0, (-(-n // stride) - 1) * stride + (size - 1) * dilation + 1 - n)
    return total // 2, total - total // 2


def naive(kind, x, size, stride, dilation, pads, out, count_padding):
    """Window by window; pads before only matter, what lies beyond is not there."""
    n, c, h, w = x.shape
    y = np.zeros((n, c) + out)
    for i in range(out[0]):
        for j in range(out[1]):
            a, b = i * stride[0] - pads[0], j * stride[1] - pads[2]
            rows = [a + k * dilation[0] for k in range(size[0]) if 0 <= a + k * dilation[0] < h]
            cols = [b + k * dilation[1] for k in range(size[1]) if 0 <= b + k * dilation[1] < w]
            part = x[:, :, rows][:, :, :, cols]
            if kind == "MaxPool":
                y[:, :, i, j] = part.max((2, 3)) if part.size else -np.inf
            else:
                count = len(rows) * len(cols)
                if count_padding:
                    count = (min(a + size[0], h + pads[1]) - a) * (min(b + size[1], w + pads[3]) - b)
                y[:, :, i, j] = part.sum((2, 3)) / count
    return y


def add(kind, variant, shape, size, stride=None, dilation=(1, 1), pads=(0, 0, 0, 0), same=False, ceil=False, count_padding=False, seed=400, x=None, note=""):
    stride = stride or size
    x = grid(seed, shape, 6.0) if x is None else x
    if same:
        (a, b), (c, d) = (same_pads(shape[2 + k], size[k], stride[k], dilation[k]) for k in range(2))
        pads = (a, b, c, d)
    xt = var(x)
    even = pads[0] == pads[1] and pads[2] == pads[3] and pads[0] <= size[0] // 2 and pads[2] <= size[1] // 2
    lrtb = (pads[2], pads[3], pads[0], pads[1])
    if kind == "MaxPool":
        if even:
            y = F.max_pool2d(xt, size, stride, (pads[0], pads[2]), dilation, ceil_mode=ceil)
        else:
            y = F.max_pool2d(F.pad(xt, lrtb, value=-np.inf), size, stride, 0, dilation, ceil_mode=ceil)
    elif even and (count_padding or not any(pads)):
        y = F.avg_pool2d(xt, size, stride, (pads[0], pads[2]), ceil_mode=ceil, count_include_pad=True)
    elif even and not count_padding:
        y = F.avg_pool2d(xt, size, stride, (pads[0], pads[2]), ceil_mode=ceil, count_include_pad=False)
    else:
        y = F.avg_pool2d(F.pad(xt, lrtb), size, stride, 0, ceil_mode=ceil)
        if not count_padding:
            assert not ceil
            y = y / F.avg_pool2d(F.pad(torch.ones_like(xt), lrtb), size, stride, 0)
    dy = grid(seed + 1, tuple(y.shape), 4.0)
    dx, = torch.autograd.grad(y, xt, T(dy))
    agree(kind + " " + variant, y, naive(kind, x, size, stride, dilation, pads, tuple(y.shape[2:]), count_padding))
    params = {"same": int(same), "ceil": int(ceil), "countPadding": int(count_padding)}
    for name, pair in (("size", size), ("stride", stride), ("dilation", dilation)):
        params[name + "H"], params[name + "W"] = pair
    for name, p in zip(("top", "bottom", "left", "right"), (0, 0, 0, 0) if same else pads):
        params[name] = p
    f.add(kind, variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, params, note=note)


S = (1, 2, 5, 6)
for kind in ("MaxPool", "AvgPool"):
    add(kind, "2x2", (2, 1, 4, 4), (2, 2))
    add(kind, "odd", S, (2, 2), note="the last row is left out")
    add(kind, "batch1", (1, 1, 3, 3), (2, 2), (1, 1))
    add(kind, "3x2/stride=2x1", S, (3, 2), (2, 1))
    add(kind, "3x3/stride=2/pad=1", S, (3, 3), (2, 2), pads=(1, 1, 1, 1), count_padding=kind == "AvgPool")
    add(kind, "ceil", S, (2, 2), ceil=True)
    add(kind, "ceil/pad=1", S, (3, 3), (2, 2), pads=(1, 1, 1, 1), ceil=True)
    add(kind, "SAME/2x2/stride=1", S, (2, 2), (1, 1), same=True, note="the odd row is below, the odd column right")
    add(kind, "SAME/3x3/stride=2", (1, 1, 6, 5), (3, 3), (2, 2), same=True)
    add(kind, "SAME/2x2/stride=3", (1, 1, 7, 8), (2, 2), (3, 3), same=True)
    add(kind, "pads=0,1,1,0", S, (2, 3), (2, 2), pads=(0, 1, 1, 0))
    add(kind, "whole", (1, 2, 3, 4), (3, 4))
    add(kind, "channels=17", (1, 17, 2, 3), (2, 2), (1, 1))
add("MaxPool", "dilation=2", (1, 1, 6, 7), (2, 3), (1, 1), (2, 2))
add("MaxPool", "dilation=2x1/pad=1/ceil", (1, 1, 6, 7), (3, 3), (2, 2), (2, 1), pads=(1, 1, 1, 1), ceil=True)
add("MaxPool", "SAME/dilation=2", (1, 1, 5, 6), (2, 3), (1, 1), (2, 2), same=True)
add("MaxPool", "TIES", (1, 2, 4, 5), (3, 3), (1, 1), x=np.round(grid(410, (1, 2, 4, 5), 3.0)), note="the first maximum, row by row, takes the gradient")
add("AvgPool", "pad=1", S, (3, 3), (2, 2), pads=(1, 1, 1, 1), note="count_include_pad=False")
add("AvgPool", "countPadding/ceil", S, (3, 2), (2, 2), pads=(1, 1, 1, 1), ceil=True, count_padding=True, note="what lies beyond the padding does not count")



def adaptive(variant, shape, size, seed=420):
    """Window o of n takes the elements from floor(o*in/n) to ceil((o+1)*in/n)."""
    x = grid(seed, shape, 6.0)
    xt = var(x)
    y = F.adaptive_avg_pool2d(xt, size)
    dy = grid(seed + 1, tuple(y.shape), 4.0)
    dx, = torch.autograd.grad(y, xt, T(dy))
    spans = [[(o * n // m, -(-(o + 1) * n // m)) for o in range(m)] for n, m in zip(shape[2:], size)]
    agree("AdaptiveAvgPool " + variant, y, np.stack([np.stack([x[:, :, a:b, c:d].mean((2, 3)) for c, d in spans[1]], -1) for a, b in spans[0]], -2))
    f.add("AdaptiveAvgPool", variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"height": size[0], "width": size[1]})


adaptive("5x6to2x3", (2, 2, 5, 6), (2, 3))
adaptive("5x7to3x4", (1, 2, 5, 7), (3, 4))
adaptive("1x2to3x5", (1, 2, 1, 2), (3, 5))
adaptive("4x3to1x1", (1, 3, 4, 3), (1, 1))
adaptive("3x3to3x3", (1, 1, 3, 3), (3, 3))
f.save(gz=True)
