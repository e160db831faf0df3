package image

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
)

// Resize returns the picture in another size, each side stretched by itself.
func (m *Image) Resize(height, width int, r Resampling) (*Image, error) {
	if err := cmp.Or(m.check(), checkSides(height, width), r.check()); err != nil {
		return nil, errors.WithMessage(err, "image: Resize")
	}
	return m.resize(height, width, r), nil
}

// ResizeShorter returns the picture with its shorter side resized to size and the other in proportion, rounded down:
// torchvision.transforms.Resize(size).
func (m *Image) ResizeShorter(size int, r Resampling) (*Image, error) {
	err := m.check()
	if err == nil {
		err = r.check()
	}
	if err == nil && (size < 1 || size > farthest) {
		err = errors.Errorf("wanted a size of 1 or more, came %d", size)
	}
	var h, w int
	if err == nil {
		h, w = shorterTo(m.Height, m.Width, size)
		err = checkSides(h, w)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: ResizeShorter")
	}
	return m.resize(h, w, r), nil
}

// CenterCrop returns the middle of a picture: torchvision.transforms.CenterCrop. Where the middle lies between two pixels it rounds half to even,
// as Python does. The picture must be as large as the crop; Pad makes it so.
func (m *Image) CenterCrop(height, width int) (*Image, error) {
	err := m.check()
	if err == nil {
		err = checkSides(height, width)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: CenterCrop")
	}
	return m.Crop(middle(m.Height, height), middle(m.Width, width), height, width)
}

// Crop returns a part of a picture: the rows from top and the columns from left on. It must lie inside of the picture.
func (m *Image) Crop(top, left, height, width int) (*Image, error) {
	err := m.check()
	if err == nil {
		err = checkSides(height, width)
	}
	if err == nil && (top < 0 || left < 0 || height > m.Height-top || width > m.Width-left) {
		err = errors.Errorf("wanted a part of the picture of height %d and width %d, came rows %d to %d and columns %d to %d; Pad makes the picture larger",
			m.Height, m.Width, top, top+height-1, left, left+width-1)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: Crop")
	}
	out := m.empty(height, width)
	crop(out.Pix, out.grid(), m.Pix, m.grid(), top, left)
	return out, nil
}

// Pad returns the picture with so many more rows and columns on each side. value is for PadConstant.
func (m *Image) Pad(top, bottom, left, right int, p Padding, value float32) (*Image, error) {
	err := m.check()
	if err == nil && (top < 0 || bottom < 0 || left < 0 || right < 0) {
		err = errors.Errorf("wanted 0 or more rows and columns to add, came top %d, bottom %d, left %d, right %d", top, bottom, left, right)
	}
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: Pad")
	}
	out := m.empty(m.Height+top+bottom, m.Width+left+right)
	translate(out.Pix, out.grid(), m.Pix, m.grid(), top, left, p, value)
	return out, nil
}

// Letterbox returns the whole picture, resized in proportion so that it just fits into height x width, in the middle of a rectangle of value.
//
// As for YOLO (ultralytics' LetterBox): the size is rounded to the nearest pixel, an odd rest goes to the bottom and right.
func (m *Image) Letterbox(height, width int, r Resampling, value float32) (*Image, error) {
	if err := cmp.Or(m.check(), checkSides(height, width), r.check()); err != nil {
		return nil, errors.WithMessage(err, "image: Letterbox")
	}
	return m.letterbox(height, width, r, value), nil
}

func checkSides(height, width int) error {
	if height < 1 || width < 1 || height > math.MaxInt32/width {
		return errors.Errorf("wanted a height and width of 1 or more, with fewer than 2^31 pixels, came %d and %d", height, width)
	}
	return nil
}

// fit brings a picture of 0..255 to the config's Height and Width, in new memory.
func (c Config) fit(m *Image) (*Image, error) {
	switch c.Fit {
	case Letterbox:
		return m.letterbox(c.Height, c.Width, c.Resampling, 127.5), nil
	case Crop:
		h, w := covering(m.Height, m.Width, c.Height, c.Width)
		if c.Shorter > 0 {
			// A flat picture may be too low for a wide crop even so.
			if sh, sw := shorterTo(m.Height, m.Width, c.Shorter); sh >= c.Height && sw >= c.Width {
				h, w = sh, sw
			}
		}
		if h > c.MaxPixels/w { // a file of one row may promise to become a thousand million pixels
			return nil, errors.Errorf("a picture of %dx%d pixels becomes %dx%d before its middle is cut out, more than MaxPixels, %d; crop it first",
				m.Width, m.Height, w, h, c.MaxPixels)
		}
		m = m.resize(h, w, c.Resampling)
		out := m.empty(c.Height, c.Width)
		crop(out.Pix, out.grid(), m.Pix, m.grid(), middle(h, c.Height), middle(w, c.Width))
		return out, nil
	}
	return m.resize(c.Height, c.Width, c.Resampling), nil
}

func (m *Image) empty(height, width int) *Image {
	return &Image{Pix: make([]float32, height*width*m.Channels), Height: height, Width: width, Channels: m.Channels, Layout: m.Layout}
}

func (m *Image) resize(height, width int, r Resampling) *Image {
	out := m.empty(height, width)
	if height == m.Height && width == m.Width { // every filter leaves it as it is
		copy(out.Pix, m.Pix)
		return out
	}
	p := resamplers.Get().(*resampler)
	defer resamplers.Put(p)
	p.run(r, out.Pix, out.grid(), m.Pix, m.grid())
	return out
}

func (m *Image) letterbox(height, width int, r Resampling, value float32) *Image {
	scale := min(float64(height)/float64(m.Height), float64(width)/float64(m.Width))
	h := min(max(int(math.Round(float64(m.Height)*scale)), 1), height)
	w := min(max(int(math.Round(float64(m.Width)*scale)), 1), width)
	small := m.resize(h, w, r)
	out := m.empty(height, width)
	translate(out.Pix, out.grid(), small.Pix, small.grid(), (height-h)/2, (width-w)/2, PadConstant, value)
	return out
}

// shorterTo is the size whose shorter side is size.
func shorterTo(h, w, size int) (int, int) {
	if h <= w {
		return size, max(int(float64(size)*float64(w)/float64(h)), 1)
	}
	return max(int(float64(size)*float64(h)/float64(w)), 1), size
}

// covering is the smallest size in proportion that is not smaller than height x width.
func covering(h, w, height, width int) (int, int) {
	scale := max(float64(height)/float64(h), float64(width)/float64(w))
	return max(int(math.Round(float64(h)*scale)), height), max(int(math.Round(float64(w)*scale)), width)
}

// middle is the first row of n in the middle of h.
func middle(h, n int) int { return int(math.RoundToEven(float64(h-n) / 2)) }

// crop copies the part of src from (top, left) on that fills dst.
func crop(dst []float32, to grid, src []float32, from grid, top, left int) {
	planes, step := to.lines()
	for p := range planes {
		for y := range to.h {
			i := (p*from.h+top+y)*from.w*step + left*step
			copy(dst[(p*to.h+y)*to.w*step:][:to.w*step], src[i:])
		}
	}
}

// lines says that a picture is so many planes of h rows of w pixels of step values.
func (g grid) lines() (planes, step int) {
	if g.row == g.w {
		return g.c, 1
	}
	return 1, g.c
}
