package dataset

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// counting is a Source of n examples [2] with X = (10i, 10i+1) and label i % 3, as
// toy is, that does what a test wants before it reads.
type counting struct {
	n      int
	reads  atomic.Int64
	before func(i int) error
}

func (c *counting) Len() int { return c.n }

func (c *counting) Read(e *Example) error {
	c.reads.Add(1)
	if c.before != nil {
		if err := c.before(e.Index); err != nil {
			return err
		}
	}
	x := e.Resize(2)
	x[0], x[1] = float32(10*e.Index), float32(10*e.Index+1)
	e.Label = int64(e.Index % 3)
	return nil
}

// readAll is what a source of toy examples holds: place and label of each.
func readAll(t *testing.T, src Source) (places []int, labels []int64) {
	t.Helper()
	var e Example
	for i := range src.Len() {
		e.Index = i
		if err := src.Read(&e); err != nil {
			t.Fatal(err)
		}
		if len(e.X) != 2 || !reflect.DeepEqual(e.Shape, []int{2}) || e.X[1] != e.X[0]+1 || e.Index != i {
			t.Fatalf("example %d is torn: %+v", i, e)
		}
		places, labels = append(places, int(e.X[0])/10), append(labels, e.Label)
	}
	return places, labels
}

func wantSource(t *testing.T, src Source, err error, want ...int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	places, labels := readAll(t, src)
	if !reflect.DeepEqual(places, want) {
		t.Errorf("examples %v, want %v", places, want)
	}
	if known := sourceLabels(src); !reflect.DeepEqual(known, labels) {
		t.Errorf("Labels are %v, the examples have %v", known, labels)
	}
	for _, i := range []int{-1, src.Len()} {
		if err := src.Read(&Example{Index: i}); err == nil {
			t.Errorf("example %d of %d was read", i, src.Len())
		}
	}
}

func TestSources(t *testing.T) {
	s := toy(5, 3)
	wantSource(t, s, nil, 0, 1, 2, 3, 4)
	wantSource(t, Map(s), nil, 0, 1, 2, 3, 4)
	cached := Cache(s)
	wantSource(t, cached, nil, 0, 1, 2, 3, 4)
	wantSource(t, cached, nil, 0, 1, 2, 3, 4)
	src, err := Subset(s, []int{4, 0, 4})
	wantSource(t, src, err, 4, 0, 4)
	src, err = Take(s, 2)
	wantSource(t, src, err, 0, 1)
	src, err = Skip(s, 3)
	wantSource(t, src, err, 3, 4)
	src, err = Concat(src, s, src)
	wantSource(t, src, err, 3, 4, 0, 1, 2, 3, 4, 3, 4)
	src, err = Subset(src, []int{8, 2})
	wantSource(t, src, err, 4, 0)
	src, err = Concat(s, &counting{n: 2})
	if err != nil || sourceLabels(src) != nil {
		t.Errorf("Concat with a source without Labels: %v, labels %v", err, sourceLabels(src))
	}
	src, err = Take(&counting{n: 2}, 1)
	if err != nil || sourceLabels(src) != nil {
		t.Errorf("Take of a source without Labels: %v, labels %v", err, sourceLabels(src))
	}
}

// Shapes, labels and targets of every kind come through Set, Cache and Concat.
func TestSetAsSource(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 1, 2), tensor.WithBacking([]float32{1, 2, 3, 4}))
	y := func(data any, shape ...int) tensor.Tensor {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	}
	for name, tt := range map[string]struct {
		y      tensor.Tensor
		label  int64
		target []float32
		shape  []int
	}{
		"no labels": {nil, -1, nil, nil},
		"labels":    {y([]int64{-1, 7}, 2), 7, nil, nil},
		"scalars":   {y([]float32{5, 6}, 2), -1, []float32{6}, []int{}},
		"vectors":   {y([]float32{5, 6}, 2, 1), -1, []float32{6}, []int{1}},
		"matrices":  {y([]float32{5, 6, 7, 8}, 2, 2, 1), -1, []float32{7, 8}, []int{2, 1}},
	} {
		s := &Set{X: x, Y: tt.y}
		cached := Cache(s)
		reader, err := opened(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []Source{s, reader, cached, cached} {
			e := Example{Index: 1}
			if err := src.Read(&e); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(e.X, []float32{3, 4}) || !reflect.DeepEqual(e.Shape, []int{1, 2}) || e.Label != tt.label ||
				!reflect.DeepEqual(e.Target, tt.target) || !reflect.DeepEqual(append([]int{}, e.TargetShape...), append([]int{}, tt.shape...)) {
				t.Errorf("%s, %T: %+v", name, src, e)
			}
		}
	}
}

