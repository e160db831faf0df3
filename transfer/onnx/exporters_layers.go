package onnx

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// exportMatMul is MatMul, or Gemm of matrices of which one is transposed.
func exportMatMul(c *exporting) string {
	a, b := c.x(0), c.x(1)
	ta, tb := c.bool("transpose_a"), c.bool("transpose_b")
	if (ta || tb) && c.in(0).Rank() == 2 && c.in(1).Rank() == 2 {
		return c.op("Gemm", attributes{"transA": ta, "transB": tb}, a, b)
	}
	if ta {
		a = c.swapped(a, c.in(0).Rank())
	}
	if tb {
		b = c.swapped(b, c.in(1).Rank())
	}
	return c.op("MatMul", nil, a, b)
}

// exportDot is the product of two vectors.
func exportDot(c *exporting) string { return c.reduce("ReduceSum", c.mul(c.x(0), c.x(1)), false) }

// swapped transposes matrices.
func (c *exporting) swapped(x string, rank int) string {
	perm := make([]int, rank)
	for a := range perm {
		perm[a] = a
	}
	perm[rank-2], perm[rank-1] = rank-1, rank-2
	return c.op("Transpose", attributes{"perm": perm}, x)
}

// exportBiasAdd makes one operator of a product or convolution, of which nothing else is used, and its bias.
func exportBiasAdd(c *exporting) string {
	before := c.Inputs[0]
	d := c.g.Describe(before)
	if c.uses[before] == 1 && !c.isInput[before] && !c.isStored(before) {
		product := *c
		product.Description = d
		switch {
		case d.Op == "Conv2D":
			y := product.conv(c.x(1))
			c.images = product.images
			return y
		case d.Op == "MatMul" && product.in(0).Rank() == 2 && product.in(1).Rank() == 2:
			return c.op("Gemm", attributes{"transA": product.bool("transpose_a"), "transB": product.bool("transpose_b")},
				product.x(0), product.x(1), c.x(1))
		}
	}
	x := c.together(0, 1)
	return c.add(x[0], x[1])
}

func exportConv(c *exporting) string { return c.conv("") }

// conv is a convolution with a bias, which may be "" for none.
func (c *exporting) conv(bias string) string {
	size := c.in(1).Shape
	if size[0] < 0 || size[1] < 0 {
		return c.refuse("with a kernel of unknown size")
	}
	a := c.window([2]int{size[0], size[1]}, c.pads("pads"))
	a["group"] = c.int("groups")
	a["dilations"] = two(c.pair("dilations"))
	inputs := []string{c.image(0), c.kernel(1)}
	if bias != "" {
		inputs = append(inputs, bias)
	}
	return c.op("Conv", a, inputs...)
}

// kernel is input i, [height, width, in, out], as [out, in, height, width]. One that is stored in another shape, as that of a depthwise
// convolution is, is stored so here.
func (c *exporting) kernel(i int) string {
	perm := []int{3, 2, 0, 1}
	n := c.Inputs[i]
	if c.isStored(n) {
		return c.initializer(n, nil, perm)
	}
	if d := c.g.Describe(n); (d.Op == "Reshape" || d.Op == "ExpandDims") && c.isStored(d.Inputs[0]) && d.Spec.Known() {
		return c.initializer(d.Inputs[0], d.Spec.Shape, perm)
	}
	return c.op("Transpose", attributes{"perm": perm}, c.plain(n))
}

func two(v [2]int) []int { return []int{v[0], v[1]} }

// window are the attributes of windows of a size over the images that input 0 is.
func (c *exporting) window(size [2]int, pads [2][2]int) attributes {
	strides, dilations := c.pair("strides"), c.pair("dilations")
	a := attributes{"kernel_shape": two(size), "strides": two(strides)}
	images := c.in(0).Shape
	switch padding := c.text("padding"); {
	case padding == "VALID":
	case images[1] < 0 || images[2] < 0:
		a["auto_pad"] = map[string]string{"SAME": "SAME_UPPER", "SAME_LOWER": "SAME_LOWER"}[padding]
		return a
	default:
		for k := range size {
			in, extent := images[1+k], (size[k]-1)*max(1, dilations[k])+1
			pads[k] = shared(max(0, ((in+strides[k]-1)/strides[k]-1)*strides[k]+extent-in), padding)
		}
	}
	a["pads"] = []int{pads[0][0], pads[1][0], pads[0][1], pads[1][1]}
	return a
}

// shared puts so many zeros before and behind an image.
func shared(zeros int, padding string) [2]int {
	before := zeros / 2
	if padding == "SAME_LOWER" {
		before = zeros - before
	}
	return [2]int{before, zeros - before}
}

// exportConvTranspose is the gradient of a convolution for its images.
func exportConvTranspose(c *exporting) string {
	size, strides, dilations := c.in(1).Shape, c.pair("strides"), c.pair("dilations")
	if size[0] < 0 || size[1] < 0 {
		return c.refuse("with a kernel of unknown size")
	}
	pads, extra := c.pads("pads"), c.pair("output_padding")
	explicit := pads != [2][2]int{} || extra != [2]int{}
	for k := range pads {
		extent := (size[k]-1)*dilations[k] + 1
		switch padding := c.text("padding"); {
		case padding != "VALID": // as large as the strides make it
			pads[k], extra[k] = shared(max(0, extent-strides[k]), padding), max(0, strides[k]-extent)
		case !explicit:
			extra[k] = max(0, strides[k]-extent)
		}
	}
	return c.op("ConvTranspose", attributes{"kernel_shape": []int{size[0], size[1]}, "strides": two(strides), "dilations": two(dilations),
		"group": c.int("groups"), "pads": []int{pads[0][0], pads[1][0], pads[0][1], pads[1][1]}, "output_padding": two(extra)}, c.image(0), c.kernel(1))
}

