"""darknet.json.gz: networks of Darknet's .cfg files, and the published Tiny-YOLO v2 and v3.

Cases "Network": the .cfg of that name in transfer/darknet/testdata, weights by a formula in the order of the .weights file: tensor i of it,
counted from 1, is made from Sequence(1000*seed + i): kernels sqrt(24/fan_in)*u, gamma and variances 1 + u/2, others u/5, rounded to float32.
The image is .5 + Sequence(1000*seed), channels last. Outputs: of every layer "layer NAME", its mean, mean square, first and last element,
channels last; of the last layer and of those before [yolo] and [region] all elements, "output NAME".

Cases "Published": the weights in the module gorgonia.org/gorgonia (as `go list -m` finds it) and an image .5 + Sequence(1), 416 x 416; of each
detection layer 48 elements, evenly spread from the first to the last, and the four of "layer".

Cases "Detections": the boxes that Darknet itself finds in the module's pictures, by those weights; and "boxes" of the case tour: class, probability,
and as shares of the picture x and y of the centre, width and height; thresh .3, nms .45.

It needs Debian's packages darknet, which computes every network too and has to agree, and python3-pil.
"""
import ctypes as C
import io
import os
import struct
import subprocess
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image as PIL
from goldenfile import File, HERE
from zoofile import sequence

D = torch.float64

# What batch norm divides by: Darknet's CUDA code, with which the published weights were trained, and its C code.
DEVIATION = {"cuda": lambda v: torch.sqrt(v + 1e-5), "c": lambda v: torch.sqrt(v) + 1e-6}
CFGS = os.path.join(HERE, "..", "..", "transfer", "darknet", "testdata")
NAMES = {"convolutional": "conv", "conv": "conv", "conn": "connected", "max": "maxpool", "avg": "avgpool", "soft": "softmax"}


def sections(path):
    out = []
    for line in open(path):
        line = "".join(line.split())
        if line.startswith("["):
            out.append((line[1:-1], {}))
        elif line and line[0] not in "#;":
            key, value = line.split("=", 1)
            out[-1][1].setdefault(key, value)
    return out


ACTIVATIONS = {
    "linear": lambda x: x, "leaky": lambda x: torch.where(x > 0, x, .1 * x), "relu": F.relu, "relie": lambda x: torch.where(x > 0, x, .01 * x),
    "ramp": lambda x: x * (x > 0) + .1 * x, "logistic": torch.sigmoid, "loggy": lambda x: 2 / (1 + torch.exp(-x)) - 1, "tanh": torch.tanh,
    "hardtan": lambda x: x.clamp(-1, 1), "elu": F.elu, "selu": F.selu, "swish": lambda x: x * torch.sigmoid(x), "mish": F.mish, "relu6": F.relu6,
}


class Formula:
    """The numbers of a .weights file by the formula."""

    def __init__(self, seed):
        self.seed, self.count, self.file = seed, 0, []

    def take(self, kind, shape):
        self.count += 1
        u = sequence(1000 * self.seed + self.count, int(np.prod(shape))).reshape(shape)
        if kind == "kernel":
            u = u * np.sqrt(24.0 / np.prod(shape[1:]))
        elif kind in ("gamma", "variance"):
            u = 1 + u / 2
        else:
            u = u / 5
        u = u.astype(np.float32)
        self.file.append(u.reshape(-1))
        return torch.tensor(u.astype(np.float64))


class Stored:
    """The numbers of a .weights file."""

    def __init__(self, path):
        data = open(path, "rb").read()
        major, minor = struct.unpack("<ii", data[:8])
        self.at, self.numbers = 0, np.frombuffer(data, np.float32, offset=20 if major * 10 + minor >= 2 else 16)

    def take(self, kind, shape):
        n = int(np.prod(shape))
        self.at += n
        return torch.tensor(self.numbers[self.at - n:self.at].reshape(shape).astype(np.float64))


