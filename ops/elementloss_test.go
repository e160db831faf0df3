package ops_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// binaryLoss is a loss of labels and predictions.
type binaryLoss func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node

// elementLosses are the losses that give one value for each element, with
// operands away from their corners.
var elementLosses = map[string]struct {
	loss      binaryLoss
	labels, x values
}{
	"SquaredError":       {ops.SquaredError, wave(1, 0.3, 3, 4), wave(2, -0.2, 3, 4)},
	"AbsoluteDifference": {ops.AbsoluteDifference, wave(1, 0.3, 3, 4), wave(2, -0.2, 3, 4)},
	"Huber":              {huberOf(0.7), wave(1, 0.3, 3, 4), wave(2, -0.2, 3, 4)},
	"LogCosh":            {ops.LogCosh, wave(1, 0.3, 3, 4), wave(2, -0.2, 3, 4)},
	"Hinge":              {ops.Hinge, wave(0.4, 0.5, 3, 4), wave(2, -0.2, 3, 4)},
	"SquaredHinge":       {ops.SquaredHinge, wave(0.4, 0.5, 3, 4), wave(2, -0.2, 3, 4)},
	"LogLoss":            {logLossOf(ops.LogLossConfig{}), wave(0.4, 0.5, 3, 4), wave(0.3, 0.5, 3, 4)},
	"PoissonLoss":        {poissonOf(ops.PoissonLossConfig{}), wave(2, 2.5, 3, 4), wave(1, 0.1, 3, 4)},
	"PoissonLoss rates":  {poissonOf(ops.PoissonLossConfig{Rates: true, Full: true}), wave(1, 3.5, 3, 4), wave(0.5, 1, 3, 4)},
	"weighted sigmoid":   {weightedSigmoidOf(2.5), wave(0.4, 0.5, 3, 4), wave(2, -0.2, 3, 4)},
}

func huberOf(delta float64) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node { return ops.Huber(s, labels, x, delta) }
}

func logLossOf(cfg ops.LogLossConfig) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node { return ops.LogLoss(s, labels, x, cfg) }
}

func poissonOf(cfg ops.PoissonLossConfig) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
		return ops.PoissonLoss(s, labels, x, cfg)
	}
}

func weightedSigmoidOf(posWeight float64) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
		return ops.WeightedSigmoidCrossEntropy(s, labels, x, graph.ConstOf(s, graph.SpecOf(x).Dtype, posWeight))
	}
}

// lossGolden compares a loss with the cases of morelosses, gradients included.
func lossGolden(t *testing.T, name, labels string, build func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node, inputs ...string) {
	t.Helper()
	grads := map[string]string{}
	for _, x := range inputs {
		grads[x] = "d" + x
	}
	goldenOp{build: build, out: "loss", seed: "dloss", grads: grads, labels: labels}.check(t, "morelosses", name)
}

// meanGolden compares a loss of elements, and its mean by WeightedLoss, with the
// cases of losses.
func meanGolden(t *testing.T, name string, loss func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node) {
	t.Helper()
	for _, c := range golden.Cases(t, "losses", name) {
		op := goldenOp{build: loss, out: "loss", seed: "dloss", grads: map[string]string{"predictions": "dpredictions"}}
		if strings.HasSuffix(c.Name, "/mean") {
			op.seed = ""
			op.build = func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
				return ops.WeightedLoss(s, loss(s, in, c), nil, ops.ReductionSumByNonzeroWeights)
			}
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) { op.checkCase(t, c, dtype) })
		}
	}
}

// of adapts a loss of labels and the input called x to golden cases.
func of(loss binaryLoss, x string) func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
	return func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node { return loss(s, in["labels"], in[x]) }
}

func TestElementLossGradients(t *testing.T) {
	for name, l := range elementLosses {
		t.Run(name, func(t *testing.T) {
			checkGradients(t, double(l.loss), l.labels, l.x)
			checkGradients(t, double(l.loss), at(nil, l.labels.data[0]), at(nil, l.x.data[0]))
		})
	}
}

