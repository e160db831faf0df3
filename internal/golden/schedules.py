"""Golden values: learning-rate schedules. PyTorch's lr_scheduler where it has the schedule, checked against the formula;
TensorFlow's formulas (tensorflow/python/training/learning_rate_decay.py) written out in NumPy otherwise."""
import math
import warnings

import numpy as np
import torch
from torch.optim import lr_scheduler

from goldenfile import File, agree, sequence

warnings.filterwarnings("ignore")  # stepping a scheduler without its optimizer
f = File("schedules", "learning rates by step")


def torch_rates(make, initial, n):
    """The first n rates of a torch scheduler."""
    opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=initial)
    sched, out = make(opt), []
    for k in range(n):
        out.append(opt.param_groups[0]["lr"])
        if k + 1 < n:
            opt.step()
            sched.step()
    return np.array(out)


def add(op, variant, steps, rates, params, formula=None, note=""):
    if formula is not None:
        agree(op, np.array(rates), np.array([formula(int(k)) for k in steps]), 1e-11, 1e-15)
    f.add(op, variant, {"step": np.array(steps, dtype=np.float64)}, {"rate": np.array(rates)}, params, note=note)


def tf(op, variant, steps, formula, params):
    add(op, variant, steps, [formula(int(k)) for k in steps], params)


STEPS = [0, 1, 2, 5, 9, 10, 11, 19, 20, 21, 25, 30, 39, 40, 100, 1000]
for stairs in (0, 1):
    cut = math.floor if stairs else float
    name = "staircase" if stairs else "smooth"
    p = {"initial": 0.1, "decaySteps": 10, "decayRate": 0.96, "staircase": stairs}
    tf("Exponential", name, STEPS, lambda k: 0.1 * 0.96 ** cut(k / 10), p)
    tf("NaturalExp", name, STEPS, lambda k: 0.1 * math.exp(-0.96 * cut(k / 10)), p)
    tf("InverseTime", name, STEPS, lambda k: 0.1 / (1 + 0.96 * cut(k / 10)), p)
add("Exponential", "torch", range(40), torch_rates(lambda o: lr_scheduler.ExponentialLR(o, 0.9), 0.5, 40),
    {"initial": 0.5, "decaySteps": 1, "decayRate": 0.9, "staircase": 0}, lambda k: 0.5 * 0.9**k)
add("Exponential", "torch/StepLR", range(40), torch_rates(lambda o: lr_scheduler.StepLR(o, 7, 0.3), 0.5, 40),
    {"initial": 0.5, "decaySteps": 7, "decayRate": 0.3, "staircase": 1}, lambda k: 0.5 * 0.3 ** (k // 7))


def polynomial(initial, end, n, power, cycle):
    def at(k):
        if cycle:
            total = n * (1 if k == 0 else math.ceil(k / n))
        else:
            total, k = n, min(k, n)
        return (initial - end) * (1 - k / total) ** power + end
    return at


for variant, (initial, end, n, power, cycle) in {"line": (0.1, 1e-4, 20, 1.0, 0), "root": (0.1, 0.01, 20, 0.5, 0),
                                                 "cycle": (0.1, 0.01, 10, 1.0, 1), "cycle/square": (0.1, 0.0, 10, 2.0, 1)}.items():
    tf("Polynomial", variant, STEPS, polynomial(initial, end, n, power, cycle),
       {"initial": initial, "end": end, "decaySteps": n, "power": power, "cycle": cycle})
add("Polynomial", "torch", range(30), torch_rates(lambda o: lr_scheduler.PolynomialLR(o, 20, 2.0), 0.5, 30) if hasattr(lr_scheduler, "PolynomialLR")
    else [polynomial(0.5, 0, 20, 2.0, 0)(k) for k in range(30)], {"initial": 0.5, "end": 0, "decaySteps": 20, "power": 2, "cycle": 0},
    polynomial(0.5, 0, 20, 2.0, 0))


def cosine(initial, n, alpha):
    return lambda k: initial * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * min(k, n) / n)) + alpha)


tf("Cosine", "alpha0", STEPS, cosine(0.1, 20, 0.0), {"initial": 0.1, "decaySteps": 20, "alpha": 0})
add("Cosine", "torch", range(21), torch_rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 20, 0.1), 0.5, 21),
    {"initial": 0.5, "decaySteps": 20, "alpha": 0.2}, cosine(0.5, 20, 0.2))


def restarts(initial, first, t_mul, m_mul, alpha):
    def at(k):
        start, length, i = 0.0, float(first), 0  # walks the periods: TensorFlow's closed form slips at the borders
        while k - start >= length:
            start, length, i = start + length, length * t_mul, i + 1
        return initial * ((1 - alpha) * m_mul**i * 0.5 * (1 + math.cos(math.pi * (k - start) / length)) + alpha)
    return at


for t_mul in (1, 2, 3):
    add("CosineRestarts", "torch/%d" % t_mul, range(100),
        torch_rates(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 5, t_mul, 0.05), 0.5, 100),
        {"initial": 0.5, "firstDecaySteps": 5, "tMul": t_mul, "mMul": 1, "alpha": 0.1}, restarts(0.5, 5, t_mul, 1, 0.1))
tf("CosineRestarts", "defaults", range(80), restarts(0.1, 10, 2.0, 1.0, 0.0), {"initial": 0.1, "firstDecaySteps": 10, "tMul": 2, "mMul": 1, "alpha": 0})
tf("CosineRestarts", "falling", range(80), restarts(0.1, 8, 1.5, 0.7, 0.01), {"initial": 0.1, "firstDecaySteps": 8, "tMul": 1.5, "mMul": 0.7, "alpha": 0.01})


