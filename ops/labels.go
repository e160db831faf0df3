package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// label lists the element types of integer labels.
type label interface{ int | int32 | int64 }

// checkLabels is the shape rule of integer labels [...] beside logits [..., classes].
// It returns the shape [...].
func checkLabels(labels, logits graph.Spec) (tensor.Shape, error) {
	batch := append(tensor.Shape{}, labels.Shape...)
	switch {
	case !logits.IsFloat():
		return batch, errors.Errorf("the logits are %v; want float32 or float64 (labels come first)", logits)
	case logits.Rank() == 0:
		return batch, errors.Errorf("the logits are the scalar %v; want [..., classes]", logits)
	case !labels.IsInt():
		return batch, errors.Errorf("the labels are %v; want int, int32 or int64, one class number for each example (SoftmaxCrossEntropy takes a row of probabilities)", labels)
	case labels.Rank() != logits.Rank()-1:
		return batch, errors.Errorf("the labels are %v beside logits %v; want the shape of the logits less their last axis", labels, logits)
	}
	for i, d := range batch {
		switch n := logits.Shape[i]; {
		case d < 0:
			batch[i] = n
		case n >= 0 && n != d:
			return batch, errors.Errorf("the labels are %v beside logits %v; axis %d differs", labels, logits, i)
		}
	}
	return batch, nil
}

// byLabel chooses among the forms of a kernel or loop for one float type by the
// dtype of the labels.
func byLabel[K graph.Kernel | graph.Loop](labels tensor.Dtype, i, i32, i64 K) K {
	switch labels {
	case tensor.Int32:
		return i32
	case tensor.Int64:
		return i64
	}
	return i
}
