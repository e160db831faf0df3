package dataset

import (
	"reflect"
	"sort"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// toy is n examples [2] with X = (10i, 10i+1) and label i % classes.
func toy(n, classes int) *Set {
	x, y := make([]float32, 2*n), make([]int64, n)
	for i := 0; i < n; i++ {
		x[2*i], x[2*i+1] = float32(10*i), float32(10*i+1)
		y[i] = int64(i % classes)
	}
	s := &Set{
		X:    tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)),
		Y:    tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
		Name: "toy",
	}
	for c := 0; c < classes; c++ {
		s.Classes = append(s.Classes, string(rune('a'+c)))
	}
	return s
}

// places are the numbers of a toy's examples, from their first feature.
func places(t *testing.T, s *Set) []int {
	t.Helper()
	data := s.X.Data().([]float32)
	labels := s.Y.Data().([]int64)
	if len(labels) != s.Len() || len(data) != 2*s.Len() {
		t.Fatalf("%v has %d features and %d labels", s, len(data), len(labels))
	}
	out := make([]int, s.Len())
	for i := range out {
		out[i] = int(data[2*i]) / 10
		if data[2*i+1] != data[2*i]+1 {
			t.Fatalf("example %d of %v is torn: %v", i, s, data[2*i:2*i+2])
		}
	}
	return out
}

func wantPlaces(t *testing.T, s *Set, err error, want ...int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got := places(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("examples %v, want %v", got, want)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error of several lines: %q", err)
	}
}

func TestSetString(t *testing.T) {
	for want, s := range map[string]*Set{
		"toy: 3 examples, X float32 (3, 2), Y int64 (3), 2 classes": toy(3, 2),
		"set: 1 example, X float64 (1, 1)":                          {X: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float64{1}))},
		"set: 0 examples":                                           {},
		"dataset.Set(nil)":                                          nil,
	} {
		if got := s.String(); got != want {
			t.Errorf("String is %q, want %q", got, want)
		}
	}
}

func TestSubsets(t *testing.T) {
	s := toy(6, 3)
	out, err := s.Slice(2, 4)
	wantPlaces(t, out, err, 2, 3)
	out, err = s.Slice(5, 6)
	wantPlaces(t, out, err, 5)
	out, err = s.Take(2)
	wantPlaces(t, out, err, 0, 1)
	out, err = s.Subset([]int{5, 0, 5})
	wantPlaces(t, out, err, 5, 0, 5)
	out, err = s.PerClass(1)
	wantPlaces(t, out, err, 0, 1, 2)
	out, err = s.Only(2, 0)
	wantPlaces(t, out, err, 0, 2, 3, 5)
	if got := out.Y.Data(); !reflect.DeepEqual(got, []int64{1, 0, 1, 0}) {
		t.Errorf("labels of Only are %v", got)
	}
	if !reflect.DeepEqual(out.Classes, []string{"c", "a"}) {
		t.Errorf("classes of Only are %v", out.Classes)
	}
	if counts, err := s.ClassCounts(); err != nil || !reflect.DeepEqual(counts, []int{2, 2, 2}) {
		t.Errorf("counts %v, %v", counts, err)
	}
}

func TestSubsetsOfOneExampleAndNoLabels(t *testing.T) {
	one := &Set{X: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{7}))}
	out, err := one.Take(1)
	if err != nil || out.Y != nil || !reflect.DeepEqual(out.X.Data(), []float32{7}) {
		t.Errorf("Take: %v, %v", out, err)
	}
	if _, err = one.Only(0); err == nil {
		t.Error("Only of a set without labels: no error")
	}
}

func TestSubsetErrors(t *testing.T) {
	s := toy(6, 3)
	for name, tt := range map[string]struct {
		call func() (*Set, error)
		want []string
	}{
		"slice backwards":  {func() (*Set, error) { return s.Slice(4, 2) }, []string{"Slice(4, 2)", "0 to 5"}},
		"slice negative":   {func() (*Set, error) { return s.Slice(-1, 2) }, []string{"-1"}},
		"take too many":    {func() (*Set, error) { return s.Take(7) }, []string{"Take(7)", `"toy"`, "0 to 5"}},
		"take none":        {func() (*Set, error) { return s.Take(0) }, []string{"at least one"}},
		"place":            {func() (*Set, error) { return s.Subset([]int{0, 6}) }, []string{"number 1", "came 6"}},
		"no place":         {func() (*Set, error) { return s.Subset(nil) }, []string{"at least one"}},
		"class missing":    {func() (*Set, error) { return s.Only(0, 8) }, []string{"class 8", "[0 1 2]"}},
		"class twice":      {func() (*Set, error) { return s.Only(1, 1) }, []string{"twice"}},
		"no class":         {func() (*Set, error) { return s.Only() }, []string{"at least one"}},
		"per class":        {func() (*Set, error) { return s.PerClass(3) }, []string{"class 0", "2 examples"}},
		"per class zero":   {func() (*Set, error) { return s.PerClass(0) }, []string{"1 or more"}},
		"reshape":          {func() (*Set, error) { return s.Reshape(3) }, []string{"2 elements", "(3)"}},
		"reshape negative": {func() (*Set, error) { return s.Reshape(-1, -2) }, []string{"(-1, -2)"}},
		"nil set":          {func() (*Set, error) { return (*Set)(nil).Take(1) }, []string{"nil"}},
		"empty set":        {func() (*Set, error) { return new(Set).Take(1) }, []string{"X", "nil"}},
		"mismatch":         {func() (*Set, error) { return (&Set{X: s.X, Y: toy(5, 1).Y}).Take(1) }, []string{"(6, 2)", "(5)"}},
		"labels of floats": {func() (*Set, error) { return (&Set{X: s.X, Y: s.X}).Only(1) }, []string{"int64 [n]", "float32"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := tt.call()
			wantError(t, err, tt.want...)
			if out != nil {
				t.Errorf("a set beside the error: %v", out)
			}
		})
	}
	stray := toy(3, 3)
	stray.Y.Data().([]int64)[1] = 1 << 60
	_, err := stray.ClassCounts()
	wantError(t, err, "example 1")
}

