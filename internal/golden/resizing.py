"""resizing.json.gz: images resized, NCHW. PyTorch's two conventions, and TensorFlow 1's by its formula."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("resizing", "Bilinear, Nearest: inputs x, dy; outputs y, dx; params height, width, alignCorners, halfPixel. PixelShuffle: input x, output y; "
         "params block, torch (1: PyTorch's order of channels, 0: TensorFlow's). NCHW.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))


def matrix(n, m, bilinear, align, half):
    """[m, n]: what each new pixel takes of the old ones, by TensorFlow's formulas."""
    a = np.zeros((m, n))
    scale = np.float32(n - 1) / np.float32(m - 1) if align and m > 1 else np.float32(0 if align else n) / np.float32(m)
    exact = ((n - 1) / (m - 1) if m > 1 else 0) if align else n / m
    for i in range(m):
        if not bilinear:
            at = np.float32(i + 0.5) * scale if half else np.float32(i) * scale
            a[i, min(n - 1, int(np.floor(at + 0.5) if align else np.floor(at)))] = 1
            continue
        at = (i + 0.5) * exact - 0.5 if half else i * exact
        lo = int(np.floor(at))
        share = at - lo
        a[i, max(lo, 0)] += 1 - share
        a[i, min(lo + 1, n - 1)] += share
    return a


S = (1, 2, 3, 4)
for op, kind, shape, size in [("Bilinear", "up", S, (6, 7)), ("Bilinear", "down", (2, 1, 5, 7), (3, 4)), ("Bilinear", "one", (1, 1, 4, 3), (1, 1)),
                              ("Bilinear", "mixed", (1, 1, 3, 6), (7, 2)), ("Nearest", "up", S, (6, 7)), ("Nearest", "down", (2, 1, 5, 7), (3, 4)),
                              ("Nearest", "mixed", (1, 1, 3, 6), (8, 1))]:
    for variant, align, half in (("TF1", 0, 0), ("alignCorners", 1, 0), ("halfPixel", 0, 1)):
        x, dy = grid(600, shape, 6.0), grid(601, shape[:2] + size, 4.0)
        rows, cols = (matrix(shape[2 + k], size[k], op == "Bilinear", align, half) for k in range(2))
        xt = var(x)
        if op == "Bilinear" and (align or half):
            y = F.interpolate(xt, size, mode="bilinear", align_corners=bool(align))
        elif op == "Nearest" and not align:
            y = F.interpolate(xt, size, mode="nearest-exact" if half else "nearest")
        else:  # TensorFlow 1 only
            y = T(rows) @ xt @ T(cols.T)
        agree(op + kind + variant, y, rows @ x @ cols.T)
        dx, = torch.autograd.grad(y, xt, T(dy))
        f.add(op, kind + "/" + variant, {"x": x, "dy": dy}, {"y": y, "dx": dx}, {"height": size[0], "width": size[1], "alignCorners": align, "halfPixel": half})

for block, shape in [(2, (2, 8, 2, 3)), (3, (1, 18, 1, 2))]:
    x = grid(610, shape, 60.0)
    n, d, h, w = shape
    c = d // block**2
    y = F.pixel_shuffle(T(x), block)
    agree("pixel_shuffle", y, x.reshape(n, c, block, block, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, c, h * block, w * block))
    f.add("PixelShuffle", "torch/block=%d" % block, {"x": x}, {"y": y}, {"block": block, "torch": 1})
    y = x.reshape(n, block, block, c, h, w).transpose(0, 3, 4, 1, 5, 2).reshape(n, c, h * block, w * block)
    f.add("PixelShuffle", "TF/block=%d" % block, {"x": x}, {"y": y}, {"block": block, "torch": 0}, note="tf.depth_to_space")
f.save(gz=True)
