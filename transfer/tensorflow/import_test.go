package tensorflow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// def describes a node: "name = Op(input, ^control)", and attributes in pairs.
func def(text string, attrs ...interface{}) tffile.NodeDef {
	name, rest, _ := strings.Cut(text, " = ")
	op, inputs, _ := strings.Cut(strings.TrimSuffix(rest, ")"), "(")
	n := tffile.NodeDef{Name: name, Op: op, Attrs: map[string]tffile.Attr{}}
	for _, in := range strings.Split(inputs, ", ") {
		if in != "" {
			n.Inputs = append(n.Inputs, in)
		}
	}
	for i := 0; i < len(attrs); i += 2 {
		n.Attrs[attrs[i].(string)] = tffile.Attr{Value: attrs[i+1]}
	}
	return n
}

func placeholderDef(name string, d tffile.DType, sizes ...int) tffile.NodeDef {
	return def(name+" = Placeholder()", "dtype", d, "shape", tffile.Shape{Sizes: sizes})
}

func constDef[T tffile.Element](name string, shape []int, values ...T) tffile.NodeDef {
	t, err := tffile.New("", shape, values)
	if err != nil {
		panic(err)
	}
	return def(name+" = Const()", "dtype", t.DType, "value", &t)
}

// importDefs imports a graph of these nodes, with an optional library of functions.
func importDefs(t *testing.T, cfg network.Config, meta tffile.MetaGraph, nodes ...tffile.NodeDef) (*graph.Graph, *network.Network, error) {
	t.Helper()
	meta.Graph.Nodes, meta.Graph.Producer = nodes, tffile.GraphProducer
	file, err := NewGraph(meta, nil)
	if err != nil {
		return nil, nil, err
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), cfg)
	return g, net, err
}

func runNode(t *testing.T, g *graph.Graph, feeds graph.Feeds, x *gorgonia.Node) *tensor.Dense {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(feeds, x)
	if err != nil {
		t.Fatal(err)
	}
	return out.Tensor(0)
}

