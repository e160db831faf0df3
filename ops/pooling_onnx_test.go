package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// checkONNX runs the nodes of a type in ONNX's suite on images; there must be at
// least so many. build gives nil for one that is not ours.
func checkONNX(t *testing.T, op string, atLeast int, build func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node) {
	t.Helper()
	ran := 0
	for _, n := range golden.ONNXNodes(t, op) {
		t.Run(n.Name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			feeds := graph.Feeds{}
			x := input(g.Scope(), feeds, "x", tensor.Float32, values{n.Inputs[0].Shape, n.Inputs[0].Data}, false)
			y := build(g.Scope().Sub("layer"), x, n)
			if y == nil {
				return
			}
			ran++
			if err := golden.Close(run(t, g, feeds, y).Tensor(0), n.Outputs[0], 2e-6, 2e-6); err != nil {
				t.Error(err)
			}
		})
	}
	if ran < atLeast {
		t.Errorf("ONNX's suite has %d tests of %s on images; want %d or more", ran, op, atLeast)
	}
}

// onnxInts reads an attribute of two integers.
func onnxInts(n golden.ONNXNode, name string) [2]int {
	if v := n.Ints[name]; len(v) == 2 {
		return [2]int{v[0], v[1]}
	}
	return [2]int{1, 1}
}

// onnxPool reads the window of a node, NCHW.
func onnxPool(n golden.ONNXNode) ops.MaxPool2DConfig {
	cfg := ops.MaxPool2DConfig{Size: onnxInts(n, "kernel_shape"), Strides: onnxInts(n, "strides"), Dilations: onnxInts(n, "dilations"),
		DataFormat: ops.ChannelsFirst}
	if v := n.Ints["ceil_mode"]; v != nil {
		cfg.CeilMode = v[0] == 1
	}
	if p := n.Ints["pads"]; len(p) == 4 {
		cfg.Pads = [2][2]int{{p[0], p[2]}, {p[1], p[3]}}
	}
	switch n.Strings["auto_pad"] {
	case "SAME_UPPER":
		cfg.Padding = ops.Same
	case "SAME_LOWER":
		cfg.Padding = ops.SameLower
	}
	return cfg
}

func TestMaxPool2DONNX(t *testing.T) {
	checkONNX(t, "MaxPool", 9, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		if order := n.Ints["storage_order"]; graph.SpecOf(x).Rank() != 4 || order != nil {
			return nil // of sequences and volumes, or with places counted by columns
		}
		return ops.MaxPool2D(s, x, onnxPool(n))
	})
}

func TestAvgPool2DONNX(t *testing.T) {
	checkONNX(t, "AveragePool", 9, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		if graph.SpecOf(x).Rank() != 4 {
			return nil
		}
		cfg, count := onnxPool(n), n.Ints["count_include_pad"]
		return ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Size: cfg.Size, Strides: cfg.Strides, Padding: cfg.Padding, Pads: cfg.Pads,
			CeilMode: cfg.CeilMode, CountPadding: count != nil && count[0] == 1, DataFormat: ops.ChannelsFirst})
	})
}

func TestPool1DONNX(t *testing.T) {
	for op, pool := range map[string]func(s *graph.Scope, x *gorgonia.Node, cfg ops.Pool1DConfig) *gorgonia.Node{
		"MaxPool": ops.MaxPool1D, "AveragePool": ops.AvgPool1D,
	} {
		checkONNX(t, op, 1, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
			if graph.SpecOf(x).Rank() != 3 {
				return nil
			}
			return pool(s, x, ops.Pool1DConfig{Size: n.Ints["kernel_shape"][0], Stride: 1, DataFormat: ops.ChannelsFirst})
		})
	}
}

func TestGlobalPoolONNX(t *testing.T) {
	keep := ops.GlobalPoolConfig{KeepDims: true, DataFormat: ops.ChannelsFirst}
	checkONNX(t, "GlobalAveragePool", 2, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		return ops.GlobalAvgPool(s, x, keep)
	})
	checkONNX(t, "GlobalMaxPool", 2, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
		return ops.GlobalMaxPool(s, x, keep)
	})
}

func TestDepthToSpaceONNX(t *testing.T) {
	for _, op := range []string{"DepthToSpace", "SpaceToDepth"} {
		checkONNX(t, op, 1, func(s *graph.Scope, x *gorgonia.Node, n golden.ONNXNode) *gorgonia.Node {
			return inBlocks(n.Ints["blocksize"][0], ops.DepthToSpaceConfig{PixelShuffle: n.Strings["mode"] == "CRD"}, op == "SpaceToDepth")(s, x, ops.ChannelsFirst)
		})
	}
}
