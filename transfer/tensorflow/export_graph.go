package tensorflow

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// exporter writes the nodes of a graph as nodes of TensorFlow's.
type exporter struct {
	g       *graph.Graph
	cfg     ExportConfig
	fixed   map[*gorgonia.Node]*tensor.Dense // what never changes: ExportConfig.Constants
	frozen  *graph.Session                   // whose variables become constants; nil for none
	keep    map[*gorgonia.Node]bool          // what is written
	nodes   []tffile.NodeDef
	names   map[string]bool
	own     map[*gorgonia.Node]string         // the name of a node's own NodeDef
	tensors map[*gorgonia.Node]string         // where a node's value is: "name" or "name:1"
	handles map[*gorgonia.Node]variableNodes  // of variables
	entries map[entry]string                  // values that have entered a branch
	common  map[string]string                 // nodes that several ops share
	dtypes  map[string]tffile.DType           // of the tensors that nodes have
	extras  map[*gorgonia.Node]gorgonia.Nodes // the extra outputs of an op
}

// newExporter chooses what is written.
func newExporter(g *graph.Graph, cfg ExportConfig) (*exporter, error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	e := &exporter{g: g, cfg: cfg, fixed: map[*gorgonia.Node]*tensor.Dense{}, names: map[string]bool{}, own: map[*gorgonia.Node]string{},
		tensors: map[*gorgonia.Node]string{}, handles: map[*gorgonia.Node]variableNodes{}, entries: map[entry]string{}, extras: map[*gorgonia.Node]gorgonia.Nodes{}, dtypes: map[string]tffile.DType{}, common: map[string]string{}}
	for n, value := range cfg.Constants {
		d := g.Describe(n)
		if d.Kind != graph.PlaceholderNode {
			return nil, errors.Errorf("Constants has %s, which is no placeholder of the graph", d.Name)
		}
		v, err := constantOf(d, value)
		if err != nil {
			return nil, err
		}
		e.fixed[n] = v
	}
	for i, n := range cfg.Outputs {
		if g.Describe(n).Kind == graph.BadNode {
			return nil, errors.Errorf("output %d, %s, is no node of the graph", i, g.Describe(n).Name)
		}
	}
	return e, nil
}

// constantOf makes a tensor of what Constants gives a placeholder.
func constantOf(d graph.Description, value interface{}) (*tensor.Dense, error) {
	scratch := graph.New(graph.Config{})
	c := graph.ConstOf(scratch.Scope(), d.Spec.Dtype, value)
	if err := scratch.Err(); err != nil {
		return nil, errors.Errorf("the constant for %s, %v, is %v: %v", d.Name, d.Spec, value, errors.Cause(err))
	}
	if sp := graph.SpecOf(c); sp.Dtype != d.Spec.Dtype || !graph.Compatible(sp.Shape, d.Spec.Shape) {
		return nil, errors.Errorf("the constant for %s is %v; want %v", d.Name, sp, d.Spec)
	}
	return scratch.ValueOf(c), nil
}

// write makes all nodes.
func (e *exporter) write() error {
	all := append(e.g.Variables(), e.g.Operations()...)
	e.choose(all)
	for _, n := range all { // the graph's names come before those that are made up
		if e.keep[n] {
			e.own[n] = e.unique(network.ValidName(e.g.NameOf(n)))
		}
	}
	return e.writeAll(all)
}

// writeAll writes those of the nodes that are kept.
func (e *exporter) writeAll(all gorgonia.Nodes) error {
	for _, n := range all {
		if d := e.g.Describe(n); e.keep[n] && d.Producer != nil {
			e.extras[d.Producer] = append(e.extras[d.Producer], n)
		}
	}
	unsupported := map[string]int{}
	for _, n := range all {
		if !e.keep[n] {
			continue
		}
		d := e.g.Describe(n)
		err := e.writeNode(n, d)
		e.dtypes[e.tensors[n]] = dtypeOf(d.Spec)
		if errors.Is(err, errNoForm) {
			unsupported[d.Op]++
			e.tensors[n] = e.own[n]
			continue
		}
		if err != nil {
			return errors.Wrapf(err, "%s (%s)", d.Name, d.Op)
		}
	}
	return network.Unsupported("the graph", "ops", unsupported)
}

// errNoForm is the error of an op that TensorFlow cannot express.
var errNoForm = errors.New("TensorFlow has no form of it")

// writeNode writes one node; those that it needs are written.
func (e *exporter) writeNode(n *gorgonia.Node, d graph.Description) error {
	if v := e.fixed[n]; v != nil {
		return e.writeConst(n, v)
	}
	switch d.Kind {
	case graph.VariableNode:
		return e.writeVariable(n, d)
	case graph.PlaceholderNode:
		return e.writePlaceholder(n, d)
	case graph.ConstNode:
		return e.writeConst(n, e.g.ValueOf(n))
	case graph.ExtraOutputNode: // its producer has written it
		if e.tensors[n] == "" {
			return errNoForm
		}
		return nil
	}
	return e.writeOp(n, d)
}

func (e *exporter) writeConst(n *gorgonia.Node, v *tensor.Dense) error {
	t, err := tensorProto(v)
	if err != nil {
		return err
	}
	e.tensors[n] = e.own[n]
	e.addNode(e.own[n], "Const", attrs{"dtype": t.DType, "value": &t})
	return nil
}

func (e *exporter) writePlaceholder(n *gorgonia.Node, d graph.Description) error {
	e.tensors[n] = e.own[n]
	a := attrs{"dtype": dtypeOf(d.Spec), "shape": protoShape(d.Spec)}
	v := e.g.ValueOf(n)
	if v == nil {
		e.addNode(e.own[n], "Placeholder", a)
		return nil
	}
	t, err := tensorProto(v)
	if err != nil {
		return err
	}
	input := e.unique(e.own[n] + "/input")
	e.addNode(input, "Const", attrs{"dtype": t.DType, "value": &t})
	e.addNode(e.own[n], "PlaceholderWithDefault", a, input)
	return nil
}

// addNode adds a node of that very name.
func (e *exporter) addNode(name, op string, a attrs, in ...string) {
	e.nodes = append(e.nodes, tffile.NodeDef{Name: name, Op: op, Inputs: in, Attrs: a.encode()})
}

// output is a node's output number k as an input of others.
func output(node string, k int) string {
	if k == 0 {
		return node
	}
	return fmt.Sprintf("%s:%d", node, k)
}

// unique takes a name that is free: name, or name_1, name_2, ...
func (e *exporter) unique(name string) string {
	try := name
	for i := 1; e.names[try]; i++ {
		try = fmt.Sprintf("%s_%d", name, i)
	}
	e.names[try] = true
	return try
}

// control is a tensor's node as a control edge.
func control(tensor string) string {
	name, _, _ := strings.Cut(tensor, ":")
	return "^" + name
}

// full is a tensor's name with the number of the output, as signatures and collections have it.
func full(tensor string) string {
	if strings.Contains(tensor, ":") {
		return tensor
	}
	return tensor + ":0"
}

func (e *exporter) graphDef() tffile.GraphDef {
	return tffile.GraphDef{Nodes: e.nodes, Producer: tffile.GraphProducer}
}
