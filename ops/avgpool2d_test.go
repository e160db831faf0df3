package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func avgPoolBy(cfg ops.AvgPool2DConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return ops.AvgPool2D(s, x, cfg)
	}
}

func TestAvgPool2DGolden(t *testing.T) {
	checkImageGolden(t, "pooling", "AvgPool", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node {
		padding, pads := padsOf(c)
		return ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Size: pairOf(c, "size"), Strides: pairOf(c, "stride"), Padding: padding, Pads: pads,
			CeilMode: c.Param("ceil") == 1, CountPadding: c.Param("countPadding") == 1, DataFormat: format})
	})
}

func TestAvgPool2DGradients(t *testing.T) {
	for _, cfg := range []ops.AvgPool2DConfig{
		{},
		{Size: [2]int{3, 2}, Strides: [2]int{1, 2}, Padding: ops.Same},
		{Size: [2]int{2, 3}, Strides: [2]int{2, 1}, Pads: [2][2]int{{1, 0}, {0, 1}}, CountPadding: true, CeilMode: true},
	} {
		checkImageGradients(t, avgPoolBy(cfg), wave(3, 0.1, 2, 2, 5, 4))
	}
}

func TestAvgPool2DKernels(t *testing.T) {
	checkImageKernels(t, avgPoolBy(ops.AvgPool2DConfig{}))
	checkImageKernels(t, avgPoolBy(ops.AvgPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Padding: ops.Same}))
	checkEmptyBatch(t, avgPoolBy(ops.AvgPool2DConfig{}))
}

func TestAvgPool2DBadInput(t *testing.T) {
	layer := func(cfg ops.AvgPool2DConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.AvgPool2D(s, graph.Placeholder(s, "x", tensor.Float32, shape...), cfg)
		}
	}
	wantLayerError(t, layer(ops.AvgPool2DConfig{}, -1, 4), "want rank 4")
	wantLayerError(t, layer(ops.AvgPool2DConfig{Pads: [2][2]int{{}, {0, 2}}}, -1, 4, 4, 1), "along the width", "smaller pads")
	wantLayerError(t, layer(ops.AvgPool2DConfig{Padding: ops.Same, Pads: [2][2]int{{1, 1}}}, -1, 4, 4, 1), "Padding SAME")
	wantLayerError(t, layer(ops.AvgPool2DConfig{DataFormat: ops.ChannelsFirst}, -1, 4, 1, 4), "height of the window is 2", "the 1 of the image")
}

func BenchmarkAvgPool2D(b *testing.B) {
	benchImageOp(b, avgPoolBy(ops.AvgPool2DConfig{}), 64, 28, 28, 32)
}
