package onnx

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// variable makes input i a variable of that name, turned by axes, or a node where it is computed.
func (c *call) variable(i int, name string, trainable bool, axes ...int) (*gorgonia.Node, error) {
	t := c.weight(i)
	if t == nil {
		x, err := c.x(i)
		if err == nil && axes != nil {
			x = ops.Transpose(c.s, x, axes...)
		}
		return x, err
	}
	stored := *t
	if axes != nil {
		var err error
		if stored, err = t.Transpose(axes...); err != nil {
			return nil, err
		}
	}
	dt, err := stored.Dtype()
	if err != nil {
		return nil, err
	}
	v := graph.Variable(c.s, name, tensor.Shape(stored.Shape), graph.VariableConfig{Dtype: dt, Initializer: weights.Initializer(stored), NotTrainable: !trainable})
	c.im.variables = append(c.im.variables, network.Endpoint{Name: t.Name, Node: v})
	return v, nil
}

// made notes variables of the node's scope that a layer of ops has made of the inputs from i on.
func (c *call) made(i int, names ...string) {
	for k, name := range names {
		if v, ok := c.s.Graph().Lookup(c.s.VariablePath() + "/" + name); ok {
			c.im.variables = append(c.im.variables, network.Endpoint{Name: c.weight(i + k).Name, Node: v})
		}
	}
}

// window reads how windows slide. strides, pads and dilations are those of two axes.
type window struct {
	size, strides, dilations [2]int
	padding                  ops.Padding
	pads                     [2][2]int
}

func (c *call) window(size []int) (window, error) {
	if len(size) != 1 && len(size) != 2 {
		return window{}, errors.Errorf("windows of %d axes; want 1, or 2 of images", len(size))
	}
	w := window{size: [2]int{1, 1}, strides: [2]int{1, 1}, dilations: [2]int{1, 1}}
	first := 2 - len(size) // a sequence is an image of one row
	copy(w.size[first:], size)
	for name, to := range map[string]*[2]int{"strides": &w.strides, "dilations": &w.dilations} {
		v := c.list(name)
		if v != nil && len(v) != len(size) {
			return w, errors.Errorf("%s are %v; want %d numbers", name, v, len(size))
		}
		copy(to[first:], v)
	}
	if p := c.list("pads"); len(p) == 2*len(size) {
		for a := range size {
			w.pads[first+a] = [2]int{p[a], p[a+len(size)]}
		}
	} else if p != nil {
		return w, errors.Errorf("pads are %v; want %d numbers", p, 2*len(size))
	}
	switch pad := c.text("auto_pad", "NOTSET"); pad {
	case "NOTSET":
	case "VALID":
		w.pads = [2][2]int{}
	case "SAME_UPPER":
		w.padding, w.pads = ops.Same, [2][2]int{}
	case "SAME_LOWER":
		w.padding, w.pads = ops.SameLower, [2][2]int{}
	default:
		return w, errors.Errorf("auto_pad is %q", pad)
	}
	return w, nil
}

// sequences makes of an operator on images one on sequences too, [batch, channels, length]: they are images of one
// row, and so are the kernels.
func sequences(f operator) operator {
	return func(c *call) ([]*value, error) {
		if !c.has(0) || c.rank(0) != 3 {
			return f(c)
		}
		x, err := c.x(0)
		if err != nil {
			return nil, err
		}
		row := *c
		row.in = slices.Clone(c.in)
		row.in[0] = &value{node: ops.ExpandDims(c.s, x, 2)}
		if c.has(1) && c.rank(1) == 3 {
			if t := c.weight(1); t != nil {
				k, err := t.Reshape(t.Shape[0], t.Shape[1], 1, t.Shape[2])
				if err != nil {
					return nil, err
				}
				row.in[1] = &value{tensor: &k}
			} else {
				k, err := c.x(1)
				if err != nil {
					return nil, err
				}
				row.in[1] = &value{node: ops.ExpandDims(c.s, k, 2)}
			}
		}
		out, err := f(&row)
		if err != nil {
			return nil, err
		}
		return one(ops.Transpose(c.s, ops.Squeeze(c.s, out[0].last, 1), 0, 2, 1)), nil
	}
}

