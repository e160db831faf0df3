package onnx

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// ints is a stored tensor of 64-bit integers; a nil shape is a scalar.
func ints(name string, shape []int, values ...int) []byte {
	b := message(2, 7, 8, name)
	for _, n := range shape {
		b = append(b, message(1, n)...)
	}
	for _, v := range values {
		b = append(b, message(7, v)...)
	}
	return b
}

// Shapes that models compute from sizes which are known in the Run only: x is [2, 3, 4] there, and [?, 3, ?] before.
func TestComputedShapes(t *testing.T) {
	shape := message(1, "x", 2, "shape", 4, "Shape")
	at := func(index, out string) []byte { return message(1, "shape", 1, index, 2, out, 4, "Gather") }
	one := message(1, "zero", 2, "nothing", 4, "Identity") // in place of a node that a case does not have
	for name, c := range map[string]struct {
		nodes []interface{}
		built string // the shape when the graph is built, with ? for what is not known
		want  tensor.Shape
	}{
		// PyTorch's view(x.size(0), -1) and view(x.size(0), x.size(2), -1).
		"view(b, -1)": {[]interface{}{1, at("first", "b"), 1, message(1, "b", 1, "minus", 2, "to", 4, "Concat", 5, message(1, "axis", 3, 0)),
			1, message(1, "x", 1, "to", 2, "y", 4, "Reshape")}, "[? ?]", tensor.Shape{2, 12}},
		"view(b, w, -1)": {[]interface{}{1, at("firstAndLast", "bw"), 1, message(1, "bw", 1, "minus", 2, "to", 4, "Concat", 5, message(1, "axis", 3, 0)),
			1, message(1, "x", 1, "to", 2, "y", 4, "Reshape")}, "[? ? 3]", tensor.Shape{2, 4, 3}},
		"view(0, 0, -1, 2)": {[]interface{}{1, message(1, "shape", 1, "from3", 1, "to3", 2, "none", 4, "Slice"), 1, at("firstAndLast", "bw"),
			1, message(1, "bw", 1, "two", 2, "halves", 4, "Div"), 1, message(1, "halves", 1, "one", 1, "two", 2, "half", 4, "Slice"),
			1, message(1, "zeros", 1, "half", 1, "minus", 2, "to", 4, "Concat", 5, message(1, "axis", 3, 0)), 1, message(1, "x", 1, "to", 2, "y", 4, "Reshape")},
			"[? 3 ? ?]", tensor.Shape{2, 3, 2, 2}},
		"keep, rest": {[]interface{}{1, message(1, "x", 1, "keepRest", 2, "y", 4, "Reshape")}, "[? 4 ?]", tensor.Shape{2, 4, 3}},
		"ones(w, 3)": {[]interface{}{1, at("last", "w"), 1, at("second", "c"), 1, message(1, "w", 1, "c", 2, "to", 4, "Concat", 5, message(1, "axis", 3, 0)),
			1, message(1, "to", 2, "y", 4, "ConstantOfShape")}, "[? 3]", tensor.Shape{4, 3}},
		"expand": {[]interface{}{1, message(1, "shape", 1, "minusAll", 2, "is", 4, "Equal"), 1, message(1, "is", 1, "minusAll", 1, "shape", 2, "to", 4, "Where"),
			1, message(1, "one3", 2, "f", 4, "Cast", 5, message(1, "to", 3, 1)), 1, message(1, "f", 1, "to", 2, "y", 4, "Expand")}, "[? 3 ?]", tensor.Shape{2, 3, 4}},
		"arange(w+1)": {[]interface{}{1, message(1, "shape", 1, "two0", 2, "w", 4, "Gather"), 1, message(1, "w", 1, "one0", 2, "w1", 4, "Add"),
			1, message(1, "zero", 1, "w1", 1, "one0", 2, "y", 4, "Range")}, "[?]", tensor.Shape{5}},
		"x[:, :, :w-1]": {[]interface{}{1, at("last", "w"), 1, message(1, "w", 1, "one", 2, "w1", 4, "Sub"), 1, message(1, "x", 1, "first", 1, "w1", 1, "last", 2, "y", 4, "Slice")},
			"[? 3 ?]", tensor.Shape{2, 3, 3}},
		"x[:, :, :w/2], scaled": {[]interface{}{1, at("last", "w"), 1, message(1, "w", 2, "f", 4, "Cast", 5, message(1, "to", 3, 1)), 1, message(1, "f", 1, "half32", 2, "h", 4, "Mul"),
			1, message(1, "h", 2, "hf", 4, "Floor"), 1, message(1, "hf", 2, "w2", 4, "Cast", 5, message(1, "to", 3, 7)),
			1, message(1, "x", 1, "first", 1, "w2", 1, "last", 2, "y", 4, "Slice")}, "[? 3 ?]", tensor.Shape{2, 3, 2}},
		"numel": {[]interface{}{1, message(1, "shape", 2, "n", 4, "ReduceProd", 5, message(1, "keepdims", 3, 1)), 1, message(1, "x", 1, "n", 2, "y", 4, "Reshape")},
			"[?]", tensor.Shape{24}},
	} {
		fields := append([]interface{}{1, shape, 1, one}, c.nodes...)
		fields = append(fields, 11, input("x", -1, 3, -1), 12, message(1, "y"),
			5, ints("zero", nil, 0), 5, ints("one0", nil, 1), 5, ints("two0", nil, 2), 5, ints("first", []int{1}, 0), 5, ints("one", []int{1}, 1), 5, ints("two", []int{1}, 2),
			5, ints("second", []int{1}, 1), 5, ints("last", []int{1}, 2), 5, ints("firstAndLast", []int{2}, 0, 2), 5, ints("minus", []int{1}, -1), 5, ints("zeros", []int{2}, 0, 0), 5, ints("keepRest", []int{3}, 0, 4, -1),
			5, ints("from3", []int{1}, 3), 5, ints("to3", []int{1}, 3), 5, ints("minusAll", []int{3}, -1, -1, -1), 5, ints("one3", []int{1, 1, 1}, 1), 5, floats("half32", []int{1}, 0.6))
		g := graph.New(graph.Config{})
		n, err := parsed(t, fields...).Import(g.Scope(), network.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		y := n.Outputs[0].Node
		if got := strings.ReplaceAll(fmt.Sprint([]int(graph.SpecOf(y).Shape)), "-1", "?"); got != c.built {
			t.Errorf("%s: the shape is %s when the graph is built; want %s", name, got, c.built)
		}
		feeds := graph.Feeds{}
		for _, in := range n.Inputs {
			feeds[in.Node] = tensor.New(tensor.WithShape(2, 3, 4), tensor.Of(tensor.Float32))
		}
		if out := run(t, g, n, feeds); !out.Tensor(0).Shape().Eq(c.want) {
			t.Errorf("%s: got %v; want %v", name, out.Tensor(0).Shape(), c.want)
		}
	}
}

// A shape that does not follow from sizes is refused when the graph is built, and one that comes out negative in the Run.
func TestComputedShapesBadInput(t *testing.T) {
	m := parsed(t, 1, message(1, "k", 2, "i", 4, "Cast", 5, message(1, "to", 3, 7)), 1, message(1, "x", 1, "i", 2, "y", 4, "Reshape"),
		11, input("x", -1), 11, input("k", 2), 12, message(1, "y"))
	if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), "is computed; want it stored") {
		t.Errorf("got %v", err)
	}
	m = parsed(t, 1, message(1, "x", 2, "shape", 4, "Shape"), 1, message(1, "shape", 1, "five", 2, "less", 4, "Sub"), 1, message(1, "x", 1, "less", 2, "y", 4, "Reshape"),
		5, ints("five", []int{1}, 5), 11, input("x", -1), 12, message(1, "y"))
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if _, err := sess.Run(graph.Feeds{n.Inputs[0].Node: []float32{1, 2}}, n.Outputs[0].Node); err == nil || !strings.Contains(err.Error(), "a size of -3") {
		t.Errorf("got %v", err)
	}
}
