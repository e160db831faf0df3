"""optimizers.json, optimizers2.json: parameters after each of 20 steps, by TensorFlow 1's update rules, written out in float64 and compared with
torch.optim wherever the two agree (or can be made to agree: starting accumulators, epsilon)."""
import math

import numpy as np
import torch
from goldenfile import File, agree, grid

STEPS = 20
W0 = grid(230, (6,), 2.0)
GRADS = grid(231, (STEPS, 6), 4.0)
GRADS[:, 4] /= 64  # small gradients: where epsilon shows
GRADS[3:9, 5] = 0  # and none for a while
RX, RY = grid(232, (8, 3), 4.0), grid(233, (8, 2), 4.0)
RW, RB = grid(234, (3, 2), 2.0), grid(235, (2,), 1.0)


class Rule:
    """One variable's update; slots() names what TensorFlow keeps beside it."""
    def __init__(self, w, **p):
        self.w, self.t = w.copy(), 0
        self.__dict__.update(p)
        self.start()

    def start(self):
        pass

    def slots(self):
        return {}

    def check(self, before, g):
        """What the step must fulfil by the paper's definition, where there is one beside the rule."""


class GradientDescent(Rule):
    def step(self, g):
        self.w -= self.learningRate * g


class Momentum(Rule):
    def start(self):
        self.a = np.zeros_like(self.w)

    def step(self, g):
        self.a = self.momentum * self.a + g
        if self.nesterov:
            self.w -= self.learningRate * g + self.learningRate * self.momentum * self.a
        else:
            self.w -= self.learningRate * self.a

    def slots(self):
        return {"Momentum": self.a}


class Adam(Rule):
    def start(self):
        self.m, self.v = np.zeros_like(self.w), np.zeros_like(self.w)

    def alpha(self):
        return self.learningRate * math.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)

    def step(self, g):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g * g
        self.w -= self.alpha() * self.m / (np.sqrt(self.v) + self.epsilon)

    def slots(self):
        return {"Adam": self.m, "Adam_1": self.v}


class Nadam(Adam):  # tf.contrib.opt.NadamOptimizer: Nesterov's m, without the momentum schedule of the paper
    def step(self, g):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g * g
        self.w -= self.alpha() * (self.beta1 * self.m + (1 - self.beta1) * g) / (np.sqrt(self.v) + self.epsilon)


class AdamWDecoupled(Adam):  # w -= lr * decay * w, then Adam (epsilon hat)
    def step(self, g):
        self.w -= self.learningRate * self.weightDecay * self.w
        Adam.step(self, g)


class AdamWContrib(Adam):  # tf.contrib.opt.AdamWOptimizer: decay is not multiplied by the learning rate
    def step(self, g):
        self.w -= self.weightDecay * self.w
        Adam.step(self, g)


class AdaMax(Adam):
    def step(self, g):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = np.maximum(self.beta2 * self.v, np.abs(g))
        self.w -= self.learningRate / (1 - self.beta1**self.t) * self.m / (self.v + self.epsilon)

    def slots(self):
        return {"AdaMax": self.m, "AdaMax_1": self.v}


class AMSGrad(Adam):  # epsilon hat
    def start(self):
        Adam.start(self)
        self.vhat = np.zeros_like(self.w)

    def step(self, g):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g * g
        self.vhat = np.maximum(self.vhat, self.v)
        self.w -= self.alpha() * self.m / (np.sqrt(self.vhat) + self.epsilon)

    def slots(self):
        return {"AMSGrad": self.m, "AMSGrad_1": self.v, "AMSGrad_2": self.vhat}


class Adagrad(Rule):
    def start(self):
        self.a = np.full_like(self.w, self.initialAccumulator)

    def step(self, g):
        self.a = self.a + g * g
        self.w -= self.learningRate * g / np.sqrt(self.a)

    def slots(self):
        return {"Adagrad": self.a}


class Adadelta(Rule):
    def start(self):
        self.a, self.d = np.zeros_like(self.w), np.zeros_like(self.w)

    def step(self, g):
        self.a = self.rho * self.a + (1 - self.rho) * g * g
        u = np.sqrt(self.d + self.epsilon) / np.sqrt(self.a + self.epsilon) * g
        self.d = self.rho * self.d + (1 - self.rho) * u * u
        self.w -= self.learningRate * u

    def slots(self):
        return {"Adadelta": self.a, "Adadelta_1": self.d}


