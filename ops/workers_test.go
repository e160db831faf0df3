package ops_test

import (
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Ops that add numbers up give the same bits whatever the number of workers.
func TestSumsDoNotDependOnWorkers(t *testing.T) {
	slopeGradient := func(cfg ops.PReLUConfig) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			y := ops.PReLU(s, x, cfg)
			return graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{s.Graph().Node("alpha")}, nil)[0]
		}
	}
	for name, build := range map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
		"prelu slope":        slopeGradient(ops.PReLUConfig{}),
		"prelu shared slope": slopeGradient(ops.PReLUConfig{Shared: true}),
		"clip by norm":       func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, x, 1) },
		"clip columns":       func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, x, 1, 0) },
		"clip rows":          func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, x, 1, 1) },
		"global norm":        func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.GlobalNorm(s, gorgonia.Nodes{x, x}) },
		"softmax":            ops.Softmax,
		"log softmax":        ops.LogSoftmax,
	} {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 301)
			feeds := graph.Feeds{x: wave(3, 0.1, 500, 301).feed(tensor.Float32)}
			y := build(g.Scope(), x)
			sess := sessionOn(t, g)
			var want []float32
			for _, procs := range []int{1, 2, 3, 8} {
				old := runtime.GOMAXPROCS(procs)
				out, err := sess.Run(feeds, y)
				runtime.GOMAXPROCS(old)
				if err != nil {
					t.Fatal(err)
				}
				got := out.Float32s(0)
				if want == nil {
					want = got
				}
				for i, v := range got {
					if math.Float32bits(v) != math.Float32bits(want[i]) {
						t.Fatalf("element %d is %v with %d workers and %v with one", i, v, procs, want[i])
					}
				}
			}
		})
	}
}
