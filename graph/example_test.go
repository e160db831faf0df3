package graph_test

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// swish is an op that a program declares for itself: x * sigmoid(x), from any
// package, in one function.
func swish(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Swish",
		Infer:   graph.SameAs,
		InPlace: []int{0},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			body := func(c *graph.Call, lo, hi int) {
				in, out := c.In[0].Float32s(), c.Out.Float32s()
				for i := lo; i < hi; i++ {
					out[i] = in[i] / (1 + float32(math.Exp(-float64(in[i]))))
				}
			}
			return func(c *graph.Call) error { c.Split(c.Out.Size(), 4096, body); return nil }, nil
		},
	}, x)
}

// A program's own op, fed, run and fetched.
func ExampleApply() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	y := swish(s.NameScope("dnn"), x)

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	out, err := sess.Run(graph.Feeds{x: []float32{-1, 0, 1}}, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g.NameOf(y), graph.SpecOf(y))
	fmt.Printf("%.4f\n", out.Float32s(0))
	// Output:
	// dnn/Swish float32[?]
	// [-0.2689 0.0000 0.7311]
}

// A variable's node is its value when the Run began; Read, in a scope after a
// write, sees the write.
func ExampleRead() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	steps := graph.Variable(s, "steps", nil, graph.VariableConfig{Dtype: tensor.Int64, NotTrainable: true})
	count := graph.AssignAdd(s, steps, graph.ConstOf(s, tensor.Int64, 1))
	now := graph.Read(s.After(count), steps)

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		out, err := sess.Run(nil, steps, now)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("began with", out.Float(0), "is now", out.Float(1))
	}
	// Output:
	// began with 0 is now 1
	// began with 1 is now 2
}

// In a notebook, a failing op panics at its own line, and a cell that starts
// with Fresh may be run again.
func ExampleScope_Fresh() {
	g := graph.New(graph.Config{OnError: graph.PanicOnError})
	cell := func(units int) (name string) {
		defer func() {
			if e, ok := recover().(*graph.BuildError); ok {
				name = "failed: " + e.Path()
			}
		}()
		s := g.Scope().Sub("hidden1").Fresh()
		return g.NameOf(graph.Variable(s, "kernel", tensor.Shape{784, units}, graph.VariableConfig{}))
	}
	fmt.Println(cell(-300))
	fmt.Println(cell(300))
	fmt.Println(cell(100))
	// Output:
	// failed: hidden1/kernel
	// hidden1/kernel
	// hidden1/kernel
}
