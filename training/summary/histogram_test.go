package summary

import (
	"bytes"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
)

// TestHistogram compares with the histogram that events.py of internal/golden counted with NumPy,
// of the same numbers.
func TestHistogram(t *testing.T) {
	var x []float32
	for k := 0; k < 100; k++ {
		x = append(x, float32(float64(k*k)*float64(1-2*(k%2))/7))
	}
	x = append(x, 0, 0, 1e-13, -1e-13, 1e30, -1e30)
	w := open(t, WriterConfig{})
	check(t, w.Histogram("weights", 5, tensor.New(tensor.WithShape(2, 53), tensor.WithBacking(x))))
	got := closed(t, w)[0].Summary
	if len(got) != 1 || got[0].Tag != "weights" {
		t.Fatalf("%+v", got)
	}
	file, err := os.ReadFile("../../internal/golden/testdata/events.tfevents")
	if err != nil {
		t.Fatal(err)
	}
	r := tffile.NewRecordReader(bytes.NewReader(file))
	for {
		b, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		e, err := tffile.DecodeEvent(b)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Summary) == 0 || e.Summary[0].Histogram == nil {
			continue
		}
		want, h := e.Summary[0].Histogram, got[0].Histogram
		if !reflect.DeepEqual(h.Limits, want.Limits) || !reflect.DeepEqual(h.Counts, want.Counts) || h.Min != want.Min || h.Max != want.Max || h.Num != want.Num {
			t.Errorf("%+v\nwant\n%+v", h, want)
		}
		if math.Abs(h.SumSquares/want.SumSquares-1) > 1e-14 || math.Abs(h.Sum-want.Sum) > 1e15 { // 1e30 - 1e30 rounds by 2^47
			t.Errorf("sum %v, squares %v; want %v, %v", h.Sum, h.SumSquares, want.Sum, want.SumSquares)
		}
		return
	}
}

func TestHistogramOfKinds(t *testing.T) {
	view, err := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4})).Slice(nil, tensor.S(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []interface{}{
		[]float32{2, 4}, []float64{2, 4}, []int{2, 4}, []int32{2, 4}, []int64{2, 4}, []uint8{2, 4}, view,
	} {
		if h, _ := newHistogram(must(t)(numbers(v))); h.Sum != 6 || h.Num != 2 || h.Min != 2 || h.Max != 4 {
			t.Errorf("%T: %+v", v, h)
		}
	}
	for _, v := range []interface{}{float32(2), float64(2), 2, int32(2), int64(2), uint8(2), tensor.New(tensor.FromScalar(float32(2)))} {
		if h, _ := newHistogram(must(t)(numbers(v))); h.Sum != 2 || h.Num != 1 {
			t.Errorf("%T: %+v", v, h)
		}
	}
	w := open(t, WriterConfig{})
	for _, v := range []interface{}{nil, "a", []string{"a"}, (*tensor.Dense)(nil), []bool{true}, tensor.New(tensor.WithBacking([]bool{true}))} {
		if err := w.Histogram("a", 1, v); err == nil || !strings.Contains(err.Error(), `the histogram "a": a value of type`) {
			t.Errorf("%T: %v", v, err)
		}
	}
}

func must(t *testing.T) func([]float64, error) []float64 {
	return func(x []float64, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func TestHistogramNotFinite(t *testing.T) {
	w := open(t, WriterConfig{})
	nan, inf := math.NaN(), math.Inf(1)
	check(t, w.Histogram("w", 1, []float64{nan, 1, inf, -inf, math.MaxFloat64}), w.Histogram("w", 2, []float64{nan}), w.Histogram("w", 3, []float64{}))
	list := closed(t, w)
	if s := list[0].Summary; len(s) != 2 || s[1].Tag != "w/not_finite" || *s[1].Scalar != 3 || s[0].Histogram.Num != 2 || s[0].Histogram.Max != math.MaxFloat64 {
		t.Errorf("%+v", s)
	}
	empty := &tffile.Histogram{Min: math.MaxFloat64, Max: -math.MaxFloat64, Limits: []float64{math.MaxFloat64}, Counts: []float64{0}}
	if s := list[1].Summary; len(s) != 2 || !reflect.DeepEqual(s[0].Histogram, empty) {
		t.Errorf("%+v", s[0].Histogram)
	}
	if s := list[2].Summary; len(s) != 1 || !reflect.DeepEqual(s[0].Histogram, empty) {
		t.Errorf("%+v", s[0].Histogram)
	}
}

func BenchmarkHistogram(b *testing.B) {
	x := make([]float32, 300_000)
	for i := range x {
		x[i] = float32(math.Sin(float64(i)))
	}
	for b.Loop() {
		newHistogram(convert(x))
	}
	b.SetBytes(int64(4 * len(x)))
}
