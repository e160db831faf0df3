package weights

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Const makes a constant of the stored values in scope s, in the dtype that Dtype returns, as graph.Const of Read would. The values are read straight into
// the constant where the file is known to hold them.
func (t Tensor) Const(s *graph.Scope) (*gorgonia.Node, error) {
	if t.Held < 0 || t.Most > 0 || t.Strides != nil { // a few bytes may stand for many
		x, err := t.Read()
		if err != nil {
			return nil, err
		}
		return graph.Const(s, x), nil
	}
	dt, err := t.Dtype()
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return nil, err
	}
	n := graph.ConstFrom(s, graph.Spec{Dtype: dt, Shape: t.Shape}, func(out *graph.Array) error {
		err = t.readTo(out)
		return err
	})
	return n, errors.WithStack(err)
}
