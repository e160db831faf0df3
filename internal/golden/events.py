"""An event file of TensorBoard as Google's protocol buffers encode it: testdata/events.tfevents.

    /usr/bin/python3 -B events.py              writes it
    /usr/bin/python3 -B events.py FILE         prints the events of any file, after checking both checksums of every record

The messages are those of events.proto, compiled by protoc; the framing and crc32c are written out here from RFC 3720 and
record_writer.h, the buckets of the histogram from histogram.cc.
"""
import math
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
with tempfile.TemporaryDirectory() as made:
    subprocess.run(["protoc", "-I" + here, "--python_out=" + made, "events.proto"], check=True)
    sys.path.insert(0, made)
    import events_pb2 as pb


def crc32c(data):
    """RFC 3720, B.4, bit by bit: reflected polynomial 0x82f63b78."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283
assert crc32c(bytes(32)) == 0x8A9136AA
assert crc32c(b"\xff" * 32) == 0x62A8AB43
assert crc32c(bytes(range(32))) == 0x46DD794E


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def frame(data):
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def records(file):
    while file:
        (n,) = struct.unpack("<Q", file[:8])
        data = file[12 : 12 + n]
        assert file[8:12] == masked(file[:8]), "the checksum of a length"
        assert len(data) == n and file[12 + n : 16 + n] == masked(data), "the checksum of a record"
        file = file[16 + n :]
        yield data


def limits():
    """InitDefaultBucketsInner of tensorflow/core/lib/histogram/histogram.cc."""
    up, v = [], 1.0e-12
    while v < 1.0e20:
        up.append(v)
        v *= 1.1
    up.append(sys.float_info.max)
    return np.array([-v for v in reversed(up)] + [0.0] + up)


def histogram(values):
    """Histogram::Add and EncodeToProto: runs of empty buckets are written as one."""
    edges = limits()
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges))
    h = pb.HistogramProto(min=values.min(), max=values.max(), num=len(values), sum=math.fsum(values), sum_squares=math.fsum(values * values))
    for i, n in enumerate(counts):
        if n > 0 or i + 1 == len(counts) or counts[i + 1] > 0:
            h.bucket_limit.append(edges[i])
            h.bucket.append(n)
    return h


def shape(*sizes):
    return pb.TensorShapeProto(dim=[pb.TensorShapeProto.Dim(size=n) for n in sizes])


def graph():
    a, lists = pb.AttrValue, pb.AttrValue.ListValue
    return pb.GraphDef(
        node=[
            pb.NodeDef(name="X", op="Placeholder", attr={"dtype": a(type=1), "shape": a(shape=shape(-1, 784))}),
            pb.NodeDef(name="hidden/kernel", op="VariableV2", device="/cpu:0", attr={"shape": a(shape=shape(784, 3)), "container": a(s=b"")}),
            pb.NodeDef(name="hidden/MatMul", op="MatMul", input=["X", "hidden/kernel"],
                       attr={"T": a(type=1), "transpose_a": a(b=False), "transpose_b": a(b=True), "_output_shapes": a(list=lists(shape=[shape(-1, 3)]))}),
            pb.NodeDef(name="top", op="TopKV2", input=["hidden/MatMul", "k:1", "^hidden/kernel"],
                       attr={"k": a(i=-3), "alpha": a(f=0.5), "i": a(list=lists(i=[1, -2])), "f": a(list=lists(f=[1.5, 0])), "b": a(list=lists(b=[True, False])),
                             "t": a(list=lists(type=[1, 9])), "s": a(list=lists(s=[b"a", b""])), "any": a(shape=pb.TensorShapeProto(unknown_rank=True)),
                             "value": a(tensor=pb.TensorProto(dtype=3, tensor_shape=shape(2), tensor_content=struct.pack("<ii", 1, -1)))}),
        ],
        versions=pb.VersionDef(producer=24),
    )


def events():
    value = pb.Summary.Value
    numbers = np.float32([(-1) ** k * k * k / 7 for k in range(100)] + [0, 0, 1e-13, -1e-13, 1e30, -1e30]).astype(np.float64)
    text = pb.SummaryMetadata(plugin_data=pb.SummaryMetadata.PluginData(plugin_name="text"), data_class=2)

    def summary(step, *values):
        return pb.Event(wall_time=1.5e9 + 0.25, step=step, summary=pb.Summary(value=values))

    yield pb.Event(wall_time=1.5e9, file_version="brain.Event:2")
    yield pb.Event(wall_time=1.5e9, graph_def=graph().SerializeToString(deterministic=True))
    yield pb.Event(wall_time=1.5e9, step=7, session_log=pb.SessionLog(status=1))
    yield summary(0, value(tag="loss", simple_value=0.0))
    yield summary(-1, value(tag="loss", simple_value=-1.5), value(tag="a", simple_value=float("inf")))
    yield summary(2**40, value(tag="weights", histo=histogram(numbers)))
    yield summary(3, value(tag="digits/image/0", image=pb.Summary.Image(height=2, width=300, colorspace=3, encoded_image_string=b"\x89PNG\0")))
    yield summary(4, value(tag="notes", metadata=text, tensor=pb.TensorProto(dtype=7, tensor_shape=shape(), string_val=["**über**".encode()])))


if len(sys.argv) > 1:
    for data in records(open(sys.argv[1], "rb").read()):
        e = pb.Event.FromString(data)
        print(e if e.WhichOneof("what") != "graph_def" else pb.GraphDef.FromString(e.graph_def))
else:
    out = os.environ.get("GOLDEN_OUT", os.path.join(here, "testdata"))
    with open(os.path.join(out, "events.tfevents"), "wb") as f:
        for e in events():
            f.write(frame(e.SerializeToString(deterministic=True)))
