package tensorflow

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Import builds the graph, or the part of it that cfg asks for, in scope s.
//
// cfg.Outputs are tensors such as "dnn/outputs/BiasAdd" or "split:1", or outputs of the SavedModel's signature. By default they are those of
// the signature ("serving_default", or the first), and without one every tensor that nothing else needs, once savers, summaries,
// optimizers with their gradients, and what gives variables their first values are left out. Only what outputs need is built, and an op that
// is not supported matters only there: one error lists all of these, with their counts. README.md lists the ops that are supported.
//
// Inputs are the placeholders; cfg.Inputs may name any tensor to cut the graph there. Nodes have the names of
// the file, in scope s, and Network.Node finds each, also by the end of its name where only one has it ("BiasAdd" of
// "StatefulPartitionedCall/dense/BiasAdd"), and by the scope that it is the result of ("outputs" for "dnn/outputs/BiasAdd"). Functions are
// built in the place of their calls, conditions (Switch and Merge, If) as ops.Cond builds them.
//
// Control edges count as far as they order writes of variables: a node of tf.control_dependencies([assign]) runs after the write, and
// reads a variable as it then is. Those from an Assert, a summary or a queue are left out.
//
// Variables have their names in the file, in scope s, so that the training.Saver of graph.ModelVariables() restores the checkpoint
// which belongs to the graph; Network.Variables are the names in the checkpoint, for SaverConfig.Rename where s is not the
// root scope; the parts of a variable that a partitioner has cut have names of their own there, which checkpoints do not. sess.Init gives them the values of the checkpoint that was opened with the graph or, without one, those that the graph
// begins with: what it draws then has TensorFlow's distribution, but not its numbers. The collection trainable_variables says which
// are trained; where there is none it is floats that layers use, and no statistics of batch norm. In a graph without any variable, a frozen one,
// the constants that are the kernels, biases, scales and shifts of layers become trainable variables.
//
// The update ops of batch norm are those of graph.UpdateOps, and collections of nodes those of the graph, as far as they are built.
// A condition of training, as in tf.layers.batch_normalization, is the file's own placeholder; cfg.Training is not used.
func (g *Graph) Import(s *graph.Scope, cfg network.Config) (net *network.Network, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *graph.BuildError: // of a graph that panics on errors
			net, err = nil, errors.Wrap(r, format)
		default:
			net, err = nil, errors.Errorf("%s: the graph could not be built: %v", format, r)
		}
	}()
	im := &importer{file: g, scope: s, values: map[ref]*value{}, guards: map[*node][]branch{}, cut: map[ref]bool{}}
	if err := im.run(cfg); err != nil {
		return nil, errors.Wrap(err, format)
	}
	net = network.New(im.inputs, im.outputs, func(name string) (*gorgonia.Node, error) {
		x, err := im.find(name)
		return x, errors.Wrap(err, format)
	})
	net.Variables = im.saves
	return net, nil
}

// importer builds a graph.
type importer struct {
	file            *Graph
	scope           *graph.Scope
	values          map[ref]*value
	guards          map[*node][]branch
	cut             map[ref]bool       // tensors that cfg gives
	roots           []ref              // the outputs
	order           []*node            // what is built
	saves           []network.Endpoint // the variables, by their names in checkpoints
	inputs, outputs []network.Endpoint
}

func (im *importer) run(cfg network.Config) error {
	if err := im.scope.Graph().Err(); err != nil {
		return errors.Wrap(err, "the graph to build on has an error")
	}
	given, err := im.given(cfg)
	if err != nil {
		return err
	}
	wanted, err := im.wanted(cfg.Outputs)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		im.roots = append(im.roots, w.ref)
		if w.done != nil && w.done.writes {
			im.roots = append(im.roots, ref{w.done, 0})
		}
	}
	updates := im.updates(im.roots)
	if im.order, err = needed(slices.Concat(im.roots, updates), im.cut); err != nil {
		return err
	}
	if err := im.variables(); err != nil {
		return err
	}
	for _, n := range im.order {
		if err := im.build(n); err != nil {
			return errors.Wrapf(err, "node %q, %s", n.name, n.op)
		}
		if err := im.scope.Graph().Err(); err != nil {
			return errors.Wrapf(err, "node %q, %s", n.name, n.op)
		}
	}
	im.placeholders(given)
	for _, w := range wanted {
		x, err := im.node(w.ref)
		if err != nil {
			return errors.Wrapf(err, "the output %q", w.name)
		}
		after := im.values[w.ref].after
		if w.done != nil && w.done.writes {
			after = append(slices.Clip(after), im.values[ref{w.done, 0}].node)
		}
		if len(after) > 0 {
			x = graph.Identity(im.scope.After(after...), x)
		}
		im.outputs = append(im.outputs, network.Endpoint{Name: w.name, Node: x})
	}
	im.addUpdates(updates)
	im.collections()
	return im.scope.Graph().Err()
}

