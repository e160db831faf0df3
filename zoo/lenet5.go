package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// LeNet5 is the network that read cheques: LeCun, Bottou, Bengio and Haffner,
// "Gradient-based learning applied to document recognition" (1998), figure 2. As has
// become usual, every map of C3 sees all of S2, subsampling is the plain average, and the output layer is dense.
//
//	endpoint   layer                        32 x 32 x 1
//	C1         conv 5x5, 6, tanh            28 x 28 x 6
//	S2         average pool 2x2             14 x 14 x 6
//	C3         conv 5x5, 16, tanh           10 x 10 x 16
//	S4         average pool 2x2             5 x 5 x 16
//	C5         conv 5x5, 120, tanh          1 x 1 x 120
//	F6         dense 84, tanh               84
//	output     dense 10: logits
//
// x is float, [batch, 32, 32, channels] with channels known; the digits of MNIST, 28 x 28, are padded by 2 on
// all sides. With NoTop it ends with C5, and other sizes from 28 up are taken too. Kernels are
// drawn by Glorot's rule, which suits tanh.
func LeNet5(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	n, h := newNet(s, "LeNet-5", x, cfg, 10, false)
	conv := func(name string, x *gorgonia.Node, filters int) *gorgonia.Node {
		l := s.Sub(name)
		return n.end(l, n.conv(l, x, filters, square(5), ops.Conv2DConfig{Activation: ops.Tanh}))
	}
	pool := func(name string, x *gorgonia.Node) *gorgonia.Node {
		l := s.Sub(name)
		return n.end(l, ops.AvgPool2D(l, x, ops.AvgPool2DConfig{}))
	}
	h = pool("S2", conv("C1", h, 6))
	h = pool("S4", conv("C3", h, 16))
	h = conv("C5", h, 120)
	if cfg.NoTop {
		return n.built(h)
	}
	f6 := s.Sub("F6")
	h = n.end(f6, n.dense(f6, ops.Flatten(f6, h), 84, ops.DenseConfig{Activation: ops.Tanh}))
	output := s.Sub("output")
	return n.built(n.end(output, n.dense(output, h, n.cfg.Classes, ops.DenseConfig{})))
}
