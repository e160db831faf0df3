package metrics_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/metrics"
)

func vector(backing interface{}, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

// A bad batch is an error that says what is wrong, and changes nothing.
func TestBadBatches(t *testing.T) {
	confusion, _ := metrics.NewConfusionMatrix("cat", "dog")
	nan := math.NaN()
	y := vector([]int64{0, 1}, 2)
	for _, c := range []struct {
		m                   metrics.Metric
		labels, predictions tensor.Tensor
		want                string
	}{
		{&metrics.Accuracy{}, nil, y, "labels are <nil>"},
		{&metrics.Accuracy{}, y, nil, "predictions are <nil>"},
		{&metrics.Accuracy{}, y, vector([]int64{0, 1, 1}, 3), "the labels have shape (2), the predicted classes (3)"},
		{&metrics.Accuracy{}, y, vector([]float64{0, 1, 1}, 3, 1), "want [...] and [..., classes]"},
		{&metrics.Accuracy{}, y, vector([]float64{0, 1}, 2), "want [...] and [..., classes] (BinaryAccuracy takes"},
		{&metrics.Accuracy{}, y, vector([]float64{0, 1}, 2, 1), "label 1 is 1; want a class of 0 to 0 (BinaryAccuracy takes"},
		{&metrics.BinaryAccuracy{}, y, vector([]float64{0, 1, 1, 0}, 2, 2), "want one shape, or [n] and [n, 1] (Accuracy takes"},
		{&metrics.BinaryAccuracy{}, y, y, "the predictions are int64"},
		{&metrics.BinaryAccuracy{}, nil, vector([]float64{0, 1}, 2), "the labels are <nil>"},
		{&metrics.BinaryAccuracy{}, vector([]int64{0, 2}, 2), vector([]float64{0, 1}, 2), "label 1 is 2; want 0 or 1"},
		{&metrics.BinaryAccuracy{}, y, vector([]float64{0, nan}, 2), "element 1 of the predictions is NaN"},
		{&metrics.BinaryAccuracy{Threshold: nan}, y, vector([]float64{0, 1}, 2), "Threshold is NaN"},
		{&metrics.Accuracy{}, y, vector([]float64{0, 1, nan, 1}, 2, 2), "element 2 of the predictions is NaN"},
		{&metrics.Accuracy{}, vector([]int64{0, 2}, 2), vector([]float64{0, 1, 1, 1}, 2, 2), "label 1 is 2; want a class of 0 to 1"},
		{&metrics.Accuracy{}, vector([]float64{0, 1}, 2), vector([]float64{0, 1, 1, 1}, 2, 2), "the labels are float64"},
		{&metrics.TopK{K: -1}, y, vector([]float64{0, 1, 1, 1}, 2, 2), "K is -1"},
		{&metrics.TopK{}, y, y, "the predictions are int64"},
		{confusion, vector([]int64{0, -1}, 2), y, "label 1 is -1; want a class of 0 to 1"},
		{confusion, y, vector([]int64{2, 0}, 2), "prediction 0 is 2; want a class of 0 to 1"},
		{&metrics.Precision{ClassScore: metrics.ClassScore{Classes: 3}}, y, y, "there are 3 classes"},
		{&metrics.Recall{ClassScore: metrics.ClassScore{Classes: -3}}, y, y, "Classes is -3"},
		{&metrics.F1{ClassScore: metrics.ClassScore{Average: ops.Average(9)}}, y, y, "Average is 9"},
		{&metrics.Precision{ClassScore: metrics.ClassScore{Threshold: nan}}, y, vector([]float64{0, 1}, 2), "Threshold is NaN"},
		{&metrics.Precision{ClassScore: metrics.ClassScore{Threshold: 1}}, y, vector([]float64{0, 1}, 2), "Threshold is 1; want a probability in [0, 1)"},
		{&metrics.Recall{}, (*tensor.Dense)(nil), vector([]float64{0, 1}, 2), "the labels are *tensor.Dense"},
		{&metrics.Recall{}, y, (*tensor.Dense)(nil), "the predictions are *tensor.Dense"},
		{&metrics.LogLoss{}, y, (*tensor.Dense)(nil), "the predictions are *tensor.Dense"},
		{&metrics.LogLoss{}, nil, nil, "the predictions are <nil>"},
		{&metrics.F1{}, vector([]int64{0, 3}, 2), vector([]float64{0, 1}, 2), "label 1 is 3"},
		{&metrics.AUC{}, vector([]int64{0, 3}, 2), vector([]float64{0, 1}, 2), "label 1 is 3; want 0 or 1"},
		{&metrics.AUC{}, y, vector([]float32{0, float32(nan)}, 2), "element 1 of the predictions is NaN"},
		{&metrics.AUC{}, y, vector([]float64{0, 1}, 2, 1), "want one shape"},
		{&metrics.AUCHistogram{Bins: 1}, y, vector([]float64{0, 1}, 2), "Bins is 1"},
		{&metrics.AUCHistogram{}, y, vector([]float64{0, 1.5}, 2), "probability 1 is 1.5"},
		{&metrics.MSE{}, y, vector([]float64{0, 1, 2}, 3), "the labels have shape (2), the predictions (3)"},
		{&metrics.MAE{}, y, y, "the predictions are int64"},
		{&metrics.R2{}, vector([]float64{nan, 1}, 2), vector([]float64{0, 1}, 2), "element 0 of the labels is NaN"},
		{&metrics.LogLoss{}, y, vector([]float64{-0.5, 1}, 2), "probability 0 is -0.5"},
		{&metrics.LogLoss{}, y, vector([]float64{0, 1, 0, 3}, 2, 2), "probability 3 is 3"},
	} {
		err := c.m.Update(c.labels, c.predictions)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %v; want %q", c.m, err, c.want)
		}
		if v := c.m.Value(); !math.IsNaN(v) {
			t.Errorf("%T is %v after a bad batch alone", c.m, v)
		}
	}
}

