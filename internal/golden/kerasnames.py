"""The variables of the networks of keras_applications, as Keras names them: its code runs here on layers that compute nothing but shapes.

Wants Debian's python3-keras-applications, which is version 1.0.8, the last one; Keras itself is not wanted.

    variables(keras_applications.vgg16.VGG16)           # [("block1_conv1/kernel", (3, 3, 3, 64)), ("block1_conv1/bias", (64,)), ...]
    variables(keras_applications.mobilenet.MobileNet, alpha=0.25)
"""


class Backend:
    """keras.backend, of tensors that are their shapes."""

    image_data_format = staticmethod(lambda: "channels_last")
    backend = staticmethod(lambda: "tensorflow")
    is_keras_tensor = staticmethod(lambda x: True)
    int_shape = staticmethod(lambda x: x)


class Layers:
    """keras.layers, which lists the variables that it makes. Layers without a name are numbered from first, 0 of which is not said."""

    def __init__(self, first):
        self.first, self.made, self.variables = first, {}, []

    def _layer(self, kind, name):
        if name is None:
            i = self.made[kind] = self.made.get(kind, self.first - 1) + 1
            name = "%s_%d" % (kind, i) if i else kind
        return lambda variable, *shape: self.variables.append((name + "/" + variable, shape))

    def Input(self, shape=None, tensor=None):
        return (None,) + shape

    def Conv2D(self, filters, kernel_size, strides=1, padding="valid", use_bias=True, name=None, **_):
        (h, w), (down, right) = pair(kernel_size), pair(strides)

        def call(x):
            variable = self._layer("conv2d", name)
            variable("kernel", h, w, x[3], filters)
            if use_bias:
                variable("bias", filters)
            return None, size(x[1], h, down, padding), size(x[2], w, right, padding), filters
        return call

    def DepthwiseConv2D(self, kernel_size, strides=1, padding="valid", use_bias=True, depth_multiplier=1, name=None, **_):
        (h, w), (down, right) = pair(kernel_size), pair(strides)

        def call(x):
            variable = self._layer("depthwise_conv2d", name)
            variable("depthwise_kernel", h, w, x[3], depth_multiplier)
            if use_bias:
                variable("bias", x[3] * depth_multiplier)
            return None, size(x[1], h, down, padding), size(x[2], w, right, padding), x[3] * depth_multiplier
        return call

    def Dense(self, units, name=None, **_):
        def call(x):
            variable = self._layer("dense", name)
            variable("kernel", x[-1], units)
            variable("bias", units)
            return None, units
        return call

    def BatchNormalization(self, scale=True, name=None, **_):
        def call(x):
            variable = self._layer("batch_normalization", name)
            for part in (("gamma",) if scale else ()) + ("beta", "moving_mean", "moving_variance"):
                variable(part, x[-1])
            return x
        return call

    def MaxPooling2D(self, pool_size, strides=None, padding="valid", **_):
        (h, w), (down, right) = pair(pool_size), pair(strides or pool_size)
        return lambda x: (None, size(x[1], h, down, padding), size(x[2], w, right, padding), x[3])

    AveragePooling2D = MaxPooling2D

    def GlobalAveragePooling2D(self, **_):
        return lambda x: (None, x[3])

    def ZeroPadding2D(self, padding, **_):
        (top, bottom), (left, right) = (pair(p) for p in pair(padding))
        return lambda x: (None, x[1] + top + bottom, x[2] + left + right, x[3])

    def Flatten(self, **_):
        return lambda x: (None, x[1] * x[2] * x[3])

    def Reshape(self, shape, **_):
        return lambda x: (None,) + tuple(shape)

    def Activation(self, *_, **__):
        return lambda x: x

    ReLU = Dropout = Activation

    def Add(self, **_):
        return lambda xs: xs[0]

    def add(self, xs):
        return xs[0]

    def Concatenate(self, **_):
        return lambda xs: xs[0][:3] + (sum(x[3] for x in xs),)

    def concatenate(self, xs, **_):
        return self.Concatenate()(xs)


class Models:
    Model = staticmethod(lambda *_, **__: None)


def pair(x):
    return x if isinstance(x, tuple) else (x, x)


def size(n, window, stride, padding):
    return -(-n // stride) if padding == "same" else (n - window) // stride + 1


def variables(network, first=1, **options):
    layers = Layers(first)
    network(weights=None, backend=Backend, layers=layers, models=Models, utils=None, **options)
    return layers.variables
