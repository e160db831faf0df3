package hooks_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/training/schedule"
)

// withRate is a toy beside which there is a variable for the rate.
func withRate(t *testing.T, initial float64) (*toy, *gorgonia.Node) {
	t.Helper()
	m := newToy(t)
	rate := schedule.Variable(m.g.Scope(), "learning_rate", initial)
	if err := m.sess.Init(); err != nil {
		t.Fatal(err)
	}
	return m, rate
}

func rateNow(t *testing.T, m *toy, rate *gorgonia.Node) float32 {
	t.Helper()
	v, err := m.sess.Value(rate)
	if err != nil {
		t.Fatal(err)
	}
	return v.Data().(float32)
}

// The variable falls after the epochs that schedule.Plateau says, wherever the hook stands.
func TestPlateau(t *testing.T) {
	values := []float64{3, 2, 2, math.NaN(), 2.5, 1, 1, 1}
	for _, first := range []bool{true, false} {
		m, rate := withRate(t, 0.1)
		var got []float32
		watch := &hooks.Func{Do: func(l *training.Loop) error { // the rate that the epoch was trained with
			got = append(got, rateNow(t, m, rate))
			return nil
		}, EveryEpochs: 1}
		list := []training.Hook{&hooks.Plateau{Rate: rate, Config: schedule.PlateauConfig{Factor: 0.5, Patience: 1}}, &recorder{values: values}, watch}
		if !first {
			list[0], list[1] = list[1], list[0]
		}
		m.fit(t, len(values), list...)
		got = append(got, rateNow(t, m, rate))
		for i, want := range []float32{0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025} {
			if i >= len(got) || got[i] != want {
				t.Fatalf("the rates were %v; want %v at %d", got, want, i)
			}
		}
	}
}

// A training that is resumed in the middle of a plateau goes on waiting where it was.
func TestPlateauResumes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.ckpt")
	run := func(m *toy, rate *gorgonia.Node, epochs int) float32 {
		m.fit(t, epochs, &recorder{values: []float64{1, 1, 1, 1, 1, 1, 1}},
			&hooks.Plateau{Rate: rate, Config: schedule.PlateauConfig{Factor: 0.5, Patience: 3}}, &hooks.Checkpoint{Path: path, Resume: true})
		return rateNow(t, m, rate)
	}
	m, rate := withRate(t, 0.1)
	if got := run(m, rate, 3); got != 0.1 {
		t.Fatalf("after 3 epochs the rate is %v", got)
	}
	m, rate = withRate(t, 0.1)
	if got := run(m, rate, 5); got != 0.05 {
		t.Errorf("after 5 epochs in two trainings the rate is %v; want 0.05", got)
	}
	m, rate = withRate(t, 0.1)
	if got := run(m, rate, 6); got != 0.05 {
		t.Errorf("after 6 epochs in three trainings the rate is %v; want 0.05", got)
	}
}

func TestPlateauErrors(t *testing.T) {
	m, rate := withRate(t, 0.1)
	matrix := graph.Variable(m.g.Scope(), "matrix", tensor.Shape{2}, graph.VariableConfig{})
	if err := m.sess.Init(); err != nil {
		t.Fatal(err)
	}
	for want, h := range map[string]*hooks.Plateau{
		"Rate is nil":   {},
		"Factor is 2":   {Rate: rate, Config: schedule.PlateauConfig{Factor: 2}},
		"want a scalar": {Rate: matrix},
		"Rate: ":        {Rate: m.product},
	} {
		_, err := training.Fit(context.Background(), m.sess, m.config(1, h))
		wantError(t, err, "hooks.Plateau", want)
	}
	h := m.fit(t, 1, &hooks.Plateau{Rate: rate, Monitor: "los", Config: schedule.PlateauConfig{Initial: 0.25}})
	if len(h.Warnings) != 1 || rateNow(t, m, rate) != 0.25 {
		t.Errorf("warnings %q, rate %v; want one, and the initial rate", h.Warnings, rateNow(t, m, rate))
	}
	for state, want := range map[string]string{"x\n1 1 0 0": "want a step first", "4\n1 1 0": "the state of a Plateau"} {
		h := &hooks.Plateau{Rate: rate}
		if err := h.UnmarshalBinary([]byte(state)); err != nil {
			t.Errorf("before the training begins: %v", err)
		}
		_, err := training.Fit(context.Background(), m.sess, m.config(1, h))
		wantError(t, err, "hooks.Plateau", want)
	}
}
