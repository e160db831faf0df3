"""zoodetect.json.gz: Tiny-YOLO v2 and v3, without what makes boxes of their numbers, which darknet.json.gz has."""
import torch
import torch.nn.functional as F
from torch import nn
from goldenfile import File
from zoofile import ABOUT, add

f = File("zoodetect", ABOUT)


class Pool(nn.Module):
    """Darknet's [maxpool] of size 2, whose image goes on by a row and a column."""

    def __init__(self, stride):
        super().__init__()
        self.stride = stride

    def forward(self, x):
        return F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=float("-inf")), 2, self.stride)


class TinyYOLO(nn.Module):
    """The layers of a .cfg, called as Darknet numbers them."""

    def __init__(self):
        super().__init__()
        inputs = 3
        for i, filters in enumerate([16, 32, 64, 128, 256, 512]):
            self.conv(2 * i, inputs, filters, 3)
            setattr(self, "maxpool%d" % (2 * i + 1), Pool(1 if i == 5 else 2))
            inputs = filters
        self.conv(12, 512, 1024, 3)

    def conv(self, i, inputs, filters, size):
        setattr(self, "conv%d" % i, nn.Sequential(nn.Conv2d(inputs, filters, size, padding=size // 2, bias=False), nn.BatchNorm2d(filters, eps=1e-5),
                                                  nn.LeakyReLU(0.1)))

    def run(self, x, *names):
        for name in names:
            x = getattr(self, name)(x)
        return x

    def backbone(self, x):
        """What conv8 and conv12 give."""
        conv8 = self.run(x, *["%s%d" % (("conv", "maxpool")[i % 2], i) for i in range(9)])
        return conv8, self.run(conv8, "maxpool9", "conv10", "maxpool11", "conv12")


class V2(TinyYOLO):
    def __init__(self, classes, filters):
        super().__init__()
        self.conv(13, 1024, filters, 3)
        self.conv14 = nn.Conv2d(filters, 5 * (5 + classes), 1)

    def forward(self, x):
        return self.run(self.backbone(x)[1], "conv13", "conv14")


class V3(TinyYOLO):
    def __init__(self, classes):
        super().__init__()
        self.conv(13, 1024, 256, 1)
        self.conv(14, 256, 512, 3)
        self.conv15 = nn.Conv2d(512, 3 * (5 + classes), 1)
        self.conv(18, 256, 128, 1)
        self.upsample19 = nn.Upsample(scale_factor=2)
        self.conv(21, 384, 256, 3)
        self.conv22 = nn.Conv2d(256, 3 * (5 + classes), 1)

    def forward(self, x):
        conv8, h = self.backbone(x)
        h = self.run(h, "conv13")
        self.run(h, "conv14", "conv15")
        return self.run(torch.cat([self.run(h, "conv18", "upsample19"), conv8], 1), "conv21", "conv22")


BACKBONE = ["conv0", "maxpool1", "conv8", "maxpool9", "conv10", "maxpool11", "conv12", "conv13"]
for seed, (name, net, shape, ends) in enumerate([
        ("Tiny-YOLO v2", V2(2, 1024), (2, 33, 50, 3), []), ("Tiny-YOLO v2 COCO", V2(2, 512), (1, 32, 40, 3), []),
        ("Tiny-YOLO v3", V3(2), (1, 32, 64, 3), ["conv14", "conv15", "conv18", "upsample19", "conv21"])], 50):
    add(f, name, "", net, shape, seed, {k: getattr(net, k) for k in BACKBONE + ends}, params={"classes": 2})
f.save(gz=True)
