"""zoo/testdata/zooface.json: UltraLightRFB, after the source of Ultra-Light-Fast-Generic-Face-Detector-1MB (vision/nn/mb_tiny_RFB.py, vision/ssd)."""
import os
import torch
from torch import nn
from goldenfile import HERE, File
from zoofile import ABOUT, add, last

f = File("zooface", ABOUT)


class Conv(nn.Module):
    """BasicConv."""

    def __init__(self, inputs, filters, size, dilation=1, relu=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, filters, size, padding=size // 2 * dilation, dilation=dilation, bias=False)
        self.bn = nn.BatchNorm2d(filters, eps=1e-5)
        self.relu = nn.ReLU() if relu else nn.Identity()

    def forward(self, x):
        return self.relu(self.bn(self.conv(x)))


class RFB(nn.Module):
    """BasicRFB with stride 1, scale 1, map_reduce 8 and vision 1."""

    def __init__(self, c):
        super().__init__()
        i = c // 8
        self.branch0 = nn.Sequential(Conv(c, i, 1), Conv(i, 2 * i, 3, relu=True), Conv(2 * i, 2 * i, 3, 2))
        self.branch1 = nn.Sequential(Conv(c, i, 1), Conv(i, 2 * i, 3, relu=True), Conv(2 * i, 2 * i, 3, 3))
        self.branch2 = nn.Sequential(Conv(c, i, 1), Conv(i, i // 2 * 3, 3, relu=True), Conv(i // 2 * 3, 2 * i, 3, relu=True), Conv(2 * i, 2 * i, 3, 5))
        self.ConvLinear = Conv(6 * i, c, 1)
        self.shortcut = Conv(c, c, 1)

    def forward(self, x):
        return torch.relu(self.ConvLinear(torch.cat((self.branch0(x), self.branch1(x), self.branch2(x)), 1)) + self.shortcut(x))


def block(inputs, filters, stride):
    return nn.Sequential(nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.ReLU(),
                         nn.Conv2d(inputs, filters, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU())


def separable(inputs, filters, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs), nn.ReLU(), nn.Conv2d(inputs, filters, 1))


def heads(each):
    return nn.ModuleList([separable(64, 3 * each), separable(128, 2 * each), separable(256, 2 * each), nn.Conv2d(256, 3 * each, 3, padding=1)])


class Detector(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.classes = classes
        self.base_net = nn.Sequential(
            nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()),
            block(16, 32, 1), block(32, 32, 2), block(32, 32, 1), block(32, 64, 2), block(64, 64, 1), block(64, 64, 1), RFB(64),
            block(64, 128, 2), block(128, 128, 1), block(128, 128, 1), block(128, 256, 2), block(256, 256, 1))
        self.extras = nn.ModuleList([nn.Sequential(nn.Conv2d(256, 64, 1), nn.ReLU(), separable(64, 256, 2), nn.ReLU())])
        self.classification_headers = heads(classes)
        self.regression_headers = heads(4)
        self.locations = nn.Identity()

    def forward(self, x):
        logits, locations = [], []
        for i, (start, end) in enumerate([(0, 8), (8, 11), (11, 13), (0, 0)]):
            x = self.base_net[start:end](x) if end else self.extras[0](x)
            logits.append(last(self.classification_headers[i](x)).flatten(1).unflatten(1, (-1, self.classes)))
            locations.append(last(self.regression_headers[i](x)).flatten(1).unflatten(1, (-1, 4)))
        self.locations(torch.cat(locations, 1))
        return torch.cat(logits, 1)


for seed, variant, classes, shape in [(70, "", 2, (2, 33, 26, 3)), (71, "3 classes", 3, (1, 32, 40, 3))]:
    net = Detector(classes)
    ends = dict(net.named_modules())
    add(f, "Ultra-Light RFB", variant, net, shape, seed, {k: ends[k.replace("/", ".")] for k in [
        "base_net/0", "base_net/1/2", "base_net/1", "base_net/6", "base_net/7/branch0", "base_net/7/branch1", "base_net/7/branch2", "base_net/7", "base_net/10",
        "base_net/12", "extras/0", "classification_headers/0", "classification_headers/3", "regression_headers/2", "locations"]}, params={"classes": classes})
os.environ.setdefault("GOLDEN_OUT", os.path.join(HERE, "..", "..", "zoo", "testdata"))
f.save()
