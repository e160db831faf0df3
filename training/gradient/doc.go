// Package gradient holds steps between ComputeGradients and ApplyGradients: what
// makes other gradients of the gradients. Chain puts several together, and
// training.ProcessGradients gives them to an optimizer:
//
//	steps := gradient.Chain(gradient.Centralize(), gradient.ClipByGlobalNorm(5))
//	opt := training.ProcessGradients(training.Adam(training.AdamConfig{}), steps)
//
// Any training.GradientStep may stand in a chain; Transform makes one of a function of a
// single gradient. The gradient of a variable that the loss does not depend on is nil, and
// stays nil in all steps.
package gradient
