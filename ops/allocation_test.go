package ops_test

import (
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// operands are what the ops below work on.
type operands struct{ x, row, column, labels *gorgonia.Node }

// A Run in the steady state allocates nothing, whatever path the kernels take.
func TestKernelsDoNotAllocate(t *testing.T) {
	builds := map[string]func(s *graph.Scope, in operands) *gorgonia.Node{
		"Add":     func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Add(s, in.x, in.x) },
		"Add row": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Add(s, in.x, in.row) },
		"Mul column": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Mul(s, in.x, in.column)
		},
		"Div outer": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Div(s, in.column, in.row)
		},
		"Pow scalar": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Pow(s, in.x, graph.Const(s, 2.0))
		},
		"Neg":  func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Neg(s, in.x) },
		"Less": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Less(s, in.x, in.row) },
		"Where": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Where(s, ops.Less(s, in.x, in.row), in.x, in.column)
		},
		"Cast": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Cast(s, in.x, tensor.Int32)
		},
		"Sum":          func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Sum(s, in.x) },
		"Mean rows":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Mean(s, in.x, 1) },
		"Mean columns": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Mean(s, in.x, 0) },
		"Max scattered": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Max(s, ops.Reshape(s, in.x, 20, -1, 10, 30), 0, 2)
		},
		"ArgMax":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.ArgMax(s, in.x, 1) },
		"Transpose": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Transpose(s, in.x) },
		"Concat": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Concat(s, 1, in.x, in.column)
		},
		"Slice": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Slice(s, in.x, []int{1, 1}, []int{-1, 7})
		},
		"OneHot": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.OneHot(s, in.labels, 10)
		},
		"RandomNormal": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.RandomNormal(s, 0, 1, ops.RandomConfig{}, 9000)
		},
		"gradients": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.Mean(s, ops.MaxKeep(s, ops.Mul(s, ops.BiasAdd(s, in.x, in.row), in.column), 1))
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in.x, in.row, in.column}, nil)...)
		},
	}
	for name, build := range builds {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			feeds := graph.Feeds{}
			step := graph.Group(s, build(s, operands{
				x:      input(s, feeds, "x", tensor.Float32, wave(1, 2, 200, 300), true),
				row:    input(s, feeds, "row", tensor.Float32, wave(1, 2, 300), false),
				column: input(s, feeds, "column", tensor.Float32, wave(1, 2, 200, 1), false),
				labels: input(s, feeds, "labels", tensor.Int64, at([]int{4}, 1, 9, 0, 3), true),
			}))
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
			if n := testing.AllocsPerRun(20, func() {
				if _, err := sess.Run(feeds, step); err != nil {
					t.Fatal(err)
				}
			}); n > 0 {
				t.Errorf("a Run allocates %v times", n)
			}
		})
	}
}
