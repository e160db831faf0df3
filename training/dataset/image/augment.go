package image

import (
	"cmp"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// AugmentConfig says how Augment changes pictures. The zero value leaves them as they are.
type AugmentConfig struct {
	Shift  float64 // pixels: at most so many to each side, up and down; whole ones if nothing else below needs parts of them
	Rotate float64 // degrees: the angle is uniform in -Rotate..Rotate
	Zoom   float64 // the factor is uniform in 1-Zoom..1+Zoom
	Shear  float64 // degrees: uniform in -Shear..Shear

	CropHeight, CropWidth int // size of the part that is then cut out at random; 0 keeps the size

	FlipHorizontal bool // exchange left and right for every second picture; not for digits and letters
	FlipVertical   bool // exchange top and bottom for every second picture

	Brightness, Contrast, Saturation, Hue float64 // see ColorJitterConfig; the values must be 0..1

	Noise  float64 // standard deviation of the normal noise that is added
	Cutout int     // side of the square that is covered, in pixels

	Padding Padding // what moves in from beyond the edge; the zero value is a constant, Value
	Value   float32 // for PadConstant and Cutout
}

// Augment makes new training pictures of those there are, by the usual changes in the order of AugmentConfig. Each is there by itself as well, with
// more to set: Affine, Shift, RandomCrop, RandomResizedCrop, FlipHorizontal, FlipVertical, ColorJitter, GaussianNoise, Cutout, RandomErasing.
//
// Labels stay, so a change must not make another class of a picture: a 6 turned by 180 degrees is a 9.
func Augment(cfg AugmentConfig) dataset.Transform {
	steps, err := cfg.steps()
	return func(e *dataset.Example) error {
		if err != nil {
			return errors.WithMessage(err, "image: Augment")
		}
		for _, step := range steps {
			if err := step(e); err != nil {
				return errors.WithMessage(err, "image: Augment")
			}
		}
		return nil
	}
}

func (c AugmentConfig) steps() ([]dataset.Transform, error) {
	if c.Cutout < 0 {
		return nil, errors.Errorf("Cutout: wanted 0 or more pixels, came %d", c.Cutout)
	}
	if err := cmp.Or(within("Zoom", c.Zoom, 0, 0.99), within("Shift", c.Shift, 0, farthest), c.Padding.check()); err != nil {
		return nil, err
	}
	var steps []dataset.Transform
	switch {
	case c.Rotate != 0 || c.Zoom != 0 || c.Shear != 0:
		steps = append(steps, Affine(AffineConfig{Rotate: c.Rotate, ShiftX: c.Shift, ShiftY: c.Shift, MinZoom: 1 - c.Zoom, MaxZoom: 1 + c.Zoom,
			Shear: c.Shear, Padding: c.Padding, Value: c.Value}))
	case c.Shift != 0:
		steps = append(steps, Shift(ShiftConfig{X: c.Shift, Y: c.Shift, Subpixel: c.Shift != math.Trunc(c.Shift), Padding: c.Padding, Value: c.Value}))
	}
	if c.CropHeight != 0 || c.CropWidth != 0 {
		steps = append(steps, RandomCrop(RandomCropConfig{Height: c.CropHeight, Width: c.CropWidth}))
	}
	if c.FlipHorizontal {
		steps = append(steps, FlipHorizontal(0.5))
	}
	if c.FlipVertical {
		steps = append(steps, FlipVertical(0.5))
	}
	if c.Brightness != 0 || c.Contrast != 0 || c.Saturation != 0 || c.Hue != 0 {
		steps = append(steps, ColorJitter(ColorJitterConfig{Brightness: c.Brightness, Contrast: c.Contrast, Saturation: c.Saturation, Hue: c.Hue}))
	}
	if c.Noise != 0 {
		steps = append(steps, GaussianNoise(c.Noise))
	}
	if c.Cutout != 0 {
		steps = append(steps, Cutout(CutoutConfig{Size: c.Cutout, Value: c.Value}))
	}
	return steps, nil
}
