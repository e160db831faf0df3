"""training.json: optimizers beyond TensorFlow 1, what wraps an optimizer, averages of weights and gradient steps. Each is
written out in NumPy, float64, and compared with torch.optim or with a second formulation."""
import math

import numpy as np
import torch
from goldenfile import File, agree, grid

f = File("training", "Optimizers as in optimizers.json, NAME/stream: inputs w0 [6], grads [20, 6]; outputs w [20, 6] after each step, and slots. "
         "MovingAverage: inputs w0 [6], w [20, 6], the values after each step; output average [20, 6]. "
         "Gradient steps: inputs grad, w; output y.")
STEPS = 20
W0 = grid(230, (6,), 2.0)
GRADS = grid(231, (STEPS, 6), 4.0)
GRADS[:, 4] /= 64  # small gradients: where epsilon shows
GRADS[3:9, 5] = 0  # and none for a while


def torch_steps(make, after=None):
    """Parameters after each step of a torch optimizer; after(w, t) changes them once it has made step t."""
    w = torch.tensor(W0, dtype=torch.float64, requires_grad=True)
    opt, out = make([w]), []
    for t, g in enumerate(GRADS, 1):
        w.grad = torch.tensor(g)
        opt.step()
        if after:
            with torch.no_grad():
                after(w, t)
        out.append(w.detach().numpy().copy())
    return np.array(out)


def stream(step, **slots):
    """Runs step(state, g, t) over the gradients; the state has w and the slots."""
    state = dict({"w": W0.copy()}, **{k: v.copy() for k, v in slots.items()})
    rows = {k: [] for k in state}
    for t, g in enumerate(GRADS, 1):
        step(state, g, t)
        for k in rows:
            rows[k].append(state[k].copy())
    return {k: np.array(v) for k, v in rows.items()}


def add(op, variant, out, params, note=""):
    if variant:
        out = {"w": out["w"]}  # the slots are in the first case
    f.add(op, variant + "stream", {"w0": W0, "grads": GRADS}, out, params, note=note)


ZERO = np.zeros(6)


def radam(lr, b1, b2, eps):
    def step(s, g, t):
        s["RAdam"] = b1 * s["RAdam"] + (1 - b1) * g
        s["RAdam_1"] = b2 * s["RAdam_1"] + (1 - b2) * g * g
        inf = 2 / (1 - b2) - 1
        rho = inf - 2 * t * b2**t / (1 - b2**t)
        mhat = s["RAdam"] / (1 - b1**t)
        if rho > 5:
            rect = math.sqrt((rho - 4) * (rho - 2) * inf / ((inf - 4) * (inf - 2) * rho))
            s["w"] = s["w"] - lr * rect * mhat * math.sqrt(1 - b2**t) / (np.sqrt(s["RAdam_1"]) + eps)
        else:
            s["w"] = s["w"] - lr * mhat
    return step


for variant, b2 in (("", 0.999), ("beta2=0.9/", 0.9)):
    out = stream(radam(0.05, 0.9, b2, 1e-8), RAdam=ZERO, RAdam_1=ZERO)
    agree("RAdam", torch_steps(lambda p: torch.optim.RAdam(p, 0.05, betas=(0.9, b2), eps=1e-8)), out["w"], 1e-11, 1e-13)
    add("RAdam", variant, out, {"learningRate": 0.05, "beta1": 0.9, "beta2": b2, "epsilon": 1e-8})


def lamb(lr, b1, b2, eps, decay, trust):
    def step(s, g, t):
        s["LAMB"] = b1 * s["LAMB"] + (1 - b1) * g
        s["LAMB_1"] = b2 * s["LAMB_1"] + (1 - b2) * g * g
        u = s["LAMB"] / (1 - b1**t) / (np.sqrt(s["LAMB_1"] / (1 - b2**t)) + eps) + decay * s["w"]
        nw, nu = np.linalg.norm(s["w"]), np.linalg.norm(u)
        s["w"] = s["w"] - lr * (nw / nu if trust and nw > 0 and nu > 0 else 1) * u
    return step


