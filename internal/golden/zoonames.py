"""The names and shapes of the tensors in published files of weights, for the mappings of the zoo: zoo/testdata/names.txt.gz.

torchvision's are those of its models, Keras' those that the code of keras_applications 1.0.8 makes (kerasnames.py). What no code here can tell follows published
code or what programs find in the published files; where it was read stands beside each: timm is huggingface/pytorch-image-models, TF-slim tensorflow/models in
research/slim/nets, Keras 3 keras-team/keras in keras/src/applications.

    python3 zoonames.py    (wants Debian's python3-torchvision and python3-keras-applications)

Lines are "PORT NETWORK", with " xWIDTH" where that is not 1, and, beneath, tensors in a row that have one shape and the same beginning of their names: two blanks, the
beginning, the sizes, and the ends of the names. What PyTorch counts (num_batches_tracked) stands in the first ResNet only.
"""
import gzip
import os
import re

from keras_applications import densenet, inception_v3, mobilenet, mobilenet_v2, resnet, resnet50, vgg16, vgg19
from torchvision import models

import kerasnames

lines = []


def begin(port, network):
    lines.append("%s %s" % (port, network))


def add(name, *shape):
    at = max(name.rfind("."), name.rfind("/")) + 1
    start = "  %s %s " % (name[:at], ",".join(str(d) for d in shape))
    if lines[-1].startswith(start):
        lines[-1] += " " + name[at:]
    else:
        lines.append(start + name[at:])


# PyTorch

TORCHVISION = {
    "AlexNet": "alexnet", "VGG-11": "vgg11", "VGG-13": "vgg13", "VGG-16": "vgg16", "VGG-19": "vgg19", "VGG-11 BN": "vgg11_bn", "VGG-13 BN": "vgg13_bn",
    "VGG-16 BN": "vgg16_bn", "VGG-19 BN": "vgg19_bn", "ResNet-18": "resnet18", "ResNet-34": "resnet34", "ResNet-50": "resnet50", "ResNet-101": "resnet101",
    "ResNet-152": "resnet152", "ResNeXt-50 32x4d": "resnext50_32x4d", "ResNeXt-101 32x8d": "resnext101_32x8d", "Wide ResNet-50-2": "wide_resnet50_2",
    "Wide ResNet-101-2": "wide_resnet101_2", "SqueezeNet 1.0": "squeezenet1_0", "SqueezeNet 1.1": "squeezenet1_1", "MobileNet v2": "mobilenet_v2",
    "ShuffleNet v2": "shufflenet_v2_x1_0", "ShuffleNet v2 x0.5": "shufflenet_v2_x0_5", "ShuffleNet v2 x1.5": "shufflenet_v2_x1_5",
    "ShuffleNet v2 x2": "shufflenet_v2_x2_0", "DenseNet-121": "densenet121", "DenseNet-161": "densenet161", "DenseNet-169": "densenet169",
    "DenseNet-201": "densenet201", "Inception v3": "inception_v3",
}


def state(network, counted=False):
    options = {"init_weights": False} if network == "Inception v3" else {}
    net = getattr(models, TORCHVISION[network])(weights=None, **options)
    return [(k, tuple(v.shape)) for k, v in net.state_dict().items() if counted or not k.endswith("num_batches_tracked")]


for network in TORCHVISION:
    begin("Torchvision", network)
    for name, shape in state(network, network == "ResNet-18"):
        add(name, *shape)

begin("Torchvision", "DenseNet-121")  # as the published file has it: torchvision/models/densenet.py, _load_state_dict
for name, shape in state("DenseNet-121"):
    for part in ("norm1", "conv1", "norm2", "conv2"):
        name = name.replace(part + ".", part[:-1] + "." + part[-1] + ".") if "denselayer" in name else name
    add(name, *shape)

# timm, read in: resnet.py at 00c5be76 (BasicBlock, Bottleneck, downsample_conv), densenet.py at 022ed001, and inception_v3.py at 066e4906, which have torchvision's names,
# the last without AuxLogits where the file is timm's own.
for network in ("ResNet-18", "ResNet-50", "ResNeXt-50 32x4d", "DenseNet-121", "Inception v3"):
    begin("Timm", network)
    for name, shape in state(network):
        if not name.startswith("AuxLogits"):
            add(name, *shape)

