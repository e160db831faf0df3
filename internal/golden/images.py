"""images.json.gz: resizing, padding, warping and colours of pictures, by PyTorch, PIL, NumPy and Python's colorsys; and the small files of
training/dataset/image/testdata with PIL's pixels of them."""
import colorsys
import itertools
import math
import os

import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, HERE, agree, labels
from PIL import Image, features

f = File("images", "inputs x [height, width, channels], whole numbers of 0 to 255 (colours: k/255); outputs y in the same order of axes.")


def picture(seed, h, w, c):
    return labels(seed, h * w * c, 256).reshape(h, w, c).astype(np.float64)


def nchw(x):
    return torch.tensor(x.transpose(2, 0, 1)[None])


def hwc(t):
    return t[0].numpy().transpose(1, 2, 0)


def pil(x, fn):
    """Channel by channel, in PIL's mode of 32-bit floats, so that nothing is rounded to bytes."""
    return np.stack([np.asarray(fn(Image.fromarray(x[:, :, c].astype(np.float32), mode="F"))) for c in range(x.shape[2])], 2).astype(np.float64)


def legacy(x, h, w, linear):
    """TensorFlow 1's resize without half-pixel centres: resize_bilinear_op.cc (compute_interpolation_weights) and
    resize_nearest_neighbor_op.cc, in float64."""
    ih, iw, _ = x.shape
    y = np.zeros((h, w, x.shape[2]))
    for i, j in itertools.product(range(h), range(w)):
        u, v = i * ih / h, j * iw / w
        t, l = min(int(math.floor(u)), ih - 1), min(int(math.floor(v)), iw - 1)
        if not linear:
            y[i, j] = x[t, l]
            continue
        b, r = min(t + 1, ih - 1), min(l + 1, iw - 1)
        top, bottom = x[t, l] + (x[t, r] - x[t, l]) * (v - l), x[b, l] + (x[b, r] - x[b, l]) * (v - l)
        y[i, j] = top + (bottom - top) * (u - t)
    return y


def area(x, h, w):
    """What each output pixel covers, from the integral of the picture."""
    def along(x, n):
        total = np.concatenate([np.zeros((1,) + x.shape[1:]), np.cumsum(x, 0)])
        edges = np.linspace(0, x.shape[0], n + 1)
        low = np.minimum(edges.astype(int), x.shape[0] - 1)
        at = total[low] + (edges - low).reshape(-1, *[1] * (x.ndim - 1)) * x[low]
        return np.diff(at, axis=0) * n / x.shape[0]
    return along(along(x, h).transpose(1, 0, 2), w).transpose(1, 0, 2)


SIZES = (((7, 5), (3, 4)), ((5, 7), (11, 9)), ((13, 11), (2, 19)), ((1, 6), (4, 1)), ((8, 8), (4, 2)))
for k, ((ih, iw), (h, w)) in enumerate(SIZES):
    for c in (3 - 2 * (k % 2),):
        x = picture(10 + k, ih, iw, c)
        t = lambda **kw: hwc(F.interpolate(nchw(x), size=(h, w), **kw))
        p = lambda how: pil(x, lambda m: m.resize((w, h), how))
        results = {
            "Bilinear": p(Image.Resampling.BILINEAR),
            "Bicubic": p(Image.Resampling.BICUBIC),
            "Lanczos": p(Image.Resampling.LANCZOS),
            "Area": area(x, h, w),
            "Nearest": t(mode="nearest-exact"),
            "BilinearSharp": t(mode="bilinear", align_corners=False),
            "BicubicSharp": t(mode="bicubic", align_corners=False),
            "BilinearAligned": t(mode="bilinear", align_corners=True),
            "BicubicAligned": t(mode="bicubic", align_corners=True),
            "BilinearTF1": legacy(x, h, w, True),
            "NearestTF1": legacy(x, h, w, False),
        }
        agree("antialias", results["Bilinear"], t(mode="bilinear", align_corners=False, antialias=True), rtol=1e-4, atol=1e-3)
        agree("antialias", results["Bicubic"], t(mode="bicubic", align_corners=False, antialias=True), rtol=1e-4, atol=1e-3)
        agree("nearest", results["NearestTF1"], t(mode="nearest"))
        agree("nearest", results["Nearest"], p(Image.Resampling.NEAREST))
        if ih % h == 0 and iw % w == 0:
            agree("area", results["Area"], t(mode="area"))
        for name, y in results.items():
            f.add("Resize", "%s/%dx%dx%d to %dx%d" % (name, ih, iw, c, h, w), {"x": x}, {"y": y.astype(np.float32)})

