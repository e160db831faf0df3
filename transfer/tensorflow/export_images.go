package tensorflow

import (
	"math"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// imageForms are windows over images, which have the channels last, and resizing.
var imageForms = map[string]form{
	"Conv2D":                {"Conv2D, DepthwiseConv2dNative; Pad, Split, ConcatV2", writeConv2D},
	"Conv2DTranspose":       {"Conv2DBackpropInput; Slice, Split, ConcatV2", writeConv2DTranspose},
	"MaxPool":               {"MaxPool; PadV2", writeMaxPool},
	"AvgPool":               {"AvgPool; Pad, OnesLike, RealDiv", writeAvgPool},
	"AdaptiveAvgPool":       {"Mean; AvgPool; BatchMatMulV2, Reshape", writeAdaptiveAvgPool},
	"ResizeBilinear":        {"ResizeBilinear", writeResize},
	"ResizeNearestNeighbor": {"ResizeNearestNeighbor", writeResize},
	"Upsample":              {"ResizeNearestNeighbor, ResizeBilinear", writeResize},
}

// window is how windows move over images: what convolutions and pools have in common.
type window struct {
	size, strides, dilations [2]int
	padding                  string
	pads                     [2][2]int // explicit, before and behind
	extra                    [2]int    // zeros behind these, that round the number of windows up
}

// window reads the op's attributes. Where TensorFlow has no word for the padding it becomes explicit.
func (c *written) window(size [2]int, pads string) (window, error) {
	w := window{size: size, strides: c.pairAttr("strides"), dilations: [2]int{1, 1}, padding: c.stringAttr("padding")}
	if d := c.pairAttr("dilations"); d != [2]int{} {
		w.dilations = d
	}
	w.pads, _ = c.Attrs[pads].([2][2]int)
	ceil := c.boolAttr("ceil_mode")
	if w.padding != "SAME_LOWER" && !ceil {
		return w, nil
	}
	for a := range 2 {
		n, extent := c.specs[0].Shape[1+a], (w.size[a]-1)*w.dilations[a]+1
		out := c.Spec.Shape[1+a]
		if n < 0 || out < 0 {
			return w, without("padding %s of images of unknown size", w.padding)
		}
		missing := max(0, (out-1)*w.strides[a]+extent-n-w.pads[a][0]-w.pads[a][1])
		if ceil {
			w.extra[a] = missing
		} else {
			w.pads[a] = [2]int{(missing + 1) / 2, missing / 2}
		}
	}
	w.padding = "VALID"
	return w, nil
}

// padded tells whether there is padding that TensorFlow's ops have no attribute for.
func (w window) padded() bool { return w.pads != [2][2]int{} || w.extra != [2]int{} }

// around are the paddings of [batch, height, width, channels].
func (w window) around() [][2]int {
	p := make([][2]int, 4)
	for a := range 2 {
		p[1+a] = [2]int{w.pads[a][0], w.pads[a][1] + w.extra[a]}
	}
	return p
}

func spread(pair [2]int) []int { return []int{1, pair[0], pair[1], 1} }

// kernelSize is that of a convolution's kernel.
func kernelSize(kernel graph.Spec) [2]int { return [2]int{kernel.Shape[0], kernel.Shape[1]} }

func writeConv2D(c *written) (string, error) {
	x, kernel := c.in[0], c.in[1]
	w, err := c.window(kernelSize(c.specs[1]), "pads")
	if err != nil {
		return "", err
	}
	if w.padded() {
		x = c.pad(x, w.around(), 0)
	}
	a := attrs{"T": c.dtype(), "strides": spread(w.strides), "dilations": spread(w.dilations), "padding": w.padding, "data_format": "NHWC"}
	groups, in, out := c.intAttr("groups"), c.specs[0].Shape[3], c.specs[1].Shape[3]
	if groups <= 1 {
		a["use_cudnn_on_gpu"], a["explicit_paddings"] = true, []int{}
		return c.emit("Conv2D", a, x, kernel), nil
	}
	if in < 0 || out < 0 {
		return "", without("the number of channels is unknown")
	}
	if groups == in && w.dilations == [2]int{1, 1} && w.strides[0] == w.strides[1] { // which is all that TensorFlow's op can do
		return c.emit("DepthwiseConv2dNative", a, x, c.reshape(kernel, c.dtype(), w.size[0], w.size[1], in, out/in)), nil
	}
	a["use_cudnn_on_gpu"], a["explicit_paddings"] = true, []int{}
	xs, kernels := c.split(x, groups, 3), c.split(kernel, groups, 3)
	parts := make([]string, groups)
	for k := range parts {
		parts[k] = c.emit("Conv2D", a, output(xs, k), output(kernels, k))
	}
	return c.concat(parts, c.dtype(), 3), nil
}

func (c *written) split(x string, parts, axis int) string {
	return c.emit("Split", attrs{"T": c.dtype(), "num_split": parts}, c.number(tffile.Int32, float64(axis)), x)
}

// writeConv2DTranspose asks for the gradient of a convolution for its images. Explicit pads are cut off the result.
func writeConv2DTranspose(c *written) (string, error) {
	x, kernel := c.in[0], c.in[1]
	w, err := c.window(kernelSize(c.specs[1]), "pads")
	if err != nil {
		return "", err
	}
	sizes := [3]string{}
	for a := range 2 {
		n := c.Spec.Shape[1+a]
		switch {
		case n >= 0:
			sizes[a] = c.number(tffile.Int32, float64(n+w.pads[a][0]+w.pads[a][1]))
		case w.padding == "SAME":
			have := c.dim(x, c.specs[0], 1+a)
			sizes[a] = c.emit("Mul", attrs{"T": tffile.Int32}, have, c.number(tffile.Int32, float64(w.strides[a])))
		default:
			return "", without("the size of the images is unknown")
		}
	}
	groups, channels := max(1, c.intAttr("groups")), c.Spec.Shape[3]
	if channels < 0 || c.specs[0].Shape[3] < 0 {
		return "", without("the number of channels is unknown")
	}
	shape := c.pack([]string{c.dim(x, c.specs[0], 0), sizes[0], sizes[1], c.number(tffile.Int32, float64(channels/groups))})
	a := attrs{"T": c.dtype(), "strides": spread(w.strides), "dilations": spread(w.dilations), "padding": w.padding, "data_format": "NHWC", "use_cudnn_on_gpu": true, "explicit_paddings": []int{}}
	var y string
	if groups == 1 {
		y = c.emit("Conv2DBackpropInput", a, shape, kernel, x)
	} else {
		xs, kernels := c.split(x, groups, 3), c.split(kernel, groups, 3)
		parts := make([]string, groups)
		for k := range parts {
			parts[k] = c.emit("Conv2DBackpropInput", a, shape, output(kernels, k), output(xs, k))
		}
		y = c.concat(parts, c.dtype(), 3)
	}
	if w.padded() {
		begin := c.ints(0, w.pads[0][0], w.pads[1][0], 0)
		y = c.emit("Slice", attrs{"T": c.dtype(), "Index": tffile.Int32}, y, begin, c.ints(-1, c.Spec.Shape[1], c.Spec.Shape[2], -1))
	}
	return y, nil
}

// pool is a pool without padding of its own.
func (c *written) pool(op, x string, w window) string {
	return c.emit(op, attrs{"T": c.dtype(), "ksize": spread(w.size), "strides": spread(w.strides), "padding": w.padding, "data_format": "NHWC"}, x)
}

// writeMaxPool pads with minus infinity.
func writeMaxPool(c *written) (string, error) {
	w, err := c.window(c.pairAttr("ksize"), "explicit_paddings")
	if err != nil {
		return "", err
	}
	if w.dilations != [2]int{1, 1} {
		return "", without("its windows are dilated")
	}
	x := c.in[0]
	if w.padded() {
		x = c.pad(x, w.around(), math.Inf(-1))
	}
	return c.pool("MaxPool", x, w), nil
}

// writeAvgPool divides the mean of each window over padded images by the share of elements that count, where some do not.
func writeAvgPool(c *written) (string, error) {
	w, err := c.window(c.pairAttr("ksize"), "explicit_paddings")
	if err != nil {
		return "", err
	}
	x := c.in[0]
	if !w.padded() {
		return c.pool("AvgPool", x, w), nil
	}
	y := c.pool("AvgPool", c.pad(x, w.around(), 0), w)
	counts := c.boolAttr("count_include_pad")
	if counts && w.extra == [2]int{} {
		return y, nil
	}
	ones := c.op("OnesLike", x)
	if counts {
		inner, outer := w, w
		inner.extra, outer.pads = [2]int{}, [2][2]int{}
		ones = c.pad(c.pad(ones, inner.around(), 1), outer.around(), 0)
	} else {
		ones = c.pad(ones, w.around(), 0)
	}
	return c.op("RealDiv", y, c.pool("AvgPool", ones, w)), nil
}

// writeAdaptiveAvgPool multiplies height and width by matrices that hold the windows' shares, unless something plainer does.
func writeAdaptiveAvgPool(c *written) (string, error) {
	x, size := c.in[0], c.pairAttr("output_size")
	h, w, channels := c.specs[0].Shape[1], c.specs[0].Shape[2], c.specs[0].Shape[3]
	switch {
	case size == [2]int{1, 1}:
		return c.reduce("Mean", x, true, 1, 2), nil
	case h < 0 || w < 0 || channels < 0:
		return "", without("the size of the images is unknown")
	case h%size[0] == 0 && w%size[1] == 0:
		step := [2]int{h / size[0], w / size[1]}
		return c.pool("AvgPool", x, window{size: step, strides: step, padding: "VALID"}), nil
	}
	multiply := func(a, b string) string {
		return c.emit("BatchMatMulV2", attrs{"T": c.dtype(), "adj_x": false, "adj_y": false}, a, b)
	}
	y := multiply(c.shares(h, size[0]), c.reshape(x, c.dtype(), -1, h, w*channels))
	y = multiply(c.shares(w, size[1]), c.reshape(y, c.dtype(), -1, w, channels))
	return c.reshape(y, c.dtype(), -1, size[0], size[1], channels), nil
}

// shares is a constant matrix [windows, n] of windows that together cover n elements: see ops.AdaptiveAvgPool2D.
func (c *written) shares(n, windows int) string {
	flat := make([]float64, windows*n)
	for i := range windows {
		from, to := i*n/windows, ((i+1)*n+windows-1)/windows
		for k := from; k < to; k++ {
			flat[i*n+k] = 1 / float64(to-from)
		}
	}
	t, _ := tffile.New("", []int{windows, n}, flat)
	if c.dtype() == tffile.Float32 {
		single := make([]float32, len(flat))
		for i, v := range flat {
			single[i] = float32(v)
		}
		t, _ = tffile.New("", []int{windows, n}, single)
	}
	return c.emit("Const", attrs{"dtype": t.DType, "value": &t})
}

// writeResize gives images a size, or several times their own.
func writeResize(c *written) (string, error) {
	x, sp := c.in[0], c.specs[0]
	first := c.stringAttr("data_format") == ops.ChannelsFirst.String()
	height, width := 1, 2
	if first {
		height, width = 2, 3
	}
	op := c.Op
	if op == "Upsample" {
		if op = "ResizeNearestNeighbor"; c.boolAttr("bilinear") {
			op = "ResizeBilinear"
		}
	}
	if op == "ResizeBilinear" && c.dtype() != tffile.Float32 {
		return "", without("x is %v; TensorFlow resizes to float32", sp)
	}
	size := ""
	if scale := c.pairAttr("scale"); scale != [2]int{} {
		parts := make([]string, 2)
		for a, axis := range []int{height, width} {
			if d := sp.Shape[axis]; d >= 0 {
				parts[a] = c.number(tffile.Int32, float64(d*scale[a]))
			} else {
				parts[a] = c.emit("Mul", attrs{"T": tffile.Int32}, c.dim(x, sp, axis), c.number(tffile.Int32, float64(scale[a])))
			}
		}
		size = c.pack(parts)
	} else {
		s := c.pairAttr("size")
		size = c.ints(s[0], s[1])
	}
	if first {
		x = c.transpose(x, 0, 2, 3, 1)
	}
	x = c.emit(op, attrs{"T": c.dtype(), "align_corners": c.boolAttr("align_corners"), "half_pixel_centers": c.boolAttr("half_pixel_centers")}, x, size)
	if first {
		x = c.transpose(x, 0, 3, 1, 2)
	}
	return x, nil
}
