package dataset

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// badAt is a Source of n toy examples of which some cannot be read: some by an
// error, some by a panic.
func badAt(n int, bad ...int) *counting {
	return &counting{n: n, before: func(i int) error {
		for _, b := range bad {
			if i == b && i%2 == 0 {
				return errors.Errorf("file %d.png: unexpected EOF", i)
			} else if i == b {
				panic(fmt.Sprintf("index %d out of range", i))
			}
		}
		return nil
	}}
}

func TestBadExampleFails(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, tt := range []struct {
		bad  []int
		good int // batches before the error
		want string
	}{
		{[]int{0}, 0, "example 0: file 0.png: unexpected EOF"},
		{[]int{5}, 1, "example 5: panic: index 5 out of range"},
		{[]int{9}, 3, "example 9: panic"},
		{[]int{7, 8, 6}, 2, "example 6: file"}, // the first in order, whoever is faster
		{[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, "example 0"},
	} {
		for _, workers := range []int{-1, 1, 3} {
			b := Batches(BatchesConfig{Source: badAt(10, tt.bad...), BatchSize: 3, NoShuffle: true, Workers: workers, Epochs: -1})
			n := 0
			for b.Next() {
				n++
			}
			wantError(t, b.Err(), "dataset: Batches", tt.want)
			if n != tt.good || b.Step() != n || b.X() != nil || b.Y() != nil {
				t.Errorf("Workers %d, %v bad: %d batches before the error, want %d", workers, tt.bad, n, tt.good)
			}
			if b.Next() || b.Seek(0, 0) == nil {
				t.Error("goes on after the error")
			}
			if skipped, _ := b.Skipped(); skipped != 0 {
				t.Errorf("%d skipped", skipped)
			}
			b.Reset()
		}
	}
	wantGoroutines(t, before)
}

func TestSkipErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		bad   []int
		sizes []int
	}{
		"none":           {nil, []int{3, 3, 3, 1}},
		"first":          {[]int{0}, []int{2, 3, 3, 1}},
		"middle":         {[]int{5}, []int{3, 2, 3, 1}},
		"last":           {[]int{9}, []int{3, 3, 3}}, // its batch is empty
		"a whole batch":  {[]int{3, 4, 5}, []int{3, 3, 1}},
		"the first ones": {[]int{0, 1, 2, 3, 4}, []int{1, 3, 1}},
		"all but one":    {[]int{0, 1, 2, 3, 4, 5, 6, 8, 9}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, workers := range []int{-1, 1, 3} {
				b := Batches(BatchesConfig{Source: badAt(10, tt.bad...), BatchSize: 3, NoShuffle: true, Workers: workers, SkipErrors: true})
				for e := 1; e <= 2; e++ {
					sizes, order := epoch(t, b)
					if b.Err() != nil || !reflect.DeepEqual(sizes, tt.sizes) {
						t.Errorf("batches of %v, want %v; %v", sizes, tt.sizes, b.Err())
					}
					for _, bad := range tt.bad {
						for _, p := range order {
							if p == bad {
								t.Errorf("the bad example %d came", bad)
							}
						}
					}
					n, first := b.Skipped()
					if n != e*len(tt.bad) || len(first) != min(n, 10) {
						t.Errorf("%d skipped, %v, after %d epochs with %d", n, first, e, len(tt.bad))
					}
					if n > 0 && !strings.Contains(first[0].Error(), fmt.Sprintf("example %d", tt.bad[0])) {
						t.Errorf("the first one skipped is %v", first[0])
					}
					if b.Step() != b.Steps() {
						t.Errorf("at step %d of %d", b.Step(), b.Steps())
					}
					b.Reset()
				}
			}
		})
	}
}

// A source of nothing but bad examples does not go on forever.
func TestSkipErrorsOfAll(t *testing.T) {
	b := Batches(BatchesConfig{Source: badAt(3, 0, 1, 2), SkipErrors: true, Epochs: -1})
	if b.Next() {
		t.Error("a batch")
	}
	wantError(t, b.Err(), "no example can be read", "example 0", "0.png")

	healthy := true
	src := &counting{n: 4, before: func(int) error {
		if !healthy {
			return errors.New("the disk is gone")
		}
		return nil
	}}
	b = Batches(BatchesConfig{Source: src, BatchSize: 2, SkipErrors: true, Epochs: -1, Workers: -1})
	if !b.Next() {
		t.Fatal(b.Err())
	}
	healthy = false
	if b.Next() {
		t.Error("a batch")
	}
	wantError(t, b.Err(), "SkipErrors left nothing of 2 batches", "the disk is gone")
}

