"""A step of contrastive divergence, CD-1, as Hinton's rbm.m has it, in PyTorch and in NumPy. torch_peer.py is read after this file."""

import numpy
import torch

RATE, MOMENTUM, DECAY = 0.1, 0.5, 0.0002
BATCHES = 60  # used in turn: more than caches hold


def cd1_torch(visible, hidden, batch):
    """In place where PyTorch can; states drawn by bernoulli, or by comparing uniform numbers; with and without a place for every result."""
    for states in (torch.bernoulli, lambda p: (torch.rand_like(p) < p).float()):
        yield torch_step(int(visible), int(hidden), int(batch), states)
    yield torch_step_in_place(int(visible), int(hidden), int(batch))


def torch_variables(visible, hidden, batch):
    images = [(5 * torch.rand(batch, visible) - 4).clamp_(min=0) for _ in range(BATCHES)]
    return images, 0.01 * torch.randn(visible, hidden), torch.zeros(hidden), torch.zeros(visible)


def torch_step(visible, hidden, batch, states):
    images, w, c, b = torch_variables(visible, hidden, batch)
    dw, dc, db = torch.zeros_like(w), torch.zeros_like(c), torch.zeros_like(b)
    turn = 0

    def call():
        nonlocal turn
        v0 = images[turn % BATCHES]
        turn += 1
        with torch.inference_mode():
            h0 = torch.addmm(c, v0, w).sigmoid_()
            v1 = torch.addmm(b, states(h0), w.t()).sigmoid_()
            h1 = torch.addmm(c, v1, w).sigmoid_()
            dw.mul_(MOMENTUM).add_(w, alpha=-RATE * DECAY).addmm_(v0.t(), h0, alpha=RATE / batch).addmm_(v1.t(), h1, alpha=-RATE / batch)
            dc.mul_(MOMENTUM).add_(h0.mean(0) - h1.mean(0), alpha=RATE)
            db.mul_(MOMENTUM).add_(v0.mean(0) - v1.mean(0), alpha=RATE)
            w.add_(dw), c.add_(dc), b.add_(db)

    return call


def torch_step_in_place(visible, hidden, batch):
    images, w, c, b = torch_variables(visible, hidden, batch)
    dw, dc, db = torch.zeros_like(w), torch.zeros_like(c), torch.zeros_like(b)
    h0, h1, s, v1 = torch.empty(batch, hidden), torch.empty(batch, hidden), torch.empty(batch, hidden), torch.empty(batch, visible)
    wt = w.t()
    turn = 0

    def call():
        nonlocal turn
        v0 = images[turn % BATCHES]
        turn += 1
        with torch.inference_mode():
            torch.addmm(c, v0, w, out=h0).sigmoid_()
            torch.bernoulli(h0, out=s)
            torch.addmm(b, s, wt, out=v1).sigmoid_()
            torch.addmm(c, v1, w, out=h1).sigmoid_()
            dw.mul_(MOMENTUM).add_(w, alpha=-RATE * DECAY).addmm_(v0.t(), h0, alpha=RATE / batch).addmm_(v1.t(), h1, alpha=-RATE / batch)
            dc.mul_(MOMENTUM).add_(h0.mean(0) - h1.mean(0), alpha=RATE)
            db.mul_(MOMENTUM).add_(v0.mean(0) - v1.mean(0), alpha=RATE)
            w.add_(dw), c.add_(dc), b.add_(db)

    return call


def cd1_numpy(visible, hidden, batch):
    """As one writes it down, and with a place for every result; both with NumPy's fastest generator."""
    yield numpy_step(int(visible), int(hidden), int(batch))
    yield numpy_step_in_place(int(visible), int(hidden), int(batch))


def numpy_variables(visible, hidden, batch):
    random = numpy.random.Generator(numpy.random.SFC64(1))
    images = [numpy.maximum(5 * random.random((batch, visible), numpy.float32) - 4, 0) for _ in range(BATCHES)]
    w = 0.01 * random.standard_normal((visible, hidden), numpy.float32)
    return random, images, w, numpy.zeros(hidden, numpy.float32), numpy.zeros(visible, numpy.float32)


def numpy_step(visible, hidden, batch):
    random, images, w, c, b = numpy_variables(visible, hidden, batch)
    dw, dc, db = numpy.zeros_like(w), numpy.zeros_like(c), numpy.zeros_like(b)
    turn = 0

    def sigmoid(x):
        return 1 / (1 + numpy.exp(-x))

    def call():
        nonlocal turn, dw, dc, db, w, c, b
        v0 = images[turn % BATCHES]
        turn += 1
        h0 = sigmoid(v0 @ w + c)
        s = (random.random(h0.shape, numpy.float32) < h0).astype(numpy.float32)
        v1 = sigmoid(s @ w.T + b)
        h1 = sigmoid(v1 @ w + c)
        dw = MOMENTUM * dw + RATE * ((v0.T @ h0 - v1.T @ h1) / batch - DECAY * w)
        dc = MOMENTUM * dc + RATE * (h0.mean(0) - h1.mean(0))
        db = MOMENTUM * db + RATE * (v0.mean(0) - v1.mean(0))
        w, c, b = w + dw, c + dc, b + db

    return call


def numpy_step_in_place(visible, hidden, batch):
    random, images, w, c, b = numpy_variables(visible, hidden, batch)
    dw, dc, db = numpy.zeros_like(w), numpy.zeros_like(c), numpy.zeros_like(b)
    h0, h1, s = (numpy.empty((batch, hidden), numpy.float32) for _ in range(3))
    v1 = numpy.empty((batch, visible), numpy.float32)
    positive, negative = numpy.empty_like(w), numpy.empty_like(w)
    turn = 0

    def sigmoid(x, bias):
        x += bias
        numpy.negative(x, out=x)
        numpy.exp(x, out=x)
        x += 1
        numpy.reciprocal(x, out=x)

    def call():
        nonlocal turn, w, c, b, dw, dc, db
        v0 = images[turn % BATCHES]
        turn += 1
        sigmoid(numpy.dot(v0, w, out=h0), c)
        random.random(dtype=numpy.float32, out=s)
        numpy.less(s, h0, out=s)
        sigmoid(numpy.dot(s, w.T, out=v1), b)
        sigmoid(numpy.dot(v1, w, out=h1), c)
        numpy.dot(v0.T, h0, out=positive)
        numpy.dot(v1.T, h1, out=negative)
        numpy.subtract(positive, negative, out=positive)
        numpy.multiply(positive, RATE / batch, out=positive)
        numpy.multiply(w, RATE * DECAY, out=negative)
        dw *= MOMENTUM
        dw += positive
        dw -= negative
        dc *= MOMENTUM
        dc += RATE * (h0.mean(0) - h1.mean(0))
        db *= MOMENTUM
        db += RATE * (v0.mean(0) - v1.mean(0))
        w += dw
        c += dc
        b += db

    return call