class RMSProp(Rule):  # mean square starts at one, epsilon inside the root
    def start(self):
        self.ms, self.mom, self.mg = np.ones_like(self.w), np.zeros_like(self.w), np.zeros_like(self.w)

    def step(self, g):
        self.ms = self.decay * self.ms + (1 - self.decay) * g * g
        denom = self.ms + self.epsilon
        if self.centered:
            self.mg = self.decay * self.mg + (1 - self.decay) * g
            denom = denom - self.mg**2
        self.mom = self.momentum * self.mom + self.learningRate * g / np.sqrt(denom)
        self.w -= self.mom

    def slots(self):
        if self.centered:
            return {"RMSProp": self.ms, "RMSProp_1": self.mg, "RMSProp_2": self.mom}
        return {"RMSProp": self.ms, "RMSProp_1": self.mom}


class Ftrl(Rule):
    def start(self):
        self.a, self.l = np.full_like(self.w, self.initialAccumulator), np.zeros_like(self.w)

    def step(self, g):
        new = self.a + g * g
        p = -self.learningRatePower
        self.l = self.l + g - (new**p - self.a**p) / self.learningRate * self.w
        x = self.l1 * np.sign(self.l) - self.l
        y = new**p / self.learningRate + 2 * self.l2
        self.w = np.where(np.abs(self.l) > self.l1, x / y, 0.0)
        self.a = new

    def slots(self):
        return {"Ftrl": self.a, "Ftrl_1": self.l}

    def check(self, before, g):  # w minimises the paper's sum: z*w + n^p/lr/2 * w^2 + l1*|w| + l2*w^2
        least(self.w, self.l, self.a**-self.learningRatePower / self.learningRate + 2 * self.l2, self.l1)


class FtrlShrinkage(Ftrl):
    def step(self, g):
        w = self.w
        self.l = self.l + 2 * self.l2Shrinkage * w
        Ftrl.step(self, g)


class ProximalGradientDescent(Rule):
    def step(self, g):
        z = self.w - self.learningRate * g
        self.w = np.sign(z) * np.maximum(np.abs(z) - self.learningRate * self.l1, 0) / (1 + self.learningRate * self.l2)

    def check(self, before, g):  # w minimises g*w + l1*|w| + l2/2*w^2 + (w-before)^2/(2*lr)
        least(self.w, g - before / self.learningRate, 1 / self.learningRate + self.l2, self.l1)


class ProximalAdagrad(Adagrad):
    def step(self, g):
        self.a = self.a + g * g
        r = self.learningRate / np.sqrt(self.a)
        z = self.w - r * g
        self.w = np.sign(z) * np.maximum(np.abs(z) - r * self.l1, 0) / (1 + r * self.l2)

    def slots(self):
        return {"ProximalAdagrad": self.a}

    def check(self, before, g):
        r = self.learningRate / np.sqrt(self.a)
        least(self.w, g - before / r, 1 / r + self.l2, self.l1)


class AdagradDA(Rule):
    def start(self):
        self.b, self.a = np.zeros_like(self.w), np.full_like(self.w, self.initialAccumulator)

    def step(self, g):
        self.t += 1
        self.b, self.a = self.b + g, self.a + g * g
        shrunk = np.sign(self.b) * np.maximum(np.abs(self.b) - self.l1 * self.t, 0)
        self.w = -self.learningRate * shrunk / (self.l2 * self.t * self.learningRate + np.sqrt(self.a))

    def slots(self):
        return {"AdagradDA": self.b, "AdagradDA_1": self.a}

    def check(self, before, g):  # w minimises b*w + t*(l1*|w| + l2/2*w^2) + sqrt(a)/lr/2*w^2
        least(self.w, self.b, np.sqrt(self.a) / self.learningRate + self.t * self.l2, self.t * self.l1)


