package ops_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
)

// run evaluates nodes in a session of their own; an error ends the test.
func run(t testing.TB, g *graph.Graph, feeds graph.Feeds, nodes ...*gorgonia.Node) graph.Values {
	t.Helper()
	out, err := tryRun(t, g, feeds, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tryRun is run for tests that expect an error of the Run.
func tryRun(t testing.TB, g *graph.Graph, feeds graph.Feeds, nodes ...*gorgonia.Node) (graph.Values, error) {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess.Run(feeds, nodes...)
}

// wantRunError checks that a Run fails with a message that holds the words.
func wantRunError(t testing.TB, g *graph.Graph, feeds graph.Feeds, n *gorgonia.Node, words ...string) {
	t.Helper()
	out, err := tryRun(t, g, feeds, n)
	if err == nil {
		t.Fatalf("Run gave %v; want an error with %q", out, words)
	}
	holds(t, err.Error(), words)
}

func holds(t testing.TB, message string, words []string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(message, w) {
			t.Errorf("the error %q does not mention %q", message, w)
		}
	}
}

// values is the value of an input: a shape and its elements.
type values struct {
	shape []int
	data  []float64
}

// at makes values of the given shape.
func at(shape []int, data ...float64) values {
	n := 1
	for _, d := range shape {
		n *= d
	}
	if n != len(data) {
		panic(fmt.Sprintf("%d elements for shape %v", len(data), shape))
	}
	return values{shape, data}
}

// wave makes values of the given shape that differ from each other and from
// the integers: a*sin(k) + b for k = 1, 2, ...
func wave(a, b float64, shape ...int) values {
	n := 1
	for _, d := range shape {
		n *= d
	}
	v := values{shape, make([]float64, n)}
	for i := range v.data {
		v.data[i] = a*math.Sin(float64(i+1)) + b
	}
	return v
}

// feed gives the value the form that Run takes.
func (v values) feed(dtype tensor.Dtype) interface{} {
	var backing, scalar interface{}
	switch dtype {
	case tensor.Float64:
		backing = append([]float64(nil), v.data...)
		if len(v.shape) == 0 {
			scalar = v.data[0]
		}
	case tensor.Float32:
		backing, scalar = castTo[float32](v)
	case tensor.Int:
		backing, scalar = castTo[int](v)
	case tensor.Int32:
		backing, scalar = castTo[int32](v)
	case tensor.Int64:
		backing, scalar = castTo[int64](v)
	case tensor.Uint8:
		backing, scalar = castTo[uint8](v)
	case tensor.Bool:
		bs := make([]bool, len(v.data))
		for i, d := range v.data {
			bs[i] = d != 0
		}
		backing = bs
		if len(v.shape) == 0 {
			scalar = bs[0]
		}
	}
	if scalar != nil {
		return tensor.New(tensor.FromScalar(scalar))
	}
	return tensor.New(tensor.WithShape(v.shape...), tensor.WithBacking(backing))
}

func castTo[T float32 | int | int32 | int64 | uint8](v values) (backing, scalar interface{}) {
	s := make([]T, len(v.data))
	for i, d := range v.data {
		s[i] = T(d)
	}
	if len(v.shape) == 0 {
		return s, s[0]
	}
	return s, nil
}

// input makes a placeholder for v, with unknown sizes when wanted, and feeds it.
func input(s *graph.Scope, feeds graph.Feeds, name string, dtype tensor.Dtype, v values, unknown bool) *gorgonia.Node {
	shape := append([]int(nil), v.shape...)
	if unknown {
		for i := range shape {
			shape[i] = graph.Unknown
		}
	}
	n := graph.Placeholder(s, name, dtype, shape...)
	feeds[n] = v.feed(dtype)
	return n
}

// eval applies build to inputs of one dtype and runs it, with known and with
// unknown sizes, which must agree to the bit.
func eval(t testing.TB, dtype tensor.Dtype, build func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node, in ...values) *tensor.Dense {
	t.Helper()
	var results [2]*tensor.Dense
	for k := range results {
		g := graph.New(graph.Config{Dtype: floatOr32(dtype)})
		feeds := graph.Feeds{}
		var xs gorgonia.Nodes
		for i, v := range in {
			xs = append(xs, input(g.Scope(), feeds, fmt.Sprintf("x%d", i), dtype, v, k == 1))
		}
		results[k] = run(t, g, feeds, build(g.Scope(), xs)).Tensor(0)
	}
	wantValues(t, results[1], results[0].Shape(), floats(results[0])...)
	return results[0]
}

func floatOr32(dtype tensor.Dtype) tensor.Dtype {
	if dtype == tensor.Float64 {
		return dtype
	}
	return tensor.Float32
}

// checkGradients compares the gradients of build with respect to every input
// with central differences in float64: with known sizes, with unknown sizes,
// and once more for the gradients themselves (second order).
func checkGradients(t *testing.T, build func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node, in ...values) {
	t.Helper()
	for _, unknown := range []bool{false, true} {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		feeds := graph.Feeds{}
		var xs gorgonia.Nodes
		for i, v := range in {
			xs = append(xs, input(s, feeds, fmt.Sprintf("x%d", i), tensor.Float64, v, unknown))
		}
		y := build(s, xs)
		if err := graph.CheckGradients(g, feeds, y, xs, graph.CheckConfig{}); err != nil {
			t.Errorf("unknown sizes %v: %v", unknown, err)
			return
		}
		out := run(t, g, feeds, y).Tensor(0)
		weights := input(s, feeds, "weights", tensor.Float64, wave(0.7, 0.2, out.Shape()...), unknown)
		for i, first := range graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{weights}) {
			if first == nil {
				t.Errorf("unknown sizes %v: input %d has no gradient", unknown, i)
				continue
			}
			err := graph.CheckGradients(g, feeds, first, append(xs[:len(xs):len(xs)], weights), graph.CheckConfig{RTol: 1e-4, ATol: 1e-6})
			if err != nil {
				t.Errorf("unknown sizes %v: second order, input %d: %v", unknown, i, err)
			}
		}
	}
}

