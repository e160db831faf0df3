package metrics

import (
	"encoding"

	"gorgonia.org/tensor"
)

// Metric is what all metrics of labels and predictions have in common.
type Metric interface {
	// Update adds a batch. An error changes nothing.
	Update(labels, predictions tensor.Tensor) error
	// Value returns the metric of all examples since the start or the last Reset.
	Value() float64
	// Reset forgets all examples.
	Reset()

	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

var _ = []Metric{
	&Accuracy{}, &TopK{}, &Precision{}, &Recall{}, &F1{}, &ConfusionMatrix{}, &AUC{}, &AUCHistogram{},
	&MSE{}, &RMSE{}, &MAE{}, &R2{}, &LogLoss{},
}
