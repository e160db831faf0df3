"""Writes transfer/tensorflow/testdata: checkpoints of TensorFlow's first version, tables of SavedTensorSlices, from what
tensorflow/core/lib/io/format.cc, saved_tensor_slice.proto and ordered_code.cc say of it; no TensorFlow is at hand."""
import os
import struct

OUT = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "tensorflow", "testdata"))


def crc32c(b):
    c = 0xFFFFFFFF
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    return c ^ 0xFFFFFFFF


def masked(b):
    c = crc32c(b)
    return struct.pack("<I", ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(v):
    v, out = v & (1 << 64) - 1, b""
    while v > 127:
        v, out = v >> 7, out + bytes([v & 127 | 128])
    return out + bytes([v])


def number(field, v):
    return varint(field << 3) + varint(v)


def message(field, b):
    return varint(field << 3 | 2) + varint(len(b)) + b


def packed(field, code, values):
    return message(field, struct.pack("<%d%s" % (len(values), code), *values) if code else b"".join(map(varint, values)))


def extents(cut):  # TensorSliceProto; None is a whole axis
    return b"".join(message(1, b"" if e is None else number(1, e[0]) + number(2, e[1])) for e in cut)


def ordered(v):  # OrderedCode::WriteSignedNumIncreasing, one byte
    assert -64 <= v < 64
    return bytes([v + 128 if v >= 0 else (v & 255) ^ 128])


def key(name, cut):  # checkpoint::EncodeTensorNameSlice
    rank = bytes([1, len(cut)]) if cut else b"\0"
    return b"\0" + name.encode() + b"\0\1" + rank + b"".join(ordered(e[0]) + ordered(e[1]) for e in ((0, -1) if e is None else e for e in cut))


# name, dtype, shape, [(slice, TensorProto)]
tensors = [
    ("brain", 14, [2], [([None], packed(13, "", [0x3F80, 0xC0A0]))]),
    ("dense/kernel", 1, [2, 3], [([None, None], packed(5, "f", [1, 2, 3, 4, 5, 6]))]),
    ("double", 2, [1], [([None], packed(6, "d", [1 / 3]))]),
    ("embedding", 1, [3, 2], [([(0, 1), None], packed(5, "f", [0, 1])), ([(1, 2), None], packed(5, "f", [2, 3, 4, 5]))]),
    ("empty", 1, [0, 4], [([None, None], b"")]),
    ("flags", 10, [2], [([None], packed(11, "", [1, 0]))]),
    ("global_step", 9, [], [([], packed(10, "", [-7]))]),
    ("half", 19, [2], [([None], packed(13, "", [0x3C00, 0xC000]))]),
    ("int8", 6, [2], [([None], packed(7, "", [-128, 127]))]),
    ("loose", 3, [2], [([None], number(7, 5) + number(7, -6))]),  # not packed, as old writers may
    ("names", 7, [2], [([None], message(8, b"a") + message(8, b"bc"))]),
    ("wave", 8, [1], [([None], packed(9, "f", [0, 1]))]),
]


class Table:
    """A file of these tensors, of which a partitioned one lists the parts that are in it."""

    def __init__(self, tensors):
        meta = b"".join(
            message(1, message(1, name.encode()) + message(2, b"".join(message(2, number(1, d)) for d in shape)) + number(3, dtype)
                    + b"".join(message(4, extents(cut)) for cut, _ in parts)) for name, dtype, shape, parts in tensors)
        entries = [(b"", message(1, meta + message(2, number(1, 1))))]
        for name, _, _, parts in tensors:
            for cut, data in parts:
                entries.append((key(name, cut), message(2, message(1, name.encode()) + message(2, extents(cut)) + message(3, data))))
        entries.sort()
        self.out, index = b"", []
        for i in range(0, len(entries), 3):
            part = entries[i:i + 3]
            index.append((part[-1][0], self.block(part, snappy=i % 2 == 1)))
        footer = self.block([]) + self.block(index)
        self.out += footer + bytes(40 - len(footer)) + struct.pack("<Q", 0xDB4775248B80FB57)

    def block(self, pairs, snappy=False):
        """Appends a block and returns its handle. Its Snappy is one literal."""
        b = b"".join(varint(0) + varint(len(k)) + varint(len(v)) + k + v for k, v in pairs) + struct.pack("<II", 0, 1)
        if snappy:
            b = varint(len(b)) + bytes([61 << 2]) + struct.pack("<H", len(b) - 1) + b
        handle = varint(len(self.out)) + varint(len(b))
        tail = bytes([1 if snappy else 0])
        self.out += b + tail + masked(b + tail)
        return handle

    def write(self, name):
        with open(os.path.join(OUT, name), "wb") as f:
            f.write(self.out)


Table(tensors).write("v1.ckpt")
# Two shards, as tf.train.Saver(sharded=True) writes one a device: each has one of the slices of the partitioned variable.
for shard in 0, 1:
    Table([(name, dtype, shape, parts[shard:shard + 1] if len(parts) > 1 else parts) for i, (name, dtype, shape, parts) in enumerate(tensors)
           if len(parts) > 1 or i % 2 == shard]).write("v1sharded.ckpt-%05d-of-00002" % shard)
