package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// As tf.losses.huber_loss(labels, predictions, weights): the last example is
// masked, and the divisor is the number of elements that count.
func ExampleWeightedLoss() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	labels := graph.Const(s, [][]float32{{0, 1}, {2, 3}, {0, 0}})
	predictions := graph.Const(s, [][]float32{{1, 1}, {2, 6}, {9, 9}})
	weights := graph.Const(s, []float32{1, 1, 0})
	losses := ops.Huber(s, labels, predictions, 1)
	loss := ops.WeightedLoss(s, losses, weights, ops.ReductionSumByNonzeroWeights)

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	out, err := sess.Run(nil, losses, loss)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.Float32s(0), out.Float(1))
	// Output: [0.5 0 0 2.5 8.5 8.5] 0.75
}

var allReductions = []ops.Reduction{
	ops.ReductionSumByNonzeroWeights, ops.ReductionNone, ops.ReductionSum, ops.ReductionMean, ops.ReductionSumOverBatchSize,
}

func weighted(r ops.Reduction) func(s *graph.Scope, losses, weights *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, losses, weights *gorgonia.Node) *gorgonia.Node {
		return ops.WeightedLoss(s, losses, weights, r)
	}
}

func unweighted(r ops.Reduction) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.WeightedLoss(s, xs[0], nil, r) }
}

func TestWeightedLossGolden(t *testing.T) {
	lossGolden(t, "WeightedLoss", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.WeightedLoss(s, in["losses"], in["weights"], allReductions[int(c.Param("reduction"))])
	}, "losses", "weights")
}

func TestWeightedLossGradients(t *testing.T) {
	for _, r := range allReductions {
		for _, shape := range [][]int{nil, {3}, {3, 1}, {1, 4}, {3, 4, 1}, {3, 4, 2}} {
			t.Run(fmt.Sprint(r, shape), func(t *testing.T) {
				checkGradients(t, double(weighted(r)), wave(1, 1.3, 3, 4, 2), wave(0.5, 1, shape...))
			})
		}
		checkGradients(t, unweighted(r), wave(1, 1.3, 3, 4))
		checkGradients(t, double(weighted(r)), at(nil, 2), at(nil, 3))
	}
}

// Without losses or weights that count, loss and gradient are 0; NaN of weight 0
// does no harm; without weights it is mean or sum.
func TestWeightedLossEdges(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, r := range allReductions {
		if r == ops.ReductionNone {
			continue
		}
		wantValues(t, eval(t, tensor.Float32, unweighted(r), at([]int{0, 3})), nil, 0)
		wantValues(t, eval(t, tensor.Float32, double(weighted(r)), at([]int{0, 3}), at([]int{0})), nil, 0)
		wantValues(t, eval(t, tensor.Float32, double(weighted(r)), at([]int{0, 3}), at([]int{1, 1}, 2)), nil, 0)
		wantValues(t, eval(t, tensor.Float32, double(weighted(r)), at([]int{2, 2}, 1, nan, inf, 2), at([]int{2}, 0, 0)), nil, 0)
		mean := 2.5
		if r == ops.ReductionSum {
			mean = 10
		}
		wantValues(t, eval(t, tensor.Float32, unweighted(r), at([]int{2, 2}, 1, 2, 3, 4)), nil, mean)
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.WeightedLoss(s, xs[0], xs[1], r)}, xs[:1], nil)[0]
		}
		wantValues(t, eval(t, tensor.Float32, gradient, at([]int{2, 2}, 1, nan, inf, 2), at([]int{2}, 0, 0)), []int{2, 2}, 0, 0, 0, 0)
		wantValues(t, eval(t, tensor.Float32, gradient, at([]int{0, 3}), at([]int{0})), []int{0, 3})
	}
	wantValues(t, eval(t, tensor.Float32, double(weighted(ops.ReductionSumByNonzeroWeights)), at([]int{4}, nan, 1, inf, 5), at([]int{4}, 0, 2, 0, 2)), nil, 6)
	wantValues(t, eval(t, tensor.Float32, double(weighted(ops.ReductionNone)), at([]int{2, 2}, nan, 1, 2, 5), at([]int{2, 2}, 0, 2, 1, 2)), []int{2, 2}, 0, 2, 2, 10)
	wantValues(t, eval(t, tensor.Float32, unweighted(ops.ReductionNone), at([]int{2}, 1, 2)), []int{2}, 1, 2)
}

