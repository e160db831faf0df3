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

// A schedule of one's own: any node that depends on the global step, which the optimizer increments. Here the rate falls with the square root of
// the step, as the Transformer's does after its warm-up (Vaswani et al. 2017). The usual schedules are in package training/schedule.
func Example_schedule() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Constant(8)})
	loss := ops.Square(s, w)

	globalStep := training.GlobalStep(s)
	d := s.NameScope("decay") // 0.1 / sqrt(step+1)
	count := ops.AddScalar(d, ops.Cast(d, globalStep, tensor.Float32), 1)
	rate := ops.Scale(d, ops.Rsqrt(d, count), 0.1)

	opt := training.GradientDescent(training.GradientDescentConfig{Schedule: rate, GlobalStep: globalStep})
	step := opt.Minimize(s.NameScope("train"), loss, g.Trainable())

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
	// step 1  rate 0.0707  loss 40.960
	// step 2  rate 0.0577  loss 30.194
	// step 3  rate 0.0500  loss 23.624
	// step 4  rate 0.0447  loss 19.135
}
