package keras

import (
	"encoding/json"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// functional describes a Functional model of Keras 3: the layers with what they are called with, then inputs and outputs.
func functional(layers, inputs, outputs string) string {
	return `{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "m", "layers": [` + layers + `], "input_layers": ` + inputs + `, "output_layers": ` + outputs + `}}`
}

// tensorOf is how Keras 3 writes the first output of a call.
func tensorOf(layer string, call string) string {
	return `{"class_name": "__keras_tensor__", "config": {"shape": [null, 2], "dtype": "float32", "keras_history": ["` + layer + `", ` + call + `, 0]}}`
}

func inputOf(name string) string {
	return `{"class_name": "InputLayer", "name": "` + name + `", "config": {"name": "` + name + `", "batch_shape": [null, 2], "dtype": {"class_name": "DTypePolicy", "config": {"name": "float64"}}}, "inbound_nodes": []}`
}

// A dense layer that is called twice, dropout that is not to drop, and the sum of both: the weights lie in the folders of Keras 3.
const shared = `{"class_name": "Dense", "name": "hidden", "config": {"name": "hidden", "units": 1, "activation": "linear"}, "inbound_nodes": [
	{"args": [A0], "kwargs": {}}, {"args": [B0], "kwargs": {}}]},
	{"class_name": "Dropout", "name": "drop", "config": {"name": "drop", "rate": 0.5}, "inbound_nodes": [{"args": [H0], "kwargs": {"training": false}}]},
	{"class_name": "Add", "name": "sum", "config": {"name": "sum"}, "inbound_nodes": [{"args": [[D0, H1]], "kwargs": {}}]}`

func sharedModel(t *testing.T, file *weights.File) *Model {
	t.Helper()
	text := strings.NewReplacer("A0", tensorOf("a", "0"), "B0", tensorOf("b", "0"), "H0", tensorOf("hidden", "0"), "H1", tensorOf("hidden", "1"), "D0", tensorOf("drop", "0")).Replace(shared)
	m, err := ParseModel([]byte(functional(inputOf("a")+","+inputOf("b")+","+text, `[["a", 0, 0], ["b", 0, 0]]`, `["sum", 0, 0]`)), file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func keras3File(t *testing.T) *weights.File {
	return memory(t, []string{"layers/dense/vars/0", "layers/dense/vars/1"}, [][]int{{2, 1}, {1}}, func(k, i int) float64 { return float64(10*k + i + 1) })
}

// evaluate initialises a session and runs it.
func evaluate(t *testing.T, g *graph.Graph, feeds graph.Feeds, fetches ...*gorgonia.Node) graph.Values {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKeras3(t *testing.T) {
	m := sharedModel(t, keras3File(t))
	g := graph.New(graph.Config{})
	on := graph.Const(g.Scope(), true)
	net, err := m.Import(g.Scope(), network.Config{Training: on})
	if err != nil {
		t.Fatal(err)
	}
	first, err := net.Node("hidden")
	if err != nil {
		t.Fatal(err)
	}
	second, err := net.Node("hidden:1")
	if err != nil {
		t.Fatal(err)
	}
	feeds := graph.Feeds{net.Inputs[0].Node: [][]float64{{1, 2}}, net.Inputs[1].Node: [][]float64{{3, 4}}}
	out := evaluate(t, g, feeds, first, second, net.Outputs[0].Node)
	for i, want := range []float64{1 + 2*2 + 11, 3 + 2*4 + 11, 16 + 22} {
		if got := out.Float64s(i)[0]; got != want {
			t.Errorf("value %d is %v; want %v", i, got, want)
		}
	}
	if net.Inputs[1].Name != "b" || net.Outputs[0].Name != "sum" {
		t.Errorf("got %v and %v", net.Inputs, net.Outputs)
	}
	for _, name := range []string{"hidden:2", "hidden:0:1", "other", "hidden:x", "hidden:0:0:0", "hidden:-1"} {
		if _, err := net.Node(name); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var names []string
	for _, v := range g.Trainable() {
		names = append(names, g.NameOf(v))
	}
	if want := []string{"hidden/kernel", "hidden/bias"}; !reflect.DeepEqual(names, want) {
		t.Errorf("the variables are %v; want %v", names, want)
	}
}

// Only what is wanted is built, on nodes and constants that the caller has.
func TestConfig(t *testing.T) {
	m := sharedModel(t, keras3File(t))
	g := graph.New(graph.Config{})
	x := graph.Const(g.Scope(), [][]float64{{1, 1}})
	b := memory(t, []string{"b"}, [][]int{{1, 2}}, func(_, i int) float64 { return float64(i) }).Tensors()[0]
	net, err := m.Import(g.Scope(), network.Config{Inputs: map[string]*gorgonia.Node{"a": x}, Constants: map[string]weights.Tensor{"b": b}, Outputs: []string{"hidden:1"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Node("sum"); err == nil {
		t.Error("what is not wanted was built")
	}
	if out := evaluate(t, g, nil, net.Outputs[0].Node); out.Float64s(0)[0] != 13 || net.Outputs[0].Name != "hidden:1" {
		t.Errorf("%s is %v; want 13", net.Outputs[0].Name, out.Float64s(0))
	}
	for want, cfg := range map[string]network.Config{
		`no input "c"; it has a, b`:  {Inputs: map[string]*gorgonia.Node{"c": x}},
		`no input "d"; it has a, b`:  {Constants: map[string]weights.Tensor{"d": b}},
		`there is no layer "absent"`: {Outputs: []string{"absent"}},
		"which is called 2 times":    {Outputs: []string{"hidden:2"}},
	} {
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// nested is a model in a model, as Keras 2 saves them; the inner one is frozen and has batch norm.
const nested = `{"class_name": "Sequential", "keras_version": "2.4.0", "config": {"name": "s", "layers": [
	{"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 2], "dtype": "float32"}},
	{"class_name": "Sequential", "config": {"name": "base", "trainable": false, "layers": [
		{"class_name": "InputLayer", "config": {"name": "y", "batch_input_shape": [null, 2]}},
		{"class_name": "Dense", "config": {"name": "d", "units": 2}}, {"class_name": "BatchNormalization", "config": {"name": "n"}}]}},
	{"class_name": "Dense", "config": {"name": "d", "units": 1, "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.5, "l2": 0.25}},
		"kernel_constraint": {"class_name": "NonNeg", "config": {}}, "bias_regularizer": {"class_name": "OrthogonalRegularizer", "config": {}},
		"activity_regularizer": "l2"}}]}}`

func TestTraining(t *testing.T) {
	f := memory(t, []string{"base/d/kernel", "base/d/bias", "base/n/gamma", "base/n/beta", "base/n/moving_mean", "base/n/moving_variance", "d/kernel", "d/bias"},
		[][]int{{2, 2}, {2}, {2}, {2}, {2}, {2}, {2, 1}, {1}}, func(k, i int) float64 { return float64(k - i) })
	m, err := ParseModel([]byte(nested), f)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := m.Import(g.Scope().Sub("net"), network.Config{Training: graph.Const(g.Scope(), true)})
	if err != nil {
		t.Fatal(err)
	}
	var all, trainable []string
	for _, v := range g.Variables() {
		all = append(all, g.NameOf(v))
	}
	for _, v := range g.Trainable() {
		trainable = append(trainable, g.NameOf(v))
	}
	if want := []string{"net/base/d/kernel", "net/base/d/bias", "net/base/n/gamma", "net/base/n/beta", "net/base/n/moving_mean", "net/base/n/moving_variance", "net/d/kernel", "net/d/bias"}; !reflect.DeepEqual(all, want) {
		t.Errorf("the variables are %v; want %v", all, want)
	}
	if want := []string{"net/d/kernel", "net/d/bias"}; !reflect.DeepEqual(trainable, want) {
		t.Errorf("trainable are %v; want %v", trainable, want)
	}
	if n := len(g.ModelVariables()); n != 8 {
		t.Errorf("%d model variables; want 8", n)
	}
	if n := len(g.UpdatesOf(net.Outputs[0].Node)); n != 0 {
		t.Errorf("%d updates; want none of frozen statistics", n)
	}
	kernel, _ := g.Lookup("net/d/kernel")
	if g.ConstraintOf(kernel) == nil {
		t.Error("the constraint is missing")
	}
	losses := g.Collection(graph.RegularizationLosses)
	if len(losses) != 1 {
		t.Fatalf("%d losses; want 1", len(losses))
	}
	if _, err := net.Node("base/n"); err != nil {
		t.Error(err)
	}
	out := evaluate(t, g, nil, losses[0]) // of the kernel 6, 5
	if want := 0.5*11 + 0.25*(36+25); math.Abs(float64(out.Float32s(0)[0])-want) > 1e-5 {
		t.Errorf("the loss is %v; want %v", out.Float32s(0)[0], want)
	}
	if got, want := m.Ignored(), []string{"d: bias_regularizer OrthogonalRegularizer", "d: activity_regularizer l2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("ignored are %q; want %q", got, want)
	}
}

// Without a file the variables begin as the config says, and a network can be trained from there.
func TestInitializers(t *testing.T) {
	init := func(class, config string) string {
		return `{"class_name": "` + class + `", "config": {` + config + `}}`
	}
	for text, want := range map[string]string{
		`"zeros"`: "zeros", init("Ones", ""): "Ones", init("Constant", `"value": 2`): "Constant", init("RandomNormal", `"mean": 1, "stddev": 0`): "RandomNormal",
		init("RandomUniform", `"minval": -1, "maxval": 1`): "RandomUniform", init("TruncatedNormal", ""): "TruncatedNormal", init("Orthogonal", `"gain": 1.0`): "Orthogonal",
		init("Identity", ""): "Identity", init("VarianceScaling", `"scale": 2, "mode": "fan_out", "distribution": "uniform"`): "VarianceScaling", `"he_normal"`: "he_normal",
		init("GlorotUniform", `"seed": null`): "GlorotUniform", init("LecunNormal", ""): "LecunNormal",
	} {
		config := sequential("2.4.0", []int{3}, layerOf("Dense", "d", `"units": 3, "kernel_initializer": `+text))
		if y := compute(t, config, nil, 1, []float64{1, 2, 3}); !y.Shape().Eq(tensor.Shape{1, 3}) {
			t.Errorf("%s: got %v", want, y.Shape())
		}
	}
	config := sequential("2.4.0", []int{1}, layerOf("Dense", "d", `"units": 2, "kernel_initializer": {"class_name": "Constant", "config": {"value": 2}}, "bias_initializer": "ones"`))
	compare(t, "constants", compute(t, config, nil, 1, []float64{3}).Data().([]float64), []float64{7, 7}, 0)
	m, err := ParseModel([]byte(sequential("2.4.0", []int{2}, layerOf("Dense", "d", `"units": 1, "kernel_initializer": "own"`))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), "initializer own is not supported") {
		t.Errorf("got %v", err)
	}
}

// An LSTM whose bias begins with ones for the forget gates.
func TestForgetBias(t *testing.T) {
	m, err := ParseModel([]byte(sequential("2.4.0", []int{2, 1}, layerOf("LSTM", "l", `"units": 2, "return_state": true`))), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	bias, _ := g.Lookup("l/bias")
	state, err := net.Node("l:0:2")
	if err != nil {
		t.Fatal(err)
	}
	out := evaluate(t, g, graph.Feeds{net.Inputs[0].Node: [][][]float64{{{1}, {2}}}}, bias, state)
	if want := []float64{0, 0, 1, 1, 0, 0, 0, 0}; !slices.Equal(out.Float64s(0), want) {
		t.Errorf("the bias is %v; want %v", out.Float64s(0), want)
	}
	if !out.Tensor(1).Shape().Eq(tensor.Shape{1, 2}) {
		t.Errorf("the state is %v", out.Tensor(1).Shape())
	}
}

// The other gates begin as the config says.
func TestForgetBiasBesideAnother(t *testing.T) {
	m, err := ParseModel([]byte(sequential("2.4.0", []int{1, 1}, layerOf("LSTM", "l", `"units": 1, "bias_initializer": {"class_name": "Constant", "config": {"value": 0.5}}`))), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	if _, err := m.Import(g.Scope(), network.Config{}); err != nil {
		t.Fatal(err)
	}
	bias, _ := g.Lookup("l/bias")
	if got, want := evaluate(t, g, nil, bias).Float64s(0), []float64{0.5, 1, 0.5, 0.5}; !slices.Equal(got, want) {
		t.Errorf("the bias is %v; want %v", got, want)
	}
}

// The JSON that Keras 3's model.to_json writes says no version, but the modules of its classes, which Keras 2 writes beside its version only.
func TestVersionByModule(t *testing.T) {
	layer := layerOf("Activation", "a", `"activation": "hard_sigmoid"`)
	old := strings.Replace(sequential("", []int{1}, layer), `"keras_version": "", `, "", 1)
	compare(t, "of Keras 2", compute(t, old, nil, 1, []float64{1}).Data().([]float64), []float64{0.7}, 1e-12)
	config := strings.Replace(old, "{", `{"module": "keras", `, 1)
	compare(t, "of Keras 3", compute(t, config, nil, 1, []float64{1}).Data().([]float64), []float64{1.0/6 + 0.5}, 1e-12)
}

// A penalty whose numbers cannot be read is not taken for another one.
func TestUnreadableRegularizers(t *testing.T) {
	m, err := ParseModel([]byte(sequential("2.4.0", []int{2}, layerOf("Dense", "d", `"units": 1, "kernel_regularizer": {"class_name": "L2", "config": {"l2": "much"}},
		"bias_constraint": {"class_name": "MaxNorm", "config": {"axis": 0.5}}`))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Ignored(), []string{`d: kernel_regularizer L2, l2 is "much"; want a number`, "d: bias_constraint MaxNorm, axis is 0.5; want whole numbers"}; !slices.Equal(got, want) {
		t.Errorf("ignored are %q; want %q", got, want)
	}
}

// What Keras drops in training is dropped, and trains.
func TestNoiseInTraining(t *testing.T) {
	config := sequential("2.4.0", []int{4, 6}, layerOf("SpatialDropout1D", "a", `"rate": 0.5`), layerOf("GaussianNoise", "b", `"stddev": 0`), layerOf("GaussianDropout", "c", `"rate": 0`),
		layerOf("AlphaDropout", "d", `"rate": 0`), layerOf("Dropout", "e", `"rate": 0.5, "noise_shape": [null, 1, null]`))
	m, err := ParseModel([]byte(config), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 7})
	net, err := m.Import(g.Scope(), network.Config{Training: graph.Const(g.Scope(), true)})
	if err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(1, 4, 6), tensor.WithBacking(slices.Repeat([]float64{1}, 24)))
	y := evaluate(t, g, graph.Feeds{net.Inputs[0].Node: x}, net.Outputs[0].Node).Float64s(0)
	kept := 0
	for i, v := range y {
		if v != y[i%6] || v != 0 && v != 4 {
			t.Fatalf("element %d is %v; want whole channels of 0 or 4: %v", i, v, y)
		}
		if v != 0 {
			kept++
		}
	}
	if kept == 0 || kept == 24 {
		t.Errorf("%d of 24 elements are kept", kept)
	}
}

// The gradients of recurrent layers reach all variables, with what drops too.
func TestRecurrentGradients(t *testing.T) {
	for _, class := range []string{"SimpleRNN", "LSTM", "GRU"} {
		m, err := ParseModel([]byte(sequential("2.4.0", []int{3, 1}, layerOf(class, "r", `"units": 4, "dropout": 0.1, "recurrent_dropout": 0.1`), layerOf("Dense", "d", `"units": 1`))), nil)
		if err != nil {
			t.Fatal(err)
		}
		g := graph.New(graph.Config{Seed: 1})
		s := g.Scope()
		net, err := m.Import(s, network.Config{Training: graph.Const(s, true)})
		if err != nil {
			t.Fatal(err)
		}
		grads := graph.Gradients(s, gorgonia.Nodes{net.Outputs[0].Node}, g.Trainable(), nil)
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		out := evaluate(t, g, graph.Feeds{net.Inputs[0].Node: [][][]float64{{{1}, {2}, {3}}}}, grads...)
		for i := range grads {
			if !slices.ContainsFunc(out.Float64s(i), func(v float64) bool { return v != 0 }) {
				t.Errorf("%s: the gradient of %s is 0", class, g.NameOf(g.Trainable()[i]))
			}
		}
	}
}

func TestOpenModel(t *testing.T) {
	if _, err := OpenModel(filepath.Join("testdata", "weights.h5")); err == nil || !strings.Contains(err.Error(), "holds weights only") {
		t.Errorf("got %v", err)
	}
	if _, err := OpenModel(filepath.Join(t.TempDir(), "none.h5")); err == nil {
		t.Error("no error for a file that is not there")
	}
	m, err := ParseModel([]byte(nested), nil)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := m.Weights(); err != nil || len(f.Names()) != 0 || m.Close() != nil || (*Model)(nil).Close() != nil {
		t.Errorf("got %v", err)
	}
	wrapped, err := json.Marshal(map[string]interface{}{"keras_version": "2.1.3", "model_config": json.RawMessage(nested)})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := ParseModel(wrapped, nil); err != nil || m.KerasVersion != "2.1.3" || m.Name != "s" {
		t.Errorf("got %v, %v", m, err)
	}
}

// The weights that Keras 3 saved are found by the classes of the layers, whatever their names.
func TestKeras3Archive(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "keras3.keras"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	y := compute(t, sequential("3.0.0", []int{3}, layerOf("Dense", "any_name", `"units": 2`)), f, 1, []float64{1, 1, 2})
	compare(t, "Dense", y.Data().([]float64), []float64{0 + 2 + 8, 1 + 3 + 10 + 1}, 0)
}

func TestFolders(t *testing.T) {
	var all []*layer
	for _, class := range []string{"InputLayer", "Conv2D", "Conv2D", "BatchNormalization", "PReLU", "ReLU", "Conv2DTranspose", "DepthwiseConv2D", "Model", "MaxPooling2D", "Conv2D", "LSTM", "GlobalAveragePooling1D"} {
		all = append(all, &layer{class: class})
	}
	want := []string{"input_layer", "conv2d", "conv2d_1", "batch_normalization", "p_re_lu", "re_lu", "conv2d_transpose", "depthwise_conv2d", "functional", "max_pooling2d", "conv2d_2", "lstm",
		"global_average_pooling1d"}
	if got := folders(all); !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestRender(t *testing.T) {
	want := "layer   class       inputs\n" +
		"a       InputLayer  \n" +
		"b       InputLayer  \n" +
		"hidden  Dense       a; b\n" +
		"drop    Dropout     hidden\n" +
		"sum     Add         drop, hidden:1\n"
	if got := sharedModel(t, nil).SimpleRender()["text/plain"]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := (*Model)(nil).SimpleRender()["text/plain"]; got != "no model" {
		t.Errorf("got %v", got)
	}
}
