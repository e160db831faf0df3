package cache_test

import (
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// values are what the activations are, in their order, and the labels.
func values(t *testing.T, a *cache.Activations) []float32 {
	t.Helper()
	set, err := a.Set()
	if err != nil {
		t.Fatal(err)
	}
	out := slices.Clone(set.X.Data().([]float32))
	for _, y := range set.Y.Data().([]int64) {
		out = append(out, float32(y))
	}
	return out
}

// From a file come the bits that come from memory, and the second Open computes nothing.
func TestFile(t *testing.T) {
	for lower := range lowers {
		t.Run(lower, func(t *testing.T) {
			n, set := build(t, lower, tensor.Float32), digits(t, tensor.Float32)
			want := values(t, open(t, n, cache.Config{Source: set}))
			path := filepath.Join(t.TempDir(), "new folder", "digits.cache")
			first := open(t, n, cache.Config{Source: set, Path: path, BatchSize: 64})
			if got := values(t, first); !slices.Equal(got, want) || first.Computed() != 300 {
				t.Errorf("%d computed, and other values: %v", first.Computed(), !slices.Equal(got, want))
			}
			var told []int
			again := open(t, n, cache.Config{Source: set, Path: path, BatchSize: 7, Progress: func(done, _ int) { told = append(told, done) }})
			if got := values(t, again); !slices.Equal(got, want) || again.Computed() != 0 || told != nil {
				t.Errorf("opened again: %d computed, progress %v, other values: %v", again.Computed(), told, !slices.Equal(got, want))
			}
			if left := list(t, filepath.Dir(path)); !slices.Equal(left, []string{"digits.cache", "digits.cache.lock"}) {
				t.Errorf("the folder has %v", left)
			}
			// Training from it is training on what is computed.
			losses := fit(t, n, training.FitConfig{Feed: again.Feed}, again, 32)
			computed := build(t, lower, tensor.Float32)
			sameLosses(t, losses, fit(t, computed, training.FitConfig{X: computed.x}, set, 32))
		})
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A cache of other weights, data, nodes or storage is computed anew, and one that only moved is not.
func TestStale(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	set := digits(t, tensor.Float32)
	n := build(t, "dense", tensor.Float32)
	base := func() (*net, cache.Config) { return n, cache.Config{Source: set, Path: path} }
	for _, c := range []struct {
		name   string
		change func() (*net, cache.Config)
		want   int
	}{
		{"first", base, 300},
		{"same", base, 0},
		{"built again", func() (*net, cache.Config) { _, c := base(); return build(t, "dense", tensor.Float32), c }, 0},
		{"fed what is the default", func() (*net, cache.Config) {
			n, c := base()
			c.Feeds = graph.Feeds{n.training: false}
			return n, c
		}, -1},
		{"data key", func() (*net, cache.Config) { n, c := base(); c.DataKey = "digits"; return n, c }, 300},
		{"another data key", func() (*net, cache.Config) { n, c := base(); c.DataKey = "digits, other"; return n, c }, 300},
		{"float16", func() (*net, cache.Config) { n, c := base(); c.Float16 = true; return n, c }, 300},
		{"float16 again", func() (*net, cache.Config) { n, c := base(); c.Float16 = true; return n, c }, 0},
		{"one label", func() (*net, cache.Config) {
			n, c := base()
			y := slices.Clone(set.Y.Data().([]int64))
			y[250]++
			c.Source = &dataset.Set{X: set.X, Y: tensor.New(tensor.WithShape(300), tensor.WithBacking(y))}
			return n, c
		}, 300},
		{"one pixel", func() (*net, cache.Config) {
			n, c := base()
			x := set.X.Clone().(*tensor.Dense)
			x.Data().([]float32)[250*64+5] += 0.5
			c.Source = &dataset.Set{X: x, Y: set.Y}
			return n, c
		}, 300},
		{"without labels", func() (*net, cache.Config) { n, c := base(); c.Source = &dataset.Set{X: set.X}; return n, c }, 300},
		{"fewer", func() (*net, cache.Config) {
			n, c := base()
			fewer, err := dataset.Take(set, 100)
			if err != nil {
				t.Fatal(err)
			}
			c.Source = fewer
			return n, c
		}, 100},
		{"one weight", func() (*net, cache.Config) {
			n, c := base()
			v := n.sess.Graph().Node("frozen1/bias")
			value, err := n.sess.Value(v)
			if err != nil {
				t.Fatal(err)
			}
			value.Data().([]float32)[3] += 1e-3
			if err := n.sess.SetValue(v, value); err != nil {
				t.Fatal(err)
			}
			return n, c
		}, 300},
		{"the same weight", base, 0},
		{"another net", func() (*net, cache.Config) { _, c := base(); return build(t, "convolutions", tensor.Float32), c }, 300},
	} {
		n, cfg := c.change()
		if got := open(t, n, cfg).Computed(); got != c.want && c.want >= 0 {
			t.Errorf("%s: %d computed, want %d", c.name, got, c.want)
		}
		if c.want < 0 { // either is right; go on from the base
			open(t, n, cache.Config{Source: set, Path: path})
		}
	}
}

// A cancelled Open leaves a part, and the next one computes the rest only.
func TestResume(t *testing.T) {
	n, set := build(t, "convolutions", tensor.Float32), digits(t, tensor.Float32)
	want := values(t, open(t, n, cache.Config{Source: set}))
	for _, stop := range []int{0, 70, 140, 210, 280} {
		dir := t.TempDir()
		path := filepath.Join(dir, "c")
		ctx, cancel := context.WithCancel(context.Background())
		if stop == 0 {
			cancel()
		}
		cfg := cache.Config{Nodes: n.features, X: n.x, Source: set, Path: path, BatchSize: 70, Progress: func(done, _ int) {
			if done == stop {
				cancel()
			}
		}}
		if _, err := cache.Open(ctx, n.sess, cfg); !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled at %d: %v", stop, err)
		}
		var told []int
		cfg.Progress = func(done, total int) { told = append(told, done, total) }
		a, err := cache.Open(context.Background(), n.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := values(t, a); !slices.Equal(got, want) || a.Computed() != 300-stop || told[0] != min(stop+70, 300) || told[len(told)-2] != 300 {
			t.Errorf("stopped at %d: %d computed, progress %v, other values: %v", stop, a.Computed(), told, !slices.Equal(got, want))
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

// However a file is damaged, what comes out is what was computed first.
func TestDamage(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	for _, half := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "c")
		cfg := cache.Config{Source: set, Path: path, Float16: half}
		want := values(t, open(t, n, cfg))
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		try := func(suffix string, b []byte, all bool) {
			t.Helper()
			os.Remove(path)
			if err := os.WriteFile(path+suffix, b, 0o644); err != nil {
				t.Fatal(err)
			}
			a := open(t, n, cfg)
			if !slices.Equal(values(t, a), want) || all && a.Computed() != 300 {
				t.Fatalf("%d bytes: %d computed, other values: %v", len(b), a.Computed(), !slices.Equal(values(t, a), want))
			}
			a.Close()
		}
		for i := range 100 {
			for _, suffix := range []string{"", ".part"} {
				try(suffix, whole[:len(whole)*i/100], true)
			}
		}
		try("", append(slices.Clone(whole), 0), true)
		seed := rand.Int63()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewSource(seed))
		for range 100 {
			b := slices.Clone(whole)
			for range 1 + r.Intn(3) {
				b[r.Intn(len(b))] ^= 1 << r.Intn(8)
			}
			try([]string{"", ".part"}[r.Intn(2)], b, false)
		}
	}
}

// Of a file with a damaged block, that block is computed.
func TestRepair(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	path := filepath.Join(t.TempDir(), "c")
	want := values(t, open(t, n, cache.Config{Source: set, Path: path, BatchSize: 64}))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-8]++ // the label of the last example
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	a := open(t, n, cache.Config{Source: set, Path: path, BatchSize: 10})
	if got := values(t, a); !slices.Equal(got, want) || a.Computed() != 300-256 {
		t.Errorf("%d computed, other values: %v", a.Computed(), !slices.Equal(got, want))
	}
}

// A graph that says the same of itself and computes something else is found out by its first examples.
func TestSilentChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	set := digits(t, tensor.Float32)
	scaled := func(factor float32) *net {
		g := graph.New(graph.Config{Seed: 3})
		s := g.Scope()
		n := &net{x: graph.Placeholder(s, "X", tensor.Float32, -1, 8, 8, 1)}
		n.features = gorgonia.Nodes{graph.Apply(s, graph.OpDef{Name: "scaled", Infer: graph.SameFloat, Kernel: graph.Elementwise(
			func(out, x []float32) {
				for i := range x {
					out[i] = factor * x[i]
				}
			}, nil)}, n.x)}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sess.Close() })
		n.sess = sess
		return n
	}
	for i, want := range []int{300, 0} {
		if got := open(t, scaled(2), cache.Config{Source: set, Path: path}).Computed(); got != want {
			t.Errorf("Open %d: %d computed, want %d", i, got, want)
		}
	}
	if got := open(t, scaled(3), cache.Config{Source: set, Path: path}).Computed(); got != 300 {
		t.Errorf("%d computed of another op, want 300", got)
	}
}

