package onnx

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// reduceOf is a sum with something before or behind.
func reduceOf(before func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node, behind func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) operator {
	through := func(f func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node) func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
			if before != nil {
				x = before(s, x)
			}
			y := f(s, x, axes...)
			if behind != nil {
				y = behind(s, y)
			}
			return y
		}
	}
	return reduce(through(ops.SumKeep), through(ops.Sum))
}

// instanceNormalization normalises each channel of each image.
func instanceNormalization(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	var p [3]*gorgonia.Node
	for i, name := range []string{"", "gamma", "beta"} {
		if i > 0 {
			if p[i], err = c.variable(i, name, true); err != nil {
				return nil, err
			}
		}
	}
	rank := c.rank(0)
	if rank < 3 {
		return nil, errors.Errorf("x has %d axes; want [batch, channels, ...]", rank)
	}
	var axes []int
	perChannel := []int{-1}
	for a := 2; a < rank; a++ {
		axes, perChannel = append(axes, a), append(perChannel, 1)
	}
	shaped := func(v *gorgonia.Node) *gorgonia.Node { return ops.Reshape(c.s, v, perChannel...) }
	return one(ops.Add(c.s, ops.Mul(c.s, normalised(c.s, x, c.float("epsilon", 1e-5), axes), shaped(p[1])), shaped(p[2]))), nil
}

// normalised has mean 0 and variance 1 along axes.
func normalised(s *graph.Scope, x *gorgonia.Node, epsilon float64, axes []int) *gorgonia.Node {
	d := ops.Sub(s, x, ops.MeanKeep(s, x, axes...))
	return ops.Mul(s, d, ops.Rsqrt(s, ops.AddScalar(s, ops.MeanKeep(s, ops.Square(s, d), axes...), epsilon)))
}

func layerNormalization(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	at, err := axis(c.int("axis", -1), c.rank(0))
	if err != nil {
		return nil, err
	}
	var axes []int
	for a := at; a < c.rank(0); a++ {
		axes = append(axes, a)
	}
	gamma, err := c.variable(1, "gamma", true)
	if err != nil {
		return nil, err
	}
	epsilon := c.float("epsilon", 1e-5)
	mean := ops.MeanKeep(c.s, x, axes...)
	d := ops.Sub(c.s, x, mean)
	inv := ops.Rsqrt(c.s, ops.AddScalar(c.s, ops.MeanKeep(c.s, ops.Square(c.s, d), axes...), epsilon))
	y := ops.Mul(c.s, ops.Mul(c.s, d, inv), gamma)
	if c.has(2) {
		beta, err := c.variable(2, "beta", true)
		if err != nil {
			return nil, err
		}
		y = ops.Add(c.s, y, beta)
	}
	return []*value{{node: y}, {node: mean}, {node: inv}}, nil
}

func meanVarianceNormalization(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	axes := c.list("axes")
	if axes == nil {
		axes = []int{0, 2, 3}
	}
	return one(normalised(c.s, x, 1e-9, axes)), nil
}

// hardmax is 1 at the first greatest element along an axis, else 0.
func hardmax(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	sp := graph.SpecOf(x)
	return ops.Cast(s, ops.OneHotOn(s, ops.ArgMax(s, x, sp.Rank()-1), sp.Shape[sp.Rank()-1], sp.Rank()-1, 1, 0), sp.Dtype)
}

// convTranspose is the gradient of a convolution for its images.
func convTranspose(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	shape := c.shape(1)
	if c.rank(0) != 4 || len(shape) != 4 {
		return nil, errors.Errorf("x has %d axes and the kernel is %v; want images and [in, out, height, width]", c.rank(0), shape)
	}
	w, err := c.window(shape[2:])
	if err != nil {
		return nil, err
	}
	var extra [2]int
	if p := c.list("output_padding"); len(p) == 2 {
		extra = [2]int(p)
	} else if p != nil {
		return nil, errors.Errorf("output_padding is %v; want 2 numbers", p)
	}
	if err := c.cutTo(&w, &extra, shape[2:]); err != nil {
		return nil, err
	}
	if c.weight(1) == nil {
		return nil, errors.New("its kernel is computed; want it stored in the model")
	}
	t, err := c.weight(1).Transpose(2, 3, 1, 0)
	if err != nil {
		return nil, err
	}
	groups := c.int("group", 1)
	cfg := ops.ConvTranspose2DConfig{Strides: w.strides, Pads: w.pads, OutputPadding: extra, Dilations: w.dilations, Groups: groups, Kernel: weights.Initializer(t), NoBias: !c.has(2)}
	if c.has(2) {
		if c.weight(2) == nil {
			return nil, errors.New("its bias is computed; want it stored in the model")
		}
		cfg.Bias = weights.Initializer(*c.weight(2))
	}
	y := ops.ConvTranspose2D(c.s, x, shape[1]*groups, [2]int{shape[2], shape[3]}, cfg)
	if c.made(1, "kernel"); c.has(2) {
		c.made(2, "bias")
	}
	return lastOne(y), nil
}

