"""losses.json, morelosses.json.gz: labels come before logits; losses are per example (or per element) unless the variant says mean."""
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

# What came later has a file of its own: no case of the first moves.
f = File("morelosses", "inputs labels, logits (or predictions), dloss; outputs loss and the gradients of sum(loss * dloss), d and the input's name.")


def add(op, variant, fn, inputs, diff, dloss, params=None, note="", name="loss"):
    """A case of fn(**inputs): loss, and the gradients of sum(loss * dloss) for the inputs named in diff."""
    x = {k: var(v) if k in diff else torch.tensor(np.asarray(v)) for k, v in inputs.items()}
    loss = fn(**x)
    out = {name: loss}
    for k, d in zip(diff, torch.autograd.grad(loss, [x[k] for k in diff], T(dloss)) if diff else ()):
        out["d" + k] = d
    f.add(op, variant, {**inputs, **({"d" + name: dloss} if diff else {})}, out, params, note=note)
    return loss.detach().numpy()


def weight(seed, shape):
    return np.abs(grid(seed, shape, 4.0))


# Losses of elements. FAR: differences and logits of +-1000 and near 0.
lab, pred = grid(50, (4, 3), 4.0), grid(51, (4, 3), 4.0)
bits = (grid(53, (4, 3), 1.0) > 0).astype(float)
FAR = np.array([1000, -1000, 0, 0, 1000, -1000, 0.0009765625, -0.0009765625, 30, -30.0])
FARL = np.array([-1000, 1000, 1000, -1000, 0, 0, 0, 0, 0, 0.0])
FARB = np.array([0, 1, 0, 1, 1, 0, 1, 0, 1, 1.0])
BOTH = ("labels", "predictions")
LOGITS = ("labels", "logits")
for variant, z, p in ("", lab, pred), ("FAR", FARL, FAR):
    dl = weight(60, z.shape)
    add("SquaredError", variant, lambda labels, predictions: F.mse_loss(predictions, labels, reduction="none"),
        {"labels": z, "predictions": p}, BOTH, dl)
    add("AbsoluteDifference", "both" + variant, lambda labels, predictions: F.l1_loss(predictions, labels, reduction="none"),
        {"labels": z, "predictions": p}, BOTH, dl)
    add("Huber", "both" + variant, lambda labels, predictions: F.huber_loss(predictions, labels, reduction="none", delta=1.5),
        {"labels": z, "predictions": p}, BOTH, dl, {"delta": 1.5})

    def logcosh(labels, predictions):
        # ln(cosh(d)) = d + softplus(-2d) - ln(2) has no digits left at d = 0.001: its square's series there
        d = predictions - labels
        return torch.where(d.abs() < 0.01, d ** 2 / 2 - d ** 4 / 12 + d ** 6 / 45, d.abs() + torch.log1p(torch.exp(-2 * d.abs())) - np.log(2))
    add("LogCosh", variant, logcosh, {"labels": z, "predictions": p}, BOTH, dl)
    if not variant:
        agree("logcosh", logcosh(T(z), T(p)), np.log(np.cosh(p - z)), 1e-10, 1e-12)
for variant, z, x in ("", bits, pred), ("FAR", FARB, FAR):
    dl = weight(61, z.shape)
    add("Hinge", "both" + variant, lambda labels, logits: torch.relu(1 - (2 * labels - 1) * logits), {"labels": z, "logits": x}, LOGITS, dl)
    add("SquaredHinge", variant, lambda labels, logits: torch.relu(1 - (2 * labels - 1) * logits) ** 2, {"labels": z, "logits": x}, LOGITS, dl)

# Log loss at probabilities 0 and 1; PyTorch's own, which stops at -100, agrees in between.
prob = np.abs(grid(52, (4, 3), 1.9))
for variant, z, p in ("both", bits, prob), ("soft", np.abs(grid(62, (4, 3), 1.9)), prob), ("EDGES", np.array([0, 1, 0, 1, .5]), np.array([0, 0, 1, 1, 1.0])):
    add("LogLoss", variant, lambda labels, predictions: -labels * torch.log(predictions + EPS) - (1 - labels) * torch.log(1 - predictions + EPS),
        {"labels": z, "predictions": p}, BOTH if variant != "EDGES" else ("labels",), weight(63, z.shape), {"epsilon": EPS},
        note="" if variant != "EDGES" else "dpredictions left out: float32 has no 1 - 1e-7")
agree("log loss", F.binary_cross_entropy(T(prob), T(bits), reduction="none"),
      -bits * np.log(prob + EPS) - (1 - bits) * np.log(1 - prob + EPS), 1e-5, 2e-6)

