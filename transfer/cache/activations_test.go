package cache_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// identity caches what its own input is, so that everything that comes out is known.
func identity(t testing.TB, src dataset.Source, dtype tensor.Dtype, cfg cache.Config, shape ...int) (*cache.Activations, error) {
	t.Helper()
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	x := graph.Placeholder(s, "X", dtype, append([]int{-1}, shape...)...)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	cfg.Nodes, cfg.X, cfg.Source = gorgonia.Nodes{graph.Identity(s, x)}, x, src
	a, err := cache.Open(context.Background(), sess, cfg)
	if err == nil {
		t.Cleanup(func() { a.Close() })
	}
	return a, err
}

// Labels and targets of every kind come out as they went in.
func TestLabels(t *testing.T) {
	const n = 5
	x := tensor.New(tensor.WithShape(n, 2), tensor.WithBacking([]float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}))
	for name, y := range map[string]tensor.Tensor{
		"none":           nil,
		"classes":        tensor.New(tensor.WithShape(n), tensor.WithBacking([]int64{3, 0, -1, 1, 2})),
		"numbers":        tensor.New(tensor.WithShape(n), tensor.WithBacking([]float32{.5, 1, 1.5, 2, 2.5})),
		"vectors":        tensor.New(tensor.WithShape(n, 3), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 15))),
		"matrices":       tensor.New(tensor.WithShape(n, 1, 2), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 10))),
		"ints":           tensor.New(tensor.WithShape(n), tensor.WithBacking([]int{3, 0, 1, 1, 2})),
		"float64":        tensor.New(tensor.WithShape(n), tensor.WithBacking([]float64{.1, 1, 1.5, 2, 2.5})),
		"int64 matrices": tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(make([]int64, 2*n))),
	} {
		for _, path := range []string{"", t.TempDir() + "/c"} {
			t.Run(fmt.Sprintf("%s %v", name, path != ""), func(t *testing.T) {
				set := &dataset.Set{X: x, Y: y}
				a, err := identity(t, set, tensor.Float32, cache.Config{Path: path, BatchSize: 2}, 2)
				if err != nil {
					t.Fatal(err)
				}
				got, err := a.Set()
				if err != nil {
					t.Fatal(err)
				}
				same(t, got.X, x)
				if y == nil {
					if got.Y != nil {
						t.Errorf("Y is %v", got.Y)
					}
				} else {
					same(t, got.Y, y)
				}
				if want := set.Labels(); !slices.Equal(a.Labels(), want) || (a.Labels() == nil) != (want == nil) {
					t.Errorf("labels %v, want %v", a.Labels(), want)
				}
				for i := range n {
					want, got := &dataset.Example{Index: i}, &dataset.Example{Index: i}
					wantErr, err := set.Read(want), a.Read(got)
					if (wantErr == nil) != (err == nil) {
						t.Fatalf("Read: %v, of the set %v", err, wantErr)
					}
					if err == nil && (!slices.Equal(got.X, want.X) || got.Label != want.Label || !slices.Equal(got.Target, want.Target) ||
						!slices.Equal(got.Shape, want.Shape) || !slices.Equal(got.TargetShape, want.TargetShape)) {
						t.Errorf("example %d: got %+v, want %+v", i, got, want)
					}
				}
			})
		}
	}
}

func same(t *testing.T, got, want tensor.Tensor) {
	t.Helper()
	if got.Dtype() != want.Dtype() || !got.Shape().Eq(want.Shape()) || fmt.Sprint(got.Data()) != fmt.Sprint(want.Data()) {
		t.Errorf("got %v %v %v, want %v %v %v", got.Dtype(), got.Shape(), got.Data(), want.Dtype(), want.Shape(), want.Data())
	}
}

// Any number of examples, from one on, in blocks of any size.
func TestSizes(t *testing.T) {
	for n := 1; n < 20; n++ {
		for _, size := range []int{0, 1, 3, 8, 9, 100} {
			values := make([]float64, 3*n)
			for i := range values {
				values[i] = float64(i) / 7
			}
			x := tensor.New(tensor.WithShape(n, 3), tensor.WithBacking(values))
			path := t.TempDir() + "/c"
			for _, want := range []int{n, 0} {
				a, err := identity(t, &dataset.Set{X: x}, tensor.Float64, cache.Config{BatchSize: size, Path: path}, 3)
				if err != nil {
					t.Fatal(err)
				}
				set, err := a.Set()
				if err != nil {
					t.Fatal(err)
				}
				same(t, set.X, x)
				if a.Computed() != want || a.Len() != n {
					t.Errorf("%d of %d computed, want %d", a.Computed(), a.Len(), want)
				}
				if err := a.Read(&dataset.Example{}); err == nil || !strings.Contains(err.Error(), "take Set") {
					t.Errorf("Read of float64: %v", err)
				}
			}
		}
	}
}

