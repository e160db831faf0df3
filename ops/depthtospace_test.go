package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// inBlocks is DepthToSpace, or SpaceToDepth back again.
func inBlocks(block int, cfg ops.DepthToSpaceConfig, back bool) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		if back {
			return ops.SpaceToDepth(s, x, block, cfg)
		}
		return ops.DepthToSpace(s, x, block, cfg)
	}
}

func TestDepthToSpaceGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "resizing", "PixelShuffle") {
		block, cfg := int(c.Param("block")), ops.DepthToSpaceConfig{PixelShuffle: c.Param("torch") == 1}
		x, y := c.In("x"), c.Out("y")
		for _, format := range formats {
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				for _, back := range []bool{false, true} {
					from, to := x, y
					if back {
						from, to = y, x
					}
					got := eval(t, dtype, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
						return inNCHW(s, x, format, inBlocks(block, cfg, back))
					}), values{from.Shape, from.Data})
					wantValues(t, got, to.Shape, to.Data...)
				}
			}
		}
	}
}

// The example of TensorFlow's documentation, for other dtypes.
func TestDepthToSpaceDtypes(t *testing.T) {
	x := at([]int{1, 1, 2, 4}, 1, 2, 3, 4, 5, 6, 7, 8)
	for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		y := eval(t, dtype, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return inBlocks(2, ops.DepthToSpaceConfig{}, false)(s, x, ops.ChannelsLast)
		}), x)
		wantValues(t, y, []int{1, 2, 4, 1}, 1, 2, 5, 6, 3, 4, 7, 8)
	}
}

func TestDepthToSpaceGradients(t *testing.T) {
	for _, cfg := range []ops.DepthToSpaceConfig{{}, {PixelShuffle: true}} {
		for _, back := range []bool{false, true} {
			checkImageGradients(t, inBlocks(2, cfg, back), wave(2, 0.3, 2, 4, 4, 2))
			checkEmptyBatch(t, inBlocks(2, cfg, back))
		}
	}
}

func TestDepthToSpaceKernels(t *testing.T) {
	checkImageKernels(t, inBlocks(2, ops.DepthToSpaceConfig{}, false))
}

func TestDepthToSpaceBadInput(t *testing.T) {
	layer := func(block int, back bool, format ops.DataFormat, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return inBlocks(block, ops.DepthToSpaceConfig{}, back)(s, graph.Placeholder(s, "x", tensor.Float32, shape...), format)
		}
	}
	wantLayerError(t, layer(2, false, ops.ChannelsLast, -1, 4, 4, 6), "number of channels", "multiple of 4")
	wantLayerError(t, layer(2, true, ops.ChannelsLast, -1, 4, 5, 6), "width", "multiple of 2")
	wantLayerError(t, layer(2, true, ops.ChannelsFirst, -1, 4, 5, 6), "height", "multiple of 2")
	wantLayerError(t, layer(0, true, ops.ChannelsLast, -1, 4, 5, 6), "block size is 0")
	wantLayerError(t, layer(2, true, ops.ChannelsLast, -1, 4), "want rank 4")
}