// exportPool is an operator over windows.
func exportPool(op string) exportFunc {
	return func(c *exporting) string {
		a := c.window(c.pair("ksize"), c.pads("explicit_paddings"))
		if c.bool("ceil_mode") {
			a["ceil_mode"] = 1
		}
		if op == "MaxPool" {
			a["dilations"] = two(c.pair("dilations"))
		} else {
			a["count_include_pad"] = c.bool("count_include_pad")
		}
		return c.op(op, a, c.image(0))
	}
}

// exportAdaptive is AveragePool where the windows are even, and otherwise products with the windows' shares along each axis.
func exportAdaptive(c *exporting) string {
	out := c.pair("output_size")
	if out == [2]int{1, 1} {
		return c.reduce("ReduceMean", c.image(0), true, 2, 3)
	}
	in := [2]int{c.in(0).Shape[1], c.in(0).Shape[2]}
	if in[0] < 0 || in[1] < 0 {
		return c.refuse("of images of unknown size")
	}
	if in == out {
		return alias(c)
	}
	if in[0]%out[0] == 0 && in[1]%out[1] == 0 {
		size := []int{in[0] / out[0], in[1] / out[1]}
		return c.op("AveragePool", attributes{"kernel_shape": size, "strides": size}, c.image(0))
	}
	rows := c.op("MatMul", nil, c.shares(in[0], out[0]), c.image(0))
	return c.op("MatMul", nil, rows, c.swapped(c.shares(in[1], out[1]), 2))
}

// shares is a matrix that takes the mean of windows which cover an axis of size in.
func (c *exporting) shares(in, out int) string {
	v := make([]float64, out*in)
	for i := range out {
		from, to := i*in/out, ((i+1)*in+out-1)/out
		for k := from; k < to; k++ {
			v[i*in+k] = 1 / float64(to-from)
		}
	}
	return c.number(denseOf(c.Spec.Dtype, v, out, in))
}

// formatted is input 0 of an op that has a DataFormat of its own, with the channels first, as the result then is.
func (c *exporting) formatted() string {
	if c.text("data_format") == "channels_first" {
		return c.x(0)
	}
	return c.image(0)
}

func exportDepthToSpace(c *exporting) string {
	mode := "DCR"
	if c.bool("pixel_shuffle") {
		mode = "CRD"
	}
	x := c.formatted()
	return c.op("DepthToSpace", attributes{"blocksize": c.int("block_size"), "mode": mode}, x)
}

// exportSpaceToDepth puts the channels into the order of pixel_unshuffle where that is wanted.
func exportSpaceToDepth(c *exporting) string {
	n := c.int("block_size")
	x := c.formatted()
	y := c.op("SpaceToDepth", attributes{"blocksize": n}, x)
	if c.bool("pixel_shuffle") {
		channels := c.in(0).Shape[3]
		if c.text("data_format") == "channels_first" {
			channels = c.in(0).Shape[1]
		}
		if channels < 0 {
			return c.refuse("with an unknown number of channels")
		}
		var order []int
		for k := range channels * n * n {
			order = append(order, k%(n*n)*channels+k/(n*n))
		}
		y = c.op("Gather", attributes{"axis": 1}, y, c.ints(order...))
	}
	return y
}

// exportResize samples images anew.
func exportResize(c *exporting) string {
	x := c.formatted()
	linear := c.Op == "ResizeBilinear" || c.bool("bilinear")
	a := attributes{"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
	switch {
	case c.bool("align_corners"):
		a["coordinate_transformation_mode"], a["nearest_mode"] = "align_corners", "round_prefer_ceil"
	case c.bool("half_pixel_centers"):
		a["coordinate_transformation_mode"], a["nearest_mode"] = "half_pixel", "round_prefer_ceil"
	}
	if linear {
		a["mode"] = "linear"
		delete(a, "nearest_mode")
	}
	if scale := c.pair("scale"); scale != [2]int{} {
		if !linear { // repetition
			a["coordinate_transformation_mode"], a["nearest_mode"] = "asymmetric", "floor"
		}
		return c.op("Resize", a, x, "", c.number(denseOf(tensor.Float32, []float64{1, 1, float64(scale[0]), float64(scale[1])}, 4)))
	}
	var size string
	if _, ok := c.Attrs["size"]; ok {
		size = c.ints(two(c.pair("size"))...)
	} else { // that of another image
		like := c.exporter.first
		if c.text("data_format") == "channels_first" {
			like = c.plain
		}
		size = c.op("Slice", nil, c.f("Shape", like(c.Inputs[1])), c.ints(2), c.ints(4))
	}
	batch := c.op("Slice", nil, c.f("Shape", x), c.ints(0), c.ints(2))
	return c.op("Resize", a, x, "", "", c.op("Concat", attributes{"axis": 0}, batch, size))
}

// uses counts how often the value of each node is used, by nodes or as an output.
func (ex *exporter) countUses(order, outputs gorgonia.Nodes) {
	for _, n := range order {
		if !ex.constant[n] {
			for _, in := range ex.needs(n) {
				ex.uses[in]++
			}
		}
	}
	for _, out := range outputs {
		ex.uses[out]++
	}
}
