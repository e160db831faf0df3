package training_test

import (
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Kernels decay, biases do not. The loss depends on the bias only, so that what
// happens to the kernel is the decay: it loses 0.1 % in each step.
func ExampleAdamW() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	layer := s.Sub("hidden")
	kernel := graph.Variable(layer, "kernel", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Constant(2)})
	bias := graph.Variable(layer, "bias", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Constant(2)})
	loss := ops.Add(s, ops.Scale(s, kernel, 0), bias)

	opt := training.AdamW(training.AdamWConfig{
		LearningRate: 0.1,
		WeightDecay:  0.01,
		NoDecay:      []string{".*/bias"}, // with batch normalisation ".*/(gamma|beta)" as well
	})
	step := opt.Minimize(s.NameScope("train"), loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	for i := 1; i <= 3; i++ {
		if _, err := sess.Run(nil, step); err != nil {
			log.Fatal(err)
		}
		out, err := sess.Run(nil, kernel, bias)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("step %d: kernel %.4f  bias %.4f\n", i, out.Float(0), out.Float(1))
	}
	fmt.Println(g.NameOf(opt.Slot(kernel, "AdamW")))
	// Output:
	// step 1: kernel 1.9980  bias 1.9000
	// step 2: kernel 1.9960  bias 1.8000
	// step 3: kernel 1.9940  bias 1.7000
	// hidden/kernel/AdamW
}