class AddSign(Rule):  # decaySteps: the agreement decays linearly to 0, by TensorFlow's get_linear_decay_fn; 0: not at all
    def start(self):
        self.m = np.zeros_like(self.w)

    def agreement(self, g):
        self.m = self.beta * self.m + (1 - self.beta) * g
        decay = max(0, 1 - self.t / self.decaySteps) if self.decaySteps else 1
        self.t += 1
        return decay * np.sign(g) * np.sign(self.m)

    def step(self, g):
        self.w -= self.learningRate * (self.alpha + self.agreement(g)) * g

    def slots(self):
        return {"AddSignOptimizer": self.m}


class PowerSign(AddSign):
    def step(self, g):
        self.w -= self.learningRate * self.base ** self.agreement(g) * g

    def slots(self):
        return {"PowerSignOptimizer": self.m}


def least(w, slope, curvature, l1):
    """w must minimise slope*w + curvature/2*w^2 + l1*|w|: 0 is a subgradient."""
    rest = slope + curvature * w
    zero = np.where(w == 0, np.maximum(np.abs(rest) - l1, 0), rest + l1 * np.sign(w))
    np.testing.assert_allclose(zero / (np.abs(slope) + curvature + l1), 0, atol=1e-14)


def torch_steps(make, grads, prepare=None):
    """Parameters after each step of a torch optimizer on the stream."""
    w = torch.tensor(W0, dtype=torch.float64, requires_grad=True)
    opt, out = make([w]), []
    for t, g in enumerate(grads, 1):
        w.grad = torch.tensor(g)
        if prepare:
            prepare(opt, w, t)
        opt.step()
        out.append(w.detach().numpy().copy())
    return np.array(out)


def adam_epsilon(eps, beta2):
    """torch's epsilon that makes its rule TensorFlow's: alpha*m/(sqrt(v)+eps) with corrections folded into alpha."""
    def prepare(opt, w, t):
        opt.param_groups[0]["eps"] = eps / math.sqrt(1 - beta2**t)
    return prepare


def rms_start(opt, w, t):
    if t == 1:
        opt.state[w] = {"step": 0, "square_avg": torch.ones_like(w), "momentum_buffer": torch.zeros_like(w), "grad_avg": torch.zeros_like(w)}


