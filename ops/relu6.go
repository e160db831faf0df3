package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ReLU6 is min(max(x, 0), 6), the bounded rectifier of Krizhevsky,
// "Convolutional deep belief networks on CIFAR-10" (2010). NaN stays NaN, and
// -0 becomes 0. Any shape, float32 or float64.
//
// The gradient is grad where 0 < x < 6 and 0 elsewhere, the bounds included.
//
// TF: tf.nn.relu6. PyTorch: torch.nn.functional.relu6. Dtypes: float. Gradient: yes.
func ReLU6(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	f := hardTanh("relu6", nil, 0, 6)
	f.rectifies = 6
	return f.apply(s, x)
}