func conv(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	shape := c.shape(1)
	if c.rank(0) != 4 || len(shape) != 4 {
		return nil, errors.Errorf("x has %d axes and the kernel is %v; want images and [out, in, height, width]", c.rank(0), shape)
	}
	w, err := c.window(shape[2:])
	if err != nil {
		return nil, err
	}
	kernel, err := c.variable(1, "kernel", true, 2, 3, 1, 0)
	if err != nil {
		return nil, err
	}
	y := ops.Convolution(c.s, x, kernel, ops.ConvolutionConfig{Strides: w.strides, Padding: w.padding, Pads: w.pads, Dilations: w.dilations, Groups: c.int("group", 1)})
	return c.biased(y)
}

// biased adds input 2, where it is there.
func (c *call) biased(y *gorgonia.Node) ([]*value, error) {
	if c.has(2) {
		bias, err := c.variable(2, "bias", true)
		if err != nil {
			return nil, err
		}
		y = ops.BiasAdd(c.s, y, bias)
	}
	return lastOne(y), nil
}

func maxPool(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	w, err := c.window(c.list("kernel_shape"))
	if err != nil {
		return nil, err
	}
	if c.int("storage_order", 0) != 0 || len(c.Outputs) > 1 {
		return nil, errors.New("indices of maxima are not supported")
	}
	return lastOne(ops.MaxPool2D(c.s, x, ops.MaxPool2DConfig{Size: w.size, Strides: w.strides, Dilations: w.dilations, Padding: w.padding, Pads: w.pads,
		CeilMode: c.int("ceil_mode", 0) != 0 && w.padding == ops.Valid})), nil
}

func averagePool(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	w, err := c.window(c.list("kernel_shape"))
	if err != nil {
		return nil, err
	}
	if w.dilations != [2]int{1, 1} { // since opset 19
		return nil, errors.New("means of windows with dilations are not supported")
	}
	return lastOne(ops.AvgPool2D(c.s, x, ops.AvgPool2DConfig{Size: w.size, Strides: w.strides, Padding: w.padding, Pads: w.pads,
		CountPadding: c.int("count_include_pad", 0) != 0, CeilMode: c.int("ceil_mode", 0) != 0 && w.padding == ops.Valid})), nil
}

func globalPool(f func(s *graph.Scope, x *gorgonia.Node, cfg ops.GlobalPoolConfig) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		x, err := c.image(0)
		if err != nil {
			return nil, err
		}
		return lastOne(f(c.s, x, ops.GlobalPoolConfig{KeepDims: true})), nil
	}
}

// batchNormalization is a layer where its parameters are stored: it follows network.Config's Training, and infers without that. Where they are computed it does as
// the node says.
func batchNormalization(c *call) ([]*value, error) {
	rank := c.rank(0)
	if rank < 2 {
		return nil, errors.Errorf("x has %d axes; want [batch, channels] or [batch, channels, ...]", rank)
	}
	for i := 1; i < 5; i++ {
		if c.weight(i) == nil {
			return c.batchNormOf()
		}
	}
	get, wrap, layout := c.x, one, ops.ChannelsFirst
	switch rank {
	case 2:
		layout = ops.ChannelsLast
	case 4:
		get, wrap, layout = c.image, lastOne, ops.ChannelsLast
	}
	x, err := get(0)
	if err != nil {
		return nil, err
	}
	init := func(i int) graph.Initializer { return weights.Initializer(*c.weight(i)) }
	y := ops.BatchNorm(c.s, x, c.im.cfg.Training, ops.BatchNormConfig{Momentum: zeroIs(c.float("momentum", 0.9)), Epsilon: zeroIs(c.float("epsilon", 1e-5)),
		Gamma: init(1), Beta: init(2), MovingMean: init(3), MovingVariance: init(4), DataFormat: layout})
	c.made(1, "gamma", "beta", "moving_mean", "moving_variance")
	return wrap(y), nil
}