# Weighted sigmoid cross-entropy, one weight for each class.
posw = np.array([0.5, 1.0, 3.0])
SP = F.softplus
perclass = {"labels": np.abs(grid(64, (4, 3), 1.9)), "logits": grid(65, (4, 3), 8.0), "posWeight": posw}
loss = add("WeightedCrossEntropy", "perClass", lambda labels, logits, posWeight: posWeight * labels * SP(-logits) + (1 - labels) * SP(logits), perclass,
           ("labels", "logits", "posWeight"), weight(66, (4, 3)))
agree("pos weight", F.binary_cross_entropy_with_logits(T(perclass["logits"]), T(perclass["labels"]), reduction="none", pos_weight=T(posw)), loss, 1e-12)


# Focal loss as torchvision.ops.sigmoid_focal_loss writes it, with 1 - p_t in a form without cancellation.
def focal(alpha, gamma):
    def loss(labels, logits):
        p, n = torch.sigmoid(logits), torch.sigmoid(-logits)
        q = n * labels + p * (1 - labels)
        at = alpha * labels + (1 - alpha) * (1 - labels) if alpha >= 0 else 1
        return at * q ** gamma * F.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return loss


for variant, z, x, alpha, gamma in [
    ("", bits, grid(67, (4, 3), 8.0), 0.25, 2.0), ("noAlpha", bits, grid(67, (4, 3), 8.0), -1.0, 2.0), ("gamma0.5", bits, grid(68, (4, 3), 8.0), 0.75, 0.5),
    ("soft", np.abs(grid(69, (4, 3), 1.9)), grid(67, (4, 3), 8.0), 0.25, 2.0), ("FAR", FARB, FAR, 0.25, 2.0),
]:
    add("SigmoidFocal", variant, focal(alpha, gamma), {"labels": z, "logits": x}, ("logits",), weight(70, z.shape), {"alpha": alpha, "gamma": gamma},
        note="alpha < 0: without alpha" if alpha < 0 else "")
    p = torch.sigmoid(T(x)).numpy()
    pt = p * z + (1 - p) * (1 - z)
    if variant == "":
        ce = -np.log(pt)
        agree("focal", focal(alpha, gamma)(T(z), T(x)), (alpha * z + (1 - alpha) * (1 - z)) * (1 - pt) ** gamma * ce, 1e-11)

# KL divergence: labels [batch, classes] against log-probabilities, or probabilities with Keras's clipping.
def dist(seed, shape):
    a = np.floor(np.abs(grid(seed, shape, 2.0)) * 64) + 1
    return np.round(a / a.sum(-1, keepdims=True) * 1024) / 1024


q = dist(71, (4, 5))
KL = lambda labels, predictions: F.kl_div(predictions, labels, reduction="none").sum(-1)
logs = np.round(torch.log_softmax(T(grid(72, (4, 5), 8.0)), -1).numpy() * 4096) / 4096
add("KLDivergence", "", KL, {"labels": q, "predictions": logs}, BOTH, weight(73, (4,)), {"probabilities": 0})
zeros = q.copy()
zeros[0, :4], zeros[1, 2] = 0, 0
FARLOG = np.array([[0, -1000, -2000, -1000, -0.5]] * 4)
add("KLDivergence", "ZEROlabels", KL, {"labels": zeros, "predictions": FARLOG}, ("predictions",), weight(73, (4,)), {"probabilities": 0})
add("KLDivergence", "probabilities", lambda labels, predictions: (labels * (labels / torch.clamp(predictions, EPS, 1)).log()).sum(-1),
    {"labels": q, "predictions": dist(74, (4, 5))}, BOTH, weight(73, (4,)), {"probabilities": 1})
zp = dist(74, (4, 5))
zp[:, 0] = 0
add("KLDivergence", "ZEROprobabilities", lambda labels, predictions: (labels * (labels / torch.clamp(predictions, EPS, 1)).log()).sum(-1),
    {"labels": q, "predictions": zp}, BOTH, weight(73, (4,)), {"probabilities": 1})
add("KLDivergence", "3D", KL, {"labels": dist(75, (2, 3, 4)), "predictions": logs.reshape(-1)[:16].repeat(2)[:24].reshape(2, 3, 4)}, BOTH, weight(76, (2, 3)),
    {"probabilities": 0})

# Poisson.
counts = np.array([[0, 1, 2], [3, 0, 1], [7, 12, 1.5], [0.5, 4, 30]])
logr, rates = grid(77, (4, 3), 6.0), weight(78, (4, 3))
for variant, x, log, full in ("", logr, True, False), ("full", logr, True, True), ("rates", rates, False, False), ("ratesFull", rates, False, True):
    add("PoissonLoss", variant, lambda labels, predictions: F.poisson_nll_loss(predictions, labels, log_input=log, full=full, eps=1e-8, reduction="none"),
        {"labels": counts, "predictions": x}, ("predictions",) if full else BOTH, weight(79, (4, 3)), {"rates": 0 if log else 1, "full": 1 if full else 0})
