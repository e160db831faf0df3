"""convolutions.json.gz: convolutions of images and sequences, and transposed ones; channels last, kernels as TensorFlow shapes them."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("convolutions", "Convolution: inputs x [batch, height, width, in], kernel [kh, kw, in/groups, out], dy; outputs y, dx, dkernel. Conv1D: the same "
         "without width. ConvTranspose: kernel [kh, kw, out/groups, in]. Params: stride, dilation, before (pads before) and behind, of height (0) and width "
         "(1); groups; same (TensorFlow's SAME).")
T = lambda a: torch.tensor(np.asarray(a))


def same(size, k, stride, dilation):
    """TensorFlow's SAME: how many zeros before and behind."""
    total = max(0, (-(-size // stride) - 1) * stride + (k - 1) * dilation + 1 - size)
    return total // 2, total - total // 2


def definition(x, k, stride, dilation, pads, groups):
    """The sum that defines a convolution, window by window."""
    x = np.pad(x, [(0, 0), pads[0], pads[1], (0, 0)])
    n, h, w, _ = x.shape
    kh, kw, ci, co = k.shape
    eh, ew = (kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1
    y = np.zeros((n, (h - eh) // stride[0] + 1, (w - ew) // stride[1] + 1, co))
    for i, j in itertools.product(range(y.shape[1]), range(y.shape[2])):
        window = x[:, i * stride[0]:i * stride[0] + eh:dilation[0], j * stride[1]:j * stride[1] + ew:dilation[1]]
        for g in range(groups):
            o = slice(g * co // groups, (g + 1) * co // groups)
            y[:, i, j, o] = np.einsum("npqc,pqco->no", window[..., g * ci:(g + 1) * ci], k[..., o])
    return y


def params(stride, dilation, pads, groups, tf_same=False):
    p = {"groups": groups, "same": int(tf_same)}
    for a in range(len(stride)):
        p["stride%d" % a], p["dilation%d" % a] = stride[a], dilation[a]
        p["before%d" % a], p["behind%d" % a] = pads[a] if not tf_same else (0, 0)
    return p


def add(op, variant, fn, x, k, p, check=None):
    xt, kt = var(x), var(k)
    y = fn(xt, kt)
    dy = grid(1202, tuple(y.shape), 4.0)
    dx, dk = torch.autograd.grad(y, (xt, kt), T(dy))
    if check is not None:
        agree(op + "/" + variant, y, check)
    f.add(op, variant, {"x": x, "kernel": k, "dy": dy}, {"y": y, "dx": dx, "dkernel": dk}, p)


def convolution(variant, shape, size, out, stride=(1, 1), dilation=(1, 1), pads=((0, 0), (0, 0)), groups=1, tf_same=False):
    x, k = grid(1200, shape, 4.0), grid(1201, size + (shape[3] // groups, out), 4.0)
    if tf_same:
        pads = tuple(same(shape[1 + a], size[a], stride[a], dilation[a]) for a in range(2))

    def fn(x, k):
        x = F.pad(x.permute(0, 3, 1, 2), pads[1] + pads[0])
        return F.conv2d(x, k.permute(3, 2, 0, 1), stride=stride, dilation=dilation, groups=groups).permute(0, 2, 3, 1)

    add("Convolution", variant, fn, x, k, params(stride, dilation, pads, groups, tf_same), definition(x, k, stride, dilation, pads, groups))


convolution("1x1", (2, 3, 4, 3), (1, 1), 2)
convolution("1x1/stride", (2, 5, 4, 3), (1, 1), 2, stride=(2, 3))
convolution("3x3", (2, 5, 6, 3), (3, 3), 4)
convolution("3x3/pads", (2, 5, 4, 2), (3, 3), 3, pads=((1, 1), (1, 1)))
convolution("odd", (1, 7, 5, 3), (5, 2), 2, pads=((0, 3), (2, 1)))
convolution("one", (1, 1, 1, 1), (1, 1), 1)
convolution("whole", (2, 3, 4, 2), (3, 4), 5)
convolution("stride", (2, 7, 8, 2), (3, 3), 3, stride=(2, 3), pads=((1, 1), (0, 2)))
convolution("stride/long", (1, 9, 8, 2), (2, 2), 3, stride=(3, 4))
convolution("dilation", (2, 8, 9, 2), (3, 2), 3, dilation=(2, 3), pads=((2, 1), (0, 3)))
convolution("stride+dilation", (2, 9, 10, 2), (3, 3), 3, stride=(2, 3), dilation=(3, 2), pads=((3, 2), (1, 2)))
convolution("stride+dilation/common", (1, 11, 12, 1), (3, 3), 2, stride=(4, 2), dilation=(2, 4), pads=((2, 3), (4, 1)))
convolution("groups", (2, 5, 4, 4), (3, 3), 6, pads=((1, 1), (1, 1)), groups=2)
convolution("groups/stride", (2, 6, 5, 6), (2, 3), 3, stride=(2, 1), groups=3)
convolution("depthwise", (2, 5, 6, 5), (3, 3), 5, pads=((1, 1), (1, 1)), groups=5)
convolution("depthwise/stride+dilation", (2, 9, 8, 3), (3, 2), 3, stride=(2, 3), dilation=(2, 1), pads=((2, 1), (0, 1)), groups=3)
convolution("depthwise/multiplier", (2, 5, 6, 3), (3, 2), 6, stride=(2, 1), groups=3)
for size, stride, dilation in itertools.product(((2, 3), (4, 1)), ((1, 1), (2, 3)), ((1, 1), (2, 1))):
    convolution("SAME/%dx%d/stride%d%d/dilation%d%d" % (size + stride + dilation), (2, 6, 7, 2), size, 3, stride, dilation, tf_same=True)
convolution("SAME/smaller", (1, 2, 1, 2), (5, 4), 2, tf_same=True)

for variant, length, size, out, stride, dilation, pads, groups, tf_same in [
        ("plain", 7, 3, 4, 1, 1, (0, 0), 1, False), ("causal", 6, 3, 2, 1, 2, (4, 0), 1, False), ("stride", 9, 4, 3, 3, 1, (1, 2), 1, False),
        ("groups", 5, 2, 4, 1, 1, (0, 1), 2, False), ("SAME", 8, 4, 3, 3, 1, (0, 0), 1, True)]:
    x, k = grid(1203, (2, length, 4), 4.0), grid(1204, (size, 4 // groups, out), 4.0)
    around = same(length, size, stride, dilation) if tf_same else pads
    add("Conv1D", variant, lambda x, k: F.conv1d(F.pad(x.permute(0, 2, 1), around), k.permute(2, 1, 0), stride=stride, dilation=dilation,
                                                 groups=groups).permute(0, 2, 1), x, k, params((stride,), (dilation,), (pads,), groups, tf_same),
        definition(x[:, :, None], k[:, None], (stride, 1), (dilation, 1), (around, (0, 0)), groups)[:, :, 0])


def transposed(variant, shape, size, out, stride=(1, 1), dilation=(1, 1), pads=(0, 0), extra=(0, 0), groups=1, tf_same=False):
    """pads are the same before and behind, as in PyTorch; of SAME, what is more is cut off."""
    x, k = grid(1205, shape, 4.0), grid(1206, size + (out // groups, shape[3]), 4.0)

    def fn(x, k):
        # PyTorch's kernel is [in, out/groups, kh, kw].
        y = F.conv_transpose2d(x.permute(0, 3, 1, 2), k.permute(3, 2, 0, 1), stride=stride, dilation=dilation, padding=0 if tf_same else pads,
                               output_padding=(0, 0) if tf_same else extra, groups=groups).permute(0, 2, 3, 1)
        if tf_same:
            h, w = shape[1] * stride[0], shape[2] * stride[1]
            top, left = same(h, size[0], stride[0], dilation[0])[0], same(w, size[1], stride[1], dilation[1])[0]
            y = F.pad(y, (0, 0, 0, max(0, left + w - y.shape[2]), 0, max(0, top + h - y.shape[1])))[:, top:top + h, left:left + w]
        return y

    p = params(stride, dilation, tuple((n, n) for n in pads), groups, tf_same)
    p["extra0"], p["extra1"] = extra
    add("ConvTranspose", variant, fn, x, k, p)
    # By the definition: it is the gradient of the convolution.
    y = np.asarray(f_last("y"))
    around = [same(y.shape[1 + a], size[a], stride[a], dilation[a]) if tf_same else (pads[a], pads[a]) for a in range(2)]
    u = grid(1207, y.shape, 4.0)
    np.testing.assert_allclose((y * u).sum(), (x * definition(u, k, stride, dilation, around, groups)).sum(), rtol=1e-10)


def f_last(name):
    """An output of the case that was added last."""
    import json
    a = json.loads(f.cases[-1])["outputs"][name]
    return np.array(a["data"]).reshape(a["shape"])


transposed("plain", (2, 3, 4, 3), (3, 2), 2)
transposed("stride", (2, 3, 4, 2), (3, 3), 3, stride=(2, 3))
transposed("pads", (2, 4, 3, 2), (4, 4), 3, stride=(2, 2), pads=(1, 1))
transposed("extra", (1, 3, 4, 2), (3, 3), 2, stride=(3, 2), pads=(1, 0), extra=(2, 1))
transposed("dilation", (2, 3, 4, 2), (3, 2), 3, stride=(2, 1), dilation=(2, 3), pads=(1, 2))
transposed("groups", (2, 3, 3, 4), (2, 3), 6, stride=(2, 2), groups=2)
transposed("SAME", (2, 3, 4, 2), (3, 4), 3, stride=(2, 3), tf_same=True)
transposed("SAME/short", (2, 3, 2, 2), (1, 2), 3, stride=(2, 3), tf_same=True)

f.save(gz=True)
