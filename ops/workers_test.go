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
		"prod":               over(ops.Prod),
		"prod columns":       over(ops.Prod, 0),
		"log sum exp":        over(ops.LogSumExp),
		"log sum exp rows":   over(ops.LogSumExp, 1),
		"std":                over(withCorrection(ops.Std, 1, false)),
		"std columns":        over(withCorrection(ops.Std, 0, false), 0),
		"norm":               over(normOf(2, false)),
		"norm columns":       over(normOf(3, false), 0),
		"cumsum":             cumulative(ops.Cumsum, 1, false, true),
		"cumsum columns":     cumulative(ops.Cumsum, 0, false, false),
		"sort":               sortOf(1, false),
		"segment sum": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			ids := make([]int, 500)
			for i := range ids {
				ids[i] = i * i % 7
			}
			return ops.SegmentSum(s, x, graph.Const(s, ids), 7)
		},
		"log softmax": ops.LogSoftmax,
		"sparsemax":   ops.Sparsemax,
		"gather gradient": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			rows := graph.Const(s, []int{3, 499, 3, 7, 3})
			return graph.Gradients(s, gorgonia.Nodes{ops.Square(s, ops.Gather(s, x, rows, 0))}, gorgonia.Nodes{x}, nil)[0]
		},
		"scatter add": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			rows := ops.Cast(s, ops.Scale(s, ops.Index(s, ops.Abs(s, x), 0, 1), 0.9), tensor.Int)
			return ops.ScatterAdd(s, ops.Zeros(s, tensor.Float32, 4, 301), rows, x, 0)
		},
		"pad gradient": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			y := ops.Square(s, ops.PadEdge(s, x, [][2]int{{90, 90}, {90, 90}}))
			return graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
		},
		"dot": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			v := ops.Reshape(s, x, -1)
			return ops.Reshape(s, ops.Dot(s, v, v), 1)
		},
		"batched product": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			m := ops.Reshape(s, x, 100, -1, 301)
			return ops.MatMulT(s, m, m, true, false)
		},
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
