package training_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training"
)

// largest is a streaming metric: the largest difference of prediction and label.
type largest struct {
	value   float64
	updates int
	err     error
}

func (m *largest) Update(labels, predictions tensor.Tensor) error {
	m.updates++
	l, p := labels.Data().([]float64), predictions.Data().([]float64)
	for i := range l {
		m.value = max(m.value, p[i]-l[i])
	}
	return m.err
}
func (m *largest) Value() float64 { return m.value }
func (m *largest) Reset()         { m.value, m.updates = 0, 0 }

// Means are weighted by the size of the batch; streaming metrics see every batch, from the
// beginning each time.
func TestEvaluate(t *testing.T) {
	m := newSumming(t)
	square := m.square
	metric := &largest{}
	cfg := training.EvaluateConfig{
		Data: &numbers{n: 5}, X: m.x,
		Metrics: map[string]*gorgonia.Node{"mean": m.loss},
		Streaming: map[string]training.Streaming{
			"gap": {Metric: metric, Predictions: square}, "none": {Metric: &largest{}, Predictions: square, Labels: square},
		},
	}
	for range 2 {
		got, err := training.Evaluate(context.Background(), m.sess, cfg)
		if err != nil || fmt.Sprint(got) != "map[gap:20 mean:3 none:0]" || metric.updates != 3 {
			t.Error(got, metric.updates, err)
		}
	}
	if got := value(t, m.sess, m.v).Data(); got != 0. {
		t.Errorf("it has trained: %v", got)
	}
}

func TestEvaluateBad(t *testing.T) {
	m := newSumming(t)
	metrics := map[string]*gorgonia.Node{"mean": m.loss}
	failure := errors.New("no such label")
	for _, tt := range []struct {
		cfg  training.EvaluateConfig
		want string
	}{
		{training.EvaluateConfig{Metrics: metrics}, "Data is nil"},
		{training.EvaluateConfig{Data: &numbers{n: 5}}, "neither Metrics nor Streaming"},
		{training.EvaluateConfig{Data: &numbers{}, Metrics: metrics}, "no batch"},
		{training.EvaluateConfig{Data: &numbers{err: failure}, Metrics: metrics}, "no such label"},
		{training.EvaluateConfig{Data: &numbers{n: 5}, Metrics: metrics}, "x"},
		{training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x, Metrics: map[string]*gorgonia.Node{"x": m.x}}, "want a scalar"},
		{training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x, Streaming: map[string]training.Streaming{"m": {}}}, `"m": Metric or Predictions is nil`},
		{training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x, Metrics: metrics,
			Streaming: map[string]training.Streaming{"mean": {Metric: &largest{}, Predictions: m.square}}}, "among Metrics and Streaming"},
		{training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x,
			Streaming: map[string]training.Streaming{"m": {Metric: &largest{err: failure}, Predictions: m.square}}}, `"m": no such label`},
	} {
		_, err := training.Evaluate(context.Background(), m.sess, tt.cfg)
		wantError(t, err, "training: Evaluate: ", tt.want)
	}
	_, err := training.Evaluate(context.Background(), nil, training.EvaluateConfig{Data: &numbers{n: 5}, Metrics: metrics})
	wantError(t, err, "session is nil")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = training.Evaluate(ctx, m.sess, training.EvaluateConfig{Data: &numbers{n: 5}, X: m.x, Metrics: metrics})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
