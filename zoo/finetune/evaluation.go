package finetune

import (
	"context"
	"fmt"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/metrics"
)

// Evaluation is what was measured on some pictures.
type Evaluation struct {
	Loss      float64 // the mean cross-entropy, in nats
	Accuracy  float64
	Confusion *metrics.ConfusionMatrix
}

func (t *Tuning) evaluate(ctx context.Context, pictures dataset.Source) (*Evaluation, error) {
	confusion, err := metrics.NewConfusionMatrix(t.Classes...)
	if err != nil {
		return nil, err
	}
	data := inOrder(pictures)
	defer data.Close()
	values, err := training.Evaluate(ctx, t.Session, training.EvaluateConfig{
		Data: data, X: t.X, Y: t.y, Metrics: t.metrics,
		Streaming: map[string]training.Streaming{"confusion": {Metric: confusion, Predictions: t.Logits}},
	})
	if err != nil {
		return nil, err
	}
	return &Evaluation{Loss: values["loss"], Accuracy: confusion.Accuracy(), Confusion: confusion}, nil
}

// String gives the numbers and the confusion matrix.
func (e *Evaluation) String() string {
	if e == nil {
		return "not measured\n"
	}
	return fmt.Sprintf("accuracy %.4f, loss %.4f\n%v", e.Accuracy, e.Loss, e.Confusion)
}