func TestSetAsSourceErrors(t *testing.T) {
	s := toy(3, 3)
	for name, tt := range map[string]struct {
		src  Source
		want []string
	}{
		"nil":         {(*Set)(nil), []string{"nil"}},
		"nil mapped":  {Map(nil), []string{"nil"}},
		"empty":       {&Set{Name: "none"}, []string{`"none"`, "X"}},
		"dtype":       {&Set{X: s.Y}, []string{"float32", "int64"}},
		"label dtype": {&Set{X: s.X, Y: tensor.New(tensor.WithShape(3), tensor.WithBacking([]int32{1, 2, 3}))}, []string{"Y", "int64 [n]", "int32"}},
		"label shape": {&Set{X: s.X, Y: tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]int64{1, 2, 3}))}, []string{"int64 [n]", "(3, 1)"}},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, tt.src.Read(new(Example)), tt.want...) })
	}
}

func TestSourceErrors(t *testing.T) {
	s := toy(3, 3)
	_, err := Concat()
	wantError(t, err, "Concat", "at least one")
	_, err = Subset(s, nil)
	wantError(t, err, "Subset", "at least one")
	_, err = Subset(s, []int{0, 3})
	wantError(t, err, "number 1", "0 to 2", "came 3")
	_, err = Take(s, 4)
	wantError(t, err, "Take", "3 examples", "came 4")
	_, err = Take(nil, 1)
	wantError(t, err, "source is nil")
	_, err = Skip(s, 3)
	wantError(t, err, "Skip", "3 examples", "came 3")
	broken := func(*Example) error { return errors.New("broken") }
	wantError(t, Map(s, broken).Read(new(Example)), "broken")
}

func TestMapIsInOrder(t *testing.T) {
	src := Map(toy(2, 2),
		func(e *Example) error { e.X[0] += 3; return nil },
		func(e *Example) error { e.X[0] *= 2; return nil })
	e := Example{Index: 1}
	if err := src.Read(&e); err != nil || e.X[0] != 26 {
		t.Errorf("(10+3)*2 is %v, %v", e.X[0], err)
	}
}

func TestCacheReadsOnce(t *testing.T) {
	var fail atomic.Bool
	fail.Store(true)
	src := &counting{n: 4, before: func(i int) error {
		if i == 2 && fail.Load() {
			return errors.New("not now")
		}
		return nil
	}}
	c := Cache(src)
	wantError(t, c.Read(&Example{Index: 2}), "not now")
	fail.Store(false)
	for range 3 {
		readAll(t, c)
	}
	if n := src.reads.Load(); n != 5 {
		t.Errorf("%d reads, want 4 and the one that failed", n)
	}
	var wg sync.WaitGroup
	c = Cache(src)
	for range 4 {
		wg.Go(func() { readAll(t, c) })
	}
	wg.Wait()
}

// What a user does with an example that came from the cache must not come back.
func TestCacheKeepsItsOwn(t *testing.T) {
	c := Cache(&Set{X: toy(2, 2).X, Y: toy(2, 2).X})
	for range 3 {
		var e Example
		if err := c.Read(&e); err != nil {
			t.Fatal(err)
		}
		if e.X[0] != 0 || e.Target[0] != 0 {
			t.Fatalf("the cache holds %v and %v", e.X, e.Target)
		}
		e.X[0], e.Target[0] = 99, 99
	}
}

func TestFromSlices(t *testing.T) {
	s, err := FromSlices([][]float32{{0, 1}, {10, 11}, {20, 21}}, []int64{0, 1, 2})
	wantPlaces(t, s, err, 0, 1, 2)
	s, err = FromSlices([][]float32{{1}}, nil)
	if err != nil || s.Y != nil || !s.X.Shape().Eq(tensor.Shape{1, 1}) {
		t.Errorf("%v, %v", s, err)
	}
	x := []float32{0, 1, 2, 3, 4, 5}
	s, err = FromFlat(x, []int64{1}, 2, 3)
	if err != nil || !s.X.Shape().Eq(tensor.Shape{1, 2, 3}) {
		t.Errorf("%v, %v", s, err)
	}
	s, err = FromFlat(x, nil)
	if err != nil || !s.X.Shape().Eq(tensor.Shape{6}) {
		t.Errorf("%v, %v", s, err)
	}
	for _, tt := range []struct {
		call func() (*Set, error)
		want []string
	}{
		{func() (*Set, error) { return FromSlices(nil, nil) }, []string{"FromSlices", "at least one"}},
		{func() (*Set, error) { return FromSlices([][]float32{{1}, {1, 2}}, nil) }, []string{"1 values", "example 1 has 2"}},
		{func() (*Set, error) { return FromSlices([][]float32{{}, {}}, nil) }, []string{"FromSlices", "at least one value", "none"}},
		{func() (*Set, error) { return FromSlices([][]float32{{1}, {2}}, []int64{1}) }, []string{"came 1 for 2 examples"}},
		{func() (*Set, error) { return FromFlat(nil, nil) }, []string{"FromFlat", "came 0"}},
		{func() (*Set, error) { return FromFlat(x, nil, 4) }, []string{"multiple of 4", "came 6"}},
		{func() (*Set, error) { return FromFlat(x, nil, 7) }, []string{"at least one example", "(7)"}},
		{func() (*Set, error) { return FromFlat(x, nil, 2, -1) }, []string{"FromFlat", "size number 1", "1 or more, came -1"}},
		{func() (*Set, error) { return FromFlat(x, nil, 0) }, []string{"size number 0", "came 0"}},
		{func() (*Set, error) { return FromFlat(x, nil, 2, 1<<62) }, []string{"came 6"}},
	} {
		s, err := tt.call()
		wantError(t, err, tt.want...)
		if s != nil {
			t.Errorf("a set beside the error: %v", s)
		}
	}
}

