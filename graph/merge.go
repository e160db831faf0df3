package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Merge brings a value out of two branches: it is then where pred, a scalar
// bool, holds and otherwise els. Only the branch that is taken runs. The two
// have the same dtype and rank. ops.Cond builds the branches as well.
func Merge(s *Scope, pred, then, els *gorgonia.Node) *gorgonia.Node {
	for _, n := range []*gorgonia.Node{pred, then, els} {
		if err := s.mine(n); err != nil {
			return s.Fail("Merge", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
		}
		if IsBad(n) {
			return s.bad("Merge", SpecOf(then))
		}
	}
	then = Apply(s.Branch(pred, true), identity("Switch"), then)
	els = Apply(s.Branch(pred, false), identity("Switch"), els)
	return Apply(s, OpDef{
		Name:     "Merge",
		Infer:    inferMerge,
		Optional: []int{1, 2},
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error {
				k := 2
				if c.In[0].Bools()[0] {
					k = 1
				}
				if c.In[k].absent {
					return errors.New("the branch that is taken has no value: a node in it stands in another branch")
				}
				if c.In[k].size != c.Out.size {
					return errors.Errorf("the branches differ in shape: %s and %s", formatShape(c.In[k].shape), formatShape(c.Out.shape))
				}
				c.Out.copyFrom(c.In[k])
				return nil
			}, nil
		},
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{nil,
				Apply(s.Branch(in[0], true), identity("Switch"), grad),
				Apply(s.Branch(in[0], false), identity("Switch"), grad)}
		},
	}, pred, then, els)
}

func inferMerge(in []Spec) (Spec, error) {
	a, b := in[1], in[2]
	if a.Dtype != b.Dtype || a.Rank() != b.Rank() {
		return a, errors.Errorf("the branches give %v and %v; their dtype and rank must be equal", a, b)
	}
	out := Spec{a.Dtype, a.Shape.Clone()}
	for i := range out.Shape {
		if a.Shape[i] >= 0 && b.Shape[i] >= 0 && a.Shape[i] != b.Shape[i] {
			return a, errors.Errorf("the branches give %v and %v; axis %d differs", a, b, i)
		}
		if b.Shape[i] < 0 {
			out.Shape[i] = Unknown
		}
	}
	return out, nil
}
