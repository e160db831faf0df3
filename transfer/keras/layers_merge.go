package keras

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// several is an error for no inputs, or such of different numbers of axes. A single one is what newer Keras has too.
func several(in gorgonia.Nodes) error {
	if len(in) == 0 {
		return errors.New("it is called with no inputs; want 1 or more")
	}
	for _, x := range in {
		if graph.SpecOf(x).Rank() != graph.SpecOf(in[0]).Rank() {
			return errors.Errorf("its inputs are %v and %v; want as many axes", graph.SpecOf(in[0]), graph.SpecOf(x))
		}
	}
	return nil
}

// merging takes two inputs at a time.
func merging(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) read {
	return func(o *options) build {
		return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
			if err := several(in); err != nil {
				return nil, err
			}
			y := in[0]
			for _, x := range in[1:] {
				y = f(c.s, y, x)
			}
			return gorgonia.Nodes{y}, nil
		}
	}
}

func readAverage(o *options) build {
	sum := merging(ops.Add)(o)
	return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
		y, err := sum(c, in)
		if err != nil {
			return nil, err
		}
		return gorgonia.Nodes{ops.Scale(c.s, y[0], 1/float64(len(in)))}, nil
	}
}

func readSubtract(o *options) build {
	difference := merging(ops.Sub)(o)
	return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
		if len(in) != 2 {
			return nil, errors.Errorf("it is called with %d inputs; want 2", len(in))
		}
		return difference(c, in)
	}
}

func readConcatenate(o *options) build {
	axis := o.integer("axis", -1)
	return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
		if err := several(in); err != nil {
			return nil, err
		}
		return gorgonia.Nodes{ops.Concat(c.s, axis, in...)}, nil
	}
}

// readDot contracts an axis of each of two inputs, for each example.
func readDot(o *options) build {
	axes, normalize := o.integers("axes"), o.flag("normalize", false)
	if len(axes) == 1 {
		axes = append(axes, axes[0])
	}
	if len(axes) != 2 {
		o.fail("axes is %s; want one number or two", describe(o.fields["axes"]))
	}
	return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
		if len(in) != 2 {
			return nil, errors.Errorf("it is called with %d inputs; want 2", len(in))
		}
		const letters = "bcdefghijklmnopqrstuvwxyz"
		next := 1
		subscripts, result := [2]string{}, "b"
		for k, x := range in {
			n := graph.SpecOf(x).Rank()
			axis := axes[k]
			if axis < 0 {
				axis += n
			}
			if axis < 1 || axis >= n || n > 8 {
				return nil, errors.Errorf("axes are %v; its inputs are %v and %v", axes, graph.SpecOf(in[0]), graph.SpecOf(in[1]))
			}
			for a := range n {
				switch a {
				case 0:
					subscripts[k] += "b"
				case axis:
					subscripts[k] += "a"
				default:
					subscripts[k] += letters[next : next+1]
					result += letters[next : next+1]
					next++
				}
			}
			if normalize {
				in[k] = unit(c, x, axis)
			}
		}
		y := ops.Einsum(c.s, subscripts[0]+","+subscripts[1]+"->"+result, in...)
		if result == "b" {
			y = ops.ExpandDims(c.s, y, 1)
		}
		return gorgonia.Nodes{y}, nil
	}
}
