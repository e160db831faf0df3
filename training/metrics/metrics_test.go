package metrics_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/metrics"
)

func floats(a golden.Array) *tensor.Dense {
	return tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(a.Float64s()))
}

func ints(a golden.Array) *tensor.Dense {
	return tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(a.Int64s()))
}

// part returns elements lo to hi of the first axis.
func part(a golden.Array, lo, hi int) golden.Array {
	size := len(a.Data) / a.Shape[0]
	return golden.Array{Shape: append([]int{hi - lo}, a.Shape[1:]...), Data: a.Data[lo*size : hi*size]}
}

// wantMetric feeds the examples in uneven batches, saves and loads the state between them, and
// compares the value with the golden one. It does so twice, around a Reset.
func wantMetric(t *testing.T, name string, m metrics.Metric, labels, predictions golden.Array, asFloat bool, want, rtol float64) {
	t.Helper()
	if v := m.Value(); !math.IsNaN(v) {
		t.Errorf("%s of no example is %v; want NaN", name, v)
	}
	for round := 0; round < 2; round++ {
		n := labels.Shape[0]
		for lo, size := 0, 1; lo < n; lo, size = lo+size, size+3 {
			hi := min(n, lo+size)
			y := ints(part(labels, lo, hi))
			if asFloat {
				y = floats(part(labels, lo, hi))
			}
			if err := m.Update(y, floats(part(predictions, lo, hi))); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			state, err := m.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			before := m.Value()
			m.Reset()
			if err := m.UnmarshalBinary(state); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if after := m.Value(); after != before && !(math.IsNaN(after) && math.IsNaN(before)) {
				t.Errorf("%s: %v before, %v after its state was saved and loaded", name, before, after)
			}
		}
		if got := m.Value(); math.Abs(got-want) > rtol*math.Abs(want) {
			t.Errorf("%s: %v; want %v", name, got, want)
		}
		m.Reset()
	}
}

func TestClassesGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "metrics", "Classes") {
		y, logits := c.In("labels"), c.In("logits")
		classes := logits.Shape[1]
		for average, a := range map[string]ops.Average{
			"micro": ops.AverageMicro, "macro": ops.AverageMacro, "weighted": ops.AverageWeighted, "binary": ops.AverageBinary,
		} {
			score := metrics.ClassScore{Classes: classes, Average: a}
			if !c.Has("f1/" + average) {
				continue
			}
			precision, recall, f1 := &metrics.Precision{ClassScore: score}, &metrics.Recall{ClassScore: score}, &metrics.F1{ClassScore: score}
			wantMetric(t, c.Name+" precision "+average, precision, y, logits, false, c.Out("precision/"+average).Scalar(), 1e-14)
			wantMetric(t, c.Name+" recall "+average, recall, y, logits, false, c.Out("recall/"+average).Scalar(), 1e-14)
			wantMetric(t, c.Name+" f1 "+average, f1, y, logits, false, c.Out("f1/"+average).Scalar(), 1e-14)
		}
		wantMetric(t, c.Name+" accuracy", &metrics.Accuracy{}, y, logits, false, c.Out("accuracy").Scalar(), 1e-14)
		wantMetric(t, c.Name+" top 2", &metrics.TopK{K: 2}, y, logits, false, c.Out("top2").Scalar(), 1e-14)

		m, err := metrics.NewConfusionMatrix(metrics.ClassNumbers(classes)...)
		if err != nil {
			t.Fatal(err)
		}
		wantMetric(t, c.Name+" confusion", m, y, logits, false, c.Out("accuracy").Scalar(), 1e-14)
		if err := m.Update(ints(y), ints(c.In("predictions"))); err != nil {
			t.Fatal(err)
		}
		for i, row := range m.Counts() {
			if err := golden.Close(row, c.Out("confusion").Row(i), 0, 0); err != nil {
				t.Errorf("%s: row %d: %v", c.Name, i, err)
			}
		}
		for name, got := range map[string][]float64{"precision": m.Precision(), "recall": m.Recall(), "f1": m.F1()} {
			if err := golden.Close(got, c.Out(name), 1e-14, 0); err != nil {
				t.Errorf("%s: %s: %v", c.Name, name, err)
			}
		}

		p := softmax(logits)
		wantMetric(t, c.Name+" log loss", &metrics.LogLoss{}, y, p, false, c.Out("logLoss").Scalar(), 1e-12)
	}
}

func softmax(x golden.Array) golden.Array {
	y := golden.Array{Shape: x.Shape, Data: x.Float64s()}
	classes := x.Shape[1]
	for lo := 0; lo < len(y.Data); lo += classes {
		sum := 0.0
		row := y.Data[lo : lo+classes]
		for i, v := range row {
			row[i] = math.Exp(v)
			sum += row[i]
		}
		for i := range row {
			row[i] /= sum
		}
	}
	return y
}

func TestScoresGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "metrics", "Scores") {
		y, p := c.In("labels"), c.In("probabilities")
		wantMetric(t, c.Name+" auc", &metrics.AUC{}, y, c.In("scores"), false, c.Out("auc").Scalar(), 1e-14)
		wantMetric(t, c.Name+" log loss", &metrics.LogLoss{}, y, p, false, c.Out("logLoss").Scalar(), 1e-12)
		// With bins finer than the scores are apart, the histogram is exact.
		wantMetric(t, c.Name+" histogram", &metrics.AUCHistogram{Bins: 1 << 16}, y, p, false, c.Out("auc").Scalar(), 1e-14)

		right := 0.0 // precision of probabilities above 0.5
		predicted := 0.0
		for i, v := range p.Data {
			if v > 0.5 {
				predicted++
				right += y.Data[i]
			}
		}
		wantMetric(t, c.Name+" precision", &metrics.Precision{}, y, p, false, right/predicted, 1e-14)
	}
}

// A coarse histogram is off by no more than half the fraction of pairs that share a
// bin.
func TestAUCHistogramBound(t *testing.T) {
	c := golden.Cases(t, "metrics", "Scores")[0]
	y, p := c.In("labels").Data, c.In("probabilities").Data
	for _, bins := range []int{2, 5, 10, 50} {
		m := &metrics.AUCHistogram{Bins: bins}
		if err := m.Update(ints(c.In("labels")), floats(c.In("probabilities"))); err != nil {
			t.Fatal(err)
		}
		shared, pairs := 0.0, 0.0
		for i := range y {
			for k := range y {
				if y[i] == 1 && y[k] == 0 {
					pairs++
					if int(p[i]*float64(bins)) == int(p[k]*float64(bins)) {
						shared++
					}
				}
			}
		}
		if off := math.Abs(m.Value() - c.Out("auc").Scalar()); off > shared/pairs/2+1e-15 {
			t.Errorf("%d bins: off by %v; want %v at most", bins, off, shared/pairs/2)
		}
	}
}

func TestRegressionGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "metrics", "Regression") {
		y, p := c.In("labels"), c.In("predictions")
		for name, m := range map[string]metrics.Metric{"mse": &metrics.MSE{}, "mae": &metrics.MAE{}, "rmse": &metrics.RMSE{}, "r2": &metrics.R2{}} {
			wantMetric(t, c.Name+" "+name, m, y, p, true, c.Out(name).Scalar(), 1e-13)
		}
	}
}

// Merging the parts gives the whole.
func TestMerge(t *testing.T) {
	c := golden.Cases(t, "metrics", "Regression")[1]
	y, p := c.In("labels"), c.In("predictions")
	var whole, a, b metrics.R2
	var mse, mseA, mseB metrics.MSE
	var mae, maeA, maeB metrics.MAE
	for _, m := range []metrics.Metric{&whole, &mse, &mae} {
		update(t, m, floats(y), floats(p))
	}
	for _, m := range []metrics.Metric{&a, &mseA, &maeA} {
		update(t, m, floats(part(y, 0, 7)), floats(part(p, 0, 7)))
	}
	for _, m := range []metrics.Metric{&b, &mseB, &maeB} {
		update(t, m, floats(part(y, 7, 30)), floats(part(p, 7, 30)))
	}
	a.Merge(&metrics.R2{})
	a.Merge(&b)
	mseA.Merge(&mseB)
	maeA.Merge(&maeB)
	if math.Abs(maeA.Value()-mae.Value()) > 1e-12 {
		t.Errorf("merged MAE %v; whole %v", maeA.Value(), mae.Value())
	}
	if math.Abs(a.Value()-whole.Value()) > 1e-12 || math.Abs(mseA.Value()-mse.Value()) > 1e-12 {
		t.Errorf("merged %v, %v; whole %v, %v", a.Value(), mseA.Value(), whole.Value(), mse.Value())
	}

	classes := golden.Cases(t, "metrics", "Classes")[0]
	left, _ := metrics.NewConfusionMatrix("a", "b", "c")
	right, _ := metrics.NewConfusionMatrix("a", "b", "c")
	update(t, left, ints(classes.In("labels")), ints(classes.In("predictions")))
	if err := right.Merge(left); err != nil || right.String() != left.String() {
		t.Errorf("merged %v, %v; want %v", right, err, left)
	}
	two, _ := metrics.NewConfusionMatrix("a", "b")
	if err := two.Merge(left); err == nil || !strings.Contains(err.Error(), "3 classes") {
		t.Errorf("merging 3 classes into 2: %v", err)
	}
}

func update(t *testing.T, m metrics.Metric, labels, predictions tensor.Tensor) {
	t.Helper()
	if err := m.Update(labels, predictions); err != nil {
		t.Fatal(err)
	}
}

func TestMean(t *testing.T) {
	var m metrics.Mean
	for _, c := range [][2]float64{{2, 1}, {5, 3}, {100, 0}} {
		if err := m.AddWeighted(c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Add(3); err != nil || m.Value() != 4 {
		t.Errorf("the mean is %v, %v; want 4", m.Value(), err)
	}
	if m.Add(math.NaN()) == nil || m.AddWeighted(1, -1) == nil || m.AddWeighted(1, math.Inf(1)) == nil || m.Value() != 4 {
		t.Errorf("a bad number has no error, or counts: the mean is %v", m.Value())
	}
	other := m
	if other.Merge(&m); other.Value() != 4 {
		t.Errorf("merged with itself: %v", other.Value())
	}
	if m.Reset(); !math.IsNaN(m.Value()) {
		t.Errorf("the mean of nothing is %v", m.Value())
	}
}
