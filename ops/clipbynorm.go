package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ClipByNorm scales x down so that its Euclidean norm is at most c:
// x*c/max(norm, c). The norm is taken over the given axes, negative ones counted
// from the last, for each of the rest on its own; without axes it is that of the
// whole tensor. It is added up in float64. What has a norm up to c stays as it
// is, bit for bit, zeros included. Any shape, float32 or float64; c > 0. A nil x,
// the gradient of an unconnected variable, gives nil. tf.clip_by_norm;
// torch.renorm for one kept axis. MaxNorm makes a weight constraint of it.
//
// Gradients flow through the norm as well.
//
// TF: tf.clip_by_norm. PyTorch: torch.renorm. Dtypes: float. Gradient: yes.
func ClipByNorm(s *graph.Scope, x *gorgonia.Node, c float64, axes ...int) *gorgonia.Node {
	if x == nil {
		return nil
	}
	if !(c > 0) || math.IsInf(c, 0) {
		return s.Fail("clip_by_norm", gorgonia.Nodes{x}, graph.SpecOf(x), errors.Errorf("the clipping norm is %v; want a positive number", c))
	}
	axes = append([]int(nil), axes...)
	return graph.Apply(s, graph.OpDef{
		Name:  "clip_by_norm",
		Attrs: map[string]interface{}{"clip_norm": c, "axes": axes},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := graph.SameFloat(in)
			if err == nil {
				_, err = reducedAxes(axes, out.Rank())
			}
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			reduced, err := reducedAxes(axes, b.Out.Rank())
			if err != nil {
				return nil, err
			}
			n, err := newNorms(b, reduced)
			if err != nil {
				return nil, err
			}
			return floatKernel(b, clipByNormKernel[float32](n, c), clipByNormKernel[float64](n, c))
		},
		InPlace: []int{0},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			x := in[0]
			squares := SumKeep(s, Square(s, x), axes...)
			empty := Equal(s, squares, graph.ZerosLike(s, squares)) // sqrt has no derivative at 0
			norm := Where(s, empty, squares, Sqrt(s, Where(s, empty, graph.OnesLike(s, squares), squares)))
			limit := graph.ConstOf(s, x.Dtype(), c)
			return only(Mul(s, x, Div(s, limit, Maximum(s, norm, limit))))
		},
	}, x)
}

// norms is how the elements of a tensor fall into groups, one for each place on
// the axes that are kept, and where the sums of the groups are.
type norms struct {
	*layout     // operand 0 is the group
	groups  int // how many
	sums    int // scratch: one float64 a group, its sum of squares and then its factor
	parts   int // scratch: partial sums of a single large group
	kind    norming
}

// norming is how the groups lie in memory.
type norming int

const (
	normMixed   norming = iota // otherwise
	normRows                   // a group is a row
	normColumns                // a group is a column
	normWhole                  // there is one group
)

func newNorms(b *graph.Binding, reduced []bool) (*norms, error) {
	shape := b.In[0].Shape
	kept := reducedShape(shape, reduced, true)
	l, err := newLayout(shape, broadcastStrides(kept, shape))
	if err != nil {
		return nil, err
	}
	n := &norms{layout: l, groups: sizeOf(kept)}
	n.sums = b.Scratch(tensor.Float64, n.groups)
	switch {
	case n.groups == 1 && l.rows == 1:
		n.kind = normWhole
		n.parts = b.Scratch(tensor.Float64, l.cols/grain+1)
	case l.step[0] == 0 && n.groups == l.rows:
		n.kind = normRows
	case l.step[0] == 1 && n.groups == l.cols:
		n.kind = normColumns
	}
	return n, nil
}

func clipByNormKernel[T float](n *norms, limit float64) graph.Kernel {
	add, scale := addSquares[T](n), scaleGroups[T](n)
	return func(c *graph.Call) error {
		if c.Out.Size() == 0 {
			return nil
		}
		add(c)
		factors := c.Scratch[n.sums].Float64s()
		for g, sum := range factors {
			factors[g] = 1
			if norm := math.Sqrt(sum); !(norm <= limit) {
				factors[g] = limit / norm
			}
		}
		scale(c)
		return nil
	}
}

