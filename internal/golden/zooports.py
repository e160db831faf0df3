"""Architectures as other well-known codes than the first compute them. Weights and outputs are as zoofile.py says."""
import torch
from torch import nn
from torchvision import models

from goldenfile import File
from zoofile import ABOUT, add

f = File("zooports", ABOUT)


def resnet50(classes):
    return models.resnet50(num_classes=classes)


# keras_applications/resnet_common.py, block1: biases, the stride in the first convolution, another epsilon.
net = resnet50(3)
for m in net.modules():
    if isinstance(m, nn.BatchNorm2d):
        m.eps = 1.001e-5
for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
    for block in stage:
        block.conv1.stride, block.conv2.stride = block.conv2.stride, (1, 1)
for parent in list(net.modules()):
    for name, m in list(parent.named_children()):
        if isinstance(m, nn.Conv2d):
            setattr(parent, name, nn.Conv2d(m.in_channels, m.out_channels, m.kernel_size, m.stride, m.padding))
add(f, "ResNet-50, Keras", "", net, (1, 45, 38, 3), 71, {"layer1": net.layer1, "layer2/0": net.layer2[0], "layer4": net.layer4}, params={"classes": 3})


class Same(nn.MaxPool2d):
    """tf.nn.max_pool of 3x3 windows, stride 2, SAME: of an odd number of pads more are behind. What is pooled is not negative."""

    def forward(self, x):
        pads = []
        for n in (x.shape[3], x.shape[2]):
            total = max(0, ((n + 1) // 2 - 1) * 2 + 3 - n)
            pads += [total // 2, total - total // 2]
        return super().forward(nn.functional.pad(x, pads))


# research/slim/nets/resnet_v1.py and resnet_utils.py: the stride in the last block, subsample, conv2d_same, and a pool that pads as SAME.
net = resnet50(3)
net.maxpool = Same(3, 2)
for stage in (net.layer2, net.layer3, net.layer4):
    stage[0].conv2.stride = stage[0].downsample[0].stride = (1, 1)
for stage in (net.layer1, net.layer2, net.layer3):
    stage[-1].conv2.stride = (2, 2)
    stage[-1].downsample = nn.MaxPool2d(1, 2)
add(f, "ResNet-50, TFSlim", "", net, (1, 44, 39, 3), 72, {"maxpool": net.maxpool, "layer1": net.layer1, "layer2/0": net.layer2[0], "layer4": net.layer4}, params={"classes": 3})


class MobileNetV1(nn.Module):
    """timm's mobilenetv1_100 (efficientnet.py, _gen_mobilenet_v1): PyTorch's epsilon, and pads on all sides."""

    def __init__(self, width, classes):
        super().__init__()
        layers = []

        def layer(i, o, size, stride, groups=1):
            layers.extend([nn.Conv2d(i, o, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(o), nn.ReLU6()])

        n = int(32 * width)
        layer(3, n, 3, 2)
        for filters, stride in zip([64, 128, 128, 256, 256] + [512] * 6 + [1024] * 2, [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]):
            layer(n, n, 3, stride, n)
            layer(n, int(filters * width), 1, 1)
            n = int(filters * width)
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(n, classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


net = MobileNetV1(0.25, 3)
add(f, "MobileNet v1, Timm", "", net, (1, 34, 45, 3), 73, {"conv1_relu": net.features[2], "conv_pw_13_relu": net.features[80]}, params={"classes": 3, "multiplier": 0.25})

f.save(gz=True)