// batchNormOf normalises by statistics that are computed, or with training_mode by those of the batch, which the moving ones then follow. The variance
// is the biased one for both.
func (c *call) batchNormOf() ([]*value, error) {
	var p [5]*gorgonia.Node
	for i := range p {
		var err error
		if p[i], err = c.x(i); err != nil {
			return nil, err
		}
	}
	s, rank := c.s, c.rank(0)
	axes, perChannel := []int{0}, []int{-1}
	for a := 2; a < rank; a++ {
		axes, perChannel = append(axes, a), append(perChannel, 1)
	}
	mean, variance := p[3], p[4]
	var moving []*value
	if c.int("training_mode", 0) != 0 {
		mean, variance = ops.Mean(s, p[0], axes...), ops.Variance(s, p[0], ops.VarianceConfig{Axes: axes})
		momentum := c.float("momentum", 0.9)
		follow := func(old, batch *gorgonia.Node) *value {
			return &value{node: ops.Add(s, ops.Scale(s, old, momentum), ops.Scale(s, batch, 1-momentum))}
		}
		moving = []*value{follow(p[3], mean), follow(p[4], variance)}
	}
	shaped := func(v *gorgonia.Node) *gorgonia.Node { return ops.Reshape(s, v, perChannel...) }
	scale := ops.Mul(s, p[1], ops.Rsqrt(s, ops.AddScalar(s, variance, c.float("epsilon", 1e-5))))
	y := ops.Add(s, ops.Mul(s, ops.Sub(s, p[0], shaped(mean)), shaped(scale)), shaped(p[2]))
	return append(one(y), moving...), nil
}

// zeroIs says zero explicitly, where zero means default.
func zeroIs(v float64) float64 {
	if v == 0 {
		return graph.Zero
	}
	return v
}

func lrn(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	size := c.int("size", 0)
	if size < 1 || size%2 == 0 {
		return nil, errors.Errorf("its size is %d; want an odd number", size)
	}
	return lastOne(ops.LRN(c.s, x, ops.LRNConfig{DepthRadius: size / 2, Bias: zeroIs(c.float("bias", 1)), Alpha: zeroIs(c.float("alpha", 1e-4) / float64(size)),
		Beta: zeroIs(c.float("beta", 0.75))})), nil
}

// gemm is alpha*a*b + beta*c.
func gemm(c *call) ([]*value, error) {
	a, err := c.x(0)
	if err != nil {
		return nil, err
	}
	transB := c.int("transB", 0) != 0
	var b *gorgonia.Node
	if c.weight(1) != nil && transB {
		transB = false
		b, err = c.variable(1, "kernel", true, 1, 0)
	} else {
		b, err = c.variable(1, "kernel", true)
	}
	if err != nil {
		return nil, err
	}
	y := ops.MatMulT(c.s, a, b, c.int("transA", 0) != 0, transB)
	if alpha := c.float("alpha", 1); alpha != 1 {
		y = ops.Scale(c.s, y, alpha)
	}
	if c.has(2) {
		bias, err := c.variable(2, "bias", true)
		if err != nil {
			return nil, err
		}
		if beta := c.float("beta", 1); beta != 1 {
			bias = ops.Scale(c.s, bias, beta)
		}
		y = ops.Add(c.s, y, bias)
	}
	return one(y), nil
}

// matMul makes a stored right operand a variable.
func matMul(c *call) ([]*value, error) {
	a, err := c.x(0)
	if err != nil {
		return nil, err
	}
	b, err := c.variable(1, "kernel", true)
	if err != nil {
		return nil, err
	}
	return one(ops.MatMul(c.s, a, b)), nil
}

func depthToSpace(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	return lastOne(ops.DepthToSpace(c.s, x, c.int("blocksize", 0), ops.DepthToSpaceConfig{PixelShuffle: c.text("mode", "DCR") == "CRD"})), nil
}

func spaceToDepth(c *call) ([]*value, error) {
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	return lastOne(ops.SpaceToDepth(c.s, x, c.int("blocksize", 0), ops.DepthToSpaceConfig{})), nil
}
