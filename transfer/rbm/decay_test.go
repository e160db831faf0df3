package rbm_test

import (
	"slices"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// The decay reads the weights in the step that writes them, and the bits are those of a step by itself.
func TestWeightDecayKeepsBits(t *testing.T) {
	for name, cfg := range map[string]rbm.Config{
		"gradient descent": {LearningRate: 0.1},
		"momentum":         {LearningRate: 0.1, Momentum: 0.5},
		"Adam":             {}, // an optimizer belongs to a graph
		"particles":        {LearningRate: 0.1, Momentum: 0.5, Particles: 13},
	} {
		cfg.Hidden, cfg.WeightDecay = 130, 0.01
		for _, dtype := range dtypes {
			if name == "Adam" {
				cfg.Optimizer = training.Adam(training.AdamConfig{})
			}
			m := newMachine(t, dtype, 301, 1, cfg)
			plain, err := graph.NewSession(m.sess.Graph(), graph.SessionConfig{NoFusion: true})
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			if err := plain.Init(); err != nil {
				t.Fatal(err)
			}
			feeds := graph.Feeds{m.X: dense(dtype, fractions(0.618, 0, 40*301), 40, 301)}
			first := slices.Clone(m.value(m.Weights))
			for range 3 {
				m.run(feeds, m.step)
				if _, err := plain.Run(feeds, m.step); err != nil {
					t.Fatal(err)
				}
			}
			want, err := plain.Value(m.Weights)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.value(m.Weights); !slices.Equal(got, floats(want)) || slices.Equal(got, first) {
				t.Errorf("%s, %v: the weights differ from those of a session without fusion, or have not changed", name, dtype)
			}
		}
	}
}
