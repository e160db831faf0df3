package ops_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// resizeOp is ResizeBilinear or ResizeNearest.
type resizeOp func(s *graph.Scope, x *gorgonia.Node, height, width int, cfg ops.ResizeConfig) *gorgonia.Node

func (f resizeOp) to(height, width int, cfg ops.ResizeConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return f(s, x, height, width, cfg)
	}
}

var (
	conventions = []ops.ResizeConfig{{}, {AlignCorners: true}, {HalfPixelCenters: true}}
	resizes     = map[string]resizeOp{"Bilinear": ops.ResizeBilinear, "Nearest": ops.ResizeNearest,
		"BilinearLike": toLike(ops.ResizeBilinearLike), "NearestLike": toLike(ops.ResizeNearestLike)}
)

// toLike makes a resizeOp of one that takes the size of an image.
func toLike(f func(s *graph.Scope, x, like *gorgonia.Node, cfg ops.ResizeConfig) *gorgonia.Node) resizeOp {
	return func(s *graph.Scope, x *gorgonia.Node, height, width int, cfg ops.ResizeConfig) *gorgonia.Node {
		like := graph.Const(s, tensor.New(tensor.WithShape(1, height, width, 1), tensor.Of(tensor.Float32)))
		if cfg.DataFormat == ops.ChannelsFirst {
			like = ops.Transpose(s, like, 0, 3, 1, 2)
		}
		return f(s, x, like, cfg)
	}
}

func TestResizeGolden(t *testing.T) {
	for name, f := range resizes {
		checkImageGolden(t, "resizing", strings.TrimSuffix(name, "Like"), func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node {
			cfg := ops.ResizeConfig{AlignCorners: c.Param("alignCorners") == 1, HalfPixelCenters: c.Param("halfPixel") == 1}
			return f.to(int(c.Param("height")), int(c.Param("width")), cfg)(s, x, format)
		})
	}
}

func TestResizeGradients(t *testing.T) {
	for _, f := range resizes {
		for _, cfg := range conventions {
			checkImageGradients(t, f.to(5, 2, cfg), wave(2, 0.3, 2, 2, 3, 4))
		}
	}
}

func TestResizeKernels(t *testing.T) {
	for _, f := range resizes {
		checkImageKernels(t, f.to(70, 41, ops.ResizeConfig{HalfPixelCenters: true}))
		checkEmptyBatch(t, f.to(3, 7, ops.ResizeConfig{}))
	}
}

// A new pixel that lies on an old one is that pixel, whatever stands beside it.
func TestResizeDoesNotSpreadNaN(t *testing.T) {
	x := at([]int{1, 2, 2, 1}, 1, math.NaN(), math.Inf(1), 4)
	for _, f := range resizes {
		for _, cfg := range conventions {
			for _, format := range formats {
				y := eval(t, tensor.Float32, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
					return inNCHW(s, ops.Transpose(s, x, 0, 3, 1, 2), format, f.to(2, 2, cfg))
				}), x)
				wantValues(t, y, []int{1, 1, 2, 2}, x.data...)
			}
		}
	}
}

func TestResizeBadInput(t *testing.T) {
	layer := func(height, width int, cfg ops.ResizeConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.ResizeBilinear(s, graph.Placeholder(s, "x", tensor.Float32, shape...), height, width, cfg)
		}
	}
	wantLayerError(t, layer(2, 2, ops.ResizeConfig{}, -1, 4), "ResizeBilinear", "want rank 4")
	wantLayerError(t, layer(0, 2, ops.ResizeConfig{}, -1, 4, 4, 3), "new size is [0 2]")
	wantLayerError(t, layer(2, 2, ops.ResizeConfig{}, -1, 0, 4, 3), "at least one pixel")
	wantLayerError(t, layer(2, 2, ops.ResizeConfig{AlignCorners: true, HalfPixelCenters: true}, -1, 4, 4, 3), "both set")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.ResizeBilinearLike(s, graph.Placeholder(s, "x", tensor.Float32, -1, 4, 4, 3), graph.Placeholder(s, "like", tensor.Float32, -1, 4), ops.ResizeConfig{})
	}, "the size wanted", "want rank 4")
	wantLayerError(t, layer(2, 2, ops.ResizeConfig{DataFormat: 9}, -1, 4, 4, 3), "DataFormat(9)")
}

func BenchmarkResizeBilinear(b *testing.B) {
	benchImageOp(b, resizeOp(ops.ResizeBilinear).to(56, 56, ops.ResizeConfig{HalfPixelCenters: true}), 16, 28, 28, 32)
}
