package pairs

import (
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

// toy is a set of examples [2], (i, -i), with these labels.
func toy(labels ...int64) *dataset.Set {
	x := make([]float32, 2*len(labels))
	for i := range labels {
		x[2*i], x[2*i+1] = float32(i), -float32(i)
	}
	return &dataset.Set{X: tensor.New(tensor.WithShape(len(labels), 2), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(len(labels)), tensor.WithBacking(labels))}
}

// sizes is a set of three classes of 2, 5 and 13 examples, mixed.
func sizes() *dataset.Set {
	var labels []int64
	for i := range 20 {
		switch {
		case i%10 == 3:
			labels = append(labels, 7)
		case i%4 == 0:
			labels = append(labels, 0)
		default:
			labels = append(labels, 4)
		}
	}
	return toy(labels...)
}

func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not say %q", err, w)
		}
	}
}

// even fails unless counts are those of draws that are all equally likely, by their chi-squared: most is its 99.99 % point.
func even(t *testing.T, what string, counts map[int]int, places []int, most float64) {
	t.Helper()
	total := 0
	for _, p := range places {
		total += counts[p]
	}
	expected, sum := float64(total)/float64(len(places)), 0.0
	for _, p := range places {
		sum += math.Pow(float64(counts[p])-expected, 2) / expected
	}
	if sum > most {
		t.Errorf("%s: counts %v of %v are uneven: chi-squared %v", what, counts, places, sum)
	}
}

