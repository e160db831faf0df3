"""zooclassic.json.gz: MLP, LeNet, AlexNet, VGG, ResNet."""
import torch.nn.functional as F
import torchvision.models as torchvision
from torch import nn
from goldenfile import File
from zoofile import ABOUT, D, Flatten, add

f = File("zooclassic", ABOUT)


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
                         nn.Conv2d(16, 120, 5), nn.Tanh(), Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


net = lenet5()
add(f, "LeNet-5", "", net, (2, 32, 32, 1), 1, {"C1": net[1], "S2": net[2], "C3": net[4], "S4": net[5], "C5": net[7], "F6": net[10]})



def narrow(net, units, classes):
    """A network of torchvision with so few units in its dense layers, which see the map with the channels last."""
    net.avgpool = nn.Sequential(net.avgpool, Flatten())
    inputs, dense = None, [i for i, m in enumerate(net.classifier) if isinstance(m, nn.Linear)]
    for i, outputs in zip(dense, (units, units, classes)):
        net.classifier[i] = nn.Linear(inputs or net.classifier[i].in_features, outputs)
        inputs = outputs
    return net


def alexnet(variant, shape, seed, classes):
    net = narrow(torchvision.alexnet(weights=None), 16, classes)
    c, d = net.features, net.classifier
    add(f, "AlexNet", variant, net, shape, seed, {"conv1": c[1], "pool1": c[2], "conv2": c[4], "pool2": c[5], "conv3": c[7], "conv4": c[9],
        "conv5": c[11], "pool5": c[12], "avgpool": net.avgpool[0], "fc6": d[2], "fc7": d[5]}, params={"classes": classes})


alexnet("79x65", (2, 79, 65, 3), 2, 5)
alexnet("224x224", (1, 224, 224, 3), 3, 3)


def vgg(name, variant, shape, seed, classes=3):
    net = narrow(getattr(torchvision, name.lower().replace("-", "").replace(" ", "_"))(weights=None), 16, classes)
    ends, block, conv = {"avgpool": net.avgpool[0], "fc6": net.classifier[1], "fc7": net.classifier[4]}, 1, 1
    for m in net.features:
        if isinstance(m, nn.ReLU):
            ends["conv%d_%d" % (block, conv)] = m
            conv += 1
        elif isinstance(m, nn.MaxPool2d):
            ends["pool%d" % block] = m
            block, conv = block + 1, 1
    add(f, name, variant, net, shape, seed, ends, params={"classes": classes})


vgg("VGG-11", "35x50", (2, 35, 50, 3), 4)
vgg("VGG-16 BN", "33x64", (2, 33, 64, 3), 5)
for i, name in enumerate(["VGG-13", "VGG-16", "VGG-19", "VGG-11 BN", "VGG-13 BN", "VGG-19 BN"]):
    vgg(name, "", (1, 32, 32, 3), 6 + i)


def resnet(name, module, variant, shape, seed, classes=3):
    net = getattr(torchvision, module)(weights=None, num_classes=classes)
    ends = {"conv1": net.relu, "maxpool": net.maxpool}
    for stage in ("layer1", "layer2", "layer3", "layer4"):
        blocks = getattr(net, stage)
        last = "conv3" if hasattr(blocks[0], "conv3") else "conv2"
        ends[stage] = blocks
        ends["%s/1" % stage] = blocks[1]
        ends["%s/1/%s" % (stage, last)] = blocks[1].bn3 if last == "conv3" else blocks[1].bn2
        if blocks[0].downsample:
            ends["%s/0/downsample" % stage] = blocks[0].downsample
    add(f, name, variant, net, shape, seed, ends, params={"classes": classes})


resnet("ResNet-18", "resnet18", "33x50", (2, 33, 50, 3), 20)
resnet("ResNet-18", "resnet18", "65x40", (1, 65, 40, 3), 21, 2)
resnet("ResNet-50", "resnet50", "", (2, 47, 32, 3), 22)
for i, (name, module) in enumerate([("ResNet-34", "resnet34"), ("ResNet-101", "resnet101"), ("ResNet-152", "resnet152"),
                                    ("ResNeXt-50 32x4d", "resnext50_32x4d"), ("Wide ResNet-50-2", "wide_resnet50_2")]):
    resnet(name, module, "", (1, 33, 32, 3), 23 + i)