// cutTo finds the pads of a transposed convolution whose result has a size that is given: by output_shape, or
// by auto_pad, the images' times the strides.
func (c *call) cutTo(w *window, extra *[2]int, size []int) error {
	want := c.list("output_shape")
	if w.padding == ops.Valid && want == nil {
		return nil
	}
	in := c.shape(0)
	for a := range 2 {
		if in[2+a] < 0 {
			return errors.New("auto_pad or output_shape with images of unknown size is not supported; want pads")
		}
		to := in[2+a] * w.strides[a]
		if len(want) >= 2 {
			to = want[len(want)-2+a]
		}
		cut := w.strides[a]*(in[2+a]-1) + extra[a] + (size[a]-1)*w.dilations[a] + 1 - to
		if cut < 0 { // there are zeros behind
			extra[a] -= cut
			cut = 0
		}
		before := cut / 2
		if w.padding != ops.Same { // the odd one goes before, but for SAME_UPPER
			before = cut - cut/2
		}
		w.pads[a] = [2]int{before, cut - before}
	}
	w.padding = ops.Valid
	return nil
}

// negativeLogLikelihood picks -x at the labels along axis 1, with a weight for each class; labels that are ignored weigh nothing.
func (c *call) negativeLogLikelihood(x *gorgonia.Node) (*gorgonia.Node, error) {
	labels, err := c.x(1)
	if err != nil {
		return nil, err
	}
	s, sp := c.s, graph.SpecOf(x)
	if sp.Rank() < 2 || sp.Shape[1] < 0 {
		return nil, errors.Errorf("x is %v; want [batch, classes, ...] with the classes known", sp)
	}
	classes := sp.Shape[1]
	perm := []int{0}
	for a := 2; a < sp.Rank(); a++ {
		perm = append(perm, a)
	}
	last := ops.Transpose(s, x, append(perm, 1)...)
	// Labels that are ignored may lie outside of the classes.
	inside := ops.Maximum(s, ops.Minimum(s, labels, same64(s, labels, classes-1)), same64(s, labels, 0))
	picked := ops.Neg(s, ops.Sum(s, ops.MulNoNan(s, last, ops.Cast(s, ops.OneHot(s, inside, classes), sp.Dtype)), -1))
	var weight *gorgonia.Node
	if c.has(2) {
		w, err := c.x(2)
		if err != nil {
			return nil, err
		}
		weight = ops.Gather(s, w, inside, 0)
	}
	if a, ok := c.Attributes["ignore_index"]; ok {
		counts := ops.Cast(s, ops.NotEqual(s, labels, same64(s, labels, int(a.Int))), sp.Dtype)
		if weight == nil {
			weight = counts
		} else {
			weight = ops.Mul(s, weight, counts)
		}
	}
	if weight != nil {
		picked = ops.Mul(s, picked, weight)
	}
	switch r := c.text("reduction", "mean"); {
	case r == "none":
		return picked, nil
	case r == "sum":
		return ops.Sum(s, picked), nil
	case r == "mean" && weight == nil:
		return ops.Mean(s, picked), nil
	case r == "mean":
		return ops.Div(s, ops.Sum(s, picked), ops.Sum(s, weight)), nil
	default:
		return nil, errors.Errorf("the reduction %q", r)
	}
}

// same64 is an integer of the dtype of labels.
func same64(s *graph.Scope, labels *gorgonia.Node, v int) *gorgonia.Node {
	if graph.SpecOf(labels).Dtype == tensor.Int32 {
		return graph.Const(s, int32(v))
	}
	return graph.Const(s, int64(v))
}

func negativeLogLikelihoodLoss(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	y, err := c.negativeLogLikelihood(x)
	return one(y), err
}

func softmaxCrossEntropyLoss(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	perm, back := []int{0}, []int{0, c.rank(0) - 1}
	for a := 2; a < c.rank(0); a++ {
		perm, back = append(perm, a), append(back, a-1)
	}
	log := ops.Transpose(c.s, ops.LogSoftmax(c.s, ops.Transpose(c.s, x, append(slices.Clone(perm), 1)...)), back...)
	y, err := c.negativeLogLikelihood(log)
	return []*value{{node: y}, {node: log}}, err
}
