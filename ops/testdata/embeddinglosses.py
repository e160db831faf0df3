"""embeddinglosses.json: losses of batches of embeddings and their gradients by PyTorch, in float64. Run with Debian's python3-torch, here.

The embeddings are sin(phase + 1.7 i + 0.6 j) * 2 for row i and column j; the test computes the same.
"""
import json

import numpy as np
import torch
import torch.nn.functional as F


def embeddings(phase, rows, cols):
    i, j = np.mgrid[:rows, :cols]
    return torch.tensor(2 * np.sin(phase + 1.7 * i + 0.6 * j), requires_grad=True)


def hard(x, labels, margin, soft, squared):
    """tfa.losses.triplet_hard_loss, without the anchors that have no positive or no negative."""
    d = ((x[:, None] - x[None]) ** 2).sum(-1)
    if not squared:
        d = torch.where(d == 0, torch.zeros_like(d), torch.where(d == 0, torch.ones_like(d), d).sqrt())
    losses = []
    for a in range(len(labels)):
        positives = [d[a, k] for k in range(len(labels)) if k != a and labels[k] == labels[a]]
        negatives = [d[a, k] for k in range(len(labels)) if labels[k] != labels[a]]
        if positives and negatives:
            v = max(positives) - min(negatives)
            losses.append(F.softplus(v) if soft else torch.relu(v + margin))
    return sum(losses) / len(losses)


def npair(a, p, labels, l2):
    """tf.contrib.losses.metric_learning.npairs_loss, step by step."""
    labels = torch.tensor(labels)
    same = (labels[:, None] == labels[None]).double()
    cross = F.cross_entropy(a @ p.t(), same / same.sum(1, keepdim=True))
    return cross + 0.25 * l2 * ((a ** 2).sum(1).mean() + (p ** 2).sum(1).mean())


out = {"hard": [], "npair": []}
for labels, margin, soft, squared in [
    ([0, 1, 2, 0, 1, 2, 0], 1, False, False), ([0, 1, 2, 0, 1, 2, 0], 0.2, False, False), ([3, 3, 7, 7, 5, 3], 0.5, False, True),
    ([0, 1, 0, 1, 2], 0, True, False),
]:
    x = embeddings(0.3, len(labels), 3)
    loss = hard(x, labels, margin, soft, squared)
    dx, = torch.autograd.grad(loss, x)
    out["hard"].append({"labels": labels, "margin": margin, "soft": soft, "squared": squared, "loss": loss.item(), "dx": dx.reshape(-1).tolist()})
for labels, l2 in [([0, 1, 2, 3, 4], 0.002), ([0, 1, 0, 2, 1], 0.5), ([2, 0, 1], 0)]:
    a, p = embeddings(0.3, len(labels), 4), embeddings(1.1, len(labels), 4)
    loss = npair(a, p, labels, l2)
    da, dp = torch.autograd.grad(loss, (a, p))
    out["npair"].append({"labels": labels, "l2": l2, "loss": loss.item(), "da": da.reshape(-1).tolist(), "dp": dp.reshape(-1).tolist()})
with open("embeddinglosses.json", "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
