// Package golden holds values computed by PyTorch, an independent program, for the tests of our ops; the scripts that
// made them stand beside this file and README.md says what each file holds. Only tests import it.
package golden

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
)

//go:embed testdata
var files embed.FS

// Case is one computation: an op with its parameters, what goes in and what PyTorch says comes out.
type Case struct {
	Name    string             `json:"name"` // "ELU/alpha=1/EXTREME", unique in its file
	Op      string             `json:"op"`   // "ELU": Name up to the first slash
	Note    string             `json:"note"` // why this case exists, or where TensorFlow's rule is not PyTorch's
	Params  map[string]float64 `json:"params"`
	Axes    []int              `json:"axes"` // reductions and clip by norm; none: all axes
	Inputs  map[string]Array   `json:"inputs"`
	Outputs map[string]Array   `json:"outputs"`
}

// Has tells whether an output is recorded; special cases leave out what has no single convention.
func (c Case) Has(output string) bool {
	_, ok := c.Outputs[output]
	return ok
}

// In returns an input; it panics with the names there are when it is missing, since only a mistyped test asks for it.
func (c Case) In(name string) Array { return pick(c.Name, "input", c.Inputs, name) }

// Out returns an output; it panics as In does.
func (c Case) Out(name string) Array { return pick(c.Name, "output", c.Outputs, name) }

// Param returns a parameter; it panics as In does.
func (c Case) Param(name string) float64 {
	v, ok := c.Params[name]
	if !ok {
		panic(fmt.Sprintf("golden: case %s has no parameter %q; it has %v", c.Name, name, keys(c.Params)))
	}
	return v
}

func pick(name, kind string, arrays map[string]Array, want string) Array {
	a, ok := arrays[want]
	if !ok {
		panic(fmt.Sprintf("golden: case %s has no %s %q; it has %v", name, kind, want, keys(arrays)))
	}
	return a
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}

// Array is a row-major array; a scalar has shape [] and one element. Inputs are exact in float32.
type Array struct {
	Shape []int
	Data  []float64
}

// Float32s returns the data rounded to float32, a new slice.
func (a Array) Float32s() []float32 { return convert[float32](a.Data) }

// Float64s returns a copy of the data.
func (a Array) Float64s() []float64 { return convert[float64](a.Data) }

// Int64s returns the data as integers (labels, argmax).
func (a Array) Int64s() []int64 { return convert[int64](a.Data) }

// Ints returns the data as integers.
func (a Array) Ints() []int { return convert[int](a.Data) }

func convert[T float32 | float64 | int64 | int](data []float64) []T {
	out := make([]T, len(data))
	for i, v := range data {
		out[i] = T(v)
	}
	return out
}

// Bools returns which elements are not zero (Where's cond).
func (a Array) Bools() []bool {
	out := make([]bool, len(a.Data))
	for i, v := range a.Data {
		out[i] = v != 0
	}
	return out
}

// Scalar returns the only element; it panics when there is not exactly one.
func (a Array) Scalar() float64 {
	if len(a.Data) != 1 {
		panic(fmt.Sprintf("golden: Scalar of an array of shape %v", a.Shape))
	}
	return a.Data[0]
}

// Row returns element i of the first axis: the values after step i of a [steps, ...] array.
func (a Array) Row(i int) Array {
	size := len(a.Data) / a.Shape[0]
	return Array{Shape: a.Shape[1:], Data: a.Data[i*size : (i+1)*size : (i+1)*size]}
}

