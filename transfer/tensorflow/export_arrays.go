package tensorflow

import (
	"fmt"
	"strings"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// arrayForms take tensors apart and put them together.
var arrayForms = map[string]form{
	"Transpose": {"Transpose", writeTranspose},
	"Concat":    {"ConcatV2", func(c *written) (string, error) { return c.concat(c.in, c.dtype(), c.axis(c.Spec.Rank())), nil }},
	"Stack": {"Pack", func(c *written) (string, error) {
		return c.emit("Pack", attrs{"T": c.dtype(), "N": len(c.in), "axis": c.axis(c.Spec.Rank())}, c.in...), nil
	}},
	"Split": {"Split", writeSplit}, "SplitV": {"SplitV", writeSplitV},
	"Slice": {"Slice", func(c *written) (string, error) {
		return c.emit("Slice", attrs{"T": c.dtype(), "Index": tffile.Int32}, c.in[0], c.ints(c.intsAttr("begin")...), c.ints(c.intsAttr("size")...)), nil
	}},
	"SliceLike":    {"Slice", writeSliceLike},
	"StridedSlice": {"StridedSlice", writeStridedSlice}, "Index": {"StridedSlice", writeIndex}, "Unstack": {"StridedSlice", writeIndex},
	"Reverse": {"ReverseV2", func(c *written) (string, error) {
		return c.emit("ReverseV2", attrs{"T": c.dtype(), "Tidx": tffile.Int32}, c.in[0], c.ints(c.axes()...)), nil
	}},
	"Tile":   {"Tile", func(c *written) (string, error) { return c.tile(c.in[0], c.padded(c.intsAttr("multiples"), 1)), nil }},
	"Repeat": {"ExpandDims, Tile, Reshape", writeRepeat},
	"Pad":    {"Pad, PadV2", writePad}, "MirrorPad": {"MirrorPad", writeMirrorPad},
	"Gather": {"GatherV2", func(c *written) (string, error) {
		return c.gather(c.in[0], c.in[1], dtypeOf(c.specs[1]), c.axis(c.specs[0].Rank())), nil
	}},
	"OneHot": {"OneHot", func(c *written) (string, error) {
		dt := dtypeOf(c.Spec)
		return c.emit("OneHot", attrs{"T": dt, "TI": c.dtype(), "axis": c.axis(c.Spec.Rank())}, c.in[0], c.number(tffile.Int32, float64(c.intAttr("depth"))),
			c.number(dt, c.floatAttr("on_value")), c.number(dt, c.floatAttr("off_value"))), nil
	}},
	"MatrixDiag": {"MatrixDiag", func(c *written) (string, error) { return c.op("MatrixDiag", c.in...), nil }}, "MatrixDiagPart": plain("MatrixDiagPart"),
	"MatrixBandPart": {"MatrixBandPart", func(c *written) (string, error) {
		return c.emit("MatrixBandPart", attrs{"T": c.dtype(), "Tindex": tffile.Int64}, c.in[0],
			c.number(tffile.Int64, float64(c.intAttr("lower"))), c.number(tffile.Int64, float64(c.intAttr("upper")))), nil
	}},
	"DepthToSpace": {"DepthToSpace; GatherV2, Transpose", writeBlocks}, "SpaceToDepth": {"SpaceToDepth; GatherV2, Transpose", writeBlocks},
}

func writeTranspose(c *written) (string, error) {
	perm := c.intsAttr("perm")
	if len(perm) == 0 {
		for a := c.specs[0].Rank() - 1; a >= 0; a-- {
			perm = append(perm, a)
		}
	}
	return c.transpose(c.in[0], c.positive(perm)...), nil
}

func (c *written) transpose(x string, perm ...int) string {
	return c.emit("Transpose", attrs{"T": c.dtype(), "Tperm": tffile.Int32}, x, c.ints(perm...))
}

// writeSplit takes one part of a Split that all parts share.
func writeSplit(c *written) (string, error) {
	axis, parts := c.axis(c.specs[0].Rank()), c.intAttr("parts")
	node := c.shared(fmt.Sprintf("Split %s %d %d", c.in[0], axis, parts), func() string {
		return c.emit("Split", attrs{"T": c.dtype(), "num_split": parts}, c.number(tffile.Int32, float64(axis)), c.in[0])
	})
	return output(node, c.intAttr("part")), nil
}

func writeSplitV(c *written) (string, error) {
	axis, sizes := c.axis(c.specs[0].Rank()), c.intsAttr("sizes")
	node := c.shared(fmt.Sprintf("SplitV %s %d %v", c.in[0], axis, sizes), func() string {
		return c.emit("SplitV", attrs{"T": c.dtype(), "Tlen": tffile.Int32, "num_split": len(sizes)}, c.in[0], c.ints(sizes...), c.number(tffile.Int32, float64(axis)))
	})
	return output(node, c.intAttr("part")), nil
}

// shared is a node that several ops use.
func (c *written) shared(key string, make func() string) string {
	if c.common[key] == "" {
		c.common[key] = make()
	}
	return c.common[key]
}

// writeSliceLike takes a part of the shape of the second input.
func writeSliceLike(c *written) (string, error) {
	if len(c.in) > 2 {
		return "", without("its place depends on other inputs")
	}
	return c.emit("Slice", attrs{"T": c.dtype(), "Index": tffile.Int32}, c.in[0], c.ints(c.intsAttr("begin")...), c.shape(c.in[1], dtypeOf(c.specs[1]))), nil
}

func writeStridedSlice(c *written) (string, error) {
	begin, end, strides := c.intsAttr("begin"), c.intsAttr("end"), c.intsAttr("strides")
	n := max(len(begin), len(end), len(strides))
	a := attrs{"T": c.dtype(), "Index": tffile.Int32, "begin_mask": 0, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 0}
	ends := func(list []int, mask string) string {
		out, bits := make([]int, n), 0
		for k := range out {
			if k >= len(list) || list[k] == ops.Open {
				bits |= 1 << k
			} else {
				out[k] = list[k]
			}
		}
		a[mask] = bits
		return c.ints(out...)
	}
	from, to := ends(begin, "begin_mask"), ends(end, "end_mask")
	return c.emit("StridedSlice", a, c.in[0], from, to, c.ints(padTo(strides, n, 1)...)), nil
}

// writeIndex takes one element of an axis, which disappears.
func writeIndex(c *written) (string, error) {
	axis, i := c.axis(c.specs[0].Rank()), c.intAttr("index")
	begin, end := make([]int, axis+1), make([]int, axis+1)
	begin[axis], end[axis] = i, i+1
	mask := 1<<axis - 1 // the axes before are whole
	ends := mask
	if i == -1 {
		ends |= 1 << axis
	}
	return c.emit("StridedSlice", attrs{"T": c.dtype(), "Index": tffile.Int32, "begin_mask": mask, "end_mask": ends, "ellipsis_mask": 0, "new_axis_mask": 0,
		"shrink_axis_mask": 1 << axis}, c.in[0], c.ints(begin...), c.ints(end...), c.ints(padTo(nil, axis+1, 1)...)), nil
}

// padTo lengthens a list.
func padTo(list []int, n, value int) []int {
	out := append([]int(nil), list...)
	for len(out) < n {
		out = append(out, value)
	}
	return out
}

// padded lengthens a list to an entry for each axis of the first input.
func (c *written) padded(list []int, value int) []int { return padTo(list, c.specs[0].Rank(), value) }

func (c *written) tile(x string, multiples []int) string {
	return c.emit("Tile", attrs{"T": c.dtype(), "Tmultiples": tffile.Int32}, x, c.ints(multiples...))
}

// writeRepeat repeats each element along a new axis and folds that into the one before.
func writeRepeat(c *written) (string, error) {
	axis := c.axis(c.specs[0].Rank())
	shape, err := c.sizes(c.Spec.Shape)
	if err != nil {
		return "", err
	}
	x := c.emit("ExpandDims", attrs{"T": c.dtype(), "Tdim": tffile.Int32}, c.in[0], c.number(tffile.Int32, float64(axis+1)))
	multiples := padTo(nil, c.specs[0].Rank()+1, 1)
	multiples[axis+1] = c.intAttr("repeats")
	return c.reshapeTo(c.tile(x, multiples), c.dtype(), shape), nil
}

func writePad(c *written) (string, error) {
	p, ok := c.Attrs["paddings"].([][2]int)
	if !ok {
		return "", without("its paddings are unknown")
	}
	return c.pad(c.in[0], p, c.floatAttr("value")), nil
}

// pad puts elements of one value around x.
func (c *written) pad(x string, paddings [][2]int, value float64) string {
	a := attrs{"T": c.dtype(), "Tpaddings": tffile.Int32}
	if value == 0 {
		return c.emit("Pad", a, x, c.pairs(paddings))
	}
	return c.emit("PadV2", a, x, c.pairs(paddings), c.scalar(value))
}

// pairs is a constant matrix of two columns.
func (c *written) pairs(p [][2]int) string {
	flat := make([]int, 0, 2*len(p))
	for _, pair := range p {
		flat = append(flat, pair[0], pair[1])
	}
	return c.intsOf([]int{len(p), 2}, flat)
}

func writeMirrorPad(c *written) (string, error) {
	mode := strings.ToUpper(c.stringAttr("mode"))
	if mode != "REFLECT" && mode != "SYMMETRIC" {
		return "", without("its mode is %s", mode)
	}
	p := make([][2]int, c.specs[0].Rank())
	p[c.intAttr("axis")] = c.pairAttr("paddings")
	return c.emit("MirrorPad", attrs{"T": c.dtype(), "Tpaddings": tffile.Int32, "mode": mode}, c.in[0], c.pairs(p)), nil
}

func (c *written) gather(x, indices string, d tffile.DType, axis int) string {
	return c.emit("GatherV2", attrs{"Tparams": c.dtype(), "Tindices": d, "Taxis": tffile.Int32}, x, indices, c.number(tffile.Int32, float64(axis)))
}

// writeBlocks moves elements between channels and blocks of pixels; the order of PyTorch's pixel_shuffle is a permutation of the channels.
func writeBlocks(c *written) (string, error) {
	block, shuffle := c.intAttr("block_size"), c.boolAttr("pixel_shuffle")
	first := c.stringAttr("data_format") == ops.ChannelsFirst.String()
	if block < 2 {
		return c.in[0], nil
	}
	spread := c.Op == "DepthToSpace"
	x, channels, few := c.in[0], c.specs[0].Shape[3], c.Spec.Shape[3]
	if first {
		x, channels, few = c.transpose(x, 0, 2, 3, 1), c.specs[0].Shape[1], c.Spec.Shape[1]
	}
	if !spread {
		channels, few = few, channels
	}
	if shuffle && channels < 0 {
		return "", without("the number of channels is unknown")
	}
	reorder := func(x string) string {
		if !shuffle {
			return x
		}
		order := make([]int, channels)
		for pixel := range block * block {
			for k := range few {
				there, here := k*block*block+pixel, pixel*few+k
				if spread {
					order[here] = there
				} else {
					order[there] = here
				}
			}
		}
		return c.gather(x, c.ints(order...), tffile.Int32, 3)
	}
	if spread {
		x = reorder(x)
	}
	x = c.emit(c.Op, attrs{"T": c.dtype(), "block_size": block, "data_format": "NHWC"}, x)
	if !spread {
		x = reorder(x)
	}
	if first {
		x = c.transpose(x, 0, 3, 1, 2)
	}
	return x, nil
}
