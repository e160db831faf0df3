package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// scaleAndShift says which parameters follow a normalisation: gamma to scale by, and beta
// to shift by.
type scaleAndShift struct {
	noScale, noCenter bool
	gamma, beta       graph.Initializer
	notTrainable      bool
}

// variables makes gamma and beta, of a shape, directly in s; one that is left out is
// a constant.
func (a scaleAndShift) variables(s *graph.Scope, dtype tensor.Dtype, shape tensor.Shape) (gamma, beta *gorgonia.Node) {
	parameter := func(name string, without bool, init, otherwise graph.Initializer, value float64) *gorgonia.Node {
		if without {
			return constantOf(s, dtype, shape, value)
		}
		if init == nil {
			init = otherwise
		}
		return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: dtype, Initializer: init,
			NotTrainable: a.notTrainable, Collections: []string{graph.ModelVariables}})
	}
	gamma = parameter("gamma", a.noScale, a.gamma, initializers.Ones(), 1)
	beta = parameter("beta", a.noCenter, a.beta, initializers.Zeros(), 0)
	return gamma, beta
}

// constantOf is a constant tensor of one value.
func constantOf(s *graph.Scope, dtype tensor.Dtype, shape tensor.Shape, value float64) *gorgonia.Node {
	values := make([]float64, sizeOf(shape))
	for i := range values {
		values[i] = value
	}
	return graph.ConstOf(s, dtype, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values)))
}
