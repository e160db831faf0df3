package plots_test

import (
	"fmt"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/metrics"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/training/schedule"
)

func ExampleLearningCurves() {
	dir, err := os.MkdirTemp("", "plots")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	p, err := plots.LearningCurves([]plots.Series{
		{Name: "training", Values: []float64{0.9, 0.5, 0.3, 0.2, 0.15}},
		{Name: "validation", Values: []float64{0.8, 0.5, 0.4, 0.38, 0.41}},
	}, plots.CurvesConfig{Title: "Loss", YLabel: "cross-entropy"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"loss.svg", "loss.png"} {
		if err := p.Save(filepath.Join(dir, name)); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(p)
	// Output:
	// Loss
	// series      values  first  lowest     highest   last
	// training    5       0.9    0.15 at 5  0.9 at 1  0.15
	// validation  5       0.8    0.38 at 4  0.8 at 1  0.41
}

func ExampleBars() {
	dir, err := os.MkdirTemp("", "plots")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	names := []string{"hidden1", "hidden2", "hidden3", "outputs"}
	norms := []float64{2e-6, 3e-4, 0.02, 0.7}
	flagged := make([]bool, len(norms))
	for i, n := range norms {
		flagged[i] = n < 1e-4
	}
	p, err := plots.Bars(names, norms, plots.BarsConfig{Title: "Gradient norm of each layer", LogScale: true, Marks: []float64{1e-4}, Flagged: flagged})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	fmt.Println(p.Save(filepath.Join(dir, "gradients.png")))
	// Output:
	// Gradient norm of each layer
	// hidden1  2e-6  !
	// hidden2  3e-4
	// hidden3  0.02
	// outputs  0.7
	// <nil>
}

// The mistakes of a classifier, counted batch by batch and drawn.
func ExampleConfusionMatrix() {
	m, err := metrics.NewConfusionMatrix("cat", "dog", "owl")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, batch := range [][2][]int64{{{0, 0, 1, 2}, {0, 1, 1, 2}}, {{2, 2, 1}, {2, 0, 1}}} {
		labels, predicted := tensor.New(tensor.WithBacking(batch[0])), tensor.New(tensor.WithBacking(batch[1]))
		if err := m.Update(labels, predicted); err != nil {
			fmt.Println(err)
			return
		}
	}
	p, err := plots.ConfusionMatrix(m.Counts(), m.Names(), plots.ConfusionConfig{Title: "Pets"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	// Output:
	// Pets: 5 of 7 right, 71.43 %
	//   label\predicted  cat  dog  owl   recall
	//               cat    1    1    0   50.0 %
	//               dog    0    2    0  100.0 %
	//               owl    1    0    2   66.7 %
}

// A warm-up of 100 steps, then cosine decay, drawn before any training: a schedule is a function of the step.
func ExampleSchedule() {
	rate := schedule.WarmupConfig{Steps: 100, Then: schedule.CosineConfig{Initial: 0.1, DecaySteps: 900}}
	steps, rates := schedule.Curve(rate, 1000)
	p, err := plots.Schedule(steps, rates, plots.ScheduleConfig{Title: "Warm-up and cosine decay"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	// Output: Warm-up and cosine decay: 1000 steps from 0 at step 0 to 3.05e-7 at step 999, lowest 0, highest 0.1
}