func TestReshapeSharesMemory(t *testing.T) {
	s := toy(3, 3)
	out, err := s.Reshape(1, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !out.X.Shape().Eq(tensor.Shape{3, 1, 2, 1}) || !s.X.Shape().Eq(tensor.Shape{3, 2}) {
		t.Errorf("shapes %v and %v", out.X.Shape(), s.X.Shape())
	}
	out.X.Data().([]float32)[0] = 99
	if s.X.Data().([]float32)[0] != 99 {
		t.Error("Reshape copied")
	}
}

func TestSplit(t *testing.T) {
	s := toy(103, 4)
	for name, tt := range map[string]struct {
		cfg  SplitConfig
		held int
	}{
		"default":    {SplitConfig{}, 21},
		"fraction":   {SplitConfig{Fraction: 0.5}, 52},
		"count":      {SplitConfig{Count: 7}, 7},
		"stratified": {SplitConfig{Stratified: true, Count: 41}, 41},
		"seed":       {SplitConfig{Seed: -3}, 21},
	} {
		t.Run(name, func(t *testing.T) {
			rest, held, err := s.Split(tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			if held.Len() != tt.held {
				t.Errorf("%d held out, want %d", held.Len(), tt.held)
			}
			all := append(places(t, rest), places(t, held)...)
			if sort.IntsAreSorted(all) {
				t.Error("not shuffled")
			}
			sort.Ints(all)
			for i, p := range all {
				if i != p {
					t.Fatalf("parts are no division of the set: %v", all)
				}
			}
			for i, p := range places(t, held) {
				if l := held.Y.Data().([]int64)[i]; l != int64(p%4) {
					t.Errorf("example %d has label %d", p, l)
				}
			}
			_, again, _ := s.Split(tt.cfg)
			if !reflect.DeepEqual(places(t, held), places(t, again)) {
				t.Error("the same seed split differently")
			}
			if tt.cfg.Stratified {
				counts, _ := held.ClassCounts()
				for c, n := range counts {
					if n < 10 || n > 11 {
						t.Errorf("%d of class %d held out, want 10 or 11", n, c)
					}
				}
			}
		})
	}
	rest, held, err := toy(5, 1).Split(SplitConfig{NoShuffle: true, Count: 2})
	wantPlaces(t, rest, err, 0, 1, 2)
	wantPlaces(t, held, err, 3, 4)
}

func TestSplitErrors(t *testing.T) {
	s := toy(10, 2)
	for _, tt := range []struct {
		cfg  SplitConfig
		want string
	}{
		{SplitConfig{Count: 10}, "1 to 9"},
		{SplitConfig{Count: -1}, "-1"},
		{SplitConfig{Fraction: 1}, "between 0 and 1"},
		{SplitConfig{Fraction: -0.1}, "between 0 and 1"},
		{SplitConfig{Fraction: 0.01}, "empty"},
		{SplitConfig{NoShuffle: true, Stratified: true}, "exclude"},
	} {
		_, _, err := s.Split(tt.cfg)
		wantError(t, err, "Split", tt.want)
	}
	_, _, err := (&Set{X: s.X}).Split(SplitConfig{Stratified: true})
	wantError(t, err, "no labels")
}

func TestScaleAndStandardize(t *testing.T) {
	s := toy(4, 2) // first feature 0, 10, 20, 30
	out, err := s.Scale(0.1, -1)
	if err != nil || !reflect.DeepEqual(out.X.Data().([]float32)[:4], []float32{-1, -0.9, 0, 0.1}) {
		t.Errorf("Scale: %v, %v", out.X.Data(), err)
	}
	s.X.Data().([]float32)[1], s.X.Data().([]float32)[3], s.X.Data().([]float32)[5], s.X.Data().([]float32)[7] = .1, .1, .1, .1
	z, err := NewStandardizer(s)
	if err != nil {
		t.Fatal(err)
	}
	// Mean 15, population variance (225+25+25+225)/4 = 125; a constant feature is centred.
	if z.Mean[0] != 15 || z.Std[0] != 11.180339887498949 || z.Std[1] != 1 {
		t.Errorf("standardizer %+v", z)
	}
	out, err = z.Apply(s)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := out.X.Data().([]float32)[0], float32(-1.3416407864998738); got != want {
		t.Errorf("standardized to %v, want %v", got, want)
	}
	if got := out.X.Data().([]float32)[1]; got > 1e-7 || got < -1e-7 {
		t.Errorf("constant feature became %v", got)
	}
	if s.X.Data().([]float32)[2] != 10 {
		t.Error("Apply changed its argument")
	}
	wide, _ := s.Reshape(2)
	wide.X = tensor.New(tensor.WithShape(2, 4), tensor.WithBacking(wide.X.Data()))
	wide.Y = nil
	_, err = z.Apply(wide)
	wantError(t, err, "2 elements", "have 4")
	_, err = (*Standardizer)(nil).Apply(s)
	wantError(t, err, "0 elements")
	_, err = NewStandardizer(nil)
	wantError(t, err, "nil")
	_, err = NewStandardizer(&Set{X: s.Y})
	wantError(t, err, "float32", "int64")
}
