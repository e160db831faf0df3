package cache_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/cache"
)

// A part is gone on with in batches of any size, none of which is larger than was asked for, and only what it lacks is computed.
func TestResumeInOtherBatches(t *testing.T) {
	for lower := range lowers {
		n, set := build(t, lower, tensor.Float32), digits(t, tensor.Float32)
		for _, half := range []bool{false, true} {
			want := values(t, open(t, n, cache.Config{Source: set, Float16: half}))
			for _, size := range []int{1, 7, 64, 70, 100, 140, 1000} {
				path := filepath.Join(t.TempDir(), "c")
				interrupted(t, n, cache.Config{Source: set, Path: path, BatchSize: 70, Float16: half}, 140)
				last := 140
				a := open(t, n, cache.Config{Source: set, Path: path, BatchSize: size, Float16: half, Progress: func(done, total int) {
					if done <= last || done > last+size || total != 300 {
						t.Errorf("in batches of %d: %d of %d after %d", size, done, total, last)
					}
					last = done
				}})
				if a.Computed() != 160 || last != 300 || !slices.Equal(values(t, a), want) {
					t.Errorf("%s in batches of %d, float16 %v: %d computed, other values: %v", lower, size, half, a.Computed(), !slices.Equal(values(t, a), want))
				}
			}
		}
	}
}

// interrupted is an Open that is cancelled when so many examples are there.
func interrupted(t *testing.T, n *net, cfg cache.Config, after int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cfg.Nodes, cfg.X = n.features, n.x
	cfg.Progress = func(done, _ int) {
		if done == after {
			cancel()
		}
	}
	if _, err := cache.Open(ctx, n.sess, cfg); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled after %d: %v", after, err)
	}
}

// A whole file that a process has open, and another went about to mend, is not written over by a third that wants other values.
func TestOpenWhileReplaced(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	path := filepath.Join(t.TempDir(), "c")
	a := open(t, n, cache.Config{Source: set, Path: path})
	want := values(t, a)
	if err := os.Rename(path, path+".part"); err != nil {
		t.Skipf("a file that is open cannot be renamed here: %v", err)
	}
	other := build(t, "convolutions", tensor.Float32)
	if got := open(t, other, cache.Config{Source: set, Path: path}).Computed(); got != 300 {
		t.Errorf("%d computed of another network", got)
	}
	if !slices.Equal(values(t, a), want) {
		t.Error("what was open has other values")
	}
}

// A weight that is written while its activations are computed is an error; what was computed before is good.
func TestWrittenMeanwhile(t *testing.T) {
	set := digits(t, tensor.Float32)
	for _, path := range []string{"", filepath.Join(t.TempDir(), "c")} {
		n := build(t, "convolutions", tensor.Float32)
		want := values(t, open(t, n, cache.Config{Source: set}))
		v := n.sess.Graph().Node("frozen2/kernel")
		before, err := n.sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []int{60, 120, 300} { // 300 is after the last batch
			changed := before.Clone().(*tensor.Dense)
			changed.Data().([]float32)[0]++
			cfg := cache.Config{Nodes: n.features, X: n.x, Source: set, Path: path, BatchSize: 60, Progress: func(done, _ int) {
				if done == after {
					if err := n.sess.SetValue(v, changed); err != nil {
						t.Error(err)
					}
				}
			}}
			_, err := cache.Open(context.Background(), n.sess, cfg)
			if err == nil || !strings.Contains(err.Error(), "the variable frozen2/kernel") || !strings.Contains(err.Error(), "was written while") {
				t.Errorf("path %q, written after %d: %v", path, after, err)
			}
			if err := n.sess.SetValue(v, before); err != nil {
				t.Fatal(err)
			}
		}
		a := open(t, n, cache.Config{Source: set, Path: path})
		if !slices.Equal(values(t, a), want) || path != "" && a.Computed() != 0 {
			t.Errorf("path %q, with the weights of before: %d computed, other values: %v", path, a.Computed(), !slices.Equal(values(t, a), want))
		}
	}
	// What is trained above the nodes is no business of theirs.
	n := build(t, "dense", tensor.Float32)
	open(t, n, cache.Config{Source: set, BatchSize: 60, Progress: func(done, _ int) {
		if err := n.sess.Init(n.sess.Graph().Node("hidden/kernel")); err != nil {
			t.Error(err)
		}
	}})
}
