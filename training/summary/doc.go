// Package summary writes the event files that TensorBoard shows: curves of scalars, histograms,
// images, text and the graph.
//
//	w, err := summary.NewWriter("logs/run1", summary.WriterConfig{})
//	if err != nil { return err }
//	defer w.Close()
//	w.Graph(g)
//	for step := int64(1); step <= 1000; step++ {
//		...
//		err := w.Scalar("loss", step, loss)
//	}
//
// Then "tensorboard --logdir logs" shows them; each folder beneath logs is a run of its own.
// Package training/hooks has a hook that writes what a training logs.
//
// As in TensorFlow 1, summaries can also be nodes of the graph, which MergeAll collects:
//
//	summary.Scalar(s, "loss", loss)
//	summary.Histogram(s, "kernel", kernel)
//	merged := summary.MergeAll(g)
//	out, err := sess.Run(feeds, append(merged.Nodes(), trainOp)...)
//	err = w.Add(step, merged, out)
//
// The format is that of tensorflow/core/util/event.proto, and what is written is what TensorFlow
// 1.15 writes, but for values that are not finite: see Writer.Histogram.
package summary
