package initializers_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

func TestConstant(t *testing.T) {
	dense := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	sliced, err := dense.Slice(nil, gorgoniaRange{1, 3})
	if err != nil {
		t.Fatal(err)
	}
	transposed := dense.Clone().(*tensor.Dense)
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		init  graph.Initializer
		shape tensor.Shape
		dtype tensor.Dtype
		want  []float64
	}{
		{"zeros", initializers.Zeros(), tensor.Shape{3}, tensor.Float32, []float64{0, 0, 0}},
		{"zeros of bool", initializers.Zeros(), tensor.Shape{2}, tensor.Bool, []float64{0, 0}},
		{"ones", initializers.Ones(), tensor.Shape{1, 2}, tensor.Float64, []float64{1, 1}},
		{"ones of int", initializers.Ones(), tensor.Shape{2}, tensor.Int32, []float64{1, 1}},
		{"ones of uint8", initializers.Ones(), nil, tensor.Int, []float64{1}},
		{"float for float32", initializers.Constant(.25), tensor.Shape{2}, tensor.Float32, []float64{.25, .25}},
		{"int for float64", initializers.Constant(-3), tensor.Shape{2}, tensor.Float64, []float64{-3, -3}},
		{"uint8 for float32", initializers.Constant(uint8(200)), tensor.Shape{1}, tensor.Float32, []float64{200}},
		{"bool", initializers.Constant(true), tensor.Shape{2}, tensor.Bool, []float64{1, 1}},
		{"int64 for int32", initializers.Constant(int64(9)), tensor.Shape{2}, tensor.Int32, []float64{9, 9}},
		{"int for uint8", initializers.Constant(255), tensor.Shape{1}, tensor.Uint8, []float64{255}},
		{"flat slice", initializers.Constant([]float32{1, 2, 3, 4}), tensor.Shape{2, 2}, tensor.Float32, []float64{1, 2, 3, 4}},
		{"nested slices", initializers.Constant([][]int{{1, 2}, {3, 4}}), tensor.Shape{2, 2}, tensor.Float32, []float64{1, 2, 3, 4}},
		{"array", initializers.Constant([2]float64{7, 8}), tensor.Shape{2}, tensor.Float32, []float64{7, 8}},
		{"slice of one for a scalar", initializers.Constant([]float64{7}), nil, tensor.Float32, []float64{7}},
		{"tensor", initializers.Constant(dense), tensor.Shape{2, 3}, tensor.Float64, []float64{1, 2, 3, 4, 5, 6}},
		{"view of a tensor", initializers.Constant(sliced), tensor.Shape{2, 2}, tensor.Float32, []float64{2, 3, 5, 6}},
		{"transposed tensor", initializers.Constant(transposed), tensor.Shape{3, 2}, tensor.Float32, []float64{1, 4, 2, 5, 3, 6}},
		{"scalar tensor", initializers.Constant(tensor.New(tensor.FromScalar(float32(4)))), tensor.Shape{2}, tensor.Float32, []float64{4, 4}},
		{"empty tensor", initializers.Constant(tensor.New(tensor.WithShape(0, 3), tensor.WithBacking([]float32{}))), tensor.Shape{0, 3}, tensor.Float32, nil},
		{"empty", initializers.Constant([]float32{}), tensor.Shape{0, 3}, tensor.Float32, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := trial{init: c.init, shape: c.shape, dtype: c.dtype}.draw(t)
			if len(got) != len(c.want) {
				t.Fatalf("got %v; want %v", got, c.want)
			}
			for i, v := range got {
				if v != c.want[i] {
					t.Fatalf("got %v; want %v", got, c.want)
				}
			}
		})
	}
}

func TestConstantCopiesItsValue(t *testing.T) {
	values := []float32{1, 2}
	backing := []float32{3, 4}
	slice, dense := initializers.Constant(values), initializers.Constant(tensor.New(tensor.WithBacking(backing)))
	values[0], backing[0] = 100, 100
	if got := (trial{init: slice, shape: tensor.Shape{2}}).draw(t); got[0] != 1 {
		t.Errorf("a slice changed later gives %v", got)
	}
	if got := (trial{init: dense, shape: tensor.Shape{2}}).draw(t); got[0] != 3 {
		t.Errorf("a tensor changed later gives %v", got)
	}
}

func TestConstantErrors(t *testing.T) {
	shape := tensor.Shape{2, 3}
	trial{init: initializers.Constant([]float32{1, 2}), shape: shape}.wantError(t, "[2 3]", "[]float32", "[2]")
	trial{init: initializers.Constant([][]float32{{1, 2, 3, 4, 5, 6}}), shape: shape}.wantError(t, "shape [1 6]")
	trial{init: initializers.Constant([][]float32{{1, 2, 3}, {4, 5}}), shape: shape}.wantError(t, "unequal lengths on axis 1")
	trial{init: initializers.Constant(tensor.New(tensor.WithShape(3, 2), tensor.Of(tensor.Float32))), shape: shape}.wantError(t, "[3 2]")
	trial{init: initializers.Constant(nil), shape: shape}.wantError(t, "nil")
	trial{init: initializers.Constant((*tensor.Dense)(nil)), shape: shape}.wantError(t, "nil")
	trial{init: initializers.Constant("zero"), shape: shape}.wantError(t, "float32", "string")
	trial{init: initializers.Constant(1.5), shape: shape, dtype: tensor.Int}.wantError(t, "int", "float64")
	trial{init: initializers.Constant(true), shape: shape}.wantError(t, "bool")
	trial{init: initializers.Constant(256), shape: shape, dtype: tensor.Uint8}.wantError(t, "256", "does not fit")
	trial{init: initializers.Constant(-1), shape: shape, dtype: tensor.Uint8}.wantError(t, "-1", "does not fit")
	trial{init: initializers.Constant(int64(1) << 40), shape: shape, dtype: tensor.Int32}.wantError(t, "does not fit")
	trial{init: initializers.Constant([]string{"a"}), shape: tensor.Shape{1}}.wantError(t, "[]string")
}

// gorgoniaRange is a range [start, end) for tensor's Slice.
type gorgoniaRange struct{ start, end int }

func (r gorgoniaRange) Start() int { return r.start }
func (r gorgoniaRange) End() int   { return r.end }
func (r gorgoniaRange) Step() int  { return 1 }
