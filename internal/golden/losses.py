"""losses.json: labels come before logits; losses are per example (or per element) unless the variant says mean."""
import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, labels, var

f = File("losses", "inputs labels, logits (or predictions), dloss; outputs loss, dlogits (or dpredictions), dlabels where differentiable.")
T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))


def grads(loss, dloss, *xs):
    return torch.autograd.grad(loss, xs, T(dloss))


# Sparse softmax cross-entropy: labels int [batch], logits [batch, classes] -> [batch].
BIG = np.array([[1000, -1000, 0], [1000, -1000, 0], [-1000, 1000, 1000], [1000, 999, 998], [0, 0, 0], [-1000, -1001, -1002.0]])
BIGL = np.array([0, 1, 2, 1, 2, 0])
for variant, logits, lab in [
    ("", grid(20, (6, 10), 10.0), labels(21, 6, 10)),
    ("EXTREME", BIG, BIGL),
    ("oneClass", grid(22, (3, 1), 4.0), np.zeros(3, dtype=int)),
    ("wide", grid(23, (3, 67), 16.0), labels(24, 3, 67)),
]:
    dl = np.abs(grid(25, (len(lab),), 4.0))
    x = var(logits)
    loss = F.cross_entropy(x, torch.tensor(lab, dtype=torch.int64), reduction="none")
    dx, = grads(loss, dl, x)
    x32 = torch.tensor(logits, dtype=torch.float32)
    agree("sparse32", F.cross_entropy(x32, torch.tensor(lab, dtype=torch.int64), reduction="none"), loss, 3e-6, 2e-6)
    f.add("SparseSoftmaxCrossEntropy", variant, {"labels": lab, "logits": logits, "dloss": dl}, {"loss": loss, "dlogits": dx})
logits, lab = grid(26, (2, 3, 4), 8.0), labels(27, 6, 4).reshape(2, 3)
dl = np.abs(grid(28, (2, 3), 4.0))
x = var(logits)
loss = F.cross_entropy(x.reshape(6, 4), torch.tensor(lab.reshape(6)), reduction="none").reshape(2, 3)
dx, = grads(loss, dl, x)
f.add("SparseSoftmaxCrossEntropy", "3D", {"labels": lab, "logits": logits, "dloss": dl}, {"loss": loss, "dlogits": dx},
      note="labels [2, 3], logits [2, 3, 4]")
# The mean over the batch, as a model uses it: a scalar.
logits, lab = grid(20, (6, 10), 10.0), labels(21, 6, 10)
x = var(logits)
loss = F.cross_entropy(x, torch.tensor(lab))
dx, = torch.autograd.grad(loss, x)
f.add("SparseSoftmaxCrossEntropy", "mean", {"labels": lab, "logits": logits}, {"loss": loss, "dlogits": dx}, note="mean over the batch")

# Dense (soft labels).
for variant, logits, lab in [
    ("soft", grid(30, (5, 7), 10.0), None),
    ("oneHot", grid(31, (5, 7), 10.0), np.eye(7)[labels(32, 5, 7)]),
    ("EXTREME", BIG, np.eye(3)[BIGL]),
    ("EXTREMEsoft", BIG, np.array([[.5, .25, .25], [.25, .5, .25], [.25, .25, .5], [.5, .5, 0], [.25, .75, 0], [0, 1, 0]])),
]:
    if lab is None:
        lab = np.round(np.random.RandomState(7).dirichlet(np.ones(7), 5) * 256) / 256
        lab[:, 0] += 1 - lab.sum(1)  # on the grid, sums to 1 exactly
        assert (lab.sum(1) == 1).all() and (lab >= 0).all()
    dl = np.abs(grid(33, (len(lab),), 4.0))
    x, z = var(logits), var(lab)
    loss = F.cross_entropy(x, z, reduction="none")
    dx, dz = grads(loss, dl, x, z)
    agree("soft", dx, dl[:, None] * (torch.softmax(x, 1).detach().numpy() - lab), 1e-12, 1e-12)
    agree("soft", dz, -dl[:, None] * torch.log_softmax(x, 1).detach().numpy())
    f.add("SoftmaxCrossEntropy", variant, {"labels": lab, "logits": logits, "dloss": dl}, {"loss": loss, "dlogits": dx, "dlabels": dz},
          note="dlabels is -log_softmax; TensorFlow's v1 op stops the gradient into labels")

