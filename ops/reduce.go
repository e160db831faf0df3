package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// reduction describes an op that combines the elements along some axes.
type reduction struct {
	name    string
	allowed dtypes
	axes    []int // none: all
	keep    bool  // reduced axes stay, with size 1
	attrs   map[string]interface{}
	alters  bool // a single element is not its own result
	kernels func(reduced []bool) byDtype
	grad    func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node
}

func (r reduction) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	r.axes = append([]int(nil), r.axes...)
	attrs := map[string]interface{}{"axes": r.axes, "keep_dims": r.keep}
	for k, v := range r.attrs {
		attrs[k] = v
	}
	def := graph.OpDef{
		Name:  r.name,
		Attrs: attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			if err := r.allowed.check(in[0]); err != nil {
				return in[0], err
			}
			reduced, err := reducedAxes(r.axes, in[0].Rank())
			if err != nil {
				return in[0], err
			}
			return graph.Spec{Dtype: in[0].Dtype, Shape: reducedShape(in[0].Shape, reduced, r.keep)}, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			reduced, err := reducedAxes(r.axes, b.In[0].Rank())
			if err != nil {
				return nil, err
			}
			return r.kernels(reduced).first(b)
		},
	}
	if !r.alters {
		def.Alias = aliasWhenEqualSize
	}
	if r.grad != nil {
		def.Gradient = func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(r.grad(s, in[0], out, grad))
		}
	}
	return graph.Apply(s, def, x)
}

// aliasWhenEqualSize is the Alias of an op that only reshapes its first input
// when that has as many elements as the output.
func aliasWhenEqualSize(in []graph.Spec, out graph.Spec) int {
	if in[0].Known() && out.Known() && in[0].Dtype == out.Dtype && sizeOf(in[0].Shape) == sizeOf(out.Shape) {
		return 0
	}
	return -1
}

// reducer holds the loops of a reduction over elements of T.
type reducer[T any] struct {
	// run combines contiguous elements; of none it is the neutral one.
	run func(x []T) T
	// columns combines each of the columns [lo, hi) of a matrix into dst[lo:hi].
	columns func(dst, x []T, rows, cols, lo, hi int)
	// walk combines the elements that l reaches from x[at].
	walk func(x []T, at int, l *layout) T
	// finish is applied to the result with the number of elements combined in
	// each of its elements; it may be nil.
	finish func(y []T, count int)
}

// bind chooses the kernel for the shapes in b and the reduced axes.
func (f reducer[T]) bind(reduced []bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		reduce, err := f.loops(b, reduced)
		if err != nil || f.finish == nil {
			return reduce, err
		}
		count := 1
		for a, r := range reduced {
			if r {
				count *= b.In[0].Shape[a]
			}
		}
		return func(c *graph.Call) error {
			if err := reduce(c); err != nil {
				return err
			}
			f.finish(elements[T](c.Out), count)
			return nil
		}, nil
	}
}

// bindWalk is bind for a reducer that has a walk alone, as one has that needs
// the elements more than once or alters a single one. What walk gives of no
// element is the result there.
func (f reducer[T]) bindWalk(reduced []bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		if sizeOf(b.In[0].Shape) == 0 {
			return func(c *graph.Call) error {
				y := elements[T](c.Out)
				for i := range y {
					y[i] = f.walk(nil, 0, &layout{})
				}
				return nil
			}, nil
		}
		return f.scattered(groups(b.In[0].Shape, reduced))
	}
}

// group is a run of neighbouring axes that are all reduced or all kept.
type group struct {
	size, stride int
	reduced      bool
}

// groups merges axes; axes of size 1 belong to either kind.
func groups(shape tensor.Shape, reduced []bool) []group {
	var gs []group
	strides := rowMajor(shape)
	for a, d := range shape {
		if d == 1 {
			continue
		}
		if n := len(gs); n > 0 && gs[n-1].reduced == reduced[a] {
			gs[n-1].size *= d
			gs[n-1].stride = strides[a]
			continue
		}
		gs = append(gs, group{d, strides[a], reduced[a]})
	}
	return gs
}

// reduceGrain is how many elements are worth handing to a goroutine, and the
// length of the parts in which a whole tensor is reduced.
const reduceGrain = 32768

