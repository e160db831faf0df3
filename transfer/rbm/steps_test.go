package rbm_test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/rbm"
)

//go:embed testdata/steps.json
var stepsFile []byte // testdata/steps.py makes it

// stepCases are the machines of testdata/steps.py.
var stepCases = map[string]rbm.Config{
	"CD-1":                               {LearningRate: 0.1},
	"CD-1, momentum, decay":              {LearningRate: 0.1, Momentum: 0.5, WeightDecay: 0.02},
	"CD-1, sparsity":                     {LearningRate: 0.1, Momentum: 0.9, Sparsity: rbm.Sparsity{Target: 0.1, Cost: 0.3, Decay: 0.8}},
	"CD-3":                               {LearningRate: 0.1, Steps: 3},
	"CD-2, visible units drawn":          {LearningRate: 0.1, Steps: 2, SampleVisible: true},
	"PCD-1":                              {LearningRate: 0.1, Particles: 7},
	"PCD-2, momentum":                    {LearningRate: 0.1, Particles: 3, Steps: 2, Momentum: 0.5},
	"Gaussian CD-1":                      {Visible: rbm.Gaussian, LearningRate: 0.01, Momentum: 0.5, WeightDecay: 0.01},
	"Gaussian CD-2, visible units drawn": {Visible: rbm.Gaussian, LearningRate: 0.01, Steps: 2, SampleVisible: true},
	"Gaussian PCD-1":                     {Visible: rbm.Gaussian, LearningRate: 0.01, Particles: 4},
}

// Two steps with given random numbers are what the formulas say.
func TestSteps(t *testing.T) {
	var golden map[string]map[string][]float64
	if err := json.Unmarshal(stepsFile, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) != len(stepCases) {
		t.Fatalf("%d golden cases; want %d", len(golden), len(stepCases))
	}
	for name, cfg := range stepCases {
		for _, dtype := range dtypes {
			t.Run(fmt.Sprint(name, "/", dtype), func(t *testing.T) { compareSteps(t, dtype, cfg, golden[name]) })
		}
	}
}

func compareSteps(t *testing.T, dtype tensor.Dtype, cfg rbm.Config, want map[string][]float64) {
	const batch, visible, hidden = 5, 6, 4
	tolerance := 1e-6
	if dtype == tensor.Float64 {
		tolerance = 1e-13
	}
	cfg.Hidden = hidden
	m := newMachine(t, dtype, visible, 1, cfg)
	m.set(m.Weights, waves(0.8, 1, visible*hidden))
	m.set(m.HiddenBias, waves(0.3, 2, hidden))
	m.set(m.VisibleBias, waves(0.4, 3, visible))
	x := fractions(0.7548776662, 0, batch*visible)
	if cfg.Visible == rbm.Gaussian {
		x = waves(1.2, 2.3, batch*visible)
	}
	rows := batch
	vars := map[string]*gorgonia.Node{"kernel": m.Weights, "bias": m.HiddenBias, "visible_bias": m.VisibleBias}
	if cfg.Particles > 0 {
		rows = cfg.Particles
		first := fractions(0.3, 0, rows*visible)
		for i, p := range first {
			first[i] = 0
			if p >= 0.5 {
				first[i] = 1
			}
		}
		m.set(m.Particles, first)
		vars["particles"] = m.Particles
	}
	if cfg.Sparsity.Target > 0 {
		vars["mean_activity"] = m.MeanActivity
	}
	number := 0
	var losses []float64
	for range 2 {
		feeds := graph.Feeds{m.X: dense(dtype, x, batch, visible)}
		for _, d := range m.Draws {
			number++
			width := graph.SpecOf(d).Shape[1]
			numbers := fractions(0.6180339887, 0.37*float64(number), rows*width)
			if cfg.Visible == rbm.Gaussian && width == visible {
				numbers = waves(1.3, 1.7+float64(number), rows*width)
			}
			feeds[d] = dense(dtype, numbers, rows, width)
		}
		losses = append(losses, m.run(feeds, m.step, m.ReconstructionError).Float(1))
	}
	near(t, "errors", losses, want["errors"], tolerance)
	if len(want) != len(vars)+1 {
		t.Errorf("%d golden values; want %d", len(want), len(vars)+1)
	}
	for name, v := range vars {
		near(t, name, m.value(v), want[name], tolerance)
	}
}
