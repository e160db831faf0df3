package transfer_test

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
	"github.com/plexaura/plexaura/transfer"
	networks "github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// saveModel writes a trained model with its graph, as TensorFlow's Saver does.
func saveModel(dir string) (path string, err error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	h := x
	for i := 1; i <= 2; i++ {
		h = ops.Dense(s.Sub(fmt.Sprintf("hidden%d", i)), h, 8, ops.DenseConfig{Activation: ops.ELUWith(1)})
	}
	graph.Name(s, "hidden2_out", h)
	ops.Dense(s.Sub("logits"), h, 5, ops.DenseConfig{Kernel: initializers.He()})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return "", err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return "", err
	}
	return tensorflow.Save(sess, training.NewSaver(g.ModelVariables(), training.SaverConfig{}), filepath.Join(dir, "model.ckpt"), tensorflow.ExportConfig{})
}

// A trained network is imported with its graph, cut at a node that is found by name, and gets a new head, which is trained while the layers
// below are frozen; then one of these is unfrozen, and another train op goes on.
func ExampleFreeze() {
	dir, err := os.MkdirTemp("", "transfer")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := saveModel(dir)
	if err != nil {
		log.Fatal(err)
	}

	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	net, err := transfer.Import(s, path, networks.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()
	x, features := g.Node("X"), g.Node("hidden2_out")
	for _, v := range transfer.Cut(g, features) {
		fmt.Println("left behind:", v.Name())
	}
	transfer.Freeze(g, "hidden")

	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	logits := transfer.Head(s.Sub("head"), features, 3, transfer.HeadConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9})
	train := func(scope string) *gorgonia.Node {
		for _, v := range g.Trainable() {
			fmt.Println(scope, "trains", v.Name())
		}
		return opt.Minimize(s.NameScope(scope).After(g.UpdatesOf(loss)...), loss, g.Trainable())
	}
	step := train("first")
	transfer.Unfreeze(g, "hidden2")
	fine := train("second")

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	feeds := graph.Feeds{x: [][]float32{{1, 0, 0, 1}, {0, 1, 1, 0}, {1, 1, 0, 0}}, y: []int{0, 1, 2}}
	var first, last float64
	for i := range 40 {
		op := step
		if i >= 20 {
			op = fine
		}
		out, err := sess.Run(feeds, op, loss)
		if err != nil {
			log.Fatal(err)
		}
		if last = out.Float(1); i == 0 {
			first = last
		}
	}
	fmt.Println("the loss has fallen to a tenth:", last < first/10)
	// Output:
	// left behind: logits/kernel
	// left behind: logits/bias
	// first trains head/kernel
	// first trains head/bias
	// second trains hidden2/kernel
	// second trains hidden2/bias
	// second trains head/kernel
	// second trains head/bias
	// the loss has fallen to a tenth: true
}

// The lower layers of a new model begin with the values that another model's file has.
func ExampleReuse() {
	dir, err := os.MkdirTemp("", "transfer")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := saveModel(dir)
	if err != nil {
		log.Fatal(err)
	}
	f, err := transfer.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	g := graph.New(graph.Config{})
	s := g.Scope().Sub("net")
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	hidden := ops.Dense(s.Sub("hidden1"), x, 8, ops.DenseConfig{Activation: ops.ELUWith(1)})
	ops.Dense(s.Sub("outputs"), hidden, 3, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	plan, err := transfer.Reuse(f, g.Variables(), map[string]string{"hidden1/": "net/hidden1/"})
	if err != nil {
		log.Fatal(err)
	}
	if err := plan.Load(sess, false); err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	if err := sess.Init(); err != nil { // the others
		log.Fatal(err)
	}
	// Output: matched 2, missing 0, unused 0, mismatched 0
}
