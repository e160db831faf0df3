// Package training holds what trains a graph: optimizers, clipping of
// gradients, regularisation losses, the global step, the Saver that writes TensorFlow's checkpoints,
// the loop (Fit, or Loop in one's own hands) with its hooks, Evaluate, and a progress bar.
//
//	t := s.NameScope("train").After(g.UpdatesOf(loss)...)
//	opt := training.Adam(training.AdamConfig{})
//	step := opt.Minimize(t, loss, g.Trainable())
//
// Fetching step runs one training step. A loss fetched beside it is the loss of
// the weights that the gradient was taken at. Fit does that over batches of data,
// which package training/dataset has; package training/hooks evaluates, stops
// early, saves and resumes meanwhile.
package training