// Examples of another form are bad examples like others.
func TestBadForms(t *testing.T) {
	for name, tt := range map[string]struct {
		change Transform
		want   []string
	}{
		"shape":         {func(e *Example) error { e.Resize(3, 1); return nil }, []string{"example 2", "(2)", "example 0 has", "(3, 1)", "Transform"}},
		"values":        {func(e *Example) error { e.X = e.X[:1]; return nil }, []string{"example 2", "(2)", "came 1"}},
		"nothing":       {func(e *Example) error { e.Resize(0); return nil }, []string{"example 2", "(0)"}},
		"target":        {func(e *Example) error { e.ResizeTarget(4); return nil }, []string{"example 2", "0 values", "4 values"}},
		"target values": {func(e *Example) error { e.ResizeTarget(4); e.Target = e.Target[:3]; return nil }, []string{"4 target values", "came 3"}},
		"error":         {func(*Example) error { return errors.New("too dark") }, []string{"example 2: too dark"}},
		"panic":         {func(e *Example) error { e.X[5] = 1; return nil }, []string{"example 2: panic: ", "index out of range [5]"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := BatchesConfig{Source: &counting{n: 5}, BatchSize: 5, Map: []Transform{func(e *Example) error {
				if e.Index == 2 {
					return tt.change(e)
				}
				return nil
			}}}
			b := Batches(cfg)
			if b.Next() {
				t.Error("a batch")
			}
			wantError(t, b.Err(), tt.want...)
			cfg.SkipErrors = true
			b = Batches(cfg)
			if sizes, order := epoch(t, b); !reflect.DeepEqual(sizes, []int{4}) || len(order) != 4 {
				t.Errorf("skipped to batches of %v, %v", sizes, b.Err())
			}
		})
	}
}

func TestBadBatchTransforms(t *testing.T) {
	for name, tt := range map[string]struct {
		change BatchTransform
		want   []string
	}{
		"error":   {func(*Batch) error { return errors.New("no") }, []string{"MapBatch of epoch 0, step 0: no"}},
		"panic":   {func(*Batch) error { panic("no") }, []string{"step 0", "panic: no"}},
		"n":       {func(b *Batch) error { b.N--; return nil }, []string{"N from 4 to 3"}},
		"x":       {func(b *Batch) error { b.X = b.X[1:]; return nil }, []string{"wanted 8 values", "(2)", "came 7"}},
		"labels":  {func(b *Batch) error { b.Labels = b.Labels[1:]; return nil }, []string{"Labels: wanted 4, came 3"}},
		"targets": {func(b *Batch) error { b.ResizeTargets(2); b.Targets = b.Targets[1:]; return nil }, []string{"wanted 8 values", "came 7"}},
		"nothing": {func(b *Batch) error { b.ResizeTargets(0); return nil }, []string{"wanted 0 values"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := toy(4, 3)
			b := Batches(BatchesConfig{X: s.X, Y: s.Y, MapBatch: []BatchTransform{tt.change}, SkipErrors: true})
			if b.Next() {
				t.Error("a batch")
			}
			wantError(t, b.Err(), tt.want...)
		})
	}
}

// A BatchTransform may bring memory and shapes of its own.
func TestBatchTransformOfItsOwn(t *testing.T) {
	s := toy(3, 3)
	b := Batches(BatchesConfig{X: s.X, Y: s.Y, BatchSize: 2, NoShuffle: true, MapBatch: []BatchTransform{func(b *Batch) error {
		b.X, b.Shape = make([]float32, 4*b.N), []int{2, 2}
		b.X[0] = float32(b.Step)
		for i := range b.ResizeTargets() {
			b.Targets[i] = float32(b.Labels[i]) / 2
		}
		return nil
	}}})
	defer b.Close()
	for step, want := range [][]float32{{0, .5}, {1}} {
		if !b.Next() || !b.X().Shape().Eq(tensor.Shape{len(want), 2, 2}) || b.X().Data().([]float32)[0] != float32(step) ||
			!b.Y().Shape().Eq(tensor.Shape{len(want)}) || !reflect.DeepEqual(b.Y().Data(), want) {
			t.Errorf("step %d: X %v, Y %v, %v", step, b.X(), b.Y(), b.Err())
		}
	}
}

// Targets of a set keep their shape on the way through the pipeline.
func TestTargets(t *testing.T) {
	x := toy(5, 2).X
	for _, y := range []tensor.Tensor{
		nil,
		tensor.New(tensor.WithShape(5), tensor.WithBacking([]float32{1, 2, 3, 4, 5})),
		tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float32{1, 2, 3, 4, 5})),
		tensor.New(tensor.WithShape(5, 1, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})),
		tensor.New(tensor.WithShape(5), tensor.WithBacking([]int64{-1, -1, 3, 4, 5})),
	} {
		cfg := BatchesConfig{X: x, Y: y, BatchSize: 2}
		want := run(t, Batches(cfg))
		cfg.Map = []Transform{func(*Example) error { return nil }}
		if got := run(t, Batches(cfg)); !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// Vectors need no TargetShape, and those of skipped examples leave no gap.
func TestTargetsOfASource(t *testing.T) {
	src := Map(badAt(5, 1, 2), func(e *Example) error {
		e.Target = append(e.Target, float32(e.Index), -float32(e.Index))
		return nil
	})
	b := Batches(BatchesConfig{Source: src, NoShuffle: true, SkipErrors: true})
	if !b.Next() || !b.Y().Shape().Eq(tensor.Shape{3, 2}) || !reflect.DeepEqual(b.Y().Data(), []float32{0, -0, 3, -3, 4, -4}) {
		t.Errorf("targets %v, %v", b.Y(), b.Err())
	}
	if x := b.X().Data(); !reflect.DeepEqual(x, []float32{0, 1, 30, 31, 40, 41}) {
		t.Errorf("examples %v beside them", x)
	}
	b.Close()
}
