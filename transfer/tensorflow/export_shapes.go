package tensorflow

import (
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// shapeForms give the same elements another shape, or tell of it.
var shapeForms = map[string]form{
	"Reshape": {"Reshape", writeReshape}, "Flatten": {"Reshape", writeReshape}, "FoldRows": {"Reshape", writeReshape}, "Column": {"Reshape", writeReshape},
	"FoldAxes": {"Reshape", writeReshape}, "SplitGroups": {"Reshape", writeReshape}, "PerChannel": {"Reshape", writeReshape}, "Planes": {"Reshape", writeReshape},
	"Weights": {"Reshape", writeReshape}, "maxout": {"Reshape", writeReshape},
	"ReshapeLike": {"Reshape", func(c *written) (string, error) {
		return c.reshapeTo(c.in[0], c.dtype(), c.shape(c.in[1], dtypeOf(c.specs[1]))), nil
	}},
	"UnfoldRows": {"Reshape", writeUnfoldRows}, "UnfoldAxes": {"Reshape", writeReshape},
	"ExpandDims": {"ExpandDims", func(c *written) (string, error) {
		return c.emit("ExpandDims", attrs{"T": c.dtype(), "Tdim": tffile.Int32}, c.in[0], c.number(tffile.Int32, float64(c.axis(c.Spec.Rank())))), nil
	}},
	"Squeeze": {"Squeeze", func(c *written) (string, error) {
		return c.emit("Squeeze", attrs{"T": c.dtype(), "squeeze_dims": c.positive(c.intsAttr("axes"))}, c.in[0]), nil
	}},
	"Shape": {"Shape", func(c *written) (string, error) {
		return c.emit("Shape", attrs{"T": c.dtype(), "out_type": tffile.Int64}, c.in[0]), nil
	}},
	"Size": {"Size", func(c *written) (string, error) {
		return c.emit("Size", attrs{"T": c.dtype(), "out_type": tffile.Int64}, c.in[0]), nil
	}},
	"Multiplicity": {"Size, Maximum, RealDiv", func(c *written) (string, error) {
		n := c.op("Maximum", c.size(c.in[0], c.dtype(), c.dtype()), c.scalar(1))
		return c.op("RealDiv", c.size(c.in[1], dtypeOf(c.specs[1]), c.dtype()), n), nil
	}},
	"BroadcastLike": {"BroadcastTo", func(c *written) (string, error) { return c.broadcast(c.shape(c.in[1], dtypeOf(c.specs[1]))), nil }},
	"BroadcastTo":   {"BroadcastTo", writeBroadcastTo},
	"ZerosLike":     plain("ZerosLike"), "OnesLike": plain("OnesLike"),
	"Fill": {"Fill", func(c *written) (string, error) {
		return c.emit("Fill", attrs{"T": c.dtype(), "index_type": tffile.Int32}, c.ints(c.Spec.Shape...), c.in[0]), nil
	}},
	"Range": {"Range", writeRange},
	"Eye": {"Fill, MatrixBandPart", func(c *written) (string, error) {
		ones := c.emit("Fill", attrs{"T": c.dtype(), "index_type": tffile.Int32}, c.ints(c.Spec.Shape...), c.scalar(1))
		none := c.number(tffile.Int64, 0)
		return c.emit("MatrixBandPart", attrs{"T": c.dtype(), "Tindex": tffile.Int64}, ones, none, none), nil
	}},
}

// writeReshape gives the first input the output's shape, which needs one unknown size at most, or those that the input has at its place.
func writeReshape(c *written) (string, error) {
	if sizes := c.intsAttr("shape"); c.Op == "Reshape" && (len(sizes) > 0 || c.Spec.Rank() == 0) {
		return c.reshape(c.in[0], c.dtype(), sizes...), nil
	}
	shape, err := c.sizes(c.Spec.Shape)
	if err != nil {
		return "", err
	}
	return c.reshapeTo(c.in[0], c.dtype(), shape), nil
}

// sizes is a vector of int32 of sizes, of which the last that is unknown follows from the others and those before are the first input's.
func (c *written) sizes(sizes tensor.Shape) (string, error) {
	last := -1
	unknown := 0
	for a, d := range sizes {
		if d < 0 {
			last = a
			unknown++
		}
	}
	if unknown <= 1 {
		return c.ints(sizes...), nil
	}
	parts := make([]string, len(sizes))
	for a, d := range sizes {
		switch {
		case d >= 0 || a == last:
			parts[a] = c.number(tffile.Int32, float64(d))
		case a < c.specs[0].Rank() && c.sameBefore(a):
			parts[a] = c.dim(c.in[0], c.specs[0], a)
		default:
			return "", without("several sizes of %v are unknown", c.Spec)
		}
	}
	return c.pack(parts), nil
}

// sameBefore tells that the axes up to a are those of the first input.
func (c *written) sameBefore(a int) bool {
	return graph.Compatible(c.Spec.Shape[:a+1], c.specs[0].Shape[:a+1])
}

func (c *written) pack(parts []string) string {
	return c.emit("Pack", attrs{"T": tffile.Int32, "N": len(parts), "axis": 0}, parts...)
}

// dim is the size of an axis as a scalar of int32.
func (c *written) dim(x string, sp graph.Spec, axis int) string {
	if d := sp.Shape[axis]; d >= 0 {
		return c.number(tffile.Int32, float64(d))
	}
	return c.index(c.shape(x, dtypeOf(sp)), tffile.Int32, axis)
}

// index is element i of a vector.
func (c *written) index(x string, d tffile.DType, i int) string {
	return c.emit("StridedSlice", attrs{"T": d, "Index": tffile.Int32, "begin_mask": 0, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 1},
		x, c.ints(i), c.ints(i+1), c.ints(1))
}

// writeUnfoldRows gives the rows of a matrix the leading axes of the second input.
func writeUnfoldRows(c *written) (string, error) {
	like, dt := c.in[1], dtypeOf(c.specs[1])
	rank := c.specs[1].Rank()
	begin := c.emit("StridedSlice", attrs{"T": tffile.Int32, "Index": tffile.Int32, "begin_mask": 1, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 0},
		c.shape(like, dt), c.ints(0), c.ints(rank-1), c.ints(1))
	last := c.emit("ExpandDims", attrs{"T": tffile.Int32, "Tdim": tffile.Int32}, c.dim(c.in[0], c.specs[0], 1), c.number(tffile.Int32, 0))
	return c.reshapeTo(c.in[0], c.dtype(), c.concat([]string{begin, last}, tffile.Int32, 0)), nil
}

func (c *written) concat(parts []string, d tffile.DType, axis int) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return c.emit("ConcatV2", attrs{"T": d, "Tidx": tffile.Int32, "N": len(parts)}, append(parts, c.number(tffile.Int32, float64(axis)))...)
}

