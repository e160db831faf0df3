package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

type digit int32

// "Feeds take Go scalars, slices (a flat slice fills a placeholder with one
// unknown size; []int feeds Int64) and tensors."
func TestFeedForms(t *testing.T) {
	matrix := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	rows, err := matrix.Slice(tensor.S(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	column, err := matrix.Slice(nil, tensor.S(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	transposed := matrix.Clone().(*tensor.Dense)
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	colMajor := tensor.New(tensor.WithShape(2, 2), tensor.AsFortran([]float64{1, 2, 3, 4})) // stored as 1 3 2 4
	for what, c := range map[string]struct {
		dt    tensor.Dtype
		shape []int
		value interface{}
		want  string
	}{
		"float for float32":    {tensor.Float32, nil, 2.5, "2.5"},
		"int for float32":      {tensor.Float32, nil, 2, "2"},
		"int for float64":      {tensor.Float64, nil, 2, "2"},
		"float32":              {tensor.Float32, nil, float32(2.5), "2.5"},
		"bool":                 {tensor.Bool, nil, true, "true"},
		"int for int64":        {tensor.Int64, nil, 7, "7"},
		"int32":                {tensor.Int32, nil, int32(7), "7"},
		"uint8":                {tensor.Uint8, nil, uint8(7), "7"},
		"named type":           {tensor.Int32, []int{-1}, []digit{1, 2}, "[1 2]"},
		"Gorgonia's scalar":    {tensor.Float64, nil, gorgonia.NewF64(1.5), "1.5"},
		"[]int for int64":      {tensor.Int64, []int{-1}, []int{1, 2}, "[1 2]"},
		"[]int for int32":      {tensor.Int32, []int{2}, []int{1, 2}, "[1 2]"},
		"[]int for uint8":      {tensor.Uint8, []int{2}, []int{1, 255}, "[1 255]"},
		"[]int for float":      {tensor.Float32, []int{2}, []int{1, 2}, "[1 2]"},
		"flat for a matrix":    {tensor.Float32, []int{-1, 2}, []float32{1, 2, 3, 4}, "[1 2 3 4]"},
		"flat, middle unknown": {tensor.Float32, []int{2, -1, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8}, "[1 2 3 4 5 6 7 8]"},
		"flat float64":         {tensor.Float32, []int{-1}, []float64{1, 2}, "[1 2]"},
		"nested":               {tensor.Float64, []int{-1, 2}, [][]float64{{1, 2}, {3, 4}}, "[1 2 3 4]"},
		"nested ints":          {tensor.Int64, []int{-1, -1}, [][]int{{1, 2}, {3, 4}}, "[1 2 3 4]"},
		"array":                {tensor.Float64, []int{2, 2}, [2][2]float64{{1, 2}, {3, 4}}, "[1 2 3 4]"},
		"deep":                 {tensor.Bool, []int{1, 2, 1}, [][][]bool{{{true}, {false}}}, "[true false]"},
		"tensor":               {tensor.Float64, []int{-1, 2}, matrix, "[1 2 3 4 5 6]"},
		"rows of a tensor":     {tensor.Float64, []int{-1, 2}, rows, "[3 4 5 6]"},
		"column of a tensor":   {tensor.Float64, []int{-1}, column, "[2 4 6]"},
		"transposed":           {tensor.Float64, []int{2, -1}, transposed, "[1 3 5 2 4 6]"},
		"column-major":         {tensor.Float64, []int{2, 2}, colMajor, "[1 2 3 4]"},
		"tensor of int":        {tensor.Int64, []int{2}, tensor.New(tensor.WithShape(2), tensor.WithBacking([]int{1, 2})), "[1 2]"},
		"scalar tensor":        {tensor.Float64, nil, tensor.New(tensor.FromScalar(4.5)), "4.5"},
		"empty":                {tensor.Float32, []int{-1}, []float32{}, "[]"},
		"empty rows":           {tensor.Float32, []int{-1, 3}, []float32{}, "[]"},
		"nil slice":            {tensor.Int64, []int{-1}, []int64(nil), "[]"},
	} {
		t.Run(what, func(t *testing.T) {
			g := New(Config{})
			s := g.Scope()
			x := Placeholder(s, "x", c.dt, c.shape...)
			sess := newSession(t, g, SessionConfig{})
			for range 2 {
				out := mustRun(t, sess, Feeds{x: c.value}, x, Identity(s, x), OnesLike(s, x))
				for i := range 2 {
					if got := elementsOf(out.Tensor(i)); got != c.want {
						t.Errorf("fetch %d: %s, want %s", i, got, c.want)
					}
				}
				if out.Tensor(0).Dtype() != c.dt || len(out.Tensor(0).Shape()) != len(c.shape) {
					t.Error(out.Tensor(0).Shape())
				}
			}
			// The same forms set variables and constants.
			if y := ConstOf(s, c.dt, c.value); len(c.shape) < 2 && what != "tensor of int" && what != "[]int for float" {
				if out, err := sess.Run(nil, y); err != nil || elementsOf(out.Tensor(0)) != c.want {
					t.Errorf("as a constant: %v %v", out, err)
				}
			}
		})
	}
	if fmt.Sprint(matrix.Data()) != "[1 2 3 4 5 6]" {
		t.Error("a fed tensor was changed:", matrix.Data())
	}
}

// elementsOf formats a tensor's elements. The tensor library's own Data panics
// when there are none.
func elementsOf(t *tensor.Dense) string {
	if arrayOf(t).size == 0 {
		return "[]"
	}
	return fmt.Sprint(t.Data())
}

// Zero-size axes work all the way: feeds, ops, reductions, gradients,
// variables, fetches.
func TestZeroSizes(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1, 2)
	v := f64(s, "v", 1, 0, 3)
	y := add(s, scale(s, x, 2), x)
	loss := sum(s, mul(s, y, y))
	dx := grad(s, loss, x)
	step := AssignAdd(s, v, v)
	sess := newSession(t, g, SessionConfig{CheckNumerics: true})
	for _, n := range []int{0, 2, 0} {
		out := mustRun(t, sess, Feeds{x: make([]float64, 2*n)}, y, loss, dx, flattened(s, x), step, v)
		if got := out.Tensor(0).Shape(); got[0] != n || got[1] != 2 || out.Float(1) != 0 || out.Tensor(2).Shape()[0] != n || len(out.Float64s(3)) != 2*n {
			t.Errorf("%d rows: %v", n, out)
		}
		if got := out.Tensor(5).Shape(); len(got) != 2 || got[0] != 0 || got[1] != 3 {
			t.Error(got)
		}
	}
	if value, err := sess.Value(v); err != nil || value.Shape()[0] != 0 {
		t.Error(value, err)
	}
	c := ConstOf(s, tensor.Float64, [][]float64{})
	if out := mustRun(t, sess, nil, c, Identity(s, c)); len(out.Float64s(1)) != 0 {
		t.Error(out)
	}
}
