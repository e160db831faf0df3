"""Golden values: metrics, by scikit-learn 1.2 (python3-sklearn), checked against their formulas."""
import warnings

import numpy as np
from sklearn import metrics as sk

from goldenfile import File, agree, grid, labels

warnings.filterwarnings("ignore")  # a class without examples
f = File("metrics", "metrics of classifications and regressions")

# Classes: predictions by argmax of the logits.
for variant, seed, n, classes, used in (("three", 971, 40, 3, 3), ("ten", 972, 200, 10, 10), ("two", 973, 30, 2, 2), ("absent", 974, 25, 6, 4)):
    y = labels(seed, n, used)
    logits = grid(seed + 50, (n, classes), 4.0)
    logits[np.arange(n), y] += 1
    logits[:, used:] -= 8  # classes that do not occur are not predicted either
    p = logits.argmax(1)
    every = range(classes)
    confusion = sk.confusion_matrix(y, p, labels=every)
    out = {"confusion": confusion, "accuracy": sk.accuracy_score(y, p),
           "top2": sk.top_k_accuracy_score(y, logits, k=2, labels=every) if classes > 2 else np.array(1.0),
           "logLoss": sk.log_loss(y, np.exp(logits) / np.exp(logits).sum(1, keepdims=True), labels=every)}
    for name, score in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)):
        out[name] = score(y, p, labels=every, average=None, zero_division=0)
        for average in ("micro", "macro", "weighted"):
            # Without labels=, scikit-learn leaves the classes out that do not occur.
            out[name + "/" + average] = score(y, p, average=average, zero_division=0)
        if classes == 2:
            out[name + "/binary"] = score(y, p, zero_division=0)
    hits = np.diag(confusion)
    agree("precision", out["precision"], hits / np.maximum(1, confusion.sum(0)))
    agree("recall", out["recall"], hits / np.maximum(1, confusion.sum(1)))
    f.add("Classes", variant, {"labels": y, "logits": logits, "predictions": p}, out)

# Scores of two classes, with ties.
for variant, seed, n, step in (("few ties", 981, 60, 1 / 256), ("ties", 982, 80, 0.25), ("one of each", 983, 2, 1 / 256)):
    y = labels(seed, n, 2) if n > 2 else np.array([1, 0])
    scores = grid(seed + 10, (n,), 2.0, step) + 0.5 * y
    p = np.float64(np.float32(1 / (1 + np.exp(-scores))))
    pos, neg = scores[y == 1], scores[y == 0]
    auc = sk.roc_auc_score(y, scores)
    agree("auc", np.array(auc), np.array(((pos[:, None] > neg) + 0.5 * (pos[:, None] == neg)).mean()))
    loss = sk.log_loss(y, p)
    agree("log loss", np.array(loss), np.array(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()))
    f.add("Scores", variant, {"labels": y, "scores": scores, "probabilities": p}, {"auc": auc, "logLoss": loss})

for variant, seed, shape, offset in (("near 0", 991, (50,), 0.0), ("far", 992, (30, 2), 1000.0)):
    y = grid(seed, shape, 8.0) + offset
    p = y + grid(seed + 5, shape, 3.0)
    a, b = y.ravel(), p.ravel()
    mse = sk.mean_squared_error(a, b)
    out = {"mse": mse, "mae": sk.mean_absolute_error(a, b), "rmse": np.sqrt(mse), "r2": sk.r2_score(a, b)}
    agree("r2", np.array(out["r2"]), np.array(1 - ((a - b) ** 2).sum() / ((a - a.mean()) ** 2).sum()), 1e-11)
    f.add("Regression", variant, {"labels": y, "predictions": p}, out)
f.save(gz=True)
