package onnx

import (
	"slices"

	"gorgonia.org/tensor"
)

// exportBatchNorm normalises by statistics that are given.
func exportBatchNorm(c *exporting) string {
	a := attributes{"epsilon": c.float("epsilon")}
	switch c.in(0).Rank() {
	case 2:
		return c.op("BatchNormalization", a, c.x(0), c.x(1), c.x(2), c.x(3), c.x(4))
	case 4:
		return c.op("BatchNormalization", a, c.image(0), c.x(1), c.x(2), c.x(3), c.x(4))
	}
	factor := c.div(c.x(1), c.f("Sqrt", c.add(c.x(4), c.num(c.float("epsilon")))))
	return c.add(c.mul(c.sub(c.x(0), c.x(3)), factor), c.x(2))
}

// exportTrainingNorm normalises by the statistics of the batch.
func exportTrainingNorm(c *exporting) string {
	var axes []int
	for a := range c.in(0).Rank() - 1 {
		axes = append(axes, a)
	}
	y, mean, variance := c.normalised(c.x(0), axes)
	c.extra(0, c.op("Squeeze", nil, mean, c.ints(axes...)))
	c.extra(1, c.op("Squeeze", nil, variance, c.ints(axes...)))
	return c.add(c.mul(y, c.x(1)), c.x(2))
}

// normalised has mean 0 and variance 1 along axes.
func (c *exporting) normalised(x string, axes []int) (y, mean, variance string) {
	mean = c.reduce("ReduceMean", x, true, axes...)
	d := c.sub(x, mean)
	variance = c.reduce("ReduceMean", c.mul(d, d), true, axes...)
	return c.div(d, c.f("Sqrt", c.add(variance, c.num(c.float("epsilon"))))), mean, variance
}

// exportGroupNorm normalises groups of channels of each example; each channel, as InstanceNormalization does.
func exportGroupNorm(c *exporting) string {
	sp := c.in(0)
	rank, groups := sp.Rank(), c.int("groups")
	first := c.text("data_format") == "channels_first"
	channels := sp.Shape[rank-1]
	var x string
	switch {
	case first:
		x, channels = c.x(0), sp.Shape[1]
	case rank == 4:
		x = c.image(0)
	default:
		perm := []int{0, rank - 1}
		for a := 1; a < rank-1; a++ {
			perm = append(perm, a)
		}
		x = c.op("Transpose", attributes{"perm": perm}, c.x(0))
	}
	back := func(y string) string {
		if first || rank == 4 {
			return y
		}
		perm := []int{0}
		for a := 2; a < rank; a++ {
			perm = append(perm, a)
		}
		return c.op("Transpose", attributes{"perm": append(perm, 1)}, y)
	}
	if groups == channels && rank > 2 {
		return back(c.op("InstanceNormalization", attributes{"epsilon": c.float("epsilon")}, x, c.x(1), c.x(2)))
	}
	// Sizes that are known are said, which leaves less to be found out in a Run.
	shape := slices.Clone([]int(sp.Shape))
	if !first {
		shape = append([]int{shape[0]}, append([]int{channels}, shape[1:rank-1]...)...)
	}
	apart, together := []int{0, groups, -1}, c.f("Shape", x)
	if free(shape[1:]) == 0 && !slices.Contains(shape, 0) {
		apart, together = []int{-1, groups, tensor.Shape(shape[1:]).TotalSize() / groups}, c.ints(append([]int{-1}, shape[1:]...)...)
	}
	y, _, _ := c.normalised(c.op("Reshape", nil, x, c.ints(apart...)), []int{2})
	y = c.op("Reshape", nil, y, together)
	perChannel := append([]int{channels}, slices.Repeat([]int{1}, rank-2)...)
	shaped := func(i int) string { return c.reshape(c.x(i), perChannel) }
	return back(c.add(c.mul(y, shaped(1)), shaped(2)))
}

// exportLayerNorm normalises the last axes. LayerNormalization computes the statistics as float32 (or bfloat16), so that float64 is composed.
func exportLayerNorm(c *exporting) string {
	first, rank := c.int("begin_norm_axis"), c.in(0).Rank()
	if c.in(1).Rank() == rank-first && c.Spec.Dtype == tensor.Float32 {
		return c.op("LayerNormalization", attributes{"axis": first, "epsilon": c.float("epsilon")}, c.x(0), c.x(1), c.x(2))
	}
	var axes []int
	for a := first; a < rank; a++ {
		axes = append(axes, a)
	}
	y, _, _ := c.normalised(c.x(0), axes)
	return c.add(c.mul(y, c.x(1)), c.x(2))
}

// exportLRN divides by what neighbouring channels are. ONNX's alpha is of their mean.
func exportLRN(c *exporting) string {
	size := 2*c.int("depth_radius") + 1
	return c.op("LRN", attributes{"size": size, "alpha": c.float("alpha") * float64(size), "beta": c.float("beta"), "bias": c.float("bias")}, c.image(0))
}
