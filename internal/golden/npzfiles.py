"""Writes transfer/npz/testdata: archives and arrays by NumPy, for the tests of that package."""
import os
import numpy as np

OUT = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "npz", "testdata"))
x = np.arange(6, dtype=np.float32).reshape(2, 3)
arrays = {"x": x, "fortran": np.asfortranarray(x), "big": x.astype(">f8"), "half": x.astype(np.float16), "scalar": np.float64(7), "one": np.arange(4, dtype=np.int8),
          "u16": np.array([0, 65535], np.uint16), "u64": np.array([1 << 62], np.uint64), "flags": np.array([True, False]), "empty": np.zeros((0, 3), np.float32),
          "text": np.array(["a", "bc"]), "dnn/hidden1/kernel": x + 1}
np.savez(os.path.join(OUT, "stored.npz"), **arrays)
np.savez_compressed(os.path.join(OUT, "compressed.npz"), **arrays)
np.save(os.path.join(OUT, "single.npy"), np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)))
