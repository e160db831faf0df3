package cache_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// Activations that are computed of other activations belong to what those follow from: in a file to weights, graph and data, in memory to the values.
func TestActivationsOfActivations(t *testing.T) {
	set := func(first float32) *dataset.Set {
		return &dataset.Set{X: tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float32{first, 1, 2, 3, 4, 5, 6, 7}))}
	}
	for _, inMemory := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, "first")
		if inMemory {
			path = ""
		}
		open := func(src dataset.Source) (second *cache.Activations, text string) {
			first, err := identity(t, src, tensor.Float32, cache.Config{Path: path}, 2)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := dataset.Fingerprint(&b, first); err != nil {
				t.Fatal(err)
			}
			if second, err = identity(t, first, tensor.Float32, cache.Config{Path: filepath.Join(dir, "second")}, 2); err != nil {
				t.Fatal(err)
			}
			return second, b.String()
		}
		was, text := open(set(0))
		again, same := open(set(0))
		if was.Computed() != 4 || again.Computed() != 0 || text != same {
			t.Errorf("in memory %v: %d and then %d of 4 examples were computed", inMemory, was.Computed(), again.Computed())
		}
		other, differs := open(set(9))
		if other.Computed() != 4 || text == differs {
			t.Errorf("in memory %v: of other data %d of 4 examples were computed", inMemory, other.Computed())
		}
		if got, err := other.Set(); err != nil || !slices.Equal(got.X.Data().([]float32), []float32{9, 1, 2, 3, 4, 5, 6, 7}) {
			t.Errorf("in memory %v: %v, %v", inMemory, got, err)
		}
	}
	a, err := identity(t, set(0), tensor.Float32, cache.Config{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	for _, a := range []*cache.Activations{a, nil} {
		if err := a.Fingerprint(new(strings.Builder)); err == nil {
			t.Errorf("%v have a fingerprint", a)
		}
	}
}

// Activations of float16 are others than those of float32, and so are what is computed of them.
func TestActivationsOfFloat16(t *testing.T) {
	dir := t.TempDir()
	x := make([]float32, 64*2)
	x[len(x)-1] = 0.1 // which float16 does not hold
	for i, half := range []bool{false, true} {
		src := &dataset.Set{X: tensor.New(tensor.WithShape(64, 2), tensor.WithBacking(x))}
		first, err := identity(t, src, tensor.Float32, cache.Config{Path: filepath.Join(dir, "first"), Float16: half}, 2)
		if err != nil {
			t.Fatal(err)
		}
		second, err := identity(t, first, tensor.Float32, cache.Config{Path: filepath.Join(dir, "second")}, 2)
		if err != nil {
			t.Fatal(err)
		}
		if second.Computed() != 64 {
			t.Errorf("%d: %d of 64 examples were computed", i, second.Computed())
		}
	}
}

// X may be an inner node, such as a layer's output of which the examples are values.
func TestInnerNode(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 3) // not fed
	inner := graph.Identity(s, x)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	values := []float32{0, 1, 2, 3, 4, 5}
	a, err := cache.Open(context.Background(), sess, cache.Config{
		Nodes: gorgonia.Nodes{graph.Identity(s, inner)}, X: inner, Path: filepath.Join(t.TempDir(), "c"),
		Source: &dataset.Set{X: tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(values))},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got, err := a.Set(); err != nil || !slices.Equal(got.X.Data().([]float32), values) {
		t.Errorf("got %v, %v", got, err)
	}
}
