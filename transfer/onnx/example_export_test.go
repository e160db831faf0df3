package onnx_test

import (
	"bytes"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/onnx"
)

// A small network, written for other programs, which see images with the channels first.
func ExampleExport() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	images := graph.Placeholder(s, "images", tensor.Float32, -1, 28, 28, 1)
	h := ops.Conv2D(s.Sub("conv"), images, 8, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same})
	h = ops.BatchNorm(s.Sub("norm"), h, graph.PlaceholderWithDefault(s, "training", false), ops.BatchNormConfig{})
	h = ops.GlobalAvgPool(s, ops.ReLU(s, h), ops.GlobalPoolConfig{})
	logits := graph.Name(s, "logits", ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{}))

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		fmt.Println(err)
		return
	}
	m, err := onnx.Export(sess, gorgonia.Nodes{logits}, onnx.ExportConfig{DataFormat: ops.ChannelsFirst})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer // m.Save writes a file
	if _, err := m.WriteTo(&file); err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range m.Graph.Nodes {
		fmt.Println(n.Op, n.Outputs)
	}
	fmt.Println(m.Graph.Inputs[0].Name, m.Graph.Inputs[0].Shape)
	// Output:
	// Conv [conv/BiasAdd]
	// BatchNormalization [norm/BatchNormInference]
	// Relu [relu]
	// ReduceMean [Mean]
	// Gemm [logits]
	// images [-1 1 28 28]
}
