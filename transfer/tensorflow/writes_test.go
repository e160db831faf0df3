package tensorflow

import (
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// Control edges order what reads and writes variables, as in TensorFlow: "a" begins as 1, and y and then a are what they should be after one Run.
func TestImportWrites(t *testing.T) {
	float := tffile.Float32
	scalar := tffile.Shape{Sizes: []int{}}
	ref := []tffile.NodeDef{constDef("one", nil, float32(1)), constDef("ten", nil, float32(10)),
		def("a = VariableV2()", "dtype", float, "shape", scalar), def("a/Assign = Assign(a, one)"), def("a/read = Identity(a)"),
		def("b = VariableV2()", "dtype", float, "shape", scalar), def("b/Assign = Assign(b, one)"), def("b/read = Identity(b)")}
	resource := []tffile.NodeDef{constDef("one", nil, float32(1)), constDef("ten", nil, float32(10)), placeholderDef("p", tffile.Bool),
		def("a = VarHandleOp()", "dtype", float, "shape", scalar, "shared_name", "a"), def("a/Assign = AssignVariableOp(a, one)")}
	axes := constDef("axes", []int{0}, []int32{}...)
	axes.Inputs = []string{"^add"}
	function := tffile.MetaGraph{Graph: tffile.GraphDef{Functions: []tffile.Function{{Name: "f",
		Inputs:  []tffile.Arg{{Name: "v", DType: tffile.Resource}, {Name: "x", DType: float}},
		Outputs: []tffile.Arg{{Name: "r", DType: float}}, Nodes: []tffile.NodeDef{def("add = AssignAddVariableOp(v, x)"), def("twice = Mul(x, x)")},
		Returns: map[string]string{"r": "twice:z:0"}, ControlReturns: map[string]string{"add": "add"}}}}}
	for _, c := range []struct {
		name  string
		meta  tffile.MetaGraph
		nodes []tffile.NodeDef
		y, a  float32
	}{
		{"two variables in order", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("now = Identity(a, ^add)"),
			def("copy = Assign(b, now)"), def("y = Identity(b, ^copy)")), 11, 11},
		{"a reference read by an op", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("y = Add(a, ten, ^add)")), 21, 11},
		{"a reference written", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("y = Assign(b, a, ^add)")), 11, 11},
		{"through groups", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("inner = NoOp(^add)"), def("group = NoOp(^inner)"),
			def("y = Identity(a, ^group)")), 11, 11},
		{"a value from before", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("y = Mul(a/read, ten, ^add)")), 10, 11},
		{"a constant that waits", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), axes, def("y = Sum(ten, axes)")), 10, 11},
		{"a constant that is the output", tffile.MetaGraph{}, append(ref[:len(ref):len(ref)], def("add = AssignAdd(a, ten)"), def("y = Identity(ten, ^add)")), 10, 11},
		{"a resource", tffile.MetaGraph{}, append(resource[:len(resource):len(resource)], def("add = AssignAddVariableOp(a, ten)"), def("y = ReadVariableOp(a, ^add)")), 11, 11},
		{"a condition that writes", tffile.MetaGraph{}, append(resource[:len(resource):len(resource)],
			def("cond/Switch = Switch(p, p)"), def("cond/t = Identity(cond/Switch:1)"), def("cond/f = Identity(cond/Switch)"),
			def("cond/pred = Identity(p)"),
			def("cond/a = Switch(a, cond/pred)"), def("cond/ten = Switch(ten, cond/pred)"),
			def("cond/add = AssignAddVariableOp(cond/a:1, cond/ten:1)"),
			def("cond/then = ReadVariableOp(cond/a:1, ^cond/add)"), def("cond/else = ReadVariableOp(cond/a)"), def("y = Merge(cond/else, cond/then)")), 11, 11},
		{"a function that writes", function, append(resource[:len(resource):len(resource)], def("y = StatefulPartitionedCall(a, ten)", "f", tffile.Func{Name: "f"})), 100, 11},
		{"a function in order", function, append(resource[:len(resource):len(resource)],
			def("call = StatefulPartitionedCall(a, ten)", "f", tffile.Func{Name: "f"}), def("y = ReadVariableOp(a, ^call)")), 11, 11},
	} {
		g, net, err := importDefs(t, network.Config{Outputs: []string{"y"}}, c.meta, c.nodes...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		feeds := graph.Feeds{}
		for _, in := range net.Inputs {
			feeds[in.Node] = true
		}
		out, err := sess.Run(feeds, net.Outputs[0].Node)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		a, err := sess.Value(net.Variables[0].Node)
		if err != nil {
			t.Fatal(err)
		}
		if out.Tensor(0).Data() != c.y || a.Data() != c.a {
			t.Errorf("%s: y is %v and a becomes %v; want %v and %v", c.name, out.Tensor(0), a, c.y, c.a)
		}
	}
}

// What runs after an optimizer is no output by default; asked for, it is refused with what is not supported.
func TestImportAfterOptimizer(t *testing.T) {
	nodes := append(variablesDefs(), def("train_op = Identity(loss, ^step)"))
	_, net, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes...)
	if err != nil || len(net.Outputs) != 1 || net.Outputs[0].Name != "loss" {
		t.Errorf("got %v, %v", net, err)
	}
	_, _, err = importDefs(t, network.Config{Outputs: []string{"train_op"}}, tffile.MetaGraph{}, nodes...)
	if err == nil || !strings.Contains(err.Error(), "ApplyGradientDescent (1)") {
		t.Errorf("got %v", err)
	}
}
