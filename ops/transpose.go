package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Transpose permutes the axes of x: axis i of the result is axis perm[i] of x
// (negative ones count from the last). No perm reverses the axes.
//
// Any dtype. It copies, unless only axes of size 1 move; MatMulT needs no
// transposition. The gradient is grad, permuted back.
//
// TF: tf.transpose. PyTorch: torch.permute. Dtypes: any. Gradient: yes.
func Transpose(s *graph.Scope, x *gorgonia.Node, perm ...int) *gorgonia.Node {
	perm = append([]int(nil), perm...)
	return graph.Apply(s, graph.OpDef{
		Name:  "Transpose",
		Attrs: map[string]interface{}{"perm": perm},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			p, err := permutation(perm, in[0].Rank())
			if err != nil {
				return in[0], err
			}
			shape := make(tensor.Shape, len(p))
			for i, a := range p {
				shape[i] = in[0].Shape[a]
			}
			return graph.Spec{Dtype: in[0].Dtype, Shape: shape}, nil
		},
		Undoes: func(inner *graph.OpDef) bool { return inner.Name == "Transpose" && inverse(perm, inner.Attrs["perm"]) },
		Kernel: bySize{transposeAs[uint8](perm), transposeAs[uint32](perm), transposeAs[uint64](perm)}.first,
		Alias: func(in []graph.Spec, out graph.Spec) int {
			p, err := permutation(perm, in[0].Rank())
			if err != nil {
				return -1
			}
			last := -1
			for _, a := range p {
				if in[0].Shape[a] == 1 {
					continue
				}
				if a < last {
					return -1
				}
				last = a
			}
			return 0
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			p, _ := permutation(perm, len(graph.SpecOf(in[0]).Shape))
			back := make([]int, len(p))
			for i, a := range p {
				back[a] = i
			}
			return only(Transpose(s, grad, back...))
		},
	}, x)
}

// inverse tells whether perm takes the axes back from where another permutation, which an op
// has as an attribute, has put them.
func inverse(perm []int, attr interface{}) bool {
	inner, ok := attr.([]int)
	rank := len(perm)
	if !ok || len(inner) != rank || rank == 0 {
		return ok && len(inner) == rank // both reverse the axes
	}
	p, err := permutation(perm, rank)
	if err != nil {
		return false
	}
	q, err := permutation(inner, rank)
	for i := range p {
		if err != nil || q[p[i]] != i {
			return false
		}
	}
	return true
}

// permutation resolves perm for a rank; none reverses the axes.
func permutation(perm []int, rank int) ([]int, error) {
	p := make([]int, rank)
	if len(perm) == 0 {
		for i := range p {
			p[i] = rank - 1 - i
		}
		return p, nil
	}
	if len(perm) != rank {
		return nil, errors.Errorf("perm %v has %d entries; want one for each of the %d axes", perm, len(perm), rank)
	}
	seen := make([]bool, rank)
	for i, axis := range perm {
		a, err := axisOf(axis, rank)
		if err != nil {
			return nil, err
		}
		if seen[a] {
			return nil, errors.Errorf("perm %v names axis %d twice", perm, axis)
		}
		seen[a] = true
		p[i] = a
	}
	return p, nil
}

func transposeAs[T any](perm []int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		p, err := permutation(perm, b.In[0].Rank())
		if err != nil {
			return nil, err
		}
		own := rowMajor(b.In[0].Shape)
		strides := make([]int, len(p))
		for i, a := range p {
			strides[i] = own[a]
		}
		l, err := newLayout(b.Out.Shape, strides)
		if err != nil {
			return nil, err
		}
		// The axis along which x is contiguous.
		along := len(l.sizes) - 1
		for along >= 0 && l.strides[0][along] != 1 {
			along--
		}
		if along < 0 || l.step[0] == 1 {
			return pull[T](l), nil
		}
		return transposeMatrices[T](l, along), nil
	}
}

// strip is how many rows of a result's matrix one goroutine makes at least.
const strip = 64

// transposeMatrices permutes by transposing matrices: those that the axis along
// which x is contiguous and the last one of the result span, one for every
// index of the other axes. Element r, c of a matrix is x[r + c*step] and, in the
// result, goes to r*apart + c.
func transposeMatrices[T any](l *layout, along int) graph.Kernel {
	rows, cols, step := l.sizes[along], l.cols, l.step[0]
	to := rowMajor(append(append(tensor.Shape(nil), l.sizes...), cols))
	apart := to[along]
	matrices, strips := l.rows/rows, (rows-1)/strip+1
	body := func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		for k := lo; k < hi; k++ {
			m, r := k/strips, k%strips*strip
			src, dst := r, r*apart
			for axis := len(l.sizes) - 1; axis >= 0; axis-- {
				if axis != along {
					i := m % l.sizes[axis]
					m /= l.sizes[axis]
					src += i * l.strides[0][axis]
					dst += i * to[axis]
				}
			}
			kernel.Transpose(out[dst:], x[src:], cols, min(strip, rows-r), apart, step)
		}
	}
	return func(c *graph.Call) error {
		c.Split(matrices*strips, max(1, grain/(min(strip, rows)*cols)), body)
		return nil
	}
}
