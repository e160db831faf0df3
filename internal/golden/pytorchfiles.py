"""Writes transfer/pytorch/testdata: files of torch.save, for the tests of that package. Tensor k of a file has the elements k, k+1, ..."""
import argparse
import collections
import os
import torch

OUT = os.environ.get("GOLDEN_OUT", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "transfer", "pytorch", "testdata"))


def ramp(k, *shape, dtype=torch.float32):
    n = 1
    for d in shape:
        n *= d
    return (torch.arange(n) + k).reshape(shape).to(dtype)


state = collections.OrderedDict()
state["conv.weight"] = torch.nn.Parameter(ramp(0, 2, 3, 1, 2))
state["conv.bias"] = ramp(1, 2)
state["half"] = ramp(2, 3, dtype=torch.float16)
state["bfloat"] = ramp(3, 3, dtype=torch.bfloat16)
state["double"] = ramp(4, 2, 2, dtype=torch.float64)
state["long"] = torch.tensor(5)
state["int"] = ramp(6, 3, dtype=torch.int32)
state["byte"] = ramp(7, 3, dtype=torch.uint8)
state["flags"] = torch.tensor([True, False, True])
state["transposed"] = ramp(8, 2, 3).t()
state["view"] = ramp(9, 4, 4)[1:3, 1:3]
state["shared"] = state["conv.bias"]
state["empty"] = torch.zeros(0, 3)
checkpoint = {"epoch": 90, "arch": "net", "best_acc1": 92.5, "state_dict": {"module.fc.weight": ramp(0, 2, 2)}, "done": True,
              "optimizer": {"state": {0: {"momentum_buffer": ramp(1, 2, 2)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
              "args": argparse.Namespace(lr=0.1), "shape": torch.Size([1, 2]), "long": 1 << 40, "negative": -300}
for name, value in {"state": state, "checkpoint": checkpoint, "tensor": ramp(0, 3), "quantized": {"q": torch.quantize_per_tensor(ramp(0, 4), 0.5, 2, torch.quint8)}}.items():
    torch.save(value, os.path.join(OUT, name + ".pt"))
    torch.save(value, os.path.join(OUT, name + ".legacy.pt"), _use_new_zipfile_serialization=False)


class Evil:
    def __reduce__(self):
        return os.system, ("echo owned > owned",)


torch.save({"x": ramp(0, 2), "evil": Evil()}, os.path.join(OUT, "evil.pt"))
torch.save({"x": ramp(0, 2), "evil": Evil()}, os.path.join(OUT, "evil.legacy.pt"), _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 2), os.path.join(OUT, "module.pt"))
