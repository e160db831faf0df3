"""What the golden scripts share: the number sequence, the file format, the cross-check.

Values are computed by PyTorch in float64 from inputs that float32 holds exactly, so one file serves the
float32 tests (round it) and the float64 tests (use it as it is).
"""
import gzip
import json
import os
import sys

import numpy as np
import torch

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1


def bits24(seed, n):
    """n 24-bit integers: the top bits of splitmix64 started at seed. golden.go has the same generator."""
    out, state = [], seed & MASK
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out.append((z ^ (z >> 31)) >> 40)
    return out


def sequence(seed, n):
    """n numbers of [-.5, .5), k/2**24 - .5: exact in float32."""
    return np.array([k / 2.0**24 - 0.5 for k in bits24(seed, n)], dtype=np.float64)


def labels(seed, n, classes):
    """n integers of [0, classes)."""
    return np.array([(k * classes) >> 24 for k in bits24(seed, n)], dtype=np.int64)


def grid(seed, shape, scale, step=1.0 / 256):
    """Numbers of about [-scale/2, scale/2) on a grid of 1/256: exact in float32, short in decimal, never 0 (a kink)."""
    n = int(np.prod(shape)) if len(shape) else 1
    v = np.floor(sequence(seed, n) * scale / step) * step
    v[v == 0] = step
    return v.reshape(shape)


def var(a):
    """A float64 leaf tensor that wants a gradient."""
    return torch.tensor(np.asarray(a, dtype=np.float64), dtype=torch.float64, requires_grad=True)


def number(v, single):
    v = float(v)
    if v != v:
        return '"nan"'
    if v in (float("inf"), float("-inf")):
        return '"inf"' if v > 0 else '"-inf"'
    if v == int(v) and abs(v) < 1e15:
        return "-0.0" if v == 0 and np.signbit(v) else str(int(v))
    if single:
        return np.format_float_scientific(np.float32(v), unique=True, trim="-") if not 1e-4 < abs(v) < 1e6 else \
            np.format_float_positional(np.float32(v), unique=True, trim="-")
    return repr(v)


def array(a):
    if isinstance(a, torch.Tensor):
        a = a.detach().numpy()
    a = np.asarray(a)
    single = a.dtype == np.float32
    data = ",".join(number(v, single) for v in a.reshape(-1))
    return '{"shape":%s,"data":[%s]}' % (json.dumps(list(a.shape), separators=(",", ":")), data)


class File:
    """One testdata file: cases are added, then save writes it (gzipped when asked, with no time in it)."""

    def __init__(self, name, about):
        self.name, self.about, self.cases, self.names = name, about, [], set()

    def add(self, op, variant, inputs, outputs, params=None, axes=None, note=""):
        name = op + "/" + variant if variant else op
        assert name not in self.names, name
        self.names.add(name)
        parts = ['"name":' + json.dumps(name), '"op":' + json.dumps(op)]
        if note:
            parts.append('"note":' + json.dumps(note))
        if params:
            parts.append('"params":{%s}' % ",".join('%s:%s' % (json.dumps(k), number(v, False)) for k, v in params.items()))
        if axes is not None:
            parts.append('"axes":' + json.dumps(list(axes), separators=(",", ":")))
        for field, arrays in (("inputs", inputs), ("outputs", outputs)):
            parts.append('"%s":{%s}' % (field, ",".join('\n  %s:%s' % (json.dumps(k), array(a)) for k, a in arrays.items())))
        self.cases.append("{" + ",\n ".join(parts) + "}")

    def save(self, gz=False):
        made = "%s with PyTorch %s, NumPy %s" % (os.path.basename(sys.argv[0]), torch.__version__, np.__version__)
        text = '{"about":%s,\n"madeBy":%s,\n"cases":[\n%s\n]}\n' % (
            json.dumps(self.about), json.dumps(made), ",\n".join(self.cases))
        json.loads(text)
        out = os.environ.get("GOLDEN_OUT", os.path.join(HERE, "testdata"))  # elsewhere, to compare before replacing
        path = os.path.join(out, self.name + ".json" + (".gz" if gz else ""))
        data = text.encode()
        if gz:
            data = gzip.compress(data, 9, mtime=0)
        with open(path, "wb") as f:
            f.write(data)
        print("%-40s %4d cases %7d bytes" % (os.path.basename(path), len(self.cases), len(data)))


def agree(what, a, b, rtol=1e-12, atol=1e-14):
    """Stops the script unless two independent computations agree."""
    a, b = (x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x) for x in (a, b))
    assert a.shape == b.shape, (what, a.shape, b.shape)
    np.testing.assert_allclose(a.astype(np.float64), b.astype(np.float64), rtol=rtol, atol=atol, err_msg=what)
