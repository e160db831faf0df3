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

func TestClipByGlobalNormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "clip", "ClipByGlobalNorm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				feeds := graph.Feeds{}
				var xs gorgonia.Nodes
				for k := range 3 {
					a := c.In(fmt.Sprint("t", k))
					xs = append(xs, input(g.Scope(), feeds, "t", dtype, values{a.Shape, a.Data}, true), nil)
				}
				clipped, norm := ops.ClipByGlobalNorm(g.Scope(), xs, c.Param("clipNorm"))
				out := run(t, g, feeds, clipped[0], clipped[2], clipped[4], norm)
				rtol, atol := tolerance(dtype)
				for i, name := range []string{"y0", "y1", "y2", "norm"} {
					if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
				if clipped[1] != nil || clipped[3] != nil || clipped[5] != nil {
					t.Error("nil entries must stay nil")
				}
			})
		}
	}
}

func TestClipByGlobalNormGradients(t *testing.T) {
	for _, limit := range []float64{0.8, 50} {
		checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			clipped, norm := ops.ClipByGlobalNorm(s, xs, limit)
			return ops.Add(s, ops.Add(s, clipped[0], clipped[1]), ops.Square(s, norm))
		}, wave(1, 0.2, 2, 3), wave(2, 0.1, 3))
	}
}

func TestGlobalNormGradients(t *testing.T) {
	checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.GlobalNorm(s, xs)
	}, wave(1, 0.2, 2, 3), at(nil, 0.7), wave(2, 0.1, 3))
}

// Where all is zero the norm has gradient zero, not NaN.
func TestGlobalNormOfZeros(t *testing.T) {
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, at([]int{2}, 0, 0), true)
	norm := ops.GlobalNorm(g.Scope(), gorgonia.Nodes{x})
	out := run(t, g, feeds, norm, graph.Gradients(g.Scope(), gorgonia.Nodes{norm}, gorgonia.Nodes{x}, nil)[0])
	wantValues(t, out.Tensor(0), nil, 0)
	wantValues(t, out.Tensor(1), []int{2}, 0, 0)
}

// Tensors of the benchmark net's sizes, the sum split over goroutines; float32
// values whose squares overflow; an empty tensor.
func TestGlobalNormSizes(t *testing.T) {
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	var xs gorgonia.Nodes
	sum := 0.0
	for _, shape := range [][]int{{784, 300}, {300}, {300, 100}, {0, 4}, {100}, {100, 10}, {10}, nil} {
		v := wave(3e25, 0, shape...)
		xs = append(xs, input(g.Scope(), feeds, "x", tensor.Float32, v, true))
		for _, d := range v.data {
			sum += float64(float32(d)) * float64(float32(d))
		}
	}
	clipped, norm := ops.ClipByGlobalNorm(g.Scope(), xs, 1)
	out := run(t, g, feeds, norm, ops.GlobalNorm(g.Scope(), clipped))
	if got, want := out.Float(0), math.Sqrt(sum); math.Abs(got-want) > 1e-7*want {
		t.Errorf("the norm is %v; want %v", got, want)
	}
	if got := out.Float(1); math.Abs(got-1) > 1e-6 {
		t.Errorf("the clipped norm is %v; want 1", got)
	}
}

// Within the limit nothing changes, to the bit.
func TestClipByGlobalNormInside(t *testing.T) {
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	in := wave(0.1, 0, 50)
	x := input(g.Scope(), feeds, "x", tensor.Float32, in, true)
	clipped, _ := ops.ClipByGlobalNorm(g.Scope(), gorgonia.Nodes{x}, 3)
	for i, v := range run(t, g, feeds, clipped[0]).Float32s(0) {
		if v != float32(in.data[i]) {
			t.Fatalf("element %d: %v became %v", i, in.data[i], v)
		}
	}
}

func TestClipByGlobalNormNil(t *testing.T) {
	g := graph.New(graph.Config{})
	clipped, norm := ops.ClipByGlobalNorm(g.Scope(), gorgonia.Nodes{nil, nil}, 1)
	if len(clipped) != 2 || clipped[0] != nil || clipped[1] != nil || norm != nil || g.Err() != nil {
		t.Errorf("got %v, %v, %v; want nil entries, a nil norm and no error", clipped, norm, g.Err())
	}
}

func TestClipByGlobalNormErrors(t *testing.T) {
	x := func(s *graph.Scope, dt tensor.Dtype) *gorgonia.Node { return graph.Placeholder(s, "x", dt, -1) }
	for _, c := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			clipped, norm := ops.ClipByGlobalNorm(s, gorgonia.Nodes{nil, x(s, tensor.Float32)}, c)
			if clipped[0] != nil || !graph.IsBad(clipped[1]) || !graph.IsBad(norm) {
				t.Errorf("got %v, %v; want bad nodes", clipped, norm)
			}
		}, "clip_by_global_norm", "want a positive number")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.ClipByGlobalNorm(s, gorgonia.Nodes{x(s, tensor.Float32), x(s, tensor.Float64)}, 1)
	}, "global_norm", "float32[?]", "float64[?]", "one dtype")
	wantBuildError(t, func(s *graph.Scope) { ops.GlobalNorm(s, gorgonia.Nodes{x(s, tensor.Int64)}) }, "global_norm", "int64[?]")
	wantBuildError(t, func(s *graph.Scope) { ops.GlobalNorm(s, gorgonia.Nodes{nil}) }, "global_norm", "1 tensors, all nil")
}
