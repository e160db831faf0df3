package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// With channels first, values, gradients and moving statistics are those of
// PyTorch, and of rank 4 the moving variance is the corrected one.
func TestBatchNormChannelsFirst(t *testing.T) {
	seen := 0
	for _, c := range golden.Cases(t, "layers", "BatchNorm") {
		if len(c.In("x").Shape) != 4 {
			continue
		}
		seen++
		t.Run(c.Name, func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			feeds := graph.Feeds{}
			x := input(s, feeds, "x", tensor.Float64, values{c.In("x").Shape, c.In("x").Data}, false)
			dy := input(s, feeds, "dy", tensor.Float64, values{c.In("dy").Shape, c.In("dy").Data}, false)
			y := ops.BatchNorm(s.Sub("bn"), ops.Transpose(s, x, 0, 3, 1, 2), graph.Const(s, c.Param("training") == 1), ops.BatchNormConfig{
				Momentum: c.Param("momentum"), Epsilon: c.Param("epsilon"), DataFormat: ops.ChannelsFirst,
				Gamma:          initializers.Constant(c.In("gamma").Data),
				Beta:           initializers.Constant(c.In("beta").Data),
				MovingMean:     initializers.Constant(c.In("movingMean").Data),
				MovingVariance: initializers.Constant(c.In("movingVariance").Data),
			})
			xs := gorgonia.Nodes{x, g.Node("bn/gamma"), g.Node("bn/beta")}
			back := ops.Transpose(s, y, 0, 2, 3, 1)
			fetches := append(gorgonia.Nodes{back}, graph.Gradients(s, gorgonia.Nodes{back}, xs, gorgonia.Nodes{dy})...)
			sess := sessionOn(t, g)
			out, err := sess.Run(feeds, append(fetches, g.UpdatesOf(y)...)...)
			if err != nil {
				t.Fatal(err)
			}
			for i, name := range []string{"y", "dx", "dgamma", "dbeta"} {
				if err := golden.Close(out.Tensor(i), c.Out(name), 1e-11, 1e-11); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			for variable, name := range map[string]string{"bn/moving_mean": "newMovingMean", "bn/moving_variance": "newMovingVariance"} {
				v, err := sess.Value(g.Node(variable))
				if err != nil {
					t.Fatal(err)
				}
				if err := golden.Close(v, c.Out(name), 1e-11, 1e-11); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	if seen == 0 {
		t.Error("there is no case of rank 4")
	}
}

// Of other ranks as well the channels are axis 1.
func TestBatchNormChannelsFirstRanks(t *testing.T) {
	for _, shape := range [][]int{{4, 3}, {2, 3, 4}, {2, 3, 2, 2, 2}} {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		feeds := graph.Feeds{}
		sizes := make([]int, len(shape))
		for i := range sizes {
			sizes[i] = graph.Unknown
		}
		sizes[1] = shape[1]
		x := graph.Placeholder(s, "x", tensor.Float64, sizes...)
		feeds[x] = wave(2, 0.3, shape...).feed(tensor.Float64)
		y := ops.BatchNorm(s.Sub("bn"), x, graph.Const(s, true), ops.BatchNormConfig{DataFormat: ops.ChannelsFirst})
		var rest []int
		for a := range shape {
			if a != 1 {
				rest = append(rest, a)
			}
		}
		out := run(t, g, feeds, ops.Mean(s, y, rest...))
		for c, m := range floats(out.Tensor(0)) {
			if m > 1e-12 || m < -1e-12 {
				t.Errorf("shape %v: channel %d has mean %v after normalisation; want 0", shape, c, m)
			}
		}
		if got := graph.SpecOf(y).Shape; got[1] != shape[1] || len(got) != len(shape) {
			t.Errorf("the result has shape %v; want that of x, %v", got, sizes)
		}
	}
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.BatchNorm(s, graph.Placeholder(s, "x", tensor.Float32, -1, -1, 4, 4), nil, ops.BatchNormConfig{DataFormat: ops.ChannelsFirst})
	}, "axis 1 in channels_first", "must be known")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.BatchNorm(s, graph.Placeholder(s, "x", tensor.Float32, -1, 4), nil, ops.BatchNormConfig{DataFormat: 4})
	}, "DataFormat(4)")
}
