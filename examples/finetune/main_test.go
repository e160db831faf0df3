package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plexaura/plexaura/zoo/finetune"
)

// TestShort trains a network from scratch on generated pictures, which needs neither photos nor weights, and opens what was saved.
func TestShort(t *testing.T) {
	out := t.TempDir()
	if err := run(context.Background(), options{short: true, seeds: 2, network: mobileNet, way: scratch, mirrors: t.TempDir(), out: out}); err != nil {
		t.Fatal(err)
	}
	k, err := finetune.Open(filepath.Join(out, "tfjs-mobilenet_v1_0.25_224-scratch"))
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if len(k.Classes) != 2 || k.Classes[0] != "discs" {
		t.Errorf("the classes are %q", k.Classes)
	}
}

func TestBadOptions(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for want, o := range map[string]options{
		"-seeds is 0":                 {},
		"-way is \"best\"":            {seeds: 1, way: "best"},
		"-validation wants -train":    {seeds: 1, validation: "val"},
		"no such file":                {seeds: 1, train: filepath.Join(t.TempDir(), "none"), network: mobileNet},
		"there are no weights called": {seeds: 1, short: true, network: "none"},
	} {
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "finetune-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("generated pictures are left: %v", left)
	}
}

// TestSummary: the mean, and the standard deviation with n-1.
func TestSummary(t *testing.T) {
	var s summary
	for _, right := range []int{3, 1} {
		s.add(&finetune.Report{Validation: &finetune.Evaluation{Accuracy: float64(right) / 4}, Took: time.Second})
	}
	if got, want := s.String(), "accuracy 0.5000 ± 0.3536 ([0.7500 0.2500]), 1.0 s each"; got != want {
		t.Errorf("the summary is %q; want %q", got, want)
	}
}
