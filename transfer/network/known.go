package network

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Known computes the value of a node while its graph is built, where that depends on constants alone: not on what is fed,
// learned or drawn. allow is asked first about every node that it depends on, the node itself among them, and may return an error,
// such as for one that is too large to compute: a short file can say any size.
func Known(g *graph.Graph, x *gorgonia.Node, allow func(n *gorgonia.Node, d graph.Description) error) (*tensor.Dense, error) {
	if err := constant(g, x, map[*gorgonia.Node]bool{}, allow); err != nil {
		return nil, err
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	out, err := sess.Run(nil, x)
	if err != nil {
		return nil, err
	}
	return out.Tensor(0), nil
}

// ErrComputed is the error of Known for a node that depends on more than constants.
var ErrComputed = errors.New("it is computed")

// constant returns an error unless n depends on constants alone, all of which are allowed.
func constant(g *graph.Graph, n *gorgonia.Node, seen map[*gorgonia.Node]bool, allow func(n *gorgonia.Node, d graph.Description) error) error {
	if seen[n] {
		return nil
	}
	seen[n] = true
	d := g.Describe(n)
	inputs := d.Inputs
	switch d.Kind {
	case graph.ConstNode:
	case graph.ExtraOutputNode:
		inputs = gorgonia.Nodes{d.Producer}
	case graph.OpNode:
		if def, ok := g.OpOf(n); !ok || def.Draws {
			return ErrComputed
		}
	default:
		return ErrComputed
	}
	if err := allow(n, d); err != nil {
		return err
	}
	for _, in := range inputs {
		if err := constant(g, in, seen, allow); err != nil {
			return err
		}
	}
	return nil
}
