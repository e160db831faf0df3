package image

import "github.com/pkg/errors"

// Layout is the order of an Image's axes in memory.
type Layout int

// The two layouts in use: TensorFlow's (NHWC in batches) and PyTorch's (NCHW).
const (
	HWC Layout = iota // [height, width, channels]
	CHW               // [channels, height, width]
)

// String is "HWC" or "CHW".
func (l Layout) String() string {
	if l == CHW {
		return "CHW"
	}
	return "HWC"
}

// Image is a picture of float32 values, without padding between its rows.
type Image struct {
	Pix                     []float32 // Height*Width*Channels values in the order of Layout
	Height, Width, Channels int
	Layout                  Layout
}

// New makes an Image of zeros in HWC.
func New(height, width, channels int) (*Image, error) {
	if height < 1 || width < 1 || channels < 1 || channels > maxChannels {
		return nil, errors.Errorf("image: New: wanted height and width of 1 or more and 1 to %d channels, came %d, %d and %d", maxChannels, height, width, channels)
	}
	return &Image{Pix: make([]float32, height*width*channels), Height: height, Width: width, Channels: channels}, nil
}

const maxChannels = 4

// Shape is the shape of Pix: [height, width, channels] or [channels, height, width].
func (m *Image) Shape() []int {
	if m.Layout == CHW {
		return []int{m.Channels, m.Height, m.Width}
	}
	return []int{m.Height, m.Width, m.Channels}
}

// At is the value of a channel at row y and column x. Outside of the picture it panics, as indexing a slice does.
func (m *Image) At(y, x, channel int) float32 {
	g := m.grid()
	return m.Pix[y*g.row+x*g.col+channel*g.plane]
}

// To returns the picture in the other layout, or itself where it has that already.
func (m *Image) To(l Layout) *Image {
	if m.Layout == l {
		return m
	}
	out := &Image{Pix: make([]float32, len(m.Pix)), Height: m.Height, Width: m.Width, Channels: m.Channels, Layout: l}
	m.grid().copyTo(out.grid(), out.Pix, m.Pix)
	return out
}

// check says what is wrong with a picture that a caller has put together.
func (m *Image) check() error {
	switch {
	case m == nil:
		return errors.New("wanted a picture, came nil")
	case m.Height < 1 || m.Width < 1 || m.Channels < 1 || m.Channels > maxChannels:
		return errors.Errorf("wanted height and width of 1 or more and 1 to %d channels, came %d, %d and %d", maxChannels, m.Height, m.Width, m.Channels)
	case len(m.Pix) != m.Height*m.Width*m.Channels:
		return errors.Errorf("a picture of height %d, width %d and %d channels has %d values, Pix has %d", m.Height, m.Width, m.Channels, m.Height*m.Width*m.Channels, len(m.Pix))
	case m.Layout != HWC && m.Layout != CHW:
		return errors.Errorf("Layout: wanted HWC or CHW, came %d", int(m.Layout))
	}
	return nil
}

// grid says where the values of a picture lie: (y, x, channel) at y*row + x*col + channel*plane.
type grid struct {
	h, w, c         int
	row, col, plane int
}

func gridOf(h, w, c int, l Layout) grid {
	if l == CHW {
		return grid{h, w, c, w, 1, h * w}
	}
	return grid{h, w, c, w * c, c, 1}
}

func (m *Image) grid() grid { return gridOf(m.Height, m.Width, m.Channels, m.Layout) }

func (g grid) len() int { return g.h * g.w * g.c }

// copyTo copies a picture to one of the same size in another layout.
func (g grid) copyTo(to grid, dst, src []float32) {
	for ch := range g.c {
		for y := range g.h {
			i, j := y*to.row+ch*to.plane, y*g.row+ch*g.plane
			for range g.w {
				dst[i] = src[j]
				i += to.col
				j += g.col
			}
		}
	}
}
