"""Losses and gradients of autoencoders, computed by PyTorch 1.13 in float64, with the Jacobian of the contractive penalty by autograd:

    python3 autoencoder.py > autoencoder.json

Weights and inputs follow from formulas, which golden_test.go has too. Variables are listed in the order in which the tests fill them.
"""
import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, k):
    n = math.prod(shape)
    return torch.tensor([0.4 * math.sin(1.7 * i + 0.9 * k + 0.3) for i in range(n)]).reshape(shape)


def example(shape):
    n = math.prod(shape)
    return torch.tensor([0.5 + 0.5 * math.sin(2.3 * i + 0.1) for i in range(n)]).reshape(shape)


def variables(*shapes):
    return [wave(shape, k).requires_grad_() for k, shape in enumerate(shapes)]


def kl(target, q):
    return (target * torch.log(target / q) + (1 - target) * torch.log((1 - target) / (1 - q))).sum()


cases = {}


def case(name, loss, variables, **more):
    grads = torch.autograd.grad(loss, variables, retain_graph=True)
    values = {"loss": [loss.item()]}
    for k, g in enumerate(grads):
        values["gradient%d" % k] = g.flatten().tolist()
    for key, v in more.items():
        values[key] = v.detach().flatten().tolist()
    cases[name] = values


x = example((4, 6))

# Dense layers: kernel, bias, decoder/kernel (unless tied), decoder/bias.
w, b, v, c = variables((6, 3), (3,), (3, 6), (6,))
h = F.elu(x @ w + b)
y = h @ v + c
case("untied", F.mse_loss(y, x), [w, b, v, c], code=h, reconstruction=y)
case("regularized", F.mse_loss(y, x) + 0.01 * (w ** 2).sum() / 2 + 0.01 * (v ** 2).sum() / 2, [w, b, v, c])

w, b, c = variables((6, 3), (3,), (6,))
h = torch.sigmoid(x @ w + b)
case("tied", F.binary_cross_entropy_with_logits(h @ w.T + c, x), [w, b, c], code=h, reconstruction=torch.sigmoid(h @ w.T + c))
noisy = torch.sigmoid((x * 0.5 + 0.1) @ w + b)
case("denoising", F.binary_cross_entropy_with_logits(noisy @ w.T + c, x), [w, b, c], code=h)
q = h.mean(0)
penalty = kl(torch.tensor(0.1), q)
case("sparse", F.mse_loss(h @ w.T + c, x) + 0.7 * penalty, [w, b, c], penalty=penalty)

for name, f in ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("elu", F.elu), ("softplus", F.softplus):
    w, b, v, c = variables((6, 3), (3,), (3, 6), (6,))
    encode = lambda one: f(one @ w + b)
    penalty = torch.stack([(torch.autograd.functional.jacobian(encode, one, create_graph=True) ** 2).sum() for one in x]).mean()
    case("contractive " + name, F.mse_loss(f(x @ w + b) @ v + c, x) + 0.3 * penalty, [w, b, v, c], penalty=penalty)

# Convolutional layers: NHWC and HWIO there, stride 2, padded as TensorFlow's SAME: none above and left, one below and right.
images = example((2, 4, 6, 2))


def conv(x, w, b):
    return F.conv2d(F.pad(x.permute(0, 3, 1, 2), (0, 1, 0, 1)), w.permute(3, 2, 0, 1), b, stride=2).permute(0, 2, 3, 1)


def back(h, w, c):
    y = F.conv_transpose2d(h.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), stride=2)
    return y[:, :, :-1, :-1].permute(0, 2, 3, 1) + c


w, b, v, c = variables((3, 3, 2, 3), (3,), (3, 3, 2, 3), (2,))
h = torch.sigmoid(conv(images, w, b))
case("convolutional", F.mse_loss(back(h, v, c), images) + 0.5 * kl(torch.tensor(0.2), h.mean((0, 1, 2))), [w, b, v, c], code=h)
w, b, c = variables((3, 3, 2, 3), (3,), (2,))
h = torch.tanh(conv(images, w, b))
case("convolutional tied", F.binary_cross_entropy_with_logits(back(h, w, c), images), [w, b, c], code=h)

# A stack of two, tied: kernel, bias and decoder/bias of layer1, then of layer2.
w1, b1, c1, w2, b2, c2 = variables((6, 5), (5,), (6,), (5, 3), (3,), (5,))
h1 = torch.tanh(x @ w1 + b1)
h2 = torch.tanh(h1 @ w2 + b2)
h3 = torch.tanh(h2 @ w2.T + c2)
y = h3 @ w1.T + c1
case("whole", F.binary_cross_entropy_with_logits(y, x), [w1, b1, c1, w2, b2, c2], code=h2, reconstruction=torch.sigmoid(y))
case("layer1", F.binary_cross_entropy_with_logits(h1 @ w1.T + c1, x), [w1, b1, c1])
case("layer2", F.mse_loss(h3, h1.detach()), [w2, b2, c2])

# Variational: kernel and bias of encoder/hidden1, mean, log_variance, decoder/hidden1, decoder/output.
for name in "Bernoulli", "normal":
    vs = variables((6, 5), (5,), (5, 2), (2,), (5, 2), (2,), (2, 5), (5,), (5, 6), (6,))
    e, eb, m, mb, l, lb, d, db, o, ob = vs
    h = F.elu(x @ e + eb)
    mean, logvar = h @ m + mb, h @ l + lb
    z = mean + torch.exp(logvar / 2) * 2.5 * wave((4, 2), 20)
    y = F.elu(z @ d + db) @ o + ob
    if name == "Bernoulli":
        error = F.binary_cross_entropy_with_logits(y, x, reduction="none").sum(1).mean()
    else:
        log = torch.distributions.Normal(y, 1.0).log_prob(x).sum(1).mean()
        error = -log - 3 * math.log(2 * math.pi)
    divergence = torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, torch.exp(logvar / 2)), torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
    case("variational " + name, error + 0.5 * divergence, vs, error=error, divergence=divergence)

print(json.dumps(cases, indent=0))