// UnmarshalJSON reads {"shape": [...], "data": [...]}, where "nan", "inf" and "-inf" stand for what JSON cannot write.
func (a *Array) UnmarshalJSON(text []byte) error {
	var raw struct {
		Shape []int
		Data  []number
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	size := 1
	for _, d := range raw.Shape {
		size *= d
	}
	if size != len(raw.Data) {
		return fmt.Errorf("shape %v needs %d elements, data has %d", raw.Shape, size, len(raw.Data))
	}
	a.Shape, a.Data = raw.Shape, make([]float64, len(raw.Data))
	for i, v := range raw.Data {
		a.Data[i] = float64(v)
	}
	return nil
}

type number float64

func (n *number) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case `"nan"`:
		*n = number(math.NaN())
	case `"inf"`:
		*n = number(math.Inf(1))
	case `"-inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(text, (*float64)(n))
	}
	return nil
}

// Names lists the files: what Load takes.
func Names() []string {
	entries, err := fs.ReadDir(files, "testdata")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, _, ok := strings.Cut(e.Name(), ".json"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Load reads testdata/NAME.json or testdata/NAME.json.gz.
func Load(name string) ([]Case, error) {
	text, err := files.ReadFile("testdata/" + name + ".json")
	if err != nil {
		packed, gzErr := files.ReadFile("testdata/" + name + ".json.gz")
		if gzErr != nil {
			return nil, fmt.Errorf("golden: no file %q; there are %v", name, Names())
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("golden: %s: %w", name, err)
		}
		if text, err = io.ReadAll(r); err != nil {
			return nil, fmt.Errorf("golden: %s: %w", name, err)
		}
	}
	return parse(name, text)
}

func parse(name string, text []byte) ([]Case, error) {
	var file struct{ Cases []Case }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("golden: %s: %w", name, err)
	}
	return file.Cases, nil
}

// Cases returns the cases of one op in a file, all of them for op "", and ends the test when there are none.
func Cases(tb testing.TB, name, op string) []Case {
	tb.Helper()
	all, err := Load(name)
	if err != nil {
		tb.Fatal(err)
	}
	return of(tb, all, name, op)
}

// CasesIn is Cases of a .json file that lies elsewhere, beside the test.
func CasesIn(tb testing.TB, path, op string) []Case {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	all, err := parse(path, text)
	if err != nil {
		tb.Fatal(err)
	}
	return of(tb, all, path, op)
}

// of returns the cases of one op.
func of(tb testing.TB, all []Case, name, op string) []Case {
	tb.Helper()
	var some []Case
	ops := map[string]bool{}
	for _, c := range all {
		ops[c.Op] = true
		if op == "" || c.Op == op {
			some = append(some, c)
		}
	}
	if len(some) == 0 {
		tb.Fatalf("golden: %s has no case of op %q; it has %v", name, op, keys(ops))
	}
	return some
}

// Close returns an error unless every element of got is within atol + rtol*|want| of want. It names the element with
// the largest error relative to that bound, and counts the others. got is a float or integer, a slice of them, or a
// value with a Data() method (a tensor), whose Shape() is then compared too.
//
// For a float32 got, want is first rounded to float32, so what overflows there is Inf. NaN equals NaN only; an infinity
// equals itself only.
func Close(got any, want Array, rtol, atol float64) error {
	if s, ok := shapeOf(got); ok && !slices.Equal(s, want.Shape) {
		return fmt.Errorf("got shape %v, want %v", s, want.Shape)
	}
	if d, ok := got.(interface{ Data() any }); ok {
		got = d.Data()
	}
	values, single, err := flatten(got)
	if err != nil {
		return err
	}
	if len(values) != len(want.Data) {
		return fmt.Errorf("got %d elements, want %d of shape %v", len(values), len(want.Data), want.Shape)
	}
	worst, at, bad := 0.0, -1, 0
	for i, g := range values {
		w := want.Data[i]
		if single {
			w = float64(float32(w))
		}
		e := excess(g, w, rtol, atol)
		if e > 1 {
			bad++
			if e > worst {
				worst, at = e, i
			}
		}
	}
	if at < 0 {
		return nil
	}
	w := want.Data[at]
	return fmt.Errorf("element %v (flat %d) of shape %v: got %v, want %v: error %.3g is %.3g times the tolerance (rtol %g, atol %g); %d of %d elements differ",
		Index(want.Shape, at), at, want.Shape, values[at], w, math.Abs(values[at]-w), worst, rtol, atol, bad, len(values))
}

// excess is the error as a multiple of what is allowed: above 1 is too much.
func excess(got, want, rtol, atol float64) float64 {
	switch {
	case got == want || got != got && want != want:
		return 0
	case got != got || want != want || math.IsInf(got, 0) || math.IsInf(want, 0):
		return math.Inf(1)
	}
	diff, allowed := math.Abs(got-want), atol+rtol*math.Abs(want)
	if diff <= allowed {
		return 0
	}
	if allowed == 0 {
		return math.Inf(1)
	}
	// A quotient can round to exactly 1 just outside the bound.
	return math.Max(diff/allowed, math.Nextafter(1, 2))
}

// Index turns a flat row-major index into one index an axis.
func Index(shape []int, flat int) []int {
	index := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		index[i], flat = flat%shape[i], flat/shape[i]
	}
	return index
}

func flatten(got any) (values []float64, single bool, err error) {
	v := reflect.ValueOf(got)
	if !v.IsValid() {
		return nil, false, fmt.Errorf("got nil")
	}
	add := func(e reflect.Value) bool {
		switch {
		case e.CanFloat():
			values = append(values, e.Float())
			single = single || e.Kind() == reflect.Float32
		case e.CanInt():
			values = append(values, float64(e.Int()))
		case e.Kind() == reflect.Uint8:
			values = append(values, float64(e.Uint()))
		default:
			return false
		}
		return true
	}
	if v.Kind() != reflect.Slice {
		if !add(v) {
			return nil, false, fmt.Errorf("got a %T, want numbers", got)
		}
		return values, single, nil
	}
	for i := 0; i < v.Len(); i++ {
		if !add(v.Index(i)) {
			return nil, false, fmt.Errorf("got a %T, want numbers", got)
		}
	}
	return values, single, nil
}

// shapeOf calls a Shape method by reflection: this package must not import tensor, whose Shape is a named []int.
func shapeOf(got any) ([]int, bool) {
	v := reflect.ValueOf(got)
	if !v.IsValid() {
		return nil, false
	}
	m := v.MethodByName("Shape")
	ints := reflect.TypeOf([]int(nil))
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || !m.Type().Out(0).ConvertibleTo(ints) {
		return nil, false
	}
	return m.Call(nil)[0].Convert(ints).Interface().([]int), true
}
