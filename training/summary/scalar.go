package summary

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// Scalar writes a number under a tag (tf.summary.scalar). It is stored as float32. NaN and
// infinities are written as they are: TensorBoard draws them as marks of their own. The part of a
// tag before "/" groups curves.
func (w *Writer) Scalar(tag string, step int64, value float64) error {
	v := float32(value)
	return w.summary(step, tffile.Summary{Tag: tag, Scalar: &v})
}

// summary writes values of one step.
func (w *Writer) summary(step int64, values ...tffile.Summary) error {
	for _, v := range values {
		if v.Tag == "" {
			return errors.New("summary: the tag is empty; give what is written a name, such as training/loss")
		}
	}
	return w.add(tffile.Event{Step: step, Summary: values})
}
