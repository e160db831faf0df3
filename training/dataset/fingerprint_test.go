package dataset_test

import (
	"bytes"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

// Sources with the same examples write the same, and sources with others something else.
func TestFingerprint(t *testing.T) {
	set := func(values ...float32) *dataset.Set {
		return &dataset.Set{
			X: tensor.New(tensor.WithShape(len(values)/2, 2), tensor.WithBacking(values)),
			Y: tensor.New(tensor.WithShape(len(values)/2), tensor.WithBacking(make([]int64, len(values)/2))),
		}
	}
	must := func(src dataset.Source, err error) dataset.Source {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	base := set(1, 2, 3, 4, 5, 6)
	twin := set(1, 2, 3, 4, 5, 6)
	for name, pair := range map[string][2]dataset.Source{
		"sets":    {base, twin},
		"Cache":   {dataset.Cache(base), twin},
		"Take":    {must(dataset.Take(base, 2)), must(dataset.Subset(twin, []int{0, 1}))},
		"Concat":  {must(dataset.Concat(base, twin)), must(dataset.Concat(twin, base))},
		"no Maps": {dataset.Map(base), twin},
	} {
		if a, b := fingerprint(t, pair[0]), fingerprint(t, pair[1]); !bytes.Equal(a, b) {
			t.Errorf("%s: want the same, got\n%q\n%q", name, a, b)
		}
	}
	reshaped := &dataset.Set{X: tensor.New(tensor.WithShape(3, 2, 1), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6})), Y: base.Y}
	wide := &dataset.Set{X: tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6})), Y: base.Y}
	relabelled := &dataset.Set{X: base.X, Y: tensor.New(tensor.WithShape(3), tensor.WithBacking([]int64{0, 0, 1}))}
	names := &dataset.Set{X: base.X, Y: tensor.New(tensor.WithShape(3), tensor.WithBacking([]string{"a", "b", "c"}))}
	counts := &dataset.Set{X: base.X, Y: tensor.New(tensor.WithShape(3), tensor.WithBacking([]int{0, 0, 1}))}
	seen := map[string]string{}
	for name, src := range map[string]dataset.Source{
		"base": base, "a value": set(1, 2, 3, 4, 5, 7), "reshaped": reshaped, "float64": wide, "labels": relabelled, "strings": names, "ints": counts,
		"no labels": &dataset.Set{X: base.X}, "Take": must(dataset.Take(base, 2)), "Skip": must(dataset.Skip(base, 1)), "Concat": must(dataset.Concat(base, base)),
	} {
		f := string(fingerprint(t, src))
		if other, ok := seen[f]; ok {
			t.Errorf("%s writes what %s writes: %q", name, other, f)
		}
		seen[f] = name
	}
}

func fingerprint(t *testing.T, src dataset.Source) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := dataset.Fingerprint(&b, src); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A set that is written in pieces is all written.
func TestFingerprintOfManyElements(t *testing.T) {
	values := make([]float32, 100_000)
	set := &dataset.Set{X: tensor.New(tensor.WithShape(len(values)), tensor.WithBacking(values))}
	before := fingerprint(t, set)
	for _, i := range []int{0, 1<<14 - 1, 1 << 14, len(values) - 1} {
		values[i] = 1
		if bytes.Equal(fingerprint(t, set), before) {
			t.Errorf("element %d is not written", i)
		}
		values[i] = 0
	}
}

func TestFingerprintErrors(t *testing.T) {
	set := &dataset.Set{X: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float32{1, 2}))}
	for want, src := range map[string]dataset.Source{
		"source is nil":          nil,
		"functions of a Map":     dataset.Cache(dataset.Map(set, func(*dataset.Example) error { return nil })),
		"give it the method":     unknownSource{set},
		"X: wanted":              &dataset.Set{},
		"dataset: Fingerprint: ": unknownSource{set},
	} {
		if err := dataset.Fingerprint(&bytes.Buffer{}, src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// unknownSource has the methods of a Source only.
type unknownSource struct{ dataset.Source }
