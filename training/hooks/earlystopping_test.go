package hooks_test

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

func TestEarlyStopping(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for name, tt := range map[string]struct {
		hook   hooks.EarlyStopping
		values []float64
		weight float64 // afterwards; an epoch adds 4
		steps  int     // done
	}{
		"stops and restores":    {hooks.EarlyStopping{Patience: 2}, []float64{3, 2, 2.5, 2, 1, 0}, 8, 16},
		"improves in time":      {hooks.EarlyStopping{Patience: 2}, []float64{3, 4, 2, 3, 1}, 20, 24},
		"patience 1":            {hooks.EarlyStopping{Patience: 1}, []float64{3, 4, 2}, 4, 8},
		"default patience":      {hooks.EarlyStopping{}, []float64{1}, 4, 24},
		"min delta":             {hooks.EarlyStopping{Patience: 2, MinDelta: 0.5}, []float64{3, 2.6, 2.5, 0}, 4, 12},
		"maximize":              {hooks.EarlyStopping{Patience: 2, Maximize: true}, []float64{1, 3, 2, 1, 9}, 8, 16},
		"keeps the last":        {hooks.EarlyStopping{Patience: 2, NoRestore: true}, []float64{3, 4, 5, 1}, 12, 12},
		"no numbers":            {hooks.EarlyStopping{Patience: 2}, []float64{3, nan, inf, 1}, 4, 12},
		"never a number":        {hooks.EarlyStopping{Patience: 3}, []float64{nan, nan, nan, 1}, 12, 12},
		"restores without stop": {hooks.EarlyStopping{Patience: 9}, []float64{3, 1, 2, 2, 2, 2}, 8, 24},
	} {
		for _, first := range []bool{true, false} { // it may stand before or behind what records
			m := newToy(t)
			hook := tt.hook
			list := []training.Hook{&hook, &recorder{values: tt.values}}
			if !first {
				list[0], list[1] = list[1], list[0]
			}
			h := m.fit(t, 6, list...)
			if got := m.weightNow(t); got != tt.weight {
				t.Errorf("%s: the weights are those of step %v, want %v (%s)", name, got, tt.weight, h.Stopped)
			}
			last := h.Epochs[len(h.Epochs)-1].Step
			if last != tt.steps || (tt.steps < 24) != strings.HasPrefix(h.Stopped, "early stopping: validation/loss ") {
				t.Errorf("%s: ended %s after step %d, want %d", name, h.Stopped, last, tt.steps)
			}
		}
	}
}

// Means over the epoch are judged when they are complete, values recorded by steps each time.
func TestEarlyStoppingByStep(t *testing.T) {
	m := newToy(t)
	es := &hooks.EarlyStopping{Monitor: "loss", Patience: 1}
	if h := m.fit(t, 5, es); len(h.Epochs) != 2 { // the loss is the weight, which grows
		t.Errorf("%v", h)
	}
	if v, step, ok := es.Best(); v != 1.5 || step != 4 || !ok {
		t.Error(es.Best())
	}
	m = newToy(t)
	record := &hooks.Func{EverySteps: 3, Do: func(l *training.Loop) error {
		return l.Record("validation/loss", math.Abs(float64(l.Step())-6))
	}}
	h := m.fit(t, 5, &hooks.EarlyStopping{Patience: 2}, record)
	if got := m.weightNow(t); got != 6 || h.Stopped != "early stopping: validation/loss has not improved on 0 of step 6, 2 times in a row" {
		t.Error(got, h.Stopped)
	}
}

func TestEarlyStoppingUnknownMonitor(t *testing.T) {
	m := newToy(t)
	h := m.fit(t, 2, &hooks.EarlyStopping{Monitor: "validation/los"}, &recorder{values: []float64{1, 2}})
	if len(h.Warnings) != 1 || !strings.Contains(h.Warnings[0], `"validation/los" was never recorded; recorded were ["loss" "validation/loss"]`) {
		t.Errorf("%q", h.Warnings)
	}
	_, err := training.Fit(context.Background(), m.sess, m.config(5, &hooks.EarlyStopping{Monitor: "los", Patience: 3}))
	wantError(t, err, "epoch 3", `"los" was never recorded`)
}

func TestEarlyStoppingPath(t *testing.T) {
	m := newToy(t)
	path := filepath.Join(t.TempDir(), "best", "model.ckpt")
	m.fit(t, 5, &recorder{values: []float64{3, 1, 2, 2, 2}}, &hooks.EarlyStopping{Path: path})
	if err := m.sess.SetValue(m.weight, 0.); err != nil {
		t.Fatal(err)
	}
	if err := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{}).Restore(m.sess, path); err != nil {
		t.Fatal(err)
	}
	if got := m.weightNow(t); got != 8 {
		t.Errorf("%s has the weights of step %v", path, got)
	}
}

// The hook begins anew in another training.
func TestEarlyStoppingTwice(t *testing.T) {
	es := &hooks.EarlyStopping{Patience: 1}
	for range 2 {
		m := newToy(t)
		m.fit(t, 5, &recorder{values: []float64{2, 3}}, es)
		if got := m.weightNow(t); got != 4 {
			t.Errorf("the weights are those of step %v", got)
		}
	}
}

func TestEarlyStoppingBadConfig(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		hooks []training.Hook
		want  string
	}{
		{[]training.Hook{&hooks.EarlyStopping{Patience: -1}}, "Patience is -1"},
		{[]training.Hook{&hooks.EarlyStopping{MinDelta: math.NaN()}}, "MinDelta NaN"},
		{[]training.Hook{&hooks.EarlyStopping{Path: filepath.Join(dir, "best")}, &hooks.Checkpoint{Path: filepath.Join(dir, "model")}},
			"a folder of its own"},
	} {
		m := newToy(t)
		_, err := training.Fit(context.Background(), m.sess, m.config(1, tt.hooks...))
		wantError(t, err, "hooks.EarlyStopping", tt.want)
		if m.weightNow(t) != 0 {
			t.Error("there were steps")
		}
	}
}
