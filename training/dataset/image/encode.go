package image

import (
	"bytes"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"math"

	"github.com/pkg/errors"
)

// Picture returns the picture for display, with 8 bits a channel. Values 0..1 become 0..255. Where a value lies outside of 0..1, as in a
// normalised picture or one of 0..255, the smallest value becomes 0 and the largest 255; NaN becomes 0. One channel is grey, two are grey and
// alpha, four are red, green, blue and alpha; alpha is 0..1 and never stretched.
func (m *Image) Picture() (stdimage.Image, error) {
	if err := m.check(); err != nil {
		return nil, errors.WithMessage(err, "image: Picture")
	}
	g := m.grid()
	colours := m.Channels
	if colours%2 == 0 {
		colours-- // the last one is alpha
	}
	lo, hi := m.displayRange(colours)
	bytesOf := func(y, x, ch int) byte {
		v := float64(m.Pix[y*g.row+x*g.col+ch*g.plane])
		if ch < colours {
			v = (v - lo) / (hi - lo)
		}
		if !(v > 0) { // NaN too
			return 0
		}
		return byte(min(v, 1)*255 + 0.5)
	}
	if m.Channels == 1 {
		out := stdimage.NewGray(stdimage.Rect(0, 0, m.Width, m.Height))
		for y := range m.Height {
			for x := range m.Width {
				out.Pix[y*out.Stride+x] = bytesOf(y, x, 0)
			}
		}
		return out, nil
	}
	out := stdimage.NewNRGBA(stdimage.Rect(0, 0, m.Width, m.Height))
	for y := range m.Height {
		for x := range m.Width {
			c := color.NRGBA{A: 255}
			if colours == 1 {
				c.R = bytesOf(y, x, 0)
				c.G, c.B = c.R, c.R
			} else {
				c.R, c.G, c.B = bytesOf(y, x, 0), bytesOf(y, x, 1), bytesOf(y, x, 2)
			}
			if m.Channels > colours {
				c.A = bytesOf(y, x, colours)
			}
			out.SetNRGBA(x, y, c)
		}
	}
	return out, nil
}

// displayRange is what is shown as black and as white.
func (m *Image) displayRange(colours int) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	g := m.grid()
	for ch := range colours {
		for y := range m.Height {
			i := y*g.row + ch*g.plane
			for range m.Width {
				if v := float64(m.Pix[i]); !math.IsInf(v, 0) && v == v {
					lo, hi = min(lo, v), max(hi, v)
				}
				i += g.col
			}
		}
	}
	if lo >= -rounding && hi <= 1+rounding || lo >= hi {
		return 0, 1
	}
	return lo, hi
}

// rounding is how far a value may lie beyond 0..1 and still be taken for one of that range.
const rounding = 1e-3

// PNG encodes the picture for display; see Picture.
func (m *Image) PNG() ([]byte, error) {
	p, err := m.Picture()
	if err != nil {
		return nil, errors.WithMessage(err, "image: PNG")
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		return nil, errors.WithMessage(err, "image: PNG")
	}
	return b.Bytes(), nil
}

// String says how large the picture is.
func (m *Image) String() string {
	if m == nil {
		return "no picture"
	}
	return fmt.Sprintf("picture of height %d, width %d, %d channels (%v)", m.Height, m.Width, m.Channels, m.Layout)
}

// SimpleRender shows the picture in a notebook.
func (m *Image) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": m.String()}
	if b, err := m.PNG(); err == nil {
		shown["image/png"] = b
	}
	return shown
}