# Padding.
for mode, name in enumerate(("constant", "edge", "reflect", "symmetric")):
    for c in (1, 3):
        x = picture(30, 4, 3, c)
        y = np.pad(x, ((2, 5), (3, 1), (0, 0)), mode=name, **({"constant_values": 7} if mode == 0 else {}))
        f.add("Pad", "%s/%d" % (name, c), {"x": x}, {"y": y}, {"padding": mode, "top": 2, "bottom": 5, "left": 3, "right": 1, "value": 7})


# Affine maps about the centre, by grid_sample. Forward, in pixels with y downwards: shift, after a counterclockwise turn, after a shear of x by
# y, after zoom.
def affine(x, rotate, shear, zoom, dx, dy, padding, nearest, value):
    h, w, c = x.shape
    r, s = math.radians(rotate), math.tan(math.radians(shear))
    turn = np.array([[math.cos(r), math.sin(r)], [-math.sin(r), math.cos(r)]])
    inverse = np.linalg.inv(turn @ np.array([[1, s], [0, 1]]) * zoom)
    ys, xs = np.meshgrid(np.arange(h) + 0.5, np.arange(w) + 0.5, indexing="ij")
    out = np.stack([xs - w / 2 - dx, ys - h / 2 - dy], -1) @ inverse.T + np.array([w / 2, h / 2])
    mode = {"mode": "nearest" if nearest else "bilinear"}
    if padding == "reflect":  # about the centres of the edge pixels
        grid = (out - 0.5) / (np.array([w, h]) - 1) * 2 - 1
        mode.update(padding_mode="reflection", align_corners=True)
    else:
        grid = out / np.array([w, h]) * 2 - 1
        mode.update(padding_mode={"constant": "zeros", "edge": "border", "symmetric": "reflection"}[padding], align_corners=False)
    shifted = x - value if padding == "constant" else x
    y = hwc(F.grid_sample(nchw(shifted), torch.tensor(grid[None]), **mode))
    return y + value if padding == "constant" else y


for k, (rotate, shear, zoom, dx, dy) in enumerate(((33, 0, 1, 0, 0), (-70, 0, 1, 0, 0), (0, 0, 1, 1.25, -0.75), (0, 0, 1.5, 0, 0), (0, 0, 0.6, 0, 0),
                                                   (0, 20, 1, 0, 0), (15, -12, 1.2, -2.25, 1.5), (90, 0, 1, 0, 0))):
    for (mode, padding), nearest, (h, w, c) in itertools.product(enumerate(("constant", "edge", "reflect", "symmetric")), (0, 1), ((7, 9, 1), (4, 6, 3))):
        if nearest and (mode > 0 or rotate == 90) or mode > 0 and k not in (0, 2, 6) or c == 3 and k not in (0, 6):
            continue
        x = picture(50 + k, h, w, c)
        y = affine(x, rotate, shear, zoom, dx, dy, padding, nearest, 3)
        if rotate == 90 and c == 1 and mode == 0:
            square = picture(49, 6, 6, 1)
            agree("counterclockwise", affine(square, 90, 0, 1, 0, 0, "constant", 0, 0), np.rot90(square), rtol=1e-9, atol=1e-9)
            agree("PIL", pil(square, lambda m: m.rotate(90)), np.rot90(square))
        f.add("Affine", "%d/%s/nearest=%d/%dx%dx%d" % (k, padding, nearest, h, w, c), {"x": x}, {"y": y.astype(np.float32)},
              {"rotate": rotate, "shear": shear, "zoom": zoom, "shiftX": dx, "shiftY": dy, "padding": mode, "nearest": nearest, "value": 3})

# Colours: torchvision's functional_tensor (adjust_brightness, _contrast, _saturation, _hue) written out; hue by colorsys.
for k, v in enumerate((0.0, 0.4, 1.7)):
    x = (picture(70 + k, 4, 5, 3) / 255).astype(np.float32).astype(np.float64)
    grey = x @ np.array([0.2989, 0.587, 0.114])
    blend = lambda other: np.clip(v * x + (1 - v) * other, 0, 1)
    f.add("Brightness", str(v), {"x": x}, {"y": blend(0)}, {"factor": v})
    f.add("Contrast", str(v), {"x": x}, {"y": blend(grey.mean())}, {"factor": v})
    f.add("Saturation", str(v), {"x": x}, {"y": blend(grey[:, :, None])}, {"factor": v})
