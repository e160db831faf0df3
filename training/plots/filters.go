package plots

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Filters draws what the units of a first layer look for: the weights from the pixels of an image to each unit, as an image of cfg.Height x cfg.Width
// with cfg.Channels. kernel is that of a dense layer on such images, [inputs, units], or of a convolution with windows of that size, [height, width,
// channels, units]; units is how many images there are, of which cfg.Limit draws the first so many.
//
// Each filter is divided by its largest magnitude and drawn from -1 (black) to 1 (white), so that a weight of 0 is grey in all of them. With cfg.Low
// and cfg.High weights are drawn as they are.
func Filters(kernel []float32, units int, cfg ImageGridConfig) (*Picture, error) {
	p, err := filters(kernel, units, cfg)
	return p, errors.WithMessage(err, "plots: filters")
}

func filters(kernel []float32, units int, cfg ImageGridConfig) (*Picture, error) {
	if cfg.Channels == 0 {
		cfg.Channels = 1
	}
	size := cfg.Height * cfg.Width * cfg.Channels
	switch {
	case units < 1:
		return nil, errors.Errorf("units is %d; want the number of filters, 1 or more", units)
	case len(kernel)%units != 0 || len(kernel)/units != size:
		return nil, errors.Errorf("the kernel has %d weights; %d filters of %d x %d with %d channels make %d",
			len(kernel), units, cfg.Height, cfg.Width, cfg.Channels, units*size)
	case cfg.Limit < 0:
		return nil, errors.Errorf("Limit is %d; it may not be negative", cfg.Limit)
	case cfg.Limit == 0 || cfg.Limit > units:
		cfg.Limit = units
	}
	asTheyAre := cfg.Low != 0 || cfg.High != 0
	if !asTheyAre {
		cfg.Low, cfg.High = -1, 1
	}
	images := make([][]float32, cfg.Limit)
	for k := range images {
		images[k] = make([]float32, size)
		for i := range images[k] {
			images[k][i] = kernel[i*units+k]
		}
		if !asTheyAre {
			scaleToOne(images[k])
		}
	}
	p, err := imageGrid(images, 1, cfg)
	if err != nil {
		return nil, err
	}
	how := "each divided by its largest magnitude"
	if asTheyAre {
		how = fmt.Sprintf("weights from %s (black) to %s (white)", number(cfg.Low), number(cfg.High))
	}
	p.kind = "filters"
	p.text = fmt.Sprintf("%s%d of %d filters of %d x %d, %s", prefix(label(cfg.Title)), cfg.Limit, units, cfg.Height, cfg.Width, how)
	return p, nil
}

// scaleToOne divides values by the largest magnitude of a finite one, if that is not zero.
func scaleToOne(x []float32) {
	largest := 0.0
	for _, v := range x {
		if a := math.Abs(float64(v)); a <= math.MaxFloat32 {
			largest = math.Max(largest, a)
		}
	}
	if largest == 0 {
		return
	}
	for i, v := range x {
		x[i] = float32(float64(v) / largest)
	}
}
