package image

import (
	stdimage "image"
	"image/color"
	"math"
)

// pixels makes values of a picture, in the config's channels and layout, on the memory of pix where that is large enough. n is for values 0..1.
//
// Where the file has 8 bits, a value follows from a byte, so that n costs no more than looking the byte up.
func (c Config) pixels(src stdimage.Image, limited bool, n Normalization, s *scratch, pix []float32) *Image {
	b := src.Bounds()
	m := &Image{Pix: resized(pix, b.Dx()*b.Dy()*c.Channels), Height: b.Dy(), Width: b.Dx(), Channels: c.Channels, Layout: c.Layout}
	read := byteRows(src, limited)
	if read == nil || c.Background != nil && hasAlpha(src) {
		c.fromFloats(m, b.Min.Y, floatRows(src, read), read != nil)
		n.apply(m.grid(), m.Pix, 255)
		return m
	}
	s.row = resized(s.row, m.Width)
	m.fromBytes(b.Min.Y, read, s.row, n)
	return m
}

// fromBytes fills the picture from rows of bytes, the first of which is row top. row has room for one.
func (m *Image) fromBytes(top int, read func(y int, row [][4]byte), row [][4]byte, n Normalization) {
	g := m.grid()
	var values [maxChannels][256]float32
	n.fill(values[:m.Channels])
	for y := range m.Height {
		read(top+y, row)
		if n.BGR {
			for x := range row {
				p := &row[x]
				p[0], p[2] = p[2], p[0]
			}
		}
		out := m.Pix[y*g.row:]
		switch {
		case m.Channels == 1:
			for x := range row {
				out[x] = values[0][greyByte(&row[x])]
			}
		case m.Channels == 3 && m.Layout == HWC:
			red, green, blue := &values[0], &values[1], &values[2]
			out = out[:3*len(row)]
			for x := range row {
				if len(out) < 3 { // never: it spares the checks of the indices below
					break
				}
				p := &row[x]
				out[0], out[1], out[2] = red[p[0]], green[p[1]], blue[p[2]]
				out = out[3:]
			}
		default:
			for ch := range m.Channels {
				i, values := ch*g.plane, &values[ch]
				for x := range row {
					out[i] = values[row[x][ch]]
					i += g.col
				}
			}
		}
	}
}

// fromFloats fills the picture with 0..255 from rows of numbers, which whole says are whole, the first of which is row top.
func (c Config) fromFloats(m *Image, top int, read func(y int, row [][4]float32), whole bool) {
	g := m.grid()
	row := make([][4]float32, m.Width)
	back, opaque := c.background()
	for y := range m.Height {
		read(top+y, row)
		if opaque {
			for x := range row {
				over(&row[x], back)
			}
		}
		out := m.Pix[y*g.row:]
		if c.Channels == 1 {
			for x := range row {
				out[x] = greyFloat(&row[x], whole)
			}
			continue
		}
		for ch := range c.Channels {
			i := ch * g.plane
			for x := range row {
				out[i] = row[x][ch]
				i += g.col
			}
		}
	}
}

// background is the colour to put transparent pixels on, and whether there is one.
func (c Config) background() (back [4]float32, ok bool) {
	if c.Background == nil {
		return back, false
	}
	n := color.NRGBA64Model.Convert(c.Background).(color.NRGBA64)
	return [4]float32{float32(n.R) / 257, float32(n.G) / 257, float32(n.B) / 257, 255}, true
}

func over(p *[4]float32, back [4]float32) {
	a := p[3] / 255
	if a == 1 {
		return
	}
	for ch := range 3 {
		p[ch] = p[ch]*a + back[ch]*(1-a)
	}
	p[3] = 255
}

// greyByte is ITU-R 601's 0.299 R + 0.587 G + 0.114 B with PIL's coefficients in units of 1/65536, rounded as PIL does.
func greyByte(p *[4]byte) byte {
	return byte((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
}

// greyFloat is the same of 0..255; whole says that the file has 8 bits, so that the result is rounded.
func greyFloat(p *[4]float32, whole bool) float32 {
	if p[0] == p[1] && p[1] == p[2] {
		return p[0]
	}
	v := (float64(p[0])*19595 + float64(p[1])*38470 + float64(p[2])*7471) / 65536
	if whole {
		v = math.Floor(v + 0.5)
	}
	return float32(v)
}
