package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestGlobalPools(t *testing.T) {
	x := at([]int{1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, -8)
	for _, c := range []struct {
		pool   func(s *graph.Scope, x *gorgonia.Node, cfg ops.GlobalPoolConfig) *gorgonia.Node
		format ops.DataFormat
		want   []float64
	}{
		{ops.GlobalAvgPool, ops.ChannelsLast, []float64{4, 1}},
		{ops.GlobalAvgPool, ops.ChannelsFirst, []float64{2.5, 2.5}},
		{ops.GlobalMaxPool, ops.ChannelsLast, []float64{7, 6}},
		{ops.GlobalMaxPool, ops.ChannelsFirst, []float64{4, 7}},
	} {
		for keep, shape := range map[bool][]int{false: {1, 2}, true: {1, 1, 1, 2}} {
			if keep && c.format == ops.ChannelsFirst {
				shape = []int{1, 2, 1, 1}
			}
			build := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return c.pool(s, x, ops.GlobalPoolConfig{KeepDims: keep, DataFormat: c.format})
			})
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				wantValues(t, eval(t, dtype, build, x), shape, c.want...)
			}
			checkGradients(t, build, wave(3, 0.1, 2, 2, 3, 2))
		}
	}
}

// Global pools of a batch of size 0 and of images without pixels.
func TestGlobalPoolsOfNothing(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, -1, -1, 2)
	y := ops.GlobalAvgPool(g.Scope(), x, ops.GlobalPoolConfig{})
	empty := func(shape ...int) graph.Feeds {
		return graph.Feeds{x: tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))}
	}
	if shape := run(t, g, empty(0, 3, 3, 2), y).Tensor(0).Shape(); fmt.Sprint(shape) != "(0, 2)" {
		t.Errorf("shape %v of no images", shape)
	}
	wantValues(t, run(t, g, empty(1, 0, 3, 2), y).Tensor(0), []int{1, 2}, math.NaN(), math.NaN())
}

func TestGlobalPoolBadInput(t *testing.T) {
	layer := func(dtype tensor.Dtype, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.GlobalAvgPool(s, graph.Placeholder(s, "x", dtype, shape...), ops.GlobalPoolConfig{})
		}
	}
	wantLayerError(t, layer(tensor.Float32, -1, 4), "GlobalAvgPool", "want rank 4")
	wantLayerError(t, layer(tensor.Int64, -1, 4, 4, 3), "want float32 or float64")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.GlobalMaxPool(s, nil, ops.GlobalPoolConfig{}) }, "x is nil")
}
