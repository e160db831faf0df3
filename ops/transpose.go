package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
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

// tile is the side of the squares in which a matrix is transposed, so that
// both sides stay in the L1 cache.
const tile = 32

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
		if along != len(l.sizes)-1 || along < 0 || l.step[0] == 1 {
			return pull[T](l), nil
		}
		return transposeTiles[T](l), nil
	}
}

// transposeTiles transposes the last two axes of a layout by tiles: the result
// is made of matrices [rows, cols] whose element r, c is x[r + c*step].
func transposeTiles[T any](l *layout) graph.Kernel {
	rows, cols, step := l.sizes[len(l.sizes)-1], l.cols, l.step[0]
	matrices := l.rows / rows
	strips := (rows-1)/tile + 1
	body := func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		for k := lo; k < hi; k++ {
			m, r0 := k/strips, k%strips*tile
			p := l.seek(m * rows)
			from := x[p.at[0]:]
			to := out[m*rows*cols:]
			r1 := min(rows, r0+tile)
			for c0 := 0; c0 < cols; c0 += tile {
				c1 := min(cols, c0+tile)
				for r := r0; r < r1; r++ {
					row := to[r*cols+c0 : r*cols+c1]
					at := r + c0*step
					for i := range row {
						row[i] = from[at]
						at += step
					}
				}
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(matrices*strips, max(1, grain/(tile*cols)), body)
		return nil
	}
}