// variablesDefs is a dense layer of TensorFlow 1 with everything around it: initial values, a saver, a summary, gradients, an optimizer.
func variablesDefs() []tffile.NodeDef {
	float := tffile.Float32
	return []tffile.NodeDef{
		placeholderDef("x", float, -1, 2),
		constDef("kernel/shape", []int{2}, int32(2), 3), constDef("kernel/scale", nil, float32(0.5)),
		def("kernel/random = TruncatedNormal(kernel/shape)", "dtype", float, "seed", int64(3)),
		def("kernel/value = Mul(kernel/random, kernel/scale)", "T", float),
		def("kernel = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: []int{2, 3}}),
		def("kernel/Assign = Assign(kernel, kernel/value)"), def("kernel/read = Identity(kernel)"),
		constDef("zeros", []int{3}, float32(7), 8, 9),
		def("bias = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: []int{3}}),
		def("bias/Assign = Assign(bias, zeros)"), def("bias/read = Identity(bias)"),
		def("doubled = VariableV2()", "dtype", float, "shape", tffile.Shape{Sizes: []int{3}}),
		def("twice = Add(bias, bias)"), def("doubled/Assign = Assign(doubled, twice)"), def("doubled/read = Identity(doubled)"),
		def("dnn/MatMul = MatMul(x, kernel/read)"), def("dnn/BiasAdd = BiasAdd(dnn/MatMul, bias/read)"), def("dnn/logits = Add(dnn/BiasAdd, doubled/read)"),
		constDef("axes", []int{2}, int32(0), 1), def("loss = Mean(dnn/logits, axes)"), def("loss/summary = ScalarSummary(tag, loss)"), def("tag = Const()"),
		def("gradients/Fill = Fill(axes, loss)"), def("gradients/MatMul = MatMul(x, gradients/Fill)", "transpose_a", true),
		def("step = ApplyGradientDescent(kernel, axes, gradients/MatMul)"), def("init = NoOp(^kernel/Assign, ^bias/Assign)"),
		def("names = Const()", "value", &tffile.Tensor{DType: tffile.String, Shape: []int{1}, Strings: []string{"layer/weights"}}),
		def("whole = Const()", "value", &tffile.Tensor{DType: tffile.String, Shape: []int{1}, Strings: []string{""}}),
		def("restore = RestoreV2(file, names, whole)"), def("file = Placeholder()", "dtype", tffile.String), def("restore/Assign = Assign(kernel, restore)"),
	}
}

// Variables begin with what the graph gives them, have their names, and those of the checkpoint; only the collection's are trained.
func TestImportVariables(t *testing.T) {
	meta := tffile.MetaGraph{Collections: map[string]tffile.Collection{
		"trainable_variables": {Bytes: []string{string(tffile.VariableDef{Name: "kernel:0"}.Encode()), string(tffile.VariableDef{Name: "bias:0"}.Encode())}},
		"losses":              {Nodes: []string{"loss:0"}}, "train_op": {Nodes: []string{"step"}}}}
	g, net, err := importDefs(t, network.Config{}, meta, variablesDefs()...)
	if err != nil {
		t.Fatal(err)
	}
	if len(net.Outputs) != 1 || net.Outputs[0].Name != "loss" || len(net.Inputs) != 1 || net.Inputs[0].Name != "x" {
		t.Errorf("inputs %v, outputs %v", net.Inputs, net.Outputs)
	}
	if got := names(g, g.Variables()); got != "kernel bias doubled" {
		t.Errorf("variables %s", got)
	}
	if got := names(g, g.Trainable()); got != "kernel bias" {
		t.Errorf("trainable %s", got)
	}
	if got := names(g, g.Collection("losses")); got != "loss" || len(g.Collection("train_op")) != 0 {
		t.Errorf("losses %s", got)
	}
	if net.Variables[0].Name != "layer/weights" || net.Variables[1].Name != "bias" {
		t.Errorf("names in checkpoints: %v", net.Variables)
	}
	values := func() (kernel, bias, doubled []float32) {
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		var out [3][]float32
		for i, v := range g.Variables() {
			x, err := sess.Value(v)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = x.Data().([]float32)
		}
		return out[0], out[1], out[2]
	}
	kernel, bias, doubled := values()
	for _, v := range kernel {
		if v == 0 || math.Abs(float64(v)) > 1 { // half of what is cut off at two standard deviations
			t.Errorf("the kernel begins as %v", kernel)
		}
	}
	if !slices.Equal(bias, []float32{7, 8, 9}) || !slices.Equal(doubled, []float32{14, 16, 18}) {
		t.Errorf("bias %v, doubled %v", bias, doubled)
	}
	if again, _, _ := values(); !slices.Equal(again, kernel) {
		t.Errorf("the kernel begins as %v, and with the same seed as %v", kernel, again)
	}
	// The network finds nodes by their names, by their ends, and by scopes.
	want, err := net.Node("dnn/BiasAdd:0")
	if err != nil {
		t.Fatal(err)
	}
	if x, err := net.Node("BiasAdd"); err != nil || x != want {
		t.Errorf("BiasAdd is %v, %v", x, err)
	}
	if x, err := net.Node("dnn"); err != nil || g.NameOf(x) != "dnn/logits" {
		t.Errorf("dnn is %v, %v", x, err)
	}
	for name, wrong := range map[string]string{"nothing": "no node", "step": "was not built", "dnn/MatMul:1": "was not built", "dnn/MatMul:x": "not a tensor"} {
		if _, err := net.Node(name); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: got %v; want %s", name, err, wrong)
		}
	}
}

// Without the collection trainable_variables, floats that layers use are trained, but not the statistics of batch norm, fused or not.
func TestImportTrainableByUse(t *testing.T) {
	variable := func(name string) tffile.NodeDef {
		return def(name+" = VarHandleOp()", "dtype", tffile.Float32, "shape", tffile.Shape{Sizes: []int{2}}, "shared_name", name)
	}
	read := func(name string) tffile.NodeDef { return def(name + "/read = ReadVariableOp(" + name + ")") }
	var nodes []tffile.NodeDef
	for _, name := range []string{"gamma", "beta", "mean", "variance", "scale", "shift", "mean2", "variance2", "bias"} {
		nodes = append(nodes, variable(name), read(name))
	}
	nodes = append(nodes, placeholderDef("x", tffile.Float32, -1, 3, 3, 2), constDef("epsilon", nil, float32(0.001)),
		def("add = AddV2(variance/read, epsilon)"), def("rsqrt = Rsqrt(add)"), def("mul = Mul(rsqrt, gamma/read)"), def("mul_1 = Mul(x, mul)"),
		def("mul_2 = Mul(mean/read, mul)"), def("sub = Sub(beta/read, mul_2)"), def("add_1 = AddV2(mul_1, sub)"),
		def("fused = FusedBatchNormV3(add_1, scale/read, shift/read, mean2/read, variance2/read)", "is_training", false), def("y = BiasAdd(fused, bias/read)"))
	g, _, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(g, g.Trainable()); got != "gamma beta scale shift bias" || len(g.ModelVariables()) != 9 {
		t.Errorf("trainable %s of %s", got, names(g, g.ModelVariables()))
	}
}

func names(g *graph.Graph, nodes gorgonia.Nodes) string {
	var out []string
	for _, n := range nodes {
		out = append(out, g.NameOf(n))
	}
	return strings.Join(out, " ")
}

// An op that only an initial value needs may be unknown: the variable can be restored.
func TestImportUnknownInitialValue(t *testing.T) {
	g, _, err := importDefs(t, network.Config{}, tffile.MetaGraph{}, placeholderDef("x", tffile.Float32, -1, 2), def("value = Mystery()"),
		def("w = VariableV2()", "dtype", tffile.Float32, "shape", tffile.Shape{Sizes: []int{2, 1}}), def("w/Assign = Assign(w, value)"), def("y = MatMul(x, w)"))
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err == nil || !strings.Contains(err.Error(), "Mystery (1)") || !strings.Contains(err.Error(), "restore") {
		t.Errorf("got %v", err)
	}
	if err := sess.SetValue(g.Variables()[0], [][]float32{{1}, {2}}); err != nil {
		t.Error(err)
	}
}

// A condition runs one of its branches, with constants that only its pivot places there; If is built likewise from functions.
func TestImportConditions(t *testing.T) {
	float := tffile.Float32
	lazy := []tffile.NodeDef{
		placeholderDef("x", float), placeholderDef("p", tffile.Bool),
		def("cond/Switch = Switch(p, p)"), def("cond/t = Identity(cond/Switch:1)"), def("cond/f = Identity(cond/Switch)"), def("cond/pred = Identity(p)"),
		def("cond/x = Switch(x, cond/pred)"), constDef("ten", nil, float32(10)), constDef("one", nil, float32(1)),
		def("cond/Mul = Mul(cond/x:1, ten)"), def("y = Merge(cond/one, cond/Mul)"),
	}
	one := constDef("cond/one", nil, float32(1))
	one.Inputs = []string{"^cond/f"}
	lazy = append(lazy, one)
	branch := func(name string, nodes []tffile.NodeDef, result string) tffile.Function {
		return tffile.Function{Name: name, Inputs: []tffile.Arg{{Name: "a", DType: float}}, Outputs: []tffile.Arg{{Name: "r", DType: float}}, Nodes: nodes,
			Returns: map[string]string{"r": result}}
	}
	functions := tffile.MetaGraph{Graph: tffile.GraphDef{Functions: []tffile.Function{
		branch("then", []tffile.NodeDef{constDef("k", nil, float32(10)), def("m = Mul(a, k:output:0)")}, "m:z:0"),
		branch("else", []tffile.NodeDef{constDef("k", nil, float32(1))}, "k:output:0")}}}
	strict := []tffile.NodeDef{placeholderDef("x", float), placeholderDef("p", tffile.Bool),
		def("y = If(p, x)", "then_branch", tffile.Func{Name: "then"}, "else_branch", tffile.Func{Name: "else"})}
	for _, c := range []struct {
		meta  tffile.MetaGraph
		nodes []tffile.NodeDef
	}{{tffile.MetaGraph{}, lazy}, {functions, strict}} {
		g, net, err := importDefs(t, network.Config{Outputs: []string{"y"}}, c.meta, c.nodes...)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := net.Node("x")
		p, _ := net.Node("p")
		for pred, want := range map[bool]float32{true: 30, false: 1} {
			if got := runNode(t, g, graph.Feeds{x: float32(3), p: pred}, net.Outputs[0].Node); got.Data() != want {
				t.Errorf("%v gives %v; want %v", pred, got, want)
			}
		}
	}
}

// Shapes that a graph works out from the shape of what it is fed.
func TestImportDynamicShapes(t *testing.T) {
	float := tffile.Float32
	begin, end, step := constDef("begin", []int{1}, int32(0)), constDef("end", []int{1}, int32(1)), constDef("step", []int{1}, int32(1))
	nodes := []tffile.NodeDef{
		placeholderDef("x", float, -1, -1, 2), begin, end, step, constDef("minus", nil, int32(-1)), constDef("two", nil, int32(2)), constDef("zero", []int{1}, int32(0)),
		def("shape = Shape(x)"), def("batch = StridedSlice(shape, begin, end, step)", "shrink_axis_mask", int64(1)),
		def("flat/shape = Pack(batch, minus)"), def("flat = Reshape(x, flat/shape)"),
		// and back, with two sizes that are not known
		constDef("one", []int{1}, int32(1)), constDef("three", []int{1}, int32(2)),
		def("time = StridedSlice(shape, one, three, step)", "shrink_axis_mask", int64(1)), def("rows = Mul(batch, time)"),
		def("rows/shape = Pack(rows, two)"), def("rowed = Reshape(x, rows/shape)"), def("back/shape = Pack(batch, time, two)"), def("back = Reshape(rowed, back/shape)"),
		constDef("half", nil, float32(0.5)), def("filled = Fill(back/shape, half)"), def("sum = Add(back, filled)"),
		def("noise = RandomUniform(shape)", "dtype", float), def("count = Size(x)"), def("count/float = Cast(count)", "DstT", float, "SrcT", tffile.Int32),
	}
	g, net, err := importDefs(t, network.Config{Outputs: []string{"flat", "back", "sum", "noise", "count/float"}}, tffile.MetaGraph{}, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	for _, sizes := range [][]int{{3, 4}, {1, 2}} {
		data := make([]float32, sizes[0]*sizes[1]*2)
		for i := range data {
			data[i] = float32(i)
		}
		feeds := graph.Feeds{net.Inputs[0].Node: tensor.New(tensor.WithShape(sizes[0], sizes[1], 2), tensor.WithBacking(data))}
		for i, want := range [][]int{{sizes[0], sizes[1] * 2}, {sizes[0], sizes[1], 2}, {sizes[0], sizes[1], 2}, {sizes[0], sizes[1], 2}, {}} {
			got := runNode(t, g, feeds, net.Outputs[i].Node)
			if !slices.Equal([]int(got.Shape()), want) && len(want) > 0 {
				t.Errorf("%s has the shape %v; want %v", net.Outputs[i].Name, got.Shape(), want)
			}
			switch i {
			case 2:
				if v := got.Data().([]float32); v[len(v)-1] != float32(len(data)-1)+0.5 {
					t.Errorf("sum is %v", v)
				}
			case 3:
				for _, v := range got.Data().([]float32) {
					if v < 0 || v >= 1 {
						t.Errorf("noise is %v", v)
					}
				}
			case 4:
				if got.Data() != float32(len(data)) {
					t.Errorf("count is %v; want %d", got, len(data))
				}
			}
		}
	}
}

// What is wrong with a graph, or with what is asked of it, is said.
func TestImportBadInput(t *testing.T) {
	float := tffile.Float32
	x := placeholderDef("x", float, -1, 2)
	relu := def("y = Relu(x)")
	g := graph.New(graph.Config{})
	foreign := graph.Placeholder(g.Scope(), "f", tensor.Float32, -1, 2)
	for name, c := range map[string]struct {
		nodes []tffile.NodeDef
		cfg   network.Config
		want  string
	}{
		"unsupported":     {[]tffile.NodeDef{x, def("a = Foo(x)"), def("b = Bar(a, a)"), def("c = Foo(b)")}, network.Config{}, "Bar (1), Foo (2)"},
		"not needed":      {[]tffile.NodeDef{x, relu, def("a = Foo(x)")}, network.Config{Outputs: []string{"y"}}, ""},
		"nowhere":         {[]tffile.NodeDef{def("y = Relu(z)")}, network.Config{}, `"z" is not in the graph`},
		"control":         {[]tffile.NodeDef{x, def("y = Relu(x, ^z)")}, network.Config{}, `"z" is not in the graph`},
		"twice":           {[]tffile.NodeDef{x, x}, network.Config{}, `two nodes have the name "x"`},
		"cycle":           {[]tffile.NodeDef{def("a = Relu(b)"), def("b = Relu(a)"), def("y = Relu(b)")}, network.Config{}, "loops are not supported"},
		"output":          {[]tffile.NodeDef{x, relu}, network.Config{Outputs: []string{"q"}}, `no node "q"`},
		"output 7":        {[]tffile.NodeDef{x, relu}, network.Config{Outputs: []string{"y:7"}}, `"y:7" was not built`},
		"input":           {[]tffile.NodeDef{x, relu}, network.Config{Inputs: map[string]*gorgonia.Node{"q": foreign}}, "another graph"},
		"nil":             {[]tffile.NodeDef{x, relu}, network.Config{Inputs: map[string]*gorgonia.Node{"x": nil}}, "nil"},
		"nothing":         {[]tffile.NodeDef{x}, network.Config{}, "no outputs"},
		"empty":           {nil, network.Config{}, "no outputs"},
		"rank":            {[]tffile.NodeDef{def("x = Placeholder()", "dtype", float, "shape", tffile.Shape{UnknownRank: true}), relu}, network.Config{}, "Config.Inputs"},
		"dtype":           {[]tffile.NodeDef{def("x = Placeholder()", "dtype", tffile.Complex64), relu}, network.Config{}, "complex64"},
		"shapes":          {[]tffile.NodeDef{x, constDef("k", []int{1, 3}, float32(1), 2, 3), def("y = MatMul(x, k)")}, network.Config{}, "MatMul"},
		"missing":         {[]tffile.NodeDef{x, def("y = MatMul(x)")}, network.Config{}, "number 1 is missing"},
		"no value":        {[]tffile.NodeDef{def("k = Const()"), def("y = Relu(k)")}, network.Config{}, "no value"},
		"computed axis":   {[]tffile.NodeDef{x, placeholderDef("k", tffile.Int32), def("y = Sum(x, k)")}, network.Config{}, "want a constant"},
		"no branches":     {[]tffile.NodeDef{x, relu, def("z = Merge(x, y)")}, network.Config{}, "two branches"},
		"no function":     {[]tffile.NodeDef{x, def("y = PartitionedCall(x)", "f", tffile.Func{Name: "g"})}, network.Config{}, `function "g"`},
		"variable":        {[]tffile.NodeDef{x, def("w = VariableV2()", "dtype", float), def("y = Add(x, w)")}, network.Config{}, "shape is not known"},
		"huge axis":       {[]tffile.NodeDef{x, constDef("k", []int{1}, int32(1<<30)), def("y = Sum(x, k)")}, network.Config{}, "axis"},
		"zero step":       {[]tffile.NodeDef{x, constDef("k", []int{1}, int32(0)), def("y = StridedSlice(x, k, k, k)")}, network.Config{}, "stride"},
		"divided by zero": {[]tffile.NodeDef{x, def("s = Shape(x)"), constDef("k", []int{1}, int32(0)), def("d = FloorDiv(s, k)"), def("y = Reshape(x, d)")}, network.Config{}, "divides by zero"},
	} {
		_, _, err := importDefs(t, c.cfg, tffile.MetaGraph{}, c.nodes...)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	calls := func(body string) tffile.MetaGraph {
		return tffile.MetaGraph{Graph: tffile.GraphDef{Functions: []tffile.Function{{Name: "f", Inputs: []tffile.Arg{{Name: "a", DType: float}},
			Outputs: []tffile.Arg{{Name: "r", DType: float}}, Nodes: []tffile.NodeDef{def(body, "f", tffile.Func{Name: "f"})}, Returns: map[string]string{"r": "c:output:0"}}}}}
	}
	_, _, err := importDefs(t, network.Config{}, calls("c = PartitionedCall(a)"), x, def("y = PartitionedCall(x)", "f", tffile.Func{Name: "f"}))
	if err == nil || !strings.Contains(err.Error(), "deeper") {
		t.Errorf("a function that calls itself: %v", err)
	}
}

// Functions that call others twice each make no graph of 2^50 nodes.
func TestImportManyCalls(t *testing.T) {
	var functions []tffile.Function
	for i := range 50 {
		call := tffile.Func{Name: fmt.Sprintf("f%d", i+1)}
		functions = append(functions, tffile.Function{Name: fmt.Sprintf("f%d", i), Inputs: []tffile.Arg{{Name: "a"}}, Outputs: []tffile.Arg{{Name: "r"}},
			Nodes: []tffile.NodeDef{def("b = PartitionedCall(a)", "f", call), def("c = PartitionedCall(b:output:0)", "f", call)}, Returns: map[string]string{"r": "c:output:0"}})
	}
	functions = append(functions, tffile.Function{Name: "f50", Inputs: []tffile.Arg{{Name: "a"}}, Outputs: []tffile.Arg{{Name: "r"}}, Returns: map[string]string{"r": "a"}})
	_, _, err := importDefs(t, network.Config{}, tffile.MetaGraph{Graph: tffile.GraphDef{Functions: functions}}, placeholderDef("x", tffile.Float32),
		def("y = PartitionedCall(x)", "f", tffile.Func{Name: "f0"}))
	if err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
}
