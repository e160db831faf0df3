package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// address says which rows of a tensor x a tensor of indices names: those at
// indices along an axis, or (nd) those at tuples of indices along the first
// axes, or (along) single elements, whose places along the other axes are those
// of the indices themselves. Gather reads the rows and ScatterAdd adds to them;
// each has the other for its gradient.
type address struct {
	axis  int
	nd    bool
	along bool
}

// name is that of the op that reads at the address.
func (a address) name() string {
	switch {
	case a.nd:
		return "GatherNd"
	case a.along:
		return "GatherAlong"
	}
	return "Gather"
}

// attrs describes the address for people and exporters.
func (a address) attrs() map[string]interface{} {
	if a.nd {
		return nil
	}
	return map[string]interface{}{"axis": a.axis}
}

// rows returns the shape of the named rows together:
//
//	x.Shape[:axis] + indices.Shape + x.Shape[axis+1:]
//	indices.Shape[:last] + x.Shape[k:]    nd, with k = indices.Shape[last]
//	indices.Shape                         along
func (a address) rows(x, indices graph.Spec) (tensor.Shape, error) {
	if !indices.IsInt() {
		return x.Shape, errors.Errorf("the indices are %v; want int, int32 or int64 (ops.Cast converts)", indices)
	}
	at := indices.Shape
	if a.nd {
		if len(at) == 0 {
			return x.Shape, errors.Errorf("the indices are the scalar %v; want [..., k], a tuple of k indices in each row", indices)
		}
		last := len(at) - 1
		if at[last] < 0 || at[last] > x.Rank() {
			return x.Shape, errors.Errorf("the indices are %v; the size of their last axis must be known and at most %d, the rank of %v", indices, x.Rank(), x)
		}
		return joinShapes(at[:last], x.Shape[at[last]:]), nil
	}
	axis, err := axisOf(a.axis, x.Rank())
	if err != nil {
		return x.Shape, err
	}
	if a.along {
		if len(at) != x.Rank() {
			return x.Shape, errors.Errorf("the indices are %v, into %v; want one rank", indices, x)
		}
		for i, n := range at {
			if i != axis && n >= 0 && x.Shape[i] >= 0 && n > x.Shape[i] {
				return x.Shape, errors.Errorf("the indices are %v, into %v; want no more than %d along axis %d", indices, x, x.Shape[i], i)
			}
		}
		return at, nil
	}
	return joinShapes(x.Shape[:axis], at, x.Shape[axis+1:]), nil
}

// check is the rule of rows that are added to whole at an address.
func (a address) check(rows, whole, indices graph.Spec) error {
	if err := numbers.check(rows); err != nil {
		return err
	}
	return a.fits(rows, whole, indices)
}

// fits is the rule of rows that have a place in whole at an address.
func (a address) fits(rows, whole, indices graph.Spec) error {
	want, err := a.rows(whole, indices)
	if err != nil {
		return err
	}
	if !graph.Compatible(rows.Shape, want) {
		return errors.Errorf("the updates are %v; want shape %v, one update for each index %v into %v",
			rows, []int(want), indices, whole)
	}
	return nil
}

// rowPlan is an address for known shapes: of each of outer blocks of stride
// elements, n rows of inner elements are meant. They begin at the positions
// that locate puts into the scratch array.
type rowPlan struct {
	outer, stride, n, inner int
	positions               int
	locate                  func(c *graph.Call) error
}

// plan resolves the address in an array of shape x; the indices are an input.
func (a address) plan(b *graph.Binding, x tensor.Shape, input int) (p rowPlan, err error) {
	at := b.In[input].Shape
	axis, k := 0, 1
	if !a.nd {
		if axis, err = axisOf(a.axis, len(x)); err != nil {
			return p, err
		}
	}
	switch {
	case a.nd:
		k = at[len(at)-1]
		p = rowPlan{outer: 1, stride: sizeOf(x), n: sizeOf(at[:len(at)-1]), inner: sizeOf(x[k:])}
	case a.along:
		p = rowPlan{outer: 1, stride: sizeOf(x), n: sizeOf(at), inner: 1}
	default:
		p = rowPlan{outer: sizeOf(x[:axis]), stride: sizeOf(x[axis:]), n: sizeOf(at), inner: sizeOf(x[axis+1:])}
	}
	sizes, strides := x[axis:axis+k], rowMajor(x)[axis:axis+k]
	p.positions = b.Scratch(tensor.Int, p.n)
	locate := locateAs[int64]
	if b.In[input].Dtype.Size() == 4 { // int is one of the two
		locate = locateAs[int32]
	}
	others := rowMajor(x)
	p.locate = func(c *graph.Call) error {
		bad, index := locate(elements[int](c.Scratch[p.positions]), c.In[input], sizes, strides)
		if bad < 0 {
			if a.along {
				addPlaces(elements[int](c.Scratch[p.positions]), at, others, axis)
			}
			return nil
		}
		place := indexAt(at, bad)
		size, which := sizes[bad%k], axis+bad%k
		if size == 0 {
			return errors.Errorf("index %d at position %v is out of range: axis %d has size 0", index, place, which)
		}
		return errors.Errorf("index %d at position %v is out of range for axis %d; want 0 to %d", index, place, which, size-1)
	}
	return p, nil
}

