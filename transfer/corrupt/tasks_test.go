package corrupt

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// toy is n examples [2], (i, 100+i), with label i.
func toy(n int) *dataset.Set {
	x, y := make([]float32, 2*n), make([]int64, n)
	for i := range n {
		x[2*i], x[2*i+1], y[i] = float32(i), float32(100+i), int64(i)
	}
	return &dataset.Set{X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
}

// negate is a transform that draws a number, and makes all values negative beyond it.
func negate(e *dataset.Example) error {
	by := float32(1 + e.Rand.IntN(1000000))
	for i, v := range e.X {
		e.X[i] = -v - by
	}
	return nil
}

// epochs reads two epochs of a source.
func epochs(t *testing.T, src dataset.Source, workers int) (x [2][]float32, y [2]interface{}) {
	t.Helper()
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: 1000, NoShuffle: true, Seed: 5, Workers: workers})
	defer b.Close()
	for k := range x {
		if !b.Next() {
			t.Fatal(b.Err())
		}
		x[k] = slices.Clone(b.X().Data().([]float32))
		switch v := b.Y().Data().(type) {
		case []int64:
			y[k] = slices.Clone(v)
		case []float32:
			y[k] = slices.Clone(v)
		}
		if b.Next() {
			t.Fatal("a second batch")
		}
		b.Reset()
	}
	return x, y
}

func TestDetect(t *testing.T) {
	src, err := Detect(toy(5), negate)
	if err != nil {
		t.Fatal(err)
	}
	x, y := epochs(t, src, 1)
	for i := range 10 {
		a, b := x[0][2*i], x[0][2*i+1]
		if good := i%2 == 0; good && (a != float32(i/2) || b != float32(100+i/2)) || !good && !(a < 0 && math.Abs(float64(a-b-100)) < 1) {
			t.Errorf("example %d is %v, %v", i, a, b)
		}
	}
	want := []int64{1, 0, 1, 0, 1, 0, 1, 0, 1, 0}
	if !reflect.DeepEqual(y[0], want) || !slices.Equal(src.(dataset.Labelled).Labels(), want) {
		t.Errorf("labels %v and %v; want %v", y[0], src.(dataset.Labelled).Labels(), want)
	}
	if slices.Equal(x[0], x[1]) {
		t.Error("two epochs are spoilt alike")
	}
	if again, _ := epochs(t, src, 4); !reflect.DeepEqual(again, x) {
		t.Error("four workers spoil otherwise than one")
	}
	if fixed, _ := epochs(t, dataset.Cache(src), 2); !slices.Equal(fixed[0], fixed[1]) {
		t.Error("beneath a Cache two epochs differ")
	}
}

func TestRanked(t *testing.T) {
	src, err := Ranked(toy(4), 3, negate)
	if err != nil {
		t.Fatal(err)
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: src, NoShuffle: true})
	defer b.Close()
	if !b.Next() || !b.X().Shape().Eq(tensor.Shape{4, 4, 2}) {
		t.Fatalf("a batch of shape %v, %v", b.X().Shape(), b.Err())
	}
	x := b.X().Data().([]float32)
	for i := range 4 {
		row := x[8*i : 8*i+8]
		if row[0] != float32(i) || row[1] != float32(100+i) {
			t.Errorf("the good one of example %d is %v", i, row[:2])
		}
		if row[2] >= 0 || row[4] >= 0 || row[6] >= 0 || row[2] == row[4] || row[4] == row[6] {
			t.Errorf("the spoilt ones of example %d are %v", i, row[2:])
		}
	}
	if y := b.Y().Data().([]int64); !slices.Equal(y, []int64{0, 1, 2, 3}) {
		t.Errorf("labels %v; want those of the source", y)
	}
	one, _ := epochs(t, src, 1)
	if four, _ := epochs(t, src, 4); !reflect.DeepEqual(one, four) {
		t.Error("four workers spoil otherwise than one")
	}
}

func TestDenoise(t *testing.T) {
	src, err := Denoise(toy(3), negate)
	if err != nil {
		t.Fatal(err)
	}
	x, y := epochs(t, src, 2)
	if !reflect.DeepEqual(y[0], toy(3).X.Data()) || slices.Equal(x[0], x[1]) || slices.Max(x[0]) >= 0 {
		t.Errorf("of %v are to be predicted %v", x[0], y[0])
	}
}

