package training

import (
	"fmt"
	"strings"
)

// Trouble is what Diagnose finds wrong with a network.
type Trouble int

// The troubles, in the order in which a report lists them: what has to be mended
// first comes first.
const (
	NotFinite           Trouble = iota // a NaN or an infinity appears
	UpdatesNotRun                      // batch norm's moving statistics are not updated by the step
	TrainingFlagFalse                  // batch norm or dropout stand in inference mode while training
	UnscaledInputs                     // the inputs are far from the order of 1
	SymmetricUnits                     // all units of a hidden layer compute the same
	DyingReLU                          // units that are 0 for every example
	Saturation                         // units that stand where their activation is flat
	ExplodingGradients                 // signals or gradients that grow from layer to layer
	VanishingGradients                 // gradients that fade towards the first layers
	LearningRateTooHigh                // a tenth of the rate does much better
	LearningRateTooLow                 // ten and a hundred times the rate do much better
)

// troubles gives each its name and the chapter's remedy, in which %s stands for the
// layers concerned.
var troubles = [...]struct{ name, remedy string }{
	NotFinite: {"NaN or infinity",
		"%s makes it. Keep logarithms, roots and divisions away from 0 (losses from logits, ops.ClipByValue, an epsilon)," +
			" look for bad values in the data, then clip gradients or lower the rate."},
	UpdatesNotRun: {"update ops not run",
		"Batch norm of %s keeps its first moving statistics, and inference will use them: build the train op in s.After(g.UpdatesOf(loss)...)."},
	TrainingFlagFalse: {"training flag left false",
		"%s run in inference mode while training: feed the training flag true in every training step, and false elsewhere."},
	UnscaledInputs: {"unscaled inputs",
		"Scale what enters %s to the order of 1 (divide pixels by 255, or subtract the mean and divide by the standard deviation), or begin with batch norm."},
	SymmetricUnits: {"symmetric initialisation",
		"All units of %s are equal and stay so: initialise the kernel at random (He for ReLU and its kin, Xavier for tanh and sigmoid); only biases may start at a constant."},
	DyingReLU: {"dying ReLU",
		"Replace the ReLU of %s by ELU or leaky ReLU, start with He initialisation and biases of 0, and lower the learning rate; batch norm before the activation helps as well."},
	Saturation: {"saturation",
		"Start %s with Xavier (Glorot) initialisation, put batch norm before the activation, or use ELU or ReLU with He initialisation."},
	ExplodingGradients: {"exploding gradients",
		"Signals or gradients grow through %s: use He (ReLU, ELU) or Xavier (tanh, sigmoid) initialisation, add batch norm, and clip the gradients."},
	VanishingGradients: {"vanishing gradients",
		"Gradients fade on the way down to %s: use ELU or ReLU with He initialisation (tanh with Xavier) instead of sigmoid or small weights, or add batch norm."},
	LearningRateTooHigh: {"learning rate too high",
		"Lower the learning rate, about ten times to begin with, or warm it up and let a schedule lower it; clipping gradients bounds the worst steps."},
	LearningRateTooLow: {"learning rate too low",
		"Raise the learning rate, about ten times to begin with, and let a schedule lower it later; momentum or Adam help as well."},
}

// String returns the usual name of the trouble, such as "vanishing gradients".
func (t Trouble) String() string {
	if t < 0 || int(t) >= len(troubles) {
		return fmt.Sprintf("Trouble(%d)", int(t))
	}
	return troubles[t].name
}

// remedyFor returns the remedy for the layers.
func (t Trouble) remedyFor(layers []string) string {
	return strings.ReplaceAll(troubles[t].remedy, "%s", listed(layers))
}
