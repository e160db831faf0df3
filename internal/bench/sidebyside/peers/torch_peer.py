"""Times PyTorch, one piece of work at a time, for sidebyside.

Reads requests from standard input, a line each, and answers each with a line:

    time SECONDS WORK [ARGUMENT ...]    -> the median seconds of one call of the work
    memory WORK [ARGUMENT ...] CALLS    -> the resident bytes before the work is built, and the peak after so many calls
    forget                              -> ok; the work that was timed last is gone, and its memory
    export NET PATH                     -> ok; the net, mlp or one of CONVNETS, is at PATH in ONNX form
    about                               -> version; what its build says of its vector code; the BLAS it has loaded

or with "error: ...". Between requests it waits on standard input. The files torch_convnets.py and rbm.py are read before this one. A work may come in several variants that compute
the same; the first request finds out which is the fastest, and that one counts.
"""

import contextlib
import ctypes
import gc
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F


def sample(call, seconds):
    """The median time of one call, over samples of at least 200 microseconds."""
    start = time.perf_counter()
    call()
    once = time.perf_counter() - start
    calls = max(1, int(200e-6 / max(once, 1e-7)))
    samples = []
    end = time.perf_counter() + seconds
    while not samples or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        samples.append((time.perf_counter() - start) / calls)
    return statistics.median(samples)


def net(kind):
    layers = []
    for inputs, units in ((784, 300), (300, 100)):
        if kind == "bn-elu":
            layers += [torch.nn.Linear(inputs, units, bias=False), torch.nn.BatchNorm1d(units, eps=1e-3), torch.nn.ELU()]
        else:
            layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(100, 10))


def step(kind, batch):
    """One step of training: forward, backward, plain SGD."""
    x, y = torch.rand(int(batch), 784), torch.randint(10, (int(batch),))
    for foreach in (False, True):
        for to_none in (False, True):
            yield training_step(net(kind), x, y, foreach, to_none)


def training_step(model, x, y, foreach, to_none, momentum=0.0):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=momentum, foreach=foreach)

    def call():
        optimizer.zero_grad(set_to_none=to_none)
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    return call


def infer(kind, batch):
    model, x = net(kind).eval(), torch.rand(int(batch), 784)

    def without(mode):
        def call():
            with mode():
                model(x)
        return call

    return [without(torch.no_grad), without(torch.inference_mode)]


def infer_script(kind, batch):
    """infer, compiled by TorchScript with the weights frozen into it."""
    x = torch.rand(int(batch), 784)
    with torch.no_grad():
        traced = torch.jit.freeze(torch.jit.trace(net(kind).eval(), x))
        optimised = torch.jit.optimize_for_inference(torch.jit.trace(net(kind).eval(), x))

    def of(model):
        def call():
            with torch.inference_mode():
                model(x)
        for _ in range(20):  # compiled after the first calls
            call()
        return call

    return [of(traced), of(optimised)]


def mm(form, m, n, k):
    """[m, k] by [k, n]; in TN the first is stored transposed, in NT the second."""
    m, n, k = int(m), int(n), int(k)
    a = torch.rand(k, m).t() if form == "TN" else torch.rand(m, k)
    b = torch.rand(n, k).t() if form == "NT" else torch.rand(k, n)
    out = torch.empty(m, n)
    return [lambda: torch.mm(a, b, out=out)]


def unary(name, size):
    x = torch.randn(int(size)) * 2
    out = torch.empty_like(x)
    elu = torch._C._nn.elu  # F.elu has no out
    return [{
        "exp": lambda: torch.exp(x, out=out),
        "elu": lambda: elu(x, 1.0, 1.0, 1.0, out=out),
        "sigmoid": lambda: torch.sigmoid(x, out=out),
        "tanh": lambda: torch.tanh(x, out=out),
    }[name]]


def batchnorm(batch, features):
    """Forward in training, and the gradients of x, weight and bias."""
    batch, features = int(batch), int(features)
    x = torch.rand(batch, features, requires_grad=True)
    grad = torch.rand(batch, features)
    weight = torch.ones(features, requires_grad=True)
    bias = torch.zeros(features, requires_grad=True)
    mean, variance = torch.zeros(features), torch.ones(features)

    def forward():
        return F.batch_norm(x, mean, variance, weight, bias, training=True, momentum=0.1, eps=1e-3)

    def backward():
        x.grad = weight.grad = bias.grad = None
        forward().backward(grad)

    return [backward, lambda: torch.autograd.grad(forward(), (x, weight, bias), grad)]


def adam(tensors, rows, columns):
    def variant(foreach):
        params = [torch.rand(int(rows), int(columns)).requires_grad_() for _ in range(int(tensors))]
        for p in params:
            p.grad = torch.rand_like(p) - 0.5
        return torch.optim.Adam(params, foreach=foreach).step

    return [variant(False), variant(True)]


def conv_step(name, momentum, batch):
    """One step of training of a convolutional network: forward, backward, gradient descent with momentum, which may be 0."""
    for memory_format in FORMATS:
        for foreach in (False, True):
            model, x = convnet(name, batch)
            model, x = model.to(memory_format=memory_format), x.to(memory_format=memory_format)
            yield training_step(model, x, torch.randint(10, (int(batch),)), foreach, True, float(momentum))


def without_gradient(model, x, warm=0):
    def call():
        with torch.inference_mode():
            model(x)
    for _ in range(warm):
        call()
    return call


