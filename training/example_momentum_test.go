package training_test

import (
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Momentum on (w - 3)^2: the steps grow as long as they lead downhill. The
// velocity is a variable beside w, which a checkpoint of all variables keeps.
func ExampleMomentum() {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Zeros()})
	loss := ops.Square(s, ops.Sub(s, w, graph.Const(s, 3.0)))
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.01, Momentum: 0.9})
	step := opt.Minimize(s.NameScope("train"), loss, gorgonia.Nodes{w})

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
		out, err := sess.Run(nil, w, opt.Slot(w, "Momentum"))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("step %d: w %.6f  velocity %.6f\n", i, out.Float(0), out.Float(1))
	}
	fmt.Println(g.NameOf(opt.Slot(w, "Momentum")))
	// Output:
	// step 1: w 0.060000  velocity -6.000000
	// step 2: w 0.172800  velocity -11.280000
	// step 3: w 0.330864  velocity -15.806400
	// w/Momentum
}
