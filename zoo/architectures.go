package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Architecture says how a network of the zoo was published.
type Architecture struct {
	Name    string // that of its Model
	Title   string // of the paper, with authors and year
	Input   []int  // shape of an example, without the batch
	Classes int    // length of the output
	// Build is the function of the zoo, with what it takes beyond Config left at its defaults.
	Build func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model
}

// Architectures lists the networks of the zoo by family.
func Architectures() []Architecture {
	return []Architecture{
		// Dense.

		// The first convolutions.
		{"LeNet-5", "LeCun et al. (1998), Gradient-based learning applied to document recognition", []int{32, 32, 1}, 10, LeNet5},

		// AlexNet and VGG.

		// Residual.

		// Small and fast.

		// Dense blocks and Inception.

		// Detectors.
	}
}
