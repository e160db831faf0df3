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
	imagenet := []int{224, 224, 3}
	const vgg = "Simonyan and Zisserman (2014), Very deep convolutional networks for large-scale image recognition"
	return []Architecture{
		// Dense.

		// The first convolutions.
		{"LeNet-5", "LeCun et al. (1998), Gradient-based learning applied to document recognition", []int{32, 32, 1}, 10, LeNet5},

		// AlexNet and VGG.
		{"AlexNet", "Krizhevsky (2014), One weird trick for parallelizing convolutional neural networks", imagenet, 1000, AlexNet},
		{"VGG-11", vgg, imagenet, 1000, VGG11},
		{"VGG-13", vgg, imagenet, 1000, VGG13},
		{"VGG-16", vgg, imagenet, 1000, VGG16},
		{"VGG-19", vgg, imagenet, 1000, VGG19},
		{"VGG-11 BN", vgg, imagenet, 1000, VGG11BN},
		{"VGG-13 BN", vgg, imagenet, 1000, VGG13BN},
		{"VGG-16 BN", vgg, imagenet, 1000, VGG16BN},
		{"VGG-19 BN", vgg, imagenet, 1000, VGG19BN},

		// Residual.

		// Small and fast.

		// Dense blocks and Inception.

		// Detectors.
	}
}
