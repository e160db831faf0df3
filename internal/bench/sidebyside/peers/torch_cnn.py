"""Trains the net of examples/cnn in PyTorch, as its main.go does, and prints what an epoch takes with its validation:

    python3 torch_cnn.py FOLDER [EPOCHS] [SEED]

FOLDER has the four files of Fashion-MNIST. The batches are picked from one tensor, which is faster than a DataLoader; images are in
channels_last and gradients are set to None, the fastest of the variants that torch_peer.py tries.
"""

import gzip
import os
import sys
import time

import numpy
import torch
import torch.nn.functional as F

from torch_convnets import two_conv

BATCH, RATE, MOMENTUM, DROPOUT = 64, 0.05, 0.9, 0.5


def read(folder, name):
    """Images as [n, 1, 28, 28] from 0 to 1, and labels."""
    with gzip.open(os.path.join(folder, name + "-images-idx3-ubyte.gz")) as f:
        x = numpy.frombuffer(f.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(os.path.join(folder, name + "-labels-idx1-ubyte.gz")) as f:
        y = numpy.frombuffer(f.read(), numpy.uint8, offset=8)
    return torch.from_numpy(x / numpy.float32(255)).to(memory_format=torch.channels_last), torch.from_numpy(y.astype(numpy.int64))


def accuracy(model, x, y):
    model.eval()
    with torch.inference_mode():
        right = sum((model(a).argmax(1) == b).sum().item() for a, b in zip(x.split(200), y.split(200)))
    model.train()
    return right / len(y)


def main(folder, epochs=8, seed=42):
    torch.manual_seed(seed)
    x, y = read(folder, "train")
    order = torch.randperm(len(x))
    train, validation = order[5000:], order[:5000]
    validation_x, validation_y = x[validation], y[validation]

    model = two_conv()
    model.insert(len(model) - 1, torch.nn.Dropout(DROPOUT))
    for p in model.parameters():
        if p.dim() > 1:
            torch.nn.init.kaiming_normal_(p)
    model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, foreach=True)
    steps = len(train) // BATCH
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps)
    times = []
    for epoch in range(epochs):
        start, total = time.perf_counter(), 0.0
        for batch in train[torch.randperm(len(train))].split(BATCH)[:steps]:
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        score = accuracy(model, validation_x, validation_y)
        times.append(time.perf_counter() - start)
        print("epoch %d/%d  loss %.4f  validation/accuracy %.4f  (%.1fs)" % (epoch + 1, epochs, total / steps, score, times[-1]), flush=True)
    print("test accuracy: %.4f (%d epochs of %.1f s)" % (accuracy(model, *read(folder, "t10k")), epochs, sum(times) / epochs))


main(sys.argv[1], *map(int, sys.argv[2:]))