for v in (-0.5, -0.1, 0.0, 0.3, 0.5):
    x = (picture(80, 4, 5, 3) / 255).astype(np.float32).astype(np.float64)
    x[0, 0], x[0, 1], x[0, 2], x[0, 3] = (0, 0, 0), (1, 1, 1), (1, 0, 0), (0.5, 0.5, 0.25)
    y = np.zeros_like(x)
    for i, j in itertools.product(range(4), range(5)):
        h, s, b = colorsys.rgb_to_hsv(*x[i, j])
        y[i, j] = colorsys.hsv_to_rgb((h + v) % 1.0, s, b)
    f.add("Hue", str(v), {"x": x}, {"y": y}, {"factor": v})
for c in (1, 3):  # tf.image.per_image_standardization
    x = picture(90, 3, 5, c)
    f.add("Standardize", str(c), {"x": x}, {"y": (x - x.mean()) / max(x.std(), 1 / math.sqrt(x.size))})
flat = np.full((3, 3, 1), 9.0)
f.add("Standardize", "constant", {"x": flat}, {"y": flat * 0})

# Files of every kind, and PIL's pixels. A smooth picture, so that JPEG decoders differ by rounding only.
assert features.check("webp") and features.check("libtiff")
folder = os.path.join(os.environ["GOLDEN_OUT"], "images") if "GOLDEN_OUT" in os.environ else \
    os.path.join(HERE, "..", "..", "training", "dataset", "image", "testdata")
os.makedirs(folder, exist_ok=True)
ys, xs = np.meshgrid(np.linspace(0, 1, 17), np.linspace(0, 1, 21), indexing="ij")
rgb = np.stack([255 * xs, 255 * ys, 255 * (1 - xs) * ys], 2).round().astype(np.uint8)
colour, grey = Image.fromarray(rgb), Image.fromarray(rgb[:, :, 0])
alpha = Image.fromarray(np.dstack([rgb, (255 * ys * xs).round().astype(np.uint8)]))
speckled = Image.fromarray(picture(99, 7, 9, 3).astype(np.uint8))
palette = speckled.quantize(13)
palette.info["transparency"] = 4
deep = Image.fromarray((xs * ys * 65535).round().astype(np.uint16))
frame = Image.new("P", (21, 17), 0)
frame.putpalette([10, 20, 30, 200, 100, 50] + [0] * 762)
frame.paste(1, (4, 3, 12, 9))


def oriented(n):
    exif = Image.Exif()
    exif[0x0112] = n
    return {"exif": exif.tobytes()}


made = [("rgb.png", speckled, {}), ("grey.png", grey, {}), ("alpha.png", alpha, {}), ("palette.png", palette, {}), ("grey16.png", deep, {}),
        ("greyalpha.png", alpha.convert("LA"), {}), ("bits.png", grey.convert("1"), {}), ("rgb.bmp", speckled, {}), ("rgb.tiff", speckled, {"compression": "tiff_lzw"}),
        ("lossless.webp", speckled, {"lossless": True}), ("frame.gif", frame, {}),
        ("lossy.webp", colour, {"quality": 90}), ("lossyalpha.webp", alpha, {"quality": 90, "exact": True}),
        ("420.jpg", colour, {"quality": 95, "subsampling": 2}), ("422.jpg", colour, {"quality": 95, "subsampling": 1}), ("444.jpg", colour, {"quality": 95, "subsampling": 0}), ("grey.jpg", grey, {"quality": 95}),
        ("progressive.jpg", colour, {"quality": 95, "subsampling": 0, "progressive": True}), ("cmyk.jpg", colour.convert("CMYK"), {"quality": 95})]
made += [("orientation%d.jpg" % n, colour, dict(oriented(n), quality=95, subsampling=0)) for n in range(1, 9)]
for name, m, kw in made:
    path = os.path.join(folder, name)
    m.save(path, **kw)
    with Image.open(path) as m:
        if name.startswith("orientation"):
            from PIL import ImageOps
            m = ImageOps.exif_transpose(m)
        if name == "grey16.png":
            values = np.asarray(m).astype(np.float64)[:, :, None] / 257
            outputs = {"l": values, "rgb": np.repeat(values, 3, 2)}
        else:
            a = m.convert("RGBA")
            outputs = {"l": np.asarray(m.convert("RGB").convert("L"))[:, :, None], "rgb": np.asarray(m.convert("RGB")), "rgba": np.asarray(a)}
            if "alpha" not in name and name != "palette.png":
                del outputs["rgba"]
            if not name.endswith(".png"):
                del outputs["l"]
    f.add("Decode", name, {}, outputs)
f.save(gz=True)
