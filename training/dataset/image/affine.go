package image

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/plexaura/plexaura/training/dataset"
)

// AffineConfig says how far Affine turns, shifts, zooms and shears. The zero value does nothing.
type AffineConfig struct {
	Rotate           float64 // degrees: the angle is uniform in -Rotate..Rotate; at most 180
	ShiftX, ShiftY   float64 // pixels: uniform in -ShiftX..ShiftX and -ShiftY..ShiftY
	MinZoom, MaxZoom float64 // factor, uniform; 1.2 enlarges by a fifth; 0 means 1
	Shear            float64 // degrees: uniform in -Shear..Shear, less than 90; rows move sideways by tan(shear) of their height

	Nearest bool    // take the nearest pixel; by default the four around are weighted (bilinear)
	Padding Padding // what lies beyond the edge; the zero value is a constant, Value
	Value   float32 // for PadConstant
}

// Affine turns, shifts, zooms and shears a picture about its centre, in one pass: shear, zoom, turn (counterclockwise for a positive
// angle), then shift. The size stays. Beyond the edge a constant is blended in, as torch's grid_sample does.
//
// torchvision.transforms.RandomAffine; its translate is a fraction and its angle turns clockwise.
func Affine(cfg AffineConfig) dataset.Transform {
	cfg, err := cfg.filled()
	return random("Affine", err, func(p *picture, s *scratch, r *rand.Rand) { cfg.draw(r).warp(p, s, cfg) })
}

func (c AffineConfig) filled() (AffineConfig, error) {
	if c.MinZoom == 0 {
		c.MinZoom = 1
	}
	if c.MaxZoom == 0 {
		c.MaxZoom = max(1, c.MinZoom)
	}
	return c, cmp.Or(
		within("Rotate", c.Rotate, 0, 180),
		within("ShiftX", c.ShiftX, 0, farthest),
		within("ShiftY", c.ShiftY, 0, farthest),
		within("MinZoom", c.MinZoom, 1e-3, 1e3),
		within("MaxZoom", c.MaxZoom, c.MinZoom, 1e3),
		within("Shear", c.Shear, 0, 89),
		c.Padding.check(),
	)
}

// farthest is a shift, in pixels, that no picture needs; so coordinates stay far from overflow.
const farthest = 1 << 24

func (c AffineConfig) draw(r *rand.Rand) affine {
	return affine{
		rotate: between(r, -c.Rotate, c.Rotate),
		shear:  between(r, -c.Shear, c.Shear),
		zoom:   between(r, c.MinZoom, c.MaxZoom),
		shiftX: between(r, -c.ShiftX, c.ShiftX),
		shiftY: between(r, -c.ShiftY, c.ShiftY),
	}
}

// affine is one map: degrees, a factor and pixels.
type affine struct{ rotate, shear, zoom, shiftX, shiftY float64 }

// inverse is the source of an output place, both from the centre: x = a*X + b*Y, y = c*X + d*Y.
func (m affine) inverse() (a, b, c, d float64) {
	sin, cos := math.Sincos(m.rotate * math.Pi / 180)
	k := math.Tan(m.shear * math.Pi / 180)
	// turn^-1 = (cos -sin; sin cos) as y points down, then shear^-1 = (1 -k; 0 1), then 1/zoom.
	return (cos - k*sin) / m.zoom, (-sin - k*cos) / m.zoom, sin / m.zoom, cos / m.zoom
}

// warp moves the values of p as m says.
func (m affine) warp(p *picture, s *scratch, cfg AffineConfig) {
	if m.rotate == 0 && m.shear == 0 && m.zoom == 1 {
		if m.shiftX == 0 && m.shiftY == 0 {
			return
		}
		right, down := math.Round(m.shiftX), math.Round(m.shiftY)
		if right == m.shiftX && down == m.shiftY {
			translate(p.X, p.grid, s.keep(p.X), p.grid, int(down), int(right), cfg.Padding, cfg.Value)
			return
		}
	}
	src := s.keep(p.X)
	a, b, c, d := m.inverse()
	halfW, halfH := float64(p.w)/2, float64(p.h)/2
	for y := range p.h {
		Y := float64(y) + 0.5 - halfH - m.shiftY
		X := 0.5 - halfW - m.shiftX
		// The source, in pixel centres, of the first output pixel of the row.
		u, v := a*X+b*Y+halfW-0.5, c*X+d*Y+halfH-0.5
		out := p.X[y*p.row:]
		if cfg.Nearest {
			nearestRow(out, src, p.grid, u, v, a, c, cfg)
		} else {
			bilinearRow(out, src, p.grid, u, v, a, c, cfg)
		}
	}
}

// bilinearRow computes a row whose pixel x has its source at (u + x*du, v + x*dv).
func bilinearRow(out, src []float32, g grid, u, v, du, dv float64, cfg AffineConfig) {
	for x := range g.w {
		su, sv := u+float64(x)*du, v+float64(x)*dv
		fu, fv := math.Floor(su), math.Floor(sv)
		left, top := int(fu), int(fv)
		wx, wy := float32(su-fu), float32(sv-fv)
		o := x * g.col
		if uint(left) < uint(g.w-1) && uint(top) < uint(g.h-1) {
			i := top*g.row + left*g.col
			for range g.c {
				upper := src[i] + (src[i+g.col]-src[i])*wx
				lower := src[i+g.row] + (src[i+g.row+g.col]-src[i+g.row])*wx
				out[o] = upper + (lower-upper)*wy
				i += g.plane
				o += g.plane
			}
			continue
		}
		edgePixel(out[o:], src, g, left, top, wx, wy, cfg)
	}
}

// edgePixel is a pixel of which not all four sources lie inside of the picture.
func edgePixel(out, src []float32, g grid, left, top int, wx, wy float32, cfg AffineConfig) {
	if cfg.Padding == PadConstant && (left < -1 || left >= g.w || top < -1 || top >= g.h) {
		for ch := range g.c {
			out[ch*g.plane] = cfg.Value
		}
		return
	}
	x0, x1 := cfg.Padding.index(left, g.w), cfg.Padding.index(left+1, g.w)
	y0, y1 := cfg.Padding.index(top, g.h), cfg.Padding.index(top+1, g.h)
	at := func(y, x, ch int) float32 {
		if y < 0 || x < 0 {
			return cfg.Value
		}
		return src[y*g.row+x*g.col+ch*g.plane]
	}
	for ch := range g.c {
		upper := at(y0, x0, ch) + (at(y0, x1, ch)-at(y0, x0, ch))*wx
		lower := at(y1, x0, ch) + (at(y1, x1, ch)-at(y1, x0, ch))*wx
		out[ch*g.plane] = upper + (lower-upper)*wy
	}
}

func nearestRow(out, src []float32, g grid, u, v, du, dv float64, cfg AffineConfig) {
	for x := range g.w {
		sx := cfg.Padding.index(int(math.Floor(u+float64(x)*du+0.5)), g.w)
		sy := cfg.Padding.index(int(math.Floor(v+float64(x)*dv+0.5)), g.h)
		for ch := range g.c {
			value := cfg.Value
			if sx >= 0 && sy >= 0 {
				value = src[sy*g.row+sx*g.col+ch*g.plane]
			}
			out[x*g.col+ch*g.plane] = value
		}
	}
}
