package ops_test

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// The parameters are numbers of the tests' sources, which the reader leaves out.
func TestImageNormsONNX(t *testing.T) {
	checkONNX(t, "LRN", 2, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		cfg := ops.LRNConfig{DepthRadius: 1, Bias: 1, Alpha: 1e-4 / 3, Beta: 0.75, DataFormat: ops.ChannelsFirst} // ONNX divides alpha by size
		if n.Name == "test_lrn" {
			cfg.Bias, cfg.Alpha, cfg.Beta = 2, 2e-4/3, 0.5
		}
		return ops.LRN(s, x, cfg)
	})
	checkONNX(t, "InstanceNormalization", 2, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		epsilon := 1e-5
		if n.Name == "test_instancenorm_epsilon" {
			epsilon = 1e-2
		}
		return ops.InstanceNorm(s, x, ops.InstanceNormConfig{Epsilon: epsilon, DataFormat: ops.ChannelsFirst,
			Gamma: initializers.Constant(n.Inputs[1].Data), Beta: initializers.Constant(n.Inputs[2].Data)})
	})
}

func TestBatchNormONNX(t *testing.T) {
	checkONNX(t, "BatchNormalization", 4, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		value := func(i int) graph.Initializer { return initializers.Constant(n.Inputs[i].Data) }
		cfg := ops.BatchNormConfig{Epsilon: 1e-5, Gamma: value(1), Beta: value(2), MovingMean: value(3), MovingVariance: value(4), DataFormat: ops.ChannelsFirst}
		if strings.Contains(n.Name, "epsilon") {
			cfg.Epsilon = 1e-2
		}
		return ops.BatchNorm(s, x, graph.Const(s, tensor.New(tensor.FromScalar(n.Ints["training_mode"] != nil))), cfg)
	})
}

// Of ONNX's many conventions these are TensorFlow's and PyTorch's; in the others the new size is not the old one times
// the scale, or halves are rounded otherwise.
func TestResizeONNX(t *testing.T) {
	half, corners := ops.ResizeConfig{HalfPixelCenters: true, DataFormat: ops.ChannelsFirst}, ops.ResizeConfig{AlignCorners: true, DataFormat: ops.ChannelsFirst}
	ours := map[string]struct {
		resize resizeOp
		cfg    ops.ResizeConfig
	}{
		"test_resize_upsample_scales_nearest":              {ops.ResizeNearest, half},
		"test_resize_upsample_scales_linear":               {ops.ResizeBilinear, half},
		"test_resize_upsample_scales_linear_align_corners": {ops.ResizeBilinear, corners},
	}
	checkONNX(t, "Resize", len(ours), func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		c, ok := ours[n.Name]
		if !ok {
			return nil
		}
		size := n.Outputs[0].Shape[2:]
		return c.resize(s, x, size[0], size[1], c.cfg)
	})
}

func TestUpsampleONNX(t *testing.T) {
	checkONNX(t, "Upsample", 1, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		scale := n.Inputs[1].Data[2:]
		return ops.Upsample(s, x, ops.UpsampleConfig{Scale: [2]int{int(scale[0]), int(scale[1])}, DataFormat: ops.ChannelsFirst})
	})
}
