package ops

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// resampling is a resize for known sizes. As in windows, ChannelsFirst has a plane for each
// channel.
type resampling struct {
	planes, h, w, inner int // of the original
	rows, cols          []between
	chunk               int // rows of the new images for one goroutine
}

func (p resize) over(x, y graph.Spec) *resampling {
	m, _ := p.DataFormat.imagesOf(x) // infer has seen both
	to, _ := p.DataFormat.imagesOf(y)
	v := &resampling{planes: m.n, h: m.h, w: m.w, inner: m.c, rows: p.places(m.h, to.h), cols: p.places(m.w, to.w)}
	if p.DataFormat == ChannelsFirst {
		v.planes, v.inner = m.n*m.c, 1
	}
	if v.inner == 0 {
		v.planes = 0
	}
	v.chunk = max(1, grain/max(1, max(m.w, to.w)*v.inner), (v.planes*to.h+maxPieces-1)/maxPieces)
	return v
}

func resample[T float](b *graph.Binding, v *resampling) graph.Kernel {
	width, n, count := v.w*v.inner, len(v.cols)*v.inner, v.planes*len(v.rows)
	scratch := b.Scratch(b.Out.Dtype, (count+v.chunk-1)/v.chunk*width)
	body := func(c *graph.Call, lo, hi int) {
		x, y := elements[T](c.In[0]), elements[T](c.Out)
		own := elements[T](c.Scratch[scratch])[lo/v.chunk*width:][:width]
		for r := lo; r < hi; r++ {
			at := v.rows[r%len(v.rows)]
			plane := x[r/len(v.rows)*v.h*width:][:v.h*width]
			row := plane[at.lo*width:][:width]
			if at.share != 0 {
				mix(own, row, plane[at.hi*width:][:width], T(at.share))
				row = own
			}
			out := y[r*n:][:n]
			if v.inner == 1 {
				for j, at := range v.cols {
					a := row[at.lo]
					if at.share != 0 {
						a += T(at.share) * (row[at.hi] - a)
					}
					out[j] = a
				}
				continue
			}
			for j, at := range v.cols {
				pixel := out[j*v.inner:][:v.inner]
				if at.share == 0 {
					copy(pixel, row[at.lo*v.inner:])
				} else {
					mix(pixel, row[at.lo*v.inner:][:v.inner], row[at.hi*v.inner:][:v.inner], T(at.share))
				}
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(count, v.chunk, body)
		return nil
	}
}

// mix sets y to what lies the part share of the way from a to b. y is none of them.
func mix[T float](y, a, b []T, share T) {
	kernel.Sub(y, b[:len(y)], a)
	kernel.MulScalar(y, y, share)
	kernel.Add(y, y, a)
}

// resampleBack is the adjoint of resample. One goroutine takes whole planes, since
// rows share the pixels between them.
func resampleBack[T float](b *graph.Binding, v *resampling) graph.Kernel {
	width, n := v.w*v.inner, len(v.cols)*v.inner
	chunk := max(1, v.chunk/max(1, len(v.rows)))
	scratch := b.Scratch(b.Out.Dtype, (v.planes+chunk-1)/chunk*width)
	body := func(c *graph.Call, lo, hi int) {
		dx, dy := elements[T](c.Out), elements[T](c.In[0])
		row := elements[T](c.Scratch[scratch])[lo/chunk*width:][:width]
		for k := lo; k < hi; k++ {
			plane := dx[k*v.h*width:][:v.h*width]
			clear(plane)
			for i, r := range v.rows {
				clear(row)
				grad := dy[(k*len(v.rows)+i)*n:][:n]
				for j, at := range v.cols {
					if v.inner == 1 {
						row[at.lo] += grad[j] * T(1-at.share)
						if at.share != 0 {
							row[at.hi] += grad[j] * T(at.share)
						}
						continue
					}
					pixel := grad[j*v.inner:][:v.inner]
					kernel.Axpy(row[at.lo*v.inner:][:v.inner], T(1-at.share), pixel)
					if at.share != 0 {
						kernel.Axpy(row[at.hi*v.inner:][:v.inner], T(at.share), pixel)
					}
				}
				kernel.Axpy(plane[r.lo*width:][:width], T(1-r.share), row)
				if r.share != 0 {
					kernel.Axpy(plane[r.hi*width:][:width], T(r.share), row)
				}
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(v.planes, chunk, body)
		return nil
	}
}
