package training_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Checkpoints on the way: the global step is in their names, the last two are
// kept, and another session goes on from the latest.
func ExampleSaver() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Constant(8)})
	globalStep := training.GlobalStep(s)
	opt := training.Adam(training.AdamConfig{LearningRate: 0.5, GlobalStep: globalStep})
	step := opt.Minimize(s.NameScope("train"), ops.Square(s, w), g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}

	// All variables: the weights, Adam's slots and powers, the global step.
	saver := training.NewSaver(g.Variables(), training.SaverConfig{MaxToKeep: 2, GlobalStep: globalStep})
	for i := 1; i <= 30; i++ {
		if _, err := sess.Run(nil, step); err != nil {
			log.Fatal(err)
		}
		if i%10 == 0 {
			if _, err := saver.Save(sess, filepath.Join(dir, "model.ckpt")); err != nil {
				log.Fatal(err)
			}
		}
	}
	for _, path := range saver.Checkpoints() {
		fmt.Println("kept", filepath.Base(path))
	}

	other, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer other.Close()
	latest, err := training.Latest(dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := saver.Restore(other, latest); err != nil {
		log.Fatal(err)
	}
	out, err := other.Run(nil, globalStep)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("goes on from step", out.Float(0))
	// Output:
	// kept model.ckpt-20
	// kept model.ckpt-30
	// goes on from step 30
}
