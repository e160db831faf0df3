// Package training holds what trains a graph: optimizers, clipping of
// gradients, averages of weights, regularisation losses, the global step, the
// Saver that writes TensorFlow's checkpoints, the loop (Fit, or Loop in one's own
// hands) with its hooks, and Evaluate.
//
//	t := s.NameScope("train").After(g.UpdatesOf(loss)...)
//	opt := training.Adam(training.AdamConfig{})
//	step := opt.Minimize(t, loss, g.Trainable())
//
// Optimizers may be put into each other: Accumulate makes one step of several
// Runs, Lookahead and DecoupledWeightDecay add to a step, and ProcessGradients
// changes the gradients first, by the steps of package training/gradient:
//
//	opt := training.Accumulate(training.Lookahead(training.AdamW(cfg), training.LookaheadConfig{}), training.AccumulateConfig{MicroBatches: 4})
//
// Fetching step runs one training step. A loss fetched beside it is the loss of
// the weights that the gradient was taken at. Fit does that over batches of data,
// which package training/dataset has; package training/hooks evaluates, stops
// early, saves and resumes meanwhile. What Fit returns draws its learning curves
// (History.Curves); Histograms and GradientHistograms draw weights, activations
// and gradients.
//
// Where a net does not learn, Diagnose looks at a few steps of it layer by layer,
// names the trouble and the remedy; DOCTOR.md shows how well.
package training
