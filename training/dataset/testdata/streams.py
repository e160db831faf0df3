"""The values of TestStreamsArePinned: what transforms draw, and the order of
Weights. The generators are those of shuffle.py. Run: python3 testdata/streams.py
"""
import bisect, itertools
from shuffle import M64, mix, pcg

EXAMPLE, BATCH, WEIGHTS = 1, 2, 3


def stream(seed, purpose, epoch, i):
    h = mix(mix(seed & M64) ^ purpose)
    h = mix(h ^ epoch)
    return pcg(h, mix(h ^ i))


def drawn(weights, seed, epoch):
    sums = list(itertools.accumulate(weights))
    draws = stream(seed, WEIGHTS, epoch, 0)
    return [bisect.bisect_right(sums, (next(draws) >> 11) * 2.0**-53 * sums[-1]) for _ in weights]


for seed, epoch, i in [(0, 0, 0), (0, 0, 1), (0, 1, 0), (-1, 7, 3)]:
    print(seed, epoch, i, hex(next(stream(seed, EXAMPLE, epoch, i))), hex(next(stream(seed, BATCH, epoch, i))))
for seed, epoch in [(0, 0), (0, 1), (5, 2)]:
    print(seed, epoch, drawn([1, 0, 2, 5, 0, 1, 3, 0], seed, epoch))