// checkGolden runs the golden cases of an op in both float types, and compares
// the outputs, of which "d"+input is the gradient for that input.
func checkGolden(t *testing.T, file, op string, build func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node, inputs ...string) {
	t.Helper()
	for _, c := range golden.Cases(t, file, op) {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				feeds := graph.Feeds{}
				in := map[string]*gorgonia.Node{}
				var xs gorgonia.Nodes
				for _, name := range inputs {
					a := c.In(name)
					in[name] = input(s, feeds, name, dtype, values{a.Shape, a.Data}, true)
					xs = append(xs, in[name])
				}
				y := build(s, c, in)
				rtol, atol := 2e-6, 2e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-12, 1e-12
				}
				if err := golden.Close(run(t, g, feeds, y).Tensor(0), c.Out("y"), rtol, atol); err != nil {
					t.Errorf("y: %v", err)
				}
				dy, ok := c.Inputs["dy"]
				if !ok {
					return
				}
				grad := input(s, feeds, "dy", dtype, values{dy.Shape, dy.Data}, true)
				for i, dx := range graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{grad}) {
					name := "d" + inputs[i]
					if !c.Has(name) {
						continue
					}
					if dx == nil { // not differentiable: the golden gradient is zero
						for _, v := range c.Out(name).Data {
							if v != 0 {
								t.Errorf("%s: there is no gradient; want %v", name, c.Out(name).Data)
								break
							}
						}
						continue
					}
					if err := golden.Close(run(t, g, feeds, dx).Tensor(0), c.Out(name), 10*rtol, 5*atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

// floats returns the elements of a result as float64 (bool: 0 or 1).
func floats(v *tensor.Dense) []float64 {
	if v.Shape().TotalSize() == 0 && !v.Shape().IsScalar() {
		return nil // Data would panic
	}
	if v.Shape().IsScalar() {
		return []float64{toFloat(v.Data())}
	}
	switch d := v.Data().(type) {
	case []float32:
		return widen(d)
	case []float64:
		return append([]float64(nil), d...)
	case []int:
		return widen(d)
	case []int32:
		return widen(d)
	case []int64:
		return widen(d)
	case []uint8:
		return widen(d)
	case []bool:
		out := make([]float64, len(d))
		for i, b := range d {
			out[i] = toFloat(b)
		}
		return out
	}
	panic(fmt.Sprintf("no floats in %T", v.Data()))
}

func widen[T float32 | int | int32 | int64 | uint8](d []T) []float64 {
	out := make([]float64, len(d))
	for i, v := range d {
		out[i] = float64(v)
	}
	return out
}

func toFloat(v interface{}) float64 {
	switch v := v.(type) {
	case float32:
		return float64(v)
	case float64:
		return v
	case int:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case uint8:
		return float64(v)
	case bool:
		if v {
			return 1
		}
		return 0
	}
	panic(fmt.Sprintf("no number in %T", v))
}

// wantValues compares shape and elements exactly; NaN equals NaN.
func wantValues(t testing.TB, got *tensor.Dense, shape []int, want ...float64) {
	t.Helper()
	if fmt.Sprint([]int(got.Shape())) != fmt.Sprint(shape) {
		t.Errorf("got shape %v; want %v", got.Shape(), shape)
		return
	}
	if len(want) == 0 {
		return
	}
	have := floats(got)
	if len(have) != len(want) {
		t.Errorf("got %d elements; want %d", len(have), len(want))
		return
	}
	for i, w := range want {
		if have[i] != w && !(math.IsNaN(have[i]) && math.IsNaN(w)) {
			if len(want) > 50 {
				have, want = have[i:i+1], want[i:i+1]
			}
			t.Errorf("got %v; want %v (element %d differs)", have, want, i)
			return
		}
	}
}

// single applies an op of one input, as eval and checkGradients want it.
func single(f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return f(s, xs[0]) }
}

// double applies an op of two inputs.
func double(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return f(s, xs[0], xs[1]) }
}
