package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func upsampleBy(cfg ops.UpsampleConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return ops.Upsample(s, x, cfg)
	}
}

func TestUpsample(t *testing.T) {
	y := eval(t, tensor.Float32, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Upsample(s, x, ops.UpsampleConfig{Scale: [2]int{2, 3}})
	}), at([]int{1, 1, 2, 2}, 1, 2, 3, 4))
	wantValues(t, y, []int{1, 2, 6, 2}, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4)
}

// Upsampling is resizing by a whole number.
func TestUpsampleIsResize(t *testing.T) {
	x := wave(2, 0.3, 2, 3, 4, 2)
	for _, c := range []struct {
		up     ops.UpsampleConfig
		resize resizeOp
		cfg    ops.ResizeConfig
	}{
		{ops.UpsampleConfig{}, ops.ResizeNearest, ops.ResizeConfig{}},
		{ops.UpsampleConfig{Bilinear: true}, ops.ResizeBilinear, ops.ResizeConfig{HalfPixelCenters: true}},
		{ops.UpsampleConfig{Bilinear: true, AlignCorners: true}, ops.ResizeBilinear, ops.ResizeConfig{AlignCorners: true}},
	} {
		want := eval(t, tensor.Float64, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return c.resize.to(6, 8, c.cfg)(s, x, ops.ChannelsLast)
		}), x)
		got := eval(t, tensor.Float64, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Upsample(s, x, c.up) }), x)
		wantValues(t, got, []int{2, 6, 8, 2}, floats(want)...)
		checkImageGradients(t, upsampleBy(c.up), wave(2, 0.3, 1, 2, 2, 3))
		checkEmptyBatch(t, upsampleBy(c.up))
	}
}

func TestUpsampleBadInput(t *testing.T) {
	layer := func(cfg ops.UpsampleConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.Upsample(s, graph.Placeholder(s, "x", tensor.Float32, shape...), cfg)
		}
	}
	wantLayerError(t, layer(ops.UpsampleConfig{}, -1, 4), "Upsample", "want rank 4")
	wantLayerError(t, layer(ops.UpsampleConfig{Scale: [2]int{2, 0}}, -1, 4, 4, 1), "Scale is [2 0]")
	wantLayerError(t, layer(ops.UpsampleConfig{AlignCorners: true}, -1, 4, 4, 1), "without Bilinear")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.Upsample(s, nil, ops.UpsampleConfig{}) }, "x is nil")
}
