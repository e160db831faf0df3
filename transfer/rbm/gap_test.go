package rbm_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// A machine with more weights than there are bits in its data learns these by heart, and the gap tells.
func TestFreeEnergyGap(t *testing.T) {
	const visible, n = 20, 12
	noise := fractions(0.6180339887, 0, 2*n*visible)
	for i, u := range noise {
		noise[i] = 0
		if u*7-float64(int(u*7)) < 0.5 {
			noise[i] = 1
		}
	}
	m := newMachine(t, tensor.Float32, visible, 1, rbm.Config{Hidden: 40, LearningRate: 0.1, Momentum: 0.5})
	known, unknown := dense(tensor.Float32, noise[:n*visible], n, visible), dense(tensor.Float32, noise[n*visible:], n, visible)
	cfg := rbm.GapConfig{
		Training:   dataset.Batches(dataset.BatchesConfig{X: known, BatchSize: 5}),
		Validation: dataset.Batches(dataset.BatchesConfig{X: unknown, BatchSize: 5}),
	}
	measure := func() rbm.Gap {
		gap, err := m.FreeEnergyGap(context.Background(), m.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "training", []float64{gap.Training}, []float64{m.run(graph.Feeds{m.X: known}, m.MeanFreeEnergy).Float(0)}, 1e-4)
		near(t, "validation", []float64{gap.Validation}, []float64{m.run(graph.Feeds{m.X: unknown}, m.MeanFreeEnergy).Float(0)}, 1e-4)
		return gap
	}
	before := measure()
	for range 500 {
		m.run(graph.Feeds{m.X: known}, m.step)
	}
	after := measure()
	if !(after.Difference() > 1 && before.Difference() < 0.5 && before.Difference() > -0.5) {
		t.Errorf("the gap went from %v to %v; want from about 0 to above 1", before, after)
	}
	const want = "free energy of training data -3, of validation data 1.5: a gap of 4.5"
	if got := (rbm.Gap{Training: -3, Validation: 1.5}).SimpleRender()["text/plain"]; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	cfg.Validation = nil
	_, err := m.FreeEnergyGap(context.Background(), m.sess, cfg)
	wantError(t, err, "rbm: FreeEnergyGap: Validation", "Data is nil")
	_, err = m.FreeEnergyGap(context.Background(), nil, cfg)
	wantError(t, err, "Training", "session is nil")
}
