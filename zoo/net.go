package zoo

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// net is a network under construction.
type net struct {
	cfg   Config
	port  published           // that computes as cfg.Port
	norm  ops.BatchNormConfig // of its batch-norm layers
	model *Model
}

// newNet begins a network whose published weights have so many classes. It returns the
// network and x, which is a bad node where cfg is wrong or asks for what the network does not have.
func newNet(s *graph.Scope, name string, x *gorgonia.Node, cfg Config, classes int, widths bool, ports ...published) (*net, *gorgonia.Node) {
	n := &net{cfg: cfg, model: &Model{Name: name, Input: x, scope: s, cfg: cfg, ports: ports}}
	err := cfg.check(widths)
	if err == nil {
		n.port, err = cfg.Port.among(ports)
	}
	if err == nil {
		err = checkImage(graph.SpecOf(x))
	}
	if err != nil {
		x = s.Fail(name, gorgonia.Nodes{x}, graph.SpecOf(x), err)
	}
	if n.cfg.Classes == 0 {
		n.cfg.Classes = classes
	}
	if n.cfg.Width == 0 {
		n.cfg.Width = 1
	}
	return n, x
}

// checkImage returns an error for images without a pixel. Layers that pad take these, as TensorFlow's do, and the mean of their
// maps is NaN.
func checkImage(x graph.Spec) error {
	if x.Rank() == 4 && (x.Shape[1] == 0 || x.Shape[2] == 0) {
		return errors.Errorf("x is %v; want images whose height and width are 1 or more", x)
	}
	return nil
}

// built ends the network.
func (n *net) built(output *gorgonia.Node) *Model {
	n.model.Output = output
	return n.model
}

// end notes x as what the layer in scope s gives.
func (n *net) end(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	name := strings.TrimPrefix(strings.TrimPrefix(s.VariablePath(), n.model.scope.VariablePath()), "/")
	n.model.endpoints = append(n.model.endpoints, Endpoint{name, x})
	return x
}

// conv is a convolution layer in s.
func (n *net) conv(s *graph.Scope, x *gorgonia.Node, filters int, size [2]int, cfg ops.Conv2DConfig) *gorgonia.Node {
	if n.cfg.Kernel != nil {
		cfg.Kernel = n.cfg.Kernel
	}
	return ops.Conv2D(s, x, filters, size, cfg)
}

// dense is a dense layer in s.
func (n *net) dense(s *graph.Scope, x *gorgonia.Node, units int, cfg ops.DenseConfig) *gorgonia.Node {
	if n.cfg.Kernel != nil {
		cfg.Kernel = n.cfg.Kernel
	}
	return ops.Dense(s, x, units, cfg)
}

// batchNorm normalises x, with variables in s.
func (n *net) batchNorm(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	norm := n.norm
	if n.port.momentum != 0 {
		norm.Momentum = n.port.momentum
	}
	if n.cfg.Momentum != 0 {
		norm.Momentum = n.cfg.Momentum
	}
	return ops.BatchNorm(s, x, n.cfg.Training, norm)
}

// square is a window as high as it is wide.
func square(size int) [2]int { return [2]int{size, size} }

// padded is so many rows and columns on all sides.
func padded(by int) [2][2]int { return [2][2]int{{by, by}, {by, by}} }
