package plots_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/plexaura/plexaura/training/plots"
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

func ExampleConfusionMatrix() {
	p, err := plots.ConfusionMatrix([][]int{{48, 2}, {5, 45}}, []string{"cat", "dog"}, plots.ConfusionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	// Output:
	// Confusion matrix: 93 of 100 right, 93.00 %
	//   label\predicted  cat  dog  recall
	//               cat   48    2  96.0 %
	//               dog    5   45  90.0 %
}

func ExampleSchedule() {
	rates := make([]float64, 1000)
	for i := range rates {
		rates[i] = 0.05 * (1 + math.Cos(math.Pi*float64(i)/1000))
	}
	p, err := plots.Schedule(nil, rates, plots.ScheduleConfig{Title: "Cosine decay"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	// Output: Cosine decay: 1000 steps from 0.1 at step 0 to 2.47e-7 at step 999, lowest 2.47e-7, highest 0.1
}