func (c *written) broadcast(shape string) string {
	return c.emit("BroadcastTo", attrs{"T": c.dtype(), "Tidx": tffile.Int32}, c.in[0], shape)
}

func writeBroadcastTo(c *written) (string, error) {
	if c.Spec.Known() {
		return c.broadcast(c.ints(c.Spec.Shape...)), nil
	}
	parts := make([]string, c.Spec.Rank())
	shift := c.Spec.Rank() - c.specs[0].Rank()
	for a, d := range c.Spec.Shape {
		if d >= 0 {
			parts[a] = c.number(tffile.Int32, float64(d))
		} else {
			parts[a] = c.dim(c.in[0], c.specs[0], a-shift)
		}
	}
	return c.broadcast(c.pack(parts)), nil
}

// writeRange counts between constants, or along an axis of the input.
func writeRange(c *written) (string, error) {
	dt := dtypeOf(c.Spec)
	a := attrs{"Tidx": dt}
	if len(c.in) > 0 {
		end := c.dim(c.in[0], c.specs[0], c.axis(c.specs[0].Rank()))
		return c.emit("Range", a, c.number(dt, 0), c.cast(end, tffile.Int32, dt), c.number(dt, 1)), nil
	}
	return c.emit("Range", a, c.number(dt, c.floatAttr("start")), c.number(dt, c.floatAttr("limit")), c.number(dt, c.floatAttr("delta"))), nil
}
