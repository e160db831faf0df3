package image

import (
	stdimage "image"
	"image/color"
	"math"
)

// pixels makes values 0..255 of a picture, in the config's channels and layout, on the memory of pix where that is large enough.
func (c Config) pixels(src stdimage.Image, limited bool, pix []float32) *Image {
	b := src.Bounds()
	m := &Image{Pix: resized(pix, b.Dx()*b.Dy()*c.Channels), Height: b.Dy(), Width: b.Dx(), Channels: c.Channels, Layout: c.Layout}
	g := m.grid()
	read, whole := rowReader(src, limited)
	row := make([][4]float32, m.Width)
	back, opaque := c.background()
	for y := range m.Height {
		read(b.Min.Y+y, row)
		if opaque {
			for x := range row {
				over(&row[x], back)
			}
		}
		out := m.Pix[y*g.row:]
		switch {
		case c.Channels == 1:
			for x := range row {
				out[x] = luma(&row[x], whole)
			}
		case c.Channels == 3 && c.Layout == HWC:
			for x := range row {
				p, o := &row[x], out[3*x:3*x+3:3*x+3]
				o[0], o[1], o[2] = p[0], p[1], p[2]
			}
		default:
			for ch := range c.Channels {
				i := ch * g.plane
				for x := range row {
					out[i] = row[x][ch]
					i += g.col
				}
			}
		}
	}
	return m
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

// luma is ITU-R 601's 0.299 R + 0.587 G + 0.114 B with PIL's coefficients in units of 1/65536, and rounded as PIL does where the file has 8 bits.
func luma(p *[4]float32, whole bool) float32 {
	if p[0] == p[1] && p[1] == p[2] {
		return p[0]
	}
	v := (float64(p[0])*19595 + float64(p[1])*38470 + float64(p[2])*7471) / 65536
	if whole {
		v = math.Floor(v + 0.5)
	}
	return float32(v)
}

// rowReader returns a function that reads row y as red, green, blue and alpha from 0 to 255, the colours not multiplied by alpha, and
// whether these are whole numbers.
//
// limited says that a YCbCr picture has video's range of values, 16 to 235.
func rowReader(src stdimage.Image, limited bool) (read func(y int, row [][4]float32), whole bool) {
	left := src.Bounds().Min.X
	switch m := src.(type) {
	case *stdimage.YCbCr:
		return ycbcrReader(m, limited), true
	case *stdimage.Gray:
		return func(y int, row [][4]float32) {
			for x, v := range m.Pix[m.PixOffset(left, y):][:len(row)] {
				row[x] = [4]float32{float32(v), float32(v), float32(v), 255}
			}
		}, true
	case *stdimage.NRGBA:
		return func(y int, row [][4]float32) {
			pix := m.Pix[m.PixOffset(left, y):][:4*len(row)]
			for x := range row {
				p := pix[4*x : 4*x+4]
				row[x] = [4]float32{float32(p[0]), float32(p[1]), float32(p[2]), float32(p[3])}
			}
		}, true
	case *stdimage.RGBA:
		return func(y int, row [][4]float32) {
			pix := m.Pix[m.PixOffset(left, y):][:4*len(row)]
			for x := range row {
				p := pix[4*x : 4*x+4]
				if p[3] == 255 {
					row[x] = [4]float32{float32(p[0]), float32(p[1]), float32(p[2]), 255}
				} else {
					row[x] = eightBits(color.RGBA{R: p[0], G: p[1], B: p[2], A: p[3]})
				}
			}
		}, true
	case *stdimage.Paletted:
		var palette [256][4]float32 // an index beyond the palette is transparent black
		for i, c := range m.Palette {
			palette[i] = eightBits(c)
		}
		return func(y int, row [][4]float32) {
			for x, v := range m.Pix[m.PixOffset(left, y):][:len(row)] {
				row[x] = palette[v]
			}
		}, true
	case *stdimage.CMYK, *stdimage.NYCbCrA:
		return func(y int, row [][4]float32) {
			for x := range row {
				row[x] = eightBits(src.At(left+x, y))
			}
		}, true
	case *stdimage.Gray16:
		return func(y int, row [][4]float32) {
			for x := range row {
				v := float32(m.Gray16At(left+x, y).Y) / 257
				row[x] = [4]float32{v, v, v, 255}
			}
		}, false
	}
	return func(y int, row [][4]float32) {
		for x := range row {
			c := color.NRGBA64Model.Convert(src.At(left+x, y)).(color.NRGBA64)
			row[x] = [4]float32{float32(c.R) / 257, float32(c.G) / 257, float32(c.B) / 257, float32(c.A) / 257}
		}
	}, false
}

func eightBits(c color.Color) [4]float32 {
	n, ok := c.(color.NRGBA)
	if !ok {
		n = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return [4]float32{float32(n.R), float32(n.G), float32(n.B), float32(n.A)}
}
