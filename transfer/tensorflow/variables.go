package tensorflow

import (
	"sort"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// isVariable tells whether n is a variable: a reference, or a resource.
func isVariable(n *node) bool {
	return n.op == "VariableV2" || n.op == "Variable" || n.op == "VarHandleOp"
}

// isRead tells whether n reads a variable.
func isRead(n *node) bool {
	return (n.op == "Identity" || n.op == "ReadVariableOp") && len(n.in) == 1 && isVariable(same(n.in[0]).node)
}

// source returns the node from which a value comes through reads, switches and Identity nodes: a variable's, for example.
func source(r ref) *node {
	for steps := 0; steps < 1000; steps++ {
		switch r.op {
		case "Identity", "ReadVariableOp", "Switch", "RefSwitch", "RefIdentity", "Enter", "RefEnter":
			if len(r.in) > 0 {
				r = r.in[0]
				continue
			}
		}
		break
	}
	return r.node
}

// variables makes the variables that are needed, in the file's order, before any op can take their names.
func (im *importer) variables() error {
	position := map[*node]int{}
	for i, n := range im.file.linked.nodes {
		position[n] = i
	}
	file := im.file.roles()
	var found []*node
	for _, n := range im.order {
		if isVariable(n) || !file.hasVariables && n.op == "Const" && file.weight[n] {
			found = append(found, n)
		}
	}
	sort.Slice(found, func(i, j int) bool { return position[found[i]] < position[found[j]] })
	shared := map[string]*gorgonia.Node{} // resources of one name are one variable
	for _, n := range found {
		name := variableName(n)
		if shared[name] == nil {
			v, err := im.variable(n, name, file)
			if err != nil {
				return errors.Wrapf(err, "variable %q", n.name)
			}
			shared[name] = v
		}
		im.values[ref{n, 0}] = &value{node: shared[name]}
	}
	return nil
}

// variableName is the name under which a variable is shared and, as a rule, saved.
func variableName(n *node) string {
	if name, ok := n.attrs["shared_name"].Value.(string); ok && name != "" && n.op == "VarHandleOp" {
		return name
	}
	return n.name
}

// variable makes a variable.
func (im *importer) variable(n *node, name string, file *roles) (*gorgonia.Node, error) {
	var dt tensor.Dtype
	var shape tensor.Shape
	var init graph.Initializer
	if t, ok := n.attrs["value"].Value.(*tffile.Tensor); n.op == "Const" && ok {
		dt, shape, init = im.stored(n, t)
	} else {
		d, _ := n.attrs["dtype"].Value.(tffile.DType)
		if dt, ok = working(d); !ok {
			return nil, errors.Errorf("its dtype is %v; want floats, integers or bool", d)
		}
		saved, isSaved := im.saved(file.keys[n], n)
		if part := file.parts[n]; isSaved && part != "" {
			var err error
			if saved, err = cut(saved, part); err != nil {
				return nil, err
			}
		}
		if s, ok := n.attrs["shape"].Value.(tffile.Shape); ok && !s.UnknownRank && known(s.Sizes) {
			shape = s.Sizes
		} else if isSaved {
			shape = saved.Shape
		} else {
			return nil, errors.New("its shape is not known")
		}
		switch {
		case isSaved:
			init = weights.Initializer(saved)
		case file.initial[n] != nil:
			init = &initialValue{im: im, name: name, value: *file.initial[n], seed: im.scope.Graph().Seed()}
		default:
			init = noValue{}
		}
	}
	if dt.Type == nil {
		return nil, errors.New("its dtype is not supported; want floats, integers or bool")
	}
	v := graph.Variable(im.scope, network.ValidName(name), shape, graph.VariableConfig{Dtype: dt, Initializer: init,
		NotTrainable: !file.trainable[n] || dt != tensor.Float32 && dt != tensor.Float64, Collections: []string{graph.ModelVariables}})
	key := name
	if len(file.keys[n]) > 0 && file.parts[n] == "" {
		key = file.keys[n][0]
	}
	im.saves = append(im.saves, network.Endpoint{Name: key, Node: v})
	return v, im.scope.Graph().Err()
}

// stored describes a constant that becomes a variable.
func (im *importer) stored(n *node, t *tffile.Tensor) (tensor.Dtype, tensor.Shape, graph.Initializer) {
	w := stored(n.name, t)
	dt, _ := w.DType.Working()
	return dt, w.Shape, weights.Initializer(w)
}

// saved finds the value of a variable in the checkpoint.
func (im *importer) saved(keys []string, n *node) (weights.Tensor, bool) {
	if im.file.values == nil {
		return weights.Tensor{}, false
	}
	for _, key := range append(keys[:len(keys):len(keys)], variableName(n), n.name) {
		if t, ok := im.file.values.Lookup(key); ok {
			return t, true
		}
	}
	return weights.Tensor{}, false
}

func known(sizes []int) bool {
	for _, n := range sizes {
		if n < 0 {
			return false
		}
	}
	return true
}

// noValue is the initializer of a variable that must be restored.
type noValue struct{}

func (noValue) Initialize(v *graph.Initial) error {
	return errors.Errorf("%s: the graph gives the variable %s no value; restore it from a checkpoint (training.Saver, or OpenGraph of the checkpoint)", format, v.Name)
}
