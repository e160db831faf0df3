package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Assign replaces a variable's value by x, of the same dtype and shape. The
// result is the new value. Two assignments of one variable in a Run must be
// ordered by After, or the Run fails.
func Assign(s *Scope, v, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "Assign",
		Infer:   inferAssign,
		Assigns: []int{0},
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error { c.Out.copyFrom(c.In[1]); return nil }, nil
		},
		NotDifferentiable: true,
	}, v, x)
}

// AssignAdd adds x, of the same dtype and shape, to a variable's current value
// in one step. The result is the new value. Unordered additions all count.
func AssignAdd(s *Scope, v, x *gorgonia.Node) *gorgonia.Node {
	return assignStep(s, "AssignAdd", v, x, 1)
}

// AssignSub subtracts x from a variable's current value, as AssignAdd adds it.
func AssignSub(s *Scope, v, x *gorgonia.Node) *gorgonia.Node {
	return assignStep(s, "AssignSub", v, x, -1)
}

func assignStep(s *Scope, name string, v, x *gorgonia.Node, sign int) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    name,
		Infer:   inferAssign,
		Updates: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			switch b.Out.Dtype {
			case tensor.Float32:
				return b.Pointwise(addTimes(float32(sign))), nil
			case tensor.Float64:
				return b.Pointwise(addTimes(float64(sign))), nil
			case tensor.Int:
				return b.Pointwise(addTimes(int(sign))), nil
			case tensor.Int32:
				return b.Pointwise(addTimes(int32(sign))), nil
			case tensor.Int64:
				return b.Pointwise(addTimes(int64(sign))), nil
			}
			return nil, errors.Errorf("dtype %v cannot be added", b.Out.Dtype)
		},
		NotDifferentiable: true,
	}, v, x)
}

func addTimes[T number](sign T) Loop {
	return func(c *Call, lo, hi int) {
		v, x := elements[T](c.Out)[lo:hi], elements[T](c.In[1])[lo:hi]
		if sign > 0 {
			for i, d := range x {
				v[i] += d
			}
			return
		}
		for i, d := range x {
			v[i] -= d
		}
	}
}

func inferAssign(in []Spec) (Spec, error) {
	if len(in) != 2 {
		return Spec{}, errors.Errorf("needs a variable and a value, but %d inputs came", len(in))
	}
	v, x := in[0], in[1]
	if v.Dtype != x.Dtype {
		return v, errors.Errorf("the variable is %v, the value %v: the dtypes must be equal", v, x)
	}
	if !Compatible(v.Shape, x.Shape) {
		return v, errors.Errorf("the variable is %v, the value %v: the shapes must be equal", v, x)
	}
	return v, nil
}

// Read reads a variable's current value: it sees the writes that are ordered
// before it. The variable's own node is its value when the Run began.
func Read(s *Scope, v *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Read",
		Infer: SameAs,
		Reads: []int{0},
		Alias: AliasFirst,
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error { c.Out.copyFrom(c.In[0]); return nil }, nil
		},
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{grad}
		},
	}, v)
}
