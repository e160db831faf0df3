package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestIsFinite(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	x := at([]int{2, 3}, 0, -1.5, inf, -inf, nan, 1e30)
	for _, c := range []struct {
		name string
		op   unaryOp
		want []float64
	}{
		{"IsNan", ops.IsNaN, []float64{0, 0, 0, 0, 1, 0}},
		{"IsInf", ops.IsInf, []float64{0, 0, 1, 1, 0, 0}},
		{"IsFinite", ops.IsFinite, []float64{1, 1, 0, 0, 0, 1}},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			got := eval(t, dt, single(c.op), x)
			wantValues(t, got, []int{2, 3}, c.want...)
			if got.Dtype() != tensor.Bool {
				t.Errorf("%s gives %v; want bool", c.name, got.Dtype())
			}
			wantValues(t, eval(t, dt, single(c.op), at([]int{0, 2})), []int{0, 2})
			wantValues(t, eval(t, dt, single(c.op), at(nil, nan)), nil, c.want[4])
		}
		wantBuildError(t, func(s *graph.Scope) {
			c.op(s, graph.Placeholder(s, "x", tensor.Int64, 2))
		}, c.name, "int64[2]", "float32")
	}
}