def lamb_by_adamw(lr, b1, b2, eps, decay, trust):
    """LAMB's direction is the step of torch's AdamW of learning rate 1 at the same weights; its length is the trust ratio's."""
    w = torch.tensor(W0, requires_grad=True)
    opt, out = torch.optim.AdamW([w], 1.0, betas=(b1, b2), eps=eps, weight_decay=decay), []
    for g in GRADS:
        old = w.detach().clone()
        w.grad = torch.tensor(g)
        opt.step()
        with torch.no_grad():
            u = old - w
            ratio = old.pow(2).sum().sqrt() / u.pow(2).sum().sqrt() if trust else 1.0
            w.copy_(old - lr * ratio * u)
        out.append(w.detach().numpy().copy())
    return np.array(out)


for variant, decay, trust in (("", 0.01, 1), ("plain/", 0.0, 0), ("large/", 0.5, 1)):
    args = (0.05, 0.9, 0.999, 1e-6, decay, trust)
    out = stream(lamb(*args), LAMB=ZERO, LAMB_1=ZERO)
    agree("LAMB", lamb_by_adamw(*args), out["w"], 1e-11, 1e-13)
    add("LAMB", variant, out, dict(zip(("learningRate", "beta1", "beta2", "epsilon", "weightDecay", "trust"), args)),
        "PyTorch has no such rule; compared with AdamW's direction, rescaled")


def lion(lr, b1, b2, decay):
    def step(s, g, t):
        s["w"] = s["w"] - lr * (np.sign(b1 * s["Lion"] + (1 - b1) * g) + decay * s["w"])
        s["Lion"] = b2 * s["Lion"] + (1 - b2) * g
    return step


def lion_by_sums(lr, b1, b2, decay):
    """The momentum is a weighted sum of all gradients, and the decay a factor."""
    w, out = W0.copy(), []
    for t in range(STEPS):
        m = sum(((1 - b2) * b2 ** (t - 1 - k) * GRADS[k] for k in range(t)), np.zeros(6))
        c = m + (1 - b1) * (GRADS[t] - m)
        w = (1 - lr * decay) * w - lr * ((c > 0).astype(float) - (c < 0))
        out.append(w.copy())
    return np.array(out)


for variant, args in (("", (0.01, 0.9, 0.99, 0.1)), ("plain/", (0.01, 0.95, 0.98, 0.0))):
    out = stream(lion(*args), Lion=ZERO)
    agree("Lion", lion_by_sums(*args), out["w"], 1e-12, 1e-14)
    add("Lion", variant, out, dict(zip(("learningRate", "beta1", "beta2", "weightDecay"), args)),
        "PyTorch 1.13 has no such rule; compared with the momentum as a sum")


def momentum(s, g, lr=0.05, mu=0.9):
    s["Momentum"] = mu * s["Momentum"] + g
    s["w"] = s["w"] - lr * s["Momentum"]


def lookahead(period, size):
    def step(s, g, t):
        momentum(s, g)
        if t % period == 0:
            s["Lookahead"] = s["Lookahead"] + size * (s["w"] - s["Lookahead"])
            s["w"] = s["Lookahead"].copy()
    return step


for variant, period, size in (("", 5, 0.5), ("period=3/", 3, 0.8), ("period=1/", 1, 0.25)):
    slow = torch.tensor(W0)

    def back(w, t):
        if t % period == 0:
            w.copy_(slow.lerp_(w, size))

    out = stream(lookahead(period, size), Momentum=ZERO, Lookahead=W0)
    agree("Lookahead", torch_steps(lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), back), out["w"], 1e-12, 1e-14)
    add("Lookahead", variant, out, {"learningRate": 0.05, "momentum": 0.9, "period": period, "stepSize": size}, "around Momentum")


def momentum_decay(factor):
    def step(s, g, t):
        s["w"] = s["w"] - factor * s["w"]
        momentum(s, g)
    return step


