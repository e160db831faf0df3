package onnx

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// exporting is a node that is being exported.
type exporting struct {
	*exporter
	graph.Description
	n       *gorgonia.Node
	from    int             // where its nodes begin in the model
	own     map[string]bool // the values that they compute
	images  bool            // the result has the channels first
	refused string          // why it cannot be exported
}

// exportFunc adds the nodes that compute an op, and returns the name of its output; "" where it has noted the form of it itself.
type exportFunc func(c *exporting) string

// result notes where the output stands, under the name of the graph's node where nothing else has that.
func (c *exporting) result(y string) {
	if name := c.Name; c.own[y] && !c.taken[name] {
		c.taken[name] = true
		nodes := c.model.Graph.Nodes[c.from:]
		for i := range nodes {
			for _, names := range [][]string{nodes[i].Inputs, nodes[i].Outputs} {
				for k := range names {
					if names[k] == y {
						names[k] = name
					}
				}
			}
			if nodes[i].Name == y {
				nodes[i].Name = name
			}
		}
		y = name
	}
	if c.images {
		c.form(c.n).first = y
	} else {
		c.form(c.n).plain = y
	}
}

// refuse says why the node cannot be exported.
func (c *exporting) refuse(format string, args ...interface{}) string {
	c.refused = fmt.Sprintf(format, args...)
	return "refused"
}

// in is the spec of input i.
func (c *exporting) in(i int) graph.Spec { return graph.SpecOf(c.Inputs[i]) }

// x is input i as the graph lays it out.
func (c *exporting) x(i int) string { return c.plain(c.Inputs[i]) }

// image is input i with the channels first; the result has them so too.
func (c *exporting) image(i int) string {
	c.images = true
	return c.exporter.first(c.Inputs[i])
}

// isImage tells whether input i stands in the model with the channels first only.
func (c *exporting) isImage(i int) bool {
	f := c.forms[c.Inputs[i]]
	return f != nil && f.first != "" && f.plain == ""
}

// asIs is input i of rank 4 in the layout that it has in the model, and where its axes are there. The result has that layout too.
func (c *exporting) asIs(i int) (x string, axis func(a int) int) {
	rank := c.in(i).Rank()
	axis = func(a int) int { return (a + rank) % rank }
	if !c.isImage(i) {
		return c.x(i), axis
	}
	return c.image(i), func(a int) int { return [4]int{0, 2, 3, 1}[(a+4)%4] }
}

// together are inputs that are combined elementwise, in one layout: with the channels first where one of them is so already.
func (c *exporting) together(inputs ...int) []string {
	for _, i := range inputs {
		c.images = c.images || c.Spec.Rank() == 4 && c.isImage(i)
	}
	out := make([]string, len(inputs))
	for k, i := range inputs {
		if c.images {
			out[k] = c.beside(i)
		} else {
			out[k] = c.x(i)
		}
	}
	return out
}

// beside is input i as it is broadcast against images with the channels first.
func (c *exporting) beside(i int) string {
	n, shape := c.Inputs[i], c.in(i).Shape
	switch rank := len(shape); {
	case rank == 4:
		return c.exporter.first(n)
	case rank == 0:
		return c.x(i)
	case c.isStored(n):
		padded := []int{1, 1, 1, 1}
		copy(padded[4-rank:], shape)
		return c.initializer(n, padded, toFirst)
	default:
		axes := []int{0, 1, 2, 3}[:4-rank]
		return c.op("Transpose", attributes{"perm": toFirst}, c.op("Unsqueeze", nil, c.x(i), c.ints(axes...)))
	}
}

// all are together of every input.
func (c *exporting) all() []string {
	inputs := make([]int, len(c.Inputs))
	for i := range inputs {
		inputs[i] = i
	}
	return c.together(inputs...)
}

// op adds a node of one output, and returns its name.
func (c *exporting) op(op string, a attributes, inputs ...string) string {
	return c.ops(op, 1, a, inputs...)[0]
}

// ops is op with several outputs.
func (c *exporting) ops(op string, outputs int, a attributes, inputs ...string) []string {
	out := make([]string, outputs)
	for i := range out {
		out[i] = c.unique(c.Name + "/" + op)
		c.own[out[i]] = true
	}
	c.model.Graph.Nodes = append(c.model.Graph.Nodes, Node{Name: out[0], Op: op, Inputs: inputs, Outputs: out, Attributes: a.encode()})
	return out
}

// Operators of two operands and of one that formulas are written with.
func (c *exporting) add(a, b string) string       { return c.op("Add", nil, a, b) }
func (c *exporting) sub(a, b string) string       { return c.op("Sub", nil, a, b) }
func (c *exporting) mul(a, b string) string       { return c.op("Mul", nil, a, b) }
func (c *exporting) div(a, b string) string       { return c.op("Div", nil, a, b) }
func (c *exporting) f(op string, x string) string { return c.op(op, nil, x) }

// numLike is a number in the dtype of input i.
func (c *exporting) numLike(i int, v float64) string { return c.number(scalarOf(c.in(i).Dtype, v)) }

// num is a number in the dtype of the result.
func (c *exporting) num(v float64) string { return c.number(scalarOf(c.Spec.Dtype, v)) }

// cast gives x another dtype.
func (c *exporting) cast(x string, dt tensor.Dtype) string {
	return c.op("Cast", attributes{"to": dataType(dt)}, x)
}

// shapeOf is the shape of input i, as the graph lays it out.
func (c *exporting) shapeOf(i int) string {
	if sp := c.in(i); sp.Known() {
		return c.ints(sp.Shape...)
	}
	if c.isImage(i) {
		return c.op("Gather", nil, c.f("Shape", c.forms[c.Inputs[i]].first), c.ints(toLast...))
	}
	return c.f("Shape", c.x(i))
}

// reduce combines along axes, all where there are none.
func (c *exporting) reduce(op, x string, keep bool, axes ...int) string {
	a := attributes{"keepdims": keep}
	if op == "ReduceSum" {
		if len(axes) == 0 {
			return c.op(op, a, x)
		}
		return c.op(op, a, x, c.ints(axes...))
	}
	if len(axes) > 0 {
		a["axes"] = axes
	}
	return c.op(op, a, x)
}

// The op's parameters.
func (c *exporting) int(name string) int        { v, _ := c.Attrs[name].(int); return v }
func (c *exporting) bool(name string) bool      { v, _ := c.Attrs[name].(bool); return v }
func (c *exporting) float(name string) float64  { v, _ := c.Attrs[name].(float64); return v }
func (c *exporting) text(name string) string    { v, _ := c.Attrs[name].(string); return v }
func (c *exporting) pair(name string) [2]int    { v, _ := c.Attrs[name].([2]int); return v }
func (c *exporting) pads(name string) [2][2]int { v, _ := c.Attrs[name].([2][2]int); return v }
func (c *exporting) list(name string) []int {
	switch v := c.Attrs[name].(type) {
	case []int:
		return v
	case tensor.Shape:
		return v
	}
	return nil
}
