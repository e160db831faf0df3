// Package metrics adds up how good predictions are over the batches of an epoch:
//
//	var accuracy metrics.Accuracy
//	for batches.Next() {
//		out, err := sess.Run(graph.Feeds{X: batches.X(), y: batches.Y()}, logits)
//		...
//		err = accuracy.Update(batches.Y(), out.Tensor(0))
//	}
//	fmt.Println(accuracy.Value())
//
// Each is exact: counts are integers, sums are float64, and the result does not depend on
// how the examples fall into batches beyond the rounding of these sums. That is what a
// mean over batches of a metric node (ops.Accuracy, ops.Precision, ...) is not, when the last
// batch is smaller or the metric is no mean.
//
// The zero value of a type is ready to use unless it has a function that makes it.
// Update takes labels first. It returns an error, and changes nothing, where labels and
// predictions do not fit together, a label is no class or a prediction is NaN, save in
// what says otherwise. Value is NaN before the first example. MarshalBinary and UnmarshalBinary
// carry what was added up through a checkpoint.
package metrics