func (f reducer[T]) loops(b *graph.Binding, reduced []bool) (graph.Kernel, error) {
	gs := groups(b.In[0].Shape, reduced)
	size := sizeOf(b.In[0].Shape)
	pattern := ""
	for _, g := range gs {
		if g.reduced {
			pattern += "R"
		} else {
			pattern += "K"
		}
	}
	switch {
	case size == 0:
		return func(c *graph.Call) error {
			y := elements[T](c.Out)
			for i := range y {
				y[i] = f.run(nil)
			}
			return nil
		}, nil
	case pattern == "" || pattern == "K":
		return func(c *graph.Call) error {
			copy(elements[T](c.Out), elements[T](c.In[0]))
			return nil
		}, nil
	case pattern == "R":
		return f.all(b, size), nil
	case pattern == "KR":
		return f.rows(gs[0].size, gs[1].size), nil
	case pattern == "RK":
		return f.blocks(1, gs[0].size, gs[1].size), nil
	case pattern == "KRK":
		return f.blocks(gs[0].size, gs[1].size, gs[2].size), nil
	}
	return f.scattered(gs)
}

// all reduces everything to one element, by parts of fixed length.
func (f reducer[T]) all(b *graph.Binding, n int) graph.Kernel {
	if n <= reduceGrain {
		return func(c *graph.Call) error {
			elements[T](c.Out)[0] = f.run(elements[T](c.In[0]))
			return nil
		}
	}
	parts := b.Scratch(b.Out.Dtype, (n-1)/reduceGrain+1)
	body := func(c *graph.Call, lo, hi int) {
		elements[T](c.Scratch[parts])[lo/reduceGrain] = f.run(elements[T](c.In[0])[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(n, reduceGrain, body)
		elements[T](c.Out)[0] = f.run(elements[T](c.Scratch[parts]))
		return nil
	}
}

// rows reduces each row of a matrix.
func (f reducer[T]) rows(rows, cols int) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		for r := lo; r < hi; r++ {
			y[r] = f.run(x[r*cols : (r+1)*cols])
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, max(1, reduceGrain/cols), body)
		return nil
	}
}

// blocks reduces the columns of each of several matrices.
func (f reducer[T]) blocks(blocks, rows, cols int) graph.Kernel {
	if blocks == 1 {
		body := func(c *graph.Call, lo, hi int) {
			f.columns(elements[T](c.Out), elements[T](c.In[0]), rows, cols, lo, hi)
		}
		strip := (reduceGrain/rows + 63) / 64 * 64
		return func(c *graph.Call) error {
			c.Split(cols, max(64, strip), body)
			return nil
		}
	}
	size := rows * cols
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		for k := lo; k < hi; k++ {
			f.columns(y[k*cols:(k+1)*cols], x[k*size:(k+1)*size], rows, cols, 0, cols)
		}
	}
	return func(c *graph.Call) error {
		c.Split(blocks, max(1, reduceGrain/size), body)
		return nil
	}
}

// scattered reduces elements that lie apart, such as all but the channels of a
// [batch, channels, height, width] tensor.
func (f reducer[T]) scattered(gs []group) (graph.Kernel, error) {
	var keptShape, overShape tensor.Shape
	var keptStrides, overStrides []int
	for _, g := range gs {
		if g.reduced {
			overShape, overStrides = append(overShape, g.size), append(overStrides, g.stride)
		} else {
			keptShape, keptStrides = append(keptShape, g.size), append(keptStrides, g.stride)
		}
	}
	kept, err := newLayout(keptShape, keptStrides)
	if err != nil {
		return nil, err
	}
	over, err := newLayout(overShape, overStrides)
	if err != nil {
		return nil, err
	}
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		p := kept.seek(lo / kept.cols)
		col := lo % kept.cols
		for i := lo; i < hi; i++ {
			y[i] = f.walk(x, p.at[0]+col*kept.step[0], over)
			if col++; col == kept.cols {
				col = 0
				kept.next(&p)
			}
		}
	}
	n := kept.rows * kept.cols
	each := max(1, reduceGrain/(over.rows*over.cols))
	return func(c *graph.Call) error {
		c.Split(n, each, body)
		return nil
	}, nil
}
