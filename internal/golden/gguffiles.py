"""Writes transfer/gguf/testdata by ggml's description of GGUF (gguf.md), for the tests of that package.

Beside each quantised tensor lies "NAME.values", what it stands for by the formulas of ggml-quants.c. Blocks are quantised as quantize_row_*_ref does.
"""
import os
import struct
import numpy as np

OUT = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "gguf", "testdata"))
f16, f32 = np.float16, np.float32


def text(s):
    b = s.encode()
    return struct.pack("<Q", len(b)) + b


CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


def value(kind, v):
    if kind == 8:
        return text(v)
    if kind == 9:
        inner, items = v
        return struct.pack("<IQ", inner, len(items)) + b"".join(value(inner, i) for i in items)
    return struct.pack("<" + CODES[kind], v)


def blocks(x):
    return x.reshape(-1, 32)


def halves(q):  # element i in the lower half of byte i, i+16 in the upper
    q = q.astype(np.uint8)
    return (q[:, :16] & 15) | ((q[:, 16:] & 15) << 4)


def fifths(q):
    return np.packbits((q >> 4 & 1).astype(np.uint8), axis=1, bitorder="little")


def signed(x, levels):  # Q4_0, Q5_0: the largest by magnitude becomes -levels/2
    b = blocks(x)
    top = b[np.arange(len(b)), np.abs(b).argmax(1)]
    d = (top / f32(-(levels // 2))).astype(f16)
    s = d.astype(f32)[:, None]
    q = np.minimum(levels - 1, np.where(s == 0, levels // 2, np.trunc(b / np.where(s == 0, 1, s) + f32(levels // 2 + 0.5)))).astype(np.int32)
    return d, q, (q - levels // 2).astype(f32) * s


def shifted(x, levels):  # Q4_1, Q5_1
    b = blocks(x)
    m = b.min(1).astype(f16)
    d = ((b.max(1) - b.min(1)) / f32(levels - 1)).astype(f16)
    s, least = d.astype(f32)[:, None], m.astype(f32)[:, None]
    q = np.clip(np.trunc((b - least) / np.where(s == 0, 1, s) + f32(0.5)), 0, levels - 1).astype(np.int32)
    return d, m, q, q.astype(f32) * s + least


def rows(*parts):
    return np.concatenate([np.ascontiguousarray(p).view(np.uint8).reshape(len(parts[0]), -1) for p in parts], axis=1).tobytes()


def quantised(x):
    d, q, v = signed(x, 16)
    yield "q4_0", 2, rows(d, halves(q)), v
    d, m, q, v = shifted(x, 16)
    yield "q4_1", 3, rows(d, m, halves(q)), v
    d, q, v = signed(x, 32)
    yield "q5_0", 6, rows(d, fifths(q), halves(q)), v
    d, m, q, v = shifted(x, 32)
    yield "q5_1", 7, rows(d, m, fifths(q), halves(q)), v
    b = blocks(x)
    d = (np.abs(b).max(1) / f32(127)).astype(f16)
    s = d.astype(f32)[:, None]
    q = np.clip(np.rint(b / np.where(s == 0, 1, s)), -127, 127).astype(np.int8)
    yield "q8_0", 8, rows(d, q), q.astype(f32) * s


def write(name, version, metadata, tensors, alignment=32):
    infos, data = b"", b""
    for key, kind, shape, raw in tensors:
        data += b"\0" * (-len(data) % alignment)
        infos += text(key) + struct.pack("<I", len(shape)) + struct.pack("<%dQ" % len(shape), *reversed(shape)) + struct.pack("<IQ", kind, len(data))
        data += raw
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    head += b"".join(text(k) + struct.pack("<I", kind) + value(kind, v) for k, kind, v in metadata) + infos
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(head + b"\0" * (-len(head) % alignment) + data)


x = np.sin(np.arange(128, dtype=f32) * f32(0.7)) * np.repeat(np.array([1, 0.01, 30, 0], f32), 32)
tensors = [("q6_k", 14, (1, 256), bytes(210))]
for key, kind, raw, values in quantised(x):
    tensors += [(key, kind, (2, 64), raw), (key + ".values", 0, (2, 64), values.astype("<f4").tobytes())]
for key, kind, dtype in ("f32", 0, "<f4"), ("f16", 1, "<f2"), ("i8", 24, "<i1"), ("i16", 25, "<i2"), ("i32", 26, "<i4"), ("i64", 27, "<i8"), ("f64", 28, "<f8"):
    tensors.append((key, kind, (3, 2), np.array([0, 1, -2, 3, -4, 5]).astype(dtype).tobytes()))
tensors.append(("bf16", 30, (2,), struct.pack("<HH", 0x3F80, 0xC0A0)))
metadata = [("general.architecture", 8, "test"), ("general.name", 8, "ü"), ("u8", 0, 255), ("i8", 1, -1), ("u16", 2, 65535), ("i16", 3, -2), ("u32", 4, 1 << 31), ("i32", 5, -3),
            ("f32", 6, 0.1), ("yes", 7, True), ("words", 9, (8, ["a", "b"])), ("long", 9, (5, list(range(100)))), ("nested", 9, (9, [(0, [1, 2]), (0, [])])), ("u64", 10, 1 << 63),
            ("i64", 11, -4), ("f64", 12, 0.1)]
write("all.gguf", 3, metadata, tensors)
write("aligned.gguf", 2, [("general.alignment", 4, 64)], [("a", 24, (3,), b"\1\2\3"), ("b", 24, (1,), b"\4")], 64)
