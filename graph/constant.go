package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Const makes a constant of a Go number, bool, nested slice or *tensor.Dense,
// whose value is copied. Bare Go numbers (int constants excepted) take the
// graph's working dtype; ConstOf names another.
func Const(s *Scope, value interface{}) *gorgonia.Node {
	a, err := s.bareValue(value)
	if err != nil {
		return s.Fail("Const", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
	}
	return s.constant(a)
}

// ConstOf is Const with a dtype: bare Go numbers are converted to it.
func ConstOf(s *Scope, dtype tensor.Dtype, value interface{}) *gorgonia.Node {
	a, err := arrayOfGo(value, &dtype)
	if err != nil {
		return s.Fail("Const", nil, Spec{Dtype: dtype}, err)
	}
	return s.constant(a)
}

// ConstFrom makes a constant whose value fill writes into out, which holds zeros: as
// that is the constant's own memory, a large value that is read from a file is never
// there twice. fill must not keep out. The dtype must be set and all sizes known.
func ConstFrom(s *Scope, sp Spec, fill func(out *Array) error) *gorgonia.Node {
	sp.Shape = append(tensor.Shape{}, sp.Shape...)
	err := checkSpec("Const", sp)
	switch {
	case err != nil:
	case !sp.Known():
		err = errors.Errorf("the constant has the shape %s; want every size known", formatShape(sp.Shape))
	case fill == nil:
		err = errors.New("the function that fills the constant is nil")
	default:
		a := newArray(sp)
		if err = fill(a); err == nil {
			return s.constant(a)
		}
	}
	return s.Fail("Const", nil, sp, err)
}

// bareValue copies a Go value; float64 numbers take the working dtype.
func (s *Scope) bareValue(value interface{}) (*Array, error) {
	a, err := arrayOfGo(value, nil)
	if err != nil {
		return nil, err
	}
	if _, isTensor := value.(tensor.Tensor); a.dtype == tensor.Float64 && !isTensor {
		return convert(a, &s.g.cfg.Dtype)
	}
	return a, nil
}

func (s *Scope) constant(a *Array) *gorgonia.Node {
	sp := Spec{a.dtype, a.shape}
	def := OpDef{
		Name:  "Const",
		Infer: func([]Spec) (Spec, error) { return sp, nil },
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error { c.Out.copyFrom(a); return nil }, nil
		},
		NotDifferentiable: true,
	}
	free := *s
	free.guard, free.barrier = nil, nil // a constant is there wherever it is needed
	n := free.apply(def, nil, nil)
	ni := s.g.lookup(n)
	if ni.kind == kindOp {
		ni.kind, ni.value = kindConst, a
	}
	return n
}