def conv_infer(name, batch):
    """Inference of a convolutional network, in both formats: with batch normalisation as it is and folded, and compiled by TorchScript with the weights
    frozen into it, and with oneDNN's own formats."""
    for memory_format in FORMATS:
        model, x = convnet(name, batch)
        model, x = model.eval().to(memory_format=memory_format), x.to(memory_format=memory_format)
        yield without_gradient(model, x)
        if isinstance(model, torch.nn.Sequential):
            yield without_gradient(folded(model).to(memory_format=memory_format), x)
        with torch.no_grad():
            traced = torch.jit.trace(model, x, check_trace=False)  # to check runs it again and again
            yield without_gradient(torch.jit.freeze(traced), x, 3)
            yield without_gradient(torch.jit.optimize_for_inference(traced), x, 3)


def images(batch, height, channels, memory_format):
    return torch.randn(int(batch), int(channels), int(height), int(height)).to(memory_format=memory_format)


def conv(batch, height, inputs, filters, size):
    """A convolution that keeps the size of its images."""
    for memory_format in FORMATS:
        layer = torch.nn.Conv2d(int(inputs), int(filters), int(size), padding=int(size) // 2, bias=False).to(memory_format=memory_format)
        yield without_gradient(layer, images(batch, height, inputs, memory_format))


def conv_gradients(batch, height, inputs, filters, size):
    """conv, and the gradients of images and kernel."""
    for memory_format in FORMATS:
        layer = torch.nn.Conv2d(int(inputs), int(filters), int(size), padding=int(size) // 2, bias=False).to(memory_format=memory_format)
        yield with_gradients(layer, images(batch, height, inputs, memory_format), images(batch, height, filters, memory_format))


def with_gradients(layer, x, grad):
    x.requires_grad_()
    wanted = (x, *layer.parameters())
    return lambda: torch.autograd.grad(layer(x), wanted, grad)


def conv_batchnorm(batch, height, channels):
    """Batch normalisation of images in training, and the gradients of images, weight and bias."""
    for memory_format in FORMATS:
        x, grad = (images(batch, height, channels, memory_format) for _ in range(2))
        yield with_gradients(torch.nn.BatchNorm2d(int(channels), eps=1e-3), x, grad)


def max_pool(batch, height, channels):
    """The maxima of windows of 2 x 2, and the gradient."""
    for memory_format in FORMATS:
        x, grad = images(batch, height, channels, memory_format), images(batch, int(height) // 2, channels, memory_format)
        yield with_gradients(torch.nn.MaxPool2d(2), x, grad)


WORKS = {f.__name__: f for f in (step, infer, infer_script, mm, unary, batchnorm, adam,
                                 conv_step, conv_infer, conv, conv_gradients, conv_batchnorm, max_pool, cd1_torch, cd1_numpy)}
chosen = {}


def fastest(work):
    """The call for a work, made and chosen at its first request."""
    key = " ".join(work)
    if key not in chosen:
        chosen.clear()  # one at a time: memory, and caches
        best = float("inf")
        for call in WORKS[work[0]](*work[1:]):
            seconds = sample(call, 0.02)
            if seconds < 2 * best:
                seconds = sample(call, 0.05)
            if seconds < best:
                best, chosen[key] = seconds, call
            give_back()
    return chosen[key]


def give_back():
    """Gives the memory of what is no longer used back to the system: a batch of images takes hundreds of megabytes, and there are many processes."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def resident(name):
    """A figure of /proc/self/status, in bytes."""
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    raise KeyError(name)


def memory(work, calls):
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as f:
        f.write("5")  # the peak counts from here
    before = resident("VmRSS")
    call = next(iter(WORKS[work[0]](*work[1:])))  # one variant alone
    for _ in range(calls):
        call()
    return before, resident("VmHWM")


def about():
    build = [line.split(":")[1].strip() for line in torch.__config__.show().splitlines() if "capability" in line]
    blas = set()
    with open("/proc/self/maps") as f:
        for line in f:
            name = os.path.basename(line.split()[-1])
            if "blas" in name.lower() or "mkl" in name.lower():
                blas.add(name)
    return "%s, vector code %s, BLAS %s%s" % (torch.__version__, " ".join(build), " ".join(sorted(blas)), core_of(blas))


def core_of(blas):
    """What OpenBLAS takes the processor for."""
    for name in blas:
        with contextlib.suppress(OSError, AttributeError):
            core = ctypes.CDLL(name).openblas_get_corename
            core.restype = ctypes.c_char_p
            return " for " + core().decode()
    return ""


def answer(request):
    if request[0] == "time":
        return repr(sample(fastest(request[2:]), float(request[1])))
    if request[0] == "memory":
        return "%d %d" % memory(request[1:-1], int(request[-1]))
    if request[0] == "export":
        model, x = (net("bn-elu"), torch.rand(1, 784)) if request[1] == "mlp" else convnet(request[1], 1)
        torch.onnx.export(model.eval(), x, request[2], input_names=["x"], output_names=["y"],
                          dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
        return "ok"
    if request[0] == "forget":
        chosen.clear()
        give_back()
        return "ok"
    if request[0] == "about":
        return about()
    raise ValueError("unknown request " + request[0])


def main():
    torch.manual_seed(42)
    answers = os.fdopen(os.dup(1), "w")  # what libraries print must not come between
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            reply = answer(line.split())
        except Exception as e:
            reply = "error: " + " ".join(str(e).split())
        print(reply, file=answers, flush=True)


main()
