package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestAnyAll(t *testing.T) {
	for _, r := range []struct {
		name       string
		drop, keep reduceOp
		found      float64 // decides
	}{{"Any", ops.Any, ops.AnyKeep, 1}, {"All", ops.All, ops.AllKeep, 0}} {
		of := func(x []float64) float64 {
			for _, v := range x {
				if v == r.found {
					return r.found
				}
			}
			return 1 - r.found
		}
		for _, c := range reduceCases {
			for every := 1; every <= 7; every += 3 { // how rare the other value is
				t.Run(fmt.Sprint(r.name, c.shape, c.axes, every), func(t *testing.T) {
					x := wave(0, 0, c.shape...)
					for i := range x.data {
						if i%every == 0 {
							x.data[i] = r.found
						} else {
							x.data[i] = 1 - r.found
						}
					}
					drop, keep, want := reduced(x, c.axes, of)
					wantValues(t, eval(t, tensor.Bool, single(over(r.drop, c.axes...)), x), drop, want...)
					wantValues(t, eval(t, tensor.Bool, single(over(r.keep, c.axes...)), x), keep, want...)
				})
			}
		}
		wantValues(t, eval(t, tensor.Bool, single(over(r.drop, 0)), at([]int{0, 2})), []int{2}, 1-r.found, 1-r.found)
		wantValues(t, eval(t, tensor.Bool, single(over(r.drop)), at([]int{0})), nil, 1-r.found)
		many := wave(0, 1-r.found, 100000)
		many.data[99999] = r.found
		wantValues(t, eval(t, tensor.Bool, single(over(r.drop)), many), nil, r.found)
		wantBuildError(t, func(s *graph.Scope) {
			r.drop(s, graph.Placeholder(s, "x", tensor.Float32, 3))
		}, r.name, "float32[3]", "want bool")
		wantBuildError(t, func(s *graph.Scope) {
			r.drop(s, graph.Placeholder(s, "x", tensor.Bool, 3), 1)
		}, r.name, "axis 1")
	}
}
