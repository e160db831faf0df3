package keras

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

// read reads the options of a layer and returns what builds it.
type read func(o *options) build

// build builds one call of a layer.
type build func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error)

// call is a call of a layer under construction.
type call struct {
	*built
	im       *importer
	s        *graph.Scope   // the layer's, in which existing variables are used
	training *gorgonia.Node // nil for never
}

// built is what all calls of a layer share.
type built struct {
	name      string
	scope     *graph.Scope
	stored    []weights.Tensor
	trainable bool
	dtype     tensor.Dtype // of variables, with no type before the first call
	variables map[string]*gorgonia.Node
	parts     map[string]*built // layers in this one, by their direction
}

// weight is a weight of a layer as its config describes it.
type weight struct {
	name        string
	init        graph.Initializer // nil for one that is not supported
	initName    string
	regularizer ops.Regularizer
	constraint  graph.Constraint
	fixed       bool // never trained: a statistic
}

// weight reads what the config says of a weight, under keys that begin with prefix.
func (o *options) weight(name, prefix, init string) weight {
	w := weight{name: name, regularizer: o.regularizer(prefix + "_regularizer"), constraint: o.constraint(prefix + "_constraint")}
	w.init, w.initName = o.initializer(prefix+"_initializer", init)
	return w
}

// mostElements bounds weights that no file holds, and the values of an example: 1 GB as float32.
const mostElements = 1 << 28

// variable makes a weight, at the first call of a layer, and later finds it. Weights are made in the order in which Keras saves them.
func (c *call) variable(w weight, shape ...int) (*gorgonia.Node, error) {
	if v := c.variables[w.name]; v != nil {
		if !graph.SpecOf(v).Shape.Eq(tensor.Shape(shape)) {
			return nil, errors.Errorf("%s is %v from the first call of the layer; this one needs %v", w.name, graph.SpecOf(v), shape)
		}
		return v, nil
	}
	for _, d := range shape {
		if d < 0 {
			return nil, errors.Errorf("%s would be %v: a size of the input that it depends on is not known", w.name, shape)
		}
	}
	init, storedAs := w.init, ""
	if stored := c.im.stored; !stored.empty() {
		t, ok := pick(c.stored, w.name, len(c.variables))
		if !ok {
			return nil, errors.Errorf("the file of weights has no %s of this layer; want all weights in the file, or no file", w.name)
		}
		if !slices.Equal(t.Shape, shape) {
			return nil, errors.Errorf("the stored %q is %v; %s has the shape %v", t.Name, t.Shape, w.name, shape)
		}
		init, storedAs = weights.Initializer(t), t.Name
	} else if elements(shape) > mostElements {
		return nil, errors.Errorf("%s would be %v, more than %d elements", w.name, shape, mostElements)
	}
	if init == nil {
		return nil, errors.Errorf("no file has a value of %s, and the initializer %.100s is not supported", w.name, w.initName)
	}
	v := graph.Variable(c.scope, w.name, tensor.Shape(shape), graph.VariableConfig{
		Dtype: c.dtype, Initializer: init, NotTrainable: w.fixed || !c.trainable, Constraint: w.constraint, Collections: modelVariables(w.fixed || !c.trainable)})
	if c.trainable {
		w.regularizer.Enter(c.scope.Sub(w.name).NameScope("Regularizer"), v)
	}
	if c.variables[w.name] = v; storedAs != "" {
		c.im.variables = append(c.im.variables, network.Endpoint{Name: storedAs, Node: v})
	}
	return v, nil
}

// modelVariables is the collection that weights are in which do not enter it as trainable ones do.
func modelVariables(fixed bool) []string {
	if fixed {
		return []string{graph.ModelVariables}
	}
	return nil
}

// single makes a build of what computes one value from one.
func single(f func(c *call, x *gorgonia.Node) (*gorgonia.Node, error)) build {
	return func(c *call, in gorgonia.Nodes) (gorgonia.Nodes, error) {
		if len(in) != 1 {
			return nil, errors.Errorf("it is called with %d inputs; want 1", len(in))
		}
		y, err := f(c, in[0])
		return gorgonia.Nodes{y}, err
	}
}

// pointwise makes a build of a function; nil is the identity.
func pointwise(f ops.Activation) build {
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) { return apply(c, f, x), nil })
}

func apply(c *call, f ops.Activation, x *gorgonia.Node) *gorgonia.Node {
	if f == nil {
		return x
	}
	return f(c.s, x)
}

// rank is an error where x has another number of axes.
func rank(x *gorgonia.Node, want int) error {
	if sp := graph.SpecOf(x); sp.Rank() != want {
		return errors.Errorf("its input is %v; want %d axes", sp, want)
	}
	return nil
}

// sizes returns the sizes of all axes but the batch, which must be known.
func sizes(x *gorgonia.Node) (tensor.Shape, error) {
	sp := graph.SpecOf(x)
	if sp.Rank() < 1 {
		return nil, errors.Errorf("its input is %v; want a batch", sp)
	}
	for _, d := range sp.Shape[1:] {
		if d < 0 {
			return nil, errors.Errorf("its input is %v; want known sizes but for the batch", sp)
		}
	}
	return sp.Shape[1:].Clone(), nil
}
