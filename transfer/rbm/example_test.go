package rbm_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// A machine learns features of handwritten digits without a label, and is judged by its reconstructions and by the gap between free energies.
func ExampleNew() {
	train, validation, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	st, err := rbm.Check(train, rbm.Bernoulli)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(st)

	g := graph.New(graph.Config{Seed: 42})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 64)
	r := rbm.New(g.Scope().Sub("rbm1"), x, rbm.Config{Hidden: 32, LearningRate: 0.1, Momentum: 0.5, VisibleBias: st.VisibleBias()})
	step := r.Step(g.Scope().NameScope("train"))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)

	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: r.ReconstructionError, X: x,
		Data: dataset.Batches(dataset.BatchesConfig{X: train.X, BatchSize: 20}), Epochs: 15,
	})
	if err != nil {
		log.Fatal(err)
	}
	_, errors := history.Series("loss")
	fmt.Printf("reconstruction error from %.2f to %.2f\n", errors[0], errors[len(errors)-1])

	gap, err := r.FreeEnergyGap(context.Background(), sess, rbm.GapConfig{
		Training:   dataset.Batches(dataset.BatchesConfig{X: train.X}),
		Validation: dataset.Batches(dataset.BatchesConfig{X: validation.X}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("overfitted:", gap.Difference() > 2)

	filters, err := r.Filters(sess, plots.ImageGridConfig{Height: 8, Width: 8})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(filters) // filters.Save("filters.png")
	// Output:
	// 1257 examples for Bernoulli units: 64 features, of which 4 are constant, with means from 0 to 0.759
	// restricted Boltzmann machine: 64 Bernoulli visible units, 32 hidden units, CD-1
	// reconstruction error from 0.07 to 0.03
	// overfitted: false
	// 32 of 32 filters of 8 x 8, each divided by its largest magnitude
}
