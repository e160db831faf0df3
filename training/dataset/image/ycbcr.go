package image

import stdimage "image"

// ycbcrRows reads the rows of a JPEG or a lossy WebP as libjpeg does, and so PIL, TensorFlow and PyTorch: colours stored for every second
// pixel are interpolated (libjpeg's "fancy upsampling", jdsample.c), and the arithmetic rounds. The standard library's At repeats the colour
// and rounds otherwise, which is up to 12 of 255 off at edges.
func ycbcrRows(m *stdimage.YCbCr, limited bool) func(y int, row [][4]byte) {
	b := m.Rect
	colours := &fullRange
	if limited {
		colours = &videoRange
	}
	even := b.Min.X%2 == 0 && b.Min.Y%2 == 0
	across := even && (m.SubsampleRatio == stdimage.YCbCrSubsampleRatio420 || m.SubsampleRatio == stdimage.YCbCrSubsampleRatio422)
	if !across {
		return func(y int, row [][4]byte) {
			luma := m.Y[m.YOffset(b.Min.X, y):][:len(row)]
			for x := range row {
				i := m.COffset(b.Min.X+x, y)
				colours.rgb(&row[x], luma[x], m.Cb[i], m.Cr[i])
			}
		}
	}
	roundEven, roundOdd := int32(8), int32(7)
	if m.SubsampleRatio == stdimage.YCbCrSubsampleRatio422 {
		roundEven, roundOdd = 4, 8
	}
	n := (b.Dx() + 1) / 2
	// Four times the colours at the height of the row, with the outermost ones repeated at both ends.
	cb, cr := make([]int32, n+2), make([]int32, n+2)
	return func(y int, row [][4]byte) {
		near := m.COffset(b.Min.X, y)
		far := near
		if m.SubsampleRatio == stdimage.YCbCrSubsampleRatio420 {
			other := y + 2*(y&1) - 1 // the row above for an even row, below for an odd one
			if other >= b.Min.Y && other < b.Max.Y {
				far = m.COffset(b.Min.X, other)
			}
		}
		weigh(cb, m.Cb[near:near+n], m.Cb[far:far+n])
		weigh(cr, m.Cr[near:near+n], m.Cr[far:far+n])
		luma := m.Y[m.YOffset(b.Min.X, y):][:len(row)]
		cb, cr := cb, cr
		for len(row) >= 2 && len(luma) >= 2 && len(cb) >= 3 && len(cr) >= 3 {
			colours.rgb(&row[0], luma[0], byte((3*cb[1]+cb[0]+roundEven)>>4), byte((3*cr[1]+cr[0]+roundEven)>>4))
			colours.rgb(&row[1], luma[1], byte((3*cb[1]+cb[2]+roundOdd)>>4), byte((3*cr[1]+cr[2]+roundOdd)>>4))
			row, luma, cb, cr = row[2:], luma[2:], cb[1:], cr[1:]
		}
		if len(row) == 1 {
			colours.rgb(&row[0], luma[0], byte((3*cb[1]+cb[0]+roundEven)>>4), byte((3*cr[1]+cr[0]+roundEven)>>4))
		}
	}
}

// weigh is three of the nearer row and one of the farther, with the first and the last repeated.
func weigh(dst []int32, near, far []byte) {
	n := len(near)
	far, inner := far[:n], dst[1:n+1]
	for i, v := range near {
		inner[i] = 3*int32(v) + int32(far[i])
	}
	dst[0], dst[n+1] = inner[0], inner[n-1]
}

// ycbcr holds what each byte of a pixel adds to its red, green and blue, in units of 1/65536.
type ycbcr struct{ luma, redCr, greenCb, greenCr, blueCb [256]int32 }

// fullRange is JFIF's conversion (ITU-R 601 with 0..255) as libjpeg has it (jdcolor.c); videoRange that of 16..235 (RFC 6386, libwebp's
// src/dsp/yuv.h).
var (
	fullRange  = newYCbCr(1<<16, 0, 91881, 22554, 46802, 116130)
	videoRange = newYCbCr(76309, 16, 104597, 25675, 53279, 132201)
)

func newYCbCr(scale, black, redCr, greenCb, greenCr, blueCb int32) (k ycbcr) {
	for i := range int32(256) {
		k.luma[i] = scale*(i-black) + 1<<15
		k.redCr[i], k.blueCb[i] = redCr*(i-128), blueCb*(i-128)
		k.greenCb[i], k.greenCr[i] = -greenCb*(i-128), -greenCr*(i-128)
	}
	return k
}

// rgb sets a pixel, byte by byte: an assignment of the whole would be put together elsewhere in memory first.
func (k *ycbcr) rgb(p *[4]byte, y, cb, cr byte) {
	luma := k.luma[y]
	p[0] = clamped[uint32(luma+k.redCr[cr])>>16%2048]
	p[1] = clamped[uint32(luma+k.greenCb[cb]+k.greenCr[cr])>>16%2048]
	p[2] = clamped[uint32(luma+k.blueCb[cb])>>16%2048]
	p[3] = 255
}

// clamped is the nearest of 0..255 to -1024..1023, of which it takes the lowest 11 bits.
var clamped = func() (t [2048]byte) {
	for i := range 1024 {
		t[i] = byte(min(i, 255))
	}
	return t
}()
