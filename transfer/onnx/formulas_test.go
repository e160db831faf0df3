package onnx

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Operators that ONNX's suite has no test of, or none whose numbers are comparable: by their formulas.
func TestOperatorsByFormula(t *testing.T) {
	attribute := func(name string, v int) []byte { return message(5, message(1, name, 3, v)) }
	list := func(name string, v ...int) []byte {
		b := message(1, name)
		for _, n := range v {
			b = append(b, message(8, n)...)
		}
		return message(5, b)
	}
	gamma, beta := 1/math.Sqrt(1.25+1e-5), 0.5 // of 1, 2, 3, 4, whose mean is 2.5 and variance 1.25
	for name, c := range map[string]struct {
		op         string
		attributes []byte
		opset      int
		extra      []string
		shape      []int
		x, want    []float32
	}{
		"LpNormalization":    {"LpNormalization", attribute("axis", 1), 13, nil, []int{1, 2, 2}, []float32{3, 0, 4, -2}, []float32{0.6, 0, 0.8, -1}},
		"LpNormalization 1":  {"LpNormalization", attribute("p", 1), 13, nil, []int{1, 2, 2}, []float32{3, -1, 4, 4}, []float32{0.75, -0.25, 0.5, 0.5}},
		"GlobalLpPool":       {"GlobalLpPool", nil, 13, nil, []int{1, 2, 1, 2}, []float32{3, 4, 0, -2}, []float32{5, 2}},
		"LpPool":             {"LpPool", list("kernel_shape", 1, 2), 13, nil, []int{1, 1, 1, 3}, []float32{3, -4, 3}, []float32{5, 5}},
		"LpPool of 1":        {"LpPool", append(list("kernel_shape", 2), attribute("p", 1)...), 13, nil, []int{1, 1, 3}, []float32{3, -4, 3}, []float32{7, 7}},
		"GroupNormalization": {"GroupNormalization", attribute("num_groups", 1), 21, []string{"two", "halves"}, []int{1, 2, 2}, []float32{1, 2, 3, 4}, []float32{float32(-3*gamma + beta), float32(-1*gamma + beta), float32(1*gamma + beta), float32(3*gamma + beta)}},
		"TopK on axis 0":     {"TopK", attribute("axis", 0), 13, []string{"k"}, []int{3, 2}, []float32{1, 6, 5, 2, 3, 4}, []float32{5, 6, 3, 4}},
		"EyeLike":            {"EyeLike", attribute("k", -1), 13, nil, []int{3, 2}, make([]float32, 6), []float32{0, 0, 1, 0, 0, 1}},
		"EyeLike above":      {"EyeLike", attribute("k", 1), 13, nil, []int{2, 3}, make([]float32, 6), []float32{0, 1, 0, 0, 0, 1}},
	} {
		node := message(1, "x")
		for _, in := range c.extra {
			node = append(node, message(1, in)...)
		}
		node = append(append(node, message(2, "y", 4, c.op)...), c.attributes...)
		m, err := Parse(message(1, 8, 8, message(2, c.opset), 7, message(1, node, 11, input("x", c.shape...), 12, message(1, "y"),
			5, ints("k", []int{1}, 2), 5, floats("two", []int{2}, 2, 2), 5, floats("halves", []int{2}, 0.5, 0.5))))
		if err != nil {
			t.Fatal(err)
		}
		g := graph.New(graph.Config{})
		n, err := m.Import(g.Scope(), network.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense(c.shape, c.x...)}).Float32s(0)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
			continue
		}
		for i, want := range c.want {
			if math.Abs(float64(got[i]-want)) > 1e-6 {
				t.Errorf("%s: got %v; want %v", name, got, c.want)
				break
			}
		}
	}
}

// Draws have the moments of their distributions.
func TestDraws(t *testing.T) {
	for op, c := range map[string]struct {
		attributes     []byte
		mean, variance float64
	}{
		"RandomNormalLike":  {message(5, message(1, "mean", 2, float32(3)), 5, message(1, "scale", 2, float32(2))), 3, 4},
		"RandomUniformLike": {message(5, message(1, "low", 2, float32(1)), 5, message(1, "high", 2, float32(3))), 2, 1.0 / 3},
		"Bernoulli":         {nil, 0.25, 0.1875},
	} {
		m := parsed(t, 1, append(message(1, "x", 2, "y", 4, op), c.attributes...), 11, input("x", 100, 100), 12, message(1, "y"))
		g := graph.New(graph.Config{Seed: 1})
		n, err := m.Import(g.Scope(), network.Config{})
		if err != nil {
			t.Errorf("%s: %v", op, err)
			continue
		}
		x := make([]float32, 10000)
		for i := range x {
			x[i] = 0.25
		}
		sum, squares := 0.0, 0.0
		for _, v := range run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{100, 100}, x...)}).Float32s(0) {
			sum, squares = sum+float64(v), squares+float64(v)*float64(v)
		}
		mean := sum / 1e4
		variance := squares/1e4 - mean*mean
		if math.Abs(mean-c.mean) > 5*math.Sqrt(c.variance/1e4) || math.Abs(variance/c.variance-1) > 0.1 {
			t.Errorf("%s: mean %v and variance %v; want %v and %v", op, mean, variance, c.mean, c.variance)
		}
	}
}

// The side of an If that a known condition takes is built, from values outside and weights of its own.
func TestBranch(t *testing.T) {
	side := func(op string) []byte {
		return message(1, message(1, "x", 1, "w", 2, "inner", 3, "layer", 4, op), 5, floats("w", []int{2, 1}, 3, 4), 12, message(1, "inner"))
	}
	model := func(condition string, then string) *Model {
		return parsed(t, 1, message(1, "x", 2, "shape", 4, "Shape"), 1, message(1, "shape", 1, "last", 2, "width", 4, "Gather"), 1, message(1, "width", 1, "two", 2, "isTwo", 4, "Equal"),
			1, message(1, condition, 2, "y", 3, "choice", 4, "If", 5, message(1, "then_branch", 6, side(then)), 5, message(1, "else_branch", 6, side("Foo"))),
			5, ints("last", nil, 1), 5, ints("two", nil, 2), 11, input("x", -1, 2), 12, message(1, "y"))
	}
	g := graph.New(graph.Config{})
	n, err := model("isTwo", "MatMul").Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{1, 2}, 10, 1)}).Float32s(0); got[0] != 34 {
		t.Errorf("got %v; want 34", got)
	}
	if v := g.Trainable(); len(v) != 1 || g.NameOf(v[0]) != "choice/layer/kernel" {
		t.Errorf("variables: %v", v)
	}
	for want, m := range map[string]*Model{"Bar (1)": model("isTwo", "Bar"), "want one bool": model("two", "MatMul")} {
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
