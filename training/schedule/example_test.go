package schedule_test

import (
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/schedule"
)

// A learning rate that halves every two steps.
func Example() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Constant(8)})
	loss := ops.Square(s, w)

	t := s.NameScope("train")
	globalStep := training.GlobalStep(t)
	rate := schedule.Exponential(t, globalStep, schedule.ExponentialConfig{Initial: 0.1, DecaySteps: 2, DecayRate: 0.5, Staircase: true})
	opt := training.GradientDescent(training.GradientDescentConfig{Schedule: rate, GlobalStep: globalStep})
	step := opt.Minimize(t, loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	for i := 0; i < 5; i++ {
		out, err := sess.Run(nil, globalStep, rate, loss, step)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("step %v  rate %.4f  loss %.3f\n", out.Float(0), out.Float(1), out.Float(2))
	}
	// Output:
	// step 0  rate 0.1000  loss 64.000
	// step 1  rate 0.1000  loss 40.960
	// step 2  rate 0.0500  loss 26.214
	// step 3  rate 0.0500  loss 21.234
	// step 4  rate 0.0250  loss 17.199
}

// A warm-up of 5 steps, then cosine annealing with restarts.
func ExampleWarmup() {
	sgdr := schedule.CosineRestartsConfig{Initial: 0.1, FirstDecaySteps: 4}
	cfg := schedule.WarmupConfig{Steps: 5, Then: sgdr}
	_, rates := schedule.Curve(cfg, 14)
	fmt.Printf("%.3f\n", rates)
	// Output:
	// [0.000 0.020 0.040 0.060 0.080 0.100 0.085 0.050 0.015 0.100 0.096 0.085 0.069 0.050]
}

// A learning rate that the program lowers when the loss stops falling.
func ExamplePlateau() {
	g := graph.New(graph.Config{})
	rate := schedule.Variable(g.Scope(), "learning_rate", 0.1) // the optimizer's Schedule
	plateau, err := schedule.NewPlateau(schedule.PlateauConfig{Initial: 0.1, Factor: 0.5, Patience: 1})
	if err != nil {
		log.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	for epoch, loss := range []float64{1, 0.8, 0.81, 0.8, 0.5} {
		if lower, changed := plateau.Observe(loss); changed {
			if err := sess.SetValue(rate, lower); err != nil {
				log.Fatal(err)
			}
			fmt.Printf("after epoch %d the rate is %v\n", epoch, lower)
		}
	}
	// Output:
	// after epoch 3 the rate is 0.05
}