add("PoissonLoss", "FAR", lambda labels, predictions: F.poisson_nll_loss(predictions, labels, reduction="none"),
    {"labels": np.array([0, 1, 5, 0, 3.0]), "predictions": np.array([-1000, -1000, -100, 0, 20.0])}, BOTH, weight(80, (5,)), {"rates": 0, "full": 0})

# Cosine distance, along either axis; a zero vector is at distance 1 (TensorFlow and PyTorch too, but for an epsilon).
for variant, axis, shape in ("", -1, (4, 5)), ("axis0", 0, (5, 3)), ("axis1of3", 1, (2, 5, 3)):
    n = tuple(d for i, d in enumerate(shape) if i != axis % len(shape))
    add("CosineDistance", variant, lambda labels, predictions: 1 - F.cosine_similarity(predictions, labels, dim=axis, eps=1e-300),
        {"labels": grid(81, shape, 4.0), "predictions": grid(82, shape, 4.0)}, BOTH, weight(83, n), {"axis": axis})
far = grid(81, (3, 5), 4.0) * 2.0 ** np.array([[100], [-100], [0]])
near = grid(82, (3, 5), 4.0)
add("CosineDistance", "FAR", lambda labels, predictions: 1 - F.cosine_similarity(predictions, labels, dim=1, eps=1e-300), {"labels": far, "predictions": near},
    ("predictions",), weight(83, (3,)), {"axis": 1}, note="labels near 1e30 and 1e-30")
f.add("CosineDistance", "ZERO", {"labels": np.array([[0, 0], [1, 0], [0, 0.0]]), "predictions": np.array([[1, 2], [0, 0], [0, 0.0]])}, {"loss": np.ones(3)},
      {"axis": 1}, note="the convention: cos is 0")

# Margin ranking, margins of several classes.
y = np.array([[1, -1, 1], [1, 1, -1], [-1, -1, 1], [1, -1, -1.0]])
add("MarginRanking", "", lambda labels, a, b: F.margin_ranking_loss(a, b, labels, margin=0.5, reduction="none"),
    {"labels": y, "a": grid(84, (4, 3), 4.0), "b": grid(85, (4, 3), 4.0)}, ("labels", "a", "b"), weight(86, (4, 3)), {"margin": 0.5})
lab = labels(87, 6, 5)
for variant, p, margin in ("", 1, 1.0), ("squared", 2, 1.5):
    add("MultiMargin", variant, lambda labels, logits: F.multi_margin_loss(logits, labels, p=p, margin=margin, reduction="none"),
        {"labels": lab, "logits": grid(88, (6, 5), 4.0)}, ("logits",), weight(89, (6,)), {"squared": p - 1, "margin": margin})
add("MultiMargin", "FAR", lambda labels, logits: F.multi_margin_loss(logits, labels, reduction="none"), {"labels": BIGL, "logits": BIG}, (), None,
    {"squared": 0, "margin": 1.0})


def categorical_hinge(labels, logits):
    return torch.relu(torch.amax((1 - labels) * logits, -1) - (labels * logits).sum(-1) + 1)


add("CategoricalHinge", "", categorical_hinge, {"labels": np.eye(5)[lab], "logits": grid(88, (6, 5), 4.0)}, LOGITS, weight(89, (6,)))
add("CategoricalHinge", "FAR", categorical_hinge, {"labels": np.eye(3)[BIGL], "logits": BIG}, (), None)

# Pairs: tf.losses.mean_pairwise_squared_error before its weights, from its definition over all pairs.
z, p = grid(90, (3, 2, 3), 4.0), grid(91, (3, 2, 3), 4.0)


def pairs(labels, predictions):
    d = (predictions - labels).reshape(3, 6)
    return ((d[:, :, None] - d[:, None, :]) ** 2).sum((1, 2)) / 30


loss = add("PairwiseSquaredError", "", pairs, {"labels": z, "predictions": p}, BOTH, weight(92, (3,)))
d = (p - z).reshape(3, 6)
agree("pairwise", 2 * (d ** 2).sum(1) / 5 - 2 * d.sum(1) ** 2 / 30, loss, 1e-12)  # as losses_impl.py computes it

# Embeddings.
a, b, n = grid(93, (5, 4), 4.0), grid(94, (5, 4), 4.0), grid(95, (5, 4), 4.0)
b[3] = a[3] + 0.0625
same = np.array([1, 0, 1, 0, 0.0])
add("EuclideanDistance", "", lambda a, b: F.pairwise_distance(a, b, eps=0), {"a": a, "b": b}, ("a", "b"), weight(96, (5,)))