// Where nothing can be written, a whole cache is opened, and another is an error that says so.
func TestReadOnly(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	cfg := cache.Config{Nodes: n.features, X: n.x, Source: set, Path: filepath.Join(blocked, "c")}
	if _, err := cache.Open(context.Background(), n.sess, cfg); err == nil || !strings.Contains(err.Error(), "cannot be written") || !strings.Contains(err.Error(), blocked) {
		t.Errorf("got %v, want that the cache cannot be written", err)
	}
	dir := t.TempDir()
	cfg.Path = filepath.Join(dir, "c")
	open(t, n, cfg)
	if err := os.Remove(cfg.Path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	if got := open(t, n, cfg).Computed(); got != 0 {
		t.Errorf("%d computed", got)
	}
	if _, err := os.Stat(cfg.Path + ".lock"); err == nil {
		t.Error("something was written to a folder from which a whole cache is read")
	}
}

// Sources that cannot tell their data apart want a DataKey.
func TestUnknownData(t *testing.T) {
	n, set := build(t, "dense", tensor.Float32), digits(t, tensor.Float32)
	src := dataset.Map(set, func(e *dataset.Example) error { return nil })
	cfg := cache.Config{Nodes: n.features, X: n.x, Source: src, Path: filepath.Join(t.TempDir(), "c")}
	if _, err := cache.Open(context.Background(), n.sess, cfg); err == nil || !strings.Contains(err.Error(), "DataKey") {
		t.Errorf("got %v, want that DataKey be set", err)
	}
	cfg.DataKey = "digits"
	open(t, n, cfg)
	cfg.DataKey, cfg.Path = "", ""
	open(t, n, cfg)
}

// A file that another process cuts off while it is mapped is an error of who reads it.
func TestCutOff(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only tried where a mapped file may be cut off")
	}
	n, set := build(t, "convolutions", tensor.Float32), digits(t, tensor.Float32)
	path := filepath.Join(t.TempDir(), "c")
	a := open(t, n, cache.Config{Source: set, Path: path})
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if err := a.Read(&dataset.Example{Index: 250}); err == nil || !strings.Contains(err.Error(), "cannot be read any more") {
		t.Errorf("Read: %v", err)
	}
	if _, err := a.Set(); err == nil || !strings.Contains(err.Error(), "cannot be read any more") {
		t.Errorf("Set: %v", err)
	}
}
