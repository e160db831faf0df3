package show_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
)

func TestTensor(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{0, 1, 2, 3, 4, -10}))
	v := show.Tensor(x, show.TensorConfig{Title: "x"})
	has(t, check(t, v), "x: float32[2, 3], 6 elements", "mean", "0", "std", "4.655", "-10", "4", "min", "max")
	const want = "x: float32[2, 3], 6 elements\n" +
		"mean 0, std 4.655, min -10, max 4, zeros 1\n" + // sqrt(130/6)
		"  0  1    2\n" +
		"  3  4  -10"
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
}

// TestTensorDtypes shows elements of every dtype, in their order.
func TestTensorDtypes(t *testing.T) {
	for want, backing := range map[string]interface{}{
		"float64[3], 3 elements\nmean 2, std 0.8165, min 1, max 3, zeros 0\n  1  2  3":             []float64{1, 2, 3},
		"int[3], 3 elements\nmean 2, std 0.8165, min 1, max 3, zeros 0\n  1  2  3":                 []int{1, 2, 3},
		"int8[3], 3 elements\nmean 0, std 0.8165, min -1, max 1, zeros 1\n  -1  0  1":              []int8{-1, 0, 1},
		"int32[3], 3 elements\nmean 2, std 0.8165, min 1, max 3, zeros 0\n  1  2  3":               []int32{1, 2, 3},
		"int64[3], 3 elements\nmean 2, std 0.8165, min 1, max 3, zeros 0\n  1  2  3":               []int64{1, 2, 3},
		"uint8[3], 3 elements\nmean 86, std 119.5, min 1, max 255, zeros 0\n  1  2  255":           []uint8{1, 2, 255},
		"uint64[3], 3 elements\nmean 2, std 0.8165, min 1, max 3, zeros 0\n  1  2  3":              []uint64{1, 2, 3},
		"bool[3], 3 elements\nmean 0.6667, std 0.4714, min 0, max 1, zeros 1\n  true  false  true": []bool{true, false, true},
		"string[2], 2 elements\n  \"a\"  \"<b>\"":                                                  []string{"a", "<b>"},
		"complex64[2], 2 elements\n  (1+2i)  (0+0i)":                                               []complex64{1 + 2i, 0},
	} {
		v := show.Tensor(tensor.New(tensor.WithBacking(backing)), show.TensorConfig{})
		check(t, v)
		if v.String() != want {
			t.Errorf("%T: %s\nwant\n%s", backing, v, want)
		}
	}
}

// TestTensorViews reads through the strides of views.
func TestTensorViews(t *testing.T) {
	make23 := func() *tensor.Dense {
		return tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{0, 1, 2, 3, 4, 5}))
	}
	transposed := make23()
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	column, err := make23().Slice(nil, tensor.S(1))
	if err != nil {
		t.Fatal(err)
	}
	right, err := make23().Slice(nil, tensor.S(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	for want, x := range map[string]tensor.Tensor{
		"float32[3, 2], 6 elements\nmean 2.5, std 1.708, min 0, max 5, zeros 1\n  0  3\n  1  4\n  2  5": transposed,
		"float32[2], 2 elements\nmean 2.5, std 1.5, min 1, max 4, zeros 0\n  1  4":                      column,
		"float32[2, 2], 4 elements\nmean 3, std 1.581, min 1, max 5, zeros 0\n  1  2\n  4  5":           right,
		"float32[]  7": tensor.New(tensor.FromScalar(float32(7))),
		"float32[1, 1], 1 element\nmean 7, std 0, min 7, max 7, zeros 0\n  7": tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{7})),
	} {
		v := show.Tensor(x, show.TensorConfig{})
		check(t, v)
		if v.String() != want {
			t.Errorf("%s\nwant\n%s", v, want)
		}
	}
}

func TestTensorNotFinite(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for want, values := range map[string][]float64{
		"mean NaN, std NaN, min NaN, max NaN, zeros 0, NaN 2, infinite 1":  {nan, inf, nan},
		"mean 1, std 0, min 1, max 1, zeros 0, NaN 1, infinite 2":          {nan, 1, inf, -inf},
		"mean 0, std 1.798e+308, min -1.798e+308, max 1.798e+308, zeros 0": {math.MaxFloat64, -math.MaxFloat64},
	} {
		v := show.Tensor(tensor.New(tensor.WithBacking(values)), show.TensorConfig{})
		check(t, v)
		if got := strings.Split(v.String(), "\n")[1]; got != want {
			t.Errorf("%v: %s, want %s", values, got, want)
		}
	}
}