func TestBadStates(t *testing.T) {
	three, _ := metrics.NewConfusionMatrix("a", "b", "c")
	state, err := three.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	two, _ := metrics.NewConfusionMatrix("a", "b")
	for _, m := range []metrics.Metric{
		two, &metrics.Accuracy{}, &metrics.BinaryAccuracy{}, &metrics.TopK{}, &metrics.Precision{}, &metrics.AUC{}, &metrics.AUCHistogram{Bins: 4}, &metrics.MSE{}, &metrics.R2{},
	} {
		for _, bad := range []string{string(state), "", "x", "auc\n12345678", "confusion\n1234567", "mean 1", "mean 1 2 3", "r2 1 2 3 4 5", "accuracy 1 2 3"} {
			if err := m.UnmarshalBinary([]byte(bad)); err == nil || !strings.Contains(err.Error(), "the state") {
				t.Errorf("%T takes the state %q: %v", m, bad, err)
			}
		}
		if v := m.Value(); !math.IsNaN(v) {
			t.Errorf("%T is %v after bad states", m, v)
		}
	}
}

// Labels of every integer dtype, views and scalars are read as they are.
func TestTensors(t *testing.T) {
	matrix := vector([]float64{0.1, 0.9, 0.8, 0.2}, 2, 2)
	for _, labels := range []interface{}{[]int{1, 0}, []int32{1, 0}, []int64{1, 0}, []uint8{1, 0}, []bool{true, false}} {
		var a metrics.Accuracy
		update(t, &a, vector(labels, 2), matrix)
		if a.Value() != 1 {
			t.Errorf("%T: %v", labels, a.Value())
		}
	}
	for _, label := range []interface{}{1, int32(1), int64(1), uint8(1), true} {
		var a metrics.Accuracy
		update(t, &a, tensor.New(tensor.FromScalar(label)), vector([]float64{0.1, 0.9}, 2))
		if a.Value() != 1 {
			t.Errorf("the scalar %T: %v", label, a.Value())
		}
	}
	column, err := matrix.Slice(nil, tensor.S(1)) // the probabilities of class 1
	if err != nil {
		t.Fatal(err)
	}
	var auc metrics.AUC
	update(t, &auc, vector([]int{1, 0}, 2), column)
	if auc.Value() != 1 {
		t.Errorf("of a column: %v", auc.Value())
	}
	var mae metrics.MAE
	update(t, &mae, tensor.New(tensor.FromScalar(3)), tensor.New(tensor.FromScalar(float32(1))))
	if mae.Value() != 2 {
		t.Errorf("of scalars: %v", mae.Value())
	}
}

// The thresholds of a probability, and labels of infinite logits, are what the nodes make of them.
func TestEdgesOfScores(t *testing.T) {
	labels, p := vector([]int64{1, 1, 0, 0}, 4), vector([]float64{0, 0.25, 0.5, 0.75}, 4)
	for threshold, want := range map[float64]float64{graph.Zero: 1.0 / 3, 0.1: 1.0 / 3, 0.25: 0, 0: 0} {
		m := metrics.Precision{ClassScore: metrics.ClassScore{Threshold: threshold}}
		update(t, &m, labels, p)
		if m.Value() != want {
			t.Errorf("threshold %v: the precision is %v; want %v", threshold, m.Value(), want)
		}
	}
	inf := math.Inf(1)
	logits := vector([]float64{inf, 0, 1, -inf, 3, 2, 0, 1, 2}, 3, 3)
	y := vector([]int64{0, 0, 1}, 3)
	k := metrics.TopK{K: 3}
	update(t, &k, y, logits)
	g := graph.New(graph.Config{})
	s := g.Scope()
	node := ops.TopKAccuracy(s, graph.Const(s, []int64{0, 0, 1}), graph.Const(s, [][]float64{{inf, 0, 1}, {-inf, 3, 2}, {0, 1, 2}}), 3)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	out, err := sess.Run(nil, node)
	if err != nil {
		t.Fatal(err)
	}
	if got := k.Value(); got != 1.0/3 || math.Abs(out.Float(0)-got) > 1e-6 {
		t.Errorf("TopK is %v, its node %v; want 1/3", got, out.Float(0))
	}
}
