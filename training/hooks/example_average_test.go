package hooks_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// The validation measures averaged weights: one hook swaps them in before it, another takes the
// training's back behind it.
func ExampleFunc_averagedWeights() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	target := graph.Placeholder(s, "target", tensor.Float32, -1)
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Zeros()})
	loss := ops.Mean(s, ops.Square(s, ops.Sub(s, target, w)))
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.99}) // too large
	average := training.NewMovingAverage(training.MovingAverageConfig{Decay: 0.9})
	step := average.Apply(s.After(sgd.Minimize(s.NameScope("train"), loss, g.Trainable())), g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}

	threes, err := dataset.FromFlat([]float32{3, 3, 3, 3}, nil)
	if err != nil {
		log.Fatal(err)
	}
	swap := func(l *training.Loop) error { return average.Swap(l.Session()) }
	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: loss, X: target, Epochs: 30,
		Data: dataset.Batches(dataset.BatchesConfig{Source: threes}),
		Hooks: []training.Hook{
			&hooks.Func{Do: swap},
			&hooks.Evaluation{Data: dataset.Batches(dataset.BatchesConfig{Source: threes, NoShuffle: true})},
			&hooks.Func{Do: swap},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	last, _ := history.Last("loss")
	averaged, _ := history.Last("validation/loss")
	fmt.Printf("the weights' loss %.2f, the average's %.2f\n", last, averaged)
	// Output:
	// the weights' loss 2.79, the average's 0.04
}
