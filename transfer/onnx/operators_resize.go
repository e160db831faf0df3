package onnx

import (
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// upsample repeats pixels or interpolates between them; scales are an attribute in opset 7.
func upsample(c *call) ([]*value, error) {
	var scales []float64
	if c.has(1) {
		var err error
		if scales, err = c.numbers(1); err != nil {
			return nil, err
		}
	}
	for _, v := range c.Attributes["scales"].Floats {
		scales = append(scales, float64(v))
	}
	return c.resize(resizing{mode: c.text("mode", "nearest"), coordinates: "asymmetric", nearest: "floor"}, scales, nil, nil)
}

func resize(c *call) ([]*value, error) {
	r := resizing{mode: c.text("mode", "nearest"), coordinates: c.text("coordinate_transformation_mode", "half_pixel"), nearest: c.text("nearest_mode", "round_prefer_floor"),
		a: c.float("cubic_coeff_a", -0.75), exclude: c.int("exclude_outside", 0) != 0, outside: c.float("extrapolation_value", 0)}
	if c.int("antialias", 0) != 0 {
		return nil, errors.New("antialias is not supported")
	}
	if p := c.text("keep_aspect_ratio_policy", "stretch"); p != "stretch" {
		return nil, errors.Errorf("the keep_aspect_ratio_policy %q is not supported; want stretch", p)
	}
	scalesAt := 2
	if c.opset < 11 { // it has no regions, and works as Upsample does
		r.coordinates, r.nearest, scalesAt = "asymmetric", "floor", 1
	}
	var scales, regions []float64
	var err error
	if c.has(scalesAt) {
		if scales, err = c.numbers(scalesAt); err != nil {
			return nil, err
		}
	}
	if r.coordinates == "tf_crop_and_resize" {
		if regions, err = c.numbers(1); err != nil {
			return nil, err
		}
	}
	if len(scales) == 0 && c.has(3) {
		to := c.sizes(3)
		if to == nil || to.scalar {
			_, err := c.integers(3)
			return nil, errors.Errorf("its sizes are no list: %v", err)
		}
		return c.resize(r, nil, to.list, regions)
	}
	return c.resize(r, scales, nil, regions)
}

// resizing is how Resize finds what pixels are made of.
type resizing struct {
	mode, coordinates, nearest string
	a                          float64 // of the cubic
	exclude                    bool    // taps outside of the image weigh nothing; the others more
	outside                    float64 // the value beyond the region of tf_crop_and_resize
}

// mostPixels bounds an axis whose pixels are gathered one by one.
const mostPixels = 1 << 20

// resizedAxis is one axis of an image that changes: from n to m pixels, scale apart.
type resizedAxis struct {
	axis, n, m int
	scale      float64
	from, to   float64 // the region of tf_crop_and_resize, as parts of n-1
}

// resize resizes by scales or to sizes, of all axes or of those in the attribute.
func (c *call) resize(r resizing, scales []float64, to []size, regions []float64) ([]*value, error) {
	if !c.has(0) {
		return nil, errors.New("input 0 is missing")
	}
	on := c.list("axes")
	rank := c.rank(0)
	if on == nil {
		for a := range rank {
			on = append(on, a)
		}
	}
	if len(scales) != len(on) && len(to) != len(on) || regions != nil && len(regions) != 2*len(on) {
		return nil, errors.Errorf("%d scales, %d sizes and %d ends of regions for %d axes", len(scales), len(to), len(regions), len(on))
	}
	var changed []resizedAxis
	unknown := false
	for i, at := range on {
		at, err := axis(at, rank)
		if err != nil {
			return nil, err
		}
		x := resizedAxis{axis: at, n: c.shape(0)[at], m: graph.Unknown, to: 1}
		switch {
		case to != nil:
			if v, ok := to[i].known(); ok {
				x.m = int(v)
				x.scale = v / float64(x.n)
			}
		case !(scales[i] > 0) || scales[i] > 1<<16:
			return nil, errors.Errorf("the scales are %v; want positive numbers", scales)
		default:
			x.scale = scales[i]
			if x.n >= 0 {
				x.m = int(math.Floor(float64(x.n) * x.scale))
			}
		}
		if regions != nil {
			x.from, x.to = regions[i], regions[len(on)+i]
		}
		if x.n >= 0 && x.m == x.n && x.scale == 1 && x.from == 0 && x.to == 1 || x.scale == 1 && to == nil && regions == nil || to != nil && to[i].axis == at && c.ownSize(to[i], at) {
			continue
		}
		unknown = unknown || x.n < 0 || x.m < 0
		changed = append(changed, x)
	}
	if len(changed) == 0 {
		return same(c)
	}
	if y := c.resizeImages(r, changed); y != nil {
		return lastOne(y), nil
	}
	if unknown {
		if y := c.resizeLike(r, changed, on, to); y != nil {
			return lastOne(y), nil
		}
		return nil, errors.Errorf("%s with the coordinates %s of an image whose size, or the new one, is not known when the graph is built; want a fixed size for the input, or whole scales", r.mode, r.coordinates)
	}
	y, err := c.x(0)
	if err != nil {
		return nil, err
	}
	for _, x := range changed {
		if x.n < 1 || x.m < 1 || x.m > mostPixels {
			return nil, errors.Errorf("an axis of %d elements cannot become one of %d; want 1 to %d", x.n, x.m, mostPixels)
		}
		if y, err = r.along(c.s, y, x); err != nil {
			return nil, err
		}
	}
	return one(y), nil
}

// ownSize tells whether a size is that of input 0 itself.
func (c *call) ownSize(s size, axis int) bool {
	x, err := c.x(0)
	return err == nil && s.isAxisOf(x, axis)
}

// resizeImages is what ops have for images, where it is exactly that, sizes that are not known included; nil elsewhere.
func (c *call) resizeImages(r resizing, changed []resizedAxis) *gorgonia.Node {
	if c.rank(0) != 4 {
		return nil
	}
	shape := c.shape(0)
	size, whole, exact := [2]int{shape[2], shape[3]}, [2]int{1, 1}, true
	for _, x := range changed {
		if x.axis < 2 {
			return nil
		}
		size[x.axis-2] = x.m
		whole[x.axis-2] = int(x.scale)
		if x.scale != math.Floor(x.scale) {
			whole[x.axis-2] = 0
		}
		exact = exact && x.n > 0 && x.m > 0 && (x.scale == float64(x.m)/float64(x.n))
	}
	isWhole := whole[0] > 0 && whole[1] > 0
	halfPixel := r.coordinates == "half_pixel" || r.coordinates == "pytorch_half_pixel"
	x, err := c.image(0)
	if err != nil || !graph.SpecOf(x).IsFloat() {
		return nil
	}
	cfg := ops.ResizeConfig{AlignCorners: r.coordinates == "align_corners", HalfPixelCenters: halfPixel}
	switch {
	case r.mode == "nearest" && isWhole && (r.coordinates == "asymmetric" && r.nearest == "floor" || halfPixel && strings.HasPrefix(r.nearest, "round")): // no pixel lies midway between two
		return ops.Upsample(c.s, x, ops.UpsampleConfig{Scale: whole})
	case r.mode == "linear" && isWhole && halfPixel:
		return ops.Upsample(c.s, x, ops.UpsampleConfig{Scale: whole, Bilinear: true})
	case r.mode == "linear" && exact && (halfPixel && !(r.coordinates == "pytorch_half_pixel" && (size[0] == 1 || size[1] == 1)) || cfg.AlignCorners || r.coordinates == "asymmetric"):
		return ops.ResizeBilinear(c.s, x, size[0], size[1], cfg)
	}
	return nil
}

// resizeLike is resizeImages for a size that is known in the Run only, as that of another image. A single pixel of pytorch_half_pixel is then
// what it is in PyTorch, the middle, and not the first one.
func (c *call) resizeLike(r resizing, changed []resizedAxis, on []int, to []size) *gorgonia.Node {
	if to == nil || c.rank(0) != 4 {
		return nil
	}
	x, err := c.image(0)
	if err != nil || !graph.SpecOf(x).IsFloat() {
		return nil
	}
	shape := []size{sizeIs(1), sizeAt(x, 1), sizeAt(x, 2), sizeIs(1)} // with the channels last
	for _, a := range changed {
		if a.axis < 2 {
			return nil
		}
		shape[a.axis-1] = to[slices.Index(on, a.axis)]
	}
	cfg := ops.ResizeConfig{AlignCorners: r.coordinates == "align_corners", HalfPixelCenters: strings.HasSuffix(r.coordinates, "half_pixel")}
	switch {
	case r.mode == "linear" && (cfg.AlignCorners || cfg.HalfPixelCenters || r.coordinates == "asymmetric"):
		return ops.ResizeBilinearLike(c.s, x, c.ofShape(shape), cfg)
	case r.mode == "nearest" && r.coordinates == "asymmetric" && r.nearest == "floor":
		return ops.ResizeNearestLike(c.s, x, c.ofShape(shape), ops.ResizeConfig{})
	}
	return nil
}

// place is where pixel i of the new axis lies on the old one.
func (r resizing) place(i int, x resizedAxis) (float64, error) {
	at := float64(i)
	switch r.coordinates {
	case "half_pixel":
		return (at+0.5)/x.scale - 0.5, nil
	case "pytorch_half_pixel":
		if x.m == 1 {
			return 0, nil
		}
		return (at+0.5)/x.scale - 0.5, nil
	case "tf_half_pixel_for_nn":
		return (at + 0.5) / x.scale, nil
	case "asymmetric":
		return at / x.scale, nil
	case "align_corners":
		if x.m == 1 {
			return 0, nil
		}
		return at * float64(x.n-1) / float64(x.m-1), nil
	case "tf_crop_and_resize":
		if x.m == 1 {
			return 0.5 * (x.from + x.to) * float64(x.n-1), nil
		}
		return x.from*float64(x.n-1) + at*(x.to-x.from)*float64(x.n-1)/float64(x.m-1), nil
	}
	return 0, errors.Errorf("the coordinate_transformation_mode %q", r.coordinates)
}

// taps are the weights of the pixels about a place, the first of which is number first.
func (r resizing) taps(at float64) (first int, weights []float64, err error) {
	low := math.Floor(at)
	t := at - low
	switch r.mode {
	case "nearest":
		switch r.nearest {
		case "round_prefer_floor":
			low = math.Ceil(at - 0.5)
		case "round_prefer_ceil":
			low = math.Floor(at + 0.5)
		case "ceil":
			low = math.Ceil(at)
		case "floor":
		default:
			return 0, nil, errors.Errorf("the nearest_mode %q", r.nearest)
		}
		return int(low), []float64{1}, nil
	case "linear":
		return int(low), []float64{1 - t, t}, nil
	case "cubic": // Keys (1981)
		near := func(d float64) float64 { return ((r.a+2)*d-(r.a+3))*d*d + 1 }
		far := func(d float64) float64 { return ((r.a*d-5*r.a)*d+8*r.a)*d - 4*r.a }
		return int(low) - 1, []float64{far(1 + t), near(t), near(1 - t), far(2 - t)}, nil
	}
	return 0, nil, errors.Errorf("the mode %q", r.mode)
}

// along resizes one axis: a weighted sum of pixels that are gathered.
func (r resizing) along(s *graph.Scope, x *gorgonia.Node, by resizedAxis) (*gorgonia.Node, error) {
	var indices [][]int64
	var factors [][]float64
	beyond := make([]float64, by.m)
	for i := range by.m {
		at, err := r.place(i, by)
		if err != nil {
			return nil, err
		}
		first, w, err := r.taps(at)
		if err != nil {
			return nil, err
		}
		sum := 0.0
		for k := range w {
			if i == 0 {
				indices, factors = append(indices, make([]int64, by.m)), append(factors, make([]float64, by.m))
			}
			p := min(max(first+k, 0), by.n-1)
			if r.exclude && r.mode == "cubic" && p != first+k {
				w[k] = 0
			}
			sum += w[k]
			indices[k][i], factors[k][i] = int64(p), w[k]
		}
		isBeyond := r.coordinates == "tf_crop_and_resize" && (at < 0 || at > float64(by.n-1))
		for k := range w {
			factors[k][i] /= sum
			if isBeyond {
				factors[k][i] = 0
			}
		}
		if isBeyond {
			beyond[i] = r.outside
		}
	}
	gathered := func(k int) *gorgonia.Node {
		return ops.Gather(s, x, graph.Const(s, tensor.New(tensor.WithShape(by.m), tensor.WithBacking(indices[k]))), by.axis)
	}
	if r.mode == "nearest" && r.coordinates != "tf_crop_and_resize" {
		return gathered(0), nil
	}
	sp := graph.SpecOf(x)
	if !sp.IsFloat() {
		return nil, errors.Errorf("it interpolates %v; want float32 or float64", sp)
	}
	column := make([]int, sp.Rank()-by.axis) // [m, 1, ..., 1]
	for i := range column {
		column[i] = 1
	}
	column[0] = by.m
	weight := func(v []float64) *gorgonia.Node {
		return ops.Cast(s, graph.Const(s, tensor.New(tensor.WithShape(column...), tensor.WithBacking(v))), sp.Dtype)
	}
	y := weight(beyond)
	for k := range indices {
		y = ops.Add(s, y, ops.Mul(s, gathered(k), weight(factors[k])))
	}
	return y, nil
}