func TestOneOf(t *testing.T) {
	to := func(v float32) dataset.Transform {
		return func(e *dataset.Example) error { e.X[0] = v; return nil }
	}
	r, counts := generator(), map[int]int{}
	change := OneOf(to(1), to(2), to(3))
	for range 3000 {
		e := sentence(r, 0)
		if err := change(e); err != nil {
			t.Fatal(err)
		}
		counts[int(e.X[0])]++
	}
	like(t, "transforms", counts, map[int]float64{1: 1, 2: 1, 3: 1}, 18.4)
	wantError(t, OneOf()(sentence(r, 0)), "corrupt: OneOf", "came none")
	wantError(t, OneOf(nil)(sentence(r, 0)), "transform 0 is nil")
	wantError(t, OneOf(to(1))(sentence(nil, 0)), "Rand")
}

func TestRotations(t *testing.T) {
	pictures := &dataset.Set{X: tensor.New(tensor.WithShape(2, 2, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6, 7, 8}))}
	src, err := Rotations(pictures)
	if err != nil {
		t.Fatal(err)
	}
	x, y := epochs(t, src, 2)
	// numpy.rot90([[1, 2], [3, 4]], k) for k = 0 to 3.
	want := []float32{1, 2, 3, 4, 2, 4, 1, 3, 4, 3, 2, 1, 3, 1, 4, 2}
	if !slices.Equal(x[0][:16], want) || !slices.Equal(x[0], x[1]) || !reflect.DeepEqual(y[0], []int64{0, 1, 2, 3, 0, 1, 2, 3}) {
		t.Errorf("%v, labels %v; want %v", x[0], y[0], want)
	}
	var a, b strings.Builder
	if err := errors.Join(dataset.Fingerprint(&a, src), dataset.Fingerprint(&b, pictures)); err != nil || a.String() == b.String() {
		t.Errorf("the fingerprint is that of the pictures, %v", err)
	}
	for _, c := range []struct {
		src  dataset.Source
		word string
	}{{nil, "came nil"}, {&dataset.Set{}, "no examples"}, {doubles, "X: wanted float32, came float64"}} {
		_, err = Rotations(c.src)
		wantError(t, err, "corrupt: Rotations", c.word)
	}
	flat, err := Rotations(toy(3)) // [2] is no picture
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, flat.Read(&dataset.Example{Index: 1}), "wanted a picture")
}

// doubles is a set that is no source of examples, which are float32.
var doubles = &dataset.Set{X: tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float64))}

func TestTasksBadInput(t *testing.T) {
	reshape := func(e *dataset.Example) error { e.Resize(2, 1); return nil }
	for name, make := range map[string]func(src dataset.Source, transforms ...dataset.Transform) (dataset.Source, error){
		"Detect": Detect, "Denoise": Denoise,
		"Ranked": func(src dataset.Source, transforms ...dataset.Transform) (dataset.Source, error) {
			return Ranked(src, 2, transforms...)
		},
	} {
		_, err := make(nil, negate)
		wantError(t, err, "corrupt: "+name, "came nil")
		_, err = make((*dataset.Set)(nil), negate)
		wantError(t, err, "no examples")
		_, err = make(doubles, negate)
		wantError(t, err, "corrupt: "+name, "X: wanted float32, came float64")
		_, err = make(toy(2))
		wantError(t, err, "came none")
		_, err = make(toy(2), negate, nil)
		wantError(t, err, "transform 1 is nil")
		src, err := make(toy(2), image.SwapPatches(image.SwapPatchesConfig{Size: 1}))
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, src.Read(&dataset.Example{Index: 1, Rand: generator()}), "wanted a picture")
		wantError(t, src.Read(&dataset.Example{Index: -1}), "wanted an example from 0")
		wantError(t, src.Read(&dataset.Example{Index: src.Len()}), "wanted an example from 0")
	}
	for _, n := range []int{0, -1, 1 << 30} {
		_, err := Ranked(toy(2), n, negate)
		wantError(t, err, "spoilt examples of each")
	}
	src, err := Ranked(toy(2), 1, reshape)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, src.Read(&dataset.Example{Rand: generator()}), "changed the shape from [2] to [2 1]")
}
