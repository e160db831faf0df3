package weights

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Initializer gives a variable the value of a stored tensor, which is read when the
// variable is initialised: the file must be open then. The shapes must be equal. Floats of one
// size become floats of the other; all else must have the variable's dtype.
func Initializer(t Tensor) graph.Initializer { return fromFile{t} }

type fromFile struct{ tensor Tensor }

// Initialize implements graph.Initializer.
func (i fromFile) Initialize(v *graph.Initial) error {
	if !slices.Equal(i.tensor.Shape, v.Out.Shape()) {
		return errors.Errorf("the stored %q has the shape %v; want %v, that of the variable", i.tensor.Name, i.tensor.Shape, v.Out.Shape())
	}
	x, err := i.tensor.ReadAs(v.Out.Dtype())
	if err != nil {
		return err
	}
	stored := graph.Values{x}
	switch to := v.Out.Dtype(); {
	case to == tensor.Float32:
		copy(v.Out.Float32s(), stored.Float32s(0))
	case to == tensor.Float64:
		copy(v.Out.Float64s(), stored.Float64s(0))
	case to == tensor.Int32:
		copy(v.Out.Int32s(), stored.Int32s(0))
	case to == tensor.Int64:
		copy(v.Out.Int64s(), stored.Int64s(0))
	case to == tensor.Uint8:
		copy(v.Out.Uint8s(), stored.Uint8s(0))
	default:
		copy(v.Out.Bools(), stored.Bools(0))
	}
	return nil
}
