package summary

import (
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

func TestGraph(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	h := ops.Dense(s.Sub("hidden"), x, 3, ops.DenseConfig{NoBias: true})
	_, indices := ops.TopK(s.NameScope("top"), h, 2)
	counter := graph.Variable(s, "counter", nil, graph.VariableConfig{Dtype: tensor.Int64, NotTrainable: true})
	count := graph.AssignAdd(s, counter, graph.Const(s, int64(1)))
	graph.Name(s.After(count), "out", indices)
	w := open(t, WriterConfig{})
	check(t, w.Graph(g))
	def, err := tffile.DecodeGraphDef(closed(t, w)[0].GraphDef)
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[string]tffile.NodeDef{}
	for _, n := range def.Nodes {
		if _, ok := nodes[n.Name]; ok {
			t.Errorf("two nodes are called %s", n.Name)
		}
		nodes[n.Name] = n
	}
	for _, n := range def.Nodes { // an input that is no node would be drawn as nothing
		for _, in := range n.Inputs {
			name, _, _ := strings.Cut(strings.TrimPrefix(in, "^"), ":")
			if _, ok := nodes[name]; !ok {
				t.Errorf("%s has the input %s, which is no node", n.Name, in)
			}
		}
	}
	shape := func(sizes ...int) tffile.Attr { return tffile.Attr{Value: tffile.Shape{Sizes: sizes}} }
	shapes := func(sizes ...int) tffile.Attr {
		return tffile.Attr{Value: []tffile.Shape{{Sizes: sizes}}}
	}
	for _, want := range []tffile.NodeDef{
		{Name: "X", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": {Value: tffile.Float32}, "shape": shape(-1, 4), "_output_shapes": shapes(-1, 4)}},
		{Name: "hidden/kernel", Op: "VariableV2", Attrs: map[string]tffile.Attr{"dtype": {Value: tffile.Float32}, "shape": shape(4, 3), "_output_shapes": shapes(4, 3)}},
	} {
		if got := nodes[want.Name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant\n%+v", got, want)
		}
	}
	if n := nodes["hidden/MatMul"]; n.Op != "MatMul" || !reflect.DeepEqual(n.Inputs, []string{"X", "hidden/kernel"}) || !reflect.DeepEqual(n.Attrs["_output_shapes"], shapes(-1, 3)) {
		t.Errorf("%+v", n)
	}
	out := nodes["out"]
	if len(out.Inputs) != 2 || !strings.HasPrefix(out.Inputs[0], "top/") || !strings.HasSuffix(out.Inputs[0], ":1") || out.Inputs[1] != "^After" {
		t.Errorf("the inputs of out are %q", out.Inputs)
	}
	if n := nodes["After"]; !reflect.DeepEqual(n.Inputs, []string{"^" + g.NameOf(count)}) {
		t.Errorf("%+v", n)
	}
	if top := nodes[strings.TrimSuffix(out.Inputs[0], ":1")]; !reflect.DeepEqual(top.Attrs["_output_shapes"].Value, []tffile.Shape{{Sizes: []int{-1, 2}}, {Sizes: []int{-1, 2}}}) {
		t.Errorf("%+v", top)
	}
}

func TestGraphErrors(t *testing.T) {
	w := open(t, WriterConfig{})
	if err := w.Graph(nil); err == nil {
		t.Error("a nil graph was written")
	}
	g := graph.New(graph.Config{})
	g.Node("missing")
	if err := w.Graph(g); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a graph with an error: %v", err)
	}
}