# Sigmoid cross-entropy, elementwise: max(x, 0) - x*z + log(1 + exp(-|x|)), x = 0 included.
for variant, logits, lab in [
    ("", grid(40, (5, 7), 10.0), np.abs(grid(41, (5, 7), 2.0))),
    ("EXTREME", np.array([1000, 1000, -1000, -1000, 0, 0, 0, 100, -100, 30, -30.0]), np.array([0, 1, 0, 1, 0, 1, 0.5, 1, 0, 0.25, 0.25])),
]:
    dl = np.abs(grid(42, logits.shape, 4.0))
    x, z = var(logits), var(lab)
    loss = F.binary_cross_entropy_with_logits(x, z, reduction="none")
    dx, dz = grads(loss, dl, x, z)
    agree("sigmoid ce", loss, np.maximum(logits, 0) - logits * lab + np.log1p(np.exp(-np.abs(logits))), 1e-12, 1e-14)
    agree("sigmoid ce", dx, dl * (torch.sigmoid(x).detach().numpy() - lab), 1e-12, 1e-14)
    f.add("SigmoidCrossEntropy", variant, {"labels": lab, "logits": logits, "dloss": dl}, {"loss": loss, "dlogits": dx, "dlabels": dz})
    x = var(logits)
    loss = F.binary_cross_entropy_with_logits(x, T(lab), reduction="none", pos_weight=T(2.5))
    dx, = grads(loss, dl, x)
    f.add("WeightedCrossEntropy", variant, {"labels": lab, "logits": logits, "dloss": dl}, {"loss": loss, "dlogits": dx}, {"posWeight": 2.5},
          note="tf.nn.weighted_cross_entropy_with_logits")

# Regression and margin losses: elementwise and mean; labels, predictions of one shape.
lab, pred = grid(50, (4, 3), 4.0), grid(51, (4, 3), 4.0)
prob, bits = np.abs(grid(52, (4, 3), 1.9)), (grid(53, (4, 3), 1.0) > 0).astype(float)
EPS = 1e-7
for op, lab, pred, fn, params in [
    ("MeanSquaredError", lab, pred, lambda z, p: (p - z) ** 2, {}),
    ("AbsoluteDifference", lab, pred, lambda z, p: (p - z).abs(), {}),
    ("Huber", lab, pred, lambda z, p: F.huber_loss(p, z, reduction="none", delta=0.75), {"delta": 0.75}),
    ("LogLoss", bits, prob, lambda z, p: -z * torch.log(p + EPS) - (1 - z) * torch.log(1 - p + EPS), {"epsilon": EPS}),
    ("Hinge", bits, pred, lambda z, p: torch.relu(1 - (2 * z - 1) * p), {}),
]:
    dl = np.abs(grid(54, (4, 3), 4.0))
    p, z = var(pred), var(lab)
    loss = fn(z, p)
    dp, = grads(loss, dl, p)
    f.add(op, "elements", {"labels": lab, "predictions": pred, "dloss": dl}, {"loss": loss, "dpredictions": dp}, params)
    p, z = var(pred), var(lab)
    loss = fn(z, p).mean()
    dp, = torch.autograd.grad(loss, p)
    if op == "MeanSquaredError":
        agree(op, loss, F.mse_loss(p, z))
    f.add(op, "mean", {"labels": lab, "predictions": pred}, {"loss": loss, "dpredictions": dp}, params, note="mean over all elements: tf.losses")
f.save()
