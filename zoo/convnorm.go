package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// convNorm is a convolution without a bias, with variables in the scope conv, and batch norm of it, with
// variables in norm.
func (n *net) convNorm(conv, norm *graph.Scope, x *gorgonia.Node, filters int, size [2]int, cfg ops.Conv2DConfig) *gorgonia.Node {
	cfg.NoBias = true
	return n.batchNorm(norm, n.conv(conv, x, filters, size, cfg))
}

// depthwiseNorm is a depthwise convolution of 3 x 3 windows without a bias, with variables in the scope conv, and
// batch norm of it, with variables in norm.
func (n *net) depthwiseNorm(conv, norm *graph.Scope, x *gorgonia.Node, cfg ops.DepthwiseConv2DConfig) *gorgonia.Node {
	cfg.NoBias = true
	if n.cfg.Kernel != nil {
		cfg.Kernel = n.cfg.Kernel
	}
	return n.batchNorm(norm, ops.DepthwiseConv2D(conv, x, square(3), cfg))
}
