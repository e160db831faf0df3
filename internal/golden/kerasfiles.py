"""Writes transfer/keras/testdata: HDF5 files and an archive by h5py (python3-h5py 3.7), as Keras writes them, for the tests of that package.
Two of the files, those with libver="latest", hold the time of writing; the others come out the same each time."""
import io
import json
import os
import zipfile

import h5py
import numpy

out = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "keras", "testdata"))


def keras2(name, text, **options):
    """A model of Keras 2 whose layers are not in the order of the alphabet. text makes an attribute of texts."""
    with h5py.File(os.path.join(out, name), "w", **options) as f:
        f.attrs["keras_version"] = "2.4.0"
        f.attrs["backend"] = numpy.bytes_("tensorflow")
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"name": "ü" * 300}}, ensure_ascii=False)
        model = f.create_group("model_weights")
        model.attrs["layer_names"] = text(["zeta", "flatten", "alpha"])
        zeta = model.create_group("zeta")
        zeta.attrs["weight_names"] = text(["zeta/kernel:0", "zeta/bias:0"])
        zeta["zeta/kernel:0"] = numpy.arange(6, dtype="<f4").reshape(3, 2)
        zeta["zeta/bias:0"] = numpy.array([-1, 0.5], dtype=">f4")
        model.create_group("flatten").attrs["weight_names"] = []
        alpha = model.create_group("alpha")
        alpha.attrs["weight_names0"] = text(["scope/w:0"])
        alpha.attrs["weight_names1"] = text(["scope/half:0"])
        alpha["scope/half:0"] = numpy.arange(4, dtype="<f2")
        alpha["scope/w:0"] = numpy.arange(4, dtype="<f8")
        f["optimizer_weights/Adam/iter:0"] = numpy.int64(7)
        f["optimizer_weights/flags"] = numpy.array([True, False])
        f["optimizer_weights/bytes"] = numpy.array([1, 255], dtype="u1")
        f["optimizer_weights/shorts"] = numpy.array([1, -2], dtype=">i2")
        f["optimizer_weights/none"] = numpy.zeros((0, 3), "f4")
        f["optimizer_weights/text"] = "hello"


keras2("keras2.h5", lambda names: names)
keras2("keras2-latest.h5", lambda names: [n.encode() for n in names], libver="latest")

with h5py.File(os.path.join(out, "weights.h5"), "w") as f:  # the one that is damaged
    f.attrs["layer_names"] = [b"dense"]
    dense = f.create_group("dense")
    dense.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
    dense["dense/kernel:0"] = numpy.arange(12, dtype="f4").reshape(4, 3)
    dense["dense/bias:0"] = numpy.arange(3, dtype="f4")

b = io.BytesIO()
with h5py.File(b, "w") as f:
    f["layers/dense/vars/0"] = numpy.arange(6, dtype="f4").reshape(3, 2)
    f["layers/dense/vars/1"] = numpy.arange(2, dtype="f4")
    f.create_group("optimizer/vars")
with zipfile.ZipFile(os.path.join(out, "keras3.keras"), "w") as z:
    for name, data in [
        ("metadata.json", json.dumps({"keras_version": "3.0.0", "date_saved": "2023-12-01@10:00:00"})),
        ("config.json", json.dumps({"class_name": "Sequential"})),
        ("model.weights.h5", b.getvalue()),
    ]:
        z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)

# What h5py writes with compression, element i of each being i % 100.
with h5py.File(os.path.join(out, "chunks.h5"), "w") as f:
    for name, shape, dtype, options in [
        ("all", (7, 5), "<f4", dict(chunks=(3, 2), compression="gzip", shuffle=True, fletcher32=True)),
        ("plain", (2, 3, 4), ">i2", dict(chunks=(2, 2, 3))),
        ("deflated", (3, 4, 5), "<f8", dict(chunks=(1, 4, 2), compression="gzip")),
        ("shuffled", (9,), "<f8", dict(chunks=(4,), shuffle=True)),
        ("checked", (9,), "u1", dict(chunks=(9,), fletcher32=True)),
        ("many", (90,), "u1", dict(chunks=(1,))),
        ("one", (1, 60), "<i4", dict(chunks=(1, 60), compression="gzip")),
    ]:
        n = int(numpy.prod(shape))
        f.create_dataset(name, data=(numpy.arange(n) % 100).astype(dtype).reshape(shape), **options)

# What Keras does not write, and what is refused.
for name, write in {
    "lzf.h5": lambda f: f.create_dataset("x", data=numpy.zeros((4, 4), "f4"), compression="lzf"),
    "complex.h5": lambda f: f.create_dataset("x", data=numpy.zeros(2, "c8")),
    "softlink.h5": lambda f: f.__setitem__("x", h5py.SoftLink("/y")),
    "twice.h5": lambda f: f.__setitem__("x", f.create_group("y")),
}.items():
    with h5py.File(os.path.join(out, name), "w") as f:
        write(f)
with h5py.File(os.path.join(out, "chunked-latest.h5"), "w", libver="latest") as f:
    f.create_dataset("x", data=numpy.zeros((4, 4), "f4"), chunks=(2, 2))
with h5py.File(os.path.join(out, "dense-links.h5"), "w", libver="latest") as f:
    for i in range(9):
        f.create_group(str(i))
