"""The names and shapes of the tensors in published files of weights, for the mappings of the zoo: zoo/testdata/names.txt.gz.

torchvision's are those of its models. The others follow the published code, which is named beside each: timm (huggingface/pytorch-image-models, timm/models), Keras
(keras-team/keras-applications, keras_applications), and TF-slim (tensorflow/models, research/slim/nets).

    python3 zoonames.py

Lines are "PORT NETWORK" and, beneath, tensors in a row that have one shape and the same beginning of their names: two blanks, the beginning, the sizes, and the
ends of the names. What PyTorch counts (num_batches_tracked) stands in the first ResNet only.
"""
import gzip
import os

from torchvision import models

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

# timm: resnet.py, densenet.py and inception_v3.py have torchvision's names, the last without AuxLogits.
for network in ("ResNet-18", "ResNet-50", "ResNeXt-50 32x4d", "DenseNet-121", "Inception v3"):
    begin("Timm", network)
    for name, shape in state(network):
        if not name.startswith("AuxLogits"):
            add(name, *shape)

for network in ("VGG-16", "VGG-11 BN"):  # vgg.py, _filter_fn
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

begin("Timm", "MobileNet v1")  # efficientnet.py, _gen_mobilenet_v1; _efficientnet_blocks.py, DepthwiseSeparableConv
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

begin("Timm", "MobileNet v2")  # efficientnet.py, _gen_mobilenet_v2; _efficientnet_blocks.py, InvertedResidual
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


def keras_layer(name, *shape, bias=True):
    add(name + "/kernel", *shape)
    if bias:
        add(name + "/bias", shape[-1])


def keras_norm(name, n, scale=True):
    for part in (("gamma",) if scale else ()) + ("beta", "moving_mean", "moving_variance"):
        add(name + "/" + part, n)


def vgg(convs, layer, dense):
    channels = 3
    for i, repeats in enumerate(convs):
        for j in range(repeats):
            layer(i + 1, j + 1, channels, min(64 << i, 512))
            channels = min(64 << i, 512)
    dense()


