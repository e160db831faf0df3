package pretrain_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// killer cancels the training of a layer behind one of its steps.
type killer struct {
	training.NoHook
	at     int
	cancel func()
}

func (k *killer) AfterStep(l *training.Loop) error {
	if l.Step() == k.at {
		k.cancel()
	}
	return nil
}

// TestResume: a training that is interrupted again and again, in the middle of epochs, at their ends, and between layers, ends with the weights of
// one that never was, and says so.
func TestResume(t *testing.T) {
	train, validation := digits(t)
	cfg := pretrain.Config{Data: train, Validation: validation, Epochs: []int{4}, BatchSize: 50, Patience: 1}
	whole := build(t, tensor.Float32, two()...)
	want, err := whole.stack.Pretrain(ctx, whole.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	weights := whole.bits(t, whole.g.ModelVariables())
	for _, kills := range []map[string][]int{
		{"layer1": {1, 6, 8, 20}, "layer2": {3, 12}},
		{"layer1": {24}, "layer2": {1}},
		{"layer2": {24}},
	} {
		cfg := cfg
		cfg.Checkpoints, cfg.Cache = t.TempDir(), t.TempDir()
		interrupted := 0
		for {
			n := build(t, tensor.Float32, two()...)
			killed, kill := context.WithCancel(ctx)
			cfg.Hooks = func(layer string) []training.Hook {
				if len(kills[layer]) == 0 {
					return nil
				}
				at := kills[layer][0]
				kills[layer] = kills[layer][1:]
				return []training.Hook{&killer{at: at, cancel: kill}}
			}
			r, err := n.stack.Pretrain(killed, n.sess, cfg)
			kill()
			if err != nil {
				interrupted++
				if !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				continue
			}
			if got := n.bits(t, n.g.ModelVariables()); !reflect.DeepEqual(got, weights) {
				t.Errorf("after %d interruptions the weights are others", interrupted)
			}
			for i, l := range r.Layers {
				w := want.Layers[i]
				if got, want := fmt.Sprint(*l.Validation, l.Epochs, l.Stopped), fmt.Sprint(*w.Validation, w.Epochs, w.Stopped); got != want {
					t.Errorf("%s is reported as %s; want %s", l.Name, got, want)
				}
			}
			if interrupted == 0 {
				t.Error("it was never interrupted")
			}
			break
		}
	}
}

// copier copies a folder behind one of the steps, as it would be found after a crash.
type copier struct {
	training.NoHook
	at       int
	from, to string
}

func (c *copier) AfterStep(l *training.Loop) error {
	if l.Step() != c.at {
		return nil
	}
	return os.CopyFS(c.to, os.DirFS(c.from))
}

// TestCrash: what lies on the disk at any moment is enough to end with the same weights.
func TestCrash(t *testing.T) {
	train, validation := digits(t)
	for _, layer := range []string{"layer1", "layer2"} {
		for _, step := range []int{1, 6, 7, 12} {
			crashed := filepath.Join(t.TempDir(), "crashed")
			cfg := pretrain.Config{Data: train, Validation: validation, Epochs: []int{2}, BatchSize: 50, Checkpoints: t.TempDir()}
			cfg.Hooks = func(name string) []training.Hook {
				if name != layer {
					return nil
				}
				return []training.Hook{&copier{at: step, from: cfg.Checkpoints, to: crashed}}
			}
			n := build(t, tensor.Float32, two()...)
			if _, err := n.stack.Pretrain(ctx, n.sess, cfg); err != nil {
				t.Fatal(err)
			}
			want := n.bits(t, n.g.ModelVariables())
			cfg.Hooks, cfg.Checkpoints = nil, crashed
			n = build(t, tensor.Float32, two()...)
			r, err := n.stack.Pretrain(ctx, n.sess, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(n.bits(t, n.g.ModelVariables()), want) {
				t.Errorf("after a crash in step %d of %s the weights are others", step, layer)
			}
			if resumed := r.Layers[0].Resumed != ""; resumed != (layer == "layer2" || step > 6) {
				t.Errorf("after a crash in step %d of %s, layer1 was resumed: %v", step, layer, resumed)
			}
		}
	}
}