// Weights may be a mask, and a variable may be trained through them.
func TestWeightedLossDtypes(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Bool, tensor.Uint8, tensor.Int, tensor.Int32, tensor.Int64} {
		g := graph.New(graph.Config{})
		s, feeds := g.Scope(), graph.Feeds{}
		losses := input(s, feeds, "losses", tensor.Float32, at([]int{3, 2}, 1, 2, 3, 4, 5, 9), true)
		mask := input(s, feeds, "mask", dtype, at([]int{3}, 0, 1, 1), true)
		wantValues(t, run(t, g, feeds, ops.WeightedLoss(s, losses, mask, 0)).Tensor(0), nil, 5.25)
	}
}

func TestReductionNames(t *testing.T) {
	names := map[ops.Reduction]string{
		ops.ReductionNone: "none", ops.ReductionSum: "weighted_sum", ops.ReductionMean: "weighted_mean",
		ops.ReductionSumOverBatchSize: "weighted_sum_over_batch_size", ops.ReductionSumOverNonzeroWeights: "weighted_sum_by_nonzero_weights", 9: "Reduction(9)",
	}
	for r, want := range names {
		if got := r.String(); got != want {
			t.Errorf("%d is called %q; want %q", int(r), got, want)
		}
	}
}

func TestAddLoss(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	loss := ops.AddLoss(s, ops.WeightedLoss(s, ops.Huber(s, x, x, 1), nil, ops.ReductionSumByNonzeroWeights))
	ops.AddLoss(s, loss)
	if got := g.Collection(graph.Losses); len(got) != 1 || got[0] != loss || g.Err() != nil {
		t.Errorf("the collection is %v; want %v (%v)", got, loss, g.Err())
	}
	wantBuildError(t, func(s *graph.Scope) { ops.AddLoss(s, nil) }, "AddLoss", "nil")
	wantBuildError(t, func(s *graph.Scope) { ops.AddLoss(s, graph.Const(s, 1)) }, "AddLoss", "the loss is int")
}

func TestWeightedLossErrors(t *testing.T) {
	losses := func(s *graph.Scope) *gorgonia.Node { return graph.Placeholder(s, "losses", tensor.Float32, -1, 3) }
	for _, shape := range [][]int{{-1, 2}, {-1, 3, 1}, {3, 1, 1}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.WeightedLoss(s, losses(s), graph.Placeholder(s, "w", tensor.Float32, shape...), 0)
		}, "WeightedLoss/Weights", "the weights are", "float32[?, 3]", "aligned at the first axis")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.WeightedLoss(s, losses(s), graph.Placeholder(s, "w", tensor.Float64, -1), 0)
	}, "WeightedLoss/Weights", "float64[?]", "one dtype")
	wantBuildError(t, func(s *graph.Scope) { ops.WeightedLoss(s, losses(s), nil, 7) }, "WeightedLoss", "there is no Reduction(7)")
	wantBuildError(t, func(s *graph.Scope) { ops.WeightedLoss(s, nil, nil, 0) }, "WeightedLoss", "nil")
	wantBuildError(t, func(s *graph.Scope) { ops.WeightedLoss(s, graph.Const(s, 1), nil, 0) }, "WeightedLoss", "the losses are int")
	// Weights never spread the losses out, though NumPy would.
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	y := ops.WeightedLoss(g.Scope(), input(g.Scope(), feeds, "l", tensor.Float32, wave(1, 0, 3, 1), true), input(g.Scope(), feeds, "w", tensor.Float32, wave(1, 0, 3, 2), true), 0)
	wantRunError(t, g, feeds, y, "the weights are float32[3, 2]", "float32[3, 1]")
}
