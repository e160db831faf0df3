package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// PReLUConfig configures PReLU. The zero value learns one slope per channel,
// from 0.25.
type PReLUConfig struct {
	Alpha       float64           // the initial slope; default 0.25 (graph.Zero for 0)
	Initializer graph.Initializer // instead of Alpha
	Shared      bool              // one slope for all channels
	Constraint  graph.Constraint  // applied to the slopes after each update
}

// PReLU is the parametric rectified linear unit of He et al., "Delving deep into
// rectifiers" (2015): x where x > 0, alpha*x otherwise, where alpha is learned.
// It makes the trainable variable "alpha" directly under s: one slope per
// channel, [channels], the last axis of x, whose size must be known; or [1] with
// Shared. Any shape of rank 1 or more (any at all with Shared), float32 or
// float64. torch.nn.PReLU; tf.keras.layers.PReLU with shared_axes.
//
// The gradient with respect to x is grad where x > 0 and alpha*grad otherwise,
// and with respect to alpha the sum of grad*min(x, 0) over all else. Regularise
// alpha with care: weight decay pulls it towards ReLU.
//
// TF: tf.keras.layers.PReLU. PyTorch: torch.nn.PReLU. Dtypes: float. Gradient: yes.
func PReLU(s *graph.Scope, x *gorgonia.Node, cfg PReLUConfig) *gorgonia.Node {
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		sp := graph.SpecOf(x)
		if graph.IsBad(x) {
			return s.Fail("prelu", gorgonia.Nodes{x}, sp, errors.New("the input is missing"))
		}
		if !sp.IsFloat() {
			return s.Fail("prelu", gorgonia.Nodes{x}, sp, errors.Errorf("the input is %v; want float32 or float64 (ops.Cast converts)", sp))
		}
		shape := tensor.Shape{1}
		if !cfg.Shared {
			if sp.Rank() == 0 || sp.Shape[sp.Rank()-1] < 0 {
				return s.Fail("prelu", gorgonia.Nodes{x}, sp, errors.Errorf(
					"the input is %v; one slope per channel needs a last axis of known size (Shared needs none)", sp))
			}
			shape[0] = sp.Shape[sp.Rank()-1]
		}
		initial := cfg.Initializer
		if initial == nil {
			value := cfg.Alpha
			if value == 0 {
				value = 0.25
			}
			initial = initializers.Constant(value)
		}
		alpha := graph.Variable(s, "alpha", shape, graph.VariableConfig{
			Dtype:       sp.Dtype,
			Initializer: initial,
			Constraint:  cfg.Constraint,
		})
		return leakyBy(s, "prelu", x, alpha)
	})
}
