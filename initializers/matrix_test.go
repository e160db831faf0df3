package initializers_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/initializers"
)

func TestOrthogonal(t *testing.T) {
	cases := []struct {
		name  string
		shape tensor.Shape
		gain  float64
	}{
		{"tall", tensor.Shape{40, 17}, 1},
		{"wide", tensor.Shape{17, 40}, 1},
		{"square with gain", tensor.Shape{12, 12}, math.Sqrt2},
		{"convolution", tensor.Shape{3, 3, 4, 10}, 1},
		{"wide convolution", tensor.Shape{1, 2, 3, 20}, .5},
		{"column", tensor.Shape{9, 1}, 2},
		{"row", tensor.Shape{1, 9}, 2},
		{"one element", tensor.Shape{1, 1}, 3},
	}
	for _, c := range cases {
		for _, dtype := range floats {
			t.Run(c.name+"/"+dtype.String(), func(t *testing.T) {
				x := trial{init: initializers.Orthogonal(c.gain), shape: c.shape, dtype: dtype, seed: 2}.draw(t)
				cols := c.shape[len(c.shape)-1]
				rows := len(x) / cols
				tolerance := 1e-6
				if dtype == tensor.Float64 {
					tolerance = 1e-13
				}
				// The columns, or rows, are orthogonal and of length gain.
				n, k, at := cols, rows, func(i, j int) float64 { return x[j*cols+i] }
				if rows < cols {
					n, k, at = rows, cols, func(i, j int) float64 { return x[i*cols+j] }
				}
				for a := range n {
					for b := range n {
						dot, want := 0.0, 0.0
						for j := range k {
							dot += at(a, j) * at(b, j)
						}
						if a == b {
							want = c.gain * c.gain
						}
						if math.Abs(dot-want) > tolerance*c.gain*c.gain*4 {
							t.Fatalf("vectors %d and %d have the product %v; want %v", a, b, dot, want)
						}
					}
				}
			})
		}
	}
}

// The signs make the distribution uniform: with QR's own signs the first row
// of Q would be one-sided.
func TestOrthogonalIsUniform(t *testing.T) {
	positive := 0
	const draws = 400
	for seed := range int64(draws) {
		x := trial{init: initializers.Orthogonal(1), shape: tensor.Shape{3, 3}, dtype: tensor.Float64, seed: seed}.draw(t)
		if x[0] > 0 {
			positive++
		}
	}
	if positive < draws/2-40 || positive > draws/2+40 { // four standard deviations
		t.Errorf("the first element is positive in %d of %d draws", positive, draws)
	}
}

// Gram and Schmidt's process gives the Q whose R has a positive diagonal.
func TestOrthogonalMatchesGramSchmidt(t *testing.T) {
	shape := tensor.Shape{6, 4}
	draws := trial{init: initializers.RandomNormal(0, 1), shape: shape, dtype: tensor.Float64, seed: 9}.draw(t)
	got := trial{init: initializers.Orthogonal(1), shape: shape, dtype: tensor.Float64, seed: 9}.draw(t)
	rows, cols := shape[0], shape[1]
	for c := range cols {
		for b := range c {
			dot := 0.0
			for r := range rows {
				dot += draws[r*cols+c] * draws[r*cols+b]
			}
			for r := range rows {
				draws[r*cols+c] -= dot * draws[r*cols+b]
			}
		}
		norm := 0.0
		for r := range rows {
			norm = math.Hypot(norm, draws[r*cols+c])
		}
		for r := range rows {
			draws[r*cols+c] /= norm
		}
	}
	for i, v := range got {
		if math.Abs(v-draws[i]) > 1e-12 {
			t.Fatalf("element %d is %v; want %v", i, v, draws[i])
		}
	}
}

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		shape tensor.Shape
		gain  float64
		want  []float64
	}{
		{tensor.Shape{2, 2}, 1, []float64{1, 0, 0, 1}},
		{tensor.Shape{2, 3}, -2, []float64{-2, 0, 0, 0, -2, 0}},
		{tensor.Shape{3, 1}, 1, []float64{1, 0, 0}},
		{tensor.Shape{0, 3}, 1, nil},
	} {
		for _, dtype := range floats {
			got := trial{init: initializers.Identity(c.gain), shape: c.shape, dtype: dtype}.draw(t)
			if len(got) != len(c.want) {
				t.Fatalf("%v: got %v; want %v", c.shape, got, c.want)
			}
			for i, v := range got {
				if v != c.want[i] {
					t.Errorf("%v: got %v; want %v", c.shape, got, c.want)
				}
			}
		}
	}
}

func TestMatrixErrors(t *testing.T) {
	matrix := tensor.Shape{3, 3}
	trial{init: initializers.Orthogonal(1), shape: tensor.Shape{3}}.wantError(t, "[3]", "two axes")
	trial{init: initializers.Orthogonal(0), shape: matrix}.wantError(t, "gain 0")
	trial{init: initializers.Orthogonal(math.NaN()), shape: matrix}.wantError(t, "gain NaN")
	trial{init: initializers.Identity(1), shape: tensor.Shape{3, 3, 3}}.wantError(t, "[3 3 3]", "matrix")
	trial{init: initializers.Identity(math.Inf(1)), shape: matrix}.wantError(t, "gain +Inf")
	trial{init: initializers.Identity(1), shape: matrix, dtype: tensor.Int}.wantError(t, "float32 or float64")
	if v := (trial{init: initializers.Orthogonal(1), shape: tensor.Shape{0, 4}}).draw(t); len(v) != 0 {
		t.Errorf("an empty matrix got %v", v)
	}
}
