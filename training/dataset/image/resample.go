package image

import "sync"

// resampler holds the taps of both axes and the picture between them, so that the next picture finds the memory.
type resampler struct {
	x, y taps
	rows []float32
}

var resamplers = sync.Pool{New: func() any { return new(resampler) }}

// run resamples src to the size of dst, which has the same layout and channels: one axis after the other, in the order that keeps the picture
// between them small. (A column of a million pixels would else become a million rows.)
func (p *resampler) run(r Resampling, dst []float32, to grid, src []float32, from grid) {
	p.x.set(r, from.w, to.w)
	p.y.set(r, from.h, to.h)
	planes, step := to.lines()
	for plane := range planes {
		in, out := src[plane*from.h*from.row:], dst[plane*to.h*to.row:]
		if from.h*to.w <= to.h*from.w {
			p.acrossDown(out, in, from, to, step)
		} else {
			p.downAcross(out, in, from, to, step)
		}
	}
}

func (p *resampler) acrossDown(out, in []float32, from, to grid, step int) {
	// Only the rows that are needed.
	top, bottom := from.h, 0
	for i, f := range p.y.first {
		top, bottom = min(top, f), max(bottom, f+p.y.count[i])
	}
	p.rows = resized(p.rows, (bottom-top)*to.row)
	for y := top; y < bottom; y++ {
		p.x.across(p.rows[(y-top)*to.row:(y-top+1)*to.row], in[y*from.row:(y+1)*from.row], step)
	}
	for y := range to.h {
		p.y.down(out[y*to.row:(y+1)*to.row], p.rows, y, top)
	}
}

func (p *resampler) downAcross(out, in []float32, from, to grid, step int) {
	p.rows = resized(p.rows, from.row)
	for y := range to.h {
		p.y.down(p.rows, in, y, 0)
		p.x.across(out[y*to.row:(y+1)*to.row], p.rows, step)
	}
}

// across computes one row from one row; pixels are step values apart.
func (t *taps) across(dst, src []float32, step int) {
	switch step {
	case 1:
		for i, first := range t.first {
			w := t.weights[i*t.most : i*t.most+t.count[i]]
			in := src[first : first+len(w)]
			var a float32
			for k, v := range w {
				a += v * in[k]
			}
			dst[i] = a
		}
	case 3:
		for i, first := range t.first {
			w := t.weights[i*t.most : i*t.most+t.count[i]]
			in := src[3*first : 3*(first+len(w))]
			var a, b, c float32
			for _, v := range w {
				p := in[:3:3]
				a += v * p[0]
				b += v * p[1]
				c += v * p[2]
				in = in[3:]
			}
			o := dst[3*i : 3*i+3 : 3*i+3]
			o[0], o[1], o[2] = a, b, c
		}
	default:
		for i, first := range t.first {
			for ch := range step {
				var a float32
				for k, v := range t.weights[i*t.most : i*t.most+t.count[i]] {
					a += v * src[(first+k)*step+ch]
				}
				dst[i*step+ch] = a
			}
		}
	}
}

// down computes row i as a weighted sum of rows, the first of which is row top of the picture.
func (t *taps) down(dst, rows []float32, i, top int) {
	n := len(dst)
	at := (t.first[i] - top) * n
	for k, v := range t.weights[i*t.most : i*t.most+t.count[i]] {
		row := rows[at : at+n]
		at += n
		if k == 0 {
			for j, x := range row {
				dst[j] = v * x
			}
			continue
		}
		for j, x := range row {
			dst[j] += v * x
		}
	}
}
