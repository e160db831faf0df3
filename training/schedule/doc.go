// Package schedule has learning rates that change with the global step: the
// decays of tf.train, linear warm-up, the one-cycle policy, cosine annealing with
// restarts, and reduction on a plateau.
//
//	globalStep := training.GlobalStep(s)
//	rate := schedule.Exponential(s, globalStep, schedule.ExponentialConfig{Initial: 0.1, DecaySteps: 1000, DecayRate: 0.96})
//	opt := training.Momentum(training.MomentumConfig{Schedule: rate, Momentum: 0.9, GlobalStep: globalStep})
//
// Each schedule is a function that makes a node, and a config that is itself the
// plain function of the step, a Schedule: its At computes the rate in float64,
// Curve lists it for a picture, and Warmup and Join put it into another one. The node
// has the graph's dtype (float32 unless graph.Config says otherwise), a scalar; it is
// the rate of the step that the Run is about to make, since a variable's node, such
// as the global step, is its value when the Run began.
//
// A rate that depends on how the training goes cannot be a function of the step:
// Variable keeps it, and Plateau says when to lower it.
package schedule
