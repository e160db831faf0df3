package show

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/plots"
)

// ImagesConfig configures Images. The zero value shows the images alone.
type ImagesConfig struct {
	// Labels are the true classes, one for each image: a tensor or a slice of numbers.
	Labels interface{}
	// Predicted are the classes that a network found: numbers like Labels, or logits or probabilities [n, classes], of which the largest counts.
	// Where they differ from Labels, both stand beneath the image, in the colour of alarm.
	Predicted interface{}
	Names     []string // of the classes; a class without a name has its number

	Title string
	// Height, Width, Channels and ChannelsFirst say what an image is where the shape does not: see TensorConfig. Without Height and Width the rows
	// of a matrix are taken for square images, as [n, 784] for those of 28 x 28 and [n, 3072] for those of 32 x 32 in colour.
	Height, Width, Channels int
	ChannelsFirst           bool
	Limit                   int // how many are shown at most; default 32
}

// Images shows images, [n, height, width, 1 or 3] or rows of pixels, with their labels and what was predicted. What does not fit together is said
// in place of the picture.
func Images(x tensor.Tensor, cfg ImagesConfig) (v *View) {
	defer guarded("images", &v)
	if isNil(x) {
		return plain("no images")
	}
	e, ok := elementsOf(x)
	if !ok || e.size == 0 {
		return plain("no images: the tensor is %v %v", x.Dtype(), []int(x.Shape()))
	}
	layout := TensorConfig{Title: cfg.Title, Height: cfg.Height, Width: cfg.Width, Channels: cfg.Channels, ChannelsFirst: cfg.ChannelsFirst, Limit: cfg.Limit}
	if len(e.shape) == 2 && cfg.Height == 0 && cfg.Width == 0 {
		layout.Height, layout.Channels = squareOf(e.shape[1], cfg.Channels)
		layout.Width = layout.Height
	}
	h, w, channels, ok := e.imageShape(layout)
	if !ok || (layout.Height > 0) != (layout.Width > 0) || layout.Height == 0 && len(e.shape) == 2 {
		return plain("no images: %s %v is neither [n, height, width, 1 or 3] with sides of at least 8 nor rows of square images; "+
			"say what an image is by Height and Width, both, and by Channels", e.dtype, e.shape)
	}
	n := e.size / (h * w * channels)
	labels, err := classesOf("Labels", cfg.Labels, n)
	if err != nil {
		return plain("images: %v", err)
	}
	predicted, err := classesOf("Predicted", cfg.Predicted, n)
	if err != nil {
		return plain("images: %v", err)
	}
	layout.captions, layout.flagged = captions(labels, predicted, cfg.Names)
	p, note := e.images(layout, statisticsOf(e))
	if p == nil {
		return plain("no images: %s %v could not be drawn", e.dtype, e.shape)
	}
	if labels != nil && predicted != nil {
		wrong := 0
		for _, flagged := range layout.flagged {
			if flagged {
				wrong++
			}
		}
		note += fmt.Sprintf("; %d of %d predicted wrongly", wrong, n)
	}
	png, err := p.PNG()
	if err != nil {
		return plain("images: %v", err)
	}
	v = plain("%s", note)
	for i, caption := range layout.captions[:min(len(layout.captions), 32)] {
		if i == 0 {
			v.text += "\n "
		}
		v.text += " " + caption + ";"
	}
	v.png = png
	v.html = fmt.Sprintf("<div>%s<div>%s</div></div>", scaled(p, png), escape(note))
	return v
}

// squareOf is the side of a square image of so many pixels, 0 where there is none, and its channels: those that are wanted, or 1, or 3.
func squareOf(pixels, wanted int) (side, channels int) {
	for _, channels := range []int{1, 3} {
		side := int(math.Sqrt(float64(pixels / channels)))
		if (wanted == 0 || wanted == channels) && side*side*channels == pixels {
			return side, channels
		}
	}
	return 0, wanted
}

// scaled is a picture at half the size of its pixels, which are finer than those of most screens.
func scaled(p *plots.Picture, png []byte) string {
	w, _ := p.Size()
	return fmt.Sprintf(`<div style="max-width:%dpx">%s</div>`, w/2, embedded("image/png", p.String(), png))
}

// noClass is that of a label, or of logits, that are not numbers.
const noClass = math.MinInt

// className is the name of a class, or its number where it has none.
func className(class int, names []string) string {
	switch {
	case class == noClass:
		return "none"
	case class >= 0 && class < len(names):
		return shortened(clean(names[class]), 30)
	}
	return fmt.Sprint(class)
}

// captions are what stands beneath the images, nil where there is nothing to say.
func captions(labels, predicted []int, names []string) (list []string, flagged []bool) {
	name := func(class int) string { return className(class, names) }
	for i := range max(len(labels), len(predicted)) {
		switch {
		case labels == nil:
			list, flagged = append(list, name(predicted[i])), append(flagged, false)
		case predicted == nil || labels[i] == predicted[i]:
			list, flagged = append(list, name(labels[i])), append(flagged, false)
		default:
			list, flagged = append(list, name(predicted[i])+" ("+name(labels[i])+")"), append(flagged, true)
		}
	}
	return list, flagged
}

// classesOf reads class numbers, one for each of n images, or takes the largest of each row of logits, NaN aside.
func classesOf(what string, value interface{}, n int) ([]int, error) {
	if value == nil {
		return nil, nil
	}
	t, ok := value.(tensor.Tensor)
	if !ok {
		var err error
		if t, err = tensorOfSlice(value); err != nil {
			return nil, fmt.Errorf("%s is %T; want a tensor or a slice of numbers", what, value)
		}
	}
	if isNil(t) {
		return nil, nil
	}
	e, ok := elementsOf(t)
	if !ok || !e.numeric() || e.size%max(n, 1) != 0 || len(e.shape) == 0 || e.shape[0] != n {
		return nil, fmt.Errorf("%s is %v %v; want one number, or one row of logits, for each of the %d images", what, t.Dtype(), []int(t.Shape()), n)
	}
	classes, width := make([]int, n), e.size/n
	for i := range classes {
		classes[i] = e.classOf(i, width)
	}
	return classes, nil
}

// classOf is the number in a row, or in a row of logits the place of the largest.
func (e *elements) classOf(row, width int) int {
	if width == 1 {
		if v := e.float(e.place(row)); !math.IsNaN(v) {
			return int(v)
		}
		return noClass
	}
	class, most := noClass, 0.0
	for k := range width {
		if v := e.float(e.place(row*width + k)); v > most || class == noClass && !math.IsNaN(v) {
			class, most = k, v
		}
	}
	return class
}

// tensorOfSlice wraps a slice.
func tensorOfSlice(value interface{}) (t tensor.Tensor, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return tensor.New(tensor.WithBacking(value)), nil
}
