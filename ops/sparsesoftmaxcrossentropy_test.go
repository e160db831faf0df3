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

func TestSparseSoftmaxCrossEntropyGolden(t *testing.T) {
	goldenOp{
		build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			loss := ops.SparseSoftmaxCrossEntropy(s, in["labels"], in["logits"])
			if strings.HasSuffix(c.Name, "/mean") {
				loss = ops.Mean(s, loss)
			}
			return loss
		},
		out: "loss", seed: "dloss", grads: map[string]string{"logits": "dlogits"}, labels: "labels",
	}.check(t, "losses", "SparseSoftmaxCrossEntropy")
}

func TestSparseSoftmaxCrossEntropyGradients(t *testing.T) {
	for _, c := range []struct {
		shape  []int
		labels []float64
	}{{[]int{3, 4}, []float64{0, 3, 2}}, {[]int{2, 2, 3}, []float64{0, 1, 2, 1}}, {[]int{5}, []float64{4}}, {[]int{2, 1}, []float64{0, 0}}} {
		t.Run(fmt.Sprint(c.shape), func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			feeds := graph.Feeds{}
			labels := input(g.Scope(), feeds, "labels", tensor.Int32, values{c.shape[:len(c.shape)-1], c.labels}, true)
			logits := input(g.Scope(), feeds, "logits", tensor.Float64, wave(2, 0, c.shape...), true)
			twiceDifferentiable(t, g, feeds, ops.SparseSoftmaxCrossEntropy(g.Scope(), labels, logits), gorgonia.Nodes{logits})
		})
	}
}

// The softmax that the op leaves behind is an output of its own, with its own
// gradient.
func TestSparseSoftmaxCrossEntropyAux(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	labels := input(s, feeds, "labels", tensor.Int, at([]int{2}, 1, 0), true)
	logits := input(s, feeds, "logits", tensor.Float64, wave(2, 0, 2, 3), true)
	probs := graph.Aux(s, ops.SparseSoftmaxCrossEntropy(s, labels, logits), 0)
	out := run(t, g, feeds, probs, ops.Softmax(s, logits))
	wantValues(t, out.Tensor(0), []int{2, 3}, out.Float64s(1)...)
	twiceDifferentiable(t, g, feeds, probs, gorgonia.Nodes{logits})
}

func TestSparseSoftmaxCrossEntropyLabelDtypes(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		labels := input(s, feeds, "labels", dt, at([]int{2}, 1, 0), true)
		logits := input(s, feeds, "logits", tensor.Float32, at([]int{2, 2}, 0, 0, 0, 0), true)
		loss := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
		dx := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0]
		out := run(t, g, feeds, loss, dx)
		wantValues(t, out.Tensor(0), []int{2}, float64(float32(math.Ln2)), float64(float32(math.Ln2)))
		wantValues(t, out.Tensor(1), []int{2, 2}, 0.5, -0.5, -0.5, 0.5)
	}
}

// Special rows stay to themselves: a mask of -Inf, a NaN, +Inf.
func TestSparseSoftmaxCrossEntropySpecialRows(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dt})
		s := g.Scope()
		feeds := graph.Feeds{}
		labels := input(s, feeds, "labels", tensor.Int64, at([]int{5}, 1, 0, 0, 0, 0), true)
		logits := input(s, feeds, "logits", dt, at([]int{5, 2}, -inf, 3, -inf, 3, nan, 1, inf, 1, 2, -inf), true)
		loss := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
		dx := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0]
		out := run(t, g, feeds, loss, dx)
		wantValues(t, out.Tensor(0), []int{5}, 0, inf, nan, nan, 0)
		wantValues(t, out.Tensor(1), []int{5, 2}, 0, 0, -1, 1, nan, nan, nan, nan, 0, 0)
	}
}

func TestSparseSoftmaxCrossEntropyEmpty(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	labels := input(s, feeds, "labels", tensor.Int64, at([]int{0}), true)
	logits := input(s, feeds, "logits", tensor.Float32, at([]int{0, 3}), true)
	loss := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
	dx := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0]
	out := run(t, g, feeds, loss, dx)
	wantValues(t, out.Tensor(0), []int{0})
	wantValues(t, out.Tensor(1), []int{0, 3})
}

