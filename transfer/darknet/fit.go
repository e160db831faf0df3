package darknet

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// Fitted is a picture in the size that a network takes.
type Fitted struct {
	Image *image.Image // of that size

	height, width int       // of the picture
	place         boxes.Box // of the picture in Image, in shares
}

// Letterbox makes a picture as large as fits into height and width and centres it on grey, 0.5, as Darknet
// does for its detectors. A picture has values of 0 to 1, which is what image.Open gives.
func Letterbox(m *image.Image, height, width int) (*Fitted, error) {
	f, err := fitInto(m, height, width, true)
	return f, errors.WithMessage(err, "darknet: Letterbox")
}

// Stretch gives a picture a height and a width whatever its own proportions are, as Darknet does in training.
func Stretch(m *image.Image, height, width int) (*Fitted, error) {
	f, err := fitInto(m, height, width, false)
	return f, errors.WithMessage(err, "darknet: Stretch")
}

func fitInto(m *image.Image, height, width int, letterbox bool) (*Fitted, error) {
	if m == nil || m.Height < 1 || m.Width < 1 || height < 1 || width < 1 {
		return nil, errors.Errorf("wanted a picture, and a height and width of 1 or more, came %v, %d and %d", m, height, width)
	}
	h, w := height, width
	if letterbox { // in Darknet's integers, which cut fractions off
		if int64(width)*int64(m.Height) < int64(height)*int64(m.Width) {
			h = max(1, int(int64(m.Height)*int64(width)/int64(m.Width)))
		} else {
			w = max(1, int(int64(m.Width)*int64(height)/int64(m.Height)))
		}
	}
	resized, err := m.Resize(h, w, image.BilinearAligned)
	if err != nil {
		return nil, err
	}
	top, left := (height-h)/2, (width-w)/2
	if h != height || w != width {
		if resized, err = resized.Pad(top, height-h-top, left, width-w-left, image.PadConstant, 0.5); err != nil {
			return nil, err
		}
	}
	place := boxes.Box{Left: float64(left), Top: float64(top), Right: float64(left + w), Bottom: float64(top + h)}
	return &Fitted{resized.To(image.HWC), m.Height, m.Width, place.Scaled(1/float64(width), 1/float64(height))}, nil
}

// Tensor is the picture as a batch of one, float32 [1, height, width, channels]. It shares the picture's memory.
func (f *Fitted) Tensor() *tensor.Dense {
	return tensor.New(tensor.WithShape(1, f.Image.Height, f.Image.Width, f.Image.Channels), tensor.WithBacking(f.Image.Pix))
}

// Pixels takes boxes from shares of the network's input, which is what Head.Boxes gives, to pixels of the picture, and cuts off what
// lies outside of it. A box of which nothing is left is left out.
func (f *Fitted) Pixels(found []boxes.Box) []boxes.Box {
	var out []boxes.Box
	for _, b := range found {
		b.Left, b.Right = b.Left-f.place.Left, b.Right-f.place.Left
		b.Top, b.Bottom = b.Top-f.place.Top, b.Bottom-f.place.Top
		b = b.Scaled(float64(f.width)/f.place.Width(), float64(f.height)/f.place.Height()).Clipped(float64(f.width), float64(f.height))
		if b.Area() > 0 {
			out = append(out, b)
		}
	}
	return out
}
