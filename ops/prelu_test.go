package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestPReLUGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "activations", "PReLU") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				feeds := graph.Feeds{}
				shape := append([]int(nil), c.In("x").Shape...)
				shape[0] = graph.Unknown
				x := graph.Placeholder(s, "x", dtype, shape...)
				feeds[x] = values{c.In("x").Shape, c.In("x").Data}.feed(dtype)
				dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
				y := ops.PReLU(s.Sub("p"), x, ops.PReLUConfig{
					Initializer: initializers.Constant(c.In("alpha").Float64s()),
					Shared:      c.In("alpha").Shape[0] == 1,
				})
				alpha := g.Node("p/alpha")
				grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, alpha}, gorgonia.Nodes{dy})
				out := run(t, g, feeds, y, grads[0], grads[1])
				rtol, atol := tolerance(dtype)
				for i, name := range []string{"y", "dx", "dalpha"} {
					if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

func TestPReLUGradients(t *testing.T) {
	for _, shared := range []bool{false, true} {
		for _, shape := range [][]int{{5, 4}, {2, 3, 2}, {6}} {
			t.Run(fmt.Sprint(shared, shape), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: tensor.Float64})
				feeds := graph.Feeds{}
				x := input(g.Scope(), feeds, "x", tensor.Float64, awayFromZero(shape...), shared)
				y := ops.PReLU(g.Scope(), x, ops.PReLUConfig{Shared: shared})
				twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{x, g.Node("alpha")})
			})
		}
	}
}

// The variable is trainable, named alpha under the layer's scope, starts at 0.25
// and is shared through Reuse.
func TestPReLUVariable(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
	layer := s.Sub("layer")
	a := ops.PReLU(layer, x, ops.PReLUConfig{})
	b := ops.PReLU(layer.Reuse(), x, ops.PReLUConfig{})
	zero := ops.PReLU(s.Sub("zero"), x, ops.PReLUConfig{Alpha: graph.Zero})
	if vars := g.Trainable(); len(vars) != 2 || g.NameOf(vars[0]) != "layer/alpha" {
		t.Fatalf("trainable variables are %v", vars)
	}
	out := run(t, g, graph.Feeds{x: at([]int{1, 3}, -4, 0, 4).feed(tensor.Float32)}, a, b, zero, g.Node("layer/alpha"))
	wantValues(t, out.Tensor(0), []int{1, 3}, -1, 0, 4)
	wantValues(t, out.Tensor(1), []int{1, 3}, -1, 0, 4)
	wantValues(t, out.Tensor(2), []int{1, 3}, 0, 0, 4)
	wantValues(t, out.Tensor(3), []int{3}, 0.25, 0.25, 0.25)
}

// The gradient of the slopes is summed in pieces that depend on the shape only.
func TestPReLULarge(t *testing.T) {
	for _, shape := range [][]int{{3000, 50}, {70, 5000}, {0, 3}} {
		for _, shared := range []bool{false, true} {
			g := graph.New(graph.Config{})
			feeds := graph.Feeds{}
			v := wave(3, 0, shape...)
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float32, -1, shape[1])
			feeds[x] = v.feed(tensor.Float32)
			y := ops.PReLU(s, x, ops.PReLUConfig{Shared: shared})
			da := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{g.Node("alpha")}, nil)[0]
			got := run(t, g, feeds, da).Float32s(0)
			want := make([]float64, len(got))
			for i, d := range v.data {
				want[i%len(want)] += math.Min(float64(float32(d)), 0)
			}
			for i, w := range want {
				if math.Abs(float64(got[i])-w) > 1e-6*math.Abs(w) {
					t.Fatalf("shape %v, shared %v: slope %d has gradient %v; want %v", shape, shared, i, got[i], w)
				}
			}
		}
	}
}

func TestPReLUErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.PReLU(s, graph.Placeholder(s, "x", tensor.Float32, -1, -1), ops.PReLUConfig{})
	}, "prelu", "float32[?, ?]", "last axis of known size")
	wantBuildError(t, func(s *graph.Scope) {
		ops.PReLU(s, graph.Placeholder(s, "x", tensor.Float32), ops.PReLUConfig{})
	}, "prelu", "float32[]", "last axis of known size")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
		ops.PReLU(s, x, ops.PReLUConfig{})
		ops.PReLU(s, x, ops.PReLUConfig{})
	}, "alpha", "is taken", "s.Sub")
}
