package tensorflow_test

import (
	"fmt"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// TensorFlow's import_meta_graph and restore: the graph comes from the .meta file, the variables' values from the checkpoint.
func ExampleGraph_Import() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	checkpoint := filepath.Join(dir, "my_model.ckpt")
	writeModel(checkpoint)

	file, err := tensorflow.OpenGraph(checkpoint + ".meta")
	if err != nil {
		fmt.Println(err)
		return
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	saver := training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	if err := saver.Restore(sess, checkpoint); err != nil {
		fmt.Println(err)
		return
	}
	logits, err := net.Node("outputs/MatMul")
	if err != nil {
		fmt.Println(err)
		return
	}
	x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 10}))
	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: x}, logits)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Inputs[0].Name, g.NameOf(g.Trainable()[0]), out.Float32s(0))
	// Output: X outputs/kernel [42]
}

// writeModel stands for TensorFlow: it writes a graph and a checkpoint.
func writeModel(checkpoint string) {
	float := tffile.Attr{Value: tffile.Float32}
	nodes := []tffile.NodeDef{
		{Name: "X", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{-1, 2}}}}},
		{Name: "outputs/kernel", Op: "VariableV2", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{2, 1}}}}},
		{Name: "outputs/kernel/read", Op: "Identity", Inputs: []string{"outputs/kernel"}, Attrs: map[string]tffile.Attr{"T": float}},
		{Name: "outputs/MatMul", Op: "MatMul", Inputs: []string{"X", "outputs/kernel/read"}, Attrs: map[string]tffile.Attr{"T": float}},
	}
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{Nodes: nodes, Producer: tffile.GraphProducer}}
	kernel, err := tffile.New("outputs/kernel", []int{2, 1}, []float32{2, 4})
	if err == nil {
		err = tffile.Write(checkpoint, []tffile.Tensor{kernel})
	}
	if err == nil {
		err = os.WriteFile(checkpoint+".meta", meta.Encode(), 0o644)
	}
	if err != nil {
		fmt.Println(err)
	}
}