O = torch.optim
ADAM = {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
CASES = [
    ("GradientDescent", "", GradientDescent, {"learningRate": 0.1}, lambda p: O.SGD(p, 0.1), None),
    ("Momentum", "", Momentum, {"learningRate": 0.05, "momentum": 0.9, "nesterov": 0}, lambda p: O.SGD(p, 0.05, momentum=0.9), None),
    ("Momentum", "nesterov", Momentum, {"learningRate": 0.05, "momentum": 0.9, "nesterov": 1}, lambda p: O.SGD(p, 0.05, momentum=0.9, nesterov=True), None),
    ("Adam", "", Adam, ADAM, lambda p: O.Adam(p, 0.05), adam_epsilon(1e-8, 0.999)),
    ("Adam", "epsilon=0.1", Adam, dict(ADAM, epsilon=0.1), lambda p: O.Adam(p, 0.05), adam_epsilon(0.1, 0.999)),
    ("Adam", "betas", Adam, dict(ADAM, beta1=0.5, beta2=0.9), lambda p: O.Adam(p, 0.05, betas=(0.5, 0.9)), adam_epsilon(1e-8, 0.9)),
    ("Adam", "beta1=0", Adam, dict(ADAM, beta1=0), lambda p: O.Adam(p, 0.05, betas=(0.0, 0.999)), adam_epsilon(1e-8, 0.999)),
    ("AdamW", "decoupled", AdamWDecoupled, dict(ADAM, weightDecay=0.1), lambda p: O.AdamW(p, 0.05, weight_decay=0.1), adam_epsilon(1e-8, 0.999)),
    ("AdamW", "contrib", AdamWContrib, dict(ADAM, weightDecay=0.01), lambda p: O.AdamW(p, 0.05, weight_decay=0.01 / 0.05), adam_epsilon(1e-8, 0.999)),
    ("Nadam", "", Nadam, ADAM, None, None),
    ("AdaMax", "", AdaMax, dict(ADAM, epsilon=1e-8), lambda p: O.Adamax(p, 0.05, eps=1e-30), "loose"),
    ("Adagrad", "", Adagrad, {"learningRate": 0.1, "initialAccumulator": 0.1}, lambda p: O.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=0), None),
    ("Adadelta", "", Adadelta, {"learningRate": 1.0, "rho": 0.95, "epsilon": 1e-6}, lambda p: O.Adadelta(p, 1.0, rho=0.95, eps=1e-6), None),
    ("RMSProp", "", RMSProp, {"learningRate": 0.05, "decay": 0.9, "momentum": 0, "epsilon": 1e-10, "centered": 0},
     lambda p: O.RMSprop(p, 0.05, alpha=0.9, eps=0), rms_start),
    ("RMSProp", "momentum", RMSProp, {"learningRate": 0.02, "decay": 0.9, "momentum": 0.5, "epsilon": 1e-10, "centered": 0},
     lambda p: O.RMSprop(p, 0.02, alpha=0.9, eps=0, momentum=0.5), rms_start),
    ("RMSProp", "centered", RMSProp, {"learningRate": 0.02, "decay": 0.9, "momentum": 0.5, "epsilon": 1e-10, "centered": 1},
     lambda p: O.RMSprop(p, 0.02, alpha=0.9, eps=0, momentum=0.5, centered=True), rms_start),
    ("RMSProp", "epsilon=0.1", RMSProp, {"learningRate": 0.05, "decay": 0.9, "momentum": 0, "epsilon": 0.1, "centered": 0}, None, None),
    ("Ftrl", "", Ftrl, {"learningRate": 0.1, "learningRatePower": -0.5, "initialAccumulator": 0.1, "l1": 0, "l2": 0}, None, None),
    ("Ftrl", "l1l2", Ftrl, {"learningRate": 0.5, "learningRatePower": -0.5, "initialAccumulator": 0.1, "l1": 0.5, "l2": 0.25}, None, None),
]
MORE = [  # of optimizers2.json
    ("AMSGrad", "", AMSGrad, ADAM, lambda p: O.Adam(p, 0.05, amsgrad=True), adam_epsilon(1e-8, 0.999)),
    ("ProximalGradientDescent", "", ProximalGradientDescent, {"learningRate": 0.1, "l1": 0, "l2": 0}, lambda p: O.SGD(p, 0.1), None),
    ("ProximalGradientDescent", "l1l2", ProximalGradientDescent, {"learningRate": 0.1, "l1": 0.5, "l2": 0.25}, None, None),
    ("ProximalAdagrad", "", ProximalAdagrad, {"learningRate": 0.1, "initialAccumulator": 0.1, "l1": 0, "l2": 0},
     lambda p: O.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=0), None),
    ("ProximalAdagrad", "l1l2", ProximalAdagrad, {"learningRate": 0.25, "initialAccumulator": 0.5, "l1": 0.5, "l2": 0.25}, None, None),
    ("AdagradDA", "", AdagradDA, {"learningRate": 0.1, "initialAccumulator": 0.1, "l1": 0, "l2": 0}, None, None),
    ("AdagradDA", "l1l2", AdagradDA, {"learningRate": 0.5, "initialAccumulator": 0.5, "l1": 0.125, "l2": 0.0625}, None, None),
    ("AddSign", "", AddSign, {"learningRate": 0.1, "alpha": 1, "beta": 0.9, "decaySteps": 0}, None, None),
    ("PowerSign", "", PowerSign, {"learningRate": 0.1, "base": math.e, "beta": 0.9, "decaySteps": 0}, None, None),
]
STREAMS = [  # of optimizers2.json, without a regression
    ("AdaMax", "betas", AdaMax, dict(ADAM, beta1=0.5, beta2=0.8, epsilon=0.1), None, None),
    ("Nadam", "betas", Nadam, dict(ADAM, beta1=0.5, beta2=0.9, epsilon=0.1), None, None),
    ("AMSGrad", "betas", AMSGrad, dict(ADAM, beta1=0.5, beta2=0.8), lambda p: O.Adam(p, 0.05, betas=(0.5, 0.8), amsgrad=True), adam_epsilon(1e-8, 0.8)),
    ("Adagrad", "start=2", Adagrad, {"learningRate": 0.5, "initialAccumulator": 2}, lambda p: O.Adagrad(p, 0.5, initial_accumulator_value=2, eps=0), None),
    ("Adadelta", "rho=0", Adadelta, {"learningRate": 0.5, "rho": 0, "epsilon": 1e-2}, lambda p: O.Adadelta(p, 0.5, rho=0, eps=1e-2), None),
    ("RMSProp", "decay=0", RMSProp, {"learningRate": 0.02, "decay": 0, "momentum": 0.5, "epsilon": 0.5, "centered": 0}, None, None),
    ("RMSProp", "centered epsilon=0.1", RMSProp, {"learningRate": 0.02, "decay": 0.5, "momentum": 0, "epsilon": 0.1, "centered": 1}, None, None),
    ("Ftrl", "power=0", Ftrl, {"learningRate": 0.1, "learningRatePower": 0, "initialAccumulator": 0.1, "l1": 0.125, "l2": 0}, None, None),
    ("Ftrl", "power=-0.75", Ftrl, {"learningRate": 0.3, "learningRatePower": -0.75, "initialAccumulator": 0, "l1": 0.25, "l2": 0.5}, None, None),
    ("Ftrl", "shrinkage", FtrlShrinkage, {"learningRate": 0.5, "learningRatePower": -0.5, "initialAccumulator": 0.1, "l1": 0.25, "l2": 0.125,
                                          "l2Shrinkage": 0.125}, None, None),
    ("AddSign", "decay", AddSign, {"learningRate": 0.1, "alpha": 0.5, "beta": 0.5, "decaySteps": 12}, None, None),
    ("PowerSign", "decay", PowerSign, {"learningRate": 0.1, "base": 2, "beta": 0.5, "decaySteps": 12}, None, None),
]
join = lambda *p: "/".join(q for q in p if q)

