// Package hooks has what a training wants beside its steps:
//
//	Evaluation     measures the model on data of its own
//	EarlyStopping  ends the training when a value no longer improves, and restores the best weights
//	Plateau        lowers the learning rate then
//	Checkpoint     saves, and resumes with the bits of an uninterrupted training
//	Progress       shows a bar with rate and time left, and a line an epoch
//	CSVLog         writes what is logged into a file
//	TensorBoard    writes what is logged, histograms and the graph for TensorBoard
//	NaNGuard       names the node and the step where a NaN arose, and restores the weights before
//	Doctor         diagnoses the network (training.Diagnose)
//	StopAt         ends at a global step
//	TimeLimit      ends when its time is up
//	Interrupt      ends at Ctrl-C, in order
//	Func           calls a function now and then
//
//	history, err := training.Fit(ctx, sess, training.FitConfig{
//		Step: step, Loss: loss, Data: batches, X: X, Y: y, Epochs: 100,
//		Hooks: []training.Hook{
//			&hooks.Progress{},
//			&hooks.Evaluation{Data: validation},
//			&hooks.EarlyStopping{Monitor: "validation/loss", Patience: 5},
//			&hooks.Checkpoint{Path: "run1/model.ckpt", Resume: true},
//		},
//	})
//
// Each is a config whose zero value has the documented defaults, and is used by pointer, in one
// training at a time. They are called in the order in which they are listed: a hook that looks at a
// value stands behind the one that records it. Your own hook embeds training.NoHook.
package hooks