// TestTensorEmpty shows tensors without elements, without a shape, and none.
func TestTensorEmpty(t *testing.T) {
	var none *tensor.Dense
	for want, x := range map[string]tensor.Tensor{
		"no tensor":                  none,
		"float32[0, 3], 0 elements":  tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 3)),
		"float32[2, 0], 0 elements.": nil,
	} {
		if x == nil {
			continue
		}
		v := show.Tensor(x, show.TensorConfig{})
		check(t, v)
		if v.String() != want {
			t.Errorf("%s, want %s", v, want)
		}
	}
	check(t, show.Tensor(nil, show.TensorConfig{}))
	check(t, show.Tensor(new(tensor.Dense), show.TensorConfig{}))
}

// TestTensorLarge looks at some of many elements, and says so.
func TestTensorLarge(t *testing.T) {
	x := tensor.New(tensor.WithShape(1<<13, 1<<12), tensor.WithBacking(make([]uint8, 1<<25)))
	v := show.Tensor(x, show.TensorConfig{})
	check(t, v)
	if !strings.Contains(v.String(), "looked at 11,184,811 of 33,554,432") || len(page(v)) > 10_000 {
		t.Errorf("%d bytes: %s", len(page(v)), v)
	}
}

func TestTensorImages(t *testing.T) {
	for name, c := range map[string]struct {
		shape []int
		cfg   show.TensorConfig
		want  string
	}{
		"grey":           {[]int{3, 8, 8, 1}, show.TensorConfig{}, "3 images of 8 × 8"},
		"colour":         {[]int{3, 8, 9, 3}, show.TensorConfig{}, "3 images of 8 × 9"},
		"many":           {[]int{70, 8, 8, 1}, show.TensorConfig{}, "70 images of 8 × 8, the first 32 of which are shown"},
		"limited":        {[]int{70, 8, 8, 1}, show.TensorConfig{Limit: 4}, "70 images of 8 × 8, the first 4 of which are shown"},
		"channels first": {[]int{2, 3, 8, 8}, show.TensorConfig{ChannelsFirst: true}, "2 images of 8 × 8"},
		"matrix":         {[]int{16, 20}, show.TensorConfig{}, "1 image of 16 × 20"},
		"rows":           {[]int{5, 784}, show.TensorConfig{Height: 28, Width: 28}, "5 images of 28 × 28"},
		"coloured rows":  {[]int{5, 192}, show.TensorConfig{Height: 8, Width: 8}, "5 images of 8 × 8"},
		"untold rows":    {[]int{5, 784}, show.TensorConfig{}, ""},
		"kernel":         {[]int{3, 3, 8, 16}, show.TensorConfig{}, ""},
		"not wanted":     {[]int{3, 8, 8, 1}, show.TensorConfig{NoImages: true}, ""},
		"wrong size":     {[]int{5, 784}, show.TensorConfig{Height: 5, Width: 5}, ""},
	} {
		x := tensor.New(tensor.WithShape(c.shape...), tensor.WithBacking(tensor.Range(tensor.Float32, 0, tensor.Shape(c.shape).TotalSize())))
		v := show.Tensor(x, c.cfg)
		check(t, v)
		_, png := v.SimpleRender()["image/png"].([]byte)
		if png != (c.want != "") || !strings.HasSuffix(v.String(), c.want) {
			t.Errorf("%s: a picture: %t; %s", name, png, v)
		}
	}
}

func TestValues(t *testing.T) {
	f := gorgonia.F32(0.5)
	v := show.Values(graph.Values{&f, nil, tensor.New(tensor.WithBacking([]int64{1, 2}))})
	check(t, v)
	const want = "0: float32  0.5\n1: no value: an effect\n2: int64[2], 2 elements\n   mean 1.5, std 0.5, min 1, max 2, zeros 0\n     1  2"
	if v.String() != want {
		t.Errorf("%s\nwant\n%s", v, want)
	}
	if v := show.Values(nil); v.String() != "no values" {
		t.Errorf("%s", v)
	}
	many := show.Values(make(graph.Values, 1000))
	check(t, many)
	if !strings.HasSuffix(many.String(), "… 988 more values") {
		t.Errorf("%s", many)
	}
}
