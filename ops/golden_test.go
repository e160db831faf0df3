package ops_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
)

// named holds the nodes of a golden case by the names of its arrays.
type named map[string]*gorgonia.Node

// goldenOp says how an op with named outputs, such as a loss, is compared with
// PyTorch's values.
type goldenOp struct {
	build  func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node
	out    string            // the output that build computes: "y", "loss"
	seed   string            // the input that enters as its gradient: "dy", "dloss"; "" for ones
	grads  map[string]string // input -> output that holds its gradient
	labels string            // the input that holds class numbers
}

// tolerance of a comparison with values computed in float64.
func tolerance(dtype tensor.Dtype) (rtol, atol float64) {
	if dtype == tensor.Float32 {
		return 4e-6, 3e-6
	}
	return 1e-12, 1e-13
}

// check runs every case of an op in float32 and float64, with the first axis
// unknown until the Run, and compares value and gradients.
func (op goldenOp) check(t *testing.T, file, name string) {
	t.Helper()
	for _, c := range golden.Cases(t, file, name) {
		if !c.Has(op.out) || strings.HasSuffix(c.Name, "/elements") {
			continue
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) { op.checkCase(t, c, dtype) })
		}
	}
}

func (op goldenOp) checkCase(t *testing.T, c golden.Case, dtype tensor.Dtype) {
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	in, feeds := named{}, graph.Feeds{}
	for name, a := range c.Inputs {
		dt := dtype
		if name == op.labels {
			dt = tensor.Int64
		}
		in[name] = input(s, feeds, name, dt, values{a.Shape, a.Data}, true)
	}
	y := op.build(s, in, c)
	fetches, want := gorgonia.Nodes{y}, []string{op.out}
	var seeds gorgonia.Nodes
	if op.seed != "" {
		if in[op.seed] != nil {
			seeds = gorgonia.Nodes{in[op.seed]}
		}
	}
	for _, x := range sortedKeys(op.grads) {
		if !c.Has(op.grads[x]) || op.seed != "" && seeds == nil {
			continue
		}
		d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in[x]}, seeds)[0]
		if d == nil {
			t.Fatalf("no gradient with respect to %s", x)
		}
		fetches, want = append(fetches, d), append(want, op.grads[x])
	}
	out := run(t, g, feeds, fetches...)
	rtol, atol := tolerance(dtype)
	for i, name := range want {
		if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sessionOn opens a session with the variables initialised, for several Runs.
func sessionOn(t *testing.T, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// twiceDifferentiable checks the gradients of y with respect to xs, and the
// gradients of each of those with respect to xs and to what entered at y.
func twiceDifferentiable(t *testing.T, g *graph.Graph, feeds graph.Feeds, y *gorgonia.Node, xs gorgonia.Nodes) {
	t.Helper()
	s := g.Scope().NameScope("second")
	if err := graph.CheckGradients(g, feeds, y, xs, graph.CheckConfig{}); err != nil {
		t.Fatalf("first order: %v", err)
	}
	out := run(t, g, feeds, y)
	shape := out.Tensor(0).Shape()
	dy := graph.Placeholder(s, "dy", tensor.Float64, graph.SpecOf(y).Shape...)
	feeds[dy] = wave(0.7, 0.2, shape...).feed(tensor.Float64)
	for i, x := range xs {
		dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, gorgonia.Nodes{dy})[0]
		if dx == nil {
			t.Fatalf("no gradient with respect to operand %d", i)
		}
		wrt := append(append(gorgonia.Nodes{}, xs...), dy)
		if err := graph.CheckGradients(g, feeds, dx, wrt, graph.CheckConfig{RTol: 2e-5, ATol: 2e-7}); err != nil {
			t.Fatalf("second order, operand %d: %v", i, err)
		}
	}
}

// wantBuildError checks that building in scope "net" fails with an error that
// holds the path of the op beneath it and all the words.
func wantBuildError(t testing.TB, build func(s *graph.Scope), path string, words ...string) {
	t.Helper()
	g := graph.New(graph.Config{})
	build(g.Scope().Sub("net"))
	if g.Err() == nil {
		t.Fatalf("no build error; want one at net/%s", path)
	}
	holds(t, g.Err().Error(), append([]string{"net/" + path}, words...))
}