for network in ("VGG-16", "VGG-11 BN"):  # vgg.py at 066e4906: ConvMlp, ClassifierHead, _filter_fn
    begin("Timm", network)
    for name, shape in state(network):
        if name == "classifier.0.weight":
            shape = (4096, 512, 7, 7)
        elif name == "classifier.3.weight":
            shape = (4096, 4096, 1, 1)
        add(name.replace("classifier.0", "pre_logits.fc1").replace("classifier.3", "pre_logits.fc2").replace("classifier.6", "head.fc"), *shape)


def torch_norm(name, n):
    for part in ("weight", "bias", "running_mean", "running_var"):
        add(name + "." + part, n)


def torch_conv_norm(conv, norm, *shape):
    add(conv + ".weight", *shape)
    torch_norm(norm, shape[0])


V1 = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)]
V2 = [(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)]

begin("Timm", "MobileNet v1")  # efficientnet.py at 01419346, EfficientNet and _gen_mobilenet_v1 without head_conv; _efficientnet_blocks.py, DepthwiseSeparableConv
torch_conv_norm("conv_stem", "bn1", 32, 3, 3, 3)
channels = 32
block = 0
for stage, repeats in enumerate((1, 2, 2, 6, 2)):
    for i in range(repeats):
        name = "blocks.%d.%d." % (stage, i)
        torch_conv_norm(name + "conv_dw", name + "bn1", channels, 1, 3, 3)
        torch_conv_norm(name + "conv_pw", name + "bn2", V1[block][0], channels, 1, 1)
        channels = V1[block][0]
        block += 1
add("classifier.weight", 1000, 1024)
add("classifier.bias", 1000)

begin("Timm", "MobileNet v2")  # efficientnet.py at 01419346, _gen_mobilenet_v2; _efficientnet_blocks.py, DepthwiseSeparableConv and InvertedResidual
torch_conv_norm("conv_stem", "bn1", 32, 3, 3, 3)
channels = 32
for stage, (expansion, filters, repeats) in enumerate(V2):
    for i in range(repeats):
        name = "blocks.%d.%d." % (stage, i)
        if expansion == 1:
            torch_conv_norm(name + "conv_dw", name + "bn1", channels, 1, 3, 3)
            torch_conv_norm(name + "conv_pw", name + "bn2", filters, channels, 1, 1)
        else:
            torch_conv_norm(name + "conv_pw", name + "bn1", 6 * channels, channels, 1, 1)
            torch_conv_norm(name + "conv_dw", name + "bn2", 6 * channels, 1, 3, 3)
            torch_conv_norm(name + "conv_pwl", name + "bn3", filters, 6 * channels, 1, 1)
        channels = filters
torch_conv_norm("conv_head", "bn2", 1280, 320, 1, 1)
add("classifier.weight", 1000, 1280)
add("classifier.bias", 1000)

# Keras: names as in .h5 files, without the layer's name before them and ":0" behind.


def keras(network, variables, *renames):
    begin("Keras", network)
    for name, shape in variables:
        for pattern, with_ in renames:
            name = re.sub(pattern, with_, name)
        add(name, *shape)


KERAS1 = [  # with "_1" behind where the model was made a second time
    (r"(\w+)/kernel$", r"\1/\1_W"), (r"(\w+)/bias$", r"\1/\1_b"), (r"(\w+)/(gamma|beta)$", r"\1/\1_\2"),
    (r"(\w+)/moving_mean$", r"\1/\1_running_mean"), (r"(\w+)/moving_variance$", r"\1/\1_running_std"),
]
KERAS3 = [(r"^(fc1000|probs|Logits)/", "predictions/")]  # densenet.py and resnet.py at 040582fc, mobilenet_v2.py at 08995a40; resnet since TensorFlow 2.2