def contrastive(labels, a, b):
    d = ((a - b) ** 2).sum(1).sqrt()
    return labels * d ** 2 + (1 - labels) * torch.relu(2.5 - d) ** 2


add("ContrastiveLoss", "", contrastive, {"labels": same, "a": a, "b": b}, ("labels", "a", "b"), weight(96, (5,)), {"margin": 2.5},
    note="tf.contrib.losses.metric_learning.contrastive_loss before its mean")
add("TripletLoss", "", lambda anchor, positive, negative: F.triplet_margin_loss(anchor, positive, negative, margin=0.75, eps=0, reduction="none"),
    {"anchor": a, "positive": b, "negative": n}, ("anchor", "positive", "negative"), weight(96, (5,)), {"margin": 0.75})


def semihard(labels, embeddings, margin):
    """tf.contrib.losses.metric_learning.triplet_semihard_loss, step by step."""
    size = len(labels)
    dist = ((embeddings[:, None] - embeddings[None]) ** 2).sum(-1)
    adjacency = labels[:, None] == labels[None]
    negatives = ~adjacency
    tile = dist.repeat(size, 1)
    mask = negatives.repeat(size, 1) & (tile > dist.t().reshape(-1, 1))
    final = mask.any(1).reshape(size, size).t()
    top = tile.max(1, keepdim=True).values
    outside = (((tile - top) * mask).min(1, keepdim=True).values + top).reshape(size, size).t()
    low = dist.min(1, keepdim=True).values
    inside = (((dist - low) * negatives).max(1, keepdim=True).values + low).repeat(1, size)
    loss = margin + dist - torch.where(final, outside, inside)
    positives = adjacency.double() - torch.eye(size, dtype=torch.float64)
    return torch.relu(loss * positives).sum() / positives.sum()


for variant, size, classes, margin in ("", 9, 3, 1.0), ("easy", 8, 2, 0.125):
    e = grid(97, (size, 3), 2.0)
    add("TripletSemihardLoss", variant, lambda labels, embeddings: semihard(labels, embeddings, margin),
        {"labels": labels(98, size, classes), "embeddings": e}, ("embeddings",), np.array(1.5), {"margin": margin})

# Label smoothing.
logits, lab = grid(99, (4, 6), 8.0), labels(100, 4, 6)
add("SmoothedSparseSoftmaxCrossEntropy", "", lambda labels, logits: F.cross_entropy(logits, labels, label_smoothing=0.1, reduction="none"),
    {"labels": lab, "logits": logits}, ("logits",), weight(101, (4,)), {"smoothing": 0.1})
hot = np.eye(6)[lab]
add("SmoothLabels", "", lambda labels: labels * 0.875 + 0.125 / 6, {"labels": hot}, ("labels",), weight(102, (4, 6)), {"smoothing": 0.125}, name="y",
    note="tf.losses.softmax_cross_entropy")
add("SmoothBinaryLabels", "", lambda labels: labels * 0.875 + 0.0625, {"labels": hot}, ("labels",), weight(102, (4, 6)), {"smoothing": 0.125}, name="y",
    note="tf.losses.sigmoid_cross_entropy")


# Weights and reductions: tf.losses.compute_weighted_loss as losses_impl.py computes it, div_no_nan included.
def reduced(reduction):
    def loss(losses, weights):
        w = weights.reshape(weights.shape + (1,) * (losses.ndim - weights.ndim))
        full = torch.ones_like(losses) * w
        total = losses * w
        if reduction == 1:
            return total
        total = total.sum()
        div = {0: (full != 0).double().sum(), 2: T(1.0), 3: full.sum(), 4: T(losses.numel())}[reduction]
        return total / div if div != 0 else total * 0
    return loss


vals = weight(103, (4, 3))
for variant, w in [
    ("scalar", np.array(2.5)), ("zeroScalar", np.array(0.0)), ("batch", np.array([0.5, 0, 2, 1])), ("column", np.array([[0.5], [0], [2], [1]])),
    ("row", np.array([[0.5, 0, 2]])), ("full", np.where(weight(104, (4, 3)) < 0.5, 0, weight(104, (4, 3)))), ("zeros", np.zeros(4)),
    ("cancel", np.array([1, -1, 0.5, -0.5])),
]:
    for reduction in range(5):
        shape = (4, 3) if reduction == 1 else ()
        add("WeightedLoss", "%s/%d" % (variant, reduction), reduced(reduction), {"losses": vals, "weights": w}, ("losses", "weights"), weight(105, shape),
            {"reduction": reduction})
f.save(gz=True)
