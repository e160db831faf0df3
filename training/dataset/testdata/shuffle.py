"""The permutations of TestShuffleIsPinned, written from the descriptions of the
algorithms and not from the Go code. Run: python3 testdata/shuffle.py

SplitMix64: Steele, Lea, Flood 2014. PCG-DXSM 128/64: O'Neill's pcg-cpp, with its
128-bit multiplier, as Go's math/rand/v2.PCG (NumPy's has another one). Bounded numbers: Lemire 2019.
"""
M64, M128 = 2**64 - 1, 2**128 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & M64
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & M64
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & M64
    return x ^ x >> 31


def pcg(hi, lo):
    state = hi << 64 | lo
    while True:
        state = (state * 47026247687942121848144207491837523525
                 + 117397592171526113268558934119004209487) & M128
        hi, lo = state >> 64, state & M64
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & M64
        hi ^= hi >> 48
        yield hi * (lo | 1) & M64


def permutation(n, seed, epoch):
    hi = mix(seed & M64)
    draws = pcg(hi, mix(hi ^ epoch))
    out = list(range(n))
    for i in range(n - 1, 0, -1):
        while True:
            m = next(draws) * (i + 1)
            if m & M64 >= 2**64 % (i + 1):
                break
        j = m >> 64
        out[i], out[j] = out[j], out[i]
    return out


if __name__ == "__main__":
    for seed, epoch in [(0, 0), (0, 1), (42, 0), (-1, 7)]:
        print(seed, epoch, permutation(10, seed, epoch))
