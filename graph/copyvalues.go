package graph

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// CopyValues is Values into tensors that exist: dst[i] takes the value of vars[i],
// whose dtype and shape it has. It is for a copy that is renewed often, since fresh
// memory costs more than the copying. With an error nothing is copied.
func (s *Session) CopyValues(dst []*tensor.Dense, vars ...*gorgonia.Node) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	if len(dst) != len(vars) {
		return errors.Errorf("%d tensors for the values of %d variables", len(dst), len(vars))
	}
	cells := make([]*cell, len(vars))
	for i, v := range vars {
		c, err := s.variableCell(v)
		switch {
		case err != nil:
			return err
		case !c.ready:
			return uninitialised(c)
		case dst[i] == nil:
			return errors.Errorf("the tensor for the value of %s is nil", c.ni.name)
		case dst[i].Dtype() != c.array.dtype || !slices.Equal(dst[i].Shape(), c.array.shape):
			return errors.Errorf("the tensor for the value of %s is %v, want %v", c.ni.name,
				Spec{dst[i].Dtype(), dst[i].Shape()}, Spec{c.array.dtype, c.array.shape})
		case c.array.size > 0 && (dst[i].RequiresIterator() || dst[i].DataOrder().IsColMajor()):
			return errors.Errorf("the tensor for the value of %s is not contiguous and row-major", c.ni.name)
		}
		cells[i] = c
	}
	for i, c := range cells {
		if c.array.size > 0 {
			copy(arrayOf(dst[i]).bytes(), c.array.bytes())
		}
	}
	return nil
}
