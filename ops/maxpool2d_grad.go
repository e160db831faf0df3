package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// checkMaxPool tells whether x and the two others are a pooling's input and
// arrays of its output's size.
func (p window2D) checkMaxPool(x graph.Spec, others ...graph.Spec) error {
	y, err := p.infer(x)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Dtype != x.Dtype || !graph.Compatible(o.Shape, y.Shape) {
			return errors.Errorf("x is %v and one of the others %v; want %v", x, o, y)
		}
	}
	return nil
}

// maxPoolGrad adds each element of grad to the first of its window in x that
// is the maximum, which y has. Its own gradient, for grad, picks elements from
// these places.
func maxPoolGrad(s *graph.Scope, grad, x, y *gorgonia.Node, p window2D) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPoolGrad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[1], p.checkMaxPool(in[1], in[0], in[2]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[1])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, maxPoolScatter[float32](b, v), maxPoolScatter[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{maxPoolPick(s, grad, in[1], in[2], p), nil, nil}
		},
	}, grad, x, y)
}

// maxPoolPick takes from z, of the shape of x, the element of each window at
// the place of its first maximum in x, which y has.
func maxPoolPick(s *graph.Scope, z, x, y *gorgonia.Node, p window2D) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPoolGradGrad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if _, err := sameTwo(in[:2]); err != nil {
				return in[2], err
			}
			return in[2], p.checkMaxPool(in[1], in[2])
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[1])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, maxPoolGather[float32](b, v), maxPoolGather[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{maxPoolGrad(s, grad, in[1], in[2], p), nil, nil}
		},
	}, z, x, y)
}

func maxPoolScatter[T float](b *graph.Binding, v *windows) graph.Kernel {
	n, chunk := len(v.cols)*v.inner, v.scatterChunk()
	scratch := v.scratch(b, tensor.Int32, chunk, n)
	body := func(c *graph.Call, lo, hi int) {
		dx, dy, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		first := elements[int32](c.Scratch[scratch])[lo/chunk*n:][:n]
		size := v.h * v.w * v.inner
		for r := lo; r < hi; r++ {
			from := r / len(v.rows) * size
			firstMaxima(first, x[from:][:size], y[r*n:][:n], v, v.rows[r%len(v.rows)])
			plane := dx[from:][:size]
			for i, g := range dy[r*n:][:n] {
				if at := first[i]; at >= 0 {
					plane[at] += g
				}
			}
		}
	}
	reset := zero[T] // as a value it is allocated: once
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, reset)
		c.Split(v.count(), chunk, body)
		return nil
	}
}

func maxPoolGather[T float](b *graph.Binding, v *windows) graph.Kernel {
	n := len(v.cols) * v.inner
	scratch := v.scratch(b, tensor.Int32, v.chunk, n)
	body := func(c *graph.Call, lo, hi int) {
		out, z, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		first := elements[int32](c.Scratch[scratch])[lo/v.chunk*n:][:n]
		size := v.h * v.w * v.inner
		for r := lo; r < hi; r++ {
			from := r / len(v.rows) * size
			firstMaxima(first, x[from:][:size], y[r*n:][:n], v, v.rows[r%len(v.rows)])
			for i, at := range first {
				out[r*n+i] = 0
				if at >= 0 {
					out[r*n+i] = z[from+int(at)]
				}
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(v.count(), v.chunk, body)
		return nil
	}
}

// firstMaxima finds where in a plane the first maximum of each window of a row
// lies; y has the maxima. An empty window has -1.
func firstMaxima[T float](first []int32, plane, y []T, v *windows, rows taps) {
	n := v.inner
	for j, w := range v.cols {
		places, y := first[j*n:][:n], y[j*n:][:n]
		if n == 1 {
			places[0] = firstEqual(plane, y[0], v, rows, w)
		} else {
			repeat(places, -1)
			// From the last to the first, so that the first stays, and with moves that
			// need no prediction.
			for k := rows.n - 1; k >= 0; k-- {
				for l := w.n - 1; l >= 0; l-- {
					at := ((rows.from+k*v.rowStep)*v.w + w.from + l*v.colStep) * n
					for c, e := range plane[at:][:n] {
						place := places[c]
						if e == y[c] {
							place = int32(at + c)
						}
						places[c] = place
					}
				}
			}
		}
		for c, place := range places {
			if place < 0 && y[c] != y[c] {
				places[c] = firstNaN(plane[c:], v, rows, w) + int32(c)
			}
		}
	}
}

// firstEqual finds the first of a window over single numbers that equals y; -1
// where none does.
func firstEqual[T float](plane []T, y T, v *windows, rows, cols taps) int32 {
	place := int32(-1)
	for k := rows.n - 1; k >= 0; k-- {
		at := (rows.from+k*v.rowStep)*v.w + cols.from + (cols.n-1)*v.colStep
		for range cols.n {
			p := place
			if plane[at] == y {
				p = int32(at)
			}
			place = p
			at -= v.colStep
		}
	}
	return place
}

// firstNaN finds the first NaN of a window of the first channel, which has one.
func firstNaN[T float](plane []T, v *windows, rows, cols taps) int32 {
	for k := range rows.n {
		for l := range cols.n {
			at := ((rows.from+k*v.rowStep)*v.w + cols.from + l*v.colStep) * v.inner
			if plane[at] != plane[at] {
				return int32(at)
			}
		}
	}
	return 0
}
