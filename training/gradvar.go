package training

import "gorgonia.org/gorgonia"

// GradVar is a gradient and the variable that it belongs to. Grad has the
// variable's dtype and shape; it is nil where the loss does not depend on the
// variable.
type GradVar struct {
	Grad, Var *gorgonia.Node
}
