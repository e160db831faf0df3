package training_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Reusing the lower layers of a trained net for another task: the Saver's list
// names the variables to restore, and Init gives values to the rest only.
func ExampleSaver_subset() {
	dir, err := os.MkdirTemp("", "subset")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	// The first task has ten classes.
	old, _ := layers(10)
	oldSess, err := graph.NewSession(old, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer oldSess.Close()
	if err := oldSess.Init(); err != nil {
		log.Fatal(err)
	}
	path, err := training.NewSaver(old.ModelVariables(), training.SaverConfig{}).Save(oldSess, filepath.Join(dir, "old.ckpt"))
	if err != nil {
		log.Fatal(err)
	}

	// The new one has three: hidden1 and hidden2 are taken over.
	g, _ := layers(3)
	lower := g.ModelVariables("hidden[12]")
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := training.NewSaver(lower, training.SaverConfig{}).Restore(sess, path); err != nil {
		log.Fatal(err)
	}
	for _, v := range sess.Uninitialized() {
		fmt.Println("to be learnt:", g.NameOf(v))
	}
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}

	// A list with too much in it is an error that says what does not fit;
	// RestoreSubset takes what fits and reports the rest.
	all := training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	fmt.Println("restoring all fails:", all.Restore(sess, path) != nil)
	report, err := all.RestoreSubset(sess, path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("restored:", report.Restored)
	for _, m := range report.Mismatched {
		fmt.Printf("%s is %s in the file, %s in the graph\n", m.Name, m.Stored, m.Want)
	}
	// Output:
	// to be learnt: outputs/bias
	// to be learnt: outputs/kernel
	// restoring all fails: true
	// restored: [hidden1/kernel hidden1/bias hidden2/kernel hidden2/bias]
	// outputs/kernel is float32[5, 10] in the file, float32[5, 3] in the graph
	// outputs/bias is float32[10] in the file, float32[3] in the graph
}

// layers builds a net with the given number of classes.
func layers(classes int) (*graph.Graph, *gorgonia.Node) {
	g := graph.New(graph.Config{Seed: 7})
	s := g.Scope()
	h := graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	for _, name := range []string{"hidden1", "hidden2"} {
		h = ops.Dense(s.Sub(name), h, 5, ops.DenseConfig{Activation: ops.ELUWith(1)})
	}
	return g, ops.Dense(s.Sub("outputs"), h, classes, ops.DenseConfig{})
}
