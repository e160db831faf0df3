package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestInTopK(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name           string
		k              int
		labels, logits values
		want           []float64
	}{
		{"first", 1, at([]int{3}, 1, 0, 2), at([]int{3, 3}, 0, 2, 1, 0, 2, 1, 0, 2, 1), []float64{1, 0, 0}},
		{"second", 2, at([]int{3}, 1, 0, 2), at([]int{3, 3}, 0, 2, 1, 0, 2, 1, 0, 2, 1), []float64{1, 0, 1}},
		{"k of all", 3, at([]int{1}, 0), at([]int{1, 3}, 0, 2, 1), []float64{1}},
		{"k beyond", 9, at([]int{1}, 0), at([]int{1, 3}, 0, 2, 1), []float64{1}},
		{"ties at the boundary", 2, at([]int{4}, 0, 1, 2, 3), at([]int{4, 4}, 5, 1, 1, 1, 5, 1, 1, 1, 5, 1, 1, 1, 5, 1, 1, 0), []float64{1, 1, 1, 0}},
		{"label not finite", 3, at([]int{3}, 0, 0, 0), at([]int{3, 2}, nan, 1, inf, 1, -inf, 1), []float64{0, 0, 0}},
		{"others infinite", 1, at([]int{2}, 0, 0), at([]int{2, 2}, 1, -inf, 1, inf), []float64{1, 0}},
		{"others NaN", 2, at([]int{1}, 0), at([]int{1, 2}, 1, nan), []float64{0}},
		{"no class", 2, at([]int{2}, -1, 2), at([]int{2, 2}, 1, 0, 1, 0), []float64{0, 0}},
		{"sequence", 1, at([]int{1, 2}, 0, 0), at([]int{1, 2, 2}, 1, 0, 0, 1), []float64{1, 0}},
		{"empty", 1, at([]int{0}), at([]int{0, 2}), nil},
	} {
		for _, label := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				t.Run(fmt.Sprint(c.name, label, dtype), func(t *testing.T) {
					g := graph.New(graph.Config{})
					feeds := graph.Feeds{}
					labels := input(g.Scope(), feeds, "labels", label, c.labels, true)
					logits := input(g.Scope(), feeds, "logits", dtype, c.logits, true)
					got := run(t, g, feeds, ops.InTopK(g.Scope(), labels, logits, c.k)).Tensor(0)
					if got.Dtype() != tensor.Bool {
						t.Fatalf("got %v; want bool", got.Dtype())
					}
					wantValues(t, got, c.labels.shape, c.want...)
				})
			}
		}
	}
}

func TestInTopKErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		y := ops.InTopK(s, graph.Placeholder(s, "y", tensor.Int64, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 10), 0)
		if !graph.IsBad(y) || y.Dtype() != tensor.Bool {
			t.Errorf("got %v %v; want a bad bool node", y, y.Dtype())
		}
	}, "InTopK", "k is 0", "1 or more")
	wantBuildError(t, func(s *graph.Scope) {
		ops.InTopK(s, graph.Placeholder(s, "x", tensor.Float32, -1, 10), graph.Placeholder(s, "y", tensor.Int64, -1), 1)
	}, "InTopK", "labels come first")
}
