package image

import (
	stdimage "image"
	"image/color"
)

// byteRows returns a function that reads row y of a picture of 8 bits as red, green, blue and alpha, the colours not multiplied by alpha; nil for a
// picture of more bits.
//
// limited says that a YCbCr picture has video's range of values, 16 to 235.
func byteRows(src stdimage.Image, limited bool) func(y int, row [][4]byte) {
	left := src.Bounds().Min.X
	switch m := src.(type) {
	case *stdimage.YCbCr:
		return ycbcrRows(m, limited)
	case *stdimage.Gray:
		return func(y int, row [][4]byte) {
			for x, v := range m.Pix[m.PixOffset(left, y):][:len(row)] {
				row[x] = [4]byte{v, v, v, 255}
			}
		}
	case *stdimage.NRGBA:
		return func(y int, row [][4]byte) {
			pix := m.Pix[m.PixOffset(left, y):]
			for x := range row {
				row[x] = [4]byte(pix[4*x:])
			}
		}
	case *stdimage.RGBA:
		return func(y int, row [][4]byte) {
			pix := m.Pix[m.PixOffset(left, y):]
			for x := range row {
				p := [4]byte(pix[4*x:])
				if p[3] != 255 {
					p = bytesOf(color.RGBA{R: p[0], G: p[1], B: p[2], A: p[3]})
				}
				row[x] = p
			}
		}
	case *stdimage.Paletted:
		var palette [256][4]byte // an index beyond the palette is transparent black
		for i, c := range m.Palette {
			palette[i] = bytesOf(c)
		}
		return func(y int, row [][4]byte) {
			for x, v := range m.Pix[m.PixOffset(left, y):][:len(row)] {
				row[x] = palette[v]
			}
		}
	case *stdimage.CMYK:
		return func(y int, row [][4]byte) {
			pix := m.Pix[m.PixOffset(left, y):]
			for x := range row {
				p := [4]byte(pix[4*x:])
				r, g, b := color.CMYKToRGB(p[0], p[1], p[2], p[3])
				row[x] = [4]byte{r, g, b, 255}
			}
		}
	case *stdimage.NYCbCrA:
		read := ycbcrRows(&m.YCbCr, limited)
		return func(y int, row [][4]byte) {
			read(y, row)
			for x, a := range m.A[m.AOffset(left, y):][:len(row)] {
				row[x][3] = a
			}
		}
	}
	return nil
}

func bytesOf(c color.Color) [4]byte {
	n, ok := c.(color.NRGBA)
	if !ok {
		n = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return [4]byte{n.R, n.G, n.B, n.A}
}

// floatRows is byteRows for a picture of any number of bits, as 0..255. read is what byteRows returned.
func floatRows(src stdimage.Image, read func(y int, row [][4]byte)) func(y int, row [][4]float32) {
	left := src.Bounds().Min.X
	if read != nil {
		small := make([][4]byte, src.Bounds().Dx())
		return func(y int, row [][4]float32) {
			read(y, small)
			for x, p := range small {
				row[x] = [4]float32{float32(p[0]), float32(p[1]), float32(p[2]), float32(p[3])}
			}
		}
	}
	if m, ok := src.(*stdimage.Gray16); ok {
		return func(y int, row [][4]float32) {
			for x := range row {
				v := float32(m.Gray16At(left+x, y).Y) / 257
				row[x] = [4]float32{v, v, v, 255}
			}
		}
	}
	return func(y int, row [][4]float32) {
		for x := range row {
			c := color.NRGBA64Model.Convert(src.At(left+x, y)).(color.NRGBA64)
			row[x] = [4]float32{float32(c.R) / 257, float32(c.G) / 257, float32(c.B) / 257, float32(c.A) / 257}
		}
	}
}

// hasAlpha tells whether a kind of picture may be transparent.
func hasAlpha(src stdimage.Image) bool {
	switch src.(type) {
	case *stdimage.YCbCr, *stdimage.Gray, *stdimage.Gray16, *stdimage.CMYK:
		return false
	}
	return true
}
