package ops_test

import (
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// losses applies every loss to operands [batch, n] and int64 labels [batch].
var losses = map[string]func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node{
	"SquaredError":       dense(ops.SquaredError),
	"AbsoluteDifference": dense(ops.AbsoluteDifference),
	"Huber":              dense(huberOf(1)),
	"LogCosh":            dense(ops.LogCosh),
	"Hinge":              dense(ops.Hinge),
	"SquaredHinge":       dense(ops.SquaredHinge),
	"CategoricalHinge":   dense(ops.CategoricalHinge),
	"LogLoss":            dense(logLossOf(ops.LogLossConfig{})),
	"KLDivergence":       dense(klOf(ops.KLDivergenceConfig{})),
	"PoissonLoss":        dense(poissonOf(ops.PoissonLossConfig{Full: true})),
	"CosineDistance":     dense(cosineOf(1)),
	"SigmoidFocal":       dense(focalOf(ops.FocalConfig{})),
	"WeightedSigmoidCrossEntropy": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.WeightedSigmoidCrossEntropy(s, z, x, y)
	},
	"PairwiseSquaredError": dense(ops.PairwiseSquaredError),
	"EuclideanDistance":    dense(ops.EuclideanDistance),
	"MarginRanking": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.MarginRanking(s, z, x, y, 0.5)
	},
	"TripletLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.TripletLoss(s, z, x, y, 1)
	},
	"ContrastiveLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.ContrastiveLoss(s, labels, z, x, 2)
	},
	"TripletSemihardLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.TripletSemihardLoss(s, labels, x, 1)
	},
	"TripletHardLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.TripletHardLoss(s, labels, x, ops.TripletHardConfig{})
	},
	"NPairLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.NPairLoss(s, labels, z, x, ops.NPairConfig{})
	},
	"MultiMargin": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.MultiMargin(s, labels, x, ops.MultiMarginConfig{})
	},
	"SmoothedSparseSoftmaxCrossEntropy": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.SmoothedSparseSoftmaxCrossEntropy(s, labels, x, 0.1)
	},
	"SmoothLabels": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.SmoothLabels(s, x, 0.1)
	},
	"WeightedLoss": func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
		return ops.WeightedLoss(s, x, z, ops.ReductionNone)
	},
}

func dense(loss binaryLoss) func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, labels, z, x, y *gorgonia.Node) *gorgonia.Node { return loss(s, z, x) }
}

// A nil or foreign node is an error that names the loss; a bad node is passed on
// in silence, for its error has been reported.
func TestBadLosses(t *testing.T) {
	for name, loss := range losses {
		t.Run(name, func(t *testing.T) {
			wantBuildError(t, func(s *graph.Scope) {
				if n := loss(s, nil, nil, nil, nil); !graph.IsBad(n) {
					t.Errorf("nil gave the usable node %v", n)
				}
			}, name, "nil")
			wantBuildError(t, func(s *graph.Scope) {
				other := graph.New(graph.Config{}).Scope()
				labels, x := graph.Placeholder(other, "labels", tensor.Int64, -1), graph.Placeholder(other, "x", tensor.Float32, -1, 3)
				loss(s, labels, x, x, x)
			}, name, "another graph")
			g := graph.New(graph.Config{})
			s := g.Scope()
			labels, x := graph.Placeholder(s, "labels", tensor.Int64, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 3)
			bad := ops.Reshape(s, x, -1, -1)
			first := g.Err()
			for _, in := range []gorgonia.Nodes{{bad, bad, bad, bad}, {labels, bad, x, x}, {labels, x, bad, x}, {labels, x, x, bad}} {
				loss(s, in[0], in[1], in[2], in[3])
				if g.Err() != first {
					t.Errorf("a bad node gave another error, %v", g.Err())
				}
			}
			g = graph.New(graph.Config{OnError: graph.PanicOnError})
			defer func() {
				if _, ok := recover().(*graph.BuildError); !ok {
					t.Error("no *graph.BuildError with PanicOnError")
				}
			}()
			loss(g.Scope(), nil, nil, nil, nil)
		})
	}
}

// A loss and its gradient allocate nothing and have the same bits whatever the
// number of workers.
func TestLossKernels(t *testing.T) {
	for name, loss := range losses {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s, feeds := g.Scope(), graph.Feeds{}
			const batch, n = 150, 310
			classes := values{[]int{batch}, make([]float64, batch)}
			for i := range classes.data {
				classes.data[i] = float64(i * i % 7) // few classes, of unequal sizes
			}
			labels := input(s, feeds, "labels", tensor.Int64, classes, true)
			z := input(s, feeds, "z", tensor.Float32, wave(0.4, 0.5, batch, n), true)
			x := input(s, feeds, "x", tensor.Float32, wave(0.3, 0.45, batch, n), true)
			y := input(s, feeds, "y", tensor.Float32, wave(0.2, 0.35, batch, n), true)
			ls := loss(s, labels, z, x, y)
			if name == "ContrastiveLoss" { // wants 0 and 1
				ls = loss(s, ops.Cast(s, labels, tensor.Bool), z, x, y)
			}
			total := ops.WeightedLoss(s, ls, nil, ops.ReductionSumByNonzeroWeights)
			d := graph.Gradients(s, gorgonia.Nodes{total}, gorgonia.Nodes{x}, nil)[0]
			step := graph.Group(s, total, d)
			sess := sessionOn(t, g)
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
			var want [2][]float32
			for _, procs := range []int{1, 2, 5} {
				runtime.GOMAXPROCS(procs)
				out, err := sess.Run(feeds, ls, d)
				if err != nil {
					t.Fatal(err)
				}
				for k := range want {
					got := out.Tensor(k).Data()
					if v, ok := got.(float32); ok {
						got = []float32{v}
					}
					if procs == 1 {
						want[k] = got.([]float32)
					}
					for i, v := range got.([]float32) {
						if math.Float32bits(v) != math.Float32bits(want[k][i]) || v != v {
							t.Fatalf("output %d, element %d is %v with %d workers and %v with one", k, i, v, procs, want[k][i])
						}
					}
				}
			}
			runtime.GOMAXPROCS(2)
			if n := testing.AllocsPerRun(10, func() {
				if _, err := sess.Run(feeds, step); err != nil {
					t.Fatal(err)
				}
			}); n > 0 && !raceDetector {
				t.Errorf("a Run allocates %v times", n)
			}
		})
	}
}
