package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestWhereGolden(t *testing.T) {
	checkGolden(t, "math", "Where", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		cond := c.In("cond")
		shape := cond.Shape
		if len(shape) == 1 && len(c.In("a").Shape) == 2 {
			shape = []int{shape[0], 1} // TensorFlow 1 lets a vector choose rows
		}
		return ops.Where(s, graph.Const(s, values{shape, cond.Data}.feed(tensor.Bool)), in["a"], in["b"])
	}, "a", "b")
}

// whereShapes are shapes of cond, a, b and of the result.
var whereShapes = [][4][]int{
	{{3, 4}, {3, 4}, {3, 4}, {3, 4}},
	{{}, {3, 4}, {3, 4}, {3, 4}},
	{{3, 4}, {}, {}, {3, 4}},
	{{3, 4}, {3, 4}, {}, {3, 4}},
	{{3, 1}, {3, 4}, {4}, {3, 4}},
	{{4}, {3, 1}, {1, 4}, {3, 4}},
	{{2, 1, 2}, {3, 1}, {2, 3, 1}, {2, 3, 2}},
	{{}, {}, {}, {}},
	{{0, 4}, {4}, {}, {0, 4}},
	{{2, 131}, {2, 131}, {}, {2, 131}}, // longer than what a number is repeated to
	{{2, 131}, {2, 1}, {131}, {2, 131}},
	{{131}, {2, 131}, {2, 131}, {2, 131}},
}

func chooser(cond values) values {
	for i := range cond.data {
		cond.data[i] = float64((i*i + i/2) % 2)
	}
	return cond
}

func TestWhereBroadcasts(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Uint8, tensor.Bool} {
		for _, sh := range whereShapes {
			t.Run(fmt.Sprint(dt, sh), func(t *testing.T) {
				cond, a, b := chooser(wave(0, 0, sh[0]...)), wave(0, 0, sh[1]...), wave(0, 0, sh[2]...)
				for i := range a.data {
					a.data[i] = float64(i % 2)
				}
				for i := range b.data {
					b.data[i] = float64((i / 2) % 2)
				}
				var want []float64
				for i := 0; i < size(sh[3]); i++ {
					v := broadcastAt(b, sh[3], i)
					if broadcastAt(cond, sh[3], i) != 0 {
						v = broadcastAt(a, sh[3], i)
					}
					want = append(want, v)
				}
				got := eval(t, dt, double(func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
					return ops.Where(s, graph.Const(s, cond.feed(tensor.Bool)), x, y)
				}), a, b)
				wantValues(t, got, sh[3], want...)
			})
		}
	}
}

func TestWhereGradients(t *testing.T) {
	for _, sh := range whereShapes {
		cond := chooser(wave(0, 0, sh[0]...))
		checkGradients(t, double(func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
			return ops.Where(s, graph.Const(s, cond.feed(tensor.Bool)), ops.Square(s, x), ops.Exp(s, y))
		}), wave(1, 0.2, sh[1]...), wave(0.5, 0.1, sh[2]...))
	}
}

// NaN and infinities that are not chosen leave neither value nor gradient.
func TestWhereHidesWhatIsNotChosen(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Float32, at([]int{3}, 1, nan, inf), true)
	b := input(s, feeds, "b", tensor.Float32, at([]int{3}, nan, 2, 3), true)
	y := ops.Where(s, graph.Const(s, []bool{true, false, false}), a, b)
	d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{a, b}, nil)
	out := run(t, g, feeds, y, d[0], d[1])
	wantValues(t, out.Tensor(0), []int{3}, 1, 2, 3)
	wantValues(t, out.Tensor(1), []int{3}, 1, 0, 0)
	wantValues(t, out.Tensor(2), []int{3}, 0, 1, 1)
}

func TestWhereErrors(t *testing.T) {
	for _, c := range []struct {
		cond, a, b tensor.Dtype
		shape      []int // of b
		words      []string
	}{
		{tensor.Float32, tensor.Float32, tensor.Float32, []int{3}, []string{"the condition is float32[3]", "want bool"}},
		{tensor.Bool, tensor.Float32, tensor.Float64, []int{3}, []string{"float32[3]", "float64[3]", "ops.Cast"}},
		{tensor.Bool, tensor.Float32, tensor.Float32, []int{4}, []string{"bool[3]", "float32[4]", "equal or 1"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Where(s, graph.Placeholder(s, "c", c.cond, 3), graph.Placeholder(s, "a", c.a, 3), graph.Placeholder(s, "b", c.b, c.shape...))
		}, "Where", c.words...)
	}
}
