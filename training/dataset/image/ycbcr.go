package image

import stdimage "image"

// ycbcrReader reads the rows of a JPEG or a lossy WebP as libjpeg does, and so PIL, TensorFlow and PyTorch: colours stored for every second
// pixel are interpolated (libjpeg's "fancy upsampling", jdsample.c), and the arithmetic rounds. The standard library's At repeats the colour
// and rounds otherwise, which is up to 12 of 255 off at edges.
func ycbcrReader(m *stdimage.YCbCr, limited bool) func(y int, row [][4]float32) {
	b := m.Rect
	even := b.Min.X%2 == 0 && b.Min.Y%2 == 0
	across := even && (m.SubsampleRatio == stdimage.YCbCrSubsampleRatio420 || m.SubsampleRatio == stdimage.YCbCrSubsampleRatio422)
	if !across {
		return func(y int, row [][4]float32) {
			for x := range row {
				i := m.COffset(b.Min.X+x, y)
				toRGB(&row[x], int32(m.Y[m.YOffset(b.Min.X+x, y)]), int32(m.Cb[i]), int32(m.Cr[i]), limited)
			}
		}
	}
	round := [2]int32{8, 7} // for even and odd columns
	if m.SubsampleRatio == stdimage.YCbCrSubsampleRatio422 {
		round = [2]int32{4, 8}
	}
	n := (b.Dx() + 1) / 2
	cb, cr := make([]int32, n), make([]int32, n) // four times the colours at the height of the row
	return func(y int, row [][4]float32) {
		near := m.COffset(b.Min.X, y)
		far := near
		if m.SubsampleRatio == stdimage.YCbCrSubsampleRatio420 {
			other := y + 2*(y&1) - 1 // the row above for an even row, below for an odd one
			if other >= b.Min.Y && other < b.Max.Y {
				far = m.COffset(b.Min.X, other)
			}
		}
		for i := range n {
			cb[i] = 3*int32(m.Cb[near+i]) + int32(m.Cb[far+i])
			cr[i] = 3*int32(m.Cr[near+i]) + int32(m.Cr[far+i])
		}
		luma := m.Y[m.YOffset(b.Min.X, y):][:len(row)]
		for x := range row {
			i, odd := x/2, x&1
			side := min(max(i+2*odd-1, 0), n-1)
			toRGB(&row[x], int32(luma[x]), (3*cb[i]+cb[side]+round[odd])>>4, (3*cr[i]+cr[side]+round[odd])>>4, limited)
		}
	}
}

// toRGB is JFIF's conversion (ITU-R 601 with 0..255) in units of 1/65536, as libjpeg has it (jdcolor.c); limited, that for video's 16..235
// (RFC 6386, libwebp's src/dsp/yuv.h).
func toRGB(p *[4]float32, y, cb, cr int32, limited bool) {
	cb, cr = cb-128, cr-128
	var r, g, b int32
	if limited {
		y = 76309*(y-16) + 1<<15
		r, g, b = y+104597*cr, y-25675*cb-53279*cr, y+132201*cb
	} else {
		y = y<<16 + 1<<15
		r, g, b = y+91881*cr, y-22554*cb-46802*cr, y+116130*cb
	}
	p[0], p[1], p[2], p[3] = clampByte(r>>16), clampByte(g>>16), clampByte(b>>16), 255
}

func clampByte(v int32) float32 { return float32(min(max(v, 0), 255)) }
