package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestAccuracy(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name           string
		labels, logits values
		want           float64
	}{
		{"half", at([]int{2}, 1, 0), at([]int{2, 3}, 0, 2, 1, 0, 2, 1), 0.5},
		{"first of ties", at([]int{2}, 0, 1), at([]int{2, 2}, 1, 1, 1, 1), 0.5},
		{"NaN is wrong", at([]int{2}, 0, 1), at([]int{2, 2}, nan, 1, nan, 1), 0},
		{"infinities", at([]int{2}, 1, 1), at([]int{2, 2}, -inf, -5, 3, inf), 1},
		{"no class", at([]int{3}, -1, 2, 0), at([]int{3, 2}, 1, 0, 0, 1, 1, 0), 1.0 / 3},
		{"one class", at([]int{2}, 0, 0), at([]int{2, 1}, -7, 7), 1},
		{"sequence", at([]int{2, 2}, 0, 1, 1, 1), at([]int{2, 2, 2}, 1, 0, 1, 0, 0, 1, 0, 1), 0.75},
		{"scalar", at(nil, 2), at([]int{3}, 0, 1, 2), 1},
		{"empty", at([]int{0}), at([]int{0, 3}), nan},
	} {
		for _, label := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				t.Run(fmt.Sprint(c.name, label, dtype), func(t *testing.T) {
					g := graph.New(graph.Config{})
					feeds := graph.Feeds{}
					labels := input(g.Scope(), feeds, "labels", label, c.labels, true)
					logits := input(g.Scope(), feeds, "logits", dtype, c.logits, true)
					want := c.want
					if dtype == tensor.Float32 {
						want = float64(float32(want))
					}
					wantValues(t, run(t, g, feeds, ops.Accuracy(g.Scope(), labels, logits)).Tensor(0), nil, want)
				})
			}
		}
	}
}

// The count is exact however the batch is split.
func TestAccuracyLarge(t *testing.T) {
	const n, classes = 10001, 10
	labels, logits := at([]int{n}, make([]float64, n)...), wave(1, 0, n, classes)
	right := 0
	for r := range n {
		labels.data[r] = float64(r % classes)
		best := 0
		for k := range classes {
			if float32(logits.data[r*classes+k]) > float32(logits.data[r*classes+best]) {
				best = k
			}
		}
		if best == r%classes {
			right++
		}
	}
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	feeds := graph.Feeds{}
	y := input(g.Scope(), feeds, "y", tensor.Int64, labels, true)
	x := input(g.Scope(), feeds, "x", tensor.Float32, logits, true)
	got := run(t, g, feeds, ops.Accuracy(g.Scope(), y, x)).Float32s(0)[0]
	if want := float32(right) / n; got != want || right == 0 {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestAccuracyErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.Accuracy(s, graph.Placeholder(s, "x", tensor.Float32, -1, 10), graph.Placeholder(s, "y", tensor.Int64, -1))
	}, "Accuracy", "labels come first")
	wantBuildError(t, func(s *graph.Scope) {
		ops.Accuracy(s, graph.Placeholder(s, "y", tensor.Int64, 4), graph.Placeholder(s, "x", tensor.Float32, 5, 10))
	}, "Accuracy", "int64[4]", "float32[5, 10]")
}
