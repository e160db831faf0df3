package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

// stores is a constant. One without a value, as in a graph whose weights lie beside it, has it in the file of these.
func stores(c *call) []*value {
	if t, ok := c.attrs["value"].Value.(*tffile.Tensor); ok {
		if _, ok := working(t.DType); !ok {
			c.fail("it is a constant of dtype %v; want floats, integers or bool", t.DType)
		}
		return []*value{{tensor: t}}
	}
	if c.im.file.values != nil {
		if t, ok := c.im.file.values.Lookup(c.name); ok {
			x, err := t.Read()
			c.check(err)
			return []*value{{node: graph.Const(c.s, x), sizes: sizesOf(x)}}
		}
	}
	c.fail("it has no value")
	return nil
}

// placeholder is an input. Its rank may follow from what uses it: labels of sparse losses are vectors.
func placeholder(c *call) []*value {
	dt := c.dtype("dtype", tffile.Invalid)
	shape, ok := c.attrs["shape"].Value.(tffile.Shape)
	old := c.im.file.meta.Graph.Producer < 24 && len(shape.Sizes) == 0 // these wrote unknown shapes as scalars
	if !ok || shape.UnknownRank || old {
		sizes, found := c.im.file.linked.shapeOfUse(c.node)
		if !found && !old {
			c.fail("the rank of the placeholder is unknown; give it a node in Config.Inputs")
		}
		shape.Sizes = sizes
	}
	return one(graph.Placeholder(c.im.scope, network.ValidName(c.name), dt, shape.Sizes...))
}

// shapeOfUse tells the shape of a placeholder that is used as labels.
func (l *linked) shapeOfUse(p *node) ([]int, bool) {
	for _, n := range l.nodes {
		switch n.op {
		case "SparseSoftmaxCrossEntropyWithLogits", "InTopK", "InTopKV2":
			if len(n.in) > 1 && source(n.in[1]) == p {
				return []int{graph.Unknown}, true
			}
		}
	}
	return nil, false
}

// placeholderWithDefault is an input that need not be fed.
func placeholderWithDefault(c *call) []*value {
	x, err := c.im.known(c, 0)
	c.check(err)
	return one(graph.PlaceholderWithDefault(c.im.scope, network.ValidName(c.name), x))
}

// variable is there before any op is built.
func variable(c *call) []*value {
	c.fail("the variable was not made")
	return nil
}

// noOp stands for the writes that it runs after, if there are some.
func noOp(c *call) []*value { return one(graph.Group(c.s)) }

// pass passes its input on.
func pass(c *call) []*value { return []*value{c.value(0)} }

// identity is a node of its own name, but a variable that it reads is the variable, and a constant the constant.
func identity(c *call) []*value {
	v := c.value(0)
	if v.node == nil || c.im.scope.Graph().IsVariable(v.node) || c.isPivot() {
		return []*value{v}
	}
	return []*value{{node: graph.Identity(c.s, v.node), sizes: v.sizes}}
}

func identityN(c *call) []*value {
	var out []*value
	for _, x := range c.xs(0, len(c.in)) {
		out = append(out, &value{node: graph.Identity(c.s, x)})
	}
	return out
}

// apart builds a node of which package ops makes several, and gives the last of them the name.
func apart(f operator) operator {
	return func(c *call) []*value {
		inside := *c
		inside.s = c.parts
		out := f(&inside)
		out[0] = &value{node: graph.Identity(c.s, out[0].node)}
		return out
	}
}

// initialized is true: a Run wants every variable that it needs initialised, and so does the first value of another one. It is what
// tf.Variable.initialized_value asks for.
func initialized(c *call) []*value { return one(graph.ConstOf(c.s, tensor.Bool, true)) }

func stopGradient(c *call) []*value { return one(graph.StopGradient(c.s, c.x(0))) }

func preventGradient(c *call) []*value {
	return one(ops.PreventGradient(c.s, c.x(0), c.text("message", "")))
}

func checkNumerics(c *call) []*value {
	return one(ops.CheckNumerics(c.s, c.x(0), c.text("message", "")))
}

// assign writes a variable.
func assign(c *call) []*value {
	write := map[string]func(s *graph.Scope, v, x *gorgonia.Node) *gorgonia.Node{
		"Assign": graph.Assign, "AssignVariableOp": graph.Assign, "AssignAdd": graph.AssignAdd, "AssignAddVariableOp": graph.AssignAdd,
		"AssignSub": graph.AssignSub, "AssignSubVariableOp": graph.AssignSub}[c.op]
	v := c.x(0)
	if !c.im.scope.Graph().IsVariable(v) {
		c.fail("its first input is not a variable")
	}
	return one(write(c.s, v, c.x(1)))
}
