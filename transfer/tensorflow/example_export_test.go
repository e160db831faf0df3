package tensorflow_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// doubled is a session of a graph that computes logits = 2 x1 + 2 x2 of x [batch, 2].
func doubled() (*graph.Session, *gorgonia.Node) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	logits := graph.Name(s, "logits", ops.Dense(s.Sub("outputs"), x, 1, ops.DenseConfig{Kernel: initializers.Constant(2)}))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	return sess, logits
}

// Save writes a checkpoint with its graph, and OpenGraph reads both, as TensorFlow would.
func ExampleSave() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	sess, _ := doubled()
	defer sess.Close()
	saver := training.NewSaver(sess.Graph().ModelVariables(), training.SaverConfig{})
	checkpoint, err := tensorflow.Save(sess, saver, filepath.Join(dir, "my_model.ckpt"), tensorflow.ExportConfig{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run(checkpoint))
	// Output: [22]
}

// A frozen graph holds its variables' values.
func ExampleWriteFrozen() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	sess, logits := doubled()
	defer sess.Close()
	path := filepath.Join(dir, "frozen.pb")
	if err := tensorflow.WriteFrozen(path, sess, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(run(path))
	// Output: [22]
}

// A .meta holds the graph alone.
func ExampleWriteMeta() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	sess, logits := doubled()
	defer sess.Close()
	path := filepath.Join(dir, "model.meta")
	if err := tensorflow.WriteMeta(path, sess.Graph(), tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}); err != nil {
		log.Fatal(err)
	}
	file, err := tensorflow.OpenGraph(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fmt.Println(file.Describe().Inputs[0])
	// Output: x float32[? 2]
}

// OpenGraph opens a graph by whatever it was written as, and with its values where it has them.
func ExampleOpenGraph() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	sess, logits := doubled()
	defer sess.Close()
	if err := tensorflow.WriteSavedModel(dir, sess, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}); err != nil {
		log.Fatal(err)
	}
	file, err := tensorflow.OpenGraph(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	summary := file.Describe()
	fmt.Println(summary.Inputs[0], summary.Outputs[0])
	// Output: x float32[? 2] logits float32[? 1]
}

// run imports a graph and computes the logits of [1, 10].
func run(path string) []float32 {
	file, err := tensorflow.OpenGraph(path)
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), network.Config{})
	if err != nil {
		log.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil { // the variables have the values of the checkpoint
		log.Fatal(err)
	}
	if err := file.Close(); err != nil { // which is not needed any more
		log.Fatal(err)
	}
	logits, err := net.Node("logits")
	if err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: [][]float32{{1, 10}}}, logits)
	if err != nil {
		log.Fatal(err)
	}
	return out.Float32s(0)
}
