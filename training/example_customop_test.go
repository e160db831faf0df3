package training_test

import (
	"fmt"
	"log"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Swish is x * sigmoid(beta*x), of Ramachandran, Zoph and Le (2017), arXiv
// 1710.05941. Any shape, float32 or float64. With beta 1 it is tf.nn.swish and
// torch.nn.SiLU.
//
// Its gradient is grad * (sigmoid(beta*x) + beta*y*(1 - sigmoid(beta*x))).
func Swish(s *graph.Scope, x *gorgonia.Node, beta float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "swish",
		Attrs: map[string]interface{}{"beta": beta},
		// The shape rule: called with unknown sizes as -1 when the node is
		// built, and with known ones for every new set of feed shapes.
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if !in[0].IsFloat() {
				return in[0], errors.Errorf("the input is %v; want float32 or float64", in[0])
			}
			return in[0], nil
		},
		// The choice of the kernel runs once for every plan; the kernel itself
		// must not allocate. Split may run the body on several cores.
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			body := func(c *graph.Call, lo, hi int) {
				swish(c.Out.Float32s()[lo:hi], c.In[0].Float32s()[lo:hi], beta)
			}
			if b.Out.Dtype == tensor.Float64 {
				body = func(c *graph.Call, lo, hi int) {
					swish(c.Out.Float64s()[lo:hi], c.In[0].Float64s()[lo:hi], beta)
				}
			}
			return func(c *graph.Call) error {
				c.Split(c.Out.Size(), 4096, body)
				return nil
			}, nil
		},
		// The gradient in terms of other ops: it can be differentiated again.
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			gate := ops.Sigmoid(s, ops.Scale(s, in[0], beta))
			closed := ops.Sub(s, graph.OnesLike(s, gate), gate)
			slope := ops.Add(s, gate, ops.Scale(s, ops.Mul(s, out, closed), beta))
			return gorgonia.Nodes{ops.Mul(s, grad, slope)}
		},
	}, x)
}

// swish is y[i] = x[i] / (1 + exp(-beta*x[i])).
func swish[T float32 | float64](y, x []T, beta float64) {
	for i, v := range x {
		y[i] = v / T(1+math.Exp(-beta*float64(v)))
	}
}

// An op of one's own, in one's own package, is one graph.OpDef. It takes part in
// everything that the library's ops do: here it is an activation of a layer,
// is checked against finite differences, and trains.
func Example_customOp() {
	// The check, in float64, of the gradient and of its gradient.
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64, -1)
	y := Swish(s, x, 1.5)
	slope := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	feeds := graph.Feeds{x: []float64{-20, -2, -0.5, 0, 0.5, 2, 20}}
	for _, n := range []*gorgonia.Node{y, slope} {
		if err := graph.CheckGradients(g, feeds, n, gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("gradients agree with finite differences")

	// A wrong input is an error that names scope and op, what was wanted and what came.
	labels := graph.Placeholder(s, "labels", tensor.Int64, -1)
	Swish(s.NameScope("net"), labels, 1)
	var wrong *graph.BuildError
	if errors.As(g.Err(), &wrong) {
		fmt.Println(wrong.Path(), wrong.Inputs, wrong.Cause)
	}

	// As an activation.
	g = graph.New(graph.Config{Seed: 9})
	s = g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	target := graph.Placeholder(s, "target", tensor.Float32, -1, 1)
	h := ops.Dense(s.Sub("hidden1"), X, 16, ops.DenseConfig{
		Activation: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return Swish(s, x, 1) },
	})
	loss := ops.SigmoidCrossEntropy(s, target, ops.Dense(s.Sub("outputs"), h, 1, ops.DenseConfig{}))
	loss = ops.Mean(s, loss)
	step := training.Adam(training.AdamConfig{LearningRate: 0.05}).Minimize(s.NameScope("train"), loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	xor := graph.Feeds{X: [][]float32{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, target: []float32{0, 1, 1, 0}}
	var out graph.Values
	for i := 0; i < 200; i++ {
		if out, err = sess.Run(xor, step, loss); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("it learns exclusive or:", out.Float(1) < 0.1)
	// Output:
	// gradients agree with finite differences
	// net/swish [int64[?]] the input is int64[?]; want float32 or float64
	// it learns exclusive or: true
}
