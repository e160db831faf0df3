package training_test

import (
	"fmt"
	"os"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// The deep net of the chapter: He initialisation, batch normalisation, ELU and
// clipped gradients; trained, saved and restored.
func ExampleGradientDescent_deepNet() {
	if err := inTemporaryFolder(contract); err != nil {
		fmt.Println(err)
	}
	// Output:
	// the loss fell to less than a tenth: true
	// accuracy on the batch 1.00
}

// contract is the code block of the design, section 10, as it stands there, with
// a batch to run it on before it and what shows that it trains behind it.
func contract() error {
	xb, yb, err := batchOfDigits()
	if err != nil {
		return err
	}

	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 784)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)

	dnn := s.NameScope("dnn")
	he := initializers.He()
	h := X
	for i, units := range []int{300, 100} {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{Kernel: he, NoBias: true})
		h = ops.BatchNorm(l, h, isTraining, ops.BatchNormConfig{Momentum: 0.9})
		h = ops.ELU(l, h, 1)
	}
	logits := ops.Dense(dnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: he})
	ls := s.NameScope("loss")
	loss := ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, y, logits))
	accuracy := ops.Accuracy(s.NameScope("eval"), y, logits)

	t := s.NameScope("train").After(g.UpdatesOf(loss)...) // or g.Collection(graph.UpdateOps)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	grads := opt.ComputeGradients(t, loss, g.Trainable()) // []training.GradVar{Grad, Var *gorgonia.Node}
	for i := range grads {
		grads[i].Grad = ops.ClipByValue(t, grads[i].Grad, -1, 1)
	}
	step := opt.ApplyGradients(t, grads) // opt.Minimize(t, loss, vars) does both

	sess, err := graph.NewSession(g, graph.SessionConfig{}) // build errors so far surface here
	if err != nil {
		return err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return err
	}
	out, err := sess.Run(graph.Feeds{X: xb, y: yb, isTraining: true}, step, loss) // out graph.Values; out.Float(1)
	if err != nil {
		return err
	}
	saver := training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	path, err := saver.Save(sess, "model.ckpt")
	if err != nil {
		return err
	}
	err = saver.Restore(sess, path)
	if err != nil {
		return err
	}

	// Here ends the code of the design. What it built trains:
	first := out.Float(1)
	for i := 0; i < 100; i++ {
		if out, err = sess.Run(graph.Feeds{X: xb, y: yb, isTraining: true}, step, loss); err != nil {
			return err
		}
	}
	fmt.Println("the loss fell to less than a tenth:", out.Float(1) < first/10)
	if out, err = sess.Run(graph.Feeds{X: xb, y: yb}, accuracy); err != nil {
		return err
	}
	fmt.Printf("accuracy on the batch %.2f\n", out.Float(0))
	return nil
}

// batchOfDigits returns 50 of the embedded digits in the middle of 28x28 pixels.
func batchOfDigits() (x, y *tensor.Dense, err error) {
	digits, err := dataset.AllDigits()
	if err != nil {
		return nil, nil, err
	}
	const n = 50
	small, large := digits.X.Data().([]float32), make([]float32, n*784)
	for i := 0; i < n; i++ {
		for r := 0; r < 8; r++ {
			copy(large[i*784+(r+10)*28+10:], small[i*64+r*8:i*64+r*8+8])
		}
	}
	labels := digits.Y.Data().([]int64)[:n]
	return tensor.New(tensor.WithShape(n, 784), tensor.WithBacking(large)), tensor.New(tensor.WithShape(n), tensor.WithBacking(labels)), nil
}

// inTemporaryFolder runs f in a working folder that is removed afterwards.
func inTemporaryFolder(f func() error) error {
	dir, err := os.MkdirTemp("", "contract")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	was, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	defer os.Chdir(was)
	return f()
}
