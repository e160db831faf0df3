package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// BandPart keeps a band around the diagonal of each matrix in the last two axes
// of x, [..., m, n], and sets the rest to zero: lower is how many diagonals below
// the main one are kept, upper how many above; -1 keeps them all.
//
//	y[..., i, j] = x[..., i, j] if i-j <= lower and j-i <= upper, else 0
//
// -1, 0 is the lower triangle, 0, -1 the upper one, 0, 0 the diagonal. Any dtype;
// sizes may be unknown. NaN outside the band becomes 0. The gradient is the band
// of grad.
//
// TF: tf.matrix_band_part. PyTorch: torch.tril, torch.triu. Dtypes: any. Gradient: yes.
func BandPart(s *graph.Scope, x *gorgonia.Node, lower, upper int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MatrixBandPart",
		Attrs: map[string]interface{}{"lower": lower, "upper": upper},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			switch {
			case x.Rank() < 2:
				return x, errors.Errorf("x is %v; want [..., m, n]", x)
			case lower < -1 || upper < -1:
				return x, errors.Errorf("lower is %d and upper %d; want 0 or more, or -1 for all", lower, upper)
			}
			return x, nil
		},
		Kernel:  bySize{bandPart[uint8](lower, upper), bandPart[uint32](lower, upper), bandPart[uint64](lower, upper)}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(BandPart(s, grad, lower, upper))
		},
	}, x)
}

func bandPart[T any](lower, upper int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		shape := b.Out.Shape
		m, n := shape[len(shape)-2], shape[len(shape)-1]
		below, above := lower, upper
		if below < 0 || below > m {
			below = m
		}
		if above < 0 || above > n {
			above = n
		}
		body := func(c *graph.Call, lo, hi int) {
			out, x := elements[T](c.Out), elements[T](c.In[0])
			for r := lo; r < hi; r++ {
				i := r % m
				from := min(n, max(0, i-below))
				to := max(from, min(n, i+above+1))
				row := out[r*n : (r+1)*n]
				clear(row[:from])
				copy(row[from:to], x[r*n+from:r*n+to])
				clear(row[to:])
			}
		}
		rows := 0
		if n > 0 {
			rows = sizeOf(shape) / n
		}
		each := max(1, grain/max(1, n))
		return func(c *graph.Call) error {
			c.Split(rows, each, body)
			return nil
		}, nil
	}
}
