package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// wantMetric compares a metric with a golden value, in both float dtypes.
func wantMetric(t *testing.T, c golden.Case, output string, in map[string]tensor.Dtype,
	build func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node) {
	t.Helper()
	for dtype, rtol := range map[tensor.Dtype]float64{tensor.Float32: 2e-6, tensor.Float64: 1e-12} {
		g := graph.New(graph.Config{Dtype: dtype})
		feeds, nodes := graph.Feeds{}, map[string]*gorgonia.Node{}
		for name, dt := range in {
			if dt == tensor.Float32 {
				dt = dtype
			}
			nodes[name] = input(g.Scope(), feeds, name, dt, values{c.In(name).Shape, c.In(name).Data}, true)
		}
		got := run(t, g, feeds, build(g.Scope(), nodes)).Tensor(0)
		if err := golden.Close(got, c.Out(output), rtol, 0); err != nil {
			t.Errorf("%s: %s, %v: %v", c.Name, output, dtype, err)
		}
	}
}

func TestClassMetricsGolden(t *testing.T) {
	averages := map[string]ops.Average{
		"micro": ops.AverageMicro, "macro": ops.AverageMacro, "weighted": ops.AverageWeighted, "binary": ops.AverageBinary,
	}
	scores := map[string]func(s *graph.Scope, labels, predictions *gorgonia.Node, cfg ops.ClassScoreConfig) *gorgonia.Node{
		"precision": ops.Precision, "recall": ops.Recall, "f1": ops.F1,
	}
	for _, c := range golden.Cases(t, "metrics", "Classes") {
		classes := c.In("logits").Shape[1]
		for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			numbers := map[string]tensor.Dtype{"labels": dtype, "predictions": tensor.Int64}
			wantMetric(t, c, "confusion", numbers, func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node {
				return ops.ConfusionMatrix(s, in["labels"], in["predictions"], classes)
			})
			for name, score := range scores {
				for average, a := range averages {
					if !c.Has(name + "/" + average) {
						continue
					}
					wantMetric(t, c, name+"/"+average, numbers, func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node {
						return score(s, in["labels"], in["predictions"], ops.ClassScoreConfig{Classes: classes, Average: a})
					})
				}
			}
		}
		logits := map[string]tensor.Dtype{"labels": tensor.Int64, "logits": tensor.Float32}
		wantMetric(t, c, "top2", logits, func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node {
			return ops.TopKAccuracy(s, in["labels"], in["logits"], 2)
		})
	}
}

func TestAUCGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "metrics", "Scores") {
		for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Bool} {
			in := map[string]tensor.Dtype{"labels": dtype, "scores": tensor.Float32}
			wantMetric(t, c, "auc", in, func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node {
				return ops.AUC(s, in["labels"], in["scores"])
			})
		}
	}
}

func TestR2Golden(t *testing.T) {
	c := golden.Cases(t, "metrics", "Regression")[0]
	in := map[string]tensor.Dtype{"labels": tensor.Float32, "predictions": tensor.Float32}
	wantMetric(t, c, "r2", in, func(s *graph.Scope, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.R2(s, in["labels"], in["predictions"])
	})
	checkGradients(t, double(ops.R2), wave(1, .3, 3, 2), wave(.7, -.2, 3, 2))
}

// What has no score is 0, what has no area NaN.
func TestUndefinedMetrics(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name                string
		labels, predictions values
		dtype               tensor.Dtype // of the predictions
		want                float64
		build               func(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node
	}{
		{"AUC of one kind", at([]int{2}, 1, 1), at([]int{2}, 1, 2), tensor.Float32, nan, ops.AUC},
		{"AUC of a NaN", at([]int{2}, 1, 0), at([]int{2}, nan, 2), tensor.Float32, nan, ops.AUC},
		{"AUC of nothing", at([]int{0}), at([]int{0}), tensor.Float32, nan, ops.AUC},
		{"AUC of infinities", at([]int{3}, 1, 0, 0), at([]int{3}, math.Inf(1), math.Inf(-1), 0), tensor.Float32, 1, ops.AUC},
		{"AUC of ties", at([]int{2, 2}, 1, 0, 0, 1), at([]int{2, 2}, 3, 3, 3, 3), tensor.Float32, 0.5, ops.AUC},
		{"R2 of equal labels", at([]int{2}, 1, 1), at([]int{2}, 1, 2), tensor.Float32, math.Inf(-1), ops.R2},
		{"TopK of nothing", at([]int{0}), at([]int{0, 3}), tensor.Float32, nan, func(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
			return ops.TopKAccuracy(s, labels, logits, 2)
		}},
		{"precision", at([]int{2}, 1, 1), at([]int{2}, 0, 0), tensor.Int, 0, score(ops.Precision, ops.AverageBinary)},
		{"recall", at([]int{2}, 0, 0), at([]int{2}, 1, 0), tensor.Int, 0, score(ops.Recall, ops.AverageBinary)},
		{"F1 of nothing", at([]int{0}), at([]int{0}), tensor.Int, 0, score(ops.F1, ops.AverageWeighted)},
		{"macro F1 of nothing", at([]int{0}), at([]int{0}), tensor.Int, 0, score(ops.F1, ops.AverageMacro)},
	} {
		g := graph.New(graph.Config{})
		feeds := graph.Feeds{}
		labels := input(g.Scope(), feeds, "labels", tensor.Int, c.labels, true)
		predictions := input(g.Scope(), feeds, "predictions", c.dtype, c.predictions, true)
		got := run(t, g, feeds, c.build(g.Scope(), labels, predictions)).Float(0)
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v; want %v", c.name, got, c.want)
		}
	}
}