VGG = {"VGG-11": (1, 1, 2, 2, 2), "VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}
RESNET = {"ResNet-50": (3, 4, 6, 3), "ResNet-101": (3, 4, 23, 3), "ResNet-152": (3, 8, 36, 3)}

# The published files of VGG were written by Keras 1: programs read block1_conv1/block1_conv1_W_1:0 in vgg16_weights_tf_dim_ordering_tf_kernels.h5 and vgg19_...
for network, code in (("VGG-16", vgg16.VGG16), ("VGG-19", vgg19.VGG19)):
    variables = kerasnames.variables(code)
    keras(network, variables)
    keras(network, variables, *KERAS1, (r"$", "_1"))

for network, code in (("ResNet-50", resnet.ResNet50), ("ResNet-101", resnet.ResNet101), ("ResNet-152", resnet.ResNet152)):
    keras(network, kerasnames.variables(code))
variables = kerasnames.variables(resnet50.ResNet50)
keras("ResNet-50", variables)
keras("ResNet-50", variables, *KERAS1)  # the published file of resnet50.py: programs read bn_conv1/bn_conv1_running_std:0 in it
keras("ResNet-50", kerasnames.variables(resnet.ResNet50), *KERAS3)

keras("MobileNet v1", kerasnames.variables(mobilenet.MobileNet))
keras("MobileNet v1 x0.25", kerasnames.variables(mobilenet.MobileNet, alpha=0.25))

variables = kerasnames.variables(mobilenet_v2.MobileNetV2)
keras("MobileNet v2", variables)
keras("MobileNet v2", variables, *KERAS3)
# The published files are those of JonathanCMitchell/mobilenet_v2_keras: mobilenetv2.py at 9dffa5a6, and so programs read them.
keras("MobileNet v2", variables, (r"^expanded_conv_(\w+)_BN/", r"bn0_conv_0_bn_\1/"), (r"^expanded_conv_", "mobl0_conv_0_"),
      (r"^block_(\d+)_(\w+)_BN/", r"bn\1_conv_\1_bn_\2/"), (r"^block_(\d+)_", r"mobl\1_conv_\1_"))
for width in (0.35, 0.5, 0.75, 1.3, 1.4):
    keras("MobileNet v2 x%g" % width, kerasnames.variables(mobilenet_v2.MobileNetV2, alpha=width))

# The published files have conv1/conv, too: programs read /conv1/conv/conv1/conv/kernel:0 in densenet121_weights_tf_dim_ordering_tf_kernels.h5.
for network, code in (("DenseNet-121", densenet.DenseNet121), ("DenseNet-169", densenet.DenseNet169), ("DenseNet-201", densenet.DenseNet201)):
    keras(network, kerasnames.variables(code))
keras("DenseNet-121", kerasnames.variables(densenet.DenseNet121), *KERAS3, (r"^conv1/(conv|bn)/", r"conv1_\1/"))

FIRE = [(96, 16, 64), (128, 16, 64), (128, 32, 128), (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256), (512, 64, 256)]
begin("Keras", "SqueezeNet 1.1")  # rcmalli/keras-squeezenet, keras_squeezenet/squeezenet.py at 19ab11bc; its published file is read in published_test.go
convs = [("conv1", 3, 3, 64)]
for i, (a, squeeze, expand) in enumerate(FIRE):
    fire = "fire%d/" % (i + 2)
    convs += [(fire + "squeeze1x1", 1, a if i else 64, squeeze), (fire + "expand1x1", 1, squeeze, expand), (fire + "expand3x3", 3, squeeze, expand)]
for name, window, a, b in convs + [("conv10", 1, 512, 1000)]:
    add(name + "/kernel", window, window, a, b)
    add(name + "/bias", b)

for first in (0, 1, 95):  # layers are numbered in the order in which they are made, by Keras from 1, as in the published file, by TensorFlow's from 0 (conv2d)
    keras("Inception v3", kerasnames.variables(inception_v3.InceptionV3, first))

# TF-slim: checkpoints list their variables by name. No code of the networks tells what else stands in them: ExponentialMovingAverage and Momentum are examples.


def vgg(convs, layer, dense):
    channels = 3
    for i, repeats in enumerate(convs):
        for j in range(repeats):
            layer(i + 1, j + 1, channels, min(64 << i, 512))
            channels = min(64 << i, 512)
    dense()


def inception():
    """The convolutions of inception_v3.py, as (block, branch, name, height, width, channels in and out)."""
    out = [("", "", "Conv2d_1a_3x3", 3, 3, 3, 32), ("", "", "Conv2d_2a_3x3", 3, 3, 32, 32), ("", "", "Conv2d_2b_3x3", 3, 3, 32, 64),
           ("", "", "Conv2d_3b_1x1", 1, 1, 64, 80), ("", "", "Conv2d_4a_3x3", 3, 3, 80, 192)]

    def block(name, channels, *branches):
        for number, branch in branches:
            c = channels
            for layer in branch:
                scope, h, w, n = layer[:4]
                out.append((name, "Branch_%d" % number, scope, h, w, layer[4] if len(layer) > 4 else c, n))
                c = n

    for name, channels, pool in (("Mixed_5b", 192, 32), ("Mixed_5c", 256, 64), ("Mixed_5d", 288, 64)):
        one, five = ("Conv2d_0b_1x1", "Conv_1_0c_5x5") if name == "Mixed_5c" else ("Conv2d_0a_1x1", "Conv2d_0b_5x5")
        block(name, channels, (0, [("Conv2d_0a_1x1", 1, 1, 64)]), (1, [(one, 1, 1, 48), (five, 5, 5, 64)]),
              (2, [("Conv2d_0a_1x1", 1, 1, 64), ("Conv2d_0b_3x3", 3, 3, 96), ("Conv2d_0c_3x3", 3, 3, 96)]), (3, [("Conv2d_0b_1x1", 1, 1, pool)]))
    block("Mixed_6a", 288, (0, [("Conv2d_1a_1x1", 3, 3, 384)]), (1, [("Conv2d_0a_1x1", 1, 1, 64), ("Conv2d_0b_3x3", 3, 3, 96), ("Conv2d_1a_1x1", 3, 3, 96)]))
    for name, n in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        block(name, 768, (0, [("Conv2d_0a_1x1", 1, 1, 192)]), (1, [("Conv2d_0a_1x1", 1, 1, n), ("Conv2d_0b_1x7", 1, 7, n), ("Conv2d_0c_7x1", 7, 1, 192)]),
              (2, [("Conv2d_0a_1x1", 1, 1, n), ("Conv2d_0b_7x1", 7, 1, n), ("Conv2d_0c_1x7", 1, 7, n), ("Conv2d_0d_7x1", 7, 1, n), ("Conv2d_0e_1x7", 1, 7, 192)]),
              (3, [("Conv2d_0b_1x1", 1, 1, 192)]))
    block("Mixed_7a", 768, (0, [("Conv2d_0a_1x1", 1, 1, 192), ("Conv2d_1a_3x3", 3, 3, 320)]),
          (1, [("Conv2d_0a_1x1", 1, 1, 192), ("Conv2d_0b_1x7", 1, 7, 192), ("Conv2d_0c_7x1", 7, 1, 192), ("Conv2d_1a_3x3", 3, 3, 192)]))
    for name, channels, second in (("Mixed_7b", 1280, "Conv2d_0b_3x1"), ("Mixed_7c", 2048, "Conv2d_0c_3x1")):
        block(name, channels, (0, [("Conv2d_0a_1x1", 1, 1, 320)]),
              (1, [("Conv2d_0a_1x1", 1, 1, 384), ("Conv2d_0b_1x3", 1, 3, 384), (second, 3, 1, 384)]),
              (2, [("Conv2d_0a_1x1", 1, 1, 448), ("Conv2d_0b_3x3", 3, 3, 384), ("Conv2d_0c_1x3", 1, 3, 384), ("Conv2d_0d_3x1", 3, 1, 384)]),
              (3, [("Conv2d_0b_1x1", 1, 1, 192)]))
    return out


def slim(port, network, tensors):
    begin(port, network)
    for name, shape in sorted(tensors):
        add(name, *shape)


def slim_conv(name, *shape, norm=True, scale=True, kind="weights"):
    n = shape[2] if kind == "depthwise_weights" else shape[-1]
    out = [(name + "/" + kind, shape)]
    if not norm:
        return out + [(name + "/biases", (n,))]
    return out + [(name + "/BatchNorm/" + part, (n,)) for part in (("gamma",) if scale else ()) + ("beta", "moving_mean", "moving_variance")]


for network, scope in (("VGG-11", "vgg_a"), ("VGG-16", "vgg_16"), ("VGG-19", "vgg_19")):  # vgg.py at 09ff47db; mean_rgb as programs read in vgg_16.ckpt and vgg_19.ckpt
    tensors = [("global_step", ()), (scope + "/mean_rgb", (3,))]
    vgg(VGG[network], lambda i, j, a, b: tensors.extend(slim_conv("%s/conv%d/conv%d_%d" % (scope, i, i, j), 3, 3, a, b, norm=False)),
        lambda: [tensors.extend(slim_conv(scope + "/" + n, *s, norm=False))
                 for n, s in (("fc6", (7, 7, 512, 4096)), ("fc7", (1, 1, 4096, 4096)), ("fc8", (1, 1, 4096, 1000)))])
    slim("TFSlim", network, tensors)

for network, blocks in RESNET.items():  # resnet_v1.py at 09ff47db, resnet_utils.py at 03cdc5fe; mean_rgb as programs read in resnet_v1_50.ckpt
    scope = "resnet_v1_" + network[7:]
    tensors = slim_conv(scope + "/conv1", 7, 7, 3, 64) + [(scope + "/mean_rgb", (3,)), (scope + "/conv1/weights/Momentum", (7, 7, 3, 64)), ("global_step", ())]
    channels = 64
    for stage, repeats in enumerate(blocks):
        filters = 64 << stage
        for i in range(repeats):
            name = "%s/block%d/unit_%d/bottleneck_v1/" % (scope, stage + 1, i + 1)
            if i == 0:
                tensors += slim_conv(name + "shortcut", 1, 1, channels, 4 * filters)
            tensors += slim_conv(name + "conv1", 1, 1, channels, filters) + slim_conv(name + "conv2", 3, 3, filters, filters)
            tensors += slim_conv(name + "conv3", 1, 1, filters, 4 * filters)
            channels = 4 * filters
    slim("TFSlim", network, tensors + slim_conv(scope + "/logits", 1, 1, 2048, 1000, norm=False))

tensors = slim_conv("MobilenetV1/Conv2d_0", 3, 3, 3, 32)  # mobilenet_v1.py at 0cf9932f
channels = 32
for i, (filters, _) in enumerate(V1):
    tensors += slim_conv("MobilenetV1/Conv2d_%d_depthwise" % (i + 1), 3, 3, channels, 1, kind="depthwise_weights")
    tensors += slim_conv("MobilenetV1/Conv2d_%d_pointwise" % (i + 1), 1, 1, channels, filters)
    channels = filters
tensors += [(n + "/ExponentialMovingAverage", s) for n, s in tensors if "moving" not in n] + [("global_step", ())]
slim("TFSlim", "MobileNet v1", tensors + slim_conv("MobilenetV1/Logits/Conv2d_1c_1x1", 1, 1, 1024, 1001, norm=False))

tensors = slim_conv("MobilenetV2/Conv", 3, 3, 3, 32)  # mobilenet/mobilenet_v2.py at 0ba83cf0, mobilenet.py at 02c04f49, conv_blocks.py at 10cf1c0a
channels = 32
block = 0
for expansion, filters, repeats in V2:
    for i in range(repeats):
        name = "MobilenetV2/expanded_conv" + ("_%d/" % block if block else "/")
        block += 1
        if expansion > 1:
            tensors += slim_conv(name + "expand", 1, 1, channels, 6 * channels)
        tensors += slim_conv(name + "depthwise", 3, 3, expansion * channels, 1, kind="depthwise_weights")
        tensors += slim_conv(name + "project", 1, 1, expansion * channels, filters)
        channels = filters
tensors += slim_conv("MobilenetV2/Conv_1", 1, 1, 320, 1280)
slim("TFSlim", "MobileNet v2", tensors + slim_conv("MobilenetV2/Logits/Conv2d_1c_1x1", 1, 1, 1280, 1001, norm=False))

tensors = []  # inception_v3.py at 0231a2e0, inception_utils.py at 054bfa17
for block, branch, scope, h, w, a, b in inception():
    tensors += slim_conv("/".join(p for p in ("InceptionV3", block, branch, scope) if p), h, w, a, b, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_1b_1x1", 1, 1, 768, 128, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_2a_5x5", 5, 5, 128, 768, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_2b_1x1", 1, 1, 768, 1001, norm=False)
slim("TFSlim", "Inception v3", tensors + slim_conv("InceptionV3/Logits/Conv2d_1c_1x1", 1, 1, 2048, 1001, norm=False))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "zoo", "testdata", "names.txt.gz")
with open(path, "wb") as f:
    f.write(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
print(len(lines), "lines,", os.path.getsize(path), "bytes")
