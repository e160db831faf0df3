"""What the scripts of architectures share: a reference implementation is run from weights that a formula makes.

The outputs are those of inference in float64 for an image that a formula makes too. Of each endpoint there are the mean, the mean
square, and the first and last element of the map with the channels last; of the last layer all elements. Params: batch,
height, width, channels, classes (0: the published number), multiplier (of the number of channels).

Weights: tensor i of the network, counted from 1 in the order in which they are listed, is made from Sequence(1000*seed + i) in OUR layout
(kernels HWIO or [in, out]):

    kernel           sqrt(24/fan_in) * u      u of [-.5, .5), fan_in the product of all axes but the last (of a depthwise one: of the first two)
    bias, beta, moving_mean       u/5
    gamma, moving_variance    1 + u/2
"""
import numpy as np
import torch
from torch import nn

ABOUT = "Architectures in inference: outputs output, all of it, and of endpoints mean, mean square, first and last element, channels last."
D = torch.float64


def sequence(seed, n):
    """goldenfile.sequence for many numbers."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(40)).astype(np.float64) / 2.0**24 - 0.5


def tensors(net):
    """The tensors of a module in the order of its state, each with its kind."""
    out = []
    for name, m in net.named_modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            depthwise = isinstance(m, nn.Conv2d) and m.groups > 1 and m.groups == m.in_channels
            out.append((m.weight, "depthwise" if depthwise else "kernel"))
            if m.bias is not None:
                out.append((m.bias, "bias"))
        elif isinstance(m, nn.BatchNorm2d):
            out += [(m.weight, "gamma"), (m.bias, "beta"), (m.running_mean, "moving_mean"), (m.running_var, "moving_variance")]
    return out


def fill(listed, seed):
    """Gives the tensors their values; a Linear that follows a Flatten must have had its input permuted by the caller."""
    for i, (t, kind) in enumerate(listed, 1):
        shape = list(t.shape)
        if kind in ("kernel", "depthwise"):
            if len(shape) == 4:  # OIHW -> HWIO; depthwise [c, 1, h, w] -> [h, w, c, 1]
                shape = [shape[2], shape[3], shape[1], shape[0]]
                if kind == "depthwise":
                    shape = [shape[0], shape[1], shape[3], shape[2]]
            else:
                shape = shape[::-1]
        u = sequence(1000 * seed + i, int(np.prod(shape))).reshape(shape)
        if kind == "kernel":
            u = u * np.sqrt(24.0 / np.prod(shape[:-1]))
            u = u.transpose(3, 2, 0, 1) if u.ndim == 4 else u.T
        elif kind == "depthwise":
            u = (u * np.sqrt(24.0 / np.prod(shape[:2]))).transpose(2, 3, 0, 1)
        elif kind in ("gamma", "moving_variance"):
            u = 1 + u / 2
        else:
            u = u / 5
        with torch.no_grad():
            t.copy_(torch.tensor(np.ascontiguousarray(u)))


def last(y):
    """Channels last."""
    return y.permute(0, 2, 3, 1).contiguous() if y.dim() == 4 else y


def add(f, name, variant, net, shape, seed, endpoints, listed=None, params=None):
    """Adds to file f what net makes of an image [batch, height, width, channels]. endpoints names modules: {endpoint: module}."""
    net = net.to(D).eval()
    fill(listed or tensors(net), seed)
    seen = {}
    hooks = [m.register_forward_hook(lambda m, i, o, k=k: seen.__setitem__(k, last(o.detach()).clone())) for k, m in endpoints.items()]
    x = torch.tensor(4 * sequence(1000 * seed, int(np.prod(shape))).reshape(shape))
    with torch.no_grad():
        y = last(net(x.permute(0, 3, 1, 2)))
    for h in hooks:
        h.remove()
    out = {"output": y}
    for k, v in seen.items():
        flat = v.reshape(-1)
        out["endpoint " + k] = np.array([float(flat.mean()), float((flat * flat).mean()), float(flat[0]), float(flat[-1])])
    p = {"seed": seed, "batch": shape[0], "height": shape[1], "width": shape[2], "channels": shape[3]}
    p.update(params or {})
    f.add(name, variant, {}, out, p)


class Flatten(nn.Module):
    """[batch, height, width, channels] in a row: TensorFlow's order."""

    def forward(self, x):
        return last(x).flatten(1)