for variant, decay, rate in (("", 0.1, 0.05), ("contrib/", 0.01, 1.0)):
    w, m, expect = W0.copy(), ZERO.copy(), []
    for g in GRADS:  # tf.contrib and AdamW's paper: the decay is that of the old value, so it may come last
        m = 0.9 * m + g
        w = w - (decay * rate * w + 0.05 * m)
        expect.append(w)
    out = stream(momentum_decay(decay * rate), Momentum=ZERO)
    agree("WeightDecay", np.array(expect), out["w"], 1e-12, 1e-14)
    add("WeightDecay", variant, out, {"learningRate": 0.05, "momentum": 0.9, "weightDecay": decay, "withoutRate": int(rate == 1)}, "around Momentum")

# Averages, after TensorFlow's assign_moving_average; and as sums of all values by weight.
VALUES = grid(236, (STEPS, 6), 2.0)
for variant, decay, counted, debias, uniform in (("", 0.9, 0, 0, 0), ("numUpdates", 0.9, 1, 0, 0), ("zeroDebias", 0.9, 0, 1, 0),
                                                 ("zeroDebias/numUpdates", 0.9, 1, 1, 0), ("uniform", 0.0, 0, 0, 1)):
    average, start, biased, product, rows, sums = W0.copy(), 1.0, np.zeros(6), 1.0, [], []
    weights = np.zeros(STEPS)
    for t, v in enumerate(VALUES, 1):
        d = min(decay, (1.0 + t) / (10.0 + t)) if counted else decay
        if uniform:
            average = VALUES[:t].mean(axis=0)
            weights[t - 1], start = 1, 0
        else:
            weights, start = weights * d, 0 if debias else start * d
            weights[t - 1] = 1 - d
            if debias:
                biased, product = biased - (biased - v) * (1 - d), product * d
                average = biased / (1 - product)
            else:
                average = average - (average - v) * (1 - d)
        rows.append(average.copy())
        sums.append((start * W0 + weights @ VALUES) / (start + weights.sum()))
    agree("MovingAverage/" + variant, np.array(sums), np.array(rows), 1e-12, 1e-14)
    f.add("MovingAverage", variant, {"w0": W0, "w": VALUES}, {"average": np.array(rows)},
          {"decay": decay, "numUpdates": counted, "zeroDebias": debias, "uniform": uniform}, note="numUpdates counts the steps made: 1 after the first")

# Gradient steps, for a vector, a dense kernel and a convolution kernel.
for name, shape in (("vector", (5,)), ("dense", (4, 3)), ("convolution", (2, 3, 2, 4))):
    grad, w = grid(237, shape, 4.0), grid(238, shape, 2.0)
    axes = tuple(range(len(shape) - 1))
    y = grad - grad.mean(axis=axes, keepdims=True) if axes else grad
    columns = torch.tensor(grad).reshape(-1, shape[-1])
    agree("Centralize", (columns - columns.mean(0)).reshape(shape) if axes else torch.tensor(grad), y)
    f.add("Centralize", name, {"grad": grad, "w": w}, {"y": y})
    axes = axes or (0,)
    unit = lambda x: np.sqrt((x * x).sum(axis=axes, keepdims=True))
    for clipping in (0.01, 1.0):
        limit = clipping * np.maximum(unit(w), 1e-3)
        y = np.where(unit(grad) > limit, grad * limit / unit(grad), grad)  # the paper's equation 3
        by_units = torch.renorm(torch.tensor(grad / limit).reshape(-1, shape[-1] if len(shape) > 1 else 1).T, 2, 0, 1.0).T.reshape(shape) * torch.tensor(limit)
        agree("AdaptiveClip", by_units, y, 1e-6)
        f.add("AdaptiveClip", "%s/%g" % (name, clipping), {"grad": grad, "w": w}, {"y": y}, {"clipping": clipping, "epsilon": 1e-3})
f.save(gz=True)
