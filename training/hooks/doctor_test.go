package hooks_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

func own(t *testing.T) training.Data {
	set, _ := digits(t)
	return dataset.Batches(dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 32, Seed: 5})
}

// A training with diagnoses on the way ends with the bits of one without, and the
// report is written where it is due.
func TestDoctorLeavesTheTrainingAlone(t *testing.T) {
	train, _ := digits(t)
	var out bytes.Buffer
	losses := func(list ...training.Hook) []float64 {
		n := newNet()
		cfg := n.config(newNoisy(train, 0.1))
		cfg.Steps, cfg.StepLosses, cfg.Hooks = 12, true, list
		history, err := training.Fit(context.Background(), n.open(t), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return history.Losses
	}
	plain := losses()
	diagnosed := losses(&hooks.Doctor{Data: own(t), Steps: 4, Out: &out}, &hooks.Doctor{Data: own(t), EverySteps: 5, Steps: 4, Out: &out},
		&hooks.Doctor{Data: own(t), AfterSteps: 7, Steps: 4, NoTrials: true, Out: &out})
	for i := range plain {
		if plain[i] != diagnosed[i] {
			t.Fatalf("step %d: the loss is %v with diagnoses, %v without", i+1, diagnosed[i], plain[i])
		}
	}
	for _, want := range []string{"after step 0:", "after step 5:", "after step 7:", "after step 10:", "hidden  "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
	if n := strings.Count(out.String(), "after step"); n != 4 {
		t.Errorf("%d reports; want 4", n)
	}
}

// Report takes the diagnosis, and may end the training.
func TestDoctorReport(t *testing.T) {
	train, _ := digits(t)
	n := newNet()
	cfg := n.config(newNoisy(train, 0.1))
	cfg.Epochs = 1
	sick := errors.New("enough")
	cfg.Hooks = []training.Hook{&hooks.Doctor{Data: own(t), EveryEpochs: 1, Steps: 2, Report: func(l *training.Loop, d *training.Diagnosis) error {
		if len(d.Layers) != 2 || l.Epoch() != 1 {
			t.Errorf("epoch %d: %v", l.Epoch(), d)
		}
		return sick
	}}}
	if _, err := training.Fit(context.Background(), n.open(t), cfg); !errors.Is(err, sick) {
		t.Errorf("the error is %v", err)
	}
}

// A diagnosis that is cancelled is left out; the training ends as it would without the doctor, and
// is saved.
func TestDoctorIsCancelled(t *testing.T) {
	train, _ := digits(t)
	n := newNet()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cfg := n.config(newNoisy(train, 0))
	cfg.Epochs = 2
	cfg.Hooks = []training.Hook{
		&hooks.Func{EverySteps: 3, Do: func(*training.Loop) error { cancel(); return nil }},
		&hooks.Doctor{Data: own(t), EverySteps: 3, Report: func(*training.Loop, *training.Diagnosis) error { t.Error("a report"); return nil }},
		&hooks.Checkpoint{Path: filepath.Join(dir, "m")},
	}
	_, err := training.Fit(ctx, n.open(t), cfg)
	if !errors.Is(err, context.Canceled) || stepsSaved(t, dir) != "3" {
		t.Errorf("%v, saved %q", err, stepsSaved(t, dir))
	}
}

func TestDoctorBadConfig(t *testing.T) {
	train, _ := digits(t)
	data := newNoisy(train, 0)
	for _, c := range []struct {
		hook   *hooks.Doctor
		noLoss bool
		want   string
	}{
		{&hooks.Doctor{}, false, "Data is nil"},
		{&hooks.Doctor{Data: own(t), AfterSteps: -1}, false, "AfterSteps is -1"},
		{&hooks.Doctor{Data: own(t), EverySteps: -1}, false, "EverySteps is -1"},
		{&hooks.Doctor{Data: own(t), Steps: -1}, false, "Steps is -1"},
		{&hooks.Doctor{Data: own(t)}, true, "no Loss"},
		{&hooks.Doctor{Data: data}, false, "the training's own"},
	} {
		n := newNet()
		cfg := n.config(data)
		cfg.Steps, cfg.Hooks = 1, []training.Hook{c.hook}
		if c.noLoss {
			cfg.Loss = nil
		}
		_, err := training.Fit(context.Background(), n.open(t), cfg)
		wantError(t, err, "Doctor", c.want)
	}
}
