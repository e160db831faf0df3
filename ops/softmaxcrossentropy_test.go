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

func TestSoftmaxCrossEntropyGolden(t *testing.T) {
	goldenOp{
		build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			return ops.SoftmaxCrossEntropy(s, in["labels"], in["logits"])
		},
		out: "loss", seed: "dloss", grads: map[string]string{"logits": "dlogits"},
	}.check(t, "losses", "SoftmaxCrossEntropy")
}

// Labels need not sum to 1 for the gradient to be that of the loss.
func TestSoftmaxCrossEntropyGradients(t *testing.T) {
	for _, shape := range [][]int{{3, 4}, {2, 2, 3}, {5}} {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			feeds := graph.Feeds{}
			labels := input(g.Scope(), feeds, "labels", tensor.Float64, wave(0.4, 0.5, shape...), true)
			logits := input(g.Scope(), feeds, "logits", tensor.Float64, wave(2, 0.1, shape...), true)
			twiceDifferentiable(t, g, feeds, ops.SoftmaxCrossEntropy(g.Scope(), labels, logits), gorgonia.Nodes{logits})
		})
	}
}

// As in TensorFlow 1, no gradient flows into the labels.
func TestSoftmaxCrossEntropyLabelsAreConstant(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	labels := graph.Placeholder(s, "labels", tensor.Float32, -1, 3)
	logits := graph.Placeholder(s, "logits", tensor.Float32, -1, 3)
	loss := ops.SoftmaxCrossEntropy(s, labels, logits)
	if d := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{labels}, nil)[0]; d != nil {
		t.Errorf("the labels have gradient %v", g.NameOf(d))
	}
}

// On one-hot labels it is the sparse op, bit for bit in the gradient.
func TestSoftmaxCrossEntropyOneHot(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	classes := input(s, feeds, "classes", tensor.Int64, at([]int{4}, 2, 0, 1, 2), true)
	labels := input(s, feeds, "labels", tensor.Float32, at([]int{4, 3}, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1), true)
	logits := input(s, feeds, "logits", tensor.Float32, wave(3, 0, 4, 3), true)
	dense, sparse := ops.SoftmaxCrossEntropy(s, labels, logits), ops.SparseSoftmaxCrossEntropy(s, classes, logits)
	xs := gorgonia.Nodes{logits}
	out := run(t, g, feeds, dense, sparse,
		graph.Gradients(s, gorgonia.Nodes{dense}, xs, nil)[0], graph.Gradients(s, gorgonia.Nodes{sparse}, xs, nil)[0])
	for i, v := range out.Float32s(0) {
		if w := out.Float32s(1)[i]; math.Abs(float64(v-w)) > 1e-6*math.Abs(float64(w)) {
			t.Errorf("row %d: %v dense, %v sparse", i, v, w)
		}
	}
	wantValues(t, out.Tensor(2), []int{4, 3}, floats(out.Tensor(3))...)
}

// A class of probability 0 may be masked by a logit of -Inf.
func TestSoftmaxCrossEntropyMask(t *testing.T) {
	inf := math.Inf(1)
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	labels := input(s, feeds, "labels", tensor.Float64, at([]int{3, 3}, 0, 0.5, 0.5, 1, 0, 0, 0, 0, 0), true)
	logits := input(s, feeds, "logits", tensor.Float64, at([]int{3, 3}, -inf, 1, 1, math.NaN(), 0, 0, 1, 2, 3), true)
	loss := ops.SoftmaxCrossEntropy(s, labels, logits)
	out := run(t, g, feeds, loss, graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0])
	wantValues(t, out.Tensor(0), []int{3}, math.Ln2, math.NaN(), 0)
	if d := out.Float64s(1); d[0] != 0 || d[1] != 0 || d[2] != 0 || !math.IsNaN(d[3]) || d[6] != 0 {
		t.Errorf("the gradient is %v", d)
	}
}

func TestSoftmaxCrossEntropyEmpty(t *testing.T) {
	for _, shape := range [][]int{{0, 3}, {2, 0}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		labels := input(s, feeds, "labels", tensor.Float32, at(shape), true)
		logits := input(s, feeds, "logits", tensor.Float32, at(shape), true)
		loss := ops.SoftmaxCrossEntropy(s, labels, logits)
		out := run(t, g, feeds, loss, graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0])
		wantValues(t, out.Tensor(0), shape[:1], make([]float64, shape[0])...)
		wantValues(t, out.Tensor(1), shape)
	}
}

func TestSoftmaxCrossEntropyErrors(t *testing.T) {
	place := func(s *graph.Scope, name string, dt tensor.Dtype, shape ...int) *gorgonia.Node {
		return graph.Placeholder(s, name, dt, shape...)
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.SoftmaxCrossEntropy(s, place(s, "y", tensor.Int64, -1), place(s, "x", tensor.Float32, -1, 3))
	}, "SoftmaxCrossEntropy", "int64[?]", "float32[?, 3]", "SparseSoftmaxCrossEntropy")
	wantBuildError(t, func(s *graph.Scope) {
		ops.SoftmaxCrossEntropy(s, place(s, "y", tensor.Float32, -1, 4), place(s, "x", tensor.Float32, -1, 3))
	}, "SoftmaxCrossEntropy", "float32[?, 4]", "float32[?, 3]", "equal shapes")
	wantBuildError(t, func(s *graph.Scope) {
		ops.SoftmaxCrossEntropy(s, place(s, "y", tensor.Float64, -1, 3), place(s, "x", tensor.Float32, -1, 3))
	}, "SoftmaxCrossEntropy", "float64[?, 3]", "one float dtype")
	wantBuildError(t, func(s *graph.Scope) {
		ops.SoftmaxCrossEntropy(s, place(s, "y", tensor.Float32), place(s, "x", tensor.Float32))
	}, "SoftmaxCrossEntropy", "scalar")
}