func TestWithTargets(t *testing.T) {
	s := toy(3, 3)
	for _, tt := range []struct{ shape, want []int }{{nil, []int{3}}, {[]int{1}, []int{3, 1}}, {[]int{2, 2}, []int{3, 2, 2}}} {
		y := make([]float32, product(tt.want))
		for i := range y {
			y[i] = float32(i)
		}
		out, err := s.WithTargets(y, tt.shape...)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := out.Y.Data().([]float32); !ok || !reflect.DeepEqual(got, y) || !out.Y.Shape().Eq(tensor.Shape(tt.want)) || out.X != s.X || out.Classes != nil {
			t.Errorf("%v: %v", tt.shape, out)
		}
		e := Example{Index: 2}
		if err := out.Read(&e); err != nil || e.Label != -1 || !reflect.DeepEqual(e.Target, y[len(y)/3*2:]) {
			t.Errorf("%v: %+v, %v", tt.shape, e, err)
		}
	}
	if s.Labels() == nil {
		t.Error("the set itself has changed")
	}
	for _, tt := range []struct {
		set   *Set
		y     []float32
		shape []int
		want  []string
	}{
		{s, []float32{1, 2}, nil, []string{"WithTargets", "wanted 3 targets of shape ()", "came 2 values"}},
		{s, []float32{1, 2, 3}, []int{2}, []string{"3 targets of shape (2)", "came 3 values"}},
		{s, nil, []int{-1}, []string{"size number 0", "came -1"}},
		{s, nil, []int{1 << 62, 1 << 62}, []string{"came 0"}},
		{s, nil, nil, []string{"came 0"}},
		{nil, []float32{1}, nil, []string{"WithTargets", "nil"}},
		{&Set{Name: "bare"}, []float32{1}, nil, []string{`"bare"`, "X"}},
	} {
		out, err := tt.set.WithTargets(tt.y, tt.shape...)
		wantError(t, err, tt.want...)
		if out != nil {
			t.Errorf("a set beside the error: %v", out)
		}
	}
}

// TestNilSource gives every function that takes a source none.
func TestNilSource(t *testing.T) {
	for name, src := range map[string]Source{"nil": nil, "nil set": (*Set)(nil), "of Map": Map(nil), "of Cache": Cache(Map(nil))} {
		_, _, split := Split(src, SplitConfig{})
		_, _, _, partition := Partition(src, PartitionConfig{})
		_, _, fold := KFold(src, KFoldConfig{}, 0)
		_, concat := Concat(toy(3, 3), src)
		_, subset := Subset(src, []int{0})
		_, take := Take(src, 1)
		_, skip := Skip(src, 1)
		for of, err := range map[string]error{
			"Split": split, "Partition": partition, "KFold": fold, "Concat: number 1": concat, "Subset": subset, "Take": take, "Skip": skip,
		} {
			if err == nil || !strings.HasPrefix(err.Error(), "dataset: "+of) || !strings.Contains(err.Error(), "source is nil") {
				t.Errorf("%s, %s: %v", name, of, err)
			}
		}
	}
	for of, src := range map[string]Source{"Map": Map(nil), "Cache": Cache(nil)} {
		if err := Batches(BatchesConfig{Source: src}).Err(); err == nil || !strings.Contains(err.Error(), "Source: "+of+": source is nil") {
			t.Errorf("batches of %s: %v", of, err)
		}
		if err := src.Read(&Example{}); err == nil || !strings.Contains(err.Error(), "source is nil") {
			t.Errorf("%s: %v", of, err)
		}
	}
}
