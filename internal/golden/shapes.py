"""shapes.json.gz: ops that move elements (Gather, ScatterAdd, Pad, Tile, ...) and products over several axes."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from goldenfile import File, agree, grid, var

f = File("shapes", "inputs x (a, b, c for several operands), indices, dy; outputs y and dx, da, db, dc. The subscripts of Einsum stand in the name.")
T = lambda a: torch.tensor(np.asarray(a))


def case(op, variant, fn, operands, params=None, axes=None, extra=None, check=None, note=""):
    """y = fn(operands); the gradients of sum(y*dy); check is the same by NumPy."""
    leaves = {k: var(a) for k, a in operands.items()}
    y = fn(*leaves.values())
    dy = grid(900, tuple(y.shape), 4.0)
    grads = torch.autograd.grad(y, list(leaves.values()), T(dy))
    if check is not None:
        agree(op + "/" + variant, y, check(*operands.values()))
    inputs = dict(operands, dy=dy)
    if extra:
        inputs.update(extra)
    f.add(op, variant, inputs, dict({"y": y}, **{"d" + k: g for k, g in zip(operands, grads)}), params, axes, note)


# Gather: indices of any shape, with repetitions.
x = grid(901, (4, 3, 2), 4.0)
for axis, idx in itertools.product((0, 1, -1), ([1, 0, 1, 1], [[0, 1, 0], [1, 1, 0]])):
    i = np.array(idx)
    a = axis % 3

    def gather(t, i=i, a=a):
        shape = t.shape[:a] + i.shape + t.shape[a + 1:]
        return torch.index_select(t, a, T(i.reshape(-1))).reshape(shape)

    case("Gather", "axis=%d/rank%d" % (axis, i.ndim), gather, {"x": x}, axes=[axis], extra={"indices": i}, check=lambda v, i=i, a=a: np.take(v, i, a))

# ScatterAdd along an axis; updates for one index add up.
for axis in (0, 1, -1):
    i = np.array([1, 0, 1, 1, 0])
    shape = [4, 3, 2]
    shape[axis] = len(i)

    def np_add(b, u, i=i, axis=axis):
        b = np.moveaxis(b.copy(), axis, 0)
        np.add.at(b, i, np.moveaxis(u, axis, 0))
        return np.moveaxis(b, 0, axis)

    case("ScatterAdd", "axis=%d" % axis, lambda b, u, i=i, axis=axis: torch.index_add(b, axis, T(i), u),
         {"base": x, "updates": grid(902, tuple(shape), 4.0)}, axes=[axis], extra={"indices": i}, check=np_add)

# Elements along an axis: as many along the others as x has, or fewer.
for axis, idx in ((0, [[1, 3], [0, 0]]), (1, [[2, 0, 1, 2], [1, 1, 0, 2], [0, 2, 2, 0]]), (-1, [[1], [0], [2], [1]])):
    e, i, u = grid(913, (4, 3), 4.0), np.array(idx), grid(914, np.array(idx).shape, 4.0)
    case("GatherAlong", "axis=%d" % axis, lambda t, i=i, axis=axis: torch.gather(t, axis, T(i)), {"x": e}, axes=[axis], extra={"indices": i})
    case("ScatterAlongAdd", "axis=%d" % axis, lambda b, u, i=i, axis=axis: torch.scatter_add(b, axis, T(i), u), {"base": e, "updates": u}, axes=[axis], extra={"indices": i})
for axis, idx in ((0, [[1, 3, 2], [0, 1, 1]]), (1, [[2, 0], [0, 1], [0, 2], [1, 2]])):  # indices that differ, since torch leaves the order of equal ones open
    e, i, u = grid(913, (4, 3), 4.0), np.array(idx), grid(914, np.array(idx).shape, 4.0)
    case("ScatterAlong", "axis=%d" % axis, lambda b, u, i=i, axis=axis: torch.scatter(b, axis, T(i), u), {"base": e, "updates": u}, axes=[axis], extra={"indices": i})
at = np.array([[1, 0], [3, 2], [0, 1]])
case("ScatterNDUpdate", "elements", lambda b, u: b.index_put((T(at[:, 0]), T(at[:, 1])), u), {"base": grid(913, (4, 3), 4.0), "updates": grid(914, (3,), 4.0)}, extra={"indices": at})
case("ScatterNDUpdate", "rows", lambda b, u: b.index_put((T(at[:, 0]),), u), {"base": grid(913, (4, 3), 4.0), "updates": grid(914, (3, 3), 4.0)}, extra={"indices": at[:, :1]})

# Padding of two axes: pairs p00, p01, p10, p11.
m = grid(903, (4, 5), 4.0)
for pads in ([1, 2, 0, 3], [0, 0, 2, 1], [3, 3, 4, 4]):
    params = dict(zip(("before0", "behind0", "before1", "behind1"), pads))
    pairs = [pads[:2], pads[2:]]
    torch_pads = pads[2:] + pads[:2]
    label = ",".join(map(str, pads))
    case("Pad", label, lambda t: F.pad(t, torch_pads, value=1.5), {"x": m}, dict(params, value=1.5), check=lambda v: np.pad(v, pairs, constant_values=1.5))
    for op, mode, np_mode in (("PadReflect", "reflect", "reflect"), ("PadEdge", "replicate", "edge")):
        case(op, label, lambda t: F.pad(t[None], torch_pads, mode=mode)[0], {"x": m}, params, check=lambda v: np.pad(v, pairs, mode=np_mode))

    def symmetric(t):  # torch has no such mode: by index
        for axis, (p, q) in enumerate(pairs):
            n = t.shape[axis]
            t = torch.index_select(t, axis, T(np.pad(np.arange(n), (p, q), mode="symmetric")))
        return t

    case("PadSymmetric", label, symmetric, {"x": m}, params, check=lambda v: np.pad(v, pairs, mode="symmetric"), note="torch by index_select")

# Repetition, order, diagonals, bands.
case("Tile", "2x3", lambda t: t.repeat(2, 3), {"x": m}, axes=[2, 3], check=lambda v: np.tile(v, (2, 3)))
case("Tile", "1x2x2", lambda t: t.repeat(1, 2, 2), {"x": x}, axes=[1, 2, 2], check=lambda v: np.tile(v, (1, 2, 2)))
for axis in (0, 1):
    case("Repeat", "3 axis=%d" % axis, lambda t: torch.repeat_interleave(t, 3, axis), {"x": m}, {"n": 3}, [axis], check=lambda v: np.repeat(v, 3, axis))
for axes in ([0], [1], [0, 1]):
    case("Reverse", ",".join(map(str, axes)), lambda t: torch.flip(t, axes), {"x": m}, axes=axes, check=lambda v: np.flip(v, axes))
case("Diag", "2D", torch.diag_embed, {"x": m})
case("DiagPart", "wide", lambda t: torch.diagonal(t, dim1=-2, dim2=-1), {"x": grid(904, (2, 3, 5), 4.0)}, check=lambda v: np.diagonal(v, axis1=-2, axis2=-1))
case("DiagPart", "tall", lambda t: torch.diagonal(t, dim1=-2, dim2=-1), {"x": grid(904, (2, 5, 3), 4.0)})
for lower, upper in ((-1, 0), (0, -1), (0, 0), (1, 2), (-1, -1), (9, 0)):
    def band(t):
        if lower >= 0:
            t = torch.triu(t, -lower)
        return torch.tril(t, upper) if upper >= 0 else t
    case("BandPart", "%d,%d" % (lower, upper), band, {"x": grid(905, (2, 4, 5), 4.0)}, {"lower": lower, "upper": upper})

# Strided slices; torch has no negative stride: flip, then slice.
for variant, fn, np_fn in (
    ("1:4:2,:", lambda t: t[1:4:2, :], lambda v: v[1:4:2, :]),
    (":,-2:", lambda t: t[:, -2:], lambda v: v[:, -2:]),
    ("::-1,::2", lambda t: torch.flip(t, [0])[:, ::2], lambda v: v[::-1, ::2]),
    (":,4:0:-2", lambda t: torch.flip(t, [1])[:, 0:4:2], lambda v: v[:, 4:0:-2]),
):
    case("StridedSlice", variant, fn, {"x": m}, check=np_fn)

# Products.
case("Dot", "", torch.dot, {"a": grid(906, (7,), 4.0), "b": grid(907, (7,), 4.0)}, check=np.dot)
case("Outer", "", torch.outer, {"a": grid(906, (4,), 4.0), "b": grid(907, (3,), 4.0)}, check=np.outer)
a, b = grid(908, (2, 3, 4), 4.0), grid(909, (4, 3, 5), 4.0)
for variant, axes in (("1 pair", [[2], [0]]), ("2 pairs", [[1, 2], [1, 0]]), ("no pair", [[], []])):
    case("TensorDot", variant, lambda p, q: torch.tensordot(p, q, dims=axes), {"a": a, "b": b}, axes=axes[0] + axes[1], check=lambda p, q: np.tensordot(p, q, axes))
for variant, sa, sb in (("[2,1,3,4]x[5,4,2]", (2, 1, 3, 4), (5, 4, 2)), ("[3,4]x[5,4,2]", (3, 4), (5, 4, 2)), ("[2,3,4]x[4,2]", (2, 3, 4), (4, 2))):
    case("MatMul", variant, torch.matmul, {"a": grid(910, sa, 4.0), "b": grid(911, sb, 4.0)}, check=np.matmul)
size = {"i": 3, "j": 4, "k": 2, "l": 5, "b": 2, "q": 3}
for subscripts, shapes in (
    ("ij,jk->ik", None), ("ij,jk", None), ("ij,kj->ik", None), ("ij,jk->ki", None), ("bij,bjk->bik", None), ("bij,jk->bik", None),
    ("bij,bkj->bik", None), ("bji,bjk->kbi", None), ("i,i->", None), ("i,j->ij", None), ("i,j->ji", None), ("ij,ij->ij", None), ("ij,ij->i", None),
    ("ij,j->i", None), ("ij,j->ij", None), ("ij,ij->", None), ("ij,k->i", None), ("ij->ji", None), ("ij->", None), ("ij->j", None), ("ba", [(2, 3)]),
    ("ii->", None), ("ii->i", None), ("iji->j", None), ("bii->bi", None), ("iij,jk->ik", None), ("bi,ij,bj->b", None), ("ij,jk,kl->il", None),
    ("bijq,bjkq->biqk", None), ("ijkl,jlb->bki", None),
    ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]), ("...ij,...jk->...ik", [(3, 2, 3, 4), (1, 4, 5)]), ("...ij,jk", [(2, 3, 4), (4, 5)]),
    ("i...,i...->...", [(3, 2, 4), (3, 1, 4)]), ("...ii->...i", [(2, 3, 3)]), ("...,...->...", [(2, 3), (3,)]),
):
    terms = subscripts.split("->")[0].split(",")
    if shapes is None:
        shapes = [tuple(size[l] for l in t) for t in terms]
    operands = {"abc"[i]: grid(912 + i, s, 4.0) for i, s in enumerate(shapes)}
    variant = subscripts if not any(n.startswith("Einsum/" + subscripts) for n in f.names) else subscripts + "/2"
    case("Einsum", variant, lambda *t: torch.einsum(subscripts, *t), operands, check=lambda *v: np.einsum(subscripts, *v))
f.save(gz=True)
