package floats

import (
	"reflect"
	"testing"

	"gorgonia.org/tensor"
)

func TestRows(t *testing.T) {
	want := [][]float32{{1, 2, 3, 4}, {5, 6, 7, 8}}
	for _, data := range []interface{}{[]float32{1, 2, 3, 4, 5, 6, 7, 8}, []float64{1, 2, 3, 4, 5, 6, 7, 8}} {
		x := tensor.New(tensor.WithShape(2, 2, 2), tensor.WithBacking(data))
		if got := Rows(x); !reflect.DeepEqual(got, want) {
			t.Errorf("%T: got %v; want %v", data, got, want)
		}
	}
	if got := Float32s(tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{1}))); got != nil {
		t.Errorf("of ints came %v", got)
	}
}
