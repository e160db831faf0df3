package summary

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
)

// defaultOutputs is max_outputs of tf.summary.image.
const defaultOutputs = 3

// maxSide bounds the sides of an image, which a colour PNG of 4 GiB would exceed.
const maxSide = 1 << 14

// Image writes images under a tag (tf.summary.image): a tensor [batch, height, width, channels] of
// uint8, or of float32 or float64, with 1 (grey), 3 (RGB) or 4 (RGBA) channels; at most maxOutputs
// images of the batch, 0 meaning 3. Or one image.Image. The tags are TAG/image for maxOutputs of 1
// and for an image.Image, and else TAG/image/0, TAG/image/1, ...
//
// Floats are scaled as TensorFlow does, image by image: with no value below zero the largest
// becomes 255; otherwise zero becomes 128 and the largest absolute value is 127 away from it. A
// pixel that is not finite is red.
func (w *Writer) Image(tag string, step int64, images interface{}, maxOutputs int) error {
	list, err := summariseImages(tag, images, maxOutputs)
	if err != nil {
		return err
	}
	return w.summary(step, list...)
}

func summariseImages(tag string, images interface{}, maxOutputs int) ([]tffile.Summary, error) {
	list, err := encodeImages(tag, images, maxOutputs)
	return list, errors.WithMessagef(err, "summary: the image %q", tag)
}

func encodeImages(tag string, images interface{}, maxOutputs int) ([]tffile.Summary, error) {
	if maxOutputs < 0 {
		return nil, errors.Errorf("maxOutputs is %d; want the number of images to be written, or 0 for %d", maxOutputs, defaultOutputs)
	}
	if maxOutputs == 0 {
		maxOutputs = defaultOutputs
	}
	if im, ok := images.(image.Image); ok {
		return encodeImage(tag, im)
	}
	t, ok := images.(*tensor.Dense)
	if !ok || t == nil {
		return nil, errors.Errorf("a value of type %T; want a tensor [batch, height, width, channels] or an image.Image", images)
	}
	shape := t.Shape()
	if len(shape) != 4 || shape[3] != 1 && shape[3] != 3 && shape[3] != 4 || shape[1] < 1 || shape[2] < 1 || shape[1] > maxSide || shape[2] > maxSide {
		return nil, errors.Errorf("a tensor of shape %v; want [batch, height, width, channels] with 1, 3 or 4 channels and sides of 1 to %d", shape, maxSide)
	}
	x, err := pixels(t)
	if err != nil {
		return nil, err
	}
	var list []tffile.Summary
	size := shape[1] * shape[2] * shape[3]
	for i := 0; i < min(maxOutputs, shape[0]); i++ {
		name := tag + "/image"
		if maxOutputs > 1 {
			name = fmt.Sprintf("%s/image/%d", tag, i)
		}
		levels, bad := x(i*size, (i+1)*size)
		s, err := encodePNG(name, draw(levels, bad, shape[1], shape[2], shape[3]), shape[3])
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func encodeImage(tag string, im image.Image) ([]tffile.Summary, error) {
	if b := im.Bounds(); b.Dx() < 1 || b.Dy() < 1 || b.Dx() > maxSide || b.Dy() > maxSide {
		return nil, errors.Errorf("an image of %d x %d; want sides of 1 to %d", b.Dx(), b.Dy(), maxSide)
	}
	channels := 4
	switch im.(type) {
	case *image.Gray:
		channels = 1
	case *image.YCbCr:
		channels = 3
	}
	s, err := encodePNG(tag+"/image", im, channels)
	return []tffile.Summary{s}, err
}

func encodePNG(tag string, im image.Image, channels int) (tffile.Summary, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		return tffile.Summary{}, errors.Wrap(err, "encoding the PNG")
	}
	return tffile.Summary{Tag: tag, Image: &tffile.Image{Height: im.Bounds().Dy(), Width: im.Bounds().Dx(), Channels: channels, PNG: b.Bytes()}}, nil
}

// pixels returns a function that gives a range of a tensor's elements as bytes, and which of them
// are not finite.
func pixels(t *tensor.Dense) (func(from, to int) ([]uint8, []bool), error) {
	switch x := elements(t).(type) {
	case []uint8:
		return func(from, to int) ([]uint8, []bool) { return x[from:to], make([]bool, to-from) }, nil
	case []float32:
		return func(from, to int) ([]uint8, []bool) { return scaled(convert(x[from:to]), t.Shape()[3]) }, nil
	case []float64:
		return func(from, to int) ([]uint8, []bool) { return scaled(x[from:to], t.Shape()[3]) }, nil
	}
	return nil, errors.Errorf("a tensor of %v; want uint8, float32 or float64", t.Dtype())
}

// scaled is NormalizeFloatImage of tensorflow/core/kernels/summary_image_op.cc.
func scaled(x []float64, channels int) (levels []uint8, bad []bool) {
	levels, bad = make([]uint8, len(x)), make([]bool, len(x))
	low, high := math.Inf(1), math.Inf(-1)
	for i := 0; i < len(x); i += channels {
		finite := true
		for _, v := range x[i : i+channels] {
			finite = finite && !math.IsNaN(v) && !math.IsInf(v, 0)
		}
		for j := i; j < i+channels; j++ {
			bad[j] = !finite
			if finite {
				low, high = math.Min(low, x[j]), math.Max(high, x[j])
			}
		}
	}
	largest, top, offset := high, 255.0, 0.0
	if low < 0 {
		largest, top, offset = math.Max(-low, math.Abs(high)), 127, 128
	}
	scale := float32(0)
	if largest >= 1e-6 {
		scale = float32(top) / float32(largest)
	}
	for i, v := range x {
		if !bad[i] {
			levels[i] = uint8(math.Max(0, math.Min(255, float64(float32(v)*scale+float32(offset)))))
		}
	}
	return levels, bad
}

// draw makes an image of [height, width, channels] levels.
func draw(levels []uint8, bad []bool, height, width, channels int) image.Image {
	if channels == 1 {
		grey := true
		for _, b := range bad {
			grey = grey && !b
		}
		if grey {
			return &image.Gray{Pix: levels, Stride: width, Rect: image.Rect(0, 0, width, height)}
		}
	}
	im := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < height*width; i++ {
		p := levels[i*channels : (i+1)*channels]
		var c color.NRGBA
		switch {
		case bad[i*channels]:
			c = color.NRGBA{R: 255, A: 255}
		case channels == 1:
			c = color.NRGBA{R: p[0], G: p[0], B: p[0], A: 255}
		case channels == 3:
			c = color.NRGBA{R: p[0], G: p[1], B: p[2], A: 255}
		default:
			c = color.NRGBA{R: p[0], G: p[1], B: p[2], A: p[3]}
		}
		im.SetNRGBA(i%width, i/width, c)
	}
	return im
}
