"""zoocompact.json.gz: SqueezeNet, MobileNet, ShuffleNet, DenseNet, Inception."""
from functools import partial
from unittest import mock

import torch.nn.functional as F
from torch import nn
from torchvision import models
from goldenfile import File
from zoofile import ABOUT, add

f = File("zoocompact", ABOUT)


def pad_before(net, pads):
    """Makes the convolutions of stride 2 take their padding from a function of the image."""
    for m in net.modules():
        if isinstance(m, nn.Conv2d) and m.stride == (2, 2):
            m.padding = (0, 0)
            m.register_forward_pre_hook(lambda m, x: F.pad(x[0], pads(x[0])))
    return net


def same(x):
    """TensorFlow's SAME for 3 x 3 windows of stride 2: of an odd number of zeros one more behind."""
    out = []
    for n in (x.shape[3], x.shape[2]):
        total = max(0, (-(-n // 2) - 1) * 2 + 3 - n)
        out += [total // 2, total - total // 2]
    return out


def squeezenet(build, keras=False):
    net = build(num_classes=6)
    for m in net.modules():
        if keras and isinstance(m, nn.MaxPool2d):
            m.ceil_mode = False
    return net


# The modules of torchvision's Sequential, and what follows which fire module.
SQUEEZE10 = {"conv1": 1, "pool1": 2, "fire2/concat": 3, "pool4": 6, "pool8": 11, "fire9/concat": 12}
SQUEEZE11 = {"conv1": 1, "pool1": 2, "fire3/concat": 4, "pool3": 5, "pool5": 8, "fire6/concat": 9, "fire9/concat": 12}
for name, build, places, seed in [("SqueezeNet 1.0", models.squeezenet1_0, SQUEEZE10, 1), ("SqueezeNet 1.1", models.squeezenet1_1, SQUEEZE11, 2)]:
    for variant, shape, keras in [("odd", (2, 45, 62, 3), False), ("grey", (1, 48, 32, 1), False), ("", (1, 62, 45, 3), True)]:
        net = squeezenet(build, keras)
        if shape[3] != 3:
            old = net.features[0]
            net.features[0] = nn.Conv2d(shape[3], old.out_channels, old.kernel_size, old.stride)
        endpoints = {k: net.features[i] for k, i in places.items()}
        if not keras:
            endpoints["fire2/squeeze1x1"] = net.features[3].squeeze_activation
            endpoints["fire2/expand3x3"] = net.features[3].expand3x3_activation
            endpoints["conv10"] = net.classifier[2]
        add(f, name + ", Keras" if keras else name, variant, net, shape, seed, endpoints, params={"classes": 6})


class MobileNetV1(nn.Module):
    """Table 1 of the paper, with the padding that pad_before gives."""

    def __init__(self, width, classes):
        super().__init__()

        def depth(n):
            return max(8, int(n * width))

        def layer(i, o, size, stride, groups=1):
            return [nn.Conv2d(i, o, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU6()]

        layers = layer(3, depth(32), 3, 2)
        n = depth(32)
        for filters, stride in zip([64, 128, 128, 256, 256] + [512] * 6 + [1024] * 2, [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]):
            layers += layer(n, n, 3, stride, n) + layer(n, depth(filters), 1, 1)
            n = depth(filters)
        self.features = nn.Sequential(*layers)
        self.preds = nn.Conv2d(n, classes, 1)

    def forward(self, x):
        return self.preds(self.features(x).mean((2, 3), keepdim=True)).flatten(1)


for name, variant, width, shape, pads in [
        ("MobileNet v1", "0.25", 0.25, (2, 33, 46, 3), same), ("MobileNet v1", "0.5", 0.5, (1, 32, 64, 3), same),
        ("MobileNet v1, Keras", "", 0.25, (1, 33, 46, 3), lambda x: (0, 1, 0, 1))]:
    net = pad_before(MobileNetV1(width, 5), pads)
    add(f, name, variant, net, shape, 3,
        {"conv1_relu": net.features[2], "conv_dw_2_relu": net.features[11], "conv_pw_2_relu": net.features[14], "conv_pw_13_relu": net.features[80]},
        params={"classes": 5, "multiplier": width})

for name, variant, width, shape in [
        ("MobileNet v2", "1", 1, (1, 32, 40, 3)), ("MobileNet v2", "0.35", 0.35, (2, 47, 33, 3)), ("MobileNet v2", "1.4", 1.4, (1, 33, 33, 3)),
        ("MobileNet v2, Torchvision", "", 0.5, (2, 47, 64, 3))]:
    ours = name == "MobileNet v2"
    net = models.mobilenet_v2(num_classes=5, width_mult=width, norm_layer=partial(nn.BatchNorm2d, eps=1e-3 if ours else 1e-5))
    if ours:
        pad_before(net, same)
    blocks = net.features
    add(f, name, variant, net, shape, 4,
        {"Conv1_relu": blocks[0], "expanded_conv_project_BN": blocks[1], "block_1_expand_relu": blocks[2].conv[0], "block_1_depthwise_relu": blocks[2].conv[1],
         "block_1_project_BN": blocks[2], "block_2_add": blocks[3], "block_16_project_BN": blocks[17], "out_relu": blocks[18]},
        params={"classes": 5, "multiplier": width})

for variant, width, shape in [("0.5", 0.5, (2, 33, 50, 3)), ("1", 1, (1, 32, 64, 3)), ("1.5", 1.5, (1, 33, 33, 3)), ("2", 2, (1, 32, 32, 3))]:
    net = getattr(models, "shufflenet_v2_x" + str(float(width)).replace(".", "_"))(num_classes=5)
    add(f, "ShuffleNet v2", variant, net, shape, 5,
        {"conv1": net.conv1, "maxpool": net.maxpool, "stage2/0": net.stage2[0], "stage2/0/branch1/1": net.stage2[0].branch1[1], "stage2/0/branch2/2": net.stage2[0].branch2[2],
         "stage2/1": net.stage2[1], "stage3/7": net.stage3[7], "stage4/3/branch2/7": net.stage4[3].branch2[7], "conv5": net.conv5},
        params={"classes": 5, "multiplier": width})

for variant, shape in [("", (2, 33, 50, 3)), ("61x36", (1, 61, 36, 3))]:
    net = models.densenet121(num_classes=5)
    d = net.features
    add(f, "DenseNet-121", variant, net, shape, 6,
        {"relu0": d.relu0, "pool0": d.pool0, "denseblock1/denselayer1/conv1": d.denseblock1.denselayer1.conv1, "denseblock1/denselayer2": d.denseblock1.denselayer2,
         "denseblock1": d.denseblock1, "transition1": d.transition1, "denseblock4": d.denseblock4, "norm5": d.norm5},
        params={"classes": 5})

# TF-slim's means leave the padding out, torchvision's count it.
uncounted = partial(F.avg_pool2d, count_include_pad=False)
for name, shape, pool, aux in [
        ("Inception v3", (1, 80, 91, 3), uncounted, False), ("Inception v3, Torchvision", (1, 75, 75, 3), F.avg_pool2d, False),
        ("Inception v3, auxiliary", (1, 299, 299, 3), uncounted, True)]:
    net = models.inception_v3(num_classes=5, aux_logits=aux, init_weights=False)
    places = "Conv2d_1a_3x3 Conv2d_2b_3x3 maxpool1 Conv2d_4a_3x3 Mixed_5b Mixed_5d Mixed_6a Mixed_6b Mixed_6e Mixed_7a Mixed_7b Mixed_7c"
    endpoints = {k: getattr(net, k) for k in places.split()}
    endpoints.update({"Mixed_5b/branch5x5_2": net.Mixed_5b.branch5x5_2, "Mixed_7b/branch3x3_2b": net.Mixed_7b.branch3x3_2b})
    if aux:  # which torchvision computes in training only
        endpoints["AuxLogits"] = net.AuxLogits
        net.Mixed_6e.register_forward_hook(lambda m, x, y, aux=net.AuxLogits: [aux(y)] and None)
    with mock.patch.object(F, "avg_pool2d", pool):
        add(f, name, "", net, shape, 7, endpoints, params={"classes": 5})

f.save(gz=True)