func TestNew(t *testing.T) {
	set := sizes()
	labels := set.Labels()
	s, err := New(set, Config{Count: 40001, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 40001 {
		t.Errorf("%d pairs; want 40001", s.Len())
	}
	first, same, different := map[int]int{}, map[int]int{}, map[int]int{}
	for i, label := range s.Labels() {
		p := s.Places(0, i)
		if p[0] == p[1] || (labels[p[0]] == labels[p[1]]) != (label == Same) || label != int64(1-i%2) {
			t.Fatalf("pair %d is %v of classes %d and %d, label %d", i, p, labels[p[0]], labels[p[1]], label)
		}
		first[p[0]]++
		if p[0] == 1 { // of class 4, as 2, 5, 6, ... are
			if label == Same {
				same[p[1]]++
			} else {
				different[p[1]]++
			}
		}
	}
	var all, ofClass, ofOthers []int
	for i, l := range labels {
		all = append(all, i)
		if l == 4 && i != 1 {
			ofClass = append(ofClass, i)
		} else if l != 4 {
			ofOthers = append(ofOthers, i)
		}
	}
	even(t, "first", first, all, 53)              // 19 degrees of freedom
	even(t, "of one class", same, ofClass, 40)    // 11 or 12
	even(t, "of others", different, ofOthers, 30) // 6 or 7
	if p := s.Places(0, 40001); p != nil {
		t.Errorf("a pair behind the last one: %v", p)
	}
	e := &dataset.Example{Index: 17, Epoch: 2}
	if err := s.Read(e); err != nil {
		t.Fatal(err)
	}
	p := s.Places(2, 17)
	a, b := float32(p[0]), float32(p[1])
	if !slices.Equal(e.X, []float32{a, -a, b, -b}) || !slices.Equal(e.Shape, []int{2, 2}) || e.Label != Different || e.Index != 17 {
		t.Errorf("pair %v is read as %v of shape %v, label %d, index %d", p, e.X, e.Shape, e.Label, e.Index)
	}
	if got := s.String(); got != "40001 pairs of 20 examples of 3 classes, half of them of one class, seed 3" {
		t.Errorf("the source calls itself %q", got)
	}
}

func TestTriplets(t *testing.T) {
	set := sizes()
	labels := set.Labels()
	s, err := Triplets(set, Config{Count: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Len() {
		p := s.Places(5, i)
		if p[0] == p[1] || labels[p[0]] != labels[p[1]] || labels[p[0]] == labels[p[2]] {
			t.Fatalf("triplet %d is %v, of classes %d, %d and %d", i, p, labels[p[0]], labels[p[1]], labels[p[2]])
		}
	}
	e := &dataset.Example{Index: 3}
	if err := s.Read(e); err != nil || !slices.Equal(e.Shape, []int{3, 2}) || e.Label != labels[s.Places(0, 3)[0]] {
		t.Errorf("a triplet has shape %v and label %d, %v", e.Shape, e.Label, err)
	}
}

func TestPositives(t *testing.T) {
	set := sizes()
	labels := set.Labels()
	s, err := Positives(set, Config{Count: 3000, Fixed: true})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for i, label := range s.Labels() {
		p := s.Places(i, i)
		if p[0] == p[1] || labels[p[0]] != label || labels[p[1]] != label {
			t.Fatalf("pair %d is %v, of classes %d and %d, label %d", i, p, labels[p[0]], labels[p[1]], label)
		}
		counts[int(label)]++
	}
	even(t, "classes", counts, []int{0, 4, 7}, 18.4)
}

func TestClasses(t *testing.T) {
	set := toy(slices.Repeat([]int64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}, 10)...)
	labels := set.Labels()
	for _, cfg := range []ClassesConfig{{Seed: 1}, {Classes: 3, PerClass: 5, Batches: 7}, {Classes: 8, PerClass: 10}} {
		s, err := Classes(set, cfg)
		if err != nil {
			t.Fatal(err)
		}
		perClass, batches := cfg.PerClass, cfg.Batches
		if perClass == 0 {
			perClass = 4
		}
		if batches == 0 {
			batches = max(1, 120/s.BatchSize())
		}
		b := dataset.Batches(dataset.BatchesConfig{Source: s, BatchSize: s.BatchSize(), NoShuffle: true})
		count := 0
		for b.Next() {
			count++
			seen, perLabel := map[float32]bool{}, map[int64]int{}
			for i, label := range b.Y().Data().([]int64) {
				place := b.X().Data().([]float32)[2*i]
				if seen[place] || labels[int(place)] != label {
					t.Fatalf("example %v, label %d, is there twice or of another class", place, label)
				}
				seen[place] = true
				perLabel[label]++
			}
			if len(perLabel) != s.BatchSize()/perClass {
				t.Fatalf("%d classes in a batch of %d", len(perLabel), s.BatchSize())
			}
			for label, n := range perLabel {
				if n != perClass {
					t.Fatalf("%d examples of class %d; want %d", n, label, perClass)
				}
			}
		}
		if b.Err() != nil || count != batches {
			t.Errorf("%d batches; want %d: %v", count, batches, b.Err())
		}
	}
}

// What an epoch holds follows from the seed and the epoch, whoever reads it; epochs differ unless Fixed is set.
func TestDeterministic(t *testing.T) {
	set := sizes()
	make := map[string]func(cfg Config) (*Source, error){
		"New":       func(cfg Config) (*Source, error) { return New(set, cfg) },
		"Triplets":  func(cfg Config) (*Source, error) { return Triplets(set, cfg) },
		"Positives": func(cfg Config) (*Source, error) { return Positives(set, cfg) },
		"Classes": func(cfg Config) (*Source, error) {
			return Classes(set, ClassesConfig{PerClass: 2, Batches: 9, Seed: cfg.Seed, Fixed: cfg.Fixed})
		},
	}
	for name, source := range make {
		epochs := func(cfg Config, workers int) (all [][]float32) {
			s, err := source(cfg)
			if err != nil {
				t.Fatal(err)
			}
			b := dataset.Batches(dataset.BatchesConfig{Source: s, BatchSize: 7, NoShuffle: true, Workers: workers})
			defer b.Close()
			for range 2 {
				var x []float32
				for b.Next() {
					x = append(x, b.X().Data().([]float32)...)
				}
				if b.Err() != nil {
					t.Fatal(b.Err())
				}
				all = append(all, x)
				b.Reset()
			}
			return all
		}
		one := epochs(Config{Seed: 5}, -1)
		if !reflect.DeepEqual(one, epochs(Config{Seed: 5}, 4)) {
			t.Errorf("%s: four workers draw what one does not", name)
		}
		if slices.Equal(one[0], one[1]) {
			t.Errorf("%s: two epochs are the same", name)
		}
		if other := epochs(Config{Seed: 6}, -1); slices.Equal(one[0], other[0]) {
			t.Errorf("%s: two seeds give the same", name)
		}
		if fixed := epochs(Config{Seed: 5, Fixed: true}, 2); !slices.Equal(fixed[0], fixed[1]) || !slices.Equal(fixed[0], one[0]) {
			t.Errorf("%s: Fixed does not repeat the first epoch", name)
		}
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	s, err := New(sizes(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	e := &dataset.Example{Rand: rand.New(rand.NewPCG(1, 2))}
	if n := testing.AllocsPerRun(100, func() {
		e.Index = (e.Index + 1) % s.Len()
		if err := s.Read(e); err != nil {
			t.Fatal(err)
		}
	}); n >= 1 && !raceDetector {
		t.Errorf("reading a pair allocates %v times", n)
	}
}

func TestFingerprint(t *testing.T) {
	print := func(set *dataset.Set, cfg Config) string {
		s, err := New(set, cfg)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := dataset.Fingerprint(&b, s); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	a := print(sizes(), Config{Fixed: true})
	if a != print(sizes(), Config{Fixed: true}) {
		t.Error("equal pairs have different fingerprints")
	}
	for _, b := range []string{print(sizes(), Config{Fixed: true, Seed: 1}), print(sizes(), Config{Fixed: true, Count: 3}), print(toy(0, 0, 1, 1), Config{Fixed: true})} {
		if a == b {
			t.Error("different pairs have the same fingerprint")
		}
	}
	s, err := New(sizes(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Fingerprint(&strings.Builder{}), "drawn anew", "Fixed")
}

// ragged has examples of different lengths.
type ragged struct{ dataset.Labelled }

func (r ragged) Read(e *dataset.Example) error {
	if e.Index == 2 {
		e.Resize(1, 2, 3)
	} else {
		clear(e.Resize(3))
	}
	return nil
}

// A source that nothing made has no examples.
func TestNoSource(t *testing.T) {
	for _, s := range []*Source{nil, {}} {
		if s.Len() != 0 || s.BatchSize() != 0 || s.Places(0, 0) != nil || s.Labels() != nil || s.String() != "no pairs" {
			t.Errorf("%v has something", s)
		}
		wantError(t, s.Read(&dataset.Example{}), "the source is nil")
		wantError(t, s.Fingerprint(io.Discard), "the source is nil")
	}
}

func TestBadInput(t *testing.T) {
	set := sizes()
	unlabelled := &dataset.Set{X: set.X}
	doubles := &dataset.Set{X: tensor.New(tensor.WithShape(20, 2), tensor.Of(tensor.Float64)), Y: set.Y}
	nan := sizes()
	nan.X.Data().([]float32)[2*6+1] = float32(math.NaN())
	for _, c := range []struct {
		src   dataset.Source
		cfg   Config
		words []string
	}{
		{nil, Config{}, []string{"came nil"}},
		{(*dataset.Set)(nil), Config{}, []string{"no labels"}},
		{unlabelled, Config{}, []string{"no labels", "Y int64 [n]"}},
		{doubles, Config{}, []string{"X: wanted float32, came float64"}},
		{toy(2, 2, 2), Config{}, []string{"classes [2]", "two classes or more"}},
		{toy(0, 0, 1, 1, 9), Config{}, []string{"class 9 has 1 of the 2 examples"}},
		{toy(0, 0, 1, 1, -1, -1), Config{}, []string{"example 4 has the label -1"}},
		{set, Config{Count: -3}, []string{"Count", "came -3"}},
		{set, Config{Count: 1 << 40}, []string{"Count", "1 to 2147483647", "came 1099511627776"}},
	} {
		for name, source := range map[string]func(dataset.Source, Config) (*Source, error){"New": New, "Triplets": Triplets, "Positives": Positives} {
			s, err := source(c.src, c.cfg)
			wantError(t, err, append(c.words, "pairs: "+name)...)
			if s != nil {
				t.Errorf("%s returned a source beside an error", name)
			}
		}
	}
	for _, c := range []struct {
		cfg   ClassesConfig
		words []string
	}{
		{ClassesConfig{Classes: 1}, []string{"2 or more Classes", "came 1"}},
		{ClassesConfig{PerClass: 1}, []string{"2 or more PerClass", "came 0, 1"}},
		{ClassesConfig{Classes: 4, PerClass: 2}, []string{"at most 3", "came 4"}},
		{ClassesConfig{PerClass: 3}, []string{"class 7 has 2 of the 3 examples"}},
		{ClassesConfig{PerClass: 2, Batches: -1}, []string{"Batches", "-1"}},
		{ClassesConfig{PerClass: 2, Batches: 1 << 61}, []string{"Batches: wanted at most"}},
	} {
		_, err := Classes(set, c.cfg)
		wantError(t, err, append(c.words, "pairs: Classes")...)
	}
	_, err := Classes(doubles, ClassesConfig{PerClass: 2})
	wantError(t, err, "pairs: Classes", "X: wanted float32, came float64")
	read := func(src dataset.Source) (last error) {
		s, err := New(src, Config{Count: 200})
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			if err := s.Read(&dataset.Example{Index: i}); err != nil {
				last = err
			}
		}
		return last
	}
	wantError(t, read(nan), "example 6 of the source", "value 1 is NaN")
	wantError(t, read(ragged{set}), "its shape is", "one shape")
	s, err := New(set, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{-1, 20} {
		wantError(t, s.Read(&dataset.Example{Index: i}), "0 to 19")
	}
}