// addSquares adds up the squares of each group. The order depends on the shape
// alone.
func addSquares[T float](n *norms) func(c *graph.Call) {
	rows := n.rowGrain()
	switch n.kind {
	case normWhole:
		body := func(c *graph.Call, lo, hi int) {
			c.Scratch[n.parts].Float64s()[lo/grain] = sumSquares(elements[T](c.In[0])[lo:hi])
		}
		return func(c *graph.Call) {
			parts := c.Scratch[n.parts].Float64s()
			clear(parts)
			c.Split(n.cols, grain, body)
			sum := 0.0
			for _, v := range parts {
				sum += v
			}
			c.Scratch[n.sums].Float64s()[0] = sum
		}
	case normRows:
		body := func(c *graph.Call, lo, hi int) {
			x, sums := elements[T](c.In[0]), c.Scratch[n.sums].Float64s()
			p := n.seek(lo)
			for r := lo; r < hi; r++ {
				sums[p.at[0]] = sumSquares(x[r*n.cols : (r+1)*n.cols])
				n.next(&p)
			}
		}
		return func(c *graph.Call) { c.Split(n.rows, rows, body) }
	case normColumns:
		body := func(c *graph.Call, lo, hi int) {
			x, sums := elements[T](c.In[0]), c.Scratch[n.sums].Float64s()[lo:hi]
			clear(sums)
			for r := 0; r < n.rows; r++ {
				addRowSquares(sums, x[r*n.cols+lo:r*n.cols+hi])
			}
		}
		columns := max(64, grain/max(1, n.rows))
		return func(c *graph.Call) { c.Split(n.cols, columns, body) }
	}
	return func(c *graph.Call) {
		x, sums := elements[T](c.In[0]), c.Scratch[n.sums].Float64s()
		clear(sums)
		p := n.seek(0)
		for r := 0; r < n.rows; r++ {
			row := x[r*n.cols : (r+1)*n.cols]
			if n.step[0] == 0 {
				sums[p.at[0]] += sumSquares(row)
			} else {
				addRowSquares(sums[p.at[0]:], row)
			}
			n.next(&p)
		}
	}
}

func addRowSquares[T float](sums []float64, x []T) {
	sums = sums[:len(x)]
	for j, v := range x {
		sums[j] += float64(v) * float64(v)
	}
}

// scaleGroups multiplies each element by the factor of its group.
func scaleGroups[T float](n *norms) func(c *graph.Call) {
	if n.kind == normWhole {
		body := func(c *graph.Call, lo, hi int) {
			scaleRow(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], c.Scratch[n.sums].Float64s(), 0)
		}
		return func(c *graph.Call) { c.Split(n.cols, grain, body) }
	}
	body := func(c *graph.Call, lo, hi int) {
		y, x, factors := elements[T](c.Out), elements[T](c.In[0]), c.Scratch[n.sums].Float64s()
		p := n.seek(lo)
		for r := lo; r < hi; r++ {
			scaleRow(y[r*n.cols:(r+1)*n.cols], x[r*n.cols:(r+1)*n.cols], factors[p.at[0]:], n.step[0])
			n.next(&p)
		}
	}
	rows := n.rowGrain()
	return func(c *graph.Call) { c.Split(n.rows, rows, body) }
}

// scaleRow multiplies x by the first factor (step 0), or element by element.
func scaleRow[T float](y, x []T, factors []float64, step int) {
	y = y[:len(x)]
	if step == 0 {
		f := factors[0]
		for i, v := range x {
			y[i] = T(float64(v) * f)
		}
		return
	}
	factors = factors[:len(x)]
	for i, v := range x {
		y[i] = T(float64(v) * factors[i])
	}
}
