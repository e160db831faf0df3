package image

import (
	"math"

	"github.com/pkg/errors"
)

// Normalization brings values from 0..1 to the range that a net was trained on: (v - Mean) / Std for each channel. The zero value leaves
// them as they are.
//
// torchvision.transforms.Normalize; tf.keras.applications.imagenet_utils.preprocess_input.
type Normalization struct {
	Mean, Std []float64 // one number for each channel, or one for all; nil means 0 and 1
	BGR       bool      // first reverse the order of the colours: blue, green, red. Mean and Std are in that order
}

// Normalizations that pretrained nets want. All are for values 0..1, as Decode makes them.
var (
	// ImageNet is torchvision's: mean 0.485, 0.456, 0.406, standard deviation 0.229, 0.224, 0.225. Keras calls it mode "torch".
	ImageNet = Normalization{Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225}}
	// PlusMinusOne brings 0..1 to -1..1: Inception, MobileNet and ResNet v2 in TensorFlow. Keras calls it mode "tf".
	PlusMinusOne = Normalization{Mean: []float64{0.5}, Std: []float64{0.5}}
	// Caffe is blue, green, red from 0 to 255 less ImageNet's mean 103.939, 116.779, 123.68: VGG and ResNet v1 in TensorFlow. Keras calls it
	// mode "caffe".
	Caffe = Normalization{Mean: []float64{103.939 / 255, 116.779 / 255, 123.68 / 255}, Std: []float64{1.0 / 255}, BGR: true}
	// Bytes keeps 0..255. The values of a picture that was not resized are whole numbers.
	Bytes = Normalization{Std: []float64{1.0 / 255}}
)

// check says what is wrong with n for a number of channels; 0 channels are not known yet.
func (n Normalization) check(channels int) error {
	for _, list := range []struct {
		name   string
		values []float64
	}{{"Mean", n.Mean}, {"Std", n.Std}} {
		if k := len(list.values); k > 1 && channels > 0 && k != channels {
			return errors.Errorf("Normalization.%s: wanted 1 number or %d, one a channel, came %d", list.name, channels, k)
		}
		for i, v := range list.values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return errors.Errorf("Normalization.%s[%d]: wanted a finite number, came %v", list.name, i, v)
			}
		}
	}
	for i, v := range n.Std {
		if v <= 0 {
			return errors.Errorf("Normalization.Std[%d]: wanted more than 0, came %v", i, v)
		}
	}
	if n.BGR && channels > 0 && channels < 3 {
		return errors.Errorf("Normalization.BGR: wanted 3 or 4 channels, the picture has %d", channels)
	}
	return nil
}

// apply normalises values that are 0..top.
func (n Normalization) apply(g grid, pix []float32, top float64) {
	if n.BGR {
		for y := range g.h {
			for x := range g.w {
				i := y*g.row + x*g.col
				pix[i], pix[i+2*g.plane] = pix[i+2*g.plane], pix[i]
			}
		}
	}
	scale, offset := n.lines(g.c, top)
	changes := false
	for ch := range g.c {
		changes = changes || scale[ch] != 1 || offset[ch] != 0
	}
	if !changes {
		return
	}
	if g.c == 3 && g.plane == 1 { // one walk over memory
		for ; len(pix) >= 3; pix = pix[3:] {
			pix[0] = float32(float64(pix[0])*scale[0] - offset[0])
			pix[1] = float32(float64(pix[1])*scale[1] - offset[1])
			pix[2] = float32(float64(pix[2])*scale[2] - offset[2])
		}
		return
	}
	for ch := range g.c {
		scale, offset := scale[ch], offset[ch]
		for y := range g.h {
			i := y*g.row + ch*g.plane
			for range g.w {
				pix[i] = float32(float64(pix[i])*scale - offset)
				i += g.col
			}
		}
	}
}

// lines says that the values of a channel that were 0..top become scale*v - offset.
func (n Normalization) lines(channels int, top float64) (scale, offset [maxChannels]float64) {
	for ch := range channels {
		mean, std := pickOne(n.Mean, ch, 0), pickOne(n.Std, ch, 1)
		scale[ch], offset[ch] = 1/(top*std), mean/std
	}
	return scale, offset
}

// fill tables what apply makes of the bytes of each channel.
func (n Normalization) fill(values [][256]float32) {
	scale, offset := n.lines(len(values), 255)
	for ch := range values {
		scale, offset := scale[ch], offset[ch]
		for v := range values[ch] {
			values[ch][v] = float32(float64(v)*scale - offset)
		}
	}
}

func pickOne(list []float64, i int, missing float64) float64 {
	switch {
	case len(list) == 0:
		return missing
	case len(list) == 1:
		return list[0]
	}
	return list[i]
}

// Normalize returns a normalised copy of a picture with values 0..1.
func (m *Image) Normalize(n Normalization) (*Image, error) {
	err := m.check()
	if err == nil {
		err = n.check(m.Channels)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: Normalize")
	}
	out := *m
	out.Pix = append([]float32(nil), m.Pix...)
	n.apply(out.grid(), out.Pix, 1)
	return &out, nil
}