VGG = {"VGG-11": (1, 1, 2, 2, 2), "VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}

for network in ("VGG-16", "VGG-19"):  # vgg16.py, vgg19.py
    begin("Keras", network)
    vgg(VGG[network], lambda i, j, a, b: keras_layer("block%d_conv%d" % (i, j), 3, 3, a, b),
        lambda: [keras_layer("fc1", 25088, 4096), keras_layer("fc2", 4096, 4096), keras_layer("predictions", 4096, 1000)])

begin("Keras", "VGG-16")  # the published file was written by Keras 1: topology.py, vgg16_weights_tf_dim_ordering_tf_kernels.h5
KERAS1 = []


def keras1_vgg(i, j, a, b):
    name = "block%d_conv%d" % (i, j)
    add("%s/%s_W_1" % (name, name), 3, 3, a, b)
    add("%s/%s_b_1" % (name, name), b)


def keras1_dense(name, a, b):
    add("%s/%s_W_1" % (name, name), a, b)
    add("%s/%s_b_1" % (name, name), b)


vgg(VGG["VGG-16"], keras1_vgg, lambda: [keras1_dense("fc1", 25088, 4096), keras1_dense("fc2", 4096, 4096), keras1_dense("predictions", 4096, 1000)])

RESNET = {"ResNet-50": (3, 4, 6, 3), "ResNet-101": (3, 4, 23, 3), "ResNet-152": (3, 8, 36, 3)}

for network, blocks in RESNET.items():  # resnet_common.py, block1 and stack1
    begin("Keras", network)
    keras_layer("conv1_conv", 7, 7, 3, 64)
    keras_norm("conv1_bn", 64)
    channels = 64
    for stage, repeats in enumerate(blocks):
        filters = 64 << stage
        for i in range(repeats):
            name = "conv%d_block%d_" % (stage + 2, i + 1)
            if i == 0:
                keras_layer(name + "0_conv", 1, 1, channels, 4 * filters)
            keras_layer(name + "1_conv", 1, 1, channels, filters)
            keras_norm(name + "1_bn", filters)
            keras_layer(name + "2_conv", 3, 3, filters, filters)
            keras_norm(name + "2_bn", filters)
            if i == 0:
                keras_norm(name + "0_bn", 4 * filters)
            keras_layer(name + "3_conv", 1, 1, filters, 4 * filters)
            keras_norm(name + "3_bn", 4 * filters)
            channels = 4 * filters
    keras_layer("probs" if network == "ResNet-50" else "predictions", 2048, 1000)

begin("Keras", "ResNet-50")  # resnet50.py
keras_layer("conv1", 7, 7, 3, 64)
keras_norm("bn_conv1", 64)
channels = 64
for stage, repeats in enumerate(RESNET["ResNet-50"]):
    filters = 64 << stage
    for i in range(repeats):
        name = "%d%s_branch" % (stage + 2, "abcdef"[i])
        for part, shape in (("2a", (1, 1, channels, filters)), ("2b", (3, 3, filters, filters)), ("2c", (1, 1, filters, 4 * filters))):
            keras_layer("res" + name + part, *shape)
            keras_norm("bn" + name + part, shape[-1])
        if i == 0:
            keras_layer("res" + name + "1", 1, 1, channels, 4 * filters)
            keras_norm("bn" + name + "1", 4 * filters)
        channels = 4 * filters
keras_layer("fc1000", 2048, 1000)

begin("Keras", "MobileNet v1")  # mobilenet.py
keras_layer("conv1", 3, 3, 3, 32, bias=False)
keras_norm("conv1_bn", 32)
channels = 32
for i, (filters, _) in enumerate(V1):
    add("conv_dw_%d/depthwise_kernel" % (i + 1), 3, 3, channels, 1)
    keras_norm("conv_dw_%d_bn" % (i + 1), channels)
    keras_layer("conv_pw_%d" % (i + 1), 1, 1, channels, filters, bias=False)
    keras_norm("conv_pw_%d_bn" % (i + 1), filters)
    channels = filters
keras_layer("conv_preds", 1, 1, 1024, 1000)

begin("Keras", "MobileNet v2")  # mobilenet_v2.py
keras_layer("Conv1", 3, 3, 3, 32, bias=False)
keras_norm("bn_Conv1", 32)
channels = 32
block = 0
for expansion, filters, repeats in V2:
    for i in range(repeats):
        name = "block_%d_" % block if block else "expanded_conv_"
        block += 1
        if expansion > 1:
            keras_layer(name + "expand", 1, 1, channels, 6 * channels, bias=False)
            keras_norm(name + "expand_BN", 6 * channels)
        add(name + "depthwise/depthwise_kernel", 3, 3, expansion * channels, 1)
        keras_norm(name + "depthwise_BN", expansion * channels)
        keras_layer(name + "project", 1, 1, expansion * channels, filters, bias=False)
        keras_norm(name + "project_BN", filters)
        channels = filters
keras_layer("Conv_1", 1, 1, 320, 1280, bias=False)
keras_norm("Conv_1_bn", 1280)
keras_layer("Logits", 1280, 1000)

for network, blocks in {"DenseNet-121": (6, 12, 24, 16), "DenseNet-169": (6, 12, 32, 32), "DenseNet-201": (6, 12, 48, 32)}.items():  # densenet.py
    begin("Keras", network)
    keras_layer("conv1/conv", 7, 7, 3, 64, bias=False)
    keras_norm("conv1/bn", 64)
    channels = 64
    for stage, repeats in enumerate(blocks):
        for i in range(repeats):
            name = "conv%d_block%d_" % (stage + 2, i + 1)
            keras_norm(name + "0_bn", channels)
            keras_layer(name + "1_conv", 1, 1, channels, 128, bias=False)
            keras_norm(name + "1_bn", 128)
            keras_layer(name + "2_conv", 3, 3, 128, 32, bias=False)
            channels += 32
        if stage < 3:
            keras_norm("pool%d_bn" % (stage + 2), channels)
            keras_layer("pool%d_conv" % (stage + 2), 1, 1, channels, channels // 2, bias=False)
            channels //= 2
    keras_norm("bn", channels)
    keras_layer("fc1000", channels, 1000)

FIRE = [(96, 16, 64), (128, 16, 64), (128, 32, 128), (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256), (512, 64, 256)]
begin("Keras", "SqueezeNet 1.1")  # rcmalli/keras-squeezenet, keras_squeezenet/squeezenet.py
keras_layer("conv1", 3, 3, 3, 64)
for i, (a, squeeze, expand) in enumerate(FIRE):
    keras_layer("fire%d/squeeze1x1" % (i + 2), 1, 1, a if i else 64, squeeze)
    keras_layer("fire%d/expand1x1" % (i + 2), 1, 1, squeeze, expand)
    keras_layer("fire%d/expand3x3" % (i + 2), 3, 3, squeeze, expand)
keras_layer("conv10", 1, 1, 512, 1000)


def inception(aux):
    """The convolutions of inception_v3.py as (block, branch, name in TF-slim, height, width, channels in and out)."""
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


for first in (0, 1, 95):  # inception_v3.py: layers are numbered in the order in which they are made, by Keras from 1 and by TensorFlow's from 0 (conv2d)
    begin("Keras", "Inception v3")
    for i, (_, _, _, h, w, a, b) in enumerate(inception(False)):
        suffix = "_%d" % (first + i) if first + i else ""
        keras_layer("conv2d" + suffix, h, w, a, b, bias=False)
        keras_norm("batch_normalization" + suffix, b, scale=False)
    keras_layer("predictions", 2048, 1000)

# TF-slim: checkpoints list their variables by name.


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


for network, scope in (("VGG-11", "vgg_a"), ("VGG-16", "vgg_16"), ("VGG-19", "vgg_19")):  # vgg.py
    tensors = [("global_step", ())]
    vgg(VGG[network], lambda i, j, a, b: tensors.extend(slim_conv("%s/conv%d/conv%d_%d" % (scope, i, i, j), 3, 3, a, b, norm=False)),
        lambda: [tensors.extend(slim_conv(scope + "/" + n, *s, norm=False))
                 for n, s in (("fc6", (7, 7, 512, 4096)), ("fc7", (1, 1, 4096, 4096)), ("fc8", (1, 1, 4096, 1000)))])
    slim("TFSlim", network, tensors)

for network, blocks in RESNET.items():  # resnet_v1.py
    scope = "resnet_v1_" + network[7:]
    tensors = slim_conv(scope + "/conv1", 7, 7, 3, 64) + [(scope + "/conv1/weights/Momentum", (7, 7, 3, 64)), ("global_step", ())]
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

tensors = slim_conv("MobilenetV1/Conv2d_0", 3, 3, 3, 32)  # mobilenet_v1.py
channels = 32
for i, (filters, _) in enumerate(V1):
    tensors += slim_conv("MobilenetV1/Conv2d_%d_depthwise" % (i + 1), 3, 3, channels, 1, kind="depthwise_weights")
    tensors += slim_conv("MobilenetV1/Conv2d_%d_pointwise" % (i + 1), 1, 1, channels, filters)
    channels = filters
tensors += [(n + "/ExponentialMovingAverage", s) for n, s in tensors if "moving" not in n] + [("global_step", ())]
slim("TFSlim", "MobileNet v1", tensors + slim_conv("MobilenetV1/Logits/Conv2d_1c_1x1", 1, 1, 1024, 1001, norm=False))

tensors = slim_conv("MobilenetV2/Conv", 3, 3, 3, 32)  # mobilenet/mobilenet_v2.py, mobilenet/conv_blocks.py
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

tensors = []  # inception_v3.py
for block, branch, scope, h, w, a, b in inception(True):
    tensors += slim_conv("/".join(p for p in ("InceptionV3", block, branch, scope) if p), h, w, a, b, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_1b_1x1", 1, 1, 768, 128, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_2a_5x5", 5, 5, 128, 768, scale=False)
tensors += slim_conv("InceptionV3/AuxLogits/Conv2d_2b_1x1", 1, 1, 768, 1001, norm=False)
slim("TFSlim", "Inception v3", tensors + slim_conv("InceptionV3/Logits/Conv2d_1c_1x1", 1, 1, 2048, 1001, norm=False))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "zoo", "testdata", "names.txt.gz")
with open(path, "wb") as f:
    f.write(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
print(len(lines), "lines,", os.path.getsize(path), "bytes")