// given makes values of the inputs and constants that cfg has.
func (im *importer) given(cfg network.Config) (map[ref]string, error) {
	names := map[ref]string{}
	give := func(name string, v *value) error {
		r, err := im.file.tensor(name)
		if err != nil {
			return errors.Wrap(err, "Config.Inputs")
		}
		if im.cut[r] {
			return errors.Errorf("Config.Inputs and Constants give %q twice", name)
		}
		im.cut[r], im.values[r], names[r] = true, v, name
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Inputs)) {
		x := cfg.Inputs[name]
		if x == nil || x.Graph() != im.scope.Graph().Expr() {
			return nil, errors.Errorf("Config.Inputs[%q] is nil or belongs to another graph", name)
		}
		if err := give(name, &value{node: x}); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Constants)) {
		x, err := cfg.Constants[name].Read()
		if err != nil {
			return nil, errors.Wrapf(err, "Config.Constants[%q]", name)
		}
		if err := give(name, &value{node: graph.Const(im.scope, x), sizes: sizesOf(x)}); err != nil {
			return nil, err
		}
	}
	for r := range names {
		if _, isConstant := cfg.Constants[names[r]]; isConstant {
			delete(names, r)
		}
	}
	return names, nil
}

// placeholders notes the inputs in the file's order: those that are left, and those that cfg gives.
func (im *importer) placeholders(given map[ref]string) {
	built := map[*node]bool{}
	for _, n := range im.order {
		built[n] = true
	}
	cuts := map[*node][]network.Endpoint{}
	for _, r := range slices.SortedFunc(maps.Keys(given), func(a, b ref) int { return a.out - b.out }) {
		cuts[r.node] = append(cuts[r.node], network.Endpoint{Name: given[r], Node: im.values[r].node})
	}
	signature := map[ref]string{}
	for name, info := range im.file.signature.Inputs {
		if r, err := im.file.linked.tensor(info.Name); err == nil {
			signature[r] = name
		}
	}
	for _, n := range im.file.linked.nodes {
		im.inputs = append(im.inputs, cuts[n]...)
		r := ref{n, 0}
		if !built[n] || !isPlaceholder(n.op) || im.cut[r] {
			continue
		}
		name := n.name
		if s, ok := signature[r]; ok {
			name = s
		}
		im.inputs = append(im.inputs, network.Endpoint{Name: name, Node: im.values[r].node})
	}
}

// build builds a node.
func (im *importer) build(n *node) (err error) {
	if im.values[ref{n, 0}] != nil && !im.cut[ref{n, 0}] {
		return nil // a variable
	}
	guards, err := im.guardsOf(n)
	if err != nil {
		return err
	}
	im.guards[n] = guards
	scope := im.scope
	for _, b := range guards {
		pred, err := im.node(b.pred)
		if err != nil {
			return err
		}
		scope = scope.Branch(pred, b.taken)
	}
	after := im.writesBefore(n)
	scope = scope.After(after...)
	name := network.ValidName(n.name)
	c := &call{node: n, im: im, s: scope.As(name), parts: scope.NameScope(name)}
	for i, in := range n.in {
		v := im.values[in]
		switch {
		case v == nil:
			v = &value{} // an output that is not supported
		case len(after) > 0 && isReference(in) && !(i == 0 && keepsReference(n.op)):
			v = &value{node: graph.Read(c.parts, v.node)}
		}
		c.in = append(c.in, v)
	}
	outs, err := c.run()
	if err != nil {
		return err
	}
	for k, v := range outs {
		if r := (ref{n, k}); v != nil && !im.cut[r] {
			if len(after) > 0 && (v.node == nil || slices.Contains(c.in, v)) {
				passed := *v
				passed.after, v = after, &passed
			}
			if v.scope == nil {
				v.scope = c.s
			}
			im.values[r] = v
		}
	}
	return nil
}

// run runs the operator.
func (c *call) run() (outs []*value, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(callError)
			if !ok {
				panic(r)
			}
			err = e.error
		}
	}()
	if rule := sizeRules[c.op]; rule != nil {
		if z := rule(c); z != nil {
			return []*value{{sizes: z}}, nil
		}
	}
	return operators[c.op](c), nil
}

// node returns a tensor as a node.
func (im *importer) node(r ref) (*gorgonia.Node, error) {
	v := im.values[r]
	if v == nil {
		return nil, errors.Errorf("the tensor %q was not built", r)
	}
	return v.gorgonia()
}

// String is the tensor's name.
func (r ref) String() string {
	if r.node == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.name, r.out)
}