// locateAs turns tuples of indices into positions: the sum of index times
// stride. It returns where the first index out of range stands, or -1.
func locateAs[I int32 | int64](at []int, input *graph.Array, sizes, strides []int) (bad int, index int64) {
	indices := elements[I](input)
	k := len(sizes)
	for i := range at {
		p := 0
		for j := range sizes {
			v := int64(indices[i*k+j])
			if v < 0 || v >= int64(sizes[j]) {
				return i*k + j, v
			}
			p += int(v) * strides[j]
		}
		at[i] = p
	}
	return -1, 0
}

// addPlaces adds to the position of each element of an array of that shape what its places along all axes but
// one come to, in the given strides.
func addPlaces(positions []int, shape tensor.Shape, strides []int, but int) {
	inner := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		n := shape[axis]
		if axis != but {
			for at := 0; at < len(positions); {
				for i := range n {
					for range inner {
						positions[at] += i * strides[axis]
						at++
					}
				}
			}
		}
		inner *= n
	}
}

// takeRows copies the rows of input 0 that input 1 names.
func takeRows[T any](a address) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		p, err := a.plan(b, b.In[0].Shape, 1)
		if err != nil {
			return nil, err
		}
		body := func(c *graph.Call, lo, hi int) {
			out, x, at := elements[T](c.Out), elements[T](c.In[0]), elements[int](c.Scratch[p.positions])
			block, j := lo/p.n*p.stride, lo%p.n
			for r := lo; r < hi; r++ {
				i := block + at[j]
				if p.inner == 1 {
					out[r] = x[i]
				} else {
					copy(out[r*p.inner:(r+1)*p.inner], x[i:])
				}
				if j++; j == p.n {
					j, block = 0, block+p.stride
				}
			}
		}
		each := max(1, grain/max(1, p.inner))
		return func(c *graph.Call) error {
			if err := p.locate(c); err != nil {
				return err
			}
			if p.inner > 0 {
				c.Split(p.outer*p.n, each, body)
			}
			return nil
		}, nil
	}
}

// adding names the inputs of an op that adds rows to its output: what it begins
// with (-1: zeros), the indices and the rows.
type adding struct{ base, indices, rows int }

// of binds addRows for every numeric dtype.
func (in adding) of(a address) binder {
	return byDtype{
		f32: addRows(a, in, addFloats[float32]().both), f64: addRows(a, in, addFloats[float64]().both),
		i: addRows(a, in, addInts[int]().both), i32: addRows(a, in, addInts[int32]().both),
		i64: addRows(a, in, addInts[int64]().both), u8: addRows(a, in, addInts[uint8]().both),
	}.first
}

// addRows adds rows to the places that the indices name. Rows for one place are
// added in their order, because goroutines take columns of the rows and never
// divide the rows among them. sum adds two slices.
func addRows[T number](a address, in adding, sum func(out, a, b []T)) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		p, err := a.plan(b, b.Out.Shape, in.indices)
		if err != nil {
			return nil, err
		}
		begin := func(c *graph.Call, lo, hi int) {
			if in.base < 0 {
				clear(elements[T](c.Out)[lo:hi])
			} else {
				copy(elements[T](c.Out)[lo:hi], elements[T](c.In[in.base])[lo:hi])
			}
		}
		const line = 16 // columns at least, so that goroutines do not share cache lines
		width := min(max(1, p.inner), max(line, grain/max(1, p.n)))
		strips := (p.inner + width - 1) / width
		add := func(c *graph.Call, lo, hi int) {
			out, rows, at := elements[T](c.Out), elements[T](c.In[in.rows]), elements[int](c.Scratch[p.positions])
			for k := lo; k < hi; k++ {
				block, from := k/strips, k%strips*width
				to := min(p.inner, from+width)
				x := rows[block*p.n*p.inner:]
				y := out[block*p.stride:]
				for j, i := range at {
					dst := y[i+from : i+to]
					sum(dst, dst, x[j*p.inner+from:j*p.inner+to])
				}
			}
		}
		each := max(1, grain/max(1, p.n*width))
		return func(c *graph.Call) error {
			if err := p.locate(c); err != nil {
				return err
			}
			if in.base < 0 || c.Out.Pointer() != c.In[in.base].Pointer() {
				c.Split(c.Out.Size(), grain, begin)
			}
			if p.n > 0 {
				c.Split(p.outer*strips, each, add)
			}
			return nil
		}, nil
	}
}
