// Package hooks has what a training wants beside its steps: evaluation, early stopping, checkpoints
// and exact resume, a log, a progress bar, limits, the doctor.
//
//	history, err := training.Fit(ctx, sess, training.FitConfig{
//		Step: step, Loss: loss, Data: batches, X: X, Y: y, Epochs: 100,
//		Hooks: []training.Hook{
//			&hooks.Progress{},
//			&hooks.Evaluation{Data: validation, Metrics: map[string]*gorgonia.Node{"loss": loss, "accuracy": accuracy}},
//			&hooks.EarlyStopping{Monitor: "validation/loss", Patience: 5},
//			&hooks.Checkpoint{Path: "run1/model.ckpt", Resume: true},
//		},
//	})
//
// Each is a config whose zero value has the documented defaults, and is used by pointer, in one
// training at a time. They are called in the order in which they are listed: a hook that looks at a
// value stands behind the one that records it. Your own hook embeds training.NoHook.
package hooks