// An example may be a number.
func TestScalars(t *testing.T) {
	x := tensor.New(tensor.WithShape(4), tensor.WithBacking([]float32{1, 2, 3, 4}))
	a, err := identity(t, &dataset.Set{X: x}, tensor.Float32, cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := a.Set()
	if err != nil {
		t.Fatal(err)
	}
	same(t, set.X, x)
}

// What Float16 keeps is the nearest binary16.
func TestFloat16(t *testing.T) {
	values := []float32{0, 1, -1, 1.0 / 3, 65504, 65519, -65519, 1e-7, 1e-9, 3.14159}
	want := []float32{0, 1, -1, 0.33325195, 65504, 65504, -65504, 1.1920929e-7, 0, 3.140625} // numpy.float16
	x := tensor.New(tensor.WithShape(len(values), 1), tensor.WithBacking(values))
	for _, path := range []string{"", t.TempDir() + "/c"} {
		a, err := identity(t, &dataset.Set{X: x}, tensor.Float32, cache.Config{Float16: true, Path: path}, 1)
		if err != nil {
			t.Fatal(err)
		}
		set, err := a.Set()
		if err != nil {
			t.Fatal(err)
		}
		if got := set.X.Data().([]float32); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		e := &dataset.Example{Index: 9}
		if err := a.Read(e); err != nil || e.X[0] != want[9] {
			t.Errorf("Read gives %v, %v", e.X, err)
		}
	}
	wide := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{1, 2}))
	if _, err := identity(t, &dataset.Set{X: wide}, tensor.Float64, cache.Config{Float16: true}, 1); err == nil || !strings.Contains(err.Error(), "float64; want float32") {
		t.Errorf("Float16 of float64: %v", err)
	}
}

// Activations are read by several goroutines, and closed in the middle of it.
func TestConcurrentReads(t *testing.T) {
	for _, path := range []string{"", t.TempDir() + "/c"} {
		x := tensor.New(tensor.WithShape(100, 3), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 300)))
		a, err := identity(t, &dataset.Set{X: x}, tensor.Float32, cache.Config{Path: path}, 3)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				e := &dataset.Example{}
				for i := 0; ; i = (i + 7) % 100 {
					e.Index = i
					if err := a.Read(e); err != nil {
						if !strings.Contains(err.Error(), "closed") {
							t.Error(err)
						}
						return
					}
					if e.X[2] != float32(3*i+2) {
						t.Errorf("example %d is %v", i, e.X)
						return
					}
				}
			}()
		}
		for range 2 {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		if _, err := a.Set(); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("Set after Close: %v", err)
		}
	}
}

// A failing example is an error that says which, whatever is there so far.
func TestUnreadableExample(t *testing.T) {
	set := digits(t, tensor.Float32)
	for _, bad := range []int{0, 5, 100, 299} {
		_, err := identity(t, failing{set, bad}, tensor.Float32, cache.Config{}, 8, 8, 1)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("example %d: photo is torn", bad)) {
			t.Errorf("example %d: %v", bad, err)
		}
	}
}

type failing struct {
	*dataset.Set
	bad int
}

func (f failing) Read(e *dataset.Example) error {
	if e.Index == f.bad {
		return errors.New("photo is torn")
	}
	return f.Set.Read(e)
}

// Indices out of range, and a nil pointer, are errors.
func TestReadErrors(t *testing.T) {
	a, err := identity(t, digits(t, tensor.Float32), tensor.Float32, cache.Config{}, 8, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{-1, 300, math.MaxInt, math.MinInt} {
		if err := a.Read(&dataset.Example{Index: i}); err == nil || !strings.Contains(err.Error(), "from 0 to 299") {
			t.Errorf("example %d: %v", i, err)
		}
	}
	var none *cache.Activations
	if none.Len() != 0 || none.Labels() != nil || none.Computed() != 0 || none.Close() != nil || none.String() == "" || none.Feed(nil) != nil {
		t.Error("nil activations are something")
	}
	if _, err := none.Set(); err == nil || none.Read(&dataset.Example{}) == nil {
		t.Error("nil activations are read")
	}
	if shown := none.SimpleRender()["text/plain"]; shown != none.String() {
		t.Errorf("nil activations are shown as %v", shown)
	}
	if want := "300 examples: Identity float32 [8 8 1], labels int64 []"; a.String() != want || a.SimpleRender()["text/plain"] != want {
		t.Errorf("got %q and %v, want %q", a, a.SimpleRender(), want)
	}
}

// A step that trains what is below the activations cannot be run on them.
func TestTrainingBelow(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	h := ops.Dense(s.Sub("lower"), x, 3, ops.DenseConfig{Activation: ops.ReLU})
	loss := ops.Mean(s, ops.Square(s, ops.Dense(s.Sub("upper"), h, 1, ops.DenseConfig{})))
	grad := graph.Gradients(s, gorgonia.Nodes{loss}, g.Trainable("lower/kernel"), nil)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	_, err = sess.Run(graph.Feeds{h: tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32))}, grad[0])
	if err == nil || !strings.Contains(err.Error(), "X") || !strings.Contains(err.Error(), "fed") {
		t.Errorf("got %v, want that X be fed", err)
	}
}
