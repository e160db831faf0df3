"""The convolutional networks that sidebyside compares, as PyTorch's users build them. torch_peer.py is read after this file."""

import torch
import torchvision


def convolution(inputs, filters, size, stride, pad, activation=None, groups=1):
    layers = [torch.nn.Conv2d(inputs, filters, size, stride, pad, groups=groups, bias=False), torch.nn.BatchNorm2d(filters, eps=1e-3)]
    return layers + ([activation] if activation else [])


def two_conv():
    relu = torch.nn.ReLU(inplace=True)
    return torch.nn.Sequential(
        *convolution(1, 32, 3, 1, 1, relu), torch.nn.MaxPool2d(2),
        *convolution(32, 64, 3, 1, 1, relu), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(7 * 7 * 64, 128, bias=False), torch.nn.BatchNorm1d(128, eps=1e-3), relu,
        torch.nn.Linear(128, 10))


def tiny_yolo_v2():
    layers, inputs = [], 3
    for i, filters in enumerate((16, 32, 64, 128, 256, 512, 1024, 1024)):
        layers += convolution(inputs, filters, 3, 1, 1, torch.nn.LeakyReLU(0.1, inplace=True))
        if i < 5:
            layers.append(torch.nn.MaxPool2d(2))
        elif i == 5:  # keeps the 13 x 13 cells
            layers += [torch.nn.ConstantPad2d((0, 1, 0, 1), float("-inf")), torch.nn.MaxPool2d(2, 1)]
        inputs = filters
    return torch.nn.Sequential(*layers, torch.nn.Conv2d(inputs, 125, 1))


def mobilenet_v1():
    relu6 = torch.nn.ReLU6(inplace=True)
    layers, inputs = convolution(3, 32, 3, 2, 1, relu6), 32
    for filters, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
                            (1024, 2), (1024, 1)):
        layers += convolution(inputs, inputs, 3, stride, 1, relu6, groups=inputs) + convolution(inputs, filters, 1, 1, 0, relu6)
        inputs = filters
    return torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(1024, 1000))


# Each network with the channels and the height of its images.
CONVNETS = {
    "two-conv": (two_conv, 1, 28),
    "resnet18": (torchvision.models.resnet18, 3, 64),
    "tiny-yolo-v2": (tiny_yolo_v2, 3, 416),
    "squeezenet1.1": (torchvision.models.squeezenet1_1, 3, 224),
    "mobilenet-v1": (mobilenet_v1, 3, 224),
}

FORMATS = (torch.contiguous_format, torch.channels_last)


def convnet(name, batch):
    """A network with random weights, and images."""
    make, channels, height = CONVNETS[name]
    return make(), torch.rand(int(batch), channels, height, height)


def folded(model):
    """The model with batch normalisation folded into the convolutions before it."""
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d) and layers and isinstance(layers[-1], torch.nn.Conv2d):
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)