class Block(nn.Module):
    """A block of ResNet for CIFAR with the paper's option A."""

    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.stride, self.zeros = stride, filters - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        z = self.zeros // 2
        return F.relu(y + F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, z, z)))


class ResNetCIFAR(nn.Module):
    """The names are those of github.com/akamaster/pytorch_resnet_cifar10, whose weights it takes."""

    def __init__(self, blocks, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        stage = lambda inputs, filters, stride: nn.Sequential(*[Block(filters if i else inputs, filters, 1 if i else stride) for i in range(blocks)])
        self.layer1, self.layer2, self.layer3 = stage(16, 16, 1), stage(16, 32, 2), stage(32, 64, 2)
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.linear(x.mean((2, 3)))


for i, (layers, shape) in enumerate([(20, (2, 13, 10, 3)), (56, (1, 11, 8, 3)), (32, (1, 8, 8, 3)), (44, (1, 8, 9, 3)), (110, (1, 8, 8, 3))]):
    net = ResNetCIFAR((layers - 2) // 6, 3)
    add(f, "ResNet-%d" % layers, "", net, shape, 30 + i, {"layer1": net.layer1, "layer1/0/conv2": net.layer1[0].bn2, "layer2/0": net.layer2[0],
        "layer2": net.layer2, "layer3/0": net.layer3[0], "layer3": net.layer3}, params={"classes": 3})


def kinds(net):
    """The tensors of dense layers and batch norm, in order."""
    out = []
    for m in net.to(D):  # at once: later, the buffers would be others
        if isinstance(m, nn.Linear):
            out += [(m.weight, "kernel")] + ([(m.bias, "bias")] if m.bias is not None else [])
        elif isinstance(m, nn.BatchNorm1d):
            out += [(m.weight, "gamma"), (m.bias, "beta"), (m.running_mean, "moving_mean"), (m.running_var, "moving_variance")]
    return out


net = nn.Sequential(Flatten(), nn.Linear(24, 7), nn.ReLU(), nn.Linear(7, 5), nn.ReLU(), nn.Linear(5, 3))
add(f, "MLP", "", net, (3, 4, 3, 2), 40, {"hidden1": net[2], "hidden2": net[4]}, params={"classes": 3})
hidden = lambda inputs, units: [nn.Linear(inputs, units, bias=False), nn.BatchNorm1d(units, eps=1e-3), nn.ELU()]
net = nn.Sequential(Flatten(), *hidden(24, 7), *hidden(7, 5), *hidden(5, 4), nn.Linear(4, 3))
add(f, "MLP BN", "", net, (3, 4, 3, 2), 41, {"hidden1": net[3], "hidden2": net[6], "hidden3": net[9]}, listed=kinds(net), params={"classes": 3})


class Mirror(nn.Module):
    """A dense layer whose kernel is the transpose of another's."""

    def __init__(self, other):
        super().__init__()
        self.other, self.bias = [other], nn.Parameter(other.weight.new_zeros(other.in_features))

    def forward(self, x):
        return F.linear(x, self.other[0].weight.T, self.bias)


encoder = [Flatten(), nn.Linear(12, 8), nn.ELU(), nn.Linear(8, 4), nn.ELU()]
net = nn.Sequential(*encoder, nn.Linear(4, 8), nn.ELU(), nn.Linear(8, 12))
add(f, "Stacked autoencoder", "", net, (2, 2, 3, 2), 42, {"hidden1": net[2], "hidden2": net[4], "codings": net[4], "hidden3": net[6]})
net = nn.Sequential(*encoder, Mirror(encoder[3]), nn.ELU(), Mirror(encoder[1]))
add(f, "Tied autoencoder", "", net, (2, 2, 3, 2), 43, {"hidden1": net[2], "hidden2": net[4], "codings": net[4], "hidden3": net[6]},
    listed=kinds(net) + [(net[5].bias, "bias"), (net[7].bias, "bias")])
f.save(gz=True)