func TestSparseSoftmaxCrossEntropyLabelOutOfRange(t *testing.T) {
	for _, c := range []struct {
		labels values
		row    string
		label  string
	}{
		{at([]int{3}, 0, 3, 1), "row 1", "is 3"},
		{at([]int{3}, 0, 1, -1), "row 2", "is -1"},
		{at([]int{1, 3}, 0, 1, 1<<40), "row [0 2]", fmt.Sprint("is ", 1<<40)},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope().NameScope("loss")
		feeds := graph.Feeds{}
		labels := input(s, feeds, "labels", tensor.Int64, c.labels, true)
		logits := input(s, feeds, "logits", tensor.Float32, wave(1, 0, append(append([]int{}, c.labels.shape...), 3)...), true)
		loss := ops.SparseSoftmaxCrossEntropy(s, labels, logits)
		wantRunError(t, g, feeds, loss, "loss/SparseSoftmaxCrossEntropy", c.row, c.label, "[0, 3)", "3 classes")
		dx := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{logits}, nil)[0]
		wantRunError(t, g, feeds, dx, "loss/SparseSoftmaxCrossEntropy", c.row)
	}
}

func TestSparseSoftmaxCrossEntropyErrors(t *testing.T) {
	for _, c := range []struct {
		labels, logits graph.Spec
		words          []string
	}{
		{graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1}}, graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1, 10}}, []string{"float32[?]", "int, int32 or int64"}},
		{graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{-1, 10}}, graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1, 10}}, []string{"int64[?, 10]", "less their last axis"}},
		{graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{5}}, graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{6, 10}}, []string{"int64[5]", "float32[6, 10]", "axis 0 differs"}},
		{graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1, 10}}, graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{-1}}, []string{"the logits are int64[?]", "labels come first"}},
		{graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{}}, graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{}}, []string{"scalar"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.SparseSoftmaxCrossEntropy(s,
				graph.Placeholder(s, "labels", c.labels.Dtype, c.labels.Shape...),
				graph.Placeholder(s, "logits", c.logits.Dtype, c.logits.Shape...))
		}, "SparseSoftmaxCrossEntropy", c.words...)
	}
	// What the build could not know, the Run finds.
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	labels := input(g.Scope(), feeds, "labels", tensor.Int64, at([]int{2}, 0, 0), true)
	logits := input(g.Scope(), feeds, "logits", tensor.Float32, wave(1, 0, 3, 4), true)
	wantRunError(t, g, feeds, ops.SparseSoftmaxCrossEntropy(g.Scope(), labels, logits), "SparseSoftmaxCrossEntropy", "int64[2]", "float32[3, 4]", "axis 0 differs")
}

// The gradients to the bit, (softmax - onehot)*grad in this order, for rows that
// lie across the pieces in which they are computed, and factors of every sign.
func TestCrossEntropyGradientBits(t *testing.T) {
	const rows, classes = 500, 91
	g := graph.New(graph.Config{})
	s := g.Scope()
	logits := graph.Placeholder(s, "logits", tensor.Float32, -1, classes)
	labels := graph.Placeholder(s, "labels", tensor.Int32, -1)
	weights := graph.Placeholder(s, "weights", tensor.Float32, -1)
	onehot := ops.Cast(s, ops.OneHot(s, labels, classes), tensor.Float32)
	x, y, w := make([]float32, rows*classes), make([]int32, rows), make([]float32, rows)
	for i := range x {
		x[i] = float32(3 * math.Sin(float64(i)))
	}
	factors := []float32{1, 1, 1, 0.1, 0, float32(math.Copysign(0, -1)), -2, -2, 0}
	for i := range w {
		y[i], w[i] = int32(i*37%classes), factors[i%len(factors)]
	}
	feeds := graph.Feeds{logits: tensor.New(tensor.WithShape(rows, classes), tensor.WithBacking(x)), labels: y, weights: w}
	for name, loss := range map[string]*gorgonia.Node{
		"class numbers": ops.SparseSoftmaxCrossEntropy(s, labels, logits),
		"rows":          ops.SoftmaxCrossEntropy(s, onehot, logits),
	} {
		total := ops.Sum(s, ops.Mul(s, loss, weights))
		grads := graph.Gradients(s, gorgonia.Nodes{total}, gorgonia.Nodes{logits}, nil)
		probs := run(t, g, feeds, graph.Aux(s, loss, 0)).Float32s(0)
		got := run(t, g, feeds, grads[0]).Float32s(0)
		for i, p := range probs {
			if i%classes == int(y[i/classes]) {
				p--
			}
			if want := p * w[i/classes]; math.Float32bits(got[i]) != math.Float32bits(want) {
				t.Errorf("%s: element %d of row %d is %v, want %v", name, i%classes, i/classes, got[i], want)
				break
			}
		}
	}
}
