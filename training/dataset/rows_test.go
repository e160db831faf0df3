package dataset

import (
	"reflect"
	"testing"

	"gorgonia.org/tensor"
)

// Batches and sets must see the same values whatever the memory layout.
func TestRowsOfLayouts(t *testing.T) {
	base := func() *tensor.Dense {
		return tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}))
	}
	slice := func(s ...tensor.Slice) tensor.Tensor {
		v, err := base().Slice(s...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	transposed := base()
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	moved := base()
	if err := moved.T(); err != nil {
		t.Fatal(err)
	}
	if err := moved.Transpose(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		t    tensor.Tensor
		n    int
		want []float64
	}{
		"plain":        {base(), 3, []float64{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}},
		"rows":         {slice(tensor.S(1, 3)), 2, []float64{10, 11, 12, 13, 20, 21, 22, 23}},
		"columns":      {slice(nil, tensor.S(1, 3)), 3, []float64{1, 2, 11, 12, 21, 22}},
		"one column":   {slice(nil, tensor.S(2)), 3, []float64{2, 12, 22}},
		"one row":      {slice(tensor.S(1)), 4, []float64{10, 11, 12, 13}},
		"transposed":   {transposed, 4, []float64{0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23}},
		"moved":        {moved, 4, []float64{0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23}},
		"column major": {tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float64{0, 1, 2, 10, 11, 12})), 2, []float64{0, 1, 2, 10, 11, 12}},
		"column":       {tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float64{1, 2, 3})), 3, []float64{1, 2, 3}},
		"row":          {tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, 2, 3})), 1, []float64{1, 2, 3}},
		"one element":  {tensor.New(tensor.WithShape(1, 1, 1), tensor.WithBacking([]float64{1})), 1, []float64{1}},
		"one label":    {tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1})), 1, []float64{1}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := rowsOf(tt.t)
			if err != nil {
				t.Fatal(err)
			}
			if r.n != tt.n || !reflect.DeepEqual(r.data.raw(), tt.want) {
				t.Errorf("%d examples of %v, want %d of %v", r.n, r.data.raw(), tt.n, tt.want)
			}
		})
	}
}

func TestRowsOfErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		t    tensor.Tensor
		want string
	}{
		"nil":     {(*tensor.Dense)(nil), "*tensor.Dense"},
		"sparse":  {tensor.CSRFromCoord(tensor.Shape{1, 1}, []int{0}, []int{0}, []float64{1}), "CS"},
		"scalar":  {tensor.New(tensor.FromScalar(1.0)), "scalar"},
		"complex": {tensor.New(tensor.WithBacking([]complex64{1, 2})), "complex64"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rowsOf(tt.t)
			wantError(t, err, tt.want)
		})
	}
}

func TestRowsOfDtypes(t *testing.T) {
	for _, data := range []any{
		[]float32{1, 2}, []float64{1, 2}, []int64{1, 2}, []int32{1, 2}, []int16{1, 2}, []int8{1, 2}, []int{1, 2},
		[]uint8{1, 2}, []uint16{1, 2}, []uint32{1, 2}, []uint64{1, 2}, []bool{true, false}, []string{"a", "b"},
	} {
		r, err := rowsOf(tensor.New(tensor.WithShape(2), tensor.WithBacking(data)))
		if err != nil {
			t.Errorf("%T: %v", data, err)
			continue
		}
		if got := r.at([]int{0, 1}).Data(); !reflect.DeepEqual(got, data) {
			t.Errorf("%T: %v became %v", data, data, got)
		}
	}
}

// A tensor of no element may have no memory either, of which Gorgonia's Data panics.
func TestNoRows(t *testing.T) {
	for _, shape := range [][]int{{0, 4}, {3, 0}} {
		_, err := rowsOf(tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32)))
		wantError(t, err, "at least one example")
	}
}
