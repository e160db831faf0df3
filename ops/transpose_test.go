package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func transposeBy(perm ...int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Transpose(s, x, perm...) }
}

// transposed permutes the slow way.
func transposed(x values, perm []int) (shape []int, data []float64) {
	rank := len(x.shape)
	if len(perm) == 0 {
		for a := rank - 1; a >= 0; a-- {
			perm = append(perm, a)
		}
	}
	strides := make([]int, rank)
	at := 1
	for a := rank - 1; a >= 0; a-- {
		strides[a] = at
		at *= x.shape[a]
	}
	for _, a := range perm {
		shape = append(shape, x.shape[(a+rank)%rank])
	}
	for i := range x.data {
		rest, from := i, 0
		for k := rank - 1; k >= 0; k-- {
			from += rest % shape[k] * strides[(perm[k]+rank)%rank]
			rest /= shape[k]
		}
		data = append(data, x.data[from])
	}
	return shape, data
}

func TestTranspose(t *testing.T) {
	for _, c := range []struct{ shape, perm []int }{
		{[]int{}, nil},
		{[]int{4}, nil},
		{[]int{3, 4}, nil},
		{[]int{3, 4}, []int{0, 1}},
		{[]int{3, 4}, []int{-1, 0}},
		{[]int{2, 3, 4}, nil},
		{[]int{2, 3, 4}, []int{0, 2, 1}}, // matrices side by side
		{[]int{2, 3, 4}, []int{1, 0, 2}}, // whole rows move
		{[]int{2, 3, 4}, []int{2, 0, 1}},
		{[]int{2, 3, 4}, []int{1, 2, 0}},
		{[]int{2, 3, 2, 4}, []int{0, 2, 3, 1}}, // NCHW to NHWC
		{[]int{2, 3, 2, 4}, []int{3, 1, 0, 2}},
		{[]int{1, 3, 1, 4}, []int{2, 1, 0, 3}}, // only axes of size 1 move
		{[]int{3, 0, 2}, []int{2, 1, 0}},
		{[]int{70, 65}, nil}, // more than one tile
		{[]int{3, 40, 33}, []int{0, 2, 1}},
		{[]int{20, 3, 33}, nil}, // matrices whose rows lie apart
		{[]int{18, 2, 3, 70}, []int{3, 1, 2, 0}},
		{[]int{5, 17, 3, 19}, []int{1, 3, 2, 0}},
	} {
		t.Run(fmt.Sprint(c.shape, c.perm), func(t *testing.T) {
			x := wave(3, 0.5, c.shape...)
			shape, want := transposed(x, c.perm)
			wantValues(t, eval(t, tensor.Float64, single(transposeBy(c.perm...)), x), shape, want...)
			if len(x.data) <= 48 {
				checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
					return ops.Square(s, ops.Transpose(s, x, c.perm...))
				}), x)
			}
			x = chooser(wave(0, 0, c.shape...))
			shape, want = transposed(x, c.perm)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int64, tensor.Uint8, tensor.Bool} {
				wantValues(t, eval(t, dt, single(transposeBy(c.perm...)), x), shape, want...)
			}
		})
	}
}

func TestTransposeErrors(t *testing.T) {
	for _, c := range []struct {
		perm  []int
		words []string
	}{
		{[]int{0}, []string{"float32[2, 3]", "[0] has 1 entries", "2 axes"}},
		{[]int{0, 2}, []string{"axis 2", "rank 2"}},
		{[]int{0, -2}, []string{"names axis -2 twice"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Transpose(s, graph.Placeholder(s, "x", tensor.Float32, 2, 3), c.perm...)
		}, "Transpose", c.words...)
	}
}
