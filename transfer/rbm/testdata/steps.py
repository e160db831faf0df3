"""Writes steps.json: what two training steps make of small restricted Boltzmann machines, by the formulas of Hinton's "A practical guide to training
restricted Boltzmann machines" (2010), written down plainly in NumPy and float64. Data, weights and random numbers follow from formulas that the test has too.

    python3 steps.py > steps.json
"""

import json
import sys

import numpy as np

BATCH, VISIBLE, HIDDEN, STEPS = 5, 6, 4, 2


def waves(a, f, *shape):
    """a*sin(f*k) for k = 1, 2, ..."""
    return a * np.sin(f * np.arange(1, np.prod(shape) + 1)).reshape(shape)


def fractions(f, start, *shape):
    """The fractional parts of f*k + start for k = 1, 2, ..."""
    return np.mod(f * np.arange(1, np.prod(shape) + 1) + start, 1).reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Draws:
    """The random numbers, in the order in which they are asked for."""

    def __init__(self):
        self.number = 0

    def bernoulli(self, p):
        self.number += 1
        u = fractions(0.6180339887, 0.37 * self.number, *p.shape)
        assert np.abs(u - p).min() > 1e-4, "a decision that float32 may take otherwise"
        return (u < p).astype(float)

    def normal(self, mean):
        self.number += 1
        return mean + waves(1.3, 1.7 + self.number, *mean.shape)


def train(visible="bernoulli", steps=1, particles=0, sample_visible=False, rate=0.1, momentum=0.0, decay=0.0, target=0.0, cost=0.0, average=0.9):
    w, c, b = waves(0.8, 1.0, VISIBLE, HIDDEN), waves(0.3, 2.0, HIDDEN), waves(0.4, 3.0, VISIBLE)
    x = fractions(0.7548776662, 0.0, BATCH, VISIBLE) if visible == "bernoulli" else waves(1.2, 2.3, BATCH, VISIBLE)
    chain = fractions(0.3, 0.0, max(1, particles), VISIBLE).round()
    q = np.full(HIDDEN, target)
    velocity = [np.zeros_like(w), np.zeros_like(c), np.zeros_like(b)]
    draws, errors = Draws(), []

    def hidden(v):
        return sigmoid(v @ w + c)

    def mean_visible(h):
        v = h @ w.T + b
        return sigmoid(v) if visible == "bernoulli" else v

    for _ in range(STEPS):
        h0 = hidden(x)
        v = chain if particles else x
        error = np.mean((x - mean_visible(h0)) ** 2)
        for i in range(steps):
            mean = mean_visible(draws.bernoulli(hidden(v)))
            if i == 0 and not particles:
                error = np.mean((x - mean) ** 2)
            v = mean
            if sample_visible or particles:
                v = draws.bernoulli(mean) if visible == "bernoulli" else draws.normal(mean)
        h = hidden(v)
        data = h0
        if target:
            q = average * q + (1 - average) * h0.mean(0)
            data = h0 + cost * (target - q)
        gradients = [x.T @ data / BATCH - v.T @ h / len(v) - decay * w, data.mean(0) - h.mean(0), x.mean(0) - v.mean(0)]
        velocity = [momentum * a + g for a, g in zip(velocity, gradients)]
        w, c, b = (p + rate * a for p, a in zip((w, c, b), velocity))
        if particles:
            chain = v
        errors.append(error)
    out = {"kernel": w, "bias": c, "visible_bias": b}
    if particles:
        out["particles"] = chain
    if target:
        out["mean_activity"] = q
    return {name: value.ravel().tolist() for name, value in out.items()} | {"errors": errors}


json.dump({
    "CD-1": train(),
    "CD-1, momentum, decay": train(momentum=0.5, decay=0.02),
    "CD-1, sparsity": train(target=0.1, cost=0.3, average=0.8, momentum=0.9),
    "CD-3": train(steps=3),
    "CD-2, visible units drawn": train(steps=2, sample_visible=True),
    "PCD-1": train(particles=7),
    "PCD-2, momentum": train(particles=3, steps=2, momentum=0.5),
    "Gaussian CD-1": train("gaussian", rate=0.01, momentum=0.5, decay=0.01),
    "Gaussian CD-2, visible units drawn": train("gaussian", steps=2, sample_visible=True, rate=0.01),
    "Gaussian PCD-1": train("gaussian", particles=4, rate=0.01),
}, sys.stdout, indent=0)
print()
