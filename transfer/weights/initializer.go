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
	if have, err := i.tensor.Dtype(); err == nil && have == v.Out.Dtype() {
		return i.tensor.readTo(v.Out) // a large one has no place twice
	}
	x, err := i.tensor.ReadAs(v.Out.Dtype())
	if err != nil {
		return err
	}
	if v.Out.Dtype() == tensor.Float32 {
		copy(v.Out.Float32s(), graph.Values{x}.Float32s(0))
	} else {
		copy(v.Out.Float64s(), graph.Values{x}.Float64s(0))
	}
	return nil
}
