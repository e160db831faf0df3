"""trajectory.json.gz: 80 training steps of the chapter's net, 64-30-20-10, in PyTorch float32 (and float64 beside it).

Data and initial weights come from goldenfile.sequence, which golden.go has too, so only results are stored:
  centres = sequence(1000, 10*64) as [10, 64]; labels = labels(1001, 320, 10); x = centres[label] + sequence(1002, 320*64) as [320, 64]
  kernel i (i = 1, 2, 3) = float32(sequence(1010 + i, in*out) * 2*sqrt(6/in)) as [in, out]; biases, betas 0; gammas 1
Step t (0..79) trains on the 32 examples of rows 32*(t mod 10) and up.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, labels, sequence

SIZES, BATCH, EXAMPLES, STEPS, MOMENTUM, EPS = [64, 30, 20, 10], 32, 320, 80, 0.9, 1e-3
centres = sequence(1000, 10 * 64).reshape(10, 64)
Y = labels(1001, EXAMPLES, 10)
X = centres[Y] + sequence(1002, EXAMPLES * 64).reshape(EXAMPLES, 64)
assert (X == X.astype(np.float32)).all()
KERNELS = [(sequence(1010 + i, SIZES[i - 1] * SIZES[i]) * (2 * math.sqrt(6 / SIZES[i - 1]))).astype(np.float32).reshape(SIZES[i - 1], SIZES[i])
           for i in (1, 2, 3)]


def train(dtype, lr, mu, clip):
    p = {}
    for i, k in enumerate(KERNELS, 1):
        name = "hidden%d" % i if i < 3 else "outputs"
        p[name + "/kernel"] = torch.tensor(k, dtype=dtype)
        if i < 3:
            p[name + "/gamma"], p[name + "/beta"] = torch.ones(SIZES[i], dtype=dtype), torch.zeros(SIZES[i], dtype=dtype)
        else:
            p[name + "/bias"] = torch.zeros(SIZES[i], dtype=dtype)
    for v in p.values():
        v.requires_grad_()
    moving = {}
    for i in (1, 2):
        moving["hidden%d/moving_mean" % i] = torch.zeros(SIZES[i], dtype=dtype)
        moving["hidden%d/moving_variance" % i] = torch.ones(SIZES[i], dtype=dtype)
    opt = torch.optim.SGD(p.values(), lr, momentum=mu)
    x, y = torch.tensor(X, dtype=dtype), torch.tensor(Y)

    def logits(xb, training):
        h = xb
        for i in (1, 2):
            n = "hidden%d/" % i
            h = h @ p[n + "kernel"]
            if training:
                with torch.no_grad():  # TensorFlow's moving statistics of a rank-2 input: the biased variance
                    m, v = h.mean(0), h.var(0, unbiased=False)
                    moving[n + "moving_mean"] -= (moving[n + "moving_mean"] - m) * (1 - MOMENTUM)
                    moving[n + "moving_variance"] -= (moving[n + "moving_variance"] - v) * (1 - MOMENTUM)
                h = F.batch_norm(h, None, None, p[n + "gamma"], p[n + "beta"], training=True, eps=EPS)
            else:
                h = F.batch_norm(h, moving[n + "moving_mean"], moving[n + "moving_variance"], p[n + "gamma"], p[n + "beta"], training=False, eps=EPS)
            h = F.elu(h, 1.0)
        return h @ p["outputs/kernel"] + p["outputs/bias"]

    out, losses, clipped, largest = {}, [], [], []
    for t in range(STEPS):
        b = slice(BATCH * (t % 10), BATCH * (t % 10) + BATCH)
        opt.zero_grad()
        loss = F.cross_entropy(logits(x[b], True), y[b])
        loss.backward()
        losses.append(loss.item())
        clipped.append(sum(int((v.grad.abs() > clip).sum()) for v in p.values()))
        largest.append(max(float(v.grad.abs().max()) for v in p.values()))
        if t == 0:
            for k, v in p.items():
                out["grad0/" + k] = v.grad.clone()
        for v in p.values():
            v.grad.clamp_(-clip, clip)
        opt.step()
        if t == 0:
            for k, v in moving.items():
                out["step0/" + k] = v.clone()
    with torch.no_grad():
        evaluation = logits(x, False)
        out["evalLogits"] = evaluation[:BATCH]
        out["evalAccuracy"] = np.array(float((evaluation.argmax(1) == y).sum()) / EXAMPLES)
        out["evalLoss"] = np.array(F.cross_entropy(evaluation, y).item())
    npdtype = np.float32 if dtype == torch.float32 else np.float64
    out["loss"] = np.array(losses, dtype=npdtype)
    out.update({"final/" + k: v for k, v in list(p.items()) + list(moving.items())})
    out["clipped"] = np.array(clipped)
    return {k: v.detach().numpy() if isinstance(v, torch.Tensor) else v for k, v in out.items()}, max(largest)


f = File("trajectory", "no inputs (see trajectory.py or golden.Trajectory*). Outputs, float32 run: loss [80] (before each step), grad0/VARIABLE (before clipping, in sgd only), "
         "step0/moving (after the first step, in sgd only), final/VARIABLE and final/moving (after step 80), evalLogits [32, 10] (training false, first batch), "
         "evalLoss, evalAccuracy (320 examples), clipped [80] (elements that the clip changed). loss64, evalLogits64, final64/...: the float64 run; "
         "spread: largest |loss - loss64|.")
for variant, lr, mu, clip in (("sgd", 0.01, 0.0, 1.0), ("momentum", 0.01, 0.9, 1.0), ("clip0.02", 0.01, 0.9, 0.02)):
    out, largest = train(torch.float32, lr, mu, clip)
    wide, _ = train(torch.float64, lr, mu, clip)
    spread = np.abs(out["loss"] - wide["loss"]).max()
    print("%-9s loss %.4f -> %.4f, eval %.3f, largest gradient %.3f, clipped %d, float32-float64 %.2g" %
          (variant, out["loss"][0], out["loss"][-1], out["evalAccuracy"], largest, out["clipped"].sum(), spread))
    assert spread < 2e-5
    for k in wide:
        agree(variant + " " + k, out[k], wide[k], 1e-3, 2e-4)
    if variant != "sgd":  # the first step's gradients are the same in all three
        out = {k: v for k, v in out.items() if not k.startswith(("grad0/", "step0/"))}
    out["loss64"], out["evalLogits64"], out["spread"] = wide["loss"], wide["evalLogits"], np.array(spread)
    for k, v in wide.items():
        if k.startswith("final/") and "kernel" not in k:
            out["final64/" + k[len("final/"):]] = v
    f.add("BNELU", variant, {}, out, {"learningRate": lr, "momentum": mu, "clip": clip, "steps": STEPS, "batch": BATCH, "bnMomentum": MOMENTUM, "epsilon": EPS})
f.save(gz=True)