def reorg(x, k):
    """Darknet's reorg_cpu, loop by loop."""
    b, c, h, w = x.shape
    out_c, flat, out = c // (k * k), x.reshape(b, -1).numpy(), np.zeros((b, c * h * w))
    for n in range(b):
        for ch in range(c):
            for j in range(h):
                for i in range(w):
                    offset = ch // out_c
                    w2, h2 = i * k + offset % k, j * k + offset // k
                    out[n, i + w * (j + h * ch)] = flat[n, w2 + w * k * (h2 + h * k * (ch % out_c))]
    return torch.tensor(out.reshape(b, c * k * k, h // k, w // k))


def shortcut(x, y):
    """Adds y to x as shortcut_cpu does."""
    out = x.clone()
    stride, sample = max(1, y.shape[3] // x.shape[3]), max(1, x.shape[3] // y.shape[3])
    c, h, w = (min(a, b) for a, b in zip(x.shape[1:], y.shape[1:]))
    out[:, :c, :h * sample:sample, :w * sample:sample] += y[:, :c, :h * stride:stride, :w * stride:stride]
    return out


def run(cfg, x, weights, deviation=DEVIATION["cuda"]):
    """Computes all layers: [(name, output)], channels first, of detection layers what they are given."""
    done = []
    for i, (kind, o) in enumerate(cfg[1:]):
        kind = NAMES.get(kind, kind)
        num = lambda key, otherwise=0: int(o.get(key, otherwise))
        act = lambda otherwise: ACTIVATIONS[o.get("activation", otherwise)]
        at = lambda k: done[k if k >= 0 else i + k][1]
        if kind in ("conv", "connected"):
            if kind == "connected":
                x = x.reshape(x.shape[0], -1)
                shape = [num("output"), x.shape[1]]
            else:
                k, groups, stride = num("size", 1), num("groups", 1), num("stride", 1)
                shape = [num("filters", 1), x.shape[1] // groups, k, k]
            bias, normalize = weights.take("bias", shape[:1]), num("batch_normalize")
            if normalize and kind == "conv":
                gamma, mean, variance = (weights.take(s, shape[:1]) for s in ("gamma", "mean", "variance"))
            w = weights.take("kernel", shape)
            if normalize and kind == "connected":
                gamma, mean, variance = (weights.take(s, shape[:1]) for s in ("gamma", "mean", "variance"))
            if kind == "connected":
                x = x @ w.T
            else:
                dilation = num("dilation", 1)
                padding = k // 2 if num("pad") else num("padding")
                x = F.conv2d(x, w, None, (num("stride_y", stride), num("stride_x", stride)), padding * dilation, dilation, groups)
            per = (1, -1) + (1, 1) * (kind == "conv")
            if normalize:
                x = (x - mean.reshape(per)) / deviation(variance.reshape(per)) * gamma.reshape(per)
            x = act("logistic")(x + bias.reshape(per))
        elif kind == "maxpool":
            k = num("size", num("stride", 1))
            pad = num("padding", k - 1)
            before = (pad // 2, pad - pad // 2)
            x = F.max_pool2d(F.pad(x, before * 2, value=-np.inf), k, num("stride", 1))
        elif kind == "avgpool":
            x = x.mean((2, 3), keepdim=True)
        elif kind == "route":
            groups, group = num("groups", 1), num("group_id")
            parts = [at(int(k)) for k in o["layers"].split(",")]
            x = torch.cat([p.chunk(groups, 1)[group] for p in parts], 1)
        elif kind == "shortcut":
            x = act("linear")(shortcut(x, at(num("from"))))
        elif kind == "upsample":
            x = F.interpolate(x, scale_factor=num("stride", 2)) * float(o.get("scale", 1))
        elif kind == "reorg":
            x = reorg(x, num("stride", 1))
        elif kind == "activation":
            x = act("linear")(x)
        elif kind == "softmax":
            if not num("spatial"):
                x = x.reshape(x.shape[0], -1)
            x = torch.softmax(x / float(o.get("temperature", 1)), 1)
        else:
            assert kind in ("dropout", "cost", "yolo", "region"), kind
        done.append(("%s%d" % (kind, i), x))
    return done


def last(y):
    return y.permute(0, 2, 3, 1).contiguous() if y.dim() == 4 else y


def four(y):
    flat = last(y).reshape(-1)
    return np.array([float(flat.mean()), float((flat * flat).mean()), float(flat[0]), float(flat[-1])])


class Box(C.Structure):
    _fields_ = [(k, C.c_float) for k in "xywh"]


class Detection(C.Structure):
    _fields_ = [("bbox", Box), ("classes", C.c_int), ("prob", C.POINTER(C.c_float)), ("mask", C.POINTER(C.c_float)), ("objectness", C.c_float),
                ("sort_class", C.c_int)]


class Image(C.Structure):
    _fields_ = [("w", C.c_int), ("h", C.c_int), ("c", C.c_int), ("data", C.POINTER(C.c_float))]


lib = C.CDLL("/usr/lib/darknet/libdarknet.so")
lib.load_network.restype, lib.load_network.argtypes = C.c_void_p, [C.c_char_p, C.c_char_p, C.c_int]
lib.set_batch_network.argtypes = [C.c_void_p, C.c_int]
lib.network_predict.restype, lib.network_predict.argtypes = C.POINTER(C.c_float), [C.c_void_p, C.POINTER(C.c_float)]
lib.letterbox_image.restype, lib.letterbox_image.argtypes = Image, [Image, C.c_int, C.c_int]
lib.get_network_boxes.restype = C.POINTER(Detection)
lib.get_network_boxes.argtypes = [C.c_void_p, C.c_int, C.c_int, C.c_float, C.c_float, C.POINTER(C.c_int), C.c_int, C.POINTER(C.c_int)]
lib.do_nms_sort.argtypes = [C.POINTER(Detection), C.c_int, C.c_int, C.c_float]


def floats(a):
    return np.ascontiguousarray(a, np.float32).ctypes.data_as(C.POINTER(C.c_float))


def darknet(cfg, weights):
    net = lib.load_network(cfg.encode(), weights.encode(), 0)
    lib.set_batch_network(net, 1)
    return net


def boxes(net, width, height, threshold, classes, overlap):
    """[class, probability, x, y, w, h] of each box, the most probable first: the centre and the size as shares of the picture."""
    n, rows = C.c_int(), []
    found = lib.get_network_boxes(net, width, height, threshold, 0, None, 1, C.byref(n))
    lib.do_nms_sort(found, n.value, classes, overlap)
    for d in (found[i] for i in range(n.value)):
        rows += [[k, d.prob[k], d.bbox.x, d.bbox.y, d.bbox.w, d.bbox.h] for k in range(classes) if d.prob[k] > threshold]
    return np.array(sorted(rows, key=lambda r: -r[1]), np.float32).reshape(-1, 6)


def agree_with_darknet(what, done, net, x, cfg):
    """Compares the last layer with Darknet's own, a detection layer after what that does."""
    name, y = done[-1]
    y = y.detach()
    o = cfg[-1][1]
    if cfg[-1][0] in ("yolo", "region"):
        n, h, w = y.shape[0], y.shape[2], y.shape[3]
        y = y.reshape(n, -1, 5 + int(o["classes"]), h, w).clone()
        y[:, :, :2] = torch.sigmoid(y[:, :, :2])
        y[:, :, 4] = torch.sigmoid(y[:, :, 4])
        y[:, :, 5:] = torch.softmax(y[:, :, 5:], 2) if int(o.get("softmax", 0)) else torch.sigmoid(y[:, :, 5:])
    y = y.reshape(-1).numpy()
    input = np.ascontiguousarray(x.numpy(), np.float32)
    got = np.ctypeslib.as_array(lib.network_predict(net, floats(input)), y.shape)
    worst = np.abs(got - y).max() / np.abs(y).max()
    print("%s: Darknet's %s differs by %.2g of the largest" % (what, name, worst))
    assert worst < 1e-4, what


def as_go_decodes(path):
    """A JPEG as our package decodes it, whose decoder rounds otherwise than Darknet's."""
    with tempfile.TemporaryDirectory() as d:
        with open(d + "/main.go", "w") as t:
            t.write("""package main
import ("os"; "github.com/plexaura/plexaura/training/dataset/image")
func main() {
    m, err := image.Open(os.Args[1], image.Config{})
    if err != nil { panic(err) }
    b, err := m.PNG()
    if err != nil { panic(err) }
    os.Stdout.Write(b)
}""")
        return np.asarray(PIL.open(io.BytesIO(subprocess.check_output(["go", "run", d + "/main.go", path], cwd=HERE))).convert("RGB"))


f = File("darknet", "Darknet's networks: outputs of all layers, and boxes that Darknet finds.")
for seed, (name, release) in enumerate([("tour", True), ("classifier", True), ("later", False)], 1):
    path = os.path.join(CFGS, name + ".cfg")
    cfg = sections(path)
    h, w, c = (int(cfg[0][1][k]) for k in ("height", "width", "channels"))
    image = (.5 + sequence(1000 * seed, h * w * c)).reshape(1, h, w, c)
    x = torch.tensor(image).permute(0, 3, 1, 2)
    weights = Formula(seed)
    done = run(cfg, x, weights)
    out = {"layer " + n: four(y) for n, y in done}
    for n, y in done:
        if n == done[-1][0] or n.startswith(("yolo", "region")):
            out["output " + n] = last(y)
    if release:
        with tempfile.NamedTemporaryFile(suffix=".weights") as t:
            t.write(struct.pack("<iiiq", 0, 2, 0, 0) + b"".join(a.tobytes() for a in weights.file))
            t.flush()
            net = darknet(path, t.name)
            agree_with_darknet(name, run(cfg, x, Formula(seed), DEVIATION["c"]), net, x, cfg)
            if name == "tour":
                lib.network_predict(net, floats(x.numpy()))
                out["boxes"] = boxes(net, 60, 40, .3, 3, .45)
    f.add("Network", name, {}, out, {"seed": seed})

module = subprocess.check_output(["go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia"], cwd=HERE, text=True).strip() + "/examples/"
PUBLISHED = {"v2": "tiny-yolo-v2-coco/model/yolov2-tiny", "v3": "tiny-yolo-v3-coco/data/yolov3-tiny"}
for name, base in PUBLISHED.items():
    cfg = sections(module + base + ".cfg")
    x = torch.tensor(.5 + sequence(1, 416 * 416 * 3)).reshape(1, 416, 416, 3).permute(0, 3, 1, 2)
    weights = Stored(module + base + ".weights")
    done = run(cfg, x, weights)
    assert weights.at == len(weights.numbers)
    net = darknet(module + base + ".cfg", module + base + ".weights")
    agree_with_darknet(name, run(cfg, x, Stored(module + base + ".weights"), DEVIATION["c"]), net, x, cfg)
    out = {}
    for n, y in done:
        if n.startswith(("yolo", "region")):
            flat = last(y).reshape(-1)
            out["layer " + n] = four(y)
            out["some " + n] = flat[np.linspace(0, len(flat) - 1, 48).astype(int)]
    f.add("Published", name, {}, out)
    for picture in ("dog", "dog_416x416"):
        pixels = as_go_decodes(module + "tiny-yolo-v2-coco/data/" + picture + ".jpg")
        h, w = pixels.shape[:2]
        planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32) / np.float32(255)
        boxed = lib.letterbox_image(Image(w, h, 3, floats(planes)), 416, 416)
        lib.network_predict(net, boxed.data)
        f.add("Detections", name + "/" + picture, {}, {"boxes": boxes(net, w, h, .3, 80, .45)})

f.save(gz=True)
