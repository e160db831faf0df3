package tensorflow

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// outputNames are the outputs of ops with several, as nodes of functions name them.
var outputNames = map[string][]string{
	"FusedBatchNorm":                      {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"},
	"FusedBatchNormV2":                    {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"},
	"FusedBatchNormV3":                    {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"},
	"Merge":                               {"output", "value_index"},
	"RefMerge":                            {"output", "value_index"},
	"RefSwitch":                           {"output_false", "output_true"},
	"SoftmaxCrossEntropyWithLogits":       {"loss", "backprop"},
	"SparseSoftmaxCrossEntropyWithLogits": {"loss", "backprop"},
	"Switch":                              {"output_false", "output_true"},
	"TopK":                                {"values", "indices"},
	"TopKV2":                              {"values", "indices"},
	"Unique":                              {"y", "idx"},
}

// firstOutput is the number of the first tensor of an op's output of that name.
func firstOutput(op, output string, functions map[string]*tffile.Function) int {
	if fn := functions[op]; fn != nil {
		return max(0, slices.IndexFunc(fn.Outputs, func(a tffile.Arg) bool { return a.Name == output }))
	}
	return max(0, slices.Index(outputNames[op], output))
}

// call adds the nodes of the function that n calls, if it does.
func (l *linker) call(n *node, depth int) error {
	switch n.op {
	case "PartitionedCall", "StatefulPartitionedCall":
		fn, ok := n.attrs["f"].Value.(tffile.Func)
		if !ok {
			return errors.New(`it has no function "f" to call`)
		}
		return l.inline(n, fn, n.in, depth)
	case "If", "StatelessIf":
		return l.branches(n, depth)
	}
	if l.functions[n.op] != nil { // called by its own name
		return l.inline(n, tffile.Func{Name: n.op, Attrs: n.attrs}, n.in, depth)
	}
	return nil
}

// inline adds the nodes of a function that n calls, and says what it returns.
func (l *linker) inline(n *node, call tffile.Func, args []ref, depth int) (err error) {
	b := body{prefix: n.name + "/"}
	if len(n.control) > 0 {
		if b.start, err = l.add(n.name+"/start", "NoOp"); err != nil {
			return err
		}
		b.start.control = slices.Clip(n.control)
	}
	var runs []*node
	if n.returns, runs, err = l.function(b, call, args, depth); err != nil {
		return err
	}
	return l.finish(n, runs)
}

// finish notes what runs in a call although no output may need it.
func (l *linker) finish(n *node, runs []*node) (err error) {
	if len(runs) > 0 {
		if n.done, err = l.add(n.name+"/done", "NoOp"); err == nil {
			n.done.control = runs
		}
	}
	return err
}

// function adds the nodes of a function where b says, and returns its outputs, and the nodes that it runs for their effects.
func (l *linker) function(b body, call tffile.Func, args []ref, depth int) (returns []ref, runs []*node, err error) {
	fn := l.functions[call.Name]
	if fn == nil {
		return nil, nil, errors.Errorf("it calls the function %q, which the graph does not have", call.Name)
	}
	if len(args) != len(fn.Inputs) {
		return nil, nil, errors.Errorf("it calls the function %q with %d arguments; want %d", call.Name, len(args), len(fn.Inputs))
	}
	b.args, b.attrs = map[string]ref{}, call.Attrs
	for i, a := range fn.Inputs {
		b.args[a.Name] = args[i]
	}
	nodes, err := l.body(fn.Nodes, b, depth+1)
	if err != nil {
		return nil, nil, err
	}
	returns = []ref{}
	for _, out := range fn.Outputs {
		r, err := inputOf(fn.Returns[out.Name], nodes, b.args, l.functions)
		if err != nil {
			return nil, nil, errors.Wrapf(err, "function %q, its output %q", call.Name, out.Name)
		}
		returns = append(returns, r)
	}
	for _, name := range slices.Sorted(maps.Keys(fn.ControlReturns)) {
		n := nodes[fn.ControlReturns[name]]
		if n == nil {
			return nil, nil, errors.Errorf("function %q, its control output %q: there is no node %q", call.Name, name, fn.ControlReturns[name])
		}
		runs = append(runs, n)
	}
	return returns, runs, nil
}

// branches makes of an If what TensorFlow 1 has: Switch nodes that lead the arguments into one of two functions, and
// Merge nodes that bring the results together.
func (l *linker) branches(n *node, depth int) error {
	if len(n.in) == 0 {
		return errors.New("it has no condition")
	}
	pred := n.in[0]
	switched := func(name string, x ref) (*node, error) {
		s, err := l.add(n.name+"/"+name, "Switch")
		if err == nil {
			s.in, s.control = []ref{x, pred}, slices.Clip(n.control)
		}
		return s, err
	}
	pivot, err := switched("switch", pred)
	if err != nil {
		return err
	}
	var into [2][]ref
	for i, arg := range n.in[1:] {
		s, err := switched("switch_"+strconv.Itoa(i+1), arg)
		if err != nil {
			return err
		}
		into[0], into[1] = append(into[0], ref{s, 0}), append(into[1], ref{s, 1})
	}
	var out [2][]ref
	var runs []*node
	for k, attr := range []string{"else_branch", "then_branch"} {
		fn, ok := n.attrs[attr].Value.(tffile.Func)
		if !ok {
			return errors.Errorf("it has no function %q", attr)
		}
		side, err := l.add(n.name+"/"+attr, "Identity")
		if err != nil {
			return err
		}
		side.in = []ref{{pivot, k}}
		var effects []*node
		if out[k], effects, err = l.function(body{prefix: n.name + "/" + attr + "/", pivot: side}, fn, into[k], depth); err != nil {
			return err
		}
		runs = append(runs, effects...)
	}
	if len(out[0]) != len(out[1]) {
		return errors.Errorf("its branches have %d and %d outputs", len(out[0]), len(out[1]))
	}
	n.returns = []ref{}
	for k := range out[0] {
		m, err := l.add(n.name+"/merge", "Merge")
		if err != nil {
			return err
		}
		m.in = []ref{out[0][k], out[1][k]}
		n.returns = append(n.returns, ref{m, 0})
	}
	return l.finish(n, runs)
}
