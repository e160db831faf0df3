package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func adaptiveBy(height, width int) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		return ops.AdaptiveAvgPool2D(s, x, height, width, format)
	}
}

func TestAdaptiveAvgPool2DGolden(t *testing.T) {
	checkImageGolden(t, "pooling", "AdaptiveAvgPool", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node {
		return ops.AdaptiveAvgPool2D(s, x, int(c.Param("height")), int(c.Param("width")), format)
	})
}

func TestAdaptiveAvgPool2DGradients(t *testing.T) {
	checkImageGradients(t, adaptiveBy(3, 2), wave(3, 0.1, 2, 2, 5, 4))
	checkImageGradients(t, adaptiveBy(3, 4), wave(3, 0.1, 1, 2, 2, 3))
}

func TestAdaptiveAvgPool2DKernels(t *testing.T) {
	checkImageKernels(t, adaptiveBy(3, 2))
	checkImageKernels(t, adaptiveBy(7, 7))
	checkEmptyBatch(t, adaptiveBy(2, 3))
}

func TestAdaptiveAvgPool2DBadInput(t *testing.T) {
	layer := func(height, width int, format ops.DataFormat, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.AdaptiveAvgPool2D(s, graph.Placeholder(s, "x", tensor.Float32, shape...), height, width, format)
		}
	}
	wantLayerError(t, layer(2, 2, ops.ChannelsLast, -1, 4), "want rank 4")
	wantLayerError(t, layer(2, 0, ops.ChannelsLast, -1, 4, 4, 1), "2 x 0", "want positive numbers")
	wantLayerError(t, layer(2, 2, ops.ChannelsFirst, -1, 4, 0, 1), "at least one pixel")
	wantLayerError(t, layer(2, 2, 7, -1, 4, 4, 1), "DataFormat(7)")
}
