package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func lrnBy(cfg ops.LRNConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return ops.LRN(s, x, cfg)
	}
}

func TestLRNGolden(t *testing.T) {
	checkImageGolden(t, "imagenorms", "LRN", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node {
		return ops.LRN(s, x, ops.LRNConfig{DepthRadius: int(c.Param("radius")), Bias: c.Param("bias"), Alpha: c.Param("alpha"), Beta: c.Param("beta"),
			DataFormat: format})
	})
}

func TestLRNGradients(t *testing.T) {
	for _, beta := range []float64{0.5, 0.75, 0.6, 1} {
		checkImageGradients(t, lrnBy(ops.LRNConfig{DepthRadius: 1, Beta: beta, Alpha: 0.5}), wave(1, 0.2, 2, 4, 2, 2))
	}
}

func TestLRNKernels(t *testing.T) {
	checkImageKernels(t, lrnBy(ops.LRNConfig{}))
	checkEmptyBatch(t, lrnBy(ops.LRNConfig{}))
}

// The zero value is TensorFlow's default.
func TestLRNDefaults(t *testing.T) {
	x := wave(1, 0.2, 1, 1, 2, 14)
	for _, format := range formats {
		want := eval(t, tensor.Float64, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return lrnBy(ops.LRNConfig{DepthRadius: 5, Bias: 1, Alpha: 1, Beta: 0.5})(s, x, format)
		}), x)
		got := eval(t, tensor.Float64, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return lrnBy(ops.LRNConfig{})(s, x, format)
		}), x)
		wantValues(t, got, x.shape, floats(want)...)
	}
}

func TestLRNBadInput(t *testing.T) {
	layer := func(dtype tensor.Dtype, cfg ops.LRNConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.LRN(s, graph.Placeholder(s, "x", dtype, shape...), cfg)
		}
	}
	wantLayerError(t, layer(tensor.Float32, ops.LRNConfig{}, -1, 4), "LRN", "want rank 4")
	wantLayerError(t, layer(tensor.Int32, ops.LRNConfig{}, -1, 4, 4, 3), "want float32 or float64")
	wantLayerError(t, layer(tensor.Float32, ops.LRNConfig{DepthRadius: -1}, -1, 4, 4, 3), "DepthRadius is -1")
	wantLayerError(t, layer(tensor.Float32, ops.LRNConfig{Bias: -1}, -1, 4, 4, 3), "Bias is -1")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.LRN(s, nil, ops.LRNConfig{}) }, "x is nil")
}

func BenchmarkLRN(b *testing.B) { benchImageOp(b, lrnBy(ops.LRNConfig{Beta: 0.75}), 64, 28, 28, 32) }