// Labels may be integers or bool; the loss is that of the same numbers.
func TestLossLabelDtypes(t *testing.T) {
	bits, x := at([]int{2, 2}, 0, 1, 1, 0), wave(0.3, 0.5, 2, 2)
	for name, l := range elementLosses {
		want := floats(eval(t, tensor.Float32, double(l.loss), bits, x))
		for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
			g := graph.New(graph.Config{})
			feeds := graph.Feeds{}
			y := l.loss(g.Scope(), input(g.Scope(), feeds, "y", dtype, bits, true), input(g.Scope(), feeds, "x", tensor.Float32, x, true))
			t.Run(fmt.Sprintf("%s/%v", name, dtype), func(t *testing.T) {
				wantValues(t, run(t, g, feeds, y).Tensor(0), []int{2, 2}, want...)
			})
		}
	}
}

func TestElementLossShapes(t *testing.T) {
	for name, l := range elementLosses {
		t.Run(name, func(t *testing.T) {
			for _, shape := range [][]int{{0}, {3, 0}, {1}, {1, 1}} {
				n := tensor.Shape(shape).TotalSize()
				data := make([]float64, n)
				got := eval(t, tensor.Float32, double(l.loss), at(shape, data...), at(shape, data...))
				if fmt.Sprint([]int(got.Shape())) != fmt.Sprint(shape) {
					t.Errorf("shape %v gives %v", shape, got.Shape())
				}
			}
			wantBuildError(t, func(s *graph.Scope) {
				l.loss(s, graph.Placeholder(s, "y", tensor.Float32, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 1))
			}, "", "labels", "float32[?]", "float32[?, 1]", "equal shapes")
			wantBuildError(t, func(s *graph.Scope) {
				l.loss(s, graph.Placeholder(s, "y", tensor.Float64, -1), graph.Placeholder(s, "x", tensor.Float32, -1))
			}, "", "float64[?]", "one float dtype")
		})
	}
}

// NaN in labels or predictions reaches the loss of its own element only.
func TestElementLossNaN(t *testing.T) {
	for name, l := range elementLosses {
		for _, in := range [][2]values{
			{at([]int{3}, math.NaN(), 1, 1), at([]int{3}, 0.5, 0.5, 0.5)},
			{at([]int{3}, 1, 1, 1), at([]int{3}, math.NaN(), 0.5, 0.5)},
		} {
			got := floats(eval(t, tensor.Float32, double(l.loss), in[0], in[1]))
			if !math.IsNaN(got[0]) || got[1] != got[1] || got[2] != got[2] {
				t.Errorf("%s of %v and %v is %v", name, in[0].data, in[1].data, got)
			}
		}
	}
}

// An element of weight 0 is out of loss and gradient, whatever it holds.
func TestMaskedElements(t *testing.T) {
	for name, l := range elementLosses {
		t.Run(name, func(t *testing.T) {
			for _, strange := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30} {
				g := graph.New(graph.Config{})
				s, feeds := g.Scope(), graph.Feeds{}
				labels := input(s, feeds, "labels", tensor.Float32, at([]int{3}, 1, 1, 0), true)
				x := input(s, feeds, "x", tensor.Float32, at([]int{3}, 0.5, strange, 0.75), true)
				loss := ops.WeightedLoss(s, l.loss(s, labels, x), graph.Const(s, []float32{1, 0, 1}), ops.ReductionSumByNonzeroWeights)
				grads := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{labels, x}, nil)
				out := run(t, g, feeds, loss, grads[0], grads[1])
				want := floats(eval(t, tensor.Float32, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
					return ops.WeightedLoss(s, l.loss(s, xs[0], xs[1]), nil, ops.ReductionMean)
				}, at([]int{2}, 1, 0), at([]int{2}, 0.5, 0.75)))
				if got := out.Float(0); math.Abs(got-want[0]) > 1e-6 {
					t.Errorf("%v: the loss is %v; want %v", strange, got, want[0])
				}
				for k := 1; k <= 2; k++ {
					d := out.Float32s(k)
					if d[1] != 0 || d[0] != d[0] || d[2] != d[2] {
						t.Errorf("%v: gradient %d is %v", strange, k-1, d)
					}
				}
			}
		})
	}
}
