"""State dicts of torchvision's models with random weights, and what the models give in float64: for the test of the zoo that reads them.

    python3 torchvisionfiles.py DIR [MODEL...]
    go test ./zoo -run TestTorchvisionFiles -torchvision DIR -v

They are too large for the repository (some 5 GB for all). Beside MODEL.pth stands MODEL.npz with x, [1, height, width, 3], and y, [1, 1000].
"""
import os
import sys

import numpy as np
import torch
from torch import nn
from torchvision import models

MODELS = """alexnet vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d
wide_resnet50_2 wide_resnet101_2 squeezenet1_0 squeezenet1_1 mobilenet_v2 shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0
densenet121 densenet161 densenet169 densenet201 inception_v3""".split()

folder = sys.argv[1]
for name in sys.argv[2:] or MODELS:
    net = getattr(models, name)(weights=None, **({"init_weights": False} if name == "inception_v3" else {})).eval()
    random = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.weight.uniform_(0.7, 1.3, generator=random)
                m.bias.uniform_(-0.1, 0.1, generator=random)
                m.running_mean.uniform_(-0.1, 0.1, generator=random)
                m.running_var.uniform_(0.5, 1.5, generator=random)
            elif isinstance(m, (nn.Conv2d, nn.Linear)):
                m.weight.uniform_(-1, 1, generator=random)
                m.weight.mul_((6.0 / m.weight[0].numel()) ** 0.5)
                if m.bias is not None:
                    m.bias.uniform_(-0.1, 0.1, generator=random)
        torch.save(net.state_dict(), os.path.join(folder, name + ".pth"))
        size = 107 if name == "inception_v3" else 96
        x = torch.rand(1, 3, size, size, generator=random) * 4 - 2
        y = net.double()(x.double())
    np.savez(os.path.join(folder, name + ".npz"), x=np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy()), y=y.numpy())
    print(name, flush=True)