def linear_cosine(initial, n, periods, alpha, beta):
    def at(k):
        k = min(k, n)
        return initial * ((alpha + (n - k) / n) * 0.5 * (1 + math.cos(math.pi * 2 * periods * k / n)) + beta)
    return at


for variant, (periods, alpha, beta) in {"defaults": (0.5, 0.0, 0.001), "waves": (3.0, 0.2, 0.05)}.items():
    tf("LinearCosine", variant, STEPS, linear_cosine(0.1, 30, periods, alpha, beta),
       {"initial": 0.1, "decaySteps": 30, "numPeriods": periods, "alpha": alpha, "beta": beta})


def piecewise(boundaries, values):
    return lambda k: values[sum(k > b for b in boundaries)]


tf("PiecewiseConstant", "", STEPS, piecewise([10, 20, 30], [0.1, 0.05, 0.01, 0.001]), {})


def one_cycle(top, n, rise, div, final, linear, three):
    def at(k):
        k, low = min(k, n - 1), top / div
        points = [(0, low), (rise * n - 1, top)] + ([(2 * rise * n - 2, low)] if three else []) + [(n - 1, low / final)]
        for (a, x), (b, y) in zip(points, points[1:]):
            if k <= b:
                part = (k - a) / (b - a)
                return x + (y - x) * part if linear else y + (x - y) / 2 * (1 + math.cos(math.pi * part))
    return at


for variant, (top, n, rise, div, final, linear, three) in {
        "defaults": (0.5, 40, 0.3, 25.0, 1e4, 0, 0), "linear": (0.5, 41, 0.25, 10.0, 100.0, 1, 0),
        "three": (1.0, 40, 0.4, 20.0, 1e3, 0, 1), "three/linear": (1.0, 50, 0.5, 5.0, 50.0, 1, 1),
        "short": (1.0, 2, 0.4, 20.0, 1e3, 0, 0)}.items():
    rates = torch_rates(lambda o: lr_scheduler.OneCycleLR(
        o, top, total_steps=n, pct_start=rise, anneal_strategy="linear" if linear else "cos", div_factor=div,
        final_div_factor=final, three_phase=bool(three), cycle_momentum=False), 0.1, n)
    formula = None if variant == "short" else one_cycle(top, n, rise, div, final, linear, three)
    add("OneCycle", variant, range(n), rates, {"maxRate": top, "totalSteps": n, "riseFraction": rise, "divFactor": div,
                                               "finalDivFactor": final, "linear": linear, "threePhases": three}, formula)

add("Warmup", "constant", range(30), torch_rates(lambda o: lr_scheduler.LinearLR(o, 0.25, 1.0, 8), 0.5, 30),
    {"steps": 8, "start": 0.25, "rate": 0.5}, lambda k: 0.5 * (0.25 + 0.75 * min(k, 8) / 8))
tf("WarmupCosineRestarts", "", range(60), lambda k: 0.5 * k / 10 if k < 10 else restarts(0.5, 7, 2.0, 1.0, 0.0)(k - 10),
   {"steps": 10, "start": 0, "initial": 0.5, "firstDecaySteps": 7})
add("Join", "torch", range(30), torch_rates(lambda o: lr_scheduler.SequentialLR(
    o, [lr_scheduler.LinearLR(o, 0.1, 1.0, 6), lr_scheduler.ExponentialLR(o, 0.8)], milestones=[6]), 0.5, 30),
    {"steps": 6, "start": 0.1, "initial": 0.5, "decayRate": 0.8},
    lambda k: 0.5 * (0.1 + 0.9 * k / 6) if k < 6 else 0.5 * 0.8 ** (k - 6))

# Reduction on a plateau: the rate after each observation.
losses = 2 * 0.97 ** np.arange(60) + 0.3 * sequence(901, 60)
losses = np.float64(np.float32(losses))
flat = np.concatenate([np.linspace(1, 0.5, 6), np.full(54, 0.5)])
flat = np.float64(np.float32(flat))
gone = np.where(np.arange(60) % 7 == 3, np.nan, losses)
for variant, values, mode, kw in (
        ("defaults", flat, "min", {}), ("noisy", losses, "min", dict(factor=0.5, patience=2)),
        ("absolute", losses, "min", dict(factor=0.5, patience=2, threshold=0.1, threshold_mode="abs")),
        ("cooldown", losses, "min", dict(factor=0.5, patience=1, cooldown=4)), ("floor", flat, "min", dict(factor=0.3, patience=0, min_lr=0.01)),
        ("small", flat, "min", dict(factor=0.5, patience=0, eps=0.01)),
        ("max", -losses + 4, "max", dict(factor=0.5, patience=2)),
        ("max/absolute", -losses, "max", dict(factor=0.5, patience=2, threshold=0.05, threshold_mode="abs")),
        ("NAN", gone, "min", dict(factor=0.5, patience=2))):
    values = np.float64(np.float32(values))
    opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    sched, rates = lr_scheduler.ReduceLROnPlateau(opt, mode=mode, **kw), []
    for v in values:
        sched.step(v)
        rates.append(opt.param_groups[0]["lr"])
    f.add("Plateau", variant, {"value": values}, {"rate": np.array(rates)}, {
        "initial": 0.5, "factor": kw.get("factor", 0.1), "patience": kw.get("patience", 10), "threshold": kw.get("threshold", 1e-4),
        "absolute": int(kw.get("threshold_mode") == "abs"), "cooldown": kw.get("cooldown", 0), "minRate": kw.get("min_lr", 0),
        "minChange": kw.get("eps", 1e-8), "maximize": int(mode == "max")})
f.save(gz=True)