def add(f, cases, regression=True):
    for op, variant, rule, params, make, prepare in cases:
        note = "" if make else "TensorFlow's formula by hand; PyTorch has no such rule"
        if op == "Ftrl":
            note += ". w0 counts from the first step (TensorFlow starts linear at 0, so w0 is not kept by FTRL itself)"
        r, ws, slots = rule(W0, **params), [], {}
        for g in GRADS:
            before = r.w.copy()
            r.step(g)
            r.check(before, g)
            ws.append(r.w.copy())
            for k, v in r.slots().items():
                slots.setdefault(k, []).append(v.copy())
        if make:
            loose = prepare == "loose"
            agree(join(op, variant), torch_steps(make, GRADS, None if loose else prepare), np.array(ws), 1e-6 if loose or op == "RMSProp" else 1e-10, 1e-12)
        f.add(op, join(variant, "stream"), {"w0": W0, "grads": GRADS},
              dict({"w": np.array(ws)}, **{k: np.array(v) for k, v in slots.items()}), params, note=note)

        if not regression:
            continue
        rw, rb, loss, ws, bs = rule(RW, **params), rule(RB, **params), [], [], []
        for _ in range(STEPS):
            w, b = (torch.tensor(a, requires_grad=True) for a in (rw.w, rb.w))
            l = torch.nn.functional.mse_loss(torch.tensor(RX) @ w + b, torch.tensor(RY))
            gw, gb = torch.autograd.grad(l, (w, b))
            loss.append(l.item())
            rw.step(gw.numpy())
            rb.step(gb.numpy())
            ws.append(rw.w.copy())
            bs.append(rb.w.copy())
        f.add(op, join(variant, "regression"), {"w0": RW, "b0": RB, "x": RX, "y": RY},
              {"loss": np.array(loss), "w": np.array(ws), "b": np.array(bs)}, params, note=note)


about = ("NAME/stream: inputs w0 [6], grads [20, 6] (fed whatever w is); outputs w [20, 6] after each step, and slots [20, 6]. "
         "NAME/regression: inputs w0 [3, 2], b0 [2], x [8, 3], y [8, 2]; loss = mean over all elements of (x@w + b - y)^2; "
         "outputs loss [20] before each step, w [20, 3, 2], b [20, 2] after it.")
f = File("optimizers", about)
add(f, CASES)
f.save(gz=True)
f = File("optimizers2", about)
add(f, MORE)
add(f, STREAMS, regression=False)
f.save(gz=True)