// score fixes the average of a score of two classes.
func score(f func(s *graph.Scope, labels, predictions *gorgonia.Node, cfg ops.ClassScoreConfig) *gorgonia.Node, a ops.Average) func(
	s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
		return f(s, labels, predictions, ops.ClassScoreConfig{Average: a})
	}
}

func TestMetricErrors(t *testing.T) {
	ints := func(s *graph.Scope, name string, shape ...int) *gorgonia.Node {
		return graph.Placeholder(s, name, tensor.Int64, shape...)
	}
	floats := func(s *graph.Scope, shape ...int) *gorgonia.Node {
		return graph.Placeholder(s, "x", tensor.Float32, shape...)
	}
	wantBuildError(t, func(s *graph.Scope) { ops.ConfusionMatrix(s, ints(s, "y", 3), ints(s, "p", 3), 0) }, "ConfusionMatrix", "classes is 0")
	wantBuildError(t, func(s *graph.Scope) { ops.ConfusionMatrix(s, ints(s, "y", 3), floats(s, 3), 2) }, "ConfusionMatrix", "predictions are float32[3]", "ArgMax")
	wantBuildError(t, func(s *graph.Scope) { ops.Precision(s, ints(s, "y", 3), ints(s, "p", 4), ops.ClassScoreConfig{}) }, "Precision", "int64[3]", "int64[4]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.Recall(s, ints(s, "y", 3), ints(s, "p", 3), ops.ClassScoreConfig{Classes: 3})
	}, "Recall", "3 classes")
	wantBuildError(t, func(s *graph.Scope) {
		ops.F1(s, ints(s, "y", 3), ints(s, "p", 3), ops.ClassScoreConfig{Average: 7})
	}, "F1", "Average is 7")
	wantBuildError(t, func(s *graph.Scope) { ops.Precision(s, floats(s, 3), ints(s, "p", 3), ops.ClassScoreConfig{}) }, "Precision", "labels are float32[3]")
	wantBuildError(t, func(s *graph.Scope) { ops.Precision(s, ints(s, "y", 3), floats(s, 3), ops.ClassScoreConfig{}) }, "Precision", "predictions are float32[3]", "ops.Greater(s, p, graph.Const(s, 0.5))")
	wantBuildError(t, func(s *graph.Scope) { ops.F1(s, nil, ints(s, "p", 3), ops.ClassScoreConfig{}) }, "F1", "nil")
	wantBuildError(t, func(s *graph.Scope) { ops.AUC(s, floats(s, 3), ints(s, "p", 3)) }, "AUC", "labels come first")
	wantBuildError(t, func(s *graph.Scope) { ops.AUC(s, ints(s, "p", 3), floats(s, 4)) }, "AUC", "int64[3]", "float32[4]")
	wantBuildError(t, func(s *graph.Scope) { ops.R2(s, floats(s, 3), nil) }, "R2", "nil")
	wantBuildError(t, func(s *graph.Scope) { ops.TopKAccuracy(s, ints(s, "y", 3), floats(s, 3, 4), 0) }, "TopKAccuracy/InTopK", "k is 0")

	g := graph.New(graph.Config{})
	s := g.Scope()
	y, p, x := ints(s, "y", -1), ints(s, "p", -1), floats(s, -1)
	feeds := graph.Feeds{y: []int64{0, 2}, p: []int64{0, 1}, x: []float32{1, 2}}
	wantRunError(t, g, feeds, ops.ConfusionMatrix(s, y, p, 2), "label 1 is 2", "0 to 1")
	wantRunError(t, g, feeds, ops.Precision(s, p, y, ops.ClassScoreConfig{}), "prediction 1 is 2", "0 to 1")
	wantRunError(t, g, feeds, ops.AUC(s, y, x), "label 1 is 2", "0 or 1")
}
