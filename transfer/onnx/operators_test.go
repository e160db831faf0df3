package onnx

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

var update = flag.Bool("update", false, "write README.md")

// README.md lists the operators; go test ./transfer/onnx -run TestREADME -update writes it.
func TestREADME(t *testing.T) {
	var names []string
	for name := range operators {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("# ONNX\n\n`onnx.Open` reads a model, `Model.Weights` gives its initializers as named tensors, `Model.Import` builds its graph.\n\n")
	fmt.Fprintf(&b, "%d operators are supported, of one dimension and two where they slide windows, as models that were exported for inference have them:\n\n", len(names))
	line := ""
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if len(line)+len(name) > 140 {
			b.WriteString(strings.TrimSpace(line) + "\n")
			line = ""
		}
		line += name + " "
	}
	b.WriteString(strings.TrimSpace(line) + ".\n")
	fmt.Fprintf(&b, "\nOf the 932 tests of single nodes in ONNX's own suite (release 1.12), %d pass.\n", fewestPassing)
	b.WriteString(exportTable(t))
	b.WriteString("\nThis page is written by `go test ./transfer/onnx -run TestREADME -update`, and a test keeps it true.\n")
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile("README.md"); err != nil || string(have) != b.String() {
		t.Errorf("README.md is not what the operators say (%v): run go test ./transfer/onnx -run TestREADME -update", err)
	}
}

func TestImportBadInput(t *testing.T) {
	relu := message(1, "x", 2, "y", 4, "Relu")
	input := message(1, "x", 2, message(1, message(1, 1, 2, message(1, message(1, 2)))))
	graphOf := func(fields ...interface{}) []byte { return message(1, 8, 8, message(2, 13), 7, message(fields...)) }
	for name, c := range map[string]struct {
		model []byte
		cfg   network.Config
		want  string
	}{
		"unsupported": {graphOf(1, message(4, "Loop"), 1, message(4, "Loop"), 1, message(4, "Foo", 7, "com.x"), 11, input), network.Config{}, "Loop (2), com.x.Foo (1)"},
		"nowhere":     {graphOf(1, message(1, "z", 2, "y", 4, "Relu"), 11, input), network.Config{}, `"z" comes from nowhere`},
		"no value":    {graphOf(1, relu, 11, input, 12, message(1, "q")), network.Config{}, `no value "q"`},
		"twice":       {graphOf(1, relu, 1, relu, 11, input), network.Config{}, `"y" has been computed before`},
		"no shape":    {graphOf(1, relu, 11, message(1, "x")), network.Config{}, "without a shape"},
		"cfg":         {graphOf(1, relu, 11, input), network.Config{Inputs: map[string]*gorgonia.Node{"w": nil}}, `no input "w"`},
		"constant":    {graphOf(1, relu, 11, input), network.Config{Constants: map[string]weights.Tensor{"k": {}}}, `no input "k"`},
		"missing":     {graphOf(1, message(2, "y", 4, "Relu"), 11, input), network.Config{}, "input 0 is missing"},
		"shapes":      {graphOf(1, message(1, "x", 1, "x", 2, "y", 4, "Conv"), 11, input), network.Config{}, "Conv"},
	} {
		m, err := Parse(c.model)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// Weights become variables that can be trained, and an input may be a node of the graph.
func TestImportVariables(t *testing.T) {
	model := message(1, 8, 8, message(2, 13), 7, message(
		1, message(1, "x", 1, "w", 1, "b", 2, "y", 3, "fc/Gemm:1", 4, "Gemm", 5, message(1, "transB", 3, 1, 20, 2)),
		5, message(1, 3, 1, 2, 2, 1, 8, "w", 9, packed(1, 2, 3, 4, 5, 6)), 5, message(1, 3, 2, 1, 8, "b", 9, packed(0, 0, 1)),
		11, message(1, "x", 2, message(1, message(1, 1, 2, message(1, message(2, "n"), 1, message(1, 2))))), 12, message(1, "y")))
	m, err := Parse(model)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "mine", tensor.Float32, -1, 2)
	n, err := m.Import(s.Sub("net"), network.Config{Inputs: map[string]*gorgonia.Node{"x": x}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range g.Trainable() {
		names = append(names, fmt.Sprint(g.NameOf(v), graph.SpecOf(v).Shape))
	}
	if got := strings.Join(names, " "); got != "net/fc/Gemm_1/kernel(2, 3) net/fc/Gemm_1/bias(3)" {
		t.Errorf("variables are %s", got)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	y, err := n.Node("y")
	if err != nil || y != n.Outputs[0].Node {
		t.Errorf("y is %v, %v", y, err)
	}
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 10}))}, y)
	if err != nil || !slices.Equal(out.Float32s(0), []float32{21, 43, 66}) {
		t.Errorf("got %v, %v", out, err)
	}
	if _, err := n.Node("z"); err == nil {
		t.Error("no error for a value that is not there")
	}
}

// Attributes that zero, VALID and later opsets give another meaning.
func TestAttributesOfWindows(t *testing.T) {
	list := func(name string, v ...int) []byte {
		b := message(1, name, 20, 7)
		for _, n := range v {
			b = append(b, message(8, n)...)
		}
		return b
	}
	size := list("kernel_shape", 2, 2)
	build := func(op string, attributes ...interface{}) (*graph.Graph, *network.Network, error) {
		m := parsed(t, 1, message(append([]interface{}{1, "x", 2, "y", 4, op}, attributes...)...), 11, input("x", 1, 1, 2, 2), 12, message(1, "y"))
		g := graph.New(graph.Config{})
		n, err := m.Import(g.Scope(), network.Config{})
		return g, n, err
	}
	for name, c := range map[string]struct {
		op         string
		attributes []interface{}
		want       []float32
	}{
		"VALID has no pads": {"AveragePool", []interface{}{5, size, 5, list("pads", 1, 1, 1, 1), 5, message(1, "auto_pad", 4, "VALID", 20, 3)}, []float32{2.5}},
		"LRN of nothing":    {"LRN", []interface{}{5, message(1, "size", 3, 1, 20, 2), 5, message(1, "alpha", 2, float32(0), 20, 1)}, []float32{1, 2, 3, 4}},
	} {
		g, n, err := build(c.op, c.attributes...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{1, 1, 2, 2}, 1, 2, 3, 4)}).Float32s(0); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
		}
	}
	if _, _, err := build("AveragePool", 5, size, 5, list("dilations", 2, 2)); err == nil || !strings.Contains(err.Error(), "with dilations") {
		t.Errorf("got %v", err)
	}
}
